//! Changes to the texts of a folder: only the lines that say something else change.
//!
//! An [`Edit`] names a place by what tells records apart, not by line or index, so that it means the same on a text
//! that somebody else changed meanwhile. [`apply`] makes edits, [`between`] finds them, [`merge`] lays those of one
//! person on the text of another. Comments, order and layout that people wrote stay as they are.

mod between;
mod decisions;
mod emit;
mod flow;
mod helpers;
mod layout;
mod locate;
mod merge;
mod pairing;
mod patch;
mod remarks;
mod rewrite;
mod spot;
mod step;
mod values;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shirube_safety::File;

pub use between::between;
pub use helpers::*;
pub use locate::{Blame, Locator};
pub use merge::{Conflict, MergeError, Merged, merge};
pub use step::{Identity, Step, way, way_text};
pub use words::place_in_words;

use self::spot::Spot;
use self::values::Astray;
use crate::InputError;

/// The texts of a folder.
pub type Texts = BTreeMap<File, Vec<u8>>;

/// What a file says, without what holds anyway.
pub(crate) fn lean(file: File, value: &Value) -> Value {
    values::lean(&Spot::of(file), value)
}

/// One change of one place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Edit {
    pub file: File,
    /// The way to the place. Decisions are found by a risk: `decisions`, the risk's id, then a field of the decision
    /// (the values that this risk has alone stand under `own`).
    pub at: Vec<Step>,
    pub change: Change,
}

/// What happens at a place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// This stands there afterwards. For a record: fields that are not given go, but for those that say what holds
    /// anyway; fields that say nothing are not written.
    Put(Value),
    /// Nothing stands there afterwards.
    Remove,
}

/// Texts with edits made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    pub texts: Texts,
    /// Files whose text is another than before.
    pub changed: Vec<File>,
    /// Files that could not be changed piece by piece and were written anew, without comments.
    pub rewritten: Vec<File>,
    /// Comments that are gone: with the record they stood in, or with a file that was rewritten.
    pub comments_lost: Vec<LostComment>,
}

/// A comment that is gone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LostComment {
    pub file: File,
    /// Its line in the text before, from 1.
    pub line: usize,
    pub text: String,
}

/// Why edits could not be made. Then none was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// A text cannot be followed as YAML.
    #[error("{}", listed(.0))]
    Unreadable(Vec<InputError>),
    /// Everything that is wrong with the edits.
    #[error("{}", listed(.0))]
    Edits(Vec<EditFault>),
}

/// What is wrong with one edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditFault {
    /// Index of the edit.
    pub edit: usize,
    pub file: File,
    /// Name of the place, in Japanese.
    pub place: String,
    /// What was found and what to do, in Japanese.
    pub message: String,
}

impl std::fmt::Display for EditFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: {}", self.file.name(), self.place, self.message)
    }
}

fn listed<T: std::fmt::Display>(errors: &[T]) -> String {
    errors.iter().map(T::to_string).collect::<Vec<_>>().join("\n")
}

/// Makes edits, all or none.
///
/// Ways name records as they were before the first edit, so an edit may follow one that renames its record.
pub fn apply(texts: &Texts, edits: &[Edit]) -> Result<Applied, EditError> {
    laid(texts, edits, &BTreeMap::new())
}

/// The texts in the form in which they are kept: whatever people wrote, byte for byte, once it can be read as YAML.
pub fn canonical(texts: &Texts) -> Result<Texts, EditError> {
    between::said(texts, &texts.keys().copied().collect())?;
    Ok(texts.clone())
}

