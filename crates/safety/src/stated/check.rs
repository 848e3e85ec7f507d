//! What stands against the promises themselves, whatever documents say of them.

use shirube_catalog::maintenance_rules;

use super::{SlaFile, calendar};
use crate::calendar::YearStart;
use crate::finding::{File, Finding, Place, Severity};

/// Everything to tell of the promises.
pub(crate) fn check(sla: &SlaFile) -> Vec<Finding> {
    let days = sla.maintenance.as_ref().and_then(|maintenance| maintenance.notice_days);
    let short = days.filter(|days| *days < maintenance_rules().stop.notice_days).map(|days| Finding {
        severity: Severity::Warning,
        rule: "sla-notice",
        place: Place::new(File::Sla, "/maintenance/notice_days"),
        message: format!("保守による停止の告知が{days}日前です。ガイドライン別紙1の例は1週間前です。"),
        advice: "短くするなら、医療機関等が備えられるかを確かめ、合意してください。".to_owned(),
    });
    short.into_iter().chain(words(sla)).collect()
}

/// Words that documents print as they are, but that nobody could count by.
fn words(sla: &SlaFile) -> Vec<Finding> {
    let hours = sla.hours.as_ref().filter(|hours| !hours.business.is_empty());
    let mut findings = hours.and_then(|hours| calendar(hours).err()).unwrap_or_default();
    let period = sla.evaluation.as_ref().and_then(|evaluation| evaluation.period.as_deref());
    findings.extend(period.filter(|period| YearStart::read(period).is_none()).map(evaluation_period));
    findings
}

/// What to tell of a period of evaluation that is not a year from a day of the calendar.
pub(crate) fn evaluation_period(found: &str) -> Finding {
    Finding {
        severity: Severity::Warning,
        rule: "sla-period",
        place: Place::new(File::Sla, "/evaluation/period"),
        message: format!("評価期間「{found}」を、1年の日付として読み取れませんでした。"),
        advice: "「毎年12月1日から翌年11月30日まで」のように、始まりの日と終わりの日で書くと、年ごとの評価を計算できます（始まりは28日までの日）。".to_owned(),
    }
}
