//! What was written about institutions, as what it means.
//!
//! Each record is JSON under a kind. What is different for an institution, and what was explained to it, is never
//! changed: a later record takes the place of an earlier one, or stands behind it.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use shirube_safety::agreement::{AgreementRecord, Closing, Contract, Institution, InstitutionFile, Overlay};
use shirube_store::{InstitutionRecord, NewRecord, StoreError};

/// What an institution is: name, kind, people. Holds whatever the service.
pub const FACTS: &str = "facts";
const TERMS: &str = "terms";
const STEP: &str = "step";
const QUESTION: &str = "question";
const ANSWER: &str = "answer";
const RECEIPT: &str = "receipt";

/// The contract on a service, what is different from its baseline, and what is settled for the end.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Terms {
    #[serde(default)]
    pub contract: Contract,
    #[serde(default)]
    pub overlay: Overlay,
    /// What is settled for the end of the contract, and what was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing: Option<Closing>,
}

impl Terms {
    /// What a file of a folder says of it.
    pub fn of(file: &InstitutionFile) -> Self {
        Self { contract: file.contract.clone(), overlay: file.overlay.clone(), closing: file.closing.clone() }
    }
}

/// What was shown when a step was taken: a revision of the service, and how far the records about the institution went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Pin {
    pub revision: u64,
    /// Number of the last record that counts: that of the terms, or of later facts. The terms of then are the newest up
    /// to it; 0 if none had been written.
    pub terms: u64,
}

/// A step of explanation or agreement.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Step {
    pub record: AgreementRecord,
    pub pin: Pin,
}

/// A question of the institution.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Question {
    /// The item it is about; none if about the whole.
    pub item: Option<String>,
    /// What people call it, as it was called then.
    pub title: String,
    pub text: String,
    /// Name of who asked.
    pub by: String,
}

/// An answer of the provider.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Answer {
    /// Number of the record with the question.
    pub question: u64,
    pub text: String,
    pub by: String,
}

/// Where documents that were issued stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Delivery {
    Sent,
    Confirmed,
    Returned,
    Resent,
}

impl Delivery {
    pub const ALL: [Self; 4] = [Self::Sent, Self::Confirmed, Self::Returned, Self::Resent];

    pub fn token(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Confirmed => "confirmed",
            Self::Returned => "returned",
            Self::Resent => "resent",
        }
    }

    /// The word people read.
    pub fn term(self) -> &'static str {
        match self {
            Self::Sent => "送付済",
            Self::Confirmed => "受領済",
            Self::Returned => "差し戻し",
            Self::Resent => "再送済",
        }
    }
}

/// What became of documents that were handed over (送付の記録).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Receipt {
    /// The entry with which they were issued.
    pub issue: u64,
    pub state: Delivery,
    pub on: String,
    pub by: String,
    #[serde(default)]
    pub note: String,
}

/// Whether two things are the same, as they are kept.
pub fn same<T: Serialize>(one: &T, other: &T) -> bool {
    let kept = |what: &T| serde_json::to_value(what).expect("texts, numbers and lists are JSON");
    kept(one) == kept(other)
}

