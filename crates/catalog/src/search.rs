//! Search over what is not an entry of an edition: scenarios and threats.

use crate::{Library, Scenario, Threat, fold};

/// A scenario or threat whose id, name or text holds every word searched for.
#[derive(Debug, Clone, Copy)]
pub enum Hit<'a> {
    Scenario(&'a Scenario),
    Threat(&'a Threat),
}

impl Library {
    /// Finds what contains all of `words`, whatever their spelling. Entries of editions: [`crate::find`].
    pub fn search(&self, words: &[String]) -> Vec<Hit<'_>> {
        let words: Vec<String> =
            words.iter().flat_map(|text| text.split_whitespace()).map(fold).filter(|word| !word.is_empty()).collect();
        if words.is_empty() {
            return Vec::new();
        }
        let holds = |parts: &[&str]| {
            let text = fold(&parts.join("\n"));
            words.iter().all(|word| text.contains(word))
        };
        let scenarios = self.provider.scenarios.iter().filter(|s| holds(&[&s.id, &s.text])).map(Hit::Scenario);
        let threats = self.provider.threats.iter().filter(|t| holds(&[&t.id, &t.name, &t.description]));
        scenarios.chain(threats.map(Hit::Threat)).collect()
    }
}
