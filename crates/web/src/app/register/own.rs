//! `…/own-registers`: registers that the organisation declares itself, and what it adds to those that come with the
//! program. A declaration is pasted as YAML; what it changes is shown before it is kept.
//!
//! Declarations are kept as records under a name that no register can have: each stays with its day and its author.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use shirube_catalog::Register;
use shirube_folder::registers::{Mistaken, read_registers};
use shirube_safety::operation::register::{changes_told, lost};
use shirube_store::{Change, Event, NewRegisterRecord, RegisterItem, StoreError, WantedItems};
use shirube_trail::Digest;

use super::body::Body;
use super::ledger::Ledger;
use super::list::InRegister;
use super::write::Doing;
use crate::app::fields::Fields;
use crate::app::guard::Acting;
use crate::app::revisions::InService;
use crate::app::shell::with_status;
use crate::app::sign_in::From;
use crate::app::{App, message, world};
use crate::page::Frame;
use crate::page::documents::disposition;
use crate::shown::Shown;
use crate::view::Here;

/// Under which name declarations are kept beside the registers; ids of registers begin with a letter.
const OWN: &str = ".own";
/// Most declarations of a service, those that were taken back included.
const MOST: usize = 200;
/// Longest declaration.
const LONGEST_CHARS: usize = 100_000;
/// Longest name of a declaration.
const LONGEST_NAME_CHARS: usize = 60;
/// The state of a declaration that holds, and of one that was taken back.
const DECLARED: &str = "declared";
const WITHDRAWN: &str = "withdrawn";
/// What the text is called inside a record.
const YAML: &str = "yaml";

/// Texts of declarations by the stems of their files.
pub type Declarations = BTreeMap<String, Vec<u8>>;

/// The declarations of a service that hold.
pub async fn texts(app: &App, at: &InService) -> Result<Declarations, StoreError> {
    let held = items(app, at).await?.into_iter().filter(|item| item.state == DECLARED);
    held.map(|item| Ok((item.item.clone(), text(&item)?.into_bytes()))).collect()
}

async fn items(app: &App, at: &InService) -> Result<Vec<RegisterItem>, StoreError> {
    let wanted = WantedItems { limit: MOST, ..WantedItems::default() };
    let mut found = app.store().register_page(&at.organisation, &at.service, OWN, &wanted).await?.items;
    found.sort_by(|one, other| one.item.cmp(&other.item));
    Ok(found)
}

fn text(item: &RegisterItem) -> Result<String, StoreError> {
    Ok(Body::read(&item.body)?.values.remove(YAML).unwrap_or_default())
}

#[derive(Template)]
#[template(path = "app/own-registers.html")]
struct OwnPage<'a> {
    frame: Frame<'a>,
    csrf: &'a str,
    declared: Vec<DeclaredView>,
    may_write: bool,
    /// What is written in the form.
    name: &'a str,
    text: &'a str,
    mistakes: Vec<String>,
    changes: Vec<String>,
    /// Of what was shown; empty as long as nothing can be saved.
    seen: String,
    withdraws: bool,
    notice: &'static str,
}

struct DeclaredView {
    name: String,
    /// What it declares, or to what it adds.
    about: String,
    href: String,
    faults: Vec<String>,
}

/// `GET …/own-registers`.
pub async fn show(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    axum::extract::RawQuery(raw): axum::extract::RawQuery,
) -> Response {
    let query = crate::query::Query::parse(&shown.base, "/own-registers", &["name", "done"], raw.as_deref());
    let name = query.get("name").unwrap_or_default().to_owned();
    let kept = match texts(&app, &at).await {
        Ok(kept) => kept,
        Err(error) => return message::failed(&app, &error),
    };
    let text = kept.get(&name).map(|text| String::from_utf8_lossy(text).into_owned()).unwrap_or_default();
    let written = Written { name, text, ..Written::default() };
    let notice = match query.get("done") {
        Some("saved") => "保存しました。",
        Some("withdrawn") => "取りやめました。",
        _ => "",
    };
    page(&app, &acting, &shown, &at, written, notice).await
}

/// What stands in the form, and what became of it.
#[derive(Default)]
struct Written {
    name: String,
    text: String,
    mistakes: Vec<String>,
    changes: Vec<String>,
    seen: String,
    withdraws: bool,
}

