//! One task for everything that a change of edition touches (CATALOG-014).

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use shirube_catalog::{Certainty, Control, PlaceKind, Shelf};

use super::{Migration, State, impact};
use crate::choice::choice;
use crate::conformity::ControlAnswer;
use crate::service::Service;

choice! {
    /// What kind of thing is touched, in the order of the work.
    TaskKind {
        Service = "service", "サービス";
        Answer = "answer", "対策項目への答え";
        Flow = "flow", "情報流";
        Risk = "risk", "リスク";
        Treatment = "treatment", "リスク対応";
        Agreement = "agreement", "合意";
        RuleSection = "rule-section", "運用管理規程";
        SlaClause = "sla-clause", "SLA";
        Document = "document", "文書";
    }
}

/// Something to be looked at again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Task {
    pub kind: TaskKind,
    /// Id or number of the thing.
    pub id: String,
    pub title: String,
    /// Old items through which it is touched; empty where the change of edition itself is the reason.
    pub because: Vec<String>,
    pub why: String,
    /// Of the link that leads to the new edition; `None` where no link is known.
    pub certainty: Option<Certainty>,
    /// As the answers name them; `None` while it is open.
    pub owner: Option<String>,
    /// `YYYY-MM-DD`; `None` while it is open.
    pub due: Option<String>,
}

/// The day by which the work has to be done: when the service lets the edition lead, else when it came into force.
pub fn due_of(service: &Service, shelf: &Shelf, edition: &str) -> Option<String> {
    let change = service.files.service.edition_changes.iter().find(|change| change.edition == edition);
    let decided = change.and_then(|change| change.leads_from).map(|date| date.to_string());
    let in_force = || {
        let entry = shelf.history.iter().find(|entry| entry.id == edition)?;
        Some(entry.in_force_from.clone()).filter(|date| date.len() == "2026-01-01".len())
    };
    decided.or_else(in_force)
}

/// An old item that has to be read again.
struct Touched<'a> {
    certainty: Option<Certainty>,
    control: Option<&'static Control>,
    answer: Option<&'a ControlAnswer>,
}

/// Every task of the move. Equal inputs give equal tasks in equal order.
pub fn tasks(service: &Service, migration: &Migration, shelf: &Shelf, due: Option<&str>) -> Vec<Task> {
    let touched = touched(service, migration);
    let mut tasks = vec![Task {
        kind: TaskKind::Service,
        id: service.files.service.provider.clone(),
        title: service.files.service.service.name.clone(),
        because: Vec::new(),
        why: format!("{}から{}への移行を決め、進み具合を見る。", migration.from.edition.id, migration.to.edition.id),
        certainty: None,
        owner: None,
        due: None,
    }];
    tasks.extend(answers(migration, &touched));
    tasks.extend(risks(service, &touched));
    tasks.extend(rule_sections(service, &touched));
    tasks.extend(places(migration, shelf, &touched));
    tasks.extend(documents(service, migration, &touched));
    // Stable: within a kind the order of the files and of the guideline.
    tasks.sort_by_key(|task| task.kind);
    tasks.iter_mut().for_each(|task| task.due = due.map(str::to_owned));
    tasks
}

fn touched<'a>(service: &Service<'a>, migration: &Migration) -> BTreeMap<String, Touched<'a>> {
    let mut sure: BTreeMap<&str, Certainty> = BTreeMap::new();
    for (one, _) in migration.items.iter().filter(|item| item.state != State::Carried).flat_map(|item| &item.from) {
        let known = sure.entry(&one.source).or_insert(one.certainty);
        *known = (*known).max(one.certainty);
    }
    let library = service.assessment.library;
    let ids = impact(service, migration).answers.into_iter();
    ids.map(|id| {
        let of_first = migration.from.edition.id == crate::coverage::ANSWERED;
        let control = id.parse().ok().filter(|_| of_first).and_then(|id| library.provider.control(id));
        let answer = control.and_then(|control| service.answers.conformity.answer(control.id)?.answer);
        let certainty = sure.get(id.as_str()).copied();
        (id, Touched { certainty, control, answer })
    })
    .collect()
}

