//! Open points as cards that lead to where they can be closed.

use shirube_safety::{OpenPoint, Service};

use crate::query::link;

/// What nobody has decided, answered or evaluated, and what is settled.
pub struct OpenView {
    /// Kinds with something open, or with nothing recorded yet.
    pub cards: Vec<OpenCard>,
    /// Titles of the kinds that are settled.
    pub settled: Vec<&'static str>,
}

/// One kind of open point.
pub struct OpenCard {
    pub title: &'static str,
    pub open: usize,
    pub total: usize,
    /// What is counted, e.g. `リスク`.
    pub of: &'static str,
    /// What has to happen.
    pub advice: &'static str,
    pub href: String,
}

impl OpenCard {
    /// Share of what is settled, in thousandths of the bar's width.
    pub fn settled(&self) -> usize {
        (self.total - self.open.min(self.total)) * 1000 / self.total.max(1)
    }

    /// Nothing there to decide on.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }
}

impl OpenView {
    pub fn new(service: &Service) -> Self {
        let (open, settled): (Vec<&OpenPoint>, Vec<_>) = service.points.iter().partition(|point| is_card(point));
        Self {
            cards: open.into_iter().map(card).collect(),
            settled: settled.into_iter().filter(|point| point.total > 0).map(|point| point.title).collect(),
        }
    }
}

/// Open, or one of the lists that every service has to fill.
fn is_card(point: &OpenPoint) -> bool {
    point.open > 0 || point.total == 0 && matches!(point.rule, "risk-undecided" | "residual-not-assessed")
}

fn card(point: &OpenPoint) -> OpenCard {
    OpenCard {
        title: point.title,
        open: point.open,
        total: point.total,
        of: point.of,
        advice: point.advice,
        href: href(point.rule),
    }
}

/// The page on which an open point can be seen.
pub fn href(rule: &str) -> String {
    let page = match rule {
        "flows-not-reviewed" => "/flows",
        "termination-missing" => return link("/flows", &[("end", "none")]),
        "risk-undecided" => return link("/risks", &[("state", "proposed")]),
        "decision-outdated" => "/risks",
        "risk-untreated" | "residual-not-assessed" => "/treatments",
        "consideration-unanswered" => "/treatments#considerations",
        "control-unanswered" => return link("/controls", &[("status", "unanswered")]),
        "control-unsigned" => "/controls",
        "statutory-unanswered" | "statutory-unsigned" => "/statutory",
        "role-missing" => "#who",
        _ => "#findings",
    };
    page.to_owned()
}
