//! What a service can be asked for, by the names of the table (`catalogs/rules/checklists.yaml`).
//!
//! A fact is told in sentences that name the file it stands in. What no file says gives no sentence.

use shirube_catalog::ControlId;

use super::stands;
use crate::conformity::{Conformity, ControlStatus};
use crate::model::{
    Answer, Authentication, Encryption, Link, LinkKind, Node, NodeKind, Phase, Redundancy, RemovableMedia,
};
use crate::risk::Assessment;
use crate::service::ServiceFiles;
use crate::stated::ChecklistKind;

/// What is read.
pub(super) struct Facts<'f, 'a> {
    pub files: &'f ServiceFiles,
    pub assessment: &'f Assessment<'a>,
    pub conformity: &'f Conformity<'a>,
}

/// Whether the model shows that something is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Use {
    /// With what shows it.
    Shown(Vec<String>),
    /// The model is there and has nothing of the kind.
    Absent,
    /// The model does not say.
    Unknown,
}

/// Names of more than so many things are cut: a cell is no inventory.
const MOST_NAMES: usize = 4;

impl Facts<'_, '_> {
    /// Sentences on a fact.
    pub fn told(&self, name: &str) -> Vec<String> {
        match name {
            "inventory" => self.inventory(),
            "remote-maintenance" => used("リモートメンテナンスに当たる接続", &self.remote_maintenance()),
            "external-connection" => used("拠点の外との接続", &self.external()),
            "wireless-lan" => used("無線LAN", &self.wireless()),
            "passwords" => used("パスワードで認証する機器", &self.passwords()),
            "multi-factor" => self.multi_factor(),
            "removable-media" => self.removable_media(),
            "logs" => self.logs(),
            "backup" => self.backup(),
            "redundancy" => self.redundancy(),
            "encryption" => self.encryption(),
            "updates" => self.updates(),
            "contacts" => self.contacts(),
            "continuity" => self.continuity(),
            "division" => self.division(),
            "exchange" => self.exchange(),
            "suppliers" => self.suppliers(),
            "certifications" => self.certifications(),
            "selection" => self.selection(),
            "conformity" => self.answered(),
            "risks" => self.risks(),
            "mds-sds" => self.mds_sds(),
            other => other.strip_prefix("role/").map_or_else(Vec::new, |token| self.role(token)),
        }
    }

    /// Whether the model shows what a shared fact is about.
    pub fn used(&self, name: &str) -> Use {
        match name {
            "remote-maintenance" => self.remote_maintenance(),
            "external-connection" => self.external(),
            "wireless-lan" => self.wireless(),
            "passwords" => self.passwords(),
            _ => Use::Unknown,
        }
    }

    /// The answer to a control, as a sentence.
    pub fn control(&self, id: ControlId) -> String {
        let Some(answered) = self.conformity.answer(id) else { return format!("別紙2 {id} は一覧にない。") };
        let status = answered.status();
        if status == ControlStatus::Unanswered {
            return format!("別紙2 {id} は未回答。");
        }
        let proposed = if answered.is_unsigned() { "（案）" } else { "" };
        let answer = answered.answer;
        let how = answer.map(|answer| if answer.how.trim().is_empty() { &answer.reason } else { &answer.how });
        let how = how.map(|how| first_sentence(how)).unwrap_or_default();
        format!("別紙2 {id} の答え: {}{proposed}。{how}", status.term())
    }

    /// Whether a control is met and somebody decided so.
    pub fn is_met(&self, id: ControlId) -> bool {
        stands(self.conformity, id)
    }

    fn links(&self) -> impl Iterator<Item = &Link> {
        self.files.system.links.iter()
    }

    /// Nodes that the provider keeps, by their sites.
    fn own_nodes(&self) -> impl Iterator<Item = &Node> {
        let files = self.files;
        files.system.nodes.iter().filter(move |node| {
            let site = files.system.sites.iter().find(|site| Some(&site.id) == node.site.as_ref());
            node.owner.as_ref().or(site.map(|site| &site.owner)) == Some(&files.service.provider)
        })
    }

