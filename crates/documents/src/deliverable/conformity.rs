//! 対策項目対応表: every control of 別紙2 with its answer, then chapter 6 (TREAT-010, INST-001, INST-004).

use std::collections::BTreeMap;

use shirube_catalog::{Certainty, Control, Link, shelf};
use shirube_safety::Service;
use shirube_safety::conformity::{Answered, ControlAnswer, ControlStatus};
use shirube_safety::model::UserKind;

use super::common::{
    columns, day, document, edition_notice, head, risk_numbers, signed_because, signed_values, with_certainty,
};
use super::{Deliverable, clauses, own_controls, printed, statutory};
use crate::content::{Align, Block, Cell, Column, DataSheet, Document, Mark, Page, Table, Value};

pub(super) fn build(service: &Service, source: &str) -> Document {
    let mut document = document(service, Deliverable::Conformity, Page::A3_LANDSCAPE, source);
    let conformity = &service.answers.conformity;
    let counts = conformity.counts();
    let library = service.assessment.library;
    document.summary.push(("対策項目".to_owned(), format!("{}件", conformity.controls.len())));
    for (status, count) in &counts {
        document.summary.push((status.term().to_owned(), format!("{count}件")));
    }
    document.notices.push(edition_notice(service, &library.provider.edition));
    document.notices.push(edition_notice(service, &library.institution.edition));
    document.notices.push(
        "この表は、答えと根拠と合意の内容を示すもので、ガイドラインへの適合を証明するものではありません。".to_owned(),
    );
    document.notices.push(
        "別紙2にいう「利用者」は、医療機関等の利用者のほか、運用・開発に当たる者と管理者を含みます。指す人を限った項目には「利用者」の行で示します。"
            .to_owned(),
    );
    let later = later_requirements(service);
    if later.is_some() {
        document.notices.extend(shelf().catalog(LATER).map(|catalog| edition_notice(service, &catalog.edition)));
        document.notices.push(
            "厚労省6.0版の要求との対応には推定を含み、推定した行にはそう書いています。公表された対応表ではありません。"
                .to_owned(),
        );
    }
    for group in conformity.controls.chunk_by(|a, b| a.control.id.major == b.control.id.major) {
        document.blocks.push(Block::Heading { level: 1, text: group[0].control.viewpoint().term().to_owned() });
        document.blocks.push(Block::Table(table(service, group, later.as_ref())));
    }
    own_controls::add(service, &mut document);
    statutory::add(service, &mut document);
    clauses::add(service, &mut document);
    document.data.insert(0, data(service));
    document
}

/// The status of an answer; without a decision it is 案.
pub(super) fn status_cell(status: ControlStatus, decided: bool) -> Cell {
    match status {
        ControlStatus::Unanswered => Cell::new("未回答").mark(Mark::Unanswered),
        _ if !decided => Cell::new(format!("{}\n案", status.term())).mark(Mark::Proposed),
        _ => Cell::new(status.term()),
    }
}

/// The institutions' edition beside the one that 別紙2 itself cites.
const LATER: &str = "mhlw-6.0";

/// What a later edition of the institutions' guideline asks, by control.
type Later = BTreeMap<String, Vec<String>>;

/// `None` unless the service names the edition among those in force.
fn later_requirements(service: &Service) -> Option<Later> {
    service.files.service.editions.iter().find(|edition| *edition == LATER)?;
    let mut later = Later::new();
    for mapped in shelf().crosswalk("pg-1.0", LATER)? {
        let doubt = if mapped.certainty == Certainty::Derived { "（推定）" } else { "" };
        later.entry(mapped.source).or_default().push(format!("{}{doubt}", mapped.target));
    }
    Some(later)
}

