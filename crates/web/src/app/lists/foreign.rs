//! `…/lists/own`: a table people already have, column by column into a list of the service.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use shirube_exchange::{Book, Goal, Guess, Taken, Target, guess, take, targets};
use shirube_folder::edit::Texts;
use shirube_store::StoreError;

use super::{LONGEST_KEPT_BYTES, refused};
use crate::app::edit::{ConflictView, unclear};
use crate::app::fields::Fields;
use crate::app::guard::Acting;
use crate::app::revisions::InService;
use crate::app::save::{Saved, Wish, done, save};
use crate::app::shell::with_status;
use crate::app::sign_in::From;
use crate::app::sites::texts;
use crate::app::{App, message};
use crate::page::Frame;
use crate::query::link;
use crate::reader::{Action, Resource};
use crate::shown::Shown;
use crate::view::Here;

#[derive(Template)]
#[template(path = "app/list-mapping.html")]
struct MappingPage<'a> {
    frame: Frame<'a>,
    csrf: &'a str,
    revision: u64,
    /// The table, to come back with the form.
    book: &'a str,
    targets: Vec<Target>,
    sheets: Vec<&'a str>,
    guess: &'a Guess,
    goals: Vec<Goal>,
    taken: Option<Taken>,
    mistakes: Vec<String>,
    conflicts: Vec<ConflictView>,
    why: &'a str,
}

impl MappingPage<'_> {
    /// Fields a record cannot do without and that no column has.
    fn wanting(&self) -> Vec<&Goal> {
        let has = |goal: &&Goal| self.guess.columns.iter().any(|column| column.field.as_ref() == Some(&goal.key));
        self.goals
            .iter()
            .filter(|goal| goal.required && goal.key != "control" && goal.key != "name" && !has(goal))
            .collect()
    }

    fn constant(&self, key: &str) -> &str {
        self.guess.constants.get(key).map_or("", String::as_str)
    }

    fn goes(&self, field: &Option<String>, key: &str) -> bool {
        field.as_deref() == Some(key)
    }

    fn is_ready(&self) -> bool {
        self.mistakes.is_empty() && self.taken.as_ref().is_some_and(|taken| !taken.changes.is_empty())
    }
}

/// What a person sees and has said.
struct Seen<'a> {
    book: &'a Book,
    written: &'a str,
    guess: Guess,
    revision: u64,
    taken: Option<Taken>,
    mistakes: Vec<String>,
    conflicts: Vec<ConflictView>,
    why: &'a str,
}

