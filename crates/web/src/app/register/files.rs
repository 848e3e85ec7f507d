//! A register as a file: handed out as a workbook, a table or a paper, and taken in from a workbook or a table.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use shirube_catalog::Register;
use shirube_documents::content::DataSheet;
use shirube_documents::deliverable::{RecordHead, RegisterPaper, register_document};
use shirube_documents::write::{Format, csv, render};
use shirube_exchange::{read_with_times, register_rows, register_workbook};
use shirube_safety::operation::register::{Change, Entry, STATE, Taken, read_entries, rows, take};
use shirube_store::{Event, Missing, StoreError, WantedItems};

use super::body::{Body, entry};
use super::ledger::Ledger;
use super::list::InRegister;
use super::words::word;
use super::write::{Doing, name_fault, others};
use crate::app::documents::not_made;
use crate::app::guard::Acting;
use crate::app::shell::with_status;
use crate::app::sign_in::From;
use crate::app::sites::in_files;
use crate::app::{App, message, upload, world};
use crate::page::Frame;
use crate::page::documents::disposition;
use crate::shown::Shown;
use crate::view::Here;

/// Longest file that is taken.
pub const LONGEST_UPLOAD_BYTES: usize = 8 * 1024 * 1024;

/// Most entries of one file, handed out or taken in.
const MOST_ENTRIES: usize = 20_000;

/// Entries that are read at once.
const CHUNK: usize = 1_000;

#[derive(Deserialize)]
pub struct InFile {
    organisation: String,
    service: String,
    register: String,
    file: String,
}

#[derive(Template)]
#[template(path = "app/register-take.html")]
struct TakePage<'a> {
    frame: Frame<'a>,
    csrf: &'a str,
    register: &'a Register,
    base: String,
    mistakes: Vec<String>,
    added: Vec<String>,
    changes: Vec<Change>,
    left: Vec<String>,
    /// Something was looked at, and nothing stands against taking it in.
    is_ready: bool,
    /// It was taken in.
    is_done: bool,
}

/// `GET …/registers/{register}/file/{file}`: `register.xlsx`, `register.csv`, `register.pdf`, or
/// `register-institution.pdf` without the names of people.
pub async fn file(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InFile>,
) -> Response {
    let InFile { organisation, service, register, file } = at;
    let at = InRegister { organisation, service, register };
    match made(&app, &shown, &at, &file).await {
        Ok(Some(Made::TooMany)) => message::message(
            Some(&acting.visitor),
            StatusCode::UNPROCESSABLE_ENTITY,
            "ファイルを作れません",
            &format!(
                "この台帳には{MOST_ENTRIES}件より多い記録があり、一つのファイルに収まりません。画面で絞り込んで見てください。"
            ),
            (&format!("{}/registers/{}", shown.base, at.register), "台帳に戻る"),
        ),
        Ok(Some(Made::File(name, kind, bytes))) => {
            let noted = note(&app, &from, &acting, &at, "register.taken", &name).await;
            if let Err(error) = noted {
                return message::failed(&app, &error);
            }
            ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, &disposition(&name))], bytes).into_response()
        }
        Ok(None) => message::nothing(Some(&acting.visitor)),
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

/// What became of a file that was asked for.
enum Made {
    /// Name, media type and bytes.
    File(String, &'static str, Vec<u8>),
    /// The register has more entries than one file takes.
    TooMany,
}

/// The file; none for one that there is not.
async fn made(app: &App, shown: &Shown, at: &InRegister, file: &str) -> Result<Option<Made>, StoreError> {
    let ledger = Ledger::read(app, &at.service(), shown.revision.unwrap_or_default()).await?;
    let register = ledger.register(&at.register).ok_or(StoreError::Missing(Missing::RegisterItem))?.clone();
    let (for_institution, format) = match file {
        "register.csv" => {
            let Some(entries) = entries(app, &register, at).await? else { return Ok(Some(Made::TooMany)) };
            let (columns, rows) = rows(&register, &entries);
            let rows = rows.iter().map(|row| row.iter().map(|cell| cell.as_str().into()).collect()).collect();
            let bytes = csv(&DataSheet { name: String::new(), columns, rows });
            return Ok(Some(Made::File(format!("{}.csv", register.title), "text/csv; charset=utf-8", bytes)));
        }
        "register.xlsx" => {
            let Some(entries) = entries(app, &register, at).await? else { return Ok(Some(Made::TooMany)) };
            let bytes = register_workbook(&register, &entries).map_err(|error| not_made(error.to_string()))?;
            return Ok(Some(Made::File(format!("{}.xlsx", register.title), Format::Xlsx.media_type(), bytes)));
        }
        "register.pdf" => (false, Format::Pdf),
        "register-institution.pdf" => (true, Format::Pdf),
        _ => return Ok(None),
    };
    let Some(entries) = entries(app, &register, at).await? else { return Ok(Some(Made::TooMany)) };
    let today = world::date(app.now());
    let source = app.store().head(&at.organisation).await?.digest.to_string();
    let files = app.store().files(&at.organisation, &at.service, shown.revision.unwrap_or_default()).await?;
    let name = format!("{}{}.pdf", register.title, if for_institution { "（医療機関等向け）" } else { "" });
    let bytes = in_files(files, move |files| {
        let head = RecordHead::new(files, &source[..12], today);
        render(
            &register_document(RegisterPaper { register: &register, entries: &entries, for_institution }, &head),
            format,
        )
    });
    let bytes = bytes.await?.map_err(|error| not_made(error.to_string()))?;
    Ok(Some(Made::File(name, format.media_type(), bytes)))
}

/// All entries of a register, the oldest first, each with the number of its last record; none if they are too many for
/// one file.
async fn numbered(app: &App, register: &Register, at: &InRegister) -> Result<Option<Vec<(Entry, u64)>>, StoreError> {
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let wanted = WantedItems { before, limit: CHUNK, ..WantedItems::default() };
        let page = app.store().register_page(&at.organisation, &at.service, &at.register, &wanted).await?;
        for item in &page.items {
            all.push((entry(register, item)?, item.number));
        }
        before = page.next;
        if all.len() > MOST_ENTRIES {
            return Ok(None);
        }
        if before.is_none() {
            all.reverse();
            return Ok(Some(all));
        }
    }
}

