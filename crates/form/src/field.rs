//! The fields of a form: what they are, what stands in them, and what stood in them before.

use serde_json::Value;
use shirube_catalog::Explanation;

use super::Choice;

/// One field, or several that belong together.
#[derive(Debug, Clone)]
pub struct Field {
    /// Name in the form: the way below the record, e.g. `measures/~0/text`.
    pub name: String,
    /// Name in the record.
    pub key: String,
    pub label: String,
    pub hint: String,
    /// What stands beside the question.
    pub explanation: Option<&'static Explanation>,
    pub required: bool,
    pub kind: Kind,
    /// What stands in it; several for boxes to tick.
    pub content: Vec<String>,
    /// The content is a suggestion nobody has decided on.
    pub suggested: bool,
    /// What is wrong with it.
    pub faults: Vec<String>,
    /// What stood in it as the form was opened.
    pub(super) origin: Vec<String>,
    /// What the record holds.
    pub(super) stored: Option<Value>,
}

/// What a field takes.
#[derive(Debug, Clone)]
pub enum Kind {
    Text {
        suggestions: Vec<String>,
    },
    /// Several lines.
    Long,
    Number {
        min: Option<i64>,
        max: Option<i64>,
    },
    Date,
    /// One of a few.
    Choice {
        options: Vec<Choice>,
        of: Of,
        radios: bool,
    },
    /// Some of a few.
    Choices {
        options: Vec<Choice>,
        at_least: u64,
    },
    /// One id out of many: typed, with the known ones offered.
    Reference {
        lists: Vec<&'static str>,
        strict: bool,
    },
    /// One text to a line; ids of lists, where there are any.
    Lines {
        lists: Vec<&'static str>,
        strict: bool,
        at_least: u64,
    },
    /// Rows of words, one row to a line.
    Table,
    /// A record inside the record. An optional one is left out while nothing is written.
    Group {
        fields: Vec<Field>,
        optional: bool,
    },
    /// A list of fixed length.
    Row {
        fields: Vec<Field>,
    },
    /// Records, each with a box to remove it; the last one is empty.
    List {
        entries: Vec<Entry>,
        noun: String,
        at_least: u64,
    },
    /// Who decided, when and why. Only the reason is asked.
    Signed {
        optional: bool,
        ticked: bool,
        before: Option<(String, String)>,
        words: SignedWords,
    },
    /// Who prepared and who approved.
    Release(Release),
    /// The person at the form, or the day: never asked.
    Stamp(Stamp),
    /// Not shown, and kept as it is.
    Kept,
}

/// What a decision is called where it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedWords {
    /// Beside the box of one that may be left open.
    pub tick: &'static str,
    /// What the box means.
    pub about: &'static str,
    /// Of the reason.
    pub reason: &'static str,
}

/// What the words of a choice stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Words,
    Numbers,
    /// はい and いいえ.
    Truths,
}

/// What the server itself writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stamp {
    By,
    On,
}

/// A text of one's own that a second person approves.
#[derive(Debug, Clone)]
pub struct Release {
    pub prepared_by: String,
    pub approved: Option<(String, String)>,
    /// The box to approve is ticked.
    pub ticked: bool,
    /// Reason, and the day from which it is used.
    pub fields: Vec<Field>,
}

/// A record of a list.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Name of the record in the form, e.g. `measures/~0`.
    pub name: String,
    pub fields: Vec<Field>,
    /// The empty one at the end.
    pub fresh: bool,
    pub removed: bool,
    /// What tells it from the others.
    pub title: String,
    pub(super) stored: Option<Value>,
}

impl Field {
    /// What stands in a field that holds one text.
    pub fn text(&self) -> &str {
        self.content.first().map_or("", String::as_str)
    }

    pub fn holds(&self, value: &str) -> bool {
        self.content.iter().any(|content| content == value)
    }

    /// Name of the element on the page.
    pub fn id(&self) -> String {
        format!("f-{}", self.name)
    }

    /// Nobody has looked at it: shown hatched wherever it appears.
    pub fn is_unknown(&self) -> bool {
        matches!(self.kind, Kind::Choice { of: Of::Words, .. }) && self.text() == "unknown"
    }

    /// Whether something stands in it that does not stand there by itself.
    pub(super) fn is_blank(&self) -> bool {
        match &self.kind {
            Kind::Group { fields, .. } | Kind::Row { fields } => fields.iter().all(Self::is_blank),
            Kind::List { entries, .. } => entries.iter().all(Entry::is_blank),
            Kind::Signed { .. } => self.text().trim().is_empty(),
            Kind::Release(release) => release.fields.iter().all(Self::is_blank) && !release.ticked,
            Kind::Stamp(_) | Kind::Kept => true,
            // What stands there by itself, nobody has written.
            _ if self.stored.is_none() && self.content == self.origin => !self.suggested,
            Kind::Choice { .. } => false,
            _ => self.content.iter().all(|text| text.trim().is_empty()),
        }
    }

    /// Whether the field of this name, which is this or inside of it, has something in it.
    pub(super) fn is_typed(&self, name: &str) -> bool {
        let here = self.name == name && self.content.iter().any(|text| !text.trim().is_empty());
        here || self.children().any(|field| field.is_typed(name))
    }

    /// A group that says something, or has a mistake: shown open.
    pub fn is_open(&self) -> bool {
        !self.is_blank() || self.stored.as_ref().is_some_and(|stored| !stored.is_null()) || self.has_fault()
    }

    pub fn has_fault(&self) -> bool {
        !self.faults.is_empty() || self.children().any(Self::has_fault)
    }

    /// The fields inside.
    pub fn children(&self) -> Box<dyn Iterator<Item = &Field> + '_> {
        match &self.kind {
            Kind::Group { fields, .. } | Kind::Row { fields } => Box::new(fields.iter()),
            Kind::Release(release) => Box::new(release.fields.iter()),
            Kind::List { entries, .. } => Box::new(entries.iter().flat_map(|entry| &entry.fields)),
            _ => Box::new(std::iter::empty()),
        }
    }

    pub(super) fn children_mut(&mut self) -> Box<dyn Iterator<Item = &mut Field> + '_> {
        match &mut self.kind {
            Kind::Group { fields, .. } | Kind::Row { fields } => Box::new(fields.iter_mut()),
            Kind::Release(release) => Box::new(release.fields.iter_mut()),
            Kind::List { entries, .. } => Box::new(entries.iter_mut().flat_map(|entry| &mut entry.fields)),
            _ => Box::new(std::iter::empty()),
        }
    }
}

impl Entry {
    pub(super) fn is_blank(&self) -> bool {
        self.fields.iter().all(Field::is_blank)
    }

    pub fn has_fault(&self) -> bool {
        self.fields.iter().any(Field::has_fault)
    }
}
