//! 合意事項, collected from a service: what has to be explained and agreed (AGREE-006, AGREE-007, tables 4-1 and T-24).

use std::sync::LazyLock;

use serde::Serialize;
use serde_json::{Value, json};
use shirube_catalog::Agreement;

use crate::chain::Part;
use crate::choice::choice;
use crate::diff::Fields;
use crate::model::{Form, Layer, PartyKind, Phase, Side, party_name, relations};
use crate::risk::ResidualState;
use crate::service::Service;
use crate::stated::SlaFile;

choice! {
    /// 合意事項の種類。
    ItemKind {
        Edition = "edition", "ガイドラインの版";
        Provided = "provided", "情報提供項目";
        Role = "role", "役割分担";
        Subcontractor = "subcontractor", "再委託先";
        Location = "location", "情報を扱う場所";
        Request = "request", "医療機関等へ対応を求める事項";
        Residual = "residual", "残存するリスク";
        Control = "control", "合意などを求める対策項目";
        ServiceLevel = "sla", "サービスレベル";
        End = "end", "契約終了時の返却と消去";
    }
}

/// One thing to be explained and agreed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Item {
    /// `request/T-A5-1`: the kind, then what the author calls it. The same thing keeps its key from revision to revision.
    pub key: String,
    pub kind: ItemKind,
    /// Short name.
    pub title: String,
    /// What is agreed, as a person reads it; empty while nobody has written it.
    pub text: String,
    /// What is compared: two items are the same if these are.
    #[serde(skip)]
    pub facts: Value,
}

fn item(kind: ItemKind, name: &str, title: impl Into<String>, text: impl Into<String>, facts: Value) -> Item {
    Item { key: format!("{}/{name}", kind.token()), kind, title: title.into(), text: text.into(), facts }
}

/// Everything to be agreed with whom the service is for, in the order in which it is explained.
pub fn items(service: &Service) -> Vec<Item> {
    let mut items = Vec::new();
    editions(service, &mut items);
    provided(service, &mut items);
    roles(service, &mut items);
    tasks(service, &mut items);
    subcontractors(service, &mut items);
    locations(service, &mut items);
    requests(service, &mut items);
    residuals(service, &mut items);
    controls(service, &mut items);
    service_levels(service, &mut items);
    ends(service, &mut items);
    items
}

fn editions(service: &Service, items: &mut Vec<Item>) {
    let editions = &service.files.service.editions;
    if !editions.is_empty() {
        let known = service.assessment.library.editions();
        let title = |id: &String| match known.iter().find(|edition| edition.id == *id) {
            Some(edition) => format!("{}{}", edition.title, edition.edition),
            None => id.clone(),
        };
        let text = editions.iter().map(title).collect::<Vec<_>>().join("、");
        items.push(item(ItemKind::Edition, "all", "拠りどころとするガイドラインの版", &text, json!(editions)));
    }
}

fn provided(service: &Service, items: &mut Vec<Item>) {
    for line in &service.provided {
        let named = line.named.map(|named| named.shown()).unwrap_or_default();
        let text = match (named.is_empty(), line.made) {
            (false, _) => named.to_owned(),
            (true, Some(made)) if !made.empty => "このサービスについて作る文書で示す".to_owned(),
            _ => String::new(),
        };
        let facts = json!({ "named": named, "there": line.is_there() });
        items.push(item(ItemKind::Provided, &line.item.no.to_string(), &line.item.item, text, facts));
    }
}

fn roles(service: &Service, items: &mut Vec<Item>) {
    let file = &service.files.service;
    for &layer in Layer::ALL {
        let parts: Vec<String> = file
            .delivery
            .parts()
            .filter(|part| part.layer == layer)
            .map(|part| {
                let name = file.parties.iter().find(|party| party.id == part.party).map_or(part.party, |p| &p.name);
                let by = match part.form {
                    Form::Separate => "医療機関等が別に契約する",
                    Form::Own | Form::Procured => "対象事業者が責任を負って提供する",
                };
                format!("{}: {name}（{by}）", part.term())
            })
            .collect();
        let text = parts.join("\n");
        items.push(item(ItemKind::Role, layer.token(), format!("{}の役割分担", layer.term()), &text, json!(text)));
    }
    for duty in &service.files.sla.division {
        let Some(subject) = &duty.subject else { continue };
        let side = |text: &Option<String>| text.clone().unwrap_or_else(|| "〔未記載〕".to_owned());
        let text = format!("医療機関等: {}\n対象事業者: {}", side(&duty.institution), side(&duty.provider));
        items.push(item(ItemKind::Role, &format!("利用環境:{subject}"), subject, &text, json!(text)));
    }
}

/// Who does which task (PARTY-018), company by company.
fn tasks(service: &Service, items: &mut Vec<Item>) {
    let name = |id: &str| party_name(&service.files.service, id).to_owned();
    for line in &service.chain.tasks {
        let of = |part: &Part| {
            let has = line.parts.iter().filter(|(_, parts)| parts.contains(part));
            let names: Vec<String> = has.map(|(id, _)| name(id)).collect();
            (!names.is_empty()).then(|| format!("{}: {}", part.term(), names.join("、")))
        };
        let text = Part::ALL.iter().filter_map(of).collect::<Vec<_>>().join("\n");
        items.push(item(ItemKind::Role, &format!("作業:{}", line.task.id), &line.task.what, &text, json!(text)));
    }
}

