//! From files to candidates: what each provider handed over and, where somebody wrote one, the `selection.yaml` that
//! names them. Every mistake of every file is told at once.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use shirube_folder::InputError;
use shirube_folder::selection::{OfSelection, read_disclosure_data, read_selection};
use shirube_safety::File;
use shirube_safety::selection::{DisclosureData, SelectionFile, SelectionInfo};

use super::sent::{Kind, MOST, Sent, base};

/// So many mistakes of one file are told; the rest is counted.
const TOLD: usize = 20;

/// What is laid side by side.
pub struct Input {
    pub file: SelectionFile,
    /// What each candidate handed over, in the order of the file.
    pub data: Vec<Option<DisclosureData>>,
    /// Short hash of all that was read, the same as on the command line.
    pub source: String,
    /// The file that people wrote, with its name.
    pub written: Option<(String, OfSelection)>,
}

/// Reads files whose names end as they should. `info` tells what is compared where nobody wrote it.
pub fn read(files: &[Sent], info: SelectionInfo) -> Result<Input, Vec<String>> {
    let of = |kind: Kind| files.iter().filter(|one| Kind::of(&one.name) == Some(kind)).collect::<Vec<&Sent>>();
    let (data, written) = (of(Kind::Data), of(Kind::Written));
    let mut mistakes = of_names(&data, &written);
    // More than can be laid side by side is not read at all.
    let read_data = data.iter().take(MOST).filter_map(|one| told(&mut mistakes, of_data(one))).collect::<Vec<_>>();
    let read_written = written.first().and_then(|one| Some((*one, told(&mut mistakes, of_written(one))?)));
    let Some((yaml, read)) = read_written else {
        return if mistakes.is_empty() { Ok(alone(&data, read_data, info)) } else { Err(mistakes) };
    };
    let places = told(&mut mistakes, places(&yaml.name, &read, &data)).unwrap_or_default();
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let mut hash = Sha256::new().chain_update(&yaml.bytes);
    places.iter().flatten().for_each(|at| add(&mut hash, data[*at]));
    let handed = places.iter().map(|at| at.map(|at| read_data[at].clone())).collect();
    let file = read.file.clone();
    Ok(Input { file, data: handed, source: digits(hash), written: Some((yaml.name.clone(), read)) })
}

/// Data without anything that people wrote.
fn alone(files: &[&Sent], data: Vec<DisclosureData>, info: SelectionInfo) -> Input {
    let mut hash = Sha256::new();
    files.iter().for_each(|one| add(&mut hash, one));
    let file = SelectionFile::of_data(info, &data);
    Input { file, data: data.into_iter().map(Some).collect(), source: digits(hash), written: None }
}

fn add(hash: &mut Sha256, one: &Sent) {
    hash.update((one.bytes.len() as u64).to_be_bytes());
    hash.update(&one.bytes);
}

fn digits(hash: Sha256) -> String {
    hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// The value, or its mistakes put behind the others.
fn told<T>(mistakes: &mut Vec<String>, read: Result<T, Vec<String>>) -> Option<T> {
    read.map_err(|wrong| mistakes.extend(wrong)).ok()
}

fn of_names(data: &[&Sent], written: &[&Sent]) -> Vec<String> {
    let mut mistakes = Vec::new();
    if data.is_empty() && written.is_empty() {
        mistakes.push("開示データ（.json）を選んでください。".to_owned());
    }
    if data.len() > MOST {
        mistakes.push(format!("開示データは{MOST}件までです。{}件選ばれています。", data.len()));
    }
    if written.len() > 1 {
        let names: Vec<&str> = written.iter().map(|one| one.name.as_str()).collect();
        mistakes.push(format!("selection.yamlは一つだけ選んでください。選ばれているもの: {}", names.join("、")));
    }
    let mut known = BTreeSet::new();
    let twice: BTreeSet<&str> = data.iter().map(|one| one.name.as_str()).filter(|name| !known.insert(*name)).collect();
    mistakes.extend(
        twice.into_iter().map(|name| format!("「{name}」という名前のファイルが二つあります。別の名前にしてください。")),
    );
    mistakes
}

fn of_data(one: &Sent) -> Result<DisclosureData, Vec<String>> {
    read_disclosure_data(&one.bytes).map_err(|errors| said(&errors, File::DisclosureData, &one.name))
}

fn of_written(one: &Sent) -> Result<OfSelection, Vec<String>> {
    read_selection(&one.bytes).map_err(|errors| said(&errors, File::Selection, &one.name))
}

/// Mistakes with the name of the file as it was sent.
fn said(errors: &[InputError], file: File, name: &str) -> Vec<String> {
    let mut lines: Vec<String> =
        errors.iter().take(TOLD).map(|error| error.to_string().replacen(file.name(), name, 1)).collect();
    if errors.len() > TOLD {
        lines.push(format!("{name}: 誤りが、ほかに{}か所あります。", errors.len() - TOLD));
    }
    lines
}

/// Where among the data stands what each candidate names.
fn places(yaml: &str, read: &OfSelection, data: &[&Sent]) -> Result<Vec<Option<usize>>, Vec<String>> {
    let candidates = &read.file.candidates;
    if candidates.len() > MOST {
        return Err(vec![format!("{yaml}: 並べられる候補は{MOST}件までです。{}件書かれています。", candidates.len())]);
    }
    let (mut places, mut mistakes, mut known) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (number, candidate) in candidates.iter().enumerate() {
        let wanted = candidate.file.as_deref().map(base).filter(|name| !name.is_empty());
        let place = wanted.as_ref().and_then(|name| data.iter().position(|one| one.name == *name));
        let (line, _) = read.position(&format!("/candidates/{number}/file"));
        let mut say = |what: String| mistakes.push(format!("{yaml} {line}行目の「{}」: {what}", candidate.name));
        match (&wanted, place) {
            (Some(name), None) => {
                say(format!("開示データ「{name}」がありません。一緒に選ぶか、fileを直してください。"));
            }
            (Some(name), Some(place)) if !known.insert(place) => {
                say(format!("開示データ「{name}」は、ほかの候補のものです。候補ごとに別のファイルにしてください。"));
            }
            _ => {}
        }
        places.push(place);
    }
    let unnamed = data.iter().enumerate().filter(|(at, _)| !known.contains(at));
    mistakes.extend(unnamed.map(|(_, one)| {
        format!("「{}」は、{yaml}のどの候補のものでもありません。候補のfileに書くか、外してください。", one.name)
    }));
    if mistakes.is_empty() { Ok(places) } else { Err(mistakes) }
}
