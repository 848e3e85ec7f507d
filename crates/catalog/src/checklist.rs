//! What the facts of a service say to the items of checklists, and which items ask for one fact.
//!
//! All of it is ours: no authority published such a table, so every line carries its certainty.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::{Certainty, ControlId, Relation};

/// The table of `catalogs/rules/checklists.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChecklistRules {
    pub proposals: Vec<ProposalRule>,
    pub shared: Vec<SharedUse>,
    /// What follows a beginning of [`SharedUse::denied`] where the fact is denied.
    pub negations: Vec<String>,
}

/// Facts and controls that say something to items nobody answered yet.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProposalRule {
    /// With their editions, e.g. `cyber-2025/事業者.2.①`.
    pub items: Vec<String>,
    /// Names of facts that a service is asked for.
    #[serde(default)]
    pub facts: Vec<String>,
    /// Of 別紙2 (`pg-1.0`).
    #[serde(default)]
    pub controls: Vec<ControlId>,
    /// `subset`: if all controls are met, so is the item. `intersects`: they have something in common.
    pub relation: Relation,
    pub certainty: Certainty,
    pub why: String,
}

/// Items that hang on one and the same thing being used or done (DOC-047).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SharedUse {
    /// E.g. `無線LANを使っていること`.
    pub fact: String,
    /// Name of the fact that a model is asked for.
    #[serde(default)]
    pub model: Option<String>,
    /// With their editions.
    pub items: Vec<String>,
    /// Items that affirm the fact if they are done, and say nothing of it otherwise.
    #[serde(default)]
    pub if_done: Vec<String>,
    /// Beginnings of phrases that deny the fact, whatever box is ticked.
    pub denied: Vec<String>,
}

static RULES: LazyLock<ChecklistRules> = LazyLock::new(|| {
    serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/checklists.json")))
        .unwrap_or_else(|error| panic!("the embedded rules of checklists do not fit their types: {error}"))
});

/// The embedded table.
pub fn checklist_rules() -> &'static ChecklistRules {
    &RULES
}

impl ChecklistRules {
    /// What there is for an item, e.g. `cyber-2025/事業者.2.①`.
    pub fn of<'r>(&'r self, item: &'r str) -> impl Iterator<Item = &'r ProposalRule> {
        self.proposals.iter().filter(move |rule| rule.items.iter().any(|known| known == item))
    }
}

impl SharedUse {
    /// Whether a text denies the fact: a phrase of the list with one of the negations behind it,
    /// or one that is a negation itself.
    pub fn is_denied_by(&self, text: &str, negations: &[String]) -> bool {
        let plain: String = text.chars().filter(|character| !character.is_whitespace()).collect();
        self.denied.iter().any(|phrase| {
            let is_whole = phrase.ends_with("ない") || phrase.ends_with("なし");
            plain.match_indices(phrase.as_str()).any(|(at, found)| {
                let rest = &plain[at + found.len()..];
                is_whole || negations.iter().any(|negation| rest.starts_with(negation.as_str()))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{library, shelf};

    #[test]
    fn every_item_and_control_exists() {
        let rules = checklist_rules();
        let areas = |item: &str| {
            let area = item.strip_prefix("mds-sds-5.0/SDS.");
            let catalog = shelf().catalog("mds-sds-5.0");
            area.zip(catalog).is_some_and(|(area, catalog)| catalog.outline.iter().any(|line| line.title == area))
        };
        let items = rules.proposals.iter().flat_map(|rule| &rule.items);
        for item in items.chain(rules.shared.iter().flat_map(|shared| shared.items.iter().chain(&shared.if_done))) {
            assert!(shelf().entry(item).is_some() || areas(item), "{item}");
        }
        for rule in &rules.proposals {
            assert!(matches!(rule.relation, Relation::Subset | Relation::Intersects), "{:?}", rule.items);
            assert!(rule.relation == Relation::Intersects || !rule.controls.is_empty(), "{:?}", rule.items);
            for id in &rule.controls {
                assert!(library().provider.controls.iter().any(|control| control.id == *id), "{id}");
            }
        }
    }

    /// DOC-047: what denies the fact is told from what affirms it.
    #[test]
    fn denials_are_told_from_affirmations() {
        let rules = checklist_rules();
        let of = |fact: &str| rules.shared.iter().find(|shared| shared.fact.starts_with(fact)).expect("in the table");
        for (fact, text, denied) in [
            ("リモート", "リモートメンテナンスは行っていない。", true),
            ("リモート", "リモート保守は行っておりません", true),
            ("リモート", "リモート保守を行っている。", false),
            ("リモート", "リモート保守は行わない", true),
            ("外部の", "外部と接続していません。", true),
            ("外部の", "外部との接続はない", true),
            ("外部の", "外部と接続している経路を暗号化している", false),
            ("無線LAN", "無線LANを使用していない", true),
            ("無線LAN", "無線LANを使用している", false),
            ("無線LAN", "無線 LANはなし", true),
        ] {
            assert_eq!(of(fact).is_denied_by(text, &rules.negations), denied, "{text}");
        }
    }
}
