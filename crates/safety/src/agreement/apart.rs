//! Facts of one institution kept out of what another is shown.
//!
//! A baseline is drawn with one institution: its name stands in the model, in evidence and in minutes of reviews. Nobody
//! can foresee every sentence, so names go wherever they stand.

use aho_corasick::{AhoCorasick, MatchKind};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::ANY;
use crate::model::{Answer, PartyKind};
use crate::risk::RequestStatus;
use crate::service::ServiceFiles;
use crate::stated::{ChecklistForm, ChecklistKind, ChecklistsFile, WhoDoes};

/// What stands in the place of the name of a person there.
const SOMEBODY: &str = "医療機関等の担当者";

/// A copy of the baseline without the institutions it knows as parties and without their people, in which nothing stands
/// that one was told, answered or decided for itself. Of others that use the service it knows nothing: see
/// [`super::Others`].
pub(super) fn without_others(files: &ServiceFiles, names: &Names) -> ServiceFiles {
    let mut apart = ServiceFiles {
        service: unnamed(&files.service, names),
        system: unnamed(&files.system, names),
        assessment: unnamed(&files.assessment, names),
        conformity: unnamed(&files.conformity, names),
        sla: unnamed(&files.sla, names),
        disclosure: unnamed(&files.disclosure, names),
        rules: unnamed(&files.rules, names),
        checklists: unnamed(&of_provider(&files.checklists), names),
        supply: unnamed(&files.supply, names),
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

/// What the provider answers for itself, to whomever: its form of the cyber checklist, the disclosure of MDS/SDS, and its
/// side of the division of roles. What an institution confirmed is its own.
fn of_provider(file: &ChecklistsFile) -> ChecklistsFile {
    let mut own = file.clone();
    own.sheets.retain(|sheet| match sheet.list {
        ChecklistKind::MhlwThird => false,
        kind if kind.is_cyber() => sheet.form == Some(ChecklistForm::Provider),
        _ => true,
    });
    let division =
        |id: &str| file.sheets.iter().any(|sheet| sheet.id == id && sheet.list == ChecklistKind::RoleDivision);
    for sheet in own.sheets.iter_mut().filter(|sheet| sheet.list == ChecklistKind::RoleDivision) {
        (sheet.confirmed_by, sheet.confirmed_on) = (None, None);
    }
    own.replies.retain(|reply| {
        own.sheets.iter().any(|sheet| sheet.id == reply.sheet)
            && (!division(&reply.sheet) || reply.who == Some(WhoDoes::Provider))
    });
    own
}

/// Names to be found, the longest where several begin, with what stands in the place of each.
pub(super) struct Names {
    found: AhoCorasick,
    stands: Vec<&'static str>,
}

impl Names {
    /// Those of the institutions that a baseline knows as parties, and of their people.
    pub(super) fn new(files: &ServiceFiles) -> Self {
        let (names, stands): (Vec<String>, Vec<&str>) = names(files).into_iter().unzip();
        let found = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(names);
        Self { found: found.expect("names of people and clinics are few enough"), stands }
    }

    /// A text without the names.
    pub(super) fn replaced(&self, text: &str) -> String {
        self.found.replace_all(text, &self.stands)
    }
}

/// Names of institutions and of their people, with what stands in their place.
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
    names
}

/// A file with the names replaced in every text, ids as well: what refers to an id holds the same text and changes with
/// it, and an id that held a name would be read in documents.
fn unnamed<T: Serialize + DeserializeOwned + Clone>(file: &T, names: &Names) -> T {
    let mut value = serde_json::to_value(file).expect("a file of texts and numbers is JSON");
    if !replace(&mut value, names) {
        return file.clone();
    }
    serde_json::from_value(value).expect("a file with other texts is still that file")
}

/// Whether a text held a name.
fn replace(value: &mut Value, names: &Names) -> bool {
    match value {
        // Tokens and days are written in ASCII: a name that looks like one must not become another.
        Value::String(text) if !text.is_ascii() && names.found.is_match(text.as_str()) => {
            *text = names.found.replace_all(text, &names.stands);
            true
        }
        Value::Array(list) => list.iter_mut().filter_map(|inner| replace(inner, names).then_some(())).count() > 0,
        Value::Object(object) => {
            object.values_mut().filter_map(|inner| replace(inner, names).then_some(())).count() > 0
        }
        _ => false,
    }
}
