//! The fonts documents are set in, carried inside the program.
//!
//! No font of the machine is ever used, so that a document looks the same wherever it is made. A
//! character none of these fonts has is printed as [`GETA`] and named by [`missing_glyphs`]: an empty
//! box in a patient's or a colleague's name would be read as a fault of the reader's computer.

use std::borrow::Cow;
use std::sync::LazyLock;

use ttf_parser::Face;

use crate::content::{Block, Cell, Document, Value};

/// Family of headings, tables and figures.
pub const GOTHIC: &str = "BIZ UDPGothic";
/// Family of running text.
pub const MINCHO: &str = "BIZ UDPMincho";
/// Family that completes the other two with characters of rare names.
pub const FALLBACK: &str = "Shirube Fallback";
/// Printed in place of a character that no font has, as Japanese printers always did.
pub const GETA: char = '〓';

/// The font files, in the order in which a glyph is looked for. A `static`, because every use of a `const` may put
/// another copy of all of it into the program.
pub static FILES: [&[u8]; 4] = [
    include_bytes!("../fonts/BIZUDPGothic-Regular.ttf"),
    include_bytes!("../fonts/BIZUDPGothic-Bold.ttf"),
    include_bytes!("../fonts/BIZUDPMincho-Regular.ttf"),
    include_bytes!("../fonts/ShirubeFallback-Regular.otf"),
];

/// Faces that together have every character of [`FILES`]: bold and mincho have those of regular gothic.
static FACES: LazyLock<[Face<'static>; 2]> =
    LazyLock::new(|| [0, 3].map(|file| Face::parse(FILES[file], 0).expect("an embedded font is readable")));

/// Advance widths of the characters of the basic plane in 1/1000 em; 0 where no font has a glyph.
static ADVANCES: LazyLock<Vec<u16>> =
    LazyLock::new(|| (0..=0xFFFF).map(|point| char::from_u32(point).map_or(0, look_up)).collect());

fn look_up(character: char) -> u16 {
    FACES
        .iter()
        .find_map(|face| {
            let advance = face.glyph_hor_advance(face.glyph_index(character)?)?;
            Some((f64::from(advance) * 1000.0 / f64::from(face.units_per_em())).round() as u16)
        })
        .unwrap_or(0)
}

/// Width of a character in em as set in [`GOTHIC`]; a character without a glyph is as wide as [`GETA`].
pub fn advance(character: char) -> f64 {
    let thousandths = match ADVANCES.get(character as usize) {
        Some(&thousandths) => thousandths,
        None => look_up(character),
    };
    match thousandths {
        0 if is_invisible(character) => 0.0,
        0 => 1.0,
        known => f64::from(known) / 1000.0,
    }
}

/// Whether the character can be printed. Line breaks, tabs and invisible marks count as printable.
pub fn has_glyph(character: char) -> bool {
    if character.is_ascii() || is_invisible(character) {
        return true;
    }
    match ADVANCES.get(character as usize) {
        // The private use area means something else on every machine.
        Some(_) if ('\u{E000}'..='\u{F8FF}').contains(&character) => false,
        Some(&thousandths) => thousandths > 0,
        None => look_up(character) > 0,
    }
}

/// Marks that steer shaping and show nothing themselves: variation selectors, joiners, direction marks.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{00AD}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
        || is_forbidden(character)
}

/// What no document format may carry: control characters other than tab and line break, noncharacters.
fn is_forbidden(character: char) -> bool {
    character != '\n' && character != '\t' && character.is_control() || (character as u32 & 0xFFFE) == 0xFFFE
}

/// The text without what no document format may carry; line breaks become `\n`.
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.contains(is_forbidden) {
        return Cow::Borrowed(text);
    }
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    Cow::Owned(unified.chars().filter(|&c| !is_forbidden(c)).collect())
}

/// The text as the embedded fonts can set it: [`GETA`] for what they lack, invisible marks left out.
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| has_glyph(c) && !is_invisible(c)) {
        return Cow::Borrowed(text);
    }
    let cleaned = clean(text);
    Cow::Owned(cleaned.chars().filter(|&c| !is_invisible(c)).map(|c| if has_glyph(c) { c } else { GETA }).collect())
}