    fn inventory(&self) -> Vec<String> {
        let count = |wanted: fn(NodeKind) -> bool| self.own_nodes().filter(|node| wanted(node.kind)).count();
        let servers = count(|kind| matches!(kind, NodeKind::Server));
        let terminals = count(|kind| matches!(kind, NodeKind::Terminal | NodeKind::MobileTerminal));
        let network = count(|kind| matches!(kind, NodeKind::NetworkEquipment));
        match servers + terminals + network {
            0 => Vec::new(),
            _ => vec![format!(
                "構成に、対象事業者のサーバ{servers}件、端末{terminals}件、ネットワーク機器{network}件がある。"
            )],
        }
    }

    /// A way out of a site on which the provider's people work on what they develop and maintain.
    fn remote_maintenance(&self) -> Use {
        let by_provider = |actor: &String| {
            let actors = &self.files.system.actors;
            actors.iter().any(|known| known.id == *actor && known.party == self.files.service.provider)
        };
        let maintains = |link: &&Link| {
            let carried = link.carries.iter().flatten();
            let mut of_phase = carried.filter(|carried| carried.phase == Phase::Development);
            leaves(link) && of_phase.any(|carried| carried.actor.as_ref().is_some_and(by_provider))
        };
        let found: Vec<String> = self.links().filter(maintains).map(named_link).collect();
        match (found.is_empty(), self.external()) {
            (false, _) => Use::Shown(found),
            (true, Use::Absent) => Use::Absent,
            (true, _) => Use::Unknown,
        }
    }

    fn external(&self) -> Use {
        self.of_links(leaves)
    }

    fn wireless(&self) -> Use {
        self.of_links(|link| link.kind == LinkKind::WirelessLan)
    }

    fn of_links(&self, wanted: impl Fn(&Link) -> bool) -> Use {
        let found: Vec<String> = self.links().filter(|link| wanted(link)).map(named_link).collect();
        match (found.is_empty(), self.files.system.links.is_empty()) {
            (false, _) => Use::Shown(found),
            (true, false) => Use::Absent,
            (true, true) => Use::Unknown,
        }
    }

    fn passwords(&self) -> Use {
        let nodes = &self.files.system.nodes;
        let by_password =
            nodes.iter().filter(|node| matches!(node.authentication, Authentication::Password)).map(named_node);
        let found: Vec<String> = by_password.collect();
        let said = nodes.iter().any(|node| node.authentication != Authentication::Unknown);
        match (found.is_empty(), said) {
            (false, _) => Use::Shown(found),
            // A second factor stands beside a first, which may be a password.
            (true, _) => Use::Unknown,
        }
    }

    fn multi_factor(&self) -> Vec<String> {
        let with: Vec<String> = self
            .files
            .system
            .nodes
            .iter()
            .filter(|node| node.authentication == Authentication::MultiFactor)
            .map(named_node)
            .collect();
        let mut said = Vec::new();
        if !with.is_empty() {
            said.push(format!("構成で多要素認証とした機器: {}。", names(&with)));
        }
        let promised = self.files.sla.authentication.iter().filter_map(|method| {
            Some(format!("合意書の利用者認証: {}は{}。", method.who.as_ref()?, method.method.as_ref()?))
        });
        said.extend(promised);
        said
    }

    fn removable_media(&self) -> Vec<String> {
        let kinds = [RemovableMedia::Blocked, RemovableMedia::Registered, RemovableMedia::Open];
        let told = kinds.into_iter().filter_map(|kind| {
            let found: Vec<String> =
                self.own_nodes().filter(|node| node.removable_media == kind).map(named_node).collect();
            (!found.is_empty()).then(|| format!("構成の外部記録媒体: 「{}」は{}。", kind.term(), names(&found)))
        });
        told.collect()
    }

    fn logs(&self) -> Vec<String> {
        let kept = self
            .own_nodes()
            .filter_map(|node| node.log_retention_years.map(|years| format!("{}は{years}年", named_node(node))));
        let kept: Vec<String> = kept.collect();
        if kept.is_empty() {
            return Vec::new();
        }
        vec![format!("構成にあるログの保存: {}。", names(&kept))]
    }

