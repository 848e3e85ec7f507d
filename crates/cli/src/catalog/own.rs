//! Lists that a service folder brings, read from `catalogs/`, and the shelf with them.

use std::borrow::Cow;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use shirube_catalog::{Notice, OwnCrosswalk, OwnList, OwnShelf, Pick, Revision, Shelf, shelf};
use shirube_safety::model::reckoned_on;

use crate::args::OwnArgs;
use crate::disk;
use crate::exit::Failure;

/// The shelf as a command sees it.
pub struct Held {
    pub shelf: Cow<'static, Shelf>,
    pub own: OwnShelf,
    /// The day that decides what is in force; `None` if nobody says it.
    pub on: Option<String>,
    /// What people must know of the lists that were brought.
    pub notices: Vec<Notice>,
}

impl Held {
    /// The embedded shelf alone.
    pub fn embedded() -> Self {
        Self { shelf: Cow::Borrowed(shelf()), own: OwnShelf::default(), on: None, notices: Vec::new() }
    }

    /// The shelf with what a folder brings. The day is the one given, else that of the service's documents.
    pub fn of(args: &OwnArgs) -> Result<Self, Failure> {
        match &args.with {
            None => Ok(Self::embedded()),
            Some(dir) => Self::in_folder(dir, args.on.as_deref()),
        }
    }

    pub fn in_folder(dir: &Path, on: Option<&str>) -> Result<Self, Failure> {
        let own = read(dir)?;
        if own.is_empty() {
            return Ok(Self { on: on.map(str::to_owned), ..Self::embedded() });
        }
        let on = match on {
            Some(day) => Some(day.to_owned()),
            None => reckoned_on(&disk::read(dir)?.folder.files.service).map(|date| date.to_string()),
        };
        Ok(Self::picked(own, on))
    }

    /// The same for a folder that was read already.
    pub fn picked(own: OwnShelf, on: Option<String>) -> Self {
        let (shelf, mut notices) = own.over(shelf(), Pick::On(on.as_deref()));
        if on.is_none() && !own.is_empty() {
            let text = "適用の日が分からないため、承認済みの最も新しい版を示します。".to_owned();
            notices.push(Notice { attention: true, text });
        }
        Self { shelf: Cow::Owned(shelf), own, on, notices }
    }

    /// One revision of a list in the place of the one that counts.
    pub fn with_revision(self, edition: &str, no: u32) -> Result<Self, Failure> {
        let there = |list: &OwnList| list.revisions.iter().any(|revision| revision.no == no);
        if !self.own.list(edition).is_some_and(there) {
            let known: Vec<String> = self
                .own
                .list(edition)
                .map_or(Vec::new(), |list| list.revisions.iter().map(|revision| revision.no.to_string()).collect());
            let known = if known.is_empty() {
                "利用者が加えた項目がありません".to_owned()
            } else {
                format!("あるのは第{}版です", known.join("・"))
            };
            return Err(Failure::input(format!("「{edition}」に第{no}版はありません（{known}）。")));
        }
        let pick = Pick::Revision { edition, no, on: self.on.as_deref() };
        let (shelf, notices) = self.own.over(shelf(), pick);
        Ok(Self { shelf: Cow::Owned(shelf), notices, own: self.own, on: self.on.clone() })
    }

    /// The notices as lines above a table.
    pub fn head(&self) -> String {
        let lines: String = self.notices.iter().map(notice_line).collect();
        if lines.is_empty() { lines } else { lines + "\n" }
    }
}

/// A notice as a line for people.
pub fn notice_line(notice: &Notice) -> String {
    format!("{} {}\n", if notice.attention { "注意:" } else { "※" }, notice.text)
}

/// Where a list stands in a service folder.
pub fn list_place(dir: &Path, edition: &str) -> PathBuf {
    dir.join("catalogs").join(format!("{edition}.json"))
}

