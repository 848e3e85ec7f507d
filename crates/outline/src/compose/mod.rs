//! Puts facts into an outline: which clauses apply ([`Work::keep`]), what they say (`fill`), how they are numbered and
//! called by others (`label`).

mod fill;
mod label;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use minijinja::value::Value;
use minijinja::{Environment, Error, ErrorKind, context};

use crate::composed::{Composed, LeftOut, Missing, Why};
use crate::facts::Facts;
use crate::mistake::Mistake;
use crate::outline::{Block, Outline, Part, Style};
use crate::overlay::{Origin, lay};
use crate::print::environment;
use crate::settings::Settings;
use crate::told::told;

/// Composes a document. The mistakes are those that only facts or changes bring to light.
pub fn compose(outline: &Outline, facts: &Facts, settings: &Settings) -> Result<Composed, Vec<Mistake>> {
    let laid = lay(outline, &settings.overlay)?;
    facts.taken();
    let mut work = Work {
        style: outline.style,
        facts,
        environment: environment(&settings.print),
        origins: laid.origins.into_iter().collect(),
        mistakes: Vec::new(),
        left_out: Vec::new(),
        used: BTreeMap::new(),
        missing: Vec::new(),
        references: BTreeMap::new(),
    };
    let kept = work.keep(&laid.parts, &laid.dropped, &settings.sizes, None);
    let kept_annexes = work.keep(&laid.annexes, &laid.dropped, &settings.sizes, None);
    work.teach(&[&kept, &kept_annexes]);
    let mut clauses = work.filled(&kept, 1);
    let mut annexes = work.filled(&kept_annexes, 1);
    work.number(&mut clauses, 1, "");
    work.number_annexes(&mut annexes);
    let mut supplement = work.supplement(&outline.supplement);
    let whole = Part { id: outline.id.clone(), ..Part::default() };
    let mut around = |blocks: &[Block]| {
        let mut pieces = Vec::new();
        blocks.iter().for_each(|block| work.fill(&whole, block, 1, &mut 0, &mut pieces));
        pieces
    };
    let (mut preamble, mut closing) = (around(&outline.preamble), around(&outline.closing));
    let mut own = |text: &String| work.rendered(text, &outline.id, &Value::UNDEFINED);
    let (title, number, edition) =
        (own(&outline.title), outline.number.as_ref().map(&mut own), outline.edition.as_ref().map(&mut own));
    work.account(&outline.id, &title, None);
    work.resolve(&mut clauses);
    work.resolve(&mut annexes);
    preamble.iter_mut().chain(&mut closing).for_each(|piece| work.resolve_piece(&outline.id, piece));
    supplement.iter_mut().for_each(|piece| work.resolve_piece("supplement", piece));
    work.missing.iter_mut().for_each(|missing| {
        if let Some(reference) = work.references.get(&missing.clause) {
            missing.reference.clone_from(reference);
        }
    });
    if !work.mistakes.is_empty() {
        return Err(work.mistakes);
    }
    Ok(Composed {
        id: outline.id.clone(),
        title,
        style: outline.style,
        voice: outline.voice,
        number,
        edition,
        preamble,
        clauses,
        supplement,
        closing,
        annexes,
        missing: work.missing,
        used: work.used,
        left_out: work.left_out,
        differences: laid.differences,
    })
}

/// A clause that applies.
struct Kept<'p> {
    part: &'p Part,
    owner: Option<String>,
    below: Vec<Kept<'p>>,
}

struct Work<'a> {
    style: Style,
    facts: &'a Facts,
    environment: Environment<'static>,
    origins: BTreeMap<String, Origin>,
    mistakes: Vec<Mistake>,
    left_out: Vec<LeftOut>,
    used: BTreeMap<String, BTreeSet<String>>,
    missing: Vec<Missing>,
    references: BTreeMap<String, String>,
}

/// Around the id of a clause that is referred to, until its number is known.
const OPEN: char = '\u{E000}';
const CLOSE: char = '\u{E001}';

