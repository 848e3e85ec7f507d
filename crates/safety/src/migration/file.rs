//! What a migration writes for people: proposals side by side with their reasons, and room for a person's word.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shirube_catalog::{Certainty, Relation};

use super::{Migration, OldAnswer, State};
use crate::conformity::ControlStatus;
use crate::model::Date;

/// The file `carried/EDITION.yaml` of a service folder.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CarriedFile {
    pub from: String,
    pub to: String,
    /// Editions passed, both ends included.
    pub way: Vec<String>,
    /// The user's own lists on the way, each with the revision that was laid out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<String>,
    pub answers: Vec<CarriedAnswer>,
    /// Old items that lead nowhere.
    #[serde(default)]
    pub withdrawn: Vec<Leading>,
    /// What people confirmed of items that are no longer there. It is kept until a person removes it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub orphaned: Vec<CarriedAnswer>,
}

/// One item of the new edition.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CarriedAnswer {
    pub id: String,
    pub state: State,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub difference: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<Leading>,
    /// What a person decided; nothing here comes from a program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Confirmation>,
}

/// An old item with what was answered.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Leading {
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<Relation>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certainty: Option<Certainty>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Old>,
}

/// The old answer, as it was.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Old {
    pub status: ControlStatus,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub how: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// What speaks against taking it as it stands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// A person's answer to the new item.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    pub status: ControlStatus,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub how: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    pub by: String,
    pub on: Date,
    pub reason: String,
    /// 利用者の加えた一覧のとき、読んだ版。
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<u32>,
}

impl From<OldAnswer<'_>> for Old {
    fn from(answer: OldAnswer) -> Self {
        Self {
            status: answer.status,
            how: answer.how.to_owned(),
            evidence: answer.evidence.to_vec(),
            reason: answer.reason.to_owned(),
            notes: answer.notes.to_vec(),
        }
    }
}

impl CarriedFile {
    /// What is to be written; what people confirmed before stays.
    pub fn of(migration: &Migration, before: Option<&Self>) -> Self {
        let confirmed = |id: &str| {
            let answers = before.map_or(&[][..], |file| &file.answers);
            answers.iter().find(|answer| answer.id == id).and_then(|answer| answer.confirmed.clone())
        };
        let leading = |(one, answer): &(shirube_catalog::Mapped, Option<OldAnswer>)| Leading {
            id: format!("{}/{}", migration.from.edition.id, one.source),
            relation: one.relation,
            certainty: Some(one.certainty),
            why: one.steps.iter().map(|step| step.rationale.as_str()).collect::<Vec<_>>().join(" "),
            answer: answer.map(Old::from),
        };
        let answers = migration.items.iter().map(|item| CarriedAnswer {
            id: item.entry.id.clone(),
            state: item.state,
            difference: item.difference.clone(),
            from: item.from.iter().map(leading).collect(),
            confirmed: confirmed(&item.entry.id),
        });
        let withdrawn = migration.withdrawn.iter().filter(|item| item.answer.is_some()).map(|item| Leading {
            id: format!("{}/{}", migration.from.edition.id, item.entry.id),
            relation: item.stated.then_some(Relation::None),
            certainty: item.certainty,
            why: item.why.clone(),
            answer: item.answer.map(Old::from),
        });
        let here = |id: &str| migration.items.iter().any(|item| item.entry.id == id);
        let orphaned = before.into_iter().flat_map(|file| file.answers.iter().chain(&file.orphaned));
        Self {
            from: migration.from.edition.id.clone(),
            to: migration.to.edition.id.clone(),
            way: migration.way.clone(),
            lists: Vec::new(),
            answers: answers.collect(),
            withdrawn: withdrawn.collect(),
            orphaned: orphaned.filter(|answer| answer.confirmed.is_some() && !here(&answer.id)).cloned().collect(),
        }
    }
}