/// The characters of a document that PDF and pictures print as [`GETA`], each once, in code point order.
///
/// Callers warn with them; the other formats leave the choice of font to the reader's machine and keep
/// the characters.
pub fn missing_glyphs(document: &Document) -> Vec<char> {
    // A text of a hundred pages is written in some two thousand characters: each is looked up once.
    let mut used = vec![0u64; char::MAX as usize / 64 + 1];
    each_text(document, &mut |text| text.chars().for_each(|c| used[c as usize / 64] |= 1 << (c as u32 % 64)));
    let mut missing = Vec::new();
    for (word, at) in used.into_iter().zip(0u32..).filter(|(word, _)| *word != 0) {
        let characters = (0..64).filter(|bit| word >> bit & 1 == 1).filter_map(|bit| char::from_u32(at * 64 + bit));
        missing.extend(characters.filter(|&character| !has_glyph(character)));
    }
    missing
}

/// Calls `visit` with every text of a document.
fn each_text(document: &Document, visit: &mut dyn FnMut(&str)) {
    visit(&document.title);
    each_meta_text(document, visit);
    for (label, value) in &document.summary {
        visit(label);
        visit(value);
    }
    document.notices.iter().for_each(|notice| visit(notice));
    for block in &document.blocks {
        each_block_text(block, visit);
    }
    for sheet in &document.data {
        visit(&sheet.name);
        sheet.columns.iter().for_each(|column| visit(column));
        for value in sheet.rows.iter().flatten() {
            if let Value::Text(text) = value {
                visit(text);
            }
        }
    }
}

fn each_meta_text(document: &Document, visit: &mut dyn FnMut(&str)) {
    let meta = &document.meta;
    visit(&meta.service);
    visit(&meta.provider);
    visit(&meta.source);
    for text in [&meta.document_number, &meta.edition, &meta.valid, &meta.author, &meta.approver, &meta.confidentiality]
    {
        text.iter().for_each(|text| visit(text));
    }
    meta.issued_on.iter().for_each(|issued| visit(&issued.printed));
    for revision in &meta.history {
        for text in [&revision.edition, &revision.date, &revision.change, &revision.author, &revision.approver] {
            visit(text);
        }
    }
}

fn each_block_text(block: &Block, visit: &mut dyn FnMut(&str)) {
    let cells = |rows: &[Vec<Cell>], visit: &mut dyn FnMut(&str)| {
        rows.iter().flatten().for_each(|cell| visit(&cell.text));
    };
    match block {
        Block::Heading { text, .. } | Block::Paragraph(text) | Block::Aligned { text, .. } => visit(text),
        Block::Numbered { label, text, .. } => {
            visit(label);
            visit(text);
        }
        Block::List(items) => items.iter().for_each(|item| visit(item)),
        Block::Table(table) => {
            visit(&table.caption);
            cells(&table.head, visit);
            cells(&table.rows, visit);
        }
        Block::Figure(figure) => {
            visit(&figure.caption);
            visit(&figure.alt);
            // Markup is ASCII, so whatever else stands in the SVG is text of the drawing.
            visit(&figure.svg);
        }
        Block::PageBreak | Block::Contents => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_units_of_japanese_offices_have_glyphs() {
        for character in "髙﨑㈱①㎡𠮷塚𡈽Ⅲ※→〜～−－Åé王伟".chars() {
            assert!(has_glyph(character), "{character}");
        }
    }

    #[test]
    fn radicals_emoji_other_scripts_and_private_characters_are_missing() {
        for character in "⼀⽣🏥ع\u{E000}".chars() {
            assert!(!has_glyph(character), "{character}");
        }
    }

    #[test]
    fn printable_text_never_needs_a_missing_glyph() {
        assert_eq!(printable("⽣年🏥𠮷"), "〓年〓𠮷");
        assert_eq!(printable("辻\u{E0100}さん\r\n様\u{7}"), "辻さん\n様");
        assert!(matches!(printable("そのまま"), Cow::Borrowed(_)));
    }

    #[test]
    fn widths_are_those_of_the_font() {
        assert_eq!(advance('漢'), 1.0);
        assert!((0.7..0.8).contains(&advance('0')));
        assert_eq!(advance('𠮷'), 1.0);
        assert_eq!(advance('\u{200B}'), 0.0);
    }
}
