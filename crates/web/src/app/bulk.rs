//! `…/controls/bulk`: one answer for several controls of 別紙2, in one revision.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Value, json};
use shirube_catalog::ControlId;
use shirube_folder::edit::{Edit, put_record};
use shirube_safety::File;
use shirube_safety::conformity::ControlStatus;
use shirube_store::{Files, StoreError};

use super::edit::{At, ConflictView, content};
use super::fields::Fields;
use super::guard::Acting;
use super::save::{Saved, Wish, done, save};
use super::shell::with_status;
use super::sign_in::From;
use super::sites::texts;
use super::{App, message, world};
use crate::form::{self, Choice};
use crate::page::Frame;
use crate::query::link;
use crate::shown::Shown;
use crate::view::{ControlView, Here};

#[derive(Template)]
#[template(path = "app/bulk.html")]
struct BulkPage<'a> {
    frame: Frame<'a>,
    csrf: &'a str,
    revision: u64,
    controls: Vec<&'a ControlView>,
    statuses: Vec<Choice>,
    fields: &'a Fields,
    /// How many of them have an answer already.
    answered: usize,
    mistakes: Vec<String>,
    conflicts: Vec<ConflictView>,
}

/// `POST …/controls/bulk`: first shows the chosen controls and asks what to write; with `~do=save` writes it.
pub async fn answer(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<At>,
    fields: Fields,
) -> Response {
    let chosen: Vec<ControlId> = fields.all("control").filter_map(|id| id.parse().ok()).collect();
    let list = &shown.site.view.controls;
    let controls: Vec<&ControlView> =
        list.iter().filter(|control| chosen.iter().any(|id| id.ascii() == control.ascii)).collect();
    let latest = shown.revision.unwrap_or_default();
    let based_on = fields.text("~revision").parse().ok().filter(|number| *number <= latest).unwrap_or(latest);
    if controls.is_empty() {
        let text = "対策項目が選ばれていません。一覧で、まとめて答える項目の左の欄を選んでください。";
        return crate::page::message::message(
            &shown,
            StatusCode::UNPROCESSABLE_ENTITY,
            "選ばれていません",
            text,
            ("/controls", "対策項目の一覧に戻る"),
        );
    }
    let page =
        |mistakes, conflicts, revision| page(&shown, &acting, &controls, &fields, (mistakes, conflicts, revision));
    if fields.text("~do") != "save" {
        return page(Vec::new(), Vec::new(), based_on);
    }
    let today = world::day(app.now());
    let wanted = match Wanted::read(&fields, &acting.reader.name, &today) {
        Ok(wanted) => wanted,
        Err(mistakes) => return page(mistakes, Vec::new(), based_on),
    };
    let files = match app.store().files(&at.organisation, &at.service, based_on).await {
        Ok(files) => files,
        Err(error) => return message::failed(&app, &error),
    };
    let ids: Vec<String> = controls.iter().map(|control| control.id.clone()).collect();
    let made = tokio::task::spawn_blocking(move || wanted.edits(&files, &ids)).await.ok().flatten();
    let Some(edits) = made else {
        let error =
            StoreError::Inconsistent { place: at.service.clone(), log: "a kept revision cannot be read".to_owned() };
        return message::failed(&app, &error);
    };
    let reason = format!("対策項目{}件にまとめて記入。{}", edits.len(), fields.text("~why"));
    let wish = Wish {
        organisation: &at.organisation,
        service: &at.service,
        based_on,
        actor: &acting.reader.person,
        origin: from.origin(),
        reason: &reason,
    };
    match save(&app, &wish, &edits).await {
        Ok(Saved::Yes { merged, .. }) => {
            Redirect::to(&link(&format!("{}/controls", shown.base), &[("done", done(merged))])).into_response()
        }
        Ok(Saved::Unchanged) => {
            page(vec!["変わるところがないので、保存していません。".to_owned()], Vec::new(), based_on)
        }
        Ok(Saved::Mistakes(mistakes)) => {
            let named = |mistake: super::save::Mistake| match mistake.edit.and_then(|at| controls.get(at)) {
                Some(control) => format!("{}: {}", control.id, mistake.message),
                None => mistake.message,
            };
            page(mistakes.into_iter().map(named).collect(), Vec::new(), based_on)
        }
        Ok(Saved::Conflicts(conflicts)) => {
            page(Vec::new(), conflicts.into_iter().map(ConflictView::new).collect(), latest)
        }
        Err(error) => message::failed(&app, &error),
    }
}

