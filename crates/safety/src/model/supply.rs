//! The supply chain as a graph: who supplies whom with what, under which contract (PARTY-006).

use super::party::party_name;
use super::{Party, ServiceFile, Supply};

/// One line of the list of organisations: a party with one of the supplies it makes, or with none.
#[derive(Debug, Clone, Copy)]
pub struct Relation<'a> {
    pub party: &'a Party,
    pub supply: Option<&'a Supply>,
    /// Name of whom it supplies.
    pub customer: Option<&'a str>,
}

/// Every party of a service with every supply it makes, in the order of the file.
pub fn relations(service: &ServiceFile) -> Vec<Relation<'_>> {
    let mut all = Vec::new();
    for party in &service.parties {
        let before = all.len();
        let supplies = service.supply_chain.iter().filter(|supply| supply.supplier == party.id);
        all.extend(supplies.map(|supply| Relation {
            party,
            supply: Some(supply),
            customer: Some(party_name(service, &supply.customer)),
        }));
        if all.len() == before {
            all.push(Relation { party, supply: None, customer: None });
        }
    }
    all
}

impl Supply {
    /// Whether a contract is named.
    pub fn is_contracted(&self) -> bool {
        self.contract.as_ref().is_some_and(|contract| !contract.trim().is_empty())
    }

    /// The layers it belongs to, as printed.
    pub fn layer_terms(&self) -> String {
        self.layers.iter().map(|layer| layer.term()).collect::<Vec<_>>().join("・")
    }
}

/// Whether `from` supplies one of `to`, directly or through others.
pub(crate) fn reaches(service: &ServiceFile, from: &str, to: impl Fn(&str) -> bool) -> bool {
    let mut seen = vec![from];
    let mut at = 0;
    while at < seen.len() {
        let here = seen[at];
        for supply in service.supply_chain.iter().filter(|supply| supply.supplier == here) {
            if to(&supply.customer) {
                return true;
            }
            if !seen.contains(&supply.customer.as_str()) {
                seen.push(&supply.customer);
            }
        }
        at += 1;
    }
    false
}
