//! One HTML file that needs nothing else and asks for nothing else.

use std::fmt::Write;

use askama::Template;

use super::{Format, WriteError, caption, facts, keep, palette};
use crate::content::{
    Align, Block, Cell, Document, Figure, Form, Letters, Logo, Margins, Mark, Revision, Status, Table, place,
};
use crate::fonts::clean;
use crate::write::measure::EMPTY_TABLE;

/// Writes a document as a standalone page.
pub fn write(document: &Document) -> Result<Vec<u8>, WriteError> {
    let page = HtmlPage {
        title: &document.title,
        service: &document.meta.service,
        draft: document.meta.status == Status::Draft,
        form: form(document),
        facts: facts(document),
        notices: &document.notices,
        summary: &document.summary,
        blocks: document
            .blocks
            .iter()
            .enumerate()
            .map(|(at, block)| HtmlBlock::new(block, caption(document, at), anchor(document, at)))
            .collect(),
        history: &document.meta.history,
        contents: contents(document),
        page_size: page_size(document),
        page_margin: page_margin(document),
        approval: if document.look.form == Form::Letter { &[] } else { &document.look.approval },
        header: document.look.header.as_deref().unwrap_or_default(),
        logo: document.look.logo.as_ref().map(HtmlLogo::of),
        accent: document.look.accent.as_deref().unwrap_or("1a1a1a"),
        imprint: super::imprint(document),
        empty: EMPTY_TABLE,
    };
    let html = page.render().map_err(|error| WriteError::format(document, Format::Html, error))?;
    Ok(clean(&html).into_owned().into_bytes())
}

/// Levels that the contents name.
const LISTED: u8 = 2;

/// Where the contents lead; empty where there are none.
fn anchor(document: &Document, at: usize) -> String {
    let listed = matches!(document.blocks[at], Block::Heading { level, .. } if level <= LISTED);
    if listed && document.blocks.contains(&Block::Contents) { format!("c-{at}") } else { String::new() }
}

fn contents(document: &Document) -> Vec<(String, u8, &str)> {
    let headings = document.blocks.iter().enumerate().filter_map(|(at, block)| match block {
        Block::Heading { level, text } if *level <= LISTED => Some((format!("c-{at}"), *level, text.as_str())),
        _ => None,
    });
    headings.collect()
}

fn page_size(document: &Document) -> String {
    let (width, height) = document.page.size_mm();
    format!("{width}mm {height}mm")
}

fn page_margin(document: &Document) -> String {
    let Margins { left, right, top, bottom } = document.margins();
    format!("{top}mm {right}mm {bottom}mm {left}mm")
}

fn form(document: &Document) -> &'static str {
    match (document.look.form, document.look.letters) {
        (Form::Letter, _) => "letter",
        (Form::Sheet, Letters::Large) => "sheet large",
        (Form::Sheet, Letters::Normal) => "sheet",
        (Form::Report, Letters::Large) => "large",
        (Form::Report, Letters::Normal) => "report",
    }
}

#[derive(Template)]
#[template(path = "document.html")]
struct HtmlPage<'a> {
    title: &'a str,
    service: &'a str,
    draft: bool,
    /// Classes of the body: what kind of paper it is, and the size of its letters.
    form: &'static str,
    facts: Vec<(&'static str, &'a str)>,
    notices: &'a [String],
    summary: &'a [(String, String)],
    blocks: Vec<HtmlBlock<'a>>,
    history: &'a [Revision],
    /// Anchor, level and text of what the contents name.
    contents: Vec<(String, u8, &'a str)>,
    page_size: String,
    page_margin: String,
    approval: &'a [String],
    header: &'a str,
    logo: Option<HtmlLogo<'a>>,
    /// Six hexadecimal digits.
    accent: &'a str,
    imprint: String,
    empty: &'static str,
}

/// The logo inside the page.
struct HtmlLogo<'a> {
    source: String,
    /// In millimetres.
    height: f64,
    alt: &'a str,
}

impl<'a> HtmlLogo<'a> {
    fn of(logo: &'a Logo) -> Self {
        let source = format!("data:image/png;base64,{}", data_encoding::BASE64.encode(&logo.png));
        Self { source, height: logo.height, alt: &logo.alt }
    }
}

