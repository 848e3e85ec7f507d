//! YAML with line numbers, as a tree. Parsing itself is `saphyr-parser`'s; this builds the tree from its events.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span};
use serde_json::{Map, Number, Value};
use shirube_safety::File;

use super::schema::resolve;
use super::{InputError, unescape};

/// Deepest nesting that is read; our own files need six.
const DEEPEST: usize = 64;

/// A value with the place where it starts.
#[derive(Debug)]
pub(super) struct Tree {
    line: usize,
    column: usize,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// The value by the core schema, and the text as written.
    Scalar(Value, String),
    List(Vec<Tree>),
    /// Key, place of the key, value.
    Map(Vec<(String, (usize, usize), Tree)>),
}

impl Tree {
    /// The value without places, read as `schema` (a part of `root`) wants it.
    ///
    /// Keys without a value count as not written. Where text is wanted, `6.1` and `true` are text: people do not
    /// think of quotes.
    pub fn json(&self, root: &Value, schema: &Value) -> Value {
        let schema = resolve(root, schema);
        match &self.kind {
            Kind::Scalar(Value::Number(_) | Value::Bool(_), text) if schema["type"] == "string" => {
                Value::String(text.clone())
            }
            Kind::Scalar(value, _) => value.clone(),
            Kind::List(items) => Value::Array(items.iter().map(|item| item.json(root, &schema["items"])).collect()),
            Kind::Map(entries) => {
                let written = entries.iter().filter(|(_, _, value)| !value.is_null());
                let read = |key: &String, value: &Self| value.json(root, &schema["properties"][key.as_str()]);
                Value::Object(written.map(|(key, _, value)| (key.clone(), read(key, value))).collect::<Map<_, _>>())
            }
        }
    }

    fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Scalar(Value::Null, _))
    }

    /// Place of a JSON pointer: of the key for an entry of a map, else of the value; of the nearest holder if
    /// the pointer leads nowhere.
    pub fn position(&self, pointer: &str) -> (usize, usize) {
        let mut here = self;
        let mut place = (self.line, self.column);
        for step in pointer.split('/').skip(1) {
            match &here.kind {
                Kind::Map(entries) => {
                    let step = unescape(step);
                    let Some((_, key, value)) = entries.iter().find(|(key, _, _)| *key == step) else { break };
                    (place, here) = (*key, value);
                }
                Kind::List(items) => {
                    let Some(item) = step.parse().ok().and_then(|at: usize| items.get(at)) else { break };
                    (place, here) = ((item.line, item.column), item);
                }
                Kind::Scalar(..) => break,
            }
        }
        place
    }
}

/// Parses the bytes of one file. Every problem is told; a tree comes back if the text could be followed at all.
pub(super) fn parse(file: File, bytes: &[u8], errors: &mut Vec<InputError>) -> Option<Tree> {
    let text = decode(file, bytes, errors)?;
    let mut builder = Builder { file, errors, keys: Vec::new() };
    let mut parser = Parser::new_from_str(&text);
    let mut root = None;
    let mut documents = 0;
    loop {
        match parser.next_event() {
            None | Some(Ok((Event::StreamEnd, _))) => break,
            Some(Err(error)) => {
                builder.scan_error(&error);
                return None;
            }
            Some(Ok((Event::DocumentStart(_), span))) => {
                documents += 1;
                if documents == 2 {
                    builder.error(
                        span,
                        "一つのファイルに文書が二つあります。「---」の行より後を別のファイルに分けてください。",
                    );
                }
            }
            Some(Ok((Event::StreamStart | Event::DocumentEnd | Event::Nothing, _))) => {}
            Some(Ok((event, span))) => {
                let tree = builder.tree(event, span, &mut parser, 0)?;
                root.get_or_insert(tree);
            }
        }
    }
    Some(match root {
        Some(tree) if !tree.is_null() => tree,
        // A file of comments only says nothing, which is legal.
        _ => Tree { line: 1, column: 1, kind: Kind::Map(Vec::new()) },
    })
}

/// UTF-8 text without a byte order mark and without control characters.
fn decode(file: File, bytes: &[u8], errors: &mut Vec<InputError>) -> Option<String> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
            let message = "文字コードがUTF-8ではありません。UTF-8で保存し直してください。".to_owned();
            errors.push(InputError { file, line, column: 1, field: String::new(), message, missing: None });
            return None;
        }
    };
    let mut fine = true;
    for (number, line) in text.lines().enumerate() {
        let bad = line.chars().enumerate().find(|(_, c)| c.is_control() && *c != '\t');
        if let Some((column, found)) = bad {
            fine = false;
            let message =
                format!("制御文字（U+{:04X}）があります。見えない文字なので、打ち直して消してください。", found as u32);
            errors.push(InputError {
                file,
                line: number + 1,
                column: column + 1,
                field: String::new(),
                message,
                missing: None,
            });
        }
    }
    fine.then(|| text.to_owned())
}

struct Builder<'e> {
    file: File,
    errors: &'e mut Vec<InputError>,
    /// Keys on the way to where the parser stands.
    keys: Vec<String>,
}

