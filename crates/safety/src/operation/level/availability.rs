//! Availability of a band of time: exact, and shown so that a miss never looks like a pass.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use shirube_catalog::ExclusionClass;

use crate::choice::choice;
use crate::stated::{ServiceTimeReduction, Share};

choice! {
    /// 稼働率の時間帯。
    Band {
        Business = "business", "通常業務時間帯";
        Other = "other", "その他の時間帯";
        Whole = "whole", "全時間帯";
    }
}

impl Band {
    /// The band that is meant.
    pub(super) fn read(words: &str) -> Option<Self> {
        match words.trim() {
            "通常業務時間帯" | "通常業務時間" | "業務時間帯" | "業務時間内" => {
                Some(Self::Business)
            }
            "その他の時間帯" | "その他" | "業務時間外" | "通常業務時間外" => Some(Self::Other),
            "全時間帯" | "すべての時間帯" | "全日" | "24時間" | "終日" => Some(Self::Whole),
            _ => None,
        }
    }
}

choice! {
    /// 目標に達したかどうか。
    Reached {
        Met = "met", "達成";
        Unmet = "unmet", "未達成";
        NoTarget = "no-target", "目標なし";
        NoTime = "no-time", "対象の時間なし";
    }
}

/// Minutes of a band, by what they were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Minutes {
    pub all: u64,
    pub counted: u64,
    pub excluded: [u64; 4],
}

impl Minutes {
    pub(super) fn add(&mut self, other: Self) {
        self.all += other.all;
        self.counted += other.counted;
        for (sum, more) in self.excluded.iter_mut().zip(other.excluded) {
            *sum += more;
        }
    }
}

/// What a band was promised and what came of it.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    pub band: Band,
    /// サービス提供時間.
    pub service_minutes: u64,
    /// サービス停止時間: all time in which the service stood still.
    pub stop_minutes: u64,
    /// サービス提供停止時間: that without what is excluded.
    pub counted_stop_minutes: u64,
    pub excluded_minutes: Vec<ExcludedMinutes>,
    pub availability: Option<Availability>,
    pub target: Option<Share>,
    /// Most minutes that may be counted without missing the target.
    pub allowed_stop_minutes: Option<u64>,
    pub state: Reached,
}

/// Excluded time of a class.
#[derive(Debug, Clone, Serialize)]
pub struct ExcludedMinutes {
    pub class: ExclusionClass,
    pub minutes: u64,
}

impl Figure {
    pub(super) fn new(band: Band, minutes: Minutes, reduced_by: ServiceTimeReduction, target: Option<&Share>) -> Self {
        let agreed = minutes.excluded[0];
        let excluded: u64 = minutes.excluded.iter().sum();
        let reduced = if reduced_by == ServiceTimeReduction::All { excluded } else { agreed };
        let service = minutes.all - reduced;
        let availability = (service > 0).then(|| Availability {
            up: service - minutes.counted,
            service,
            digits: shown_digits(target),
        });
        let state = match (availability, target.and_then(Share::ten_thousandths)) {
            (None, _) => Reached::NoTime,
            (_, None) => Reached::NoTarget,
            (Some(availability), Some(target)) if availability.reaches(target) => Reached::Met,
            _ => Reached::Unmet,
        };
        let classes = ExclusionClass::ALL.iter().zip(minutes.excluded);
        Self {
            band,
            service_minutes: service,
            stop_minutes: minutes.counted + excluded,
            counted_stop_minutes: minutes.counted,
            excluded_minutes: classes.map(|(class, minutes)| ExcludedMinutes { class: *class, minutes }).collect(),
            availability,
            allowed_stop_minutes: target.and_then(Share::ten_thousandths).map(|target| allowed(service, target)),
            target: target.cloned(),
            state,
        }
    }

    pub fn excluded(&self) -> u64 {
        self.excluded_minutes.iter().map(|class| class.minutes).sum()
    }
}

/// One digit more than the target has, and never fewer than two.
fn shown_digits(target: Option<&Share>) -> usize {
    target.map_or(2, |target| (target.digits() + 1).max(2))
}

/// 100 percent in the unit in which targets are compared.
const WHOLE: u64 = 1_000_000;

/// Most minutes that may be lost of so many without falling below a target.
pub(super) fn allowed(service: u64, target: u64) -> u64 {
    service * WHOLE.saturating_sub(target) / WHOLE
}

/// A share of time, as the two numbers it is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Availability {
    pub up: u64,
    pub service: u64,
    digits: usize,
}

impl Availability {
    /// Held against a target in 1/10000 percent, without any rounding.
    pub(super) fn reaches(self, target: u64) -> bool {
        u128::from(self.up) * u128::from(WHOLE) >= u128::from(target) * u128::from(self.service)
    }

    /// In percent, cut.
    pub fn percent(self) -> String {
        let unit = 10_u128.pow(u32::try_from(self.digits).unwrap_or(2));
        let cut = u128::from(self.up) * 100 * unit / u128::from(self.service);
        format!("{}.{:0digits$}", cut / unit, cut % unit, digits = self.digits)
    }
}

impl Serialize for Availability {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut fields = to.serialize_struct("Availability", 3)?;
        fields.serialize_field("up_minutes", &self.up)?;
        fields.serialize_field("service_minutes", &self.service)?;
        fields.serialize_field("percent", &self.percent())?;
        fields.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(all: u64, counted: u64, target: &str) -> Figure {
        let minutes = Minutes { all, counted, excluded: [0; 4] };
        Figure::new(Band::Business, minutes, ServiceTimeReduction::Agreed, Some(&Share(target.to_owned())))
    }

    /// SLA-010, SLA-035: what is shown is cut, and the comparison knows nothing of it.
    #[test]
    fn a_miss_never_looks_like_a_pass() {
        for (all, counted, target, shown, state) in [
            (20_000, 10, "99.95", "99.950", Reached::Met),
            (20_000, 11, "99.95", "99.945", Reached::Unmet),
            (100_000_000, 50_001, "99.95", "99.949", Reached::Unmet),
            (100_000_000, 50_000, "99.95", "99.950", Reached::Met),
            (43_200, 216, "99.5", "99.50", Reached::Met),
            (43_200, 217, "99.5", "99.49", Reached::Unmet),
            (43_200, 0, "100", "100.00", Reached::Met),
            (43_200, 1, "100", "99.99", Reached::Unmet),
            (3, 1, "66.6666", "66.66666", Reached::Met),
            (3, 1, "66.6667", "66.66666", Reached::Unmet),
        ] {
            let figure = figure(all, counted, target);
            assert_eq!(figure.availability.unwrap().percent(), shown, "{counted} of {all}");
            assert_eq!(figure.state, state, "{counted} of {all} against {target}");
            let allowed = figure.allowed_stop_minutes.unwrap();
            assert_eq!(counted <= allowed, state == Reached::Met, "{allowed} allowed");
        }
        assert_eq!(figure(0, 0, "99.9").state, Reached::NoTime);
    }

    /// SLA-006, SLA-007: agreed stops are no service time; what else is excluded is, unless agreed otherwise.
    #[test]
    fn what_is_excluded_leaves_the_denominator_as_agreed() {
        let minutes = Minutes { all: 1000, counted: 10, excluded: [100, 50, 0, 0] };
        for (rule, service) in [(ServiceTimeReduction::Agreed, 900), (ServiceTimeReduction::All, 850)] {
            let figure = Figure::new(Band::Whole, minutes, rule, None);
            assert_eq!((figure.service_minutes, figure.stop_minutes, figure.counted_stop_minutes), (service, 160, 10));
        }
    }
}
