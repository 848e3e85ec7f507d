//! Reads what people hand in, and refuses what would fill the memory before it does.

use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, Xlsx};
use encoding_rs::{SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};
use zip::ZipArchive;

use super::{Book, Sheet};

/// Largest file that is read.
pub const LARGEST_FILE_BYTES: usize = 16 * 1024 * 1024;
/// Most that a workbook may take when unpacked. What the archive says of itself is not believed: it is counted.
const LARGEST_UNPACKED_BYTES: u64 = 128 * 1024 * 1024;
const MOST_PARTS: usize = 2000;
const MOST_SHEETS: usize = 60;
const MOST_ROWS: usize = 20_000;
const MOST_COLUMNS: usize = 300;
const MOST_CELLS: usize = 400_000;

/// Why a file is not read. Each says what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("「{0}」は空のファイルです。表の入ったファイルを選んでください。")]
    Empty(String),
    #[error("「{name}」は大きすぎます（上限{most}MB）。シートや行を分けてください。")]
    TooLarge { name: String, most: usize },
    #[error(
        "「{0}」は、広げると大きくなりすぎるため、開きません（上限128MB）。必要な表だけを新しいブックに写してください。"
    )]
    Bomb(String),
    #[error(
        "「{0}」は、パスワード付きのブック又は古い形式（.xls）です。パスワードを外し、.xlsx で保存し直してください。"
    )]
    Locked(String),
    #[error("「{0}」は Excel のブック（.xlsx）でも CSV でもありません。どちらかで保存し直してください。")]
    Kind(String),
    #[error("「{0}」は .xlsx の形ですが、壊れていて読めません。表計算ソフトで開き、.xlsx で保存し直してください。")]
    Broken(String),
    #[error(
        "「{0}」には、外から内容を差し込む宣言（DOCTYPE）があるため、開きません。表計算ソフトで保存し直してください。"
    )]
    Entities(String),
    #[error(
        "「{name}」の{place}は、扱える大きさ（{MOST_ROWS}行、{MOST_COLUMNS}列、合わせて{MOST_CELLS}セル）を超えています。表の外にある内容を消すか、分けてください。"
    )]
    TooMany { name: String, place: String },
    #[error("「{0}」の文字コードが分かりません。UTF-8 か Shift_JIS で保存し直してください。")]
    Encoding(String),
}

/// What becomes of the time in a cell that holds a day with a time.
#[derive(Clone, Copy)]
enum Times {
    /// Lists of a service know days only.
    Dropped,
    Kept,
}

/// Reads an XLSX workbook or a CSV file; `name` is what people call it.
pub fn read(bytes: &[u8], name: &str) -> Result<Book, ReadError> {
    read_as(bytes, name, Times::Dropped)
}

/// The same for records of daily work, where the time of a cell counts: `2026-04-01 09:30`.
pub fn read_with_times(bytes: &[u8], name: &str) -> Result<Book, ReadError> {
    read_as(bytes, name, Times::Kept)
}

fn read_as(bytes: &[u8], name: &str, times: Times) -> Result<Book, ReadError> {
    let named = || name.to_owned();
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ReadError::Empty(named()));
    }
    if bytes.len() > LARGEST_FILE_BYTES {
        return Err(ReadError::TooLarge { name: named(), most: LARGEST_FILE_BYTES / 1024 / 1024 });
    }
    match bytes {
        [0xD0, 0xCF, 0x11, 0xE0, ..] => Err(ReadError::Locked(named())),
        [b'P', b'K', 3, 4, ..] => {
            safe(bytes, name)?;
            workbook(bytes, name, times)
        }
        [b'P', b'K', ..] => Err(ReadError::Broken(named())),
        _ => csv(bytes, name),
    }
}

