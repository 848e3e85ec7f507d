//! The assessment: flows × threats, proposals, and people's decisions laid over them.

use std::borrow::Cow;
use std::collections::HashMap;

use shirube_catalog::{Library, Method, OptionKind, Outcome, Property, RankBand, RankRule};

use super::condition::FactReader;
use super::identify::{Said, propose, put, statement};
use super::treat::{Treated, treatments};
use super::{AssessmentFile, Decision, Rules, Signed, method_of};
use crate::finding::{File, Finding, Findings, Severity};
use crate::model::{Flow, Flows, Layer, ServiceFile, SystemFile};

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
    pub text: String,
}

/// 影響度 and 顕在化率 with reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rating {
    pub impact: u8,
    pub likelihood: u8,
    pub impact_because: Vec<Reason>,
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
    /// What happens.
    pub statement: String,
    pub properties: &'static [Property],
    pub scenarios: &'static [String],
    /// `None` for risks a person wrote: nothing is proposed for them.
    pub proposal: Option<Rating>,
    /// Attributes that would move the proposal, had somebody confirmed them.
    pub unknown: Vec<&'static str>,
    pub state: RiskState<'a>,
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
        match &self.state {
            RiskState::Proposed => None,
            RiskState::Decided(decision) => Some(&decision.decided),
        }
    }

    /// The statement in force.
    pub fn text(&self) -> &str {
        match &self.state {
            RiskState::Decided(Decision { statement: Some(text), .. }) => text,
            _ => &self.statement,
        }
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
    by_id: HashMap<String, usize>,
    /// Flow by flow, threat by threat.
    pub cells: Vec<Cell<'a>>,
    pub treated: Vec<Treated<'a>>,
    /// Findings of the assessment itself; those of the model come from [`crate::model::check`].
    pub findings: Vec<Finding>,
}

/// Counts for covers and pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub flows: usize,
    pub risks: usize,
    pub decided: usize,
    pub cells: usize,
    pub cells_with_risks: usize,
    pub cells_with_reason: usize,
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

    /// Index of a risk.
    pub fn risk_index(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The values in force of a risk; `None` for a person's own risk nobody has rated.
    pub fn rated(&self, risk: &Risk) -> Option<Rated> {
        let (impact, likelihood, decision) = match (&risk.state, &risk.proposal) {
            (RiskState::Decided(decision), _) => (decision.impact, decision.likelihood, Some(*decision)),
            (RiskState::Proposed, Some(proposal)) => (proposal.impact, proposal.likelihood, None),
            (RiskState::Proposed, None) => return None,
        };
        let value = self.method.value(impact, likelihood);
        let band = self.method.band(value)?;
        let by_rule = needed_by(band.rule);
        Some(Rated {
            impact,
            likelihood,
            value,
            rank: band.rank.0,
            rule: band.rule,
            needed: decision.and_then(|decision| decision.needed).or(by_rule),
            decided: decision.is_some(),
        })
    }

    /// Level of a pair of values.
    pub fn band(&self, impact: u8, likelihood: u8) -> Option<&RankBand> {
        self.method.band(self.method.value(impact, likelihood))
    }

    /// 分類 of a flow, as the lists print it.
    pub fn class_name(&self, flow: &Flow) -> &str {
        let class = &self.system.information[flow.information].class;
        let found = self.system.information_classes.iter().find(|known| known.id == *class);
        found.map_or("分類なし", |class| &class.name)
    }

    /// Treatments that name a risk.
    pub fn treatments_of(&self, risk: usize) -> impl Iterator<Item = &Treated<'a>> {
        self.treated.iter().filter(move |treated| treated.risks.contains(&risk))
    }

    /// Whether a treatment abolishes or replaces this flow (TREAT-005).
    pub fn avoided(&self, flow: &Flow) -> Option<&super::Avoidance> {
        let avoiding = self.treated.iter().filter(|t| t.treatment.options.contains(&OptionKind::Avoidance));
        avoiding.filter_map(|t| t.treatment.avoidance.as_ref()).find(|avoidance| avoidance.flow == flow.id)
    }

    pub fn counts(&self) -> Counts {
        let with_risks = self.cells.iter().filter(|cell| matches!(cell, Cell::Risks(_))).count();
        Counts {
            flows: self.flows.list.len(),
            risks: self.risks.len(),
            decided: self.risks.iter().filter(|risk| risk.signed().is_some()).count(),
            cells: self.cells.len(),
            cells_with_risks: with_risks,
            cells_with_reason: self.cells.len() - with_risks,
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
}

/// What the criteria say of 対応要否; `None` where a person has to judge.
pub(super) fn needed_by(rule: RankRule) -> Option<bool> {
    match rule {
        RankRule::SeveralMeasures | RankRule::Treat => Some(true),
        RankRule::Judge => None,
        RankRule::None => Some(false),
    }
}

/// Assesses a service: identifies, proposes, and lays the decisions over the proposals.
pub fn assess<'a>(
    service: &'a ServiceFile,
    system: &'a SystemFile,
    decisions: &'a AssessmentFile,
    flows: Flows,
    rules: &Rules,
    library: &'static Library,
) -> Assessment<'a> {
    let method = method_of(service, library).unwrap_or(Cow::Borrowed(&library.provider.method));
    let mut assessment = Assessment {
        service,
        system,
        decisions,
        library,
        method,
        flows,
        threats: threats(decisions, library),
        risks: Vec::new(),
        by_id: HashMap::new(),
        cells: Vec::new(),
        treated: Vec::new(),
        findings: Vec::new(),
    };
    identify(&mut assessment, rules);
    number(&mut assessment);
    decide(&mut assessment);
    treatments(&mut assessment);
    assessment
}

