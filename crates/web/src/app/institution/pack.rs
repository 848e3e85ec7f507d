//! Packs of issued documents as archives, with names that open on Windows.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use shirube_documents::write::archive;
use shirube_store::{Event, Issued, Missing, StoreError};
use shirube_trail::Digest;

use super::work;
use crate::app::documents::{file, not_made};
use crate::app::guard::Acting;
use crate::app::revisions::InService;
use crate::app::sign_in::From;
use crate::app::{App, message, world};

/// What the trail calls the documents of a pack.
pub const PACK: &str = "医療機関等への文書";

/// Packs in one archive: more would not fit into the memory of a small server.
const MOST_PACKS: usize = 100;

/// A name that every file system takes: Windows refuses some characters, names of devices, and an end with a dot.
pub fn portable(name: &str) -> String {
    const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "COM", "LPT"];
    let taken = |character: char| match character {
        '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*' => '＿',
        control if control.is_control() => '＿',
        other => other,
    };
    let name: String = name.chars().map(taken).take(80).collect();
    let name = name.trim().trim_end_matches('.').to_owned();
    let stem = name.split('.').next().unwrap_or_default().trim_end_matches(|last: char| last.is_ascii_digit());
    let is_device = DEVICES.iter().any(|device| stem.eq_ignore_ascii_case(device));
    if name.is_empty() || is_device { format!("＿{name}") } else { name }
}

/// A name that none before it has, whatever the case of its letters.
pub fn unlike(name: String, known: &mut BTreeSet<String>) -> String {
    let mut number = 1;
    let mut own = name.clone();
    while !known.insert(own.to_lowercase()) {
        number += 1;
        own = format!("{name}（{number}）");
    }
    own
}

/// The documents of one issue as files by name, and a line of the index for each.
async fn files(
    app: &App,
    organisation: &str,
    issued: &[Issued],
) -> Result<(Vec<(String, Vec<u8>)>, String), StoreError> {
    let (mut files, mut index, mut known) = (Vec::new(), String::new(), BTreeSet::new());
    for document in issued {
        let read = app.store().issued_document(organisation, document.entry.number, &document.name, &document.format);
        let (_, bytes) = read.await?;
        let name = unlike(format!("{}.{}", portable(&document.title), document.format), &mut known);
        index.push_str(&index_line(&name, document.size, &document.digest));
        files.push((name, bytes));
    }
    Ok((files, index))
}

/// A file of a pack in its index.
pub fn index_line(name: &str, size: u64, digest: &Digest) -> String {
    format!("{name}\t{size}バイト\tSHA-256 {digest}\r\n")
}

/// The documents that were issued to an institution with one entry.
async fn issue_of(
    app: &App,
    organisation: &str,
    service: &str,
    institution: &str,
    entry: u64,
) -> Result<Vec<Issued>, StoreError> {
    let mut issued = app.store().issued_to(organisation, institution).await?;
    issued.retain(|document| document.entry.number == entry && document.service == service);
    if issued.is_empty() { Err(StoreError::Missing(Missing::Document)) } else { Ok(issued) }
}

const HEAD: &str =
    "\u{feff}この一覧の符号（SHA-256）は、受け取ったファイルが発行したときのままかを確かめるためのものです。\r\n\r\n";

/// One pack as an archive, with its index.
pub async fn packed(app: &App, organisation: &str, issued: &[Issued]) -> Result<Vec<u8>, StoreError> {
    let (files, index) = files(app, organisation, issued).await?;
    let index = format!("{HEAD}{index}");
    let all = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    archive(all.chain([("一覧.txt", index.as_bytes())])).map_err(|error| not_made(error.to_string()))
}

/// An archive to be kept by whoever asked for it.
pub fn answered(name: &str, bytes: Vec<u8>) -> Response {
    file(name, "application/zip", bytes)
}

#[derive(Deserialize)]
pub struct At {
    organisation: String,
    service: String,
    institution: String,
    entry: u64,
}

