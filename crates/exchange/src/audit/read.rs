//! The workbook as it comes back.

use shirube_catalog::ControlId;
use shirube_safety::operation::audit::{Seen, Verdict};
use shirube_safety::typed::folded;

use super::{GRADE, KIND, LOOKED, NUMBER, REMARK, SHEET, VERDICT};
use crate::laid::Fault;
use crate::sheet::{Book, STAMP_SHEET, Sheet, column_name};

/// What an auditor wrote; lines without a result are left out. Every mistake at once, each with its cell.
pub fn read_audit(book: &Book, audit: &str, grades: &[String]) -> Result<Vec<Seen>, Vec<Fault>> {
    let whole = |message: String| vec![Fault { address: SHEET.to_owned(), message }];
    let fact = |key: &str| {
        let stamp = book.sheet(STAMP_SHEET)?;
        stamp.rows.iter().find(|row| row.first().is_some_and(|name| name == key))?.get(1).cloned()
    };
    if fact("kind").as_deref() != Some(KIND) {
        return Err(whole(
            "監査調書のブックではありません。書き出した監査調書に書き込んだものを指定してください。".to_owned(),
        ));
    }
    if let Some(other) = fact("audit").filter(|other| other != audit) {
        return Err(whole(format!("監査「{other}」の調書です。監査「{audit}」の調書を指定してください。")));
    }
    let sheet = book.sheet(SHEET).ok_or_else(|| whole(format!("「{SHEET}」のシートがありません。")))?;
    let columns = columns(sheet)?;
    let mut reader = Reader { sheet, columns, grades, faults: Vec::new() };
    let seen: Vec<Seen> = (1..sheet.rows.len()).filter_map(|row| reader.line(row)).collect();
    match (reader.faults.is_empty(), seen.is_empty()) {
        (false, _) => Err(reader.faults),
        (true, true) => {
            Err(whole(format!("「{VERDICT}」がどの行にも書かれていません。選んでから取り込んでください。")))
        }
        (true, false) => Ok(seen),
    }
}

const HEADINGS: [&str; 5] = [NUMBER, VERDICT, GRADE, REMARK, LOOKED];

fn columns(sheet: &Sheet) -> Result<[usize; 5], Vec<Fault>> {
    let empty = Vec::new();
    let heading = sheet.rows.first().unwrap_or(&empty);
    let place = |title: &&str| heading.iter().position(|cell| cell.trim() == *title);
    let missing: Vec<Fault> = HEADINGS
        .iter()
        .filter(|title| place(title).is_none())
        .map(|title| {
            let message = format!("「{title}」の列がありません。書き出した調書の列を消さずに書いてください。");
            Fault { address: SHEET.to_owned(), message }
        })
        .collect();
    if missing.is_empty() { Ok(HEADINGS.map(|title| place(&title).unwrap_or_default())) } else { Err(missing) }
}

struct Reader<'a> {
    sheet: &'a Sheet,
    columns: [usize; 5],
    grades: &'a [String],
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn text(&self, row: usize, column: usize) -> String {
        self.sheet.cell(row, self.columns[column]).trim().to_owned()
    }

    fn wrong(&mut self, row: usize, column: usize, message: String) {
        let address = format!("{SHEET}!{}{}", column_name(self.columns[column]), row + 1);
        self.faults.push(Fault { address, message });
    }

    fn line(&mut self, row: usize) -> Option<Seen> {
        let [number, verdict, grade, remark, looked_at] = [0, 1, 2, 3, 4].map(|column| self.text(row, column));
        if verdict.is_empty() {
            if !remark.is_empty() || !grade.is_empty() {
                self.wrong(row, 1, format!("空です。所見を書いた行では、「{VERDICT}」を選んでください。"));
            }
            return None;
        }
        let control = self.control(row, &number);
        let verdict = self.verdict(row, &verdict);
        let is_finding = verdict == Some(Verdict::Finding);
        if is_finding && remark.is_empty() {
            self.wrong(row, 3, "空です。指摘の内容を書いてください。".to_owned());
        }
        if is_finding && grade.is_empty() {
            self.wrong(row, 2, format!("空です。{}のどれかを選んでください。", self.grades.join("、")));
        }
        if !grade.is_empty() && !self.grades.contains(&grade) {
            self.wrong(row, 2, format!("「{grade}」は選べません。選べるのは、{}です。", self.grades.join("、")));
        }
        let grade = Some(grade).filter(|grade| !grade.is_empty());
        Some(Seen { control: control?, verdict: verdict?, grade, remark, looked_at })
    }

    fn control(&mut self, row: usize, number: &str) -> Option<ControlId> {
        let read = number.parse().ok();
        if read.is_none() {
            self.wrong(
                row,
                0,
                format!("「{number}」は、対策項目の番号ではありません。書き出したときの番号に戻してください。"),
            );
        }
        read
    }

    fn verdict(&mut self, row: usize, text: &str) -> Option<Verdict> {
        let found = Verdict::ALL.iter().copied().find(|one| folded(one.term()) == folded(text));
        if found.is_none() {
            let known: Vec<&str> = Verdict::ALL.iter().map(|one| one.term()).collect();
            self.wrong(row, 1, format!("「{text}」は選べません。選べるのは、{}です。", known.join("、")));
        }
        found
    }
}
