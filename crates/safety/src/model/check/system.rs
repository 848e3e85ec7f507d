//! Findings on `system.yaml` beyond its references: gaps and contradictions of the model and its flows.

use std::collections::{BTreeMap, HashSet};

use shirube_catalog::Library;

use crate::finding::{File, Finding, Findings, Severity};
use crate::model::{
    Answer, Element, Environment, Flows, NodeKind, Phase, ServiceFile, StandsFor, SystemFile, grid, similar,
    termination_gaps,
};

pub(super) fn check(
    service: &ServiceFile,
    system: &SystemFile,
    flows: &Flows,
    library: &Library,
    findings: &mut Vec<Finding>,
) {
    let mut at = Findings { file: File::System, list: findings };
    if system.nodes.is_empty() {
        at.add(
            Severity::Warning,
            "model-empty",
            "",
            "機器や記憶媒体が一つもありません。",
            "手順1から始めます。sitesに拠点を、nodesにそこにある機器や媒体を書いてください。",
        );
        return;
    }
    places(service, system, &mut at);
    elements(service, system, &mut at);
    attributes(system, &mut at);
    information(system, &mut at);
    environments(system, &mut at);
    verbs(system, library, &mut at);
    coverage(system, flows, library, &mut at);
    termination(system, flows, &mut at);
}

