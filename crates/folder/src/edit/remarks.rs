//! Comments beside the risks of decisions, which go where their risks go.

use std::collections::HashMap;

use serde_json::Value;

use super::emit::{self, Habits};
use super::layout::{Node, Shape, line_end};
use super::pairing::risks;
use super::spot::{DECISIONS, Spot};

/// The list in which a risk may have a comment.
pub(super) const RISKS: &str = "/decisions*/risks";

/// For each risk the comment beside it, e.g. its printed number.
pub(super) fn remarks(text: &str, root: &Node, value: &Value) -> HashMap<String, String> {
    let mut found = HashMap::new();
    let key = DECISIONS.trim_start_matches('/');
    let Some(Node { shape: Shape::List(decisions), .. }) = entry(root, key) else { return found };
    for (item, decision) in decisions.iter().zip(value[key].as_array().into_iter().flatten()) {
        let Some(Node { shape: Shape::List(words), .. }) = entry(&item.node, "risks") else { continue };
        for (word, risk) in words.iter().zip(risks(decision)) {
            let rest = text[word.node.end..line_end(text, word.node.end)].trim();
            if rest.starts_with('#') {
                found.insert(risk.to_owned(), rest.to_owned());
            }
        }
    }
    found
}

fn entry<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    let Shape::Map(entries) = &node.shape else { return None };
    entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
}

/// The lines of a new decision, with the comments of its risks beside them.
pub(super) fn commented(
    habits: &Habits,
    item: &Spot,
    decision: &Value,
    remarks: &HashMap<String, String>,
) -> Option<Vec<String>> {
    if risks(decision).all(|risk| !remarks.contains_key(risk)) {
        return None;
    }
    let mut rest = decision.as_object()?.clone();
    rest.shift_remove("risks");
    let word = item.key("risks").item();
    let line = |risk: &str| {
        let text = emit::dashed(habits, &emit::text(habits, &word, &Value::from(risk)), habits.dash).concat();
        let remark = remarks.get(risk).map(|remark| format!("  {remark}")).unwrap_or_default();
        format!("{}{text}{remark}", " ".repeat(habits.list))
    };
    let lines = ["risks:".to_owned()].into_iter().chain(risks(decision).map(line));
    let mut rest: Vec<_> = rest.iter().collect();
    rest.sort_by_key(|(key, _)| item.rank(key));
    let fields = rest.into_iter().flat_map(|(key, value)| emit::keyed(habits, item, key, value));
    Some(lines.chain(fields).collect())
}
