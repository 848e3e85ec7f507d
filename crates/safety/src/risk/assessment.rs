//! The assessment of a service: its risks with proposals, decisions and treatments, and what can be asked of it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use shirube_catalog::{Library, Method, OptionKind, Property, RankBand, RankRule, Viewpoint};

use super::treat::Treated;
use super::{AssessmentFile, Avoidance, Decision, Measure, ResidualState, Signed};
use crate::finding::Finding;
use crate::model::{Element, Flow, Flows, PartyKind, ServiceFile, SystemFile, fnv};

/// A threat as this service uses it: the ten of table 5-1, then the service's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreatName {
    pub id: String,
    pub name: String,
    pub own: bool,
}

/// One reason for a value, with how far it moved it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    pub by: i8,
    pub text: Cow<'static, str>,
}

/// 影響度 and 顕在化率 with reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rating {
    pub impact: u8,
    pub likelihood: u8,
    /// Shared by all risks of the same information, unless a rule moves the value.
    pub impact_because: Arc<[Reason]>,
    pub likelihood_because: Vec<Reason>,
}

/// Where a risk stands. Only people move it beyond the proposal.
#[derive(Debug, Clone)]
pub enum RiskState<'a> {
    /// 案
    Proposed,
    /// 決定
    Decided(&'a Decision),
}

/// One risk of one flow under one threat (RISK-005).
#[derive(Debug, Clone)]
pub struct Risk<'a> {
    /// `flow id/threat/rule`: the same as long as these three exist.
    pub id: String,
    /// As printed, e.g. `R-A3`: layer and place in the list of this revision.
    pub number: String,
    /// Index into the flows.
    pub flow: usize,
    /// Index into [`Assessment::threats`].
    pub threat: usize,
    /// What happens, in the words of the rule or of the person who wrote the risk.
    pub statement: Cow<'a, str>,
    pub properties: &'a [Property],
    pub scenarios: &'a [String],
    /// `None` for risks a person wrote: nothing is proposed for them.
    pub proposal: Option<Rating>,
    /// Attributes that would move the proposal, had somebody confirmed them.
    pub unknown: Vec<&'static str>,
    pub state: RiskState<'a>,
    /// True when the facts are no longer those the decision was made on (FLOW-016).
    pub outdated: bool,
}

/// The values in force: the decision's, or the proposal's while there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rated {
    pub impact: u8,
    pub likelihood: u8,
    pub value: u16,
    pub rank: char,
    pub rule: RankRule,
    /// 対応要否; `None` where the criteria leave it to a person who has not said.
    pub needed: Option<bool>,
    /// False while it is 案.
    pub decided: bool,
}

impl Risk<'_> {
    /// Who decided and when; `None` while it is 案.
    pub fn signed(&self) -> Option<&Signed> {
        self.decision().map(|decision| &decision.decided)
    }

    /// The decision in force; `None` while it is 案.
    pub fn decision(&self) -> Option<&Decision> {
        match self.state {
            RiskState::Proposed => None,
            RiskState::Decided(decision) => Some(decision),
        }
    }

    /// The statement in force.
    pub fn text(&self) -> &str {
        self.decision().and_then(|decision| decision.statement.as_deref()).unwrap_or(&self.statement)
    }
}

/// What one threat means for one flow: never blank (RISK-002).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Indices of the risks.
    Risks(Vec<usize>),
    /// By rule, with its reason.
    NotApplicable(&'a str),
    /// By a person.
    Excluded(&'a Signed),
}

/// Everything there is to know about the risks of a service.
pub struct Assessment<'a> {
    pub service: &'a ServiceFile,
    pub system: &'a SystemFile,
    pub decisions: &'a AssessmentFile,
    pub library: &'static Library,
    pub method: Cow<'static, Method>,
    pub flows: Flows,
    pub threats: Vec<ThreatName>,
    pub risks: Vec<Risk<'a>>,
    /// Flow by flow, threat by threat.
    pub cells: Vec<Cell<'a>>,
    pub treated: Vec<Treated<'a>>,
    /// For each risk, the indices of the treatments that name it.
    pub(super) treated_by: Vec<Vec<usize>>,
    /// Findings of the assessment itself; those of the model come from [`crate::model::check`].
    pub findings: Vec<Finding>,
}

/// Counts for covers and pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub flows: usize,
    pub risks: usize,
    pub decided: usize,
    /// Decided, but on facts that have changed since.
    pub outdated: usize,
    pub cells: usize,
    pub cells_with_risks: usize,
    pub cells_with_reason: usize,
    /// Cells whose reason comes from a rule and was confirmed by nobody.
    pub cells_unconfirmed: usize,
}

/// What remains of the risks that are treated, each counted once by the gravest of its treatments (RISK-008).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Residuals {
    /// Count of risks by 影響度 (outer) and 顕在化率 (inner).
    pub matrix: Vec<Vec<usize>>,
    /// Nothing remains.
    pub none: usize,
    pub not_assessed: usize,
    /// Decided risks in need of treatment without one.
    pub untreated: usize,
}

