//! Paper, margins, header and footer of a sheet.

use rust_xlsxwriter::Worksheet;

use crate::content::{Document, Page, Paper, Status};
use crate::fonts::{self, clean};

/// Margins in inches; the left one leaves room for the two holes of a binder.
const LEFT: f64 = 25.0 / 25.4;
const RIGHT: f64 = 13.0 / 25.4;
const TOP: f64 = 20.0 / 25.4;
const BOTTOM: f64 = 17.0 / 25.4;
const EDGE: f64 = 9.0 / 25.4;

/// The printable part of a page in screen pixels (96 to the inch).
pub struct Printed {
    pub width_px: f64,
    pub height_px: f64,
}

impl Printed {
    /// The printable part of a page.
    pub fn of(page: Page) -> Self {
        let (width, height) = page.size_mm();
        Self { width_px: (width / 25.4 - LEFT - RIGHT) * 96.0, height_px: (height / 25.4 - TOP - BOTTOM) * 96.0 }
    }
}

/// Sets paper, margins, header, footer, and one page in width.
pub fn page(sheet: &mut Worksheet, document: &Document, page: Page) {
    sheet.set_paper_size(match page.paper {
        Paper::A4 => 9,
        Paper::A3 => 8,
    });
    if page.landscape {
        sheet.set_landscape();
    } else {
        sheet.set_portrait();
    }
    sheet.set_margins(document.margins().left / 25.4, RIGHT, TOP, BOTTOM, EDGE, EDGE);
    sheet.set_print_fit_to_pages(1, 0);
    // The sheet is made smaller to fit its width; what stands at the edges of the page stays readable.
    sheet.set_header_footer_scale_with_doc(false);
    sheet.set_header(header(document));
    sheet.set_footer(footer(document));
}

fn header(document: &Document) -> String {
    let meta = &document.meta;
    let right = match (meta.status, meta.edition.as_deref()) {
        (Status::Draft, None) => "【案】".to_owned(),
        (Status::Draft, Some(edition)) => format!("{edition}【案】"),
        (Status::Issued, edition) => edition.unwrap_or_default().to_owned(),
    };
    let left =
        if meta.service.is_empty() { document.title.clone() } else { format!("{}　{}", document.title, meta.service) };
    let left = match &document.look.header {
        Some(own) => format!("{}　{}", part(own, 60), part(&left, 50)),
        None => part(&left, 90),
    };
    format!("&L{}{left}&R{}{}", font(), font(), part(&right, 30))
}

fn footer(document: &Document) -> String {
    let meta = &document.meta;
    let source = if meta.source.is_empty() { String::new() } else { format!("元データ {}", meta.source) };
    let own = document.look.footer.as_deref().unwrap_or_default();
    let left = [own, meta.provider.as_str(), meta.document_number.as_deref().unwrap_or_default()];
    let left = left.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("　");
    format!(
        "&L{0}{1}&C{0}ページ &P / &N&R{0}{2}",
        font(),
        part(&left, if own.is_empty() { 60 } else { 90 }),
        part(&source, 30)
    )
}

/// The space ends the number: a title may start with a digit.
fn font() -> String {
    format!("&\"{},Regular\"&8 ", fonts::GOTHIC)
}

/// Header text of at most `length` characters; Excel refuses headers over 255 in all.
fn part(text: &str, length: usize) -> String {
    let text = clean(text).replace('\n', " ");
    let short: String =
        if text.chars().count() > length { text.chars().take(length - 1).chain(['…']).collect() } else { text };
    short.replace('&', "&&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::Meta;

    #[test]
    fn headers_stay_within_what_excel_accepts() {
        let long = "A&B".repeat(200);
        let document = Document {
            name: "test",
            title: long.clone(),
            meta: Meta {
                service: long.clone(),
                provider: long.clone(),
                edition: Some(long.clone()),
                document_number: Some(long.clone()),
                source: long,
                ..Meta::default()
            },
            page: Page::A4_PORTRAIT,
            look: crate::content::Look {
                header: Some("A&B".repeat(20)),
                footer: Some("A&B".repeat(20)),
                ..Default::default()
            },
            summary: vec![],
            notices: vec![],
            blocks: vec![],
            data: vec![],
        };
        assert!(header(&document).chars().count() <= 255);
        assert!(footer(&document).chars().count() <= 255);
        assert!(header(&document).contains("A&&B"));
    }
}
