//! Saved views: the conditions of a list under a name, each person's own.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use shirube_store::{Event, SavedView, StoreError};

use super::fields::Fields;
use super::guard::Acting;
use super::sign_in::From;
use super::{App, message};
use crate::page;
use crate::shown::{Kept, Shown};

/// Lists whose conditions can be kept.
const PAGES: [&str; 3] = ["risks", "controls", "board"];

/// Views of one list of one person.
const MOST: usize = 30;

/// Longest conditions; no list has so many.
const LONGEST_CHARS: usize = 2000;

/// `GET …/risks`
pub async fn risks(State(app): State<App>, acting: Acting, shown: Shown, RawQuery(raw): RawQuery) -> Response {
    match with_views(&app, &acting, shown, "risks", raw.as_deref()).await {
        Ok(shown) => page::risks::list(shown, RawQuery(raw)).await,
        Err(error) => message::failed(&app, &error),
    }
}

/// `GET …/controls`
pub async fn controls(State(app): State<App>, acting: Acting, shown: Shown, RawQuery(raw): RawQuery) -> Response {
    match with_views(&app, &acting, shown, "controls", raw.as_deref()).await {
        Ok(shown) => page::controls::list(shown, RawQuery(raw)).await,
        Err(error) => message::failed(&app, &error),
    }
}

/// What the reader keeps for a list, beside what is shown.
pub async fn with_views(
    app: &App,
    acting: &Acting,
    shown: Shown,
    page: &str,
    raw: Option<&str>,
) -> Result<Shown, StoreError> {
    let kept = app.store().views(&acting.reader.organisation_id, &acting.reader.person, page).await?;
    let now = raw.unwrap_or_default();
    let view = |view: SavedView| Kept {
        href: format!("{}/{page}?{}#list", shown.base, view.conditions),
        on: view.conditions == now,
        id: view.id,
        name: view.name,
    };
    Ok(Shown { views: kept.into_iter().map(view).collect::<Arc<[Kept]>>(), ..shown })
}

#[derive(Deserialize)]
pub struct At {
    organisation: String,
}

/// `POST …/views`: keeps conditions, or forgets them.
pub async fn change(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<At>,
    fields: Fields,
) -> Response {
    let Some(page) = PAGES.into_iter().find(|page| *page == fields.text("page")) else {
        return super::edit::unclear(&acting);
    };
    let (name, conditions, removed) = (fields.text("name"), fields.text("conditions"), fields.text("remove"));
    let refuse = |text: &str| {
        let next = (format!("/{page}"), "一覧に戻る");
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        page::message::message(&shown, status, "保存していません", text, (&next.0, next.1))
    };
    if removed.is_empty() {
        if name.is_empty() || name.chars().count() > 40 {
            return refuse("見方の名前を40文字までで入力してください。");
        }
        if conditions.is_empty() || conditions.chars().count() > LONGEST_CHARS {
            return refuse("条件で絞り込んでから保存してください。");
        }
    }
    let changed = async {
        let person = &acting.reader.person;
        let kept = app.store().views(&at.organisation, person, page).await?;
        if removed.is_empty() && kept.len() >= MOST {
            return Ok(false);
        }
        let mut change = app.store().begin(&at.organisation).await?;
        let action = if removed.is_empty() {
            let view = SavedView {
                id: app.new_id('w'),
                page: page.to_owned(),
                name: name.to_owned(),
                conditions: conditions.to_owned(),
            };
            change.save_view(person, &view).await?;
            "view.saved"
        } else {
            change.remove_view(person, removed).await?;
            "view.removed"
        };
        let event = Event { action: action.to_owned(), note: name.to_owned() };
        change.commit(person, from.origin(), &app.at(), event).await?;
        Ok::<_, StoreError>(true)
    };
    match changed.await {
        Ok(true) if removed.is_empty() => {
            Redirect::to(&format!("{}/{page}?{conditions}#list", shown.base)).into_response()
        }
        Ok(true) => Redirect::to(&format!("{}/{page}", shown.base)).into_response(),
        Ok(false) => refuse(&format!("一つの一覧に保存できる見方は{MOST}個までです。使わないものを削除してください。")),
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}
