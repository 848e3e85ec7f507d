//! Decisions, risk by risk: several risks may share a record, and each can be decided anew alone.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::pairing::risks;
use super::spot::{OWN, Spot};
use super::values::{same, settled};

/// What was decided on one risk: the record without its risks, the values of this risk alone under [`OWN`].
pub(super) fn body(decision: &Value, risk: &str) -> Value {
    let mut fields = decision.as_object().cloned().unwrap_or_default();
    fields.shift_remove("risks");
    let each = fields.shift_remove("each");
    let own = each.as_ref().and_then(Value::as_array).into_iter().flatten().find(|own| own["risk"] == risk);
    if let Some(Value::Object(own)) = own {
        let mut own = own.clone();
        own.shift_remove("risk");
        fields.insert(OWN.to_owned(), Value::Object(own));
    }
    Value::Object(fields)
}

/// For each risk the index of the decision in force: the first that names it.
pub(super) fn holders(list: &[Value]) -> HashMap<&str, usize> {
    let mut holders = HashMap::new();
    for (at, decision) in list.iter().enumerate() {
        risks(decision).for_each(|risk| {
            holders.entry(risk).or_insert(at);
        });
    }
    holders
}

/// Whether some risk is decided twice. Then the list can only be compared as a whole.
pub(super) fn is_ambiguous(list: &[Value]) -> bool {
    let mut seen = HashSet::new();
    list.iter().flat_map(risks).any(|risk| !seen.insert(risk))
}

/// A record on its way into the new list.
struct Slot {
    /// Index in the old list of the record it is, or was split from.
    from: Option<usize>,
    decision: Value,
    /// Whether this round of edits made what it says.
    made: bool,
}

/// Lays new decisions on risks over a list; `None` takes a decision away.
///
/// Records that several risks share are split: those that are not named keep theirs, word for word. Risks that are
/// decided alike in one round share a record.
pub(super) fn regrouped(spot: &Spot, list: &[Value], changes: &[(String, Option<Value>)]) -> Vec<Value> {
    let item = spot.item();
    let holders = holders(list);
    let news = |(risk, new): &&(String, Option<Value>)| match (holders.get(risk.as_str()), new) {
        (None, None) => false,
        (Some(at), Some(new)) => !same(&item, &body(&list[*at], risk), new),
        _ => true,
    };
    let changes: Vec<&(String, Option<Value>)> = changes.iter().filter(news).collect();
    let by_risk: HashMap<&str, &Option<Value>> = changes.iter().map(|(risk, new)| (risk.as_str(), new)).collect();
    let mut placed: HashSet<&str> = HashSet::new();
    let mut slots: Vec<Slot> = Vec::new();
    for (at, decision) in list.iter().enumerate() {
        let (touched, kept): (Vec<&str>, Vec<&str>) = risks(decision).partition(|risk| by_risk.contains_key(risk));
        if touched.is_empty() {
            slots.push(Slot { from: Some(at), decision: decision.clone(), made: false });
        } else if !kept.is_empty() {
            slots.push(Slot { from: Some(at), decision: only(decision, &kept), made: false });
        } else {
            let taking = touched.iter().filter(|risk| !placed.contains(**risk));
            let taking: Vec<(&str, &Value)> =
                taking.filter_map(|risk| Some((*risk, by_risk[risk].as_ref()?))).collect();
            let Some((first, new)) = taking.first().copied() else { continue };
            let mut fields = settled(&item, Some(decision), common(new));
            fields["risks"] = Value::Array(Vec::new());
            let mut slot = Slot { from: Some(at), decision: fields, made: true };
            join(&mut slot, first, new);
            placed.insert(first);
            for (risk, new) in taking {
                if is_of(&item, &slot, new) && placed.insert(risk) {
                    join(&mut slot, risk, new);
                }
            }
            slots.push(slot);
        }
    }
    for (risk, new) in changes.iter().filter(|(risk, _)| !placed.contains(risk.as_str())) {
        let Some(new) = new else { continue };
        match slots.iter_mut().find(|slot| is_of(&item, slot, new)) {
            Some(slot) => join(slot, risk, new),
            None => insert(&mut slots, holders.get(risk.as_str()).copied(), &item, risk, new),
        }
    }
    slots.into_iter().map(|slot| slot.decision).collect()
}

/// A record of its own, behind the one its risk came from, else at the end.
fn insert(slots: &mut Vec<Slot>, from: Option<usize>, item: &Spot, risk: &str, new: &Value) {
    let behind = from.and_then(|from| slots.iter().rposition(|slot| slot.from == Some(from)));
    let mut fields = Map::from_iter([("risks".to_owned(), Value::Array(Vec::new()))]);
    if let Value::Object(said) = settled(item, None, common(new)) {
        fields.extend(said);
    }
    let mut slot = Slot { from, decision: Value::Object(fields), made: true };
    join(&mut slot, risk, new);
    slots.insert(behind.map_or(slots.len(), |at| at + 1), slot);
}

/// The record for some of its risks.
fn only(decision: &Value, kept: &[&str]) -> Value {
    let mut decision = decision.clone();
    decision["risks"] = kept.iter().copied().map(Value::from).collect();
    if let Some(Value::Array(each)) = decision.get_mut("each") {
        let before = each.len();
        each.retain(|own| own["risk"].as_str().is_none_or(|risk| kept.contains(&risk)));
        if each.is_empty() && before > 0 {
            decision.as_object_mut().map(|fields| fields.shift_remove("each"));
        }
    }
    decision
}

/// What the risks of a record have in common.
fn common(body: &Value) -> Value {
    let mut fields = body.as_object().cloned().unwrap_or_default();
    fields.shift_remove(OWN);
    Value::Object(fields)
}

fn is_of(item: &Spot, slot: &Slot, new: &Value) -> bool {
    let mut said = slot.decision.as_object().cloned().unwrap_or_default();
    said.shift_remove("risks");
    said.shift_remove("each");
    slot.made && same(item, &Value::Object(said), &common(new))
}

/// Adds a risk to a record, with its own values.
fn join(slot: &mut Slot, risk: &str, new: &Value) {
    if let Some(Value::Array(risks)) = slot.decision.get_mut("risks") {
        risks.push(Value::from(risk));
    }
    if let Some(Value::Object(own)) = new.get(OWN) {
        let mut fields = Map::from_iter([("risk".to_owned(), Value::from(risk))]);
        fields.extend(own.clone());
        if !slot.decision["each"].is_array() {
            slot.decision["each"] = Value::Array(Vec::new());
        }
        if let Some(Value::Array(each)) = slot.decision.get_mut("each") {
            each.push(Value::Object(fields));
        }
    }
}
