//! One maintenance as it stands: what it needs before, what each institution said, what is missing.

use chrono::{Days, NaiveDate};
use shirube_catalog::{BeforeWork, MaintenanceKind, maintenance_rules};

use super::{CONSENTS, NOTICES, Terms};
use crate::choice::choice;
use crate::operation::register::{Act, Entry, LogLine, Records};
use crate::typed::folded;

choice! {
    /// What an institution said to a maintenance.
    Consent {
        NotNeeded = "not-needed", "承諾は要りません";
        Blanket = "blanket", "包括的事前承諾";
        Consented = "consented", "承諾";
        Waiting = "waiting", "回答待ち";
        Unanswered = "unanswered", "回答なし";
        Declined = "declined", "不承諾";
        NotAsked = "not-asked", "承諾を求めた記録なし";
    }
}

impl Consent {
    /// Whether it does not keep the work from beginning.
    pub fn is_in(self) -> bool {
        matches!(self, Self::NotNeeded | Self::Blanket | Self::Consented)
    }
}

/// What one institution said.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing<'a> {
    pub institution: String,
    pub consent: Consent,
    /// When it was said or asked.
    pub on: Option<NaiveDate>,
    /// The record of it.
    pub record: Option<&'a Entry>,
}

/// Until when something has to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    pub by: NaiveDate,
    /// How the day was counted, in words.
    pub basis: String,
}

/// One maintenance.
#[derive(Debug, Clone)]
pub struct Notice<'a> {
    pub entry: &'a Entry,
    /// None if nobody wrote it.
    pub kind: Option<&'static MaintenanceKind>,
    /// Until when the institutions are to be told; none if nothing is to be told, or from no day.
    pub deadline: Option<Deadline>,
    /// When somebody allowed it to begin without waiting; none if nobody did.
    pub hurried_on: Option<NaiveDate>,
    consents: Vec<&'a Entry>,
    institutions: Vec<String>,
}

impl<'a> Notice<'a> {
    /// All that are kept.
    pub fn all(records: &'a Records, terms: &Terms) -> Vec<Self> {
        records.entries(NOTICES).iter().map(|entry| Self::of(entry, records, terms)).collect()
    }

    pub fn of(entry: &'a Entry, records: &'a Records, terms: &Terms) -> Self {
        let kind = maintenance_rules().kind(&entry.text("category"));
        let mut institutions: Vec<String> = Vec::new();
        for value in entry.values("institutions") {
            let name = terms.name(&value.to_string());
            if !institutions.contains(&name) {
                institutions.push(name);
            }
        }
        Self {
            entry,
            kind,
            deadline: deadline(entry, kind, terms),
            hurried_on: hurried_on(entry, records),
            consents: consents(entry, records).collect(),
            institutions,
        }
        .resolved(terms)
    }

    /// Consents keep only what names an institution of the notice.
    fn resolved(mut self, terms: &Terms) -> Self {
        let names = &self.institutions;
        self.consents.retain(|consent| names.contains(&terms.name(&consent.text("institution"))));
        self.consents.sort_by_key(|consent| (terms.name(&consent.text("institution")), consent.row));
        self
    }

    /// Those it concerns.
    pub fn institutions(&self) -> &[String] {
        &self.institutions
    }

    /// The day from which it may be asked whether it was allowed: when it began, if that is written.
    pub fn started_on(&self) -> Option<NaiveDate> {
        self.entry.day("started_at")
    }

    /// Whether the work was done.
    pub fn is_over(&self) -> bool {
        matches!(self.entry.state.as_str(), "done" | "reported")
    }

    /// Whether it was given up.
    pub fn is_cancelled(&self) -> bool {
        self.entry.state == "cancelled"
    }

    /// Whether it was begun in haste: somebody allowed it and wrote why.
    pub fn is_urgent(&self) -> bool {
        self.hurried_on.is_some() || self.entry.state == "urgent"
    }

