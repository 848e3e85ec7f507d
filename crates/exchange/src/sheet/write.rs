//! A workbook people fill in: ids locked, everything else that may be changed open, choices as drop-downs.

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder,
    Formula, IgnoreError, ProtectionOptions, Workbook, Worksheet, XlsxError,
};

use super::{CHECK_HEADING, FORM, ID_HEADING, OPTIONS_SHEET, STAMP_SHEET, column_name};
use crate::List;
use crate::spec::book;
use crate::table::{Column, Table};

/// Rows that are open for what is added.
const BLANK_ROWS: usize = 200;

/// Width of the explanations.
const EXPLAINED_WIDTH: f64 = 80.0;

/// Longest text a cell holds, in UTF-16 units.
const LONGEST_CELL: usize = 32_767;

/// The font every Japanese Excel has.
const FONT: &str = "游ゴシック";

/// From which service and revision a workbook is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stamp {
    /// Id of the service; its name on the command line.
    pub service: String,
    /// What people call it.
    pub name: String,
    pub revision: Option<u64>,
    /// Digest of the files.
    pub digest: String,
}

#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("{0}")]
    Service(String),
    #[error("「{record}」の「{heading}」が長すぎて、Excelのセルに入りません。画面で短くしてから書き出してください。")]
    TooLong { record: String, heading: String },
    #[error("ブックを作れませんでした。{0}")]
    Excel(#[from] XlsxError),
}

/// How the cells of our workbooks look.
pub(crate) struct Styles {
    pub head: Format,
    pub head_open: Format,
    pub shown: Format,
    pub open: Format,
    id: Format,
    pub title: Format,
    pub text: Format,
}

impl Styles {
    pub fn new() -> Self {
        let base = || Format::new().set_font_name(FONT).set_font_size(10).set_text_wrap().set_align(FormatAlign::Top);
        let lined = || base().set_border(FormatBorder::Thin).set_border_color(Color::RGB(0xC3CBCD));
        let head = || lined().set_bold().set_align(FormatAlign::VerticalCenter);
        Self {
            head: head().set_background_color(Color::RGB(0xE9ECEC)),
            head_open: head().set_background_color(Color::RGB(0xD5E6E9)),
            shown: lined().set_background_color(Color::RGB(0xF5F7F7)),
            // As text, so that what is typed stays what was typed.
            open: lined().set_num_format("@").set_unlocked(),
            // Ids of risks are long: one line shows where they begin.
            id: Format::new()
                .set_font_name(FONT)
                .set_font_size(8)
                .set_align(FormatAlign::Top)
                .set_border(FormatBorder::Thin)
                .set_border_color(Color::RGB(0xC3CBCD))
                .set_background_color(Color::RGB(0xF5F7F7))
                .set_font_color(Color::RGB(0x4F5B60)),
            title: base().set_bold().set_font_size(14),
            text: base(),
        }
    }
}