/// MODEL-015: where information is kept must be within the reach of Japanese law.
fn places(service: &ServiceFile, system: &SystemFile, at: &mut Findings) {
    for (i, site) in system.sites.iter().enumerate() {
        match site.country.as_deref().map(str::trim) {
            None | Some("") if site.within.is_none() => at.add(
                Severity::Warning,
                "country-missing",
                format!("/sites/{i}"),
                format!("拠点「{}」の国が書かれていません。", site.name),
                "国内法の執行の及ぶ範囲か（6.1）を示すため、countryを書いてください（例: 日本）。",
            ),
            Some(country) if !matches!(country, "" | "日本" | "JP" | "日本国") => at.add(
                Severity::Error,
                "country-abroad",
                format!("/sites/{i}/country"),
                format!("拠点「{}」は国外（{country}）です。", site.name),
                "医療情報とそれを扱うシステムは、国内法の執行の及ぶ範囲に置く必要があります（6.1）。置き方を見直してください。",
            ),
            _ => {}
        }
    }
    for (i, node) in system.nodes.iter().enumerate() {
        if node.site.is_none() && node.kind != NodeKind::Medium {
            at.add(
                Severity::Warning,
                "node-without-site",
                format!("/nodes/{i}"),
                format!("「{}」の設置場所が書かれていません。", node.name),
                "siteに拠点のidを書いてください。",
            );
        }
    }
    let mut present: HashSet<&str> = system.sites.iter().map(|site| site.owner.as_str()).collect();
    present.extend(system.nodes.iter().flat_map(|n| [&n.owner, &n.operator]).flatten().map(String::as_str));
    present.extend(system.links.iter().filter_map(|link| link.operator.as_deref()));
    present.extend(system.actors.iter().map(|actor| actor.party.as_str()));
    let chain = service.supply_chain.iter().flat_map(|supply| [&supply.supplier, &supply.customer]);
    let missing: HashSet<&str> = chain.map(String::as_str).filter(|party| !present.contains(party)).collect();
    for (i, party) in service.parties.iter().enumerate().filter(|(_, party)| missing.contains(party.id.as_str())) {
        at.list.push(Finding {
            severity: Severity::Warning,
            rule: "party-without-element",
            place: crate::finding::Place::new(File::Service, format!("/parties/{i}")),
            message: format!("調達の関係にある「{}」の拠点・機器・接続・人が、モデルにありません。", party.name),
            advice: "ICTサプライチェーン全体が対象です。その組織が担う部分をsystem.yamlに加えてください。".to_owned(),
        });
    }
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
        if !connected.contains(id) && node.exposure != crate::model::Exposure::Offline {
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
fn external(service: &ServiceFile, node: &crate::model::Node, here: &str, at: &mut Findings) {
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
        if site.entry == crate::model::Entry::Unknown && system.nodes.iter().any(|n| n.site.as_ref() == Some(&site.id))
        {
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

fn information(system: &SystemFile, at: &mut Findings) {
    let medical: HashSet<&str> =
        system.information.iter().filter(|i| i.medical == Answer::Yes).map(|i| i.class.as_str()).collect();
    for (i, information) in system.information.iter().enumerate() {
        if information.medical == Answer::Unknown {
            at.add(
                Severity::Note,
                "medical-unknown",
                format!("/information/{i}"),
                format!("「{}」が医療情報に当たるかが未確認です。", information.name),
                "medicalに yes か no を、medical_reasonに理由を書いてください（2.1）。",
            );
        }
        if information.medical == Answer::Yes && information.documents.is_empty() {
            at.add(
                Severity::Note,
                "documents-missing",
                format!("/information/{i}"),
                format!("「{}」に含まれる文書の種類（診療録など）が書かれていません。", information.name),
                "documentsに名称・保存年数・根拠を書くと、ログの保存期間や第6章の確認に使えます。",
            );
        }
    }
    for role in [StandsFor::ApplicationProvision, StandsFor::PlatformLog] {
        if !system.information.iter().any(|information| information.stands_for == Some(role)) {
            at.add(
                Severity::Warning,
                "stands-for-missing",
                "/information",
                format!(
                    "「{}」に当たる情報がないため、プラットフォームとインフラの情報流を一部導けません。",
                    role.term()
                ),
                format!("informationに stands_for: {} の情報を一つ加えてください。", role.token()),
            );
        }
    }
    // FLOW-008: patients' information is a class of its own.
    for (i, other) in system.information.iter().enumerate() {
        let settings = matches!(
            other.kind,
            crate::model::InformationKind::Settings
                | crate::model::InformationKind::TestData
                | crate::model::InformationKind::Program
        );
        if settings && medical.contains(other.class.as_str()) {
            at.add(
                Severity::Warning,
                "class-mixed",
                format!("/information/{i}/class"),
                format!("「{}」が医療情報と同じ分類になっています。", other.name),
                "設定情報・プログラム・テストデータは、患者個人情報とは別の分類にしてください（5.1.1）。",
            );
        }
    }
}

/// MODEL-010: development and test are part of the model.
fn environments(system: &SystemFile, at: &mut Findings) {
    let has = |wanted| system.nodes.iter().any(|node| node.environment == wanted);
    if !has(Environment::Development) && !has(Environment::Test) {
        at.add(
            Severity::Warning,
            "environment-missing",
            "/nodes",
            "開発環境・試験環境の機器がありません。",
            "開発フェーズの情報流は、開発・試験の環境も含めて洗い出します。該当する機器を加えてください。",
        );
    }
}

fn verbs(system: &SystemFile, library: &Library, at: &mut Findings) {
    let known: HashSet<&str> = library.verbs.iter().map(|verb| verb.text.as_str()).collect();
    let used = system.handlings.iter().enumerate().flat_map(|(i, handling)| {
        handling.how.iter().enumerate().map(move |(h, how)| (format!("/handlings/{i}/how/{h}"), how))
    });
    let written = system.flows.iter().enumerate().map(|(i, flow)| (format!("/flows/{i}/how"), &flow.how));
    for (pointer, how) in used.chain(written) {
        if !known.contains(how.as_str()) && similar(how).is_empty() {
            at.add(
                Severity::Warning,
                "verb-unknown",
                pointer,
                format!("「{how}」が何をする処理か読み取れませんでした。"),
                "例: 閲覧・操作する、媒体入出力する、作成や保存される、処理する、搬送する、保管する、転送する。",
            );
        }
    }
}

/// FLOW-006: each of the nine cells has flows or a reason.
fn coverage(system: &SystemFile, flows: &Flows, library: &Library, at: &mut Findings) {
    for cell in grid(system, flows) {
        let name = format!("{}の{}", cell.layer.term(), cell.phase.term());
        match (cell.flows, &cell.reason) {
            (0, None) => {
                let look =
                    library.provider.viewpoints.iter().find(|viewpoint| {
                        viewpoint.layer == cell.layer.token() && viewpoint.phase == cell.phase.token()
                    });
                at.add(
                    Severity::Warning,
                    "cell-empty",
                    "",
                    format!("{name}に情報流が一つもありません。"),
                    format!(
                        "{}ないのであれば、no_flowsに理由を書いてください。",
                        look.map(|viewpoint| viewpoint.text.as_str()).unwrap_or_default()
                    ),
                );
            }
            (1.., Some(_)) => at.add(
                Severity::Warning,
                "cell-contradiction",
                "/no_flows",
                format!("{name}には情報流がありますが、「ない理由」も書かれています。"),
                "no_flowsの該当する行を外してください。",
            ),
            _ => {}
        }
    }
    for (pointer, id) in &flows.repeated {
        at.add(
            Severity::Warning,
            "flow-twice",
            pointer,
            format!("情報流「{id}」が二度書かれています。"),
            "同じ人・機器・情報・動作の組は一つにまとめてください。後のものは数えていません。",
        );
    }
    let known: HashSet<usize> = flows.rejected.iter().map(|(_, at)| *at).collect();
    for (i, rejected) in system.rejected_flows.iter().enumerate().filter(|(i, _)| !known.contains(i)) {
        at.add(
            Severity::Warning,
            "rejection-stale",
            format!("/rejected_flows/{i}"),
            format!("採らないとした情報流「{}」は、今のモデルからは導かれません。", rejected.flow),
            "不要になった行を外すか、shirube flows で今のidを確かめてください。",
        );
    }
}

/// FLOW-011: asks for the end of everything that is used.
fn termination(system: &SystemFile, flows: &Flows, at: &mut Findings) {
    let gaps = termination_gaps(system, flows);
    let mut examples: BTreeMap<Element, &str> = BTreeMap::new();
    for flow in flows.list.iter().filter(|flow| flow.phase != Phase::Termination) {
        examples.entry(flow.element).or_insert(&flow.what);
    }
    for element in gaps.unended {
        let (pointer, name) = locate(system, element);
        let what = examples.get(&element).copied().unwrap_or("扱った情報");
        at.add(
            Severity::Warning,
            "termination-missing",
            pointer,
            format!("{name}には、契約終了時の情報流（廃棄又は移管）がありません。"),
            format!("「{what}」などを契約終了時にどうするかをat_endに、何もしないならその理由をat_end_noneに書いてください。"),
        );
    }
    for element in gaps.never_used {
        let (pointer, name) = locate(system, element);
        at.add(
            Severity::Warning,
            "termination-unused",
            pointer,
            format!("{name}は契約終了時にだけ現れ、開発・運用では使われていません。"),
            "開発・運用の情報流を加えるか、at_endの対象が正しいか確かめてください。",
        );
    }
}

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
