//! Catalogs, crosswalks and the state of a service in OSCAL, so that other tools can read them.
//!
//! Every function here takes what the inner crates hold and returns files. Nothing is read or written, and no clock is
//! asked: identifiers are made from stable names, dates are those of the guideline or of the service. What OSCAL has no
//! field for travels as a property in [`NAMESPACE`]; what OSCAL asks for and nobody stated is said to be not stated.

mod catalog;
mod document;
mod mapping;
mod markup;
mod profile;
mod service;
mod supplied;
mod token;

pub use catalog::Official;
pub use document::{NAMESPACE, OSCAL_VERSION};
pub use profile::{Selection, selections};
pub use service::service;
pub use supplied::{ReadReport, read_report_document, report_document};
pub use token::tokens;

use shirube_catalog::{Catalog, Crosswalk};

/// One document of OSCAL as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OscalFile {
    /// Name inside the folder of the export.
    pub name: &'static str,
    /// JSON, indented, with a line break at its end.
    pub bytes: Vec<u8>,
}

/// An edition with its profiles and with every crosswalk that leads from or to it.
///
/// `all` are the catalogs that crosswalks may lead to, `crosswalks` those of the shelf. `official` is wording that a
/// user brought; without it the controls carry only our summaries.
pub fn edition(
    catalog: &Catalog,
    all: &[&Catalog],
    crosswalks: &[&Crosswalk],
    official: Option<&Official>,
) -> Vec<OscalFile> {
    let mut files = vec![OscalFile { name: "catalog.json", bytes: catalog::file(catalog, official) }];
    files.extend(profile::files(catalog));
    files.extend(
        mapping::file(catalog, all, crosswalks).map(|bytes| OscalFile { name: "mapping-collection.json", bytes }),
    );
    files
}
