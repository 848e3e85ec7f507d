//! One service: who provides it, what it consists of, which 情報流 it has.

mod attribute;
mod check;
mod date;
mod flow;
mod grid;
mod party;
mod service;
mod system;
mod termination;

pub use attribute::*;
pub use check::check;
pub use date::Date;
pub use flow::{Element, Flow, Flows, Origin, derive};
pub use grid::{GridCell, grid};
pub use party::{Delivery, Duty, delivery};
pub use service::*;
pub use system::*;
pub use termination::termination_gaps;

pub(crate) use flow::similar;