/// Writes the tables of a list. The same tables give the same bytes.
pub fn write(list: List, tables: &[Table], stamp: &Stamp) -> Result<Vec<u8>, WriteError> {
    let mut workbook = Workbook::new();
    let styles = Styles::new();
    let title = &book(list).title;
    // A workbook knows no moment but that of its content; this day stands for none.
    let day = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook
        .set_properties(&DocProperties::new().set_title(title).set_subject(&stamp.name).set_creation_datetime(&day));
    explain(workbook.add_worksheet(), title, tables, stamp, &styles)?;
    let mut choices: Vec<&Column> = Vec::new();
    for table in tables {
        sheet(workbook.add_worksheet(), table, stamp, &styles, &mut choices)?;
    }
    workbook.worksheet_from_index(1)?.set_active(true);
    let options = workbook.add_worksheet();
    options.set_name(OPTIONS_SHEET)?.set_hidden(true).protect();
    for (at, column) in choices.iter().enumerate() {
        for (row, option) in [&column.heading].into_iter().chain(&column.options).enumerate() {
            options.write_string(row as u32, at as u16, option)?;
        }
    }
    let hidden = workbook.add_worksheet();
    hidden.set_name(STAMP_SHEET)?.set_hidden(true).protect();
    let revision = stamp.revision.map(|number| number.to_string()).unwrap_or_default();
    let form = FORM.to_string();
    let facts = [
        ("form", form.as_str()),
        ("list", list.token()),
        ("service", &stamp.service),
        ("revision", &revision),
        ("digest", &stamp.digest),
    ];
    for (row, (key, value)) in facts.into_iter().enumerate() {
        hidden.write_string(row as u32, 0, key)?.write_string(row as u32, 1, value)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn explain(
    sheet: &mut Worksheet,
    title: &str,
    tables: &[Table],
    stamp: &Stamp,
    styles: &Styles,
) -> Result<(), XlsxError> {
    sheet.set_name("説明")?;
    sheet.set_column_width(0, 24)?.set_column_width(1, EXPLAINED_WIDTH)?;
    sheet.write_string_with_format(0, 0, title, &styles.title)?;
    let source = match stamp.revision {
        Some(number) => format!("{}　第{number}版", stamp.name),
        None => stamp.name.clone(),
    };
    let plain = [
        ("サービス", source.as_str()),
        (
            "書き込むところ",
            "見出しが青いセルに書きます。ほかのセルは変えられません。行は並べ替えても、絞り込んでもかまいません。",
        ),
        (
            "選ぶところ",
            "セルを選ぶと出る一覧から選びます。いくつも選べる欄は、一行に一つずつ書きます（改行は Alt+Enter）。",
        ),
        ("日付", "2026-04-01、2026/4/1、令和8年4月1日 のどれでも書けます。"),
        (
            "空のセル",
            "もともと書いてあったセルを空にすると、その内容を消す変更になります。取り込む前に、消すものとして示します。",
        ),
        ("行を消したとき", "表から行を消しても、元の記録は消えません。消すときは画面で行います。"),
        (
            "取り込むとき",
            "保存する前に、変わるところをすべて示します。一つでも直すところがあれば、何も取り込みません。",
        ),
    ];
    let mut row = 2;
    for (label, text) in plain {
        sheet.write_string_with_format(row, 0, label, &styles.head)?;
        sheet.write_string_with_format(row, 1, text, &styles.text)?;
        sheet.set_row_height(row, tall(lines(text, EXPLAINED_WIDTH)))?;
        row += 1;
    }
    for table in tables {
        row += 1;
        sheet.write_string_with_format(row, 0, format!("シート「{}」", table.spec.sheet), &styles.head)?;
        sheet.write_string_with_format(row, 1, &table.spec.about, &styles.text)?;
        sheet.set_row_height(row, tall(lines(&table.spec.about, EXPLAINED_WIDTH)))?;
        row += 1;
        for column in table.columns.iter().filter(|column| column.is_editable()) {
            sheet.write_string_with_format(row, 0, &column.heading, &styles.head_open)?;
            let how = how(column);
            sheet.write_string_with_format(row, 1, &how, &styles.text)?;
            sheet.set_row_height(row, tall(lines(&how, EXPLAINED_WIDTH)))?;
            row += 1;
        }
    }
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).protect();
    Ok(())
}

/// How a column is filled in.
fn how(column: &Column) -> String {
    let must = if column.required { "必ず書きます。" } else { "" };
    let hint = column.spot.map(|spot| spot.hint()).unwrap_or_default();
    let several = if column.several { "一行に一つずつ書きます。" } else { "" };
    let shown: Vec<&str> = column.options.iter().map(String::as_str).take(12).collect();
    let more = if column.options.len() > shown.len() { "」など。" } else { "」。" };
    let options =
        if shown.is_empty() { String::new() } else { format!("選べるもの:「{}{more}", shown.join("」「")) };
    [must, &hint, several, &options].concat()
}

fn sheet<'t>(
    sheet: &mut Worksheet,
    table: &'t Table,
    stamp: &Stamp,
    styles: &Styles,
    choices: &mut Vec<&'t Column>,
) -> Result<(), WriteError> {
    let columns = &table.columns;
    let check = (columns.len() + 1) as u16;
    let rows = table.rows.len() as u32;
    let blank = if table.spec.adds { BLANK_ROWS as u32 } else { 0 };
    sheet.set_name(&table.spec.sheet)?;
    sheet.write_string_with_format(0, 0, ID_HEADING, &styles.head)?;
    sheet.set_column_width(0, if table.spec.adds || table.spec.columns.is_empty() { 14.0 } else { 10.0 })?;
    for (at, column) in columns.iter().enumerate() {
        let head = if column.is_editable() || is_link(column) { &styles.head_open } else { &styles.head };
        sheet.write_string_with_format(0, at as u16 + 1, &column.heading, head)?;
        sheet.set_column_width(at as u16 + 1, column.width)?;
    }
    sheet.write_string_with_format(0, check, CHECK_HEADING, &styles.head)?;
    sheet.set_column_hidden(check)?;
    for (at, row) in table.rows.iter().enumerate() {
        let line = at as u32 + 1;
        sheet.write_string_with_format(line, 0, &row.id, &styles.id)?;
        for (at, (column, cell)) in columns.iter().zip(&row.cells).enumerate() {
            if cell.encode_utf16().count() > LONGEST_CELL {
                return Err(WriteError::TooLong { record: row.name.clone(), heading: column.heading.clone() });
            }
            let style = if column.is_editable() { &styles.open } else { &styles.shown };
            sheet.write_string_with_format(line, at as u16 + 1, cell, style)?;
        }
        sheet.write_string_with_format(line, check, row.check(columns), &styles.id)?;
        sheet.set_row_height(line, height(table, at))?;
    }
    for line in rows + 1..=rows + blank {
        for at in 0..=columns.len() as u16 {
            let shown = at > 0 && !columns[at as usize - 1].is_editable() && !is_link(&columns[at as usize - 1]);
            sheet.write_blank(line, at, if shown { &styles.shown } else { &styles.open })?;
        }
    }
    let last = (rows + blank).max(1);
    for (at, column) in columns.iter().enumerate().filter(|(_, column)| !column.options.is_empty() && !column.several) {
        let source = column_name(choices.len());
        let end = column.options.len() + 1;
        let list = Formula::new(format!("={OPTIONS_SHEET}!${source}$2:${source}${end}"));
        let rule = DataValidation::new()
            .allow_list_formula(list)
            .set_error_style(DataValidationErrorStyle::Stop)
            .set_error_title("選べない内容です")?
            .set_error_message("一覧から選んでください。")?;
        sheet.add_data_validation(1, at as u16 + 1, last, at as u16 + 1, &rule)?;
        choices.push(column);
    }
    sheet.ignore_error_range(0, 0, last, check, IgnoreError::NumberStoredAsText)?;
    sheet.autofilter(0, 0, rows.max(1), check)?;
    sheet.set_freeze_panes(1, 2)?;
    sheet.set_row_height(0, 34)?;
    print(sheet, table, stamp, (last.min(rows.max(1)), check - 1))?;
    sheet.protect_with_options(&ProtectionOptions {
        sort: true,
        use_autofilter: true,
        format_columns: true,
        format_rows: true,
        ..ProtectionOptions::new()
    });
    Ok(())
}

