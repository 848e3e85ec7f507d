//! How long a session lasts (AUTHN-017) and how many a person may have (AUTHN-022).

use chrono::{DateTime, TimeDelta, Utc};

pub use crate::secret::{Purpose, Secret};

/// The rules of an organisation for sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// A session ends when nothing was done for so long.
    pub idle: TimeDelta,
    /// A session ends so long after it began, whatever was done.
    pub longest: TimeDelta,
    /// So many sessions at once; one more ends the oldest.
    pub concurrent: usize,
}

impl Default for Policy {
    fn default() -> Self {
        Self { idle: TimeDelta::minutes(15), longest: TimeDelta::hours(12), concurrent: 3 }
    }
}

/// Whether a session still counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Live,
    /// Nothing was done for too long.
    Idle,
    /// It began too long ago.
    TooOld,
}

impl Policy {
    /// How a session stands that began at `created` and was used last at `seen`.
    pub fn standing(&self, created: DateTime<Utc>, seen: DateTime<Utc>, now: DateTime<Utc>) -> Standing {
        if now - created >= self.longest {
            Standing::TooOld
        } else if now - seen >= self.idle {
            Standing::Idle
        } else {
            Standing::Live
        }
    }

    /// When the session ends if nothing more is done in it.
    pub fn ends(&self, created: DateTime<Utc>, seen: DateTime<Utc>) -> DateTime<Utc> {
        (created + self.longest).min(seen + self.idle)
    }

    /// How many of a person's live sessions, the oldest first, end when one more begins.
    pub fn surplus(&self, live: usize) -> usize {
        (live + 1).saturating_sub(self.concurrent.max(1))
    }
}
