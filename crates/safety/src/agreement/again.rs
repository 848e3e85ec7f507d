//! Whom a change has to be agreed with again, and about what (AGREE-009).

use super::{AgreementStep, InstitutionFile, Item, ItemState, Reopened, letter, reopened, states};

/// What an institution has to be told, since it was explained or agreed when it was something else.
#[derive(Debug, Clone, PartialEq)]
pub struct Again {
    pub reopened: Vec<Reopened>,
    /// How many items were explained or agreed and stay as they were.
    pub unchanged: usize,
    /// Sentences to send; none if nothing is re-opened.
    pub letter: Vec<String>,
}

/// `was` and `old` are the file and the items of the institution in the state in which it was asked, `file` and `new` those
/// of today; `service` is the name of the service.
pub fn again(
    service: &str,
    (was, old): (&InstitutionFile, &[Item]),
    (file, new): (&InstitutionFile, &[Item]),
) -> Again {
    // Records that came after the state speak of what came after it.
    let since =
        InstitutionFile { records: file.records.iter().skip(was.records.len()).cloned().collect(), ..file.clone() };
    let is_settled = |state: &&ItemState| {
        matches!(state.step(), Some(AgreementStep::Explained | AgreementStep::InTalks | AgreementStep::Agreed))
    };
    let (anew, before) = (states(new, &since), states(old, was));
    let settled: Vec<&str> = anew.iter().filter(is_settled).map(|state| state.item.key.as_str()).collect();
    // What was never shown is not asked about again. What is new was shown to nobody, and concerns who agreed to others.
    let known: Vec<&str> =
        before.iter().filter(|state| state.record.is_some()).map(|state| state.item.key.as_str()).collect();
    let concerns = |one: &Reopened| {
        known.contains(&one.key.as_str()) || (!known.is_empty() && old.iter().all(|item| item.key != one.key))
    };
    let reopened: Vec<Reopened> =
        reopened(old, new).into_iter().filter(|one| concerns(one) && !settled.contains(&one.key.as_str())).collect();
    let changed = known.iter().filter(|key| reopened.iter().any(|one| one.key == **key)).count();
    let unchanged = known.len() - changed;
    let letter = if reopened.is_empty() { Vec::new() } else { letter(service, &reopened, unchanged) };
    Again { reopened, unchanged, letter }
}
