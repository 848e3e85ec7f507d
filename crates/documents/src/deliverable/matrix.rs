//! The matrix of 影響度 and 顕在化率 with value, rank and counts (RISK-008).

use shirube_safety::risk::Assessment;

use super::common::columns;
use crate::content::{Align, Cell, Mark, Table};

/// Draws the matrix; `count` says what stands below value and rank for indices of 影響度 and 顕在化率.
pub(super) fn matrix(assessment: &Assessment, caption: &str, count: impl Fn(usize, usize) -> String) -> Table {
    let method = &assessment.method;
    let mut first = vec![Cell::new("影響度＼顕在化率")];
    first.extend(method.likelihood.iter().map(|step| {
        let gloss = step.gloss.as_ref().map(|gloss| format!("\n（{gloss}）")).unwrap_or_default();
        Cell::new(format!("{} {}{gloss}", step.value, step.label))
    }));
    let rows = method.impact.iter().enumerate().rev().map(|(i, impact)| {
        let mut row = vec![Cell::new(format!("{} {}", impact.value, impact.label))];
        row.extend(method.likelihood.iter().enumerate().map(|(l, likelihood)| {
            let value = method.value(impact.value, likelihood.value);
            let rank = method.band(value).map_or('？', |band| band.rank.0);
            let count = count(i, l);
            let count = if count.is_empty() { count } else { format!("\n{count}") };
            Cell::new(format!("{rank}（{value}）{count}")).mark(Mark::Field(rank))
        }));
        row
    });
    let mut widths = vec![(1.4, Align::Left)];
    widths.extend(method.likelihood.iter().map(|_| (1.0, Align::Center)));
    Table { caption: caption.to_owned(), columns: columns(&widths), head: vec![first], rows: rows.collect() }
}
