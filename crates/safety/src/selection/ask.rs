//! 尋ねること: what is missing of one candidate, as polite sentences to send.

use super::side::{CellState, Criterion, Group, Row};
use super::{DataPlace, DisclosureData, SelectionFile, Verdict};
use crate::model::Date;

/// The sentences for the candidate at one place. What is asked with the same words is asked at once.
pub(super) fn questions(
    file: &SelectionFile,
    rows: &[Row],
    candidate: usize,
    data: Option<&DisclosureData>,
) -> Vec<String> {
    let mut asked: Vec<String> =
        Group::ITEMS.into_iter().filter_map(|group| documents(rows, candidate, group)).collect();
    asked.extend(conditions(rows, candidate));
    asked.extend(under_secrecy(rows, candidate));
    asked.extend(rows.iter().filter_map(|row| of_row(row, candidate)));
    asked.extend(terms(rows, candidate));
    asked.extend(data.into_iter().flat_map(|data| about_data(data, file.selection.on)));
    asked
}

/// The lines of which a candidate is in one of some states, as one names them to it.
fn named(rows: &[Row], candidate: usize, wanted: impl Fn(&Row, CellState) -> bool) -> Option<String> {
    let names: Vec<String> =
        rows.iter().filter(|row| wanted(row, row.cells[candidate].state)).map(to_provider).collect();
    (!names.is_empty()).then(|| names.join("、"))
}

/// How one names a line to a provider, who does not know our short names.
fn to_provider(row: &Row) -> String {
    match row.criterion {
        Criterion::Question(_) => format!("お尋ねした「{}」", row.title.trim().trim_end_matches('。')),
        _ => row.name(),
    }
}

fn is_unanswered(state: CellState) -> bool {
    matches!(state, CellState::Nothing | CellState::NotAsked)
}

/// Documents for items of table 4-1.
fn documents(rows: &[Row], candidate: usize, group: Group) -> Option<String> {
    let names = named(rows, candidate, |row, state| row.group == group && is_unanswered(state))?;
    let of = if group == Group::Criteria {
        "選定の際に少なくとも確かめる次の項目"
    } else {
        "ガイドラインの表4-1の次の項目"
    };
    Some(format!("{of}について、示していただける資料の名前と、開示の方法・条件・範囲をお知らせください: {names}。"))
}

fn conditions(rows: &[Row], candidate: usize) -> Option<String> {
    let names = named(rows, candidate, |_, state| state == CellState::Undecided)?;
    Some(format!("次のものについて、秘密保持契約が要るかどうかと、開示の方法・条件・範囲をお知らせください: {names}。"))
}

/// What is asked of one line alone.
fn of_row(row: &Row, candidate: usize) -> Option<String> {
    let cell = &row.cells[candidate];
    let name = to_provider(row);
    match (cell.state, row.criterion, &cell.differs) {
        (CellState::Conflict, _, Some(differs)) => {
            Some(format!("{name}について、{differs}どちらが今の状況か、お知らせください。"))
        }
        (CellState::Shown, _, Some(differs)) => {
            Some(format!("{name}について、{differs}今の資料がどれか、お知らせください。"))
        }
        (CellState::Shown, _, None) => further(row, candidate),
        (state, Criterion::Question(_), _) if is_unanswered(state) => Some(row.title.trim().to_owned()),
        (state, Criterion::Topic(topic), _) if is_unanswered(state) && row.group != Group::Terms => {
            Some(topic.question())
        }
        _ => None,
    }
}

/// Something was shown, and a person judged that it does not do.
fn further(row: &Row, candidate: usize) -> Option<String> {
    let (verdict, reason) = row.cells[candidate].verdict?;
    let (name, reason) = (to_provider(row), reason.trim_end_matches('。'));
    match verdict {
        Verdict::Enough => None,
        Verdict::NotEnough => {
            Some(format!("{name}について、次の点が足りないと考えています（{reason}）。補う資料をお示しください。"))
        }
        Verdict::Unclear => {
            Some(format!("{name}について、判断できない点があります（{reason}）。詳しくお知らせください。"))
        }
    }
}

fn under_secrecy(rows: &[Row], candidate: usize) -> Option<String> {
    let names = named(rows, candidate, |_, state| state == CellState::Nda)?;
    Some(format!("次のものは、秘密保持契約を結んだうえで内容を確かめたいので、手続をお知らせください: {names}。"))
}

fn terms(rows: &[Row], candidate: usize) -> Option<String> {
    let of_terms = rows.iter().filter(|row| row.group == Group::Terms);
    let open: Vec<&str> =
        of_terms.filter(|row| is_unanswered(row.cells[candidate].state)).map(|row| row.title).collect();
    (!open.is_empty()).then(|| format!("サービスの約束のうち、次のものをお知らせください: {}。", open.join("、")))
}

/// What follows from the data as a whole.
fn about_data(data: &DisclosureData, on: Option<Date>) -> Vec<String> {
    let mut asked = Vec::new();
    let expired = data.certifications.iter().filter(|held| held.expires_on.zip(on).is_some_and(|(end, on)| end < on));
    asked.extend(
        expired
            .map(|held| format!("「{}」は、有効期限が過ぎています。更新の状況をお知らせください。", held.name.trim())),
    );
    asked.extend(data.places.iter().filter_map(|place| {
        let law = place.abroad()?;
        Some(format!(
            "情報を置く場所「{}」（{law}）に、日本の法の執行が及ぶかどうかと、その根拠をお知らせください。",
            place.shown_name()
        ))
    }));
    let unplaced: Vec<&str> =
        data.places.iter().filter(|place| place.country.is_empty()).map(DataPlace::shown_name).collect();
    if !unplaced.is_empty() {
        asked.push(format!(
            "情報を置く場所のうち、国の書かれていないもの（{}）について、国と、適用される法をお知らせください。",
            unplaced.join("、")
        ));
    }
    if data.document.draft {
        asked.push(
            "いただいた開示データは「案」をもとにしています。決まった内容をいつお示しいただけるか、お知らせください。"
                .to_owned(),
        );
    }
    asked
}
