//! Numbered paragraphs as Word's own lists, and the contents as a field with links.
//!
//! Each run of numbers is a list instance that starts where its first label says, so what is printed is the label
//! and somebody who adds a paragraph gets the next number. A label that no list gives is written out.

use docx_rs::{
    AbstractNumbering, Docx, FieldCharType, Hyperlink, HyperlinkType, IndentLevel, InstrText, InstrToC, Level, LevelJc,
    LevelOverride, LevelText, NumberFormat, Numbering, NumberingId, Paragraph, Run, SpecialIndentType, Start,
};

use super::{run, styled};
use crate::content::{Block, Document};

/// Formats of labels: what Word calls them, and how the label looks around the number.
const KINDS: [(&str, &str); 8] = [
    ("decimal", "%1"),
    ("decimal", "(%1)"),
    ("decimalEnclosedCircle", "%1"),
    ("aiueoFullWidth", "%1"),
    ("aiueoFullWidth", "(%1)"),
    ("lowerLetter", "(%1)"),
    ("decimalFullWidth", "%1"),
    ("decimalFullWidth", "(%1)"),
];

/// Number of the abstract list of the first kind; docx-rs and the bullets keep those below.
const FIRST_KIND: usize = 10;
/// Twentieths of a point a paragraph stands in for each depth, and its number before it.
const STEP: i32 = 420;
const HANGING: i32 = 420;

/// The lists of a document so far.
#[derive(Default)]
pub struct Lists {
    /// Kind, depth and last number of the latest list of each depth, with its instance.
    open: Vec<(usize, u8, usize, usize)>,
    instances: usize,
}

/// The kinds of lists, for documents that have numbered paragraphs.
pub fn kinds(docx: Docx, document: &Document) -> Docx {
    if !document.is_running_text() {
        return docx;
    }
    KINDS.iter().enumerate().fold(docx, |docx, (at, (format, text))| {
        let (format, text) = (NumberFormat::new(*format), LevelText::new(*text));
        let level = Level::new(0, Start::new(1), format, text, LevelJc::new("left"));
        let level = level.indent(Some(STEP), Some(SpecialIndentType::Hanging(HANGING)), None, None);
        docx.add_abstract_numbering(AbstractNumbering::new(FIRST_KIND + at).add_level(level))
    })
}

/// A paragraph behind its number.
pub fn numbered(docx: Docx, lists: &mut Lists, depth: u8, label: &str, text: &str) -> Docx {
    let left = STEP * i32::from(depth) + HANGING;
    let hanging =
        |paragraph: Paragraph| paragraph.indent(Some(left), Some(SpecialIndentType::Hanging(HANGING)), None, None);
    let Some((kind, number)) = kind(label) else {
        let line = Run::new().add_text(label).add_tab();
        return docx.add_paragraph(hanging(Paragraph::new().style("BodyText").add_run(line).add_run(run(text))));
    };
    lists.open.retain(|(.., open_depth, _, _)| *open_depth <= depth);
    let known = lists.open.iter_mut().find(|(of, at, last, _)| *of == kind && *at == depth && *last + 1 == number);
    let (docx, instance) = match known {
        Some((_, _, last, instance)) => {
            *last = number;
            (docx, *instance)
        }
        None => {
            lists.instances += 1;
            let instance = FIRST_KIND + KINDS.len() + lists.instances;
            lists.open.retain(|(_, at, ..)| *at != depth);
            lists.open.push((kind, depth, number, instance));
            let start = LevelOverride::new(0).start(number);
            (docx.add_numbering(Numbering::new(instance, FIRST_KIND + kind).add_override(start)), instance)
        }
    };
    let paragraph = styled("BodyText", text).numbering(NumberingId::new(instance), IndentLevel::new(0));
    docx.add_paragraph(hanging(paragraph))
}

/// Kind and number of a label; `None` for what is no running number.
fn kind(label: &str) -> Option<(usize, usize)> {
    let inside = label.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let bare = inside.unwrap_or(label);
    let mut letters = bare.chars();
    let (first, only) = (letters.next()?, letters.next().is_none());
    if bare.chars().all(|letter| letter.is_ascii_digit()) {
        return Some((usize::from(inside.is_some()), bare.parse().ok()?));
    }
    if !only {
        return None;
    }
    const KANA: &str = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン";
    match (first, inside) {
        // 例規 write numbers of one digit so.
        ('１'..='９', _) => Some((6 + usize::from(inside.is_some()), first as usize - '１' as usize + 1)),
        ('①'..='⑳', None) => Some((2, first as usize - '①' as usize + 1)),
        ('a'..='z', Some(_)) => Some((5, first as usize - 'a' as usize + 1)),
        _ => KANA.chars().position(|kana| kana == first).map(|at| (if inside.is_some() { 4 } else { 3 }, at + 1)),
    }
}

/// A heading that the contents lead to.
pub fn heading(style: &str, text: &str, at: usize) -> Paragraph {
    Paragraph::new().style(style).add_bookmark_start(at, mark(at)).add_run(run(text)).add_bookmark_end(at)
}

fn mark(at: usize) -> String {
    format!("_Toc{at:06}")
}

/// Whether the contents name a heading.
pub fn is_listed(level: u8) -> bool {
    level <= 2
}

/// The contents: a field that Word fills with pages, holding links until then.
pub fn contents(docx: Docx, document: &Document) -> Docx {
    let headings = document.blocks.iter().enumerate().filter_map(|(at, block)| match block {
        Block::Heading { level, text } if is_listed(*level) => Some((at, *level, text)),
        _ => None,
    });
    let headings: Vec<_> = headings.collect();
    let mut docx = docx.add_paragraph(styled("TocHeading", "目次"));
    for (place, (at, level, text)) in headings.iter().enumerate() {
        let mut paragraph = Paragraph::new().style(if *level <= 1 { "TOC1" } else { "TOC2" });
        if place == 0 {
            let field = InstrText::TOC(InstrToC::new().heading_styles_range(1, 2).hyperlink());
            paragraph = paragraph.add_run(
                Run::new()
                    .add_field_char(FieldCharType::Begin, true)
                    .add_instr_text(field)
                    .add_field_char(FieldCharType::Separate, false),
            );
        }
        paragraph = paragraph.add_hyperlink(Hyperlink::new(mark(*at), HyperlinkType::Anchor).add_run(run(text)));
        if place + 1 == headings.len() {
            paragraph = paragraph.add_run(Run::new().add_field_char(FieldCharType::End, false));
        }
        docx = docx.add_paragraph(paragraph);
    }
    docx.add_paragraph(Paragraph::new().add_run(Run::new().add_break(docx_rs::BreakType::Page)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_told_apart() {
        for (label, expected) in [
            ("2", Some((0, 2))),
            ("(12)", Some((1, 12))),
            ("③", Some((2, 3))),
            ("ウ", Some((3, 3))),
            ("(イ)", Some((4, 2))),
            ("(b)", Some((5, 2))),
            ("２", Some((6, 2))),
            ("(３)", Some((7, 3))),
            ("第1条の2", None),
            ("（1）", None),
            ("アア", None),
        ] {
            assert_eq!(kind(label), expected, "{label}");
        }
    }
}
