//! What cannot be changed unseen (requirements EVID-003, EVID-004, EVID-020).
//!
//! Every change of a service and every reading of sensitive material becomes an [`Entry`]. Each is sealed with a digest
//! over its own text and the digest before it, so that a changed, lost, added or moved entry shows. What shows nothing
//! by itself is a chain cut off at its end: for that, a [`Head`] is kept outside and compared.
//!
//! The crate does no I/O and reads no clock. It does not know what the entries are about.

mod chain;
mod digest;
mod entry;
mod verify;

pub use chain::{Head, Sealed};
pub use digest::{Digest, DigestError};
pub use entry::{Entry, Origin};
pub use verify::{Break, BreakKind, Verified, Walk, verify};
