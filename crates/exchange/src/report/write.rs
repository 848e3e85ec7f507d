//! The workbook as it goes out.

use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, ProtectionOptions, Workbook, Worksheet,
    XlsxError,
};
use shirube_catalog::library;
use shirube_safety::chain::StatusReport;
use shirube_safety::conformity::ControlStatus;
use shirube_safety::stated::{Doer, SharedTask, SupplierStatement};

use super::{
    BELOW, BY, CONTROLS, CUSTOMER, DOCUMENT, DOER, EDITIONS, EVIDENCE, EVIDENCE_UNTIL, HEAD, HOW, KIND, LAYER, NOTE,
    NUMBER, ON, PROVIDER, RISKS, SERVICE, STATUS, STATUTORY, TASK, TASK_ID, TASKS, TEXT, UNTIL,
};
use crate::sheet::{FORM, STAMP_SHEET, Styles, WriteError, lines, tall};

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Asked<'a> {
    /// Who asks, as the first lines of the workbook name it.
    pub asker: String,
    /// Tasks of the asker's table, to be answered by their ids.
    pub tasks: &'a [SharedTask],
}

/// The workbook. `report` fills it; an empty one leaves it blank. The same content gives the same bytes.
pub fn report_workbook(asked: &Asked, report: &StatusReport) -> Result<Vec<u8>, WriteError> {
    let mut workbook = Workbook::new();
    let styles = Styles::new();
    let day = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_title("安全管理の状況報告").set_creation_datetime(&day));
    head(workbook.add_worksheet(), asked, report, &styles)?;
    controls(workbook.add_worksheet(), report, &styles)?;
    tasks(workbook.add_worksheet(), asked, report, &styles)?;
    let hidden = workbook.add_worksheet();
    hidden.set_name(STAMP_SHEET)?.set_hidden(true).protect();
    for (row, (key, value)) in [("form", FORM.to_string()), ("kind", KIND.to_owned())].into_iter().enumerate() {
        hidden.write_string(row as u32, 0, key)?.write_string(row as u32, 1, value)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// Width of the column people write into on the first sheet.
const WIDE: f64 = 70.0;

fn head(sheet: &mut Worksheet, asked: &Asked, report: &StatusReport, styles: &Styles) -> Result<(), XlsxError> {
    sheet.set_name(HEAD)?.set_column_width(0, 32)?.set_column_width(1, WIDE)?;
    sheet.write_string_with_format(0, 0, "安全管理の状況報告", &styles.title)?;
    let to = if asked.asker.is_empty() { String::new() } else { format!("{} 御中　", asked.asker) };
    let about = format!(
        "{to}見出しが青い欄に書きます。対策項目と作業の分担は、次のシートに書きます。当てはまらない行は、空のままで構いません。空の行は「報告なし」になります。日付は 2026-04-01、令和8年4月1日 のどちらでも書けます。"
    );
    sheet.merge_range(1, 0, 1, 1, &about, &styles.text)?;
    sheet.set_row_height(1, tall(lines(&about, WIDE + 32.0)))?;
    let date = |date: Option<shirube_safety::model::Date>| date.map(|date| date.to_string()).unwrap_or_default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let fields = [
        (PROVIDER, text(&report.provider)),
        (SERVICE, text(&report.service)),
        (ON, date(report.on)),
        (BY, text(&report.by)),
        (EDITIONS, report.editions.join("\n")),
        (UNTIL, date(report.valid_until)),
        (DOCUMENT, text(&report.document)),
        (RISKS, text(&report.risk_management)),
        (STATUTORY, text(&report.statutory)),
        (BELOW, report.subcontractors.join("\n")),
    ];
    for (at, (label, value)) in fields.into_iter().enumerate() {
        let row = at as u32 + 3;
        sheet.write_string_with_format(row, 0, label, &styles.head_open)?;
        sheet.write_string_with_format(row, 1, &value, &styles.open)?;
        let least = if matches!(label, RISKS | STATUTORY) { 5.0 } else { 1.0 };
        sheet.set_row_height(row, tall(lines(&value, WIDE).max(least)))?;
    }
    let notes = [
        format!("「{EDITIONS}」は、pg-1.0 のように、一行に一つずつ書きます。"),
        format!("「{BELOW}」は、会社の名前を一行に一つずつ書きます。使っていないときは「なし」と書きます。"),
    ];
    for (at, note) in notes.iter().enumerate() {
        sheet.merge_range(at as u32 + 14, 0, at as u32 + 14, 1, note, &styles.text)?;
    }
    finish(sheet, 15, 1)
}

fn controls(sheet: &mut Worksheet, report: &StatusReport, styles: &Styles) -> Result<(), WriteError> {
    sheet.set_name(CONTROLS)?;
    let columns = [
        (NUMBER, 11.0, false),
        (TEXT, 46.0, false),
        (STATUS, 11.0, true),
        (DOER, 13.0, true),
        (HOW, 40.0, true),
        (CUSTOMER, 34.0, true),
        (EVIDENCE, 28.0, true),
        (EVIDENCE_UNTIL, 14.0, true),
    ];
    headings(sheet, &columns, styles)?;
    let all = &library().provider.controls;
    for (at, control) in all.iter().enumerate() {
        let row = at as u32 + 1;
        let number = control.id.to_string();
        let said = report.statements.iter().find(|statement| statement.control == number);
        sheet.write_string_with_format(row, 0, &number, &styles.shown)?;
        sheet.write_string_with_format(row, 1, &control.text, &styles.shown)?;
        let cells = said.map(cells).unwrap_or_default();
        let mut most = lines(&control.text, columns[1].1);
        for (at, cell) in cells.iter().enumerate() {
            sheet.write_string_with_format(row, at as u16 + 2, cell, &styles.open)?;
            most = most.max(lines(cell, columns[at + 2].1));
        }
        sheet.set_row_height(row, tall(most))?;
    }
    let last = all.len() as u32;
    choose(sheet, 2, last, ControlStatus::ALL.iter().map(|one| one.term()).filter(|term| *term != "未回答"))?;
    choose(sheet, 3, last, Doer::ALL.iter().map(|one| one.term()))?;
    sheet.autofilter(0, 0, last, 7)?;
    Ok(finish(sheet, last, 7)?)
}

fn cells(statement: &SupplierStatement) -> [String; 6] {
    [
        statement.status.term().to_owned(),
        statement.by.term().to_owned(),
        statement.how.clone().unwrap_or_default(),
        statement.customer.clone().unwrap_or_default(),
        statement.evidence.join("\n"),
        statement.evidence_until.map(|date| date.to_string()).unwrap_or_default(),
    ]
}

fn tasks(sheet: &mut Worksheet, asked: &Asked, report: &StatusReport, styles: &Styles) -> Result<(), WriteError> {
    sheet.set_name(TASKS)?;
    let columns =
        [(TASK_ID, 22.0, false), (TASK, 46.0, false), (LAYER, 18.0, false), (DOER, 16.0, true), (NOTE, 40.0, true)];
    headings(sheet, &columns, styles)?;
    for (at, task) in asked.tasks.iter().enumerate() {
        let row = at as u32 + 1;
        let claim = report.claims.iter().find(|claim| claim.task == task.id);
        let shown = [task.id.as_str(), task.what.as_str(), task.layer.term()];
        for (at, text) in shown.into_iter().enumerate() {
            sheet.write_string_with_format(row, at as u16, text, &styles.shown)?;
        }
        sheet.write_string_with_format(row, 3, claim.map_or("", |claim| claim.by.term()), &styles.open)?;
        let note = claim.and_then(|claim| claim.note.clone()).unwrap_or_default();
        sheet.write_string_with_format(row, 4, note, &styles.open)?;
        sheet.set_row_height(row, tall(lines(&task.what, 46.0).max(lines(&task.id, 22.0))))?;
    }
    let last = asked.tasks.len().max(1) as u32;
    choose(sheet, 3, last, Doer::ALL.iter().map(|one| one.term()))?;
    Ok(finish(sheet, last, 4)?)
}

fn headings(sheet: &mut Worksheet, columns: &[(&str, f64, bool)], styles: &Styles) -> Result<(), XlsxError> {
    for (at, (heading, width, is_open)) in columns.iter().enumerate() {
        let style = if *is_open { &styles.head_open } else { &styles.head };
        sheet.write_string_with_format(0, at as u16, *heading, style)?.set_column_width(at as u16, *width)?;
    }
    sheet.set_row_height(0, 34)?.set_freeze_panes(1, 2)?;
    Ok(())
}

/// Words to choose from.
fn choose<'w>(
    sheet: &mut Worksheet,
    column: u16,
    last: u32,
    words: impl Iterator<Item = &'w str>,
) -> Result<(), XlsxError> {
    let words: Vec<&str> = words.collect();
    let rule = DataValidation::new()
        .allow_list_strings(&words)?
        .set_error_style(DataValidationErrorStyle::Stop)
        .set_error_title("選べない内容です")?
        .set_error_message("一覧から選んでください。")?;
    sheet.add_data_validation(1, column, last, column, &rule)?;
    Ok(())
}

/// Paper and protection: only what people fill in is open.
fn finish(sheet: &mut Worksheet, row: u32, column: u16) -> Result<(), XlsxError> {
    sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0).set_print_area(0, 0, row, column)?;
    sheet.set_footer("&C&8 ページ &P / &N");
    sheet.protect_with_options(&ProtectionOptions {
        use_autofilter: true,
        format_columns: true,
        format_rows: true,
        ..ProtectionOptions::new()
    });
    Ok(())
}
