//! 契約終了 flows: what the author said happens to what is left.

use super::{Draft, Maker, measured};
use crate::model::{AtEnd, Element, Flow, Handling, Origin, Phase};

impl<'a> Maker<'a> {
    /// Termination: what the author said happens at the end of the contract.
    pub(super) fn ends(&self, flows: &mut Vec<Flow>) {
        for (at, handling) in self.system.handlings.iter().enumerate() {
            self.end_of_handling(at, handling, flows);
        }
        for (at, node) in self.system.nodes.iter().enumerate() {
            self.end_of_element(Element::Node(at), &node.at_end, &format!("/nodes/{at}"), flows);
        }
        for (at, link) in self.system.links.iter().enumerate() {
            self.end_of_element(Element::Link(at), &link.at_end, &format!("/links/{at}"), flows);
        }
    }

    fn end_of_handling(&self, at: usize, handling: &'a Handling, flows: &mut Vec<Flow>) {
        let Some(end) = &handling.at_end else { return };
        let Some(&information) = self.information.get(handling.information.as_str()) else {
            return;
        };
        let left = handling.how.iter().find_map(|how| self.verbs.get(how.as_str())?.left.as_deref());
        let name = &self.system.information[information].name;
        let what = end.what.clone().unwrap_or_else(|| format!("{}{name}", left.unwrap_or_default()));
        for node in handling.nodes.iter().filter_map(|id| self.nodes.get(id.as_str()).copied()) {
            let flow = self.flow(Draft {
                origin: Origin::End,
                layer: handling.layer,
                phase: Phase::Termination,
                element: Element::Node(node),
                actor: end.actor.as_deref(),
                information,
                what: Some(what.clone()),
                how: &end.how,
                pointer: format!("/handlings/{at}/at_end"),
            });
            flows.extend(flow.map(|flow| measured(flow, handling)));
        }
    }

    fn end_of_element(&self, element: Element, ends: &'a [AtEnd], pointer: &str, flows: &mut Vec<Flow>) {
        for (at, end) in ends.iter().enumerate() {
            let Some(&information) = self.information.get(end.information.as_str()) else {
                continue;
            };
            flows.extend(self.flow(Draft {
                origin: Origin::End,
                layer: end.layer,
                phase: Phase::Termination,
                element,
                actor: end.actor.as_deref(),
                information,
                what: end.what.clone(),
                how: &end.how,
                pointer: format!("{pointer}/at_end/{at}"),
            }));
        }
    }
}
