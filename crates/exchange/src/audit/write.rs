//! The workbook as it goes out.

use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, ProtectionOptions, Workbook, Worksheet,
    XlsxError,
};
use shirube_safety::operation::audit::{Item, Sample, Verdict};

use super::{ANSWER, EVIDENCE, GRADE, KIND, LOOKED, NUMBER, PROMISED, REMARK, SAMPLES, SHEET, TEXT, VERDICT};
use crate::sheet::{FORM, STAMP_SHEET, Styles, WriteError, lines, tall};

/// Columns with their widths, and whether people write into them.
const COLUMNS: [(&str, f64, bool); 10] = [
    (NUMBER, 11.0, false),
    (TEXT, 40.0, false),
    (ANSWER, 11.0, false),
    (PROMISED, 36.0, false),
    (EVIDENCE, 26.0, false),
    (SAMPLES, 36.0, false),
    (VERDICT, 16.0, true),
    (GRADE, 18.0, true),
    (REMARK, 40.0, true),
    (LOOKED, 30.0, true),
];

/// The workbook of an audit; `grades` are those that the register of findings offers. The same content gives the same bytes.
pub fn audit_workbook(audit: &str, items: &[Item], grades: &[String]) -> Result<Vec<u8>, WriteError> {
    let mut workbook = Workbook::new();
    let styles = Styles::new();
    // A workbook knows no moment but that of its content; this day stands for none.
    let day = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_title(SHEET).set_subject(audit).set_creation_datetime(&day));
    let sheet = workbook.add_worksheet();
    sheet.set_name(SHEET)?;
    for (at, (heading, width, is_open)) in COLUMNS.iter().enumerate() {
        let style = if *is_open { &styles.head_open } else { &styles.head };
        sheet.write_string_with_format(0, at as u16, *heading, style)?.set_column_width(at as u16, *width)?;
    }
    sheet.set_row_height(0, 34)?.set_freeze_panes(1, 1)?;
    for (at, item) in items.iter().enumerate() {
        row(sheet, at as u32 + 1, item, &styles)?;
    }
    let last = items.len().max(1) as u32;
    choose(sheet, 6, last, &Verdict::ALL.iter().map(|one| one.term()).collect::<Vec<_>>())?;
    choose(sheet, 7, last, &grades.iter().map(String::as_str).collect::<Vec<_>>())?;
    finish(sheet, last)?;
    let hidden = workbook.add_worksheet();
    hidden.set_name(STAMP_SHEET)?.set_hidden(true).protect();
    let facts = [("form", FORM.to_string()), ("kind", KIND.to_owned()), ("audit", audit.to_owned())];
    for (row, (key, value)) in facts.into_iter().enumerate() {
        hidden.write_string(row as u32, 0, key)?.write_string(row as u32, 1, value)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn row(sheet: &mut Worksheet, row: u32, item: &Item, styles: &Styles) -> Result<(), XlsxError> {
    let shown = [
        item.control.id.to_string(),
        item.control.text.clone(),
        item.answer.map_or("未回答", |answer| answer.term()).to_owned(),
        item.promised.clone(),
        item.evidence.join("\n"),
        samples(item),
    ];
    let mut most: f64 = 1.0;
    for (at, text) in shown.iter().enumerate() {
        sheet.write_string_with_format(row, at as u16, text, &styles.shown)?;
        most = most.max(lines(text, COLUMNS[at].1));
    }
    for at in 6..COLUMNS.len() as u16 {
        sheet.write_string_with_format(row, at, "", &styles.open)?;
    }
    sheet.set_row_height(row, tall(most))?;
    Ok(())
}

fn samples(item: &Item) -> String {
    let text = |sample: &Sample| {
        let entry = sample.entry.as_ref().map(|entry| format!(" {entry}")).unwrap_or_default();
        format!("{}{entry}（{} {}）", sample.register, sample.on, sample.what)
    };
    let drawn: Vec<String> = item.samples.iter().map(text).collect();
    match drawn.is_empty() {
        true => "期間の記録なし".to_owned(),
        false => format!("{}\n（期間の記録{}件から）", drawn.join("\n"), item.population),
    }
}

/// Words to choose from.
fn choose(sheet: &mut Worksheet, column: u16, last: u32, words: &[&str]) -> Result<(), XlsxError> {
    let rule = DataValidation::new()
        .allow_list_strings(words)?
        .set_error_style(DataValidationErrorStyle::Stop)
        .set_error_title("選べない内容です")?
        .set_error_message("一覧から選んでください。")?;
    sheet.add_data_validation(1, column, last, column, &rule)?;
    Ok(())
}

/// Paper and protection: only what people fill in is open.
fn finish(sheet: &mut Worksheet, row: u32) -> Result<(), XlsxError> {
    let last = COLUMNS.len() as u16 - 1;
    sheet.autofilter(0, 0, row, last)?;
    sheet.set_paper_size(8).set_landscape().set_print_fit_to_pages(1, 0).set_print_area(0, 0, row, last)?;
    sheet.set_repeat_rows(0, 0)?.set_footer("&C&8 ページ &P / &N");
    sheet.protect_with_options(&ProtectionOptions {
        use_autofilter: true,
        format_columns: true,
        format_rows: true,
        ..ProtectionOptions::new()
    });
    Ok(())
}
