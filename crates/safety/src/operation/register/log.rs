//! `operations/log.csv`: what was done, by whom and when. One line for each step and each duty.

use chrono::{NaiveDate, NaiveTime};
use shirube_catalog::Register;

use super::Mistake;
use super::entry::{Rows, is_blank, unguarded};
use super::table::LOG_COLUMNS;
use crate::choice::choice;
use crate::typed::{folded, moment};

choice! {
    /// How it came out.
    Outcome {
        Done = "done", "済";
        Findings = "findings", "指摘あり";
        NotDone = "not-done", "未了";
    }
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Id of a step.
    Step(String),
    /// Id of a duty.
    Duty(String),
}

impl Act {
    pub fn is_duty(&self, id: &str) -> bool {
        matches!(self, Self::Duty(duty) if duty == id)
    }
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct LogLine {
    /// Row in the file, 1 is the first.
    pub row: usize,
    /// Name of the file inside the service folder.
    pub file: String,
    pub on: NaiveDate,
    pub at: Option<NaiveTime>,
    /// Id of the register.
    pub register: String,
    /// The entry as the table calls it; none for what is done to the register as a whole.
    pub entry: Option<String>,
    pub act: Act,
    pub person: Option<String>,
    pub outcome: Outcome,
    pub remark: Option<String>,
    /// Names or places of what proves it.
    pub evidence: Option<String>,
}

impl LogLine {
    /// Whether it counts: what was not finished proves nothing.
    pub fn counts(&self) -> bool {
        self.outcome != Outcome::NotDone
    }
}

/// Reads the log; every mistake of every row at once. The lines come in the order of their days.
pub fn read_log(registers: &[Register], rows: &Rows, file: &str) -> Result<Vec<LogLine>, Vec<Mistake>> {
    let mut reader = Reader { registers, file, mistakes: Vec::new() };
    let mut lines = reader.lines(rows);
    // Stable: lines of one day keep the order in which they were written.
    lines.sort_by_key(|line| (line.on, line.at));
    if reader.mistakes.is_empty() { Ok(lines) } else { Err(reader.mistakes) }
}

struct Reader<'a> {
    registers: &'a [Register],
    file: &'a str,
    mistakes: Vec<Mistake>,
}

/// Where a column of [`LOG_COLUMNS`] stands in a file.
type Places = [Option<usize>; LOG_COLUMNS.len()];