/// The weakest certainty over several items; `None` as soon as one has no link.
fn weakest(touched: &BTreeMap<String, Touched>, ids: &BTreeSet<&str>) -> Option<Certainty> {
    ids.iter().map(|id| touched.get(*id)?.certainty).min().flatten()
}

fn named(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Everybody whom several texts name, each once.
fn together<'a>(names: impl Iterator<Item = &'a str>) -> Option<String> {
    let names: BTreeSet<&str> = names.map(str::trim).filter(|name| !name.is_empty()).collect();
    (!names.is_empty()).then(|| names.into_iter().collect::<Vec<_>>().join("、"))
}

fn answers(migration: &Migration, touched: &BTreeMap<String, Touched>) -> Vec<Task> {
    let mut tasks = Vec::new();
    // In the order of the original: ids as text would put 1.10 before 1.2.
    for (id, item) in migration.from.entries.iter().filter_map(|entry| touched.get_key_value(&entry.id)) {
        let task = |kind, title: String, why: &str| Task {
            kind,
            id: id.clone(),
            title,
            because: vec![id.clone()],
            why: why.to_owned(),
            certainty: item.certainty,
            owner: item.answer.and_then(|answer| named(&answer.owner)),
            due: None,
        };
        let title = item.control.map_or_else(String::new, |control| control.minor_title.clone());
        tasks.push(task(TaskKind::Answer, title, "前の答えを、新しい版の項目と読み比べる。"));
        let agreed = item.answer.and_then(|answer| named(&answer.agreement));
        if item.control.is_some_and(|control| control.agreement != shirube_catalog::Agreement::No) {
            let title = agreed.unwrap_or_else(|| "（合意する内容は未記入）".to_owned());
            tasks.push(task(TaskKind::Agreement, title, "医療機関等との合意を改めるかを確かめる。"));
        }
    }
    tasks
}

/// Treatments whose measures name a touched control, their risks, and the flows of these.
fn risks(service: &Service, touched: &BTreeMap<String, Touched>) -> Vec<Task> {
    let assessment = &service.assessment;
    let (mut tasks, mut risks) = (Vec::new(), BTreeMap::<usize, BTreeSet<&str>>::new());
    let mut flows: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    for treated in &assessment.treated {
        let mut ids: BTreeSet<&str> = BTreeSet::new();
        let mut owners = Vec::new();
        for measure in &treated.treatment.measures {
            let controls =
                measure.controls.iter().filter_map(|text| assessment.library.provider.control(text.parse().ok()?));
            let hit: Vec<&str> = controls
                .filter_map(|control| touched.get_key_value(&control.id.to_string()).map(|(id, _)| id.as_str()))
                .collect();
            if !hit.is_empty() {
                owners.extend(measure.owner.as_deref());
                ids.extend(hit);
            }
        }
        if ids.is_empty() {
            continue;
        }
        for &risk in &treated.risks {
            risks.entry(risk).or_default().extend(&ids);
            flows.entry(assessment.risks[risk].flow).or_default().extend(&ids);
        }
        let measures: Vec<&str> = treated.treatment.measures.iter().map(|measure| measure.text.as_str()).collect();
        tasks.push(Task {
            kind: TaskKind::Treatment,
            id: treated.treatment.id.clone(),
            title: measures.join(" "),
            because: ids.iter().map(|id| (*id).to_owned()).collect(),
            why: "対策が、新しい版でも足りるかを確かめる。".to_owned(),
            certainty: weakest(touched, &ids),
            owner: together(owners.into_iter()),
            due: None,
        });
    }
    tasks.extend(risks.into_iter().map(|(at, ids)| {
        let risk = &assessment.risks[at];
        Task {
            kind: TaskKind::Risk,
            id: risk.number.clone(),
            title: risk.text().to_owned(),
            because: ids.iter().map(|id| (*id).to_owned()).collect(),
            why: "残るリスクの評価が変わらないかを確かめる。".to_owned(),
            certainty: weakest(touched, &ids),
            owner: risk.decision().and_then(|decision| decision.owner.clone()),
            due: None,
        }
    }));
    tasks.extend(flows.into_iter().map(|(at, ids)| {
        let flow = &assessment.flows.list[at];
        Task {
            kind: TaskKind::Flow,
            id: flow.number.clone(),
            title: flow.sentence(),
            because: ids.iter().map(|id| (*id).to_owned()).collect(),
            why: "この情報流への対策が変わるかを確かめる。".to_owned(),
            certainty: weakest(touched, &ids),
            owner: None,
            due: None,
        }
    }));
    tasks
}

