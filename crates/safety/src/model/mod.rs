//! One service: who provides it, what it consists of, which 情報流 it has.

mod attribute;
mod check;
mod date;
mod derive;
mod disclosure;
mod document;
mod flow;
mod grid;
mod handling;
mod information;
mod method;
mod outside;
mod party;
mod protection;
mod provision;
mod service;
mod steps;
mod supply;
mod system;
mod termination;
mod unknown;
mod verb;

pub use attribute::*;
pub use check::check;
pub(crate) use check::country::abroad;
pub use date::Date;
pub use derive::derive;
pub use disclosure::*;
pub use document::*;
pub use flow::{Element, Flow, Flows, Origin, institutions};
pub use grid::{GridCell, grid};
pub use handling::*;
pub use information::*;
pub use method::*;
pub use outside::*;
pub use party::{Delivery, Duty, delivery};
pub use protection::*;
pub use provision::*;
pub use service::*;
pub use steps::{ModelStep, StepState, steps};
pub use supply::{Relation, relations};
pub use system::*;
pub use termination::{TerminationGaps, termination_gaps};

pub(crate) use flow::fnv;
pub(crate) use verb::similar;
