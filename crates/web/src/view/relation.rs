//! Who takes part in the service and who supplies whom.

use shirube_documents::deliverable::printed;
use shirube_safety::Service;
use shirube_safety::model::{self, Answer, Relation, Supply};

/// One organisation with the supplies it makes.
pub struct RelationView {
    pub name: String,
    pub kind: &'static str,
    /// Whether it is a 対象事業者; empty where the question does not arise.
    pub scope: &'static str,
    pub supplies: Vec<SupplyView>,
}

pub struct SupplyView {
    pub customer: String,
    pub service: String,
    /// Layers, contract and period, as far as written.
    pub facts: Vec<String>,
    /// What nobody has written or confirmed.
    pub missing: Vec<&'static str>,
}

/// Every organisation, in the order of the file.
pub fn relations(service: &Service) -> Vec<RelationView> {
    let file = &service.files.service;
    let lines = model::relations(file);
    lines
        .chunk_by(|a, b| std::ptr::eq(a.party, b.party))
        .map(|of_party| RelationView {
            name: of_party[0].party.name.clone(),
            kind: of_party[0].party.institution_kind.map_or(of_party[0].party.kind.term(), |kind| kind.term()),
            scope: of_party[0].party.scope_term(file),
            supplies: of_party.iter().filter_map(|relation| supply(service, relation)).collect(),
        })
        .collect()
}

fn supply(service: &Service, relation: &Relation) -> Option<SupplyView> {
    let supply: &Supply = relation.supply?;
    let date = |date| printed(date, service.files.service.document.dates());
    let mut facts = vec![supply.layer_terms()];
    facts.extend(supply.contract.clone().filter(|_| supply.is_contracted()));
    facts.extend(supply.start.map(|start| format!("{}から", date(start))));
    facts.extend(supply.end.map(|end| format!("{}まで", date(end))));
    facts.extend((supply.reports == Answer::Yes).then(|| "報告の約束あり".to_owned()));
    facts.retain(|fact| !fact.is_empty());
    let mut missing = Vec::new();
    if !supply.is_contracted() {
        missing.push("契約 未記載");
    }
    if supply.reports != Answer::Yes {
        missing.push("報告の約束 未確認");
    }
    Some(SupplyView {
        customer: relation.customer.unwrap_or_default().to_owned(),
        service: supply.service.clone(),
        facts,
        missing,
    })
}
