//! Findings on the delivery form, the supply chain and its place in the model (PARTY-003, -005, -006, MODEL-009).

use std::collections::{HashMap, HashSet};

use shirube_catalog::Library;

use crate::finding::{File, Findings, Severity};
use crate::model::supply::reaches;
use crate::model::{
    Answer, Form, Layer, Node, Party, PartyKind, ServiceFile, Supply, SystemFile, delivery, party::party_name,
};

pub(super) fn check(service: &ServiceFile, library: &'static Library, at: &mut Findings) {
    forms(service, at);
    layers_supplied(service, at);
    let delivery = delivery(service, library);
    if delivery.case.is_none() {
        at.add(
            Severity::Note,
            "delivery-case",
            "/delivery",
            format!("提供形態「{}」は、ガイドラインが例に挙げる組合せではありません。", delivery.combination),
            "義務の割り振りは各層の形から示します。契約の内容と合うか確かめてください。",
        );
    }
    for (i, supply) in service.supply_chain.iter().enumerate() {
        let mut edge = Edge { service, supply, here: format!("/supply_chain/{i}"), at };
        edge.contract();
        edge.dates();
        edge.direction();
    }
}

/// Each part of the delivery form against who provides it.
fn forms(service: &ServiceFile, at: &mut Findings) {
    for part in service.delivery.parts() {
        let (term, own) = (part.term(), part.party == service.provider);
        if (part.form == Form::Own) != own {
            let message = if own {
                format!("{term}は自社が提供するのに、形が「{}」です。", part.form.term())
            } else {
                format!("{term}は「自ら提供」ですが、提供する組織が自社ではありません。")
            };
            at.add(
                Severity::Error,
                "delivery-form",
                part.pointer(),
                message,
                "formかpartyを直してください（1=自社、2=調達、3=医療機関等が別に契約）。",
            );
        }
        let mut edges = service.supply_chain.iter().filter(|supply| supply.supplier == part.party).peekable();
        if part.form == Form::Procured && edges.peek().is_none() {
            at.add(
                Severity::Warning,
                "supply-missing",
                part.pointer(),
                format!("{term}は調達するとありますが、その関係がsupply_chainにありません。"),
                "supplier・customer・contract・reportsを書いてください。",
            );
        }
        let of_layer = |supply: &&Supply| supply.layers.is_empty() || supply.layers.contains(&part.layer);
        let to_us = edges.filter(of_layer).any(|supply| supply.customer == service.provider);
        if part.form == Form::Separate && to_us {
            at.add(
                Severity::Warning,
                "supply-separate",
                part.pointer(),
                format!(
                    "{term}は医療機関等が別に契約するとありますが、「{}」と自社の間の調達の関係も書かれています。",
                    party_name(service, part.party)
                ),
                "自社が調達するのならformを2に、別の契約ならsupply_chainのその行を外してください。",
            );
        }
    }
}

/// A layer that a direct supplier supplies to us must name the supplier, or somebody it supplies us through.
fn layers_supplied(service: &ServiceFile, at: &mut Findings) {
    for (i, supply) in service.supply_chain.iter().enumerate() {
        if supply.customer != service.provider {
            continue;
        }
        let named = |layer: &Layer| {
            service.delivery.parts().filter(|part| part.layer == *layer).any(|part| {
                part.party == supply.supplier || reaches(service, part.party, |customer| customer == supply.supplier)
            })
        };
        for layer in supply.layers.iter().filter(|layer| !named(layer)) {
            at.add(
                Severity::Warning,
                "delivery-supplier",
                format!("/supply_chain/{i}/layers"),
                format!(
                    "「{}」は{}を提供すると調達の関係（supply_chain）にありますが、提供形態（delivery）の{}にありません。",
                    party_name(service, &supply.supplier),
                    layer.term(),
                    layer.term()
                ),
                "deliveryのその層のpartyを直すか、一部だけならalsoに組織・形・提供するものを加えてください。",
            );
        }
    }
}

/// One edge of the supply chain under examination.
struct Edge<'e, 'f> {
    service: &'e ServiceFile,
    supply: &'e Supply,
    here: String,
    at: &'e mut Findings<'f>,
}

impl Edge<'_, '_> {
    fn say(&mut self, severity: Severity, rule: &'static str, message: String, advice: &str) {
        self.at.add(severity, rule, self.here.clone(), message, advice);
    }

    fn supplier(&self) -> &str {
        party_name(self.service, &self.supply.supplier)
    }

