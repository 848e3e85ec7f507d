//! Until when somebody has to be told something: which clocks run, how they are counted, and what remains (OPS-054, OPS-068).

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use shirube_catalog::{AgreedClock, ClockEnd, ClockStart, IncidentClock, incident_rules};

use super::fact::{Facts, Holds};
use super::moment::{At, in_words};
use super::{Affected, Incident};
use crate::model::SystemFile;
use crate::operation::register::{Act, Entry};
use crate::stated::{ClockTerm, SlaFile};

/// What the organisation and its contracts say of the lengths.
#[derive(Debug, Clone, Default)]
pub struct Parameters {
    /// Of `rules.yaml`.
    pub rules: Vec<ClockTerm>,
    /// What holds for every institution without terms of its own.
    pub common: ContractTerms,
    /// Institutions by their names.
    pub own: Vec<(String, ContractTerms)>,
}

/// What was agreed on notices of an incident.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ContractTerms {
    pub first_report_minutes: Option<u32>,
    pub update_hours: Option<u32>,
}

impl ContractTerms {
    pub fn of(sla: &SlaFile) -> Self {
        let report = sla.incident.as_ref();
        Self {
            first_report_minutes: report.and_then(|report| report.first_report_minutes),
            update_hours: report.and_then(|report| report.update_hours),
        }
    }

    /// These terms, with those of all where they say nothing.
    pub fn or(self, common: Self) -> Self {
        Self {
            first_report_minutes: self.first_report_minutes.or(common.first_report_minutes),
            update_hours: self.update_hours.or(common.update_hours),
        }
    }

    fn length(&self, agreed: AgreedClock) -> Option<Length> {
        match agreed {
            AgreedClock::FirstReport => self.first_report_minutes.map(Length::Minutes),
            AgreedClock::Update => self.update_hours.map(Length::Hours),
        }
    }
}

/// How long a clock runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    Minutes(u32),
    Hours(u32),
    Days(u32),
}

impl std::fmt::Display for Length {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Minutes(n) => write!(f, "{n}分"),
            Self::Hours(n) => write!(f, "{n}時間"),
            Self::Days(n) => write!(f, "{n}日"),
        }
    }
}

/// Until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    At(NaiveDateTime),
    /// Until the day is over.
    EndOf(NaiveDate),
}

impl Due {
    /// The moment after which it is too late.
    pub fn limit(self) -> NaiveDateTime {
        match self {
            Self::At(moment) => moment,
            Self::EndOf(day) => day.checked_add_days(Days::new(1)).unwrap_or(day).and_time(NaiveTime::MIN),
        }
    }

    /// Whether it is over at a moment.
    pub fn is_over(self, now: NaiveDateTime) -> bool {
        match self {
            Self::At(moment) => now > moment,
            Self::EndOf(day) => now.date() > day,
        }
    }

    /// Whether something came too late; none where its time is not known.
    fn is_missed(self, at: At) -> Option<bool> {
        match (self, at.time) {
            (Self::EndOf(day), _) => Some(at.day > day),
            (Self::At(moment), Some(_)) => Some(at.earliest() > moment),
            (Self::At(moment), None) if at.day == moment.date() => None,
            (Self::At(moment), None) => Some(at.day > moment.date()),
        }
    }
}

impl std::fmt::Display for Due {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::At(moment) => write!(f, "{}", moment.format("%Y-%m-%d %H:%M")),
            Self::EndOf(day) => write!(f, "{day} 24:00"),
        }
    }
}

/// How a clock stands.
#[derive(Debug, Clone, PartialEq)]
pub enum ClockState {
    /// With the reason.
    NotApplicable(String),
    /// With the blank fields.
    CannotTell(String),
    /// It applies, but nobody has said how long it is.
    NotAgreed,
    /// It applies, but what it counts from has not happened or was not written.
    NotStarted(String),
    Running(TimeDelta),
    Overdue(TimeDelta),
    /// When, and whether too late, where both are known.
    Done {
        at: Option<At>,
        late: Option<bool>,
    },
}

