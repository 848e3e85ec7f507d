//! Ids: unique, well formed, and leading somewhere; no cycles.

use std::collections::{HashMap, HashSet};

use crate::finding::{File, Finding, Findings, Severity};
use crate::model::{ServiceFile, SystemFile};

pub(super) fn check(service: &ServiceFile, system: &SystemFile, findings: &mut Vec<Finding>) {
    let parties = Ids::new("組織", "parties", service.parties.iter().map(|party| party.id.as_str()));
    let mut at = Findings { file: File::Service, list: findings };
    parties.unique(&mut at);
    parties.expect(&mut at, "/provider", &service.provider);
    for layer in crate::model::Layer::ALL {
        let (pointer, component) = (format!("/delivery/{}", layer.token()), service.delivery.of(*layer));
        parties.expect(&mut at, format!("{pointer}/party"), &component.party);
        for (i, part) in component.also.iter().enumerate() {
            parties.expect(&mut at, format!("{pointer}/also/{i}/party"), &part.party);
        }
    }
    for (i, supply) in service.supply_chain.iter().enumerate() {
        parties.expect(&mut at, format!("/supply_chain/{i}/supplier"), &supply.supplier);
        parties.expect(&mut at, format!("/supply_chain/{i}/customer"), &supply.customer);
    }
    supply_cycles(service, &mut at);

    let mut at = Findings { file: File::System, list: findings };
    let lists = Lists::new(system);
    for ids in
        [&lists.sites, &lists.nodes, &lists.links, &lists.transports, &lists.actors, &lists.classes, &lists.information]
    {
        ids.unique(&mut at);
    }
    lists.one_name_space(&mut at);
    sites(system, &lists, &parties, &mut at);
    nodes(system, &lists, &parties, &mut at);
    links(system, &lists, &parties, &mut at);
    processing(system, &lists, &parties, &mut at);
    documents(system, &lists, &mut at);
}

struct Lists<'a> {
    sites: Ids<'a>,
    nodes: Ids<'a>,
    links: Ids<'a>,
    transports: Ids<'a>,
    actors: Ids<'a>,
    classes: Ids<'a>,
    information: Ids<'a>,
}

impl<'a> Lists<'a> {
    fn new(system: &'a SystemFile) -> Self {
        Self {
            sites: Ids::new("拠点", "sites", system.sites.iter().map(|x| x.id.as_str())),
            nodes: Ids::new("機器や記憶媒体", "nodes", system.nodes.iter().map(|x| x.id.as_str())),
            links: Ids::new("接続", "links", system.links.iter().map(|x| x.id.as_str())),
            transports: Ids::new("搬送", "transports", system.transports.iter().map(|x| x.id.as_str())),
            actors: Ids::new("人", "actors", system.actors.iter().map(|x| x.id.as_str())),
            classes: Ids::new(
                "情報の分類",
                "information_classes",
                system.information_classes.iter().map(|x| x.id.as_str()),
            ),
            information: Ids::new("情報", "information", system.information.iter().map(|x| x.id.as_str())),
        }
    }

    /// Sites, nodes, links and transports share one name space: flow ids and link ends name any of them.
    fn one_name_space(&self, at: &mut Findings) {
        let mut seen: HashMap<&str, &str> = HashMap::new();
        for ids in [&self.sites, &self.nodes, &self.links, &self.transports] {
            for (i, id) in ids.order.iter().enumerate() {
                match seen.get(id) {
                    Some(&other) if other != ids.key => at.add(
                        Severity::Error,
                        "id-used-elsewhere",
                        format!("/{}/{i}/id", ids.key),
                        format!("「{id}」は{other}のidとしても使われています。"),
                        "拠点・機器・接続・搬送のidは、互いに異なる名前にしてください。",
                    ),
                    _ => {
                        seen.insert(id, ids.key);
                    }
                }
            }
        }
    }
}

fn sites(system: &SystemFile, lists: &Lists, parties: &Ids, at: &mut Findings) {
    for (i, site) in system.sites.iter().enumerate() {
        parties.expect(at, format!("/sites/{i}/owner"), &site.owner);
        if let Some(within) = &site.within {
            lists.sites.expect(at, format!("/sites/{i}/within"), within);
        }
    }
    let parents = system.sites.iter().filter_map(|site| Some((site.id.as_str(), site.within.as_deref()?)));
    circles(parents, system.sites.iter().map(|site| site.id.as_str()), ("sites", "within", "拠点の包含"), at);
}

/// Names each circle of a one-to-one reference once, at its first member in the file.
fn circles<'a>(
    edges: impl Iterator<Item = (&'a str, &'a str)>,
    ids: impl Iterator<Item = &'a str>,
    (list, field, term): (&str, &str, &str),
    at: &mut Findings,
) {
    let next: HashMap<&str, &str> = edges.collect();
    let mut named: HashSet<&str> = HashSet::new();
    for (i, id) in ids.enumerate() {
        if named.contains(id) {
            continue;
        }
        if let Some(path) = cycle(id, |id| next.get(id).copied().into_iter().collect()) {
            at.add(
                Severity::Error,
                "cycle",
                format!("/{list}/{i}/{field}"),
                format!("{term}が輪になっています: {}。", path.join(" → ")),
                format!("どれかの{field}を外してください。"),
            );
            named.extend(path);
        }
    }
}

