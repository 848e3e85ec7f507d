//! FLOW-012: what others provide has flows too, and they have to be asked for them.

use std::collections::BTreeSet;

use crate::finding::{File, Finding, Findings, Place, Severity};
use crate::model::party::party_name;
use crate::model::{Element, Flow, Flows, Form, Layer, ServiceFile, SystemFile};

pub(super) fn check(service: &ServiceFile, system: &SystemFile, flows: &Flows, at: &mut Findings) {
    let mut provided: Vec<(&str, Layer, String)> = Vec::new();
    for part in service.delivery.parts().filter(|part| part.form != Form::Own) {
        provided.push((part.party, part.layer, part.pointer()));
    }
    for (i, supply) in service.supply_chain.iter().enumerate() {
        let place = |layer: &Layer| (supply.supplier.as_str(), *layer, format!("/supply_chain/{i}"));
        provided.extend(supply.layers.iter().map(place));
    }
    let present: BTreeSet<(&str, Layer)> =
        flows.list.iter().flat_map(|flow| parties(system, flow).map(|party| (party, flow.layer))).collect();
    let mut told = BTreeSet::new();
    for (party, layer, pointer) in provided {
        if present.contains(&(party, layer)) || !told.insert((party, layer)) {
            continue;
        }
        let name = party_name(service, party);
        at.list.push(Finding {
            severity: Severity::Warning,
            rule: "supplier-without-flow",
            place: Place::new(File::Service, pointer),
            message: format!("「{name}」が提供する{}の情報流がありません。", layer.term()),
            advice: format!("{name}に情報流の提供を求め、その機器・接続・人と処理をsystem.yamlに加えてください。"),
        });
    }
}

/// Who owns or runs what handles the information of a flow, and who acts in it.
fn parties<'a>(system: &'a SystemFile, flow: &Flow) -> impl Iterator<Item = &'a str> {
    let mut parties: Vec<&str> = flow.actor.map(|at| system.actors[at].party.as_str()).into_iter().collect();
    match flow.element {
        Element::Node(at) => {
            let node = &system.nodes[at];
            let site = system.sites.iter().find(|site| Some(&site.id) == node.site.as_ref());
            let owner = node.owner.as_deref().or(site.map(|site| site.owner.as_str()));
            parties.extend(owner.into_iter().chain(node.operator.as_deref()));
        }
        Element::Link(at) => parties.extend(system.links[at].operator.as_deref()),
        Element::Transport(_) => {}
    }
    parties.into_iter()
}
