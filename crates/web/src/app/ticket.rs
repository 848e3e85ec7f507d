//! What begins on one page and ends on another: a sealed text that carries its own end and is taken once.
//!
//! Nothing is kept until a ticket comes back and what it is for went well, so that nobody fills the database by asking.

use chrono::Duration;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use shirube_store::{Change, StoreError};
use shirube_trail::Digest;

use super::{App, world};

#[derive(Serialize, Deserialize)]
struct Sealed<T> {
    /// Who has to bring it back: the digest of a session or a cookie, or nobody in particular.
    holder: String,
    expires_at: String,
    body: T,
}

/// A ticket that came back in time, from whom it was given to.
#[derive(Debug)]
pub struct Ticket<T> {
    pub body: T,
    digest: String,
    expires_at: String,
}

impl App {
    /// Gives a ticket for one purpose to one holder.
    pub(super) fn ticket<T: Serialize>(
        &self,
        purpose: &str,
        holder: &str,
        minutes: i64,
        body: T,
    ) -> Result<String, StoreError> {
        let expires_at = world::written(self.now() + Duration::minutes(minutes));
        let sealed = Sealed { holder: holder.to_owned(), expires_at, body };
        let plain = serde_json::to_vec(&sealed).map_err(|error| broken(&error))?;
        self.0.keys.seal(self.random(), &plain, &context(purpose)).map_err(|error| broken(&error))
    }

    /// Opens a ticket. Whether it was used already shows when it is spent.
    pub(super) fn open_ticket<T: DeserializeOwned>(
        &self,
        purpose: &str,
        holder: &str,
        text: &str,
    ) -> Option<Ticket<T>> {
        let plain = self.0.keys.open(text, &context(purpose)).ok()?;
        let sealed: Sealed<T> = serde_json::from_slice(&plain).ok()?;
        let holds = sealed.holder == holder && self.at() < sealed.expires_at;
        let digest = Digest::of(text.as_bytes()).to_string();
        holds.then_some(Ticket { body: sealed.body, digest, expires_at: sealed.expires_at })
    }
}

impl<T> Ticket<T> {
    /// Uses it up within the change that it is for: [`StoreError::Used`] the second time.
    pub async fn spend(&self, change: &mut Change, now: &str) -> Result<(), StoreError> {
        change.spend(&self.digest, &self.expires_at, now).await
    }
}

/// Tickets for one thing are never taken for another.
fn context(purpose: &str) -> String {
    format!("ticket/{purpose}")
}

fn broken(error: &dyn std::error::Error) -> StoreError {
    StoreError::Inconsistent { place: "鍵".to_owned(), log: error.to_string() }
}
