//! What a filled table would change in the one that is kept.

use shirube_catalog::Register;

use super::entry::{Book, Entry};
use super::table::{HOLD, STATE, cell};

/// One cell that would say something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What the log calls the entry.
    pub entry: String,
    /// Heading of the column.
    pub column: String,
    pub before: String,
    pub after: String,
}

/// A kept table with a filled one laid over it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Taken {
    /// The table as it would be.
    pub entries: Vec<Entry>,
    /// Ids of entries that are new.
    pub added: Vec<String>,
    pub changes: Vec<Change>,
    /// Ids of entries that the filled table does not have. They stay: an entry never goes because a row is missing.
    pub left: Vec<String>,
}

impl Taken {
    pub fn is_same(&self) -> bool {
        self.added.is_empty() && self.changes.is_empty()
    }
}

/// Lays a filled table over what is kept. A column that it does not have changes nothing; an empty cell empties.
pub fn take(register: &Register, kept: &[Entry], filled: &Book) -> Taken {
    let mut taken = Taken { entries: kept.to_vec(), ..Taken::default() };
    for new in &filled.entries {
        match taken.entries.iter_mut().find(|entry| entry.id == new.id) {
            None => {
                taken.added.push(new.id.clone());
                taken.entries.push(new.clone());
            }
            Some(entry) => taken.changes.extend(lay(register, entry, new, filled)),
        }
    }
    let is_missing = |entry: &&Entry| filled.entries.iter().all(|new| new.id != entry.id);
    taken.left = kept.iter().filter(is_missing).map(|entry| entry.id.clone()).collect();
    taken
}

fn lay(register: &Register, entry: &mut Entry, new: &Entry, filled: &Book) -> Vec<Change> {
    let before = entry.clone();
    if filled.has(STATE) {
        entry.state.clone_from(&new.state);
    }
    if filled.has(HOLD) {
        entry.hold = new.hold;
    }
    for field in register.fields.iter().filter(|field| filled.has(&field.id)) {
        match new.values.get(&field.id) {
            Some(values) => entry.values.insert(field.id.clone(), values.clone()),
            None => entry.values.remove(&field.id),
        };
    }
    let fields = register.fields.iter().map(|field| (field.id.as_str(), field.title.as_str()));
    let columns = [(STATE, STATE), (HOLD, HOLD)].into_iter().chain(fields);
    let changed = columns.filter_map(|(key, title)| {
        let (before, after) = (cell(register, &before, key), cell(register, entry, key));
        (before != after).then(|| Change { entry: entry.id.clone(), column: title.to_owned(), before, after })
    });
    changed.collect()
}
