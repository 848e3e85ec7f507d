//! All registers of a service at once, as the rules of reports take them.

use chrono::NaiveDate;
use shirube_catalog::Register;
use shirube_safety::operation::register::{Book, Records};
use shirube_store::{StoreError, WantedItems};

use super::body::{Body, entry, line};
use super::ledger::Ledger;
use crate::app::App;
use crate::app::revisions::InService;

/// Most entries of one register, and most lines of the log.
const MOST: u64 = 20_000;

/// Entries that are read at once.
const CHUNK: usize = 1_000;

/// The register of which there is more than can be read at once.
pub struct TooMany(pub String);

/// Everything that is kept, with what was done from a day on.
pub async fn read_records(
    app: &App,
    at: &InService,
    revision: u64,
    since: NaiveDate,
) -> Result<Result<Records, TooMany>, StoreError> {
    let ledger = Ledger::read(app, at, revision).await?;
    let books = match books(app, at, &ledger.registers).await? {
        Ok(books) => books,
        Err(more) => return Ok(Err(more)),
    };
    let since = since.to_string();
    let limit = i64::try_from(MOST).unwrap_or(i64::MAX);
    let kept = app.store().register_lines(&at.organisation, &at.service, &since, limit + 1).await?;
    if kept.len() as u64 > MOST {
        return Ok(Err(TooMany("行ったことの記録".to_owned())));
    }
    let mut log = Vec::new();
    for record in &kept {
        log.extend(line(record, &Body::read(&record.body)?));
    }
    Ok(Ok(Records { registers: ledger.registers, books, log, periods: ledger.periods }))
}

/// One register alone, without what was done.
pub async fn read_register(app: &App, at: &InService, id: &str) -> Result<Result<Records, TooMany>, StoreError> {
    let registers: Vec<Register> =
        shirube_catalog::registers().iter().filter(|register| register.id == id).cloned().collect();
    let books = books(app, at, &registers).await?;
    Ok(books.map(|books| Records { registers, books, ..Records::default() }))
}

/// The tables of registers that have entries.
async fn books(app: &App, at: &InService, registers: &[Register]) -> Result<Result<Vec<Book>, TooMany>, StoreError> {
    let ids: Vec<&str> = registers.iter().map(|register| register.id.as_str()).collect();
    let sizes = app.store().register_sizes(&at.organisation, &at.service, &ids).await?;
    let mut books = Vec::new();
    for register in registers {
        let size = sizes.get(&register.id).copied().unwrap_or_default();
        if size > MOST {
            return Ok(Err(TooMany(register.title.clone())));
        }
        if size > 0 {
            books.push(book(app, at, register).await?);
        }
    }
    Ok(Ok(books))
}

/// One table, the oldest entry first, with rows counted as in a file.
pub(super) async fn book(app: &App, at: &InService, register: &Register) -> Result<Book, StoreError> {
    let (mut entries, mut before) = (Vec::new(), None);
    loop {
        let wanted = WantedItems { before, limit: CHUNK, ..WantedItems::default() };
        let page = app.store().register_page(&at.organisation, &at.service, &register.id, &wanted).await?;
        for item in &page.items {
            entries.push(entry(register, item)?);
        }
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    entries.reverse();
    entries.iter_mut().zip(2..).for_each(|(entry, row)| entry.row = row);
    Ok(Book { register: register.id.clone(), entries, ..Book::default() })
}
