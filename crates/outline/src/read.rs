//! Reads an outline from what a YAML reader gave: every mistake at once, each with its place.

use serde_json::{Map, Value};

use crate::mistake::Mistake;
use crate::outline::{Align, Block, Item, Outline, Part, Style, Table, Voice};

/// Reads an outline. With any mistake there is none.
pub fn read(value: &Value) -> Result<Outline, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let mut fields = Fields::of(value, "", &mut mistakes);
    let outline = Outline {
        id: fields.text("id"),
        title: fields.text("title"),
        style: fields.word("style", &[("contract", Style::Contract), ("rules", Style::Rules), ("form", Style::Form)]),
        voice: fields.word("voice", &[("dearu", Voice::Dearu), ("desumasu", Voice::Desumasu)]),
        number: fields.option("number"),
        edition: fields.option("edition"),
        preamble: {
            let preamble = fields.take("preamble");
            body_of(preamble, "preamble", fields.mistakes)
        },
        supplement: fields.texts("supplement"),
        closing: {
            let closing = fields.take("closing");
            body_of(closing, "closing", fields.mistakes)
        },
        annexes: {
            let annexes = fields.take("annexes");
            parts_of(annexes, "annexes", fields.mistakes)
        },
        parts: {
            let parts = fields.take("parts");
            parts_of(parts, "parts", fields.mistakes)
        },
    };
    fields.needed("id", &outline.id);
    fields.needed("title", &outline.title);
    fields.rest();
    if mistakes.is_empty() { Ok(outline) } else { Err(mistakes) }
}

fn parts_of(value: Option<&Value>, place: &str, mistakes: &mut Vec<Mistake>) -> Vec<Part> {
    list(value, place, mistakes)
        .iter()
        .enumerate()
        .map(|(at, value)| part(value, &format!("{place}[{}]", at + 1), mistakes))
        .collect()
}

/// Reads one clause; its mistakes are added.
pub(crate) fn part(value: &Value, place: &str, mistakes: &mut Vec<Mistake>) -> Part {
    let mut fields = Fields::of(value, place, mistakes);
    let mut part = Part {
        id: fields.text("id"),
        title: fields.text("title"),
        source: fields.text("source"),
        requirements: fields.texts("requirements"),
        note: fields.text("note"),
        optional: fields.flag("optional"),
        when: fields.option("when"),
        owner: fields.option("owner"),
        size: fields.texts("size"),
        number: fields.option("number"),
        inserted: fields.flag("inserted"),
        ..Part::default()
    };
    fields.needed("id", &part.id);
    let (body, parts) = (fields.take("body"), fields.take("parts"));
    fields.rest();
    part.body = body_of(body, &format!("{place}.body"), mistakes);
    part.parts = parts_of(parts, &format!("{place}.parts"), mistakes);
    part
}

fn body_of(value: Option<&Value>, place: &str, mistakes: &mut Vec<Mistake>) -> Vec<Block> {
    let blocks = list(value, place, mistakes).iter().enumerate();
    blocks.filter_map(|(at, value)| block(value, &format!("{place}[{}]", at + 1), mistakes)).collect()
}

fn block(value: &Value, place: &str, mistakes: &mut Vec<Mistake>) -> Option<Block> {
    let entry = value.as_object().filter(|object| object.len() == 1).and_then(|object| object.iter().next());
    if let Some(aligned) = value.get("align") {
        return aligned_line(value, aligned, place, mistakes);
    }
    let Some((kind, value)) = entry else {
        mistakes.push(Mistake::new(place, "text、items、table、unnumberedのどれか一つを書いてください。"));
        return None;
    };
    match (kind.as_str(), value) {
        ("text", Value::String(text)) => Some(Block::Text(text.trim_end().to_owned())),
        ("unnumbered", Value::String(text)) => Some(Block::Unnumbered(text.trim_end().to_owned())),
        ("items", value) => Some(Block::Items(items(value, place, mistakes))),
        ("table", value) => match Table::deserialized(value) {
            Ok(table) => {
                shape(&table, place, mistakes);
                Some(Block::Table(table))
            }
            Err(error) => {
                mistakes.push(Mistake::new(place, format!("表の書き方が正しくありません（{error}）。")));
                None
            }
        },
        ("text" | "unnumbered", _) => {
            mistakes.push(Mistake::new(place, format!("{kind}には文を書いてください。")));
            None
        }
        (other, _) => {
            let message =
                format!("「{other}」はありません。text、items、table、unnumberedのどれか一つを書いてください。");
            mistakes.push(Mistake::new(place, message));
            None
        }
    }
}

/// `unnumbered` with `align`.
fn aligned_line(value: &Value, align: &Value, place: &str, mistakes: &mut Vec<Mistake>) -> Option<Block> {
    let align = match align.as_str() {
        Some("left") => Some(Align::Left),
        Some("center") => Some(Align::Center),
        Some("right") => Some(Align::Right),
        _ => None,
    };
    let text = value.get("unnumbered").and_then(Value::as_str);
    let is_alone = value.as_object().is_some_and(|object| object.len() == 2);
    match (align, text) {
        (Some(align), Some(text)) if is_alone => Some(Block::Aligned { align, text: text.trim_end().to_owned() }),
        _ => {
            let message = "alignは、unnumberedの文にleft、center、rightのどれかを添えて書いてください。";
            mistakes.push(Mistake::new(place, message));
            None
        }
    }
}

impl Table {
    fn deserialized(value: &Value) -> Result<Self, serde_json::Error> {
        serde::Deserialize::deserialize(value)
    }
}

