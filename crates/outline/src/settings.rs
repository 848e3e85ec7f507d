//! What a document is made with besides outline and facts.

use std::fmt;
use std::sync::Arc;

use crate::overlay::Overlay;
use crate::print::dated;

/// Shows a date such as `2026-04-01`; `None` if the text is none.
pub type DatePrinter = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// How facts are printed.
#[derive(Clone)]
pub struct Print {
    pub date: DatePrinter,
}

impl Default for Print {
    /// Western years.
    fn default() -> Self {
        let western = |text: &str| dated(text).map(|(year, month, day)| format!("{year}年{month}月{day}日"));
        Self { date: Arc::new(western) }
    }
}

impl fmt::Debug for Print {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Print")
    }
}

/// What a document is made with besides outline and facts.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    pub overlay: Overlay,
    /// Only clauses for one of these size classes; none for all.
    pub sizes: Vec<String>,
    pub print: Print,
}
