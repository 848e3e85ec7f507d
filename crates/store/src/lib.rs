//! What is kept: organisations, their services, the revisions of these, and the trail of what was done.
//!
//! The crate speaks SQL and nobody else does. The same statements run on SQLite and PostgreSQL. Every query on what
//! belongs to an organisation takes the organisation it is for; an id of another one is [`StoreError::Missing`], as if
//! it did not exist. Ids and times are arguments: the crate reads no clock and draws no lots.
//!
//! A [`Change`] is one transaction and ends in exactly one entry of the trail, or leaves nothing.

mod change;
mod error;
mod files;
mod migration;
mod open;
mod reading;
mod verify;

pub use change::{Change, Event};
pub use error::{Missing, StoreError};
pub use files::{FileFault, Files};
pub use open::Store;
pub use reading::{Organisation, Revision, Service};
pub use verify::{Damage, Verification};
