//! The workbook as it goes out.

use chrono::{Datelike, NaiveDateTime, Timelike};
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, Formula, IgnoreError, Workbook,
    Worksheet, XlsxError,
};
use shirube_catalog::{FieldKind, Register, RegisterField, Required};
use shirube_safety::operation::register::{Entry, HOLD, NUMBER, STATE, Value, cell};

use super::{EXPLAINED, KIND, sheet_name};
use crate::sheet::{FORM, OPTIONS_SHEET, STAMP_SHEET, Styles, WriteError, column_name, lines, tall};

/// Rows that are open for what is added.
const BLANK_ROWS: usize = 200;

/// Longest text a cell holds, in UTF-16 units.
const LONGEST_CELL: usize = 32_767;

/// Width of the explanations.
const EXPLAINED_WIDTH: f64 = 80.0;

/// A column of the sheet.
struct Column<'r> {
    heading: &'r str,
    field: Option<&'r RegisterField>,
    width: f64,
    /// What can be chosen; none where anything may be written.
    options: Vec<&'r str>,
    must: bool,
}

/// The table of a register as a workbook; without entries it is the empty form. The same entries give the same bytes.
pub fn register_workbook(register: &Register, entries: &[Entry]) -> Result<Vec<u8>, WriteError> {
    let mut workbook = Workbook::new();
    let styles = Styles::new();
    // A workbook knows no moment but that of its content; this day stands for none.
    let day = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_title(&register.title).set_creation_datetime(&day));
    let columns = columns(register);
    table(workbook.add_worksheet(), register, &columns, entries, &styles)?;
    explain(workbook.add_worksheet(), register, &columns, &styles)?;
    let options = workbook.add_worksheet();
    options.set_name(OPTIONS_SHEET)?.set_hidden(true).protect();
    for (at, column) in columns.iter().enumerate() {
        for (row, option) in [&column.heading].into_iter().chain(&column.options).enumerate() {
            options.write_string(row as u32, at as u16, *option)?;
        }
    }
    let hidden = workbook.add_worksheet();
    hidden.set_name(STAMP_SHEET)?.set_hidden(true).protect();
    for (row, (key, value)) in [("form", FORM.to_string()), (KIND, register.id.clone())].into_iter().enumerate() {
        hidden.write_string(row as u32, 0, key)?.write_string(row as u32, 1, value)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn columns(register: &Register) -> Vec<Column<'_>> {
    let plain = |heading, width, options| Column { heading, field: None, width, options, must: false };
    let states = register.states.iter().map(|state| state.title.as_str()).collect();
    let fields = register.fields.iter().map(|field| Column {
        heading: &field.title,
        field: Some(field),
        width: width(field),
        options: options(field),
        must: field.required == Required::Always,
    });
    let start = [plain(NUMBER, 12.0, Vec::new()), plain(STATE, 14.0, states)];
    start.into_iter().chain(fields).chain([plain(HOLD, 8.0, vec!["はい", "いいえ"])]).collect()
}

fn width(field: &RegisterField) -> f64 {
    match field.kind {
        FieldKind::Note => 40.0,
        FieldKind::Date | FieldKind::Number | FieldKind::YesNo => 13.0,
        FieldKind::Time => 18.0,
        FieldKind::Text | FieldKind::Evidence => 26.0,
        _ => 20.0,
    }
}

fn options(field: &RegisterField) -> Vec<&str> {
    match field.kind {
        // A cell with several values holds one on each line, which no list of choices allows.
        _ if field.many => Vec::new(),
        FieldKind::Choice => field.options.iter().map(String::as_str).collect(),
        FieldKind::YesNo => vec!["はい", "いいえ"],
        _ => Vec::new(),
    }
}

