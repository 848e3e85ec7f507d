//! What the catalogs hold, as the program says it.

use std::path::Path;

use serde_json::Value;

use super::{json, shirube};

/// A list of a value; empty where there is none.
pub fn array<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// A text of a value; empty where there is none.
pub fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// Every edition with a catalog.
pub fn editions() -> Vec<String> {
    let history = json(&["catalog", "history", "--format", "json"]);
    let held = array(&history, "editions").iter().filter(|entry| !entry["entries"].is_null());
    held.map(|entry| text(entry, "id").to_owned()).collect()
}

/// Exports an edition, which must succeed.
pub fn export(edition: &str, format: &str, out: &Path) {
    let out = out.to_str().expect("UTF-8");
    let ran = shirube(&["catalog", "export", edition, "--format", format, "--out", out]);
    assert_eq!(ran.code, 0, "{edition} {format}: {}", ran.stderr);
}
