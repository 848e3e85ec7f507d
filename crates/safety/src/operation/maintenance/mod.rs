//! Maintenance that concerns institutions: what has to be told or consented to before, by whom, and reported after
//! (OPS-019 to OPS-021, 別紙1 II 6.5(3)).
//!
//! The classes and the days of the example are data (`catalogs/rules/maintenance.yaml`); days that both sides agreed on
//! stand in `sla.yaml`. A consent is a record of one institution: what is not recorded counts as not given.

mod check;
mod notice;
mod terms;
#[cfg(test)]
mod tests;

pub use check::check;
pub use notice::{Consent, Deadline, Notice, Standing};
pub use terms::Terms;

/// The register of notices.
pub const NOTICES: &str = "maintenance-notices";
/// The register with one consent for each notice and institution.
pub const CONSENTS: &str = "maintenance-consents";