/// What the provider does against one risk, over all treatments that name it (TREAT-004).
#[derive(Debug, Clone, Default)]
pub struct Defence<'a> {
    /// Measures with different words.
    pub measures: Vec<&'a Measure>,
    pub viewpoints: BTreeSet<Viewpoint>,
}

impl<'a> Assessment<'a> {
    pub fn flow(&self, risk: &Risk) -> &Flow {
        &self.flows.list[risk.flow]
    }

    pub fn cell(&self, flow: usize, threat: usize) -> &Cell<'a> {
        &self.cells[flow * self.threats.len() + threat]
    }

    pub fn risk(&self, id: &str) -> Option<&Risk<'a>> {
        self.risk_index(id).map(|at| &self.risks[at])
    }

    /// Index of a risk: its id leads to the flow and the threat, and few risks share a cell.
    pub fn risk_index(&self, id: &str) -> Option<usize> {
        let (flow, threat) = id.rsplit_once('/')?.0.rsplit_once('/')?;
        let flow = self.flows.index(flow)?;
        let threat = self.threats.iter().position(|known| known.id == threat)?;
        match self.cell(flow, threat) {
            Cell::Risks(risks) => risks.iter().copied().find(|&at| self.risks[at].id == id),
            _ => None,
        }
    }

    /// The values in force of a risk; `None` for a person's own risk nobody has rated, and for values that are no
    /// steps of the scales.
    pub fn rated(&self, risk: &Risk) -> Option<Rated> {
        let (impact, likelihood, decision) = match (&risk.state, &risk.proposal) {
            (RiskState::Decided(decision), _) => {
                let (impact, likelihood) = decision.values_of(&risk.id);
                (impact, likelihood, Some(*decision))
            }
            (RiskState::Proposed, Some(proposal)) => (proposal.impact, proposal.likelihood, None),
            (RiskState::Proposed, None) => return None,
        };
        let band = self.method.band_of(impact, likelihood)?;
        let by_rule = needed_by(band.rule);
        Some(Rated {
            impact,
            likelihood,
            value: self.method.value(impact, likelihood),
            rank: band.rank.0,
            rule: band.rule,
            needed: decision.and_then(|decision| decision.needed).or(by_rule),
            decided: decision.is_some(),
        })
    }

    /// Level of a pair of values; `None` when one of them is no step of its scale.
    pub fn band(&self, impact: u8, likelihood: u8) -> Option<&RankBand> {
        self.method.band_of(impact, likelihood)
    }

    /// 分類 of a flow, as the lists print it.
    pub fn class_name(&self, flow: &Flow) -> &str {
        let class = &self.system.information[flow.information].class;
        let found = self.system.information_classes.iter().find(|known| known.id == *class);
        found.map_or("分類なし", |class| &class.name)
    }

    /// Parties of a flow: who owns and who operates what it runs on, then its actor's.
    pub fn parties(&self, flow: &Flow) -> Vec<&'a str> {
        let site = |id: &str| self.system.sites.iter().find(|site| site.id == id).map(|site| site.owner.as_str());
        let actor = |at: usize| self.system.actors[at].party.as_str();
        let mut parties: Vec<&str> = Vec::new();
        match flow.element {
            Element::Node(at) => {
                let node = &self.system.nodes[at];
                parties.extend(node.owner.as_deref().or_else(|| site(node.site.as_deref()?)));
                parties.extend(node.operator.as_deref());
            }
            Element::Link(at) => parties.extend(self.system.links[at].operator.as_deref()),
            Element::Transport(_) => {}
        }
        parties.extend(flow.actor.map(actor));
        let mut seen = BTreeSet::new();
        parties.retain(|party| seen.insert(*party));
        parties
    }

    /// The party other than the provider and the institutions that operates what a flow runs on (RISK-022).
    pub fn supplier(&self, flow: &Flow) -> Option<&'a str> {
        let operator = match flow.element {
            Element::Node(at) => {
                let node = &self.system.nodes[at];
                node.operator.as_deref().or(node.owner.as_deref())
            }
            Element::Link(at) => self.system.links[at].operator.as_deref(),
            Element::Transport(_) => flow.actor.map(|at| self.system.actors[at].party.as_str()),
        }?;
        let party = self.service.parties.iter().find(|party| party.id == operator);
        let theirs = party.is_some_and(|party| matches!(party.kind, PartyKind::Institution | PartyKind::Patient));
        (operator != self.service.provider && !theirs).then_some(operator)
    }

    /// Treatments that name a risk.
    pub fn treatments_of(&self, risk: usize) -> impl Iterator<Item = &Treated<'a>> {
        self.treated_by[risk].iter().map(|&at| &self.treated[at])
    }

    /// What the provider does against a risk.
    pub fn defence(&self, risk: usize) -> Defence<'a> {
        let mut defence = Defence::default();
        for measure in self.treatments_of(risk).flat_map(|treated| &treated.treatment.measures) {
            if defence.measures.iter().all(|known| known.text.trim() != measure.text.trim()) {
                defence.measures.push(measure);
            }
            defence.viewpoints.insert(measure.viewpoint);
        }
        defence
    }

    /// Whether a treatment abolishes or replaces this flow (TREAT-005).
    pub fn avoided(&self, flow: &Flow) -> Option<&'a Avoidance> {
        let avoiding = self.treated.iter().filter(|t| t.treatment.options.contains(&OptionKind::Avoidance));
        avoiding.filter_map(|t| t.treatment.avoidance.as_ref()).find(|avoidance| avoidance.flow == flow.id)
    }

    /// Decided risks that need treatment and have none.
    pub fn untreated(&self) -> impl Iterator<Item = usize> + '_ {
        self.risks.iter().enumerate().filter_map(|(at, risk)| {
            let rated = self.rated(risk).filter(|rated| rated.decided && rated.needed == Some(true));
            (rated.is_some() && self.treated_by[at].is_empty()).then_some(at)
        })
    }

    pub fn counts(&self) -> Counts {
        let count = |of: fn(&Cell) -> bool| self.cells.iter().filter(|cell| of(cell)).count();
        let with_risks = count(|cell| matches!(cell, Cell::Risks(_)));
        let by_rule = count(|cell| matches!(cell, Cell::NotApplicable(_)));
        Counts {
            flows: self.flows.list.len(),
            risks: self.risks.len(),
            decided: self.risks.iter().filter(|risk| risk.signed().is_some()).count(),
            outdated: self.risks.iter().filter(|risk| risk.outdated).count(),
            cells: self.cells.len(),
            cells_with_risks: with_risks,
            cells_with_reason: self.cells.len() - with_risks,
            cells_unconfirmed: if self.decisions.identification_closed.is_some() { 0 } else { by_rule },
        }
    }

    /// Count of risks in each cell of the matrix, by 影響度 (outer) and 顕在化率 (inner): (decided, proposed).
    pub fn matrix(&self) -> Vec<Vec<(usize, usize)>> {
        let mut counts = vec![vec![(0, 0); self.method.likelihood.len()]; self.method.impact.len()];
        for rated in self.risks.iter().filter_map(|risk| self.rated(risk)) {
            let count = &mut counts[usize::from(rated.impact) - 1][usize::from(rated.likelihood) - 1];
            if rated.decided { count.0 += 1 } else { count.1 += 1 }
        }
        counts
    }

    /// What remains of every treated risk.
    pub fn residuals(&self) -> Residuals {
        let mut counts = Residuals {
            matrix: vec![vec![0; self.method.likelihood.len()]; self.method.impact.len()],
            untreated: self.untreated().count(),
            ..Residuals::default()
        };
        for treated_by in self.treated_by.iter().filter(|treatments| !treatments.is_empty()) {
            match self.gravest(treated_by) {
                Some(Some((impact, likelihood))) => {
                    counts.matrix[usize::from(impact) - 1][usize::from(likelihood) - 1] += 1;
                }
                Some(None) => counts.none += 1,
                None => counts.not_assessed += 1,
            }
        }
        counts
    }

    /// The gravest values that remain after these treatments, `Some(None)` where nothing does; `None` while one of
    /// them is not assessed.
    fn gravest(&self, treatments: &[usize]) -> Option<Option<(u8, u8)>> {
        let mut gravest = None;
        for &at in treatments {
            match self.treated[at].residual() {
                ResidualState::NotAssessed => return None,
                ResidualState::None => {}
                ResidualState::Remains { impact, likelihood, .. } => {
                    self.band(impact, likelihood)?;
                    let value = |(i, l): (u8, u8)| (self.method.value(i, l), i);
                    if gravest.is_none_or(|known| value((impact, likelihood)) > value(known)) {
                        gravest = Some((impact, likelihood));
                    }
                }
            }
        }
        Some(gravest)
    }

    /// A value that changes whenever the facts do on which these risks are rated: class and amount of the
    /// information, and what the rules read of the device or link.
    pub fn basis(&self, risks: &[usize]) -> String {
        let lines = risks.iter().map(|&at| {
            let risk = &self.risks[at];
            let mut line = format!("{}\u{1f}{}", risk.id, self.system.information[self.flow(risk).information].class);
            if let Some(proposal) = &risk.proposal {
                line.push_str(&format!("\u{1f}{}\u{1f}{}", proposal.impact, proposal.likelihood));
                let moves = proposal.impact_because.iter().chain(&proposal.likelihood_because);
                moves.for_each(|reason| line.push_str(&format!("\u{1f}{:+}", reason.by)));
            }
            risk.unknown.iter().for_each(|term| line.push_str(&format!("\u{1f}{term}")));
            line.push('\u{1e}');
            line
        });
        fnv(lines.collect::<String>().bytes())
    }
}

/// What the criteria say of 対応要否; `None` where a person has to judge.
fn needed_by(rule: RankRule) -> Option<bool> {
    match rule {
        RankRule::SeveralMeasures | RankRule::Treat => Some(true),
        RankRule::Judge => None,
        RankRule::None => Some(false),
    }
}
