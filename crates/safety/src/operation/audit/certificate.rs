//! Certificates and reports of others with their time (AUDIT-005, AUDIT-018). None of them answers a control (AUDIT-010).

use chrono::{Days, NaiveDate};

use super::CERTIFICATES;
use crate::choice::choice;
use crate::operation::register::{Entry, Records};

/// So many days before its end, a certificate is shown as about to end. Ours: audits of renewal take this long.
const SOON_DAYS: u64 = 90;

choice! {
    /// How a certificate stands on a day.
    Validity {
        Valid = "valid", "有効";
        EndsSoon = "ends-soon", "まもなく期限";
        Expired = "expired", "期限切れ";
        Suspended = "suspended", "一時停止";
        NotYet = "not-yet", "まだ有効でない";
        Unknown = "unknown", "期間が書かれていない";
    }
}

/// One certificate.
#[derive(Debug, Clone, PartialEq)]
pub struct Certificate<'a> {
    pub entry: &'a Entry,
    pub validity: Validity,
    pub until: Option<NaiveDate>,
}

/// Every certificate that somebody holds or held, as of a day.
pub fn certificates(records: &Records, on: NaiveDate) -> Vec<Certificate<'_>> {
    let held = records.entries(CERTIFICATES).iter().filter(|entry| !matches!(entry.state.as_str(), "dropped"));
    held.map(|entry| Certificate { entry, validity: validity(entry, on), until: entry.day("valid_until") }).collect()
}

fn validity(entry: &Entry, on: NaiveDate) -> Validity {
    let (from, until) = (entry.day("valid_from"), entry.day("valid_until"));
    let ended = entry.day("ended_on").is_some_and(|day| day <= on);
    match entry.state.as_str() {
        "applying" => return Validity::NotYet,
        "suspended" => return Validity::Suspended,
        _ => {}
    }
    let Some(until) = until else { return Validity::Unknown };
    let soon = on.checked_add_days(Days::new(SOON_DAYS)).is_some_and(|day| until <= day);
    match () {
        () if ended || until < on => Validity::Expired,
        () if from.is_some_and(|from| from > on) => Validity::NotYet,
        () if soon => Validity::EndsSoon,
        () => Validity::Valid,
    }
}