    /// What each institution had said by a day.
    pub fn standings(&self, on: NaiveDate, terms: &Terms) -> Vec<Standing<'a>> {
        self.institutions.iter().map(|name| self.standing(name, on, terms)).collect()
    }

    fn standing(&self, institution: &str, on: NaiveDate, terms: &Terms) -> Standing<'a> {
        let of = |consent: Consent, on, record| Standing { institution: institution.to_owned(), consent, on, record };
        if self.kind.is_none_or(|kind| kind.before != BeforeWork::Consent) {
            return of(Consent::NotNeeded, None, None);
        }
        let own = self.consents.iter().filter(|consent| terms.name(&consent.text("institution")) == institution);
        let (general, single): (Vec<&Entry>, Vec<&Entry>) =
            own.copied().partition(|consent| consent.values("notice").is_empty());
        // What was said to this very maintenance counts before what was said to all of its kind.
        let said = single.iter().rev().map(|consent| (said(consent, on, self.is_blanket()), *consent));
        let said: Vec<(Consent, &Entry)> = said.collect();
        if let Some((consent, record)) = said.iter().find(|(consent, _)| *consent != Consent::NotAsked) {
            return of(*consent, day_of(record, *consent), Some(record));
        }
        let blanket = general.iter().find(|consent| said_blanket(consent, on));
        match blanket.filter(|_| self.is_blanket()) {
            Some(record) => of(Consent::Blanket, record.day("answered_on"), Some(record)),
            None => of(Consent::NotAsked, None, None),
        }
    }

    fn is_blanket(&self) -> bool {
        self.kind.is_some_and(|kind| kind.blanket)
    }

    /// When people were told.
    pub fn told_on(&self) -> Option<NaiveDate> {
        self.entry.day("notified_on")
    }

    /// Whether people have to be told before.
    pub fn needs_notice(&self) -> bool {
        self.entry.day("stop_from").is_some() || self.kind.is_some_and(|kind| kind.before != BeforeWork::None)
    }

    /// Whether they were told later than they should have been.
    pub fn is_late(&self) -> bool {
        let late = self.deadline.as_ref().zip(self.told_on()).is_some_and(|(deadline, told)| told > deadline.by);
        late && !self.is_urgent()
    }

    /// What is missing so that it may begin on a day, in sentences; nothing if it may.
    pub fn missing(&self, on: NaiveDate, terms: &Terms) -> Vec<String> {
        if self.is_urgent() {
            return Vec::new();
        }
        let mut missing = Vec::new();
        if self.kind.is_none() {
            missing.push("「保守の種類」が書かれていないため、前もって何が要るかが分かりません。".to_owned());
        }
        if self.institutions.is_empty() {
            missing.push("「対象の医療機関等」が書かれていません。".to_owned());
        }
        if self.needs_notice() {
            match self.told_on() {
                None => missing.push("告知・連絡した日が書かれていません。".to_owned()),
                Some(told) if told > on => {
                    missing.push(format!("告知・連絡した日（{told}）が、始める日（{on}）より後です。"));
                }
                Some(_) => {}
            }
        }
        let open = self.standings(on, terms).into_iter().filter(|one| !one.consent.is_in());
        missing.extend(open.map(|one| format!("{}の承諾がありません（{}）。", one.institution, one.consent.term())));
        missing
    }

    /// Whether the result still has to be reported: the work is over, and no report is written.
    pub fn awaits_report(&self) -> bool {
        self.kind.is_none_or(|kind| kind.report)
            && self.entry.day("ended_at").is_some()
            && self.entry.day("reported_on").is_none()
    }

    /// Other institutions that its texts name, each with the field: they must not go to `institution`.
    pub fn names_others(&self, institution: &str, terms: &Terms) -> Vec<(&'static str, String)> {
        let others = self.institutions.iter().chain(terms.institutions()).filter(|name| *name != institution);
        let mut others: Vec<&String> = others.collect();
        others.sort();
        others.dedup();
        let mut found = Vec::new();
        for (field, title) in TEXTS {
            let text = folded(&self.entry.text(field));
            let named = others.iter().filter(|name| text.contains(&folded(name)));
            found.extend(named.map(|name| (title, (*name).clone())));
        }
        found
    }
}