/// Rows grouped like the original: 大項目, 小項目, control.
fn table(service: &Service, controls: &[Answered], later: Option<&Later>) -> Table {
    let width = 9 + usize::from(later.is_some());
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for of_middle in controls.chunk_by(|a, b| a.control.middle == b.control.middle) {
        let first = of_middle[0].control;
        rows.push(vec![Cell::new(format!("{} {}", first.middle, first.middle_title)).cols(width).mark(Mark::Group)]);
        for of_minor in of_middle.chunk_by(|a, b| a.control.id.minor == b.control.id.minor) {
            for (at, answered) in of_minor.iter().enumerate() {
                let mut row = Vec::with_capacity(width);
                if at == 0 {
                    let control = answered.control;
                    let title = format!("{} {}", control.id.minor_item(), control.minor_title);
                    row.push(
                        Cell::new(title).rows(of_minor.len()).again(format!("{}\n（続き）", control.id.minor_item())),
                    );
                }
                row.extend(control_cells(service, answered, later));
                rows.push(row);
            }
        }
    }
    let mut asked = vec![
        (1.5, Align::Left, "小項目"),
        (1.1, Align::Center, "番号"),
        (4.8, Align::Left, "求められること（要旨）"),
        (0.7, Align::Center, "区分"),
        (2.3, Align::Left, "リスクシナリオ例（要旨）"),
        (1.4, Align::Left, "厚労省5版の要求"),
    ];
    asked.extend(later.map(|_| (2.0, Align::Left, "厚労省6.0版の要求")));
    let widths: Vec<(f64, Align)> = asked.iter().map(|&(width, align, _)| (width, align)).collect();
    let titles: Vec<&str> = asked.iter().map(|&(.., title)| title).collect();
    Table {
        caption: controls[0].control.viewpoint().term().to_owned(),
        columns: answered_columns(&widths),
        head: answered_head(&titles),
        rows,
    }
}

/// Columns of a table of controls: what is asked, then the three of the answer.
pub(super) fn answered_columns(asked: &[(f64, Align)]) -> Vec<Column> {
    columns(&[asked, &[(1.2, Align::Center), (4.4, Align::Left), (3.6, Align::Left)]].concat())
}

/// The heading over [`answered_columns`].
pub(super) fn answered_head(asked: &[&str]) -> Vec<Vec<Cell>> {
    head(&[asked, &["状況", "どのように満たすか・理由・予定", "根拠・担当・決定"]].concat())
}

fn control_cells(service: &Service, answered: &Answered, later: Option<&Later>) -> Vec<Cell> {
    let control = answered.control;
    let provider = &service.assessment.library.provider;
    let scenario = control.scenario.as_deref().and_then(|id| provider.scenario(id));
    let scenario = match scenario {
        None => "（記載なし）".to_owned(),
        Some(scenario) => {
            let doubt = if control.scenario_certain { "" } else { "（対応は不確か）" };
            format!("{}{doubt}", with_certainty(&scenario.text, scenario.certainty))
        }
    };
    let mut cells = vec![
        Cell::new(control.id.to_string()),
        Cell::new(control.text.clone()),
        Cell::new(control.kubun.mark()),
        Cell::new(scenario),
        Cell::new(requirements_text(control)),
    ];
    cells.extend(later.map(|later| {
        let found = later.get(&control.id.to_string());
        Cell::new(found.map_or_else(|| "対応は不明".to_owned(), |ids| ids.join("\n")))
    }));
    cells.extend([
        status_cell(answered.status(), answered.answer.is_some_and(|answer| answer.decided.is_some())),
        Cell::new(answered.answer.map_or_else(String::new, |answer| how_text(service, answer))),
        Cell::new(answered.answer.map_or_else(String::new, |answer| evidence_text(service, answer))),
    ]);
    cells
}

fn requirements_text(control: &Control) -> String {
    let short = |id: &String| id.split('[').next().unwrap_or(id).to_owned();
    let ids: Vec<String> = control.requirements.iter().map(short).collect();
    match control.link {
        Link::Row => ids.join("\n"),
        Link::Group => format!("{}\n（行は不確か）", ids.join("\n")),
        Link::Unreadable | Link::None => control.link.term().to_owned(),
    }
}

