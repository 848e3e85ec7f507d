//! What the operator of a server sets, from a TOML file or by default.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use shirube_identity::seal::{Key, Keys};
use shirube_web::app::{Outgoing, TlsFiles};

use crate::exit::{self, Failure};

/// The settings file. Paths are relative to it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ConfigFile {
    listen: String,
    origin: Option<String>,
    behind_proxy: bool,
    data: PathBuf,
    database: Option<String>,
    key_file: Option<PathBuf>,
    log: Log,
    outgoing: OutgoingFile,
    tls: Option<TlsFile>,
}

/// Files for an encrypted way without a proxy in front.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct TlsFile {
    certificate: PathBuf,
    key: PathBuf,
    client_authorities: Option<PathBuf>,
}

/// Where the server may ask something of others.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct OutgoingFile {
    hosts: Vec<String>,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Log {
    /// One line of JSON each.
    Json,
    #[default]
    Text,
}

impl Default for ConfigFile {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8765".to_owned(),
            origin: None,
            behind_proxy: false,
            data: PathBuf::from("shirube-data"),
            database: None,
            key_file: None,
            log: Log::default(),
            outgoing: OutgoingFile::default(),
            tls: None,
        }
    }
}

/// Settings in force.
#[derive(Debug, Clone)]
pub struct Config {
    pub listen: String,
    /// What people type into their browser.
    pub origin: String,
    pub behind_proxy: bool,
    /// Address of the database.
    pub database: String,
    pub key_file: PathBuf,
    pub log: Log,
    /// Hosts that requests may go to.
    pub outgoing: Vec<String>,
    tls: Option<TlsFile>,
    data: PathBuf,
}

impl Config {
    /// Reads the settings. `listen` of the command line wins.
    pub fn read(file: Option<&Path>, listen: Option<&str>) -> Result<Self, Failure> {
        let (mut read, base) = match file {
            Some(file) => (parse(file)?, file.parent().unwrap_or(Path::new("")).to_owned()),
            None => (ConfigFile::default(), PathBuf::new()),
        };
        if let Some(listen) = listen {
            listen.clone_into(&mut read.listen);
        }
        let data = base.join(&read.data);
        let own = format!("sqlite:{}", data.join("shirube.db").display());
        let config = Self {
            origin: match read.origin {
                Some(origin) => origin.trim_end_matches('/').to_owned(),
                None if read.tls.is_some() => format!("https://{}", read.listen),
                None => format!("http://{}", read.listen),
            },
            behind_proxy: read.behind_proxy,
            database: read.database.unwrap_or(own),
            key_file: read.key_file.map_or_else(|| data.join("shirube.key"), |path| base.join(path)),
            log: read.log,
            outgoing: read.outgoing.hosts,
            tls: read.tls.map(|tls| TlsFile {
                certificate: base.join(tls.certificate),
                key: base.join(tls.key),
                client_authorities: tls.client_authorities.map(|path| base.join(path)),
            }),
            listen: read.listen,
            data,
        };
        config.check()?;
        Ok(config)
    }