    fn contract(&mut self) {
        if !self.supply.is_contracted() {
            let customer = party_name(self.service, &self.supply.customer);
            let message = format!(
                "「{}」から「{customer}」への提供に契約が書かれていません。報告の約束も確かめられません。",
                self.supplier()
            );
            self.say(Severity::Warning, "supply-uncontracted", message, "contractに契約の名前を書いてください。");
        } else if self.supply.reports != Answer::Yes {
            let message = format!("「{}」からの報告の約束が確認できませんでした。", self.supplier());
            let advice = "リスクマネジメントと制度対応の状況を報告してもらう約束をし、reports: yes としてください。";
            self.say(Severity::Warning, "supply-report", message, advice);
        }
    }

    fn dates(&mut self) {
        if let (Some(start), Some(end)) = (self.supply.start, self.supply.end)
            && end < start
        {
            let message = format!("「{}」との契約の終わり（{end}）が始まり（{start}）より前です。", self.supplier());
            self.say(Severity::Error, "supply-dates", message, "startかendを直してください。");
        }
    }

    /// Who reports to whom follows the contracts: only a direct contract leads to the institution (2.1).
    fn direction(&mut self) {
        let party = |id: &str| self.service.parties.iter().find(|party| party.id == id);
        let is_institution = |id: &str| party(id).is_some_and(|party| party.kind == PartyKind::Institution);
        let scope = party(&self.supply.supplier).and_then(|supplier| supplier.scope.as_ref());
        let indirect = scope.is_some_and(|answers| {
            answers.direct_contract == Answer::No && answers.receives_by_patient_instruction != Answer::Yes
        });
        if is_institution(&self.supply.customer) && indirect {
            let message = format!(
                "「{}」は医療機関等と直接の契約がないのに、医療機関等へ提供・報告する関係になっています。",
                self.supplier()
            );
            let advice = "直接の契約がない事業者は、契約する事業者に報告します（2.1）。customerか、scopeのdirect_contractを直してください。";
            self.say(Severity::Error, "supply-to-institution", message, advice);
        }
        let goal = |id: &str| id == self.service.provider || is_institution(id);
        if !goal(&self.supply.supplier) && !reaches(self.service, &self.supply.supplier, goal) {
            let message = format!("「{}」の提供が、自社にも医療機関等にもつながっていません。", self.supplier());
            let advice = "その先の提供先までの関係を、supply_chainに加えてください。";
            self.say(Severity::Warning, "supply-unconnected", message, advice);
        }
    }
}

/// MODEL-009: every party that takes part has a place in the model, and every way between sites has an operator.
pub(super) fn elements(service: &ServiceFile, system: &SystemFile, at: &mut Findings) {
    let mut present: HashSet<&str> = system.sites.iter().map(|site| site.owner.as_str()).collect();
    present.extend(system.nodes.iter().flat_map(|n| [&n.owner, &n.operator]).flatten().map(String::as_str));
    present.extend(system.links.iter().filter_map(|link| link.operator.as_deref()));
    present.extend(system.actors.iter().map(|actor| actor.party.as_str()));
    let supplied = |party: &Party| service.supply_chain.iter().any(|supply| supply.customer == party.id);
    for (i, party) in service.parties.iter().enumerate().filter(|(_, party)| !present.contains(party.id.as_str())) {
        let role = match party.kind {
            _ if party.takes_part(service) => "サービスの一部を提供する",
            _ if supplied(party) => "調達の関係にある",
            PartyKind::Institution => "サービスを使う",
            _ => continue,
        };
        Findings { file: File::Service, list: &mut *at.list }.add(
            Severity::Warning,
            "party-without-element",
            format!("/parties/{i}"),
            format!("{role}「{}」の拠点・機器・接続・人が、モデルにありません。", party.name),
            "ICTサプライチェーン全体が対象です。その組織が担う部分をsystem.yamlに加えてください。",
        );
    }
    let nodes: HashMap<&str, &Node> = system.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    for (i, link) in system.links.iter().enumerate() {
        let ends: HashSet<&str> = link.between.iter().filter_map(|end| outermost(system, &nodes, end)).collect();
        if ends.len() > 1 && link.operator.as_deref().is_none_or(|operator| operator.trim().is_empty()) {
            at.add(
                Severity::Warning,
                "link-operator-missing",
                format!("/links/{i}"),
                format!("拠点をまたぐ接続「{}」を運用する組織が書かれていません。", link.name),
                "operatorに、回線を運用する組織を書いてください。",
            );
        }
    }
}

/// The outermost site a link's end stands in.
fn outermost<'a>(system: &'a SystemFile, nodes: &HashMap<&str, &'a Node>, end: &'a str) -> Option<&'a str> {
    let mut here = match nodes.get(end) {
        Some(node) => node.site.as_deref()?,
        None => end,
    };
    // A chain of sites is never longer than the list, unless it is a cycle, which is named elsewhere.
    for _ in 0..system.sites.len() {
        match system.sites.iter().find(|site| site.id == here)?.within.as_deref() {
            Some(outer) => here = outer,
            None => break,
        }
    }
    Some(here)
}
