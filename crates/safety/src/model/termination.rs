//! 契約終了: what is created, stored or passed must have an end (FLOW-011).

use std::collections::BTreeSet;

use super::{Element, Flows, Phase, SystemFile};

/// Elements that stand on one side only of the life cycle.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TerminationGaps {
    /// Have flows in development or operation, but neither a termination flow nor a reason.
    pub unended: Vec<Element>,
    /// Have a termination flow, but nothing before it.
    pub never_used: Vec<Element>,
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
    let excused = |element: &Element| match *element {
        Element::Node(at) => system.nodes[at].at_end_none.is_some(),
        Element::Link(at) => system.links[at].at_end_none.is_some(),
        Element::Transport(_) => false,
    };
    TerminationGaps {
        unended: used.difference(&ended).copied().filter(|element| !excused(element)).collect(),
        never_used: ended.difference(&used).copied().collect(),
    }
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
