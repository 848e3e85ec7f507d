//! Rows of a file of records, and their cells as what they mean.

use shirube_form::{date, folded};
use shirube_safety::calendar::Moment;
use shirube_safety::model::Date;
use shirube_safety::operation::level::Affected;

use super::columns::{Form, is_own};
use super::misread::Misread;
use crate::sheet::{Book, Sheet, column_name, read};

/// A file whose headings were found.
pub struct Lines {
    form: &'static Form,
    sheet: Sheet,
    /// Place of each column of the form.
    places: Vec<Option<usize>>,
    heading: usize,
}

/// A row.
#[derive(Clone, Copy)]
pub struct Line<'l> {
    lines: &'l Lines,
    at: usize,
}

impl Lines {
    /// Finds the headings; a file without rows has none.
    pub fn read(form: &'static Form, bytes: &[u8], faults: &mut Vec<Misread>) -> Option<Self> {
        let book = read(bytes, form.file);
        let Book { sheets } = book.map_err(|error| faults.push(Misread::of_file(form.file, error.to_string()))).ok()?;
        Self::of(form, sheets.into_iter().next()?, faults)
    }

    /// The same in a table.
    pub fn of(form: &'static Form, sheet: Sheet, faults: &mut Vec<Misread>) -> Option<Self> {
        let heading = sheet.rows.iter().position(|row| row.iter().any(|cell| !cell.is_empty()))?;
        let mut places = vec![None; form.columns.len()];
        let cells = &sheet.rows[heading];
        for (at, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty() && !is_own(form, cell, cells)) {
            let message = match form.column(cell) {
                None => unknown(form, cell),
                Some(column) if places[column].is_some() => {
                    format!("見出し「{cell}」が二つあります。一つにしてください。")
                }
                Some(column) => {
                    places[column] = Some(at);
                    continue;
                }
            };
            let letter = Some(column_name(at));
            faults.push(Misread { letter, ..Misread::of_row(form.file, heading + 1, message) });
        }
        for (column, _) in form.columns.iter().zip(&places).filter(|(column, place)| column.required && place.is_none())
        {
            let message = format!("見出しの行に「{}」がありません。1行目に書いてください。", column.headings[0]);
            faults.push(Misread::of_file(form.file, message));
        }
        Some(Self { form, sheet, places, heading })
    }

    pub fn rows(&self) -> impl Iterator<Item = Line<'_>> {
        let rows = self.sheet.rows.iter().enumerate().skip(self.heading + 1);
        let written = rows.filter(|(_, row)| row.iter().any(|cell| !cell.is_empty()));
        written.map(|(at, _)| Line { lines: self, at })
    }

    fn place(&self, key: &str) -> Option<usize> {
        let column = self.form.columns.iter().position(|column| column.key == key)?;
        self.places[column]
    }
}

fn unknown(form: &Form, found: &str) -> String {
    let known: Vec<&str> = form.columns.iter().map(|column| column.headings[0]).collect();
    format!(
        "見出し「{found}」の列は読めません。使えるのは、{}です。ほかのことは「備考」の列に書いてください。",
        known.join("、")
    )
}

