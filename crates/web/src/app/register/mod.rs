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
mod guard;
mod index;
mod kept;
mod ledger;
mod list;
pub mod own;
mod period;
mod print;
mod records;
mod show;
mod stated;
mod words;
mod write;

pub use body::Body;
pub use door::Door;
pub use duties::{calendar, duties, overdue};
pub use evidence::{overview, recorded};
pub use files::{LONGEST_UPLOAD_BYTES, file, take_file, take_form};
pub use guard::{done, records};
pub use index::list as index;
pub use kept::{Wanted, acts_of, book};
pub use ledger::Ledger;
pub use list::{InRegister, encoded, show as list};
pub use period::agree;
pub use print::entry_file;
pub use records::{read_records, read_register};
pub use show::{Told as Refusal, begin, lines as entry_lines, show};
pub use write::{Begun, Way, approve, begin_all, change, create, did};
