//! Registers as the rules take them, for pages that need more than one entry.

use shirube_catalog::Register;
use shirube_safety::operation::register::{Book, Entry, LogLine};
use shirube_store::{StoreError, WantedItems};

use super::body::{Body, entry, line};
use super::words::{OPEN, word};
use crate::app::App;
use crate::app::revisions::InService;

/// Most entries that one page reads of a register.
const MOST_ENTRIES: usize = 2_000;

/// Entries that are read at once.
const CHUNK: usize = 500;

/// Which entries of a register are wanted.
#[derive(Debug, Clone, Copy)]
pub enum Wanted<'a> {
    All,
    /// Those that are not closed.
    Open,
    /// Those with a value in a field.
    With(&'a str, &'a str),
}

/// Entries of a register, the newest first, and no more than a page can show.
pub async fn book(app: &App, at: &InService, register: &Register, which: Wanted<'_>) -> Result<Book, StoreError> {
    let value = if let Wanted::With(_, value) = which { word(value) } else { String::new() };
    let words: Vec<(&str, &str)> = match which {
        Wanted::All => Vec::new(),
        Wanted::Open => vec![(OPEN, "")],
        Wanted::With(field, _) => vec![(field, &value)],
    };
    let (mut entries, mut before) = (Vec::new(), None);
    loop {
        let wanted = WantedItems { words: &words, before, limit: CHUNK, ..WantedItems::default() };
        let page = app.store().register_page(&at.organisation, &at.service, &register.id, &wanted).await?;
        for item in &page.items {
            entries.push(entry(register, item)?);
        }
        before = page.next;
        if before.is_none() || entries.len() >= MOST_ENTRIES {
            return Ok(Book { register: register.id.clone(), entries, ..Book::default() });
        }
    }
}

/// What was done with these entries, in the order of the days.
pub async fn acts_of(app: &App, at: &InService, register: &str, entries: &[Entry]) -> Result<Vec<LogLine>, StoreError> {
    let mut lines = Vec::new();
    for entry in entries {
        for record in &app.store().register_records(&at.organisation, &at.service, register, &entry.id).await? {
            lines.extend(line(record, &Body::read(&record.body)?));
        }
    }
    lines.sort_by_key(|line| line.on);
    Ok(lines)
}
