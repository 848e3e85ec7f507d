//! Where items stand when each record is kept with what was shown then (AGREE-008, AGREE-009).

use std::collections::HashMap;

use super::state::{is_kind, may_follow, step_term};
use super::{Again, AgreementRecord, AgreementStep, Item, ItemKind, Reopened, letter, reopened};

/// Items that are found by their key.
#[derive(Debug, Default)]
pub struct ItemList {
    items: Vec<Item>,
    at: HashMap<String, usize>,
}

impl ItemList {
    pub fn new(items: Vec<Item>) -> Self {
        let at = items.iter().enumerate().map(|(at, item)| (item.key.clone(), at)).collect();
        Self { items, at }
    }

    pub fn items(&self) -> &[Item] {
        &self.items
    }

    pub fn get(&self, key: &str) -> Option<&Item> {
        self.at.get(key).map(|at| &self.items[*at])
    }

    /// The keys that a name in a record stands for: a key, or all of a kind. A name that leads nowhere stands for itself.
    pub fn keys<'a>(&'a self, name: &'a str) -> Vec<&'a str> {
        if !is_kind(name) {
            return vec![name];
        }
        self.items.iter().map(|item| item.key.as_str()).filter(|key| key.starts_with(name)).collect()
    }
}

/// A record with the items as they were when it was made.
#[derive(Debug, Clone, Copy)]
pub struct Pinned<'a> {
    pub record: &'a AgreementRecord,
    pub items: &'a ItemList,
}

/// Where an item stands today.
#[derive(Debug, Clone)]
pub struct Standing<'a> {
    pub item: &'a Item,
    /// The last record about it; none while nothing of it was shown (未提示).
    pub last: Option<Pinned<'a>>,
    /// It was understood or agreed when it was something else.
    pub changed: Option<Reopened>,
    /// It was objected to when it was something else.
    objected_to_another: bool,
}

impl Standing<'_> {
    /// What was understood or agreed and has changed since is to be agreed again, whether or not somebody wrote that down.
    pub fn step(&self) -> Option<AgreementStep> {
        match &self.changed {
            Some(_) => Some(AgreementStep::Reopened),
            None => self.last.map(|pinned| pinned.record.step),
        }
    }

    /// The word people read.
    pub fn term(&self) -> &'static str {
        step_term(self.step())
    }

    /// The steps it can take next, in the order of the work.
    pub fn next(&self) -> Vec<AgreementStep> {
        // Who objected to something else has not been told what it is now.
        if self.objected_to_another { vec![AgreementStep::Explained] } else { next_steps(self.step()) }
    }
}

/// The steps that an item can take next. What has to be agreed again is explained first.
pub fn next_steps(step: Option<AgreementStep>) -> Vec<AgreementStep> {
    AgreementStep::ALL.iter().copied().filter(|next| may_follow(step, *next)).collect()
}

/// Whether the record says something that a change can make untrue.
fn is_settled(record: &AgreementRecord) -> bool {
    matches!(record.step, AgreementStep::Explained | AgreementStep::InTalks | AgreementStep::Agreed)
}

/// The last record about each key, of records from the oldest on.
fn last<'a>(records: &[Pinned<'a>]) -> HashMap<&'a str, Pinned<'a>> {
    let mut last = HashMap::new();
    for pinned in records {
        for name in &pinned.record.items {
            last.extend(pinned.items.keys(name).into_iter().map(|key| (key, *pinned)));
        }
    }
    last
}

/// Every item of today with where it stands, by records from the oldest on.
pub fn standings<'a>(today: &'a ItemList, records: &[Pinned<'a>]) -> Vec<Standing<'a>> {
    let last = last(records);
    let standing = |item: &'a Item| {
        // What went, was told as gone and came back is shown for the first time.
        let last = last.get(item.key.as_str()).copied().filter(|pinned| pinned.items.get(&item.key).is_some());
        let shown = last.filter(|pinned| is_settled(pinned.record) && !std::ptr::eq(pinned.items, today));
        let changed = shown.and_then(|pinned| reopened::changed(pinned.items.get(&item.key)?, item));
        let is_another = |pinned: &Pinned| pinned.items.get(&item.key).is_some_and(|was| was.facts != item.facts);
        let objected_to_another =
            last.is_some_and(|pinned| pinned.record.step == AgreementStep::Disagreed && is_another(&pinned));
        Standing { item, last, changed, objected_to_another }
    };
    today.items.iter().map(standing).collect()
}

/// What an institution has to be told: what changed, what is gone, and what is new since it last settled something of
/// the kind. `service` is the service's name.
pub fn to_tell(service: &str, today: &ItemList, standings: &[Standing], records: &[Pinned]) -> Again {
    let mut again: Vec<Reopened> = standings.iter().filter_map(|standing| standing.changed.clone()).collect();
    // Something new concerns whoever settled others of its kind, and was not there when they did first.
    let first = first_settled(records);
    let new = standings.iter().filter(|standing| standing.last.is_none());
    let added = new
        .filter(|standing| first.get(&standing.item.kind).is_some_and(|items| items.get(&standing.item.key).is_none()));
    again.extend(added.map(|standing| reopened::new(standing.item)));
    again.extend(gone(today, records).into_iter().map(reopened::gone));
    let holds = |standing: &&Standing| {
        standing.changed.is_none() && standing.last.is_some_and(|pinned| is_settled(pinned.record))
    };
    let unchanged = standings.iter().filter(holds).count();
    let letter = if again.is_empty() { Vec::new() } else { letter(service, &again, unchanged) };
    Again { reopened: again, unchanged, letter }
}

