//! `shirube catalog add`: rows that a user brings, checked whole and written whole or not at all; `approve`: a second
//! person's word on them.

use std::collections::BTreeMap;
use std::process::ExitCode;

use serde::Serialize;
use serde_json::{Value, json};
use shirube_catalog::{
    Approval, Entry, Mapping, OWN_PREFIX, OwnCrosswalk, OwnList, OwnShelf, Pick, Revision, is_edition_id, same_person,
    shelf,
};
use shirube_intake::{RowProblem, Rows, entries, links};

use super::own::{self, Held};
use crate::args::{AddArgs, ApproveArgs, ImportFormat};
use crate::disk::{self, Batch};
use crate::exit::{self, Failure};

/// How the new revision differs from the one before.
#[derive(Debug, Default, Serialize)]
struct Changes {
    added: Vec<String>,
    changed: Vec<String>,
    same: usize,
    dropped: Vec<String>,
}

pub fn run(args: &AddArgs) -> Result<ExitCode, Failure> {
    own::must_be_service(&args.into)?;
    let own = own::read(&args.into)?;
    let bytes = disk::file(&args.file)?;
    let name = args.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if args.by.trim().is_empty() || args.reason.trim().is_empty() {
        return Err(Failure::input("作った人（--by）と理由（--reason）を書いてください。"));
    }
    match (&args.list.edition, args.list.crosswalk.as_deref()) {
        (Some(edition), _) => add_entries(args, own, edition, &bytes, &name),
        (None, Some([from, to])) => add_links(args, own, (from, to), &bytes, &name),
        _ => Err(Failure::input(
            "加える先の版（--edition）か、対応を加える二つの版（--crosswalk 元 行き先）を指定してください。",
        )),
    }
}

fn add_entries(args: &AddArgs, own: OwnShelf, edition: &str, bytes: &[u8], name: &str) -> Result<ExitCode, Failure> {
    let known = shelf().catalog(edition).is_some() || shelf().history.iter().any(|entry| entry.id == edition);
    let before = own.lists.into_iter().find(|list| list.edition == edition);
    new_edition(edition, known, before.is_some() || args.title.is_some())?;
    let read = entries(bytes, name, edition, shelf()).map_err(|error| Failure::input(format!("{error}。")))?;
    let rows = accepted(read, args)?;
    let mut list = before.unwrap_or_else(|| OwnList {
        edition: edition.to_owned(),
        title: String::new(),
        published: String::new(),
        revisions: Vec::new(),
    });
    if let Some(title) = &args.title {
        list.title = title.clone();
    }
    if let Some(published) = &args.published {
        list.published = published.clone();
    }
    let old = list.revisions.last().map(|revision| revision.rows.clone()).unwrap_or_default();
    let (rows, changes) = joined(old, rows.0, rows.1, args.replace, |entry: &Entry| entry.id.clone());
    let path = own::list_place(&args.into, edition);
    let revision = revise(&mut list.revisions, rows.0, args, bytes, name);
    write(args, edition, path, json!(list), revision, &changes, &rows.1)
}

fn add_links(
    args: &AddArgs,
    own: OwnShelf,
    (from, to): (&str, &str),
    bytes: &[u8],
    name: &str,
) -> Result<ExitCode, Failure> {
    // A list need not be approved to be referred to; the link counts no earlier than its ends are there.
    let (held, _) = own.over(shelf(), Pick::Newest);
    super::editions::held(&held, from)?;
    super::editions::held(&held, to)?;
    if from == to {
        return Err(Failure::input(format!(
            "「{from}」から同じ版への対応は加えられません。違う版を二つ指定してください。"
        )));
    }
    if own.crosswalk(to, from).is_some() {
        return Err(Failure::input(format!(
            "「{to}」から「{from}」への対応を加えてあります。向きをそろえ、--crosswalk {to} {from} として加えてください。"
        )));
    }
    let read = links(bytes, name, (from, to), shelf(), &held).map_err(|error| Failure::input(format!("{error}。")))?;
    let rows = accepted(read, args)?;
    let mut walk = own
        .crosswalks
        .into_iter()
        .find(|walk| walk.from == from && walk.to == to)
        .unwrap_or_else(|| OwnCrosswalk { from: from.to_owned(), to: to.to_owned(), revisions: Vec::new() });
    let old = walk.revisions.last().map(|revision| revision.rows.clone()).unwrap_or_default();
    let key = |link: &Mapping| format!("{}→{}", link.source, link.target);
    let (rows, changes) = joined(old, rows.0, rows.1, args.replace, key);
    let path = own::crosswalk_place(&args.into, from, to);
    let revision = revise(&mut walk.revisions, rows.0, args, bytes, name);
    write(args, &format!("{from}→{to}"), path, json!(walk), revision, &changes, &rows.1)
}