async fn page(
    app: &App,
    acting: &Acting,
    shown: &Shown,
    at: &InService,
    written: Written,
    notice: &'static str,
) -> Response {
    let made = async {
        let ledger = Ledger::read(app, at, shown.revision.unwrap_or_default()).await?;
        let kept = texts(app, at).await?;
        Ok::<_, StoreError>(kept.into_iter().map(|(name, text)| view(shown, &ledger, name, &text)).collect())
    };
    let declared = match made.await {
        Ok(declared) => declared,
        Err(error) => return message::failed(app, &error),
    };
    let status = if written.mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = OwnPage {
        frame: Frame::new(shown, Here::Registers),
        csrf: &acting.reader.csrf,
        declared,
        may_write: acting.reader.may(crate::reader::Action::Import, crate::reader::Resource::Register),
        name: &written.name,
        text: &written.text,
        mistakes: written.mistakes,
        changes: written.changes,
        seen: written.seen,
        withdraws: written.withdraws,
        notice,
    };
    with_status(status, page)
}

fn view(shown: &Shown, ledger: &Ledger, name: String, text: &[u8]) -> DeclaredView {
    let base = shirube_folder::registers::read_register(text).ok().and_then(|file| file.content.extends);
    let title = |id: &str| ledger.register(id).map_or(id.to_owned(), |register| register.title.clone());
    let about = match &base {
        Some(base) => format!("「{}」への追加", title(base)),
        None => format!("台帳「{}」", title(&name)),
    };
    let href = format!("{}/registers/{}", shown.base, base.as_deref().unwrap_or(&name));
    let faults = ledger.left_out.get(&name).map(|errors| errors.iter().map(|error| said(&name, error)).collect());
    DeclaredView { name, about, href, faults: faults.unwrap_or_default() }
}

/// A mistake with the file as people call it.
fn said(name: &str, error: &shirube_folder::InputError) -> String {
    let field = if error.field.is_empty() { String::new() } else { format!("「{}」", error.field) };
    format!("{name}.yaml {}行目{field}: {}", error.line, error.message)
}

/// `POST …/own-registers`: looked at first, then kept as it was shown.
pub async fn change(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    sent: Fields,
) -> Response {
    let withdraws = sent.text("do") == "withdraw" || sent.text("withdraws") == "yes";
    let text = if withdraws { String::new() } else { sent.raw("text").replace("\r\n", "\n") };
    let name = sent.text("name").to_owned();
    let wanted = BTreeMap::from([(name.clone(), Some(text.clone()).filter(|_| !withdraws))]);
    let considered = async {
        let before = Standing::read(&app, &at, shown.revision.unwrap_or_default()).await?;
        let considered = before.consider(&wanted);
        Ok::<_, StoreError>((before, considered))
    };
    let (before, considered) = match considered.await {
        Ok(considered) => considered,
        Err(error) => return message::failed(&app, &error),
    };
    let mut written = Written { name, text, withdraws, ..Written::default() };
    let new = match considered {
        Ok(new) => new,
        Err(mistakes) => {
            written.mistakes = mistakes;
            written.text = if withdraws { before.text(&written.name) } else { written.text };
            written.withdraws = false;
            return page(&app, &acting, &shown, &at, written, "").await;
        }
    };
    if new.seen == sent.text("seen") && sent.text("do") == "save" {
        return match before.keep(&app, &from, &acting, &new).await {
            Ok(()) => {
                let done = if written.withdraws { "withdrawn" } else { "saved" };
                Redirect::to(&format!("{}/own-registers?done={done}", shown.base)).into_response()
            }
            Err(error @ (StoreError::RecordMeanwhile { .. } | StoreError::Exists(_))) => {
                written.mistakes = vec![error.to_string()];
                page(&app, &acting, &shown, &at, written, "").await
            }
            Err(error) => message::failed(&app, &error),
        };
    }
    written.changes = new.changes;
    written.seen = new.seen;
    page(&app, &acting, &shown, &at, written, "").await
}

#[derive(Deserialize)]
pub struct InOwn {
    organisation: String,
    service: String,
    file: String,
}

