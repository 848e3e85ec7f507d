//! Reads the official texts that users have, and says how sure it is.
//!
//! What people hold of the guidelines is text copied out of PDF files, a spreadsheet somebody typed, a checklist filled
//! in years ago. Columns have shifted, marks are lost, cells are torn over pages. This crate finds the table by its own
//! structure, puts it together again and gives every item a confidence and the list of what was repaired. What cannot
//! be read stays unknown, and no line disappears: it is used, or it is listed with the reason why not.
//!
//! Bytes come in, values go out. The wording itself never enters the repository; it belongs to the user's workspace.
#![deny(missing_docs)]

mod decode;
mod fold;
mod import;
mod known;
mod lines;
mod sheet;
mod table;

pub use import::{
    AnswerRead, Answered, Confidence, Form, Import, IntakeError, Item, LineCount, Mark, Problem, ProblemKind,
    Reference, RequirementText, RuleRow, ScenarioText, Unused,
};
pub use known::Known;

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
    Ok(table::read(&lines, edition, known))
}
