//! The workbook as it comes back.

use shirube_form::date;
use shirube_safety::chain::StatusReport;
use shirube_safety::conformity::ControlStatus;
use shirube_safety::model::Date;
use shirube_safety::stated::{Doer, SupplierStatement, TaskClaim};

use super::{
    BELOW, BY, CONTROLS, CUSTOMER, DOCUMENT, DOER, EDITIONS, EVIDENCE, EVIDENCE_UNTIL, HEAD, HOW, KIND, NOTE, NUMBER,
    ON, PROVIDER, RISKS, SERVICE, STATUS, STATUTORY, TASK_ID, TASKS, UNTIL,
};
use crate::laid::Fault;
use crate::sheet::{Book, FORM, STAMP_SHEET, Sheet, column_name};

/// What a supplier wrote; every mistake at once, each with its cell. `None` for a book that is not such a report.
pub fn read_report(book: &Book) -> Option<Result<StatusReport, Vec<Fault>>> {
    let stamp = book.sheet(STAMP_SHEET)?;
    let fact = |key: &str| stamp.rows.iter().find(|row| row.first().is_some_and(|name| name == key))?.get(1).cloned();
    if fact("kind")? != KIND {
        return None;
    }
    let form: u32 = fact("form").and_then(|form| form.parse().ok()).unwrap_or(FORM + 1);
    if form > FORM {
        let message =
            format!("このブックの形式（{form}）は、このプログラムの扱える形式（{FORM}）より新しいため、読めません。");
        return Some(Err(vec![Fault { address: STAMP_SHEET.to_owned(), message }]));
    }
    let mut faults = Vec::new();
    let mut report = head(book, &mut faults);
    report.statements = rows(book, CONTROLS, &[NUMBER, STATUS, DOER], &mut faults, statement);
    report.claims = rows(book, TASKS, &[TASK_ID, DOER], &mut faults, claim);
    if faults.is_empty() && report.is_blank() {
        let message = "何も書かれていません。報告の内容を書いてから、取り込んでください。".to_owned();
        faults.push(Fault { address: HEAD.to_owned(), message });
    }
    Some(if faults.is_empty() { Ok(report) } else { Err(faults) })
}

fn head(book: &Book, faults: &mut Vec<Fault>) -> StatusReport {
    let Some(sheet) = book.sheet(HEAD) else {
        faults.push(missing_sheet(HEAD));
        return StatusReport::default();
    };
    let place = |label: &str| sheet.rows.iter().position(|row| row.first().is_some_and(|cell| cell.trim() == label));
    let mut text = |label: &str| match place(label) {
        Some(row) => written(sheet.cell(row, 1)),
        None => {
            let message = format!("「{label}」の欄がありません。送られたブックの欄を消さずに書いてください。");
            faults.push(Fault { address: HEAD.to_owned(), message });
            None
        }
    };
    let fields = [PROVIDER, SERVICE, BY, DOCUMENT, RISKS, STATUTORY].map(&mut text);
    let [provider, service, by, document, risk_management, statutory] = fields;
    let (editions, below) = (text(EDITIONS), text(BELOW));
    let days = [ON, UNTIL].map(|label| (place(label), text(label)));
    let mut day = |(row, typed): (Option<usize>, Option<String>)| {
        let address = format!("{HEAD}!B{}", row.unwrap_or_default() + 1);
        typed.and_then(|typed| noted(to_day(&typed), address, faults))
    };
    let [on, valid_until] = days.map(&mut day);
    let subcontractors = several(below).into_iter().filter(|name| name != "なし").collect();
    let editions =
        several(editions).iter().flat_map(|line| line.split(['、', ',', '，'])).filter_map(written).collect();
    StatusReport {
        provider,
        service,
        editions,
        on,
        by,
        valid_until,
        document,
        risk_management,
        statutory,
        subcontractors,
        ..StatusReport::default()
    }
}

/// The rows of a sheet in which somebody wrote something, columns known by their headings.
fn rows<T>(
    book: &Book,
    name: &str,
    needed: &[&str],
    faults: &mut Vec<Fault>,
    read: impl Fn(&Line, &mut Vec<Fault>) -> Option<T>,
) -> Vec<T> {
    let Some(sheet) = book.sheet(name) else {
        faults.push(missing_sheet(name));
        return Vec::new();
    };
    let Some(heading) = sheet.rows.iter().position(|row| row.iter().any(|cell| cell.trim() == needed[0])) else {
        let message = format!("「{}」の列がありません。見出しの行を消さずに書いてください。", needed[0]);
        faults.push(Fault { address: name.to_owned(), message });
        return Vec::new();
    };
    let lacking: Vec<&&str> =
        needed.iter().filter(|wanted| !sheet.rows[heading].iter().any(|cell| cell.trim() == **wanted)).collect();
    if !lacking.is_empty() {
        let names: Vec<String> = lacking.iter().map(|name| format!("「{name}」")).collect();
        let message = format!("{}の列がありません。見出しの行を消さずに書いてください。", names.concat());
        faults.push(Fault { address: name.to_owned(), message });
        return Vec::new();
    }
    let line = |row| Line { sheet, heading, row };
    (heading + 1..sheet.rows.len()).filter_map(|row| read(&line(row), faults)).collect()
}

