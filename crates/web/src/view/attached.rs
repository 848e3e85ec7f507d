//! Evidence as pages list it.

/// A file that was handed in.
#[derive(Debug, Clone)]
pub struct AttachedView {
    pub id: String,
    /// What it belongs to, e.g. `control/pg-1.0/3.4-1-14`.
    pub about: String,
    pub file_name: String,
    pub size: String,
    pub digest: String,
    pub kind: &'static str,
    pub handling: &'static str,
    pub note: String,
    pub origin: String,
    pub collected_on: String,
    /// What it covers; empty if nobody said.
    pub period: String,
    pub keep_until: String,
    pub keep_reason: String,
    pub by: String,
    pub at: String,
    pub supersedes: Option<String>,
    pub superseded_by: Option<String>,
    /// It has been kept as long as it had to be.
    pub due: bool,
    /// The bytes are gone.
    pub removed: bool,
    /// Somebody wants the bytes gone: who, when, why.
    pub proposed: Option<(String, String, String)>,
    /// Who confirmed that the bytes go, and when.
    pub confirmed: Option<(String, String)>,
}

impl AttachedView {
    /// Start of the digest, enough to tell files apart.
    pub fn short(&self) -> &str {
        self.digest.get(..12).unwrap_or(&self.digest)
    }
}

/// How attachments name what they belong to.
pub fn about(kind: &str, id: &str) -> String {
    format!("{kind}/{id}")
}

/// Where a file is handed in for it, below the service.
pub fn attach_href(about: &str) -> String {
    crate::query::link("/attachments/new", &[("about", about)])
}

/// Where a file takes the place of another, below the service.
pub fn replace_href(about: &str, id: &str) -> String {
    crate::query::link("/attachments/new", &[("about", about), ("supersedes", id)])
}