impl ClockState {
    /// The word of programs.
    pub fn token(&self) -> &'static str {
        match self {
            Self::NotApplicable(_) => "not-applicable",
            Self::CannotTell(_) => "cannot-tell",
            Self::NotAgreed => "not-agreed",
            Self::NotStarted(_) => "not-started",
            Self::Running(_) => "running",
            Self::Overdue(_) => "overdue",
            Self::Done { .. } => "done",
        }
    }

    /// In one phrase.
    pub fn words(&self) -> String {
        match self {
            Self::NotApplicable(why) => format!("当てはまりません（{why}）"),
            Self::CannotTell(blank) => format!("当てはまるか分かりません（{blank}が空です）"),
            Self::NotAgreed => "〔未定〕長さを決めていません".to_owned(),
            Self::NotStarted(why) => format!("まだ数えていません（{why}）"),
            Self::Running(left) => format!("あと{}", in_words(*left)),
            Self::Overdue(by) => format!("期限を{}過ぎています", in_words(*by)),
            Self::Done { at, late } => {
                let at = at.map(|at| format!(" {at}")).unwrap_or_default();
                format!("済{at}{}", if *late == Some(true) { "（期限の後）" } else { "" })
            }
        }
    }
}

/// One clock of one incident.
#[derive(Debug, Clone)]
pub struct Clock {
    pub rule: &'static IncidentClock,
    /// For one institution alone, where its contract has a length of its own.
    pub institution: Option<String>,
    pub state: ClockState,
    pub start: Option<At>,
    pub length: Option<Length>,
    /// Until when, also where it is not known whether it applies.
    pub due: Option<Due>,
    /// How it is counted.
    pub counted: String,
    /// What the length rests on, and how certain that is.
    pub basis: String,
}

impl Clock {
    /// Whom it is about: a notice's receiver, or the one institution.
    pub fn whom(&self) -> &str {
        self.institution.as_deref().unwrap_or(&self.rule.whom)
    }

    pub fn is_overdue(&self) -> bool {
        matches!(self.state, ClockState::Overdue(_))
    }
}

/// All clocks of an incident at a moment.
pub fn clocks(
    incident: &Incident,
    system: &SystemFile,
    affected: &Affected,
    parameters: &Parameters,
    now: NaiveDateTime,
) -> Vec<Clock> {
    let facts = Facts::of(incident, system);
    let counting = Counting { incident, facts, parameters, now };
    let mut clocks = Vec::new();
    for rule in &incident_rules().clocks {
        match rule.agreed {
            None => clocks.push(counting.own(rule)),
            Some(agreed) => clocks.extend(counting.contracts(rule, agreed, affected)),
        }
    }
    clocks
}

/// The clock that runs out next, or ran out first.
pub fn nearest(clocks: &[Clock]) -> Option<&Clock> {
    let runs = |clock: &&Clock| matches!(clock.state, ClockState::Running(_) | ClockState::Overdue(_));
    clocks.iter().filter(runs).min_by_key(|clock| clock.due.map(Due::limit))
}

struct Counting<'a> {
    incident: &'a Incident<'a>,
    facts: Facts,
    parameters: &'a Parameters,
    now: NaiveDateTime,
}

/// A length with what it rests on.
struct Stated {
    length: Option<Length>,
    first_day: bool,
    basis: String,
    /// Why it is this one of two lengths.
    because: String,
}

