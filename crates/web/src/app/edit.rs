//! `…/record`: any record of a service as a form, made from the schema of its file.
//!
//! `file` and `at` of the address name the record, `file` and `list` a new one. What one may not edit does not exist.

mod html;
mod panel;
mod target;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::Value;
use shirube_folder::edit::{Change, Conflict, Edit, Step, way};
use shirube_safety::File;
use shirube_store::StoreError;

pub use self::target::{Target, content};

use self::html::{offers, shown as shown_field};
use self::panel::Panel;
use self::target::{Opened, of_one, open};
use super::fields::Fields;
use super::guard::Acting;
use super::save::{Mistake, Saved, Wish, done, save};
use super::shell::with_status;
use super::sign_in::{From, inside};
use super::sites::texts;
use super::{App, message, world};
use crate::form::{Blamed, Choice, Fault, Form, Sent, Signer};
use crate::page::Frame;
use crate::query::link;
use crate::reader::Action;
use crate::shown::Shown;
use crate::view::Here;

#[derive(Deserialize)]
pub struct At {
    pub organisation: String,
    pub service: String,
}

#[derive(Template)]
#[template(path = "app/record.html")]
struct RecordPage<'a> {
    frame: Frame<'a>,
    form: Form<'a>,
    panel: Panel<'a>,
    action: String,
    revision: u64,
    to: String,
    why: &'a str,
    name: String,
    notice: &'a str,
    mistakes: Vec<Blamed>,
    conflicts: Vec<ConflictView>,
    offers: Vec<(String, Vec<Choice>)>,
    /// Numbers of the risks that share the decision.
    sharing: Vec<&'a str>,
    also: bool,
    removable: bool,
    csrf: &'a str,
}

/// What two people changed at once.
pub struct ConflictView {
    pub place: String,
    pub base: String,
    pub ours: String,
    pub theirs: String,
}

impl ConflictView {
    pub fn new(conflict: Conflict) -> Self {
        let shown = |text: String| if text.trim().is_empty() { "（記載なし）".to_owned() } else { text };
        Self {
            place: conflict.place,
            base: shown(conflict.base),
            ours: shown(conflict.ours),
            theirs: shown(conflict.theirs),
        }
    }
}

/// A record as it stands in a revision.
async fn opened(app: &App, at: &At, revision: u64, target: &Target) -> Result<Option<Opened>, StoreError> {
    let files = app.store().files(&at.organisation, &at.service, revision).await?;
    let target = target.clone();
    let opened = tokio::task::spawn_blocking(move || open(&texts(&files), &target)).await;
    Ok(opened.unwrap_or_default())
}

/// Longest parameter that is taken: some records are told apart by all they are made of.
const LONGEST_CHARS: usize = 4000;

/// The parameters of the address. They are longer than those of filters.
struct Asked(Vec<(String, String)>);

