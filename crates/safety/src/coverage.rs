//! How far the items of an edition are answered, measured and evidenced (CATALOG-027).
//!
//! For 別紙2 1.0 this reads the answers themselves. For any other edition it follows the crosswalk and says over which
//! links, how certain they are, and that nobody confirmed it yet; only what a person confirmed counts as answered.

use std::collections::{BTreeMap, HashMap};

use chrono::Months;
use serde::Serialize;
use shirube_catalog::{Certainty, ControlId, Mapped, Relation, Shelf, Standing};

use crate::choice::choice;
use crate::conformity::{ControlAnswer, ControlStatus};
use crate::migration::{CarriedFile, Confirmation, MigrationError, leads_to};
use crate::model::Date;
use crate::risk::Measure;
use crate::service::Service;

choice! {
    /// How far an item is covered, in the order of growing concern.
    Cover {
        Excluded = "excluded", "該当なし（理由あり）";
        Evidenced = "evidenced", "根拠あり";
        Undated = "evidence-undated", "根拠の新しさが不明";
        Outdated = "evidence-outdated", "根拠が古い";
        NoEvidence = "no-evidence", "根拠なし";
        Planned = "planned", "対応予定";
        Unanswered = "unanswered", "対策はあるが未回答";
        ExcludedUnexplained = "excluded-unexplained", "該当なし（理由なし）";
        NotDone = "not-done", "未対応・不採用";
        NoMeasure = "no-measure", "答えも対策もなし";
        NotLinked = "not-linked", "つながる項目なし";
    }
}

/// By which day and how old evidence may be.
#[derive(Debug, Clone, Copy)]
pub struct EvidenceAge {
    pub on: Option<Date>,
    pub months: u32,
}

/// One item with what stands behind it.
#[derive(Debug, Serialize)]
pub struct CoverLine<'a> {
    /// Within the edition; own controls by their own id.
    pub id: &'a str,
    pub text: &'a str,
    pub cover: Cover,
    /// Whether a person stands behind it; otherwise it is 案.
    pub decided: bool,
    pub evidence: Vec<&'a str>,
    pub evidence_on: Option<Date>,
    pub evidence_until: Option<Date>,
    /// Treatments whose measures name it.
    pub treatments: Vec<&'a str>,
    /// Why it is excluded or not done.
    pub reason: &'a str,
    /// Answered items that lead here, for editions reached over a crosswalk.
    pub via: Vec<Via>,
}

/// A way from an answered item.
#[derive(Debug, Clone, Serialize)]
pub struct Via {
    /// Id within `pg-1.0`.
    pub id: String,
    pub relation: Option<Relation>,
    pub certainty: Certainty,
    pub cover: Cover,
}

/// The whole report.
#[derive(Debug)]
pub struct Coverage<'a> {
    pub age: EvidenceAge,
    /// Editions passed; one where the answers are to the edition itself, empty where nothing leads to it.
    pub way: Vec<String>,
    pub lines: Vec<CoverLine<'a>>,
    /// The service's own controls.
    pub own: Vec<CoverLine<'a>>,
}

impl Coverage<'_> {
    /// How many items are covered how far.
    pub fn counts(lines: &[CoverLine]) -> BTreeMap<Cover, usize> {
        let mut counts: BTreeMap<Cover, usize> = BTreeMap::new();
        lines.iter().for_each(|line| *counts.entry(line.cover).or_default() += 1);
        counts
    }
}

/// The edition whose controls a service answers.
pub const ANSWERED: &str = "pg-1.0";

/// Works out the coverage of an edition. `carried` is what people confirmed when they moved to it.
pub fn coverage<'a>(
    service: &'a Service<'a>,
    shelf: &'a Shelf,
    edition: &str,
    carried: Option<&'a CarriedFile>,
    age: EvidenceAge,
) -> Result<Coverage<'a>, MigrationError> {
    let catalog = shelf.catalog(edition).ok_or_else(|| MigrationError::UnknownEdition(edition.to_owned()))?;
    let measures = measures(service);
    if edition == ANSWERED {
        let conformity = &service.answers.conformity;
        let line = |id: &'a str, text: &'a str, key: &str, answer: Option<&'a ControlAnswer>| {
            line(id, text, answer, measures.get(key).map_or(&[][..], Vec::as_slice), age)
        };
        let texts: HashMap<&str, &'a str> =
            catalog.entries.iter().map(|entry| (entry.id.as_str(), entry.id.as_str())).collect();
        let controls = conformity.controls.iter().filter_map(|answered| {
            let id = answered.control.id.to_string();
            Some(line(texts.get(id.as_str())?, &answered.control.text, &id, answered.answer))
        });
        let own = conformity.own.iter().map(|own| {
            let mut one = line(&own.control.id, &own.control.text, &own.control.id, own.answer);
            one.decided &= own.standing == Standing::InForce;
            one
        });
        let way = vec![edition.to_owned()];
        return Ok(Coverage { age, way, lines: controls.collect(), own: own.collect() });
    }
    let behind: HashMap<String, Cover> = service
        .answers
        .conformity
        .controls
        .iter()
        .map(|answered| {
            let id = answered.control.id.to_string();
            let measures = measures.get(&id).map_or(&[][..], Vec::as_slice);
            let cover = line("", "", answered.answer, measures, age).cover;
            (id, cover)
        })
        .collect();
    let way = shelf.editions_between(ANSWERED, edition).unwrap_or_default();
    let mapped = shelf.crosswalk(ANSWERED, edition).unwrap_or_default();
    let confirmed = |id: &str| carried?.answers.iter().find(|answer| answer.id == id)?.confirmed.as_ref();
    let lines = catalog.entries.iter().map(|entry| {
        let via: Vec<Via> = mapped
            .iter()
            .filter(|one| leads_to(one, entry))
            .filter_map(|one| Some(way_of(one, *behind.get(&one.source)?)))
            .collect();
        match confirmed(&entry.id) {
            Some(word) => of_confirmation(&entry.id, &entry.text, word, via, age),
            None => CoverLine {
                id: &entry.id,
                text: &entry.text,
                cover: gravest(&via),
                decided: false,
                evidence: Vec::new(),
                evidence_on: None,
                evidence_until: None,
                treatments: Vec::new(),
                reason: "",
                via,
            },
        }
    });
    Ok(Coverage { age, way, lines: lines.collect(), own: Vec::new() })
}

