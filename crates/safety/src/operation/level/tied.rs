//! Records put together: each outage with what is to be taken off it, by the institutions they touch.

use std::collections::HashMap;

use super::record::{Affected, Exclusion, Outage, Records, Update};

/// An outage with the intervals that somebody wants taken off it.
#[derive(Debug)]
pub(super) struct Tied<'r> {
    pub outage: &'r Outage,
    pub exclusions: Vec<&'r Exclusion>,
}

/// Records ready to be asked for one institution after the other.
#[derive(Debug)]
pub struct ByInstitution<'r> {
    pub(super) records: &'r Records,
    all: Vec<Tied<'r>>,
    /// Numbers of the outages that touch everybody.
    common: Vec<usize>,
    /// Numbers of the outages that touch one by name.
    own: HashMap<&'r str, Vec<usize>>,
}

impl<'r> ByInstitution<'r> {
    pub fn new(records: &'r Records) -> Self {
        let mut exclusions: HashMap<&str, Vec<&Exclusion>> = HashMap::new();
        for exclusion in &records.exclusions {
            exclusions.entry(&exclusion.outage).or_default().push(exclusion);
        }
        let tied = |outage: &'r Outage| Tied {
            outage,
            exclusions: exclusions.get(outage.id.as_str()).cloned().unwrap_or_default(),
        };
        let mut all: Vec<Tied> = records.outages.iter().map(tied).collect();
        all.sort_by_key(|tied| (tied.outage.from, tied.outage.row));
        let (mut common, mut own) = (Vec::new(), HashMap::<&str, Vec<usize>>::new());
        for (at, tied) in all.iter().enumerate() {
            match &tied.outage.affected {
                Affected::All => common.push(at),
                Affected::Some(names) => names.iter().for_each(|name| own.entry(name).or_default().push(at)),
            }
        }
        Self { records, all, common, own }
    }

    /// The day of the earliest record that touches an institution, or any.
    pub fn first_day(&self, institution: Option<&str>) -> Option<chrono::NaiveDate> {
        let outage = self.outages(institution).first().map(|tied| tied.outage.from.floor());
        let updates = self.updates(institution).map(|update| update.released.floor());
        outage.into_iter().chain(updates).min().map(crate::calendar::Minute::day)
    }

    /// The outages that touch an institution, or any, in order of time.
    pub(super) fn outages(&self, institution: Option<&str>) -> Vec<&Tied<'r>> {
        let Some(name) = institution else { return self.all.iter().collect() };
        let own = self.own.get(name).map(Vec::as_slice).unwrap_or_default();
        let mut numbers: Vec<usize> = self.common.iter().chain(own).copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_iter().map(|at| &self.all[at]).collect()
    }

    pub(super) fn updates(&self, institution: Option<&str>) -> impl Iterator<Item = &'r Update> {
        self.records.updates.iter().filter(move |update| update.affected.touches(institution))
    }
}
