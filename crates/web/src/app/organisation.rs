//! What an organisation has set, and what follows from it for signing in.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use shirube_identity::hours::Hours;
use shirube_identity::password;
use shirube_identity::role::Role;
use shirube_identity::session;
use shirube_store::StoreError;

use super::App;

/// Under this name stand the hours of everybody whose role has none of its own.
pub const EVERYBODY: &str = "all";

/// Settings with their defaults; fields that a newer program wrote are kept as they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrganisationSettings {
    /// Whoever made a revision may not approve it (AUTHZ-006).
    pub separate_duties: bool,
    /// A session ends when nothing was done for so long (AUTHN-017).
    pub idle_minutes: u32,
    /// A session ends so long after it began.
    pub longest_hours: u32,
    /// So many sessions of one person at once (AUTHN-022).
    pub sessions: u32,
    /// Fewest characters of a password (AUTHN-005).
    pub password_shortest: u32,
    pub password_kinds: u32,
    pub password_history: u32,
    /// How long a password lasts for an account without a second factor; 0 for ever (AUTHN-006).
    pub password_days: u32,
    /// Everybody needs a second factor, whatever their roles (AUTHN-002).
    pub second_for_all: bool,
    /// When people may sign in, by role word or [`EVERYBODY`] (AUTHN-016).
    pub hours: BTreeMap<String, String>,
    /// Accounts are reviewed every so many months (AUTHN-020).
    pub review_months: u32,
    /// Accounts that were not used for so long stand out in a review.
    pub unused_days: u32,
    /// Where people of the organisation may sign in instead of here.
    pub provider: Option<Provider>,
    #[serde(flatten)]
    more: serde_json::Map<String, serde_json::Value>,
}

/// A provider of identities (OpenID Connect).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    pub issuer: String,
    pub client: String,
    /// Sealed for the organisation.
    pub secret: String,
    /// The word people type to get there.
    pub word: String,
    /// The claim that names a person for good, usually `sub`.
    pub claim: String,
    /// Values of `acr` or `amr` that say two factors were asked for. None: the second factor is asked for here.
    pub second_by: Vec<String>,
}

impl Default for OrganisationSettings {
    fn default() -> Self {
        let (session, password) = (session::Policy::default(), password::Policy::default());
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let whole = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        Self {
            separate_duties: true,
            idle_minutes: whole(session.idle.num_minutes()),
            longest_hours: whole(session.longest.num_hours()),
            sessions: small(session.concurrent),
            password_shortest: small(password.shortest),
            password_kinds: u32::from(password.kinds),
            password_history: small(password.history),
            password_days: password.expires_after.map_or(0, |period| whole(period.num_days())),
            second_for_all: false,
            hours: BTreeMap::new(),
            review_months: 6,
            unused_days: 90,
            provider: None,
            more: serde_json::Map::new(),
        }
    }
}

impl OrganisationSettings {
    /// From the text that the database keeps.
    pub fn read(text: &str) -> Result<Self, StoreError> {
        serde_json::from_str(text)
            .map_err(|error| StoreError::Inconsistent { place: "組織の設定".to_owned(), log: error.to_string() })
    }

    /// As the database keeps it.
    pub fn text(&self) -> String {
        serde_json::to_string(self).expect("settings are JSON")
    }

    pub fn session_policy(&self) -> session::Policy {
        session::Policy {
            idle: TimeDelta::minutes(i64::from(self.idle_minutes)),
            longest: TimeDelta::hours(i64::from(self.longest_hours)),
            concurrent: self.sessions as usize,
        }
    }

    pub fn password_policy(&self) -> password::Policy {
        password::Policy {
            shortest: self.password_shortest as usize,
            kinds: u8::try_from(self.password_kinds).unwrap_or(u8::MAX),
            history: self.password_history as usize,
            expires_after: (self.password_days > 0).then(|| TimeDelta::days(i64::from(self.password_days))),
        }
    }

    /// The hours of these roles, each once. Several roles add up (AUTHZ-004).
    pub fn hours_of(&self, roles: &[Role]) -> Vec<Hours> {
        let everybody = || self.hours.get(EVERYBODY);
        let mut texts: Vec<Option<&String>> =
            roles.iter().map(|role| self.hours.get(role.token()).or_else(everybody)).collect();
        if texts.is_empty() {
            texts.push(everybody());
        }
        // What cannot be read lets nobody in by mistake: settings are checked when they are made.
        let mut hours: Vec<Hours> =
            texts.into_iter().filter_map(|text| text.map_or(Ok(Hours::always()), |t| t.parse()).ok()).collect();
        hours.dedup();
        hours
    }

    /// Whether somebody with these roles may sign in at a time.
    pub fn allow(&self, roles: &[Role], now: DateTime<Utc>) -> bool {
        self.hours_of(roles).iter().any(|hours| hours.allow(now))
    }
}

/// The settings of an organisation.
pub async fn settings(app: &App, organisation: &str) -> Result<OrganisationSettings, StoreError> {
    OrganisationSettings::read(&app.store().settings(organisation).await?)
}