fn way_of(mapped: &Mapped, cover: Cover) -> Via {
    Via { id: mapped.source.clone(), relation: mapped.relation, certainty: mapped.certainty, cover }
}

/// An item is no better off than the worst of what leads to it; what does not apply says nothing beside the rest.
fn gravest(via: &[Via]) -> Cover {
    via.iter().map(|one| one.cover).max().unwrap_or(Cover::NotLinked)
}

/// Measures with their treatment, by the id of the control they name.
fn measures<'a>(service: &'a Service<'a>) -> HashMap<String, Vec<(&'a str, &'a Measure)>> {
    let mut by_control: HashMap<String, Vec<_>> = HashMap::new();
    for treated in &service.assessment.treated {
        for measure in &treated.treatment.measures {
            for text in &measure.controls {
                let id = text.parse::<ControlId>().map_or_else(|_| text.clone(), |id| id.to_string());
                by_control.entry(id).or_default().push((treated.treatment.id.as_str(), measure));
            }
        }
    }
    by_control
}

fn line<'a>(
    id: &'a str,
    text: &'a str,
    answer: Option<&'a ControlAnswer>,
    measures: &[(&'a str, &'a Measure)],
    age: EvidenceAge,
) -> CoverLine<'a> {
    let mut treatments: Vec<&str> = measures.iter().map(|(treatment, _)| *treatment).collect();
    treatments.dedup();
    let of_measures = measures.iter().flat_map(|(_, measure)| &measure.evidence);
    let evidence: Vec<&str> = answer
        .into_iter()
        .flat_map(|answer| &answer.evidence)
        .chain(of_measures)
        .map(String::as_str)
        .filter(|text| !text.trim().is_empty())
        .collect();
    let dates = answer.map_or((None, None), |answer| (answer.evidence_on, answer.evidence_until));
    let cover = match answer {
        None => unanswered(measures),
        Some(answer) => of_status(answer.status, &answer.reason, !evidence.is_empty(), dates, age)
            .unwrap_or_else(|| unanswered(measures)),
    };
    CoverLine {
        id,
        text,
        cover,
        decided: answer.is_some_and(|answer| answer.decided.is_some()),
        evidence,
        evidence_on: dates.0,
        evidence_until: dates.1,
        treatments,
        reason: answer.map_or("", |answer| &answer.reason),
        via: Vec::new(),
    }
}

fn unanswered(measures: &[(&str, &Measure)]) -> Cover {
    if measures.is_empty() { Cover::NoMeasure } else { Cover::Unanswered }
}

/// `None` for what is not answered.
fn of_status(
    status: ControlStatus,
    reason: &str,
    evidenced: bool,
    dates: (Option<Date>, Option<Date>),
    age: EvidenceAge,
) -> Option<Cover> {
    Some(match status {
        ControlStatus::NotApplicable if reason.trim().is_empty() => Cover::ExcludedUnexplained,
        ControlStatus::NotApplicable => Cover::Excluded,
        ControlStatus::NotMet | ControlStatus::NotAdopted => Cover::NotDone,
        ControlStatus::Planned => Cover::Planned,
        ControlStatus::Unanswered => return None,
        ControlStatus::Met | ControlStatus::Partial | ControlStatus::Alternative if !evidenced => Cover::NoEvidence,
        ControlStatus::Met | ControlStatus::Partial | ControlStatus::Alternative => age.of(dates),
    })
}

impl EvidenceAge {
    /// How evidence that was last looked at on a day, and holds until another, stands.
    fn of(self, (seen, until): (Option<Date>, Option<Date>)) -> Cover {
        let Some(on) = self.on else { return Cover::Undated };
        let grown_old = |seen: Date| seen.0.checked_add_months(Months::new(self.months)).is_some_and(|end| end < on.0);
        match (seen, until) {
            (_, Some(until)) if until < on => Cover::Outdated,
            (Some(seen), _) if grown_old(seen) => Cover::Outdated,
            (None, None) => Cover::Undated,
            _ => Cover::Evidenced,
        }
    }
}

fn of_confirmation<'a>(
    id: &'a str,
    text: &'a str,
    word: &'a Confirmation,
    via: Vec<Via>,
    age: EvidenceAge,
) -> CoverLine<'a> {
    let evidence: Vec<&str> = word.evidence.iter().map(String::as_str).filter(|text| !text.trim().is_empty()).collect();
    // Who confirmed the answer looked at its evidence on that day.
    let cover = of_status(word.status, &word.reason, !evidence.is_empty(), (Some(word.on), None), age);
    CoverLine {
        id,
        text,
        cover: cover.unwrap_or(Cover::NoMeasure),
        decided: true,
        evidence,
        evidence_on: Some(word.on),
        evidence_until: None,
        treatments: Vec::new(),
        reason: &word.reason,
        via,
    }
}