/// One row of a sheet.
struct Line<'s> {
    sheet: &'s Sheet,
    heading: usize,
    row: usize,
}

impl Line<'_> {
    fn column(&self, heading: &str) -> Option<usize> {
        self.sheet.rows[self.heading].iter().position(|cell| cell.trim() == heading)
    }

    fn text(&self, heading: &str) -> Option<String> {
        written(self.sheet.cell(self.row, self.column(heading)?))
    }

    fn address(&self, heading: &str) -> String {
        let column = self.column(heading).map(column_name).unwrap_or_default();
        format!("{}!{column}{}", self.sheet.name, self.row + 1)
    }
}

fn statement(line: &Line, faults: &mut Vec<Fault>) -> Option<SupplierStatement> {
    let (status, by) = (line.text(STATUS), line.text(DOER));
    let rest = [HOW, CUSTOMER, EVIDENCE, EVIDENCE_UNTIL].map(|heading| line.text(heading));
    if status.is_none() && by.is_none() && rest.iter().all(Option::is_none) {
        return None;
    }
    let [how, customer, evidence, until] = rest;
    let number = line.text(NUMBER);
    if number.is_none() {
        let message = "どの対策項目への答えかが書かれていません。番号を書いてください。".to_owned();
        faults.push(Fault { address: line.address(NUMBER), message });
    }
    let status = match status {
        Some(typed) => noted(word(&typed, ControlStatus::ALL, |one| one.term()), line.address(STATUS), faults),
        None => {
            let message = "状況が選ばれていません。一覧から選んでください。".to_owned();
            faults.push(Fault { address: line.address(STATUS), message });
            None
        }
    };
    let by = match by {
        Some(typed) => noted(word(&typed, Doer::ALL, |one| one.term()), line.address(DOER), faults),
        None => Some(Doer::Unknown),
    };
    let evidence_until = until.and_then(|typed| noted(to_day(&typed), line.address(EVIDENCE_UNTIL), faults));
    Some(SupplierStatement {
        report: String::new(),
        control: number?,
        status: status?,
        by: by?,
        how,
        customer,
        evidence: several(evidence),
        evidence_until,
    })
}

fn claim(line: &Line, faults: &mut Vec<Fault>) -> Option<TaskClaim> {
    let (typed, note) = (line.text(DOER), line.text(NOTE));
    let Some(typed) = typed else {
        if note.is_some() {
            let message = "備考だけが書かれています。誰が行うかを一覧から選んでください。".to_owned();
            faults.push(Fault { address: line.address(DOER), message });
        }
        return None;
    };
    let task = line.text(TASK_ID);
    if task.is_none() {
        let message = "どの作業かが書かれていません。作業のidを消さずに書いてください。".to_owned();
        faults.push(Fault { address: line.address(TASK_ID), message });
    }
    let by = noted(word(&typed, Doer::ALL, |one| one.term()), line.address(DOER), faults)?;
    Some(TaskClaim { report: String::new(), task: task?, by, note })
}

/// One of the words that can be chosen.
fn word<T: Copy>(typed: &str, all: &[T], term: fn(T) -> &'static str) -> Result<T, String> {
    let found = all.iter().copied().find(|one| term(*one) == typed.trim());
    found.ok_or_else(|| {
        let words: Vec<&str> = all.iter().map(|one| term(*one)).collect();
        format!("「{typed}」は選べません。{}のどれかを選んでください。", words.join("、"))
    })
}

/// A day that exists.
fn to_day(typed: &str) -> Result<Date, String> {
    let day = date(typed)?;
    serde_json::from_value(day.clone().into()).map_err(|_| format!("「{typed}」という日はありません。"))
}

fn noted<T>(result: Result<T, String>, address: String, faults: &mut Vec<Fault>) -> Option<T> {
    result.map_err(|message| faults.push(Fault { address, message })).ok()
}

fn missing_sheet(name: &str) -> Fault {
    let message = format!("シート「{name}」がありません。送られたブックのシートを消さずに書いてください。");
    Fault { address: name.to_owned(), message }
}

fn written(cell: &str) -> Option<String> {
    let text = cell.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// One to a line.
fn several(text: Option<String>) -> Vec<String> {
    text.iter().flat_map(|text| text.lines()).filter_map(written).collect()
}
