//! Holds what happened against what was promised, month by month and period by period.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::availability::{Band, Figure, Minutes, Reached};
use super::clock::{self, ClockState, Clocked};
use super::consequence::{self, Consequence};
use super::counting::{Counts, Graded};
use super::exclusion::ExcludedInterval;
use super::record::Update;
use super::remark::{EARLIER, OUTAGES, Remark, Weight};
use super::segment::{ByBand, Segment, segments, spread};
use super::stop::{self, Judged, Stopped, stops};
use super::terms::Terms;
use super::tied::ByInstitution;
use crate::calendar::{BusinessTime, Minute, Moment, Span, equinoxes_published_until, years};
use crate::choice::choice;
use crate::model::Date;
use crate::stated::AvailabilityUnit;

/// What to evaluate. The last day is part of it, and nothing later is seen.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// Name of an institution's file; none for the service as a whole, which every outage of anybody touches.
    pub institution: Option<&'a str>,
    /// Day on which the promise begins, if somebody says.
    pub begins: Option<NaiveDate>,
}

/// Everything that came of it.
#[derive(Debug, Clone, Serialize)]
pub struct Evaluation {
    pub from: Date,
    pub to: Date,
    pub periods: Vec<Period>,
    /// Periods before, oldest first.
    pub history: Vec<History>,
    pub outages: Vec<Stopped>,
    pub exclusions: Vec<ExcludedInterval>,
    pub responses: Vec<Clocked>,
    pub updates: Vec<Clocked>,
    pub consequences: Vec<Consequence>,
    pub remarks: Vec<Remark>,
}

impl Evaluation {
    /// Whether a promise was missed.
    pub fn is_unmet(&self) -> bool {
        let by_unit = |period: &Period| period.graded.iter().any(|graded| graded.unmet > 0);
        self.periods.iter().any(by_unit)
    }

    /// Whether something has to be looked at.
    pub fn is_remarked(&self) -> bool {
        self.remarks.iter().any(|remark| remark.weight == Weight::Warning)
    }
}

/// A year of evaluation, or what was asked for of it.
#[derive(Debug, Clone, Serialize)]
pub struct Period {
    pub from: Date,
    pub to: Date,
    /// False where it is only a part: its grade is that of a count that is not finished.
    pub complete: bool,
    pub bands: Vec<Figure>,
    pub months: Vec<Month>,
    pub graded: Vec<Graded>,
}

impl Period {
    /// The result by the way the contract counts.
    pub fn chosen(&self) -> Option<&Graded> {
        self.graded.iter().find(|graded| graded.chosen)
    }
}

/// A month, or the part of it that lies in the period.
#[derive(Debug, Clone, Serialize)]
pub struct Month {
    pub month: String,
    pub from: Date,
    pub to: Date,
    pub bands: Vec<Figure>,
    /// Responses and updates whose limit passed in it.
    pub responses_unmet: u32,
    pub updates_unmet: u32,
}

choice! {
    /// 前の評価の出どころ。
    Origin {
        Computed = "computed", "記録から計算";
        Recorded = "recorded", "評価の記録";
    }
}

/// What an earlier period came to.
#[derive(Debug, Clone, Serialize)]
pub struct History {
    pub from: Date,
    pub to: Date,
    pub origin: Origin,
    pub unmet: u32,
    pub grade: Option<String>,
}

/// Evaluates.
pub fn evaluate(terms: &Terms, records: &ByInstitution, asked: Asked) -> Evaluation {
    let work = Work::new(terms, records, asked);
    let periods: Vec<Period> = work.periods().into_iter().map(|span| work.period(span)).collect();
    let (before, shown): (Vec<Period>, Vec<Period>) = periods.into_iter().partition(|period| period.to.0 < work.from);
    let mut remarks = work.remarks.clone();
    let history = history(&before, terms, records, asked.institution, &mut remarks);
    let months: Vec<&Month> = before.iter().chain(&shown).flat_map(|period| &period.months).collect();
    let consequences = consequence::consequences(&consequence::Case {
        terms,
        months: &months,
        clocks: &work.clocks(),
        periods: &shown,
        history: &history,
        shown_from: work.from,
    });
    let judged = || work.judged.iter().filter(|judged| work.shows_span(judged.span));
    Evaluation {
        from: Date(work.from),
        to: Date(asked.to),
        outages: judged().map(|judged| Stopped::new(judged.outage, work.end)).collect(),
        exclusions: judged().flat_map(|judged| judged.exclusions.iter().cloned()).collect(),
        responses: work.responses.iter().filter(|clock| work.shows(clock)).cloned().collect(),
        updates: work.updates.iter().filter(|clock| work.shows(clock)).cloned().collect(),
        periods: shown,
        history,
        consequences,
        remarks,
    }
}

