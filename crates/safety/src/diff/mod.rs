//! What changed between two versions of a service, in the words of the guideline.

mod fields;
mod records;

use std::collections::BTreeMap;

use serde::Serialize;
use shirube_catalog::Agreement;

pub(crate) use self::fields::Fields;
use self::fields::value;
use crate::conformity::{ControlAnswer, ControlStatus};
use crate::model::{ServiceFile, SystemFile};
use crate::risk::{Assessment, ResidualState, Risk};
use crate::service::Service;
use crate::stated::{ChecklistsFile, DisclosureFile, HouseFile, RulesFile, SlaFile, SupplyFile};

/// What a change concerns; changes are listed in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    Party,
    Model,
    Flow,
    Risk,
    Residual,
    Treatment,
    Request,
    Control,
    Stated,
    /// The organisation's own style.
    House,
}

impl ChangeKind {
    pub fn term(self) -> &'static str {
        match self {
            Self::Party => "組織と提供形態",
            Self::Model => "全体構成",
            Self::Flow => "情報流",
            Self::Risk => "リスク",
            Self::Residual => "残存するリスク",
            Self::Treatment => "リスク対応",
            Self::Request => "医療機関等へ対応を求める事項",
            Self::Control => "対策項目",
            Self::Stated => "約束と規程",
            Self::House => "自社の様式",
        }
    }
}

/// One change, as a Japanese sentence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    pub kind: ChangeKind,
    pub text: String,
    /// Whether what was agreed with institutions has to be looked at again (3.2.1).
    pub reopens_agreement: bool,
}

/// Compares two versions; `before` first.
pub fn diff(before: &Service, after: &Service) -> Vec<Change> {
    let mut changes = Vec::new();
    delivery(before, after, &mut changes);
    model(before, after, &mut changes);
    flows(&before.assessment, &after.assessment, &mut changes);
    risks(&before.assessment, &after.assessment, &mut changes);
    residuals(&before.assessment, &after.assessment, &mut changes);
    records::decisions(&before.assessment, &after.assessment, &mut changes);
    records::assessment(before, after, &mut changes);
    controls(before, after, &mut changes);
    records::statutory(before, after, &mut changes);
    stated(before, after, &mut changes);
    // Stable: within a kind the order of the files.
    changes.sort_by_key(|change| change.kind);
    changes
}

fn add(changes: &mut Vec<Change>, kind: ChangeKind, reopens_agreement: bool, text: String) {
    changes.push(Change { kind, text, reopens_agreement });
}