fn table(
    sheet: &mut Worksheet,
    register: &Register,
    columns: &[Column],
    entries: &[Entry],
    styles: &Styles,
) -> Result<(), WriteError> {
    sheet.set_name(sheet_name(register))?;
    for (at, column) in columns.iter().enumerate() {
        let head = if column.must { &styles.head_open } else { &styles.head };
        sheet.write_string_with_format(0, at as u16, column.heading, head)?;
        sheet.set_column_width(at as u16, column.width)?;
    }
    sheet.set_row_height(0, 34)?;
    let days = styles.open.clone().set_num_format("yyyy-mm-dd");
    let times = styles.open.clone().set_num_format("yyyy-mm-dd hh:mm");
    let seconds = styles.open.clone().set_num_format("yyyy-mm-dd hh:mm:ss");
    let format = |column: &Column| match column.field.map(|field| field.kind) {
        Some(FieldKind::Date) => &days,
        Some(FieldKind::Time) => &times,
        _ => &styles.open,
    };
    for (at, entry) in entries.iter().enumerate() {
        let line = at as u32 + 1;
        let mut most: f64 = 1.0;
        for (at, column) in columns.iter().enumerate() {
            let text = shown(register, entry, column);
            if text.encode_utf16().count() > LONGEST_CELL {
                let (record, heading) = (entry.id.clone(), column.heading.to_owned());
                return Err(WriteError::TooLong { record, heading });
            }
            let has_seconds = column.field.is_some_and(|field| has_seconds(entry.values(&field.id)));
            let format = if has_seconds { &seconds } else { format(column) };
            put(sheet, (line, at as u16), entry, column, &text, format)?;
            most = most.max(lines(&text, column.width));
        }
        sheet.set_row_height(line, tall(most))?;
    }
    let rows = entries.len() as u32;
    let last = rows + BLANK_ROWS as u32;
    for line in rows + 1..=last {
        for (at, column) in columns.iter().enumerate() {
            sheet.write_blank(line, at as u16, format(column))?;
        }
    }
    choices(sheet, columns, last)?;
    sheet.ignore_error_range(0, 0, last, columns.len() as u16 - 1, IgnoreError::NumberStoredAsText)?;
    sheet.autofilter(0, 0, rows.max(1), columns.len() as u16 - 1)?;
    sheet.set_freeze_panes(1, 1)?;
    Ok(print(sheet, register, (rows.max(1), columns.len() as u16 - 1))?)
}

fn shown(register: &Register, entry: &Entry, column: &Column) -> String {
    cell(register, entry, column.field.map_or(column.heading, |field| &field.id))
}

/// One cell: a day as a day, a time as a time, a number as a number, everything else as text.
fn put(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    entry: &Entry,
    column: &Column,
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    let values = column.field.map_or(&[][..], |field| entry.values(&field.id));
    let day = match values {
        [value @ (Value::Date(_) | Value::Time(_))] => value.moment().and_then(excel),
        _ => None,
    };
    match (values, day) {
        (_, Some(day)) => sheet.write_datetime_with_format(row, at, &day, format)?,
        ([Value::Number(number)], _) => sheet.write_number_with_format(row, at, *number, format)?,
        _ => sheet.write_string_with_format(row, at, text, format)?,
    };
    Ok(())
}

/// A cell that does not show its seconds would be written back without them.
fn has_seconds(values: &[Value]) -> bool {
    matches!(values, [Value::Time(time)] if time.second() != 0)
}

/// None for days that spreadsheets do not know.
fn excel(moment: NaiveDateTime) -> Option<ExcelDateTime> {
    let (year, month, day) = (u16::try_from(moment.year()).ok()?, moment.month() as u8, moment.day() as u8);
    let date = ExcelDateTime::from_ymd(year, month, day).ok()?;
    date.and_hms(moment.hour() as u16, moment.minute() as u8, f64::from(moment.second())).ok()
}

/// Lists to choose from, as the hidden sheet holds them.
fn choices(sheet: &mut Worksheet, columns: &[Column], last: u32) -> Result<(), XlsxError> {
    for (at, column) in columns.iter().enumerate().filter(|(_, column)| !column.options.is_empty()) {
        let source = column_name(at);
        let end = column.options.len() + 1;
        let rule = DataValidation::new()
            .allow_list_formula(Formula::new(format!("={OPTIONS_SHEET}!${source}$2:${source}${end}")))
            .set_error_style(DataValidationErrorStyle::Stop)
            .set_error_title("選べない内容です")?
            .set_error_message("一覧から選んでください。")?;
        sheet.add_data_validation(1, at as u16, last, at as u16, &rule)?;
    }
    Ok(())
}

