//! What docx-rs cannot say: repeated heading rows, text alternatives, styles, file properties; and packing.

use std::io::{Cursor, Read, Write};

use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::content::Document;
use crate::fonts::clean;
use crate::write::date::day;

/// What is to be completed, collected while the document is built.
pub struct Extras {
    /// Number of heading rows of each table, in the order in which the tables stand.
    head_rows: Vec<usize>,
    /// Text alternative of each picture, in order.
    alternatives: Vec<String>,
    core: Core,
    styles: String,
}

struct Core {
    title: String,
    subject: String,
    creator: String,
    status: &'static str,
    description: String,
    date: String,
}

impl Extras {
    /// Nothing but the file properties of a document.
    pub fn of(document: &Document) -> Self {
        let meta = &document.meta;
        let source = if meta.source.is_empty() { String::new() } else { format!("元データ {}", meta.source) };
        let core = Core {
            title: document.title.clone(),
            subject: meta.service.clone(),
            creator: meta.provider.clone(),
            status: meta.status.term(),
            description: source,
            date: format!("{}T00:00:00Z", day(meta)),
        };
        Self { head_rows: Vec::new(), alternatives: Vec::new(), core, styles: super::styles::of(&document.look) }
    }

    /// Notes the next table.
    pub fn add_table(&mut self, head_rows: usize) {
        self.head_rows.push(head_rows);
    }

    /// Notes the next picture and returns its number from 1.
    pub fn add_picture(&mut self, alternative: &str) -> usize {
        self.alternatives.push(alternative.to_owned());
        self.alternatives.len()
    }
}

/// Completes and packs what docx-rs wrote. The reason of a failure is for the log of a bug.
pub fn finish(raw: Vec<u8>, extras: &Extras) -> Result<Vec<u8>, String> {
    let text = |error: &dyn std::error::Error| error.to_string();
    let mut parts = ZipArchive::new(Cursor::new(raw)).map_err(|error| text(&error))?;
    let mut packed = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    for index in 0..parts.len() {
        let mut part = parts.by_index(index).map_err(|error| text(&error))?;
        if part.is_dir() {
            continue;
        }
        let name = part.name().to_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).map_err(|error| text(&error))?;
        let content = match name.as_str() {
            "word/styles.xml" => extras.styles.clone().into_bytes(),
            "docProps/core.xml" => core(&extras.core).map_err(|error| text(&error))?,
            "word/document.xml" => complete(&content, extras).map_err(|error| text(&error))?,
            name if name.starts_with("word/header") || name.starts_with("word/footer") => {
                complete(&content, extras).map_err(|error| text(&error))?
            }
            _ => content,
        };
        packed.start_file(name, options).map_err(|error| text(&error))?;
        packed.write_all(&content).map_err(|error| text(&error))?;
    }
    packed.finish().map(Cursor::into_inner).map_err(|error| text(&error))
}

/// Copies a part, adding what docx-rs leaves out and sorting properties as the standard wants them: Word
/// refuses some files in which they stand otherwise.
fn complete(xml: &[u8], extras: &Extras) -> Result<Vec<u8>, quick_xml::Error> {
    let mut pass = Pass { reader: Reader::from_reader(xml), extras, tables: 0, row: 0, pictures: 0 };
    let mut writer = Writer::new(Vec::with_capacity(xml.len()));
    loop {
        match pass.reader.read_event()? {
            Event::Eof => break,
            Event::Start(tag) => pass.start(&mut writer, tag)?,
            Event::Empty(tag) => pass.empty(&mut writer, tag)?,
            event => writer.write_event(event)?,
        }
    }
    Ok(writer.into_inner())
}

/// The pass through one part.
struct Pass<'a> {
    reader: Reader<&'a [u8]>,
    extras: &'a Extras,
    tables: usize,
    row: usize,
    pictures: usize,
}

impl<'a> Pass<'a> {
    fn start(&mut self, writer: &mut Writer<Vec<u8>>, tag: BytesStart<'a>) -> Result<(), quick_xml::Error> {
        match tag.name().as_ref() {
            "w:tbl" => {
                self.tables += 1;
                self.row = 0;
            }
            "w:tr" => self.row += 1,
            "w:p" => return Ok(writer.write_event(Event::Start(without_id(&tag)))?),
            name => {
                if let Some(order) = order(name) {
                    return self.properties(writer, tag, order);
                }
            }
        }
        Ok(writer.write_event(Event::Start(tag))?)
    }

    fn empty(&mut self, writer: &mut Writer<Vec<u8>>, tag: BytesStart<'a>) -> Result<(), quick_xml::Error> {
        match tag.name().as_ref() {
            // Says nothing.
            "w:rPr" => Ok(()),
            "w:p" => Ok(writer.write_event(Event::Empty(without_id(&tag)))?),
            "w:trPr" if self.is_head_row() => {
                writer.write_event(Event::Start(tag))?;
                writer.write_event(Event::Empty(BytesStart::new("w:tblHeader")))?;
                Ok(writer.write_event(Event::End(BytesEnd::new("w:trPr")))?)
            }
            "wp:docPr" => self.picture(writer),
            _ => Ok(writer.write_event(Event::Empty(tag))?),
        }
    }

    fn is_head_row(&self) -> bool {
        let head_rows = self.tables.checked_sub(1).and_then(|table| self.extras.head_rows.get(table));
        head_rows.is_some_and(|&head_rows| self.row <= head_rows)
    }

