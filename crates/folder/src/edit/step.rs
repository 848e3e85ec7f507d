//! The way to what is edited: keys, and records by what tells them apart.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One step of a way into a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// A field.
    Key(String),
    /// A record of a list, or a word of a list of words.
    Item(Identity),
}

/// What tells a record from the others of its list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Identity {
    /// The values of the fields that identify it, in the order of those fields; empty for a field left out.
    pub fields: Vec<String>,
    /// How many records with the same values stand before it. Lists should not repeat themselves, but may.
    #[serde(default)]
    pub nth: usize,
}

impl Identity {
    pub fn new(fields: Vec<String>) -> Self {
        Self { fields, nth: 0 }
    }
}

impl From<&str> for Identity {
    fn from(field: &str) -> Self {
        Self::new(vec![field.to_owned()])
    }
}

impl From<String> for Identity {
    fn from(field: String) -> Self {
        Self::new(vec![field])
    }
}

impl From<Vec<String>> for Identity {
    fn from(fields: Vec<String>) -> Self {
        Self::new(fields)
    }
}

/// As people read it: the fields that say something.
impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said: Vec<&str> = self.fields.iter().map(String::as_str).filter(|field| !field.is_empty()).collect();
        f.write_str(&said.join("・"))?;
        if self.nth > 0 {
            write!(f, "（{}つ目）", self.nth + 1)?;
        }
        Ok(())
    }
}

/// A way as one text, for the names of form fields and for addresses: `treatments/=T-A1/residual/impact`.
pub fn way_text(steps: &[Step]) -> String {
    let step = |step: &Step| match step {
        Step::Key(key) => escaped(key),
        Step::Item(Identity { fields, nth }) => {
            let fields: Vec<String> = fields.iter().map(|field| escaped(field)).collect();
            let again = if *nth > 0 { format!("~{nth}") } else { String::new() };
            format!("={}{again}", fields.join(","))
        }
    };
    steps.iter().map(step).collect::<Vec<_>>().join("/")
}

/// Reads what [`way_text`] wrote; `None` for anything else.
pub fn way(text: &str) -> Option<Vec<Step>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    let step = |part: &str| match part.strip_prefix('=') {
        None => Some(Step::Key(unescaped(part)?)),
        Some(item) => {
            let (fields, nth) = match item.split_once('~') {
                Some((fields, nth)) => (fields, nth.parse().ok()?),
                None => (item, 0),
            };
            let fields: Option<Vec<String>> = fields.split(',').map(unescaped).collect();
            Some(Step::Item(Identity { fields: fields?, nth }))
        }
    };
    text.split('/').map(step).collect()
}

/// Characters that mean something in the text of a way.
const MEANING: &str = "%/,=~";

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if MEANING.contains(c) || c.is_control() => escaped.push_str(&format!("%{:02X}", c as u32)),
            c => escaped.push(c),
        }
    }
    escaped
}

fn unescaped(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut plain = parts.next()?.to_owned();
    for part in parts {
        let code = u32::from_str_radix(part.get(..2)?, 16).ok()?;
        plain.push(char::from_u32(code)?);
        plain.push_str(&part[2..]);
    }
    Some(plain)
}
