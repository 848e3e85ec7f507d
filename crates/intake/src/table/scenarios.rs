//! Numbers for scenarios: the catalog's, where order and wording agree; otherwise the wording stands for itself.

use std::collections::HashMap;

use super::draft::Draft;
use super::finish::scenario_text;
use super::identify::Placed;
use super::inherit::Row;
use crate::fold::{self, Pairs};
use crate::import::ScenarioText;
use crate::known::Known;

/// The scenario of a row.
#[derive(Debug, Default)]
pub struct Found {
    /// Number, or wording.
    pub shown: Option<String>,
    pub confidence: u8,
    pub repair: Option<String>,
    pub doubt: Option<String>,
}

/// Scenarios by the row they are printed in.
#[derive(Debug)]
pub struct Numbered {
    rows: HashMap<usize, (Option<String>, u8)>,
    /// Scenario that the catalog gives a row, with its position in the list of rows.
    expected: Vec<Option<String>>,
    /// Rows that print a scenario, in order.
    order: Vec<usize>,
    wording: HashMap<usize, String>,
}

/// Numbers every scenario that is printed.
pub fn number(drafts: &[Draft], placed: &[Placed], known: &Known) -> Numbered {
    let expected: Vec<Option<String>> =
        placed.iter().map(|row| known.controls.get(row.known?)?.scenario.clone()).collect();
    let mut by_text: HashMap<String, (Option<String>, u8)> = HashMap::new();
    let mut numbered = Numbered { rows: HashMap::new(), expected, order: Vec::new(), wording: HashMap::new() };
    for (at, draft) in drafts.iter().enumerate().filter(|(_, draft)| !draft.scenario.is_empty()) {
        let key = fold::key(&draft.scenario);
        let found = by_text
            .entry(key)
            .or_insert_with(|| choose(&draft.scenario, numbered.expected[at].as_deref(), &known.scenarios));
        numbered.rows.insert(at, found.clone());
        numbered.order.push(at);
        numbered.wording.insert(at, draft.scenario.clone());
    }
    numbered
}

/// The number that the order of the catalog gives, if the wording does not clearly say another.
fn choose(text: &str, expected: Option<&str>, known: &[(String, Pairs)]) -> (Option<String>, u8) {
    const CLEARLY: f32 = 0.15;
    let pairs = Pairs::of(text);
    let mut scores: Vec<(f32, &str)> = known.iter().map(|(id, own)| (pairs.likeness(own), id.as_str())).collect();
    scores.sort_by(|a, b| b.0.total_cmp(&a.0));
    let Some(&(best, best_id)) = scores.first() else { return (None, 100) };
    let second = scores.get(1).map_or(0.0, |score| score.0);
    let of_expected = expected.and_then(|id| scores.iter().find(|score| score.1 == id));
    match of_expected {
        Some((score, id)) if best - score < CLEARLY => (Some((*id).to_owned()), 100),
        _ if best >= 0.4 && best - second >= CLEARLY => (Some(best_id.to_owned()), 70),
        _ => (None, 60),
    }
}

impl Numbered {
    /// What a row shows, its own or the one it inherits.
    pub fn of_row(&self, at: usize, row: &Row) -> Found {
        let Some(from) = row.scenario else { return Found { confidence: 100, ..Found::default() } };
        let Some((id, confidence)) = self.rows.get(&from) else { return Found { confidence: 100, ..Found::default() } };
        let shown = id.clone().or_else(|| self.wording.get(&from).cloned());
        let mut found = Found { shown, confidence: *confidence, ..Found::default() };
        let expected = self.expected[at].as_deref();
        if id.is_none() && expected.is_some() {
            found.doubt = Some("シナリオの番号を決められないため、文のまま示しました".into());
        } else if id.as_deref() != expected && !self.expected.iter().all(Option::is_none) {
            found.confidence = found.confidence.min(60);
            let listed = expected.unwrap_or("なし");
            found.doubt = Some(format!("シナリオが目録（{listed}）と違います。行がずれているおそれがあります"));
        }
        found
    }

    /// Every scenario once, with the line it is first printed in.
    pub fn texts(&self, drafts: &[Draft]) -> Vec<ScenarioText> {
        let mut seen: Vec<String> = Vec::new();
        let mut texts = Vec::new();
        for at in &self.order {
            let key = fold::key(&drafts[*at].scenario);
            if !seen.contains(&key) {
                seen.push(key);
                texts.push(scenario_text(self.rows[at].0.clone(), &drafts[*at]));
            }
        }
        texts
    }
}
