//! Facts of one institution kept out of what another is shown.
//!
//! A baseline is drawn with one institution: its name stands in the model, in evidence and in minutes of reviews. Nobody
//! can foresee every sentence, so names go wherever they stand.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::model::{Answer, PartyKind};
use crate::risk::RequestStatus;
use crate::service::ServiceFiles;
use crate::stated::ChecklistsFile;

/// What stands in the place of the name of an institution.
const ANY: &str = "医療機関等";
/// What stands in the place of the name of a person there.
const SOMEBODY: &str = "医療機関等の担当者";

/// A copy of the baseline in which no institution is named, and nothing stands that one was told, answered or decided for
/// itself.
pub(super) fn without_others(files: &ServiceFiles) -> ServiceFiles {
    let names = names(files);
    let mut apart = ServiceFiles {
        service: unnamed(&files.service, &names),
        system: unnamed(&files.system, &names),
        assessment: unnamed(&files.assessment, &names),
        conformity: unnamed(&files.conformity, &names),
        sla: unnamed(&files.sla, &names),
        disclosure: unnamed(&files.disclosure, &names),
        rules: unnamed(&files.rules, &names),
        checklists: ChecklistsFile::default(),
        house: files.house.clone(),
    };
    apart.rules.institution = None;
    if let Some(contacts) = &mut apart.sla.contacts {
        contacts.institution = None;
    }
    if let Some(sender) = &mut apart.disclosure.sender {
        sender.addressee = None;
    }
    if let Some(contract) = &mut apart.sla.contract {
        contract.number = None;
    }
    apart.service.selection.iter_mut().for_each(|item| item.acknowledged_on = None);
    for answer in &mut apart.conformity.statutory {
        (answer.explained, answer.explained_on, answer.explained_to) = (Answer::Unknown, None, None);
    }
    let requests = apart.assessment.treatments.iter_mut().flat_map(|treatment| &mut treatment.requests);
    // A refusal in the baseline is part of it: what remains was rated without that request.
    for request in requests.filter(|request| request.status != RequestStatus::Refused) {
        request.status = RequestStatus::Proposed;
    }
    apart
}

/// Names of institutions and of their people, with what stands in their place; the longest first.
fn names(files: &ServiceFiles) -> Vec<(String, &'static str)> {
    let parties = files.service.parties.iter().filter(|party| party.kind == PartyKind::Institution);
    let mut names: Vec<(String, &str)> = parties.map(|party| (party.name.trim().to_owned(), ANY)).collect();
    let contact = files.sla.contacts.as_ref().and_then(|contacts| contacts.institution.as_ref());
    for person in contact.iter().flat_map(|contact| [&contact.name, &contact.representative]).flatten() {
        names.push((person.trim().to_owned(), SOMEBODY));
        // 「事務長 若葉 二葉」 is 「若葉 二葉」 elsewhere.
        if let Some((_, name)) = person.trim().split_once([' ', '　']) {
            names.push((name.trim().to_owned(), SOMEBODY));
        }
    }
    // 「医療機関」 or 「当院」 is nobody's name.
    names.retain(|(name, _)| name.chars().count() > 2 && !SOMEBODY.contains(name.as_str()));
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    names
}

/// A file with the names replaced in every text.
fn unnamed<T: Serialize + DeserializeOwned + Clone>(file: &T, names: &[(String, &'static str)]) -> T {
    let mut value = serde_json::to_value(file).expect("a file of texts and numbers is JSON");
    if replace(&mut value, names) == 0 {
        return file.clone();
    }
    serde_json::from_value(value).expect("a file with other texts is still that file")
}

/// How many texts held a name.
fn replace(value: &mut Value, names: &[(String, &'static str)]) -> usize {
    match value {
        Value::String(text) => {
            let found: Vec<_> = names.iter().filter(|(name, _)| text.contains(name.as_str())).collect();
            found.iter().for_each(|(name, any)| *text = text.replace(name.as_str(), any));
            found.len()
        }
        Value::Array(list) => list.iter_mut().map(|inner| replace(inner, names)).sum(),
        Value::Object(object) => object.values_mut().map(|inner| replace(inner, names)).sum(),
        _ => 0,
    }
}