fn nodes(system: &SystemFile, lists: &Lists, parties: &Ids, at: &mut Findings) {
    for (i, node) in system.nodes.iter().enumerate() {
        let here = format!("/nodes/{i}");
        if let Some(site) = &node.site {
            lists.sites.expect(at, format!("{here}/site"), site);
        }
        if let Some(host) = &node.host {
            lists.nodes.expect(at, format!("{here}/host"), host);
        }
        for (key, party) in [("owner", &node.owner), ("operator", &node.operator)] {
            if let Some(party) = party {
                parties.expect(at, format!("{here}/{key}"), party);
            }
        }
        ends(&node.at_end, lists, &here, at);
    }
    let hosts = system.nodes.iter().filter_map(|node| Some((node.id.as_str(), node.host.as_deref()?)));
    circles(hosts, system.nodes.iter().map(|node| node.id.as_str()), ("nodes", "host", "仮想マシンの載る先"), at);
}

fn ends(ends: &[crate::model::AtEnd], lists: &Lists, here: &str, at: &mut Findings) {
    for (i, end) in ends.iter().enumerate() {
        lists.information.expect(at, format!("{here}/at_end/{i}/information"), &end.information);
        if let Some(actor) = &end.actor {
            lists.actors.expect(at, format!("{here}/at_end/{i}/actor"), actor);
        }
    }
}

fn links(system: &SystemFile, lists: &Lists, parties: &Ids, at: &mut Findings) {
    for (i, link) in system.links.iter().enumerate() {
        let here = format!("/links/{i}");
        for (end, id) in link.between.iter().enumerate() {
            if !lists.sites.holds(id) {
                lists.nodes.expect_or(&lists.sites, at, format!("{here}/between/{end}"), id);
            }
        }
        if let Some(party) = &link.operator {
            parties.expect(at, format!("{here}/operator"), party);
        }
        for (c, carried) in link.carries.iter().flatten().enumerate() {
            lists.information.expect(at, format!("{here}/carries/{c}/information"), &carried.information);
            if let Some(actor) = &carried.actor {
                lists.actors.expect(at, format!("{here}/carries/{c}/actor"), actor);
            }
        }
        ends(&link.at_end, lists, &here, at);
    }
    for (i, transport) in system.transports.iter().enumerate() {
        let here = format!("/transports/{i}");
        lists.nodes.expect(at, format!("{here}/medium"), &transport.medium);
        lists.sites.expect(at, format!("{here}/from"), &transport.from);
        lists.sites.expect(at, format!("{here}/to"), &transport.to);
        lists.actors.expect(at, format!("{here}/actor"), &transport.actor);
        lists.information.expect(at, format!("{here}/information"), &transport.information);
    }
}

fn processing(system: &SystemFile, lists: &Lists, parties: &Ids, at: &mut Findings) {
    for (i, actor) in system.actors.iter().enumerate() {
        parties.expect(at, format!("/actors/{i}/party"), &actor.party);
    }
    for (i, information) in system.information.iter().enumerate() {
        lists.classes.expect(at, format!("/information/{i}/class"), &information.class);
        if let Some(origin) = &information.derived_from {
            lists.information.expect(at, format!("/information/{i}/derived_from"), origin);
        }
    }
    let origins = system.information.iter().filter_map(|i| Some((i.id.as_str(), i.derived_from.as_deref()?)));
    let ids = system.information.iter().map(|information| information.id.as_str());
    circles(origins, ids, ("information", "derived_from", "情報の元"), at);
    for (i, handling) in system.handlings.iter().enumerate() {
        let here = format!("/handlings/{i}");
        for (n, node) in handling.nodes.iter().enumerate() {
            lists.nodes.expect(at, format!("{here}/nodes/{n}"), node);
        }
        lists.information.expect(at, format!("{here}/information"), &handling.information);
        for (key, actor) in [
            ("actor", handling.actor.as_ref()),
            ("at_end/actor", handling.at_end.as_ref().and_then(|end| end.actor.as_ref())),
        ] {
            if let Some(actor) = actor {
                lists.actors.expect(at, format!("{here}/{key}"), actor);
            }
        }
    }
    for (i, flow) in system.flows.iter().enumerate() {
        let here = format!("/flows/{i}");
        if !lists.links.holds(&flow.element) {
            lists.nodes.expect_or(&lists.links, at, format!("{here}/element"), &flow.element);
        }
        lists.information.expect(at, format!("{here}/information"), &flow.information);
        if let Some(actor) = &flow.actor {
            lists.actors.expect(at, format!("{here}/actor"), actor);
        }
    }
}

fn documents(system: &SystemFile, lists: &Lists, at: &mut Findings) {
    for (i, document) in system.documents.iter().enumerate() {
        for (e, element) in document.elements.iter().enumerate() {
            let all = [&lists.nodes, &lists.links, &lists.sites, &lists.transports];
            lists.nodes.expect_in(&all, at, format!("/documents/{i}/elements/{e}"), element);
        }
    }
}

