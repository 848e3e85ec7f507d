//! Service levels as they were, for people and for programs. Whoever shows an evaluation shows the same words and figures.

mod tables;

use serde_json::{Value, json as object};
use shirube_safety::operation::level::{Evaluation, Figure, Grade, Period, Terms};

use crate::content::DataSheet;

pub use tables::{FIGURES, Table, figures, graded, minutes, place, tables};

/// Whom it is about.
#[derive(Debug, Clone, Copy)]
pub struct Head<'h> {
    pub service: &'h str,
    pub institution: Option<&'h str>,
}

impl Head<'_> {
    /// Whom it is about, in words.
    pub fn about(&self) -> &str {
        self.institution.unwrap_or("サービスの全体（どの医療機関等に影響した停止も数えます）")
    }
}

/// Version of the form of the JSON.
const FORM: u32 = 1;

/// The evaluation for other programs. `institution` is the name by which it was asked for.
pub fn json(head: &Head, institution: Option<&str>, terms: &Terms, evaluation: &Evaluation) -> String {
    let grade = |grade: &Grade| object!({ "grade": grade.grade, "from": grade.from, "to": grade.to });
    let mut value = object!({
        "form": FORM,
        "service": head.service,
        "institution": institution,
        "terms": {
            "availability_unit": terms.unit,
            "reduced_by": terms.reduced_by,
            "response_minutes": terms.response_minutes,
            "grades": terms.grades.iter().map(grade).collect::<Vec<_>>(),
        },
    });
    if let (Some(value), Ok(Value::Object(all))) = (value.as_object_mut(), serde_json::to_value(evaluation)) {
        value.extend(all);
    }
    // Serialising a `Value` cannot fail: its keys are text and its numbers are finite.
    serde_json::to_string_pretty(&value).unwrap_or_default() + "\n"
}

/// Headings of the CSV.
const CSV: [&str; 15] = [
    "評価期間の始まり",
    "評価期間の終わり",
    "月",
    "時間帯",
    "サービス提供時間（分）",
    "サービス停止時間（分）",
    "事前に合意された事由（分）",
    "制御できない事由（分）",
    "甲の責任に帰する事由（分）",
    "その他（分）",
    "サービス提供停止時間（分）",
    "止まれる時間（分）",
    "稼働率（%）",
    "目標（%）",
    "結果",
];

/// The figures for spreadsheets.
pub fn csv(evaluation: &Evaluation) -> Vec<u8> {
    let rows = csv_rows(evaluation).into_iter().map(|row| row.into_iter().map(|cell| cell.as_str().into()).collect());
    let columns = CSV.map(str::to_owned).into();
    crate::write::csv(&DataSheet { name: String::new(), columns, rows: rows.collect() })
}

/// A row for each month and band, and one for the whole of each period and band.
fn csv_rows(evaluation: &Evaluation) -> Vec<Vec<String>> {
    let of_period = |period: &Period| -> Vec<Vec<String>> {
        let months = period.months.iter().flat_map(|month| month.bands.iter().map(|band| (month.month.as_str(), band)));
        let all = months.chain(period.bands.iter().map(|band| ("全体", band)));
        all.map(|(month, band)| csv_row(period, month, band)).collect()
    };
    evaluation.periods.iter().flat_map(of_period).collect()
}

fn csv_row(period: &Period, month: &str, figure: &Figure) -> Vec<String> {
    let start = [period.from.to_string(), period.to.to_string(), month.to_owned(), figure.band.term().to_owned()];
    let mut row: Vec<String> = start.into();
    row.extend([figure.service_minutes, figure.stop_minutes].map(|minutes| minutes.to_string()));
    row.extend(figure.excluded_minutes.iter().map(|class| class.minutes.to_string()));
    row.push(figure.counted_stop_minutes.to_string());
    row.push(figure.allowed_stop_minutes.map(|minutes| minutes.to_string()).unwrap_or_default());
    row.push(figure.availability.map(|reached| reached.percent()).unwrap_or_default());
    row.push(figure.target.as_ref().map(|target| target.0.clone()).unwrap_or_default());
    row.push(figure.state.term().to_owned());
    row
}
