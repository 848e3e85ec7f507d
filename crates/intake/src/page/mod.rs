//! 別紙2 as the lines of a page whose columns a converter has mixed.
//!
//! Nothing but the wording tells here which column a line comes from, so no item of this form is ever certain.

mod build;
mod identify;
mod sort;
mod title;

use crate::import::Import;
use crate::known::Known;
use crate::lines::{Ledger, Line};
use crate::table::{self, token};

pub use title::Title;

/// Reads the page among these lines; `None` without a catalog to tell columns by.
pub fn read(lines: &[Line], edition: &str, known: &Known) -> Option<Import> {
    if known.controls.is_empty() {
        return None;
    }
    let digits = table::digits(lines);
    let furniture = table::furniture::reasons(lines, digits);
    let start = furniture.iter().position(|reason| matches!(reason, Some("表題" | "表の見出し"))).unwrap_or(0);
    let mut ledger = Ledger::new(lines);
    let mut fragments: Vec<sort::Fragment> = Vec::new();
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| !line.cells.is_empty()) {
        if let Some(reason) = furniture[index] {
            ledger.unused(line.number, reason);
        } else if index < start {
            ledger.unused(line.number, "表より前の本文");
        } else {
            ledger.used(line.number);
            for cell in &line.cells {
                fragments.push(sort::Fragment {
                    line: line.number,
                    text: cell.text.clone(),
                    plain: cell.plain.clone(),
                    token: token::of(&cell.plain, digits),
                });
            }
        }
    }
    let sorted = sort::sort(fragments, known);
    Some(build::import(sorted, edition, known, ledger))
}
