//! What a copy for anybody may show of the model (SLA 3.1 and 4.3, MODEL-017).

use std::collections::HashMap;

use super::{Node, Site, SystemFile};
use crate::choice::choice;

choice! {
    /// 公開用の写しでの示し方。安全管理上、名前や存在を知られないほうがよいものに書く。契約した医療機関等に渡す写しは変わらない。
    #[derive(Default)]
    Disclosure {
        #[default]
        Shown = "shown", "そのまま示す";
        Generalised = "generalised", "種類だけを示す";
        Hidden = "hidden", "示さない";
    }
}

/// How each element appears in a copy for anybody, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosed {
    pub sites: Vec<Disclosure>,
    pub nodes: Vec<Disclosure>,
    pub links: Vec<Disclosure>,
    pub transports: Vec<Disclosure>,
}

impl Disclosed {
    /// Whether anything is kept back.
    pub fn withholds(&self) -> bool {
        let all = [&self.sites, &self.nodes, &self.links, &self.transports];
        all.into_iter().flatten().any(|disclosure| *disclosure != Disclosure::Shown)
    }
}

impl SystemFile {
    /// What a copy for anybody shows. What stands in a hidden place, and what joins something hidden, is hidden with it;
    /// what joins something generalised is generalised with it, because its name may speak of that.
    pub fn disclosed(&self) -> Disclosed {
        let site_by_id: HashMap<&str, &Site> = self.sites.iter().map(|site| (site.id.as_str(), site)).collect();
        let node_by_id: HashMap<&str, &Node> = self.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
        let of_site = |site: &Site| {
            let around = std::iter::successors(Some(site), |site| site_by_id.get(site.within.as_deref()?).copied());
            // Sites that contain each other would never end: no way is longer than the list.
            let hidden = around.take(self.sites.len()).any(|site| site.disclosure == Disclosure::Hidden);
            if hidden { Disclosure::Hidden } else { site.disclosure }
        };
        let of_node = |node: &Node| {
            // A virtual machine without a place of its own stands where its machine does.
            let machines = std::iter::successors(Some(node), |node| node_by_id.get(node.host.as_deref()?).copied());
            let place = machines.take(self.nodes.len()).find_map(|node| node.site.as_deref());
            let site = place.and_then(|id| site_by_id.get(id)).map(|site| of_site(site));
            if site == Some(Disclosure::Hidden) { Disclosure::Hidden } else { node.disclosure }
        };
        let sites: Vec<Disclosure> = self.sites.iter().map(of_site).collect();
        let nodes: Vec<Disclosure> = self.nodes.iter().map(of_node).collect();
        let of_sites = self.sites.iter().map(|site| site.id.as_str()).zip(sites.iter().copied());
        let of_nodes = self.nodes.iter().map(|node| node.id.as_str()).zip(nodes.iter().copied());
        let by_id: HashMap<&str, Disclosure> = of_sites.chain(of_nodes).collect();
        let joined = |own: Disclosure, ends: &[&String]| {
            let of_end = |id: &&String| by_id.get(id.as_str()).copied().unwrap_or_default();
            ends.iter().map(of_end).fold(own, Disclosure::max)
        };
        let links = self.links.iter().map(|link| joined(link.disclosure, &link.between.iter().collect::<Vec<_>>()));
        let carried = self.transports.iter().map(|t| joined(t.disclosure, &[&t.medium, &t.from, &t.to]));
        let (links, transports) = (links.collect(), carried.collect());
        Disclosed { sites, nodes, links, transports }
    }
}
