//! Fields as they stand on a page.

use askama::Template;

use crate::form::{Entry, Field, Form, Kind, Release};

/// One field with what is inside of it.
#[derive(Template)]
#[template(path = "app/fields.html")]
pub struct FieldHtml<'a> {
    field: &'a Field,
    /// Stands in the record itself: then browsers may insist on it.
    top: bool,
}

/// A field of a form.
pub fn shown(field: &Field) -> FieldHtml<'_> {
    FieldHtml { field, top: true }
}

/// A field inside of another: what is empty is left out, so browsers must not insist on it.
fn inside(field: &Field) -> FieldHtml<'_> {
    FieldHtml { field, top: false }
}

impl FieldHtml<'_> {
    /// What helps to read the field aloud.
    fn described(&self) -> String {
        let id = self.field.id();
        let hint = (!self.field.hint.is_empty()).then(|| format!("{id}-hint"));
        let fault = (!self.field.faults.is_empty()).then(|| format!("{id}-fault"));
        [hint, fault].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    fn insists(&self) -> bool {
        self.top && self.field.required
    }

    /// Lines of a box of text.
    fn rows(&self) -> usize {
        let lines: usize = self.field.text().lines().map(|line| 1 + line.chars().count() / 40).sum();
        (lines + 1).clamp(3, 16)
    }

    /// The records that are there, and the empty one.
    fn parted<'f>(&self, entries: &'f [Entry]) -> (Vec<&'f Entry>, Vec<&'f Entry>) {
        entries.iter().partition(|entry| !entry.fresh)
    }
}

/// Name of the list that is offered while typing.
pub fn offer(lists: &[&str]) -> String {
    format!("known-{}", lists.join("-"))
}

/// What is offered while typing, once for the whole form.
pub fn offers(form: &Form) -> Vec<(String, Vec<crate::form::Choice>)> {
    form.offered().into_iter().map(|(lists, choices)| (offer(&lists), choices)).collect()
}

/// Name of the record that a signature belongs to.
fn signed_name(field: &Field) -> &str {
    field.name.trim_end_matches("/reason")
}

/// Whether nothing of a release was written yet.
fn is_first(release: &Release) -> bool {
    release.prepared_by.is_empty()
}
