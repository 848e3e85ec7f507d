//! What was promised, read from `sla.yaml` so far that one can count by it.

use chrono::NaiveDate;
use shirube_catalog::service_level_rules;

use super::availability::Band;
use super::remark::{Remark, Weight};
use crate::calendar::{WeekHours, YearStart};
use crate::finding::Finding;
use crate::stated::{
    AvailabilityUnit, EvaluationTerms, GradeBand, ServiceTimeReduction, Share, SlaFile, calendar, evaluation_period,
};

/// The promises one counts by.
#[derive(Debug, Clone)]
pub struct Terms {
    pub hours: WeekHours,
    pub targets: Vec<(Band, Share)>,
    pub reduced_by: ServiceTimeReduction,
    pub has_load_limit: bool,
    pub response_minutes: Option<u64>,
    pub updates: Vec<UpdateTerm>,
    /// How misses of availability are counted; none if nobody chose.
    pub unit: Option<AvailabilityUnit>,
    pub grades: Vec<Grade>,
    pub year: Option<YearStart>,
    pub unimproved_years: Option<u32>,
    pub monthly_by: Option<ReportDay>,
    /// Name and first day of the edition in force.
    pub edition: Option<(String, NaiveDate)>,
    pub(super) remarks: Vec<Remark>,
}

/// A kind of update with its limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateTerm {
    pub what: String,
    /// None where the limit is no number of hours.
    pub minutes: Option<u64>,
}

/// A grade and the numbers of misses it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grade {
    pub grade: String,
    pub from: u32,
    pub to: Option<u32>,
}

/// Day of the following month on which a report is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportDay {
    Day(u32),
    Last,
}

impl Terms {
    /// Reads the promises; else what keeps one from counting.
    pub fn read(sla: &SlaFile) -> Result<Self, Vec<Finding>> {
        let hours = sla.hours.clone().unwrap_or_default();
        let hours = calendar(&hours);
        let targets = targets(sla);
        let (hours, targets) = match (hours, targets) {
            (Ok(hours), Ok(targets)) => (hours, targets),
            (hours, targets) => {
                return Err(hours.err().into_iter().chain(targets.err()).flatten().collect());
            }
        };
        let evaluation = sla.evaluation.clone().unwrap_or_default();
        let mut remarks = Vec::new();
        let terms = Self {
            hours,
            targets,
            reduced_by: evaluation.reduced_by.unwrap_or(ServiceTimeReduction::Agreed),
            has_load_limit: sla.load_limit.as_ref().is_some_and(|limit| !limit.trim().is_empty()),
            response_minutes: sla.first_response_hours.map(|hours| 60 * u64::from(hours)),
            updates: updates(sla),
            unit: evaluation.availability_unit,
            grades: grades(&evaluation, &mut remarks),
            year: year(&evaluation, &mut remarks),
            unimproved_years: evaluation.unimproved_years,
            monthly_by: sla.reports.as_ref().and_then(|reports| report_day(reports.monthly_by.as_deref()?)),
            edition: edition(sla),
            remarks,
        };
        Ok(terms.with_gaps())
    }

    /// What the contract leaves open, told once.
    fn with_gaps(mut self) -> Self {
        let mut add = |weight, rule, pointer: &str, message: &str, advice: &str| {
            self.remarks.push(Remark::of_terms(weight, rule, pointer, message.to_owned(), advice));
        };
        if self.targets.is_empty() {
            add(
                Weight::Warning,
                "level-target",
                "/availability",
                "稼働率の目標値が書かれていません。",
                "時間帯ごとの目標値を書くと、達したかどうかを比べます。",
            );
        }
        if self.unit.is_none() {
            add(
                Weight::Warning,
                "level-unit",
                "/evaluation/availability_unit",
                "稼働率の未達成を、月ごとに数えるか、評価期間の全体で数えるかが決まっていません。",
                "どちらかを合意し、month 又は year と書いてください。それまでは両方を示します。",
            );
        }
        if self.response_minutes.is_none() {
            add(
                Weight::Warning,
                "level-response",
                "/first_response_hours",
                "第一次対応までの時間数が書かれていないため、障害対応時間を評価していません。",
                "医療機関等と合意した時間数を書いてください。",
            );
        }
        if self.updates.is_empty() {
            add(
                Weight::Note,
                "level-updates",
                "/updates",
                "更新の期限が書かれていないため、更新の遅れを評価していません。",
                "パターンファイルとセキュリティパッチの期限を書いてください。",
            );
        }
        if self.unimproved_years.is_none() {
            add(
                Weight::Note,
                "level-unimproved",
                "/evaluation/unimproved_years",
                "改善されないとみる年数が書かれていないため、長く改善されない事項を示していません。",
                "合意した年数を書いてください。",
            );
        }
        self
    }