/// Contents of a 運用管理規程 that touched controls ask for words on.
fn rule_sections(service: &Service, touched: &BTreeMap<String, Touched>) -> Vec<Task> {
    let mut tasks = Vec::new();
    for section in &service.assessment.library.provider.rule_book {
        for content in &section.contents {
            let ids: BTreeSet<&str> = content
                .controls
                .iter()
                .filter_map(|id| touched.get_key_value(&id.to_string()).map(|(id, _)| id.as_str()))
                .collect();
            if !ids.is_empty() {
                tasks.push(Task {
                    kind: TaskKind::RuleSection,
                    id: content.id.clone(),
                    title: content.text.clone(),
                    because: ids.iter().map(|id| (*id).to_owned()).collect(),
                    why: format!("運用管理規程の「{}」の書き方を確かめる。", section.title),
                    certainty: weakest(touched, &ids),
                    owner: together(ids.iter().filter_map(|id| Some(touched.get(*id)?.answer?.owner.as_str()))),
                    due: None,
                });
            }
        }
    }
    tasks
}

/// Clauses that name editions, and those that belong to a kind of control.
fn places(migration: &Migration, shelf: &Shelf, touched: &BTreeMap<String, Touched>) -> Vec<Task> {
    let mut tasks = Vec::new();
    let edition = &migration.to.edition.id;
    for place in &shelf.edition_change {
        let of_edition =
            place.editions.is_empty() || place.editions.iter().any(|of| edition.starts_with(&format!("{of}-")));
        let ids: BTreeSet<&str> = touched
            .iter()
            .filter(|(_, item)| {
                item.control.is_some_and(|control| control.flags.iter().any(|flag| place.flags.contains(flag)))
            })
            .map(|(id, _)| id.as_str())
            .collect();
        if !of_edition || (!place.flags.is_empty() && ids.is_empty()) {
            continue;
        }
        let kind = match place.kind {
            PlaceKind::Sla => TaskKind::SlaClause,
            PlaceKind::RuleSection => TaskKind::RuleSection,
            PlaceKind::Disclosure => TaskKind::Document,
        };
        let title = match place.kind {
            PlaceKind::Disclosure => format!("サービス仕様適合開示書 {}", place.title),
            _ => place.title.clone(),
        };
        tasks.push(Task {
            kind,
            id: place.id.clone(),
            title,
            because: ids.iter().map(|id| (*id).to_owned()).collect(),
            why: place.why.clone(),
            certainty: Some(place.certainty),
            owner: None,
            due: None,
        });
    }
    tasks
}

fn documents(service: &Service, migration: &Migration, touched: &BTreeMap<String, Touched>) -> Vec<Task> {
    let impact = impact(service, migration);
    let of = |title: &&'static str| -> Vec<String> {
        match *title {
            "合意事項一覧" => impact.agreements.clone(),
            "対策項目対応表" => impact.answers.clone(),
            _ => Vec::new(),
        }
    };
    let document = &service.files.service.document;
    let titles = impact.documents.iter();
    titles
        .map(|title| {
            let because = of(title);
            let ids: BTreeSet<&str> = because.iter().map(String::as_str).collect();
            Task {
                kind: TaskKind::Document,
                id: (*title).to_owned(),
                title: (*title).to_owned(),
                certainty: weakest(touched, &ids),
                because,
                why: "答えを改めた後に、作り直して配り直す。".to_owned(),
                owner: document.author.clone(),
                due: None,
            }
        })
        .collect()
}
