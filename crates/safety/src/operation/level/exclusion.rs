//! 算定除外: what is taken off a stop, and what is not although somebody asked for it.

use serde::Serialize;
use shirube_catalog::ExclusionClass;

use super::record::{Affected, Exclusion, Outage, Row};
use super::remark::{EXCLUSIONS, Remark};
use super::terms::Terms;
use crate::calendar::{Minute, Span};
use crate::model::Date;

/// An interval that somebody wants taken off, with what came of it.
#[derive(Debug, Clone, Serialize)]
pub struct ExcludedInterval {
    pub outage: String,
    #[serde(flatten)]
    pub span: Span,
    pub minutes: u64,
    pub class: ExclusionClass,
    pub item: &'static str,
    pub evidence: Option<String>,
    pub confirmed_by: Option<String>,
    pub confirmed_on: Option<Date>,
    pub taken_off: bool,
    /// Why it is not taken off.
    pub why_not: Option<&'static str>,
    #[serde(skip)]
    pub row: Row,
}

impl ExcludedInterval {
    /// Judges one interval. Whole minutes only: a minute that is excluded in part is not excluded.
    pub(super) fn judge(
        exclusion: &Exclusion,
        outage: &Outage,
        institution: Option<&str>,
        terms: &Terms,
        end: Minute,
    ) -> Self {
        let wanted = Span::new(exclusion.from.ceil(), exclusion.until.floor());
        let span = wanted.both(outage.span(end));
        let why_not = why_not(exclusion, outage, institution, terms);
        Self {
            outage: exclusion.outage.clone(),
            span: if span.is_empty() { Span::new(wanted.from, wanted.from) } else { span },
            minutes: span.minutes(),
            class: exclusion.item.class,
            item: &exclusion.item.text,
            evidence: exclusion.evidence.clone(),
            confirmed_by: exclusion.confirmed_by.clone(),
            confirmed_on: exclusion.confirmed_on,
            taken_off: why_not.is_none() && !span.is_empty(),
            why_not,
            row: exclusion.row,
        }
    }

    /// What to tell of an interval that is not taken off.
    pub(super) fn remark(&self) -> Option<Remark> {
        let why = self.why_not?;
        let message = format!("停止「{}」の「{}」は、{why}ため、停止時間から除いていません。", self.outage, self.item);
        let advice = "根拠と、医療機関等の側で確かめた人と日を書くと除きます。性能要件を超える負荷は、sla.yaml の load_limit で数字を決めてから除けます。";
        Some(Remark::of_row(EXCLUSIONS, self.row, "level-exclusion", message, advice))
    }
}

fn why_not(exclusion: &Exclusion, outage: &Outage, institution: Option<&str>, terms: &Terms) -> Option<&'static str> {
    if exclusion.evidence.is_none() {
        return Some("根拠が書かれていない");
    }
    if exclusion.confirmed_by.is_none() || exclusion.confirmed_on.is_none() {
        return Some("医療機関等の確認がない");
    }
    if exclusion.item.needs_load_limit && !terms.has_load_limit {
        return Some("性能要件の数字が決まっていない");
    }
    (!confirmed(exclusion, outage, institution)).then_some("一部の医療機関等しか確認していない")
}

/// One institution's confirmation says nothing for another.
fn confirmed(exclusion: &Exclusion, outage: &Outage, institution: Option<&str>) -> bool {
    match (&exclusion.confirmed_for, institution) {
        (Affected::All, _) => true,
        (Affected::Some(names), Some(name)) => names.iter().any(|one| one == name),
        (Affected::Some(names), None) => match &outage.affected {
            Affected::All => false,
            Affected::Some(touched) => touched.iter().all(|one| names.contains(one)),
        },
    }
}
