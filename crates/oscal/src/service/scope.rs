//! What all documents of one service share: whose they are, from when, and who is named in them.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Value, json};
use shirube_catalog::{ControlId, library, shelf};
use shirube_safety::Service;
use shirube_safety::conformity::ControlStatus;
use shirube_safety::model::{Date, PartyKind, RoleKind};
use shirube_safety::risk::{Signed, Treated};

use crate::document::{metadata, moment, noted, prop, uuid};
use crate::markup;
use crate::token::tokens;

/// A service about to be written.
pub(super) struct Scope<'s, 'a> {
    pub service: &'s Service<'a>,
    /// Short content hash of the folder.
    source: &'s str,
    /// Keeps identifiers of two services apart.
    identity: String,
    /// The latest day on which somebody recorded something; `None` while the folder names no day.
    latest: Option<Date>,
    tokens: HashMap<&'static str, String>,
}

/// What OSCAL's `implementation-status` says. It names five states and allows others.
pub(crate) fn status_token(status: ControlStatus) -> &'static str {
    match status {
        ControlStatus::Met => "implemented",
        ControlStatus::Partial => "partial",
        ControlStatus::Alternative => "alternative",
        ControlStatus::Planned => "planned",
        ControlStatus::NotMet => "not-met",
        ControlStatus::NotAdopted => "not-adopted",
        ControlStatus::NotApplicable => "not-applicable",
        ControlStatus::Unanswered => "unanswered",
    }
}

impl<'s, 'a> Scope<'s, 'a> {
    pub(super) fn new(service: &'s Service<'a>, source: &'s str) -> Self {
        let file = &service.files.service;
        let catalog = shelf().catalog(&library().provider.edition.id);
        Self {
            service,
            source,
            identity: format!("{}\u{1f}{}", party_name(service, &file.provider), file.service.name),
            latest: days(service).into_iter().max(),
            tokens: catalog.map(tokens).unwrap_or_default(),
        }
    }

    /// The identifier of something of this service: the same as long as its id in the folder is.
    pub(super) fn id(&self, kind: &str, name: &str) -> String {
        uuid(kind, &format!("{}\u{1f}{name}", self.identity))
    }

    /// The service as a component.
    pub(super) fn system(&self) -> String {
        self.id("component", "")
    }

    pub(super) fn person(&self, name: &str) -> String {
        self.id("person", name.trim())
    }

    /// The token of a control of 別紙2 in the catalog beside the documents.
    pub(super) fn control(&self, id: ControlId) -> Option<&str> {
        self.tokens.get(id.to_string().as_str()).map(String::as_str)
    }

    /// A treatment by its id; a second one with the same id, which is an error of the folder, gets a number.
    pub(super) fn treatment(&self, treated: &Treated) -> String {
        let id = &treated.treatment.id;
        let before = self.service.assessment.treated.iter().take_while(|other| other.at != treated.at);
        match before.filter(|other| other.treatment.id == *id).count() {
            0 => id.clone(),
            more => format!("{id} ({})", more + 1),
        }
    }

