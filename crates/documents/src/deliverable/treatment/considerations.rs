//! The six considerations with answers and what the model shows (TREAT-012).

use shirube_safety::Service;
use shirube_safety::risk::ConsiderationState;

use super::super::common::{columns, head, signed_text};
use super::super::date::with_printed_dates;
use crate::content::{Align, Cell, Mark, Table};

pub(super) fn table(service: &Service) -> Table {
    let row = |state: &ConsiderationState| {
        let answer = match state.answer {
            None => Cell::new("未回答").mark(Mark::Unanswered),
            Some(answer) => {
                let planned = answer.planned_on.map(|date| {
                    format!("\n実施予定: {}", super::super::printed(date, service.files.service.document.dates()))
                });
                let exceptions: String = answer
                    .exceptions
                    .iter()
                    .map(|exception| {
                        let day = |date| super::super::printed(date, service.files.service.document.dates());
                        format!(
                            "\n例外: {}（{}が承認、{}から{}まで）",
                            exception.what,
                            exception.approver,
                            day(exception.from),
                            day(exception.to)
                        )
                    })
                    .collect();
                let continuity = answer.continuity.as_ref().map(|c| {
                    format!("\n停止: {}\n殺到: {}\n復旧: {}", c.disaster_stop, c.mass_demand, c.restart_with_loss)
                });
                Cell::new(format!(
                    "{}{}{exceptions}{}\n（{}）",
                    answer.answer,
                    planned.unwrap_or_default(),
                    continuity.unwrap_or_default(),
                    signed_text(service, &answer.decided)
                ))
            }
        };
        let style = service.files.service.document.dates();
        let found: Vec<String> = state
            .findings
            .iter()
            .filter(|finding| finding.rule != "consideration-unanswered")
            .map(|finding| with_printed_dates(&finding.message, style))
            .collect();
        let found = if found.is_empty() { Cell::new("—") } else { Cell::new(found.join("\n")).mark(Mark::Finding) };
        vec![Cell::new(state.item.mark.clone()), Cell::new(state.item.title.clone()), answer, found]
    };
    Table {
        caption: "特有の考慮事項".to_owned(),
        columns: columns(&[(0.5, Align::Center), (2.4, Align::Left), (4.6, Align::Left), (4.2, Align::Left)]),
        head: head(&["", "考慮事項", "どう考慮したか", "モデルから確認できなかったこと"]),
        rows: service.answers.considerations.iter().map(row).collect(),
    }
}
