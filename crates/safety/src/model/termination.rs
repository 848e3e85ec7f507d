//! 契約終了: what is created, stored or passed must have an end (FLOW-011).

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::derive::is_given;
use super::{Element, Flows, Layer, Phase, SystemFile};

/// Elements that stand on one side only of the life cycle.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TerminationGaps {
    /// Have flows in development or operation, but neither a termination flow nor a reason.
    pub unended: Vec<Element>,
    /// Have a termination flow, but nothing before it.
    pub never_used: Vec<Element>,
    /// Places in the list of flows that leave information behind on an element with an end in other layers only;
    /// the first of each element and layer.
    pub unended_stores: Vec<usize>,
}

/// Finds the gaps between use and end.
pub fn termination_gaps(system: &SystemFile, flows: &Flows) -> TerminationGaps {
    let (mut used, mut ended) = (BTreeSet::new(), BTreeSet::new());
    for flow in &flows.list {
        let element = whole(system, flow.element);
        if flow.phase == Phase::Termination {
            ended.insert(element)
        } else {
            used.insert(element)
        };
    }
    let excused = |element: &Element| {
        let reason = match *element {
            Element::Node(at) => &system.nodes[at].at_end_none,
            Element::Link(at) => &system.links[at].at_end_none,
            Element::Transport(_) => &None,
        };
        reason.as_deref().is_some_and(is_given)
    };
    TerminationGaps {
        unended_stores: unended_stores(system, flows, |element| !ended.contains(element) || excused(element)),
        unended: used.difference(&ended).copied().filter(|element| !excused(element)).collect(),
        never_used: ended.difference(&used).copied().collect(),
    }
}

/// Flows that leave information in a layer of an element in which nothing ends.
fn unended_stores(system: &SystemFile, flows: &Flows, settled: impl Fn(&Element) -> bool) -> Vec<usize> {
    let ends: HashSet<(Element, Layer)> = flows
        .list
        .iter()
        .filter(|flow| flow.phase == Phase::Termination)
        .map(|flow| (whole(system, flow.element), flow.layer))
        .collect();
    let excused: HashSet<String> = system
        .handlings
        .iter()
        .enumerate()
        .filter(|(_, handling)| handling.at_end_none.as_deref().is_some_and(is_given))
        .map(|(at, _)| format!("/handlings/{at}"))
        .collect();
    let mut first: BTreeMap<(Element, Layer), usize> = BTreeMap::new();
    for (at, flow) in flows.list.iter().enumerate() {
        let leaves = flow.does.iter().any(|does| matches!(*does, "create" | "store" | "keep"));
        let cell = (whole(system, flow.element), flow.layer);
        let open = leaves && flow.phase != Phase::Termination && !ends.contains(&cell);
        if open && !settled(&cell.0) && !excused.contains(&flow.pointer) {
            first.entry(cell).or_insert(at);
        }
    }
    let mut found: Vec<usize> = first.into_values().collect();
    found.sort_unstable();
    found
}

/// A transport ends with the medium it carries.
fn whole(system: &SystemFile, element: Element) -> Element {
    match element {
        Element::Transport(at) => {
            let medium = &system.transports[at].medium;
            system.nodes.iter().position(|node| &node.id == medium).map_or(element, Element::Node)
        }
        other => other,
    }
}
