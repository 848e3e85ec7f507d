//! 付表: items of the operating rules with measures and sample sentences, as rows or as a page with mixed columns.

mod page;
mod rows;

use crate::import::{Confidence, Form, Import, Item, Mark, Problem, ProblemKind, RuleRow};
use crate::known::{Entry, Known};
use crate::lines::{Ledger, Line};

/// Headings of the table, and the pieces into which narrow columns cut them.
const HEADINGS: [&str; 11] = [
    "管理事項番号",
    "管理事",
    "項番号",
    "管理事項",
    "番号",
    "運用管理項目",
    "実施項目",
    "対象",
    "技術的対策",
    "運用的対策",
    "運用管理規程文例",
];

/// One item in the making.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// Index of the known item it was found to be.
    pub known: Option<usize>,
    pub chapter: String,
    pub title: String,
    pub rule: RuleRow,
    pub line: usize,
    pub confidence: u8,
    pub repairs: Vec<String>,
    pub doubts: Vec<String>,
}

/// What reading gives, by either way.
#[derive(Debug, Default)]
pub struct Found {
    pub drafts: Vec<Draft>,
    pub unplaced: Vec<(usize, String)>,
}

fn dense(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Whether a cell is a heading of this table.
fn is_heading(plain: &str) -> bool {
    HEADINGS.contains(&dense(plain).as_str())
}

/// Whether these lines are 付表: at least three of its own headings stand in them.
pub fn recognise(lines: &[Line]) -> bool {
    let own = ["運用管理項目", "実施項目", "技術的対策", "運用的対策", "運用管理規程文例"];
    let cells = || lines.iter().flat_map(|line| &line.cells);
    own.iter().filter(|heading| cells().any(|cell| dense(&cell.plain) == **heading)).count() >= 3
}

/// Reads the table among these lines.
pub fn read(lines: &[Line], edition: &str, known: &Known) -> Import {
    let mut ledger = Ledger::new(lines);
    let known: Vec<&Entry> = known.entries.iter().filter(|entry| entry.chapter.starts_with("付表")).collect();
    let found = rows::read(lines, &known, &mut ledger).unwrap_or_else(|| page::read(lines, &known, &mut ledger));
    let mut problems: Vec<Problem> = found
        .unplaced
        .iter()
        .map(|(line, text)| Problem {
            kind: ProblemKind::Unplaced,
            line: Some(*line),
            item: None,
            message: format!("「{text}」をどの項目にも置けませんでした。原本で確かめてください"),
        })
        .collect();
    let mut items: Vec<Item> = Vec::new();
    for draft in found.drafts {
        let item = item(draft, &known, &mut problems);
        match items.iter_mut().find(|other| other.id == item.id && !item.id.starts_with('?')) {
            Some(other) if other.rule == item.rule => {
                other.repairs.push(format!("{}行目の同じ行を一つにまとめました", item.line));
            }
            Some(other) => {
                other.confidence = other.confidence.min(Confidence::percent(50));
                problems.push(Problem {
                    kind: ProblemKind::Doubtful,
                    line: Some(item.line),
                    item: Some(item.id.clone()),
                    message: format!(
                        "{}が二つあり、内容が違います（{}行目と{}行目）。先の方を採りました",
                        item.id, other.line, item.line
                    ),
                });
            }
            None => items.push(item),
        }
    }
    problems.sort_by_key(|problem| problem.line.unwrap_or(usize::MAX));
    let (lines, unused) = ledger.close();
    Import {
        edition: edition.to_owned(),
        form: Form::RuleTable,
        items,
        answers: Vec::new(),
        scenarios: Vec::new(),
        requirements: Vec::new(),
        problems,
        unused,
        lines,
    }
}

fn item(draft: Draft, known: &[&Entry], problems: &mut Vec<Problem>) -> Item {
    let entry = draft.known.map(|at| known[at]);
    let id = entry.map_or_else(|| format!("?{}", draft.title), |entry| entry.id.clone());
    let mut doubts = draft.doubts;
    let mut confidence = draft.confidence;
    if let Some(entry) = entry {
        let columns = [
            (&entry.technical, &draft.rule.technical, "技術的対策"),
            (&entry.operational, &draft.rule.operational, "運用的対策"),
            (&entry.sample, &draft.rule.sample, "運用管理規程文例"),
        ];
        for (wording, text, column) in columns {
            for doubt in wording.doubts(text) {
                confidence = confidence.min(60);
                doubts.push(format!("{column}: {doubt}"));
            }
            if text.is_empty() && !wording.whole.is_empty() {
                confidence = confidence.min(60);
                doubts.push(format!("{column}が読み取れません"));
            }
        }
    } else {
        confidence = confidence.min(20);
        doubts.push("目録のどの項目か分かりません".into());
    }
    if draft.rule.target.is_empty() {
        doubts.push("対象が読み取れません。空のままにしました".into());
    }
    for doubt in &doubts {
        problems.push(Problem {
            kind: ProblemKind::Doubtful,
            line: Some(draft.line),
            item: Some(id.clone()),
            message: doubt.clone(),
        });
    }
    let chapter =
        if draft.chapter.is_empty() { entry.map(|entry| entry.chapter_title.clone()) } else { Some(draft.chapter) };
    Item {
        id,
        titles: chapter.into_iter().chain([draft.title.clone()]).filter(|title| !title.is_empty()).collect(),
        text: draft.title,
        kubun: Mark::Unknown,
        scenario: None,
        mhlw: Vec::new(),
        confidence: Confidence::percent(confidence),
        repairs: draft.repairs,
        line: draft.line,
        rule: Some(draft.rule),
    }
}
