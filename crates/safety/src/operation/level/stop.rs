//! From outages to the minutes in which the service stood still, each counted once.

use serde::Serialize;
use shirube_catalog::ExclusionClass;

use super::exclusion::ExcludedInterval;
use super::record::{Extent, Outage, Source};
use super::remark::{OUTAGES, Remark};
use super::terms::Terms;
use super::tied::Tied;
use crate::calendar::{Minute, Span, Spans};

/// All stopped time, by what becomes of it.
#[derive(Debug, Default)]
pub(super) struct Stops {
    pub counted: Spans,
    /// By class, in the order of the table; no minute is in two of them or counted.
    pub excluded: [Spans; 4],
}

/// An outage as it is shown.
#[derive(Debug, Clone, Serialize)]
pub struct Stopped {
    pub id: String,
    #[serde(flatten)]
    pub span: Span,
    /// It has not ended; it is counted up to the end of what was asked for.
    pub open: bool,
    pub minutes: u64,
    pub part: Option<String>,
    pub cause: Option<String>,
    pub extent: Option<Extent>,
    pub source: Source,
    /// Whether it counts as a stop of the service.
    pub counts: bool,
    pub corrected: Option<String>,
}

impl Stopped {
    pub(super) fn new(outage: &Outage, end: Minute) -> Self {
        let span = outage.span(end);
        Self {
            id: outage.id.clone(),
            span,
            open: outage.until.is_none_or(|until| until.ceil() > end),
            minutes: span.minutes(),
            part: outage.part.clone(),
            cause: outage.cause.clone(),
            extent: outage.extent,
            source: outage.source,
            counts: outage.is_stop(),
            corrected: outage.corrected.clone(),
        }
    }
}

/// An outage with its intervals judged.
#[derive(Debug)]
pub(super) struct Judged<'r> {
    pub outage: &'r Outage,
    pub span: Span,
    pub exclusions: Vec<ExcludedInterval>,
}

impl<'r> Judged<'r> {
    pub(super) fn new(tied: &Tied<'r>, institution: Option<&str>, terms: &Terms, end: Minute) -> Self {
        let judge = |exclusion: &&_| ExcludedInterval::judge(exclusion, tied.outage, institution, terms, end);
        Self {
            outage: tied.outage,
            span: tied.outage.span(end),
            exclusions: tied.exclusions.iter().map(judge).collect(),
        }
    }

    /// What is left of it without what is taken off.
    pub(super) fn left(&self) -> Spans {
        let off = self.exclusions.iter().filter(|one| one.taken_off).map(|one| one.span);
        Spans::of(vec![self.span]).without(&Spans::of(off.collect()))
    }
}

/// Puts the stops over each other. Time of an agreed stop is no time in which the service is provided (別紙1 II 1.3), so
/// nothing else counts in it. Beside that, a minute counts if any outage that is not excluded covers it.
pub(super) fn stops(judged: &[Judged]) -> Stops {
    let (mut left, mut by_class): (Vec<Span>, [Vec<Span>; 4]) = Default::default();
    for one in judged.iter().filter(|one| one.outage.is_stop()) {
        left.extend(one.left().iter());
        for off in one.exclusions.iter().filter(|off| off.taken_off) {
            by_class[off.class as usize].push(off.span);
        }
    }
    let [agreed, others @ ..] = by_class.map(Spans::of);
    let counted = Spans::of(left).without(&agreed);
    let mut taken: Vec<Span> = counted.iter().chain(agreed.iter()).collect();
    let mut rest = |class: Spans| {
        let own = class.without(&Spans::of(taken.clone()));
        taken.extend(own.iter());
        own
    };
    let [uncontrollable, institution, other] = others;
    let excluded = [agreed, rest(uncontrollable), rest(institution), rest(other)];
    Stops { counted, excluded }
}

const _: () = assert!(ExclusionClass::Agreed as usize == 0, "classes stand in the order of the table");

/// What is unclear in an outage, and how it was read.
pub(super) fn remark(outage: &Outage) -> Option<Remark> {
    let told = |rule, message: String, advice: &str| Some(Remark::of_row(OUTAGES, outage.row, rule, message, advice));
    match outage.extent {
        None => told(
            "level-extent",
            format!("停止「{}」の範囲が書かれていないため、全部停止として数えました。", outage.id),
            "全部停止、一部停止、応答の低下のどれかを書いてください。",
        ),
        Some(Extent::Part) if outage.hinders.is_none() => told(
            "level-hindrance",
            format!(
                "一部停止「{}」が重大な支障を及ぼしたかどうかが書かれていないため、停止として数えました。",
                outage.id
            ),
            "双方で判断し、はい又はいいえ、判断した人、理由を書いてください。",
        ),
        Some(Extent::Part) if outage.hinders == Some(false) && !outage.judged.is_whole() => told(
            "level-hindrance",
            format!(
                "一部停止「{}」は、重大な支障なしとされていますが、双方の判断した人と理由がそろわないため、停止として数えました。",
                outage.id
            ),
            "乙と甲のそれぞれで判断した人と、理由を書いてください。",
        ),
        _ => None,
    }
}
