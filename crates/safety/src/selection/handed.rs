//! What a provider's data say of one thing.

use super::side::{CellState, Criterion, Origin, Told};
use super::{Access, DataCertification, DataEntry, DataPlace, DataRisks, DataSubcontractor, DisclosureData, Topic};
use crate::text::japanese;

/// What the provider handed over on something.
pub(super) fn handed(criterion: Criterion, data: &DisclosureData) -> Vec<Told> {
    match criterion {
        Criterion::Item(no) => {
            let entries = data.items.iter().filter(|item| item.item == no).flat_map(|item| &item.entries);
            entries.map(of_entry).collect()
        }
        Criterion::Topic(topic) => topical(topic, data),
        Criterion::Question(_) => Vec::new(),
    }
}

fn of_entry(entry: &DataEntry) -> Told {
    let is_shown = [&entry.document, &entry.text].into_iter().any(|text| !text.trim().is_empty());
    Told {
        origin: Origin::Data,
        state: match entry.access {
            _ if is_shown => CellState::Shown,
            access => kept_back(access),
        },
        document: entry.document.trim().to_owned(),
        text: entry.text.trim().to_owned(),
        conditions: entry.conditions.trim().to_owned(),
        on: entry.disclosed_on,
    }
}

/// An open entry without content says nothing.
fn kept_back(access: Access) -> CellState {
    match access {
        Access::Open => CellState::Nothing,
        Access::Nda => CellState::Nda,
        Access::Undecided => CellState::Undecided,
    }
}

fn shown(text: String) -> Told {
    said(CellState::Shown, text)
}

fn said(state: CellState, text: String) -> Told {
    let (document, conditions) = (String::new(), String::new());
    Told { origin: Origin::Data, state, document, text, conditions, on: None }
}

fn topical(topic: Topic, data: &DisclosureData) -> Vec<Told> {
    let lines = |lines: Vec<String>| (!lines.is_empty()).then(|| shown(lines.join("\n")));
    let own = match topic {
        Topic::Certifications => lines(data.certifications.iter().map(certification).collect()),
        Topic::Places => lines(data.places.iter().map(place).collect()),
        Topic::Subcontractors => subcontractors(data),
        Topic::Editions => lines(data.editions.iter().map(edition).collect()),
        Topic::Controls => controls(data),
        Topic::Risks => data.risks.as_ref().map(|risks| shown(risks_text(risks))),
        _ => None,
    };
    let of_terms = data.terms.iter().filter(|term| term.topic == topic).map(|term| shown(term.value.clone()));
    own.into_iter().chain(of_terms).collect()
}

fn certification(held: &DataCertification) -> String {
    let scope = Some(held.scope.trim()).filter(|scope| !scope.is_empty()).map(|scope| format!("範囲: {scope}"));
    let number = Some(held.number.trim()).filter(|number| !number.is_empty()).map(|number| format!("番号: {number}"));
    let expires = held.expires_on.map_or_else(|| "期限は未記載".to_owned(), |day| format!("{}まで", japanese(day)));
    let said: Vec<String> = [scope, number, Some(expires)].into_iter().flatten().collect();
    format!("{}（{}）", held.name.trim(), said.join("、"))
}

fn place(place: &DataPlace) -> String {
    let country = if place.country.is_empty() { "国は未記載" } else { &place.country };
    match place.jurisdiction.as_str() {
        law if law.is_empty() || law == country => format!("{}（{country}）", place.shown_name()),
        law => format!("{}（{country}、{law}の法の下）", place.shown_name()),
    }
}

/// `提供事業者…ガイドライン 第1.0版（pg-1.0）`; an edition that nobody here knows is its id.
fn edition(id: &String) -> String {
    let known = shirube_catalog::editions().iter().find(|edition| edition.id == *id);
    known.map_or_else(|| id.clone(), |edition| format!("{} {}（{id}）", edition.title, edition.edition))
}

fn subcontractors(data: &DisclosureData) -> Option<Told> {
    let known = &data.subcontractors;
    if let Some(access) = known.withheld {
        return Some(said(kept_back(access), String::new()));
    }
    if known.list.is_empty() {
        return known.none_on.map(|day| shown(format!("ないことを確かめた（{}）", japanese(day))));
    }
    let one = |one: &DataSubcontractor| match one.service.trim() {
        "" => one.name.clone(),
        service => format!("{}（{service}）", one.name),
    };
    Some(shown(known.list.iter().map(one).collect::<Vec<_>>().join("\n")))
}

fn controls(data: &DisclosureData) -> Option<Told> {
    let known = &data.controls;
    if let Some(access) = known.withheld {
        return Some(said(kept_back(access), String::new()));
    }
    let counts: Vec<String> = known.counts.iter().map(|one| format!("{} {}件", one.status.term(), one.count)).collect();
    (!counts.is_empty()).then(|| shown(counts.join("、")))
}

fn risks_text(risks: &DataRisks) -> String {
    let counts = risks.counts.as_ref();
    let counts = counts.map(|counts| format!("（{}件のうち{}件を決定）", counts.total, counts.decided));
    let word = if risks.all_decided {
        "すべての評価を人が決めている"
    } else {
        "決まっていない評価（案）がある"
    };
    format!("{word}{}", counts.unwrap_or_default())
}