    fn picture(&mut self, writer: &mut Writer<Vec<u8>>) -> Result<(), quick_xml::Error> {
        self.pictures += 1;
        let alternative = self.extras.alternatives.get(self.pictures - 1).map_or("", String::as_str);
        let described = BytesStart::new("wp:docPr").with_attributes([
            ("id", self.pictures.to_string().as_str()),
            ("name", format!("図{}", self.pictures).as_str()),
            ("descr", clean(alternative).as_ref()),
        ]);
        Ok(writer.write_event(Event::Empty(described))?)
    }

    /// Copies a property element with its children in the order given.
    fn properties(
        &mut self,
        writer: &mut Writer<Vec<u8>>,
        tag: BytesStart<'a>,
        order: &[&str],
    ) -> Result<(), quick_xml::Error> {
        let end = tag.to_end().into_owned();
        let mut children: Vec<(usize, Vec<u8>)> = Vec::new();
        if end.name().as_ref() == "w:trPr" && self.is_head_row() {
            children.push((order.len(), b"<w:tblHeader/>".to_vec()));
        }
        loop {
            let mut child = Writer::new(Vec::new());
            let name = match self.reader.read_event()? {
                Event::Start(tag) => {
                    let name = tag.name().as_ref().to_owned();
                    self.subtree(&mut child, tag)?;
                    name
                }
                Event::Empty(tag) => {
                    let name = tag.name().as_ref().to_owned();
                    self.empty(&mut child, tag)?;
                    name
                }
                Event::End(_) | Event::Eof => break,
                _ => continue,
            };
            let place = order.iter().position(|known| name.strip_prefix("w:") == Some(known));
            children.push((place.unwrap_or(order.len()), child.into_inner()));
        }
        children.sort_by_key(|(place, _)| *place);
        writer.write_event(Event::Start(tag))?;
        for (_, child) in children {
            writer.get_mut().extend(child);
        }
        Ok(writer.write_event(Event::End(end))?)
    }

    /// Copies an element inside a property element to its end.
    fn subtree(&mut self, writer: &mut Writer<Vec<u8>>, tag: BytesStart<'a>) -> Result<(), quick_xml::Error> {
        if let Some(order) = order(tag.name().as_ref()) {
            return self.properties(writer, tag, order);
        }
        writer.write_event(Event::Start(tag))?;
        let mut open = 1;
        while open > 0 {
            let event = self.reader.read_event()?;
            match &event {
                Event::Start(_) => open += 1,
                Event::End(_) => open -= 1,
                Event::Eof => break,
                _ => {}
            }
            writer.write_event(event)?;
        }
        Ok(())
    }
}

/// Paragraph ids come from a counter of the thread, which earlier documents have moved.
fn without_id(paragraph: &BytesStart<'_>) -> BytesStart<'static> {
    let kept = paragraph.attributes().filter_map(Result::ok).filter(|a| a.key.as_ref() != "w14:paraId");
    BytesStart::new("w:p").with_attributes(kept).into_owned()
}

/// The children of a property element in the order of ECMA-376, as far as they are used.
fn order(element: &str) -> Option<&'static [&'static str]> {
    Some(match element {
        "w:pPr" => &[
            "pStyle",
            "keepNext",
            "keepLines",
            "pageBreakBefore",
            "framePr",
            "widowControl",
            "numPr",
            "pBdr",
            "shd",
            "tabs",
            "autoSpaceDE",
            "autoSpaceDN",
            "adjustRightInd",
            "snapToGrid",
            "spacing",
            "ind",
            "jc",
            "textAlignment",
            "outlineLvl",
            "rPr",
            "sectPr",
        ],
        "w:rPr" => &[
            "rStyle",
            "rFonts",
            "b",
            "bCs",
            "i",
            "iCs",
            "strike",
            "vanish",
            "color",
            "spacing",
            "w",
            "sz",
            "szCs",
            "highlight",
            "u",
            "bdr",
            "shd",
            "vertAlign",
            "lang",
        ],
        "w:tblPr" => {
            &["tblStyle", "tblpPr", "tblW", "jc", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook"]
        }
        "w:trPr" => &["cantSplit", "trHeight", "tblHeader"],
        "w:tcPr" => &["tcW", "gridSpan", "vMerge", "tcBorders", "shd", "noWrap", "tcMar", "textDirection", "vAlign"],
        "w:tblBorders" | "w:tcBorders" => &["top", "left", "bottom", "right", "insideH", "insideV"],
        "w:sectPr" => &[
            "headerReference",
            "footerReference",
            "type",
            "pgSz",
            "pgMar",
            "pgNumType",
            "cols",
            "titlePg",
            "textDirection",
            "docGrid",
        ],
        _ => return None,
    })
}

fn core(core: &Core) -> Result<Vec<u8>, std::io::Error> {
    let mut writer = Writer::new(b"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>".to_vec());
    writer
        .create_element("cp:coreProperties")
        .with_attributes([
            ("xmlns:cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"),
            ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
            ("xmlns:dcterms", "http://purl.org/dc/terms/"),
            ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
        ])
        .write_inner_content(|writer| {
            for (name, value) in [
                ("dc:title", core.title.as_str()),
                ("dc:subject", &core.subject),
                ("dc:creator", &core.creator),
                ("dc:description", &core.description),
                ("dc:language", "ja-JP"),
                ("cp:lastModifiedBy", &core.creator),
                ("cp:contentStatus", core.status),
            ] {
                writer.create_element(name).write_text_content(BytesText::new(&clean(value)))?;
            }
            for name in ["dcterms:created", "dcterms:modified"] {
                let element = writer.create_element(name).with_attribute(("xsi:type", "dcterms:W3CDTF"));
                element.write_text_content(BytesText::new(&core.date))?;
            }
            Ok(())
        })?;
    Ok(writer.into_inner())
}
