//! 国民の祝日 and the days off beside them, as rules with their laws. Whoever counts days interprets them.

use std::sync::LazyLock;

use serde::Deserialize;

/// The rules of `catalogs/rules/holidays.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolidayRules {
    /// First and last year the rules hold for.
    pub from: i32,
    pub until: i32,
    /// Last year whose days the Cabinet Office has published; equinoxes after it are computed ahead.
    pub published_until: i32,
    pub days: Vec<HolidayRule>,
    pub substitutes: Substitutes,
}

/// One 祝日 and the years it holds for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolidayRule {
    pub name: String,
    pub month: u32,
    #[serde(default)]
    pub day: Option<u32>,
    /// Which Monday of the month, from 1.
    #[serde(default)]
    pub monday: Option<u8>,
    #[serde(default)]
    pub equinox: Option<Equinox>,
    #[serde(default)]
    pub from: Option<i32>,
    #[serde(default)]
    pub until: Option<i32>,
    /// Years in which a law of its own moved the day.
    #[serde(default)]
    pub except: Vec<i32>,
    pub law: String,
}

/// Days on which the sun crosses the equator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Equinox {
    Spring,
    Autumn,
}

/// What days off are called that are no 祝日 themselves.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Substitutes {
    /// The next free day after a 祝日 on a Sunday.
    pub sunday: String,
    /// A day between two 祝日.
    pub between: String,
}

static HOLIDAYS: LazyLock<HolidayRules> = LazyLock::new(|| {
    let rules: HolidayRules = serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/holidays.json")))
        .expect("the rules of the holidays can be read");
    for rule in &rules.days {
        let ways = [rule.day.is_some(), rule.monday.is_some(), rule.equinox.is_some()];
        assert!(ways.iter().filter(|way| **way).count() == 1, "{}: one way to find the day", rule.name);
    }
    rules
});

/// The rules of the holidays.
pub fn holiday_rules() -> &'static HolidayRules {
    &HOLIDAYS
}