/// Named things of two versions: gone, new, and in both with both values.
fn compare<'a, T>(
    before: impl Iterator<Item = (&'a str, T)>,
    after: impl Iterator<Item = (&'a str, T)>,
    mut gone: impl FnMut(&'a str, T),
    mut new: impl FnMut(&'a str, T),
    mut both: impl FnMut(&'a str, T, T),
) {
    let mut before: BTreeMap<&str, T> = before.collect();
    let mut fresh = Vec::new();
    for (id, value) in after {
        match before.remove(id) {
            Some(old) => both(id, old, value),
            None => fresh.push((id, value)),
        }
    }
    before.into_iter().for_each(|(id, value)| gone(id, value));
    fresh.into_iter().for_each(|(id, value)| new(id, value));
}

fn delivery(before: &Service, after: &Service, changes: &mut Vec<Change>) {
    let of = |service: &Service| crate::model::delivery(&service.files.service, service.assessment.library).combination;
    let (old, new) = (of(before), of(after));
    if old != new {
        add(changes, ChangeKind::Party, true, format!("提供形態が{old}から{new}に変わる。"));
    }
}

/// Everything the two files of the model hold, but for what is compared in its own words elsewhere (flows) and for
/// what identifies the issue of a document.
fn model(before: &Service, after: &Service, changes: &mut Vec<Change>) {
    let values = |service: &Service| (value(&service.files.service), value(&service.files.system));
    let ((old_service, old_system), (new_service, new_system)) = (values(before), values(after));
    let known = [&new_service, &new_system, &old_service, &old_system];
    let of_service = Fields::new::<ServiceFile>(&known).differences(&old_service, &new_service, &["document"]);
    let of_system = Fields::new::<SystemFile>(&known).differences(&old_system, &new_system, &["handlings"]);
    of_service.into_iter().for_each(|text| add(changes, ChangeKind::Party, true, text));
    of_system.into_iter().for_each(|text| add(changes, ChangeKind::Model, true, text));
}

/// What was stated for the disclosure, the SLA, the rules and the checklists. What is promised, or shown, was agreed.
fn stated(before: &Service, after: &Service, changes: &mut Vec<Change>) {
    let (old, new) = (&before.files, &after.files);
    let sla = Fields::new::<SlaFile>(&[]).differences(&value(&old.sla), &value(&new.sla), &[]);
    let (was, is) = (value(&old.disclosure), value(&new.disclosure));
    let disclosure = Fields::new::<DisclosureFile>(&[]).differences(&was, &is, &["sender"]);
    let rules = Fields::new::<RulesFile>(&[]).differences(&value(&old.rules), &value(&new.rules), &[]);
    let (was, is) = (value(&old.checklists), value(&new.checklists));
    let checklists = Fields::new::<ChecklistsFile>(&[]).differences(&was, &is, &[]);
    let (was, is) = (value(&old.supply), value(&new.supply));
    let known = [&value(&new.service), &value(&old.service)];
    let supply = Fields::new::<SupplyFile>(&known).differences(&was, &is, &[]);
    supply.into_iter().for_each(|text| add(changes, ChangeKind::Party, false, format!("供給網の{text}")));
    let all = [("サービスレベル合意書", sla), ("開示書", disclosure), ("運用管理規程", rules), ("確認表", checklists)];
    for (document, texts) in all {
        texts.into_iter().for_each(|text| add(changes, ChangeKind::Stated, true, format!("{document}の{text}")));
    }
    house(&old.house, &new.house, changes);
}

/// The organisation's own style. What its documents say was agreed; how they look was not.
fn house(old: &HouseFile, new: &HouseFile, changes: &mut Vec<Change>) {
    const LOOK: [&str; 6] = ["color", "header", "footer", "logo_height", "logo", "terms"];
    // The text of a picture tells nobody anything.
    const NOT_LOOK: [&str; 8] = [
        "disclosure",
        "sla",
        "operating_rules",
        "institution_rules",
        "letter",
        "summary_management",
        "summary_clinic",
        "logo",
    ];
    let logo = match (&old.logo, &new.logo) {
        (None, Some(_)) => Some("ロゴが加わる。"),
        (Some(_), None) => Some("ロゴがなくなる。"),
        (old, new) => (old != new).then_some("ロゴが変わる。"),
    };
    let fields = Fields::new::<HouseFile>(&[]);
    let differences = |but: &[&str]| fields.differences(&value(old), &value(new), but);
    let mut say = |reopens, text: &str| add(changes, ChangeKind::House, reopens, format!("自社の様式の{text}"));
    differences(&NOT_LOOK).iter().for_each(|text| say(false, text));
    logo.into_iter().for_each(|text| say(false, text));
    differences(&LOOK).iter().for_each(|text| say(true, text));
}

fn flows(before: &Assessment, after: &Assessment, changes: &mut Vec<Change>) {
    let mut texts = Vec::new();
    let texts_cell = std::cell::RefCell::new(&mut texts);
    let say = |text: String| texts_cell.borrow_mut().push(text);
    compare(
        before.flows.list.iter().map(|flow| (flow.id.as_str(), flow)),
        after.flows.list.iter().map(|flow| (flow.id.as_str(), flow)),
        |_, flow| say(format!("{}がなくなる: {}。", flow.number, flow.sentence())),
        |_, flow| say(format!("{}が加わる: {}。", flow.number, flow.sentence())),
        |_, old, new| {
            let (from, to) = (before.class_name(old), after.class_name(new));
            if from != to {
                say(format!("{}の分類が「{from}」から「{to}」に変わる。", new.number));
            }
            if old.sentence() != new.sentence() {
                say(format!("{}の言い方が変わる: {}。", new.number, new.sentence()));
            }
        },
    );
    texts.into_iter().for_each(|text| add(changes, ChangeKind::Flow, true, text));
}

/// Name of a risk for a sentence.
fn name(assessment: &Assessment, risk: &Risk) -> String {
    format!("{}「{}{}」", risk.number, assessment.flow(risk).location(), risk.text().trim_end_matches('。'))
}

fn risks(before: &Assessment, after: &Assessment, changes: &mut Vec<Change>) {
    let list = std::cell::RefCell::new(Vec::new());
    let say = |agreed: bool, text: String| list.borrow_mut().push((agreed, text));
    compare(
        before.risks.iter().map(|risk| (risk.id.as_str(), risk)),
        after.risks.iter().map(|risk| (risk.id.as_str(), risk)),
        |_, risk| say(risk.signed().is_some(), format!("{}がなくなる。", name(before, risk))),
        |_, risk| say(false, format!("{}が加わる（案）。", name(after, risk))),
        |_, old, new| {
            let (Some(from), Some(to)) = (before.rated(old), after.rated(new)) else {
                return;
            };
            if (from.rank, from.value) != (to.rank, to.value) {
                let direction = if to.value > from.value { "上がる" } else { "下がる" };
                let (a, b) = (format!("{}（{}）", from.rank, from.value), format!("{}（{}）", to.rank, to.value));
                say(from.decided, format!("{}のリスクレベルが{a}から{b}に{direction}。", name(after, new)));
            }
            if from.needed != to.needed {
                let term = |needed: Option<bool>| match needed {
                    Some(true) => "要",
                    Some(false) => "不要",
                    None => "未定",
                };
                say(
                    from.decided,
                    format!(
                        "{}の対応要否が「{}」から「{}」に変わる。",
                        name(after, new),
                        term(from.needed),
                        term(to.needed)
                    ),
                );
            }
            let proposed = |assessment: &Assessment, risk: &Risk| {
                let proposal = risk.proposal.as_ref()?;
                Some(assessment.method.value(proposal.impact, proposal.likelihood))
            };
            if let (Some(old_value), Some(new_value)) = (proposed(before, old), proposed(after, new))
                && old_value != new_value
                && from.decided
                && (from.rank, from.value) == (to.rank, to.value)
            {
                let text = format!(
                    "{}は、前提が変わって案の値が{old_value}から{new_value}に変わる。決定（{}（{}））を見直すかを確かめる。",
                    name(after, new),
                    to.rank,
                    to.value
                );
                say(true, text);
            }
            if from.decided != to.decided {
                let text = if to.decided { "案から決定になる" } else { "決定から案に戻る" };
                say(from.decided, format!("{}が{text}。", name(after, new)));
            }
        },
    );
    list.into_inner().into_iter().for_each(|(agreed, text)| add(changes, ChangeKind::Risk, agreed, text));
}

fn residual_term(assessment: &Assessment, state: ResidualState) -> String {
    match state {
        ResidualState::NotAssessed => "未評価".to_owned(),
        ResidualState::None => "残存なし".to_owned(),
        ResidualState::Remains { impact, likelihood, .. } => {
            let value = assessment.method.value(impact, likelihood);
            let rank = assessment.method.band(value).map_or('？', |band| band.rank.0);
            format!("{rank}（{value}）")
        }
    }
}

fn residuals(before: &Assessment, after: &Assessment, changes: &mut Vec<Change>) {
    compare(
        before.treated.iter().map(|treated| (treated.treatment.id.as_str(), treated)),
        after.treated.iter().map(|treated| (treated.treatment.id.as_str(), treated)),
        |_, _| {},
        |_, _| {},
        |id, old, new| {
            let (from, to) = (residual_term(before, old.residual()), residual_term(after, new.residual()));
            if from != to {
                let text = format!("対応「{id}」の残存するリスクが{from}から{to}に変わる。");
                add(changes, ChangeKind::Residual, true, text);
            }
        },
    );
}

fn controls(before: &Service, after: &Service, changes: &mut Vec<Change>) {
    let answers = Fields::new::<ControlAnswer>(&[]);
    own_controls(before, after, changes);
    let pairs = before.answers.conformity.controls.iter().zip(&after.answers.conformity.controls);
    for (old, new) in pairs {
        let agreed = new.control.agreement != Agreement::No;
        let id = new.control.id;
        if old.status() != new.status() {
            let weaker = old.status() == ControlStatus::Met;
            let text = format!("{id}が「{}」から「{}」に変わる。", old.status().term(), new.status().term());
            add(changes, ChangeKind::Control, agreed || weaker, text);
        }
        if let (Some(old), Some(new)) = (old.answer, new.answer) {
            let without = ["control", "status"];
            let said = answers.differences(&value(old), &value(new), &without);
            said.into_iter().for_each(|text| add(changes, ChangeKind::Control, agreed, format!("{id}の{text}")));
        }
    }
}

/// Answers to the service's own controls; what these ask is compared with the rest of `assessment.yaml`.
fn own_controls(before: &Service, after: &Service, changes: &mut Vec<Change>) {
    let answers = Fields::new::<ControlAnswer>(&[]);
    for old in &before.answers.conformity.own {
        let id = &old.control.id;
        let Some(new) = after.answers.conformity.own.iter().find(|new| new.control.id == *id) else { continue };
        if old.status() != new.status() {
            let text = format!("{id}が「{}」から「{}」に変わる。", old.status().term(), new.status().term());
            add(changes, ChangeKind::Control, old.status() == ControlStatus::Met, text);
        }
        if let (Some(was), Some(is)) = (old.answer, new.answer) {
            let said = answers.differences(&value(was), &value(is), &["control", "status"]);
            said.into_iter().for_each(|text| add(changes, ChangeKind::Control, false, format!("{id}の{text}")));
        }
    }
}