impl Counting<'_> {
    /// A clock whose length the rules or the organisation state.
    fn own(&self, rule: &'static IncidentClock) -> Clock {
        let term = self.parameters.rules.iter().find(|term| term.clock.token() == rule.id);
        let (is_longer, because) = self.longer(rule);
        let usual = rule.days.map(|days| match &rule.longer {
            Some(longer) if is_longer => longer.days,
            _ => days,
        });
        let stated = match term {
            Some(term) => Stated {
                length: match (term.hours, term.wrongful_days.filter(|_| is_longer), term.days) {
                    (_, Some(days), _) | (None, None, Some(days)) => Some(Length::Days(days)),
                    (Some(hours), None, _) => Some(Length::Hours(hours)),
                    (None, None, None) => usual.map(Length::Days),
                },
                first_day: term.first_day.unwrap_or(rule.first_day),
                basis: format!("自社で確かめ、又は決めた長さ（{}）", term.basis),
                because,
            },
            None => Stated {
                length: usual.map(Length::Days),
                first_day: rule.first_day,
                basis: match usual {
                    Some(_) => format!("備え付けの長さ。{}。使う前に確かめてください", rule.certainty.term()),
                    None => "長さを決めていません。運用管理規程の「事故の期限」で決めます".to_owned(),
                },
                because,
            },
        };
        self.clock(rule, None, stated)
    }

    /// Whether the longer length holds, and why this one is taken.
    fn longer(&self, rule: &IncidentClock) -> (bool, String) {
        let Some(longer) = &rule.longer else { return (false, String::new()) };
        match self.facts.any(&longer.when) {
            Holds::Yes => (true, format!("{}ため、長い方で数えます。", longer.because)),
            Holds::No => (false, String::new()),
            Holds::Unknown(blank) => {
                let blank = blank.join("、");
                (false, format!("{}か分からないため（{blank}が空です）、短い方で数えます。", longer.because))
            }
        }
    }

    /// The clocks of contracts: the common one, and those of institutions whose contract says something else.
    fn contracts(&self, rule: &'static IncidentClock, agreed: AgreedClock, affected: &Affected) -> Vec<Clock> {
        let common = self.parameters.common.length(agreed);
        let concerned = affected.concerned();
        let differs = |name: &&str| {
            let own = self.parameters.own.iter().find(|(known, _)| known == name);
            own.and_then(|(_, terms)| terms.length(agreed)).is_some_and(|own| Some(own) != common)
        };
        let (own, others): (Vec<&str>, Vec<&str>) = concerned.into_iter().partition(differs);
        let stated = |length: Option<Length>| Stated {
            length,
            first_day: false,
            basis: match length {
                Some(_) => "医療機関等と合意した長さ（SLAの事故の報告）".to_owned(),
                None => "合意した長さがありません（SLAの事故の報告）".to_owned(),
            },
            because: String::new(),
        };
        let mut clocks = Vec::new();
        if own.is_empty() || !others.is_empty() {
            clocks.push(self.clock(rule, None, stated(common)));
        }
        for name in own {
            let terms = self.parameters.own.iter().find(|(known, _)| known == name);
            let length = terms.and_then(|(_, terms)| terms.length(agreed));
            clocks.push(self.clock(rule, Some(name.to_owned()), stated(length)));
        }
        clocks
    }

    fn clock(&self, rule: &'static IncidentClock, institution: Option<String>, stated: Stated) -> Clock {
        let start = self.start(rule.from);
        let due = start.zip(stated.length).and_then(|(start, length)| due(start, length, stated.first_day));
        let mut counted = counted(rule.from, stated.length, stated.first_day);
        if start.is_some_and(|start| start.time.is_none()) && !matches!(stated.length, Some(Length::Days(_)) | None) {
            counted.push_str("時刻が書かれていないため、その日の0時から数えます。");
        }
        counted.push_str(&stated.because);
        let state = self.state(rule, start, due, stated.length);
        Clock { rule, institution, state, start, length: stated.length, due, counted, basis: stated.basis }
    }

    fn state(&self, rule: &IncidentClock, start: Option<At>, due: Option<Due>, length: Option<Length>) -> ClockState {
        if self.incident.is_dismissed() {
            return ClockState::NotApplicable("事故ではないと判断しました".to_owned());
        }
        match self.facts.any(&rule.applies) {
            Holds::No => return ClockState::NotApplicable(self.why_not(rule)),
            Holds::Unknown(blank) => return ClockState::CannotTell(blank.join("、")),
            Holds::Yes => {}
        }
        if let Some(at) = self.done(rule.until) {
            let late = due.zip(at).filter(|_| !rule.while_open).and_then(|(due, at)| due.is_missed(at));
            return ClockState::Done { at, late };
        }
        match (length, due) {
            (None, _) => ClockState::NotAgreed,
            (Some(_), None) => ClockState::NotStarted(match (rule.from, start) {
                (ClockStart::LastNotice, _) => "第一報がまだです".to_owned(),
                (from, _) => format!("{}が空です", from.term()),
            }),
            (Some(_), Some(due)) if due.is_over(self.now) => ClockState::Overdue(self.now - due.limit()),
            (Some(_), Some(due)) => ClockState::Running(due.limit() - self.now),
        }
    }

    fn why_not(&self, rule: &IncidentClock) -> String {
        let by_institutions = rule.applies.iter().any(|facts| facts.institutions == Some(true));
        if by_institutions {
            "医療機関等に関わらないと判断しました"
        } else {
            "種類、重大さなどが当たりません"
        }
        .to_owned()
    }

    fn start(&self, from: ClockStart) -> Option<At> {
        match from {
            ClockStart::Found => self.incident.at("found_at"),
            ClockStart::Recovered => self.incident.at("recovered_at"),
            ClockStart::LastNotice => {
                let sent = self.incident.related("reports-sent");
                let sent = sent.into_iter().filter_map(|report| sent_at(self.incident, report));
                self.incident.at("first_reported_at").into_iter().chain(sent).max()
            }
        }
    }

    /// The fact by which a clock has stopped: none while it is not there, without a moment where nobody wrote one.
    fn done(&self, until: ClockEnd) -> Option<Option<At>> {
        let incident = self.incident;
        let told = |stage: Option<&str>| {
            let notices = incident.related("authority-notices").into_iter();
            let notices = notices.filter(|notice| stage.is_none_or(|stage| notice.text("stage") == stage));
            let notices: Vec<&Entry> = notices.collect();
            let first = notices.iter().filter_map(|notice| At::of(notice, "told_at")).min();
            let is_not_needed = stage.is_some() && notices.iter().any(|notice| notice.state == "not-needed");
            let all_not_needed = !notices.is_empty() && notices.iter().all(|notice| notice.state == "not-needed");
            first.map(Some).or((is_not_needed || all_not_needed).then_some(None))
        };
        match until {
            ClockEnd::FirstReport => incident.at("first_reported_at").map(Some),
            ClockEnd::Recovery => incident.at("recovered_at").map(Some).or((!incident.is_open()).then_some(None)),
            ClockEnd::AuthorityTold => told(None),
            ClockEnd::PrivacyQuick => told(Some("速報")),
            ClockEnd::PrivacyFinal => told(Some("確報")),
            ClockEnd::FinalReport => {
                let reports = incident.related("reports-sent").into_iter();
                let finals = reports.filter(|report| report.text("stage") == "終報");
                finals.filter_map(|report| sent_at(incident, report)).min().map(Some)
            }
            ClockEnd::Prevention => {
                let adopted = matches!(incident.entry.state.as_str(), "agreed" | "closed");
                incident.at("proposed_on").map(Some).or(adopted.then_some(None))
            }
        }
    }
}