/// `GET …/own-registers/{file}`: the declaration as it was written.
pub async fn file(State(app): State<App>, acting: Acting, Path(at): Path<InOwn>) -> Response {
    let InOwn { organisation, service, file } = at;
    let kept = match texts(&app, &InService { organisation, service }).await {
        Ok(kept) => kept,
        Err(error) => return message::failed(&app, &error),
    };
    match file.strip_suffix(".yaml").and_then(|name| kept.get(name)) {
        Some(text) => {
            let place = (header::CONTENT_DISPOSITION, disposition(&file));
            ([(header::CONTENT_TYPE, "application/yaml; charset=utf-8".to_owned()), place], text.clone())
                .into_response()
        }
        None => message::nothing(Some(&acting.visitor)),
    }
}

/// Declarations to be kept; none takes one back.
pub type Wanted = BTreeMap<String, Option<String>>;

/// What holds before something is changed.
pub struct Standing {
    at: InService,
    revision: u64,
    items: Vec<RegisterItem>,
    texts: Declarations,
    registers: Vec<Register>,
    /// Registers in which something was written.
    used: BTreeSet<String>,
}

/// What would hold afterwards.
pub struct Considered {
    wanted: Wanted,
    registers: Vec<Register>,
    pub changes: Vec<String>,
    /// Tells what was shown from anything else.
    pub seen: String,
}

impl Standing {
    pub async fn read(app: &App, at: &InService, revision: u64) -> Result<Self, StoreError> {
        let ledger = Ledger::read(app, at, revision).await?;
        let used = app.store().newest_days(&at.organisation, &at.service).await?;
        Ok(Self {
            at: InService { organisation: at.organisation.clone(), service: at.service.clone() },
            revision,
            items: items(app, at).await?,
            texts: texts(app, at).await?,
            registers: ledger.registers,
            used: used.into_keys().map(|(register, _)| register).collect(),
        })
    }

    fn text(&self, name: &str) -> String {
        self.texts.get(name).map(|text| String::from_utf8_lossy(text).into_owned()).unwrap_or_default()
    }

    /// What becomes of the registers, or everything that stands against it.
    pub fn consider(&self, wanted: &Wanted) -> Result<Considered, Vec<String>> {
        let mut mistakes: Vec<String> = wanted.iter().filter_map(|(name, text)| self.name_fault(name, text)).collect();
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let mut after = self.texts.clone();
        for (name, text) in wanted {
            match text {
                Some(text) => drop(after.insert(name.clone(), text.clone().into_bytes())),
                None => drop(after.remove(name)),
            }
        }
        let registers = read_registers(&after).map_err(|wrong| all_said(&wrong))?;
        let find = |list: &[Register], id: &str| list.iter().find(|register| register.id == id).cloned();
        for register in self.registers.iter().filter(|register| self.used.contains(&register.id)) {
            mistakes.extend(lost(register, find(&registers, &register.id).as_ref()));
        }
        let mut changes = Vec::new();
        for register in &registers {
            changes.extend(changes_told(find(&self.registers, &register.id).as_ref(), Some(register)));
        }
        for register in self.registers.iter().filter(|register| find(&registers, &register.id).is_none()) {
            changes.extend(changes_told(Some(register), None));
        }
        let is_same = wanted.iter().all(|(name, text)| text.as_ref().is_some_and(|text| *text == self.text(name)));
        if is_same && mistakes.is_empty() {
            mistakes.push("今の宣言と同じです。変わるところはありません。".to_owned());
        }
        if changes.is_empty() {
            changes.push("台帳は変わりません。宣言の書き方だけを変えます。".to_owned());
        }
        let seen = Digest::of(format!("{wanted:?}{:?}", self.numbers()).as_bytes()).to_string();
        let wanted = wanted.clone();
        if mistakes.is_empty() { Ok(Considered { wanted, registers, changes, seen }) } else { Err(mistakes) }
    }

    /// The last number of each declaration, those taken back included.
    fn numbers(&self) -> BTreeMap<&str, u64> {
        self.items.iter().map(|item| (item.item.as_str(), item.number)).collect()
    }

