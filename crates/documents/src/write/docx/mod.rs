//! Word documents: real heading styles, repeated heading rows, page numbers as fields.
//!
//! docx-rs writes the parts; [`finish`] completes what it cannot say (repeated heading rows, text
//! alternatives, file properties) and packs the parts.

mod finish;
mod numbered;
mod styles;
mod table;

use std::io::Cursor;
use std::slice::Iter;

use docx_rs::{
    AbstractNumbering, AlignmentType, BorderType, BreakType, Docx, Footer, Header, IndentLevel, Level, LevelJc,
    LevelText, NumPages, NumberFormat, Numbering, NumberingId, PageMargin, PageNum, PageOrientationType, Paragraph,
    Pic, Run, SpecialIndentType, Start, Tab, TabValueType, TextBorder,
};

use super::picture::Picture;
use super::{Format, WriteError, facts};
use crate::content::{Align, Block, Document, Figure, Form, Logo, Status};
use crate::fonts::clean;

/// What Word's header and footer take more of the page than those of a PDF, in millimetres.
const AT_THE_TOP: f64 = 2.0;
const AT_THE_FOOT: f64 = 1.0;

/// Twentieths of a point in a millimetre.
const TWIPS: f64 = 1440.0 / 25.4;
/// English metric units in a millimetre.
const EMU: f64 = 36_000.0;

/// The list with a middle dot; docx-rs keeps number 1 for a numbered list of its own.
const BULLETS: usize = 2;

/// Writes a document for Word.
pub fn write(document: &Document, pictures: &[Picture]) -> Result<Vec<u8>, WriteError> {
    let mut pictures = pictures.iter();
    let mut extras = finish::Extras::of(document);
    let mut docx = page(Docx::new(), document)
        .header(header(document))
        .footer(footer(document))
        .add_abstract_numbering(bullets())
        .add_numbering(Numbering::new(BULLETS, BULLETS));
    docx = front(numbered::kinds(docx, document), document, &mut extras);
    let mut lists = numbered::Lists::default();
    for (at, block) in document.blocks.iter().enumerate() {
        docx = add_block(docx, document, at, block, &mut pictures, &mut extras, &mut lists)?;
    }
    if document.look.form == Form::Letter && !document.notices.is_empty() {
        docx = docx.add_paragraph(styled("Spacer", "")).add_table(table::notices(document, &mut extras));
    }
    docx = history(docx, document, &mut extras);

    let mut raw = Cursor::new(Vec::new());
    docx.pack(&mut raw).map_err(|error| WriteError::format(document, Format::Docx, error))?;
    finish::finish(raw.into_inner(), &extras).map_err(|reason| WriteError::format(document, Format::Docx, reason))
}

fn page(docx: Docx, document: &Document) -> Docx {
    let (width, height) = document.page.size_mm();
    let twips = |millimetres: f64| (millimetres * TWIPS).round() as i32;
    let margins = document.margins();
    let docx = docx.page_size(twips(width) as u32, twips(height) as u32).page_margin(
        PageMargin::new()
            .top(twips(margins.top + AT_THE_TOP))
            .left(twips(margins.left))
            .right(twips(margins.right))
            .bottom(twips(margins.bottom + AT_THE_FOOT))
            .header(twips(10.0))
            .footer(twips(9.0)),
    );
    if document.page.landscape { docx.page_orient(PageOrientationType::Landscape) } else { docx }
}

/// Width between the margins in millimetres.
fn text_width(document: &Document) -> f64 {
    let margins = document.margins();
    document.page.size_mm().0 - margins.left - margins.right
}

/// A run with the line breaks of a text.
fn run(text: &str) -> Run {
    let cleaned = clean(text);
    let mut lines = cleaned.split('\n');
    let first = Run::new().add_text(lines.next().unwrap_or_default());
    lines.fold(first, |run, line| run.add_break(BreakType::TextWrapping).add_text(line))
}

fn styled(style: &str, text: &str) -> Paragraph {
    Paragraph::new().style(style).add_run(run(text))
}

fn right_tab(document: &Document) -> Tab {
    Tab::new().val(TabValueType::Right).pos((text_width(document) * TWIPS) as usize)
}

