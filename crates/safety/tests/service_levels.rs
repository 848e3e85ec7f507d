//! Service levels against a model that walks minute by minute and shares no code with them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Weekday};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::json;
use shirube_catalog::service_level_rules;
use shirube_safety::calendar::Moment;
use shirube_safety::model::Date;
use shirube_safety::operation::level::{
    Affected, Asked, Band, ByInstitution, ClockState, Evaluation, Exclusion, Extent, Figure, Judgement, Outage,
    Reached, Records, Source, Terms, evaluate,
};
use shirube_safety::stated::SlaFile;

/// Tables of hours: rows as people write them, and for the model the hours of Monday to Sunday and of holidays.
type Hours = Option<(i64, i64)>;

const OFFICE: [Hours; 8] = {
    let day = Some((480, 1260));
    let free = Some((480, 1020));
    [day, day, day, day, day, day, free, free]
};
const CLINIC: [Hours; 8] = {
    let day = Some((540, 1110));
    [day, day, day, day, day, Some((540, 780)), None, None]
};
const NIGHTLY: [Hours; 8] = {
    let night = Some((1320, 1800));
    [night, night, night, night, Some((600, 1500)), None, None, night]
};

fn rows(table: usize) -> (serde_json::Value, [Hours; 8]) {
    match table {
        0 => (
            json!([{ "days": "平日・土曜日", "from": "8:00", "to": "21:00" }, { "days": "日曜・祝日", "from": "8:00", "to": "17:00" }]),
            OFFICE,
        ),
        1 => (
            json!([{ "days": "平日", "from": "9:00", "to": "18:30" }, { "days": "土", "from": "9:00", "to": "13:00" }, { "days": "日曜日及び休日" }]),
            CLINIC,
        ),
        _ => (
            json!([
                { "days": "月曜日から木曜日まで、祝日", "from": "22:00", "to": "06:00" },
                { "days": "金曜日", "from": "10:00", "to": "1:00" },
                { "days": "土日" },
            ]),
            NIGHTLY,
        ),
    }
}

/// What is thrown at both.
#[derive(Debug, Clone)]
struct Case {
    from: NaiveDate,
    days: i64,
    table: usize,
    closed_at_new_year: bool,
    saturdays_stay: bool,
    reduces_all: bool,
    has_load_limit: bool,
    target: u64,
    limit_hours: u32,
    outages: Vec<Stop>,
}

/// Times in seconds after the start of the first day.
#[derive(Debug, Clone)]
struct Stop {
    from: i64,
    seconds: Option<i64>,
    extent: Option<Extent>,
    hinders: Option<bool>,
    judged: bool,
    detected: Option<i64>,
    contacted: Option<i64>,
    responded: Option<i64>,
    exclusions: Vec<Off>,
}

#[derive(Debug, Clone)]
struct Off {
    after: i64,
    seconds: i64,
    item: usize,
    evidence: bool,
    confirmed: bool,
}

/// Days around which months, years and rules change, and any others.
fn first_day() -> impl Strategy<Value = NaiveDate> {
    let edges = ["2016-02-20", "2019-04-20", "2020-12-20", "2024-02-25", "2026-03-28", "2027-11-20", "2032-09-10"];
    let edge = proptest::sample::select(edges.to_vec()).prop_map(|text| text.parse().unwrap());
    let any = (0..6500_i64).prop_map(|days| NaiveDate::from_ymd_opt(2015, 3, 1).unwrap() + TimeDelta::days(days));
    prop_oneof![edge, any]
}

fn off() -> impl Strategy<Value = Off> {
    let items = service_level_rules().exclusions.len();
    (-4000..20_000_i64, 0..30_000_i64, 0..items, proptest::bool::weighted(0.9), proptest::bool::weighted(0.9))
        .prop_map(|(after, seconds, item, evidence, confirmed)| Off { after, seconds, item, evidence, confirmed })
}

fn stop(days: i64) -> impl Strategy<Value = Stop> {
    let extent = proptest::sample::select(vec![None, Some(Extent::Whole), Some(Extent::Part), Some(Extent::Slow)]);
    let whole =
        (-90_000..days * 86_400, option::weighted(0.95, 0..200_000_i64), extent, any::<Option<bool>>(), any::<bool>());
    let clock = (option::of(-7000..20_000_i64), option::of(0..20_000_i64), option::of(0..90_000_i64));
    (whole, clock, vec(off(), 0..3)).prop_map(|((from, seconds, extent, hinders, judged), clock, exclusions)| Stop {
        from,
        seconds,
        extent,
        hinders,
        judged,
        detected: clock.0.map(|after| from + after),
        contacted: clock.1.map(|after| from + after),
        responded: clock.2.map(|after| from + after),
        exclusions,
    })
}