fn threats(decisions: &AssessmentFile, library: &Library) -> Vec<ThreatName> {
    let of_the_guideline = library.provider.threats.iter();
    let of_the_guideline =
        of_the_guideline.map(|threat| ThreatName { id: threat.id.clone(), name: threat.name.clone(), own: false });
    let own = decisions.threats.iter();
    let own = own.map(|threat| ThreatName { id: threat.id.clone(), name: threat.name.clone(), own: true });
    of_the_guideline.chain(own).collect()
}

/// Fills every cell: the rules' risks, people's own risks, people's exclusions, or a reason.
fn identify(assessment: &mut Assessment<'_>, rules: &Rules) {
    let excluded = exclusions(assessment);
    let own = own_risks(assessment);
    let (system, decisions) = (assessment.system, assessment.decisions);
    let reader = FactReader::new(system);
    for (at, flow) in assessment.flows.list.iter().enumerate() {
        let facts = reader.facts(flow);
        for (threat, name) in assessment.threats.iter().enumerate() {
            let mut here: Vec<usize> = Vec::new();
            let mut reason = None;
            if let Some(signed) = excluded.get(&(at, threat)) {
                assessment.cells.push(Cell::Excluded(signed));
                continue;
            }
            match rules.by_threat.get(name.id.as_str()).map(|rules| put(rules, &facts)) {
                Some(Said::Risks(found)) => {
                    for rule in found {
                        let Outcome::Risk { properties, scenarios, .. } = &rule.rule.outcome else {
                            continue;
                        };
                        here.push(assessment.risks.len());
                        assessment.risks.push(Risk {
                            id: format!("{}/{}/{}", flow.id, name.id, rule.rule.id),
                            number: String::new(),
                            flow: at,
                            threat,
                            statement: statement(rule, flow, system),
                            properties,
                            scenarios,
                            proposal: Some(propose(rule, flow, &facts, system, &assessment.method)),
                            unknown: rule.unknown(&facts),
                            state: RiskState::Proposed,
                        });
                    }
                }
                Some(Said::NotApplicable(text)) => reason = Some(text),
                None => {
                    let own = decisions.threats.iter().find(|own| own.id == name.id);
                    reason = own.map(|own| own.otherwise.as_str());
                }
            }
            for &index in own.get(&(at, threat)).into_iter().flatten() {
                let own = &decisions.risks[index];
                here.push(assessment.risks.len());
                assessment.risks.push(Risk {
                    id: format!("{}/{}/{}", flow.id, name.id, own.id),
                    number: String::new(),
                    flow: at,
                    threat,
                    statement: own.statement.clone(),
                    properties: &[],
                    scenarios: &[],
                    proposal: None,
                    unknown: Vec::new(),
                    state: RiskState::Proposed,
                });
            }
            assessment.cells.push(match reason {
                Some(reason) if here.is_empty() => Cell::NotApplicable(reason),
                _ => Cell::Risks(here),
            });
        }
    }
}

type ByCell<T> = HashMap<(usize, usize), T>;

