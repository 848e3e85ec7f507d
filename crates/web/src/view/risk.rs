//! Risks as list and page show them, and the matrix.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use shirube_catalog::{Certainty, OptionKind};
use shirube_safety::Service;
use shirube_safety::conformity::ControlStatus;
use shirube_safety::model::{Layer, Phase};
use shirube_safety::risk::{Assessment, Rated, Reason, Risk, RiskState, Signed, option_term};

use super::shade::shade;
use super::shared::{Text, Texts};
use super::treatment::anchor;
use super::{Level, SignedView, party_name};
use crate::filter::fold;

/// One risk.
pub struct RiskView {
    pub number: String,
    /// As `assessment.yaml` names it.
    pub id: String,
    pub flow_number: Text,
    pub flow_sentence: Text,
    pub layer: Layer,
    pub phase: Phase,
    pub threat_id: Text,
    pub threat: Text,
    pub location: Text,
    pub class: Text,
    pub statement: Text,
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
    pub decision: Option<Box<DecisionView>>,
    /// Decided, but on facts that have changed since.
    pub outdated: bool,
    /// 量 and 頻度 of the information.
    pub amount: Text,
    /// Party that operates what the flow runs on, where it is neither the provider nor an institution.
    pub supplier: Option<Text>,
    /// Options that the place in the matrix suggests, and why.
    pub suggested: Option<(Text, Text)>,
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
    pub impact_label: Text,
    pub likelihood: u8,
    pub likelihood_label: Text,
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
    pub by: Text,
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
    pub signed: Arc<SignedView>,
    pub impact_reason: Text,
    pub likelihood_reason: Text,
    pub needed_reason: Option<Text>,
    pub approver: Option<Text>,
    pub owner: Option<Text>,
    /// Ticked factors of the 顕在化率.
    pub factors: Vec<&'static str>,
    /// The rules' statement, where the person rewrote it.
    pub rewritten: Option<Text>,
}

pub struct TreatmentRef {
    pub id: Text,
    /// Place on the page of treatments.
    pub anchor: Text,
    pub options: Text,
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

/// What hundreds of risks have in common.
#[derive(Default)]
struct Shared<'a> {
    texts: Texts,
    /// What hangs on the scenarios of a risk alone.
    of_scenarios: HashMap<&'a [String], OfScenarios>,
    /// Who decided, by the place of the decision in the file.
    signed: HashMap<*const Signed, Arc<SignedView>>,
}

type OfScenarios = (Arc<[ScenarioView]>, Arc<[SuggestedControl]>);

impl<'a> Shared<'a> {
    fn of(&mut self, service: &Service, risk: &Risk<'a>) -> OfScenarios {
        let entry = self.of_scenarios.entry(risk.scenarios);
        entry.or_insert_with(|| (scenarios(service, risk), controls(service, risk))).clone()
    }

    fn signed(&mut self, service: &Service, signed: &Signed) -> Arc<SignedView> {
        let made = self.signed.entry(std::ptr::from_ref(signed));
        Arc::clone(made.or_insert_with(|| Arc::new(SignedView::new(service, signed))))
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
            id: shared.texts.of(&treated.treatment.id),
            anchor: shared.texts.of(&anchor(treated)),
            options: shared.texts.of(&terms(&treated.treatment.options)),
        })
        .collect();
    let defence = assessment.defence(at);
    let (scenarios, controls) = shared.of(service, risk);
    let decision = decision(service, shared, risk).map(Box::new);
    let texts = &mut shared.texts;
    RiskView {
        folded: OnceLock::new(),
        number: risk.number.clone(),
        id: risk.id.clone(),
        flow_number: texts.of(&flow.number),
        flow_sentence: texts.of(&flow.sentence()),
        layer: flow.layer,
        phase: flow.phase,
        threat_id: texts.of(&threat.id),
        threat: texts.of(&threat.name),
        location: texts.of(&flow.location()),
        class: texts.of(assessment.class_name(flow)),
        statement: texts.of(risk.text()),
        properties: risk.properties.iter().map(|property| property.term()).collect(),
        rated: rated.map(|rated| rated_view(assessment, texts, rated)),
        proposal: risk.proposal.as_ref().map(|proposal| ProposalView {
            impact: proposal.impact,
            likelihood: proposal.likelihood,
            impact_because: because(texts, &proposal.impact_because),
            likelihood_because: because(texts, &proposal.likelihood_because),
        }),
        unknown: risk.unknown.clone(),
        scenarios,
        controls,
        decision,
        outdated: risk.outdated,
        amount: texts.of(&format!("{}・{}", flow.volume.term(), flow.frequency.term())),
        supplier: assessment.supplier(flow).map(|party| texts.of(&party_name(service, party))),
        suggested: rated.and_then(|rated| {
            let suggestion = assessment.method.suggest(rated.impact, rated.likelihood, false)?;
            Some((texts.of(&terms(&suggestion.options)), texts.of(&suggestion.because)))
        }),
        defence: (defence.measures.len(), defence.viewpoints.len()),
        untreated: treatments.is_empty() && rated.is_some_and(|rated| rated.needed == Some(true)),
        treatments,
    }
}

fn rated_view(assessment: &Assessment, texts: &mut Texts, rated: Rated) -> RatedView {
    RatedView {
        impact: rated.impact,
        impact_label: texts.of(assessment.method.impact_label(rated.impact)),
        likelihood: rated.likelihood,
        likelihood_label: texts.of(assessment.method.likelihood_label(rated.likelihood)),
        level: Level::of(assessment, rated),
        rule: rated.rule.term(),
        needed: match rated.needed {
            Some(true) => "要",
            Some(false) => "不要",
            None => "未定",
        },
    }
}

/// `低減・移転`.
fn terms(options: &[OptionKind]) -> String {
    options.iter().map(|option| option_term(*option)).collect::<Vec<_>>().join("・")
}

fn because(texts: &mut Texts, reasons: &[Reason]) -> Vec<ReasonView> {
    let sign = |by: i8| if by == 0 { String::new() } else { format!("{by:+}") };
    reasons.iter().map(|reason| ReasonView { by: texts.of(&sign(reason.by)), text: reason.text.clone() }).collect()
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

fn decision<'a>(service: &Service<'a>, shared: &mut Shared<'a>, risk: &Risk<'a>) -> Option<DecisionView> {
    let RiskState::Decided(decision) = &risk.state else { return None };
    let signed = shared.signed(service, &decision.decided);
    let mut text = |text: &str| shared.texts.of(text);
    Some(DecisionView {
        signed,
        impact_reason: text(&decision.impact_reason_of(&risk.id)),
        likelihood_reason: text(&decision.likelihood_reason_of(&risk.id)),
        needed_reason: decision.needed_reason.as_deref().map(&mut text),
        approver: decision.approver.as_deref().map(&mut text),
        owner: decision.owner.as_deref().map(&mut text),
        factors: decision.factors.iter().map(|factor| factor.term()).collect(),
        rewritten: decision.statement.as_ref().map(|_| text(&risk.statement)),
    })
}