fn case() -> impl Strategy<Value = Case> {
    let terms = (0..3_usize, any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let target = prop_oneof![Just(999_500_u64), Just(995_000), Just(1_000_000), 900_000..1_000_000_u64];
    (first_day(), 1..70_i64).prop_flat_map(move |(from, days)| {
        (terms.clone(), target.clone(), 1..12_u32, vec(stop(days), 0..9)).prop_map(
            move |(
                (table, closed_at_new_year, saturdays_stay, reduces_all, has_load_limit),
                target,
                limit_hours,
                outages,
            )| Case {
                from,
                days,
                table,
                closed_at_new_year,
                saturdays_stay,
                reduces_all,
                has_load_limit,
                target,
                limit_hours,
                outages,
            },
        )
    })
}

impl Case {
    fn to(&self) -> NaiveDate {
        self.from + TimeDelta::days(self.days - 1)
    }

    fn written(&self, seconds: i64) -> Moment {
        let time = self.from.and_hms_opt(0, 0, 0).unwrap() + TimeDelta::seconds(seconds);
        time.format("%Y-%m-%d %H:%M:%S").to_string().parse().unwrap()
    }

    fn target_text(&self) -> String {
        format!("{}.{:04}", self.target / 10_000, self.target % 10_000)
    }

    fn terms(&self) -> Terms {
        let target = self.target_text();
        let mut sla = json!({
            "hours": { "business": rows(self.table).0, "holiday_saturday": if self.saturdays_stay { "saturday" } else { "holiday" } },
            "availability": [{ "band": "通常業務時間帯", "target": target }, { "band": "その他の時間帯", "target": target }],
            "first_response_hours": self.limit_hours,
            "evaluation": { "period": "毎年4月1日から翌年3月31日まで", "availability_unit": "month", "reduced_by": if self.reduces_all { "all" } else { "agreed" } },
        });
        if self.closed_at_new_year {
            sla["hours"]["closing_days"] = "12月29日から翌年1月3日までの日".into();
        }
        if self.has_load_limit {
            sla["load_limit"] = "同時に30台".into();
        }
        Terms::read(&serde_json::from_value::<SlaFile>(sla).unwrap()).unwrap()
    }

    fn records(&self) -> Records {
        let mut records = Records::default();
        for (at, stop) in self.outages.iter().enumerate() {
            let text = |is_there: bool| is_there.then(|| "記録".to_owned());
            let id = at.to_string();
            for off in &stop.exclusions {
                let from = stop.from + off.after;
                records.exclusions.push(Exclusion {
                    row: 0,
                    outage: id.clone(),
                    from: self.written(from),
                    until: self.written(from + off.seconds),
                    item: &service_level_rules().exclusions[off.item],
                    evidence: text(off.evidence),
                    confirmed_by: text(off.confirmed),
                    confirmed_on: off.confirmed.then_some(Date(self.from)),
                    confirmed_for: Affected::All,
                });
            }
            records.outages.push(Outage {
                row: 0,
                id,
                from: self.written(stop.from),
                until: stop.seconds.map(|seconds| self.written(stop.from + seconds)),
                affected: Affected::All,
                part: None,
                cause: None,
                extent: stop.extent,
                hinders: stop.hinders,
                judged: Judgement {
                    provider: text(stop.judged),
                    institution: text(stop.judged),
                    reason: text(stop.judged),
                },
                detected: stop.detected.map(|at| self.written(at)),
                contacted: stop.contacted.map(|at| self.written(at)),
                responded: stop.responded.map(|at| self.written(at)),
                source: Source::Person,
                corrected: None,
            });
        }
        records
    }

    fn evaluation(&self) -> Evaluation {
        let records = self.records();
        let asked = Asked { from: self.from, to: self.to(), institution: None, begins: None };
        evaluate(&self.terms(), &ByInstitution::new(&records), asked)
    }
}

/// The model. Minutes are counted from the start of the first day.
struct Model<'c> {
    case: &'c Case,
    hours: [Hours; 8],
    holidays: BTreeSet<NaiveDate>,
}

const BUSINESS: usize = 0;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sums {
    all: u64,
    counted: u64,
    excluded: [u64; 4],
}

impl<'c> Model<'c> {
    fn new(case: &'c Case) -> Self {
        let table = include_str!("data/holidays.tsv").lines();
        let holidays = table.map(|line| line[..10].parse().unwrap()).collect();
        Self { case, hours: rows(case.table).1, holidays }
    }

    fn day(&self, minute: i64) -> NaiveDate {
        self.case.from + TimeDelta::days(minute.div_euclid(1440))
    }

