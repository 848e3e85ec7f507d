//! What holds for every edit: tried on many edits of the sample, always the same ones.

use serde_json::{Map, Value, json};
use shirube_folder::edit::{Change, Edit, Identity, Locator, MergeError, Step, Texts, apply, between, merge, way_text};
use shirube_safety::{File, Place};

use super::chance::Chance;
use super::small;

/// Texts that are hard to write.
const WORDS: [&str; 24] = [
    "受付の端末",
    "6.1",
    "yes",
    "true",
    "null",
    "- a",
    "a: b",
    "a #b",
    "#",
    "二行\nの文",
    "三行\n\nの文\n",
    "\n\n先頭が空",
    "末尾の空白 ",
    "  先頭",
    "\"引用\"",
    "'引用'",
    "\"'\\",
    "[a, b]",
    "{ a: b }",
    "2026-04-01",
    "改\tタブ",
    "𠮷野 髙﨑",
    "&a *b",
    "",
];

/// The places of a folder, and the ways to them.
struct Places {
    locator: Locator,
    /// File, pointer, and what stands there.
    all: Vec<(File, String, Value)>,
}

impl Places {
    fn of(texts: &Texts) -> Self {
        let files = shirube_folder::read(texts).unwrap().files;
        let mut open = vec![
            (File::Service, String::new(), serde_json::to_value(&files.service).unwrap()),
            (File::System, String::new(), serde_json::to_value(&files.system).unwrap()),
            (File::Assessment, String::new(), serde_json::to_value(&files.assessment).unwrap()),
            (File::Conformity, String::new(), serde_json::to_value(&files.conformity).unwrap()),
            (File::Sla, String::new(), serde_json::to_value(&files.sla).unwrap()),
            (File::Disclosure, String::new(), serde_json::to_value(&files.disclosure).unwrap()),
            (File::Rules, String::new(), serde_json::to_value(&files.rules).unwrap()),
            (File::Checklists, String::new(), serde_json::to_value(&files.checklists).unwrap()),
            (File::Supply, String::new(), serde_json::to_value(&files.supply).unwrap()),
            (File::House, String::new(), serde_json::to_value(&files.house).unwrap()),
        ];
        let mut all = Vec::new();
        while let Some((file, pointer, value)) = open.pop() {
            match &value {
                Value::Object(fields) => {
                    open.extend(fields.iter().map(|(key, value)| (file, format!("{pointer}/{key}"), value.clone())));
                }
                Value::Array(list) => {
                    let entries = list.iter().enumerate();
                    open.extend(entries.map(|(at, value)| (file, format!("{pointer}/{at}"), value.clone())));
                }
                _ => {}
            }
            if !pointer.is_empty() {
                all.push((file, pointer, value));
            }
        }
        assert!(all.len() > 1000, "{}", all.len());
        Self { locator: Locator::new(texts), all }
    }

    /// Whether an edit is about a record or a list: what stands in its place takes their comments along.
    fn is_structure(&self, edit: &Edit) -> bool {
        let mut structures = self.all.iter().filter(|(.., value)| value.is_array() || value.is_object());
        let way = |pointer: &str| self.locator.of_place(&Place::new(edit.file, pointer)).into_iter().next();
        structures.any(|(file, pointer, _)| *file == edit.file && way(pointer).as_ref() == Some(&edit.at))
    }

    fn any(&self, chance: &mut Chance) -> (File, Vec<Step>, Value) {
        loop {
            let (file, pointer, value) = chance.of(&self.all);
            let ways = self.locator.of_place(&Place::new(*file, pointer.clone()));
            // A decision that several risks share has several ways; its own value is that of none of them.
            if !ways.is_empty() && !matches!(ways[0].last(), Some(Step::Item(_)))
                || ways.len() == 1 && !value.is_string()
            {
                return (*file, chance.of(&ways).clone(), value.clone());
            }
        }
    }
}

