//! Data that are laid side by side before anybody wrote a `selection.yaml`.

use super::{CandidateEntry, DisclosureData, SelectionFile, SelectionInfo};

impl SelectionFile {
    /// One candidate for each of the data, in their order, and nothing else.
    pub fn of_data(selection: SelectionInfo, data: &[DisclosureData]) -> Self {
        let candidates = names(data).into_iter().map(|name| CandidateEntry { name, ..CandidateEntry::default() });
        Self { selection, candidates: candidates.collect(), ..Self::default() }
    }
}

/// Names of services; with the provider, and at last a number, where several are called the same.
fn names(data: &[DisclosureData]) -> Vec<String> {
    let service = |one: &DisclosureData| one.service.name.trim().to_owned();
    let with_provider = |one: &DisclosureData| format!("{}（{}）", service(one), one.provider.trim());
    let once =
        |of: &dyn Fn(&DisclosureData) -> String, name: &str| data.iter().filter(|one| of(one) == name).count() == 1;
    let name = |(at, one): (usize, &DisclosureData)| {
        let (short, long) = (service(one), with_provider(one));
        match (once(&service, &short), once(&with_provider, &long)) {
            (true, _) => short,
            (false, true) => long,
            (false, false) => format!("{long} {}", at + 1),
        }
    };
    data.iter().enumerate().map(name).collect()
}