    fn hours_of(&self, day: NaiveDate) -> Hours {
        let is_new_year = matches!((day.month(), day.day()), (12, 29..) | (1, ..=3));
        let is_free = self.holidays.contains(&day) || self.case.closed_at_new_year && is_new_year;
        let keeps = self.case.saturdays_stay && day.weekday() == Weekday::Sat;
        self.hours[if is_free && !keeps { 7 } else { day.weekday().num_days_from_monday() as usize }]
    }

    fn is_business(&self, minute: i64) -> bool {
        let of_day = minute.rem_euclid(1440);
        let today = self.hours_of(self.day(minute)).is_some_and(|(from, until)| from <= of_day && of_day < until);
        let before = self.hours_of(self.day(minute - 1440));
        today || before.is_some_and(|(_, until)| of_day + 1440 < until)
    }

    fn end(&self) -> i64 {
        self.case.days * 1440
    }

    fn covers(&self, stop: &Stop, minute: i64) -> bool {
        let end = stop.seconds.map_or(i64::MAX, |seconds| stop.from + seconds);
        stop.from < 60 * (minute + 1) && 60 * minute < end && minute < self.end()
            // A stop that begins and ends within one second fills its minute.
            || stop.seconds == Some(0) && stop.from.rem_euclid(60) != 0 && stop.from.div_euclid(60) == minute && minute < self.end()
    }

    /// Classes under which a minute of a stop is taken off.
    fn classes(&self, stop: &Stop, minute: i64) -> Vec<usize> {
        let holds = |off: &&Off| {
            let from = stop.from + off.after;
            let is_load = service_level_rules().exclusions[off.item].id == "load";
            let counts = off.evidence && off.confirmed && (self.case.has_load_limit || !is_load);
            counts && from <= 60 * minute && 60 * (minute + 1) <= from + off.seconds
        };
        let class = |off: &Off| service_level_rules().exclusions[off.item].class as usize;
        stop.exclusions.iter().filter(holds).map(class).collect()
    }

    fn is_stop(stop: &Stop) -> bool {
        match stop.extent {
            Some(Extent::Slow) => false,
            Some(Extent::Part) => stop.hinders != Some(false) || !stop.judged,
            _ => true,
        }
    }

    /// Sums by year of evaluation, month and band.
    fn sums(&self) -> BTreeMap<(i32, u32, i32), [Sums; 2]> {
        let mut sums: BTreeMap<(i32, u32, i32), [Sums; 2]> = BTreeMap::new();
        for minute in 0..self.end() {
            let day = self.day(minute);
            let year = if day.month() >= 4 { day.year() } else { day.year() - 1 };
            let band = usize::from(!self.is_business(minute));
            let sum = &mut sums.entry((day.year(), day.month(), year)).or_default()[band];
            sum.all += 1;
            let stops = self.case.outages.iter().filter(|stop| Self::is_stop(stop) && self.covers(stop, minute));
            let classes: Vec<Vec<usize>> = stops.map(|stop| self.classes(stop, minute)).collect();
            if classes.iter().flatten().any(|class| *class == 0) {
                sum.excluded[0] += 1;
            } else if classes.iter().any(Vec::is_empty) {
                sum.counted += 1;
            } else if let Some(class) = classes.iter().flatten().min() {
                sum.excluded[*class] += 1;
            }
        }
        sums
    }

    /// Business minutes of a response, whether it is late, and the month in which that was certain.
    fn response(&self, stop: &Stop) -> Option<(ClockState, u64, Option<NaiveDate>)> {
        let start = stop.detected.into_iter().chain(stop.contacted).min().unwrap_or(stop.from).div_euclid(60);
        if start >= self.end() {
            return None;
        }
        let done = stop.responded.map(|at| (at + 59).div_euclid(60)).filter(|done| *done <= self.end());
        let limit = 60 * u64::from(self.case.limit_hours);
        let (mut taken, mut late) = (0, None);
        for minute in start..done.unwrap_or(self.end()) {
            taken += u64::from(self.is_business(minute));
            if taken > limit && late.is_none() {
                late = Some(self.day(minute));
            }
        }
        let range = stop.from.div_euclid(60)..self.end();
        let covered: Vec<i64> = range.filter(|minute| self.covers(stop, *minute)).collect();
        let is_off = !covered.is_empty() && covered.iter().all(|minute| !self.classes(stop, *minute).is_empty());
        let state = match (late, done) {
            _ if stop.extent == Some(Extent::Part) && !Self::is_stop(stop) || is_off => ClockState::Excused,
            (Some(_), _) => ClockState::Unmet,
            (None, Some(_)) => ClockState::Met,
            (None, None) => ClockState::Pending,
        };
        Some((state, taken, late))
    }
}

