//! 付表 with its rows kept: a sheet, a CSV file, text with tabs.

use super::{Draft, Found, dense, is_heading};
use crate::fold::{self, Pairs};
use crate::known::Entry;
use crate::lines::{Cell, Ledger, Line};

/// Columns by what they hold.
#[derive(Debug, Clone, Copy)]
struct Columns {
    chapter: Option<usize>,
    title: usize,
    target: Option<usize>,
    technical: Option<usize>,
    operational: Option<usize>,
    sample: Option<usize>,
}

/// Reads the rows; `None` if no line holds the headings side by side.
pub fn read(lines: &[Line], known: &[&Entry], ledger: &mut Ledger) -> Option<Found> {
    let mut columns: Option<Columns> = None;
    let mut chapter = String::new();
    let mut found = Found::default();
    for line in lines.iter().filter(|line| !line.cells.is_empty()) {
        if let Some(named) = heading(line) {
            columns = Some(named);
            ledger.unused(line.number, "表の見出し");
            continue;
        }
        let Some(columns) = columns else {
            ledger.unused(line.number, "表より前の本文");
            continue;
        };
        let at = |column: Option<usize>| {
            column
                .and_then(|column| line.cells.iter().find(|cell| cell.column == Some(column)))
                .map(|cell| cell.text.clone())
        };
        ledger.used(line.number);
        // The cell of 運用管理項目 is merged over its rows.
        let printed = at(columns.chapter);
        let inherited = printed.is_none() && !chapter.is_empty();
        chapter = printed.unwrap_or(chapter);
        let mut draft = Draft {
            chapter: chapter.clone(),
            title: at(Some(columns.title)).unwrap_or_default(),
            line: line.number,
            ..Draft::default()
        };
        draft.rule.target = at(columns.target).unwrap_or_default();
        draft.rule.technical = at(columns.technical).unwrap_or_default();
        draft.rule.operational = at(columns.operational).unwrap_or_default();
        draft.rule.sample = at(columns.sample).unwrap_or_default();
        if draft.title.is_empty() {
            go_on(&mut found, draft);
            continue;
        }
        if inherited {
            draft.repairs.push("運用管理項目は上の行から引き継ぎました".into());
        }
        place(&mut draft, known);
        found.drafts.push(draft);
    }
    columns.is_some().then_some(found)
}

fn heading(line: &Line) -> Option<Columns> {
    let column =
        |name: &str| line.cells.iter().find(|cell: &&Cell| dense(&cell.plain) == name).and_then(|cell| cell.column);
    if line.cells.iter().filter(|cell| is_heading(&cell.plain)).count() < 3 {
        return None;
    }
    Some(Columns {
        chapter: column("運用管理項目"),
        title: column("実施項目")?,
        target: column("対象"),
        technical: column("技術的対策"),
        operational: column("運用的対策"),
        sample: column("運用管理規程文例"),
    })
}

/// A row without a title goes on with the row above it.
fn go_on(found: &mut Found, rest: Draft) {
    let Some(draft) = found.drafts.last_mut() else {
        let texts = [rest.rule.target, rest.rule.technical, rest.rule.operational, rest.rule.sample];
        found.unplaced.extend(texts.into_iter().filter(|text| !text.is_empty()).map(|text| (rest.line, text)));
        return;
    };
    let pairs = [
        (&mut draft.rule.technical, rest.rule.technical),
        (&mut draft.rule.operational, rest.rule.operational),
        (&mut draft.rule.sample, rest.rule.sample),
    ];
    for (into, text) in pairs {
        fold::join(into, &text);
    }
    if !rest.rule.target.is_empty() {
        draft.doubts.push("題のない行に対象があり、別の項目が混じっているおそれがあります".into());
        draft.confidence = draft.confidence.min(50);
    }
    draft.repairs.push(format!("題のない{}行目を、上の行の続きとして読みました", rest.line));
}

/// The known item with this title; where titles repeat, the one of the same chapter.
fn place(draft: &mut Draft, known: &[&Entry]) {
    let key = fold::key(&draft.title);
    let chapter = fold::key(draft.chapter.trim_start_matches(|c| ('①'..='⑳').contains(&c)));
    let same: Vec<usize> = (0..known.len()).filter(|at| fold::key(&known[*at].title) == key).collect();
    let in_chapter = same.iter().find(|at| !chapter.is_empty() && fold::key(&known[**at].chapter_title) == chapter);
    (draft.known, draft.confidence) = match (in_chapter, same.as_slice()) {
        (Some(at), _) => (Some(*at), 95),
        (None, [only]) => (Some(*only), 80),
        _ => {
            let pairs = Pairs::of(&draft.title);
            let score = |at: &usize| pairs.likeness(&Pairs::of(&known[*at].title));
            let best = (0..known.len()).max_by(|a, b| score(a).total_cmp(&score(b))).filter(|at| score(at) >= 0.6);
            if best.is_some() {
                draft.repairs.push("題が目録と少し違いますが、最も近い項目としました".into());
            }
            (best, 60)
        }
    };
}
