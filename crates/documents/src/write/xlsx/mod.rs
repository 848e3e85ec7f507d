//! Excel workbooks: a cover, one print sheet a table, one sheet a figure, and flat data sheets.
//!
//! Print sheets are set up for paper and merge cells as the printed form does; data sheets never merge.
//! Every text is written as a string, so nothing a person typed can become a formula.

mod cover;
mod data;
mod names;
mod setup;
mod style;
mod table;
mod text;

use chrono::Datelike;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format as CellFormat, Image, Workbook, XlsxError};

use self::names::Names;
use self::style::Styles;
use super::date;
use super::picture::Picture;
use super::{Format, WriteError};
use crate::content::{Block, Document, Figure};
use crate::fonts::clean;

/// Longest text a cell holds, in UTF-16 units.
const CELL_TEXT_MAX: usize = 32_767;

/// Writes a document as a workbook.
pub fn write(document: &Document, pictures: &[Picture]) -> Result<Vec<u8>, WriteError> {
    build(document, pictures).map_err(|fault| match fault {
        Fault::Write(error) => error,
        Fault::Excel(error) => WriteError::format(document, Format::Xlsx, error),
    })
}

/// What can go wrong inside this module.
enum Fault {
    Write(WriteError),
    Excel(XlsxError),
}

impl From<WriteError> for Fault {
    fn from(error: WriteError) -> Self {
        Self::Write(error)
    }
}

impl From<XlsxError> for Fault {
    fn from(error: XlsxError) -> Self {
        Self::Excel(error)
    }
}

fn build(document: &Document, pictures: &[Picture]) -> Result<Vec<u8>, Fault> {
    let mut pictures = pictures.iter();
    let mut book = Workbook::new();
    // Column widths count digits of the default font. This one is on every machine with a Japanese
    // Excel, unlike the font of the cells, so the widths hold even where the cells fall back.
    book.set_default_format(&CellFormat::new().set_font_name("游ゴシック").set_font_size(11), 25, 72)?;
    book.set_properties(&properties(document)?);
    let mut names = Names::default();
    let mut styles = Styles::default();

    cover::add(&mut book, document, &mut names, &mut styles)?;
    let sheets = block_sheets(document, &mut names);
    let is_text = |block: &Block| {
        matches!(
            block,
            Block::Heading { .. }
                | Block::Paragraph(_)
                | Block::Aligned { .. }
                | Block::Numbered { .. }
                | Block::List(_)
        )
    };
    if document.blocks.iter().any(is_text) {
        text::add(&mut book, document, &sheets, &mut names, &mut styles)?;
    }
    for (block, sheet) in document.blocks.iter().zip(&sheets) {
        match block {
            Block::Table(_) if sheet.is_empty() => {}
            Block::Table(table) => table::add(&mut book, document, table, sheet, &mut styles)?,
            Block::Figure(figure) => {
                let picture = Picture::next(&mut pictures, figure, document.page)?;
                add_figure(&mut book, document, figure, &picture, sheet, &mut styles)?;
            }
            Block::Heading { .. }
            | Block::Paragraph(_)
            | Block::Aligned { .. }
            | Block::Numbered { .. }
            | Block::Contents
            | Block::List(_)
            | Block::PageBreak => {}
        }
    }
    for sheet in &document.data {
        data::add(&mut book, document, sheet, &mut names, &mut styles)?;
    }
    Ok(book.save_to_buffer()?)
}

/// The sheet name of each block; empty for blocks that have no sheet of their own.
fn block_sheets(document: &Document, names: &mut Names) -> Vec<String> {
    names.reserve("本文");
    let title = document.title.as_str();
    let or_title = |caption: &'_ str| if caption.is_empty() { title.to_owned() } else { caption.to_owned() };
    document
        .blocks
        .iter()
        .map(|block| match block {
            // They stand in the running text.
            Block::Table(_) if document.is_running_text() => String::new(),
            Block::Table(table) => names.unique(&or_title(&table.caption)),
            Block::Figure(figure) => names.unique(&or_title(&figure.caption)),
            Block::Heading { .. }
            | Block::Paragraph(_)
            | Block::Aligned { .. }
            | Block::Numbered { .. }
            | Block::Contents
            | Block::List(_)
            | Block::PageBreak => String::new(),
        })
        .collect()
}

fn properties(document: &Document) -> Result<DocProperties, XlsxError> {
    let meta = &document.meta;
    let day = date::day(meta);
    let created = ExcelDateTime::from_ymd(day.year() as u16, day.month() as u8, day.day() as u8)?;
    let mut properties = DocProperties::new()
        .set_title(clean(&document.title))
        .set_author(clean(&meta.provider))
        .set_company(clean(&meta.provider))
        .set_subject(clean(&meta.service))
        .set_status(meta.status.term())
        .set_creation_datetime(&created);
    if !meta.source.is_empty() {
        properties = properties.set_comment(format!("元データ {}", clean(&meta.source)));
    }
    Ok(properties)
}

/// A figure on a sheet and a page of its own.
fn add_figure(
    book: &mut Workbook,
    document: &Document,
    figure: &Figure,
    picture: &Picture,
    name: &str,
    styles: &mut Styles,
) -> Result<(), Fault> {
    let page = setup::Printed::of(document.page);
    // The caption row and rounding take a little of the page.
    let (width, height) = picture.size.fit(page.width_px - 4.0, page.height_px - 60.0, 1.0);
    let image = Image::new_from_buffer(&picture.png)?
        .set_scale_to_size(width, height, true)
        .set_alt_text(clean(if figure.alt.is_empty() { &figure.caption } else { &figure.alt }));

    let sheet = book.add_worksheet();
    sheet.set_name(name)?;
    sheet.set_screen_gridlines(false);
    sheet.write_string_with_format(0, 0, cell_text(&figure.caption), styles.caption())?;
    sheet.insert_image(1, 0, &image)?;
    let (columns, rows) = ((width / 72.0).ceil() as u16, (height / 25.0).ceil() as u32);
    setup::page(sheet, document, document.page);
    sheet.set_print_fit_to_pages(1, 1);
    sheet.set_print_area(0, 0, rows + 1, columns.max(1) - 1)?;
    Ok(())
}

/// A text as a cell can hold it. Excel opens no file with a longer text, and a cut must not go unseen.
fn cell_text(text: &str) -> String {
    const NOTE: &str =
        "\n（Excelのセルに入る文字数を超えるため、ここで切りました。全文はPDFなど他の形式で確認してください。）";
    let text = clean(text);
    if text.encode_utf16().count() <= CELL_TEXT_MAX {
        return text.into_owned();
    }
    let room = CELL_TEXT_MAX - NOTE.encode_utf16().count();
    let mut used = 0;
    let kept = text.chars().take_while(|character| {
        used += character.len_utf16();
        used <= room
    });
    kept.chain(NOTE.chars()).collect()
}

/// Whether a spreadsheet would read the text as a formula once somebody edits the cell.
fn looks_like_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_too_long_for_a_cell_says_where_it_was_cut() {
        assert_eq!(cell_text("短い"), "短い");
        let cut = cell_text(&"𠮷".repeat(20_000));
        assert!(cut.encode_utf16().count() <= CELL_TEXT_MAX);
        assert!(cut.ends_with("確認してください。）"));
    }
}