impl Builder<'_> {
    fn error(&mut self, span: Span, message: impl Into<String>) {
        self.errors.push(InputError {
            file: self.file,
            line: span.start.line().max(1),
            column: span.start.col() + 1,
            field: self.keys.join("."),
            message: message.into(),
            missing: None,
        });
    }

    /// The parser speaks English; people get the usual causes.
    fn scan_error(&mut self, error: &ScanError) {
        let info = error.info();
        let cause = if info.contains("flow") || info.contains("bracket") {
            "「[」や「{」が閉じていないか、項目の間の「,」が足りません。この行より上から見比べてください。"
        } else if info.contains("tab") {
            "字下げにタブが使われています。半角の空白に替えてください。"
        } else if info.contains("mapping values") {
            "この行に「: 」が二つあるか、字下げがずれています。値に「: 」を含むときは、値を引用符で囲んでください。"
        } else if info.contains("quote") || info.contains("scalar") {
            "引用符が閉じていないか、値の書き方が続きの行とつながっていません。"
        } else if info.contains("indentation") || info.contains("expected") || info.contains("simple key") {
            "字下げがそろっていないか、「: 」や「- 」が足りません。上の行と見比べてください。"
        } else if info.contains("anchor") || info.contains("alias") {
            "「&」や「*」で始まる値は引用符で囲んでください（YAMLのアンカーは使えません）。"
        } else {
            "字下げ・コロン・引用符の書き方を確かめてください。"
        };
        self.errors.push(InputError {
            file: self.file,
            line: error.marker().line().max(1),
            column: error.marker().col() + 1,
            field: String::new(),
            message: format!("YAMLとして読めません。{cause}"),
            missing: None,
        });
    }

    /// Builds the value that starts with `event`. `None` once the text cannot be followed.
    fn tree<'i>(&mut self, event: Event<'i>, span: Span, parser: &mut StrParser<'i>, depth: usize) -> Option<Tree> {
        let (line, column) = (span.start.line().max(1), span.start.col() + 1);
        if depth > DEEPEST {
            self.error(span, format!("入れ子が深すぎます（{DEEPEST}段まで）。"));
            return None;
        }
        let kind = match event {
            Event::Scalar(text, style, anchor, tag) => {
                if anchor != 0 || tag.is_some() {
                    self.error(span, "YAMLのアンカー（&）とタグ（!）は使えません。値をそのまま書いてください。");
                }
                Kind::Scalar(scalar(&text, style), text.into_owned())
            }
            Event::Alias(_) => {
                self.error(span, "YAMLの参照（*）は使えません。値をそのまま書いてください。");
                Kind::Scalar(Value::Null, String::new())
            }
            Event::SequenceStart(..) => self.list(parser, depth)?,
            Event::MappingStart(..) => self.map(parser, depth)?,
            _ => return None,
        };
        Some(Tree { line, column, kind })
    }

    fn next<'i>(&mut self, parser: &mut StrParser<'i>) -> Option<(Event<'i>, Span)> {
        match parser.next_event()? {
            Ok(next) => Some(next),
            Err(error) => {
                self.scan_error(&error);
                None
            }
        }
    }

    fn list<'i>(&mut self, parser: &mut StrParser<'i>, depth: usize) -> Option<Kind> {
        let mut items = Vec::new();
        loop {
            let (event, span) = self.next(parser)?;
            if matches!(event, Event::SequenceEnd) {
                return Some(Kind::List(items));
            }
            self.keys.push(format!("[{}]", items.len() + 1));
            let item = self.tree(event, span, parser, depth + 1);
            self.keys.pop();
            items.push(item?);
        }
    }

    fn map<'i>(&mut self, parser: &mut StrParser<'i>, depth: usize) -> Option<Kind> {
        let mut entries: Vec<(String, (usize, usize), Tree)> = Vec::new();
        let mut lines: HashMap<String, usize> = HashMap::new();
        loop {
            let (event, span) = self.next(parser)?;
            let key = match event {
                Event::MappingEnd => return Some(Kind::Map(entries)),
                Event::Scalar(text, ..) => text.into_owned(),
                _ => {
                    self.error(span, "項目の名前が読めません。「名前: 値」の形で書いてください。");
                    return None;
                }
            };
            let line = span.start.line();
            if let Some(before) = lines.insert(key.clone(), line) {
                self.error(span, format!("項目「{key}」は{before}行目にもあります。どちらかを消してください。"));
            }
            self.keys.push(key.clone());
            let (event, value_span) = self.next(parser)?;
            let value = self.tree(event, value_span, parser, depth + 1);
            self.keys.pop();
            entries.push((key, (line.max(1), span.start.col() + 1), value?));
        }
    }
}

type StrParser<'i> = Parser<'i, saphyr_parser::StrInput<'i>>;

/// Whether a text without quotes is read as that text, and as nothing else.
pub(super) fn is_text(text: &str) -> bool {
    scalar(text, ScalarStyle::Plain).is_string()
}

/// A scalar by the core schema of YAML 1.2, where `yes` and `no` are text. Quoted text is always text.
fn scalar(text: &str, style: ScalarStyle) -> Value {
    if style != ScalarStyle::Plain {
        return Value::String(text.to_owned());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => number(text).unwrap_or_else(|| Value::String(text.to_owned())),
    }
}

fn number(text: &str) -> Option<Value> {
    // `012` is no number of the core schema's decimal form people mean, and ids such as `1.1.1` are text anyway.
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '-' | '+'));
    if !plain || (digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.")) {
        return None;
    }
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Value::Number(whole.into()));
    }
    text.parse::<f64>().ok().and_then(Number::from_f64).map(Value::Number)
}
