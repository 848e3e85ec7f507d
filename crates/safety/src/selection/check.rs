//! What to see to before, and in, a decision. Findings speak of what is missing, never of who is better.

use super::side::{CellState, Group, Row, Selection, is_about};
use super::{SelectionDecision, Topic, Verdict};
use crate::finding::{File, Finding, Findings, Severity};
use crate::text::japanese;

pub(super) fn findings(selection: &Selection) -> Vec<Finding> {
    let mut list = Vec::new();
    let mut at = Findings { file: File::Selection, list: &mut list };
    undated(selection, &mut at);
    for candidate in 0..selection.candidates.len() {
        criteria(selection, candidate, &mut at);
        own_questions(selection, candidate, &mut at);
        differences(selection, candidate, &mut at);
        handed_over(selection, candidate, &mut at);
    }
    editions(selection, &mut at);
    if let Some(decision) = &selection.file.decision {
        decided(selection, decision, &mut at);
    }
    // Stable: of one weight, the order of the candidates.
    list.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    list
}

fn name<'a>(selection: &'a Selection, candidate: usize) -> &'a str {
    selection.candidates[candidate].entry.name.trim()
}

fn names<'r>(rows: impl Iterator<Item = &'r Row<'r>>) -> Vec<String> {
    rows.map(Row::name).collect()
}

fn undated(selection: &Selection, at: &mut Findings) {
    let dates = selection.candidates.iter().filter_map(|candidate| candidate.data);
    let has_dates = dates.flat_map(|data| &data.certifications).any(|held| held.expires_on.is_some());
    if selection.file.selection.on.is_none() && has_dates {
        let message = "比べた日がないため、認証の有効期限が過ぎていないかを確かめていません。";
        at.add(Severity::Note, "selection-undated", "/selection", message, "selectionのonに日付を書いてください。");
    }
}

/// The four that have to be confirmed at least (table 4-1).
fn criteria(selection: &Selection, candidate: usize, at: &mut Findings) {
    let with = |wanted: &dyn Fn(CellState) -> bool| {
        names(selection.of(Group::Criteria).filter(|row| wanted(row.cells[candidate].state)))
    };
    let here = format!("/candidates/{candidate}");
    let who = name(selection, candidate);
    let missing = with(&CellState::is_missing);
    if !missing.is_empty() {
        let message = format!("「{who}」の選定基準のうち、{}が確認できませんでした。", missing.join("、"));
        let advice = "少なくとも確かめる四つの項目（表4-1の1～4番）です。尋ねることの一覧で、資料を求めてください。";
        at.add(Severity::Error, "criterion-missing", &here, message, advice);
    }
    let secret = with(&|state| state == CellState::Nda);
    if !secret.is_empty() {
        let message =
            format!("「{who}」の選定基準のうち、{}は、秘密保持契約を結んだうえで開示されます。", secret.join("、"));
        let advice = "契約を結んで内容を見たら、answersに資料の名前と判断を書いてください。";
        at.add(Severity::Warning, "criterion-secret", &here, message, advice);
    }
}

fn is_open_must(row: &Row, candidate: usize) -> bool {
    row.group == Group::Questions && row.must && row.cells[candidate].state != CellState::Shown
}

fn own_questions(selection: &Selection, candidate: usize, at: &mut Findings) {
    let open = names(selection.of(Group::Questions).filter(|row| is_open_must(row, candidate)));
    if !open.is_empty() {
        let message = format!(
            "「{}」の答えが、必須の問い{}について確認できませんでした。",
            name(selection, candidate),
            open.join("、")
        );
        let advice = "相手に尋ね、answersに答えを書いてください。";
        at.add(Severity::Error, "must-question-missing", format!("/candidates/{candidate}"), message, advice);
    }
}

fn differences(selection: &Selection, candidate: usize, at: &mut Findings) {
    for row in &selection.rows {
        let Some(differs) = &row.cells[candidate].differs else { continue };
        let answers = &selection.candidates[candidate].entry.answers;
        let number = answers.iter().position(|answer| is_about(answer, row.criterion));
        let here = format!("/candidates/{candidate}/answers/{}", number.unwrap_or_default());
        let message = format!("「{}」の{}について、{differs}", name(selection, candidate), row.name());
        let advice = "どちらも残して示します。相手に確かめ、新しい開示データを受け取るか、answersを直してください。";
        at.add(Severity::Warning, "answers-differ", here, message, advice);
    }
}