impl Line<'_> {
    /// Number of the row as people count.
    pub fn number(self) -> usize {
        self.at + 1
    }

    pub fn text(self, key: &str) -> Option<String> {
        let cell = self.lines.sheet.cell(self.at, self.lines.place(key)?).trim();
        (!cell.is_empty()).then(|| cell.to_owned())
    }

    pub fn required(self, key: &str, faults: &mut Vec<Misread>) -> Option<String> {
        let text = self.text(key);
        // A column that is missing was told once.
        if text.is_none() && self.lines.place(key).is_some() {
            self.fault(key, "書かれていません。".to_owned(), faults);
        }
        text
    }

    pub fn fault(self, key: &str, message: String, faults: &mut Vec<Misread>) {
        let column = self.lines.form.columns.iter().find(|column| column.key == key);
        let field = Some(column.map_or(key, |column| column.headings[0]).to_owned());
        let letter = self.lines.place(key).map(column_name);
        faults.push(Misread { field, letter, ..Misread::of_row(self.lines.form.file, self.number(), message) });
    }

    fn parsed<T>(
        self,
        key: &str,
        faults: &mut Vec<Misread>,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let text = self.text(key)?;
        parse(&text).map_err(|message| self.fault(key, message, faults)).ok()
    }

    pub fn moment(self, key: &str, faults: &mut Vec<Misread>) -> Option<Moment> {
        self.parsed(key, faults, |text| {
            let wrong = |()| {
                format!("「{text}」は日時として読めません。「2026-04-01 10:30」のように、日付と時刻を書いてください。")
            };
            text.parse().map_err(wrong)
        })
    }

    pub fn required_moment(self, key: &str, faults: &mut Vec<Misread>) -> Option<Moment> {
        self.required(key, faults)?;
        self.moment(key, faults)
    }

    pub fn day(self, key: &str, faults: &mut Vec<Misread>) -> Option<Date> {
        self.parsed(key, faults, |text| {
            let day = date(text)?;
            serde_json::from_value(day.into()).map_err(|_| format!("「{text}」という日はありません。"))
        })
    }

    pub fn count(self, key: &str, faults: &mut Vec<Misread>) -> Option<u32> {
        self.parsed(key, faults, |text| {
            text.parse().map_err(|_| format!("「{text}」は件数として読めません。0以上の整数を半角で書いてください。"))
        })
    }

    /// はい or いいえ.
    pub fn yes_or_no(self, key: &str, faults: &mut Vec<Misread>) -> Option<bool> {
        self.parsed(key, faults, |text| match text.to_lowercase().as_str() {
            "はい" | "あり" | "有" | "yes" | "true" => Ok(true),
            "いいえ" | "なし" | "無" | "no" | "false" => Ok(false),
            _ => Err(format!("「{text}」は読めません。「はい」か「いいえ」を書いてください。")),
        })
    }

    /// One of a few words; each with how it is told.
    pub fn word<T: Copy>(self, key: &str, words: &[(&[&str], T)], faults: &mut Vec<Misread>) -> Option<T> {
        self.parsed(key, faults, |text| {
            let found = words.iter().find(|(names, _)| names.iter().any(|name| folded(name) == folded(text)));
            found.map(|(_, value)| *value).ok_or_else(|| {
                let names: Vec<&str> = words.iter().map(|(names, _)| names[0]).collect();
                format!("「{text}」は読めません。{}のどれかを書いてください。", names.join("、"))
            })
        })
    }

    /// Names of institutions' files; nothing stands for all of them.
    pub fn affected(self, key: &str, known: &[String], faults: &mut Vec<Misread>) -> Affected {
        let text = self.text(key).unwrap_or_default();
        // The second is how many people write the first.
        if ["", "すべて", concat!("全", "て"), "全部", "all"].contains(&text.as_str()) {
            return Affected::All;
        }
        let names: Vec<String> = text
            .split(['、', ',', '，', ';', '；', '\n'])
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        names.iter().for_each(|name| self.check_institution(key, name, known, faults));
        Affected::Some(names)
    }

    /// A name that is misspelt would take the record away from the institution it is about.
    pub fn check_institution(self, key: &str, name: &str, known: &[String], faults: &mut Vec<Misread>) {
        if known.iter().any(|one| one == name) {
            return;
        }
        let there = if known.is_empty() {
            "医療機関等のファイルはまだありません".to_owned()
        } else {
            format!("あるのは、{}です", known.join("、"))
        };
        self.fault(key, format!("institutions/{name}.yaml がありません。institutionsのファイルの名前を書いてください（{there}）。すべての医療機関等なら、空のままにします。"), faults);
    }
}