fn shape(table: &Table, place: &str, mistakes: &mut Vec<Mistake>) {
    let columns = table.head.len();
    let mut tell = |what: String| mistakes.push(Mistake::new(place, what));
    if !table.widths.is_empty() && table.widths.len() != columns {
        tell(format!("widthsは{}個ですが、列は{columns}個です。", table.widths.len()));
    }
    match &table.each {
        Some(_) if table.row.len() != columns => {
            tell(format!("rowは{}個ですが、列は{columns}個です。", table.row.len()))
        }
        Some(_) if !table.rows.is_empty() => tell("eachとrowsは一緒に書けません。".to_owned()),
        None if table.limit.is_some() => tell("limitを書くときは、eachに一覧を書いてください。".to_owned()),
        None if !table.row.is_empty() => tell("rowを書くときは、eachに一覧を書いてください。".to_owned()),
        _ => {}
    }
    for row in table.rows.iter().filter(|row| row.len() != columns) {
        tell(format!("行は{}個ですが、列は{columns}個です。", row.len()));
    }
}

/// A list that follows a text stands below it; `{text, items}` says the same.
fn items(value: &Value, place: &str, mistakes: &mut Vec<Mistake>) -> Vec<Item> {
    let mut read: Vec<Item> = Vec::new();
    for (at, value) in list(Some(value), place, mistakes).iter().enumerate() {
        let place = format!("{place}[{}]", at + 1);
        match value {
            Value::String(text) => read.push(Item { text: text.trim_end().to_owned(), items: Vec::new() }),
            Value::Array(_) => {
                let below = items(value, &place, mistakes);
                match read.last_mut() {
                    Some(above) => above.items.extend(below),
                    None => mistakes.push(Mistake::new(place, "内訳の前に、それを束ねる文を書いてください。")),
                }
            }
            Value::Object(_) => {
                let mut fields = Fields::of(value, &place, mistakes);
                let (text, below) = (fields.text("text"), fields.take("items"));
                fields.needed("text", &text);
                fields.rest();
                let below = below.map_or_else(Vec::new, |value| items(value, &place, mistakes));
                read.push(Item { text, items: below });
            }
            _ => mistakes.push(Mistake::new(place, "文か、文の並びを書いてください。")),
        }
    }
    read
}

fn list<'v>(value: Option<&'v Value>, place: &str, mistakes: &mut Vec<Mistake>) -> &'v [Value] {
    match value {
        None | Some(Value::Null) => &[],
        Some(Value::Array(list)) => list,
        Some(_) => {
            mistakes.push(Mistake::new(place, "一覧を書いてください。"));
            &[]
        }
    }
}

/// The keys of a record, each taken once; what is left over was misspelt.
struct Fields<'v, 'm> {
    place: String,
    left: Map<String, Value>,
    of: Option<&'v Map<String, Value>>,
    mistakes: &'m mut Vec<Mistake>,
}

impl<'v, 'm> Fields<'v, 'm> {
    fn of(value: &'v Value, place: &str, mistakes: &'m mut Vec<Mistake>) -> Self {
        if !value.is_object() {
            mistakes.push(Mistake::new(place, "項目の組（キー: 値）を書いてください。"));
        }
        let of = value.as_object();
        Self { place: place.to_owned(), left: of.cloned().unwrap_or_default(), of, mistakes }
    }

    fn at(&self, key: &str) -> String {
        if self.place.is_empty() { key.to_owned() } else { format!("{}.{key}", self.place) }
    }

    fn take(&mut self, key: &str) -> Option<&'v Value> {
        self.left.remove(key);
        self.of.and_then(|of| of.get(key)).filter(|value| !value.is_null())
    }

    fn tell(&mut self, key: &str, message: &str) {
        let place = self.at(key);
        self.mistakes.push(Mistake::new(place, message));
    }

    fn option(&mut self, key: &str) -> Option<String> {
        match self.take(key)? {
            Value::String(text) => Some(text.trim_end().to_owned()),
            Value::Number(number) => Some(number.to_string()),
            _ => {
                self.tell(key, "文字を書いてください。");
                None
            }
        }
    }

    fn text(&mut self, key: &str) -> String {
        self.option(key).unwrap_or_default()
    }

    fn flag(&mut self, key: &str) -> bool {
        match self.take(key) {
            None => false,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                self.tell(key, "trueかfalseを書いてください。");
                false
            }
        }
    }

    fn texts(&mut self, key: &str) -> Vec<String> {
        let place = self.at(key);
        let value = self.take(key);
        let mut texts = Vec::new();
        for value in list(value, &place, self.mistakes) {
            match value {
                Value::String(text) => texts.push(text.trim_end().to_owned()),
                Value::Number(number) => texts.push(number.to_string()),
                _ => self.mistakes.push(Mistake::new(place.clone(), "文字の並びを書いてください。")),
            }
        }
        texts
    }

    fn word<T: Copy>(&mut self, key: &str, words: &[(&str, T)]) -> T {
        let written = self.text(key);
        if let Some((_, found)) = words.iter().find(|(word, _)| *word == written) {
            return *found;
        }
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        self.tell(key, &format!("「{written}」はありません。{}のどれかを書いてください。", known.join("、")));
        words[0].1
    }

    fn needed(&mut self, key: &str, value: &str) {
        if value.is_empty() {
            self.tell(key, "書いてください。");
        }
    }

    fn rest(self) {
        for key in self.left.keys() {
            let message = format!("「{key}」という項目はありません。綴りを確かめてください。");
            self.mistakes.push(Mistake::new(self.at(key), message));
        }
    }
}
