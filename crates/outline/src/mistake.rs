//! What is wrong with an outline, its changes, or a template in it.

use std::fmt;

/// One mistake with its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// Where: `parts[2].body[1]`, or the id of the clause.
    pub place: String,
    /// What was found and what would be right, in Japanese.
    pub message: String,
}

impl Mistake {
    pub(crate) fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into() }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}
