//! What can be said of an outline before any fact is known.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::Environment;
use shirube_catalog::{ControlId, library};

use crate::mistake::Mistake;
use crate::outline::{Block, Outline, Part};
use crate::print::environment;
use crate::settings::Print;

/// Every mistake of an outline that does not hang on facts: repeated ids, references to nowhere, controls that do not
/// exist, templates and conditions that do not compile.
pub fn check(outline: &Outline) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for (_, part) in outline.walk() {
        if seen.insert(&part.id, &part.title).is_some() {
            mistakes.push(Mistake::new(&part.id, "同じidの条項が二つあります。"));
        }
    }
    let environment = environment(&Print::default());
    for (depth, part) in outline.walk() {
        if depth == 1 && part.title.is_empty() {
            mistakes.push(Mistake::new(&part.id, "章には題が要ります。"));
        }
        for requirement in &part.requirements {
            if let Some(message) = unknown_requirement(requirement) {
                mistakes.push(Mistake::new(&part.id, message));
            }
        }
        for (place, text) in part.templates() {
            template(&environment, &seen, &format!("{}.{place}", part.id), text, &mut mistakes);
        }
        for (place, expression) in expressions(part) {
            if let Err(error) = environment.compile_expression(expression) {
                let place = format!("{}.{place}", part.id);
                mistakes.push(Mistake::new(place, format!("条件の書き方が正しくありません（{error}）。")));
            }
        }
    }
    for (place, text) in outline.templates() {
        template(&environment, &seen, &place, text, &mut mistakes);
    }
    mistakes
}

fn template(
    environment: &Environment,
    clauses: &BTreeMap<&str, &str>,
    place: &str,
    text: &str,
    mistakes: &mut Vec<Mistake>,
) {
    if let Err(error) = environment.template_from_str(text) {
        mistakes.push(Mistake::new(place, format!("文のひな型が正しくありません（{error}）。")));
    }
    for (_, clause) in called(text).filter(|(_, clause)| !clauses.contains_key(clause)) {
        mistakes.push(Mistake::new(place, format!("「{clause}」という条項はありません。")));
    }
    if ["== \"\"", "!= \"\"", "== ''", "!= ''", "== none", "!= none"].iter().any(|compared| text.contains(compared)) {
        mistakes.push(Mistake::new(place, "書いてあるかどうかは「{% if 項目 %}」で確かめてください。"));
    }
}

fn expressions(part: &Part) -> impl Iterator<Item = (String, &str)> {
    let when = part.when.iter().map(|when| ("when".to_owned(), when.as_str()));
    let each = part.body.iter().enumerate().filter_map(|(at, block)| match block {
        Block::Table(table) => table.each.as_deref().map(|each| (format!("body[{}].each", at + 1), each)),
        _ => None,
    });
    when.chain(each)
}

/// Every clause that a text names: by `ref` (true) or by `has`.
pub(crate) fn called(text: &str) -> impl Iterator<Item = (bool, &str)> {
    let of = |function: &'static str, is_ref: bool| {
        text.match_indices(function).filter_map(move |(at, _)| {
            let rest = text[at + function.len()..].trim_start();
            let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
            rest[1..].split(quote).next().map(|clause| (is_ref, clause))
        })
    };
    of("ref(", true).chain(of("has(", false))
}

/// Which clauses refer to which, by id.
pub fn references(outline: &Outline) -> BTreeSet<(String, String)> {
    let mut all = BTreeSet::new();
    for (_, part) in outline.walk() {
        for (_, text) in part.templates() {
            let named = called(text).filter(|(is_ref, _)| *is_ref);
            all.extend(named.map(|(_, clause)| (part.id.clone(), clause.to_owned())));
        }
    }
    all
}

/// Controls must exist. Requirements of the specification (`DOC-025`), tables of it (`T-09 (ア)1`) and clauses of other
/// guidelines are held by their tests.
fn unknown_requirement(id: &str) -> Option<String> {
    let starts_with_digit = id.chars().next().is_some_and(|first| first.is_ascii_digit());
    if !starts_with_digit {
        return None;
    }
    let id = id.split_whitespace().next().unwrap_or(id);
    match id.parse::<ControlId>() {
        Ok(control) if library().provider.control(control).is_some() => None,
        _ if library().provider.controls.iter().any(|control| control.id.minor_item() == id) => None,
        Ok(_) => Some(format!("対策項目「{id}」はありません。")),
        Err(error) => Some(error.to_string()),
    }
}
