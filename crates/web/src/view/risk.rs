//! Risks as list and page show them, and the matrix.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use shirube_catalog::Certainty;
use shirube_safety::Service;
use shirube_safety::conformity::ControlStatus;
use shirube_safety::model::{Layer, Phase};
use shirube_safety::risk::{Assessment, Rated, Reason, Risk, RiskState, option_term};

use super::shade::shade;
use super::treatment::anchor;
use super::{Level, SignedView, party_name};
use crate::filter::fold;

/// One risk.
pub struct RiskView {
    pub number: String,
    /// As `assessment.yaml` names it.
    pub id: String,
    pub flow_number: String,
    pub flow_sentence: String,
    pub layer: Layer,
    pub phase: Phase,
    pub threat_id: String,
    pub threat: String,
    pub location: String,
    pub class: String,
    pub statement: String,
    pub properties: Vec<&'static str>,
    /// `None` for a person's own risk nobody has rated.
    pub rated: Option<RatedView>,
    /// What the rules proposed, with reasons.
    pub proposal: Option<ProposalView>,
    /// Attributes that would move the proposal, had somebody confirmed them.
    pub unknown: Vec<&'static str>,
    /// Shared by all risks of the same rule.
    pub scenarios: Arc<[ScenarioView]>,
    /// Controls that answer the scenarios; shared likewise.
    pub controls: Arc<[SuggestedControl]>,
    pub decision: Option<DecisionView>,
    /// Decided, but on facts that have changed since.
    pub outdated: bool,
    /// 量 and 頻度 of the information.
    pub amount: String,
    /// Party that operates what the flow runs on, where it is neither the provider nor an institution.
    pub supplier: Option<String>,
    /// Options that the place in the matrix suggests, and why.
    pub suggested: Option<(String, String)>,
    /// Measures and viewpoints over all treatments.
    pub defence: (usize, usize),
    pub treatments: Vec<TreatmentRef>,
    /// In need of treatment, by decision or proposal, and without one.
    pub untreated: bool,
    /// What a search looks through; folded at the first search.
    folded: OnceLock<String>,
}

/// The values in force.
pub struct RatedView {
    pub impact: u8,
    pub impact_label: String,
    pub likelihood: u8,
    pub likelihood_label: String,
    pub level: Level,
    /// What the criteria say of the level.
    pub rule: &'static str,
    pub needed: &'static str,
}

pub struct ProposalView {
    pub impact: u8,
    pub likelihood: u8,
    pub impact_because: Vec<ReasonView>,
    pub likelihood_because: Vec<ReasonView>,
}

pub struct ReasonView {
    /// `+1`, `-1`; empty for the starting point.
    pub by: String,
    pub text: Cow<'static, str>,
}

pub struct ScenarioView {
    pub id: &'static str,
    pub text: &'static str,
    /// Set where the scenario was not fully seen in the original.
    pub doubt: Option<&'static str>,
}

pub struct SuggestedControl {
    pub id: String,
    pub href: String,
    pub text: &'static str,
    pub status: ControlStatus,
}

/// What a person decided.
pub struct DecisionView {
    pub signed: SignedView,
    pub impact_reason: String,
    pub likelihood_reason: String,
    pub needed_reason: Option<String>,
    pub approver: Option<String>,
    pub owner: Option<String>,
    /// Ticked factors of the 顕在化率.
    pub factors: Vec<&'static str>,
    /// The rules' statement, where the person rewrote it.
    pub rewritten: Option<String>,
}

pub struct TreatmentRef {
    pub id: String,
    /// Place on the page of treatments.
    pub anchor: String,
    pub options: String,
}

/// All risks with the matrix.
pub struct Risks {
    pub list: Vec<RiskView>,
    pub matrix: Matrix,
    /// Ranks of the method in force, gravest first, with their rules.
    pub ranks: Vec<RankView>,
    pub threats: Vec<(String, String)>,
}

pub struct RankView {
    pub rank: char,
    pub shade: &'static str,
    pub range: String,
    pub rule: &'static str,
    pub count: usize,
}

/// 影響度 × 顕在化率 with counts (RISK-008).
pub struct Matrix {
    pub columns: Vec<StepView>,
    /// Gravest 影響度 first.
    pub rows: Vec<MatrixRow>,
}