/// Where a crosswalk stands in a service folder.
pub fn crosswalk_place(dir: &Path, from: &str, to: &str) -> PathBuf {
    dir.join("catalogs").join("crosswalks").join(format!("{from}--{to}.json"))
}

/// A folder that lists can be brought into.
pub fn must_be_service(dir: &Path) -> Result<(), Failure> {
    if dir.join("shirube.yaml").is_file() {
        return Ok(());
    }
    Err(Failure::input(format!(
        "「{}」はサービスのフォルダではありません（shirube.yamlがありません）。",
        dir.display()
    )))
}

/// Everything below `catalogs/`. All files that cannot be used are named at once.
pub fn read(dir: &Path) -> Result<OwnShelf, Failure> {
    let (mut own, mut wrong) = (OwnShelf::default(), Vec::new());
    for path in files(&dir.join("catalogs"))? {
        match parsed::<OwnList, _>(&path, |list| (&list.revisions, list.edition.clone()))? {
            Ok(list) => own.lists.push(list),
            Err(sentence) => wrong.push(sentence),
        }
    }
    for path in files(&dir.join("catalogs").join("crosswalks"))? {
        let name = |walk: &OwnCrosswalk| format!("{}--{}", walk.from, walk.to);
        match parsed::<OwnCrosswalk, _>(&path, |walk| (&walk.revisions, name(walk)))? {
            Ok(walk) => own.crosswalks.push(walk),
            Err(sentence) => wrong.push(sentence),
        }
    }
    if wrong.is_empty() { Ok(own) } else { Err(Failure::Input(wrong)) }
}

fn files(dir: &Path) -> Result<Vec<PathBuf>, Failure> {
    let listed = match fs::read_dir(dir) {
        Ok(listed) => listed,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Failure::io(dir, "を読めません", &error)),
    };
    let mut paths: Vec<PathBuf> = listed.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    Ok(paths)
}

/// Reads a file of revisions. The inner error is a sentence on a file that cannot be used.
fn parsed<T: DeserializeOwned, R: Serialize>(
    path: &Path,
    parts: impl Fn(&T) -> (&Vec<Revision<R>>, String),
) -> Result<Result<T, String>, Failure> {
    let at = |message: String| Err(format!("{}: {message}", path.display()));
    let value: T = match serde_json::from_slice(&disk::file(path)?) {
        Ok(value) => value,
        Err(error) => {
            return Ok(at(format!(
                "{}行目のあたりを、加えた一覧として読めません。catalog add で書いたままのファイルに戻してください。",
                error.line()
            )));
        }
    };
    let (revisions, name) = parts(&value);
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    if stem != name {
        return Ok(at(format!("中の版「{name}」とファイルの名前が違います。名前を「{name}.json」に戻してください。")));
    }
    for (at_index, revision) in revisions.iter().enumerate() {
        if revision.no as usize != at_index + 1 {
            return Ok(at(format!("第{}版がありません。前の版も残しておく必要があります。", at_index + 1)));
        }
        if revision.content != digest(&revision.rows) {
            return Ok(at(format!(
                "第{}版の内容が、加えたときと違います。元に戻し、直すところは catalog add で次の版として加えてください。",
                revision.no
            )));
        }
        let days = [Some(&revision.prepared_on), revision.approved.as_ref().map(|approved| &approved.on)];
        let from = revision.approved.as_ref().map(|approved| &approved.effective_from);
        if let Some(day) = days.into_iter().chain([from]).flatten().find(|day| !is_day(day)) {
            return Ok(at(format!(
                "第{}版の日付「{day}」は暦にありません。「2026-11-22」のように書いてください。",
                revision.no
            )));
        }
    }
    Ok(Ok(value))
}

fn is_day(text: &str) -> bool {
    chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok_and(|day| day.to_string() == text)
}

/// SHA-256 of rows as JSON.
pub fn digest<T: Serialize>(rows: &[T]) -> String {
    // Rows are plain structures; writing them to memory cannot fail.
    hex(&serde_json::to_vec(rows).unwrap_or_default())
}

/// SHA-256 in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
