//! Clause documents: an outline of clauses, written as data, becomes a numbered document once facts are put in.
//!
//! [`Outline`] is read from `catalogs/outlines` (or from whoever writes one), [`Facts`] hold what is known,
//! [`compose`] decides which clauses apply, fills in, numbers, resolves references and tells what is missing and which
//! facts each clause used. The crate does no I/O, reads no clock and knows neither services nor file formats.

mod check;
mod compose;
mod composed;
mod embedded;
mod facts;
mod judge;
mod mistake;
mod number;
mod outline;
mod overlay;
mod print;
mod read;
mod settings;
mod told;

pub use check::{check, references};
pub use compose::compose;
pub use composed::{Clause, Composed, LeftOut, Missing, Piece, Why};
pub use embedded::outlines;
pub use facts::Facts;
pub use judge::{ChangeMistake, Spot, judge};
pub use mistake::Mistake;
pub use number::{circled, kana};
pub use outline::{Align, Block, Item, Limit, Outline, Part, Style, Table, Voice};
pub use overlay::{Change, Difference, Origin, Overlay, OwnClause, fingerprint};
pub use print::{NOT_STATED, dated, hours, number, percent};
pub use read::read;
pub use settings::{DatePrinter, Print, Settings};
