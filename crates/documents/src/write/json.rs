//! The flat tables of a document as JSON, with what identifies the document.

use serde_json::{Map, Value as Json, json};

use crate::content::{DataSheet, Document, Status, Value};

/// Version of the shape below; raised when a reader would have to change.
const VERSION: u32 = 1;

/// `{"version", "document", "title", "status", "meta": {...}, "notices": [...], "sheets": [{"name", "rows": [{...}]}]}`.
///
/// The keys of a row are the headings of its sheet. An empty cell is `null`.
pub(super) fn write(document: &Document) -> Vec<u8> {
    let meta = &document.meta;
    let issued = meta.issued_on.as_ref().map(|issued| issued.day.to_string());
    let value = json!({
        "version": VERSION,
        "document": document.name,
        "title": document.title,
        "status": match meta.status { Status::Draft => "draft", Status::Issued => "issued" },
        "meta": {
            "service": meta.service,
            "provider": meta.provider,
            "number": meta.document_number,
            "edition": meta.edition,
            "issued_on": issued,
            "author": meta.author,
            "approver": meta.approver,
            "confidentiality": meta.confidentiality,
            "source": meta.source,
        },
        "notices": document.notices,
        "sheets": document.data.iter().map(sheet).collect::<Vec<_>>(),
    });
    format!("{value:#}\n").into_bytes()
}

fn sheet(sheet: &DataSheet) -> Json {
    let row =
        |row: &Vec<Value>| -> Map<String, Json> { sheet.columns.iter().cloned().zip(row.iter().map(cell)).collect() };
    json!({ "name": sheet.name, "rows": sheet.rows.iter().map(row).collect::<Vec<_>>() })
}

fn cell(value: &Value) -> Json {
    match value {
        Value::Empty => Json::Null,
        Value::Text(text) => json!(text),
        Value::Number(number) => json!(number),
    }
}
