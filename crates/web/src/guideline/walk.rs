//! Where the items of one edition lead in another, worked out once for each pair: the shelf never changes.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use shirube_catalog::Mapped;

use super::held;

/// The mappings of one pair of editions by the item they leave from.
pub struct Walk {
    /// Editions passed, both ends included; empty if nothing connects the two.
    pub way: Vec<String>,
    pub by_source: HashMap<String, Vec<Mapped>>,
}

type Walks = HashMap<(String, String), Arc<Walk>>;

static WALKS: LazyLock<Mutex<Walks>> = LazyLock::new(Mutex::default);

pub fn walk(from: &str, to: &str) -> Arc<Walk> {
    let key = (from.to_owned(), to.to_owned());
    // A thread that panicked left at worst a pair out.
    if let Some(known) = WALKS.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return Arc::clone(known);
    }
    let mut by_source: HashMap<String, Vec<Mapped>> = HashMap::new();
    for one in held().crosswalk(from, to).unwrap_or_default() {
        by_source.entry(one.source.clone()).or_default().push(one);
    }
    let way = held().editions_between(from, to).unwrap_or_default();
    let made = Arc::new(Walk { way, by_source });
    WALKS.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&made));
    made
}