/// Makes edits that were found against other values, `models`: records are found by what told them apart there.
fn laid(texts: &Texts, edits: &[Edit], models: &BTreeMap<File, Value>) -> Result<Applied, EditError> {
    let mut applied =
        Applied { texts: texts.clone(), changed: Vec::new(), rewritten: Vec::new(), comments_lost: Vec::new() };
    let (mut unreadable, mut faults) = (Vec::new(), Vec::new());
    for file in edits.iter().map(|edit| edit.file).collect::<BTreeSet<_>>() {
        let of_file: Vec<(usize, &Edit)> = edits.iter().enumerate().filter(|(_, edit)| edit.file == file).collect();
        match values::read(file, texts) {
            Err(errors) => unreadable.extend(errors),
            Ok(old) => match expected(file, &old, &of_file, models.get(&file)) {
                Ok(new) if new != old => written(file, &old, &new, &mut applied, &of_file, &mut faults),
                Ok(_) => {}
                Err(found) => faults.extend(found),
            },
        }
    }
    if !unreadable.is_empty() {
        return Err(EditError::Unreadable(unreadable));
    }
    if !faults.is_empty() {
        faults.sort_by_key(|fault| fault.edit);
        return Err(EditError::Edits(faults));
    }
    Ok(applied)
}

/// What a file says with the edits made.
fn expected(file: File, old: &Value, edits: &[(usize, &Edit)], model: Option<&Value>) -> Result<Value, Vec<EditFault>> {
    let spot = Spot::of(file);
    let mut value = old.clone();
    values::tagged(&spot, &mut value, model.or(Some(old)));
    let mut faults = Vec::new();
    let mut of_risks = OfRisks::default();
    for (at, edit) in edits {
        let fault = |way: &[Step], message: String| {
            let place = words::place(&spot, old, way);
            EditFault { edit: *at, file, place, message }
        };
        if let Some(found) = control_character(&edit.change) {
            let message =
                format!("制御文字（U+{:04X}）があります。見えない文字なので、打ち直して消してください。", found as u32);
            faults.push(fault(&edit.at, message));
            continue;
        }
        let made = match &edit.at[..] {
            [Step::Key(list), Step::Item(risk), rest @ ..] if spot.key(list).is_decisions() => {
                of_risks.change(&spot.key(list).item(), &value[list.as_str()], risk, rest, &edit.change)
            }
            [] if edit.change == Change::Remove => {
                value = Value::Object(serde_json::Map::new());
                Ok(())
            }
            way => {
                of_risks.flush(&spot, &mut value);
                values::change(&spot, &mut value, way, &edit.change)
            }
        };
        if let Err(astray) = made {
            let (steps, message) = astray.told();
            faults.push(fault(&edit.at[..steps.min(edit.at.len())], message.to_owned()));
        }
    }
    of_risks.flush(&spot, &mut value);
    values::untagged(&mut value);
    if !value.is_object() {
        let way = edits.first().map_or(0, |(at, _)| *at);
        let message = "ファイルの全体は、項目のまとまりでなければなりません。".to_owned();
        faults.push(EditFault { edit: way, file, place: String::new(), message });
    }
    if faults.is_empty() { Ok(value) } else { Err(faults) }
}

/// Decisions on risks that were changed and not yet laid over the list.
#[derive(Default)]
struct OfRisks(Vec<(String, Option<Value>)>);

impl OfRisks {
    fn change(
        &mut self,
        item: &Spot,
        list: &Value,
        risk: &Identity,
        rest: &[Step],
        change: &Change,
    ) -> Result<(), Astray> {
        let risk = risk.fields.first().cloned().unwrap_or_default();
        let pending = self.0.iter().position(|(known, _)| *known == risk);
        let before = match pending {
            Some(at) => self.0[at].1.clone(),
            None => {
                let list = list.as_array().map_or(&[][..], Vec::as_slice);
                let holding = list.iter().find(|decision| pairing::risks(decision).any(|named| named == risk));
                holding.map(|decision| decisions::body(decision, &risk))
            }
        };
        let after = match (rest, change) {
            ([], Change::Remove) => None,
            ([], Change::Put(new)) => {
                let whole = new.get("risks").is_some() || new.get("each").is_some();
                let new = if whole { decisions::body(new, &risk) } else { new.clone() };
                Some(values::settled(item, before.as_ref(), new))
            }
            // Which risks share a record follows from what is decided on each.
            ([Step::Key(key), ..], _) if key == "risks" || key == "each" => return Err(Astray::Shape(3)),
            (_, Change::Remove) if before.is_none() => None,
            _ => {
                let mut body = before.ok_or(Astray::Gone(2))?;
                values::change(item, &mut body, rest, change).map_err(|astray| astray.further(2))?;
                Some(body)
            }
        };
        match pending {
            Some(at) => self.0[at].1 = after,
            None => self.0.push((risk, after)),
        }
        Ok(())
    }