    /// What to tell where the promises counted by were not yet in force.
    pub(super) fn edition_remark(&self, from: NaiveDate) -> Option<Remark> {
        let (name, starts_on) = self.edition.as_ref().filter(|(_, starts_on)| from < *starts_on)?;
        Some(Remark::of_terms(
            Weight::Note,
            "level-edition",
            "/editions",
            format!(
                "{from}から{starts_on}の前日までは、今の版（{name}）の適用の前ですが、今の sla.yaml の値で計算しました。"
            ),
            "前の版の値が違うときは、前の版の sla.yaml を置いたフォルダで計算してください。",
        ))
    }
}

fn edition(sla: &SlaFile) -> Option<(String, NaiveDate)> {
    let last = sla.editions.last()?;
    Some((last.edition.clone().unwrap_or_default(), last.starts_on?.0))
}

fn targets(sla: &SlaFile) -> Result<Vec<(Band, Share)>, Vec<Finding>> {
    let (mut targets, mut wrong) = (Vec::new(), Vec::new());
    for (at, row) in sla.availability.iter().enumerate() {
        let (Some(words), Some(target)) = (&row.band, &row.target) else { continue };
        match Band::read(words) {
            Some(band) if targets.iter().all(|(known, _)| *known != band) => targets.push((band, target.clone())),
            Some(_) => wrong.push(band_finding(at, format!("時間帯「{words}」の目標値が二つあります。"))),
            None => wrong.push(band_finding(at, format!("時間帯「{words}」を読み取れませんでした。"))),
        }
    }
    if wrong.is_empty() { Ok(targets) } else { Err(wrong) }
}

fn band_finding(at: usize, message: String) -> Finding {
    Finding {
        severity: crate::finding::Severity::Warning,
        rule: "level-band",
        place: crate::finding::Place::new(crate::finding::File::Sla, format!("/availability/{at}/band")),
        message,
        advice: "「通常業務時間帯」「その他の時間帯」「全時間帯」のどれかを、一度ずつ書いてください。".to_owned(),
    }
}

fn updates(sla: &SlaFile) -> Vec<UpdateTerm> {
    let term = |limit: &crate::stated::UpdateLimit| {
        let what = limit.what.clone()?;
        Some(UpdateTerm { what, minutes: limit.within.as_deref().and_then(limit_minutes) })
    };
    sla.updates.iter().filter_map(term).collect()
}

/// Minutes of `24時間以内`, `7日以内`, `30分以内`; none if it is no span of time.
pub(super) fn limit_minutes(text: &str) -> Option<u64> {
    let text: String = text.trim().trim_start_matches("概ね").chars().filter(|c| !c.is_whitespace()).collect();
    let amount = text.trim_end_matches("以内");
    let units = [("時間", 60), ("日間", 24 * 60), ("日", 24 * 60), ("分", 1)];
    units.iter().find_map(|(unit, minutes)| amount.strip_suffix(unit)?.parse::<u64>().ok()?.checked_mul(*minutes))
}