/// `GET …/institutions/{institution}/issued/{entry}/pack.zip`: what one institution was handed.
pub async fn one(State(app): State<App>, from: From, acting: Acting, Path(at): Path<At>) -> Response {
    let taken = async {
        let issued = issue_of(&app, &at.organisation, &at.service, &at.institution, at.entry).await?;
        let bytes = packed(&app, &at.organisation, &issued).await?;
        taken(&app, &from, &acting, &format!("service/{}/institution/{}", at.service, at.institution), PACK).await?;
        Ok(bytes)
    };
    match taken.await {
        Ok(bytes) => answered(&format!("{}-{}.zip", at.institution, at.entry), bytes),
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

/// Writes into the trail what somebody took.
pub async fn taken(app: &App, from: &From, acting: &Acting, object: &str, what: &str) -> Result<(), StoreError> {
    let mut change = app.store().begin(&acting.reader.organisation_id).await?;
    change.about(object);
    let event = Event { action: "document.taken".to_owned(), note: what.to_owned() };
    change.commit(&acting.reader.person, from.origin(), &app.at(), event).await.map(drop)
}

/// `GET …/institutions/packs.zip`: the last pack of every institution, each in its own folder, with one index.
pub async fn all(State(app): State<App>, from: From, acting: Acting, Path(at): Path<InService>) -> Response {
    match every(&app, &at).await {
        Ok(Some(bytes)) => match taken(&app, &from, &acting, &format!("service/{}", at.service), PACK).await {
            Ok(()) => answered(&format!("{}-packs.zip", at.service), bytes),
            Err(error) => message::failed(&app, &error),
        },
        Ok(None) => message::nothing(Some(&acting.visitor)),
        Err(error) => message::failed(&app, &error),
    }
}

async fn every(app: &App, at: &InService) -> Result<Option<Vec<u8>>, StoreError> {
    let roster = work::roster(app, &at.organisation).await?;
    let facts = &roster.facts;
    let last = app.store().last_issued_to(&at.organisation, &at.service).await?;
    let (mut all, mut known) = (Vec::new(), BTreeSet::new());
    let mut index = HEAD.to_owned();
    let named: BTreeMap<(&str, &str), u64> = last
        .iter()
        .filter_map(|(id, (_, _, entry))| Some(((facts.get(id)?.name.as_str(), id.as_str()), *entry)))
        .collect();
    for ((name, id), entry) in named.iter().take(MOST_PACKS) {
        let issued = issue_of(app, &at.organisation, &at.service, id, *entry).await?;
        let (files, lines) = files(app, &at.organisation, &issued).await?;
        let folder = unlike(portable(name), &mut known);
        let on = world::shown_text(&issued[0].entry.at);
        index.push_str(&format!("{name}（第{}版、{on}発行）\r\n{lines}\r\n", issued[0].revision));
        all.extend(files.into_iter().map(|(file, bytes)| (format!("{folder}/{file}"), bytes)));
    }
    if named.len() > MOST_PACKS {
        index.push_str(&format!("このほかに{}件あります。一件ずつ受け取ってください。\r\n", named.len() - MOST_PACKS));
    }
    if all.is_empty() {
        return Ok(None);
    }
    let entries = all.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    let packed = archive([("一覧.txt", index.as_bytes())].into_iter().chain(entries));
    packed.map(Some).map_err(|error| not_made(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_open_on_windows() {
        for (name, wanted) in [
            ("湊クリニック", "湊クリニック"),
            ("A/B:C?", "A＿B＿C＿"),
            ("CON", "＿CON"),
            ("com1.txt", "＿com1.txt"),
            ("医院.", "医院"),
            ("..", "＿"),
            ("", "＿"),
        ] {
            assert_eq!(portable(name), wanted);
        }
    }

    #[test]
    fn the_same_name_twice_is_told_apart() {
        let mut known = BTreeSet::new();
        let names = ["A医院", "a医院", "A医院"].map(|name| unlike(name.to_owned(), &mut known));
        assert_eq!(names, ["A医院", "a医院（2）", "A医院（3）"]);
    }
}
