//! Writers: one content tree to XLSX, DOCX, PDF, HTML and Markdown.
//!
//! Writers never read anything but the [`Document`]: no clock, no file, no font of the machine. The same
//! document gives the same bytes.

mod archive;
mod calendar;
mod csv;
mod date;
mod docx;
mod groups;
mod html;
mod json;
mod keep;
mod markdown;
mod measure;
mod palette;
mod pdf;
mod picture;
mod room;
mod xlsx;

use std::fmt;
use std::str::FromStr;

pub use self::archive::{UnpackError, archive, unpack, unpack_up_to};
pub use self::calendar::{CalendarDay, icalendar};
pub use self::csv::csv;
pub use self::picture::{Picture, png};
pub use self::room::fits;

use crate::content::{Block, Document};

/// A file format a document can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Excel workbook: cover, print sheets, data sheets.
    Xlsx,
    /// Word document.
    Docx,
    /// PDF/A with tags.
    Pdf,
    /// One HTML file that needs nothing else.
    Html,
    /// GitHub flavoured Markdown.
    Markdown,
    /// The flat tables with what identifies the document, for programs.
    Json,
}

impl Format {
    /// Every format, in the order in which they are offered.
    pub const ALL: [Self; 6] = [Self::Xlsx, Self::Docx, Self::Pdf, Self::Html, Self::Markdown, Self::Json];

    /// The file name extension, which is also the name used on the command line.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Docx => "docx",
            Self::Pdf => "pdf",
            Self::Html => "html",
            Self::Markdown => "md",
            Self::Json => "json",
        }
    }

    /// Whether it holds figures as pictures.
    pub fn has_pictures(self) -> bool {
        matches!(self, Self::Xlsx | Self::Docx)
    }

    /// The media type a web server names.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Pdf => "application/pdf",
            Self::Html => "text/html; charset=utf-8",
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Json => "application/json",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.extension())
    }
}

/// A format name that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("出力形式「{0}」はありません。xlsx、docx、pdf、html、md、json、csv、oscal のどれかを指定してください。")]
pub struct UnknownFormat(String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|format| format.extension() == name).ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// Why a document could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Files could not be put together.
    #[error("ファイルをまとめられませんでした。{0}")]
    Archive(String),
    /// The drawing of a figure is not a usable SVG.
    #[error("図「{caption}」を描けませんでした。SVGとして読めません: {reason}")]
    Figure {
        /// Caption of the figure.
        caption: String,
        /// What the SVG reader said.
        reason: String,
    },
    /// A picture would have more pixels than memory allows.
    #[error("画像の大きさ {width}×{height} 画素は大きすぎます。倍率を下げてください。")]
    PictureSize {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// The table cannot be held by the format.
    #[error("表「{caption}」を{format}に書けません: {reason}")]
    Table {
        /// Caption of the table.
        caption: String,
        /// The format.
        format: Format,
        /// What the format does not allow.
        reason: String,
    },
    /// A library that writes the format gave up.
    #[error("「{title}」の{format}ファイルを作れませんでした: {reason}")]
    Format {
        /// Title of the document.
        title: String,
        /// The format.
        format: Format,
        /// What the library said.
        reason: String,
    },
}

impl WriteError {
    fn format(document: &Document, format: Format, reason: impl fmt::Display) -> Self {
        Self::Format { title: document.title.clone(), format, reason: reason.to_string() }
    }
}

/// Writes a document in a format.
///
/// Characters that no embedded font has are printed as 〓 in PDF and pictures; ask
/// [`crate::fonts::missing_glyphs`] for them and warn.
pub fn render(document: &Document, format: Format) -> Result<Vec<u8>, WriteError> {
    render_with(document, format, &[])
}

/// The same with pictures of its figures that were drawn before, in their order. What is missing is drawn.
pub fn render_with(document: &Document, format: Format, pictures: &[Picture]) -> Result<Vec<u8>, WriteError> {
    match format {
        Format::Xlsx => xlsx::write(document, pictures),
        Format::Docx => docx::write(document, pictures),
        Format::Pdf => pdf::write(document),
        Format::Html => html::write(document),
        Format::Markdown => Ok(markdown::write(document).into_bytes()),
        Format::Json => Ok(json::write(document)),
    }
}

/// What identifies the issue of a document, as label and value; what nobody stated is left out.
fn facts(document: &Document) -> Vec<(&'static str, &str)> {
    let meta = &document.meta;
    let stated = [
        ("対象事業者", Some(meta.provider.as_str())),
        ("文書番号", meta.document_number.as_deref()),
        ("版", meta.edition.as_deref()),
        ("発行日", meta.issued_on.as_ref().map(|issued| issued.printed.as_str())),
        ("適用期間", meta.valid.as_deref()),
        ("取扱区分", meta.confidentiality.as_deref()),
        ("作成", meta.author.as_deref()),
        ("承認", meta.approver.as_deref()),
    ];
    stated.into_iter().filter_map(|(label, value)| Some((label, value.filter(|value| !value.is_empty())?))).collect()
}

/// The caption of the table at a place among the blocks; empty where the title or the heading above says the same.
fn caption(document: &Document, at: usize) -> &str {
    let Some(Block::Table(table)) = document.blocks.get(at) else { return "" };
    let above = document.blocks[..at].iter().rev().find(|block| {
        !matches!(block, Block::Paragraph(_) | Block::Aligned { .. } | Block::Numbered { .. } | Block::List(_))
    });
    let said = matches!(above, Some(Block::Heading { text, .. }) if *text == table.caption);
    if said || table.caption == document.title { "" } else { &table.caption }
}

/// The line at the foot of a page: who issued what, made from which data.
fn imprint(document: &Document) -> String {
    let meta = &document.meta;
    let source = if meta.source.is_empty() { String::new() } else { format!("元データ {}", meta.source) };
    let parts = [
        document.look.footer.as_deref().unwrap_or_default(),
        meta.provider.as_str(),
        meta.document_number.as_deref().unwrap_or_default(),
        meta.edition.as_deref().unwrap_or_default(),
        meta.confidentiality.as_deref().unwrap_or_default(),
        &source,
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("　")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_named_by_its_extension() {
        for format in Format::ALL {
            assert_eq!(format.extension().parse(), Ok(format));
        }
        let error = "doc".parse::<Format>().unwrap_err();
        assert!(error.to_string().contains("「doc」"));
    }
}
