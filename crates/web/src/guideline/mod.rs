//! `/catalog`: the guidelines as they are held here, edition by edition, item by item, with what leads from one to
//! another. Nothing is shown with more certainty than it has: what nobody saw says so.

mod comparison;
mod edition;
mod item;
mod search;
mod walk;

use shirube_catalog::{Catalog, Certainty, Edition, EditionStatus, Entry, Shelf, shelf};

pub use comparison::show as compare;
pub use edition::{list, one};
pub use item::show as item;
pub use search::show as search;

use crate::query::segment;

/// The embedded shelf. Lists of an organisation's own belong to the command line.
fn held() -> &'static Shelf {
    shelf()
}

/// Address of an edition below `base`.
fn edition_href(base: &str, edition: &str) -> String {
    format!("{base}/catalog/{}", segment(edition))
}

/// Address of an item below `base`.
fn item_href(base: &str, edition: &str, id: &str) -> String {
    format!("{base}/catalog/{}/{}", segment(edition), segment(id))
}

/// Name of an edition as people call it.
fn edition_name(edition: &Edition) -> String {
    format!("{} {}", edition.title, edition.edition)
}

/// The same for lists to choose from, which show the beginning alone.
fn edition_choice(edition: &Edition) -> String {
    format!("{} {}", edition.edition, edition.title)
}

/// The words of an item; in place of words that nobody saw, that nobody did.
fn own_words(entry: &Entry) -> String {
    match entry.text_from.is_empty() {
        true => entry.text.clone(),
        false => format!("この版の言葉は見ていません（{}の要旨で代用しています）", entry.text_from),
    }
}

/// How the mark of a certainty looks: what was not seen is hatched, everywhere the same.
fn certainty_class(certainty: &Certainty) -> &'static str {
    match certainty {
        Certainty::Seen => "settled",
        Certainty::Partial => "proposed",
        Certainty::Derived => "unanswered",
    }
}

fn is_in_force(edition: &Edition) -> bool {
    edition.status == EditionStatus::InForce
}

/// Whether the words of an item are held, or borrowed, or nobody saw them.
fn is_unseen(catalog: &Catalog, id: &str) -> bool {
    catalog.entry(id).is_none_or(|entry| entry.text.is_empty())
}
