//! Print sheets: a table as it stands on paper.

use rust_xlsxwriter::{Workbook, Worksheet};

use super::style::{Role, Style, Styles};
use super::{Fault, cell_text, looks_like_formula, setup};
use crate::content::{Align, Cell, Document, Mark, Table, place};
use crate::write::{Format, WriteError};
use crate::write::{groups, measure};

/// Height of a line in em; Excel and LibreOffice need a little less.
pub const LINE_HEIGHT: f64 = 1.25;
/// Highest row Excel has, in points.
pub const ROW_HEIGHT_MAX: f64 = 409.0;
/// Room above and below the text of a row, in points.
const ROW_PADDING: f64 = 5.0;
const FONT_SIZE: f64 = 9.0;

/// Adds the print sheet of a table.
pub fn add(
    book: &mut Workbook,
    document: &Document,
    table: &Table,
    name: &str,
    styles: &mut Styles,
) -> Result<(), Fault> {
    if table.columns.is_empty() || table.columns.len() > 16_384 {
        let reason = format!("列が{}あります。Excelの表は1列から16384列までです。", table.columns.len());
        return Err(WriteError::Table { caption: table.caption.clone(), format: Format::Xlsx, reason }.into());
    }
    let sheet = book.add_worksheet();
    sheet.set_name(name)?;
    sheet.set_screen_gridlines(false);
    let widths = column_pixels(document, table);
    for (column, width) in (0..).zip(&widths) {
        sheet.set_column_width_pixels(column, *width as u32)?;
    }
    let caption = if table.caption.is_empty() { &document.title } else { &table.caption };
    sheet.write_string_with_format(0, 0, cell_text(caption), styles.caption())?;
    sheet.set_row_height(0, 22.0)?;

    let head_end = rows(sheet, &table.head, &widths, 1, styles, &|_, cell| Style {
        role: Role::Head,
        align: Align::Center,
        mark: cell.mark,
        quoted: false,
    })?;
    let body = groups::split(&table.rows, &inner_points(&widths), FONT_SIZE);
    let mut end = rows(sheet, &body, &widths, head_end, styles, &|column, cell| Style {
        role: Role::Body,
        align: table.columns[column].align,
        mark: cell.mark,
        quoted: looks_like_formula(&cell.text),
    })?;
    let last_column = (widths.len() - 1) as u16;
    if table.rows.is_empty() {
        empty_row(sheet, end, last_column, styles)?;
        end += 1;
    }

    setup::page(sheet, document, document.page);
    sheet.set_print_area(0, 0, end - 1, last_column)?;
    if head_end > 1 {
        sheet.set_repeat_rows(1, head_end - 1)?;
        sheet.set_freeze_panes(head_end, 0)?;
    }
    Ok(())
}

/// Column widths that fill the page when letters of 9 points are printed at the size of the PDF.
fn column_pixels(document: &Document, table: &Table) -> Vec<f64> {
    let page = setup::Printed::of(document.page).width_px - 2.0;
    let total = page * FONT_SIZE / measure::font_size(table, crate::content::Letters::Normal);
    measure::columns(table, total, FONT_SIZE / (0.75 * 0.96), 5.0)
        .into_iter()
        .map(|width| width.floor().clamp(24.0, 1700.0))
        .collect()
}

/// Room for text in a cell so many pixels wide, in em of a font size. Five pixels are padding; renderers
/// round the widths of letters, hence the reserve.
pub fn inner_em(pixels: f64, size: f64) -> f64 {
    (pixels - 5.0).max(1.0) * 0.75 * 0.96 / size
}

/// Widths of columns in points, less what renderers round.
fn inner_points(pixels: &[f64]) -> Vec<f64> {
    pixels.iter().map(|width| width * 0.75 * 0.96).collect()
}

/// Writes rows from sheet row `first` on and returns the sheet row after them.
///
/// A row higher than Excel allows takes several sheet rows, merged in every column.
fn rows(
    sheet: &mut Worksheet,
    rows: &[Vec<Cell>],
    widths: &[f64],
    first: u32,
    styles: &mut Styles,
    style: &dyn Fn(usize, &Cell) -> Style,
) -> Result<u32, Fault> {
    let inner = inner_points(widths);
    let mut starts = Vec::with_capacity(rows.len() + 1);
    let mut next = first;
    for lines in measure::row_lines(rows, &inner, FONT_SIZE) {
        starts.push(next);
        let height = lines as f64 * FONT_SIZE * LINE_HEIGHT + ROW_PADDING;
        let parts = (height / ROW_HEIGHT_MAX).ceil().max(1.0);
        for _ in 0..parts as u32 {
            sheet.set_row_height(next, height / parts)?;
            next += 1;
        }
    }
    starts.push(next);
    for placed in place(rows, widths.len()) {
        let end_row = starts[(placed.row + placed.cell.row_span).min(rows.len())] - 1;
        let (row, column) = (starts[placed.row], placed.column as u16);
        let end_column = (placed.column + placed.cell.col_span - 1) as u16;
        let format = styles.get(style(placed.column, placed.cell));
        let text = cell_text(&placed.cell.text);
        if (row, column) == (end_row, end_column) {
            sheet.write_string_with_format(row, column, text, format)?;
        } else {
            sheet.merge_range(row, column, end_row, end_column, &text, format)?;
        }
    }
    Ok(next)
}

fn empty_row(sheet: &mut Worksheet, row: u32, last_column: u16, styles: &mut Styles) -> Result<(), Fault> {
    let format = styles.get(Style { role: Role::Body, align: Align::Left, mark: Mark::None, quoted: false });
    if last_column == 0 {
        sheet.write_string_with_format(row, 0, measure::EMPTY_TABLE, format)?;
    } else {
        sheet.merge_range(row, 0, row, last_column, measure::EMPTY_TABLE, format)?;
    }
    Ok(())
}
