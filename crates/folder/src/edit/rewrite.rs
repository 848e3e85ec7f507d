//! A text brought to another value by changing the lines that say something else, and no others.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::emit::{self, Habits, Quote, Text};
use super::layout::{Entry, Item, Node, Shape, line_end, line_start, next_line};
use super::pairing::pairs;
use super::patch::{Patches, break_before, column, is_first_on_line};
use super::remarks::{RISKS, commented, remarks};
use super::spot::Spot;

/// What introduces a value.
#[derive(Debug, Clone, Copy)]
pub(super) enum At {
    /// A key in this column.
    Key(usize),
    /// A dash in this column.
    Dash(usize),
    /// A bracket, brace or comma.
    Flow,
}

pub(super) struct Rewriter<'t> {
    pub text: &'t str,
    newline: &'static str,
    pub habits: Habits,
    pub patches: Patches,
    remarks: HashMap<String, String>,
}

/// The text with `new` in place of `old`, which it holds; `None` if that cannot be done piece by piece.
pub(super) fn rewritten(text: &str, root: &Node, spot: &Spot, old: &Value, new: &Value) -> Option<String> {
    let habits = Habits::new(text, Some(root), spot);
    let remarks = remarks(text, root, old);
    let mut rewriter = Rewriter { text, newline: newline(text), habits, patches: Patches::default(), remarks };
    let (Value::Object(old), Value::Object(new)) = (old, new) else { return None };
    match &root.shape {
        Shape::Map(entries) if entries.iter().any(|entry| new.contains_key(&entry.key)) => {
            rewriter.map(root, entries, At::Key(0), spot, old, new);
        }
        Shape::Map(entries) if new.is_empty() => entries.iter().for_each(|entry| rewriter.remove_entry(entry)),
        Shape::FlowMap(entries) if !entries.is_empty() => rewriter.flow_map(root, entries, At::Key(0), spot, old, new),
        _ => return None,
    }
    rewriter.patches.applied(text, 0, text.len())
}

/// A whole file for a value.
pub(super) fn whole(text: &str, layout: Option<&Node>, spot: &Spot, value: &Value) -> String {
    let habits = Habits::new(text, layout, spot);
    let newline = newline(text);
    match emit::text(&habits, spot, value) {
        Text::Block { lines, .. } => lines.into_iter().map(|line| line + newline).collect(),
        // Nothing is said: `{}` would only be in the way of the first line.
        _ => String::new(),
    }
}

