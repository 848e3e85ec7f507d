//! Devices, media and links: joined, used, handled by somebody, described.

use std::collections::{HashMap, HashSet};

use crate::finding::{Findings, Severity};
use crate::model::{
    Element, Entry, Exposure, Flows, LinkKind, ModelDocumentKind, Node, NodeKind, Origin, Phase, ServiceFile,
    SystemFile,
};

pub(super) fn check(service: &ServiceFile, system: &SystemFile, flows: &Flows, at: &mut Findings) {
    elements(service, system, at);
    media(system, at);
    people(system, flows, at);
    attributes(system, at);
    documents(system, at);
}

fn elements(service: &ServiceFile, system: &SystemFile, at: &mut Findings) {
    let mut connected: HashSet<&str> =
        system.links.iter().flat_map(|link| link.between.iter().map(String::as_str)).collect();
    connected.extend(system.transports.iter().map(|transport| transport.medium.as_str()));
    let handled: HashSet<&str> =
        system.handlings.iter().flat_map(|handling| handling.nodes.iter().map(String::as_str)).collect();
    for (i, node) in system.nodes.iter().enumerate() {
        let here = format!("/nodes/{i}");
        let id = node.id.as_str();
        if node.kind == NodeKind::Medium {
            if !connected.contains(id) && !handled.contains(id) {
                at.add(
                    Severity::Warning,
                    "medium-idle",
                    here,
                    format!("媒体「{}」の搬送も保管も書かれていません。", node.name),
                    "transportsに搬送を、handlingsに保管の処理を書いてください。",
                );
            }
            continue;
        }
        if !connected.contains(id) && node.exposure != Exposure::Offline {
            at.add(
                Severity::Note,
                "node-unconnected",
                here.clone(),
                format!("「{}」はどこにも接続されていません。", node.name),
                "linksに接続を書くか、ネットワークに接しないならexposure: offline としてください。",
            );
        }
        if !handled.contains(id) && node.kind != NodeKind::NetworkEquipment {
            at.add(
                Severity::Note,
                "node-unused",
                here.clone(),
                format!("「{}」で行う処理が書かれていません。", node.name),
                "handlingsに、誰が何をどうするか（手順3）、又は何がどうされるか（手順4）を書いてください。",
            );
        }
        if node.kind == NodeKind::ExternalSystem {
            external(service, node, &here, at);
        }
    }
    for (i, link) in system.links.iter().enumerate() {
        if link.between.len() == 2 && link.between[0] == link.between[1] {
            at.add(
                Severity::Error,
                "link-loop",
                format!("/links/{i}/between"),
                format!("接続「{}」の両端が同じです。", link.name),
                "異なる二つの機器又は拠点を書いてください。",
            );
        }
    }
}

/// A linked system of another company stays in scope; its supplier should be known and report (MODEL-008).
fn external(service: &ServiceFile, node: &Node, here: &str, at: &mut Findings) {
    let owner = node.owner.as_deref().unwrap_or_default();
    let supply = service.supply_chain.iter().find(|supply| supply.supplier == owner && supply.contract.is_some());
    if supply.is_none() {
        at.add(
            Severity::Note,
            "external-without-contract",
            here,
            format!("「{}」の提供元との契約も、提供元からの報告も確認できませんでした。", node.name),
            "情報をやり取りするため対象の範囲に含めています。連携の条件と責任の分界を医療機関等と確かめてください。",
        );
    }
}

/// MODEL-016: what is kept elsewhere must have got there.
fn media(system: &SystemFile, at: &mut Findings) {
    let handled: HashSet<&str> =
        system.handlings.iter().flat_map(|handling| &handling.nodes).map(String::as_str).collect();
    for (i, node) in system.nodes.iter().enumerate().filter(|(_, node)| node.kind == NodeKind::Medium) {
        let kept = handled.contains(node.id.as_str());
        let carried = system.transports.iter().any(|transport| transport.medium == node.id);
        let beside = |other: &Node| other.kind != NodeKind::Medium && other.site == node.site;
        if kept && !carried && node.site.is_some() && !system.nodes.iter().any(beside) {
            at.add(
                Severity::Warning,
                "medium-not-carried",
                format!("/nodes/{i}"),
                format!("媒体「{}」は機器のない場所で保管されますが、そこまでの搬送が書かれていません。", node.name),
                "transportsに、どこからどこへ誰が運ぶかを書いてください（手順2）。",
            );
        }
    }
}

