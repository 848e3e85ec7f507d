//! Controls of the service's own in the 対策項目対応表: a section that cannot be taken for the guideline's (CATALOG-023).

use shirube_catalog::Standing;
use shirube_safety::Service;
use shirube_safety::conformity::OwnAnswered;
use shirube_safety::risk::Release;

use super::common::{day, signed_because};
use super::conformity::{answered_columns, answered_head, evidence_text, how_text, status_cell};
use super::printed;
use crate::content::{Align, Block, Cell, DataSheet, Document, Mark, Table, Value};

const TITLE: &str = "独自の対策項目";

/// Adds the section; nothing where there are none.
pub(super) fn add(service: &Service, document: &mut Document) {
    let own = &service.answers.conformity.own;
    if own.is_empty() {
        return;
    }
    document.summary.push((TITLE.to_owned(), format!("{}件（別紙2の件数に含めない）", own.len())));
    document.blocks.push(Block::Heading {
        level: 1, text: format!("{TITLE}（ガイドラインの項目ではありません）")
    });
    document.blocks.push(Block::Paragraph(
        "自社が別紙2の対策項目に加えて設けた項目です。番号は「OWN-」で始まります。作った人とは別の人が承認するまでは案です。"
            .to_owned(),
    ));
    document.blocks.push(Block::Table(table(service, own)));
    document.data.push(data(service, own));
}

fn table(service: &Service, own: &[OwnAnswered]) -> Table {
    Table {
        caption: TITLE.to_owned(),
        columns: answered_columns(&[(1.8, Align::Left), (4.8, Align::Left), (3.0, Align::Left), (2.6, Align::Left)]),
        head: answered_head(&["番号", "求めること", "リスクシナリオ・関係する項目", "版・作成・承認"]),
        rows: own.iter().map(|one| row(service, one)).collect(),
    }
}

fn row(service: &Service, own: &OwnAnswered) -> Vec<Cell> {
    let control = own.control;
    let answer = own.answer;
    let decided = answer.is_some_and(|answer| answer.decided.is_some()) && own.standing == Standing::InForce;
    let seen = match own.answered_text() {
        Some((seen, Some(text))) => format!("\n第{seen}版（「{text}」）への答え"),
        Some((seen, None)) => format!("\n第{seen}版への答え（文は残っていない）"),
        None => String::new(),
    };
    let standing = Cell::new(release_text(service, own));
    vec![
        Cell::new(format!("{}\n{}", control.id, control.viewpoint.term())),
        Cell::new(control.text.clone()),
        Cell::new(scenario_texts(service, own).join("\n")),
        if own.standing == Standing::InForce { standing } else { standing.mark(Mark::Proposed) },
        status_cell(own.status(), decided),
        Cell::new(answer.map_or_else(String::new, |answer| format!("{}{seen}", how_text(service, answer)))),
        Cell::new(answer.map_or_else(String::new, |answer| evidence_text(service, answer))),
    ]
}

/// Scenarios with their words, and the items of guidelines that the author names.
fn scenario_texts(service: &Service, own: &OwnAnswered) -> Vec<String> {
    let provider = &service.assessment.library.provider;
    let of = |id: &String| {
        let guideline = provider.scenario(id).map(|scenario| scenario.text.as_str());
        let added = service.files.assessment.scenarios.iter().find(|scenario| scenario.id == *id);
        let text = guideline.or(added.map(|scenario| scenario.text.as_str())).unwrap_or_default();
        format!("{id} {text}")
    };
    own.control.scenarios.iter().map(of).chain(own.control.requirements.iter().cloned()).collect()
}

fn release_text(service: &Service, own: &OwnAnswered) -> String {
    let dates = service.files.service.document.dates();
    let mut lines = vec![format!("第{}版 {}", own.control.revision, own.standing.term())];
    if let Some(Release { prepared_by, approved_by, approved_on, effective_from, reason }) = &own.control.release {
        lines.push(format!("作成: {prepared_by}"));
        if let Some(by) = approved_by {
            let on = approved_on.map(|on| format!(" {}", printed(on, dates))).unwrap_or_default();
            lines.push(format!("承認: {by}{on}"));
        }
        lines.extend(effective_from.map(|from| format!("{}から", printed(from, dates))));
        lines.push(format!("理由: {reason}"));
    }
    lines.join("\n")
}

fn data(service: &Service, own: &[OwnAnswered]) -> DataSheet {
    let heading = [
        "番号",
        "観点",
        "求めること",
        "版",
        "承認の状態",
        "作成者",
        "承認者",
        "承認日",
        "適用開始日",
        "シナリオ",
        "関係する項目",
        "状況",
        "どのように満たすか",
        "理由",
        "予定日",
        "根拠",
        "担当",
        "見た版",
        "決定",
    ];
    let row = |own: &OwnAnswered| -> Vec<Value> {
        let (control, answer) = (own.control, own.answer);
        let release = control.release.as_ref();
        let text = |of: fn(&shirube_safety::conformity::ControlAnswer) -> String| -> Value {
            answer.map(of).unwrap_or_default().into()
        };
        vec![
            control.id.as_str().into(),
            control.viewpoint.term().into(),
            control.text.as_str().into(),
            control.revision.to_string().into(),
            own.standing.term().into(),
            release.map(|release| release.prepared_by.clone()).unwrap_or_default().into(),
            release.and_then(|release| release.approved_by.clone()).unwrap_or_default().into(),
            day(release.and_then(|release| release.approved_on)),
            day(release.and_then(|release| release.effective_from)),
            control.scenarios.join(" ").into(),
            control.requirements.join(" ").into(),
            own.status().term().into(),
            text(|answer| answer.how.clone()),
            text(|answer| answer.reason.clone()),
            day(answer.and_then(|answer| answer.due)),
            text(|answer| answer.evidence.join("、")),
            text(|answer| answer.owner.clone()),
            text(|answer| answer.revision.map(|seen| seen.to_string()).unwrap_or_default()),
            answer
                .and_then(|answer| answer.decided.as_ref())
                .map(|signed| signed_because(service, signed))
                .unwrap_or_default()
                .into(),
        ]
    };
    DataSheet {
        name: format!("{TITLE}（データ）"),
        columns: heading.map(str::to_owned).to_vec(),
        rows: own.iter().map(row).collect(),
    }
}
