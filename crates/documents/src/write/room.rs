//! How much paper a sheet takes, so that what does not fit can be left to other documents before anything is written.
//!
//! The sums follow the spacing of `document.typ`, rounded up: text is measured and not set, and what looks full here
//! must never run over there.

use super::measure::{self, Sizes};
use super::{caption, facts};
use crate::content::{Block, Document, Table};

const MILLIMETRE: f64 = 72.0 / 25.4;
/// Between blocks, in points.
const APART: f64 = 9.0;
/// Letters of what identifies the issue and of what limits it, with the air between lines.
const SMALL: f64 = 8.0 * 1.35;
/// Above and below the text of a cell.
const CELL: f64 = 2.0 * 0.95 * MILLIMETRE;
/// What no sum of ours knows, such as a line that breaks earlier than it was measured.
const SPARE: f64 = 14.0;
/// Room at the foot of a page that a heading or a row leaves which must stay whole.
const LEFT_AT_A_BREAK: f64 = 60.0;

/// Whether a document in the form of a sheet fits so many pages.
pub fn fits(document: &Document, pages: usize) -> bool {
    let margins = document.margins();
    let (width, height) = document.page.size_mm();
    let width = (width - margins.left - margins.right) * MILLIMETRE;
    let page = (height - margins.top - margins.bottom) * MILLIMETRE;
    taken(document, width) + SPARE <= page * pages as f64 - LEFT_AT_A_BREAK * (pages.max(1) - 1) as f64
}

/// Height in points of all that stands on the sheet.
fn taken(document: &Document, width: f64) -> f64 {
    let sizes = Sizes::of(&document.look);
    let blocks = document.blocks.iter().enumerate();
    front(document, width, &sizes) + blocks.map(|(at, of)| block(document, at, of, width, &sizes)).sum::<f64>()
}

fn front(document: &Document, width: f64, sizes: &Sizes) -> f64 {
    let lines = |text: &str, size: f64, width: f64| measure::lines(text, width / size) as f64;
    // The stamp stands beside the title.
    let title = lines(&document.title, sizes.title * 1.05, width - 60.0) * sizes.title * 1.2;
    let stated: Vec<String> = facts(document)
        .into_iter()
        .chain([("", document.meta.service.as_str())])
        .chain(document.summary.iter().map(|(label, value)| (label.as_str(), value.as_str())))
        .map(|(label, value)| format!("{label} {value}　"))
        .collect();
    // They are not broken inside.
    let stated = lines(&stated.concat(), 8.0, width * 0.92) * SMALL;
    let notices: f64 = document.notices.iter().map(|notice| lines(notice, 8.0, width - 25.0) * SMALL + 1.0).sum();
    let frame = if document.notices.is_empty() { 0.0 } else { 8.0 * MILLIMETRE };
    let boxes: f64 = if document.look.approval.is_empty() { 0.0 } else { 27.0 };
    let logo = document.look.logo.as_ref().map_or(0.0, |logo| logo.height + 5.0);
    boxes.max(logo) * MILLIMETRE + title + stated + notices + frame + 1.5 * APART
}

fn block(document: &Document, at: usize, of: &Block, width: f64, sizes: &Sizes) -> f64 {
    let paragraph = |text: &str, width: f64| {
        let lines = measure::lines(text, width / sizes.text) as f64;
        lines * sizes.text * (1.0 + sizes.leading) + sizes.text * (0.9 - sizes.leading)
    };
    match of {
        Block::Heading { text, .. } => {
            let lines = measure::lines(text, width / sizes.heading) as f64;
            // The air above it takes in what the block before it leaves below.
            sizes.heading * (lines + 1.0) + 0.8 * MILLIMETRE
        }
        Block::Paragraph(text) | Block::Aligned { text, .. } => paragraph(text, width),
        Block::Numbered { depth, label, text } => {
            let room = f64::from(*depth) + measure::width(label) + 1.0;
            paragraph(text, width - room * sizes.text)
        }
        Block::List(items) => items.iter().map(|item| paragraph(item, width - 2.0 * sizes.text)).sum(),
        Block::Table(of) => {
            let name = if caption(document, at).is_empty() { 0.0 } else { sizes.caption + 13.0 };
            name + table(document, of, width)
        }
        // No sheet has any.
        Block::Contents | Block::Figure(_) | Block::PageBreak => 0.0,
    }
}

fn table(document: &Document, table: &Table, width: f64) -> f64 {
    let size = measure::font_size(table, document.look.letters);
    let widths = measure::columns(table, width, size, measure::PADDING);
    let rows = measure::row_lines(&table.head, &widths, size).into_iter();
    let rows = rows.chain(measure::row_lines(&table.rows, &widths, size));
    rows.map(|lines| size * (lines as f64 * 1.36 - 0.36) + CELL).sum::<f64>() + APART
}
