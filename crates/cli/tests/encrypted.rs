//! The encrypted way of `serve`, with a peer that holds its own view of TLS against it (SELF-002).

mod support;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use support::ran;
use support::server::Server;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tls");

/// A folder with settings and the files of the server; `more` goes behind the table `[tls]`.
fn folder(more: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["server.pem", "server.key", "authority.pem"] {
        fs::copy(Path::new(DATA).join(name), folder.path().join(name)).unwrap();
    }
    let settings =
        format!("listen = \"127.0.0.1:0\"\n[tls]\ncertificate = \"server.pem\"\nkey = \"server.key\"\n{more}");
    fs::write(folder.path().join("shirube.toml"), settings).unwrap();
    folder
}

fn certificates(name: &str) -> Vec<CertificateDer<'static>> {
    CertificateDer::pem_file_iter(Path::new(DATA).join(name)).unwrap().map(Result::unwrap).collect()
}

/// A browser that trusts the authority of the tests, with or without a certificate of its own.
fn browser(with_certificate: bool) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(certificates("authority.pem").remove(0)).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let builder = builder.with_root_certificates(roots);
    Arc::new(if with_certificate {
        let key = PrivateKeyDer::from_pem_file(Path::new(DATA).join("reader.key")).unwrap();
        builder.with_client_auth_cert(certificates("reader.pem"), key).unwrap()
    } else {
        builder.with_no_client_auth()
    })
}

/// An answer and the certificate it came with, or why there was none.
fn get(address: &str, config: &Arc<ClientConfig>) -> Result<(String, Vec<u8>), std::io::Error> {
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(Arc::clone(config), name).unwrap();
    let mut stream = StreamOwned::new(connection, TcpStream::connect(address)?);
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut text = String::new();
    match stream.read_to_string(&mut text) {
        // The answer is whole by its length; a server need not take leave.
        Err(error) if text.is_empty() => return Err(error),
        _ => {}
    }
    let certificate = stream.conn.peer_certificates().unwrap()[0].to_vec();
    Ok((text, certificate))
}

#[test]
fn pages_come_encrypted_and_no_other_way() {
    let folder = folder("");
    let server = Server::start_with(folder.path(), &["--config", "shirube.toml"], true);
    let (answer, certificate) = get(&server.address, &browser(false)).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("strict-transport-security: max-age=31536000"), "{answer}");
    assert_eq!(certificate, certificates("server.pem")[0].to_vec());

    let mut plain = TcpStream::connect(&server.address).unwrap();
    plain.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"), "an unencrypted request was answered");
}

/// The files are exchanged where they lie; a signal later, connections come with the new certificate. Files that cannot
/// be used change nothing.
#[test]
fn a_renewed_certificate_needs_no_new_start() {
    let folder = folder("");
    let server = Server::start_with(folder.path(), &["--config", "shirube.toml"], true);
    let take = |certificate: &str, key: &str| {
        fs::copy(Path::new(DATA).join(certificate), folder.path().join("server.pem")).unwrap();
        fs::copy(Path::new(DATA).join(key), folder.path().join("server.key")).unwrap();
        server.hang_up();
    };
    let shown = || get(&server.address, &browser(false)).unwrap().1;
    take("renewed.pem", "server.key");
    assert_eq!(shown(), certificates("server.pem")[0].to_vec(), "a pair that does not fit is not taken");
    take("renewed.pem", "renewed.key");
    let new = certificates("renewed.pem")[0].to_vec();
    // The signal arrives when the system likes.
    assert!((0..1000).any(|_| shown() == new));
}

#[test]
fn only_browsers_with_a_certificate_get_in_where_that_is_asked() {
    let folder = folder("client_authorities = \"authority.pem\"\n");
    let server = Server::start_with(folder.path(), &["--config", "shirube.toml"], true);
    assert!(get(&server.address, &browser(false)).is_err());
    let (answer, _) = get(&server.address, &browser(true)).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// Every file that cannot be used is told with what would be right, and nothing is served.
#[test]
fn wrong_files_are_told() {
    for (file, text, told) in [
        ("server.pem", "これは証明書ではない", "証明書を読めませんでした"),
        ("server.key", "これは鍵ではない", "秘密鍵を読めませんでした"),
        ("server.key", include_str!("data/tls/renewed.key"), "証明書と秘密鍵が合いません"),
        ("authority.pem", "", "認証局の証明書を読めませんでした"),
    ] {
        let folder = folder("client_authorities = \"authority.pem\"\n");
        fs::write(folder.path().join(file), text).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_shirube"))
            .args(["serve", "--config", "shirube.toml"])
            .current_dir(folder.path())
            .output();
        let ran = ran(output.unwrap());
        assert_eq!(ran.code, 2, "{file}: {}", ran.stderr);
        assert!(ran.stderr.contains(told), "{file}: {}", ran.stderr);
    }
}
