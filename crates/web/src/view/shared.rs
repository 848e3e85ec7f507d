//! Texts that hundreds of risks have in common are kept once: a site stays small enough to keep many.

use std::collections::HashSet;
use std::sync::Arc;

/// A text that others may have too.
pub type Text = Arc<str>;

/// The texts of one site so far.
#[derive(Default)]
pub struct Texts(HashSet<Text>);

impl Texts {
    /// The text, made only if nobody had it before.
    pub fn of(&mut self, text: &str) -> Text {
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known);
        }
        let made = Text::from(text);
        self.0.insert(Arc::clone(&made));
        made
    }
}
