//! Bytes to text: UTF-8, UTF-16 with a mark, or the Shift_JIS that Japanese spreadsheets write.

use encoding_rs::{SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};

use crate::import::IntakeError;

/// The text of a file.
pub fn text(bytes: &[u8], name: &str) -> Result<String, IntakeError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(IntakeError::Empty(name.to_owned()));
    }
    let not_text = |found: &str| IntakeError::NotText { name: name.to_owned(), found: found.to_owned() };
    let (encoding, bytes) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => (UTF_8, rest),
        [0xFF, 0xFE, rest @ ..] => (UTF_16LE, rest),
        [0xFE, 0xFF, rest @ ..] => (UTF_16BE, rest),
        _ if std::str::from_utf8(bytes).is_ok() => (UTF_8, bytes),
        [b'%', b'P', b'D', b'F', ..] => return Err(not_text("PDFです。文字を取り出してから渡してください")),
        _ if bytes.contains(&0) => return Err(not_text("文字でないデータを含みます")),
        _ => (SHIFT_JIS, bytes),
    };
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    // A text with a few broken characters is still worth reading; one made of them is no text.
    let lost = text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    if broken && lost * 20 > text.chars().count() {
        return Err(not_text("読めない文字が多すぎます"));
    }
    Ok(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encodings_of_offices_are_read() {
        let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain("項番".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        for bytes in ["項番".as_bytes(), "\u{feff}項番".as_bytes(), &SHIFT_JIS.encode("項番").0, &utf16] {
            assert_eq!(text(bytes, "x.txt").as_deref(), Ok("項番"));
        }
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_name() {
        assert_eq!(text(b" \n", "x.txt"), Err(IntakeError::Empty("x.txt".into())));
        for bytes in [&b"\x00\x01\xff\xfe"[..], b"%PDF-1.7\n\xff\x00"] {
            let message = text(bytes, "x.bin").unwrap_err().to_string();
            assert!(message.starts_with("「x.bin」を文字として読めません"), "{message}");
        }
    }
}
