//! Requests of the server to others: only to hosts that its owner listed.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::http::uri::{Authority, Scheme};
use axum::http::{Request, Response, Uri};
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// Until an answer has come whole.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Longest answer that is read.
const LONGEST_ANSWER_BYTES: u64 = 1024 * 1024;

/// The only way out. Nothing listed, nothing leaves.
#[derive(Debug, Clone, Default)]
pub struct Outgoing {
    hosts: Arc<[String]>,
    /// Made for the first request: reading the certificates of the machine takes a while.
    agent: Arc<OnceLock<Agent>>,
}

/// Why a request was not sent or had no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutgoingError {
    #[error("番地「{0}」は、通信先として読めません。「https://login.example.jp/」のように書いてください。")]
    Address(String),
    #[error(
        "「{0}」は、このサーバから通信してよい相手に入っていません。サーバの持ち主が設定の [outgoing] の hosts に加えると、通信できます。"
    )]
    NotListed(String),
    #[error("「{0}」への通信が暗号化されません。https の番地にしてください。")]
    NotEncrypted(String),
    #[error("「{host}」から10秒以内に答えを受け取れませんでした。")]
    Unreachable { host: String, log: String },
    #[error("「{0}」の答えが長すぎるため、読みませんでした（上限1MiB）。")]
    TooLong(String),
}

impl Outgoing {
    /// Lets requests go to these hosts: `host` for the usual port of the scheme, or `host:port`.
    pub fn new(hosts: Vec<String>) -> Self {
        Self { hosts: hosts.into_iter().map(|host| host.to_lowercase()).collect(), agent: Arc::default() }
    }

    /// Whether a text is `host` or `host:port` and nothing else.
    pub fn is_host(text: &str) -> bool {
        let read = text.parse::<Authority>();
        read.is_ok_and(|read| !text.contains('@') && !read.host().is_empty() && !text.ends_with(':'))
    }

    /// Sends a request and reads the answer whole. An answer that leads elsewhere is an answer; it is not followed.
    pub async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, OutgoingError> {
        let host = self.allow(request.uri())?;
        let outgoing = self.clone();
        let sent = tokio::task::spawn_blocking(move || outgoing.exchange(request, &host)).await;
        sent.unwrap_or_else(|error| Err(OutgoingError::Unreachable { host: String::new(), log: error.to_string() }))
    }

    /// The host of an address to which a request may go.
    pub(super) fn allow(&self, uri: &Uri) -> Result<String, OutgoingError> {
        let unreadable = || OutgoingError::Address(uri.to_string());
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'));
        let authority = authority.ok_or_else(unreadable)?;
        let encrypted = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => true,
            Some(scheme) if *scheme == Scheme::HTTP => false,
            _ => return Err(unreadable()),
        };
        let host = authority.host().to_lowercase();
        let usual = if encrypted { 443 } else { 80 };
        let port = authority.port_u16().unwrap_or(usual);
        let with_port = format!("{host}:{port}");
        let listed = self.hosts.iter().any(|known| *known == with_port || (port == usual && *known == host));
        if !listed {
            return Err(OutgoingError::NotListed(authority.as_str().to_owned()));
        }
        if !encrypted && !is_this_machine(&host) {
            return Err(OutgoingError::NotEncrypted(authority.as_str().to_owned()));
        }
        Ok(host)
    }

    fn exchange(&self, request: Request<Vec<u8>>, host: &str) -> Result<Response<Vec<u8>>, OutgoingError> {
        let failed = |error: ureq::Error| match error {
            ureq::Error::BodyExceedsLimit(_) => OutgoingError::TooLong(host.to_owned()),
            error => OutgoingError::Unreachable { host: host.to_owned(), log: error.to_string() },
        };
        let (parts, mut body) = self.agent.get_or_init(agent).run(request).map_err(failed)?.into_parts();
        let read = body.with_config().limit(LONGEST_ANSWER_BYTES).read_to_vec();
        Ok(Response::from_parts(parts, read.map_err(failed)?))
    }
}

fn agent() -> Agent {
    let found = rustls_native_certs::load_native_certs().certs;
    let roots: Vec<Certificate<'static>> = found.iter().map(|cert| Certificate::from_der(cert).to_owned()).collect();
    let tls = TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .root_certs(RootCerts::new_with_certs(&roots))
        .build();
    let config = Agent::config_builder()
        .tls_config(tls)
        // A proxy that the environment names is not one that the owner listed.
        .proxy(None)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .timeout_global(Some(TIMEOUT))
        .user_agent("Shirube")
        .build();
    config.new_agent()
}

/// What is sent to this machine does not pass a wire.
fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
