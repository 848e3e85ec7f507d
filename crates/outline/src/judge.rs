//! Judges what people wrote into the clauses of a document, before the document is made.

use std::collections::BTreeSet;

use minijinja::Environment;

use crate::check::called;
use crate::facts::Facts;
use crate::outline::{Block, Outline, Part};
use crate::overlay::{Change, Laid, Overlay, Problem};
use crate::print::environment;
use crate::settings::Print;
use crate::told::{FUNCTIONS, told};

/// A mistake in one of the changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeMistake {
    /// Place of the change in its list, from 0.
    pub change: usize,
    pub spot: Spot,
    /// What was found and what would be right, in Japanese.
    pub message: String,
}

/// Where in a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// The clause it is about.
    Clause,
    /// The name of a clause of one's own.
    Id,
    Title,
    /// A text of the body, from 0.
    Text(usize),
}

/// Names that the engine or the composer gives meaning to.
const GIVEN: [&str; 4] = ["loop", "row", "self", "part"];

/// Every mistake in the changes to an outline that shows without making the document: clauses that do not exist or must
/// stay, texts that do not read as templates, references to nowhere, facts that could never be there.
pub fn judge(outline: &Outline, overlay: &Overlay, facts: &Facts) -> Vec<ChangeMistake> {
    let mut laid = Laid::of(outline);
    let mut mistakes = Vec::new();
    for (change, of) in overlay.changes.iter().enumerate() {
        if let Err(problem) = laid.apply(change, of) {
            let spot = if matches!(problem, Problem::Taken(_)) { Spot::Id } else { Spot::Clause };
            mistakes.push(ChangeMistake { change, spot, message: problem.to_string() });
        }
    }
    let known = ids(laid.parts.iter().chain(&laid.annexes));
    let mut environment = environment(&Print::default());
    let has = known.clone();
    environment.add_function("has", move |clause: String| has.contains(&clause));
    environment.add_function("ref", |clause: String| clause);
    let root = facts.root();
    environment.add_function("controls", move |ids: Vec<String>| crate::compose::controls(&root, &ids));
    let judge = Judge { environment, known, facts };
    for (change, of) in overlay.changes.iter().enumerate() {
        for (spot, text) in texts(of) {
            mistakes.extend(judge.text(text).map(|message| ChangeMistake { change, spot, message }));
        }
    }
    facts.taken();
    mistakes
}

fn ids<'p>(parts: impl Iterator<Item = &'p Part>) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for part in parts {
        all.insert(part.id.clone());
        all.append(&mut ids(part.parts.iter()));
    }
    all
}

/// What somebody wrote in a change.
fn texts(change: &Change) -> Vec<(Spot, &str)> {
    let (title, body) = match change {
        Change::Drop { .. } => return Vec::new(),
        Change::Replace { title, body, .. } => (title.as_deref(), body),
        Change::Insert { clause, .. } => (Some(clause.title.as_str()), &clause.body),
    };
    let texts = body.iter().enumerate().filter_map(|(at, block)| match block {
        Block::Text(text) | Block::Unnumbered(text) | Block::Aligned { text, .. } => {
            Some((Spot::Text(at), text.as_str()))
        }
        Block::Items(_) | Block::Table(_) => None,
    });
    title.map(|title| (Spot::Title, title)).into_iter().chain(texts).collect()
}

struct Judge<'f> {
    environment: Environment<'static>,
    known: BTreeSet<String>,
    facts: &'f Facts,
}

impl Judge<'_> {
    /// The first thing that stands against a text.
    fn text(&self, text: &str) -> Option<String> {
        let template = match self.environment.template_from_str(text) {
            Ok(template) => template,
            Err(error) => return Some(told(&error)),
        };
        if let Some((_, clause)) = called(text).find(|(_, clause)| !self.known.contains(*clause)) {
            return Some(format!("「{clause}」という名前の条項を引いていますが、その条項はありません。"));
        }
        let mut names: Vec<String> = template.undeclared_variables(true).into_iter().collect();
        names.sort();
        let is_fact = |name: &&String| {
            let first = name.split('.').next().unwrap_or_default();
            !FUNCTIONS.contains(&first) && !GIVEN.contains(&first)
        };
        if let Some(unknown) = names.iter().filter(is_fact).find_map(|name| self.facts.unknown(name)) {
            return Some(format!("「{unknown}」という項目はありません。項目の名前を確かめてください。"));
        }
        template.render(self.facts.root()).err().map(|error| told(&error))
    }
}
