//! Who may sign in and do what: roles and rights, passwords, second factors, throttles, sessions, secrets at rest.
//!
//! Everything here is a rule on values. Times and random bytes are arguments, so the crate reads no clock and no random
//! source, knows no database and no HTTP, and every rule can be tested with a table. The numbers called defaults are
//! ours; the guideline asks for the rule and leaves the number to the operator (別紙2 3.1 to 3.3).

mod choice;
pub mod fingerprint;
pub mod hours;
pub mod passkey;
pub mod password;
pub mod qr;
pub mod recovery;
pub mod rights;
pub mod role;
pub mod seal;
pub mod secret;
pub mod session;
pub mod sign_in;
pub mod throttle;
pub mod totp;
pub mod webhook;

pub use fingerprint::Fingerprint;
pub use rights::{may, may_approve, may_lend, rights};
pub use role::{Action, OrganisationKind, Resource, Role};
pub use secret::Secret;