fn page(
    shown: &Shown,
    acting: &Acting,
    controls: &[&ControlView],
    fields: &Fields,
    (mistakes, conflicts, revision): (Vec<String>, Vec<ConflictView>, u64),
) -> Response {
    let status = match (mistakes.is_empty(), conflicts.is_empty()) {
        (_, false) => StatusCode::CONFLICT,
        (false, _) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    let statuses = ControlStatus::ALL.iter().map(|status| Choice::new(status.token(), status.term()));
    with_status(
        status,
        BulkPage {
            frame: Frame::new(shown, Here::Controls),
            csrf: &acting.reader.csrf,
            revision,
            answered: controls.iter().filter(|control| control.answer.is_some()).count(),
            controls: controls.to_vec(),
            statuses: statuses.filter(|status| status.value != "unanswered").collect(),
            fields,
            mistakes,
            conflicts,
        },
    )
}

/// What is written into each answer: only what was filled in.
struct Wanted {
    said: Vec<(&'static str, Value)>,
    decided: Option<Value>,
}

impl Wanted {
    fn read(fields: &Fields, by: &str, on: &str) -> Result<Self, Vec<String>> {
        let mut mistakes = Vec::new();
        let mut said: Vec<(&'static str, Value)> = Vec::new();
        let status = fields.text("status");
        match status {
            "" => {}
            known if ControlStatus::ALL.iter().any(|status| status.token() == known) => {
                said.push(("status", known.into()))
            }
            _ => mistakes.push("状況を一覧から選んでください。".to_owned()),
        }
        for key in ["owner", "reason", "how"] {
            if !fields.text(key).is_empty() {
                said.push((key, fields.text(key).into()));
            }
        }
        if !fields.text("due").is_empty() {
            match form::date(fields.text("due")) {
                Ok(due) => said.push(("due", due.into())),
                Err(message) => mistakes.push(format!("対応予定日: {message}")),
            }
        }
        if said.is_empty() {
            mistakes.push("状況・担当・予定日・理由・方法のどれかを書いてください。空の欄は変わりません。".to_owned());
        }
        if fields.text("~why").is_empty() {
            mistakes.push("変更の理由を入力してください。履歴に残ります。".to_owned());
        }
        let decided = fields.has("~decide").then(|| json!({ "by": by, "on": on, "reason": fields.text("~why") }));
        if mistakes.is_empty() { Ok(Self { said, decided }) } else { Err(mistakes) }
    }

    /// One edit for each control. An answer that is changed and not decided anew is 案 again.
    fn edits(&self, files: &Files, ids: &[String]) -> Option<Vec<Edit>> {
        let folder = shirube_folder::read(&texts(files)).ok()?;
        let content = content(&folder.files, File::Conformity)?;
        let answers = content["answers"].as_array()?;
        let edit = |id: &String| {
            let is_it = |answer: &&Value| {
                answer["control"]
                    .as_str()
                    .and_then(|control| control.parse::<ControlId>().ok())
                    .is_some_and(|known| known.to_string() == *id)
            };
            let mut answer =
                answers.iter().find(is_it).cloned().unwrap_or_else(|| json!({ "control": id, "status": "unanswered" }));
            let before = answer.clone();
            for (key, value) in &self.said {
                answer[*key] = value.clone();
            }
            if answer != before || self.decided.is_some() {
                answer["decided"] = self.decided.clone().unwrap_or_default();
            }
            put_record(File::Conformity, "answers", id.as_str(), answer)
        };
        Some(ids.iter().map(edit).collect())
    }
}
