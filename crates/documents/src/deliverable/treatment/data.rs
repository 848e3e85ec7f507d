//! The flat table of the リスク対応一覧: one 対策の観点 of one risk a row.

use shirube_safety::Service;
use shirube_safety::model::{Answer, Date};
use shirube_safety::risk::{Cost, Measure, ResidualState, Treated, TreatmentView, option_term};

use super::super::common::signed_values;
use super::party;
use crate::content::{DataSheet, Value};

pub(super) fn sheet(service: &Service) -> DataSheet {
    let assessment = &service.assessment;
    let heading = [
        "対応ID",
        "リスク番号",
        "リスクID",
        "場所",
        "特定したリスク",
        "影響度",
        "顕在化率",
        "リスクレベル",
        "選択肢",
        "対策の観点",
        "対象事業者が実施する対策",
        "実施する者",
        "対策の状況",
        "期限",
        "担当者",
        "運用手順",
        "証跡",
        "要る人手や設備",
        "初期費用（円）",
        "年間費用（円）",
        "対策項目",
        "医療機関等へ対応を求める事項",
        "残存の状態",
        "残存するリスク",
        "残存 影響度",
        "残存 顕在化率",
        "残存 リスクレベル",
        "影響度が下がる理由",
        "許容",
        "許容の承認者",
        "未完了の対策を前提にした評価",
        "リスクへの対策の数",
        "リスクへの対策の観点の数",
        "移転先",
        "回避の検討",
        "これまでの検討",
        "決定者",
        "決定日",
        "決定の理由",
    ];
    let mut rows = Vec::new();
    for treated in &assessment.treated {
        for &at in &treated.risks {
            for view in treated.views() {
                rows.push(data_row(service, treated, at, &view));
            }
        }
    }
    DataSheet { name: "データ".to_owned(), columns: heading.map(str::to_owned).to_vec(), rows }
}

fn data_row(service: &Service, treated: &Treated, at: usize, view: &TreatmentView) -> Vec<Value> {
    let assessment = &service.assessment;
    let treatment = treated.treatment;
    let risk = &assessment.risks[at];
    let rated = assessment.rated(risk);
    let join = |texts: Vec<String>| Value::from(texts.join("\n"));
    let options: Vec<&str> = treatment.options.iter().map(|option| option_term(*option)).collect();
    let actor = |measure: &&Measure| party(service, measure.actor.as_ref().unwrap_or(&service.files.service.provider));
    let procedure = |measure: &&Measure| match measure.procedure_needed {
        Answer::Yes => "要".to_owned(),
        Answer::No => "不要".to_owned(),
        Answer::Unknown => "未確認".to_owned(),
    };
    let each = |of: &dyn Fn(&&Measure) -> String| join(view.measures.iter().map(of).collect());
    let cost = |of: fn(&Cost) -> u64| {
        let known: Vec<u64> = view.measures.iter().filter_map(|measure| measure.cost.as_ref().map(of)).collect();
        if known.is_empty() { Value::Empty } else { Value::from(known.iter().sum::<u64>() as usize) }
    };
    let residual = treatment.residual.as_ref();
    let defence = assessment.defence(at);
    let statuses = view.measures.iter().map(|m| m.status.map_or("未記載", |status| status.term()).to_owned()).collect();
    let dues = due(view);
    let owners = view.measures.iter().filter_map(|measure| measure.owner.clone()).collect();
    let controls = view.measures.iter().flat_map(|measure| measure.controls.clone()).collect();
    let (state, text, impact, likelihood) = match treated.residual() {
        ResidualState::NotAssessed => ("未評価", "", None, None),
        ResidualState::None => ("なし", "", None, None),
        ResidualState::Remains { text, impact, likelihood } => ("あり", text, Some(impact), Some(likelihood)),
    };
    let rank = impact.zip(likelihood).and_then(|(i, l)| assessment.band(i, l)).map(|band| band.rank.0.to_string());
    let number = |value: Option<u8>| value.map_or(Value::Empty, |value| Value::from(u32::from(value)));
    let [by, on] = signed_values(Some(&treatment.decided));
    let acceptable = residual.map(|residual| residual.acceptable.term());
    let on_plans = if treated.counts_on_plans() { "はい" } else { "いいえ" };
    vec![
        treatment.id.as_str().into(),
        risk.number.as_str().into(),
        risk.id.as_str().into(),
        assessment.flow(risk).location().into(),
        risk.text().into(),
        number(rated.map(|rated| rated.impact)),
        number(rated.map(|rated| rated.likelihood)),
        rated.map(|rated| rated.rank.to_string()).unwrap_or_default().into(),
        options.join("・").into(),
        view.viewpoint.term().into(),
        join(view.measures.iter().map(|measure| measure.text.clone()).collect()),
        each(&actor),
        join(statuses),
        dues,
        join(owners),
        each(&procedure),
        join(view.measures.iter().flat_map(|measure| measure.evidence.clone()).collect()),
        join(view.measures.iter().filter_map(|measure| measure.resources.clone()).collect()),
        cost(|cost| cost.initial),
        cost(|cost| cost.yearly),
        join(controls),
        join(view.requests.iter().map(|request| request.text.clone()).collect()),
        state.into(),
        text.into(),
        number(impact),
        number(likelihood),
        rank.unwrap_or_default().into(),
        residual.and_then(|residual| residual.impact_reason.clone()).unwrap_or_default().into(),
        acceptable.unwrap_or_default().into(),
        residual.and_then(|residual| residual.approver.clone()).unwrap_or_default().into(),
        on_plans.into(),
        defence.measures.len().into(),
        defence.viewpoints.len().into(),
        treatment.transfer.as_ref().map(|transfer| party(service, &transfer.party)).unwrap_or_default().into(),
        treatment.avoidance_considered.clone().unwrap_or_default().into(),
        join(treatment.earlier.iter().map(|round| round.plan.clone()).collect()),
        by,
        on,
        treatment.decided.reason.as_str().into(),
    ]
}

/// The days by which measures are due: a date where there is one, a text of several.
fn due(view: &TreatmentView) -> Value {
    let mut dues: Vec<Date> = view.measures.iter().filter_map(|measure| measure.due).collect();
    dues.dedup();
    match dues[..] {
        [only] => Value::Date(only.0),
        _ => dues.iter().map(Date::to_string).collect::<Vec<_>>().join("\n").into(),
    }
}
