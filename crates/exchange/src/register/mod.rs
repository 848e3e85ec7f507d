//! A register as a workbook: the empty form to fill in, and the table as it stands, are one and the same sheet.

mod write;

use std::borrow::Cow;

use shirube_catalog::Register;

use crate::operation::as_register;
use crate::sheet::{Book, OPTIONS_SHEET, STAMP_SHEET};

pub use write::register_workbook;

/// Name of the workbook among ours, in the hidden sheet that tells them apart.
const KIND: &str = "register";

/// Sheet that says what each field is.
const EXPLAINED: &str = "説明";

/// Longest name of a sheet.
const LONGEST_NAME: usize = 31;

/// Name of the sheet with the table.
fn sheet_name(register: &Register) -> String {
    let name = register.title.replace(['[', ']', ':', '*', '?', '/', '\\'], "・");
    let name: String = name.chars().take(LONGEST_NAME).collect();
    match [EXPLAINED, OPTIONS_SHEET, STAMP_SHEET].contains(&name.as_str()) {
        true => format!("{name}（台帳）"),
        false => name,
    }
}

/// The rows of a register in a book: of the sheet that has its name, else of the first one. A workbook that was written
/// for another register is refused.
pub fn register_rows<'b>(register: &Register, book: &'b Book) -> Result<Cow<'b, [Vec<String>]>, String> {
    let fact = |key: &str| {
        let stamp = book.sheet(STAMP_SHEET)?;
        stamp.rows.iter().find(|row| row.first().is_some_and(|name| name == key))?.get(1).map(String::as_str)
    };
    if let Some(other) = fact(KIND).filter(|other| *other != register.id) {
        return Err(format!(
            "このブックは、台帳「{other}」のものです。「{}」（{}）のブックを指定してください。",
            register.title, register.id
        ));
    }
    let sheet = book.sheet(&sheet_name(register)).or_else(|| book.sheets.first());
    Ok(as_register(register, sheet.map_or(&[], |sheet| &sheet.rows)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shirube_safety::operation::register::read_entries;

    use super::*;
    use crate::sheet::read_with_times;

    fn register(id: &str) -> Register {
        let declared = json!({
            "id": id, "title": "廃棄の記録", "group": "assets", "purpose": "試験。", "sources": ["試験"], "entry": "廃棄",
            "fields": [
                { "id": "number", "title": "記録の番号", "kind": "text", "required": true, "unique": true },
                { "id": "object", "title": "廃棄したもの", "kind": "text", "required": true },
                { "id": "done_at", "title": "作業した日時", "kind": "time" },
                { "id": "on", "title": "受け取った日", "kind": "date" },
                { "id": "count", "title": "数", "kind": "number" },
                { "id": "method", "title": "方法", "kind": "choice", "many": true, "options": ["消磁", "裁断"] },
                { "id": "proved", "title": "証明", "kind": "yes-no" },
            ],
            "states": [{ "id": "open", "title": "作業中" }, { "id": "done", "title": "済み", "closed": true }],
            "steps": [{ "id": "close", "title": "終えた", "from": ["open"], "to": "done", "by": "anyone" }],
            "print": { "columns": ["number"] },
        });
        serde_json::from_value(declared).expect("a declaration")
    }

    /// OPS-014: what stands in the table comes back from the workbook as it was, days, times and numbers as such.
    #[test]
    fn a_filled_workbook_comes_back_as_it_was() {
        let disposal = register("disposal");
        let table: Vec<Vec<String>> = [
            ["記録の番号", "状態", "廃棄したもの", "作業した日時", "受け取った日", "数", "方法", "証明", "保全"],
            ["D-1", "済み", "=磁気テープ", "令和8年4月1日 9時30分", "2026/4/3", "１２", "消磁\n裁断", "○", "はい"],
            ["002", "作業中", "009", "2026-04-02", "", "1.5", "裁断", "いいえ", ""],
        ]
        .map(|row| row.map(str::to_owned).to_vec())
        .to_vec();
        let book = read_entries(&disposal, &table, "t").expect("a table");
        let bytes = register_workbook(&disposal, &book.entries).expect("written");
        assert_eq!(bytes, register_workbook(&disposal, &book.entries).expect("written"));
        let back = read_with_times(&bytes, "t.xlsx").expect("readable");
        let again = read_entries(&disposal, &register_rows(&disposal, &back).expect("its own"), "t").expect("a table");
        assert_eq!(again.entries, book.entries);
        assert_eq!(again.entries[0].text("done_at"), "2026-04-01 09:30");
        let refused = register_rows(&register("media"), &back).unwrap_err();
        assert!(refused.contains("「disposal」のものです"), "{refused}");
    }
}
