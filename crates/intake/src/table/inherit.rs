//! What a row takes from the row above it: the requirement and the scenario of merged cells.

use super::assemble::Assembler;
use super::cite;
use super::draft::Draft;
use super::identify::Placed;
use crate::import::Reference;

/// A row with everything it holds or inherits.
#[derive(Debug, Default)]
pub struct Row {
    /// Index of the row whose scenario this is.
    pub scenario: Option<usize>,
    pub references: Vec<Reference>,
    pub confidence: u8,
    pub repairs: Vec<String>,
    pub doubts: Vec<String>,
}

/// Goes through the rows of each 小項目 from top to bottom.
pub fn rows(assembler: &Assembler, placed: &[Placed]) -> Vec<Row> {
    let drafts = &assembler.drafts;
    let mut rows: Vec<Row> = Vec::with_capacity(drafts.len());
    let mut start = 0;
    while start < drafts.len() {
        let same = |at: &usize| {
            placed[*at].major == placed[start].major
                && placed[*at].middle == placed[start].middle
                && drafts[*at].minor == drafts[start].minor
        };
        let end = (start..drafts.len()).take_while(same).count() + start;
        group(assembler, start, end, &mut rows);
        start = end;
    }
    rows
}

/// The requirements that rows below take over.
#[derive(Clone, Default)]
struct Above {
    references: Vec<Reference>,
    /// 該当なし: there is nothing to take over, and that is certain.
    nothing: bool,
    line: usize,
}

fn group(assembler: &Assembler, start: usize, end: usize, rows: &mut Vec<Row>) {
    let drafts = &assembler.drafts;
    let mut above: Option<Above> = None;
    let mut scenario: Option<usize> = None;
    // Whether a row is missing since the last one that had a requirement, or a scenario, of its own.
    let (mut cite_gap, mut scenario_gap) = (false, false);
    let orphaned = (start..end).rev().find(|at| !drafts[*at].orphans.is_empty());
    for at in start..end {
        let draft = &drafts[at];
        let expected = if at == start { 1 } else { drafts[at - 1].branch + 1 };
        let gap = draft.branch != expected;
        (cite_gap, scenario_gap) = (cite_gap || gap, scenario_gap || gap);
        let mut row = Row { confidence: 100, ..Row::default() };
        if !draft.scenario.is_empty() {
            scenario = Some(at);
            scenario_gap = false;
        } else {
            inherit_scenario(&mut row, drafts, scenario, scenario_gap);
        }
        row.scenario = scenario;
        above = cited(assembler, draft, above.take(), cite_gap, &mut row);
        let own = !draft.cites.is_empty() || draft.nothing;
        cite_gap &= !own;
        // A requirement below the last row may belong to any row that has none of its own.
        if orphaned.is_some_and(|last| at <= last && (!own || !draft.orphans.is_empty())) {
            row.doubt(70, "この小項目には別の行に離れた要求事項があり、行の対応が確かではありません");
        }
        rows.push(row);
    }
}

fn inherit_scenario(row: &mut Row, drafts: &[Draft], scenario: Option<usize>, gap: bool) {
    match scenario {
        Some(from) => {
            row.repairs.push(format!("シナリオは同じ小項目の上の行（{}行目）から引き継ぎました", drafts[from].line));
            if gap {
                row.doubt(60, "間の行が欠けているため、引き継いだシナリオは確かではありません");
            }
        }
        None => row.doubt(60, "シナリオが読み取れず、引き継ぐ行もありません"),
    }
}

fn cited(assembler: &Assembler, draft: &Draft, above: Option<Above>, gap: bool, row: &mut Row) -> Option<Above> {
    let read = |indices: &[usize]| -> Vec<Reference> {
        indices.iter().flat_map(|at| cite::references(&assembler.cites[*at])).collect()
    };
    let mut own = read(&draft.cites);
    // 項番 with neither 区分 nor 内容 repeats the section of the merged cell above.
    let bare =
        !own.is_empty() && own.iter().all(|r| r.class.is_none() && r.item.is_none() && !r.section.contains('編'));
    if bare && above.as_ref().is_some_and(|above| above.references.iter().any(|r| r.section == own[0].section)) {
        row.doubt(60, "要求事項の区分と番号が印字されていないため、上の行のものとして読みました");
        own.clear();
    }
    let nothing = draft.nothing && own.is_empty();
    let mut references = own;
    if references.is_empty() && !nothing {
        match &above {
            Some(above) => {
                let what = if above.nothing { "要求事項の「該当なし」" } else { "要求事項" };
                row.repairs.push(format!("{what}は同じ小項目の上の行（{}行目）から引き継ぎました", above.line));
                references.clone_from(&above.references);
                if gap {
                    row.doubt(50, "間の行が欠けているため、引き継いだ要求事項は確かではありません");
                }
            }
            None => row.doubt(60, "要求事項が読み取れず、引き継ぐ行もありません"),
        }
    }
    let inherited_nothing = references.is_empty() && above.as_ref().is_some_and(|above| above.nothing);
    references.extend(read(&draft.orphans));
    if references.iter().any(|reference| reference.item.is_none()) {
        row.doubt(60, "要求事項の番号が読み取れません");
    }
    row.references = references.clone();
    let taken = !draft.cites.is_empty() || !draft.orphans.is_empty() || draft.nothing;
    let line = if taken { draft.line } else { above.as_ref().map_or(draft.line, |above| above.line) };
    if references.is_empty() && !nothing && !inherited_nothing {
        // Nothing to take over from a row whose own requirement cannot be read.
        return above;
    }
    Some(Above { references, nothing: nothing || inherited_nothing, line })
}

impl Row {
    fn doubt(&mut self, confidence: u8, why: &str) {
        self.confidence = self.confidence.min(confidence);
        self.doubts.push(why.to_owned());
    }
}
