//! PDF, set by Typst.
//!
//! Texts reach the template as JSON, never as markup, so nothing a person types can change the layout.

use std::sync::LazyLock;

use chrono::Datelike;
use serde_json::{Value as Json, json};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use super::date;
use super::picture::Size;
use super::{Format, WriteError, groups, keep, measure};
use crate::content::{Align, Block, Cell, Document, Figure, Form, Margins, Mark, Status, Table, place};
use crate::fonts::{self, printable};

/// Results Typst remembers are dropped after this many further documents.
const REMEMBERED_DOCUMENTS: usize = 2;

/// Writes a document as PDF/A-2a and PDF/UA-1.
pub fn write(document: &Document) -> Result<Vec<u8>, WriteError> {
    let desk = Desk::new(&data(document)?, document.look.logo.as_ref().map(|logo| Bytes::new(logo.png.to_vec())));
    let laid_out = typst::compile::<PagedDocument>(&desk).output;
    let pdf = laid_out.and_then(|pages| {
        let options = PdfOptions {
            ident: Smart::Custom(format!("{}\n{}\n{}", document.name, document.meta.service, document.title)),
            creator: Smart::Custom(Some("Shirube".to_owned())),
            standards: STANDARDS.clone(),
            ..PdfOptions::default()
        };
        typst_pdf::pdf(&pages, &options)
    });
    typst::comemo::evict(REMEMBERED_DOCUMENTS);
    pdf.map_err(|errors| {
        let reasons: Vec<&str> = errors.iter().map(|error: &SourceDiagnostic| error.message.as_str()).collect();
        WriteError::format(document, Format::Pdf, reasons.join("; "))
    })
}

static STANDARDS: LazyLock<PdfStandards> = LazyLock::new(|| {
    PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1]).expect("the two standards go together")
});

/// What the template sees of the world: itself, the data and the embedded fonts.
struct Desk {
    template: Source,
    data: Bytes,
    logo: Option<Bytes>,
}

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::builder().build()));
static FACES: LazyLock<Vec<Font>> =
    LazyLock::new(|| fonts::FILES.iter().filter_map(|&file| Font::new(Bytes::new(file), 0)).collect());
static BOOK: LazyLock<LazyHash<FontBook>> = LazyLock::new(|| LazyHash::new(FontBook::from_fonts(&*FACES)));
static TEMPLATE: LazyLock<FileId> = LazyLock::new(|| file("document.typ"));
static DATA: LazyLock<FileId> = LazyLock::new(|| file("document.json"));
static LOGO: LazyLock<FileId> = LazyLock::new(|| file("logo.png"));

