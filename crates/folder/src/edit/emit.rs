//! New YAML text, in the ways of the text around it.

use std::collections::HashMap;

use serde_json::Value;

use super::layout::{Node, Shape};
use super::spot::Spot;
use crate::yaml;

/// Widest text that is put on one line when the file shows no habit.
const WIDE: usize = 100;

/// How values at one place of the schema are written in a file.
#[derive(Debug, Default)]
struct Habit {
    flow: usize,
    block: usize,
    bare: usize,
    double: usize,
    single: usize,
}

/// How a file is written.
#[derive(Debug)]
pub(super) struct Habits {
    of: HashMap<String, Habit>,
    /// Columns from a key to the keys below it.
    pub step: usize,
    /// Columns from a key to the dashes below it.
    pub list: usize,
    /// Columns from a dash to what it introduces.
    pub dash: usize,
}

impl Habits {
    pub fn new(text: &str, root: Option<&Node>, spot: &Spot) -> Self {
        let mut habits = Self { of: HashMap::new(), step: 0, list: usize::MAX, dash: 0 };
        if let Some(root) = root {
            habits.gather(text, root, &spot.chain, 0);
        }
        habits.step = if habits.step == 0 { 2 } else { habits.step };
        habits.list = if habits.list == usize::MAX { 2 } else { habits.list };
        habits.dash = if habits.dash == 0 { 2 } else { habits.dash };
        habits
    }

    /// `column` is that of the key or dash that holds the value. The first of a kind sets the columns.
    fn gather(&mut self, text: &str, node: &Node, chain: &str, column: usize) {
        let habit = self.of.entry(chain.to_owned()).or_default();
        match &node.shape {
            Shape::Empty => {}
            Shape::Plain | Shape::Block => habit.bare += 1,
            Shape::Single => habit.single += 1,
            Shape::Double => habit.double += 1,
            Shape::FlowList(items) => {
                habit.flow += usize::from(!items.is_empty());
                items.iter().for_each(|item| self.gather(text, item, &format!("{chain}*"), column));
            }
            Shape::FlowMap(entries) => {
                habit.flow += usize::from(!entries.is_empty());
                for entry in entries {
                    self.gather(text, &entry.node, &format!("{chain}/{}", entry.key), column);
                }
            }
            Shape::List(items) => {
                habit.block += 1;
                let dash = items.first().map_or(column, |item| super::patch::column(text, item.dash));
                if self.list == usize::MAX && !chain.ends_with('*') {
                    self.list = dash.saturating_sub(column);
                }
                items.iter().for_each(|item| self.gather(text, &item.node, &format!("{chain}*"), dash));
            }
            Shape::Map(entries) => {
                habit.block += 1;
                let inner = entries.first().map_or(column, |entry| super::patch::column(text, entry.at));
                if chain.ends_with('*') && self.dash == 0 && inner > column {
                    self.dash = inner - column;
                } else if !chain.ends_with('*') && self.step == 0 && inner > column {
                    self.step = inner - column;
                }
                for entry in entries {
                    self.gather(text, &entry.node, &format!("{chain}/{}", entry.key), inner);
                }
            }
        }
    }

    fn of(&self, spot: &Spot) -> Option<&Habit> {
        self.of.get(&spot.chain)
    }

    fn quote(&self, spot: &Spot) -> Quote {
        match self.of(spot) {
            Some(habit) if habit.double + habit.single > habit.bare && habit.double >= habit.single => Quote::Double,
            Some(habit) if habit.double + habit.single > habit.bare => Quote::Single,
            _ => Quote::AsNeeded,
        }
    }

    /// Whether a list or map goes on one line, `flow` being that line.
    fn is_flow(&self, spot: &Spot, value: &Value, flow: &str) -> bool {
        if has_lines(value) {
            return false;
        }
        if let Some(habit) = self.of(spot).filter(|habit| habit.flow + habit.block > 0) {
            return habit.flow >= habit.block;
        }
        let depth = spot.chain.matches(['/', '*']).count();
        let fits = width(flow) <= WIDE;
        match value {
            Value::Array(list) => fits && !list.iter().any(Value::is_object),
            Value::Object(fields) => fits && depth > 2 && !fields.values().any(Value::is_object),
            _ => true,
        }
    }
}

