//! The first sheet: what the workbook is, what limits it, and its history.

use rust_xlsxwriter::{
    Color, Image, Shape, ShapeFont, ShapeFormat, ShapeLine, ShapeText, ShapeTextHorizontalAlignment,
    ShapeTextVerticalAlignment, Workbook, Worksheet,
};

use super::names::Names;
use super::style::{Role, Styles};
use super::{Fault, cell_text, setup};
use crate::content::{Document, Form, Look, Page, Status};
use crate::write::{facts, measure};

/// Widths of the five columns in pixels; the sum is the printable width of an A4 page upright.
const COLUMNS: [f64; 5] = [92.0, 118.0, 250.0, 92.0, 98.0];

/// Adds the cover sheet.
pub fn add(book: &mut Workbook, document: &Document, names: &mut Names, styles: &mut Styles) -> Result<(), Fault> {
    let sheet = book.add_worksheet();
    sheet.set_name(names.unique("表紙"))?;
    sheet.set_screen_gridlines(false);
    for (column, width) in (0..).zip(COLUMNS) {
        sheet.set_column_width_pixels(column, width as u32)?;
    }
    let mut cover = Cover { sheet, styles, row: 0 };
    cover.top(&document.look)?;
    cover.title(document)?;
    cover.facts(document)?;
    cover.notices(document)?;
    cover.summary(document)?;
    cover.history(document)?;
    let last = cover.row.max(1) - 1;
    setup::page(sheet, document, Page::A4_PORTRAIT);
    sheet.set_print_area(0, 0, last, 4)?;
    Ok(())
}

/// The sheet while it is being filled from the top.
struct Cover<'a> {
    sheet: &'a mut Worksheet,
    styles: &'a mut Styles,
    row: u32,
}

