//! One event: who did what to what, when and from where.

use serde::{Deserialize, Serialize};

use crate::Digest;

/// What happened. The order of the fields is that of the text that is sealed and never changes; new fields go last and
/// are left out when empty, so that old entries keep their text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// From 1, without gaps, within one chain.
    pub number: u64,
    /// UTC, RFC 3339 with milliseconds, e.g. `2026-11-22T01:02:03.004Z`.
    pub at: String,
    /// Id of the person or of the program that acted; ids are never given twice.
    pub actor: String,
    pub origin: Origin,
    /// What was done, e.g. `revision.created`. Names are never changed once entries carry them.
    pub action: String,
    /// What it was done to, e.g. `service/7d0c…/revision/12`.
    pub object: String,
    /// Digest of the object before, where it had content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Digest>,
    /// Digest of the object after, where it has content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Digest>,
    /// Reason or outcome in the words of people; no secrets and no data of patients.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Where an action came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Origin {
    /// A browser: network address as the server saw it.
    Browser(String),
    /// A token of the API: its id, and the network address.
    Api { token: String, address: String },
    /// The command line on the server itself.
    Console,
    /// The server by itself: schedules, clean-up.
    System,
}
