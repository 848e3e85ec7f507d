//! The one cookie: the secret of a session.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite};

use super::App;

impl App {
    /// Browsers take a `__Host-` cookie only over an encrypted way, for one host and all of it.
    fn cookie_name(&self) -> &'static str {
        if self.is_secure() { "__Host-shirube" } else { "shirube" }
    }

    /// The secret a browser sent.
    pub(super) fn cookie(&self, headers: &HeaderMap) -> Option<String> {
        let sent = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut cookies = sent.flat_map(|value| Cookie::split_parse(value.to_owned())).flatten();
        cookies.find(|cookie| cookie.name() == self.cookie_name()).map(|cookie| cookie.value().to_owned())
    }

    /// The header that gives a browser its secret, until it is closed.
    pub(super) fn set_cookie(&self, secret: &str) -> HeaderValue {
        self.header(Cookie::build((self.cookie_name(), secret)))
    }

    /// The header that takes the secret away.
    pub(super) fn drop_cookie(&self) -> HeaderValue {
        self.header(Cookie::build((self.cookie_name(), "")).max_age(cookie::time::Duration::ZERO))
    }

    fn header(&self, cookie: cookie::CookieBuilder<'_>) -> HeaderValue {
        let cookie = cookie.path("/").http_only(true).same_site(SameSite::Lax).secure(self.is_secure()).build();
        HeaderValue::from_str(&cookie.to_string()).expect("names and secrets are ASCII")
    }
}