    fn backup(&self) -> Vec<String> {
        let mut said = Vec::new();
        let with: Vec<String> = self.own_nodes().filter(|node| node.backup == Answer::Yes).map(named_node).collect();
        if !with.is_empty() {
            said.push(format!("構成でバックアップを取る機器: {}。", names(&with)));
        }
        if let Some(rules) = &self.files.rules.backup {
            let parts = [&rules.schedule, &rules.generations, &rules.place];
            let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
            if !parts.is_empty() {
                said.push(format!("規程のバックアップ: {}。", parts.join("。")));
            }
        }
        said
    }

    fn redundancy(&self) -> Vec<String> {
        let found: Vec<String> =
            self.own_nodes().filter(|node| node.redundancy == Redundancy::Redundant).map(named_node).collect();
        if found.is_empty() {
            return Vec::new();
        }
        vec![format!("構成で二重化した機器: {}。", names(&found))]
    }

    fn encryption(&self) -> Vec<String> {
        let links = self.links().filter(|link| leaves(link)).map(|link| {
            let protocol = link.protocol.as_ref().map(|protocol| format!("、{protocol}")).unwrap_or_default();
            format!("{}は{}{protocol}", named_link(link), link.encryption.term())
        });
        let links: Vec<String> = links.collect();
        let stored: Vec<String> =
            self.own_nodes().filter(|node| node.encryption == Encryption::Yes).map(named_node).collect();
        let mut said = Vec::new();
        if !links.is_empty() {
            said.push(format!("構成の拠点の外との接続: {}。", names(&links)));
        }
        if !stored.is_empty() {
            said.push(format!("構成で保存する情報を暗号化した機器: {}。", names(&stored)));
        }
        said
    }

    fn updates(&self) -> Vec<String> {
        let told = self.files.sla.updates.iter().filter_map(|limit| {
            Some(format!("合意書の更新の期限: {}は{}。", limit.what.as_ref()?, limit.within.as_ref()?))
        });
        told.collect()
    }

    fn contacts(&self) -> Vec<String> {
        let emergency = self.files.sla.contacts.as_ref().and_then(|contacts| contacts.emergency.as_ref());
        let Some(emergency) = emergency else { return Vec::new() };
        let hours = [("通常業務時間", &emergency.business), ("それ以外の時間", &emergency.other)];
        let told = hours.into_iter().filter_map(|(when, reach)| {
            reach.as_ref().map(|reach| format!("合意書の障害時の連絡先: {when}は{reach}。"))
        });
        told.collect()
    }

    fn continuity(&self) -> Vec<String> {
        let plan = self.files.rules.documents.as_ref().and_then(|documents| documents.continuity.as_ref());
        plan.map(|plan| format!("規程の事業継続計画: {plan}。")).into_iter().collect()
    }

    fn division(&self) -> Vec<String> {
        let subjects = self.files.sla.division.iter().filter_map(|division| division.subject.as_ref());
        let subjects: Vec<String> = subjects.map(|subject| format!("「{subject}」")).collect();
        if subjects.is_empty() {
            return Vec::new();
        }
        vec![format!("合意書に、役割の分担を決めたものがある: {}。", subjects.join("、"))]
    }

    /// Who answers for what when medical information is exchanged (spec table T-38).
    fn exchange(&self) -> Vec<String> {
        let told = self.files.sla.exchange.iter().filter_map(|duty| {
            Some(format!("合意書の情報交換の責任: {}は、{}。", duty.topic.as_ref()?, duty.party.as_ref()?))
        });
        told.collect()
    }

    fn suppliers(&self) -> Vec<String> {
        let service = &self.files.service;
        let told = service.supply_chain.iter().filter(|supply| supply.customer == service.provider).map(|supply| {
            let party = service.parties.iter().find(|party| party.id == supply.supplier);
            let name = party.map_or(supply.supplier.as_str(), |party| party.name.as_str());
            format!("再委託先など: {name}（{}）。", supply.service)
        });
        told.collect()
    }