/// Everything worked out once, over all time that is known.
struct Work<'a> {
    terms: &'a Terms,
    asked: Asked<'a>,
    /// First day that is shown.
    from: NaiveDate,
    /// First day that is computed.
    start: NaiveDate,
    end: Minute,
    judged: Vec<Judged<'a>>,
    segments: Vec<Segment>,
    sums: Vec<ByBand>,
    responses: Vec<Clocked>,
    updates: Vec<Clocked>,
    remarks: Vec<Remark>,
}

impl<'a> Work<'a> {
    fn new(terms: &'a Terms, records: &ByInstitution<'a>, asked: Asked<'a>) -> Self {
        let next = asked.to.succ_opt().unwrap_or(asked.to);
        let end = Minute::start_of(next);
        let from = asked.begins.map_or(asked.from, |begins| begins.max(asked.from));
        let ties = records.outages(asked.institution);
        let outages = ties.first().map(|tied| tied.outage.from.floor());
        let updates = records.updates(asked.institution).map(|update| update.released.floor());
        let earliest = outages.into_iter().chain(updates).min();
        let start = start(terms, asked, from, earliest.map(Minute::day));
        let mut remarks = terms.remarks.clone();
        remarks.extend(of_time(from, asked.to, earliest.map(Minute::day)));
        remarks.extend(terms.edition_remark(from));

        let span = Span::new(Minute::start_of(start), end);
        let judged: Vec<Judged> = ties
            .iter()
            .filter(|tied| tied.outage.from.floor() < end)
            .map(|tied| Judged::new(tied, asked.institution, terms, end))
            .collect();
        let business = BusinessTime::new(&terms.hours.within(Span::new(earliest_clock(&judged, span.from), end)));
        let segments = segments(start, next, &cuts(terms, start, from, next));
        let sums = spread(&segments, &clipped(&judged, span), &business);
        let (responses, updates) = (Vec::new(), Vec::new());
        let mut work = Self { terms, asked, from, start, end, segments, sums, responses, updates, remarks, judged };
        work.run_responses(&business);
        work.run_updates(records.updates(asked.institution));
        work
    }

    fn run_responses(&mut self, business: &BusinessTime) {
        for judged in &self.judged {
            let mut found = Vec::new();
            self.responses.extend(clock::response(judged, self.terms, business, self.end, &mut found));
            found.extend(stop::remark(judged.outage));
            found.extend(judged.exclusions.iter().filter_map(ExcludedInterval::remark));
            if self.shows_span(judged.span) {
                self.remarks.append(&mut found);
            }
        }
    }