/// Digits of a fraction by long division, cut.
fn long_division(up: u64, service: u64, digits: usize) -> String {
    let mut rest = u128::from(up) * 100;
    let mut text = format!("{}.", rest / u128::from(service));
    for _ in 0..digits {
        rest = rest % u128::from(service) * 10;
        text.push(char::from(b'0' + u8::try_from(rest / u128::from(service)).unwrap()));
    }
    text
}

fn same(case: &Case, figure: &Figure, band: usize, sums: Sums) -> Result<(), TestCaseError> {
    prop_assert_eq!(figure.band, if band == BUSINESS { Band::Business } else { Band::Other });
    let excluded: Vec<u64> = figure.excluded_minutes.iter().map(|class| class.minutes).collect();
    prop_assert_eq!(&excluded, &sums.excluded);
    prop_assert_eq!(figure.counted_stop_minutes, sums.counted);
    let off: u64 = sums.excluded.iter().sum();
    prop_assert_eq!(figure.stop_minutes, sums.counted + off);
    let service = sums.all - if case.reduces_all { off } else { sums.excluded[0] };
    prop_assert_eq!(figure.service_minutes, service);
    let Some(availability) = figure.availability else {
        prop_assert_eq!((service, figure.state), (0, Reached::NoTime));
        return Ok(());
    };
    // up / service >= target / 1000000, on one line.
    let up = service - sums.counted;
    let reached = if up * 1_000_000 >= case.target * service { Reached::Met } else { Reached::Unmet };
    prop_assert_eq!(figure.state, reached);
    prop_assert_eq!(availability.percent(), long_division(up, service, 5));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// SLA-004 to SLA-010, SLA-012: every figure of every month and band, and every response.
    #[test]
    fn figures_are_those_of_counting_every_minute(case in case()) {
        let evaluation = case.evaluation();
        let model = Model::new(&case);
        let mut sums = model.sums();
        let mut late: BTreeMap<(i32, u32), u32> = BTreeMap::new();
        for (at, stop) in case.outages.iter().enumerate() {
            let expected = model.response(stop);
            let found = evaluation.responses.iter().find(|clock| clock.id == at.to_string());
            // A response that was decided before the first day belongs to an earlier period.
            let shown = expected.filter(|_| found.is_some() || stop.from >= 0 && stop.detected.is_none_or(|at| at >= 0));
            let Some((state, taken, day)) = shown else { continue };
            let found = found.unwrap();
            prop_assert_eq!((found.state, found.taken_minutes), (state, taken), "response {}", at);
            if let (ClockState::Unmet, Some(day)) = (state, day) {
                *late.entry((day.year(), day.month())).or_default() += 1;
            }
        }
        for period in &evaluation.periods {
            let mut whole = [Sums::default(); 2];
            let mut of_period = 0;
            for month in &period.months {
                let (first, start) = (month.from.0, period.from.0);
                let year = if start.month() >= 4 { start.year() } else { start.year() - 1 };
                let sum = sums.remove(&(first.year(), first.month(), year)).expect("a month once");
                for (band, figure) in month.bands.iter().enumerate() {
                    same(&case, figure, band, sum[band])?;
                    whole[band].all += sum[band].all;
                    whole[band].counted += sum[band].counted;
                    (0..4).for_each(|class| whole[band].excluded[class] += sum[band].excluded[class]);
                }
                let expected = late.remove(&(first.year(), first.month())).unwrap_or_default();
                prop_assert_eq!(month.responses_unmet, expected);
                of_period += expected;
            }
            for (band, figure) in period.bands.iter().enumerate() {
                same(&case, figure, band, whole[band])?;
            }
            for graded in &period.graded {
                prop_assert_eq!(graded.counts.responses, of_period);
                prop_assert_eq!(graded.unmet, graded.counts.availability + of_period);
            }
        }
        prop_assert!(sums.is_empty(), "months without a figure: {:?}", sums.keys());
    }

    /// Zone and spelling of a time do not change its minute.
    #[test]
    fn a_time_is_the_same_in_every_spelling(seconds in 0..2_000_000_000_i64) {
        let utc = DateTime::from_timestamp(seconds, 0).unwrap();
        let local = (utc + TimeDelta::hours(9)).naive_utc();
        let moment: Moment = local.format("%Y/%-m/%-d %H:%M:%S").to_string().parse().unwrap();
        prop_assert_eq!(moment, utc.to_rfc3339().parse().unwrap());
        prop_assert_eq!(moment.floor().0, (seconds + 9 * 3600).div_euclid(60));
        prop_assert_eq!(moment.ceil().0, (seconds + 9 * 3600 + 59).div_euclid(60));
    }
}
