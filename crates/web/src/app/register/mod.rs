//! Registers of operation: lists, entries with their steps and duties, and the days on which something is due.
//!
//! All pages follow from the declarations of registers; none is made for one register. What was written stays.

mod body;
mod door;
mod duties;
mod evidence;
pub mod feed;
mod fields;
mod files;
mod index;
mod ledger;
mod list;
pub mod own;
mod period;
mod print;
mod show;
mod stated;
mod words;
mod write;

pub use body::Body;
pub use door::Door;
pub use duties::{calendar, duties, overdue};
pub use evidence::{overview, recorded};
pub use files::{LONGEST_UPLOAD_BYTES, file, take_file, take_form};
pub use index::list as index;
pub use list::{encoded, show as list};
pub use period::agree;
pub use print::entry_file;
pub use show::{Told as Refusal, begin, show};
pub use write::{Way, approve, change, create, did};
