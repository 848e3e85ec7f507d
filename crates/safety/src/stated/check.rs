//! What stands against the promises themselves, whatever documents say of them.

use super::SlaFile;
use crate::finding::{File, Finding, Place, Severity};

/// How long before a stop for maintenance the guideline's example tells of it (pg-1.0 別紙1 II 6.5).
const NOTICE_DAYS: u32 = 7;

/// Everything to tell of the promises.
pub(crate) fn check(sla: &SlaFile) -> Vec<Finding> {
    let days = sla.maintenance.as_ref().and_then(|maintenance| maintenance.notice_days);
    let short = days.filter(|days| *days < NOTICE_DAYS).map(|days| Finding {
        severity: Severity::Warning,
        rule: "sla-notice",
        place: Place::new(File::Sla, "/maintenance/notice_days"),
        message: format!("保守による停止の告知が{days}日前です。ガイドライン別紙1の例は1週間前です。"),
        advice: "短くするなら、医療機関等が備えられるかを確かめ、合意してください。".to_owned(),
    });
    short.into_iter().collect()
}