fn header(document: &Document) -> Header {
    let meta = &document.meta;
    let left =
        if meta.service.is_empty() { document.title.clone() } else { format!("{}　{}", document.title, meta.service) };
    let left = match &document.look.header {
        Some(own) => format!("{own}　{left}"),
        None => left,
    };
    let mut paragraph = Paragraph::new().style("Header").add_tab(right_tab(document)).add_run(run(&left));
    if meta.status == Status::Draft {
        paragraph = paragraph.add_run(Run::new().add_tab()).add_run(run("【案】").bold());
    }
    Header::new().add_paragraph(paragraph)
}

fn footer(document: &Document) -> Footer {
    let paragraph = Paragraph::new()
        .style("Footer")
        .add_tab(right_tab(document))
        .add_run(run(&super::imprint(document)))
        .add_run(Run::new().add_tab().add_text("ページ "))
        .add_page_num(PageNum::new())
        .add_run(Run::new().add_text(" / "))
        .add_num_pages(NumPages::new());
    Footer::new().add_paragraph(paragraph)
}

fn bullets() -> AbstractNumbering {
    let level = Level::new(0, Start::new(1), NumberFormat::new("bullet"), LevelText::new("・"), LevelJc::new("left"));
    AbstractNumbering::new(BULLETS).add_level(level.indent(
        Some(420),
        Some(SpecialIndentType::Hanging(210)),
        None,
        None,
    ))
}

fn bullet(style: &str, text: &str) -> Paragraph {
    styled(style, text).numbering(NumberingId::new(BULLETS), IndentLevel::new(0))
}

/// Everything before the content proper.
fn front(mut docx: Docx, document: &Document, extras: &mut finish::Extras) -> Docx {
    let meta = &document.meta;
    if let Some(logo) = &document.look.logo {
        docx = docx.add_paragraph(mark(logo, extras));
    }
    if meta.status == Status::Draft {
        let border = TextBorder::new().border_type(BorderType::Single).size(12).space(2).color("1A1A1A");
        let stamp = Run::new().add_text(format!(" {} ", meta.status.term())).bold().size(28).text_border(border);
        docx = docx.add_paragraph(Paragraph::new().align(AlignmentType::Right).add_run(stamp));
    }
    if document.look.form != Form::Letter && !document.look.approval.is_empty() {
        docx = docx.add_table(table::approval(&document.look.approval, extras)).add_paragraph(styled("Spacer", ""));
    }
    match document.look.form {
        Form::Letter => return docx,
        Form::Sheet => return sheet_front(docx, document, extras),
        Form::Report => {}
    }
    docx = docx.add_paragraph(styled("Title", &document.title));
    if !meta.service.is_empty() {
        docx = docx.add_paragraph(styled("Subtitle", &meta.service));
    }
    let stated = facts(document);
    if !stated.is_empty() {
        docx = docx.add_table(table::pairs(&stated, [30.0, 90.0], extras)).add_paragraph(styled("Spacer", ""));
    }
    if !document.notices.is_empty() {
        docx = docx.add_table(table::notices(document, extras)).add_paragraph(styled("Spacer", ""));
    }
    if !document.summary.is_empty() {
        let pairs: Vec<(&str, &str)> =
            document.summary.iter().map(|(label, value)| (label.as_str(), value.as_str())).collect();
        let value_width = (text_width(document) - 50.0).min(140.0);
        docx = docx.add_table(table::pairs(&pairs, [50.0, value_width], extras)).add_paragraph(styled("Spacer", ""));
    }
    docx
}

/// What stands before the content of a sheet, in as few lines as it takes.
fn sheet_front(docx: Docx, document: &Document, extras: &mut finish::Extras) -> Docx {
    let service = Some(document.meta.service.clone()).filter(|service| !service.is_empty());
    let stated = facts(document).into_iter().map(|(label, value)| format!("{label} {value}"));
    let summary = document.summary.iter().map(|(label, value)| format!("{label} {value}"));
    let line: Vec<String> = service.into_iter().chain(stated).chain(summary).collect();
    let docx =
        docx.add_paragraph(styled("Title", &document.title)).add_paragraph(styled("SheetFacts", &line.join("　")));
    if document.notices.is_empty() {
        return docx;
    }
    docx.add_table(table::notices(document, extras)).add_paragraph(styled("Spacer", ""))
}