    pub(super) fn party_name(&self, id: &'s str) -> &'s str {
        party_name(self.service, id)
    }

    /// The day of the documents, as a moment.
    pub(super) fn modified(&self) -> String {
        moment(&self.latest.map(|day| day.to_string()).unwrap_or_default())
    }

    pub(super) fn at(day: Date) -> String {
        moment(&day.to_string())
    }

    pub(super) fn metadata(&self, what: &str) -> Value {
        let file = &self.service.files.service;
        let basis = match self.latest {
            Some(_) => {
                noted("last-modified-basis", "latest-record", "日時は、フォルダの記録のうち最も新しい日付による。")
            }
            None => noted("last-modified-basis", "not-stated", "フォルダに日付の記録がないため、日時に意味はない。"),
        };
        let open: Vec<Value> =
            self.service.open_points().map(|point| noted("open-point", point.rule, &point.text)).collect();
        let dated = file.document.issued_on.is_some();
        let status = if dated && open.is_empty() { "issued" } else { "draft" };
        let mut props = vec![
            prop("status", status),
            noted("source", self.source, "元のフォルダの内容の要約値"),
            basis,
            prop("document-number", file.document.number.as_deref().unwrap_or_default()),
            prop("confidentiality", file.document.confidentiality.as_deref().unwrap_or_default()),
        ];
        props.extend(open);
        metadata(
            &format!("{} {what}", file.service.name),
            &self.modified(),
            file.document.edition.as_deref().unwrap_or_default(),
            json!({
                "published": file.document.issued_on.filter(|_| status == "issued").map(Self::at),
                "props": props,
                "roles": self.roles(),
                "parties": self.parties(),
                "responsible-parties": self.responsible(),
                "remarks": "Shirubeが、人の書いた記録から書き出した。要求事項を満たしていることの証明ではない。",
            }),
        )
    }

    fn roles(&self) -> Vec<Value> {
        let mut roles: Vec<Value> =
            RoleKind::ALL.iter().map(|role| json!({ "id": role.token(), "title": role.term() })).collect();
        roles.push(json!({ "id": "prepared-by", "title": "作成者" }));
        roles.push(json!({ "id": "content-approver", "title": "承認者" }));
        roles
    }

    fn parties(&self) -> Vec<Value> {
        let organisations = self.service.files.service.parties.iter().map(|party| {
            let kind = if party.kind == PartyKind::Patient { "person" } else { "organization" };
            json!({
                "uuid": self.id("party", &party.id),
                "type": kind,
                "name": markup::string(if party.name.trim().is_empty() { &party.id } else { &party.name }),
                "props": [prop("party-id", &party.id), noted("party-kind", party.kind.token(), party.kind.term())],
            })
        });
        let people = people(self.service).into_iter();
        let people =
            people.map(|name| json!({ "uuid": self.person(name), "type": "person", "name": markup::string(name) }));
        organisations.chain(people).collect()
    }

    fn responsible(&self) -> Vec<Value> {
        let file = &self.service.files.service;
        let of_roles = file.roles.iter().map(|role| (role.role.token(), role.name.as_str()));
        let of_document = [
            ("prepared-by", file.document.author.as_deref().unwrap_or_default()),
            ("content-approver", file.document.approver.as_deref().unwrap_or_default()),
        ];
        let mut found: Vec<(&str, Vec<String>)> = Vec::new();
        for (role, name) in of_roles.chain(of_document).filter(|(_, name)| !name.trim().is_empty()) {
            let person = self.person(name);
            match found.iter_mut().find(|(known, _)| *known == role) {
                Some((_, people)) if people.contains(&person) => {}
                Some((_, people)) => people.push(person),
                None => found.push((role, vec![person])),
            }
        }
        found.into_iter().map(|(role, people)| json!({ "role-id": role, "party-uuids": people })).collect()
    }
}

fn party_name<'s>(service: &'s Service, id: &'s str) -> &'s str {
    let found = service.files.service.parties.iter().find(|party| party.id == id);
    found.map_or(id, |party| &party.name)
}

/// Everybody who signed something of the assessment or the answers.
fn signatures<'s>(service: &'s Service) -> Vec<&'s Signed> {
    let (assessment, conformity) = (&service.files.assessment, &service.files.conformity);
    let mut found: Vec<&Signed> = Vec::new();
    found.extend(&assessment.threats_reviewed);
    found.extend(&assessment.identification_closed);
    found.extend(assessment.not_applicable.iter().map(|one| &one.decided));
    found.extend(assessment.decisions.iter().map(|one| &one.decided));
    found.extend(assessment.treatments.iter().map(|one| &one.decided));
    found.extend(assessment.considerations.iter().map(|one| &one.decided));
    found.extend(conformity.answers.iter().filter_map(|one| one.decided.as_ref()));
    found.extend(conformity.statutory.iter().filter_map(|one| one.decided.as_ref()));
    found
}

/// Days on which something was recorded. Days that are planned are not among them.
fn days(service: &Service) -> Vec<Date> {
    let file = &service.files.service;
    let mut days: Vec<Date> = signatures(service).into_iter().map(|signed| signed.on).collect();
    days.extend(file.document.issued_on);
    days.extend(file.document.history.iter().map(|entry| entry.on));
    days.extend(service.files.system.flows_reviewed.as_ref().map(|reviewed| reviewed.on));
    days.extend(service.files.assessment.reviews.iter().map(|review| review.on));
    days
}

fn people<'s>(service: &'s Service) -> BTreeSet<&'s str> {
    let file = &service.files.service;
    let mut names: Vec<&str> = signatures(service).into_iter().map(|signed| signed.by.as_str()).collect();
    names.extend(file.roles.iter().map(|role| role.name.as_str()));
    names.extend(file.document.author.as_deref());
    names.extend(file.document.approver.as_deref());
    names.into_iter().map(str::trim).filter(|name| !name.is_empty()).collect()
}
