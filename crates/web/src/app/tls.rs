//! The encrypted way to the server, where no proxy in front takes care of it (SELF-002).

use std::sync::{Arc, RwLock};

use rustls::RootCertStore;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use tokio_rustls::TlsAcceptor;

/// Texts in the PEM format.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    /// Certificate of the server, then those between it and the root.
    pub certificate: Vec<u8>,
    pub key: Vec<u8>,
    /// If given, only browsers with a certificate of these authorities get in.
    pub client_authorities: Option<Vec<u8>>,
}

/// Which of the files cannot be used, and how.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlsError {
    #[error("サーバの証明書を読めませんでした。PEM 形式の証明書（BEGIN CERTIFICATE で始まる文）が要ります。")]
    Certificate,
    #[error("秘密鍵を読めませんでした。PEM 形式の、パスワードを掛けていない秘密鍵が要ります。")]
    Key,
    #[error("証明書と秘密鍵が合いません。同じ手続きで作った組を指定してください。（{0}）")]
    Pair(String),
    #[error("利用者の端末の証明書を確かめる認証局の証明書を読めませんでした。PEM 形式の証明書が要ります。")]
    Authorities,
}

/// What connections are encrypted with. Clones share it, so that a renewed certificate counts for all of them.
#[derive(Clone)]
pub struct Tls(Arc<RwLock<Arc<ServerConfig>>>);

impl Tls {
    /// TLS 1.2 and 1.3 with the cipher suites that the library still recommends.
    pub fn new(files: &TlsFiles) -> Result<Self, TlsError> {
        config(files).map(|config| Self(Arc::new(RwLock::new(config))))
    }

    /// Uses other files for connections from now on; those under way stay as they are. Nothing changes on an error.
    pub fn renew(&self, files: &TlsFiles) -> Result<(), TlsError> {
        let config = config(files)?;
        *self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner) = config;
        Ok(())
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        let config = self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        TlsAcceptor::from(Arc::clone(&config))
    }
}

fn config(files: &TlsFiles) -> Result<Arc<ServerConfig>, TlsError> {
    let chain = certificates(&files.certificate).ok_or(TlsError::Certificate)?;
    let key = PrivateKeyDer::from_pem_slice(&files.key).map_err(|_| TlsError::Key)?;
    let provider = Arc::new(ring::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| TlsError::Pair(error.to_string()))?;
    let builder = match &files.client_authorities {
        None => builder.with_no_client_auth(),
        Some(text) => {
            let mut roots = RootCertStore::empty();
            for authority in certificates(text).ok_or(TlsError::Authorities)? {
                roots.add(authority).map_err(|_| TlsError::Authorities)?;
            }
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
            builder.with_client_cert_verifier(verifier.map_err(|_| TlsError::Authorities)?)
        }
    };
    let mut config = builder.with_single_cert(chain, key).map_err(|error| TlsError::Pair(error.to_string()))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// All certificates of a text; `None` if there is none or one cannot be read.
fn certificates(text: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text).collect();
    read.ok().filter(|read| !read.is_empty())
}
