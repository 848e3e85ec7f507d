//! What two people made of the same folder, put together.

use std::collections::BTreeMap;

use serde_json::Value;
use shirube_safety::File;

use super::between::{difference, differing, said};
use super::spot::Spot;
use super::step::Step;
use super::{Applied, Change, Edit, EditError, Texts, laid, words};

/// Both people's changes in one folder.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    /// Their texts with our edits made.
    pub applied: Applied,
    /// Our edits that were made on theirs.
    pub laid: Vec<Edit>,
    /// Their edits, which were taken as they are.
    pub taken: Vec<Edit>,
}

/// Why two folders cannot be put together.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MergeError {
    #[error(transparent)]
    Edit(#[from] EditError),
    /// Everything that both changed, and differently.
    #[error("{}", super::listed(.0))]
    Conflicts(Vec<Conflict>),
}

/// A place that both changed, and differently; or that one took away with what the other changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    pub file: File,
    pub at: Vec<Step>,
    /// Name of the place, in Japanese.
    pub place: String,
    /// What stood there before, what we made of it, what they made of it; in words.
    pub base: String,
    pub ours: String,
    pub theirs: String,
}

impl std::fmt::Display for Conflict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { place, base, ours, theirs, .. } = self;
        write!(
            f,
            "{} {place}: 「{base}」から、こちらでは「{ours}」に、ほかの人は「{theirs}」に変えています。どちらにするかを選んでください。",
            self.file.name()
        )
    }
}

/// Lays what we changed since `base` on what they made of it.
///
/// Different fields of one record go together; the same field with different values is a conflict, and so is a record
/// that one removed and the other changed. Nothing is written while there is one.
pub fn merge(base: &Texts, ours: &Texts, theirs: &Texts) -> Result<Merged, MergeError> {
    let files = differing(base, ours).union(&differing(base, theirs)).copied().collect();
    let (base, ours, of_theirs) = (said(base, &files)?, said(ours, &files)?, said(theirs, &files)?);
    let mine = difference(&base, &ours);
    let taken = difference(&base, &of_theirs);
    let known: BTreeMap<(File, &[Step]), &Edit> = taken.iter().map(|edit| ((edit.file, &edit.at[..]), edit)).collect();
    let mut conflicts: BTreeMap<(File, Vec<Step>), Conflict> = BTreeMap::new();
    let mut fresh = Vec::new();
    for edit in mine {
        let same = known.get(&(edit.file, &edit.at[..])).is_some_and(|other| says_same(&edit, other));
        if same {
            continue;
        }
        for other in met(&known, &edit) {
            // The wider of the two places is what people have to decide on.
            let at = if edit.at.len() < other.at.len() { &edit.at } else { &other.at };
            let conflict = || conflict(edit.file, at, [&base, &ours, &of_theirs]);
            conflicts.entry((edit.file, at.clone())).or_insert_with(conflict);
        }
        fresh.push(edit);
    }
    if !conflicts.is_empty() {
        return Err(MergeError::Conflicts(conflicts.into_values().collect()));
    }
    let applied = laid(theirs, &fresh, &base)?;
    Ok(Merged { applied, laid: fresh, taken })
}

fn says_same(one: &Edit, other: &Edit) -> bool {
    match (&one.change, &other.change) {
        (Change::Put(one_value), Change::Put(value)) => {
            super::values::same(&words::spot_at(Spot::of(one.file), &one.at), one_value, value)
        }
        (one, other) => one == other,
    }
}

/// Their edits at the place of ours, around it, or in it.
fn met<'e>(known: &BTreeMap<(File, &[Step]), &'e Edit>, edit: &Edit) -> Vec<&'e Edit> {
    let around = (0..edit.at.len()).filter_map(|len| known.get(&(edit.file, &edit.at[..len])).copied());
    let from = known.range((edit.file, &edit.at[..])..);
    let within =
        from.take_while(|((file, at), _)| *file == edit.file && at.starts_with(&edit.at)).map(|(_, edit)| *edit);
    around.chain(within).collect()
}

fn conflict(file: File, at: &[Step], values: [&BTreeMap<File, Value>; 3]) -> Conflict {
    let spot = Spot::of(file);
    let nothing = Value::Null;
    let [base, ours, theirs] = values.map(|values| values.get(&file).unwrap_or(&nothing));
    // Names that only one of the three knows are worth having.
    let known = [base, ours, theirs].into_iter().find(|value| words::find(&spot, value, at).is_some());
    let all = [base, ours, theirs];
    let here = words::spot_at(spot.clone(), at);
    let was = words::find(&spot, base, at);
    let told = |value: &Value| match words::find(&spot, value, at) {
        Some(found) => words::value_in_words(&here, &found, &all),
        None if was.is_some() => "削除".to_owned(),
        None => "記載なし".to_owned(),
    };
    Conflict {
        file,
        at: at.to_vec(),
        place: words::place(&spot, known.unwrap_or(base), at),
        base: told(base),
        ours: told(ours),
        theirs: told(theirs),
    }
}