/// Counts what a workbook unpacks to, and looks for declarations, without keeping any of it.
fn safe(bytes: &[u8], name: &str) -> Result<(), ReadError> {
    let broken = || ReadError::Broken(name.to_owned());
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    if archive.len() > MOST_PARTS {
        return Err(ReadError::Bomb(name.to_owned()));
    }
    if archive.index_for_name("xl/workbook.xml").is_none() {
        let encrypted = archive.index_for_name("EncryptionInfo").is_some();
        let error = if encrypted { ReadError::Locked } else { ReadError::Kind };
        return Err(error(name.to_owned()));
    }
    let mut left = LARGEST_UNPACKED_BYTES;
    let mut piece = vec![0; 64 * 1024];
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(|_| broken())?;
        let is_xml = part.name().ends_with(".xml") || part.name().ends_with(".rels");
        let mut is_first = true;
        loop {
            let count = part.read(&mut piece).map_err(|_| broken())?;
            if count == 0 {
                break;
            }
            left = left.checked_sub(count as u64).ok_or_else(|| ReadError::Bomb(name.to_owned()))?;
            // A declaration stands before the first element.
            if is_xml && is_first && piece[..count].windows(9).any(|word| word == b"<!DOCTYPE") {
                return Err(ReadError::Entities(name.to_owned()));
            }
            is_first = false;
        }
    }
    Ok(())
}

fn workbook(bytes: &[u8], name: &str, times: Times) -> Result<Book, ReadError> {
    let broken = |_| ReadError::Broken(name.to_owned());
    let mut xlsx: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let names = xlsx.sheet_names();
    if names.len() > MOST_SHEETS {
        return Err(ReadError::TooMany { name: name.to_owned(), place: format!("シート（{}枚）", names.len()) });
    }
    let mut book = Book::default();
    let mut total = 0;
    for sheet_name in names {
        // Charts are sheets without cells.
        let Ok(mut reader) = xlsx.worksheet_cells_reader(&sheet_name) else { continue };
        let mut sheet = Sheet { name: sheet_name.clone(), rows: Vec::new() };
        while let Some(cell) = reader.next_cell().map_err(broken)? {
            let text = shown(cell.get_value(), times);
            if text.is_empty() {
                continue;
            }
            let (row, column) = cell.get_position();
            let (row, column) = (row as usize, column as usize);
            total += 1;
            if row >= MOST_ROWS || column >= MOST_COLUMNS || total > MOST_CELLS {
                return Err(ReadError::TooMany {
                    name: name.to_owned(), place: format!("シート「{sheet_name}」")
                });
            }
            if sheet.rows.len() <= row {
                sheet.rows.resize(row + 1, Vec::new());
            }
            let cells = &mut sheet.rows[row];
            if cells.len() <= column {
                cells.resize(column + 1, String::new());
            }
            cells[column] = text;
        }
        book.sheets.push(sheet);
    }
    Ok(book)
}

/// A cell as text: whole numbers without a point, days as `2026-04-01`, line ends as line feeds.
fn shown(data: &DataRef<'_>, times: Times) -> String {
    match data {
        DataRef::Empty | DataRef::Error(_) => String::new(),
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        DataRef::Float(number) => number.to_string(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::DateTime(time) if time.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
            let time = match times {
                Times::Kept if second != 0 => format!(" {hour:02}:{minute:02}:{second:02}"),
                Times::Kept if (hour, minute) != (0, 0) => format!(" {hour:02}:{minute:02}"),
                _ => String::new(),
            };
            format!("{year:04}-{month:02}-{day:02}{time}")
        }
        DataRef::DateTime(time) => time.as_f64().to_string(),
        DataRef::DateTimeIso(text) => text.split('T').next().unwrap_or_default().to_owned(),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::String(text) => tidy(text),
        DataRef::SharedString(text) => tidy(text),
    }
}

