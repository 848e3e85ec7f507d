//! What may be shown of audits to anybody: that they were held, and how many findings there are. No name of a person and no
//! weak point in detail.

use chrono::NaiveDate;

use super::{AUDITS, Audit, FINDINGS, FindingState, SELF_CHECKS, findings};
use crate::operation::register::Records;

/// An audit that was held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldAudit {
    pub number: String,
    pub title: String,
    pub kinds: String,
    /// The auditor belongs to the provider.
    pub is_internal: bool,
    /// By the records, the auditor took part in the audited work.
    pub took_part: bool,
    pub done_on: Option<NaiveDate>,
    pub period: Option<(NaiveDate, NaiveDate)>,
    /// Findings that people decided on.
    pub findings: usize,
    /// Of these, those with something still to be done.
    pub open: usize,
}

/// Findings of one grade, by their states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GradeCount {
    /// As the register offers it; empty where nobody wrote one.
    pub grade: String,
    pub states: Vec<(FindingState, usize)>,
    pub all: usize,
}

/// What was held between two days, and how the findings of that stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    pub from: NaiveDate,
    pub until: NaiveDate,
    pub held: Vec<HeldAudit>,
    pub grades: Vec<GradeCount>,
    /// Findings with an earlier one of the same control.
    pub repeated: usize,
    /// Self-checks of the time, which are no audits.
    pub self_checks: usize,
    /// Nobody keeps a register of audits, so that nothing can be told.
    pub is_unknown: bool,
}

/// What was held between two days, both counted; `provider` is what the provider is called.
pub fn summary(records: &Records, provider: &[&str], from: NaiveDate, until: NaiveDate) -> Summary {
    let is_in = |day: Option<NaiveDate>| day.is_some_and(|day| (from..=until).contains(&day));
    let audits: Vec<Audit> = Audit::all(records).into_iter().filter(|one| one.is_done()).collect();
    let audits: Vec<Audit> = audits.into_iter().filter(|one| is_in(one.entry.day("done_on"))).collect();
    let numbers: Vec<&str> = audits.iter().map(|one| one.entry.id.as_str()).collect();
    let all = findings(records);
    let of_these = all.iter().filter(|one| one.counts() && numbers.contains(&one.entry.text("audit").as_str()));
    let of_these: Vec<_> = of_these.collect();
    let offered = records.register(FINDINGS).and_then(|register| register.field("grade"));
    let mut grades: Vec<String> = offered.map(|field| field.options.clone()).unwrap_or_default();
    if of_these.iter().any(|one| one.entry.values("grade").is_empty()) {
        grades.push(String::new());
    }
    let grade = |grade: String| {
        let of_grade: Vec<_> = of_these.iter().filter(|one| one.entry.text("grade") == grade).collect();
        let count = |state| of_grade.iter().filter(|one| one.state == Some(state)).count();
        let states = FindingState::ALL.iter().map(|state| (*state, count(*state))).filter(|(_, count)| *count > 0);
        GradeCount { states: states.collect(), all: of_grade.len(), grade }
    };
    Summary {
        from,
        until,
        held: audits.iter().map(|one| held(one, provider)).collect(),
        grades: grades.into_iter().map(grade).collect(),
        repeated: of_these.iter().filter(|one| one.earlier.is_some()).count(),
        self_checks: records.entries(SELF_CHECKS).iter().filter(|entry| is_in(entry.day("done_on"))).count(),
        is_unknown: !records.is_kept(AUDITS),
    }
}

fn held(audit: &Audit, provider: &[&str]) -> HeldAudit {
    let independence = audit.independence(provider);
    let findings = audit.findings();
    let counted = findings.iter().filter(|one| one.counts());
    HeldAudit {
        number: audit.entry.id.clone(),
        title: audit.entry.text("title"),
        kinds: audit.entry.text("kind").replace('\n', "、"),
        is_internal: independence.is_internal,
        took_part: !independence.took_part().is_empty() || independence.declared == Some(false),
        done_on: audit.entry.day("done_on"),
        period: audit.period(),
        findings: counted.clone().count(),
        open: counted.filter(|one| one.is_open()).count(),
    }
}