    fn flush(&mut self, spot: &Spot, value: &mut Value) {
        let changes = std::mem::take(&mut self.0);
        if changes.is_empty() {
            return;
        }
        let key = spot::DECISIONS.trim_start_matches('/');
        let list = value[key].as_array().cloned().unwrap_or_default();
        let new = decisions::regrouped(&spot.key(key), &list, &changes);
        if !(new.is_empty() && value.get(key).is_none()) {
            value[key] = Value::Array(new);
        }
    }
}

/// A character that no file may hold.
fn control_character(change: &Change) -> Option<char> {
    fn within(value: &Value) -> Option<char> {
        let bad = |c: &char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        match value {
            Value::String(text) => text.chars().find(bad),
            Value::Array(list) => list.iter().find_map(within),
            Value::Object(fields) => {
                fields.iter().find_map(|(key, value)| key.chars().find(bad).or_else(|| within(value)))
            }
            _ => None,
        }
    }
    match change {
        Change::Put(value) => within(value),
        Change::Remove => None,
    }
}

/// Writes the new value of a file: piece by piece if the text can be followed, else as a whole.
fn written(
    file: File,
    old: &Value,
    new: &Value,
    applied: &mut Applied,
    edits: &[(usize, &Edit)],
    faults: &mut Vec<EditFault>,
) {
    let spot = Spot::of(file);
    let bytes = applied.texts.get(&file).cloned().unwrap_or_default();
    let (mark, body) = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(body) => (&bytes[..3], body),
        None => (&bytes[..0], &bytes[..]),
    };
    // It was read as text before.
    let text = String::from_utf8_lossy(body);
    let layout = layout::layout(&text);
    let root = layout.as_ref().and_then(Option::as_ref);
    let pieces = match (&layout, root) {
        (Some(_), Some(root)) => rewrite::rewritten(&text, root, &spot, old, new),
        (Some(None), _) => Some(appended(&text, &spot, new)),
        _ => None,
    };
    let held = |made: &String| {
        let texts = Texts::from([(file, [mark, made.as_bytes()].concat())]);
        (values::read(file, &texts).as_ref() == Ok(new)).then_some(texts)
    };
    let made = pieces.as_ref().and_then(held);
    let whole = made.is_none();
    let made = made.or_else(|| held(&rewrite::whole(&text, root, &spot, new)));
    let Some(mut made) = made.and_then(|mut texts| texts.remove(&file)) else {
        let (at, edit) = edits[0];
        let place = words::place(&spot, old, &edit.at);
        let message =
            "この内容はYAMLとして書き表せません。長すぎる入れ子や、特別な文字がないか確かめてください。".to_owned();
        faults.push(EditFault { edit: at, file, place, message });
        return;
    };
    applied.comments_lost.extend(lost(file, &text, root, &made[mark.len()..]));
    if whole {
        applied.rewritten.push(file);
    }
    applied.changed.push(file);
    std::mem::swap(applied.texts.entry(file).or_default(), &mut made);
}

/// A text of comments only, with its first lines.
fn appended(text: &str, spot: &Spot, new: &Value) -> String {
    let newline = rewrite::newline(text);
    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { newline };
    let mut lines = rewrite::whole("", None, spot, new);
    if newline != "\n" {
        lines = lines.replace('\n', newline);
    }
    format!("{text}{gap}{lines}")
}

/// Comments of one text that the other does not have.
fn lost(file: File, before: &str, layout: Option<&layout::Node>, after: &[u8]) -> Vec<LostComment> {
    let after = String::from_utf8_lossy(after);
    let made = layout::layout(&after);
    let mut kept: BTreeMap<String, usize> = BTreeMap::new();
    for (_, text) in layout::comments(&after, made.as_ref().and_then(Option::as_ref)) {
        *kept.entry(text).or_default() += 1;
    }
    let comments = layout::comments(before, layout).into_iter();
    let gone = comments.filter(|(_, text)| match kept.get_mut(text) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    });
    gone.map(|(line, text)| LostComment { file, line, text }).collect()
}
