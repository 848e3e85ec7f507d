//! Papers of an incident: the sheet for those who handle it, the notices to institutions, and the chart of contacts.
//!
//! They are made from records at a moment, so they are no [`super::Deliverable`].

mod chart;
mod notice;
mod sheet;

use crate::content::{Align, Block, Cell, Mark, Table};
use crate::deliverable::common::{columns, head};

pub use chart::contact_chart;
pub use notice::notice_paper;
pub use sheet::incident_sheet;

/// What stands where nobody wrote anything.
const BLANK: &str = "〔未記載〕";

fn heading(text: &str) -> Block {
    Block::Heading { level: 1, text: text.to_owned() }
}

/// A table of texts.
fn table(caption: &str, titles: &[&str], widths: &[f64], rows: Vec<Vec<Cell>>) -> Block {
    let widths: Vec<(f64, Align)> = widths.iter().map(|width| (*width, Align::Left)).collect();
    Block::Table(Table { caption: caption.to_owned(), columns: columns(&widths), head: head(titles), rows })
}

/// A cell, hatched where nothing is known.
fn known(text: Option<String>) -> Cell {
    match text {
        Some(text) => Cell::new(text),
        None => Cell::new(BLANK).mark(Mark::Unanswered),
    }
}
