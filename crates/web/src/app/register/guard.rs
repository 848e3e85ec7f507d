//! What other registers have against a step: their entries are read, and the rules of the domain are asked.

use chrono::NaiveDate;
use shirube_catalog::RegisterStep;
use shirube_safety::operation::guard;
use shirube_safety::operation::register::{Book, Entry, LogLine, Records};
use shirube_store::StoreError;

use super::files::entries;
use super::ledger::Ledger;
use super::list::InRegister;
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
        let InRegister { organisation, service, .. } = at;
        let at =
            InRegister { organisation: organisation.clone(), service: service.clone(), register: (*id).to_owned() };
        let entries = entries(app, register, &at).await?;
        records.books.push(Book { register: (*id).to_owned(), entries, ..Book::default() });
    }
    Ok(records)
}