fn alignment(align: Align) -> AlignmentType {
    match align {
        Align::Left => AlignmentType::Left,
        Align::Center => AlignmentType::Center,
        Align::Right => AlignmentType::Right,
    }
}

fn add_block(
    docx: Docx,
    document: &Document,
    at: usize,
    block: &Block,
    pictures: &mut Iter<Picture>,
    extras: &mut finish::Extras,
    lists: &mut numbered::Lists,
) -> Result<Docx, WriteError> {
    Ok(match block {
        Block::Heading { level, text } if document.is_running_text() && numbered::is_listed(*level) => {
            docx.add_paragraph(numbered::heading(heading_style(*level), text, at))
        }
        Block::Heading { level, text } => docx.add_paragraph(styled(heading_style(*level), text)),
        Block::Paragraph(text) => docx.add_paragraph(styled("BodyText", text)),
        Block::Aligned { align, text } => docx.add_paragraph(styled("BodyText", text).align(alignment(*align))),
        Block::Numbered { depth, label, text } => numbered::numbered(docx, lists, *depth, label, text),
        Block::Contents => numbered::contents(docx, document),
        Block::List(items) => items.iter().fold(docx, |docx, item| docx.add_paragraph(bullet("ListBullet", item))),
        Block::Table(table) => {
            let docx = match super::caption(document, at) {
                "" => docx,
                caption => docx.add_paragraph(styled("Caption", caption).keep_next(true)),
            };
            // Word joins tables that touch.
            docx.add_table(table::table(table, document, extras)).add_paragraph(styled("Spacer", ""))
        }
        Block::Figure(figure) => {
            let picture = Picture::next(pictures, figure, document.page)?;
            add_figure(docx, document, figure, &picture, extras)
        }
        Block::PageBreak => docx.add_paragraph(Paragraph::new().add_run(Run::new().add_break(BreakType::Page))),
    })
}

fn heading_style(level: u8) -> &'static str {
    match level {
        0 | 1 => "Heading1",
        2 => "Heading2",
        3 => "Heading3",
        _ => "Heading4",
    }
}

fn add_figure(
    docx: Docx,
    document: &Document,
    figure: &Figure,
    picture: &Picture,
    extras: &mut finish::Extras,
) -> Docx {
    let page_height = document.page.size_mm().1;
    let margins = document.margins();
    let (width, height) =
        picture.size.fit(text_width(document), page_height - margins.top - margins.bottom - 19.0, 25.4 / 96.0);
    let alt = if figure.alt.is_empty() { &figure.caption } else { &figure.alt };
    let number = extras.add_picture(alt);
    let image = Pic::new_with_dimensions(picture.png.clone(), picture.size.width as u32, picture.size.height as u32)
        .id(format!("rIdImage{number}"))
        .size((width * EMU) as u32, (height * EMU) as u32);
    let paragraph =
        Paragraph::new().style("Figure").keep_next(!figure.caption.is_empty()).add_run(Run::new().add_image(image));
    let docx = docx.add_paragraph(paragraph);
    if figure.caption.is_empty() {
        docx
    } else {
        docx.add_paragraph(styled("Caption", &figure.caption).align(AlignmentType::Center))
    }
}

/// The logo of the organisation, above everything else.
fn mark(logo: &Logo, extras: &mut finish::Extras) -> Paragraph {
    let number = extras.add_picture(&logo.alt);
    let image = Pic::new_with_dimensions(logo.png.to_vec(), logo.pixels.0, logo.pixels.1)
        .id(format!("rIdImage{number}"))
        .size((logo.width * EMU) as u32, (logo.height * EMU) as u32);
    Paragraph::new().add_run(Run::new().add_image(image))
}

fn history(docx: Docx, document: &Document, extras: &mut finish::Extras) -> Docx {
    if document.meta.history.is_empty() {
        return docx;
    }
    docx.add_paragraph(styled("Heading1", "改訂履歴")).add_table(table::history(document, extras))
}