fn page(acting: &Acting, shown: &Shown, texts: &Texts, state: Seen) -> Response {
    let status = match (state.mistakes.is_empty(), state.conflicts.is_empty()) {
        (_, false) => StatusCode::CONFLICT,
        (false, _) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    let goals = match state.guess.goals(texts) {
        Ok(goals) => goals,
        Err(told) => return refused(acting, shown, told),
    };
    with_status(
        status,
        MappingPage {
            frame: Frame::new(shown, Here::Lists),
            csrf: &acting.reader.csrf,
            revision: state.revision,
            book: state.written,
            targets: targets(),
            sheets: state.book.sheets.iter().map(|sheet| sheet.name.as_str()).collect(),
            guess: &state.guess,
            goals,
            taken: state.taken,
            mistakes: state.mistakes,
            conflicts: state.conflicts,
            why: state.why,
        },
    )
}

/// The first look at a table: proposes the list that most of its columns fit.
pub async fn begin(app: &App, acting: &Acting, shown: &Shown, at: &InService, mut book: Book) -> Response {
    book.sheets.retain(|sheet| sheet.rows.iter().filter(|row| !row.is_empty()).count() > 1);
    let written = serde_json::to_string(&book).unwrap_or_default();
    if book.sheets.is_empty() {
        return refused(acting, shown, vec!["見出しと行のある表が見つかりません。".to_owned()]);
    }
    if written.len() > LONGEST_KEPT_BYTES {
        let text = "表が大きすぎて、一度に確かめられません。要るシートと行だけを新しいブックに写し、分けて取り込んでください。";
        return refused(acting, shown, vec![text.to_owned()]);
    }
    let revision = shown.revision.unwrap_or_default();
    let texts = match texts_of(app, at, revision).await {
        Ok(texts) => texts,
        Err(error) => return message::failed(app, &error),
    };
    let matched = |guess: &Guess| guess.columns.iter().filter(|column| column.field.is_some()).count();
    let proposed = targets().into_iter().filter_map(|target| guess(&book, target.token, None, &texts).ok());
    let Some(guess) = proposed.max_by_key(matched) else {
        return refused(
            acting,
            shown,
            vec!["表の見出しが見つかりません。見出しの行のある表を選んでください。".to_owned()],
        );
    };
    let state = Seen {
        book: &book,
        written: &written,
        guess,
        revision,
        taken: None,
        mistakes: Vec::new(),
        conflicts: Vec::new(),
        why: "",
    };
    page(acting, shown, &texts, state)
}

async fn texts_of(app: &App, at: &InService, revision: u64) -> Result<Texts, StoreError> {
    Ok(texts(&app.store().files(&at.organisation, &at.service, revision).await?))
}

/// `POST …/lists/own`: with `~do=guess` looks again for the headings, with `look` shows what would become of the
/// rows, with `save` takes them in.
pub async fn map(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    fields: Fields,
) -> Response {
    let latest = shown.revision.unwrap_or_default();
    let revision = fields.text("~revision").parse().ok().filter(|number| (1..=latest).contains(number));
    let written = fields.raw("~book");
    let (Some(revision), Ok(book)) = (revision, serde_json::from_str::<Book>(written)) else { return unclear(&acting) };
    let texts = match texts_of(&app, &at, revision).await {
        Ok(texts) => texts,
        Err(error) => return message::failed(&app, &error),
    };
    let sheet = fields.text("~sheet").parse().ok().filter(|sheet| *sheet < book.sheets.len());
    let (target, doing) = (fields.text("~target"), fields.text("~do"));
    let needed = if target == "answers" { Resource::Control } else { Resource::Model };
    if !acting.reader.may(Action::Import, needed) {
        return message::nothing(Some(&acting.visitor));
    }
    let proposed = match guess(&book, target, sheet, &texts) {
        Ok(proposed) => proposed,
        Err(told) => return refused(&acting, &shown, told),
    };
    let guess = if doing == "guess" { proposed } else { said(proposed, &fields) };
    let why = fields.text("~why");
    let mut state =
        Seen { book: &book, written, guess, revision, taken: None, mistakes: Vec::new(), conflicts: Vec::new(), why };
    if doing == "guess" {
        return page(&acting, &shown, &texts, state);
    }
    match take(&book, &state.guess, &texts) {
        Ok(taken) => state.taken = Some(taken),
        Err(told) => state.mistakes = told,
    }
    if doing == "save" && why.is_empty() {
        state.mistakes.push("変更の理由を入力してください。履歴に残ります。".to_owned());
    }
    let edits = state.taken.as_ref().map(|taken| taken.edits.clone()).unwrap_or_default();
    if doing != "save" || !state.mistakes.is_empty() || edits.is_empty() {
        return page(&acting, &shown, &texts, state);
    }
    let wish = Wish {
        organisation: &at.organisation,
        service: &at.service,
        based_on: revision,
        actor: &acting.reader.person,
        origin: from.origin(),
        reason: why,
    };
    match save(&app, &wish, &edits).await {
        Ok(Saved::Yes { merged, .. }) => {
            return Redirect::to(&link(&format!("{}/lists", shown.base), &[("done", done(merged))])).into_response();
        }
        Ok(Saved::Unchanged) => {
            state.mistakes.push("今の内容と同じなので、新しい版は作りません（変更0件）。".to_owned())
        }
        Ok(Saved::Mistakes(mistakes)) => state.mistakes = mistakes.into_iter().map(|mistake| mistake.message).collect(),
        Ok(Saved::Conflicts(conflicts)) => state.conflicts = conflicts.into_iter().map(ConflictView::new).collect(),
        Err(error) => return message::failed(&app, &error),
    }
    page(&acting, &shown, &texts, state)
}

/// The mapping as the form has it.
fn said(mut guess: Guess, fields: &Fields) -> Guess {
    if let (Ok(first), Ok(height)) = (fields.text("~first").parse::<usize>(), fields.text("~height").parse::<usize>())
        && (first, height) == (guess.first, guess.height)
    {
        for column in &mut guess.columns {
            let chosen = fields.text(&format!("column-{}", column.letter));
            column.field = Some(chosen.to_owned()).filter(|key| !key.is_empty());
        }
    }
    let constants = fields.iter().filter_map(|(name, value)| Some((name.strip_prefix("all-")?, value.trim())));
    guess.constants = constants
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect::<BTreeMap<_, _>>();
    guess
}