impl Cover<'_> {
    /// The logo at the left and the 決裁欄 at the right of one row.
    fn top(&mut self, look: &Look) -> Result<(), Fault> {
        // A letter is signed, not passed round.
        let boxes: &[String] = if look.form == Form::Letter { &[] } else { &look.approval };
        if look.logo.is_none() && boxes.is_empty() {
            return Ok(());
        }
        let mut height = 0;
        if let Some(logo) = &look.logo {
            let (width, tall) = (logo.width / 25.4 * 96.0, logo.height / 25.4 * 96.0);
            let image = Image::new_from_buffer(&logo.png)?
                .set_scale_to_size(width, tall, true)
                .set_alt_text(cell_text(&logo.alt));
            self.sheet.insert_image_with_offset(self.row, 0, &image, 0, 2)?;
            height = tall.ceil() as u32;
        }
        if !boxes.is_empty() {
            height = height.max(self.approval(boxes)?);
        }
        self.sheet.set_row_height(self.row, f64::from(height + 10) * 0.75)?;
        self.row += 1;
        Ok(())
    }

    /// The 決裁欄: boxes of a size that no column has, so they lie over the cells. Gives its height in pixels.
    fn approval(&mut self, titles: &[String]) -> Result<u32, Fault> {
        const LABEL: u32 = 22;
        let side = (76.0_f64.min(454.0 / titles.len() as f64)) as u32;
        let line = ShapeLine::new().set_color(Color::RGB(0x8A9496)).set_width(0.75);
        let boxed = |text: &str, height: u32| {
            let format = ShapeFormat::new().set_line(&line);
            let font = ShapeFont::new().set_name(crate::fonts::GOTHIC).set_size(9);
            let shape = Shape::textbox().set_format(&format).set_font(&font).set_text(text);
            let middle = ShapeText::new()
                .set_horizontal_alignment(ShapeTextHorizontalAlignment::Center)
                .set_vertical_alignment(ShapeTextVerticalAlignment::Middle);
            shape.set_text_options(&middle).set_width(side).set_height(height)
        };
        let width: f64 = COLUMNS.iter().sum();
        // The line of the last box must not fall off the print area.
        let start = width as u32 - side * titles.len() as u32 - 6;
        for (at, title) in (0..).zip(titles) {
            let left = start + side * at;
            self.sheet.insert_shape_with_offset(self.row, 0, &boxed(&cell_text(title), LABEL), left, 2)?;
            self.sheet.insert_shape_with_offset(self.row, 0, &boxed("", side), left, 2 + LABEL)?;
        }
        Ok(LABEL + side)
    }

    fn title(&mut self, document: &Document) -> Result<(), Fault> {
        let draft = document.meta.status == Status::Draft;
        let last = if draft { 3 } else { 4 };
        let lines = self.cell(0, last, &document.title, Role::Title, 18.0)?;
        if draft {
            self.cell(4, 4, document.meta.status.term(), Role::Stamp, 16.0)?;
        }
        self.next(lines, 18.0, 12.0)?;
        if !document.meta.service.is_empty() {
            let lines = self.cell(0, 4, &document.meta.service, Role::Subtitle, 11.0)?;
            self.next(lines, 11.0, 8.0)?;
        }
        self.gap()
    }

    fn facts(&mut self, document: &Document) -> Result<(), Fault> {
        for (label, value) in facts(document) {
            self.pair(label, value, 0)?;
        }
        if !document.meta.source.is_empty() {
            self.pair("元データ", &document.meta.source, 0)?;
        }
        self.gap()
    }

    fn notices(&mut self, document: &Document) -> Result<(), Fault> {
        if document.notices.is_empty() {
            return Ok(());
        }
        self.cell(0, 4, "ご確認ください", Role::Notice { first: true, last: false }, 9.0)?;
        self.next(1, 9.0, 6.0)?;
        for (index, notice) in document.notices.iter().enumerate() {
            let last = index + 1 == document.notices.len();
            let lines = self.cell(0, 4, &format!("・{notice}"), Role::Notice { first: false, last }, 9.0)?;
            self.next(lines, 9.0, 5.0)?;
        }
        self.gap()
    }

    fn summary(&mut self, document: &Document) -> Result<(), Fault> {
        if document.summary.is_empty() {
            return Ok(());
        }
        self.heading("概要")?;
        for (label, value) in &document.summary {
            self.pair(label, value, 1)?;
        }
        self.gap()
    }

    fn history(&mut self, document: &Document) -> Result<(), Fault> {
        if document.meta.history.is_empty() {
            return Ok(());
        }
        self.heading("改訂履歴")?;
        for (column, label) in (0..).zip(["版", "日付", "変更の内容", "作成", "承認"]) {
            self.cell(column, column, label, Role::Head, 9.0)?;
        }
        self.next(1, 9.0, 6.0)?;
        for revision in &document.meta.history {
            let texts = [&revision.edition, &revision.date, &revision.change, &revision.author, &revision.approver];
            let mut lines = 1;
            for (column, text) in (0..).zip(texts) {
                lines = lines.max(self.cell(column, column, text, Role::Body, 9.0)?);
            }
            self.next(lines, 9.0, 5.0)?;
        }
        Ok(())
    }

    fn heading(&mut self, text: &str) -> Result<(), Fault> {
        self.cell(0, 4, text, Role::Heading, 11.0)?;
        self.next(1, 11.0, 6.0)
    }

    /// A label up to column `label_end` and its value in the rest of the row.
    fn pair(&mut self, label: &str, value: &str, label_end: u16) -> Result<(), Fault> {
        let label_lines = self.cell(0, label_end, label, Role::Label, 9.0)?;
        let value_lines = self.cell(label_end + 1, 4, value, Role::Body, 9.0)?;
        self.next(label_lines.max(value_lines), 9.0, 5.0)
    }

    /// Writes a text over columns of the current row and returns the lines it takes.
    fn cell(&mut self, first: u16, last: u16, text: &str, role: Role, size: f64) -> Result<usize, Fault> {
        let text = cell_text(text);
        let format = self.styles.of(role, &text);
        if first == last {
            self.sheet.write_string_with_format(self.row, first, &text, format)?;
        } else {
            self.sheet.merge_range(self.row, first, self.row, last, &text, format)?;
        }
        let pixels: f64 = COLUMNS[first as usize..=last as usize].iter().sum();
        Ok(measure::lines(&text, super::table::inner_em(pixels, size)))
    }

    /// Ends a row of so many lines.
    fn next(&mut self, lines: usize, size: f64, padding: f64) -> Result<(), Fault> {
        let height = (lines as f64 * size * super::table::LINE_HEIGHT + padding).min(super::table::ROW_HEIGHT_MAX);
        self.sheet.set_row_height(self.row, height)?;
        self.row += 1;
        Ok(())
    }

    fn gap(&mut self) -> Result<(), Fault> {
        self.sheet.set_row_height(self.row, 10.0)?;
        self.row += 1;
        Ok(())
    }
}