/// When a report went out: by the log where it has the time, else by its day.
fn sent_at(incident: &Incident, report: &Entry) -> Option<At> {
    let day = At::of(report, "sent_on")?;
    let is_it = |act: &Act| matches!(act, Act::Step(step) if step == "send" || step == "post");
    let lines = incident.records.done("reports-sent");
    let mut lines = lines.filter(|line| line.entry.as_ref() == Some(&report.id) && is_it(&line.act));
    let time = lines.find(|line| line.on == day.day).and_then(|line| line.at);
    Some(At { time, ..day })
}

/// The end of a length.
fn due(start: At, length: Length, first_day: bool) -> Option<Due> {
    let after = |length: TimeDelta| start.earliest().checked_add_signed(length).map(Due::At);
    match length {
        Length::Minutes(minutes) => after(TimeDelta::minutes(i64::from(minutes))),
        Length::Hours(hours) => after(TimeDelta::hours(i64::from(hours))),
        Length::Days(days) => {
            let days = if first_day { days.saturating_sub(1) } else { days };
            start.day.checked_add_days(Days::new(u64::from(days))).map(Due::EndOf)
        }
    }
}

/// The counting rule in words.
fn counted(from: ClockStart, length: Option<Length>, first_day: bool) -> String {
    match length {
        None => format!("{}から数えます。", from.term()),
        Some(Length::Days(days)) => {
            let first = if first_day { from.day_term().to_owned() } else { format!("{}の翌日", from.day_term()) };
            format!(
                "{first}を1日目として、{days}日目の24時まで。土曜日、日曜日、祝日も数え、期限が休みの日でも延ばしません。"
            )
        }
        Some(length) => format!("{}から{length}後まで。夜間と休みの日も数えます。", from.term()),
    }
}
