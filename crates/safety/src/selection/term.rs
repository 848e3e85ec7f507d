//! The promises of `sla.yaml` that matter when choosing, as one line each.

use super::Topic;
use crate::stated::{DayHours, SlaFile};
use crate::text::is_blank;

/// What is promised, in the order of [`Topic::TERMS`]; what nobody wrote is left out.
pub(super) fn terms(sla: &SlaFile) -> Vec<(Topic, String)> {
    let value = |topic: Topic| Some((topic, value(sla, topic)?)).filter(|(_, value)| !is_blank(value));
    Topic::TERMS.into_iter().filter_map(value).collect()
}

fn value(sla: &SlaFile, topic: Topic) -> Option<String> {
    let maintenance = sla.maintenance.as_ref();
    let days_before = |days: Option<u32>| days.map(|days| format!("{days}日前まで"));
    match topic {
        Topic::BusinessHours => sla.hours.as_ref().map(|hours| day_hours(&hours.business)),
        Topic::DeskHours => sla.desk.as_ref().map(|desk| day_hours(&desk.hours)),
        Topic::Availability => Some(availability(sla)),
        Topic::FirstReport => sla.incident.as_ref().and_then(|incident| {
            let first = incident.first_report_minutes.map(|minutes| format!("{minutes}分以内"));
            let next = incident.update_hours.map(|hours| format!("その後は{hours}時間ごと"));
            joined([first, next])
        }),
        Topic::FirstResponse => sla.first_response_hours.map(|hours| format!("{hours}時間以内")),
        Topic::MaintenanceNotice => maintenance.and_then(|maintenance| {
            let window = maintenance.window.as_ref().map(|window| format!("定期保守: {window}"));
            joined([days_before(maintenance.notice_days), window])
        }),
        Topic::PatchNotice => maintenance.and_then(|maintenance| days_before(maintenance.patch_notice_days)),
        Topic::EnvironmentNotice => {
            maintenance.and_then(|maintenance| days_before(maintenance.environment_notice_days))
        }
        Topic::LogRetention => sla.logs.as_ref().and_then(|logs| {
            let kept = logs.years_after_retention.map(|years| match years {
                0 => "法定保存年限の間".to_owned(),
                years => format!("法定保存年限に{years}年を加えた間"),
            });
            joined([kept, logs.other_years.map(|years| format!("年限の定めのない情報は{years}年"))])
        }),
        Topic::ReturnOfData => sla.return_days.map(|days| format!("{days}日以内")),
        Topic::InformationFee => sla.information.as_ref().and_then(|information| information.fee.clone()),
        _ => None,
    }
}

fn joined(parts: [Option<String>; 2]) -> Option<String> {
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("、"))
}

fn day_hours(hours: &[DayHours]) -> String {
    let line = |day: &DayHours| {
        let days = day.days.clone().unwrap_or_else(|| "曜日は未記載".to_owned());
        let time = match (&day.r#from, &day.to) {
            (Some(from), Some(to)) => format!("{}から{}まで", from.0, to.0),
            (Some(from), None) => format!("{}から", from.0),
            (None, Some(to)) => format!("{}まで", to.0),
            (None, None) if day.note.is_some() => String::new(),
            (None, None) => "なし".to_owned(),
        };
        let note = day.note.as_ref().map(|note| format!("（{note}）")).unwrap_or_default();
        format!("{days} {time}{note}").trim_end().to_owned()
    };
    hours.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn availability(sla: &SlaFile) -> String {
    let line = |(band, target): (&Option<String>, &str)| match band {
        Some(band) => format!("{band} {target}%"),
        None => format!("{target}%"),
    };
    let targets = sla.availability.iter().filter_map(|one| Some((&one.band, one.target.as_ref()?.0.as_str())));
    targets.map(line).collect::<Vec<_>>().join("\n")
}
