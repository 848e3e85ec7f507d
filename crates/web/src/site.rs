//! Everything the pages show, worked out once.

use axum::body::Bytes;
use shirube_documents::deliverable::judged;
use shirube_folder::Folder;

use crate::view::View;

/// A document to hand out.
#[derive(Debug, Clone)]
pub struct Download {
    /// Name of the file, e.g. `risk-assessment.xlsx`; also the end of its address.
    pub file_name: String,
    /// Title of the document; files with the same title stand together.
    pub title: String,
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

/// One service as a site.
pub struct Site {
    pub(crate) view: View,
    pub(crate) files: Vec<StoredFile>,
}

/// A document as it is handed out; giving it to a reader copies nothing.
pub(crate) struct StoredFile {
    pub name: String,
    pub media_type: &'static str,
    pub bytes: Bytes,
}

impl Site {
    /// Works everything out. `source` is the short content hash of the service folder that documents print too.
    pub fn new(folder: &Folder, source: String, downloads: Vec<Download>) -> Self {
        let service = judged(&folder.files);
        let view = View::new(folder, &service, source, &downloads);
        let stored = downloads.into_iter().map(|download| StoredFile {
            name: download.file_name,
            media_type: download.media_type,
            bytes: download.bytes.into(),
        });
        Self { view, files: stored.collect() }
    }
}