/// All entries of a register, for a file that is handed out; none if they are too many.
async fn entries(app: &App, register: &Register, at: &InRegister) -> Result<Option<Vec<Entry>>, StoreError> {
    let all = numbered(app, register, at).await?;
    Ok(all.map(|all| all.into_iter().map(|(entry, _)| entry).collect()))
}

async fn note(
    app: &App,
    from: &From,
    acting: &Acting,
    at: &InRegister,
    action: &str,
    note: &str,
) -> Result<(), StoreError> {
    let mut change = app.store().begin(&at.organisation).await?;
    change.about(&format!("service/{}/register/{}", at.service, at.register));
    let event = Event { action: action.to_owned(), note: note.to_owned() };
    change.commit(&acting.reader.person, from.origin(), &app.at(), event).await.map(drop)
}

/// `GET …/registers/{register}/take`.
pub async fn take_form(State(app): State<App>, acting: Acting, shown: Shown, Path(at): Path<InRegister>) -> Response {
    page(&app, &acting, &shown, &at, Looked::default()).await
}

/// What became of a file.
#[derive(Default)]
struct Looked {
    mistakes: Vec<String>,
    taken: Option<Taken>,
    is_done: bool,
}

/// `POST …/registers/{register}/take`: a file that somebody filled; shown first, then taken in.
pub async fn take_file(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InRegister>,
    form: Multipart,
) -> Response {
    let Some(upload) = upload::read(form, "file").await else { return message::too_long(LONGEST_UPLOAD_BYTES) };
    if upload.csrf != acting.reader.csrf {
        return message::stale_form();
    }
    let looked = async {
        let ledger = Ledger::read(&app, &at.service(), shown.revision.unwrap_or_default()).await?;
        let register = ledger.register(&at.register).ok_or(StoreError::Missing(Missing::RegisterItem))?;
        let doing = Doing { app: &app, from: &from, acting: &acting, at: &at, ledger: &ledger, register };
        looked(&doing, &upload).await
    };
    match looked.await {
        Ok(looked) => page(&app, &acting, &shown, &at, looked).await,
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

async fn page(app: &App, acting: &Acting, shown: &Shown, at: &InRegister, looked: Looked) -> Response {
    let ledger = match Ledger::read(app, &at.service(), shown.revision.unwrap_or_default()).await {
        Ok(ledger) => ledger,
        Err(error) => return message::failed(app, &error),
    };
    let Some(register) = ledger.register(&at.register) else { return message::nothing(Some(&acting.visitor)) };
    let status = if looked.mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let is_ready = looked.taken.is_some() && looked.mistakes.is_empty() && !looked.is_done;
    let taken = looked.taken.unwrap_or_default();
    with_status(
        status,
        TakePage {
            frame: Frame::new(shown, Here::Registers),
            csrf: &acting.reader.csrf,
            register,
            base: format!("{}/registers/{}", shown.base, at.register),
            mistakes: looked.mistakes,
            added: taken.added,
            changes: taken.changes,
            left: taken.left,
            is_ready,
            is_done: looked.is_done,
        },
    )
}

/// Reads the file, and takes it in if that was asked for and nothing stands against it.
async fn looked(doing: &Doing<'_>, upload: &upload::Upload) -> Result<Looked, StoreError> {
    let refused = |mistakes: Vec<String>| Looked { mistakes, ..Looked::default() };
    let book = match read_with_times(&upload.bytes, &upload.name) {
        Ok(book) => book,
        Err(error) => return Ok(refused(vec![error.to_string()])),
    };
    let filled = match register_rows(doing.register, &book) {
        Ok(rows) => match read_entries(doing.register, &rows, &upload.name) {
            Ok(filled) => filled,
            Err(mistakes) => return Ok(refused(mistakes.iter().map(ToString::to_string).collect())),
        },
        Err(text) => return Ok(refused(vec![text])),
    };
    if filled.entries.len() > MOST_ENTRIES {
        return Ok(refused(vec![format!("一度に取り込めるのは{MOST_ENTRIES}行までです。ファイルを分けてください。")]));
    }
    let Some(kept) = numbered(doing.app, doing.register, doing.at).await? else {
        let text = format!("{MOST_ENTRIES}件より多い台帳には、ファイルからは取り込めません。画面で書いてください。");
        return Ok(refused(vec![text]));
    };
    let numbers: BTreeMap<String, u64> = kept.iter().map(|(entry, number)| (entry.id.clone(), *number)).collect();
    let kept: Vec<Entry> = kept.into_iter().map(|(entry, _)| entry).collect();
    let taken = take(doing.register, &kept, &filled);
    let mut mistakes: Vec<String> = taken.changes.iter().filter_map(moved).collect();
    mistakes.extend(taken.added.iter().filter_map(|name| name_fault(name)));
    mistakes.extend(twice(doing.register, &taken));
    for new in &taken.entries {
        if touched(&taken, &new.id) {
            let others = others(doing.app, doing.ledger, doing.register, doing.at, new).await?;
            let told = doing.ledger.check(doing.register, new, &[], others);
            let texts = super::show::errors(told);
            mistakes.extend(texts.into_iter().map(|text| format!("{}: {text}", new.id)));
        }
    }
    let is_wanted = upload.fields.iter().any(|(name, value)| name == "do" && value == "save");
    let is_done = mistakes.is_empty() && is_wanted && !taken.is_same();
    if is_done && let Err(error) = doing.take(&taken, &numbers, &upload.name).await {
        return match error {
            StoreError::RecordMeanwhile { .. } | StoreError::Exists(_) => Ok(refused(vec![error.to_string()])),
            error => Err(error),
        };
    }
    Ok(Looked { mistakes, taken: Some(taken), is_done })
}

/// What a file would let stand in two entries, though it may stand in one only.
fn twice(register: &Register, taken: &Taken) -> Vec<String> {
    let mut told = Vec::new();
    for field in register.fields.iter().filter(|field| field.unique) {
        let mut whose: BTreeMap<String, Vec<&Entry>> = BTreeMap::new();
        for entry in &taken.entries {
            for value in entry.values(&field.id) {
                whose.entry(word(&value.to_string())).or_default().push(entry);
            }
        }
        for entries in whose.values().filter(|entries| entries.len() > 1) {
            let Some(new) = entries.iter().rev().find(|entry| touched(taken, &entry.id)) else { continue };
            let others: Vec<&str> = entries.iter().map(|entry| entry.id.as_str()).filter(|id| *id != new.id).collect();
            told.push(format!(
                "{}: 「{}」の「{}」は、「{}」にも書かれています。同じものを二度書けない欄です。",
                new.id,
                field.title,
                new.text(&field.id),
                others.join("」「")
            ));
        }
    }
    told
}

/// Whether a file adds or changes an entry.
fn touched(taken: &Taken, id: &str) -> bool {
    taken.added.iter().any(|added| added == id) || taken.changes.iter().any(|change| change.entry == id)
}

/// Why a state cannot be moved on by a file.
fn moved(change: &Change) -> Option<String> {
    (change.column == STATE).then(|| {
        format!(
            "{}: 状態を「{}」から「{}」に変えています。状態は、それぞれの記録の画面で、手続として進めてください。",
            change.entry, change.before, change.after
        )
    })
}

impl Doing<'_> {
    /// Writes what a file adds and changes, all or nothing.
    async fn take(&self, taken: &Taken, numbers: &BTreeMap<String, u64>, name: &str) -> Result<(), StoreError> {
        let mut records = Vec::new();
        for new in taken.entries.iter().filter(|entry| touched(taken, &entry.id)) {
            // The number is that of what the file was laid over: whoever wrote since then is not overwritten.
            let number = numbers.get(&new.id).copied().unwrap_or_default();
            let lines = super::show::lines(self.app, self.at, &new.id).await?;
            let values = self.register.fields.iter().map(|field| (field.id.clone(), new.text(&field.id)));
            let body = Body {
                values: values.filter(|(_, text)| !text.is_empty()).collect(),
                hold: new.hold,
                person: self.acting.reader.name.clone(),
                remark: format!("「{name}」から取り込んだ"),
                ..Body::default()
            };
            records.push(self.record(new, number, String::new(), self.today(), &body, &lines));
        }
        let mut change = self.app.store().begin(&self.at.organisation).await?;
        change.write_registers(&self.at.service, &records).await?;
        let note = format!("{}: 「{name}」から{}件", self.register.title, records.len());
        let event = Event { action: "register.imported".to_owned(), note };
        change.commit(&self.acting.reader.person, self.from.origin(), &self.app.at(), event).await.map(drop)
    }
}