/// The items as they were when something of a kind was first settled.
fn first_settled<'a>(records: &[Pinned<'a>]) -> HashMap<ItemKind, &'a ItemList> {
    let mut first = HashMap::new();
    for pinned in records.iter().filter(|pinned| is_settled(pinned.record)) {
        let keys = pinned.record.items.iter().flat_map(|name| pinned.items.keys(name));
        for kind in keys.filter_map(|key| pinned.items.get(key)).map(|item| item.kind) {
            first.entry(kind).or_insert(pinned.items);
        }
    }
    first
}

/// What was settled and is no longer there, until somebody was told so.
pub fn gone<'a>(today: &ItemList, records: &[Pinned<'a>]) -> Vec<&'a Item> {
    let mut gone: Vec<&Item> = last(records)
        .iter()
        .filter(|(key, pinned)| is_settled(pinned.record) && today.get(key).is_none())
        .filter_map(|(key, pinned)| pinned.items.get(key))
        .collect();
    gone.sort_by(|one, other| one.key.cmp(&other.key));
    gone
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(key: &str, facts: &str) -> Item {
        let kind = if key.starts_with("role/") { ItemKind::Role } else { ItemKind::Request };
        Item { key: key.to_owned(), kind, title: key.to_owned(), text: facts.to_owned(), facts: facts.into() }
    }

    fn list(items: &[(&str, &str)]) -> ItemList {
        ItemList::new(items.iter().map(|(key, facts)| item(key, facts)).collect())
    }

    fn record(step: AgreementStep, items: &[&str]) -> AgreementRecord {
        let items: Vec<&str> = items.to_vec();
        let record = serde_json::json!({ "step": step.token(), "items": items, "on": "2026-11-20", "by": "港" });
        serde_json::from_value(record).expect("a record")
    }

    /// AGREE-008, AGREE-009: what was settled and reads differently is to be agreed again, until it is explained anew;
    /// what nobody settled, or reads the same, is not.
    #[test]
    fn a_change_reopens_what_was_settled_and_nothing_else() {
        let old = list(&[("request/a", "1"), ("request/b", "1"), ("request/c", "1"), ("role/x", "1")]);
        let new = list(&[("request/a", "2"), ("request/b", "1"), ("request/d", "1"), ("role/x", "2"), ("role/y", "1")]);
        let agreed = record(AgreementStep::Agreed, &["request/a", "request/b", "request/c"]);
        let objected = record(AgreementStep::Disagreed, &["role/x"]);
        let records = [Pinned { record: &agreed, items: &old }, Pinned { record: &objected, items: &old }];
        let stand = standings(&new, &records);
        let terms: Vec<(&str, &str)> = stand.iter().map(|one| (one.item.key.as_str(), one.term())).collect();
        assert_eq!(
            terms,
            [
                ("request/a", "再合意要"),
                ("request/b", "合意（明示的合意）"),
                ("request/d", "未提示"),
                ("role/x", "不合意"),
                ("role/y", "未提示"),
            ]
        );
        let told = to_tell("見本", &new, &stand, &records);
        let keys: Vec<&str> = told.reopened.iter().map(|one| one.key.as_str()).collect();
        assert_eq!((keys, told.unchanged, told.letter.len()), (vec!["request/a", "request/d", "request/c"], 1, 5));
        let anew = record(AgreementStep::Explained, &["request/a"]);
        let records = [records[0], records[1], Pinned { record: &anew, items: &new }];
        let stand = standings(&new, &records);
        assert_eq!(stand[0].term(), "説明済（共通理解）");
        // What is new stays new for whoever was told of something else; what is gone stays until that is told.
        let told = to_tell("見本", &new, &stand, &records);
        let keys: Vec<&str> = told.reopened.iter().map(|one| one.key.as_str()).collect();
        assert_eq!(keys, ["request/d", "request/c"]);
        let farewell = record(AgreementStep::Explained, &["request/c"]);
        let records = [records[0], records[1], records[2], Pinned { record: &farewell, items: &new }];
        let told = to_tell("見本", &new, &standings(&new, &records), &records);
        assert_eq!(told.reopened.iter().map(|one| one.key.as_str()).collect::<Vec<_>>(), ["request/d"]);
        // What comes back after it was told as gone is new.
        let back = list(&[("request/c", "1")]);
        assert_eq!(standings(&back, &records)[0].term(), "未提示");
        // Who objected to something else is told first what it is now.
        assert_eq!(stand[3].next(), [AgreementStep::Explained]);
        assert_eq!(stand[0].next()[0], AgreementStep::Explained);
    }

    /// A record for a kind stands for what there was when it was made, not for what came later.
    #[test]
    fn a_record_for_a_kind_stands_for_what_there_was() {
        let old = list(&[("request/a", "1")]);
        let new = list(&[("request/a", "1"), ("request/b", "1")]);
        let agreed = record(AgreementStep::Agreed, &["request/"]);
        let stand = standings(&new, &[Pinned { record: &agreed, items: &old }]);
        assert_eq!(stand.iter().map(Standing::term).collect::<Vec<_>>(), ["合意（明示的合意）", "未提示"]);
        assert_eq!(stand[1].next(), [AgreementStep::Explained]);
    }
}