/// How the lines of a text end.
pub(super) fn newline(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

impl Rewriter<'_> {
    fn change(&mut self, node: &Node, at: At, spot: &Spot, old: &Value, new: &Value) {
        if old == new {
            return;
        }
        match (&node.shape, old, new) {
            (Shape::Map(entries), Value::Object(old), Value::Object(new)) => {
                self.map(node, entries, at, spot, old, new);
            }
            (Shape::FlowMap(entries), Value::Object(old), Value::Object(new)) => {
                self.flow_map(node, entries, at, spot, old, new);
            }
            (Shape::List(items), Value::Array(old), Value::Array(new)) => self.list(node, items, at, spot, old, new),
            (Shape::FlowList(items), Value::Array(old), Value::Array(new)) => {
                self.flow_list(node, items, at, spot, old, new);
            }
            _ => self.replace(node, at, spot, new),
        }
    }

    /// Writes a value anew, where an old one or nothing stands.
    pub fn replace(&mut self, node: &Node, at: At, spot: &Spot, new: &Value) {
        if matches!(at, At::Flow) {
            let text = match (new, quote_of(&node.shape)) {
                (Value::String(new), Some(quote)) => emit::string(new, true, quote),
                _ => emit::flow(&self.habits, spot, new),
            };
            let gap = if matches!(node.shape, Shape::Empty) { " " } else { "" };
            self.patches.replace(node.start, node.end, format!("{gap}{text}"));
            return;
        }
        let text = match (new, quote_of(&node.shape)) {
            (Value::String(new), Some(quote)) if !new.contains('\n') => Text::Inline(emit::string(new, false, quote)),
            _ => emit::text(&self.habits, spot, new),
        };
        let (head, body) = self.placed(&text, at);
        let (text, end_of_line) = (self.text, line_end(self.text, node.end));
        let gap = &text[node.after..node.start];
        match &node.shape {
            Shape::Block => {
                let indicator = text[node.start..].find(char::is_whitespace).map_or(text.len(), |len| node.start + len);
                let header = line_end(text, node.start);
                self.patches.replace(node.after, indicator, head);
                self.patches.replace(header, node.end.max(header), body);
            }
            Shape::List(_) | Shape::Map(_) if gap.contains('\n') => {
                self.patches.insert(node.after, head);
                self.patches.replace(break_before(text, line_start(text, node.start)), end_of_line, body);
            }
            Shape::List(_) | Shape::Map(_) => self.patches.replace(node.after, end_of_line, head + &body),
            // The blanks behind a key may be there to align what follows.
            _ if !gap.is_empty() && !gap.contains('\n') && !head.is_empty() => {
                self.patches.replace(node.start, node.end, head.trim_start());
                self.patches.insert(end_of_line, body);
            }
            _ => {
                self.patches.replace(node.after, node.end, head);
                self.patches.insert(end_of_line, body);
            }
        }
    }

    /// What follows the key or dash on its line, and the lines below.
    fn placed(&self, text: &Text, at: At) -> (String, String) {
        let habits = &self.habits;
        let (head, lines, indent) = match (text, at) {
            (Text::Inline(text), _) => (format!(" {text}"), &[][..], 0),
            (Text::Literal(header, lines), At::Key(column) | At::Dash(column)) => {
                (format!(" {header}"), &lines[..], column + habits.step)
            }
            (Text::Block { is_list, lines }, At::Key(column)) => {
                let step = if *is_list { habits.list } else { habits.step };
                (String::new(), &lines[..], column + step)
            }
            (Text::Block { lines, .. }, At::Dash(column)) => {
                let gap = " ".repeat(habits.dash - 1);
                (format!("{gap}{}", lines[0]), &lines[1..], column + habits.dash)
            }
            (_, At::Flow) => (String::new(), &[][..], 0),
        };
        (head, self.lines_below(lines, indent))
    }

    /// Lines, each behind a line break.
    fn lines_below(&self, lines: &[String], indent: usize) -> String {
        let pad = " ".repeat(indent);
        let line = |line: &String| match line.is_empty() {
            true => self.newline.to_owned(),
            false => format!("{}{pad}{line}", self.newline),
        };
        lines.iter().map(line).collect()
    }

    fn map(
        &mut self,
        node: &Node,
        entries: &[Entry],
        at: At,
        spot: &Spot,
        old: &Map<String, Value>,
        new: &Map<String, Value>,
    ) {
        let stays: Vec<bool> = entries.iter().map(|entry| stays(&entry.key, old, new)).collect();
        let Some(first) = stays.iter().position(|stays| *stays) else {
            return self.replace(node, at, spot, &Value::Object(new.clone()));
        };
        let columns = column(self.text, entries[0].at);
        let from = self.remove_head(node, entries, first);
        for (entry, stays) in entries.iter().zip(&stays).skip(from) {
            match (old.get(&entry.key), new.get(&entry.key)) {
                (Some(old), Some(new)) => {
                    self.change(&entry.node, At::Key(columns), &spot.key(&entry.key), old, new);
                }
                (None, Some(new)) => self.replace(&entry.node, At::Key(columns), &spot.key(&entry.key), new),
                _ if !stays => self.remove_entry(entry),
                _ => {}
            }
        }
        for (anchor, key) in added(spot, entries, &stays, new) {
            let lines = emit::keyed(&self.habits, spot, key, &new[key]);
            match anchor {
                None if first == 0 => {
                    let lines = self.lines_below(&lines, columns);
                    let text = lines.trim_start_matches(['\r', '\n', ' ']).to_owned();
                    let pad = " ".repeat(columns);
                    self.patches.insert(entries[0].at, format!("{text}{}{pad}", self.newline));
                }
                _ => {
                    let end = line_end(self.text, entries[anchor.unwrap_or(first)].node.end);
                    let lines = self.lines_below(&lines, columns);
                    self.patches.insert(end, lines);
                }
            }
        }
    }

    /// Takes away entries before the first that stays where the first stands behind a dash; tells how many were seen to.
    fn remove_head(&mut self, node: &Node, entries: &[Entry], first: usize) -> usize {
        if first == 0 || is_first_on_line(self.text, entries[0].at) {
            return 0;
        }
        let ends = entries[..first].iter().map(|entry| entry.node.end);
        let starts = entries[1..=first].iter().map(|entry| entry.at);
        let only_blanks = ends.zip(starts).all(|(end, start)| {
            let between = &self.text[line_end(self.text, end).min(start)..start];
            between.chars().all(char::is_whitespace)
        });
        if only_blanks {
            self.patches.replace(entries[0].at, entries[first].at, "");
            return first;
        }
        // Comments that stand between stay, below the dash alone.
        self.patches.replace(node.after, line_end(self.text, entries[0].node.end), "");
        1
    }

    fn remove_entry(&mut self, entry: &Entry) {
        self.patches.remove_lines(self.text, entry.at, entry.node.end);
    }

    fn list(&mut self, node: &Node, items: &[Item], at: At, spot: &Spot, old: &[Value], new: &[Value]) {
        if !is_first_on_line(self.text, items[0].dash) || items.len() != old.len() {
            return self.replace(node, at, spot, &Value::Array(new.to_vec()));
        }
        if new.is_empty() {
            self.patches.insert(node.after, " []");
            items.iter().for_each(|item| self.patches.remove_lines(self.text, item.dash, item.node.end));
            return;
        }
        let found = pairs(spot, old, new);
        let kept: Vec<usize> = found.iter().flatten().copied().collect();
        if kept.is_empty() {
            return self.replace(node, at, spot, &Value::Array(new.to_vec()));
        }
        if !kept.is_sorted() {
            return self.reorder(items, spot, old, new, &found);
        }
        let inner = spot.item();
        let columns = column(self.text, items[0].dash);
        let mut last = None;
        for (entry, before) in new.iter().zip(&found) {
            match before {
                Some(before) => {
                    let item = &items[*before];
                    self.change(&item.node, At::Dash(columns), &inner, &old[*before], entry);
                    last = Some(item);
                }
                None => {
                    let lines = self.new_entry(spot, entry, columns);
                    match last {
                        Some(item) => self.patches.insert(line_end(self.text, item.node.end), lines),
                        None => {
                            let first = line_start(self.text, items[kept[0]].dash);
                            let text = lines.strip_prefix(self.newline).unwrap_or(&lines);
                            self.patches.insert(first, format!("{text}{}", self.newline));
                        }
                    }
                }
            }
        }
        let gone = (0..items.len()).filter(|at| !kept.contains(at));
        gone.for_each(|at| self.patches.remove_lines(self.text, items[at].dash, items[at].node.end));
    }

    /// Lines of an entry that was not there, each behind a line break.
    fn new_entry(&self, list: &Spot, entry: &Value, columns: usize) -> String {
        let (habits, inner) = (&self.habits, list.item());
        let commented = if list.is_decisions() { commented(habits, &inner, entry, &self.remarks) } else { None };
        let text = match commented {
            Some(lines) => Text::Block { is_list: false, lines },
            None => emit::text(habits, &inner, entry),
        };
        let mut lines = emit::dashed(habits, &text, habits.dash);
        if let (RISKS, Some(remark)) = (list.chain.as_str(), entry.as_str().and_then(|risk| self.remarks.get(risk))) {
            lines[0].push_str(&format!("  {remark}"));
        }
        self.lines_below(&lines, columns)
    }

    /// Entries in another order: each takes the comments above it along.
    fn reorder(&mut self, items: &[Item], spot: &Spot, old: &[Value], new: &[Value], found: &[Option<usize>]) {
        let (text, inner) = (self.text, spot.item());
        let columns = column(text, items[0].dash);
        let ends: Vec<usize> = items.iter().map(|item| next_line(text, item.node.end)).collect();
        let from = line_start(text, items[0].dash);
        let mut made = String::new();
        for (entry, before) in new.iter().zip(found) {
            match before {
                Some(before) => {
                    let start = before.checked_sub(1).map_or(from, |at| ends[at]);
                    let mark = self.patches.len();
                    self.change(&items[*before].node, At::Dash(columns), &inner, &old[*before], entry);
                    let patches = self.patches.split_off(mark);
                    let changed = patches.applied(text, start, ends[*before]);
                    made.push_str(&changed.unwrap_or_default());
                }
                None => {
                    let lines = self.new_entry(spot, entry, columns);
                    made.push_str(lines.strip_prefix(self.newline).unwrap_or(&lines));
                }
            }
            if !made.ends_with('\n') {
                made.push_str(self.newline);
            }
        }
        let to = ends.last().copied().unwrap_or(from);
        if !text[..to].ends_with('\n') {
            made.truncate(made.len() - self.newline.len());
        }
        self.patches.replace(from, to, made);
    }

    pub(super) fn change_in_flow(&mut self, node: &Node, spot: &Spot, old: &Value, new: &Value) {
        self.change(node, At::Flow, spot, old, new);
    }
}

