//! Several files as one archive.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipWriter};

use super::WriteError;

/// A ZIP archive of files by name. The same files give the same bytes: no entry has a time.
pub fn archive<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Result<Vec<u8>, WriteError> {
    let failed = |error: zip::result::ZipError| WriteError::Archive(error.to_string());
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default()).unix_permissions(0o644);
    for (name, bytes) in files {
        writer.start_file(name, options).map_err(failed)?;
        writer.write_all(bytes).map_err(|error| WriteError::Archive(error.to_string()))?;
    }
    Ok(writer.finish().map_err(failed)?.into_inner())
}
