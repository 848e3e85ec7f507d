//! What a browser sent of a record: a preview of it, or its way into a revision.

use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::Value;
use shirube_folder::edit::{Change, Edit, Step, way};
use shirube_safety::File;
use shirube_store::StoreError;

use super::super::fields::Fields;
use super::super::guard::Acting;
use super::super::preview::{self, Preview};
use super::super::save::{Mistake, Saved, Wish, done, save};
use super::super::sign_in::{From, inside};
use super::super::{App, message, world};
use super::target::{Opened, Target, of_one};
use super::{At, Draft, Outcome, back, opened, page, target_of, unclear};
use crate::form::{Blamed, Fault, Form, Sent, Signer};
use crate::query::link;
use crate::shown::Shown;

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
        if self.fields.text("~do") == "preview" {
            let edits = match (read, faults.len()) {
                (Some(read), _) => Ok(self.target.edits(&opened, Some(read), also)),
                (None, count) => Err(count),
            };
            let place = (self.at.organisation.as_str(), self.at.service.as_str(), based_on);
            let chosen = preview::chosen(self.target.list(), self.target.identity());
            let preview = Preview::of(self.app, place, edits, &self.shown.base, chosen).await?;
            return Ok(self.page(
                &opened,
                form,
                based_on,
                also,
                Outcome { preview: Some(preview), ..Outcome::default() },
            ));
        }
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
            let edits = self.target.edits(&opened, read, also);
            let wish = Wish {
                organisation: &self.at.organisation,
                service: &self.at.service,
                based_on,
                actor: &self.acting.reader.person,
                origin: self.from.origin(),
                reason: &why,
            };
            match save(self.app, &wish, &edits).await? {
                Saved::Yes { merged, .. } => return Ok(Redirect::to(&self.next(done(merged))).into_response()),
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
        let theirs = super::opened(self.app, self.at, newest, self.target).await?;
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
}

impl Target {
    /// What saving the record means for the files; none removes it.
    pub fn edits(&self, opened: &Opened, read: Option<Value>, also: bool) -> Vec<Edit> {
        let target = self;
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
        let risk = self.identity().map(|identity| identity.fields[0].clone()).unwrap_or_default();
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
}

impl Request<'_> {
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