/// Whether an entry of a map is kept: it is in the new value, or it says nothing and said nothing before.
pub(super) fn stays(key: &str, old: &Map<String, Value>, new: &Map<String, Value>) -> bool {
    new.contains_key(key) || !old.contains_key(key)
}

/// New keys in the order of their type, each with the index of the kept entry it follows.
pub(super) fn added<'n>(
    spot: &Spot,
    entries: &[Entry],
    stays: &[bool],
    new: &'n Map<String, Value>,
) -> Vec<(Option<usize>, &'n str)> {
    let mut keys: Vec<&str> =
        new.keys().map(String::as_str).filter(|key| entries.iter().all(|entry| entry.key != *key)).collect();
    keys.sort_by_key(|key| spot.rank(key));
    let kept = || entries.iter().enumerate().zip(stays).filter(|(_, stays)| **stays).map(|(entry, _)| entry);
    let anchor = |key: &str| {
        let before = kept().filter(|(_, entry)| spot.rank(&entry.key) <= spot.rank(key));
        before.max_by_key(|(at, entry)| (spot.rank(&entry.key), *at)).map(|(at, _)| at)
    };
    keys.into_iter().map(|key| (anchor(key), key)).collect()
}

/// The quotes people chose for a text.
fn quote_of(shape: &Shape) -> Option<Quote> {
    match shape {
        Shape::Single => Some(Quote::Single),
        Shape::Double => Some(Quote::Double),
        _ => None,
    }
}
