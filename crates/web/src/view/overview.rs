//! The first page: what is not decided, the model in numbers, who answers for what, and the findings.

use shirube_folder::Folder;
use shirube_safety::model::{Element, ModelStep, RoleKind, delivery, steps as model_steps, termination_gaps};
use shirube_safety::{Finding, Service, Severity};

use super::open::OpenView;
use super::party_name;
use super::relation::{RelationView, relations};

pub struct Overview {
    pub description: String,
    pub open: OpenView,
    pub steps: Vec<StepView>,
    pub numbers: Vec<(&'static str, usize)>,
    /// Devices and links without a 契約終了 flow.
    pub unended: Vec<String>,
    pub delivery: DeliveryView,
    pub roles: Vec<RoleView>,
    pub relations: Vec<RelationView>,
    pub severities: Vec<Severities>,
    pub findings: usize,
}

/// One step of the work on the model.
pub struct StepView {
    pub label: &'static str,
    pub title: &'static str,
    pub state: &'static str,
    /// Name of the state in the style sheet.
    pub class: &'static str,
    /// What is written so far.
    pub counts: String,
    /// Findings that keep the step open.
    pub open: usize,
}

/// Delivery form and what follows from it.
pub struct DeliveryView {
    /// e.g. `A1+P1+I1`.
    pub combination: String,
    /// Parts of a layer that somebody else provides.
    pub parts: Vec<String>,
    /// Name of the case, if the guideline names it.
    pub case: Option<String>,
    pub components: Vec<ComponentView>,
    /// Duties by party.
    pub duties: Vec<(String, Vec<String>)>,
}

pub struct ComponentView {
    pub layer: &'static str,
    pub code: String,
    pub form: &'static str,
    pub party: String,
}

pub struct RoleView {
    pub role: &'static str,
    /// `None` while nobody is named.
    pub holder: Option<(String, String)>,
}

/// Findings of one severity, by rule.
pub struct Severities {
    pub severity: Severity,
    pub count: usize,
    pub groups: Vec<FindingGroup>,
}

impl Severities {
    pub fn class(&self) -> &'static str {
        match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// Findings of one rule; they share their advice more often than not.
pub struct FindingGroup {
    /// Advice all of them share; empty if they do not.
    pub advice: String,
    pub findings: Vec<FindingView>,
}

pub struct FindingView {
    pub message: String,
    pub advice: String,
    pub file: &'static str,
    /// 1 is the first line of the file.
    pub line: usize,
    /// As people write it, e.g. `nodes[3].site`.
    pub field: String,
}

impl Overview {
    pub fn new(folder: &Folder, service: &Service) -> Self {
        let assessment = &service.assessment;
        let unended = termination_gaps(assessment.system, &assessment.flows).unended;
        Self {
            description: service.files.service.service.description.clone(),
            open: OpenView::new(service),
            steps: steps(service),
            numbers: numbers(service),
            unended: unended.iter().map(|element| element_name(service, *element)).collect(),
            delivery: delivery_view(service),
            roles: roles(service),
            relations: relations(service),
            severities: severities(folder, &service.findings),
            findings: service.findings.len(),
        }
    }
}

fn steps(service: &Service) -> Vec<StepView> {
    let assessment = &service.assessment;
    let view = |step: ModelStep| StepView {
        label: step.label,
        title: step.title,
        state: step.state.term(),
        class: step.state.token(),
        counts: step.counts.iter().map(|(name, count)| format!("{name}{count}")).collect::<Vec<_>>().join("、"),
        open: step.open.iter().map(|(_, count)| count).sum(),
    };
    model_steps(assessment.system, assessment.flows.list.len(), &service.findings).into_iter().map(view).collect()
}

fn numbers(service: &Service) -> Vec<(&'static str, usize)> {
    let system = &service.files.system;
    vec![
        ("拠点", system.sites.len()),
        ("機器・媒体", system.nodes.len()),
        ("接続", system.links.len()),
        ("搬送", system.transports.len()),
        ("人", system.actors.len()),
        ("情報", system.information.len()),
        ("情報流", service.assessment.flows.list.len()),
        ("リスク", service.assessment.risks.len()),
        ("対応", service.assessment.treated.len()),
    ]
}

fn element_name(service: &Service, element: Element) -> String {
    let system = &service.files.system;
    let site = |id: &Option<String>| {
        let found = id.as_ref().and_then(|id| system.sites.iter().find(|site| site.id == *id));
        found.map(|site| format!("{}の", site.name)).unwrap_or_default()
    };
    match element {
        Element::Node(at) => format!("{}{}", site(&system.nodes[at].site), system.nodes[at].name),
        Element::Link(at) => system.links[at].name.clone(),
        Element::Transport(at) => system.transports[at].id.clone(),
    }
}

fn delivery_view(service: &Service) -> DeliveryView {
    let file = &service.files.service;
    let delivery = delivery(file, service.assessment.library);
    let components = shirube_safety::model::Layer::ALL.iter().map(|&layer| {
        let component = file.delivery.of(layer);
        ComponentView {
            layer: layer.term(),
            code: format!("{}{}", layer.letter(), component.form.token()),
            form: component.form.term(),
            party: party_name(service, &component.party),
        }
    });
    let mut duties: Vec<(String, Vec<String>)> = Vec::new();
    for duty in delivery.duties {
        let name = party_name(service, &duty.party);
        match duties.iter_mut().find(|(party, _)| *party == name) {
            Some((_, texts)) => texts.push(duty.text),
            None => duties.push((name, vec![duty.text])),
        }
    }
    DeliveryView {
        combination: delivery.combination,
        parts: delivery.parts,
        case: delivery.case.map(|case| format!("{}（{}）", case.name, case.section)),
        components: components.collect(),
        duties,
    }
}

fn roles(service: &Service) -> Vec<RoleView> {
    let holders = &service.files.service.roles;
    let one = |&role: &RoleKind| {
        let holder = holders.iter().find(|holder| holder.role == role);
        RoleView { role: role.term(), holder: holder.map(|holder| (holder.name.clone(), holder.duties.clone())) }
    };
    RoleKind::ALL.iter().map(one).collect()
}

fn severities(folder: &Folder, findings: &[Finding]) -> Vec<Severities> {
    let all = [Severity::Error, Severity::Warning, Severity::Note];
    all.into_iter().map(|severity| of_severity(severity, folder, findings)).filter(|group| group.count > 0).collect()
}

fn of_severity(severity: Severity, folder: &Folder, findings: &[Finding]) -> Severities {
    let mut by_rule: Vec<(&str, Vec<&Finding>)> = Vec::new();
    for finding in findings.iter().filter(|finding| finding.severity == severity) {
        match by_rule.iter_mut().find(|(rule, _)| *rule == finding.rule) {
            Some((_, list)) => list.push(finding),
            None => by_rule.push((finding.rule, vec![finding])),
        }
    }
    let groups = by_rule.into_iter().map(|(_, list)| {
        let shared = list.iter().all(|finding| finding.advice == list[0].advice);
        let advice = if shared { list[0].advice.clone() } else { String::new() };
        let view = |finding: &&Finding| FindingView {
            message: finding.message.clone(),
            advice: if shared { String::new() } else { finding.advice.clone() },
            file: finding.place.file.name(),
            line: folder.position(&finding.place).0,
            field: folder.field(finding),
        };
        FindingGroup { findings: list.iter().map(view).collect(), advice }
    });
    let groups: Vec<FindingGroup> = groups.collect();
    Severities { severity, count: groups.iter().map(|group| group.findings.len()).sum(), groups }
}
