//! What a form sent, by field.

use std::collections::{BTreeMap, BTreeSet};

/// Names and values as the browser sent them, line ends as the files have them.
#[derive(Debug, Clone, Default)]
pub struct Sent(BTreeMap<String, Vec<String>>);

impl Sent {
    pub fn new<'f>(pairs: impl Iterator<Item = (&'f str, &'f str)>) -> Self {
        let mut sent: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in pairs {
            let value = value.replace("\r\n", "\n").replace('\r', "\n");
            sent.entry(name.to_owned()).or_default().push(value);
        }
        Self(sent)
    }

    /// The values of a field; `None` if the form did not have it.
    pub(super) fn all(&self, name: &str) -> Option<&[String]> {
        self.0.get(name).map(Vec::as_slice)
    }

    /// Whether a box is ticked.
    pub(super) fn ticked(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|values| values.iter().any(|value| !value.is_empty()))
    }

    /// Numbers of the records of a list that were sent.
    pub(super) fn records(&self, list: &str) -> BTreeSet<usize> {
        let head = format!("{list}/~");
        let names = self.0.range(head.clone()..).map(|(name, _)| name).take_while(|name| name.starts_with(&head));
        names.filter_map(|name| name[head.len()..].split('/').next()?.parse().ok()).collect()
    }
}