/// What is done, with everything that limits it.
pub(super) fn how_text(service: &Service, answer: &ControlAnswer) -> String {
    let dates = service.files.service.document.dates();
    let due = answer.due.map(|due| printed(due, dates));
    let parts = [
        ("", answer.how.as_str()),
        ("理由: ", answer.reason.as_str()),
        ("予定: ", due.as_deref().unwrap_or_default()),
        ("範囲: ", answer.scope.as_str()),
        ("例外: ", answer.exceptions.as_str()),
        ("利用者: ", &users_text(service, answer)),
        ("合意する内容: ", answer.agreement.as_str()),
    ];
    let lines = parts.iter().filter(|(_, text)| !text.trim().is_empty()).map(|(label, text)| format!("{label}{text}"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Whom 利用者 means in an answer, where it does not mean everybody (CATALOG-028).
fn users_text(service: &Service, answer: &ControlAnswer) -> String {
    let terms = |users: &[UserKind]| users.iter().map(|user| user.term()).collect::<Vec<_>>().join("、");
    let on_flow = answer.users_by_flow.iter().map(|on_flow| {
        let flows = &service.assessment.flows;
        let number = flows.index(&on_flow.flow).map_or(&on_flow.flow, |at| &flows.list[at].number);
        format!("{number}では{}", terms(&on_flow.users))
    });
    let all = Some(terms(&answer.users)).filter(|text| !text.is_empty());
    all.into_iter().chain(on_flow).collect::<Vec<_>>().join("。")
}

/// What proves it, who is in charge, who decided.
pub(super) fn evidence_text(service: &Service, answer: &ControlAnswer) -> String {
    let mut lines: Vec<String> = answer.evidence.clone();
    let dates = service.files.service.document.dates();
    lines.extend(answer.evidence_on.map(|on| format!("根拠を確かめた日: {}", printed(on, dates))));
    lines.extend(answer.evidence_until.map(|until| format!("根拠の有効期限: {}", printed(until, dates))));
    if !answer.owner.is_empty() {
        lines.push(format!("担当: {}", answer.owner));
    }
    let risks: Vec<usize> = answer.risks.iter().filter_map(|id| service.assessment.risk_index(id)).collect();
    if !risks.is_empty() {
        lines.push(format!("関係するリスク: {}", risk_numbers(&service.assessment, &risks)));
    }
    if let Some(signed) = &answer.decided {
        lines.push(format!("決定: {}", signed_because(service, signed)));
    }
    lines.join("\n")
}

fn data(service: &Service) -> DataSheet {
    let heading = [
        "番号",
        "番号（ASCII）",
        "観点",
        "大項目",
        "大項目名",
        "小項目",
        "小項目名",
        "求められること（要旨）",
        "表現",
        "区分",
        "実施する者",
        "シナリオ",
        "厚労省5版の要求",
        "要求との対応",
        "合意",
        "関係",
        "証跡の例",
        "状況",
        "状態",
        "どのように満たすか",
        "範囲",
        "例外",
        "理由",
        "予定日",
        "根拠",
        "担当",
        "関係するリスク",
        "合意する内容",
        "決定者",
        "決定日",
        "決定の理由",
        "注",
        "根拠を確かめた日",
        "根拠の有効期限",
        "利用者",
    ];
    let rows = service.answers.conformity.controls.iter().map(|answered| data_row(service, answered));
    DataSheet { name: "データ".to_owned(), columns: heading.map(str::to_owned).to_vec(), rows: rows.collect() }
}

fn data_row(service: &Service, answered: &Answered) -> Vec<Value> {
    let control = answered.control;
    let answer = answered.answer;
    let text = |of: fn(&shirube_safety::conformity::ControlAnswer) -> String| -> Value {
        answer.map(of).unwrap_or_default().into()
    };
    let flags: Vec<&str> = control.flags.iter().map(|flag| flag.term()).collect();
    let agreement = match control.agreement {
        shirube_catalog::Agreement::Yes => "合意を求める",
        shirube_catalog::Agreement::Consent => "了承・理解を求める",
        shirube_catalog::Agreement::No => "",
    };
    let state = match answer {
        None => "未回答",
        Some(answer) if answer.status == ControlStatus::Unanswered => "未回答",
        Some(answer) if answer.decided.is_none() => "案",
        Some(_) => "決定",
    };
    let signed = answer.and_then(|answer| answer.decided.as_ref());
    let [by, on] = signed_values(signed);
    vec![
        control.id.to_string().into(),
        control.id.ascii().into(),
        control.viewpoint().term().into(),
        control.middle.as_str().into(),
        control.middle_title.as_str().into(),
        control.id.minor_item().into(),
        control.minor_title.as_str().into(),
        control.text.as_str().into(),
        control.modality.term().into(),
        control.kubun.mark().into(),
        control.actor.term().into(),
        control.scenario.clone().unwrap_or_default().into(),
        control.requirements.join(" ").into(),
        control.link.term().into(),
        agreement.into(),
        flags.join("、").into(),
        control.evidence.join("、").into(),
        answered.status().term().into(),
        state.into(),
        text(|answer| answer.how.clone()),
        text(|answer| answer.scope.clone()),
        text(|answer| answer.exceptions.clone()),
        text(|answer| answer.reason.clone()),
        day(answer.and_then(|answer| answer.due)),
        text(|answer| answer.evidence.join("、")),
        text(|answer| answer.owner.clone()),
        text(|answer| answer.risks.join(" ")),
        text(|answer| answer.agreement.clone()),
        by,
        on,
        signed.map(|signed| signed.reason.clone()).unwrap_or_default().into(),
        control.note.clone().unwrap_or_default().into(),
        day(answer.and_then(|answer| answer.evidence_on)),
        day(answer.and_then(|answer| answer.evidence_until)),
        answer.map(|answer| users_text(service, answer)).unwrap_or_default().into(),
    ]
}