/// How text is quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quote {
    AsNeeded,
    Single,
    Double,
}

/// The text of a value.
#[derive(Debug)]
pub(super) enum Text {
    /// On the line of its key or dash.
    Inline(String),
    /// `|` with lines below.
    Literal(&'static str, Vec<String>),
    /// Keys or dashes on lines below; the lines of a list say so.
    Block { is_list: bool, lines: Vec<String> },
}

/// A value outside of brackets and braces.
pub(super) fn text(habits: &Habits, spot: &Spot, value: &Value) -> Text {
    match value {
        Value::String(text) => match literal(text) {
            Some((header, lines)) => Text::Literal(header, lines),
            None => Text::Inline(string(text, false, habits.quote(spot))),
        },
        Value::Array(list) if !list.is_empty() => {
            let flow = flow(habits, spot, value);
            if habits.is_flow(spot, value, &flow) {
                return Text::Inline(flow);
            }
            let item = spot.item();
            let lines = list.iter().flat_map(|entry| dashed(habits, &text(habits, &item, entry), habits.dash));
            Text::Block { is_list: true, lines: lines.collect() }
        }
        Value::Object(fields) if !fields.is_empty() => {
            let flow = flow(habits, spot, value);
            if !spot.chain.is_empty() && habits.is_flow(spot, value, &flow) {
                return Text::Inline(flow);
            }
            let lines = ordered(spot, fields).into_iter().flat_map(|(key, value)| keyed(habits, spot, key, value));
            Text::Block { is_list: false, lines: lines.collect() }
        }
        other => Text::Inline(scalar_or_empty(other)),
    }
}

/// Lines of `key: value`.
pub(super) fn keyed(habits: &Habits, spot: &Spot, key: &str, value: &Value) -> Vec<String> {
    let text = text(habits, &spot.key(key), value);
    let key = string(key, true, Quote::AsNeeded);
    let (rest, inner) = match text {
        Text::Inline(text) => (format!(" {text}"), Vec::new()),
        Text::Literal(header, lines) => (format!(" {header}"), indented(&lines, habits.step)),
        Text::Block { is_list: true, lines } => (String::new(), indented(&lines, habits.list)),
        Text::Block { lines, .. } => (String::new(), indented(&lines, habits.step)),
    };
    [format!("{key}:{rest}")].into_iter().chain(inner).collect()
}

/// Lines of `- value`.
pub(super) fn dashed(habits: &Habits, text: &Text, dash: usize) -> Vec<String> {
    let gap = " ".repeat(dash.max(2) - 1);
    match text {
        Text::Inline(text) => vec![format!("-{gap}{text}")],
        Text::Literal(header, lines) => {
            [format!("-{gap}{header}")].into_iter().chain(indented(lines, habits.step)).collect()
        }
        Text::Block { lines, .. } => {
            let mut lines = indented(lines, gap.len() + 1);
            lines[0].replace_range(..1, "-");
            lines
        }
    }
}

fn indented(lines: &[String], columns: usize) -> Vec<String> {
    let pad = " ".repeat(columns);
    lines.iter().map(|line| if line.is_empty() { String::new() } else { format!("{pad}{line}") }).collect()
}

/// A value on one line, also inside of brackets and braces.
pub(super) fn flow(habits: &Habits, spot: &Spot, value: &Value) -> String {
    match value {
        Value::String(text) => string(text, true, habits.quote(spot)),
        Value::Array(list) => {
            let item = spot.item();
            let items: Vec<String> = list.iter().map(|entry| flow(habits, &item, entry)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) if !fields.is_empty() => {
            let fields = ordered(spot, fields).into_iter().map(|(key, value)| pair(habits, spot, key, value));
            format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
        }
        other => scalar_or_empty(other),
    }
}

/// `key: value` inside of braces.
pub(super) fn pair(habits: &Habits, spot: &Spot, key: &str, value: &Value) -> String {
    format!("{}: {}", string(key, true, Quote::AsNeeded), flow(habits, &spot.key(key), value))
}

fn scalar_or_empty(value: &Value) -> String {
    match value {
        Value::Array(_) => "[]".to_owned(),
        Value::Object(_) => "{}".to_owned(),
        other => other.to_string(),
    }
}

/// Fields in the order of their type, unknown ones last.
fn ordered<'v>(spot: &Spot, fields: &'v serde_json::Map<String, Value>) -> Vec<(&'v String, &'v Value)> {
    let mut fields: Vec<_> = fields.iter().collect();
    fields.sort_by_key(|(key, _)| spot.rank(key));
    fields
}

/// Text as `|` shows it, if it has lines that `|` shows as they are.
fn literal(text: &str) -> Option<(&'static str, Vec<String>)> {
    let body = text.strip_suffix('\n').unwrap_or(text);
    let odd = |c: char| c != '\n' && needs_escape(c);
    let lines: Vec<&str> = body.split('\n').collect();
    let blank_ends =
        lines.first().is_none_or(|line| line.is_empty()) || lines.last().is_none_or(|line| line.is_empty());
    let plain = lines.len() > 1 && !blank_ends && !body.contains(odd) && !lines[0].starts_with([' ', '\t']);
    let spaces = lines.iter().any(|line| line.ends_with([' ', '\t']) || line.starts_with('\t'));
    let header = if body.len() == text.len() { "|-" } else { "|" };
    (plain && !spaces).then(|| (header, lines.into_iter().map(str::to_owned).collect()))
}

/// A text on one line.
pub(super) fn string(text: &str, in_flow: bool, quote: Quote) -> String {
    let escapes = text.contains(needs_escape);
    match quote {
        Quote::AsNeeded if is_plain(text, in_flow) => text.to_owned(),
        Quote::AsNeeded if !escapes && text.contains(['"', '\\']) && !text.contains('\'') => format!("'{text}'"),
        Quote::Single if !escapes => format!("'{}'", text.replace('\'', "''")),
        _ => double_quoted(text),
    }
}

fn double_quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if needs_escape(c) && (c as u32) < 0x1_0000 => quoted.push_str(&format!("\\u{:04X}", c as u32)),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Characters that cannot stand in a text as they are, or that nobody would see.
fn needs_escape(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Whether a text needs no quotes: it is read back as the same text, by our reader and by others.
fn is_plain(text: &str, in_flow: bool) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let marks = ['[', ']', '{', '}', ','];
    let second = text.chars().nth(1);
    let starts = match first {
        '-' | '?' | ':' => second.is_some_and(|c| !c.is_whitespace() && !marks.contains(&c)),
        '#' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' | '[' | ']' | '{' | '}' | ',' | '=' => false,
        c => !c.is_whitespace(),
    };
    let inside = !text.contains(": ")
        && !text.contains(":\u{3000}")
        && !text.ends_with(':')
        && !text.contains(" #")
        && !text.ends_with(char::is_whitespace)
        && !text.contains(needs_escape)
        && !(in_flow && (text.contains(marks) || marks.iter().any(|mark| text.contains(&format!(":{mark}")))));
    let document = text.starts_with("---") || text.starts_with("...");
    // `0x1F`, `.5` and `~` are something else than text to other readers.
    let number = text.trim_start_matches(['-', '+', '.']).starts_with(|c: char| c.is_ascii_digit())
        && (text.starts_with(['.', '+']) || text.starts_with("0x") || text.starts_with("0o"));
    starts && inside && !document && !number && !text.eq_ignore_ascii_case(".nan") && yaml::is_text(text)
}

fn has_lines(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\n'),
        Value::Array(list) => list.iter().any(has_lines),
        Value::Object(fields) => fields.values().any(has_lines),
        _ => false,
    }
}

/// Columns of a text as it stands in a monospaced font.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}