    fn name_fault(&self, name: &str, text: &Option<String>) -> Option<String> {
        let is_first = name.chars().next().is_some_and(|first| first.is_ascii_lowercase());
        let is_rest =
            name.chars().all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '-' || one == '_');
        if !is_first || !is_rest || name.chars().count() > LONGEST_NAME_CHARS {
            return Some(format!(
                "宣言の名前「{name}」は使えません。英小文字で始め、英小文字、数字、ハイフンで、{LONGEST_NAME_CHARS}文字までにしてください。"
            ));
        }
        let is_new = !self.items.iter().any(|item| item.item == name);
        match text {
            None if !self.texts.contains_key(name) => Some(format!("「{name}」という宣言はありません。")),
            Some(text) if text.chars().count() > LONGEST_CHARS => {
                Some(format!("宣言「{name}」が長すぎます。{LONGEST_CHARS}文字までにしてください。"))
            }
            Some(_) if is_new && self.items.len() >= MOST => {
                Some(format!("宣言は{MOST}件までです（取りやめたものを含みます）。"))
            }
            _ => None,
        }
    }

    /// Keeps what was considered, and sets the days of duties anew.
    pub async fn keep(&self, app: &App, from: &From, acting: &Acting, new: &Considered) -> Result<(), StoreError> {
        let numbers = self.numbers();
        let record = |(name, text): (&String, &Option<String>)| NewRegisterRecord {
            register: OWN.to_owned(),
            item: name.clone(),
            based_on: numbers.get(name.as_str()).copied().unwrap_or_default(),
            state: if text.is_some() { DECLARED } else { WITHDRAWN }.to_owned(),
            day: world::day(app.now()),
            body: Body {
                values: text.iter().map(|text| (YAML.to_owned(), text.clone())).collect(),
                person: acting.reader.name.clone(),
                ..Body::default()
            }
            .written(),
            ..NewRegisterRecord::default()
        };
        let records: Vec<NewRegisterRecord> = new.wanted.iter().map(record).collect();
        let mut change = app.store().begin(&self.at.organisation).await?;
        self.must_lose_nothing(app, new).await?;
        change.write_registers(&self.at.service, &records).await?;
        let mut ledger = Ledger::read(app, &self.at, self.revision).await?;
        ledger.registers.clone_from(&new.registers);
        let is_changed = |register: &&Register| {
            self.used.contains(&register.id) && !self.registers.iter().any(|before| before == *register)
        };
        for register in new.registers.iter().filter(is_changed) {
            self.plan(app, from, acting, &ledger, register, &mut change).await?;
        }
        let names: Vec<&str> = new.wanted.keys().map(String::as_str).collect();
        let event = Event { action: "register.declared".to_owned(), note: names.join("、") };
        change.commit(&acting.reader.person, from.origin(), &app.at(), event).await.map(drop)
    }

    /// Whether a register was first written in since this was read, and would lose something. A change is open, so
    /// nobody writes any more.
    async fn must_lose_nothing(&self, app: &App, new: &Considered) -> Result<(), StoreError> {
        let used = app.store().newest_days(&self.at.organisation, &self.at.service).await?;
        let used: BTreeSet<String> = used.into_keys().map(|(register, _)| register).collect();
        for register in self.registers.iter().filter(|register| used.contains(&register.id)) {
            let after = new.registers.iter().find(|after| after.id == register.id);
            if !lost(register, after).is_empty() {
                return Err(StoreError::RecordMeanwhile { item: register.title.clone() });
            }
        }
        Ok(())
    }

    async fn plan(
        &self,
        app: &App,
        from: &From,
        acting: &Acting,
        ledger: &Ledger,
        register: &Register,
        change: &mut Change,
    ) -> Result<(), StoreError> {
        let at = InRegister {
            organisation: self.at.organisation.clone(),
            service: self.at.service.clone(),
            register: register.id.clone(),
        };
        let doing = Doing { app, from, acting, at: &at, ledger, register };
        let lines = super::show::lines(app, &at, "").await?;
        let due = ledger.next(register, None, &lines, doing.today());
        change.plan_again(&at.service, &at.register, "", &due).await?;
        doing.plan_entries(change, ledger).await
    }
}

fn all_said(wrong: &Mistaken) -> Vec<String> {
    wrong.iter().flat_map(|(name, errors)| errors.iter().map(move |error| said(name, error))).collect()
}
