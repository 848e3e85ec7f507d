//! What people state for documents made of clauses, beside what the model, the risks and the answers already say.
//!
//! A fact stands in one place only: every document reads it from there. All of it is optional, and what is absent is
//! printed as 〔未記載〕, never as a default.

mod check;
mod checklists;
mod clocks;
mod disclosure;
mod hours;
mod house;
mod rules;
mod sla;
mod supply;
mod value;

pub(crate) use check::{check, evaluation_period};
pub use checklists::*;
pub(crate) use clocks::check_clocks;
pub use disclosure::*;
pub use hours::calendar;
pub use house::*;
pub use rules::*;
pub use sla::*;
pub use supply::*;
pub use value::{Share, TimeOfDay};