    fn run_updates<'u>(&mut self, updates: impl Iterator<Item = &'u Update>) {
        for update in updates {
            let mut found = Vec::new();
            let clock = clock::update(update, self.terms, self.end, &mut found);
            if clock.as_ref().is_some_and(|clock| self.shows(clock)) {
                self.remarks.append(&mut found);
            }
            self.updates.extend(clock);
        }
    }

    fn shows_span(&self, span: Span) -> bool {
        !span.both(self.view()).is_empty() || self.view().contains(span.from)
    }

    fn view(&self) -> Span {
        Span::new(Minute::start_of(self.from), self.end)
    }

    /// Whether it ran within what is shown.
    fn shows(&self, clock: &Clocked) -> bool {
        clock.start < self.end && clock.decided.is_none_or(|decided| Minute::start_of(self.from) <= decided)
    }

    /// First days of the periods, with the day after their last.
    fn periods(&self) -> Vec<(NaiveDate, NaiveDate)> {
        let next = self.asked.to.succ_opt().unwrap_or(self.asked.to);
        let mut cuts = cuts(self.terms, self.start, self.from, next);
        cuts.extend([self.start, next]);
        cuts.sort_unstable();
        cuts.dedup();
        cuts.windows(2).map(|pair| (pair[0], pair[1])).collect()
    }

    fn period(&self, (from, next): (NaiveDate, NaiveDate)) -> Period {
        let span = Span::new(Minute::start_of(from), Minute::start_of(next));
        let within: Vec<usize> =
            (0..self.segments.len()).filter(|at| span.contains(self.segments[*at].span.from)).collect();
        let months: Vec<Month> = within.iter().map(|at| self.month(*at)).collect();
        let sum = within.iter().fold(ByBand::default(), |mut sum, at| {
            sum.iter_mut().zip(self.sums[*at]).for_each(|(sum, more)| sum.add(more));
            sum
        });
        let bands = self.figures(sum);
        let missed = |bands: &[Figure]| count(bands.iter().filter(|figure| figure.state == Reached::Unmet));
        let clocks = Counts {
            availability: 0,
            responses: months.iter().map(|month| month.responses_unmet).sum(),
            updates: months.iter().map(|month| month.updates_unmet).sum(),
        };
        let by_month = Counts { availability: months.iter().map(|month| missed(&month.bands)).sum(), ..clocks };
        let by_year = Counts { availability: missed(&bands), ..clocks };
        let graded = [(AvailabilityUnit::Month, by_month), (AvailabilityUnit::Year, by_year)];
        Period {
            from: Date(from),
            to: Date(before(next)),
            complete: self.is_complete(from, next),
            bands,
            months,
            graded: graded.map(|(unit, counts)| Graded::new(unit, counts, self.terms)).into(),
        }
    }

    /// Whole years, but for the first of a contract, which begins with it.
    fn is_complete(&self, from: NaiveDate, next: NaiveDate) -> bool {
        let Some(year) = self.terms.year else { return true };
        (year.of(from) == from || self.asked.begins == Some(from)) && year.after(from) == next
    }

    fn month(&self, at: usize) -> Month {
        let segment = self.segments[at];
        let unmet = |clocks: &[Clocked]| {
            let within = |clock: &&Clocked| clock.decided.is_some_and(|decided| segment.span.contains(decided));
            count(clocks.iter().filter(|clock| clock.state == ClockState::Unmet).filter(within))
        };
        Month {
            month: segment.month.format("%Y-%m").to_string(),
            from: Date(segment.span.from.day()),
            to: Date(before(segment.span.until.day())),
            bands: self.figures(self.sums[at]),
            responses_unmet: unmet(&self.responses),
            updates_unmet: unmet(&self.updates),
        }
    }

    /// The two bands, and all time together where it has a target.
    fn figures(&self, [business, other]: ByBand) -> Vec<Figure> {
        let mut whole = business;
        whole.add(other);
        let target = |band| self.terms.targets.iter().find(|(known, _)| *known == band).map(|(_, target)| target);
        let figure = |band, minutes: Minutes| Figure::new(band, minutes, self.terms.reduced_by, target(band));
        let mut figures = vec![figure(Band::Business, business), figure(Band::Other, other)];
        figures.extend(target(Band::Whole).map(|_| figure(Band::Whole, whole)));
        figures
    }

    fn clocks(&self) -> Vec<&Clocked> {
        self.responses.iter().chain(&self.updates).collect()
    }
}

/// Clocks may have started before the first period.
fn earliest_clock(judged: &[Judged], start: Minute) -> Minute {
    let known = |judged: &Judged| {
        let clocks = [judged.outage.contacted, judged.outage.detected];
        clocks.into_iter().flatten().map(Moment::floor).fold(judged.span.from, Minute::min)
    };
    judged.iter().map(known).fold(start, Minute::min)
}

fn before(day: NaiveDate) -> NaiveDate {
    day.pred_opt().unwrap_or(day)
}

fn count<T>(all: impl Iterator<Item = T>) -> u32 {
    u32::try_from(all.count()).unwrap_or(u32::MAX)
}

/// Years of evaluation are computed back to the earliest record, since what follows from this one depends on them.
fn start(terms: &Terms, asked: Asked, from: NaiveDate, earliest: Option<NaiveDate>) -> NaiveDate {
    let Some(year) = terms.year else { return from };
    let first = earliest.map_or(from, |earliest| earliest.min(from));
    let known = NaiveDate::from_ymd_opt(*years().start(), 1, 1).unwrap_or(first);
    let start = if first < from { year.of(first) } else { from };
    start.max(asked.begins.unwrap_or(known)).max(known).min(from)
}

