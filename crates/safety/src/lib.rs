//! The safety management of one medical information service: its model, risks, treatment and answers.
//!
//! The modules build on each other in this order: [`model`], [`risk`], [`conformity`], then [`Service`],
//! which holds all of one service folder. The crate does no I/O and reads no clock or random source; an
//! unfinished model is not an error but a list of [`Finding`]s.

pub(crate) mod choice;
pub mod conformity;
mod diff;
mod finding;
pub mod model;
pub mod risk;
mod service;

pub use diff::{Change, ChangeKind, diff};
pub use finding::{File, Finding, Place, Severity};
pub use service::{Answers, Service, ServiceFiles};
