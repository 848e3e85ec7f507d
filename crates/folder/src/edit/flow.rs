//! Changes inside of brackets and braces.

use serde_json::{Map, Value};

use super::emit;
use super::layout::{Entry, Node, Shape, line_end, line_start};
use super::pairing::pairs;
use super::patch::is_first_on_line;
use super::rewrite::{At, Rewriter, added, stays};
use super::spot::Spot;

/// A part between commas: start and end.
type Part = (usize, usize);

impl Rewriter<'_> {
    pub(super) fn flow_map(
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
        if !matches!(at, At::Flow) && gains_lines(old, new) {
            return self.replace(node, at, spot, &Value::Object(new.clone()));
        }
        for entry in entries {
            let inner = spot.key(&entry.key);
            match (old.get(&entry.key), new.get(&entry.key)) {
                (Some(old), Some(new)) => self.change_in_flow(&entry.node, &inner, old, new),
                (None, Some(new)) => self.replace(&entry.node, At::Flow, &inner, new),
                _ => {}
            }
        }
        let parts: Vec<Part> = entries.iter().map(|entry| (entry.at, entry.node.end)).collect();
        for (anchor, key) in added(spot, entries, &stays, new) {
            let text = emit::pair(&self.habits, spot, key, &new[key]);
            self.insert_part(node, &parts, anchor, first, &text);
        }
        self.remove_parts(&parts, &stays);
    }

    pub(super) fn flow_list(&mut self, node: &Node, items: &[Node], at: At, spot: &Spot, old: &[Value], new: &[Value]) {
        let found = pairs(spot, old, new);
        let kept: Vec<usize> = found.iter().flatten().copied().collect();
        if kept.is_empty() || !kept.is_sorted() || items.len() != old.len() {
            return self.replace(node, at, spot, &Value::Array(new.to_vec()));
        }
        let inner = spot.item();
        let parts: Vec<Part> = items.iter().map(|item| (item.start, item.end)).collect();
        let mut last = None;
        for (entry, before) in new.iter().zip(&found) {
            match before {
                Some(before) => {
                    self.change_in_flow(&items[*before], &inner, &old[*before], entry);
                    last = Some(*before);
                }
                None => {
                    let text = match (entry, &items[kept[0]].shape) {
                        (Value::String(text), Shape::Double) => emit::string(text, true, emit::Quote::Double),
                        _ => emit::flow(&self.habits, &inner, entry),
                    };
                    self.insert_part(node, &parts, last, kept[0], &text);
                }
            }
        }
        let stays: Vec<bool> = (0..items.len()).map(|at| kept.contains(&at)).collect();
        self.remove_parts(&parts, &stays);
    }

    /// Adds a part behind the one at `anchor`, or before the first that stays.
    fn insert_part(&mut self, node: &Node, parts: &[Part], anchor: Option<usize>, first: usize, text: &str) {
        let Some(anchor) = anchor else {
            self.patches.insert(parts[first].0, format!("{text}, "));
            return;
        };
        let (start, end) = parts[anchor];
        let source = self.text;
        let own_line = is_first_on_line(source, start) && line_start(source, node.start) != line_start(source, start);
        let rest = &source[end..line_end(source, end)];
        let comma = rest.trim_start().starts_with(',');
        let followed = parts.get(anchor + 1).is_some_and(|(next, _)| *next < line_end(source, end));
        let closed = !comma && rest.trim_start().starts_with([']', '}']);
        if own_line && !followed && !closed {
            let pad = &source[line_start(source, start)..start];
            let newline = super::rewrite::newline(source);
            if !comma {
                self.patches.insert(end, ",");
            }
            let tail = if comma { "," } else { "" };
            self.patches.insert(line_end(source, end), format!("{newline}{pad}{text}{tail}"));
        } else {
            self.patches.insert(end, format!(", {text}"));
        }
    }

    /// Takes parts away with the comma that parted them from the rest.
    fn remove_parts(&mut self, parts: &[Part], stays: &[bool]) {
        for at in (0..parts.len()).filter(|at| !stays[*at]) {
            let (start, end) = parts[at];
            let rest = self.text[end..line_end(self.text, end)].trim_start();
            let rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
            if is_first_on_line(self.text, start) && (rest.is_empty() || rest.starts_with('#')) {
                self.patches.remove_lines(self.text, start, end);
                continue;
            }
            match (parts.get(at + 1), stays[..at].iter().rposition(|stays| *stays)) {
                (Some((next, _)), _) if stays[at + 1..].contains(&true) => self.patches.replace(start, *next, ""),
                (_, Some(before)) => self.patches.replace(parts[before].1, end, ""),
                _ => self.patches.replace(start, end, ""),
            }
        }
    }
}

/// Whether some text has lines now that braces would hide in `\n`.
fn gains_lines(old: &Map<String, Value>, new: &Map<String, Value>) -> bool {
    let lines = |value: Option<&Value>| value.and_then(Value::as_str).is_some_and(|text| text.contains('\n'));
    new.iter().any(|(key, value)| lines(Some(value)) && !lines(old.get(key)))
}
