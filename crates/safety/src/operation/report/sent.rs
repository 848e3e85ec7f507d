//! The entry of the register of reports that stands for a report.

use chrono::NaiveDate;
use shirube_catalog::FieldKind;

use super::delivery::{REPORTS, Ways, refused, shared};
use super::whose::{Tie, Whose};
use crate::operation::register::{Entry, Records, Value};

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
    /// The report of a time to an institution.
    pub fn of_time(records: &Records, whose: &Whose, kind: &str, from: NaiveDate, to: NaiveDate) -> Option<Self> {
        let is_it = |entry: &&&Entry| entry.day("from_on").is_some_and(|day| from <= day && day <= to);
        let entries = own(records, whose);
        let mut of_kind = entries.iter().filter(|entry| entry.text("kind") == kind);
        of_kind.rfind(is_it).map(|entry| Self::read(records, whose, entry))
    }

    /// The report of an entry of another register.
    pub(super) fn of_entry(records: &Records, whose: &Whose, register: &str, id: &str) -> Option<Self> {
        let reports = records.register(REPORTS)?;
        let links = |field: &&shirube_catalog::RegisterField| {
            field.kind == FieldKind::Entry && field.of.as_deref() == Some(register)
        };
        let fields: Vec<&str> = reports.fields.iter().filter(links).map(|field| field.id.as_str()).collect();
        let is_it = |entry: &&&Entry| {
            let regular = ["月次報告", "年次報告"].contains(&entry.text("kind").as_str());
            !regular && fields.iter().any(|field| entry.values(field).iter().any(|value| value.to_string() == id))
        };
        let entries = own(records, whose);
        entries.iter().rfind(is_it).map(|entry| Self::read(records, whose, entry))
    }

    fn read(records: &Records, whose: &Whose, entry: &Entry) -> Self {
        let state = records.register(REPORTS).and_then(|register| register.state(&entry.state));
        let written = |field: &str| Some(entry.text(field)).filter(|text| !text.is_empty());
        let personal_data = entry.values("personal_data").iter().find_map(|value| match value {
            Value::YesNo(yes) => Some(*yes),
            _ => None,
        });
        let items: Vec<String> = entry.values("items").iter().map(ToString::to_string).collect();
        Self {
            number: whose.shown(&entry.id),
            state: state.map_or(entry.state.clone(), |state| state.title.clone()),
            approved: APPROVED.contains(&entry.state.as_str()),
            delivered: state.is_some_and(|state| state.closed),
            means: written("means"),
            personal_data,
            sent_on: entry.day("sent_on"),
            shortfall: written("shortfall").map(|text| whose.shown(&text)),
            ways: Ways::of(&entry.text("kind"), &items, personal_data),
            refused: refused(entry).into_iter().chain(shared(entry)).collect(),
        }
    }
}

/// Entries of reports to the institution that were not dropped.
fn own<'a>(records: &'a Records, whose: &Whose) -> Vec<&'a Entry> {
    let Some(register) = records.register(REPORTS) else { return Vec::new() };
    let entries = records.entries(REPORTS).iter().filter(|entry| entry.state != "dropped");
    entries.filter(|entry| matches!(whose.tie(register, entry), Tie::Own | Tie::Shared)).collect()
}
