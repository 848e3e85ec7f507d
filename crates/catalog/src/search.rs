//! Full-text search over the lists.

use unicode_normalization::UnicodeNormalization;

use crate::{Control, Library, Requirement, Scenario, Threat};

/// Something whose id, title or text holds every word searched for.
#[derive(Debug, Clone, Copy)]
pub enum Hit<'a> {
    Control(&'a Control),
    Scenario(&'a Scenario),
    Threat(&'a Threat),
    Requirement(&'a Requirement),
}

impl Library {
    /// Finds entries that contain all of `words`, ignoring case and the width of characters.
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
        let mut hits = Vec::new();
        for control in &self.provider.controls {
            let (id, ascii) = (control.id.to_string(), control.id.ascii());
            let evidence = control.evidence.join("\n");
            if holds(&[&id, &ascii, &control.middle_title, &control.minor_title, &control.text, &evidence]) {
                hits.push(Hit::Control(control));
            }
        }
        let requirements = self.institution.requirements.iter();
        hits.extend(requirements.filter(|r| holds(&[&r.id, &r.section_title, &r.text])).map(Hit::Requirement));
        hits.extend(self.provider.scenarios.iter().filter(|s| holds(&[&s.id, &s.text])).map(Hit::Scenario));
        let threats = self.provider.threats.iter();
        hits.extend(threats.filter(|t| holds(&[&t.id, &t.name, &t.description])).map(Hit::Threat));
        hits
    }
}

/// One spelling for all: NFKC and lower case.
fn fold(text: &str) -> String {
    text.nfkc().collect::<String>().to_lowercase()
}
