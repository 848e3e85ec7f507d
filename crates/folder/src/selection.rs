//! The files of a selection: `selection.yaml` of an institution, and 開示データ of providers.

use std::collections::BTreeMap;

use serde_json::Value;
use shirube_safety::selection::{DataFormat, DisclosureData, SelectionFile, mistakes};
use shirube_safety::{File, control_character};

use super::{InputError, Loaded, dotted, load, yaml};

/// A `selection.yaml` that was read.
#[derive(Debug)]
pub struct OfSelection {
    pub file: SelectionFile,
    tree: yaml::Tree,
}

impl OfSelection {
    /// Line and column of a place in the file (a JSON pointer), both from 1.
    pub fn position(&self, pointer: &str) -> (usize, usize) {
        self.tree.position(pointer)
    }
}

/// Reads a `selection.yaml`, with a way from places to lines.
pub fn read_selection(bytes: &[u8]) -> Result<OfSelection, Vec<InputError>> {
    let file = File::Selection;
    let Loaded { content, tree, errors, .. } = load::<SelectionFile>(file, &BTreeMap::from([(file, bytes.to_vec())]));
    let (Some(content), Some(tree), true) = (content, tree, errors.is_empty()) else { return Err(errors) };
    let wrong: Vec<InputError> = mistakes(&content)
        .into_iter()
        .map(|mistake| {
            let (line, column) = tree.position(&mistake.pointer);
            let (field, message) = (dotted(&mistake.pointer), mistake.message);
            InputError { file, line, column, field, message, missing: None }
        })
        .collect();
    if wrong.is_empty() { Ok(OfSelection { file: content, tree }) } else { Err(wrong) }
}

/// Reads 開示データ. A file that is something else, or was made by a newer program, is told as such.
pub fn read_disclosure_data(bytes: &[u8]) -> Result<DisclosureData, Vec<InputError>> {
    let file = File::DisclosureData;
    let told = |line: usize, column: usize, message: String| {
        Err(vec![InputError { file, line, column, field: String::new(), message, missing: None }])
    };
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let foreign = "開示データではありません。「shirube disclose」で作ったJSONを指定してください。";
    if !bytes.trim_ascii_start().starts_with(b"{") {
        return told(1, 1, foreign.to_owned());
    }
    let value: Value = match serde_json::from_slice(bytes) {
        Ok(value) => value,
        Err(error) => {
            let message = "JSONとして読めません。途中で切れたか、書き換えられたおそれがあります。渡した事業者に、開示データをもう一度もらってください。";
            return told(error.line().max(1), error.column().max(1), message.to_owned());
        }
    };
    if value["format"] != DataFormat::Disclosure.token() {
        return told(1, 1, foreign.to_owned());
    }
    if let Some(version) = value["version"].as_u64().filter(|version| *version > u64::from(DisclosureData::VERSION)) {
        let message = format!(
            "新しい書式の開示データ（第{version}版）です。このShirubeが読めるのは第{}版までです。Shirubeを新しくするか、事業者に第{}版の開示データを求めてください。",
            DisclosureData::VERSION,
            DisclosureData::VERSION
        );
        return told(1, 1, message);
    }
    if let Some(found) = control_character(&value) {
        let message = format!(
            "見えない制御文字（U+{:04X}）が含まれています。渡した事業者に、開示データをもう一度もらってください。",
            found as u32
        );
        return told(1, 1, message);
    }
    // JSON is YAML too, and that reader knows lines. Other programs may write characters as pairs of escapes, which YAML
    // does not have: then the same value is written plainly, as far as it goes.
    let plain = serde_json::to_vec_pretty(&value).unwrap_or_default();
    let text = if bytes.windows(3).any(|escape| escape.eq_ignore_ascii_case(b"\\ud")) { plain } else { bytes.to_vec() };
    let Loaded { content, errors, .. } = load::<DisclosureData>(file, &BTreeMap::from([(file, text)]));
    content.ok_or(errors)
}
