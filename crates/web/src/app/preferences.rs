//! What a person prefers: how pages look, and which guides are put away.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};
use shirube_store::{Event, Person, StoreError};

use super::fields::Fields;
use super::guard::Present;
use super::sign_in::{From, inside};
use super::{App, message};

/// On which paper pages are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// As the device has it.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    pub fn term(self) -> &'static str {
        match self {
            Self::System => "機器の設定に合わせる",
            Self::Light => "明るい画面",
            Self::Dark => "暗い画面",
        }
    }

    pub fn token(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// What the page says to its style sheet.
    pub fn chosen(self) -> Option<&'static str> {
        (self != Self::System).then(|| self.token())
    }
}

/// All of it, as it is kept. What an older program did not know is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    pub theme: Theme,
    /// Services whose guide through the first hour is put away.
    pub without_guide: BTreeSet<String>,
}

impl Preferences {
    /// From what is kept; the usual where nothing is, or nothing that can be read.
    pub fn read(kept: Option<&str>) -> Self {
        kept.and_then(|kept| serde_json::from_str(kept).ok()).unwrap_or_default()
    }
}

/// Most guides that are remembered as put away; the oldest names go first.
const MOST_PUT_AWAY: usize = 500;

async fn keep(app: &App, from: &From, person: &Person, preferences: &Preferences) -> Result<(), StoreError> {
    let body = serde_json::to_string(preferences).expect("words are JSON");
    let mut change = app.store().begin(&person.organisation).await?;
    change.set_preferences(&person.id, &body).await?;
    change.about(&format!("person/{}", person.id));
    let event = Event { action: "preferences.changed".to_owned(), note: String::new() };
    change.commit(&person.id, from.origin(), &app.at(), event).await.map(drop)
}

/// `POST /account/look`: light, dark or as the device has it.
pub async fn set_look(State(app): State<App>, from: From, Present(visitor): Present, fields: Fields) -> Response {
    let Some(theme) = Theme::ALL.into_iter().find(|theme| theme.token() == fields.text("theme")) else {
        return Redirect::to("/account").into_response();
    };
    let preferences = Preferences { theme, ..visitor.preferences.clone() };
    match keep(&app, &from, &visitor.person, &preferences).await {
        Ok(()) => Redirect::to("/account?done=look").into_response(),
        Err(error) => message::failed(&app, &error),
    }
}

/// `POST /account/guide`: puts the guide of a service away, or takes it out again.
pub async fn set_guide(State(app): State<App>, from: From, Present(visitor): Present, fields: Fields) -> Response {
    let service = fields.text("service");
    let mut preferences = visitor.preferences.clone();
    let is_known = !service.is_empty() && service.len() <= 64;
    match fields.text("do") {
        "show" => {
            preferences.without_guide.remove(service);
        }
        _ if is_known => {
            preferences.without_guide.insert(service.to_owned());
            while preferences.without_guide.len() > MOST_PUT_AWAY {
                preferences.without_guide.pop_first();
            }
        }
        _ => {}
    }
    match keep(&app, &from, &visitor.person, &preferences).await {
        Ok(()) => Redirect::to(inside(fields.text("to"))).into_response(),
        Err(error) => message::failed(&app, &error),
    }
}
