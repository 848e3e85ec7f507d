//! A register as a table of texts, for files and paper.

use shirube_catalog::Register;

use super::entry::Entry;

/// Heading of the column with what the log calls an entry.
pub const NUMBER: &str = "番号";
/// Heading of the column with the state.
pub const STATE: &str = "状態";
/// Heading of the column that says that nothing of an entry may go.
pub const HOLD: &str = "保全";

/// Headings of the log.
pub const LOG_COLUMNS: [&str; 8] = ["日付", "台帳", "番号", "内容", "人", "結果", "備考", "証跡"];

/// What stands in a cell of the printed or written table.
pub fn cell(register: &Register, entry: &Entry, column: &str) -> String {
    match column {
        NUMBER => entry.id.clone(),
        STATE => register.state(&entry.state).map_or(&entry.state, |state| &state.title).clone(),
        HOLD => if entry.hold { "はい" } else { "" }.to_owned(),
        field => entry.text(field),
    }
}

/// The whole table as a file holds it: headings, then the entries.
pub fn rows(register: &Register, entries: &[Entry]) -> (Vec<String>, Vec<Vec<String>>) {
    let fields = register.fields.iter();
    let headings = [NUMBER, STATE].into_iter().chain(fields.clone().map(|field| field.title.as_str())).chain([HOLD]);
    let keys: Vec<&str> =
        [NUMBER, STATE].into_iter().chain(fields.map(|field| field.id.as_str())).chain([HOLD]).collect();
    let row = |entry: &Entry| keys.iter().map(|key| cell(register, entry, key)).collect();
    (headings.map(str::to_owned).collect(), entries.iter().map(row).collect())
}