pub struct StepView {
    pub value: u8,
    pub label: String,
    pub gloss: Option<String>,
}

pub struct MatrixRow {
    pub impact: StepView,
    pub cells: Vec<MatrixCell>,
}

pub struct MatrixCell {
    pub likelihood: u8,
    pub rank: char,
    pub value: u16,
    pub shade: &'static str,
    pub decided: usize,
    pub proposed: usize,
}

impl RiskView {
    pub fn is_decided(&self) -> bool {
        self.decision.is_some()
    }

    pub fn rank(&self) -> Option<char> {
        self.rated.as_ref().map(|rated| rated.level.rank)
    }

    /// What a search looks through.
    pub fn text(&self) -> &str {
        self.folded.get_or_init(|| {
            fold(&format!("{} {} {} {} {}", self.number, self.statement, self.location, self.threat, self.id))
        })
    }
}

impl Risks {
    pub fn new(service: &Service) -> Self {
        let assessment = &service.assessment;
        let mut shared = Shared::default();
        let list: Vec<RiskView> =
            assessment.risks.iter().enumerate().map(|(at, risk)| view(service, &mut shared, at, risk)).collect();
        let ranks = assessment.method.ranks.iter().map(|band| RankView {
            rank: band.rank.0,
            shade: shade(&assessment.method, band.rank.0),
            range: if band.from == band.to { band.from.to_string() } else { format!("{}～{}", band.from, band.to) },
            rule: band.rule.term(),
            count: list.iter().filter(|risk| risk.rank() == Some(band.rank.0)).count(),
        });
        Self {
            ranks: ranks.collect(),
            matrix: matrix(assessment),
            threats: assessment.threats.iter().map(|threat| (threat.id.clone(), threat.name.clone())).collect(),
            list,
        }
    }

    pub fn position(&self, number: &str) -> Option<usize> {
        self.list.iter().position(|risk| risk.number == number)
    }
}

fn matrix(assessment: &Assessment) -> Matrix {
    draw(assessment, &assessment.matrix())
}

/// The matrix with counts of decided and proposed risks by 影響度 (outer) and 顕在化率 (inner).
pub fn draw(assessment: &Assessment, counts: &[Vec<(usize, usize)>]) -> Matrix {
    let method = &assessment.method;
    let step = |step: &shirube_catalog::Factor| StepView {
        value: step.value,
        label: step.label.clone(),
        gloss: step.gloss.clone(),
    };
    let rows = method.impact.iter().zip(counts).rev().map(|(impact, counts)| MatrixRow {
        impact: step(impact),
        cells: method
            .likelihood
            .iter()
            .zip(counts)
            .map(|(likelihood, &(decided, proposed))| {
                let value = method.value(impact.value, likelihood.value);
                let rank = method.band(value).map_or('？', |band| band.rank.0);
                let likelihood = likelihood.value;
                MatrixCell { likelihood, rank, value, shade: shade(method, rank), decided, proposed }
            })
            .collect(),
    });
    Matrix { rows: rows.collect(), columns: method.likelihood.iter().map(step).collect() }
}

/// What hangs on the scenarios of a risk alone. Hundreds of risks have the same.
#[derive(Default)]
struct Shared<'a>(HashMap<&'a [String], OfScenarios>);

type OfScenarios = (Arc<[ScenarioView]>, Arc<[SuggestedControl]>);

impl<'a> Shared<'a> {
    fn of(&mut self, service: &Service, risk: &Risk<'a>) -> OfScenarios {
        let made = self.0.entry(risk.scenarios).or_insert_with(|| (scenarios(service, risk), controls(service, risk)));
        made.clone()
    }
}

