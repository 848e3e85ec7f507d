//! Daily work: what is recorded, what is due, and what that is evidence for.

pub mod register;
