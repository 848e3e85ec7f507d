//! A checklist that kept its rows: a sheet or CSV with number, question, box and answer side by side.

use super::Found;
use super::align::Chapter;
use super::label::{self, Label};
use super::parse::Paragraph;
use crate::fold::{self, Pairs};
use crate::import::{AnswerRead, Answered, Confidence, Problem, ProblemKind};
use crate::known::Entry;
use crate::lines::{Cell, Ledger, Line};

/// Where the columns are.
#[derive(Debug, Clone, Copy)]
struct Columns {
    number: usize,
    question: usize,
    done: usize,
    text: usize,
}

/// Reads the rows, if there is a heading that names all columns.
pub fn read(lines: &[Line], chapters: &[Chapter], ledger: &mut Ledger) -> Option<Found> {
    let mut columns: Option<Columns> = None;
    let mut chapter: Option<usize> = None;
    let (mut block, mut top) = (0, 0);
    let mut found: Found = Default::default();
    for line in lines {
        if let Some(named) = heading(line) {
            columns = Some(named);
            ledger.used(line.number);
            continue;
        }
        if let Some(title) = title(line, chapters) {
            (chapter, top) = (Some(title), 0);
            ledger.used(line.number);
            continue;
        }
        let Some(columns) = columns else {
            ledger.unused(line.number, "表より前の本文");
            continue;
        };
        let at = |column: usize| line.cells.iter().find(|cell| cell.column == Some(column));
        let shown = at(columns.number).map(number).unwrap_or_default();
        let Some(label) = shown.filter(|_| at(columns.text).or(at(columns.done)).or(at(columns.question)).is_some())
        else {
            continue;
        };
        if label.top < top || block == 0 {
            block += 1;
        }
        top = label.top;
        ledger.used(line.number);
        if let Some(question) = at(columns.question) {
            found.1.push(Paragraph { text: question.text.clone(), line: line.number, loose: false });
        }
        let cells = [columns.question, columns.done, columns.text].map(at);
        let answer = answer(block, &label, cells, chapter.map(|at| &chapters[at]), chapters, line.number);
        if found.0.iter().any(|other| other.number == answer.number) {
            found.2.push(Problem {
                kind: ProblemKind::Doubtful,
                line: Some(line.number),
                item: answer.question.clone(),
                message: format!("{}が二度あります。どちらが正しいか確かめてください", answer.number),
            });
        }
        found.0.push(answer);
    }
    columns.is_some().then_some(found)
}

fn heading(line: &Line) -> Option<Columns> {
    let column = |names: &[&str]| {
        line.cells.iter().find(|cell| names.contains(&fold::plain(&cell.text).trim())).and_then(|cell| cell.column)
    };
    Some(Columns {
        number: column(&["No.", "No", "番号"])?,
        question: column(&["チェック項目"])?,
        done: column(&["実施済"])?,
        text: column(&["実施内容"])?,
    })
}

fn title(line: &Line, chapters: &[Chapter]) -> Option<usize> {
    let [cell] = line.cells.as_slice() else { return None };
    let key = fold::key(&cell.plain);
    chapters.iter().position(|chapter| fold::key(chapter.title) == key)
}

/// `3`, `3.`, `7.(1)`, `7-(1)`.
fn number(cell: &Cell) -> Option<Label> {
    let plain: String = cell.plain.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let end = plain.find(|c: char| !c.is_ascii_digit()).unwrap_or(plain.len());
    let top = plain[..end].parse().ok()?;
    let rest = plain[end..].trim_start_matches('.');
    let run = u8::from(rest.starts_with("利用者"));
    let sub = rest.trim_start_matches("利用者").to_owned();
    let shaped = sub.is_empty() || label::begins(&format!("{top}.{sub}")).sub.is_some() || sub.chars().count() == 1;
    shaped.then_some(Label { top, sub, run })
}

fn answer(
    block: usize,
    label: &Label,
    [question, done, text]: [Option<&Cell>; 3],
    chapter: Option<&Chapter>,
    chapters: &[Chapter],
    line: usize,
) -> AnswerRead {
    let wording = question.map(|cell| cell.text.as_str()).unwrap_or_default();
    let (entry, mut confidence, repair) = place(label, wording, chapter, chapters);
    let done = done.and_then(|cell| {
        label::mark(&cell.plain).0.or(match cell.plain.as_str() {
            "○" | "済" | "はい" => Some(Answered::Done),
            "×" | "未" | "いいえ" => Some(Answered::NotDone),
            _ => None,
        })
    });
    let mut repairs: Vec<String> = repair.into_iter().map(str::to_owned).collect();
    if done.is_none() {
        confidence = confidence.min(60);
        repairs.push("実施済の印が読み取れません。「不明」としました".into());
    }
    AnswerRead {
        number: format!("{block}-{}", label.shown()),
        question: entry.map(|entry| entry.id.clone()),
        done: done.unwrap_or(Answered::Unknown),
        text: text.map(|cell| cell.text.clone()).unwrap_or_default(),
        confidence: Confidence::percent(confidence),
        repairs,
        line,
    }
}

/// The question of a row: its number under the title above, if the wording beside it says the same.
fn place<'a>(
    label: &Label,
    wording: &str,
    chapter: Option<&Chapter<'a>>,
    chapters: &[Chapter<'a>],
) -> (Option<&'a Entry>, u8, Option<&'static str>) {
    let numbered =
        chapter.and_then(|chapter| chapter.questions.iter().find(|(known, _)| known == label)).map(|(_, entry)| *entry);
    let fits = |entry: &Entry| !wording.is_empty() && entry.wording.doubts(wording).is_empty();
    let pairs = Pairs::of(wording);
    let all = chapters.iter().flat_map(|chapter| chapter.questions.iter().map(|(_, entry)| *entry));
    let likest = all.map(|entry| (pairs.likeness(&entry.wording.whole), entry)).max_by(|a, b| a.0.total_cmp(&b.0));
    let likest = likest.map(|(_, entry)| entry).filter(|entry| fits(entry));
    match (numbered, likest) {
        (Some(entry), Some(same)) if entry.id == same.id => (Some(entry), 95, None),
        (_, Some(other)) => (Some(other), 70, Some("番号でなく、同じ行の項目の文から項目を決めました")),
        (Some(entry), None) => (Some(entry), 60, Some("同じ行の項目の文では確かめられません")),
        (None, None) => (None, 20, None),
    }
}