/// A block as the template wants it.
enum HtmlBlock<'a> {
    Heading { level: u8, text: &'a str, id: String },
    Paragraph(&'a str),
    Aligned { class: &'static str, text: &'a str },
    Numbered { depth: u8, label: &'a str, text: &'a str },
    Contents,
    List(&'a [String]),
    Table { caption: &'a str, widths: Vec<String>, head: Vec<Vec<HtmlCell<'a>>>, rows: Vec<Vec<HtmlCell<'a>>> },
    Figure { caption: &'a str, alt: &'a str, source: String },
    PageBreak,
}

struct HtmlCell<'a> {
    /// Texts, each with the class it is set in; most have none.
    parts: Vec<(String, &'a str)>,
    rows: usize,
    cols: usize,
    class: String,
    scope: &'static str,
}

impl<'a> HtmlBlock<'a> {
    fn new(block: &'a Block, caption: &'a str, id: String) -> Self {
        match block {
            // The title of the document is the one heading of level 1.
            Block::Heading { level, text } => Self::Heading { level: (*level).clamp(1, 5) + 1, text, id },
            Block::Paragraph(text) => Self::Paragraph(text),
            Block::Aligned { align, text } => Self::Aligned { class: side(*align).unwrap_or("left"), text },
            Block::Numbered { depth, label, text } => Self::Numbered { depth: (*depth).min(4), label, text },
            Block::Contents => Self::Contents,
            Block::List(items) => Self::List(items),
            Block::Table(table) => Self::table(table, caption),
            Block::Figure(figure) => Self::figure(figure),
            Block::PageBreak => Self::PageBreak,
        }
    }

    fn table(table: &'a Table, caption: &'a str) -> Self {
        let total: f64 = table.columns.iter().map(|column| column.width).sum();
        let widths = table.columns.iter().map(|column| format!("{:.2}%", 100.0 * column.width / total)).collect();
        let head = cells(&table.head, table.columns.len(), |_, cell| HtmlCell {
            parts: vec![(String::new(), &cell.text)],
            rows: cell.row_span,
            cols: cell.col_span,
            class: String::new(),
            scope: if cell.col_span > 1 { "colgroup" } else { "col" },
        });
        // A page is never narrower than this before it scrolls.
        let room = |column: usize, cell: &Cell| {
            let share: f64 = table.columns[column..column + cell.col_span].iter().map(|column| column.width).sum();
            (PAGE_MIN_PX * share / total - CELL_PADDING_PX) / LETTER_PX
        };
        let rows = cells(&table.rows, table.columns.len(), |column, cell| HtmlCell {
            parts: parts(cell, room(column, cell)),
            rows: cell.row_span,
            cols: cell.col_span,
            class: class(table.columns[column].align, cell.mark),
            scope: "",
        });
        Self::Table { caption, widths, head, rows }
    }

    fn figure(figure: &'a Figure) -> Self {
        let alt = if figure.alt.is_empty() { &figure.caption } else { &figure.alt };
        Self::Figure { caption: &figure.caption, alt, source: data_uri(&figure.svg) }
    }
}

/// Least width of a table, padding of a cell, and height of a letter in it, as the style sheet has them.
const PAGE_MIN_PX: f64 = 720.0;
const CELL_PADDING_PX: f64 = 17.0;
const LETTER_PX: f64 = 14.0;

/// A text in parts: the level of a rank on its colour, and what should not be broken.
fn parts(cell: &Cell, room: f64) -> Vec<(String, &str)> {
    if let Mark::Rank(rank) = cell.mark
        && palette::rank(rank).is_some()
    {
        let end = cell.text.find('\n').unwrap_or(cell.text.len());
        let level = (format!("level rank-{}", rank.to_ascii_lowercase()), &cell.text[..end]);
        let rest = Some((String::new(), &cell.text[end..])).filter(|(_, rest)| !rest.is_empty());
        return std::iter::once(level).chain(rest).collect();
    }
    let class = |keep| if keep { "keep".to_owned() } else { String::new() };
    keep::parts(&cell.text, room).into_iter().map(|part| (class(part.keep), part.text)).collect()
}

fn cells<'a>(
    rows: &'a [Vec<Cell>],
    columns: usize,
    make: impl Fn(usize, &'a Cell) -> HtmlCell<'a>,
) -> Vec<Vec<HtmlCell<'a>>> {
    let mut made: Vec<Vec<HtmlCell<'a>>> = rows.iter().map(|_| Vec::new()).collect();
    for placed in place(rows, columns) {
        made[placed.row].push(make(placed.column, placed.cell));
    }
    made
}

fn side(align: Align) -> Option<&'static str> {
    match align {
        Align::Left => None,
        Align::Center => Some("center"),
        Align::Right => Some("right"),
    }
}

fn class(align: Align, mark: Mark) -> String {
    let align = side(align);
    let mark = match mark {
        Mark::None => None,
        Mark::Group => Some("group".to_owned()),
        Mark::Rank(rank) => palette::rank(rank).map(|_| "rank".to_owned()),
        Mark::Field(rank) => palette::rank(rank).map(|_| format!("rank rank-{}", rank.to_ascii_lowercase())),
        Mark::Proposed => Some("proposed".to_owned()),
        Mark::Unanswered => Some("unanswered".to_owned()),
        Mark::Finding => Some("finding".to_owned()),
    };
    align.map(str::to_owned).into_iter().chain(mark).collect::<Vec<_>>().join(" ")
}

/// The drawing as an image: in an image nothing runs and nothing is fetched.
fn data_uri(svg: &str) -> String {
    let mut uri = String::from("data:image/svg+xml;charset=utf-8,");
    for byte in clean(svg).bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' | b':' | b'=' | b',' | b';' => {
                uri.push(char::from(byte));
            }
            other => write!(uri, "%{other:02X}").expect("memory takes every text"),
        }
    }
    uri
}
