//! `…/reports`: how far the regular reports to institutions have come, and drafts of them from the registers.
//!
//! What was drafted, approved and delivered stands in the register of reports; these pages keep nothing of their own.

mod draft;
mod list;

pub use draft::draft;
pub use list::show;
