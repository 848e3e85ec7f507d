//! A comparison as the page shows it.

use shirube_documents::content::{Cell, Mark, Table};
use shirube_documents::deliverable::selection_tables;
use shirube_safety::selection::Selection;

use super::input::Input;

/// What the page shows of a selection.
pub struct Compared {
    pub title: String,
    pub source: String,
    pub missing: TableView,
    /// The parts of the comparison, each with its heading.
    pub parts: Vec<(String, TableView)>,
    pub candidates: Vec<Asked>,
    /// Whether there is a day to hold certificates against.
    pub is_dated: bool,
    /// Certificates whose day is over.
    pub expired: Vec<String>,
    pub findings: Vec<FindingView>,
}

/// A table whose columns have names.
pub struct TableView {
    pub head: Vec<String>,
    pub rows: Vec<Vec<CellView>>,
}

pub struct CellView {
    /// Name of its column, which stands beside it on a narrow screen.
    pub label: String,
    /// That it is missing or contradicts itself, and whether it is the latter.
    pub mark: Option<(String, bool)>,
    pub text: String,
}

/// A candidate and what to ask it.
pub struct Asked {
    pub name: String,
    pub count: usize,
    /// One line for each question, to be copied.
    pub text: String,
}

pub struct FindingView {
    pub term: &'static str,
    /// Line of the file that people wrote; empty without one.
    pub place: String,
    pub message: String,
    /// What to write in that file; empty without one.
    pub advice: String,
}

/// Lays what was read side by side, as the page shows it.
pub fn compared(input: &Input) -> Compared {
    let selection = Selection::new(&input.file, &input.data);
    let names: Vec<&str> = selection.candidates.iter().map(|candidate| candidate.entry.name.as_str()).collect();
    let (missing, comparison) = selection_tables(&selection);
    let (expired, others): (Vec<_>, Vec<_>) =
        selection.findings.iter().partition(|finding| finding.rule == "certification-expired");
    Compared {
        title: input.file.selection.title.trim().to_owned(),
        source: input.source.clone(),
        missing: missing_view(missing),
        parts: parts(comparison, &names),
        candidates: asked(&selection),
        is_dated: input.file.selection.on.is_some(),
        expired: expired.into_iter().map(|finding| finding.message.clone()).collect(),
        findings: others.into_iter().map(|finding| finding_view(finding, input)).collect(),
    }
}

fn head(table: &mut Table) -> Vec<String> {
    std::mem::take(&mut table.head).into_iter().flatten().map(|cell| cell.text).collect()
}

/// In a list of what is missing, all of the cell is marked.
fn missing_view(mut table: Table) -> TableView {
    let head = head(&mut table);
    let cell = |(label, cell): (&String, Cell)| match cell.mark {
        Mark::None => CellView { label: label.clone(), mark: None, text: cell.text },
        _ => CellView { label: label.clone(), mark: Some((cell.text, false)), text: String::new() },
    };
    let rows = table.rows.into_iter().map(|row| head.iter().zip(row).map(cell).collect());
    TableView { rows: rows.collect(), head }
}

/// A table for each part. On a narrow screen the name of the candidate stands beside what it says.
fn parts(mut table: Table, names: &[&str]) -> Vec<(String, TableView)> {
    let head = head(&mut table);
    let labels: Vec<&str> = std::iter::once(head[0].as_str()).chain(names.iter().copied()).collect();
    let mut parts: Vec<(String, TableView)> = Vec::new();
    for row in table.rows {
        match (row.as_slice(), parts.last_mut()) {
            ([only], _) if only.mark == Mark::Group => {
                parts.push((only.text.clone(), TableView { head: head.clone(), rows: Vec::new() }));
            }
            (_, Some((_, part))) => {
                part.rows.push(labels.iter().zip(row).map(|(label, cell)| cell_view(label, cell)).collect());
            }
            (_, None) => {}
        }
    }
    parts
}

/// The first line of a cell that is missing says so.
fn cell_view(label: &str, cell: Cell) -> CellView {
    let label = label.to_owned();
    if cell.mark == Mark::None {
        return CellView { label, mark: None, text: cell.text };
    }
    let (state, rest) = cell.text.split_once('\n').unwrap_or((&cell.text, ""));
    CellView { label, mark: Some((state.to_owned(), cell.mark == Mark::Finding)), text: rest.to_owned() }
}

fn asked(selection: &Selection) -> Vec<Asked> {
    let one = |candidate: &shirube_safety::selection::Candidate| Asked {
        name: candidate.entry.name.clone(),
        count: candidate.questions.len(),
        text: candidate.questions.iter().map(|question| format!("・{question}\n")).collect(),
    };
    selection.candidates.iter().map(one).collect()
}

/// Places and advice speak of the file that people wrote.
fn finding_view(finding: &shirube_safety::Finding, input: &Input) -> FindingView {
    let place = input.written.as_ref().map(|(name, read)| {
        let (line, _) = read.position(&finding.place.pointer);
        format!("{name} {line}行目")
    });
    FindingView {
        term: finding.severity.term(),
        advice: place.as_ref().map(|_| finding.advice.clone()).unwrap_or_default(),
        place: place.unwrap_or_default(),
        message: finding.message.clone(),
    }
}
