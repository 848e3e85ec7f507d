//! The items of many institutions, each difference worked out once.

use std::collections::HashMap;
use std::rc::Rc;

use super::{ANY, Baseline, InstitutionFile, ItemList, Others, items};
use crate::finding::Finding;
use crate::service::Service;

/// The items of a service for one institution after another. Hundreds differ in nothing, or in the same.
pub struct Collected<'s> {
    baseline: Baseline<'s>,
    known: HashMap<String, Rc<OfOverlay>>,
    others: Option<&'s Others>,
}

/// What follows from an overlay, whoever has it.
pub struct OfOverlay {
    pub items: ItemList,
    /// See [`super::Laid`].
    pub provisional: Vec<String>,
    /// See [`super::Laid`].
    pub findings: Vec<Finding>,
}

impl<'s> Collected<'s> {
    pub fn new(service: &'s Service<'s>) -> Self {
        Self { baseline: Baseline::new(service), known: HashMap::new(), others: None }
    }

    /// The same, with names that stand in no item.
    pub fn without(service: &'s Service<'s>, others: &'s Others) -> Self {
        Self { others: Some(others), ..Self::new(service) }
    }

    /// What the institutions are laid over.
    pub fn baseline(&self) -> &Baseline<'s> {
        &self.baseline
    }

    /// What an institution says of itself (name, people, name of its contract) is nothing to be agreed: it stands in no
    /// item, so that the same differences give the same items and nobody's people stand in the items of another.
    pub fn of(&mut self, file: &InstitutionFile) -> Rc<OfOverlay> {
        let mut unnamed = file.clone();
        ANY.clone_into(&mut unnamed.institution.name);
        unnamed.institution.contacts.clear();
        unnamed.contract.document = None;
        let key = serde_json::json!([unnamed.institution.kind, unnamed.overlay]).to_string();
        let (baseline, others) = (&self.baseline, self.others);
        let collect = || {
            let laid = baseline.lay(&unnamed);
            let items = items(&laid.service());
            let items = ItemList::new(match others {
                Some(others) => others.out_of(items),
                None => items,
            });
            Rc::new(OfOverlay { items, provisional: laid.provisional, findings: laid.findings })
        };
        Rc::clone(self.known.entry(key).or_insert_with(collect))
    }
}