fn file(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("a plain file name is a path");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

impl Desk {
    fn new(data: &Json, logo: Option<Bytes>) -> Self {
        let template = Source::new(*TEMPLATE, include_str!("document.typ").to_owned());
        Self { template, data: Bytes::new(data.to_string().into_bytes()), logo }
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        *TEMPLATE
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == *TEMPLATE { Ok(self.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        match id {
            id if id == *DATA => Ok(self.data.clone()),
            id if id == *LOGO => self.logo.clone().ok_or(FileError::AccessDenied),
            _ => Err(FileError::AccessDenied),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        FACES.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// The document as the template reads it.
fn data(document: &Document) -> Result<Json, WriteError> {
    let meta = &document.meta;
    let (width, height) = document.page.size_mm();
    let Margins { left, right, top, bottom } = document.margins();
    let day = date::day(meta);
    let blocks = document
        .blocks
        .iter()
        .enumerate()
        .scan(0, |level, (at, block)| Some(block_data(document, at, block, level)))
        .collect::<Result<Vec<_>, _>>()?;
    // A document that opens with a drawing gives it the first page.
    let whole_page = matches!(document.blocks.first(), Some(Block::Figure(_)));
    let text = |text: &str| printable(text).into_owned();
    Ok(json!({
        "title": text(&document.title),
        "service": text(&meta.service),
        "provider": text(&meta.provider),
        "draft": meta.status == Status::Draft,
        "status": meta.status.term(),
        "facts": facts(document),
        "footer": printable(&super::imprint(document)),
        "date": [day.year(), day.month(), day.day()],
        "page": { "width": width, "height": height, "left": left, "right": right, "top": top, "bottom": bottom },
        "notices": document.notices.iter().map(|notice| text(notice)).collect::<Vec<_>>(),
        "summary": document.summary.iter().map(|(label, value)| [text(label), text(value)]).collect::<Vec<_>>(),
        "history": meta.history.iter().map(|revision| {
            [&revision.edition, &revision.date, &revision.change, &revision.author, &revision.approver].map(|part| text(part))
        }).collect::<Vec<_>>(),
        "whole_page": whole_page,
        "running": document.is_running_text() || document.look.form != Form::Report,
        "form": match document.look.form {
            Form::Report => "report",
            Form::Sheet => "sheet",
            Form::Letter => "letter",
        },
        "sizes": sizes(document),
        "approval": document.look.approval.iter().map(|title| text(title)).collect::<Vec<_>>(),
        "accent": document.look.accent,
        "logo": document.look.logo.as_ref().map(|logo| json!({ "height": logo.height, "alt": text(&logo.alt) })),
        "header": document.look.header.as_deref().map(text),
        "blocks": blocks,
    }))
}

fn sizes(document: &Document) -> Json {
    let sizes = measure::Sizes::of(&document.look);
    json!({
        "text": sizes.text,
        "leading": sizes.leading,
        "title": sizes.title,
        "heading": sizes.heading,
        "caption": sizes.caption,
    })
}

/// What identifies the issue, as label and value; what nobody stated is left out.
fn facts(document: &Document) -> Vec<[String; 2]> {
    super::facts(document).into_iter().map(|(label, value)| [label.to_owned(), printable(value).into_owned()]).collect()
}

/// `level` is that of the last heading; bookmarks of tables go one below it.
fn block_data(document: &Document, at: usize, block: &Block, level: &mut u8) -> Result<Json, WriteError> {
    Ok(match block {
        Block::Heading { level: wanted, text } => {
            // Levels may not be skipped downwards, or readers' outlines break.
            *level = (*wanted).clamp(1, *level + 1);
            json!({ "kind": "heading", "level": *level, "text": printable(text) })
        }
        Block::Paragraph(text) => json!({ "kind": "paragraph", "text": kept(text, f64::MAX) }),
        Block::Aligned { align: side, text } => {
            json!({ "kind": "aligned", "align": align(*side), "text": kept(text, f64::MAX) })
        }
        Block::Numbered { depth, label, text } => json!({
            "kind": "numbered", "depth": depth, "label": printable(label), "text": kept(text, f64::MAX),
            // Room for the label and a letter more.
            "room": measure::width(label).max(1.0) + 1.0,
        }),
        Block::Contents => json!({ "kind": "contents" }),
        Block::List(items) => {
            let items: Vec<_> = items.iter().map(|item| kept(item, f64::MAX)).collect();
            json!({ "kind": "list", "items": items })
        }
        Block::Table(table) => table_data(document, table, super::caption(document, at), *level),
        Block::Figure(figure) => figure_data(document, figure)?,
        Block::PageBreak => json!({ "kind": "page-break" }),
    })
}

fn figure_data(document: &Document, figure: &Figure) -> Result<Json, WriteError> {
    let (page_width, page_height) = document.page.size_mm();
    // A caption and some air must fit on the page too.
    let Margins { left, right, top, bottom } = document.margins();
    let frame = (page_width - left - right, page_height - top - bottom - 14.0);
    let millimetres_per_pixel = 25.4 / 96.0;
    let (width, height) = Size::of_figure(figure)?.fit(frame.0, frame.1, millimetres_per_pixel);
    let alt = if figure.alt.is_empty() { &figure.caption } else { &figure.alt };
    Ok(json!({
        "kind": "figure",
        "caption": printable(&figure.caption),
        "alt": printable(if alt.is_empty() { &document.title } else { alt }),
        "svg": printable(&figure.svg),
        "width": width,
        "height": height,
    }))
}

fn table_data(document: &Document, table: &Table, caption: &str, level: u8) -> Json {
    let size = measure::font_size(table, document.look.letters);
    let (page_width, _) = document.page.size_mm();
    let Margins { left, right, .. } = document.margins();
    let widths = measure::columns(table, (page_width - left - right) * 72.0 / 25.4, size, measure::PADDING);
    let rows = groups::split(&table.rows, &widths, size);
    let lines = measure::row_lines(&rows, &widths, size);
    let cells = place(&rows, widths.len()).into_iter().map(|placed| {
        let (cell, lines) = (placed.cell, &lines[placed.row..]);
        let room = measure::inner(&placed, &widths) / size;
        cell_data(cell, measure::is_whole(cell, lines), cell.row_span >= lines.len(), room)
    });
    let rows: Vec<Json> = cells.collect();
    json!({
        "kind": "table",
        "caption": printable(caption),
        "level": level + 1,
        "size": size,
        "widths": widths,
        "align": table.columns.iter().map(|column| align(column.align)).collect::<Vec<_>>(),
        "empty": measure::EMPTY_TABLE,
        "head": table.head.iter().flatten().map(|cell| cell_data(cell, true, false, 0.0)).collect::<Vec<_>>(),
        "rows": rows,
    })
}

fn align(align: Align) -> &'static str {
    match align {
        Align::Left => "left",
        Align::Center => "center",
        Align::Right => "right",
    }
}

/// A text for the template: a string, or a list in which what must not be broken stands in a list of its own.
fn kept(text: &str, room: f64) -> Json {
    let text = printable(text);
    let parts = keep::parts(&text, room);
    if parts.iter().all(|part| !part.keep) {
        return Json::from(text);
    }
    parts.iter().map(|part| if part.keep { json!([part.text]) } else { json!(part.text) }).collect()
}

/// A plain cell is its text; everything else an object. `last` cells stand at the foot of the table; `room` is that
/// for a line in em.
fn cell_data(cell: &Cell, whole: bool, last: bool, room: f64) -> Json {
    let text = if matches!(cell.mark, Mark::Rank(_)) { kept(&cell.text, 0.0) } else { kept(&cell.text, room) };
    if cell.row_span == 1 && cell.col_span == 1 && cell.mark == Mark::None && whole {
        return text;
    }
    let mut data = json!({ "text": text, "rows": cell.row_span, "cols": cell.col_span, "whole": whole, "last": last });
    match cell.mark {
        Mark::None => {}
        Mark::Group => data["mark"] = "group".into(),
        Mark::Rank(rank) => data["mark"] = rank.to_string().into(),
        Mark::Field(rank) => {
            data["mark"] = rank.to_string().into();
            data["filled"] = true.into();
        }
        Mark::Proposed => data["mark"] = "proposed".into(),
        Mark::Unanswered => data["mark"] = "unanswered".into(),
        Mark::Finding => data["mark"] = "finding".into(),
    }
    data
}