impl Asked {
    fn new(raw: Option<&str>) -> Self {
        let pairs = form_urlencoded::parse(raw.unwrap_or_default().as_bytes());
        let cut = |value: &str| value.chars().take(LONGEST_CHARS).collect();
        Self(pairs.map(|(name, value)| (name.into_owned(), cut(&value))).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// The record of the address, if the reader may edit it.
fn target_of(acting: &Acting, raw: Option<&str>) -> Result<(Target, Asked), Box<Response>> {
    let asked = Asked::new(raw);
    let target = asked.get("file").and_then(|file| Target::parse(file, asked.get("at"), asked.get("list")));
    let Some(target) = target else { return Err(Box::new(unclear(acting))) };
    match acting.reader.may(Action::Edit, target.resource()) {
        true => Ok((target, asked)),
        false => Err(Box::new(message::nothing(Some(&acting.visitor)))),
    }
}

/// An address or a form that says too little.
pub fn unclear(acting: &Acting) -> Response {
    let text = "どの記録を変えるのかが分かりませんでした。一覧から開き直してください。何も変更していません。";
    let next = ("/", "はじめの画面へ");
    message::message(Some(&acting.visitor), StatusCode::UNPROCESSABLE_ENTITY, "受け付けられませんでした", text, next)
}

pub async fn show(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(at): Path<At>,
    RawQuery(raw): RawQuery,
) -> Response {
    let (target, query) = match target_of(&acting, raw.as_deref()) {
        Ok(asked) => asked,
        Err(response) => return *response,
    };
    let revision = shown.revision.unwrap_or_default();
    let opened = match opened(&app, &at, revision, &target).await {
        Ok(Some(opened)) => opened,
        Ok(None) => return message::nothing(Some(&acting.visitor)),
        Err(error) => return message::failed(&app, &error),
    };
    let Some(mut form) = opened.form(&target) else { return message::nothing(Some(&acting.visitor)) };
    if let Some(suggestion) = panel::suggestion(&shown, &target, query.get("risk")) {
        form.suggest(&suggestion);
    }
    let to = query.get("to").map_or_else(|| back(&shown, &target), |to| inside(to).to_owned());
    let draft = Draft { target: &target, opened: &opened, form, revision, to, why: "", also: false };
    page(&shown, &acting, draft, Outcome::default())
}

/// A form on its way to a page.
struct Draft<'a> {
    target: &'a Target,
    opened: &'a Opened,
    form: Form<'a>,
    revision: u64,
    to: String,
    why: &'a str,
    also: bool,
}

/// What the page has to say besides the form.
#[derive(Default)]
struct Outcome<'a> {
    notice: &'a str,
    mistakes: Vec<Blamed>,
    conflicts: Vec<Conflict>,
}

fn page(shown: &Shown, acting: &Acting, draft: Draft, outcome: Outcome) -> Response {
    let Draft { target, opened, form, revision, to, why, also } = draft;
    let status = match (&outcome.mistakes[..], &outcome.conflicts[..]) {
        ([], []) => StatusCode::OK,
        (_, []) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::CONFLICT,
    };
    let risks = &shown.site.view.risks.list;
    let number = |id: &String| risks.iter().find(|risk| risk.id == *id).map(|risk| risk.number.as_str());
    let removable = target.identity().is_some() && opened.stored.is_some();
    with_status(
        status,
        RecordPage {
            frame: Frame::new(shown, here(target)),
            panel: Panel::new(shown, target, opened),
            action: target.href(&shown.base),
            name: name(target, opened),
            offers: offers(&form),
            form,
            revision,
            to,
            why,
            notice: outcome.notice,
            mistakes: outcome.mistakes,
            conflicts: outcome.conflicts.into_iter().map(ConflictView::new).collect(),
            sharing: opened.sharing.iter().filter_map(number).collect(),
            also,
            removable,
            csrf: &acting.reader.csrf,
        },
    )
}

/// What tells the record from the others.
fn name(target: &Target, opened: &Opened) -> String {
    let name = opened.stored.as_ref().and_then(|stored| stored["name"].as_str()).unwrap_or_default();
    match target.identity() {
        Some(identity) if target.list() == "decisions" => {
            opened.known.name(&["risks"], &identity.fields[0]).unwrap_or(&identity.fields[0]).to_owned()
        }
        Some(_) if target.list() == "answers" => opened.fixed.first().map(|(_, id)| id.clone()).unwrap_or_default(),
        Some(_) if !name.is_empty() => name.to_owned(),
        Some(identity) if identity.fields.len() == 1 => identity.to_string(),
        _ => String::new(),
    }
}

fn here(target: &Target) -> Here {
    match (target.file, target.list()) {
        (File::Assessment, "treatments" | "considerations") => Here::Treatments,
        (File::Assessment, _) => Here::Risks,
        (File::Conformity, _) => Here::Controls,
        (_, "flows" | "rejected_flows" | "no_flows" | "flows_reviewed") => Here::Flows,
        _ => Here::Model,
    }
}

/// Where the record is shown.
fn back(shown: &Shown, target: &Target) -> String {
    let risk = |id: &str| shown.site.view.risks.list.iter().find(|risk| risk.id == id).map(|risk| risk.number.clone());
    let place = match (target.list(), target.identity()) {
        ("decisions", Some(identity)) => risk(&identity.fields[0]).map(|number| format!("/risks/{number}")),
        ("answers", Some(identity)) => {
            let id = identity.fields[0].parse::<shirube_catalog::ControlId>().ok();
            id.map(|id| format!("/controls/{}", id.ascii()))
        }
        ("statutory", _) => Some("/statutory".to_owned()),
        ("treatments" | "considerations", _) => Some("/treatments".to_owned()),
        _ => None,
    };
    let part = match target.file {
        File::Service => "service",
        File::System => "system",
        _ => "records",
    };
    let place = place.unwrap_or_else(|| format!("/model?part={part}"));
    format!("{}{place}", shown.base)
}

/// `POST …/record`: saves or removes the record.
pub async fn change(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<At>,
    RawQuery(raw): RawQuery,
    fields: Fields,
) -> Response {
    let (target, _) = match target_of(&acting, raw.as_deref()) {
        Ok(asked) => asked,
        Err(response) => return *response,
    };
    let request =
        Request { app: &app, from: &from, acting: &acting, shown: &shown, at: &at, target: &target, fields: &fields };
    request.answer().await.unwrap_or_else(|error| message::failed(&app, &error))
}

struct Request<'a> {
    app: &'a App,
    from: &'a From,
    acting: &'a Acting,
    shown: &'a Shown,
    at: &'a At,
    target: &'a Target,
    fields: &'a Fields,
}