fn subcontractors(service: &Service, items: &mut Vec<Item>) {
    for relation in relations(&service.files.service) {
        let Some(supply) = relation.supply else { continue };
        let customer = service.files.service.parties.iter().find(|party| party.id == supply.customer);
        let is_institution = customer.is_some_and(|party| party.kind == PartyKind::Institution);
        if is_institution || supply.supplier == service.files.service.provider {
            continue;
        }
        let (party, to) = (&relation.party.name, relation.customer.unwrap_or_default());
        let text = format!("{party}が{to}に提供する「{}」", supply.service);
        let name = format!("{}:{}:{}", relation.party.id, supply.customer, supply.service);
        let facts = json!({ "name": relation.party.name, "service": supply.service, "customer": relation.customer });
        items.push(item(ItemKind::Subcontractor, &name, &relation.party.name, text, facts));
    }
}

/// Where the provider and its suppliers keep what is entrusted to them; the institution knows its own rooms.
fn locations(service: &Service, items: &mut Vec<Item>) {
    let file = &service.files.service;
    for site in service.files.system.sites.iter().filter(|site| site.side != Side::Institution) {
        let owner = file.parties.iter().find(|party| party.id == site.owner).map_or(&site.owner, |party| &party.name);
        let country = site.country.as_deref().unwrap_or("国は未記載");
        let law = site.jurisdiction.as_deref().map(|law| format!("、{law}の法")).unwrap_or_default();
        let text = format!("{}（{owner}、{country}{law}）", site.name);
        items.push(item(ItemKind::Location, &site.id, &site.name, &text, json!(text)));
    }
}

fn requests(service: &Service, items: &mut Vec<Item>) {
    for treated in &service.assessment.treated {
        for (name, request) in treated.treatment.named_requests() {
            let facts = json!({ "text": request.text, "rule_item": request.rule_item });
            let title = format!("お願い {name}");
            items.push(item(ItemKind::Request, &name, title, &request.text, facts));
        }
    }
}

fn residuals(service: &Service, items: &mut Vec<Item>) {
    let method = &service.assessment.method;
    for treated in &service.assessment.treated {
        let ResidualState::Remains { text, impact, likelihood } = treated.residual() else { continue };
        let value = method.value(impact, likelihood);
        let rank = method.band(value).map_or('？', |band| band.rank.0).to_string();
        let retained = treated.treatment.retention.as_ref().map(|retention| &retention.what);
        let shown = format!("{rank}（{value}） {text}");
        let facts = json!({
            "text": text, "impact": impact, "likelihood": likelihood, "value": value, "rank": rank, "retained": retained
        });
        let id = &treated.treatment.id;
        items.push(item(ItemKind::Residual, id, format!("{}（{id}）", text.trim_end_matches('。')), shown, facts));
    }
}

fn controls(service: &Service, items: &mut Vec<Item>) {
    let wanted = service.answers.conformity.controls.iter().filter(|one| one.control.agreement != Agreement::No);
    for answered in wanted {
        let text = answered.answer.map(|answer| answer.agreement.clone()).unwrap_or_default();
        let facts = json!({ "agreement": text, "status": answered.status().term() });
        let id = answered.control.id.to_string();
        items.push(item(ItemKind::Control, &id, format!("{id} {}", answered.control.text), text, facts));
    }
}

/// What people call the fields of the SLA: the schema is made once.
static WORDS: LazyLock<Fields> = LazyLock::new(|| Fields::new::<SlaFile>(&[]));

/// Fields of the SLA that identify the document and promise nothing.
const NOT_PROMISED: [&str; 4] = ["number", "contract", "editions", "division"];
/// Fields that are about the end of the contract.
const AT_THE_END: [&str; 1] = ["return_days"];

fn service_levels(service: &Service, items: &mut Vec<Item>) {
    let written = serde_json::to_value(&service.files.sla).expect("a file of texts and numbers is JSON");
    for (name, value) in written.as_object().expect("a file is an object") {
        let is_nothing = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        if is_nothing || NOT_PROMISED.contains(&name.as_str()) || AT_THE_END.contains(&name.as_str()) {
            continue;
        }
        let (title, text) = WORDS.shown(name, value);
        items.push(item(ItemKind::ServiceLevel, name, title, text, value.clone()));
    }
}

/// What happens to the information when the contract ends: by the controls that speak of it, and by what is promised.
fn ends(service: &Service, items: &mut Vec<Item>) {
    if let Some(days) = service.files.sla.return_days {
        let text = format!("契約の終了から{days}日以内に返却する");
        items.push(item(ItemKind::End, "return_days", "返却までの日数", text, json!(days)));
    }
    for flow in service.assessment.flows.list.iter().filter(|flow| flow.phase == Phase::Termination) {
        let text = flow.sentence();
        items.push(item(ItemKind::End, &flow.id, format!("情報流 {}", flow.number), &text, json!(text)));
    }
}
