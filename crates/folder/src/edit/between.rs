//! The edits that lead from one folder to another.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use shirube_safety::File;

use super::spot::{ListKind, Spot};
use super::step::{Identity, Step};
use super::values::{is_default, read, same};
use super::{Change, Edit, EditError, Texts, decisions, pairing};

/// The edits that make what `after` says of what `before` says.
///
/// Records are followed by what tells them apart, so one that moved has not changed; a field that says what holds
/// anyway is the same as one that is left out.
pub fn between(before: &Texts, after: &Texts) -> Result<Vec<Edit>, EditError> {
    let files = differing(before, after);
    Ok(difference(&said(before, &files)?, &said(after, &files)?))
}

/// Files whose texts differ; the others need not be read.
pub(super) fn differing(one: &Texts, other: &Texts) -> BTreeSet<File> {
    let files = one.keys().chain(other.keys()).copied();
    files.filter(|file| one.get(file) != other.get(file)).collect()
}

/// What some files say.
pub(super) fn said(texts: &Texts, files: &BTreeSet<File>) -> Result<BTreeMap<File, Value>, EditError> {
    let mut errors = Vec::new();
    let mut values = BTreeMap::new();
    for file in files.iter().filter(|file| texts.contains_key(file)) {
        match read(*file, texts) {
            Ok(value) => {
                values.insert(*file, value);
            }
            Err(found) => errors.extend(found),
        }
    }
    if errors.is_empty() { Ok(values) } else { Err(EditError::Unreadable(errors)) }
}

/// The edits that lead from what some files say to what others do.
pub(super) fn difference(before: &BTreeMap<File, Value>, after: &BTreeMap<File, Value>) -> Vec<Edit> {
    let files: BTreeSet<File> = before.keys().chain(after.keys()).copied().collect();
    let mut found = Vec::new();
    for file in files {
        let nothing = Value::Object(serde_json::Map::new());
        let (old, new) = (before.get(&file).unwrap_or(&nothing), after.get(&file).unwrap_or(&nothing));
        let mut walk = Walk { file, at: Vec::new(), found: &mut found };
        walk.fields(&Spot::of(file), old, new);
    }
    found
}

struct Walk<'f> {
    file: File,
    at: Vec<Step>,
    found: &'f mut Vec<Edit>,
}

impl Walk<'_> {
    fn add(&mut self, change: Change) {
        self.found.push(Edit { file: self.file, at: self.at.clone(), change });
    }

    fn under(&mut self, step: Step, walk: impl FnOnce(&mut Self)) {
        self.at.push(step);
        walk(self);
        self.at.pop();
    }

    fn fields(&mut self, spot: &Spot, old: &Value, new: &Value) {
        let empty = serde_json::Map::new();
        let (old, new) = (old.as_object().unwrap_or(&empty), new.as_object().unwrap_or(&empty));
        let fresh = new.keys().filter(|key| !old.contains_key(*key));
        for key in old.keys().chain(fresh) {
            let spot = spot.key(key);
            self.under(Step::Key(key.clone()), |walk| walk.field(&spot, old.get(key), new.get(key)));
        }
    }

    fn field(&mut self, spot: &Spot, old: Option<&Value>, new: Option<&Value>) {
        let said = |value: Option<&Value>| value.is_some_and(|value| !is_default(spot, value));
        if !said(old) && !said(new) {
            return;
        }
        // Lists that may be left out are empty when they are.
        let none = Value::Array(Vec::new());
        let list = |value: Option<&'_ Value>| match value {
            None => spot.default() == Some(&none) || new.is_some_and(|new| *new != none) && old.is_none(),
            Some(value) => value.is_array(),
        };
        if list(old) && list(new) && (spot.is_decisions() || spot.kind() != ListKind::Whole) {
            let entries = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
            return self.list(spot, &entries(old), &entries(new));
        }
        match (old, new) {
            (Some(old), Some(new)) if same(spot, old, new) => {}
            (Some(Value::Object(_)), Some(Value::Object(_))) if !spot.is_signature() => {
                self.fields(spot, old.unwrap_or(&none), new.unwrap_or(&none));
            }
            (_, Some(new)) => self.add(Change::Put(new.clone())),
            (_, None) => self.add(Change::Remove),
        }
    }

    fn list(&mut self, spot: &Spot, old: &[Value], new: &[Value]) {
        if spot.is_decisions() {
            return self.decisions(spot, old, new);
        }
        let (Some(old_names), Some(new_names)) = (spot.identities(old), spot.identities(new)) else { return };
        let item = spot.item();
        let found = pairing::pairs(spot, old, new);
        for (entry, before) in new.iter().zip(&found) {
            if let Some(before) = *before {
                self.under(Step::Item(old_names[before].clone()), |walk| {
                    if entry.is_object() {
                        walk.fields(&item, &old[before], entry);
                    }
                });
            }
        }
        // From the last, so that of equal ones each is still where its number says.
        for gone in (0..old.len()).rev().filter(|at| !found.contains(&Some(*at))) {
            self.under(Step::Item(old_names[gone].clone()), |walk| walk.add(Change::Remove));
        }
        let taken: Vec<&Identity> = found.iter().flatten().map(|before| &old_names[*before]).collect();
        for (at, entry) in new.iter().enumerate().filter(|(at, _)| found[*at].is_none()) {
            let mut name = new_names[at].clone();
            // A name that another record gave up only now still finds that record.
            while taken.contains(&&name) {
                name.nth += 1;
            }
            self.under(Step::Item(name), |walk| walk.add(Change::Put(entry.clone())));
        }
    }

    fn decisions(&mut self, spot: &Spot, old: &[Value], new: &[Value]) {
        if decisions::is_ambiguous(old) || decisions::is_ambiguous(new) {
            if !same(spot, &Value::from(old), &Value::from(new)) {
                self.add(Change::Put(Value::from(new)));
            }
            return;
        }
        let item = spot.item();
        let (before, after) = (decisions::holders(old), decisions::holders(new));
        for risk in new.iter().flat_map(pairing::risks) {
            let body = decisions::body(&new[after[risk]], risk);
            let step = Step::Item(risk.into());
            match before.get(risk) {
                Some(at) => {
                    let was = decisions::body(&old[*at], risk);
                    self.under(step, |walk| walk.fields(&item, &was, &body));
                }
                None => self.under(step, |walk| walk.add(Change::Put(body))),
            }
        }
        for risk in old.iter().flat_map(pairing::risks).filter(|risk| !after.contains_key(risk)) {
            self.under(Step::Item(risk.into()), |walk| walk.add(Change::Remove));
        }
    }
}
