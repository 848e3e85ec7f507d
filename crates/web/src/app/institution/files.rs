//! `…/institutions/files`: what is kept about institutions as files of a folder, out and in. A folder and a server hold
//! the same; the records that both have must agree, and those that only the file has are written behind them.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use shirube_documents::write::{archive, unpack_up_to};
use shirube_folder::{institution_text, read_institution};
use shirube_safety::Severity;
use shirube_safety::agreement::{AgreementRecord, InstitutionFile, check};
use shirube_store::StoreError;

use super::kept::{Customer, Note, Pin, Relation, Step, Terms, Written, same};
use super::{MEANWHILE, Plan, Writing, customer, pack, work, write_all};
use crate::app::documents::not_made;
use crate::app::guard::Acting;
use crate::app::revisions::InService;
use crate::app::sign_in::From;
use crate::app::{App, message, upload};
use crate::shown::Shown;

/// Longest upload.
pub const LONGEST_FILES_BYTES: usize = 16 * 1024 * 1024;

/// Most files of one archive: a provider with more customers has several services.
const MOST_FILES: usize = 5000;

/// `GET …/institutions/files.zip`: a file for each institution that uses the service.
pub async fn export(State(app): State<App>, from: From, acting: Acting, Path(at): Path<InService>) -> Response {
    let made = async {
        let (mut files, mut known) = (Vec::new(), BTreeSet::new());
        for id in work::users(&app, &at.organisation, &at.service).await? {
            let customer = customer(&app, &at.organisation, &id).await?;
            let name = pack::unlike(pack::portable(&customer.facts.name), &mut known);
            files.push((format!("institutions/{name}.yaml"), institution_text(&customer.file(&at.service))));
        }
        let entries = files.iter().map(|(name, text)| (name.as_str(), text.as_bytes()));
        let bytes = archive(entries).map_err(|error| not_made(error.to_string()))?;
        pack::taken(&app, &from, &acting, &format!("service/{}", at.service), "医療機関等のファイル").await?;
        Ok::<_, StoreError>(bytes)
    };
    match made.await {
        Ok(bytes) => pack::answered(&format!("{}-institutions.zip", at.service), bytes),
        Err(error) => message::failed(&app, &error),
    }
}

/// `POST …/institutions/files`: takes files of a folder in, all or none.
pub async fn import(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    form: Multipart,
) -> Response {
    let Some(upload) = upload::read(form, "archive").await else { return message::too_long(LONGEST_FILES_BYTES) };
    if upload.csrf != acting.reader.csrf {
        return message::stale_form();
    }
    let done = async {
        match read(&upload.bytes) {
            Ok(files) => taken(&app, &from, &acting, &at, shown.revision.unwrap_or_default(), files).await,
            Err(mistakes) => Ok(Err(mistakes)),
        }
    };
    match done.await {
        Ok(Ok(())) => Redirect::to(&format!("{}/institutions", shown.base)).into_response(),
        Ok(Err(mistakes)) => {
            let next = (&*format!("{}/institutions", shown.base), "医療機関等との合意へ戻る");
            let told = format!("{} 何も取り込んでいません。", mistakes.join(" "));
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            message::message(Some(&acting.visitor), status, "取り込めませんでした", &told, next)
        }
        Err(error) => message::failed(&app, &error),
    }
}

/// The files of an archive by their names; every mistake of every file at once.
fn read(bytes: &[u8]) -> Result<BTreeMap<String, InstitutionFile>, Vec<String>> {
    let own = |name: &str| {
        let mut steps = name.rsplit('/');
        let file = steps.next().and_then(|file| file.strip_suffix(".yaml"));
        file.filter(|_| steps.next() == Some("institutions")).map(str::to_owned)
    };
    let texts = unpack_up_to(MOST_FILES, bytes, |name| own(name).is_some()).map_err(|error| vec![error.to_string()])?;
    let (mut files, mut mistakes) = (BTreeMap::new(), Vec::new());
    for (path, text) in texts {
        let name = own(&path).unwrap_or_default();
        match read_institution(text.as_bytes()) {
            Ok(read) if files.contains_key(&name) => {
                let told = format!(
                    "institutions/{name}.yaml: 同じ名前のファイルが二つあります（{}）。",
                    read.file.institution.name
                );
                mistakes.push(told);
            }
            Ok(read) => {
                files.insert(name, read.file);
            }
            Err(errors) => {
                mistakes.extend(errors.iter().map(|error| {
                    error.to_string().replace("institutions/*.yaml", &format!("institutions/{name}.yaml"))
                }))
            }
        }
    }
    if files.is_empty() && mistakes.is_empty() {
        mistakes.push("institutions/名前.yaml が一つも入っていません。".to_owned());
    }
    if mistakes.is_empty() { Ok(files) } else { Err(mistakes) }
}

/// What a file would write, and about whom.
struct Planned {
    name: String,
    id: String,
    /// The last record about the institution when it was read; none for one that is not known yet.
    seen: Option<u64>,
    records: Vec<Written>,
}