impl Work<'_> {
    /// The clauses that apply. What is left out takes along what stands below it.
    fn keep<'p>(
        &mut self,
        parts: &'p [Part],
        dropped: &[String],
        sizes: &[String],
        owner: Option<&str>,
    ) -> Vec<Kept<'p>> {
        let mut kept = Vec::new();
        for part in parts {
            let owner = part.owner.as_deref().or(owner);
            let why = if dropped.contains(&part.id) {
                Some(Why::Dropped)
            } else if !sizes.is_empty() && !part.size.is_empty() && !part.size.iter().any(|of| sizes.contains(of)) {
                Some(Why::OtherSize)
            } else if !self.applies(part) {
                Some(Why::NotApplicable)
            } else {
                None
            };
            let below = if why.is_none() { self.keep(&part.parts, dropped, sizes, owner) } else { Vec::new() };
            let hollow = below.is_empty() && part.body.is_empty() && !part.parts.is_empty();
            match why.or(hollow.then_some(Why::NotApplicable)) {
                Some(why) => self.left_out.push(LeftOut { clause: part.id.clone(), title: part.title.clone(), why }),
                None => kept.push(Kept { part, owner: owner.map(str::to_owned), below }),
            }
        }
        kept
    }

    fn applies(&mut self, part: &Part) -> bool {
        let Some(when) = &part.when else { return true };
        let held = self.environment.compile_expression(when).and_then(|expression| expression.eval(self.facts.root()));
        let (used, _) = self.facts.taken();
        self.note(&used, &part.id);
        match held {
            Ok(value) => value.is_true(),
            Err(error) => {
                self.mistakes.push(Mistake::new(format!("{}.when", part.id), told(&error)));
                true
            }
        }
    }

    /// Gives templates `ref` and `has`.
    fn teach(&mut self, kept: &[&[Kept]]) {
        fn ids(kept: &[Kept], all: &mut BTreeSet<String>) {
            for Kept { part, below, .. } in kept {
                all.insert(part.id.clone());
                ids(below, all);
            }
        }
        let mut all = BTreeSet::new();
        kept.iter().for_each(|kept| ids(kept, &mut all));
        let known = Arc::new(all);
        let has = known.clone();
        let root = self.facts.root();
        self.environment.add_function("controls", move |ids: Vec<String>| controls(&root, &ids));
        self.environment.add_function("has", move |clause: String| has.contains(&clause));
        self.environment.add_function("ref", move |clause: String| {
            if known.contains(&clause) {
                return Ok(format!("{OPEN}{clause}{CLOSE}"));
            }
            let message = format!("「{clause}」を引いていますが、この文書にはその条項がありません");
            Err(Error::new(ErrorKind::InvalidOperation, message))
        });
    }

    fn rendered(&mut self, text: &str, place: &str, row: &Value) -> String {
        // Most texts of a table's head and many titles are no templates.
        if !text.contains('{') {
            return text.trim().to_owned();
        }
        let root = self.facts.root();
        let context = if row.is_undefined() {
            root
        } else {
            context! { row => row, ..root }
        };
        let rendered = self.environment.template_from_str(text).and_then(|template| template.render(context));
        match rendered {
            Ok(text) => text.trim().to_owned(),
            Err(error) => {
                self.mistakes.push(Mistake::new(place, format!("「{}」: {}", shortened(text), told(&error))));
                String::new()
            }
        }
    }

    /// Books what was asked for since the last clause.
    fn account(&mut self, clause: &str, title: &str, owner: Option<&str>) {
        let (used, missing) = self.facts.taken();
        self.note(&used, clause);
        self.missing.extend(missing.into_iter().map(|path| Missing {
            path,
            clause: clause.to_owned(),
            reference: String::new(),
            title: title.to_owned(),
            owner: owner.map(str::to_owned),
        }));
    }

    fn note(&mut self, used: &BTreeSet<String>, clause: &str) {
        for path in used {
            self.used.entry(path.clone()).or_default().insert(clause.to_owned());
        }
    }
}

/// The answers to controls, in the order asked for; an id without its last number (`3.8①`) stands for all below it.
/// Requirements of other lists, which begin with a letter, stand for none.
pub(crate) fn controls(root: &Value, ids: &[String]) -> Result<Value, Error> {
    let all = root.get_attr("control")?;
    let keys: Vec<String> = all.try_iter()?.map(|key| key.to_string()).collect();
    let mut picked = Vec::new();
    for id in ids.iter().filter(|id| id.starts_with(|first: char| first.is_ascii_digit())) {
        let below = format!("{id}-");
        let known = picked.len();
        for key in keys.iter().filter(|key| *key == id || key.starts_with(&below)) {
            picked.push(all.get_item(&Value::from(key.as_str()))?);
        }
        if picked.len() == known {
            return Err(Error::new(ErrorKind::InvalidOperation, format!("対策項目「{id}」はありません")));
        }
    }
    Ok(Value::from(picked))
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
