//! What reports are made from, and what several of them hold.

use chrono::{Datelike, Months, NaiveDate};
use shirube_catalog::{Register, RegisterField, ReportSource};

use super::whose::{Tie, WITHHELD, Whose};
use super::{BLANK, Content, DutyMonth, Levels, Table, columns};
use crate::ServiceFiles;
use crate::calendar::end_of_month;
use crate::operation::level::{Asked, ByInstitution, Evaluation, Terms, evaluate};
use crate::operation::register::{Entry, Records, due};

/// Everything a report to one institution is made from.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// The service as it is for the institution.
    pub files: &'a ServiceFiles,
    pub records: &'a Records,
    /// What was promised, and what happened; none where nobody keeps the records.
    pub levels: Option<(&'a Terms, &'a ByInstitution<'a>)>,
    pub whose: &'a Whose,
    /// The name of the institution in the records of outages.
    pub institution: &'a str,
    /// First and last day of its contract.
    pub begins: Option<NaiveDate>,
    pub ends: Option<NaiveDate>,
    /// The day on which the report is made.
    pub on: NaiveDate,
}

impl<'a> Case<'a> {
    /// The last day of a time whose records can be known.
    pub(super) fn last(&self, to: NaiveDate) -> NaiveDate {
        to.min(self.on).min(self.ends.unwrap_or(to))
    }

    pub(super) fn evaluation(&self, from: NaiveDate, to: NaiveDate) -> Option<Evaluation> {
        let (terms, records) = self.levels?;
        let asked = Asked { from, to: self.last(to), institution: Some(self.institution), begins: self.begins };
        Some(self.whose.evaluation(evaluate(terms, records, asked)))
    }

    /// The service levels of a time, with the years of evaluation before it if they are wanted.
    pub(super) fn levels(&self, from: NaiveDate, to: NaiveDate, years_before: i32) -> Option<Levels> {
        let (terms, _) = self.levels?;
        let start = terms.year.map_or(from, |year| year.of(from));
        let earlier = terms.year.and_then(|year| year.of(from).with_year(start.year() - years_before));
        let years = match earlier.filter(|_| years_before > 0) {
            Some(earlier) => self.known_years(earlier, to),
            None => Vec::new(),
        };
        Some(Levels {
            evaluation: self.evaluation(from, to)?,
            so_far: self.evaluation(start, to)?,
            reduced_by: terms.reduced_by.term(),
            years,
        })
    }

    /// Years of evaluation that the records reach back to.
    fn known_years(&self, earlier: NaiveDate, to: NaiveDate) -> Vec<crate::operation::level::Period> {
        let Some((_, records)) = self.levels else { return Vec::new() };
        let Some(first) = records.first_day(Some(self.institution)) else { return Vec::new() };
        let from = earlier.max(first.with_day(1).unwrap_or(first));
        self.evaluation(from, to).map(|found| found.periods).unwrap_or_default()
    }

    /// Duties done and overdue in each month up to the last day that is known.
    pub(super) fn duty_months(&self, from: NaiveDate, to: NaiveDate) -> Vec<DutyMonth> {
        let (mut months, mut month) = (Vec::new(), from.with_day(1).unwrap_or(from));
        let last = self.last(to);
        while month <= last {
            let end = end_of_month(month).min(last);
            let done = self.done(month.max(from), end).len();
            let overdue = self.overdue(end).len();
            months.push(DutyMonth { month: month.format("%Y-%m").to_string(), done, overdue });
            let Some(next) = month.checked_add_months(Months::new(1)) else { break };
            month = next;
        }
        months
    }

    /// Whether an entry of a register may count for the institution: its own, or nobody's.
    fn concerns(&self, register: &Register, entry: &Entry) -> bool {
        self.whose.tie(register, entry) != Tie::Others
    }

    /// Register and duty of each time a duty was done.
    fn done(&self, from: NaiveDate, to: NaiveDate) -> Vec<(&'a str, &'a str)> {
        let within = self.records.log.iter().filter(|line| line.counts() && from <= line.on && line.on <= to);
        let named = within.filter_map(|line| {
            let register = self.records.register(&line.register)?;
            let duty = register.duties.iter().find(|duty| line.act.is_duty(&duty.id))?;
            let concerns = match &line.entry {
                None => true,
                Some(id) => {
                    let mut entries = self.records.entries(&register.id).iter();
                    entries.find(|entry| entry.id == *id).is_some_and(|entry| self.concerns(register, entry))
                }
            };
            concerns.then_some((register.title.as_str(), duty.title.as_str()))
        });
        named.collect()
    }

