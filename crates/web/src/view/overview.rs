//! The first page: what is not decided, the model in numbers, who answers for what, and the findings.

use shirube_safety::model::{Element, RoleKind, delivery, termination_gaps};
use shirube_safety::risk::ResidualState;
use shirube_safety::{Finding, Service, Severity};

use super::{Treatments, party_name};
use crate::query::link;

pub struct Overview {
    pub description: String,
    pub open: Vec<OpenPoint>,
    pub numbers: Vec<(&'static str, usize)>,
    /// Devices and links without a 契約終了 flow.
    pub unended: Vec<String>,
    pub delivery: DeliveryView,
    pub roles: Vec<RoleView>,
    pub severities: Vec<Severities>,
    pub findings: usize,
}

/// Something nobody has decided, answered or evaluated.
pub struct OpenPoint {
    pub title: &'static str,
    pub open: usize,
    pub total: usize,
    /// What is counted, e.g. `リスク`.
    pub of: &'static str,
    /// What has to happen.
    pub advice: &'static str,
    pub href: String,
}

impl OpenPoint {
    /// Share of what is settled, in thousandths of the bar's width.
    pub fn settled(&self) -> usize {
        (self.total - self.open) * 1000 / self.total.max(1)
    }

    /// Nothing there to decide on.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }
}

/// Delivery form and what follows from it.
pub struct DeliveryView {
    /// e.g. `A1+P1+I1`.
    pub combination: String,
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
    /// As people write it, e.g. `nodes[3].site`.
    pub field: String,
}

impl Overview {
    pub fn new(service: &Service, treatments: &Treatments) -> Self {
        let assessment = &service.assessment;
        let unended = termination_gaps(assessment.system, &assessment.flows).unended;
        Self {
            description: service.files.service.service.description.clone(),
            open: open_points(service, treatments, unended.len()),
            numbers: numbers(service),
            unended: unended.iter().map(|element| element_name(service, *element)).collect(),
            delivery: delivery_view(service),
            roles: roles(service),
            severities: severities(&service.findings),
            findings: service.findings.len(),
        }
    }
}

fn open_points(service: &Service, treatments: &Treatments, unended: usize) -> Vec<OpenPoint> {
    let assessment = &service.assessment;
    let counts = assessment.counts();
    let conformity = &service.answers.conformity;
    let mut elements: Vec<Element> = assessment.flows.list.iter().map(|flow| flow.element).collect();
    elements.sort_unstable();
    elements.dedup();
    let evaluated =
        assessment.treated.iter().filter(|treated| treated.residual() != ResidualState::NotAssessed).count();
    vec![
        OpenPoint {
            title: "案のリスク",
            open: counts.risks - counts.decided,
            total: counts.risks,
            of: "リスク",
            advice: "影響度と顕在化率を、人が確かめて決めます。",
            href: link("/risks", &[("state", "proposed")]),
        },
        OpenPoint {
            title: "未回答の対策項目",
            open: conformity.unanswered(),
            total: conformity.controls.len(),
            of: "対策項目",
            advice: "全項目について、対応の状況を答えます。",
            href: link("/controls", &[("status", "unanswered")]),
        },
        OpenPoint {
            title: "未評価の残存リスク",
            open: treatments.not_assessed,
            total: treatments.not_assessed + evaluated,
            of: "対応",
            advice: "対応の後に残るリスクを評価します。",
            href: "/treatments".to_owned(),
        },
        OpenPoint {
            title: "契約終了の情報流がない機器",
            open: unended,
            total: elements.len(),
            of: "機器・接続",
            advice: "契約が終わるときの廃棄や移管を決めます。",
            href: link("/flows", &[("end", "none")]),
        },
    ]
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

fn severities(findings: &[Finding]) -> Vec<Severities> {
    let all = [Severity::Error, Severity::Warning, Severity::Note];
    all.into_iter().map(|severity| of_severity(severity, findings)).filter(|group| group.count > 0).collect()
}

fn of_severity(severity: Severity, findings: &[Finding]) -> Severities {
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
            field: field(&finding.place.pointer),
        };
        FindingGroup { findings: list.iter().map(view).collect(), advice }
    });
    let groups: Vec<FindingGroup> = groups.collect();
    Severities { severity, count: groups.iter().map(|group| group.findings.len()).sum(), groups }
}

/// `/nodes/3/kind` as `nodes[4].kind`: list entries count from 1, as people do.
fn field(pointer: &str) -> String {
    let mut field = String::new();
    for step in pointer.split('/').skip(1) {
        match step.parse::<usize>() {
            Ok(index) => field.push_str(&format!("[{}]", index + 1)),
            Err(_) => {
                if !field.is_empty() {
                    field.push('.');
                }
                field.push_str(&step.replace("~1", "/").replace("~0", "~"));
            }
        }
    }
    field
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn fields_count_from_one() {
        assert_eq!(field("/nodes/3/at_end/0"), "nodes[4].at_end[1]");
        assert_eq!(field(""), "");
    }
}
