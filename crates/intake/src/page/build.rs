//! From a sorted page to items, with every doubt told.

use super::sort::{Cited, Row, Sorted};
use crate::fold::Pairs;
use crate::import::{
    Confidence, Form, Import, Item, Mark, Problem, ProblemKind, Reference, RequirementText, ScenarioText,
};
use crate::known::{Control, Known};
use crate::lines::Ledger;
use crate::table::circled;

/// The most that a page with mixed columns can reach.
const MIXED: u8 = 80;

/// Makes the items.
pub fn import(sorted: Sorted, edition: &str, known: &Known, ledger: Ledger) -> Import {
    let mut problems: Vec<Problem> = sorted
        .unplaced
        .iter()
        .map(|(line, text)| Problem {
            kind: ProblemKind::Unplaced,
            line: Some(*line),
            item: None,
            message: format!("「{text}」をどの項目にも置けませんでした。原本で確かめてください"),
        })
        .collect();
    let groups: Vec<Option<(u8, u8, u8)>> = sorted.rows.iter().map(|row| group(row, known)).collect();
    let mut items: Vec<Item> = Vec::new();
    let mut scenarios: Vec<ScenarioText> = Vec::new();
    for (at, row) in sorted.rows.iter().enumerate() {
        let found = cited_by(at, &sorted, &groups, known);
        let above = sorted.rows[..=at]
            .iter()
            .zip(&groups)
            .rev()
            .find(|(other, group)| **group == groups[at] && !other.scenario.is_empty());
        let item = item(row, above.map(|(other, _)| other), &found, known, &mut problems);
        if !row.scenario.is_empty() {
            scenarios.push(ScenarioText {
                id: item.scenario.clone().filter(|id| id.starts_with('S')),
                text: row.scenario.clone(),
                line: row.line,
            });
        }
        items.push(item);
    }
    problems.sort_by_key(|problem| problem.line.unwrap_or(usize::MAX));
    let (lines, unused) = ledger.close();
    Import {
        edition: edition.to_owned(),
        form: Form::ControlPage,
        items,
        answers: Vec::new(),
        scenarios,
        requirements: sorted.cited.iter().map(|cited| requirement(cited, known)).collect(),
        problems,
        unused,
        lines,
    }
}

fn group(row: &Row, known: &Known) -> Option<(u8, u8, u8)> {
    row.known.map(|at| &known.controls[at]).map(|control| (control.major, control.middle, control.minor))
}

fn requirement(cited: &Cited, known: &Known) -> RequirementText {
    let entry = cited.entry.map(|at| &known.cited[at]);
    RequirementText {
        ids: vec![reference(cited).id()],
        section: entry.map(|entry| format!("{} {}", entry.chapter, entry.chapter_title)).unwrap_or_default(),
        text: cited.text.clone(),
        line: cited.line,
    }
}

fn reference(cited: &Cited) -> Reference {
    Reference {
        section: cited.chapter.clone(),
        class: None,
        item: cited.item.map(|item| item.to_string()),
        condition: None,
    }
}

/// References of a row, with the number they read like where it is lost.
struct Found {
    references: Vec<Reference>,
    notes: Vec<String>,
}

/// Cells of requirements are merged over a 小項目 here: what is printed beside one row holds for its group. Which
/// group, the crosswalk says, or else the order of lines.
fn cited_by(at: usize, sorted: &Sorted, groups: &[Option<(u8, u8, u8)>], known: &Known) -> Found {
    let own = groups[at];
    let likely = |row: usize, chapter: &str| {
        let control = sorted.rows[row].known.map(|at| &known.controls[at]);
        control.is_some_and(|control| control.likely.iter().any(|id| in_chapter(id, chapter)))
    };
    let belongs = |chapter: &str, printed_at: Option<usize>| -> bool {
        let near = printed_at.unwrap_or(0);
        let expects = |row: usize| likely(row, chapter);
        // The row it is printed at, or a neighbour that is known to cite this chapter.
        let place = (0..sorted.rows.len()).filter(|row| expects(*row)).min_by_key(|row| row.abs_diff(near));
        match place.filter(|place| place.abs_diff(near) <= 3) {
            Some(place) => groups[place] == own && (own.is_some() || place == at) && expects(at),
            None => groups[near] == own && (own.is_some() || near == at),
        }
    };
    let mut found = Found { references: Vec::new(), notes: Vec::new() };
    for cited in sorted.cited.iter().filter(|cited| !cited.chapter.is_empty() && belongs(&cited.chapter, cited.row)) {
        let mut reference = reference(cited);
        // The same requirement stands in two columns, the number perhaps in one of them.
        let twin = |other: &&Cited| other.entry == cited.entry && cited.entry.is_some() && other.item.is_some();
        if let Some(numbered) = sorted.cited.iter().find(twin) {
            reference.item = numbered.item.map(|item| item.to_string());
        }
        if reference.item.is_none() {
            let reads_like = cited.entry.map(|at| known.cited[at].id.as_str()).unwrap_or("不明");
            found
                .notes
                .push(format!("{}の番号が印字から失われています。文の内容は{reads_like}に近いものです", cited.chapter));
        }
        found.references.push(reference);
    }
    for (chapter, _, row) in &sorted.chapters {
        let known_already = found.references.iter().any(|reference| reference.section == *chapter);
        if !known_already && belongs(chapter, *row) {
            let reference = Reference { section: chapter.clone(), class: None, item: None, condition: None };
            found.notes.push(format!("{chapter}の番号が読み取れません"));
            found.references.push(reference);
        }
    }
    found.references.sort();
    found.references.dedup();
    found.notes.sort();
    found.notes.dedup();
    found
}

