//! Reads the official texts that users have, and says how sure it is.
//!
//! What people hold of the guidelines is text copied out of PDF files, a spreadsheet somebody typed, a checklist filled
//! in years ago. Columns have shifted, marks are lost, cells are torn over pages. This crate finds the table by its own
//! structure, puts it together again and gives every item a confidence and the list of what was repaired. What cannot
//! be read stays unknown, and no line disappears: it is used, or it is listed with the reason why not.
//!
//! Bytes come in, values go out. The wording itself never enters the repository; it belongs to the user's workspace.
#![deny(missing_docs)]

mod annex;
mod checklist;
mod content;
mod decode;
mod evidence;
mod fold;
mod import;
mod known;
mod lines;
mod page;
mod pairs;
mod rows;
mod sheet;
mod table;

pub use evidence::{Appraisal, Contradiction, Evidence, Flag, FlagKind, appraise};
pub use import::{
    AnswerRead, Answered, Confidence, Form, Import, IntakeError, Item, LineCount, Mark, Problem, ProblemKind,
    Reference, RequirementText, RuleRow, ScenarioText, Unused,
};
pub use known::Known;
pub use pairs::{PairError, Pairs, pairs};
pub use rows::{ENTRY_COLUMNS, RowProblem, Rows, entries, links};

/// Reads a text as an edition, with what the embedded catalogs know of it.
pub fn read(bytes: &[u8], name: &str, edition: &str) -> Result<Import, IntakeError> {
    read_with(bytes, name, edition, &Known::embedded(edition))
}

/// Reads a text as an edition, held against the given facts.
pub fn read_with(bytes: &[u8], name: &str, edition: &str, known: &Known) -> Result<Import, IntakeError> {
    let lines = if sheet::is_workbook(bytes) {
        sheet::workbook(bytes, name)?
    } else {
        let text = decode::text(bytes, name)?;
        if name.to_lowercase().ends_with(".csv") { sheet::csv(&text) } else { lines::split(&text) }
    };
    let rows = table::recognise(&lines);
    // A whole guideline holds boxes and headings of all sorts; what the edition is known to be decides first.
    let other = rows.is_none() || known.controls.is_empty() && !known.entries.is_empty();
    if other && annex::recognise(&lines) {
        return Ok(annex::read(&lines, edition, known));
    }
    if other && checklist::recognise(&lines) {
        return Ok(checklist::read(&lines, edition, known));
    }
    let rows = rows.ok_or_else(|| IntakeError::NoForm(name.to_owned()))?;
    let table = table::read(&lines, edition, known);
    // Lines that are no rows are cells in their order, or columns mixed: what gives more is what it is.
    let page = if rows { None } else { page::read(&lines, edition, known) };
    Ok(page.filter(|page| worth(page, known) > worth(&table, known)).unwrap_or(table))
}

/// How many wordings of a reading are whole and of their item, and how sure it is: to choose between two.
fn worth(import: &Import, known: &Known) -> (usize, u32) {
    let control = |id: &str| known.controls.iter().find(|control| control.id == id);
    let whole = |item: &&Item| {
        !item.text.is_empty() && control(&item.id).is_some_and(|control| control.wording.doubts(&item.text).is_empty())
    };
    let sure = import.items.iter().map(|item| u32::from(item.confidence.as_percent())).sum();
    (import.items.iter().filter(whole).count(), sure)
}
