//! How long the monthly figures of ten years take: 100,000 outages, 1,000 institutions.
//!
//! `cargo bench -p shirube-safety --bench service_levels`. Limits and figures: `docs/performance.md`.

use chrono::{NaiveDate, TimeDelta};
use shirube_catalog::service_level_rules;
use shirube_safety::model::Date;
use shirube_safety::operation::level::{
    Affected, Asked, ByInstitution, Exclusion, Extent, Judgement, Outage, Records, Source, Terms, evaluate,
};
use shirube_safety::stated::SlaFile;

fn main() {
    divan::main();
}

const INSTITUTIONS: usize = 1000;
const OUTAGES: usize = 100_000;
/// Every so many outages one touches everybody.
const COMMON: usize = 200;

fn terms() -> Terms {
    let sla: SlaFile = serde_json::from_value(serde_json::json!({
        "hours": {
            "business": [
                { "days": "平日・土曜日", "from": "8:00", "to": "21:00" },
                { "days": "日曜・祝日", "from": "8:00", "to": "17:00" },
            ],
            "closing_days": "12月29日から翌年1月3日まで",
        },
        "availability": [{ "band": "通常業務時間帯", "target": "99.95" }, { "band": "その他の時間帯", "target": "99.5" }],
        "first_response_hours": 1,
        "evaluation": { "period": "毎年4月1日から翌年3月31日まで", "availability_unit": "month" },
    }))
    .expect("a valid SLA");
    Terms::read(&sla).expect("terms one can count by")
}

fn first() -> NaiveDate {
    NaiveDate::from_ymd_opt(2016, 4, 1).expect("a day")
}

fn records() -> Records {
    let start = first().and_hms_opt(0, 0, 0).expect("midnight");
    let at = |minutes: usize| {
        let time = start + TimeDelta::minutes(i64::try_from(minutes).expect("few minutes"));
        time.format("%Y-%m-%d %H:%M").to_string().parse().expect("a time")
    };
    let mut records = Records::default();
    for number in 0..OUTAGES {
        // Ten years have 5.2 million minutes; a prime spreads the outages over days and hours.
        let from = number * 7919 % 5_200_000;
        let until = from + 5 + number % 90;
        let id = number.to_string();
        if number % 3 == 0 {
            records.exclusions.push(Exclusion {
                row: 0,
                outage: id.clone(),
                from: at(from),
                until: at(until - 3),
                item: &service_level_rules().exclusions[number % 7],
                evidence: Some("報告書".to_owned()),
                confirmed_by: Some("事務長".to_owned()),
                confirmed_on: Some(Date(first())),
                confirmed_for: Affected::All,
            });
        }
        let affected =
            if number % COMMON == 0 { Affected::All } else { Affected::Some(vec![name(number % INSTITUTIONS)]) };
        records.outages.push(Outage {
            row: 0,
            id,
            from: at(from),
            until: Some(at(until)),
            affected,
            part: None,
            cause: None,
            extent: Some(Extent::Whole),
            hinders: None,
            judged: Judgement::default(),
            detected: Some(at(from + 1)),
            contacted: None,
            responded: Some(at(from + 20)),
            source: Source::Monitor,
            corrected: None,
        });
    }
    records
}

fn name(number: usize) -> String {
    format!("i{number}")
}

/// The figures of all months of ten years, for one institution after the other, on one core.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn ten_years_of_a_thousand_institutions(bencher: divan::Bencher) {
    let (terms, records) = (terms(), records());
    let to = NaiveDate::from_ymd_opt(2026, 3, 31).expect("a day");
    bencher.bench(|| {
        let records = ByInstitution::new(&records);
        let evaluated = (0..INSTITUTIONS).map(|number| {
            let name = name(number);
            evaluate(&terms, &records, Asked { from: first(), to, institution: Some(&name), begins: None })
        });
        evaluated.map(|evaluation| evaluation.periods.len()).sum::<usize>()
    });
}
