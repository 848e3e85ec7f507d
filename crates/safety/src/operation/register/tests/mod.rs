//! A register of tapes, kept by hand, on many days.

mod due;
mod kept;

use serde_json::{Value, json};
use shirube_catalog::Register;

use super::*;

/// A register with one duty of each kind.
fn declaration() -> Value {
    json!({
        "id": "tapes", "title": "テープ台帳", "group": "assets", "purpose": "試験。", "sources": ["試験"], "entry": "テープ",
        "evidences": [{ "control": "1.5②-1", "fresh": { "months": 13 } }],
        "fields": [
            { "id": "label", "title": "管理番号", "kind": "text", "required": true, "unique": true },
            { "id": "keeper", "title": "管理する者", "kind": "person", "required": true, "personal": true },
            { "id": "started_on", "title": "使用開始日", "kind": "date", "required": true },
            { "id": "ends_on", "title": "使用期限", "kind": "date", "not_before": "started_on" },
            { "id": "found_at", "title": "気付いた日時", "kind": "time" },
            { "id": "place", "title": "保管場所", "kind": "site" },
            { "id": "copy", "title": "写し", "kind": "entry", "of": "tapes" },
        ],
        "states": [
            { "id": "in-use", "title": "使用中" },
            { "id": "waiting", "title": "廃棄待ち" },
            { "id": "gone", "title": "廃棄済み", "closed": true },
        ],
        "steps": [
            { "id": "retire", "title": "使い終えた", "from": ["in-use"], "to": "waiting", "requires": ["copy"], "by": "anyone" },
            { "id": "dispose", "title": "廃棄した", "from": ["waiting"], "to": "gone", "by": "approver", "other_than": "keeper" },
        ],
        "duties": [
            { "id": "count", "title": "棚卸", "per": "register", "agreed": true, "owner": "責任者", "evidences": ["1.5②-3"] },
            { "id": "look", "title": "劣化の確認", "per": "entry", "every": { "months": 1 }, "from": "started_on",
                "while": ["in-use"], "owner": "keeper", "evidences": ["3.21②-1"] },
            { "id": "renew", "title": "写す", "per": "entry", "before": { "field": "ends_on", "days": 30 }, "while": ["in-use"] },
            { "id": "tell", "title": "知らせる", "per": "entry", "after": { "field": "found_at", "hours": 24 } },
        ],
        "retention": { "agreed": true },
        "print": { "columns": ["label"] },
    })
}

fn register() -> Register {
    serde_json::from_value(declaration()).expect("a declaration")
}

fn rows(cells: &[&[&str]]) -> Vec<Vec<String>> {
    cells.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
}

/// Records with these rows below the headings, and these lines of the log.
fn records(headings: &[&str], table: &[&[&str]], log: &[&[&str]]) -> Records {
    let register = register();
    let all: Vec<&[&str]> = std::iter::once(headings).chain(table.iter().copied()).collect();
    let book = read_entries(&register, &rows(&all), "operations/tapes.csv").expect("a table");
    let all: Vec<&[&str]> = std::iter::once(&LOG_COLUMNS[..6]).chain(log.iter().copied()).collect();
    let log = read_log(std::slice::from_ref(&register), &rows(&all), "operations/log.csv").expect("a log");
    Records { registers: vec![register], books: vec![book], log, periods: PeriodsFile::default() }
}

/// One tape since a day.
fn tape(started_on: &str, log: &[&[&str]]) -> Records {
    records(&["管理番号", "管理する者", "使用開始日"], &[&["T-1", "岸 五郎", started_on]], log)
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().expect("a day")
}