fn in_chapter(id: &str, chapter: &str) -> bool {
    id.strip_prefix(chapter).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn item(row: &Row, above: Option<&Row>, found: &Found, known: &Known, problems: &mut Vec<Problem>) -> Item {
    let control = row.known.map(|at| &known.controls[at]);
    let id = control.map_or_else(|| format!("?{}-{}", circled(row.minor), row.branch), |control| control.id.clone());
    let mut repairs = vec!["列が混ざった頁から、文の内容で列を分けて組み直しました".to_owned()];
    let mut doubts = row.doubts.clone();
    doubts.extend(found.notes.iter().cloned());
    let mut confidence = if row.doubts.is_empty() { MIXED } else { 60 };
    match control {
        Some(control) => {
            let of_text = control.wording.doubts(&row.text);
            if !of_text.is_empty() {
                confidence = confidence.min(50);
            }
            doubts.extend(of_text.into_iter().map(str::to_owned));
        }
        None => {
            confidence = 10;
            doubts.push("大項目と小項目を決められません".into());
        }
    }
    if row.text.is_empty() {
        confidence = confidence.min(20);
        doubts.push("本文が読み取れません".into());
    } else if !row.text.ends_with('。') {
        confidence = confidence.min(50);
        doubts.push("本文の終わりが句点でなく、途中で切れているおそれがあります".into());
    }
    if found.references.is_empty() || found.references.iter().any(|reference| reference.item.is_none()) {
        confidence = confidence.min(60);
    }
    if found.references.is_empty() {
        doubts.push("要求事項が読み取れません".into());
    }
    let scenario = scenario(row, above, control, known, &mut repairs);
    if scenario.is_none() {
        confidence = confidence.min(60);
        doubts.push("シナリオが読み取れず、引き継ぐ行もありません".into());
    }
    let mark = row.mark.unwrap_or(Mark::Unknown);
    let mut tell = |kind, message: &str| {
        problems.push(Problem { kind, line: Some(row.line), item: Some(id.clone()), message: message.to_owned() });
    };
    if mark == Mark::Unknown {
        tell(ProblemKind::Missing, "区分の印（◎・○）が読み取れません。「不明」としました");
    }
    doubts.iter().for_each(|doubt| tell(ProblemKind::Doubtful, doubt));
    let titles = control
        .map(|control| vec![control.viewpoint.to_owned(), control.middle_title.clone(), control.minor_title.clone()]);
    Item {
        id,
        titles: titles.unwrap_or_default(),
        text: row.text.clone(),
        kubun: mark,
        scenario,
        mhlw: found.references.clone(),
        confidence: Confidence::percent(confidence),
        repairs,
        line: row.line,
        rule: None,
    }
}

/// The number of the scenario printed in the row or above it in its group.
fn scenario(
    row: &Row,
    above: Option<&Row>,
    control: Option<&Control>,
    known: &Known,
    repairs: &mut Vec<String>,
) -> Option<String> {
    let printed = above?;
    if !std::ptr::eq(printed, row) {
        repairs.push(format!("シナリオは同じ小項目の上の行（{}行目）から引き継ぎました", printed.line));
    }
    let pairs = Pairs::of(&printed.scenario);
    let expected = control.and_then(|control| control.scenario.clone());
    let likest =
        known.scenarios.iter().map(|(id, own)| (pairs.likeness(own), id)).max_by(|a, b| a.0.total_cmp(&b.0))?;
    let id = Some(likest.1.clone()).filter(|_| likest.0 >= 0.3);
    match id {
        Some(id) if expected.is_none() || expected.as_ref() == Some(&id) => Some(id),
        _ => {
            repairs.push("シナリオの番号を決められないため、文のまま示しました".into());
            Some(printed.scenario.clone())
        }
    }
}
