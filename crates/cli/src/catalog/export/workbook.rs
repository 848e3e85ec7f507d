//! An edition as a workbook: a sheet to print, by part and chapter, and a sheet of data.

use shirube_catalog::{Catalog, Certainty, Entry};
use shirube_documents::content::{
    Align, Block, Cell, Column, DataSheet, Document, Look, Mark, Meta, Page, Status, Table,
};

use super::super::overlay::Overlay;
use super::super::{certainty, editions};
use super::plain;

/// Headings and widths of the printed table.
const PRINTED: [(&str, f64); 6] =
    [("番号", 2.0), ("区分", 0.7), ("題", 1.8), ("求められること", 5.6), ("確かさ", 1.2), ("出典・注", 2.6)];

pub fn document(catalog: &Catalog, overlay: Option<&Overlay>) -> Document {
    let edition = &catalog.edition;
    let title = format!("{} {}", edition.title, edition.edition);
    let mut blocks = Vec::new();
    if !catalog.entries.is_empty() {
        blocks.push(Block::Table(table(catalog, overlay)));
    }
    blocks.extend(outline(catalog));
    blocks.extend(gaps(catalog));
    Document {
        name: "catalog",
        title,
        meta: Meta {
            service: edition.id.clone(),
            // The field of a provider's documents; an edition has issuers, who have not made this file.
            provider: String::new(),
            edition: Some(edition.edition.clone()),
            status: Status::Issued,
            ..Meta::default()
        },
        page: Page::A4_LANDSCAPE,
        look: Look::default(),
        summary: vec![
            ("版".to_owned(), format!("{}（{}、{}）", edition.id, edition.published, edition.status.term())),
            ("発行者".to_owned(), edition.issuers.join("、")),
            ("収録した項目".to_owned(), format!("{}件", catalog.entries.len())),
            ("確かさ".to_owned(), catalog.certainty().term().to_owned()),
        ],
        notices: notices(catalog, overlay),
        blocks,
        data: vec![data(catalog, overlay)],
    }
}

/// What the edition lacks, and whose words the table has.
fn notices(catalog: &Catalog, overlay: Option<&Overlay>) -> Vec<String> {
    let brought = overlay.map(|overlay| {
        format!("取り込んだ文言（「{}」）がある項目は、その文言を示します。ほかは要旨です。", overlay.source)
    });
    std::iter::once(editions::certainty_line(catalog).trim_end().to_owned()).chain(brought).collect()
}

fn table(catalog: &Catalog, overlay: Option<&Overlay>) -> Table {
    let mut rows = Vec::new();
    let mut place = String::new();
    for entry in &catalog.entries {
        let here = heading(entry);
        if here != place {
            rows.push(vec![Cell::new(here.clone()).cols(PRINTED.len()).mark(Mark::Group)]);
            place = here;
        }
        rows.push(row(catalog, entry, overlay));
    }
    Table {
        caption: "項目".to_owned(),
        columns: PRINTED.iter().map(|&(_, width)| Column { width, align: Align::Left }).collect(),
        head: vec![PRINTED.iter().map(|(title, _)| Cell::new(*title)).collect()],
        rows,
    }
}

fn heading(entry: &Entry) -> String {
    let parts = [&entry.part, &entry.chapter, &entry.chapter_title, &entry.section, &entry.section_title];
    let stated: Vec<&str> = parts.into_iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    if stated.is_empty() { "（章の区分なし）".to_owned() } else { stated.join(" ") }
}

fn row(catalog: &Catalog, entry: &Entry, overlay: Option<&Overlay>) -> Vec<Cell> {
    let official = plain::official(catalog, entry, overlay);
    let text = match official {
        Some((overlay, text)) => text.shown(overlay),
        None => certainty::wording(entry),
    };
    let unseen = official.is_none() && entry.text.is_empty();
    let text = if unseen { Cell::new(text).mark(Mark::Unanswered) } else { Cell::new(text) };
    let certainty = match entry.certainty {
        Certainty::Seen => Cell::new(entry.certainty.term()),
        _ => Cell::new(entry.certainty.term()).mark(Mark::Proposed),
    };
    // Where others of the edition have a class, that of this one is not known.
    let classed = catalog.entries.iter().any(|other| !other.class.is_empty());
    let class = match entry.class.as_str() {
        "" if classed => "不明",
        "" => "—",
        class => class,
    };
    let about = [&*entry.source, &*entry.note, &*entry.added].into_iter().filter(|text| !text.is_empty());
    vec![
        Cell::new(entry.id.clone()),
        Cell::new(class),
        Cell::new(entry.title.clone()),
        text,
        certainty,
        Cell::new(about.collect::<Vec<_>>().join("\n")),
    ]
}

/// Chapters and sections of which only the heading is known.
fn outline(catalog: &Catalog) -> Vec<Block> {
    let columns = [("編・部", 1.5), ("章", 0.8), ("節", 0.8), ("題", 4.0), ("確かさ", 1.2), ("出典・注", 3.0)];
    let rows = catalog.outline.iter().map(|line| {
        let title = if line.title.is_empty() { "題未確認" } else { &line.title };
        let about =
            [&*line.source, &*line.note].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
        let cells = [&*line.part, &*line.chapter, &*line.section, title, line.certainty.term(), &about];
        cells.into_iter().map(Cell::new).collect()
    });
    plain_table("見出しだけを確認した章や節", &columns, rows.collect())
}

fn gaps(catalog: &Catalog) -> Vec<Block> {
    let rows = catalog.gaps.iter().map(|gap| vec![Cell::new(gap.place.clone()), Cell::new(gap.what.clone())]);
    plain_table("未確認の番号と文言", &[("場所", 2.0), ("分かっていないこと", 6.0)], rows.collect())
}

fn plain_table(caption: &str, columns: &[(&str, f64)], rows: Vec<Vec<Cell>>) -> Vec<Block> {
    if rows.is_empty() {
        return Vec::new();
    }
    vec![Block::Table(Table {
        caption: caption.to_owned(),
        columns: columns.iter().map(|&(_, width)| Column { width, align: Align::Left }).collect(),
        head: vec![columns.iter().map(|(title, _)| Cell::new(*title)).collect()],
        rows,
    })]
}

fn data(catalog: &Catalog, overlay: Option<&Overlay>) -> DataSheet {
    let rows = plain::rows(catalog, overlay).into_iter().map(|row| row.into_iter().map(Into::into).collect());
    DataSheet {
        name: "データ".to_owned(),
        columns: plain::columns().into_iter().map(str::to_owned).collect(),
        rows: rows.collect(),
    }
}
