//! What a service consists of, as components, and who uses it.

use serde_json::{Value, json};
use shirube_safety::model::{Element, Link, Node, NodeKind};

use super::scope::Scope;
use crate::document::{noted, prop};
use crate::markup;

/// OSCAL wants a state for every component, and no folder states one.
fn status() -> Value {
    json!({ "state": "other", "remarks": "稼働の状態は、フォルダに記載がない。" })
}

/// The service, its devices and media, and the links between them.
pub(super) fn components(scope: &Scope) -> Vec<Value> {
    let info = &scope.service.files.service.service;
    let system = &scope.service.files.system;
    let mut all = vec![json!({
        "uuid": scope.system(),
        "type": "this-system",
        "title": title(&info.name, "サービス"),
        "description": described(&info.description),
        "status": status(),
    })];
    all.extend(system.nodes.iter().map(|node| device(scope, node)));
    all.extend(system.links.iter().map(|link| connection(scope, link)));
    all
}

/// A title that is never empty.
pub(super) fn title(name: &str, otherwise: &str) -> String {
    markup::line(if name.trim().is_empty() { otherwise } else { name })
}

/// A description that is never empty.
pub(super) fn described(text: &str) -> String {
    if text.trim().is_empty() { "記載なし".to_owned() } else { markup::multiline(text) }
}

fn device(scope: &Scope, node: &Node) -> Value {
    let kind = match node.kind {
        NodeKind::VirtualMachine => "software",
        NodeKind::ExternalSystem => "system",
        _ => "hardware",
    };
    let site = scope.service.files.system.sites.iter().find(|site| Some(&site.id) == node.site.as_ref());
    let place = site.map_or("場所の記載なし", |site| &site.name);
    json!({
        "uuid": scope.id("node", &node.id),
        "type": kind,
        "title": title(&node.name, &node.id),
        "description": markup::multiline(&format!("{}（{}、{}環境、{place}）", node.name, node.kind.term(), node.environment.term())),
        "props": [
            prop("node-id", &node.id),
            noted("node-kind", node.kind.token(), node.kind.term()),
            prop("site", node.site.as_deref().unwrap_or_default()),
            prop("host", node.host.as_deref().unwrap_or_default()),
            noted("environment", node.environment.token(), node.environment.term()),
            noted("exposure", node.exposure.token(), node.exposure.term()),
            noted("authentication", node.authentication.token(), node.authentication.term()),
            noted("encryption", node.encryption.token(), node.encryption.term()),
            prop("owner", node.owner.as_deref().map_or("", |id| scope.party_name(id))),
            prop("operator", node.operator.as_deref().map_or("", |id| scope.party_name(id))),
        ],
        "status": status(),
        "remarks": markup::multiline(node.note.as_deref().unwrap_or_default()),
    })
}

fn connection(scope: &Scope, link: &Link) -> Value {
    json!({
        "uuid": scope.id("link", &link.id),
        "type": "network",
        "title": title(&link.name, &link.id),
        "description": markup::multiline(&format!("{}（{}、{}）", link.name, link.kind.term(), link.between.join("と"))),
        "props": [
            prop("link-id", &link.id),
            noted("link-kind", link.kind.token(), link.kind.term()),
            noted("exposure", link.exposure.token(), link.exposure.term()),
            noted("encryption", link.encryption.token(), link.encryption.term()),
            prop("protocol", link.protocol.as_deref().unwrap_or_default()),
            prop("operator", link.operator.as_deref().map_or("", |id| scope.party_name(id))),
        ],
        "status": status(),
        "remarks": markup::multiline(link.note.as_deref().unwrap_or_default()),
    })
}

/// The component a flow runs on; what is carried stands for its way.
pub(super) fn component_of(scope: &Scope, element: Element) -> String {
    let system = &scope.service.files.system;
    match element {
        Element::Node(at) => scope.id("node", &system.nodes[at].id),
        Element::Link(at) => scope.id("link", &system.links[at].id),
        Element::Transport(at) => {
            let medium = &system.transports[at].medium;
            if system.nodes.iter().any(|node| node.id == *medium) { scope.id("node", medium) } else { scope.system() }
        }
    }
}

pub(super) fn users(scope: &Scope) -> Vec<Value> {
    let actors = scope.service.files.system.actors.iter();
    let user = |actor: &shirube_safety::model::Actor| {
        json!({
            "uuid": scope.id("actor", &actor.id),
            "title": title(&actor.name, &actor.id),
            "props": [prop("actor-id", &actor.id), prop("party", scope.service.files.service.parties.iter().find(|party| party.id == actor.party).map_or(&actor.party, |party| &party.name))],
        })
    };
    actors.map(user).collect()
}

/// The program that proposed, as the assets of an assessment name it.
pub(super) fn tool(scope: &Scope) -> Value {
    json!({
        "components": [{
            "uuid": scope.id("tool", "shirube"),
            "type": "software",
            "title": "Shirube",
            "description": "宣言された規則からリスクの案を出すプログラム。案は、人が決めるまで決定ではない。",
            "status": { "state": "operational" },
        }],
        "assessment-platforms": [{
            "uuid": scope.id("platform", "shirube"),
            "title": "Shirube",
            "uses-components": [{ "component-uuid": scope.id("tool", "shirube") }],
        }],
    })
}