/// People's exclusions. Being in a closed network is no reason against 高度サイバー攻撃 (RISK-004, note 19).
fn exclusions<'a>(assessment: &mut Assessment<'a>) -> ByCell<&'a Signed> {
    const CLOSED: [&str; 5] = [
        "閉域",
        "クローズド",
        "インターネットに接続していない",
        "インターネットにつながっていない",
        "外部と接続していない",
    ];
    let mut found = HashMap::new();
    let mut findings = std::mem::take(&mut assessment.findings);
    let mut at = Findings { file: File::Assessment, list: &mut findings };
    let decisions = assessment.decisions;
    for (i, exclusion) in decisions.not_applicable.iter().enumerate() {
        let here = format!("/not_applicable/{i}");
        let Some(cell) = cell_of(assessment, &exclusion.flow, &exclusion.threat, &here, &mut at) else {
            continue;
        };
        let reason = &exclusion.decided.reason;
        if exclusion.threat == "TH03" && CLOSED.iter().any(|word| reason.contains(word)) {
            at.add(
                Severity::Error,
                "closed-network-reason",
                format!("{here}/decided/reason"),
                "閉域網であることは、高度サイバー攻撃が当てはまらない理由になりません（注19）。この決定は採りません。",
                "リスクとして分析するか、ほかの理由を書いてください。",
            );
            continue;
        }
        if found.insert(cell, &exclusion.decided).is_some() {
            at.add(
                Severity::Warning,
                "exclusion-twice",
                here,
                "同じ情報流と脅威について、当てはまらないという決定が二度書かれています。",
                "どちらかを外してください。後のものを採ります。",
            );
        }
    }
    assessment.findings = findings;
    found
}

fn own_risks(assessment: &mut Assessment<'_>) -> ByCell<Vec<usize>> {
    let mut found: ByCell<Vec<usize>> = HashMap::new();
    let mut findings = std::mem::take(&mut assessment.findings);
    let mut at = Findings { file: File::Assessment, list: &mut findings };
    for (i, own) in assessment.decisions.risks.iter().enumerate() {
        if let Some(cell) = cell_of(assessment, &own.flow, &own.threat, &format!("/risks/{i}"), &mut at) {
            found.entry(cell).or_default().push(i);
        }
    }
    assessment.findings = findings;
    found
}

/// The cell that two ids of `assessment.yaml` name; tells if it does not exist.
fn cell_of(assessment: &Assessment, flow: &str, threat: &str, here: &str, at: &mut Findings) -> Option<(usize, usize)> {
    let found_flow = assessment.flows.index(flow);
    let found_threat = assessment.threats.iter().position(|known| known.id == threat);
    if found_flow.is_none() {
        at.add(
            Severity::Warning,
            "flow-gone",
            format!("{here}/flow"),
            format!("情報流「{flow}」は、今のモデルにありません。"),
            "モデルの変更でなくなったのであれば、この記載を外してください。今のidは shirube flows で確かめられます。",
        );
    }
    if found_threat.is_none() {
        at.add(
            Severity::Error,
            "threat-unknown",
            format!("{here}/threat"),
            format!("脅威「{threat}」はありません。"),
            "TH01～TH10、又はthreatsに書いた「OWN-」で始まるidを書いてください。",
        );
    }
    Some((found_flow?, found_threat?))
}

fn number(assessment: &mut Assessment<'_>) {
    let mut counts: HashMap<Layer, usize> = HashMap::new();
    for risk in &mut assessment.risks {
        let layer = assessment.flows.list[risk.flow].layer;
        let count = counts.entry(layer).or_default();
        *count += 1;
        risk.number = format!("R-{}{count}", layer.letter());
    }
    assessment.by_id = assessment.risks.iter().enumerate().map(|(at, risk)| (risk.id.clone(), at)).collect();
}

/// Lays the decisions over the proposals and reports those whose risk is gone.
fn decide(assessment: &mut Assessment<'_>) {
    let mut findings = std::mem::take(&mut assessment.findings);
    let mut at = Findings { file: File::Assessment, list: &mut findings };
    let decisions = assessment.decisions;
    for (i, decision) in decisions.decisions.iter().enumerate() {
        for (r, id) in decision.risks.iter().enumerate() {
            let here = format!("/decisions/{i}/risks/{r}");
            match assessment.risk_index(id) {
                None => at.add(
                    Severity::Warning,
                    "decision-orphan",
                    here,
                    format!(
                        "{}さんが{}に決めたリスク「{id}」は、今のモデルからは生じません。",
                        decision.decided.by, decision.decided.on
                    ),
                    "モデルの変更でなくなったのかを確かめてください。決定の記録は消さずに残しています。",
                ),
                Some(risk) if assessment.risks[risk].signed().is_some() => at.add(
                    Severity::Error,
                    "decision-twice",
                    here,
                    format!("リスク「{id}」には、すでに別の決定があります。"),
                    "決定は一つのリスクに一つにしてください。先に書かれたものを採ります。",
                ),
                Some(risk) => assessment.risks[risk].state = RiskState::Decided(decision),
            }
        }
    }
    assessment.findings = findings;
}
