//! What a page of a record is about: file, way, and what the service holds there.

use serde_json::Value;
use shirube_catalog::library;
use shirube_documents::deliverable::{Deliverable, clause_names};
use shirube_folder::edit::{Identity, Locator, Step, Texts, way, way_text};
use shirube_safety::{File, Place, Service, ServiceFiles};

use crate::form::{Choice, Form, Known, record_spot};
use crate::query::link;
use crate::reader::Resource;

/// The record that a page edits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub file: File,
    /// Way to the record; for a new one, to its list.
    pub way: Vec<Step>,
    /// A record that is not in the list yet.
    pub is_new: bool,
}

/// Files by their names in addresses.
pub const FILES: [(&str, File); 10] = [
    ("shirube", File::Service),
    ("system", File::System),
    ("assessment", File::Assessment),
    ("conformity", File::Conformity),
    ("sla", File::Sla),
    ("disclosure", File::Disclosure),
    ("rules", File::Rules),
    ("checklists", File::Checklists),
    ("supply", File::Supply),
    ("house", File::House),
];

impl Target {
    /// From the parameters of an address; `None` for what no form is for.
    pub fn parse(file: &str, at: Option<&str>, list: Option<&str>) -> Option<Self> {
        let (_, file) = FILES.iter().find(|(name, _)| *name == file)?;
        let target = match (at, list) {
            (_, Some(list)) => Self { file: *file, way: vec![Step::Key(list.to_owned())], is_new: true },
            (at, None) => Self { file: *file, way: way(at.unwrap_or_default())?, is_new: false },
        };
        let is_list = |spot: crate::form::Spot| spot.json_type() == "array";
        let spot = crate::form::Spot::of(crate::form::schema(target.file), &target.way)?;
        let fits = match target.way.as_slice() {
            [] => target.file == File::Service || File::STATED.contains(&target.file),
            [Step::Key(_)] => is_list(spot) == target.is_new,
            [Step::Key(_), Step::Item(_)] => !target.is_new,
            _ => false,
        };
        (fits && record_spot(target.file, &target.way).is_some()).then_some(target)
    }

    pub fn file_token(&self) -> &'static str {
        FILES.iter().find(|(_, file)| *file == self.file).map_or("", |(name, _)| name)
    }

    /// What one must be allowed to edit.
    pub fn resource(&self) -> Resource {
        match self.file {
            File::Assessment => Resource::Risk,
            File::Conformity => Resource::Control,
            _ => Resource::Model,
        }
    }

    /// Address of the page.
    pub fn href(&self, base: &str) -> String {
        let place = way_text(&self.way);
        let key = if self.is_new { "list" } else { "at" };
        link(&format!("{base}/record"), &[("file", self.file_token()), (key, &place)])
    }

    /// The list of the record.
    pub fn list(&self) -> &str {
        match self.way.first() {
            Some(Step::Key(list)) => list,
            _ => "",
        }
    }

    /// What tells the record from the others of its list.
    pub fn identity(&self) -> Option<&Identity> {
        match self.way.as_slice() {
            [_, Step::Item(identity)] => Some(identity),
            _ => None,
        }
    }
}

