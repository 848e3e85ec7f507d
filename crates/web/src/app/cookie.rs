//! Cookies: the secret of a session, and that of a way to a provider and back.

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
        self.named(headers, self.cookie_name())
    }

    /// The header that gives a browser its secret, until it is closed.
    pub(super) fn set_cookie(&self, secret: &str) -> HeaderValue {
        self.header(Cookie::build((self.cookie_name(), secret)))
    }

    /// The header that takes the secret away.
    pub(super) fn drop_cookie(&self) -> HeaderValue {
        self.header(Cookie::build((self.cookie_name(), "")).max_age(cookie::time::Duration::ZERO))
    }

    /// The cookie of somebody who is on the way to a provider and back: it comes along from there, and no other browser
    /// can end what this one began.
    fn way_name(&self) -> &'static str {
        if self.is_secure() { "__Host-shirube-way" } else { "shirube-way" }
    }

    /// The secret of a way that a browser is on.
    pub(super) fn way(&self, headers: &HeaderMap) -> Option<String> {
        self.named(headers, self.way_name())
    }

    pub(super) fn set_way(&self, secret: &str) -> HeaderValue {
        self.header(Cookie::build((self.way_name(), secret)).max_age(cookie::time::Duration::minutes(15)))
    }

    pub(super) fn drop_way(&self) -> HeaderValue {
        self.header(Cookie::build((self.way_name(), "")).max_age(cookie::time::Duration::ZERO))
    }

    fn named(&self, headers: &HeaderMap, name: &str) -> Option<String> {
        let sent = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut cookies = sent.flat_map(|value| Cookie::split_parse(value.to_owned())).flatten();
        cookies.find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
    }

    fn header(&self, cookie: cookie::CookieBuilder<'_>) -> HeaderValue {
        let cookie = cookie.path("/").http_only(true).same_site(SameSite::Lax).secure(self.is_secure()).build();
        HeaderValue::from_str(&cookie.to_string()).expect("names and secrets are ASCII")
    }
}