/// Another value of the same kind.
fn another(chance: &mut Chance, value: &Value) -> Value {
    match value {
        Value::Number(_) => json!(chance.below(5) + 1),
        Value::Bool(truth) => json!(!truth),
        Value::String(_) | Value::Null => json!(*chance.of(&WORDS)),
        Value::Array(list) if list.iter().all(Value::is_string) => {
            let count = chance.below(4);
            let mut words: Vec<Value> = list.iter().take(count).cloned().collect();
            words.extend((0..chance.below(3)).map(|at| json!(format!("{}{at}", chance.of(&WORDS)))));
            let by = chance.below(3).min(words.len());
            words.rotate_left(by);
            Value::Array(words)
        }
        Value::Array(list) => {
            let mut list: Vec<Value> = list.iter().filter(|_| chance.below(4) > 0).cloned().collect();
            let at = chance.below(3).min(list.len());
            list.rotate_left(at);
            Value::Array(list)
        }
        Value::Object(fields) => {
            let mut fields: Map<String, Value> =
                fields.iter().filter(|_| chance.below(5) > 0).map(|(k, v)| (k.clone(), v.clone())).collect();
            if let Some(key) = fields.keys().nth(chance.below(fields.len().max(1))).cloned() {
                let value = another(chance, &fields[&key]);
                fields.insert(key, value);
            }
            Value::Object(fields)
        }
    }
}

fn edits(chance: &mut Chance, places: &Places, count: usize) -> Vec<Edit> {
    let one = |chance: &mut Chance| {
        let (file, at, value) = places.any(chance);
        match chance.below(6) {
            0 => Edit { file, at, change: Change::Remove },
            1 if matches!(at.last(), Some(Step::Item(_))) => {
                // A record beside it.
                let mut at = at;
                let name = format!("新{}", chance.below(3));
                let last = at.len() - 1;
                if let Step::Item(Identity { fields, .. }) = &mut at[last] {
                    fields[0] = name.clone();
                }
                let mut value = value;
                if let Some(Value::String(id)) = value.get_mut("id") {
                    *id = name;
                }
                Edit { file, at, change: Change::Put(value) }
            }
            _ => {
                let value = another(chance, &value);
                Edit { file, at, change: Change::Put(value) }
            }
        }
    };
    (0..count).map(|_| one(chance)).collect()
}

/// Edits that can be made together: one that removes what another changes is left out.
fn possible(texts: &Texts, edits: Vec<Edit>) -> Vec<Edit> {
    let mut kept: Vec<Edit> = Vec::new();
    for edit in edits {
        let apart = kept.iter().all(|other| {
            other.file != edit.file || !(other.at.starts_with(&edit.at) || edit.at.starts_with(&other.at))
        });
        if apart && apply(texts, std::slice::from_ref(&edit)).is_ok() {
            kept.push(edit);
        }
    }
    kept
}

fn told(edits: &[Edit]) -> String {
    edits.iter().map(|edit| format!("{} {} {:?}\n", edit.file.name(), way_text(&edit.at), edit.change)).collect()
}

#[test]
fn edits_are_made_piece_by_piece_and_lose_no_comment_elsewhere() {
    let sample = small(4);
    let places = Places::of(&sample);
    let mut chance = Chance::new(1);
    let (mut made, mut kept) = (0, 0);
    for round in 0..100 {
        let edits = edits(&mut chance, &places, 1);
        let Ok(applied) = apply(&sample, &edits) else { continue };
        let edit = &edits[0];
        assert_eq!(applied.rewritten, [], "round {round}: {}", told(&edits));
        let others = File::ALL.into_iter().filter(|file| *file != edit.file);
        others.for_each(|file| assert_eq!(applied.texts.get(&file), sample.get(&file)));
        // Nothing but what the edit names says something else.
        let found = between(&sample, &applied.texts).unwrap();
        let near = |found: &Edit| found.at.starts_with(&edit.at) || edit.at.starts_with(&found.at);
        let renames = |found: &Edit| found.at.len() <= edit.at.len();
        assert!(found.iter().all(|found| near(found) || renames(found)), "{}{}", told(&edits), told(&found));
        made += usize::from(!applied.changed.is_empty());
        // A value that stays where it is takes no comment with it.
        if let Change::Put(Value::String(text)) = &edit.change
            && !text.is_empty()
            && !places.is_structure(edit)
        {
            assert_eq!(applied.comments_lost, [], "round {round}: {}", told(&edits));
            kept += 1;
        }
        // An edit that renames its record does not find it again.
        let again = apply(&applied.texts, &edits);
        if let (Ok(again), Some(Step::Key(_))) = (again, edit.at.last()) {
            assert_eq!(again.changed, [], "twice is not once: {}", told(&edits));
        }
    }
    assert!(made > 50 && kept > 12, "{made} {kept}");
}