/// A record with what its form has to know.
pub struct Opened {
    pub known: Known,
    /// What the record holds; `None` for one that is not there.
    pub stored: Option<Value>,
    /// The whole list, for a new record.
    pub list: Vec<Value>,
    /// The decision with all its risks.
    pub whole: Option<Value>,
    /// Other risks that share the decision, in the order of the record.
    pub sharing: Vec<String>,
    /// What is fixed by the address, as fields and values.
    pub fixed: Vec<(&'static str, String)>,
    /// Number and digest of the flows, for the record that they were looked at.
    pub flows: Option<(usize, String)>,
    /// The basis of the decision: for this risk, for all that share it, for the others alone.
    pub bases: Option<Bases>,
}

pub struct Bases {
    pub alone: String,
    pub together: String,
    pub others: String,
    /// The decision rests on facts that have changed since.
    pub outdated: bool,
}

/// Records that may be made at an address that names what they are about.
const MADE: [(&str, &[&str]); 4] = [
    ("decisions", &[]),
    ("answers", &["control"]),
    ("considerations", &["item"]),
    ("statutory", &["item", "row", "place"]),
];

/// Opens a record of a service; `None` if it is not there. Takes a moment: to be called on a thread of its own.
pub fn open(texts: &Texts, target: &Target) -> Option<Opened> {
    let folder = shirube_folder::read(texts).ok()?;
    let files = &folder.files;
    let content = content(files, target.file)?;
    let mut opened = Opened {
        known: Known::new(files),
        stored: None,
        list: Vec::new(),
        whole: None,
        sharing: Vec::new(),
        fixed: Vec::new(),
        flows: None,
        bases: None,
    };
    match target.way.as_slice() {
        [] => opened.stored = Some(content),
        [Step::Key(key)] if target.is_new => {
            opened.list = content[key.as_str()].as_array().cloned().unwrap_or_default()
        }
        [Step::Key(key)] => opened.stored = content.get(key).filter(|value| !value.is_null()).cloned(),
        [Step::Key(list), Step::Item(identity)] => {
            let records = content[list.as_str()].as_array().cloned().unwrap_or_default();
            let at = position(texts, target, list, identity, &records);
            let made = MADE.iter().find(|(known, _)| known == list);
            match (at, made) {
                (Some(at), _) => opened.stored = Some(records[at].clone()),
                (None, Some((_, fields))) => {
                    opened.fixed = fields.iter().copied().zip(identity.fields.iter().cloned()).collect();
                    opened.fixed.retain(|(_, value)| !value.is_empty());
                }
                (None, None) => return None,
            }
            if list == "answers" {
                opened.fixed = vec![("control", printed(&identity.fields[0]))];
            }
        }
        _ => return None,
    }
    if let Some(document) = changed(target) {
        let clauses = clause_names(document).into_iter();
        opened.known.put("clauses", clauses.map(|clause| Choice::new(clause.id, clause.title)));
    }
    if matches!(target.file, File::Assessment | File::Conformity)
        || ["rejected_flows", "flows_reviewed", "information_classes"].contains(&target.list())
    {
        of_service(&mut opened, files, target);
    }
    Some(opened)
}

/// The document whose clauses a list changes.
fn changed(target: &Target) -> Option<Deliverable> {
    let named = |name: &str| Deliverable::ALL.into_iter().find(|one| one.is_clauses() && one.name() == name);
    match (target.file, target.list()) {
        (File::Sla, "clauses") => Some(Deliverable::Sla),
        (File::House, list) => named(&list.replace('_', "-")),
        _ => None,
    }
}

/// A file as the form reads it.
pub fn content(files: &ServiceFiles, file: File) -> Option<Value> {
    match file {
        File::Service => serde_json::to_value(&files.service),
        File::System => serde_json::to_value(&files.system),
        File::Assessment => serde_json::to_value(&files.assessment),
        File::Conformity => serde_json::to_value(&files.conformity),
        File::Sla => serde_json::to_value(&files.sla),
        File::Disclosure => serde_json::to_value(&files.disclosure),
        File::Rules => serde_json::to_value(&files.rules),
        File::Checklists => serde_json::to_value(&files.checklists),
        File::Supply => serde_json::to_value(&files.supply),
        File::House => serde_json::to_value(&files.house),
        File::Classification
        | File::Institution
        | File::Register
        | File::Periods
        | File::Selection
        | File::DisclosureData => return None,
    }
    .ok()
}

/// Index of a record of a list.
fn position(texts: &Texts, target: &Target, list: &str, identity: &Identity, records: &[Value]) -> Option<usize> {
    let first = identity.fields.first().map_or("", String::as_str);
    match list {
        "decisions" => records.iter().position(|record| risks(record).any(|risk| risk == first)),
        "answers" => {
            let wanted = printed(first);
            records
                .iter()
                .position(|record| record["control"].as_str().is_some_and(|control| printed(control) == wanted))
        }
        _ => {
            let locator = Locator::new(texts);
            (0..records.len()).find(|at| {
                let place = Place::new(target.file, format!("/{list}/{at}"));
                locator.of_place(&place).first().is_some_and(|way| *way == target.way)
            })
        }
    }
}

fn risks(decision: &Value) -> impl Iterator<Item = &str> {
    decision["risks"].as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// The number of a control as the guideline prints it; other ids as they are.
pub fn printed(control: &str) -> String {
    control.parse::<shirube_catalog::ControlId>().map_or_else(|_| control.to_owned(), |id| id.to_string())
}

/// What follows from the whole service: flows, risks, scales, the basis of a decision.
fn of_service(opened: &mut Opened, files: &ServiceFiles, target: &Target) {
    let service = Service::new(files);
    let assessment = &service.assessment;
    let known = &mut opened.known;
    let flows = assessment.flows.list.iter();
    known.put("flows", flows.map(|flow| Choice::new(&flow.id, format!("{} {}", flow.number, flow.sentence()))));
    let risks = assessment.risks.iter();
    known.put("risks", risks.map(|risk| Choice::new(&risk.id, format!("{} {}", risk.number, risk.text()))));
    known.put("threats", assessment.threats.iter().map(|threat| Choice::new(&threat.id, &threat.name)));
    let provider = &library().provider;
    let own = files.assessment.scenarios.iter().map(|scenario| Choice::new(&scenario.id, &scenario.text));
    let given = provider.scenarios.iter().map(|scenario| Choice::new(&scenario.id, &scenario.text));
    known.put("scenarios", given.chain(own));
    let own = files.assessment.controls.iter().map(|control| Choice::new(&control.id, &control.text));
    let given = provider.controls.iter().map(|control| Choice::new(control.id.to_string(), &control.text));
    known.put("controls", given.chain(own));
    let editions = library().editions().into_iter();
    known.put(
        "editions",
        editions.map(|edition| Choice::new(&edition.id, format!("{} {}", edition.title, edition.edition))),
    );
    let step =
        |step: &shirube_catalog::Factor| Choice::new(step.value.to_string(), format!("{} {}", step.value, step.label));
    known.impact = assessment.method.impact.iter().map(step).collect();
    known.likelihood = assessment.method.likelihood.iter().map(step).collect();
    opened.flows = Some((assessment.flows.list.len(), assessment.flows.digest(assessment.system)));
    let Some(risk) = target.identity().filter(|_| target.list() == "decisions").map(|id| id.fields[0].as_str()) else {
        return;
    };
    if let Some(stored) = &mut opened.stored {
        let all: Vec<String> = self::risks(stored).map(str::to_owned).collect();
        let at = |ids: &mut dyn Iterator<Item = &String>| -> Vec<usize> {
            ids.filter_map(|id| assessment.risk_index(id)).collect()
        };
        opened.bases = Some(Bases {
            alone: assessment.basis(&at(&mut all.iter().filter(|id| *id == risk))),
            together: assessment.basis(&at(&mut all.iter())),
            others: assessment.basis(&at(&mut all.iter().filter(|id| *id != risk))),
            outdated: assessment.risk(risk).is_some_and(|risk| risk.outdated),
        });
        opened.sharing = all.into_iter().filter(|id| id != risk).collect();
        opened.whole = Some(stored.clone());
        *stored = of_one(stored, risk);
    } else if let Some(at) = assessment.risk_index(risk) {
        let basis = assessment.basis(&[at]);
        opened.bases = Some(Bases { alone: basis.clone(), together: basis, others: String::new(), outdated: false });
    }
}

/// What was decided for one of the risks that share a decision.
pub fn of_one(decision: &Value, risk: &str) -> Value {
    let mut record = decision.clone();
    let Some(fields) = record.as_object_mut() else { return record };
    fields.remove("risks");
    let each = fields.remove("each");
    let own = each.as_ref().and_then(Value::as_array).into_iter().flatten().find(|own| own["risk"] == risk);
    if let Some(Value::Object(own)) = own {
        let mut own = own.clone();
        own.remove("risk");
        fields.insert("own".to_owned(), Value::Object(own));
    }
    record
}

impl Opened {
    /// The form of the record.
    pub fn form(&self, target: &Target) -> Option<Form<'_>> {
        let stored = self.stored.as_ref();
        let form = Form::new(target.file, &target.way, stored, &self.known)?;
        let form = self.fixed.iter().fold(form, |form, (key, value)| form.fix(key, value));
        let taken = self.list.iter().filter_map(|record| record["id"].as_str().map(str::to_owned));
        Some(form.taken(taken.collect()))
    }
}
