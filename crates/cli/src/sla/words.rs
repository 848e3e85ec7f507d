//! An evaluation in words and tables that a hospital can read.

use shirube_documents::level::{FIGURES, Head, figures, graded, place, tables};
use shirube_safety::operation::level::{Evaluation, Period, Remark, Terms};

use crate::table::table;

pub fn text(head: &Head, terms: &Terms, evaluation: &Evaluation) -> String {
    let mut text = format!("{}のサービスレベル\n", head.service);
    text.push_str(&format!("対象: {}\n期間: {}から{}まで\n", head.about(), evaluation.from, evaluation.to));
    text.push_str(&format!("稼働率の分母（サービス提供時間）から除く停止: {}\n", terms.reduced_by.term()));
    text.extend(evaluation.periods.iter().map(period));
    for part in tables(evaluation) {
        text.push_str(&format!("\n■ {}\n{}", part.title, table(part.heading, &part.rows)));
    }
    text.push_str(&consequences(evaluation));
    text.push_str(&remark_lines(&evaluation.remarks));
    text
}

fn period(period: &Period) -> String {
    let unfinished = if period.complete {
        ""
    } else {
        "（評価期間の一部です。件数と評価は、この期間だけのものです）"
    };
    let mut text = format!("\n■ {}から{}まで{unfinished}\n", period.from, period.to);
    text.push_str(&table(&FIGURES, &figures(period)));
    text.extend(period.graded.iter().map(|one| format!("  {}\n", graded(one))));
    if period.chosen().is_none() {
        text.push_str("  どちらで数えるかが sla.yaml に書かれていないため、両方を示します。\n");
    }
    text
}

fn consequences(evaluation: &Evaluation) -> String {
    if evaluation.consequences.is_empty() {
        return String::new();
    }
    let mut text = "\n■ 未達成により生じること（サービスレベルマネジメント）\n".to_owned();
    for one in &evaluation.consequences {
        let on = one.on.map(|on| format!(" {on}")).unwrap_or_default();
        text.push_str(&format!("  [{}{on}] {}\n      {}\n", one.kind.term(), one.text, one.because));
    }
    text
}

pub fn remark_lines(remarks: &[Remark]) -> String {
    if remarks.is_empty() {
        return String::new();
    }
    let mut text = "\n■ 確かめること\n".to_owned();
    for remark in remarks {
        let place = place(remark);
        text.push_str(&format!("  [{}] {place}{}\n      {}\n", remark.weight.term(), remark.message, remark.advice));
    }
    text
}
