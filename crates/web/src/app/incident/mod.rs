//! `…/incidents`: what to do next about an incident, until when, and whom it concerns.
//!
//! The pages show what follows from the registers; what is written goes through the forms of the registers.

mod file;
mod list;
mod read;
mod show;

pub use file::{chart, file};
pub use list::list;
pub use read::{OpenIncident, open};
pub use show::show;