/// Paper as declared: one page wide, headings on each page, room for the holes.
fn print(sheet: &mut Worksheet, register: &Register, (row, column): (u32, u16)) -> Result<(), XlsxError> {
    sheet.set_paper_size(9).set_print_fit_to_pages(1, 0);
    if register.print.landscape {
        sheet.set_landscape();
    }
    sheet.set_margins(25.0 / 25.4, 0.5, 0.8, 0.7, 0.35, 0.35);
    sheet.set_repeat_rows(0, 0)?.set_print_area(0, 0, row, column)?;
    sheet.set_header(format!("&L&8 {}", register.title.replace('&', "&&")));
    sheet.set_footer("&C&8 ページ &P / &N");
    Ok(())
}

fn explain(sheet: &mut Worksheet, register: &Register, columns: &[Column], styles: &Styles) -> Result<(), XlsxError> {
    sheet.set_name(EXPLAINED)?.set_column_width(0, 26)?.set_column_width(1, EXPLAINED_WIDTH)?;
    sheet.write_string_with_format(0, 0, &register.title, &styles.title)?;
    let states: Vec<&str> = register.states.iter().map(|state| state.title.as_str()).collect();
    let number = match register.key() {
        Some(key) => format!("行を見分ける番号です。空のときは、「{}」が番号になります。", key.title),
        None => "行を見分ける番号です。一つずつ別のものを、必ず書きます。".to_owned(),
    };
    let general = [
        ("目的".to_owned(), register.purpose.clone()),
        ("よりどころ".to_owned(), register.sources.join("、")),
        ("書き方".to_owned(), "一行に一件ずつ書きます。見出しの色が濃い欄は、必ず書きます。いくつも書ける欄は、一行に一つずつ書きます（改行は Alt+Enter）。終わった行も、消さずに残します。".to_owned()),
        ("日付と日時".to_owned(), "2026-04-01、2026/4/1、令和8年4月1日 のどれでも書けます。時刻は 2026-04-01 09:30 のように続けます。".to_owned()),
        (NUMBER.to_owned(), number),
        (STATE.to_owned(), format!("選べるもの:「{}」。空のときは「{}」とします。", states.join("」「"), states[0])),
        (HOLD.to_owned(), "調査や争いのために、保存の期間が過ぎても捨てない行に「はい」と書きます。".to_owned()),
    ];
    let fields =
        columns.iter().filter_map(|column| column.field).map(|field| (field.title.clone(), how(register, field)));
    for (at, (label, text)) in general.into_iter().chain(fields).enumerate() {
        let row = at as u32 + 2;
        sheet.write_string_with_format(row, 0, &label, &styles.head)?;
        sheet.write_string_with_format(row, 1, &text, &styles.text)?;
        sheet.set_row_height(row, tall(lines(&text, EXPLAINED_WIDTH).max(lines(&label, 26.0))))?;
    }
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}

/// What a field is and how it is filled in.
fn how(register: &Register, field: &RegisterField) -> String {
    let must = match &field.required {
        Required::Never => String::new(),
        Required::Always => "必ず書きます。".to_owned(),
        Required::In(states) => {
            let titles: Vec<&str> =
                states.iter().filter_map(|id| register.state(id)).map(|state| state.title.as_str()).collect();
            format!("「{}」のときは必ず書きます。", titles.join("」「"))
        }
    };
    let unique = if field.unique { "同じものを二度書けません。" } else { "" };
    let many = if field.many { "いくつも書けます。" } else { "" };
    let options = match field.options.is_empty() {
        true => String::new(),
        false => format!("選べるもの:「{}」。", field.options.join("」「")),
    };
    let help = field.help.as_deref().unwrap_or_default();
    format!("［{}］{help}{must}{unique}{many}{options}", field.kind.term())
}
