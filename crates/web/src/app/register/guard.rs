//! What other registers have against a step: their entries are read, and the rules of the domain are asked.

use chrono::NaiveDate;
use shirube_catalog::RegisterStep;
use shirube_safety::operation::guard;
use shirube_safety::operation::register::{Entry, LogLine, Records};
use shirube_store::StoreError;

use super::body::{Body, line};
use super::ledger::Ledger;
use super::list::InRegister;
use super::records::book;
use crate::app::App;

/// Sentences that say what is missing; none where the step has no guard or nothing stands against it.
pub async fn against(
    app: &App,
    ledger: &Ledger,
    at: &InRegister,
    step: &RegisterStep,
    entry: &Entry,
    lines: &[LogLine],
    on: NaiveDate,
) -> Result<Vec<String>, StoreError> {
    let Some(guard) = step.guard else { return Ok(Vec::new()) };
    let mut records = records(app, ledger, at, guard::reads(guard)).await?;
    records.log = lines.to_vec();
    Ok(guard::against(guard, entry, on, &records, &ledger.terms))
}

/// These registers of the service of the address, with all their entries; without what was done.
pub async fn records(app: &App, ledger: &Ledger, at: &InRegister, registers: &[&str]) -> Result<Records, StoreError> {
    let mut records =
        Records { registers: ledger.registers.clone(), periods: ledger.periods.clone(), ..Records::default() };
    for id in registers {
        let Some(register) = ledger.register(id) else { continue };
        records.books.push(book(app, &at.service(), register).await?);
    }
    Ok(records)
}

/// Most lines of one register that are read of a time.
const MOST_LINES: u32 = 20_000;

/// What was done in registers between two days; none if it is more than is read at once.
pub async fn done(
    app: &App,
    at: &InRegister,
    registers: &[&str],
    (from, until): (NaiveDate, NaiveDate),
) -> Result<Option<Vec<LogLine>>, StoreError> {
    let days = (from.to_string(), until.to_string());
    let mut lines = Vec::new();
    for register in registers {
        let days = (days.0.as_str(), days.1.as_str());
        let (organisation, service) = (&at.organisation, &at.service);
        let found = app.store().register_done(organisation, service, register, days, MOST_LINES + 1).await?;
        if found.len() > MOST_LINES as usize {
            return Ok(None);
        }
        for record in &found {
            lines.extend(line(record, &Body::read(&record.body)?));
        }
    }
    lines.sort_by_key(|line| line.on);
    Ok(Some(lines))
}