/// What follows from the data of a candidate as a whole.
fn handed_over(selection: &Selection, candidate: usize, at: &mut Findings) {
    let Some(data) = selection.candidates[candidate].data else { return };
    let (here, who) = (format!("/candidates/{candidate}"), name(selection, candidate));
    let on = selection.file.selection.on;
    for held in &data.certifications {
        if let Some((end, _)) = held.expires_on.zip(on).filter(|(end, on)| end < on) {
            let message = format!(
                "「{who}」の「{}」は、比べた日より前の{}に有効期限が過ぎています。",
                held.name.trim(),
                japanese(end)
            );
            let advice = "更新の状況を確かめてください。";
            at.add(Severity::Warning, "certification-expired", &here, message, advice);
        }
    }
    for place in &data.places {
        if let Some(law) = place.abroad() {
            let message = format!("「{who}」が情報を置く場所「{}」は、{law}に関わります。", place.shown_name());
            let advice = "国内法の執行の及ぶ範囲に置かれるか（6.1）を、相手に確かめてください。";
            at.add(Severity::Warning, "place-abroad", &here, message, advice);
        }
    }
    if data.document.draft {
        let message = format!("「{who}」の開示データは、決まっていないことのある「案」をもとにしています。");
        let advice = "決まった内容を示す開示データを、改めて受け取ってください。";
        at.add(Severity::Note, "data-draft", &here, message, advice);
    }
}

/// Providers that answer to different editions cannot be compared line by line.
fn editions(selection: &Selection, at: &mut Findings) {
    let with_editions = selection.candidates.iter().filter_map(|candidate| {
        let mut editions = candidate.data?.editions.clone();
        editions.sort();
        (!editions.is_empty()).then(|| (candidate.entry.name.trim(), editions.join("、")))
    });
    let said: Vec<(&str, String)> = with_editions.collect();
    if said.windows(2).all(|pair| pair[0].1 == pair[1].1) {
        return;
    }
    let each: Vec<String> = said.iter().map(|(name, editions)| format!("{name}は{editions}")).collect();
    let message = format!("候補が拠りどころとするガイドラインの版が違います（{}）。", each.join("、"));
    let advice = format!(
        "同じ番号の答えでも、求められることが同じとは限りません。「{}」の行を見てください。",
        Topic::Editions.term()
    );
    at.add(Severity::Note, "editions-differ", "/candidates", message, advice);
}

/// A decision rests on people's judgement of what has to be confirmed at least.
fn decided(selection: &Selection, decision: &SelectionDecision, at: &mut Findings) {
    let chosen = selection.candidates.iter().position(|one| one.entry.name.trim() == decision.candidate.trim());
    let Some(chosen) = chosen else { return };
    let who = name(selection, chosen);
    let unjudged = names(selection.of(Group::Criteria).filter(|row| row.cells[chosen].verdict.is_none()));
    if !unjudged.is_empty() {
        let message = format!("「{who}」に決めていますが、選定基準のうち{}の判断がありません。", unjudged.join("、"));
        let advice = "足りるかどうかを人が判断し、answersにjudgementとreasonを書いてください。";
        at.add(Severity::Error, "decision-unjudged", "/decision", message, advice);
    }
    let short = |row: &&Row| row.cells[chosen].verdict.is_some_and(|(verdict, _)| verdict != Verdict::Enough);
    let doubtful = names(selection.of(Group::Criteria).filter(short));
    if !doubtful.is_empty() {
        let message = format!("「{who}」に決めていますが、{}は「足りる」と判断されていません。", doubtful.join("、"));
        let advice = "それでも選ぶ理由と、契約までに何を確かめるかを、決定の理由（reason）に書いてください。";
        at.add(Severity::Warning, "decision-doubtful", "/decision", message, advice);
    }
    let open = names(selection.of(Group::Questions).filter(|row| is_open_must(row, chosen)));
    if !open.is_empty() {
        let message = format!("「{who}」に決めていますが、必須の問い{}の答えがありません。", open.join("、"));
        let advice = "答えを確かめてから決めるか、mustを見直してください。";
        at.add(Severity::Error, "decision-unanswered", "/decision", message, advice);
    }
}
