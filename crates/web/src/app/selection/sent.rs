//! The files that the form of a selection sends, and those that its page keeps for the next form.

use axum::extract::Multipart;
use serde::{Deserialize, Serialize};
use shirube_documents::write::unpack;
use unicode_normalization::UnicodeNormalization;

/// Most 開示データ, and most candidates, that are laid side by side.
pub const MOST: usize = 6;
/// Longest single file, packed or not.
pub const LONGEST_FILE_MEGABYTES: usize = 2;
const LONGEST_FILE_BYTES: usize = LONGEST_FILE_MEGABYTES * 1024 * 1024;
/// Longest form: the data, a `selection.yaml`, and what stands around them.
pub const LONGEST_UPLOAD_BYTES: usize = (MOST + 1) * LONGEST_FILE_BYTES + 64 * 1024;
/// So much is carried by the page of a comparison. Usual data take a fiftieth of it.
const LONGEST_KEPT_BYTES: usize = 1024 * 1024;

/// A file by its name, without the folders of whoever sent it.
#[derive(Debug, Clone)]
pub struct Sent {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// What the form sent.
#[derive(Default)]
pub struct Form {
    pub csrf: String,
    /// Extension of the document that is wanted; empty for the page.
    pub format: String,
    pub files: Vec<Sent>,
    /// Files that the page carried; see [`carried`].
    pub kept: String,
}

/// Reads the form; none if it is longer than is taken, or was cut off.
pub async fn read(mut form: Multipart) -> Option<Form> {
    let mut sent = Form::default();
    while let Some(field) = form.next_field().await.ok()? {
        let name = field.name().unwrap_or_default().to_owned();
        let path = field.file_name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.ok()?;
        let text = || String::from_utf8_lossy(&bytes).into_owned();
        match name.as_str() {
            "csrf" => sent.csrf = text(),
            "format" => sent.format = text(),
            "kept" => sent.kept = text(),
            // A browser sends an empty part where no file was chosen.
            "file" if !path.is_empty() => sent.files.push(Sent { name: base(&path), bytes: bytes.to_vec() }),
            _ => {}
        }
    }
    Some(sent)
}

/// The last step of a path. Some systems write one character as several, so names are compared in one form.
pub fn base(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or_default().trim().nfc().collect()
}

/// What a file is by the ending of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Data,
    Written,
    Archive,
}

impl Kind {
    pub fn of(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "json" => Some(Self::Data),
            "yaml" | "yml" => Some(Self::Written),
            "zip" => Some(Self::Archive),
            _ => None,
        }
    }
}

/// The files with those of archives in the place of the archives, and what stands against some of them.
pub fn opened(sent: Vec<Sent>) -> (Vec<Sent>, Vec<String>) {
    let (mut files, mut mistakes) = (Vec::new(), Vec::new());
    for one in sent {
        match Kind::of(&one.name) {
            _ if one.bytes.len() > LONGEST_FILE_BYTES => mistakes.push(too_long(&one.name)),
            Some(Kind::Archive) => match unpacked(&one) {
                Ok(inside) => {
                    let (fit, long): (Vec<_>, Vec<_>) =
                        inside.into_iter().partition(|one| one.bytes.len() <= LONGEST_FILE_BYTES);
                    mistakes.extend(long.iter().map(|long| too_long(&long.name)));
                    files.extend(fit);
                }
                Err(told) => mistakes.push(told),
            },
            Some(_) => files.push(one),
            None => mistakes.push(format!(
                "「{}」は、並べられるファイルではありません。開示データ（.json）、selection.yaml、それらをまとめたZIP（.zip）を選んでください。",
                one.name
            )),
        }
    }
    (files, mistakes)
}

fn too_long(name: &str) -> String {
    format!("「{name}」は大きすぎます。一つのファイルは{LONGEST_FILE_MEGABYTES}MBまでです。")
}

/// The data and what people wrote in an archive; files that a system hides there are nobody's.
fn unpacked(archive: &Sent) -> Result<Vec<Sent>, String> {
    let is_ours = |path: &str| {
        let name = base(path);
        !name.starts_with('.') && matches!(Kind::of(&name), Some(Kind::Data | Kind::Written))
    };
    let texts = unpack(&archive.bytes, is_ours).map_err(|error| format!("「{}」: {error}", archive.name))?;
    if texts.is_empty() {
        return Err(format!("「{}」に、開示データ（.json）もselection.yamlも入っていません。", archive.name));
    }
    Ok(texts.into_iter().map(|(path, text)| Sent { name: base(&path), bytes: text.into_bytes() }).collect())
}

#[derive(Serialize, Deserialize)]
struct Kept {
    name: String,
    text: String,
}

/// The files as one text that the page carries to its next form, so that nothing need be kept here; none if they are
/// too long for a page. What comes back is read as if it had just been chosen.
pub fn carried(files: &[Sent]) -> Option<String> {
    if files.iter().map(|file| file.bytes.len()).sum::<usize>() > LONGEST_KEPT_BYTES {
        return None;
    }
    let kept = |file: &Sent| Some(Kept { name: file.name.clone(), text: String::from_utf8(file.bytes.clone()).ok()? });
    let all: Option<Vec<Kept>> = files.iter().map(kept).collect();
    serde_json::to_string(&all?).ok()
}

/// The files of a text that [`carried`] made.
pub fn brought_back(text: &str) -> Option<Vec<Sent>> {
    let kept: Vec<Kept> = serde_json::from_str(text).ok()?;
    Some(kept.into_iter().map(|one| Sent { name: base(&one.name), bytes: one.text.into_bytes() }).collect())
}