fn year(evaluation: &EvaluationTerms, remarks: &mut Vec<Remark>) -> Option<YearStart> {
    let words = evaluation.period.as_deref();
    let year = words.and_then(YearStart::read);
    match words {
        Some(words) if year.is_none() => remarks.push(evaluation_period(words).into()),
        None => remarks.push(Remark::of_terms(
            Weight::Warning,
            "sla-period",
            "/evaluation/period",
            "評価期間が書かれていません。".to_owned(),
            "「毎年12月1日から翌年11月30日まで」のように書いてください。それまでは、指定された期間を一つの評価期間とみます。",
        )),
        Some(_) => {}
    }
    year
}

/// `翌月10日`, `翌月末日`.
fn report_day(text: &str) -> Option<ReportDay> {
    let day = text.trim().trim_end_matches("まで").strip_prefix("翌月")?;
    if ["末", "末日"].contains(&day) {
        return Some(ReportDay::Last);
    }
    day.strip_suffix('日')?.parse().ok().filter(|day| (1..=28).contains(day)).map(ReportDay::Day)
}

/// The table of the contract, else that of the guideline's example; none where the own one has holes.
fn grades(evaluation: &EvaluationTerms, remarks: &mut Vec<Remark>) -> Vec<Grade> {
    const PLACE: &str = "/evaluation/grades";
    if evaluation.grades.is_empty() {
        remarks.push(Remark::of_terms(
            Weight::Note,
            "level-grades",
            PLACE,
            "件数と評点の境が書かれていないため、ガイドラインの参考例の表（A 0件、B 1～10件、C 11～20件、D 21件以上）によりました。".to_owned(),
            "合意した表を書いてください。",
        ));
        let example = service_level_rules().grades.iter();
        return example.map(|row| Grade { grade: row.grade.clone(), from: row.from, to: row.to }).collect();
    }
    let own: Vec<Grade> = evaluation.grades.iter().filter_map(grade).collect();
    if own.len() == evaluation.grades.len() && is_whole(&own) {
        return own;
    }
    remarks.push(Remark::of_terms(
        Weight::Warning,
        "level-grades",
        PLACE,
        "件数と評点の境が、0件から切れ目なく続いていないため、評点を付けていません。".to_owned(),
        "最初の行を0件から始め、次の行は前の行の上の境より1件多い数から始めてください。最後の行には上の境を書きません。",
    ));
    Vec::new()
}

fn grade(row: &GradeBand) -> Option<Grade> {
    Some(Grade { grade: row.grade.clone()?, from: row.r#from?, to: row.to })
}

/// From nothing upward without hole or overlap, and without end.
fn is_whole(grades: &[Grade]) -> bool {
    let starts = grades.iter().map(|grade| Some(grade.from));
    let after = grades.iter().map(|grade| grade.to.map(|to| to + 1));
    let joined = std::iter::once(Some(0)).chain(after).zip(starts).all(|(wanted, start)| wanted == start);
    let sound = grades.iter().all(|grade| grade.to.is_none_or(|to| grade.from <= to));
    joined && sound && grades.last().is_some_and(|grade| grade.to.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_as_hours() {
        for (text, minutes) in [
            ("24時間以内", Some(1440)),
            ("概ね1日以内", Some(1440)),
            ("7日以内", Some(10_080)),
            ("30分", Some(30)),
            ("次の定期保守の時", None),
        ] {
            assert_eq!(limit_minutes(text), minutes, "{text}");
        }
    }

    #[test]
    fn grades_have_no_hole() {
        let grades = |rows: &[(u32, Option<u32>)]| -> Vec<Grade> {
            rows.iter().map(|(from, to)| Grade { grade: "A".to_owned(), from: *from, to: *to }).collect()
        };
        for (rows, whole) in [
            (&[(0, Some(0)), (1, Some(10)), (11, None)][..], true),
            (&[(0, Some(0)), (2, None)], false),
            (&[(0, Some(5)), (5, None)], false),
            (&[(1, None)], false),
            (&[(0, Some(0)), (1, Some(10))], false),
            (&[(0, None)], true),
        ] {
            assert_eq!(is_whole(&grades(rows)), whole, "{rows:?}");
        }
    }
}
