//! Which entry of one list is which of another.

use serde_json::Value;

use super::spot::{ListKind, Spot};

/// For each entry of `new` the index of the entry of `old` that it is.
///
/// Entries of the same identity are the same. What is left between two of them is paired in order, if most of it is
/// alike: then only the name changed.
pub(super) fn pairs(spot: &Spot, old: &[Value], new: &[Value]) -> Vec<Option<usize>> {
    if spot.is_decisions() {
        return by_risks(old, new);
    }
    let (Some(old_names), Some(new_names)) = (spot.identities(old), spot.identities(new)) else {
        return in_order(old, new);
    };
    let known: std::collections::HashMap<_, _> = old_names.iter().enumerate().map(|(at, name)| (name, at)).collect();
    let mut found: Vec<Option<usize>> = new_names.iter().map(|name| known.get(name).copied()).collect();
    if matches!(spot.kind(), ListKind::Records(_)) {
        renamed(old, new, &mut found);
    }
    found
}

/// Pairs what is left between entries that are paired.
fn renamed(old: &[Value], new: &[Value], found: &mut [Option<usize>]) {
    let mut taken = vec![false; old.len()];
    found.iter().flatten().for_each(|at| taken[*at] = true);
    let mut from = 0;
    for at in 0..new.len() {
        match found[at] {
            Some(before) => from = before + 1,
            None => {
                let free = (from..old.len()).take_while(|at| !taken[*at]).find(|free| alike(&old[*free], &new[at]));
                if let Some(free) = free {
                    (found[at], taken[free], from) = (Some(free), true, free + 1);
                }
            }
        }
    }
}

/// Whether at least half of what the larger says is the same.
fn alike(old: &Value, new: &Value) -> bool {
    let (Some(old), Some(new)) = (old.as_object(), new.as_object()) else { return false };
    // Keys of control characters are our own marks.
    let said = |fields: &serde_json::Map<String, Value>| fields.keys().filter(|key| *key >= &" ".to_owned()).count();
    let equal = new.iter().filter(|(key, value)| key.as_str() >= " " && old.get(*key) == Some(*value)).count();
    equal > 0 && equal * 2 >= said(old).max(said(new))
}

/// Entries that nothing tells apart: equal ones, then those at the same place.
fn in_order(old: &[Value], new: &[Value]) -> Vec<Option<usize>> {
    let mut from = 0;
    new.iter()
        .map(|entry| {
            let found = (from..old.len()).find(|at| old[*at] == *entry);
            found.inspect(|at| from = at + 1)
        })
        .collect()
}

/// Decisions: the one with the most of the same risks.
fn by_risks(old: &[Value], new: &[Value]) -> Vec<Option<usize>> {
    let mut holders: std::collections::HashMap<&str, Vec<usize>> = std::collections::HashMap::new();
    for (at, decision) in old.iter().enumerate() {
        risks(decision).for_each(|risk| holders.entry(risk).or_default().push(at));
    }
    let mut claims: Vec<(usize, usize, usize)> = Vec::new();
    for (at, decision) in new.iter().enumerate() {
        let mut shared: std::collections::BTreeMap<usize, usize> = std::collections::BTreeMap::new();
        for holder in risks(decision).filter_map(|risk| holders.get(risk)).flatten() {
            *shared.entry(*holder).or_default() += 1;
        }
        claims.extend(shared.into_iter().map(|(holder, count)| (count, at, holder)));
    }
    claims.sort_by_key(|(count, at, holder)| (std::cmp::Reverse(*count), *holder, *at));
    let mut found = vec![None; new.len()];
    let mut taken = vec![false; old.len()];
    for (_, at, holder) in claims {
        if found[at].is_none() && !taken[holder] {
            (found[at], taken[holder]) = (Some(holder), true);
        }
    }
    found
}

/// The risks of a decision.
pub(super) fn risks(decision: &Value) -> impl Iterator<Item = &str> {
    decision["risks"].as_array().into_iter().flatten().filter_map(Value::as_str)
}
