//! 合意: what was explained to and agreed with each institution, and what a change re-opens (guideline 3.2.1, 4, 5.1.6).
//!
//! A service is described once, as the *baseline*. What is different for one institution is an [`Overlay`]; laid over the
//! baseline ([`Baseline::lay`]) it gives a whole service, on which every rule speaks as on any other. [`items`] collects what has
//! to be explained or agreed. Nobody types the items: they follow from the service, so a pinned revision gives them again
//! at any time, and [`reopened`] compares two lists instead of texts that were copied.

/// What stands in the place of the name of an institution.
pub(crate) const ANY: &str = "医療機関等";

mod again;
mod apart;
mod closing;
mod collected;
mod ending;
mod file;
mod items;
mod laid;
mod others;
mod phase;
mod promoted;
mod reopened;
mod sheet;
mod standing;
mod state;

pub use again::{Again, again};
pub use closing::*;
pub use collected::{Collected, OfOverlay};
pub use ending::check_end;
pub use file::*;
pub use items::{Item, ItemKind, items};
pub use laid::{Baseline, Laid};
pub use others::Others;
pub use phase::{ContractState, PhaseLine, PhaseList, phase_lists};
pub use promoted::promoted;
use reopened::letter;
pub use reopened::{Reason, Reopened, reopened};
pub use sheet::{SheetLine, SheetValue, kept_lines, performance, terms, undone, unfilled};
pub use standing::{ItemList, Pinned, Standing, gone, next_steps, standings, to_tell};
pub use state::{ItemState, STEPS, check, counts, states, step_term};