/// The column that says to which treatment a new row belongs.
fn is_link(column: &Column) -> bool {
    column.key == "treatment"
}

/// Paper as hospitals print lists: landscape, one page wide, headings on each page, room for the holes.
fn print(sheet: &mut Worksheet, table: &Table, stamp: &Stamp, (row, column): (u32, u16)) -> Result<(), XlsxError> {
    let revision = stamp.revision.map(|number| format!("第{number}版")).unwrap_or_default();
    let plain = |text: &str| text.chars().take(60).collect::<String>().replace('&', "&&");
    sheet.set_paper_size(8).set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_margins(25.0 / 25.4, 0.5, 0.8, 0.7, 0.35, 0.35);
    sheet.set_repeat_rows(0, 0)?.set_print_area(0, 0, row, column)?;
    sheet.set_header(format!("&L&8 {}　{}&R&8 {revision}", plain(&table.spec.sheet), plain(&stamp.name)));
    sheet.set_footer("&C&8 ページ &P / &N");
    Ok(())
}

/// Height of a row in points: the programs do not agree on the height of wrapped text unless it is given.
fn height(table: &Table, at: usize) -> f64 {
    let cells = table.columns.iter().zip(&table.rows[at].cells);
    tall(cells.map(|(column, cell)| lines(cell, column.width)).fold(1.0, f64::max))
}

/// How many lines a text takes in a column. A full-width character takes two of the digits by which widths are counted.
pub(crate) fn lines(text: &str, width: f64) -> f64 {
    let room = (width / 2.0 - 0.5).max(2.0);
    let line = |line: &str| {
        let width: f64 = line.chars().map(|c| if c.is_ascii() { 0.55 } else { 1.0 }).sum();
        (width / room).ceil().max(1.0)
    };
    text.split('\n').map(line).sum()
}

/// The height of some lines in points.
pub(crate) fn tall(lines: f64) -> f64 {
    (lines * 15.0 + 4.0).min(400.0)
}