    fn certifications(&self) -> Vec<String> {
        let told = self.files.service.certifications.iter().map(|held| {
            let until = held.expires_on.map(|day| format!("、有効期限 {day}")).unwrap_or_default();
            let scope = if held.scope.trim().is_empty() { "範囲の記載なし" } else { held.scope.trim() };
            format!("認証: {}（{scope}{until}）。", held.name)
        });
        told.collect()
    }

    fn selection(&self) -> Vec<String> {
        let items = &self.files.service.selection;
        let shown = items.iter().filter(|item| !item.document.trim().is_empty() || !item.text.trim().is_empty());
        match shown.count() {
            0 => Vec::new(),
            shown => vec![format!("情報提供項目（表4-1）のうち{shown}件に示すものがある。")],
        }
    }

    fn answered(&self) -> Vec<String> {
        let (all, open) = (self.conformity.controls.len(), self.conformity.unanswered());
        vec![format!("別紙2の対策項目{all}件のうち{}件に答えがある。", all - open)]
    }

    fn risks(&self) -> Vec<String> {
        let counts = self.assessment.counts();
        match counts.risks {
            0 => Vec::new(),
            risks => vec![format!("リスク{risks}件のうち{}件を人が評価している。", counts.decided)],
        }
    }

    fn mds_sds(&self) -> Vec<String> {
        let sheets = self.files.checklists.sheets.iter().filter(|sheet| sheet.list == ChecklistKind::MdsSds);
        let told = sheets.map(|sheet| format!("開示書の答えの表「{}」がある。渡したかは書かれていない。", sheet.id));
        told.collect()
    }

    fn role(&self, token: &str) -> Vec<String> {
        let holders = self.files.service.roles.iter().filter(|holder| holder.role.token() == token);
        let told = holders.map(|holder| format!("責任者: {}は{}。", holder.role.term(), holder.name));
        told.collect()
    }
}

/// Whether a name of the table is one that can be told.
#[cfg(test)]
pub(super) fn is_known(name: &str) -> bool {
    use crate::model::RoleKind;
    const NAMES: [&str; 22] = [
        "inventory",
        "remote-maintenance",
        "external-connection",
        "wireless-lan",
        "passwords",
        "multi-factor",
        "removable-media",
        "logs",
        "backup",
        "redundancy",
        "encryption",
        "updates",
        "contacts",
        "continuity",
        "division",
        "exchange",
        "suppliers",
        "certifications",
        "selection",
        "conformity",
        "risks",
        "mds-sds",
    ];
    let role = |token: &str| RoleKind::ALL.iter().any(|role| role.token() == token);
    NAMES.contains(&name) || name.strip_prefix("role/").is_some_and(role)
}

/// Whether a link leaves a site.
fn leaves(link: &Link) -> bool {
    !matches!(link.kind, LinkKind::WiredLan | LinkKind::WirelessLan)
}

fn named_link(link: &Link) -> String {
    format!("「{}」（{}）", link.name, link.kind.term())
}

fn named_node(node: &Node) -> String {
    format!("「{}」", node.name)
}

/// Names one after the other; of many only the first.
fn names(all: &[String]) -> String {
    let mut all: Vec<&String> = all.iter().collect();
    all.dedup();
    let first = all.iter().take(MOST_NAMES).map(|name| name.as_str()).collect::<Vec<_>>().join("、");
    match all.len() {
        ..=MOST_NAMES => first,
        count => format!("{first}ほか{}件", count - MOST_NAMES),
    }
}

fn used(what: &str, found: &Use) -> Vec<String> {
    match found {
        Use::Shown(found) => vec![format!("構成にある{what}: {}。", names(found))],
        Use::Absent => vec![format!("構成に{what}はない。")],
        Use::Unknown => vec![format!("構成からは、{what}の有無が分からない。")],
    }
}

/// Up to the first full stop.
fn first_sentence(text: &str) -> &str {
    let text = text.trim();
    text.find('。').map_or(text, |at| &text[..at + '。'.len_utf8()])
}
