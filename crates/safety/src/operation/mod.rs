//! Daily work: what is recorded and due, and what happened while a service was in use, held against what was promised.

pub mod duty;
pub mod level;
pub mod register;
