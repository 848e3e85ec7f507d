//! The hours of `sla.yaml` as a calendar one can count by.

use super::{BusinessHours, HolidaySaturday};
use crate::calendar::{HoursRow, Misread, WeekHours};
use crate::finding::{File, Finding, Place, Severity};

/// The hours as people wrote them, ready to count by; else what could not be understood.
pub fn calendar(hours: &BusinessHours) -> Result<WeekHours, Vec<Finding>> {
    let rows: Vec<HoursRow> = hours
        .business
        .iter()
        .map(|row| HoursRow {
            days: row.days.as_deref().unwrap_or_default(),
            from: row.r#from.as_ref().map(super::TimeOfDay::minutes),
            until: row.to.as_ref().map(super::TimeOfDay::minutes),
        })
        .collect();
    let saturdays_stay = hours.holiday_saturday == Some(HolidaySaturday::Saturday);
    let read = WeekHours::read(&rows, hours.closing_days.as_deref().unwrap_or_default(), saturdays_stay);
    read.map_err(|misread| misread.into_iter().map(told).collect())
}

fn told(misread: Misread) -> Finding {
    let (pointer, message, advice) = match misread {
        Misread::Days(at, found) => (
            format!("/hours/business/{at}/days"),
            format!("曜日の「{found}」を読み取れませんでした。"),
            "平日、月曜日から日曜日まで、休日（祝日）、毎日のどれかを、「、」や「及び」でつないで書いてください。例外は備考ではなく行を分けて書きます。",
        ),
        Misread::Times(at) => (
            format!("/hours/business/{at}"),
            "始まる時刻と終わる時刻の一方だけが書かれているか、二つが同じです。".to_owned(),
            "両方を書いてください。24時間なら 00:00 から 24:00、業務を行わない日なら両方とも書きません。",
        ),
        Misread::Closing(found) => (
            "/hours/closing_days".to_owned(),
            format!("祝日のほかの休日の「{found}」を読み取れませんでした。"),
            "「12月29日から翌年1月3日まで」「8月13日から8月15日まで」「2026-08-14」のような日付を、「、」や「及び」でつないで書いてください。",
        ),
        Misread::Missing(days) => (
            "/hours/business".to_owned(),
            format!("{}の業務時間が、どの行にもありません。", days.join("、")),
            "行を加えてください。業務を行わない日は、時刻を書かずに曜日だけを書きます。",
        ),
    };
    Finding {
        severity: Severity::Warning,
        rule: "sla-hours",
        place: Place::new(File::Sla, pointer),
        message,
        advice: advice.to_owned(),
    }
}
