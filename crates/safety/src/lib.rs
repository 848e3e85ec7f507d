//! The safety management of one medical information service: its model, risks, treatment and answers.
//!
//! The modules build on each other in this order: [`model`], [`risk`], [`conformity`], then [`Service`],
//! which holds all of one service folder with its [`chain`] of suppliers, [`agreement`], which lays institutions
//! over it, and [`operation`], the records of daily work and what happened held against what was promised. [`calendar`]
//! comes before all of them. The crate does no I/O and reads no clock or random source; an unfinished model is not an
//! error but a list of [`Finding`]s.

pub mod agreement;
pub mod calendar;
pub mod chain;
pub mod checklist;
pub(crate) mod choice;
pub mod comparison;
pub mod conformity;
pub mod coverage;
mod diff;
mod finding;
pub mod migration;
pub mod model;
mod open;
pub mod operation;
mod provided;
pub mod risk;
pub mod selection;
mod service;
pub mod stated;
mod support;
mod text;
pub mod typed;

pub use diff::{Change, ChangeKind, diff};
pub use finding::{File, Finding, Place, Severity};
pub use open::OpenPoint;
pub use provided::{Made, Provided};
pub use service::{Answers, Service, ServiceFiles};
pub use support::{ClauseSupport, SupportState, clause_support};
pub use text::control_character;
