//! The files of a revision and their digest.

use std::collections::BTreeMap;
use std::fmt;

use shirube_trail::Digest;

use crate::StoreError;

/// The files of one revision: names and texts, sorted by name.
///
/// Their digest is that of a list with one line for each file, sorted by the bytes of the name: the SHA-256 digest of
/// the file, two spaces, the name, a line feed. That is what `sha256sum` prints, so anybody can compute it from the
/// exported folder: `find . -type f -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Files(BTreeMap<String, String>);

/// Why a file cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFault {
    /// The name would point outside of the folder, name no file, or have two spellings in the list of digests.
    Name,
    /// The text holds U+0000, which PostgreSQL cannot keep.
    Nul,
    /// The name comes twice.
    Twice,
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => {
                "名前は「/」で区切り、「.」や「..」だけの部分、空の部分、「\\」と制御文字を含まないものにしてください。"
            }
            Self::Nul => "文字として読めない内容（U+0000）が含まれています。文字のファイルにしてください。",
            Self::Twice => "同じ名前のファイルが二つあります。一つにしてください。",
        })
    }
}

impl Files {
    /// Takes names and texts, if all of them can be kept.
    pub fn new(files: impl IntoIterator<Item = (String, String)>) -> Result<Self, StoreError> {
        let mut kept = BTreeMap::new();
        for (name, text) in files {
            let fault = if !may_be_named(&name) {
                Some(FileFault::Name)
            } else if text.contains('\0') {
                Some(FileFault::Nul)
            } else if kept.contains_key(&name) {
                Some(FileFault::Twice)
            } else {
                None
            };
            if let Some(fault) = fault {
                return Err(StoreError::File { name, fault });
            }
            kept.insert(name, text);
        }
        Ok(Self(kept))
    }

    /// Names and texts, sorted by the bytes of the name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// The text of one file.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The digest that stands for all of them; see [`Files`] for how to compute it again.
    pub fn digest(&self) -> Digest {
        list_digest(self.iter().map(|(name, text)| (name, Digest::of(text.as_bytes()))))
    }
}

/// The digest of names and digests of files, which must come sorted.
pub(crate) fn list_digest<'a>(files: impl Iterator<Item = (&'a str, Digest)>) -> Digest {
    let lines: String = files.map(|(name, digest)| format!("{digest}  {name}\n")).collect();
    Digest::of(lines.as_bytes())
}

fn may_be_named(name: &str) -> bool {
    let plain = !name.chars().any(|character| character == '\\' || character.is_control());
    plain && name.split('/').all(|part| !matches!(part, "" | "." | ".."))
}
