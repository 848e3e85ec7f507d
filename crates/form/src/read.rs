//! From what stands in the fields to the record, with all mistakes at once.

use serde_json::{Map, Value};

use super::field::{Entry, Field, Kind, Of, Release, Stamp};
use super::known::noun;
use super::{Fault, Known, Signer, folded, same};
use shirube_safety::typed::date;

/// Reads fields.
pub(super) struct Reading<'a> {
    pub known: &'a Known,
    pub signer: &'a Signer<'a>,
    pub faults: Vec<Fault>,
}

impl Reading<'_> {
    /// The record that stands in its fields. Who decided follows from who changed it.
    pub fn record(&mut self, fields: &[Field], stored: Option<&Value>) -> Value {
        let mut record = Map::new();
        for field in fields {
            let value = match &field.kind {
                Kind::Signed { .. } | Kind::Stamp(_) | Kind::Release(_) => None,
                _ => self.field(field),
            };
            record.extend(value.map(|value| (field.key.clone(), value)));
        }
        for field in fields {
            if let Kind::Release(release) = &field.kind {
                let changed = differs(&record, stored, fields, true);
                let released = self.release(field, release, changed);
                record.extend(released.map(|value| (field.key.clone(), value)));
            }
        }
        let changed = differs(&record, stored, fields, false);
        for field in fields {
            let value = match &field.kind {
                Kind::Signed { optional, ticked, .. } => self.signed(field, (*optional, *ticked), changed),
                Kind::Stamp(stamp) if changed => Some(Value::from(match stamp {
                    Stamp::By => self.signer.by,
                    Stamp::On => self.signer.on,
                })),
                Kind::Stamp(_) => field.stored.clone(),
                _ => None,
            };
            record.extend(value.map(|value| (field.key.clone(), value)));
        }
        Value::Object(record)
    }

    fn fault(&mut self, field: &Field, message: impl Into<String>) {
        self.faults.push(Fault { field: field.name.clone(), message: message.into() });
    }

    fn field(&mut self, field: &Field) -> Option<Value> {
        match &field.kind {
            Kind::Kept => field.stored.clone(),
            Kind::Group { fields, optional } => self.group(field, fields, *optional),
            Kind::Row { fields } => {
                let values: Vec<Value> = fields.iter().filter_map(|field| self.field(field)).collect();
                (!values.is_empty()).then_some(Value::Array(values))
            }
            Kind::List { entries, at_least, noun } => self.list(field, entries, *at_least, noun),
            _ if tidy(&field.content) == tidy(&field.origin) && !field.suggested => {
                let empty = field.content.iter().all(|text| text.trim().is_empty());
                if field.required && empty {
                    self.fault(field, missing(field));
                }
                field.stored.clone()
            }
            _ => self.leaf(field),
        }
    }

    fn group(&mut self, field: &Field, fields: &[Field], optional: bool) -> Option<Value> {
        if optional && field.stored.is_none() && field.is_blank() {
            return None;
        }
        let before = self.faults.len();
        let value = self.record(fields, field.stored.as_ref());
        let same_as_stored = field.stored.as_ref().is_some_and(|stored| same(stored, &value));
        let says = fields.iter().any(|inner| value.get(&inner.key).is_some_and(|value| says(inner, value)));
        let is_typed = |fault: &Fault| fields.iter().any(|inner| inner.is_typed(&fault.field));
        if optional && !says && !same_as_stored && !self.faults[before..].iter().any(is_typed) {
            // Everything in it was taken away: so is the group, and what would be missing in it.
            self.faults.truncate(before);
            return None;
        }
        Some(value)
    }

    fn list(&mut self, field: &Field, entries: &[Entry], at_least: u64, noun: &str) -> Option<Value> {
        let written = entries.iter().filter(|entry| !entry.removed && (entry.stored.is_some() || !entry.is_blank()));
        let values: Vec<Value> = written.map(|entry| self.record(&entry.fields, entry.stored.as_ref())).collect();
        if (values.len() as u64) < at_least {
            self.fault(field, format!("{noun}を一つ以上書いてください。"));
        }
        (!values.is_empty() || field.stored.is_some()).then_some(Value::Array(values))
    }

    fn leaf(&mut self, field: &Field) -> Option<Value> {
        let read = match &field.kind {
            Kind::Choices { at_least, options } => choices(field, options, *at_least),
            Kind::Lines { lists, strict, at_least } => self.lines(field, (lists, *strict), *at_least),
            Kind::Table => Ok(Some(table(field.text()))),
            _ if field.text().trim().is_empty() && field.required => Err(missing(field)),
            _ if field.text().trim().is_empty() => Ok(None),
            Kind::Number { min, max } => number(field.text(), *min, *max).map(Some),
            Kind::Date => date(field.text()).map(|date| Some(Value::String(date))),
            Kind::Choice { options, of, .. } => choice(field.text(), options, *of).map(Some),
            Kind::Reference { lists, strict } => {
                let typed = field.text().trim();
                reference(self.known, lists, typed, *strict).map(|id| Some(Value::String(id)))
            }
            _ => Ok(Some(Value::String(field.text().trim().to_owned()))),
        };
        read.unwrap_or_else(|message| {
            self.fault(field, message);
            None
        })
    }

    /// One text to a line. What stood there before may stay, known or not.
    fn lines(
        &self,
        field: &Field,
        (lists, strict): (&[&'static str], bool),
        at_least: u64,
    ) -> Result<Option<Value>, String> {
        let before: Vec<&str> = field.origin.iter().flat_map(|text| text.lines()).map(str::trim).collect();
        let mut wrong = Vec::new();
        let mut values: Vec<Value> = Vec::new();
        for line in field.text().lines().map(str::trim).filter(|line| !line.is_empty()) {
            match before.contains(&line) || lists.is_empty() {
                true => values.push(line.into()),
                false => match reference(self.known, lists, line, strict) {
                    Ok(id) => values.push(id.into()),
                    Err(message) => wrong.push(message),
                },
            }
        }
        if !wrong.is_empty() {
            return Err(wrong.join(""));
        }
        if (values.len() as u64) < at_least {
            return Err("一つ以上書いてください。".to_owned());
        }
        Ok((!values.is_empty() || field.stored.is_some()).then_some(Value::Array(values)))
    }

    /// Who decided: whoever saves a change, today, for the reason given.
    fn signed(&mut self, field: &Field, (optional, ticked): (bool, bool), changed: bool) -> Option<Value> {
        if optional && !ticked {
            return None;
        }
        let reason = field.text().trim();
        if reason.is_empty() {
            self.fault(field, "決定の理由を入力してください。");
            return None;
        }
        if !changed && tidy(&field.content) == tidy(&field.origin) && field.stored.is_some() {
            return field.stored.clone();
        }
        Some(serde_json::json!({ "by": self.signer.by, "on": self.signer.on, "reason": reason }))
    }

    /// Who prepared a text and who approved it. A change takes the approval away; nobody approves their own.
    fn release(&mut self, field: &Field, release: &Release, changed: bool) -> Option<Value> {
        if field.stored.is_none() && release.fields.iter().all(Field::is_blank) && !release.ticked && !field.required {
            return None;
        }
        let Value::Object(mut said) = self.record(&release.fields, None) else { return None };
        let of_stored = |key: &str| field.stored.as_ref().and_then(|stored| stored.get(key)).cloned();
        let same_said = ["reason", "effective_from"]
            .iter()
            .all(|key| of_stored(key).filter(|value| !value.is_null()) == said.get(*key).cloned());
        let kept = !changed && same_said && field.stored.is_some();
        if kept && !release.ticked {
            return field.stored.clone();
        }
        let prepared_by = if kept { release.prepared_by.as_str() } else { self.signer.by };
        if release.ticked {
            if prepared_by == self.signer.by {
                self.fault(field, "作った人とは別の人が承認します。先に保存し、ほかの人に承認してもらってください。");
            }
            said.insert("approved_by".to_owned(), self.signer.by.into());
            said.insert("approved_on".to_owned(), self.signer.on.into());
        }
        said.insert("prepared_by".to_owned(), prepared_by.into());
        Some(Value::Object(said))
    }
}

/// Whether a record says something else than before, apart from who decided.
fn differs(record: &Map<String, Value>, stored: Option<&Value>, fields: &[Field], without_release: bool) -> bool {
    let Some(Value::Object(stored)) = stored else { return true };
    let unasked = |key: &str| {
        fields.iter().any(|field| {
            let of_release = without_release && matches!(field.kind, Kind::Release(_));
            field.key == key && (of_release || matches!(field.kind, Kind::Signed { .. } | Kind::Stamp(_)))
        })
    };
    let of_form = |key: &str| fields.iter().any(|field| field.key == key);
    let before = stored.iter().filter(|(key, value)| of_form(key) && !unasked(key) && !value.is_null());
    let before: Map<String, Value> = before.map(|(key, value)| (key.clone(), value.clone())).collect();
    !same(&Value::Object(before), &Value::Object(record.clone()))
}

/// Whether a value says more than what holds anyway.
fn says(field: &Field, value: &Value) -> bool {
    match (&field.kind, value) {
        (_, Value::Null) => false,
        (_, Value::String(text)) => {
            !(text.is_empty() || matches!(field.kind, Kind::Choice { .. }) && text == "unknown")
        }
        (_, Value::Array(list)) => !list.is_empty(),
        (_, Value::Bool(truth)) => *truth,
        (Kind::Number { .. }, Value::Number(number)) => field.required || number.as_i64() != Some(0),
        _ => true,
    }
}

/// Texts without what browsers and fingers add.
fn tidy(content: &[String]) -> Vec<&str> {
    content.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect()
}

fn missing(field: &Field) -> String {
    match field.kind {
        Kind::Choice { .. } | Kind::Choices { .. } => format!("「{}」を選んでください。", field.label),
        _ => format!("「{}」を入力してください。", field.label),
    }
}

/// What was ticked, in the order in which it stood before.
fn choices(field: &Field, options: &[super::Choice], at_least: u64) -> Result<Option<Value>, String> {
    if let Some(unknown) = field.content.iter().find(|value| options.iter().all(|option| option.value != **value)) {
        return Err(format!("「{unknown}」は選べません。"));
    }
    if (field.content.len() as u64) < at_least {
        return Err("一つ以上選んでください。".to_owned());
    }
    let mut chosen: Vec<&String> = Vec::new();
    for value in field.origin.iter().filter(|value| field.content.contains(value)).chain(&field.content) {
        if !chosen.contains(&value) {
            chosen.push(value);
        }
    }
    let values: Vec<Value> = chosen.into_iter().map(|value| Value::String(value.clone())).collect();
    Ok((!values.is_empty() || field.stored.is_some()).then_some(Value::Array(values)))
}

/// A word of a set, by its value or its term.
pub(super) fn choice(typed: &str, options: &[super::Choice], of: Of) -> Result<Value, String> {
    let typed = typed.trim();
    let exact = options.iter().find(|option| option.value == typed);
    let found = exact.or_else(|| {
        let wanted = folded(typed);
        options.iter().filter(|option| !option.value.is_empty()).find(|option| {
            folded(&option.label) == wanted || folded(&option.value) == wanted || folded(&option.long()) == wanted
        })
    });
    let Some(option) = found else {
        let all: Vec<&str> =
            options.iter().filter(|o| !o.value.is_empty()).map(|o| o.label.as_str()).take(12).collect();
        return Err(format!("「{typed}」は使えません。使えるのは「{}」です。", all.join("」「")));
    };
    Ok(match of {
        Of::Words => Value::String(option.value.clone()),
        Of::Numbers => option.value.parse::<i64>().map_or_else(|_| Value::String(option.value.clone()), Value::from),
        Of::Truths => Value::Bool(option.value == "true"),
    })
}

/// An id of a list, typed as id or as name.
pub(super) fn reference(known: &Known, lists: &[&'static str], typed: &str, strict: bool) -> Result<String, String> {
    if let Some(id) = known.id(lists, typed) {
        return Ok(id.to_owned());
    }
    if !strict {
        return Ok(typed.to_owned());
    }
    let nouns: Vec<&str> = lists.iter().map(|list| noun(list)).collect();
    let near = known.near(lists, typed);
    let near = match near.is_empty() {
        true => String::new(),
        false => format!("近いもの: {}。", near.join("、")),
    };
    Err(format!("「{typed}」は{}の一覧にありません。{near}", nouns.join("・")))
}

/// A whole number, in digits of any width.
pub(super) fn number(typed: &str, min: Option<i64>, max: Option<i64>) -> Result<Value, String> {
    let plain = folded(typed).replace(',', "");
    let range = match (min, max) {
        (Some(min), Some(max)) => format!("{min}から{max}までの整数"),
        (Some(min), None) => format!("{min}以上の整数"),
        _ => "整数".to_owned(),
    };
    match plain.parse::<i64>() {
        Ok(number) if min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max) => {
            Ok(Value::from(number))
        }
        Ok(_) => Err(format!("「{}」は範囲の外です。{range}を入力してください。", typed.trim())),
        Err(_) => Err(format!("「{}」は数として読めません。{range}を入力してください。", typed.trim())),
    }
}

fn table(text: &str) -> Value {
    let rows = text.lines().filter(|line| !line.trim().is_empty());
    let cells = |line: &str| -> Value {
        let cells = line.split(|c: char| c.is_whitespace() || [',', '、'].contains(&c));
        cells.filter(|cell| !cell.is_empty()).map(Value::from).collect()
    };
    rows.map(cells).collect()
}
