//! The sheet with the running text of a document, for the deliverables that are not only tables.

use rust_xlsxwriter::Workbook;

use super::names::Names;
use super::style::{Role, Style, Styles};
use super::{Fault, cell_text, setup, table};
use crate::content::{Align, Block, Cell, Document};
use crate::write::measure;

/// LibreOffice fits a sheet to the width of a page only where it could break between columns.
const COLUMNS: u16 = 6;

/// Adds the sheet; `sheets` holds the name of each block's own sheet.
pub fn add(
    book: &mut Workbook,
    document: &Document,
    sheets: &[String],
    names: &mut Names,
    styles: &mut Styles,
) -> Result<(), Fault> {
    let pixels = (setup::Printed::of(document.page).width_px / f64::from(COLUMNS)).floor();
    let sheet = book.add_worksheet();
    sheet.set_name("本文")?;
    names.reserve("本文");
    sheet.set_screen_gridlines(false);
    for column in 0..COLUMNS {
        sheet.set_column_width_pixels(column, pixels as u32)?;
    }
    let mut row = 0;
    let inline = document.is_running_text();
    let lines_of = |(block, sheet): (&Block, &String)| -> Vec<(String, Role, Align)> {
        let align = if let Block::Aligned { align, .. } = block { *align } else { Align::Left };
        texts(block, sheet, inline).into_iter().map(|(text, role)| (text, role, align)).collect()
    };
    for (text, role, align) in document.blocks.iter().zip(sheets).flat_map(lines_of) {
        let size = if role == Role::Heading { 11.0 } else { 10.0 };
        let text = cell_text(&text);
        sheet.merge_range(
            row,
            0,
            row,
            COLUMNS - 1,
            &text,
            styles.get(Style { align, ..Styles::plain(role, &text) }),
        )?;
        let lines = measure::lines(&text, table::inner_em(pixels * f64::from(COLUMNS), size)) as f64;
        let air = if role == Role::Heading { 14.0 } else { 6.0 };
        sheet.set_row_height(row, (lines * size * table::LINE_HEIGHT + air).min(table::ROW_HEIGHT_MAX))?;
        row += 1;
    }
    setup::page(sheet, document, document.page);
    sheet.set_print_area(0, 0, row.max(1) - 1, COLUMNS - 1)?;
    Ok(())
}

/// The rows a block gives, in reading order. Tables and figures leave a pointer to their sheet, but in a running text
/// its tables stand where they are read.
fn texts(block: &Block, sheet: &str, inline: bool) -> Vec<(String, Role)> {
    match block {
        Block::Table(table) if inline => {
            let line = |row: &Vec<Cell>| row.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join("｜");
            let rows = table.head.iter().chain(&table.rows).map(line);
            let caption = (!table.caption.is_empty()).then(|| format!("【{}】", table.caption));
            caption.into_iter().chain(rows).map(|text| (text, Role::Text)).collect()
        }
        Block::Numbered { depth, label, text } => {
            let indent = "　".repeat(usize::from(*depth));
            vec![(format!("{indent}{label}　{text}"), Role::Text)]
        }
        Block::Contents => vec![],
        Block::Heading { text, .. } => vec![(text.clone(), Role::Heading)],
        Block::Paragraph(text) | Block::Aligned { text, .. } => vec![(text.clone(), Role::Text)],
        Block::List(items) => items.iter().map(|item| (format!("・{item}"), Role::Text)).collect(),
        Block::Table(_) => vec![(format!("（表: シート「{sheet}」）"), Role::Text)],
        Block::Figure(_) => vec![(format!("（図: シート「{sheet}」）"), Role::Text)],
        Block::PageBreak => vec![],
    }
}