impl Request<'_> {
    async fn answer(&self) -> Result<Response, StoreError> {
        let nothing = || message::nothing(Some(&self.acting.visitor));
        let latest = self.shown.revision.unwrap_or_default();
        let Some(based_on) = self.fields.text("~revision").parse().ok().filter(|number| *number <= latest) else {
            return Ok(unclear(self.acting));
        };
        let Some(opened) = opened(self.app, self.at, based_on, self.target).await? else { return Ok(nothing()) };
        let Some(form) = opened.form(self.target) else { return Ok(nothing()) };
        let sent = Sent::new(self.fields.iter());
        let mut form = form.with(&sent);
        let today = world::day(self.app.now());
        let signer = Signer { by: &self.acting.reader.name, on: &today };
        let also = self.fields.has("~also");
        let (read, mut faults) = match (self.fields.text("~do"), form.value(&signer)) {
            ("remove", _) => (None, Vec::new()),
            (_, Ok(value)) => (Some(value), Vec::new()),
            (_, Err(faults)) => (None, faults),
        };
        let why = self.why(read.as_ref());
        // The reason of a decision may be the reason of the change; whether there is one shows once the form is read.
        if why.is_empty() && (faults.is_empty() || !form.decides()) {
            faults.push(Fault {
                field: "~why".to_owned(),
                message: "変更の理由を入力してください。履歴に残ります。".to_owned(),
            });
        }
        let mut outcome = Outcome::default();
        if faults.is_empty() {
            let edits = self.edits(&opened, read, also);
            let wish = Wish {
                organisation: &self.at.organisation,
                service: &self.at.service,
                based_on,
                actor: &self.acting.reader.person,
                origin: self.from.origin(),
                reason: &why,
            };
            match save(self.app, &wish, &edits).await? {
                Saved::Yes { merged } => return Ok(Redirect::to(&self.next(done(merged))).into_response()),
                Saved::Unchanged => outcome.notice = "変わったところがないので、保存していません。",
                Saved::Mistakes(mistakes) => faults.extend(mistakes.iter().map(|mistake| self.fault(&form, mistake))),
                Saved::Conflicts(conflicts) => outcome.conflicts = conflicts,
            }
        }
        outcome.mistakes = blamed(&mut form, &faults);
        if outcome.conflicts.is_empty() {
            return Ok(self.page(&opened, form, based_on, also, outcome));
        }
        // What was typed goes onto what the others saved: saving again lays only the former over the latter.
        let newest =
            self.app.store().service(&self.at.organisation, &self.at.service).await?.revision.unwrap_or(latest);
        let theirs = self::opened(self.app, self.at, newest, self.target).await?;
        Ok(match theirs.as_ref().and_then(|theirs| Some((theirs, theirs.form(self.target)?))) {
            Some((theirs, now)) => self.page(theirs, form.onto(&now), newest, also, outcome),
            None => self.page(&opened, form, based_on, also, outcome),
        })
    }

    fn page(&self, opened: &Opened, form: Form, revision: u64, also: bool, outcome: Outcome) -> Response {
        let to = inside(self.fields.text("~to")).to_owned();
        let draft = Draft { target: self.target, opened, form, revision, to, why: self.fields.text("~why"), also };
        page(self.shown, self.acting, draft, outcome)
    }

    /// Why it is changed: what was typed, else the reason of the decision.
    fn why(&self, read: Option<&Value>) -> String {
        let typed = self.fields.text("~why");
        if !typed.is_empty() {
            return typed.to_owned();
        }
        let of_record = |read: &'_ Value| -> Option<String> {
            let signed = read.get("decided").or_else(|| read.get("by").map(|_| read))?;
            signed["reason"].as_str().map(str::to_owned)
        };
        read.and_then(of_record).unwrap_or_default()
    }

    /// Back to the page it came from.
    fn next(&self, done: &str) -> String {
        let to = inside(self.fields.text("~to"));
        let to = if to == "/" { back(self.shown, self.target) } else { to.to_owned() };
        match to.split_once('?') {
            Some((path, rest)) => {
                let pairs: Vec<(String, String)> = form_urlencoded::parse(rest.as_bytes())
                    .filter(|(key, _)| key != "done")
                    .map(|(k, v)| (k.into_owned(), v.into_owned()))
                    .collect();
                let mut pairs: Vec<(&str, &str)> =
                    pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
                pairs.push(("done", done));
                link(path, &pairs)
            }
            None => link(&to, &[("done", done)]),
        }
    }

    /// What saving means for the files.
    fn edits(&self, opened: &Opened, read: Option<Value>, also: bool) -> Vec<Edit> {
        let target = self.target;
        let edit = |at: Vec<Step>, change: Change| Edit { file: target.file, at, change };
        let Some(mut value) = read else { return vec![edit(target.way.clone(), Change::Remove)] };
        match target.list() {
            // The file itself: its fields one by one, the others are not in the form.
            "" => {
                let fields = value.as_object().cloned().unwrap_or_default();
                fields.into_iter().map(|(key, value)| edit(vec![Step::Key(key)], Change::Put(value))).collect()
            }
            "decisions" => self.decided(opened, value, also),
            "flows_reviewed" => {
                if let Some((count, digest)) = &opened.flows {
                    (value["flows"], value["digest"]) = ((*count).into(), digest.as_str().into());
                }
                vec![edit(target.way.clone(), Change::Put(value))]
            }
            list if target.is_new => match value["id"].as_str().map(str::to_owned) {
                Some(id) => vec![shirube_folder::edit::put_record(target.file, list, id, value)],
                None => {
                    let records = opened.list.iter().cloned().chain([value]).collect();
                    vec![edit(target.way.clone(), Change::Put(Value::Array(records)))]
                }
            },
            _ => vec![edit(target.way.clone(), Change::Put(value))],
        }
    }

    /// A decision for one risk, or for all that share it. It remembers what it rests on, so that a change of the facts
    /// asks for another look.
    fn decided(&self, opened: &Opened, mut value: Value, also: bool) -> Vec<Edit> {
        let put = |risk: &str, value: Value| {
            let at = vec![Step::Key("decisions".to_owned()), Step::Item(risk.into())];
            Edit { file: File::Assessment, at, change: Change::Put(value) }
        };
        let risk = self.target.identity().map(|identity| identity.fields[0].clone()).unwrap_or_default();
        let changed = opened.stored.as_ref().is_none_or(|stored| stored["decided"] != value["decided"]);
        let Some(bases) = opened.bases.as_ref().filter(|_| changed) else { return vec![put(&risk, value)] };
        value["basis"] = if also { bases.together.as_str() } else { bases.alone.as_str() }.into();
        let mut edits = vec![put(&risk, value.clone())];
        for other in &opened.sharing {
            let of_other = match (also, &opened.whole) {
                (true, _) => {
                    let mut same = value.clone();
                    same.as_object_mut().map(|fields| fields.remove("own"));
                    Some(same)
                }
                // The record that stays behind rests on fewer risks now.
                (false, Some(whole)) if !bases.outdated && !whole["basis"].is_null() => {
                    let mut kept = of_one(whole, other);
                    kept["basis"] = bases.others.as_str().into();
                    Some(kept)
                }
                _ => None,
            };
            edits.extend(of_other.map(|value| put(other, value)));
        }
        edits
    }

    /// A mistake of the file, at the field it comes from.
    fn fault(&self, form: &Form, mistake: &Mistake) -> Fault {
        let steps = way(&mistake.field).unwrap_or_default();
        let below = match steps.split_first() {
            // A new record was put in with its list.
            Some((Step::Item(_), rest)) if self.target.is_new => rest.to_vec(),
            Some((Step::Key(_), _)) | None if self.target.list().is_empty() => {
                let key = form.groups.iter().flat_map(|group| &group.fields).nth(mistake.edit.unwrap_or_default());
                key.map(|field| Step::Key(field.key.clone())).into_iter().collect()
            }
            _ => steps,
        };
        Fault { field: form.field_at(&shirube_folder::edit::way_text(&below)), message: mistake.message.clone() }
    }
}

/// Mistakes at their fields, and for the summary on top.
fn blamed(form: &mut Form, faults: &[Fault]) -> Vec<Blamed> {
    let (why, of_form): (Vec<&Fault>, Vec<&Fault>) = faults.iter().partition(|fault| fault.field == "~why");
    let of_form: Vec<Fault> = of_form.into_iter().cloned().collect();
    let mut all = form.blame(&of_form);
    all.extend(why.into_iter().map(|fault| Blamed {
        anchor: Some("why".to_owned()),
        label: "変更の理由".to_owned(),
        message: fault.message.clone(),
    }));
    all
}

/// A field on the page; the template calls it.
fn field_html(field: &crate::form::Field) -> html::FieldHtml<'_> {
    shown_field(field)
}