impl Reader<'_> {
    fn wrong(&mut self, row: usize, column: &str, message: impl Into<String>) {
        let (file, column) = (self.file.to_owned(), column.to_owned());
        self.mistakes.push(Mistake { file, row, column, message: message.into() });
    }

    fn lines(&mut self, rows: &Rows) -> Vec<LogLine> {
        let Some(heading) = rows.iter().position(|row| !is_blank(row)) else {
            let message = format!("見出しの行がありません。一行目に、{}と書いてください。", LOG_COLUMNS.join("、"));
            self.wrong(1, "", message);
            return Vec::new();
        };
        let places = self.places(&rows[heading], heading + 1);
        let rows = rows.iter().enumerate().skip(heading + 1).filter(|(_, row)| !is_blank(row));
        rows.filter_map(|(at, row)| self.line(&places, row, at + 1)).collect()
    }

    fn places(&mut self, heading: &[String], row: usize) -> Places {
        let places: Places = LOG_COLUMNS.map(|column| heading.iter().position(|title| folded(title) == column));
        for (at, title) in heading.iter().enumerate().filter(|(_, title)| !title.trim().is_empty()) {
            if !LOG_COLUMNS.contains(&folded(title).as_str()) {
                let message = format!("「{title}」という列はありません。書けるのは、{}です。", LOG_COLUMNS.join("、"));
                self.wrong(row, title, message);
            } else if !places.contains(&Some(at)) {
                self.wrong(row, title, "同じ見出しが二つあります。一つにしてください。");
            }
        }
        for column in [0, 1, 3].into_iter().filter(|column| places[*column].is_none()) {
            self.wrong(row, "", format!("「{}」の列がありません。加えてください。", LOG_COLUMNS[column]));
        }
        places
    }

    fn line(&mut self, places: &Places, cells: &[String], row: usize) -> Option<LogLine> {
        let texts = places.map(|place| place.and_then(|at| cells.get(at)).map_or("", |cell| unguarded(cell)));
        let [on, register, entry, what, person, result, remark, evidence] = texts;
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let day = self.told(row, 0, moment(on));
        let register = self.register(row, register);
        let act = register.and_then(|register| self.act(row, register, what));
        let outcome = self.outcome(row, result, act.as_ref());
        let ((on, at), register) = (day?, register?);
        Some(LogLine {
            row,
            file: self.file.to_owned(),
            on,
            at,
            register: register.id.clone(),
            entry: some(entry),
            act: act?,
            person: some(person),
            outcome: outcome?,
            remark: some(remark),
            evidence: some(evidence),
        })
    }

    fn told<T>(&mut self, row: usize, column: usize, read: Result<T, String>) -> Option<T> {
        read.map_err(|message| self.wrong(row, LOG_COLUMNS[column], message)).ok()
    }

    fn outcome(&mut self, row: usize, text: &str, act: Option<&Act>) -> Option<Outcome> {
        if text.is_empty() && !matches!(act, Some(Act::Duty(_))) {
            return Some(Outcome::Done);
        }
        let terms: Vec<&str> = Outcome::ALL.iter().map(|outcome| outcome.term()).collect();
        let found = Outcome::ALL.iter().copied().find(|outcome| folded(outcome.term()) == folded(text));
        self.told(
            row,
            5,
            found.ok_or_else(|| match text {
                "" => format!("空です。務めを行った結果を、{}のどれかで書いてください。", terms.join("、")),
                _ => format!("「{text}」は使えません。{}のどれかを書いてください。", terms.join("、")),
            }),
        )
    }
}

impl<'a> Reader<'a> {
    fn register(&mut self, row: usize, text: &str) -> Option<&'a Register> {
        let wanted = folded(text);
        let found = self.registers.iter().find(|one| one.id == wanted || folded(&one.title) == wanted);
        let near = || {
            let near = self.registers.iter().min_by_key(|one| strsim::osa_distance(&one.title, text));
            near.filter(|one| strsim::osa_distance(&one.title, text) <= 2)
        };
        let message = match near() {
            _ if text.is_empty() => "空です。台帳の名前かidを書いてください。".to_owned(),
            Some(near) => format!("「{text}」という台帳はありません。「{}」ではありませんか。", near.title),
            None => format!("「{text}」という台帳はありません。shirube register list で名前を確かめてください。"),
        };
        self.told(row, 1, found.ok_or(message))
    }

    fn act(&mut self, row: usize, register: &Register, text: &str) -> Option<Act> {
        let wanted = folded(text);
        let is_it = |id: &str, title: &str| id == wanted || folded(title) == wanted;
        let step = register.steps.iter().find(|step| is_it(&step.id, &step.title)).map(|one| Act::Step(one.id.clone()));
        let duty =
            || register.duties.iter().find(|duty| is_it(&duty.id, &duty.title)).map(|one| Act::Duty(one.id.clone()));
        let steps = register.steps.iter().map(|step| step.title.as_str());
        let known: Vec<&str> = steps.chain(register.duties.iter().map(|duty| duty.title.as_str())).collect();
        let message = || match text {
            "" => format!("空です。{}のどれかを書いてください。", known.join("、")),
            _ => format!(
                "「{text}」という手続や務めは、「{}」にありません。書けるのは、{}です。",
                register.title,
                known.join("、")
            ),
        };
        self.told(row, 3, step.or_else(duty).ok_or_else(message))
    }
}