/// A list that is nobody's edition carries its own prefix; a new edition says its name.
fn new_edition(edition: &str, known: bool, named: bool) -> Result<(), Failure> {
    if !is_edition_id(edition) {
        return Err(Failure::input(format!(
            "版「{edition}」の名前は使えません。半角の小文字・数字・「-」・「.」で、「own-病院名」のローマ字などにしてください。"
        )));
    }
    if known || named {
        return Ok(());
    }
    let known = shelf().history.iter().map(|entry| entry.id.as_str());
    let near = known.filter(|id| edition.starts_with(id.split('.').next().unwrap_or(id))).collect::<Vec<_>>();
    let near =
        if near.is_empty() { String::new() } else { format!("近い名前の版は {} です。", near.join("、")) };
    let what = if edition.starts_with(OWN_PREFIX) { "独自の一覧" } else { "新しい版" };
    Err(Failure::input(format!(
        "版「{edition}」は知られていません。{near}{what}を加えるなら、--title で名前を付けてください（独自の一覧は「{OWN_PREFIX}」で始めます）。"
    )))
}

type Accepted<T> = (Vec<T>, Vec<RowProblem>);

/// The rows, unless a mistake stops them: then every mistake of the file.
fn accepted<T>(read: Rows<T>, args: &AddArgs) -> Result<Accepted<T>, Failure> {
    if read.stopped() {
        let path = args.file.display();
        let mut lines: Vec<String> = read
            .problems
            .iter()
            .map(|problem| {
                let kind = if problem.stops { "" } else { "（確認）" };
                format!("{path} {}: {kind}{}", problem.place, problem.message)
            })
            .collect();
        lines.push("誤りがあるため、一件も加えていません。".to_owned());
        return Err(Failure::Input(lines));
    }
    Ok((read.rows, read.problems))
}

/// The rows of the new revision: those before with the new ones laid over them, or the new ones alone.
fn joined<T: Serialize + Clone>(
    old: Vec<T>,
    new: Vec<T>,
    problems: Vec<RowProblem>,
    replace: bool,
    key: impl Fn(&T) -> String,
) -> (Accepted<T>, Changes) {
    let mut changes = Changes::default();
    let mut fresh: BTreeMap<String, usize> = new.iter().enumerate().map(|(at, row)| (key(row), at)).collect();
    let mut rows: Vec<T> = Vec::new();
    for row in old {
        match fresh.remove(&key(&row)) {
            Some(at) if json!(new[at]) == json!(row) => {
                changes.same += 1;
                rows.push(row);
            }
            Some(at) => {
                changes.changed.push(key(&row));
                rows.push(new[at].clone());
            }
            None if replace => changes.dropped.push(key(&row)),
            None => {
                changes.same += 1;
                rows.push(row);
            }
        }
    }
    for (at, row) in new.into_iter().enumerate() {
        if fresh.get(&key(&row)) == Some(&at) {
            changes.added.push(key(&row));
            rows.push(row);
        }
    }
    ((rows, problems), changes)
}

/// Appends the new revision, and says in a line what it is.
fn revise<T: Serialize>(
    revisions: &mut Vec<Revision<T>>,
    rows: Vec<T>,
    args: &AddArgs,
    bytes: &[u8],
    name: &str,
) -> String {
    let revision = Revision {
        no: revisions.len() as u32 + 1,
        prepared_by: args.by.trim().to_owned(),
        prepared_on: args.prepared_on.clone(),
        reason: args.reason.trim().to_owned(),
        source: name.to_owned(),
        sha256: own::hex(bytes),
        content: own::digest(&rows),
        approved: None,
        rows,
    };
    let line = revision.line(None);
    revisions.push(revision);
    line
}

