//! Signing in where the organisation's people have their accounts already: OpenID Connect, the authorization code with
//! PKCE (AUTHN-021).
//!
//! Nobody is let in by an address or a name that a provider tells: a person links the two accounts once, with the
//! password, and from then on the provider's own id of the account counts.

mod account;
mod flow;
mod provider;
mod settings;
mod token;

pub use account::{begin as begin_link, show as account, unlink};
pub use flow::{back, door, start};
pub use provider::Known;
pub use settings::{change as change_settings, show as show_settings};

use super::App;
use super::organisation::Provider;

/// Where a provider sends people back to.
const BACK: &str = "/sign-in/organisation/back";

impl App {
    /// What is registered with a provider as the address to come back to.
    fn way_back(&self) -> String {
        format!("{}{BACK}", self.0.settings.origin)
    }

    /// The provider's secret behind its seal.
    fn provider_secret(&self, organisation: &str, provider: &Provider) -> Option<String> {
        String::from_utf8(self.0.keys.open(&provider.secret, &sealed_for(organisation)).ok()?).ok()
    }
}

fn sealed_for(organisation: &str) -> String {
    format!("provider/{organisation}")
}