    fn overdue(&self, on: NaiveDate) -> Vec<(&'a str, &'a str)> {
        let due = due(self.records, on, on).into_iter().filter(|due| due.is_overdue());
        let own = due.filter(|due| due.entry.is_none_or(|entry| self.concerns(due.register, entry)));
        own.map(|due| (due.register.title.as_str(), due.duty.title.as_str())).collect()
    }

    /// Duties with how often they were done and how many of them are overdue at the end.
    pub(super) fn duties(&self, from: NaiveDate, to: NaiveDate) -> Content {
        let last = self.last(to);
        let (done, overdue) = (self.done(from, last), self.overdue(last));
        let mut names: Vec<(&str, &str)> = done.iter().chain(&overdue).copied().collect();
        names.sort_unstable();
        names.dedup();
        if names.is_empty() {
            return Content::Missing("この期間に行った務めの記録も、期日を過ぎた務めも、台帳にありません。".to_owned());
        }
        let count = |all: &[(&str, &str)], name: &(&str, &str)| all.iter().filter(|one| *one == name).count();
        let row = |name: &(&str, &str)| {
            let counts = [count(&done, name), count(&overdue, name)].map(|count| count.to_string());
            [self.whose.shown(name.0), self.whose.shown(name.1)].into_iter().chain(counts).collect()
        };
        Content::Table(Table {
            title: "務めの実施".to_owned(),
            columns: columns(&[("台帳", false), ("務め", false), ("行った回数", true), ("期日を過ぎたもの", true)]),
            rows: names.iter().map(row).collect(),
        })
    }

    /// Entries that tell of the institution within a time, with their days.
    pub(super) fn entries(
        &self,
        source: &ReportSource,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Vec<(NaiveDate, &'a Entry, Tie)> {
        let Some(register) = self.records.register(&source.register) else { return Vec::new() };
        let found = self.records.entries(&source.register).iter().filter_map(|entry| {
            let day = day(source, entry)?;
            let tie = self.tie(source, register, entry)?;
            (from <= day && day <= self.last(to) && is_meant(source, entry)).then_some((day, entry, tie))
        });
        let mut found: Vec<_> = found.collect();
        found.sort_by_key(|(day, entry, _)| (*day, entry.row));
        found
    }

    /// How an entry is tied to the institution; none where it is not about it.
    pub(super) fn tie(&self, source: &ReportSource, register: &Register, entry: &Entry) -> Option<Tie> {
        match self.whose.tie(register, entry) {
            Tie::Others => None,
            Tie::Nobody if !source.shared_by_all => None,
            tie => Some(tie),
        }
    }

    /// A field of an entry as the institution may read it.
    pub(super) fn shown(&self, field: &RegisterField, entry: &Entry) -> String {
        match entry.text(&field.id) {
            text if text.is_empty() => BLANK.to_owned(),
            text => self.whose.shown(&text),
        }
    }

    /// What an entry is called, if that names nobody else.
    pub(super) fn number(&self, entry: &Entry) -> String {
        self.whose.shown(&entry.id)
    }

    /// Entries of a register without an institution of their own, or with this one, within a time.
    pub(super) fn within(&self, register: &str, field: &str, from: NaiveDate, to: NaiveDate) -> Option<Vec<&'a Entry>> {
        let declared = self.records.register(register)?;
        if !self.records.is_kept(register) {
            return None;
        }
        let last = self.last(to);
        let is_it = |entry: &&Entry| entry.day(field).is_some_and(|day| from <= day && day <= last);
        let entries = self.records.entries(register).iter().filter(|entry| self.concerns(declared, entry));
        Some(entries.filter(is_it).collect())
    }
}

/// The day of an entry: the first of the fields that is written.
pub(super) fn day(source: &ReportSource, entry: &Entry) -> Option<NaiveDate> {
    source.when.iter().find_map(|field| entry.day(field))
}

pub(super) fn is_meant(source: &ReportSource, entry: &Entry) -> bool {
    let Some(only) = &source.only else { return true };
    entry.values(&only.field).iter().any(|value| only.options.contains(&value.to_string()))
}

/// What has to be told of withheld texts.
pub(super) fn withheld(rows: &[Vec<String>]) -> Option<String> {
    let count = rows.iter().flatten().filter(|text| *text == WITHHELD).count();
    (count > 0).then(|| {
        format!(
            "ほかの医療機関等の名前のある欄が{count}か所あり、載せていません。報告に要る内容は、台帳の記録を医療機関等ごとに分けて書いてください。"
        )
    })
}
