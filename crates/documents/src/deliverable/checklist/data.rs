//! One record for each item of each sheet.

use shirube_safety::Service;
use shirube_safety::checklist::{Checklist, Line};
use shirube_safety::stated::ChecklistReply;

use super::super::common::day;
use super::institution;
use super::table::short;
use crate::content::{DataSheet, Value};

const HEADING: [&str; 28] = [
    "確認表",
    "版",
    "様式",
    "医療機関等",
    "年度",
    "項目の番号",
    "節",
    "上の項目",
    "項目",
    "結果",
    "印",
    "行う者",
    "実施内容",
    "理由",
    "確認日",
    "目標日",
    "完了日",
    "2回目の結果",
    "2回目の確認日",
    "3回目の結果",
    "3回目の確認日",
    "備考",
    "案",
    "事実",
    "事実との対応",
    "項目の確かさ",
    "項目の注",
    "状態",
];

pub(super) fn data(service: &Service, lists: &[&Checklist]) -> DataSheet {
    let rows = lists.iter().flat_map(|list| list.lines.iter().map(|line| row(service, list, line)));
    DataSheet { name: "データ".to_owned(), columns: HEADING.map(str::to_owned).to_vec(), rows: rows.collect() }
}

fn row(service: &Service, list: &Checklist, line: &Line) -> Vec<Value> {
    let sheet = list.sheet;
    let reply = line.reply;
    let text = |of: fn(&ChecklistReply) -> &Option<String>| -> Value {
        reply.and_then(|reply| of(reply).clone()).unwrap_or_default().into()
    };
    let again = |at: usize| reply.and_then(|reply| reply.again.get(at));
    let result = reply.and_then(|reply| reply.state).map_or("未回答", short);
    let state = match (line.is_open(), line.proposal.state) {
        (false, _) => "回答",
        (true, Some(_)) => "案",
        (true, None) => "未回答",
    };
    vec![
        sheet.id.as_str().into(),
        sheet.list.token().into(),
        sheet.form.map_or("", |form| form.term()).into(),
        institution(service, sheet).unwrap_or_default().into(),
        sheet.fiscal_year.map_or(Value::Empty, |year| u32::from(year).into()),
        line.asked.id().into(),
        line.asked.group().into(),
        line.asked.above().unwrap_or_default().into(),
        line.asked.text().into(),
        result.into(),
        reply.and_then(ChecklistReply::box_mark).map_or("", |mark| mark.term()).into(),
        reply.and_then(|reply| reply.who).map_or("", |who| who.term()).into(),
        text(|reply| &reply.content),
        text(|reply| &reply.reason),
        day(reply.and_then(|reply| reply.confirmed_on)),
        day(reply.and_then(|reply| reply.target_on)),
        day(reply.and_then(|reply| reply.completed_on)),
        again(0).map_or("", |again| short(again.state)).into(),
        day(again(0).map(|again| again.on)),
        again(1).map_or("", |again| short(again.state)).into(),
        day(again(1).map(|again| again.on)),
        text(|reply| &reply.note),
        line.proposal.state.map_or("", short).into(),
        line.proposal.facts.join("\n").into(),
        line.proposal.certainty.map_or("", |certainty| certainty.term()).into(),
        line.asked.certainty().map_or("利用者の記入", |certainty| certainty.term()).into(),
        line.asked.note().into(),
        state.into(),
    ]
}
