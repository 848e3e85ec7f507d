//! From places the reader tells back to ways, so that a form can show an error under its field.

use std::collections::BTreeMap;

use serde_json::Value;
use shirube_safety::{File, Place};

use super::spot::{OWN, Spot, normal};
use super::step::Step;
use super::{Change, Edit, Texts, pairing, values};
use crate::{InputError, unescape};

/// Finds the ways to places in texts.
#[derive(Debug)]
pub struct Locator {
    values: BTreeMap<File, Value>,
}

/// An error with the edit it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blame<'e> {
    pub error: &'e InputError,
    /// Index of the edit; `None` if the error is in what was there before.
    pub edit: Option<usize>,
    /// The way to what is wrong; empty for a file that cannot be followed.
    pub at: Vec<Step>,
    /// What of it lies below the way of the edit: the field of the form.
    pub below: Vec<Step>,
}

impl Locator {
    /// For texts as they were read. Files that cannot be followed have no places.
    pub fn new(texts: &Texts) -> Self {
        let values = texts.keys().filter_map(|file| Some((*file, values::read(*file, texts).ok()?)));
        Self { values: values.collect() }
    }

    /// The ways to what an error names: several where one decision stands for several risks, none where the file
    /// cannot be followed. A field that is missing is named as if it stood there.
    pub fn of_error(&self, error: &InputError) -> Vec<Vec<Step>> {
        let mut ways = self.ways(error.file, &steps(&error.field));
        if let Some(missing) = &error.missing {
            ways.iter_mut().for_each(|way| way.push(Step::Key(missing.clone())));
        }
        ways
    }

    /// The ways to the place of a finding.
    pub fn of_place(&self, place: &Place) -> Vec<Vec<Step>> {
        let steps: Vec<String> = place.pointer.split('/').skip(1).map(unescape).collect();
        self.ways(place.file, &steps)
    }

    /// For each error the edit it comes from.
    pub fn blame<'e>(&self, edits: &[Edit], errors: &'e [InputError]) -> Vec<Blame<'e>> {
        let named: Vec<(File, Vec<Vec<Step>>)> = edits.iter().map(|edit| (edit.file, names(edit))).collect();
        let one = |error: &'e InputError| {
            let ways = self.of_error(error);
            let mut best: Option<(usize, usize, &Vec<Step>)> = None;
            for way in &ways {
                for (index, (file, names)) in named.iter().enumerate() {
                    for name in names.iter().filter(|name| *file == error.file && way.starts_with(name)) {
                        if best.is_none_or(|(len, _, _)| name.len() > len) {
                            best = Some((name.len(), index, way));
                        }
                    }
                }
            }
            match best {
                Some((len, index, way)) => {
                    Blame { error, edit: Some(index), at: way.clone(), below: way[len..].to_vec() }
                }
                None => Blame { error, edit: None, at: ways.into_iter().next().unwrap_or_default(), below: Vec::new() },
            }
        };
        errors.iter().map(one).collect()
    }

    fn ways(&self, file: File, steps: &[String]) -> Vec<Vec<Step>> {
        match self.values.get(&file) {
            Some(value) => follow(&Spot::of(file), value, steps),
            None => Vec::new(),
        }
    }
}

/// `nodes[3].kind` as the steps of a pointer, which count from 0.
fn steps(field: &str) -> Vec<String> {
    let mut steps = Vec::new();
    for part in field.split('.').filter(|part| !part.is_empty()) {
        let (name, mut rest) = part.split_at(part.find('[').unwrap_or(part.len()));
        if !name.is_empty() {
            steps.push(name.to_owned());
        }
        while let Some((number, more)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            let Some(index) = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1)) else { break };
            steps.push(index.to_string());
            rest = more;
        }
    }
    steps
}

fn follow(spot: &Spot, value: &Value, steps: &[String]) -> Vec<Vec<Step>> {
    let Some((step, rest)) = steps.split_first() else { return vec![Vec::new()] };
    let below = |step: Step, spot: &Spot, value: &Value, rest: &[String]| {
        let ways = follow(spot, value, rest).into_iter();
        ways.map(|way| [step.clone()].into_iter().chain(way).collect()).collect()
    };
    let Value::Array(list) = value else {
        return below(Step::Key(step.clone()), &spot.key(step), &value[step.as_str()], rest);
    };
    let Some((index, entry)) = step.parse::<usize>().ok().and_then(|at| Some((at, list.get(at)?))) else {
        return vec![Vec::new()];
    };
    if spot.is_decisions() {
        return of_decision(&spot.item(), entry, rest);
    }
    match spot.identities(list) {
        Some(names) => below(Step::Item(names[index].clone()), &spot.item(), entry, rest),
        None => vec![Vec::new()],
    }
}

/// The ways to a place in a decision: one for each risk it concerns.
fn of_decision(item: &Spot, decision: &Value, steps: &[String]) -> Vec<Vec<Step>> {
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    let own = |at: &str, rest: &[&str]| {
        let entry = decision["each"].get(at.parse::<usize>().ok()?)?;
        let mut way = vec![Step::Item(entry["risk"].as_str()?.into()), Step::Key(OWN.to_owned())];
        way.extend(rest.iter().map(|step| Step::Key((*step).to_owned())));
        Some(vec![way])
    };
    match &steps[..] {
        ["risks", at, ..] => {
            let risk = at.parse::<usize>().ok().and_then(|at| decision["risks"].get(at)?.as_str());
            risk.map(|risk| vec![vec![Step::Item(risk.into())]]).unwrap_or_default()
        }
        ["each", at, rest @ ..] => own(at, rest).unwrap_or_default(),
        _ => {
            let rest: Vec<String> = steps.iter().map(|step| (*step).to_owned()).collect();
            let below = follow(item, decision, &rest);
            let risks = pairing::risks(decision);
            let of_risk = |risk: &str| {
                let step = Step::Item(risk.into());
                below.iter().map(|way| [step.clone()].into_iter().chain(way.clone()).collect()).collect::<Vec<_>>()
            };
            risks.flat_map(of_risk).collect()
        }
    }
}

/// The ways by which the place of an edit may be known afterwards: as the edit names it, and as what it puts there is
/// called.
fn names(edit: &Edit) -> Vec<Vec<Step>> {
    let mut spot = Spot::of(edit.file);
    let mut way = Vec::new();
    let mut names = Vec::new();
    for (at, step) in edit.at.iter().enumerate() {
        match step {
            Step::Key(key) => {
                way.push(step.clone());
                spot = spot.key(key);
            }
            Step::Item(identity) => {
                if let (Change::Put(value), true) = (&edit.change, at + 1 == edit.at.len())
                    && let Some([own]) = spot.identities(std::slice::from_ref(value)).as_deref()
                {
                    names.push(way.iter().cloned().chain([Step::Item(own.clone())]).collect());
                }
                way.push(Step::Item(normal(&spot, identity)));
                spot = spot.item();
            }
        }
    }
    names.push(way);
    names
}
