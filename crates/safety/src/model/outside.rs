//! Terminals outside the institution, and devices that only their makers know (guideline 別紙2 3.7⑤, 3.11②).

use std::collections::{HashMap, HashSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Answer, Date, Element, Environment, Exposure, Flows, Link, LinkKind, Node, NodeKind, Portability, ServiceFile,
    Side, SystemFile, institutions,
};
use crate::choice::choice;

choice! {
    /// 外から使う端末の守り方。
    OutsideMethod {
        VirtualDesktopVpn = "virtual-desktop-vpn", "仮想デスクトップとVPNの組合せ";
        DedicatedTerminal = "dedicated-terminal", "貸与する専用の端末（利用者の権限を厳しく管理）";
        Other = "other", "そのほかの、同じ程度に安全な方法";
        None = "none", "特別な方法なし";
        Unknown = "unknown", "未確認";
    }
}

/// 医療機関等の利用者が、医療機関等の外から使うときの守り方。
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutsideAccess {
    /// 守り方。
    #[serde(default)]
    pub method: OutsideMethod,
    /// 仮想デスクトップとVPNの組合せでないとき、同じ程度に安全であるといえる仕組みの説明。
    #[serde(default)]
    pub description: String,
    /// 使ってよい場所・時間・作業などの、運用の条件。
    #[serde(default)]
    pub conditions: String,
}

/// 製造販売業者のセキュリティの資料。
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MakerSecurity {
    /// 資料の名前（例: MDS、セキュリティ設定の手引）。
    #[serde(default)]
    pub document: String,
    /// 受け取った日。
    #[serde(default)]
    pub received_on: Option<Date>,
    /// 資料から分かったこと（残る弱点、更新の予定など）。
    #[serde(default)]
    pub findings: String,
}

impl SystemFile {
    /// Terminals by which users of an institution reach a server from outside over a public network, each with the
    /// links by which it leaves (TREAT-027).
    pub fn outside_terminals(&self, service: &ServiceFile) -> Vec<(usize, Vec<usize>)> {
        let institutions: HashSet<&str> = institutions(service).map(|party| party.id.as_str()).collect();
        let users = self.actors.iter().filter(|actor| institutions.contains(actor.party.as_str()));
        let users: HashSet<&str> = users.map(|actor| actor.id.as_str()).collect();
        let by_users = self.handlings.iter().filter(|h| h.actor.as_deref().is_some_and(|id| users.contains(id)));
        let used: HashSet<&str> = by_users.flat_map(|handling| &handling.nodes).map(String::as_str).collect();
        let inside: HashSet<&str> = {
            let theirs = self.sites.iter().filter(|site| site.side != Side::Other);
            theirs.map(|site| site.id.as_str()).collect()
        };
        let outside = |node: &Node| {
            let away = !node.site.as_deref().is_some_and(|site| inside.contains(site));
            matches!(node.kind, NodeKind::Terminal | NodeKind::MobileTerminal)
                && (away || node.portability == Portability::Portable)
                && used.contains(node.id.as_str())
        };
        let mut ways = None;
        let terminals = self.nodes.iter().enumerate().filter(|(_, node)| outside(node));
        let with_ways = terminals.map(|(at, node)| (at, ways.get_or_insert_with(|| Ways::new(self)).out_of(&node.id)));
        with_ways.filter(|(_, out)| !out.is_empty()).collect()
    }

    /// IoT devices of the production environment that handle 医療情報, or what may be (RISK-024).
    pub fn iot_devices(&self, flows: &Flows) -> Vec<usize> {
        let medical = flows.list.iter().filter(|flow| self.information[flow.information].medical != Answer::No);
        let handling: HashSet<Element> = medical.map(|flow| flow.element).collect();
        let devices = self.nodes.iter().enumerate().filter(|(at, node)| {
            let production = node.environment == Environment::Production;
            node.kind == NodeKind::Iot && production && handling.contains(&Element::Node(*at))
        });
        devices.map(|(at, _)| at).collect()
    }
}

/// The links of a model as ways from place to place.
struct Ways<'a> {
    system: &'a SystemFile,
    /// Where each place leads, by a link or, with `None`, into and out of a site at which a link ends.
    next: HashMap<&'a str, Vec<(Option<usize>, &'a str)>>,
    servers: HashSet<&'a str>,
}

impl<'a> Ways<'a> {
    fn new(system: &'a SystemFile) -> Self {
        let mut next: HashMap<&str, Vec<_>> = HashMap::new();
        for (at, link) in system.links.iter().enumerate() {
            if let [a, b] = &link.between[..] {
                next.entry(a).or_default().push((Some(at), b.as_str()));
                next.entry(b).or_default().push((Some(at), a.as_str()));
            }
        }
        let located = |node: &'a Node| Some((node.site.as_deref()?, node.id.as_str()));
        for (site, node) in system.nodes.iter().filter_map(located) {
            if next.contains_key(site) {
                next.entry(site).or_default().push((None, node));
                next.entry(node).or_default().push((None, site));
            }
        }
        let production = |node: &&Node| node.kind.is_server() && node.environment == Environment::Production;
        let servers = system.nodes.iter().filter(production).map(|node| node.id.as_str()).collect();
        Self { system, next, servers }
    }

    /// Public links by which a terminal reaches a server. A terminal that reaches one without them counts only for
    /// the public links of its own: it stands inside, and what lies behind is not its way.
    fn out_of(&self, terminal: &'a str) -> Vec<usize> {
        let near = self.reached(terminal, |link| !link.is_some_and(public));
        let inside = !near.is_disjoint(&self.servers);
        let own = |link: &Link| link.between.iter().any(|end| end == terminal);
        let leads_on = |link: &Link| {
            let [a, b] = &link.between[..] else { return false };
            let beyond = match (near.contains(a.as_str()), near.contains(b.as_str())) {
                (true, _) if a == terminal || !near.contains(b.as_str()) => b,
                (_, true) => a,
                _ => return false,
            };
            let far = self.reached(beyond, |link| !link.is_some_and(own));
            !far.is_disjoint(&self.servers)
        };
        let links = self.system.links.iter().enumerate();
        let out = links.filter(|(_, link)| public(link) && (own(link) || !inside) && leads_on(link));
        out.map(|(at, _)| at).collect()
    }

    /// Everything that ways lead to from a place, with the place. A server is an end of the way.
    fn reached(&self, from: &'a str, takes: impl Fn(Option<&Link>) -> bool) -> HashSet<&'a str> {
        let (mut seen, mut open) = (HashSet::from([from]), vec![from]);
        while let Some(at) = open.pop() {
            if self.servers.contains(at) {
                continue;
            }
            for (link, next) in self.next.get(at).into_iter().flatten() {
                if takes(link.map(|link| &self.system.links[link])) && seen.insert(next) {
                    open.push(next);
                }
            }
        }
        seen
    }
}

/// Whether a link runs over a network that anybody can reach.
fn public(link: &Link) -> bool {
    let kinds = [LinkKind::PublicNetwork, LinkKind::Https, LinkKind::InternetVpn, LinkKind::IpsecVpn];
    link.exposure == Exposure::Internet || kinds.contains(&link.kind)
}

/// Whether a link is a virtual private network.
pub(super) fn is_vpn(link: &Link) -> bool {
    matches!(link.kind, LinkKind::InternetVpn | LinkKind::IpsecVpn | LinkKind::ClosedNetwork)
        || link.ssl_vpn == Answer::Yes
}