/// A supplier that, through others, supplies itself.
fn supply_cycles(service: &ServiceFile, at: &mut Findings) {
    let next = |id: &str| -> Vec<&str> {
        service.supply_chain.iter().filter(|s| s.supplier == id).map(|s| s.customer.as_str()).collect()
    };
    let mut named: HashSet<Vec<&str>> = HashSet::new();
    for (i, supply) in service.supply_chain.iter().enumerate() {
        let Some(path) = cycle(&supply.supplier, next) else {
            continue;
        };
        let mut members = path.clone();
        members.sort_unstable();
        members.dedup();
        if named.insert(members) {
            at.add(
                Severity::Error,
                "cycle",
                format!("/supply_chain/{i}"),
                format!("調達の関係が輪になっています: {}。", path.join(" → ")),
                "supplier（提供する側）とcustomer（受ける側）の向きを確かめてください。",
            );
        }
    }
}

/// The way from `start` back to itself, if there is one.
fn cycle<'a>(start: &'a str, next: impl Fn(&str) -> Vec<&'a str>) -> Option<Vec<&'a str>> {
    let mut seen: HashSet<&str> = HashSet::new();
    let mut stack = vec![vec![start]];
    while let Some(path) = stack.pop() {
        for step in next(path.last().expect("a path is never empty")) {
            let mut longer = path.clone();
            longer.push(step);
            if step == start {
                return Some(longer);
            }
            if seen.insert(step) {
                stack.push(longer);
            }
        }
    }
    None
}

/// The ids of one list.
struct Ids<'a> {
    /// What people call an entry.
    term: &'static str,
    /// Key in the file.
    key: &'static str,
    order: Vec<&'a str>,
    set: HashSet<&'a str>,
}

impl<'a> Ids<'a> {
    fn new(term: &'static str, key: &'static str, ids: impl Iterator<Item = &'a str>) -> Self {
        let order: Vec<&str> = ids.collect();
        Self { term, key, set: order.iter().copied().collect(), order }
    }

    fn holds(&self, id: &str) -> bool {
        self.set.contains(id)
    }

    /// Names ids that stand twice or that cannot be part of a flow id.
    fn unique(&self, at: &mut Findings) {
        let mut first: HashMap<&str, usize> = HashMap::new();
        for (i, &id) in self.order.iter().enumerate() {
            let pointer = format!("/{}/{i}/id", self.key);
            if let Some(bad) = id.chars().find(|c| c.is_whitespace() || c.is_control() || *c == ':' || *c == '#') {
                let shown =
                    if bad.is_control() { format!("制御文字U+{:04X}", bad as u32) } else { format!("「{bad}」") };
                let (message, advice) = if bad.is_whitespace() && !bad.is_control() {
                    (
                        format!("{}のid「{id}」に空白があります。", self.term),
                        "空白を除くか、「_」や「-」に替えてください。",
                    )
                } else {
                    (
                        format!("{}のidに{shown}があります。", self.term),
                        "文字・数字・「_」「-」「/」だけで書いてください。",
                    )
                };
                at.add(Severity::Error, "id-character", pointer.clone(), message, advice);
            } else if id.is_empty() {
                let message = format!("{}のidが空です。", self.term);
                at.add(
                    Severity::Error,
                    "id-empty",
                    pointer.clone(),
                    message,
                    "短い名前を付けてください（日本語も使えます）。",
                );
            }
            match first.get(id) {
                Some(before) => at.add(
                    Severity::Error,
                    "id-twice",
                    pointer,
                    format!("{}のid「{id}」は{}番目にもあります。", self.term, before + 1),
                    "どちらかを別の名前にしてください。",
                ),
                None => {
                    first.insert(id, i);
                }
            }
        }
    }

    fn expect(&self, at: &mut Findings, pointer: impl Into<String>, id: &str) {
        self.expect_in(&[self], at, pointer.into(), id);
    }

    fn expect_or(&self, other: &Ids, at: &mut Findings, pointer: impl Into<String>, id: &str) {
        self.expect_in(&[self, other], at, pointer.into(), id);
    }

    fn expect_in(&self, lists: &[&Ids], at: &mut Findings, pointer: String, id: &str) {
        if lists.iter().any(|list| list.holds(id)) {
            return;
        }
        let terms: Vec<String> = lists.iter().map(|list| format!("{}（{}）", list.term, list.key)).collect();
        // Looking for a near name costs time per entry; thousands of broken references must not take minutes.
        let all = lists.iter().flat_map(|list| list.order.iter().copied()).take(500);
        let near = all
            .map(|known| (strsim::osa_distance(known, id), known))
            .min()
            .filter(|(d, known)| *d <= 2.max(known.chars().count() / 3));
        let advice = match near {
            Some((_, known)) => format!("近いもの: 「{known}」。"),
            None => format!("{}に加えるか、正しいidに直してください。", terms.join("又は")),
        };
        at.add(
            Severity::Error,
            "reference-missing",
            pointer,
            format!("「{id}」は{}の一覧にありません。", terms.join("・")),
            advice,
        );
    }
}
