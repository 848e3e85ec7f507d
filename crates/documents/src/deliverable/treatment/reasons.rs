//! 対応の理由と経過: what was weighed before a treatment was settled (TREAT-005, TREAT-007, TREAT-020, TREAT-023).

use shirube_safety::Service;
use shirube_safety::risk::{EarlierRound, Residual, ResidualState, Treated};

use super::super::common::{columns, head, risk_numbers, signed_because};
use super::super::printed;
use crate::content::{Align, Cell, Table};

/// What has been written of treatments beside their measures; `None` where nothing has.
pub(super) fn table(service: &Service) -> Option<Table> {
    let mut rows = Vec::new();
    for treated in &service.assessment.treated {
        let notes = notes(service, treated);
        let span = notes.len();
        for (at, (kind, text)) in notes.into_iter().enumerate() {
            let mut row = Vec::with_capacity(3);
            if at == 0 {
                let id = &treated.treatment.id;
                let numbers = risk_numbers(&service.assessment, &treated.risks);
                row.push(Cell::new(format!("{id}\n{numbers}")).rows(span).again(format!("{id}\n（続き）")));
            }
            row.extend([Cell::new(kind), Cell::new(text)]);
            rows.push(row);
        }
    }
    (!rows.is_empty()).then(|| Table {
        caption: "対応の理由と経過".to_owned(),
        columns: columns(&[(2.0, Align::Left), (2.2, Align::Left), (9.0, Align::Left)]),
        head: head(&["対応", "事項", "内容"]),
        rows,
    })
}

fn notes(service: &Service, treated: &Treated) -> Vec<(&'static str, String)> {
    let treatment = treated.treatment;
    let mut notes = Vec::new();
    notes.extend(treatment.earlier.iter().map(|round| ("これまでの検討", earlier(service, round))));
    let mut add = |kind: &'static str, text: Option<String>| notes.extend(text.map(|text| (kind, text)));
    add("回避の検討", treatment.avoidance_considered.clone());
    add("低減を選ばない理由", treatment.no_reduction_reason.clone());
    add("一つの観点で足りる理由", treatment.single_viewpoint_reason.clone());
    if let Some(residual) = &treatment.residual {
        add("影響度が下がる理由", residual.impact_reason.clone());
        let approved = residual.approver.as_ref();
        add("基準を超えて引き受ける承認", approved.map(|approver| format!("承認: {approver}")));
    }
    if let Some(retention) = &treatment.retention {
        let on = printed(retention.on, service.files.service.document.dates());
        let text = format!(
            "保有するもの: {}\nほかの選択肢の検討: {}\n承認: {}（{on}）",
            retention.what, retention.considered, retention.approver
        );
        add("保有の決定", Some(text));
    }
    add("対応の決定", Some(signed_because(service, &treatment.decided)));
    notes
}

fn earlier(service: &Service, round: &EarlierRound) -> String {
    format!(
        "{}\n残存: {}\n決定: {}",
        round.plan,
        residual(service, &round.residual),
        signed_because(service, &round.decided)
    )
}

/// What an earlier plan would have left.
fn residual(service: &Service, residual: &Residual) -> String {
    let accepted = format!("（許容できるか: {}）", residual.acceptable.term());
    match residual.state() {
        ResidualState::None => "なし".to_owned(),
        ResidualState::NotAssessed => "未評価".to_owned(),
        ResidualState::Remains { text, impact, likelihood } => {
            let assessment = &service.assessment;
            let value = assessment.method.value(impact, likelihood);
            let rank = assessment.band(impact, likelihood).map(|band| band.rank.0.to_string());
            let rank = rank.unwrap_or_else(|| "尺度の外".to_owned());
            format!("{text}影響度{impact}・顕在化率{likelihood}、{rank}（{value}）{accepted}")
        }
    }
}
