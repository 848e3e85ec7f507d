//! Data sheets: one record a row, one header row, nothing merged.

use chrono::Datelike;
use rust_xlsxwriter::{ExcelDateTime, Workbook};

use super::names::Names;
use super::style::{Role, Styles};
use super::{Fault, cell_text, setup};
use crate::content::{DataSheet, Document, Page, Value};
use crate::write::measure;

/// Column widths in em: wide enough to recognise a value, not so wide that one column fills the screen.
const WIDTH_MIN: f64 = 4.0;
const WIDTH_MAX: f64 = 32.0;
/// Smallest scale on paper.
const SCALE_MIN: f64 = 0.75;
const FONT_SIZE_PX: f64 = 10.0 * 96.0 / 72.0;

/// Adds a data sheet.
pub fn add(
    book: &mut Workbook,
    document: &Document,
    data: &DataSheet,
    names: &mut Names,
    styles: &mut Styles,
) -> Result<(), Fault> {
    let sheet = book.add_worksheet();
    sheet.set_name(names.unique(&data.name))?;
    for (column, (name, width)) in (0..).zip(data.columns.iter().zip(widths(data))) {
        sheet.set_column_width_pixels(column, (width * FONT_SIZE_PX) as u32 + 24)?;
        sheet.write_string_with_format(0, column, cell_text(name), styles.role(Role::DataHead))?;
    }
    for (row, values) in (1..).zip(&data.rows) {
        for (column, value) in (0..).zip(values) {
            match value {
                Value::Empty => {}
                Value::Text(text) => {
                    let text = cell_text(text);
                    let format = styles.of(Role::Data, &text);
                    sheet.write_string_with_format(row, column, &text, format)?;
                }
                Value::Date(day) if !(1900..=9999).contains(&day.year()) => {
                    sheet.write_string_with_format(row, column, value.to_string(), styles.role(Role::Data))?;
                }
                Value::Date(day) => {
                    let day = ExcelDateTime::from_ymd(day.year() as u16, day.month() as u8, day.day() as u8)?;
                    sheet.write_datetime_with_format(row, column, &day, styles.role(Role::DataDate))?;
                }
                Value::Number(number) if number.is_finite() => {
                    sheet.write_number_with_format(row, column, *number, styles.role(Role::Data))?;
                }
                Value::Number(number) => {
                    sheet.write_string_with_format(row, column, number.to_string(), styles.role(Role::Data))?;
                }
            }
        }
    }
    if !data.columns.is_empty() {
        let (last_row, last_column) = (data.rows.len() as u32, (data.columns.len() - 1) as u16);
        sheet.autofilter(0, 0, last_row, last_column)?;
        sheet.set_print_area(0, 0, last_row, last_column)?;
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_repeat_rows(0, 0)?;
    }
    setup::page(sheet, document, Page::A4_LANDSCAPE);
    // Letters of 10 points stay readable on paper: a wide sheet takes several pages beside each other.
    let total: f64 = widths(data).iter().map(|width| width * FONT_SIZE_PX + 24.0).sum();
    let pages = (total * SCALE_MIN / setup::Printed::of(Page::A4_LANDSCAPE).width_px).ceil().max(1.0);
    sheet.set_print_fit_to_pages(pages as u16, 0);
    Ok(())
}

/// The widest value of each column, judged by the first lines of the first rows.
fn widths(data: &DataSheet) -> Vec<f64> {
    let mut widths: Vec<f64> = data.columns.iter().map(|name| measure::width(name).max(WIDTH_MIN)).collect();
    for row in data.rows.iter().take(200) {
        for (width, value) in widths.iter_mut().zip(row) {
            let wide = match value {
                Value::Empty => 0.0,
                Value::Text(text) => measure::width(text.lines().next().unwrap_or_default()),
                Value::Number(_) | Value::Date(_) => measure::width(&value.to_string()),
            };
            *width = width.max(wide).min(WIDTH_MAX);
        }
    }
    widths
}