/// One spelling of line ends, and no white space at the ends of lines: programs that save again change both.
fn tidy(text: &str) -> String {
    let text = text.replace("_x000D_", "").replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

fn csv(bytes: &[u8], name: &str) -> Result<Book, ReadError> {
    let text = decoded(bytes).ok_or_else(|| match bytes.contains(&0) || bytes.starts_with(b"%PDF") {
        true => ReadError::Kind(name.to_owned()),
        false => ReadError::Encoding(name.to_owned()),
    })?;
    let delimiter = if text.lines().take(5).any(|line| line.contains('\t')) { b'\t' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut sheet = Sheet { name: name.to_owned(), rows: Vec::new() };
    let mut total = 0;
    for record in reader.records().map_while(Result::ok) {
        // A blank line is no record; the numbers of lines people see stay.
        let line = record.position().map_or(sheet.rows.len(), |at| usize::try_from(at.line()).unwrap_or(1) - 1);
        let line = if text.contains('"') { sheet.rows.len() } else { line.max(sheet.rows.len()) };
        total += record.len();
        if line >= MOST_ROWS || record.len() > MOST_COLUMNS || total > MOST_CELLS {
            return Err(ReadError::TooMany { name: name.to_owned(), place: "表".to_owned() });
        }
        sheet.rows.resize(line, Vec::new());
        sheet.rows.push(record.iter().map(tidy).collect());
    }
    Ok(Book { sheets: vec![sheet] })
}

/// The text of a file: UTF-8, UTF-16 with a mark, or the Shift_JIS of Windows.
fn decoded(bytes: &[u8]) -> Option<String> {
    let (encoding, bytes) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => (UTF_8, rest),
        [0xFF, 0xFE, rest @ ..] => (UTF_16LE, rest),
        [0xFE, 0xFF, rest @ ..] => (UTF_16BE, rest),
        _ if std::str::from_utf8(bytes).is_ok() => (UTF_8, bytes),
        _ => (SHIFT_JIS, bytes),
    };
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    (!broken && !text.contains('\0')).then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> String {
        read(bytes, "表.xlsx").unwrap_err().to_string()
    }

    fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
        use std::io::Write;
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn what_is_no_table_is_refused_in_words() {
        let zeros = vec![b' '; 129 * 1024 * 1024];
        let bomb = zipped(&[("xl/workbook.xml", b"<x/>"), ("xl/worksheets/sheet1.xml", &zeros)]);
        assert!(bomb.len() < 1024 * 1024);
        let doctype = b"<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\">]><workbook/>";
        for (bytes, part) in [
            (&b" \n"[..], "空のファイル"),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "パスワード付き"),
            (b"PK\x05\x06", "壊れていて"),
            (b"PK\x03\x04 no archive", "壊れていて"),
            (b"%PDF-1.7\n\xff\xfe", "でも CSV でもありません"),
            (b"\x89PNG\r\n\x1a\n\0\0", "でも CSV でもありません"),
            (b"\x81\xff\xff\x82", "文字コード"),
            (&zipped(&[("content.xml", b"<x/>")]), "でも CSV でもありません"),
            (&zipped(&[("xl/workbook.xml", doctype)]), "DOCTYPE"),
            (&zipped(&[("xl/workbook.xml", b"<x>")]), "壊れていて"),
            (&bomb, "広げると大きく"),
            (&vec![b'a'; LARGEST_FILE_BYTES + 1], "上限16MB"),
        ] {
            assert!(told(bytes).contains(part), "{part}: {}", told(bytes));
        }
    }

    /// A cell in the last corner of a sheet would make a table of seventeen thousand million cells.
    #[test]
    fn a_cell_far_away_does_not_fill_the_memory() {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet().write(1_048_575, 16_383, "x").unwrap();
        assert!(told(&book.save_to_buffer().unwrap()).contains("20000行"));
    }

    #[test]
    fn csv_of_offices_is_read() {
        let text = "名称,種類\r\n髙橋の端末,\"一行目\n二行目\"\r\n";
        let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        for bytes in [text.as_bytes(), format!("\u{feff}{text}").as_bytes(), &SHIFT_JIS.encode(text).0, &utf16] {
            let book = read(bytes, "機器.csv").unwrap();
            assert_eq!(book.sheets[0].cell(1, 0), "髙橋の端末");
            assert_eq!(book.sheets[0].cell(1, 1), "一行目\n二行目");
            assert_eq!(book.sheets[0].cell(9, 9), "");
        }
    }
}
