//! Fields from the schema, with what is stored or what was sent.

use serde_json::Value;

use super::field::{Entry, Field, Kind, Of, Release, Stamp};
use super::schema::Spot;
use super::{Choice, Known, Sent, labels, layout};

/// Up to so many ids are offered as a list to choose from; more are typed with a little help.
const MOST_OPTIONS: usize = 60;

/// Up to so many ids stand as boxes to tick.
const MOST_BOXES: usize = 40;

/// Makes fields.
pub(super) struct Builder<'a> {
    pub known: &'a Known,
    /// What was sent, when a form comes back.
    pub sent: Option<&'a Sent>,
}

impl Builder<'_> {
    /// The fields of a record. `stored` is what it holds; nothing for a new one.
    pub fn fields(&self, spot: Spot, name: &str, stored: Option<&Value>) -> Vec<Field> {
        let below = |key: &str| if name.is_empty() { key.to_owned() } else { format!("{name}/{key}") };
        let is_stamped = spot.has("by") && spot.has("on");
        let field = |field: Spot| {
            let stored = stored.and_then(|stored| stored.get(field.key)).filter(|value| !value.is_null());
            let required = spot.is_required(field.key);
            match field.key {
                "by" if is_stamped => self.unasked(field, below("by"), required, Kind::Stamp(Stamp::By), stored),
                "on" if is_stamped => self.unasked(field, below("on"), required, Kind::Stamp(Stamp::On), stored),
                key if layout::is_kept(spot.type_name, key) => {
                    self.unasked(field, below(key), required, Kind::Kept, stored)
                }
                key => self.field(field, below(key), required, stored),
            }
        };
        spot.fields().into_iter().map(field).collect()
    }

    /// One field with its content.
    pub fn field(&self, spot: Spot, name: String, required: bool, stored: Option<&Value>) -> Field {
        match (spot.type_name, spot.json_type()) {
            ("Signed", _) => self.signed(spot, name, required, stored),
            ("Release", _) => self.release(spot, name, required, stored),
            (_, "object") => self.group(spot, name, required, stored),
            (_, "array") => self.array(spot, name, required, stored),
            _ => self.leaf(spot, name, required, stored),
        }
    }

    fn blank(&self, spot: Spot, name: String, required: bool, kind: Kind, stored: Option<&Value>) -> Field {
        Field {
            name,
            key: spot.key.to_owned(),
            label: spot.label(),
            hint: spot.hint(),
            explanation: spot.explanation(),
            required,
            kind,
            content: Vec::new(),
            suggested: false,
            faults: Vec::new(),
            origin: Vec::new(),
            stored: stored.cloned(),
        }
    }

    fn unasked(&self, spot: Spot, name: String, required: bool, kind: Kind, stored: Option<&Value>) -> Field {
        self.blank(spot, name, required, kind, stored)
    }

    /// A field with the content it had and has. What the form did not have at all is as it was.
    fn filled(&self, mut field: Field, origin: Vec<String>) -> Field {
        let sent = self.sent.and_then(|sent| sent.all(&field.name));
        field.content = match (sent, &field.kind) {
            (None, _) => origin.clone(),
            // The empty text says that the boxes were there.
            (Some(sent), Kind::Choices { .. }) => sent.iter().filter(|text| !text.is_empty()).cloned().collect(),
            (Some(sent), _) => sent.iter().take(1).cloned().collect(),
        };
        field.origin = origin;
        field
    }

    fn leaf(&self, spot: Spot, name: String, required: bool, stored: Option<&Value>) -> Field {
        let shown = stored.or(spot.default());
        let kind = self.leaf_kind(spot, required, shown);
        let origin = shown.map(plain).unwrap_or_default();
        let field = self.blank(spot, name, required && spot.default().is_none(), kind, stored);
        self.filled(field, vec![origin])
    }

    fn leaf_kind(&self, spot: Spot, required: bool, shown: Option<&Value>) -> Kind {
        let (owner, key) = (spot.owner(), spot.key);
        let words = spot.words();
        let free = !required && spot.default().is_none();
        if !words.is_empty() {
            return Kind::Choice {
                options: with_blank(words, free, shown),
                of: Of::Words,
                radios: layout::has_radios(owner, key),
            };
        }
        if let Some(scale) = layout::scale(self.known, owner, key) {
            let options = with_blank(with_stored(scale.to_vec(), shown), free, shown);
            return Kind::Choice { options, of: Of::Numbers, radios: layout::has_radios(owner, key) };
        }
        match spot.json_type() {
            "boolean" => {
                let truths = vec![Choice::new("true", "はい"), Choice::new("false", "いいえ")];
                Kind::Choice { options: with_blank(truths, free, shown), of: Of::Truths, radios: false }
            }
            "integer" => Kind::Number { min: spot.number("minimum"), max: spot.number("maximum") },
            _ if spot.type_name == "Date" => Kind::Date,
            _ => match spot.references() {
                Some((lists, strict)) => self.reference(lists, strict, free, shown),
                None if labels::is_long(owner, key) || is_long_text(shown) => Kind::Long,
                None => Kind::Text { suggestions: spot.examples() },
            },
        }
    }

    fn reference(&self, lists: Vec<&'static str>, strict: bool, free: bool, shown: Option<&Value>) -> Kind {
        let all = self.known.all(&lists);
        if !strict || all.len() > MOST_OPTIONS {
            return Kind::Reference { lists, strict };
        }
        Kind::Choice { options: with_blank(with_stored(all, shown), free, shown), of: Of::Words, radios: false }
    }

    fn group(&self, spot: Spot, name: String, required: bool, stored: Option<&Value>) -> Field {
        let fields = self.fields(spot, &name, stored);
        let optional = !required;
        self.blank(spot, name, required, Kind::Group { fields, optional }, stored)
    }

    fn array(&self, spot: Spot, name: String, required: bool, stored: Option<&Value>) -> Field {
        let Some(item) = spot.item() else { return self.unasked(spot, name, required, Kind::Kept, stored) };
        let at_least = spot.schema["minItems"].as_u64().unwrap_or_default();
        let fixed = spot.schema["maxItems"].as_u64().filter(|most| *most == at_least);
        match (item.json_type(), fixed) {
            ("object", _) => self.list(spot, item, name, stored, at_least),
            ("array", _) => {
                let origin =
                    stored.map(|rows| lines(rows, |row| lines(row, plain).replace('\n', " "))).unwrap_or_default();
                let field = self.blank(spot, name, required, Kind::Table, stored);
                self.filled(field, vec![origin])
            }
            (_, Some(fixed)) => self.row(spot, item, name, required, (fixed, stored)),
            _ => self.several(spot, item, name, stored, at_least),
        }
    }

    /// Several words, ids or texts.
    fn several(&self, spot: Spot, item: Spot, name: String, stored: Option<&Value>, at_least: u64) -> Field {
        let shown = stored.or(spot.default());
        let entries = || shown.and_then(Value::as_array).into_iter().flatten();
        let boxes = |options: Vec<Choice>| {
            let options = entries().fold(options, |options, entry| with_stored(options, Some(entry)));
            (Kind::Choices { options, at_least }, entries().map(plain).collect())
        };
        let (words, references) = (item.words(), spot.references());
        let (kind, origin): (Kind, Vec<String>) = match references {
            _ if !words.is_empty() => boxes(words),
            Some((lists, true)) if self.known.all(&lists).len() <= MOST_BOXES && !self.known.all(&lists).is_empty() => {
                boxes(self.known.all(&lists))
            }
            references => {
                let (lists, strict) = references.unwrap_or_default();
                let text = shown.map(|shown| lines(shown, plain)).unwrap_or_default();
                (Kind::Lines { lists, strict, at_least }, vec![text])
            }
        };
        let mut field = self.blank(spot, name, at_least > 0, kind, stored);
        if matches!(field.kind, Kind::Lines { .. }) {
            let examples = spot.examples();
            let example = examples.first().map(|first| format!("一行に一つずつ書きます。例: {first}"));
            let own = std::mem::take(&mut field.hint);
            field.hint = match own.is_empty() {
                true => example.unwrap_or_else(|| "一行に一つずつ書きます。".to_owned()),
                false if own.contains("一行に") => own,
                false => format!("{}。一行に一つずつ書きます。", own.trim_end_matches('。')),
            };
        }
        self.filled(field, origin)
    }

    /// A list of fixed length: the ends of a connection, a range.
    fn row(
        &self,
        spot: Spot,
        item: Spot,
        name: String,
        required: bool,
        (count, stored): (u64, Option<&Value>),
    ) -> Field {
        let item = item.with_references_of(spot);
        let fields = (0..count).map(|at| {
            let stored = stored.and_then(|stored| stored.get(usize::try_from(at).unwrap_or_default()));
            let mut field = self.leaf(item, format!("{name}/~{at}"), required, stored);
            field.label = match (spot.key, at) {
                ("impact" | "likelihood", 0) => "から".to_owned(),
                ("impact" | "likelihood", _) => "まで".to_owned(),
                _ => format!("{}つ目", at + 1),
            };
            field.hint.clear();
            field.explanation = None;
            field
        });
        let fields = fields.collect();
        self.blank(spot, name, required, Kind::Row { fields }, stored)
    }

    fn list(&self, spot: Spot, item: Spot, name: String, stored: Option<&Value>, at_least: u64) -> Field {
        let none = Vec::new();
        let before = stored.and_then(Value::as_array).unwrap_or(&none);
        let sent = self.sent.map(|sent| sent.records(&name)).unwrap_or_default();
        let numbers = (0..before.len()).chain(sent.into_iter().filter(|at| *at >= before.len()));
        let mut entries: Vec<Entry> =
            numbers.map(|at| self.entry(item, format!("{name}/~{at}"), before.get(at))).collect();
        // What was sent for the empty record stays where it was; only one more empty one is offered.
        let behind =
            entries.last().and_then(|entry| entry.name.rsplit('~').next()?.parse().ok()).map_or(0, |at: usize| at + 1);
        if entries.last().is_none_or(|entry| !entry.is_blank() || entry.stored.is_some()) {
            entries.push(self.entry(item, format!("{name}/~{behind}"), None));
        }
        if let Some(last) = entries.last_mut() {
            last.fresh = true;
        }
        let noun = item.title();
        self.blank(spot, name, at_least > 0, Kind::List { entries, noun, at_least }, stored)
    }

    fn entry(&self, item: Spot, name: String, stored: Option<&Value>) -> Entry {
        let removed = self.sent.is_some_and(|sent| sent.ticked(&format!("{name}/~remove")));
        let fields = self.fields(item, &name, stored);
        let title = stored.map(|stored| title_of(item, stored, self.known)).unwrap_or_default();
        Entry { fields, fresh: false, removed, title, stored: stored.cloned(), name }
    }

    fn signed(&self, spot: Spot, name: String, required: bool, stored: Option<&Value>) -> Field {
        let text = |key: &str| stored.and_then(|stored| stored[key].as_str()).unwrap_or_default().to_owned();
        let before = stored.map(|_| (text("by"), text("on")));
        let words = spot.signed_words();
        let asked = self.sent.filter(|sent| sent.all(&format!("{name}/~asked")).is_some());
        let ticked = asked.map_or(stored.is_some(), |sent| sent.ticked(&format!("{name}/~decide")));
        let mut field =
            self.blank(spot, name, required, Kind::Signed { optional: !required, ticked, before, words }, stored);
        field.label = words.reason.to_owned();
        field.hint = String::new();
        field.name = format!("{}/reason", field.name);
        self.filled(field, vec![text("reason")])
    }

    fn release(&self, spot: Spot, name: String, required: bool, stored: Option<&Value>) -> Field {
        let text = |key: &str| stored.and_then(|stored| stored[key].as_str()).unwrap_or_default().to_owned();
        let approved = Some((text("approved_by"), text("approved_on"))).filter(|(by, _)| !by.is_empty());
        let ticked = self.sent.is_some_and(|sent| sent.ticked(&format!("{name}/~approve")));
        let fields = self.fields(spot, &name, stored);
        let fields =
            fields.into_iter().filter(|field| ["reason", "effective_from"].contains(&field.key.as_str())).collect();
        let release = Release { prepared_by: text("prepared_by"), approved, ticked, fields };
        self.blank(spot, name, required, Kind::Release(release), stored)
    }
}