fn view<'a>(service: &Service<'a>, shared: &mut Shared<'a>, at: usize, risk: &Risk<'a>) -> RiskView {
    let assessment = &service.assessment;
    let flow = assessment.flow(risk);
    let threat = &assessment.threats[risk.threat];
    let rated = assessment.rated(risk);
    let treatments: Vec<TreatmentRef> = assessment
        .treatments_of(at)
        .map(|treated| TreatmentRef {
            id: treated.treatment.id.clone(),
            anchor: anchor(treated),
            options: treated.treatment.options.iter().map(|option| option_term(*option)).collect::<Vec<_>>().join("・"),
        })
        .collect();
    let location = flow.location();
    let defence = assessment.defence(at);
    let (scenarios, controls) = shared.of(service, risk);
    RiskView {
        folded: OnceLock::new(),
        number: risk.number.clone(),
        id: risk.id.clone(),
        flow_number: flow.number.clone(),
        flow_sentence: flow.sentence(),
        layer: flow.layer,
        phase: flow.phase,
        threat_id: threat.id.clone(),
        threat: threat.name.clone(),
        location,
        class: assessment.class_name(flow).to_owned(),
        statement: risk.text().to_owned(),
        properties: risk.properties.iter().map(|property| property.term()).collect(),
        rated: rated.map(|rated| rated_view(assessment, rated)),
        proposal: risk.proposal.as_ref().map(|proposal| ProposalView {
            impact: proposal.impact,
            likelihood: proposal.likelihood,
            impact_because: because(&proposal.impact_because),
            likelihood_because: because(&proposal.likelihood_because),
        }),
        unknown: risk.unknown.clone(),
        scenarios,
        controls,
        decision: decision(service, risk),
        outdated: risk.outdated,
        amount: format!("{}・{}", flow.volume.term(), flow.frequency.term()),
        supplier: assessment.supplier(flow).map(|party| party_name(service, party)),
        suggested: rated.and_then(|rated| {
            let suggestion = assessment.method.suggest(rated.impact, rated.likelihood, false)?;
            let options: Vec<&str> = suggestion.options.iter().map(|option| option_term(*option)).collect();
            Some((options.join("・"), suggestion.because.clone()))
        }),
        defence: (defence.measures.len(), defence.viewpoints.len()),
        untreated: treatments.is_empty() && rated.is_some_and(|rated| rated.needed == Some(true)),
        treatments,
    }
}

fn rated_view(assessment: &Assessment, rated: Rated) -> RatedView {
    RatedView {
        impact: rated.impact,
        impact_label: assessment.method.impact_label(rated.impact).to_owned(),
        likelihood: rated.likelihood,
        likelihood_label: assessment.method.likelihood_label(rated.likelihood).to_owned(),
        level: Level::of(assessment, rated),
        rule: rated.rule.term(),
        needed: match rated.needed {
            Some(true) => "要",
            Some(false) => "不要",
            None => "未定",
        },
    }
}

fn because(reasons: &[Reason]) -> Vec<ReasonView> {
    let sign = |by: i8| if by == 0 { String::new() } else { format!("{by:+}") };
    reasons.iter().map(|reason| ReasonView { by: sign(reason.by), text: reason.text.clone() }).collect()
}

fn scenarios(service: &Service, risk: &Risk) -> Arc<[ScenarioView]> {
    let provider = &service.assessment.library.provider;
    let known = risk.scenarios.iter().filter_map(|id| provider.scenario(id));
    known
        .map(|scenario| ScenarioView {
            id: &scenario.id,
            text: &scenario.text,
            doubt: (scenario.certainty != Certainty::Seen).then(|| scenario.certainty.term()),
        })
        .collect()
}

fn controls(service: &Service, risk: &Risk) -> Arc<[SuggestedControl]> {
    let answers = service.answers.conformity.controls.iter();
    let fitting = answers.filter(|answered| {
        answered.control.scenario.as_ref().is_some_and(|scenario| risk.scenarios.contains(scenario))
    });
    fitting
        .map(|answered| SuggestedControl {
            id: answered.control.id.to_string(),
            href: format!("/controls/{}", answered.control.id.ascii()),
            text: &answered.control.text,
            status: answered.status(),
        })
        .collect()
}

fn decision(service: &Service, risk: &Risk) -> Option<DecisionView> {
    let RiskState::Decided(decision) = &risk.state else { return None };
    Some(DecisionView {
        signed: SignedView::new(service, &decision.decided),
        impact_reason: decision.impact_reason_of(&risk.id),
        likelihood_reason: decision.likelihood_reason_of(&risk.id),
        needed_reason: decision.needed_reason.clone(),
        approver: decision.approver.clone(),
        owner: decision.owner.clone(),
        factors: decision.factors.iter().map(|factor| factor.term()).collect(),
        rewritten: decision.statement.as_ref().map(|_| risk.statement.to_string()),
    })
}
