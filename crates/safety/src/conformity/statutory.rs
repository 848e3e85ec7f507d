//! Chapter 6: which answer each line has, also where a section or the place of storage settles it (INST-004).

use shirube_catalog::{Library, StatutoryItem, StatutoryRow, Storage};

use super::answer::{ConformityFile, ControlStatus, StatutoryAnswer, StoragePlace};
use crate::finding::{Findings, Severity};

/// A section or line of chapter 6 with its answer.
#[derive(Debug, Clone, Copy)]
pub struct StatutoryState<'a> {
    pub item: &'static StatutoryItem,
    /// `None` for the section as a whole.
    pub row: Option<&'static StatutoryRow>,
    /// The answer to this very line.
    pub answer: Option<&'a StatutoryAnswer>,
    /// What settles a line nobody has answered itself.
    pub verdict: Option<Verdict<'a>>,
}

/// Why a line without an answer of its own does not apply.
#[derive(Debug, Clone, Copy)]
pub enum Verdict<'a> {
    /// Its section does not.
    Section(&'a StatutoryAnswer),
    /// Nothing is kept at the place it is about; the reason given for that.
    Storage(&'a str),
}

impl Verdict<'_> {
    /// As printed in the place of an explanation.
    pub fn text(&self) -> String {
        match self {
            Self::Section(answer) => format!("節の答えによる: {}", answer.reason),
            Self::Storage(reason) => format!("保存しない場所の行である: {reason}"),
        }
    }
}

impl StatutoryState<'_> {
    pub fn status(&self) -> ControlStatus {
        match (self.answer, self.verdict) {
            (Some(answer), _) => answer.status,
            (None, Some(_)) => ControlStatus::NotApplicable,
            (None, None) => ControlStatus::Unanswered,
        }
    }

    /// Whether the line may stay without an answer.
    pub fn is_optional(&self) -> bool {
        self.row.is_some_and(|row| row.optional)
    }

    /// Whether a person stands behind the status.
    pub fn is_decided(&self) -> bool {
        match (self.answer, self.verdict) {
            (Some(answer), _) => answer.decided.is_some(),
            (None, Some(Verdict::Section(section))) => section.decided.is_some(),
            (None, Some(Verdict::Storage(_))) => true,
            (None, None) => false,
        }
    }
}

/// Whether an answer is meant for a line, named by its id or by its title and place.
fn fits(answer: &StatutoryAnswer, item: &StatutoryItem, row: Option<&StatutoryRow>) -> bool {
    answer.item == item.id
        && match (row, answer.row.as_deref().map(str::trim)) {
            (None, None) => true,
            (Some(row), Some(name)) => {
                name == row.id
                    || name == row.item && answer.place.as_deref().is_none_or(|place| place == row.storage.term())
            }
            _ => false,
        }
}

/// How messages name what an answer is about: the id of the line, or what the author wrote.
pub(super) fn label(answer: &StatutoryAnswer, library: &'static Library) -> String {
    let item = library.provider.statutory_item(&answer.item);
    let row = item.and_then(|item| item.rows.iter().find(|row| fits(answer, item, Some(row))));
    match (row, &answer.row) {
        (Some(row), _) => row.id.clone(),
        (None, Some(name)) => format!("{}の「{name}」", answer.item),
        (None, None) => answer.item.clone(),
    }
}

/// Lays the answers over the lines; an answer that finds no line is named.
pub(super) fn states<'a>(
    file: &'a ConformityFile,
    library: &'static Library,
    at: &mut Findings,
) -> Vec<StatutoryState<'a>> {
    let mut used = vec![false; file.statutory.len()];
    let mut states = Vec::new();
    for item in &library.provider.statutory {
        let mut find = |row: Option<&StatutoryRow>| {
            let found =
                file.statutory.iter().enumerate().position(|(i, answer)| !used[i] && fits(answer, item, row))?;
            used[found] = true;
            Some(&file.statutory[found])
        };
        let section = find(None);
        let excluded = section.filter(|section| section.status == ControlStatus::NotApplicable);
        states.push(StatutoryState { item, row: None, answer: section, verdict: None });
        for row in &item.rows {
            let answer = find(Some(row));
            let verdict = excluded.map(Verdict::Section).or_else(|| elsewhere(file, row).map(Verdict::Storage));
            states.push(StatutoryState { item, row: Some(row), answer, verdict: verdict.filter(|_| answer.is_none()) });
        }
    }
    for (i, answer) in file.statutory.iter().enumerate().filter(|(i, _)| !used[*i]) {
        at.add(
            Severity::Error,
            "statutory-unknown",
            format!("/statutory/{i}"),
            format!("第6章の確認項目{}は一覧にないか、二度書かれています。", label(answer, library)),
            "itemは6.1～6.5、rowは「6.2-a1」のような番号で書いてください。番号は shirube catalog show 6.2 で見られます。",
        );
    }
    states
}

/// The reason why a line about keeping records outside the institution does not apply.
///
/// Lines on the institution itself stay: what they ask is asked of records kept outside as well.
fn elsewhere<'a>(file: &'a ConformityFile, row: &StatutoryRow) -> Option<&'a str> {
    let storage = file.storage.as_ref()?;
    let outside = storage.places.contains(&StoragePlace::OutsideByNetwork);
    (row.storage == Storage::OutsideByNetwork && !outside).then_some(storage.reason.as_str())
}