/// A value as a form shows it.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn lines(list: &Value, line: impl Fn(&Value) -> String) -> String {
    list.as_array().into_iter().flatten().map(line).collect::<Vec<_>>().join("\n")
}

fn is_long_text(shown: Option<&Value>) -> bool {
    shown.and_then(Value::as_str).is_some_and(|text| text.contains('\n') || text.chars().count() > 60)
}

/// The options with one for nothing, where nothing may be chosen or nothing is chosen yet.
fn with_blank(mut options: Vec<Choice>, free: bool, shown: Option<&Value>) -> Vec<Choice> {
    if free {
        options.insert(0, Choice::new("", "記載なし"));
    } else if shown.is_none() {
        options.insert(0, Choice::new("", "選んでください"));
    }
    options
}

/// The options with what is stored, if it is none of them: it must not be lost by looking at it.
fn with_stored(mut options: Vec<Choice>, shown: Option<&Value>) -> Vec<Choice> {
    let stored = shown.map(plain).unwrap_or_default();
    if !stored.is_empty() && options.iter().all(|option| option.value != stored) {
        options.push(Choice::new(&stored, format!("{stored}（一覧にありません）")));
    }
    options
}

/// What tells a record from the others of its list, in a few words.
fn title_of(item: Spot, record: &Value, known: &Known) -> String {
    let said = item.fields().into_iter().filter_map(|field| {
        let value = record.get(field.key).filter(|value| value.is_string() || value.is_number())?;
        let words = super::words::words(field, value, known);
        (!words.is_empty() && words != "未確認").then_some(words)
    });
    let all: Vec<String> = said.take(2).collect();
    let cut: String = all.join(" ").chars().take(48).collect();
    cut
}