/// Fields that go to institutions as they are written.
const TEXTS: [(&str, &str); 8] = [
    ("title", "件名"),
    ("content", "内容"),
    ("scope", "影響の及ぶ範囲"),
    ("restore_estimate", "終わらなかったときに元へ戻す時間の見込み"),
    ("stop_reduction", "停止を短くする工夫"),
    ("emergency_reason", "緊急とする理由"),
    ("result", "結果"),
    ("reported_where", "報告の掲載先"),
];

fn deadline(entry: &Entry, kind: Option<&MaintenanceKind>, terms: &Terms) -> Option<Deadline> {
    let before = |day: NaiveDate, days: u32| day.checked_sub_days(Days::new(u64::from(days)));
    let stop = entry.day("stop_from").and_then(|day| {
        let basis = format!("止める日の{}日前まで（{}）", terms.stop_days, terms.stop_basis);
        Some(Deadline { by: before(day, terms.stop_days)?, basis })
    });
    let kind = kind.filter(|kind| kind.before != BeforeWork::None);
    let work = kind.zip(entry.day("starts_at")).and_then(|(kind, day)| {
        // A comprehensive consent makes it a matter of notice, as patches are.
        let days = match kind.before == BeforeWork::Consent && !kind.blanket {
            true => terms.change_days,
            false => terms.patch_days,
        };
        match days {
            Some(days) => {
                let basis = format!("始める日の{days}日前まで（サービスレベル合意書で決めた日数）");
                Some(Deadline { by: before(day, days)?, basis })
            }
            None => Some(Deadline { by: day, basis: format!("始める前まで（{}）", kind.source) }),
        }
    });
    [stop, work].into_iter().flatten().min_by_key(|deadline| deadline.by)
}

fn hurried_on(entry: &Entry, records: &Records) -> Option<NaiveDate> {
    let is_it = |line: &&LogLine| {
        line.counts() && line.entry.as_ref() == Some(&entry.id) && line.act == Act::Step("hurry".to_owned())
    };
    let reasoned = !entry.values("emergency_reason").is_empty();
    records.done(NOTICES).find(is_it).map(|line| line.on).filter(|_| reasoned)
}

/// The consents to a maintenance, and those that were given to all of a kind.
fn consents<'a>(entry: &'a Entry, records: &'a Records) -> impl Iterator<Item = &'a Entry> {
    let id = folded(&entry.id);
    records.entries(CONSENTS).iter().filter(move |consent| {
        let named = consent.values("notice");
        named.is_empty() || named.iter().any(|value| folded(&value.to_string()) == id)
    })
}

/// Given up to a day and not taken back before it.
fn holds(consent: &Entry, on: NaiveDate) -> bool {
    consent.day("answered_on").is_some_and(|day| day <= on) && consent.day("ended_on").is_none_or(|end| end > on)
}

fn said_blanket(consent: &Entry, on: NaiveDate) -> bool {
    matches!(consent.state.as_str(), "blanket" | "withdrawn")
        && !consent.values("evidence").is_empty()
        && holds(consent, on)
}

/// What a record of this very maintenance says by a day. A comprehensive consent stands only for kinds that it can be
/// given to.
fn said(consent: &Entry, on: NaiveDate, is_blanket: bool) -> Consent {
    match consent.state.as_str() {
        "consented" | "withdrawn" if holds(consent, on) => Consent::Consented,
        "blanket" if is_blanket && said_blanket(consent, on) => Consent::Blanket,
        "declined" => Consent::Declined,
        "unanswered" => Consent::Unanswered,
        "consented" | "waiting" | "blanket" => Consent::Waiting,
        _ => Consent::NotAsked,
    }
}

fn day_of(record: &Entry, consent: Consent) -> Option<NaiveDate> {
    match consent {
        Consent::Waiting | Consent::Unanswered => record.day("asked_on"),
        _ => record.day("answered_on"),
    }
}
