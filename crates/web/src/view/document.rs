//! Documents to hand out, grouped by title.

use crate::site::Download;

/// One document in its formats.
pub struct DocumentView {
    pub title: String,
    pub files: Vec<FileView>,
}

/// One file of a document.
pub struct FileView {
    pub name: String,
    /// Word for the format, e.g. `Excel`.
    pub format: String,
    /// e.g. `128 KB`.
    pub size: String,
}

/// Groups files by title, in the order in which the titles first appear.
pub fn documents(downloads: &[Download]) -> Vec<DocumentView> {
    let mut documents: Vec<DocumentView> = Vec::new();
    for download in downloads {
        let file = FileView {
            name: download.file_name.clone(),
            format: format_name(&download.file_name),
            size: size(download.bytes.len()),
        };
        match documents.iter_mut().find(|document| document.title == download.title) {
            Some(document) => document.files.push(file),
            None => documents.push(DocumentView { title: download.title.clone(), files: vec![file] }),
        }
    }
    documents
}

fn format_name(file_name: &str) -> String {
    let extension = file_name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "xlsx" => "Excel".to_owned(),
        "docx" => "Word".to_owned(),
        "md" => "Markdown".to_owned(),
        other => other.to_uppercase(),
    }
}

fn size(bytes: usize) -> String {
    const KILO: usize = 1024;
    match bytes {
        0..KILO => format!("{bytes} B"),
        bytes if bytes < KILO * KILO => format!("{} KB", bytes.div_ceil(KILO)),
        bytes => format!("{:.1} MB", bytes as f64 / (KILO * KILO) as f64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        for (bytes, expected) in [(0, "0 B"), (1023, "1023 B"), (1025, "2 KB"), (1_572_864, "1.5 MB")] {
            assert_eq!(size(bytes), expected);
        }
    }
}