#[test]
fn the_edits_between_two_folders_lead_from_one_to_the_other_and_back() {
    let sample = small(4);
    let places = Places::of(&sample);
    let mut chance = Chance::new(2);
    for round in 0..15 {
        let edits = edits(&mut chance, &places, 5);
        let edits = possible(&sample, edits);
        let Ok(after) = apply(&sample, &edits) else { continue };
        assert_eq!(after.rewritten, [], "round {round}: {}", told(&edits));
        for (from, to) in [(&sample, &after.texts), (&after.texts, &sample)] {
            let found = between(from, to).unwrap();
            let made = apply(from, &found).unwrap_or_else(|error| panic!("round {round}: {error}\n{}", told(&found)));
            let rest = between(&made.texts, to).unwrap();
            assert_eq!(rest, [], "round {round}: {}\nby {}", told(&edits), told(&found));
        }
    }
}

#[test]
fn what_two_people_change_apart_is_in_what_is_merged() {
    let sample = small(4);
    let places = Places::of(&sample);
    let mut chance = Chance::new(3);
    let mut merges = 0;
    for round in 0..15 {
        let all = possible(&sample, edits(&mut chance, &places, 6));
        let (ours, theirs) = all.split_at(all.len() / 2);
        let (Ok(both), Ok(mine), Ok(yours)) = (apply(&sample, &all), apply(&sample, ours), apply(&sample, theirs))
        else {
            continue;
        };
        match merge(&sample, &mine.texts, &yours.texts) {
            Ok(merged) => {
                merges += 1;
                let rest = between(&both.texts, &merged.applied.texts).unwrap();
                assert_eq!(rest, [], "round {round}:\nours {}theirs {}", told(ours), told(theirs));
            }
            // Two may have named a new record alike.
            Err(MergeError::Conflicts(conflicts)) => assert!(!conflicts.is_empty()),
            Err(error) => panic!("round {round}: {error}"),
        }
    }
    assert!(merges > 8, "{merges}");
}

#[test]
fn what_both_changed_is_never_lost_silently() {
    let sample = small(4);
    let places = Places::of(&sample);
    let mut chance = Chance::new(4);
    for round in 0..40 {
        let (file, at, value) = places.any(&mut chance);
        let change = |chance: &mut Chance| Edit { file, at: at.clone(), change: Change::Put(another(chance, &value)) };
        let (ours, theirs) = ([change(&mut chance)], [change(&mut chance)]);
        let (Ok(mine), Ok(yours)) = (apply(&sample, &ours), apply(&sample, &theirs)) else { continue };
        let Ok(merged) = merge(&sample, &mine.texts, &yours.texts) else { continue };
        // Whatever of ours is not in it must be what was there before, or what they put there as well.
        let (of_ours, of_theirs) = (between(&sample, &mine.texts).unwrap(), between(&sample, &yours.texts).unwrap());
        let after = between(&sample, &merged.applied.texts).unwrap();
        for edit in of_ours.iter().chain(&of_theirs) {
            let held = after.contains(edit)
                || after.iter().any(|made| made.at.starts_with(&edit.at) || edit.at.starts_with(&made.at));
            assert!(held, "round {round}: {}\nafter {}", told(std::slice::from_ref(edit)), told(&after));
        }
    }
}
