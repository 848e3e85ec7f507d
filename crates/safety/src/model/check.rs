//! Findings on `shirube.yaml` and `system.yaml`: references, gaps, contradictions.

mod chain;
pub(crate) mod country;
mod document;
mod elements;
mod flows;
mod information;
mod outside;
mod parties;
mod places;
mod references;
mod service;
mod supply;
mod transition;

use shirube_catalog::Library;

use super::{Element, Flows, ServiceFile, SystemFile};
use crate::finding::{File, Finding, Findings, Severity};

/// Checks both files. Nothing here stops the assessment: an unfinished model is normal.
pub fn check(service: &ServiceFile, system: &SystemFile, flows: &Flows, library: &'static Library) -> Vec<Finding> {
    let mut findings = Vec::new();
    references::check(service, system, &mut findings);
    let mut at = Findings { file: File::Service, list: &mut findings };
    service::check(service, library, &mut at);
    transition::check(service, &mut at);
    parties::check(service, &mut at);
    chain::check(service, library, &mut at);
    document::check(service, library, &mut at);
    let mut at = Findings { file: File::System, list: &mut findings };
    if system.nodes.is_empty() {
        at.add(
            Severity::Warning,
            "model-empty",
            "",
            "機器や記憶媒体が一つもありません。",
            "手順1から始めます。sitesに拠点を、nodesにそこにある機器や媒体を書いてください。",
        );
        return findings;
    }
    country::check(system, &mut at);
    places::check(system, &mut at);
    chain::elements(service, system, &mut at);
    supply::check(service, system, flows, &mut at);
    elements::check(service, system, flows, &mut at);
    outside::check(service, system, flows, &mut at);
    information::check(service, system, &mut at);
    flows::check(system, flows, library, &mut at);
    findings
}

/// Pointer and name of an element, with where it is.
fn locate(system: &SystemFile, element: Element) -> (String, String) {
    match element {
        Element::Node(i) => {
            let node = &system.nodes[i];
            let site = node.site.as_deref().and_then(|id| system.sites.iter().find(|site| site.id == id));
            let place = site.map(|site| format!("（{}）", site.name)).unwrap_or_default();
            (format!("/nodes/{i}"), format!("「{}」{place}", node.name))
        }
        Element::Link(i) => {
            let link = &system.links[i];
            let place = link.place.as_ref().map(|place| format!("（{place}）")).unwrap_or_default();
            (format!("/links/{i}"), format!("接続「{}」{place}", link.name))
        }
        Element::Transport(i) => (format!("/transports/{i}"), format!("搬送「{}」", system.transports[i].id)),
    }
}
