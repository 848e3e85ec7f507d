//! Daily work: what is recorded and due, and what happened while a service was in use, held against what was promised.

pub mod audit;
pub mod duty;
pub mod guard;
pub mod incident;
pub mod level;
pub mod maintenance;
pub mod register;
pub mod report;