fn write(
    args: &AddArgs,
    what: &str,
    path: std::path::PathBuf,
    value: Value,
    revision: String,
    changes: &Changes,
    problems: &[RowProblem],
) -> Result<ExitCode, Failure> {
    let changed = !(changes.added.is_empty() && changes.changed.is_empty() && changes.dropped.is_empty());
    if changed {
        let mut batch = Batch::default();
        batch.add(path.clone(), exit::json(&value).into_bytes());
        batch.write()?;
    }
    exit::print(&match args.format {
        ImportFormat::Json => exit::json(&json!({
            "list": what, "file": path, "written": changed, "changes": changes, "problems": problems,
        })),
        ImportFormat::Table => {
            let mut text = format!(
                "{what}: 加える{}件、改める{}件、同じ{}件、外す{}件\n",
                changes.added.len(),
                changes.changed.len(),
                changes.same,
                changes.dropped.len()
            );
            for (label, ids) in [("改める", &changes.changed), ("外す", &changes.dropped)] {
                if !ids.is_empty() {
                    text.push_str(&format!("  {label}: {}\n", ids.join("、")));
                }
            }
            if !problems.is_empty() {
                text.push_str(&format!("\n確かめていただきたいこと（{}件）\n", problems.len()));
            }
            for problem in problems {
                text.push_str(&format!("  {}: {}\n", problem.place, problem.message));
            }
            text.push_str(&match changed {
                true => format!(
                    "\n{revision}\n「{}」に書きました。作った人とは別の人が catalog approve で承認するまで、案として扱います。\n",
                    path.display()
                ),
                false => format!("\n変わりがないため、「{}」には書いていません。\n", path.display()),
            });
            text
        }
    })?;
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(exit::FINDINGS) })
}

/// Records that a second person stands behind the newest revision.
pub fn approve(args: &ApproveArgs) -> Result<ExitCode, Failure> {
    own::must_be_service(&args.into)?;
    let Held { own, .. } = Held::picked(own::read(&args.into)?, None);
    let approval = Approval {
        by: args.by.trim().to_owned(),
        on: args.approved_on.clone(),
        effective_from: args.from.clone().unwrap_or_else(|| args.approved_on.clone()),
    };
    let (what, path, value, line) = match (&args.list.edition, args.list.crosswalk.as_deref()) {
        (Some(edition), _) => {
            let Some(mut list) = own.lists.into_iter().find(|list| list.edition == *edition) else {
                return Err(nothing_to_approve(edition));
            };
            let line = approved(&mut list.revisions, edition, approval)?;
            (edition.clone(), own::list_place(&args.into, edition), json!(list), line)
        }
        (None, Some([from, to])) => {
            let what = format!("{from}→{to}");
            let Some(mut walk) = own.crosswalks.into_iter().find(|walk| walk.from == *from && walk.to == *to) else {
                return Err(nothing_to_approve(&what));
            };
            let line = approved(&mut walk.revisions, &what, approval)?;
            (what, own::crosswalk_place(&args.into, from, to), json!(walk), line)
        }
        _ => {
            return Err(Failure::input(
                "承認する版（--edition）か、対応の二つの版（--crosswalk 元 行き先）を指定してください。",
            ));
        }
    };
    let mut batch = Batch::default();
    batch.add(path, exit::json(&value).into_bytes());
    batch.write()?;
    exit::print(&format!("{what}: {line}\n"))?;
    Ok(ExitCode::SUCCESS)
}

fn nothing_to_approve(what: &str) -> Failure {
    Failure::input(format!("「{what}」には、加えた項目がありません。先に catalog add で加えてください。"))
}

fn approved<T>(revisions: &mut [Revision<T>], what: &str, approval: Approval) -> Result<String, Failure> {
    let Some(revision) = revisions.last_mut() else { return Err(nothing_to_approve(what)) };
    let no = revision.no;
    if let Some(known) = &revision.approved {
        return Err(Failure::input(format!("「{what}」の第{no}版は、{}が{}に承認済みです。", known.by, known.on)));
    }
    let mut wrong = Vec::new();
    if approval.by.is_empty() {
        wrong.push("承認した人（--by）を書いてください。".to_owned());
    }
    if same_person(&approval.by, &revision.prepared_by) {
        wrong.push(format!(
            "「{what}」の第{no}版を作ったのは「{}」です。作った人とは別の人が承認してください。",
            revision.prepared_by
        ));
    }
    if approval.on < revision.prepared_on {
        wrong.push(format!("承認の日（{}）が、作った日（{}）より前です。", approval.on, revision.prepared_on));
    }
    if approval.effective_from < approval.on {
        wrong.push(format!("用い始める日（{}）が、承認の日（{}）より前です。", approval.effective_from, approval.on));
    }
    if !wrong.is_empty() {
        return Err(Failure::Input(wrong));
    }
    let on = approval.on.clone();
    revision.approved = Some(approval);
    Ok(revision.line(Some(&on)))
}