/// Something to be written about an institution.
pub enum Note<'a> {
    Facts(&'a Institution),
    Terms(&'a Terms),
    Step(&'a Step),
    Question(&'a Question),
    Answer(&'a Answer),
    Receipt(&'a Receipt),
}

impl Note<'_> {
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Facts(_) => FACTS,
            Self::Terms(_) => TERMS,
            Self::Step(_) => STEP,
            Self::Question(_) => QUESTION,
            Self::Answer(_) => ANSWER,
            Self::Receipt(_) => RECEIPT,
        }
    }

    pub fn body(&self) -> String {
        let written = match self {
            Self::Facts(facts) => serde_json::to_string(facts),
            Self::Terms(terms) => serde_json::to_string(terms),
            Self::Step(step) => serde_json::to_string(step),
            Self::Question(question) => serde_json::to_string(question),
            Self::Answer(answer) => serde_json::to_string(answer),
            Self::Receipt(receipt) => serde_json::to_string(receipt),
        };
        written.expect("texts, numbers and lists are JSON")
    }
}

/// A record as it is written.
pub struct Written {
    pub institution: String,
    pub service: Option<String>,
    kind: &'static str,
    body: String,
}

impl Written {
    pub fn new(institution: &str, service: Option<&str>, note: &Note) -> Self {
        let (kind, body) = (note.kind(), note.body());
        Self { institution: institution.to_owned(), service: service.map(str::to_owned), kind, body }
    }

    pub fn record(&self) -> NewRecord<'_> {
        NewRecord {
            institution: &self.institution,
            service: self.service.as_deref(),
            kind: self.kind,
            body: &self.body,
        }
    }
}

/// Something with its place among the records.
#[derive(Debug, Clone)]
pub struct Kept<T> {
    pub number: u64,
    pub at: String,
    pub what: T,
}

/// An institution with what is known of it.
#[derive(Debug, Clone)]
pub struct Customer {
    pub id: String,
    pub facts: Institution,
    /// What it has with each service.
    pub relations: BTreeMap<String, Relation>,
    /// Number of the record with the facts.
    pub facts_number: u64,
    /// Number of the last record about it.
    pub last: u64,
}

/// What an institution has with one service.
#[derive(Debug, Clone, Default)]
pub struct Relation {
    /// From the oldest on.
    pub terms: Vec<Kept<Terms>>,
    pub steps: Vec<Kept<Step>>,
    pub questions: Vec<Kept<Question>>,
    pub answers: Vec<Kept<Answer>>,
    pub receipts: Vec<Kept<Receipt>>,
    /// Number of the last record about it.
    pub last: u64,
}

impl Relation {
    /// What is different today, with the number of its record.
    pub fn today(&self) -> (u64, Terms) {
        self.terms.last().map_or_else(Default::default, |kept| (kept.number, kept.what.clone()))
    }

    /// The number of the record with the terms of then; 0 if none had been written.
    pub fn terms_number(&self, number: u64) -> u64 {
        self.terms.iter().rev().find(|kept| kept.number <= number).map_or(0, |kept| kept.number)
    }

    /// Whether something was shown that is newer than what stands at a pin.
    pub fn is_newer(&self, shown: Pin, than: Pin) -> bool {
        let differs = || !same(&self.then(shown.terms).overlay, &self.then(than.terms).overlay);
        // A change of the contract alone changes nothing that somebody agreed to.
        let is_later = self.terms_number(shown.terms) > self.terms_number(than.terms);
        shown.revision > than.revision || (is_later && differs())
    }

    /// The terms of then: those of the newest record up to a number.
    pub fn then(&self, number: u64) -> Terms {
        let then = self.terms.iter().rev().find(|kept| kept.number <= number);
        then.map(|kept| kept.what.clone()).unwrap_or_default()
    }

    /// Whether the contract has ended and everything that its end asks for is done.
    pub fn is_over(&self) -> bool {
        self.today().1.closing.is_some_and(|closing| closing.closed.is_some())
    }

    /// Questions that nobody has answered.
    pub fn unanswered(&self) -> usize {
        let open = |question: &&Kept<Question>| self.answers.iter().all(|one| one.what.question != question.number);
        self.questions.iter().filter(open).count()
    }

    fn take(&mut self, record: &InstitutionRecord) -> Result<(), StoreError> {
        match record.kind.as_str() {
            TERMS => self.terms.push(kept(record)?),
            STEP => self.steps.push(kept(record)?),
            QUESTION => self.questions.push(kept(record)?),
            ANSWER => self.answers.push(kept(record)?),
            RECEIPT => self.receipts.push(kept(record)?),
            _ => return Err(unreadable(record, "a kind that this program does not know")),
        }
        self.last = record.number;
        Ok(())
    }
}

impl Customer {
    /// From its records, in order; none while it has no facts.
    pub fn read(records: &[InstitutionRecord]) -> Result<Option<Self>, StoreError> {
        let facts = records.iter().rev().find(|record| record.kind == FACTS && record.service.is_none());
        let (Some(facts), Some(last)) = (facts, records.last()) else { return Ok(None) };
        let mut relations: BTreeMap<String, Relation> = BTreeMap::new();
        for record in records {
            if let Some(service) = &record.service {
                relations.entry(service.clone()).or_default().take(record)?;
            }
        }
        let (id, facts_number) = (facts.institution.clone(), facts.number);
        Ok(Some(Self { id, facts: kept(facts)?.what, relations, facts_number, last: last.number }))
    }

    /// The last record that documents for it depend on: what it is, and what is different for it.
    pub fn laid(&self, service: &str) -> u64 {
        let terms = self.relations.get(service).map_or(0, |relation| relation.today().0);
        terms.max(self.facts_number)
    }

    /// As the file of a folder.
    pub fn file(&self, service: &str) -> InstitutionFile {
        let relation = self.relations.get(service);
        let terms = relation.map(|relation| relation.today().1).unwrap_or_default();
        let steps = relation.into_iter().flat_map(|relation| &relation.steps);
        InstitutionFile {
            institution: self.facts.clone(),
            contract: terms.contract,
            overlay: terms.overlay,
            closing: terms.closing,
            records: steps.map(|step| step.what.record.clone()).collect(),
        }
    }
}

/// The records about one service, by institution.
pub fn relations(records: &[InstitutionRecord]) -> Result<BTreeMap<String, Relation>, StoreError> {
    let mut relations: BTreeMap<String, Relation> = BTreeMap::new();
    for record in records {
        relations.entry(record.institution.clone()).or_default().take(record)?;
    }
    Ok(relations)
}

/// What an institution is, from its record.
pub fn facts(record: &InstitutionRecord) -> Result<Institution, StoreError> {
    Ok(kept(record)?.what)
}

fn kept<T: DeserializeOwned>(record: &InstitutionRecord) -> Result<Kept<T>, StoreError> {
    let what = serde_json::from_str(&record.body).map_err(|error| unreadable(record, &error.to_string()))?;
    Ok(Kept { number: record.number, at: record.at.clone(), what })
}

fn unreadable(record: &InstitutionRecord, log: &str) -> StoreError {
    let place = format!("医療機関等{}の{}件目の記録", record.institution, record.number);
    StoreError::Inconsistent { place, log: log.to_owned() }
}
