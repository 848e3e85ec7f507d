//! 運用: what happened while a service was in use, held against what was promised.

pub mod level;