/// MODEL-006: terminals, printers, media and the closed network of a carrier are things that people handle.
fn people(system: &SystemFile, flows: &Flows, at: &mut Findings) {
    const ADVICE: &str =
        "handlingsのactorに扱う人を、回線ではその運用に当たる組織の人をactorsに書いてください（手順3、注27）。";
    let mut of_nodes: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, handling) in system.handlings.iter().enumerate() {
        handling.nodes.iter().for_each(|node| of_nodes.entry(node).or_default().push(index));
    }
    for node in &system.nodes {
        let by_people =
            matches!(node.kind, NodeKind::Terminal | NodeKind::MobileTerminal | NodeKind::Printer | NodeKind::Medium);
        let carried = system.transports.iter().any(|transport| transport.medium == node.id);
        let Some(of_node) = of_nodes.get(node.id.as_str()) else { continue };
        let first = of_node[0];
        if by_people && !carried && of_node.iter().all(|&index| system.handlings[index].actor.is_none()) {
            at.add(
                Severity::Warning,
                "person-missing",
                format!("/handlings/{first}"),
                format!(
                    "「{}」（{}）は人が扱うものですが、誰が扱うかが書かれていません。",
                    node.name,
                    node.kind.term()
                ),
                ADVICE,
            );
        }
    }
    for (i, link) in system.links.iter().enumerate() {
        let run = matches!(link.kind, LinkKind::ClosedNetwork | LinkKind::DedicatedLine);
        let unmanned = flows.list.iter().any(|flow| {
            flow.element == Element::Link(i)
                && flow.origin == Origin::Link
                && flow.phase != Phase::Termination
                && flow.actor.is_none()
        });
        if run && unmanned {
            at.add(
                Severity::Warning,
                "person-missing",
                format!("/links/{i}"),
                format!(
                    "接続「{}」（{}）は人が扱うものですが、誰が扱うかが書かれていません。",
                    link.name,
                    link.kind.term()
                ),
                ADVICE,
            );
        }
    }
}

/// Attributes nobody has confirmed, one line per node or link.
fn attributes(system: &SystemFile, at: &mut Findings) {
    for (i, node) in system.nodes.iter().enumerate() {
        let unknown = node.unknown();
        if !unknown.is_empty() {
            at.add(
                Severity::Note,
                "attribute-unknown",
                format!("/nodes/{i}"),
                format!("「{}」の{}が未確認です。", node.name, unknown.join("・")),
                "リスクの案は、未確認のものを低く見積もらずに作ります。確かめたら値を書いてください。",
            );
        }
    }
    for (i, link) in system.links.iter().enumerate() {
        let unknown = link.unknown();
        if !unknown.is_empty() {
            at.add(
                Severity::Note,
                "attribute-unknown",
                format!("/links/{i}"),
                format!("接続「{}」の{}が未確認です。", link.name, unknown.join("・")),
                "リスクの案は、未確認のものを低く見積もらずに作ります。確かめたら値を書いてください。",
            );
        }
    }
    for (i, site) in system.sites.iter().enumerate() {
        if site.entry == Entry::Unknown && system.nodes.iter().any(|n| n.site.as_ref() == Some(&site.id)) {
            at.add(
                Severity::Note,
                "attribute-unknown",
                format!("/sites/{i}"),
                format!("拠点「{}」の入室の制限が未確認です。", site.name),
                "entryに open（不特定の者が近づける）か controlled（入室を制限）を書いてください。",
            );
        }
    }
}

/// MODEL-012: the papers about the configuration (別紙2 1.13①).
fn documents(system: &SystemFile, at: &mut Findings) {
    let missing: Vec<String> = ModelDocumentKind::ALL
        .iter()
        .filter(|kind| !system.documents.iter().any(|document| document.kind == **kind))
        .map(|kind| format!("{}（{}）", kind.term(), kind.control()))
        .collect();
    if !missing.is_empty() {
        at.add(
            Severity::Note,
            "document-kind-missing",
            "/documents",
            format!("構成に関する資料のうち、{}がありません。", missing.join("・")),
            "documentsに、資料の名前・版数・保管場所を書いてください（別紙2 1.13①）。",
        );
    }
    for (i, document) in system.documents.iter().enumerate() {
        if document.disclosure.trim().is_empty() {
            at.add(
                Severity::Note,
                "document-disclosure",
                format!("/documents/{i}"),
                format!("資料「{}」を求められたときに開示する内容・範囲・条件が書かれていません。", document.title),
                "disclosureに、医療機関等と合意する内容を書いてください（別紙2 1.13①-5）。",
            );
        }
    }
}