async fn taken(
    app: &App,
    from: &From,
    acting: &Acting,
    at: &InService,
    revision: u64,
    files: BTreeMap<String, InstitutionFile>,
) -> Result<Result<(), Vec<String>>, StoreError> {
    let roster = work::roster(app, &at.organisation).await?;
    let facts = &roster.facts;
    let (mut plans, mut mistakes) = (Vec::new(), Vec::new());
    let mut taken = BTreeSet::new();
    for (name, file, spelt) in expanded(app, at, revision, files).await? {
        let records = match spelt {
            Ok(records) => records,
            Err(told) => {
                mistakes.extend(told.into_iter().map(|told| format!("institutions/{name}.yaml: {told}")));
                continue;
            }
        };
        if !taken.insert(file.institution.name.clone()) {
            let told = format!("institutions/{name}.yaml: 「{}」のファイルが二つあります。", file.institution.name);
            mistakes.push(told);
            continue;
        }
        let same: Vec<&String> =
            facts.iter().filter(|(_, known)| known.name == file.institution.name).map(|(id, _)| id).collect();
        let (id, seen) = match same.as_slice() {
            [] => (app.new_id('i'), None),
            [id] => ((*id).clone(), Some(customer(app, &at.organisation, id).await?)),
            _ => {
                mistakes.push(format!("institutions/{name}.yaml: 同じ名称の医療機関等が二つ以上登録されています。"));
                continue;
            }
        };
        match planned(&at.service, revision, (&id, seen.as_ref()), (file, records)) {
            Ok(records) => plans.push(Planned { name, id, seen: seen.map(|seen| seen.last), records }),
            Err(told) => mistakes.extend(told.into_iter().map(|told| format!("institutions/{name}.yaml: {told}"))),
        }
    }
    if !mistakes.is_empty() {
        return Ok(Err(mistakes));
    }
    written(app, from, acting, &plans).await
}

/// The records that a file adds to what is kept; `spelt` are its records with every kind as the items there are.
fn planned(
    service: &str,
    revision: u64,
    (id, seen): (&str, Option<&Customer>),
    (file, spelt): (InstitutionFile, Vec<AgreementRecord>),
) -> Result<Vec<Written>, Vec<String>> {
    let known = seen.and_then(|seen| seen.relations.get(service)).cloned();
    let mut records = Vec::new();
    if seen.is_none_or(|seen| !same(&seen.facts, &file.institution)) {
        records.push(Written::new(id, None, &Note::Facts(&file.institution)));
    }
    let terms = Terms::of(&file);
    let (before, today) = known.as_ref().map(Relation::today).unwrap_or_default();
    let is_today = same(&today, &terms);
    let mut earlier = known.iter().flat_map(|known| known.terms.iter().rev().skip(1));
    if !is_today && earlier.any(|kept| same(&kept.what, &terms)) {
        let told = "契約か違いが、書き出した後にサーバで変わっています。書き出し直したファイルを直してください。";
        return Err(vec![told.to_owned()]);
    }
    let mut number = before;
    if known.is_none() || !is_today {
        number = seen.map_or(0, |seen| seen.last) + records.len() as u64 + 1;
        records.push(Written::new(id, Some(service), &Note::Terms(&terms)));
    }
    let kept: Vec<&AgreementRecord> =
        known.iter().flat_map(|known| &known.steps).map(|step| &step.what.record).collect();
    if file.records.len() < kept.len() || !kept.iter().zip(&file.records).all(|(kept, written)| same(*kept, written)) {
        let told = "記録が、サーバの記録と食い違います。書き出したファイルの後ろに書き加えてください。";
        return Err(vec![told.to_owned()]);
    }
    let start = kept.len();
    let pin = Pin { revision, terms: number };
    let steps = spelt.into_iter().skip(start).map(|record| Step { record, pin });
    records.extend(steps.map(|step| Written::new(id, Some(service), &Note::Step(&step))));
    Ok(records)
}

/// The records of a file with every kind spelt out, or what of them does not hold.
type Spelt = Result<Vec<AgreementRecord>, Vec<String>>;

/// The files by name, with the records of each. What they are about is worked out once for all.
async fn expanded(
    app: &App,
    at: &InService,
    revision: u64,
    files: BTreeMap<String, InstitutionFile>,
) -> Result<Vec<(String, InstitutionFile, Spelt)>, StoreError> {
    work::worked(app, (&at.organisation, &at.service), [revision].into(), move |lists| {
        let one = |(name, file)| {
            let spelt = spelt(lists, revision, &file)?;
            Ok((name, file, spelt))
        };
        files.into_iter().map(one).collect()
    })
    .await
}

fn spelt(lists: &mut work::Lists, revision: u64, file: &InstitutionFile) -> Result<Spelt, StoreError> {
    let terms = Terms::of(file);
    let of = lists.of(revision, &file.institution, &terms)?;
    let found = check(of.items.items(), file);
    let errors = found.iter().chain(&of.findings).filter(|finding| finding.severity == Severity::Error);
    let errors: Vec<String> = errors.map(|finding| finding.message.clone()).collect();
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let one = |record: &AgreementRecord| AgreementRecord {
        items: record.items.iter().flat_map(|name| of.items.keys(name)).map(str::to_owned).collect(),
        ..record.clone()
    };
    Ok(Ok(file.records.iter().map(one).collect()))
}

async fn written(
    app: &App,
    from: &From,
    acting: &Acting,
    files: &[Planned],
) -> Result<Result<(), Vec<String>>, StoreError> {
    if files.iter().all(|file| file.records.is_empty()) {
        return Ok(Err(vec!["今の内容と同じです（変更0件）。".to_owned()]));
    }
    let plans: Vec<Plan> =
        files.iter().map(|file| Plan { id: &file.id, seen: file.seen, records: &file.records }).collect();
    let note = format!("ファイル{}件", files.len());
    let writing = Writing { acting, from, action: "institution.imported", note };
    let Some(changed) = write_all(app, &writing, &plans).await? else { return Ok(Ok(())) };
    let told = |file: &Planned| format!("institutions/{}.yaml: {MEANWHILE}", file.name);
    Ok(Err(files.iter().filter(|file| file.id == changed).map(told).collect()))
}