/// Where one period ends and another begins.
fn cuts(terms: &Terms, start: NaiveDate, from: NaiveDate, next: NaiveDate) -> Vec<NaiveDate> {
    let mut cuts = vec![from];
    if let Some(year) = terms.year {
        let mut day = year.after(start);
        while day < next {
            cuts.push(day);
            day = year.after(day);
        }
    }
    cuts.retain(|day| start < *day && *day < next);
    cuts
}

fn clipped(judged: &[Judged], span: Span) -> super::stop::Stops {
    let whole = crate::calendar::Spans::of(vec![span]);
    let stops = stops(judged);
    super::stop::Stops { counted: stops.counted.both(&whole), excluded: stops.excluded.map(|spans| spans.both(&whole)) }
}

/// What is not known of the time.
fn of_time(from: NaiveDate, to: NaiveDate, earliest: Option<NaiveDate>) -> Vec<Remark> {
    let note = |file, rule, message: String, advice: &str| Remark {
        weight: Weight::Note,
        rule,
        file,
        row: None,
        pointer: None,
        message,
        advice: advice.to_owned(),
    };
    let mut remarks = Vec::new();
    match earliest {
        None => remarks.push(note(
            OUTAGES,
            "level-no-records",
            "停止と更新の記録がありません。".to_owned(),
            "記録がないことは、停止がなかったことの証拠になりません。記録を取り始めた日を確かめてください。",
        )),
        Some(earliest) if from < earliest => remarks.push(note(
            OUTAGES,
            "level-late-records",
            format!("最も早い記録は{}のものです。{from}からそれまでは、停止がなかったものとして数えました。", earliest),
            "それより前から記録を取っていたかを確かめてください。",
        )),
        Some(_) => {}
    }
    if to.year() > equinoxes_published_until() {
        remarks.push(note(
            "",
            "level-equinox",
            format!(
                "{}年より後の春分の日と秋分の日は、まだ公表されていないため、推計によりました。",
                equinoxes_published_until()
            ),
            "公表された日と違うときは、計算し直してください。",
        ));
    }
    remarks
}

/// Earlier periods: what both sides settled, else what the records give.
fn history(
    before: &[Period],
    terms: &Terms,
    records: &ByInstitution,
    institution: Option<&str>,
    remarks: &mut Vec<Remark>,
) -> Vec<History> {
    let settled = records.records.earlier.iter().filter(|one| one.institution.as_deref() == institution);
    let mut history: Vec<History> = Vec::new();
    for earlier in settled {
        let computed = before.iter().find(|period| (period.from, period.to) == (earlier.from, earlier.to));
        let computed = computed.and_then(Period::chosen).filter(|graded| graded.unmet != earlier.unmet);
        remarks.extend(computed.map(|graded| differs(earlier, graded)));
        history.push(History {
            from: earlier.from,
            to: earlier.to,
            origin: Origin::Recorded,
            unmet: earlier.unmet,
            grade: Some(earlier.grade.clone()),
        });
    }
    let is_settled = |period: &&Period| history.iter().any(|known| known.from <= period.to && period.from <= known.to);
    let computed = before.iter().filter(|period| period.complete && !is_settled(period));
    let computed: Vec<History> = computed.filter_map(|period| of_period(period, terms)).collect();
    history.extend(computed);
    history.sort_by_key(|one| one.from);
    history
}

fn of_period(period: &Period, terms: &Terms) -> Option<History> {
    let graded = terms.unit.and_then(|_| period.chosen())?;
    let (unmet, grade) = (graded.unmet, graded.grade.clone());
    Some(History { from: period.from, to: period.to, origin: Origin::Computed, unmet, grade })
}

fn differs(earlier: &super::record::Earlier, graded: &Graded) -> Remark {
    let message = format!(
        "{}から{}までの評価の記録は未達成{}件ですが、記録から計算すると{}件です。",
        earlier.from, earlier.to, earlier.unmet, graded.unmet
    );
    Remark::of_row(
        EARLIER,
        earlier.row,
        "level-earlier",
        message,
        "どちらが正しいかを確かめてください。評価の記録の方によりました。",
    )
}
