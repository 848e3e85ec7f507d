//! Entries in a chain.

use serde::{Deserialize, Serialize};

use crate::{Digest, Entry};

/// The end of a chain: what the next entry is sealed to. Kept outside, it shows whether the end was cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Number of the last entry; 0 for an empty chain.
    pub number: u64,
    pub digest: Digest,
}

impl Head {
    /// Before the first entry.
    pub const EMPTY: Self = Self { number: 0, digest: Digest::NONE };
}

/// An entry with its seal. As one line of JSON it is what is stored and exported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// The entry as JSON, byte for byte as it was sealed: nobody needs to write it the same way again to check it.
    pub entry: String,
    /// SHA-256 over the digest before (64 digits), a line feed, and `entry`.
    pub digest: Digest,
}

impl Sealed {
    /// Seals an entry to the end of a chain. The number is set here, so that it cannot be wrong.
    pub fn after(head: Head, entry: Entry) -> Self {
        let entry = Entry { number: head.number + 1, ..entry };
        let text = serde_json::to_string(&entry).expect("an entry is plain text and numbers");
        Self { digest: seal(head.digest, &text), entry: text }
    }

    /// The entry, if it is one.
    pub fn entry(&self) -> Result<Entry, serde_json::Error> {
        serde_json::from_str(&self.entry)
    }

    /// What the next entry is sealed to, if this one has this number.
    pub fn head(&self, number: u64) -> Head {
        Head { number, digest: self.digest }
    }
}

pub(crate) fn seal(before: Digest, entry: &str) -> Digest {
    Digest::of(format!("{before}\n{entry}").as_bytes())
}
