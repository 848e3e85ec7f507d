//! Several files as one archive.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipArchive, ZipWriter};

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

/// Why an archive of somebody else's is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnpackError {
    #[error("ZIPファイルとして読めません。フォルダをZIPにまとめ直してください。")]
    Unreadable,
    #[error("入っているファイルが多すぎます（上限{0}件）。")]
    TooMany(usize),
    #[error("広げると大きくなりすぎます（上限{0}MB）。")]
    TooLarge(u64),
    #[error("「{0}」は文字のファイルとして読めません。UTF-8で保存してください。")]
    NotText(String),
}

/// Most entries of an archive that is taken.
const MOST_ENTRIES: usize = 200;
/// Most that all of them may take when unpacked. What the archive says of itself is not believed: it is counted.
const MOST_MEGABYTES: u64 = 64;

/// The texts of an archive by name, for those names that `wanted` asks for. Nothing is written anywhere, so a name that
/// points outside finds nothing.
pub fn unpack(bytes: &[u8], wanted: impl Fn(&str) -> bool) -> Result<Vec<(String, String)>, UnpackError> {
    unpack_up_to(MOST_ENTRIES, bytes, wanted)
}

/// The same for archives that may have more entries.
pub fn unpack_up_to(
    most: usize,
    bytes: &[u8],
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<(String, String)>, UnpackError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| UnpackError::Unreadable)?;
    if archive.len() > most {
        return Err(UnpackError::TooMany(most));
    }
    let mut left = MOST_MEGABYTES * 1024 * 1024;
    let mut texts = Vec::new();
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(|_| UnpackError::Unreadable)?;
        let name = entry.name().to_owned();
        if entry.is_dir() || !wanted(&name) {
            continue;
        }
        let mut text = Vec::new();
        entry.take(left + 1).read_to_end(&mut text).map_err(|_| UnpackError::Unreadable)?;
        left = left.checked_sub(text.len() as u64).ok_or(UnpackError::TooLarge(MOST_MEGABYTES))?;
        texts.push((name.clone(), String::from_utf8(text).map_err(|_| UnpackError::NotText(name))?));
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_comes_back_and_bombs_and_rubbish_do_not() {
        let files = [("a/shirube.yaml", "名: 標\n".as_bytes()), ("picture.png", &[0xff, 0xd8][..])];
        let packed = archive(files).unwrap();
        assert_eq!(packed, archive(files).unwrap());
        let yaml = |name: &str| name.ends_with(".yaml");
        assert_eq!(unpack(&packed, yaml).unwrap(), [("a/shirube.yaml".to_owned(), "名: 標\n".to_owned())]);
        assert_eq!(unpack(&packed, |_| true), Err(UnpackError::NotText("picture.png".to_owned())));
        assert_eq!(unpack(b"PK rubbish", yaml), Err(UnpackError::Unreadable));
        let zeros = vec![b'0'; 65 * 1024 * 1024];
        let bomb = archive([("shirube.yaml", zeros.as_slice())]).unwrap();
        assert!(bomb.len() < 1024 * 1024);
        assert_eq!(unpack(&bomb, yaml), Err(UnpackError::TooLarge(MOST_MEGABYTES)));
        let names: Vec<String> = (0..=MOST_ENTRIES).map(|at| format!("{at}.yaml")).collect();
        let many = archive(names.iter().map(|name| (name.as_str(), &b""[..]))).unwrap();
        assert_eq!(unpack(&many, yaml), Err(UnpackError::TooMany(MOST_ENTRIES)));
    }
}
