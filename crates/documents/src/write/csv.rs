//! Data sheets as CSV for people: UTF-8 with a mark, CRLF, every field quoted.

use csv::{QuoteStyle, Terminator, WriterBuilder};

use crate::content::{DataSheet, Value};
use crate::fonts::clean;

/// Writes a data sheet as CSV.
///
/// A text a spreadsheet would run as a formula gets a leading apostrophe; numbers stay numbers.
pub fn csv(sheet: &DataSheet) -> Vec<u8> {
    // Without the mark Excel reads Japanese UTF-8 as Shift_JIS.
    let mut bytes = "\u{FEFF}".as_bytes().to_vec();
    let mut writer = WriterBuilder::new()
        .quote_style(QuoteStyle::Always)
        .terminator(Terminator::CRLF)
        .flexible(true)
        .from_writer(&mut bytes);
    let header = sheet.columns.iter().map(|name| guarded(name));
    writer.write_record(header.collect::<Vec<_>>()).expect("memory takes every record");
    for row in &sheet.rows {
        let record = row.iter().map(|value| match value {
            Value::Text(text) => guarded(text),
            Value::Number(_) | Value::Date(_) | Value::Empty => value.to_string(),
        });
        writer.write_record(record.collect::<Vec<_>>()).expect("memory takes every record");
    }
    drop(writer);
    bytes
}

fn guarded(text: &str) -> String {
    let text = clean(text);
    if text.starts_with(['=', '+', '-', '@', '\t', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed_and_numbers_are_not() {
        let sheet = DataSheet {
            name: "データ".into(),
            columns: vec!["項目".into(), "値".into()],
            rows: vec![
                vec!["=1+1".into(), Value::Number(-2.0)],
                vec!["-".into(), Value::Empty],
                vec!["「引用」\"\n改行".into(), "001".into()],
            ],
        };
        let text = String::from_utf8(csv(&sheet)).unwrap();
        assert_eq!(
            text,
            "\u{FEFF}\"項目\",\"値\"\r\n\"'=1+1\",\"-2\"\r\n\"'-\",\"\"\r\n\"「引用」\"\"\n改行\",\"001\"\r\n"
        );
    }
}
