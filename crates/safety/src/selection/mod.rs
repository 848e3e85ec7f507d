//! Choosing a provider: what several of them disclose, side by side, and what is missing (PARTY-013, PARTY-014).
//!
//! A provider hands over [`DisclosureData`]; the institution writes a [`SelectionFile`]; [`Selection`] lays the
//! candidates side by side. Nothing here counts points, puts candidates in an order or recommends one: people judge.

mod alone;
mod ask;
mod check;
mod data;
mod file;
mod handed;
mod make;
mod mistake;
mod side;
mod term;
mod topic;

pub use data::*;
pub use file::*;
pub use make::{disclosure_data, names_kept_back};
pub use mistake::{Mistake, mistakes};
pub use side::{Candidate, CellState, Criterion, Group, Origin, Row, Selection, SideCell, Told};