    /// A way that is not encrypted stays on this machine (SELF-002).
    fn check(&self) -> Result<(), Failure> {
        let (scheme, host) = self.origin.split_once("://").unwrap_or(("", ""));
        if !matches!(scheme, "http" | "https") || host.is_empty() || host.contains('/') {
            return Err(Failure::input(format!(
                "origin の「{}」は使えません。「https://shirube.example.jp」のように、ブラウザに入力する番地を書いてください。",
                self.origin
            )));
        }
        if let Some(host) = self.outgoing.iter().find(|host| !Outgoing::is_host(host)) {
            return Err(Failure::input(format!(
                "[outgoing] の hosts の「{host}」は、通信先として読めません。「login.example.jp」か「login.example.jp:8443」のように、\
                 ホスト名と、必要ならポート番号だけを書いてください。"
            )));
        }
        let port = self.listen.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok());
        if port.is_none() {
            return Err(Failure::input(format!(
                "listen の「{}」はアドレスとして読めません。「127.0.0.1:8765」のように、アドレスと65535までのポート番号を書いてください。",
                self.listen
            )));
        }
        let local = self.listen.parse::<std::net::SocketAddr>().is_ok_and(|address| address.ip().is_loopback())
            || self.listen.starts_with("localhost:");
        if self.tls.is_some() && scheme != "https" {
            return Err(Failure::input(format!(
                "[tls] を書いたので、origin の「{}」は https:// で始まる番地にしてください。",
                self.origin
            )));
        }
        let encrypted = (self.behind_proxy || self.tls.is_some()) && scheme == "https";
        if !local && !encrypted {
            return Err(Failure::input(format!(
                "listen の「{}」は、ほかのコンピュータから届く番地です。暗号化しない通信は受け付けません。[tls] に証明書と鍵を書くか、\
                 127.0.0.1 で待ち受けて手前に TLS のプロキシを置き、origin に https の番地、behind_proxy に true を書いてください\
                 （docs/operation.md）。",
                self.listen
            )));
        }
        Ok(())
    }

    /// The files of the encrypted way, read now: they are renewed while the server runs. None without such a way.
    pub fn tls(&self) -> Result<Option<TlsFiles>, Failure> {
        let Some(paths) = &self.tls else { return Ok(None) };
        let read = |path: &Path| fs::read(path).map_err(|error| Failure::io(path, "を読めません", &error));
        Ok(Some(TlsFiles {
            certificate: read(&paths.certificate)?,
            key: read(&paths.key)?,
            client_authorities: paths.client_authorities.as_deref().map(read).transpose()?,
        }))
    }

    /// Makes the folder of the data, for its owner only.
    pub fn make_folder(&self) -> Result<(), Failure> {
        if self.data.is_dir() {
            return Ok(());
        }
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.data).map_err(|error| Failure::io(&self.data, "を作れません", &error))
    }

    /// The key of sealed secrets. It is made if there is none, unless the database already holds people: their secrets
    /// could never be opened again, and that must not happen unnoticed.
    pub fn keys(&self, is_new: bool) -> Result<Keys, Failure> {
        let path = &self.key_file;
        match fs::read_to_string(path) {
            Ok(text) => {
                let keys: Option<Vec<Key>> = text.split_whitespace().map(key).collect();
                let mut keys = keys.filter(|keys| !keys.is_empty()).ok_or_else(|| {
                    Failure::input(format!(
                        "「{}」は鍵として読めません。64桁の十六進数のはずです。控えから戻してください。",
                        path.display()
                    ))
                })?;
                let current = keys.remove(0);
                Ok(Keys::new(current, keys))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && is_new => self.make_key(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(Failure::input(format!(
                "鍵のファイル「{}」がありません。利用者の二つ目の認証を開けなくなるため、新しい鍵は作りません。控えから戻してください。",
                path.display()
            ))),
            Err(error) => Err(Failure::io(path, "を読めません", &error)),
        }
    }

    fn make_key(&self) -> Result<Keys, Failure> {
        let bytes = random();
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(&self.key_file).and_then(|mut file| {
            writeln!(file, "{text}")?;
            file.sync_all()
        });
        written.map_err(|error| Failure::io(&self.key_file, "を書けません", &error))?;
        Ok(Keys::new(Key::from_bytes(bytes), Vec::new()))
    }
}

/// Bytes nobody can guess.
pub fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).unwrap_or_else(|error| panic!("the machine gives no random numbers: {error}"));
    bytes
}

fn key(text: &str) -> Option<Key> {
    let digit = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..text.len()).step_by(2).map(digit).collect();
    Some(Key::from_bytes(bytes?.try_into().ok()?))
}

fn parse(file: &Path) -> Result<ConfigFile, Failure> {
    let text = fs::read_to_string(file).map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidData => {
            Failure::input(format!("「{}」は文字として読めません。UTF-8 で保存してください。", file.display()))
        }
        _ => Failure::io(file, "を読めません", &error),
    })?;
    toml::from_str(&text).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].lines().count().max(1));
        let known = "listen、origin、behind_proxy、data、database、key_file、log、[outgoing] の hosts、[tls] の certificate と key と client_authorities";
        Failure::input(format!(
            "{} {line}行目: 設定として読めません。書けるのは {known} で、文字は「\"」で囲みます（{}）。",
            file.display(),
            error.message()
        ))
    })
}

/// What the database said, as the command line says it.
pub fn store_failure(error: &shirube_store::StoreError) -> Failure {
    use shirube_store::StoreError as Error;
    let text = error.to_string();
    match error {
        Error::Unavailable { log } | Error::Inconsistent { log, .. } => {
            Failure::Environment(format!("{text}（{log}）"))
        }
        Error::Address | Error::Newer { .. } => Failure::input(text),
        _ => Failure::Environment(text),
    }
}

/// A runtime for commands that talk to the database.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Runtime::new()
        .map_err(|error| Failure::Environment(format!("処理を始められませんでした。{}", exit::reason(&error))))
}
