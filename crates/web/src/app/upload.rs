//! A file that a form brings.

use axum::extract::Multipart;

/// Longest name of a file that is kept.
const LONGEST_NAME_CHARS: usize = 120;

/// The form: what tells that it is ours, and the file.
#[derive(Default)]
pub struct Upload {
    pub csrf: String,
    /// Name of the file, without the folders of whoever sent it.
    pub name: String,
    pub bytes: Vec<u8>,
    /// What else the form says.
    pub fields: Vec<(String, String)>,
}

/// Reads a form whose field `file` is the file; none if it is longer than is taken, or was cut off.
pub async fn read(mut form: Multipart, file: &str) -> Option<Upload> {
    let mut upload = Upload::default();
    while let Some(field) = form.next_field().await.ok()? {
        let name = field.name().unwrap_or_default().to_owned();
        let path = field.file_name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.ok()?;
        if name == "csrf" {
            upload.csrf = String::from_utf8_lossy(&bytes).into_owned();
        } else if name == file {
            upload.name =
                path.rsplit(['/', '\\']).next().unwrap_or_default().chars().take(LONGEST_NAME_CHARS).collect();
            upload.bytes = bytes.to_vec();
        } else {
            upload.fields.push((name, String::from_utf8_lossy(&bytes).trim().to_owned()));
        }
    }
    Some(upload)
}
