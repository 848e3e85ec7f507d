//! The entry of the register of reports that stands for a report.

use chrono::NaiveDate;
use shirube_catalog::FieldKind;

use super::case::Case;
use super::delivery::{REPORTS, Ways, refused, shared};
use super::whose::Tie;
use crate::operation::register::{Entry, Value};

/// How far a report has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// What the register calls it.
    pub number: String,
    /// Its state in words.
    pub state: String,
    /// Somebody else than its author approved it.
    pub approved: bool,
    pub delivered: bool,
    pub means: Option<String>,
    pub personal_data: Option<bool>,
    pub sent_on: Option<NaiveDate>,
    pub shortfall: Option<String>,
    pub ways: Ways,
    /// Why it may not go as the entry says.
    pub refused: Vec<String>,
}

/// States in which somebody approved a report.
const APPROVED: [&str; 4] = ["approved", "sent", "delivered", "posted"];

impl Sent {
    /// The report of a time.
    pub(super) fn of_time(case: &Case, kind: &str, from: NaiveDate, to: NaiveDate) -> Option<Self> {
        let is_it = |entry: &&&Entry| entry.day("from_on").is_some_and(|day| from <= day && day <= to);
        let entries = of_kind(case, kind);
        entries.iter().filter(is_it).next_back().map(|entry| Self::read(case, entry))
    }

    /// The report of an entry of another register.
    pub(super) fn of_entry(case: &Case, register: &str, id: &str) -> Option<Self> {
        let reports = case.records.register(REPORTS)?;
        let links = |field: &&shirube_catalog::RegisterField| {
            field.kind == FieldKind::Entry && field.of.as_deref() == Some(register)
        };
        let fields: Vec<&str> = reports.fields.iter().filter(links).map(|field| field.id.as_str()).collect();
        let is_it = |entry: &&&Entry| {
            let regular = ["月次報告", "年次報告"].contains(&entry.text("kind").as_str());
            !regular && fields.iter().any(|field| entry.values(field).iter().any(|value| value.to_string() == id))
        };
        let entries = own(case);
        entries.iter().filter(is_it).next_back().map(|entry| Self::read(case, entry))
    }

    fn read(case: &Case, entry: &Entry) -> Self {
        let state = case.records.register(REPORTS).and_then(|register| register.state(&entry.state));
        let written = |field: &str| Some(entry.text(field)).filter(|text| !text.is_empty());
        let personal_data = entry.values("personal_data").iter().find_map(|value| match value {
            Value::YesNo(yes) => Some(*yes),
            _ => None,
        });
        let items: Vec<String> = entry.values("items").iter().map(ToString::to_string).collect();
        Self {
            number: case.whose.shown(&entry.id),
            state: state.map_or(entry.state.clone(), |state| state.title.clone()),
            approved: APPROVED.contains(&entry.state.as_str()),
            delivered: state.is_some_and(|state| state.closed),
            means: written("means"),
            personal_data,
            sent_on: entry.day("sent_on"),
            shortfall: written("shortfall").map(|text| case.whose.shown(&text)),
            ways: Ways::of(&entry.text("kind"), &items, personal_data),
            refused: refused(entry).into_iter().chain(shared(entry)).collect(),
        }
    }
}

/// Entries of reports to the institution that were not dropped.
fn own<'a>(case: &Case<'a>) -> Vec<&'a Entry> {
    let Some(register) = case.records.register(REPORTS) else { return Vec::new() };
    let entries = case.records.entries(REPORTS).iter().filter(|entry| entry.state != "dropped");
    entries.filter(|entry| matches!(case.whose.tie(register, entry), Tie::Own | Tie::Shared)).collect()
}

fn of_kind<'a>(case: &Case<'a>, kind: &str) -> Vec<&'a Entry> {
    own(case).into_iter().filter(|entry| entry.text("kind") == kind).collect()
}
