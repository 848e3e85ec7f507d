//! Changes an organisation or a contract makes to an outline, kept beside it so that a new outline overwrites none.

use std::collections::BTreeMap;
use std::fmt;

use crate::mistake::Mistake;
use crate::outline::{Block, Outline, Part};

/// Changes to one outline, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Overlay {
    pub changes: Vec<Change>,
}

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Does without an optional clause.
    Drop { clause: String },
    /// Another text for a clause; its place, its number and what refers to it stay.
    Replace {
        clause: String,
        title: Option<String>,
        body: Vec<Block>,
        /// [`fingerprint`] of the clause it was written against.
        seen: Option<String>,
    },
    /// A clause of one's own behind another.
    Insert {
        after: String,
        clause: OwnClause,
        /// Whether the numbers behind it stay: `第3条の2`.
        keeps_numbers: bool,
    },
}

/// A clause somebody wrote themselves.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OwnClause {
    pub id: String,
    pub title: String,
    pub body: Vec<Block>,
}

/// Where the text of a clause comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The outline.
    Outline,
    /// A change replaced it.
    Replaced,
    /// A change added it.
    Own,
}

/// A replaced clause whose original has changed since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Place of the change in the overlay, from 0.
    pub change: usize,
    pub clause: String,
    pub title: String,
    /// Today's [`fingerprint`], to be noted once the new wording was looked at.
    pub fingerprint: String,
}

/// Stands for the wording of a clause: the same for the same title and body, in every version of the program.
pub fn fingerprint(part: &Part) -> String {
    let wording = serde_json::to_string(&(&part.title, &part.body)).expect("texts become JSON");
    // FNV-1a: nobody has to be kept from finding a second text, only change has to show.
    let hash = wording
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("{hash:016x}")
}

/// An outline with its changes.
pub(crate) struct Laid {
    pub parts: Vec<Part>,
    pub annexes: Vec<Part>,
    pub dropped: Vec<String>,
    pub origins: Vec<(String, Origin)>,
    pub differences: Vec<Difference>,
    /// [`fingerprint`]s in the outline of the clauses that were replaced: every layer was written against the outline.
    originals: BTreeMap<String, String>,
}

/// What stands against a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    /// There is no clause of this name.
    Unknown(String),
    /// The clause, with its title, must stay.
    Needed(String, String),
    /// There is a clause of this name already.
    Taken(String),
}

impl Problem {
    fn clause(&self) -> &str {
        match self {
            Self::Unknown(clause) | Self::Needed(clause, _) | Self::Taken(clause) => clause,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(clause) => {
                write!(f, "「{clause}」という名前の条項はありません。条項の一覧で名前を確かめてください。")
            }
            Self::Needed(_, title) => {
                write!(f, "「{title}」は省けない条項です。文を改めるなら、置き換えてください。")
            }
            Self::Taken(clause) => {
                write!(f, "「{clause}」という名前の条項はもうあります。別の名前を付けてください。")
            }
        }
    }
}

pub(crate) fn lay(outline: &Outline, overlay: &Overlay) -> Result<Laid, Vec<Mistake>> {
    let mut laid = Laid::of(outline);
    let changes = overlay.changes.iter().enumerate();
    let applied = changes.filter_map(|(at, change)| laid.apply(at, change).err());
    let mistakes: Vec<Mistake> = applied.map(|problem| Mistake::new(problem.clause(), problem.to_string())).collect();
    if mistakes.is_empty() { Ok(laid) } else { Err(mistakes) }
}

impl Laid {
    /// An outline without any change.
    pub fn of(outline: &Outline) -> Self {
        Self {
            parts: outline.parts.clone(),
            annexes: outline.annexes.clone(),
            dropped: Vec::new(),
            origins: Vec::new(),
            differences: Vec::new(),
            originals: BTreeMap::new(),
        }
    }

    /// Makes one change, the `at`th of the overlay, or says why it cannot be made.
    pub fn apply(&mut self, at: usize, change: &Change) -> Result<(), Problem> {
        match change {
            Change::Drop { clause } => {
                let part = self.find(clause)?;
                if !part.optional {
                    return Err(Problem::Needed(clause.clone(), part.title.clone()));
                }
                self.dropped.push(clause.clone());
            }
            Change::Replace { clause, title, body, seen } => {
                let print = fingerprint(self.find(clause)?);
                let now = self.originals.entry(clause.clone()).or_insert(print).clone();
                // What an earlier layer left out is there again.
                self.dropped.retain(|dropped| dropped != clause);
                let part = self.find(clause)?;
                let differs = seen.as_ref().is_some_and(|seen| *seen != now);
                let original = part.title.clone();
                part.title = title.clone().unwrap_or_else(|| original.clone());
                part.body.clone_from(body);
                if differs {
                    let difference =
                        Difference { change: at, clause: clause.clone(), title: original, fingerprint: now };
                    self.differences.push(difference);
                }
                self.origins.push((clause.clone(), Origin::Replaced));
            }
            Change::Insert { after, clause, keeps_numbers } => self.insert(after, clause, *keeps_numbers)?,
        }
        Ok(())
    }

    fn insert(&mut self, after: &str, clause: &OwnClause, keeps_numbers: bool) -> Result<(), Problem> {
        if self.find(&clause.id).is_ok() {
            return Err(Problem::Taken(clause.id.clone()));
        }
        let part = Part {
            id: clause.id.clone(),
            title: clause.title.clone(),
            body: clause.body.clone(),
            optional: true,
            inserted: keeps_numbers,
            ..Part::default()
        };
        if !insert(&mut self.parts, after, part.clone()) && !insert(&mut self.annexes, after, part) {
            return Err(Problem::Unknown(after.to_owned()));
        }
        self.origins.push((clause.id.clone(), Origin::Own));
        Ok(())
    }

    fn find(&mut self, id: &str) -> Result<&mut Part, Problem> {
        fn below<'p>(parts: &'p mut [Part], id: &str) -> Option<&'p mut Part> {
            for part in parts {
                if part.id == id {
                    return Some(part);
                }
                if let Some(found) = below(&mut part.parts, id) {
                    return Some(found);
                }
            }
            None
        }
        let Self { parts, annexes, .. } = self;
        below(parts, id).or_else(|| below(annexes, id)).ok_or_else(|| Problem::Unknown(id.to_owned()))
    }
}

fn insert(parts: &mut Vec<Part>, after: &str, part: Part) -> bool {
    match parts.iter().position(|known| known.id == after) {
        Some(at) => {
            // Behind what was put in before.
            let behind = parts[at + 1..].iter().take_while(|next| part.inserted && next.inserted).count();
            parts.insert(at + 1 + behind, part);
            true
        }
        None => parts.iter_mut().any(|known| insert(&mut known.parts, after, part.clone())),
    }
}
