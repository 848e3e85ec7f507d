//! One fact answered differently in two places, or against the model (DOC-047). Listed, never corrected.

use shirube_catalog::{SharedUse, checklist_rules};

use super::Checklist;
use super::fact::{Facts, Use};
use crate::finding::{Findings, Severity};
use crate::stated::{BoxMark, ChecklistForm, ChecklistReply, ChecklistSheet, ChecklistState, ChecklistsFile};

/// What a reply says of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stance {
    Affirms,
    Denies,
}

/// A reply that says something of the fact.
struct Voice<'a> {
    reply: &'a ChecklistReply,
    at: usize,
    stance: Stance,
    mark: Option<BoxMark>,
}

pub(super) fn check(file: &ChecklistsFile, made: &[Checklist], facts: &Facts, at: &mut Findings) {
    if made.is_empty() {
        return;
    }
    for shared in &checklist_rules().shared {
        let voices = voices(file, made, shared);
        for (answerer, said) in &voices {
            among(shared, said, at);
            if answerer.is_empty() {
                against_model(shared, said, facts, at);
            }
        }
    }
}

/// Whose answers they are: the provider's, or those of one institution.
fn answerer(sheet: &ChecklistSheet) -> String {
    match sheet.form {
        Some(ChecklistForm::Institution) => sheet.institution.clone().unwrap_or_else(|| sheet.id.clone()),
        Some(ChecklistForm::Provider) | None => String::new(),
    }
}

fn voices<'a>(file: &'a ChecklistsFile, made: &[Checklist], shared: &SharedUse) -> Vec<(String, Vec<Voice<'a>>)> {
    let mut all: Vec<(String, Vec<Voice>)> = Vec::new();
    for (at, reply) in file.replies.iter().enumerate() {
        let Some(list) = made.iter().find(|list| list.sheet.id == reply.sheet) else { continue };
        let item = format!("{}/{}", list.kind().token(), reply.item);
        let stance = match (shared.items.contains(&item), shared.if_done.contains(&item)) {
            (true, _) => stance(shared, reply),
            (false, true) => stance(shared, reply).filter(|stance| *stance == Stance::Affirms),
            (false, false) => None,
        };
        let Some(stance) = stance else { continue };
        let voice = Voice { reply, at, stance, mark: reply.box_mark() };
        let who = answerer(list.sheet);
        match all.iter_mut().find(|(known, _)| *known == who) {
            Some((_, voices)) => voices.push(voice),
            None => all.push((who, vec![voice])),
        }
    }
    all
}

/// 未実施 says nothing: what is not done may still be used.
fn stance(shared: &SharedUse, reply: &ChecklistReply) -> Option<Stance> {
    let negations = &checklist_rules().negations;
    let texts = [&reply.content, &reply.reason, &reply.note];
    if texts.into_iter().flatten().any(|text| shared.is_denied_by(text, negations)) {
        return Some(Stance::Denies);
    }
    match reply.state? {
        ChecklistState::Done => Some(Stance::Affirms),
        ChecklistState::NotApplicable => Some(Stance::Denies),
        ChecklistState::NotDone => None,
    }
}

/// Replies among themselves.
fn among(shared: &SharedUse, said: &[Voice], at: &mut Findings) {
    let Some(first) = said.first() else { return };
    for other in &said[1..] {
        let both = format!("「{}」と「{}」", first.reply.item, other.reply.item);
        let message = if first.stance != other.stance {
            let of = |voice: &Voice| match voice.stance {
                Stance::Affirms => format!("「{}」はあるものとして", voice.reply.item),
                Stance::Denies => format!("「{}」はないものとして", voice.reply.item),
            };
            format!("{}について、{}、{}答えています。", shared.fact, of(first), of(other))
        } else if first.stance == Stance::Denies && first.mark != other.mark {
            format!("{}について、{both}は同じ答えですが、印（■と□）が違います。", shared.fact)
        } else {
            continue;
        };
        let advice = "どちらが事実かを確かめてください。自動では直しません。";
        at.add(Severity::Warning, "checklist-contradiction", format!("/replies/{}", other.at), message, advice);
    }
}

/// Replies against what the model shows.
fn against_model(shared: &SharedUse, said: &[Voice], facts: &Facts, at: &mut Findings) {
    let Some(name) = &shared.model else { return };
    let used = facts.used(name);
    for voice in said {
        let item = &voice.reply.item;
        let message = match (&used, voice.stance) {
            (Use::Shown(shown), Stance::Denies) => format!(
                "「{item}」は{}を否定していますが、system.yamlに{}があります。",
                shared.fact,
                shown.iter().take(3).cloned().collect::<Vec<_>>().join("、")
            ),
            (Use::Absent, Stance::Affirms) => {
                format!("「{item}」は{}を前提に答えていますが、system.yamlにそれを示すものがありません。", shared.fact)
            }
            _ => continue,
        };
        let advice = "答えか構成の、事実と違う方を改めてください。自動では直しません。";
        at.add(Severity::Warning, "checklist-against-model", format!("/replies/{}", voice.at), message, advice);
    }
}

#[cfg(test)]
mod tests {
    use super::super::fact::is_known;
    use super::*;

    /// A fact of the table that no code tells would be silent.
    #[test]
    fn every_fact_of_the_table_can_be_told() {
        let rules = checklist_rules();
        let facts = rules.proposals.iter().flat_map(|rule| &rule.facts);
        for name in facts.chain(rules.shared.iter().filter_map(|shared| shared.model.as_ref())) {
            assert!(is_known(name), "{name}");
        }
    }
}
