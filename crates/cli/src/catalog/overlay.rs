//! Official wording that a user brought: files `official/EDITION.json` of a service folder.
//!
//! Nothing of it is part of the program. Whatever shows it says that it was imported, and how surely it was read.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use shirube_catalog::fold;
use shirube_intake::Import;

use crate::disk;
use crate::exit::Failure;

/// From here on a reading is shown without a warning; the same line as that of the reader.
const CERTAIN: f64 = 0.9;

/// The official wording of one edition, as it was read.
#[derive(Debug, Deserialize, Serialize)]
pub struct Overlay {
    pub edition: String,
    /// Name and SHA-256 of the document it was read from.
    pub source: String,
    pub sha256: String,
    pub items: Vec<OfficialText>,
}

/// One item.
#[derive(Debug, Deserialize, Serialize)]
pub struct OfficialText {
    pub id: String,
    pub text: String,
    /// Between 0 and 1.
    pub confidence: f64,
}

impl OfficialText {
    /// The wording with what people should know of it.
    pub fn shown(&self, overlay: &Overlay) -> String {
        let doubt = if self.confidence < CERTAIN {
            "。読み取りが確かでないため、原本と見比べてください"
        } else {
            ""
        };
        format!("{}（「{}」から取り込んだもの{doubt}）", self.text, overlay.source)
    }
}

/// Where the wording of an edition stands in a service folder.
pub fn place(dir: &Path, edition: &str) -> Result<PathBuf, Failure> {
    if !dir.join("shirube.yaml").is_file() {
        return Err(Failure::input(format!(
            "「{}」はサービスのフォルダではありません（shirube.yamlがありません）。",
            dir.display()
        )));
    }
    Ok(dir.join("official").join(format!("{edition}.json")))
}

/// What is kept of a reading.
pub fn value(import: &Import, source: &str, bytes: &[u8]) -> Value {
    let items: Vec<Value> = import
        .items
        .iter()
        .filter(|item| !item.text.is_empty())
        .map(|item| json!({ "id": item.id, "text": item.text, "confidence": item.confidence }))
        .collect();
    let sha256: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    json!({ "edition": import.edition, "source": source, "sha256": sha256, "items": items })
}

/// All imported wordings of a service folder, by edition.
pub fn read(dir: &Path) -> Result<Vec<Overlay>, Failure> {
    let official = dir.join("official");
    let files = match fs::read_dir(&official) {
        Ok(files) => files,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Failure::io(&official, "を読めません", &error)),
    };
    let mut paths: Vec<PathBuf> = files.filter_map(|file| Some(file.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let overlay = |path: &PathBuf| -> Result<Overlay, Failure> {
        serde_json::from_slice(&disk::file(path)?).map_err(|error| {
            Failure::input(format!(
                "{}: {}行目のあたりを、取り込んだ文言として読めません。catalog import でもう一度取り込んでください。",
                path.display(),
                error.line()
            ))
        })
    };
    paths.iter().map(overlay).collect()
}

/// The wording of an entry, if somebody brought it.
pub fn find<'a>(overlays: &'a [Overlay], edition: &str, id: &str) -> Option<(&'a Overlay, &'a OfficialText)> {
    let overlay = overlays.iter().find(|overlay| overlay.edition == edition)?;
    Some((overlay, overlay.items.iter().find(|item| item.id == id)?))
}

/// Entries whose official wording contains all words, however they are spelt.
pub fn search<'a>(overlays: &'a [Overlay], words: &[String]) -> Vec<(&'a Overlay, &'a OfficialText)> {
    let words: Vec<String> = words.iter().map(|word| fold(word)).collect();
    let all = overlays.iter().flat_map(|overlay| overlay.items.iter().map(move |item| (overlay, item)));
    all.filter(|(_, item)| {
        let text = fold(&item.text);
        words.iter().all(|word| text.contains(word.as_str()))
    })
    .collect()
}
