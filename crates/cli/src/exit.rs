//! How a command ends: exit codes of the contract, and failures as Japanese sentences.

use std::fmt;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

/// Findings, or a failed check.
pub const FINDINGS: u8 = 1;
/// Bad input or usage.
pub const INPUT: u8 = 2;
/// Disk, network.
pub const ENVIRONMENT: u8 = 3;

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Failure {
    /// The input is unusable; every sentence says what is wrong and what would be right.
    Input(Vec<String>),
    /// The machine did not let us.
    Environment(String),
    /// Whoever reads our output went away. Nothing to say.
    Closed,
}

impl Failure {
    /// Unusable input with one sentence.
    pub fn input(message: impl Into<String>) -> Self {
        Self::Input(vec![message.into()])
    }

    /// A file or folder that could not be used.
    pub fn io(path: &Path, doing: &str, error: &io::Error) -> Self {
        let path = path.display();
        match error.kind() {
            io::ErrorKind::NotFound => {
                Self::input(format!("「{path}」が見つかりません。場所と名前を確かめてください。"))
            }
            _ => Self::Environment(format!("「{path}」{doing}。{}", reason(error))),
        }
    }

    pub fn code(&self) -> ExitCode {
        match self {
            Self::Input(_) => ExitCode::from(INPUT),
            Self::Environment(_) => ExitCode::from(ENVIRONMENT),
            Self::Closed => ExitCode::SUCCESS,
        }
    }
}

/// What the operating system said, in Japanese.
pub fn reason(error: &io::Error) -> String {
    use io::ErrorKind as Kind;
    match error.kind() {
        Kind::PermissionDenied => "読み書きの権限がありません。".to_owned(),
        Kind::ReadOnlyFilesystem => "読み取り専用の場所です。別の出力先を指定してください。".to_owned(),
        Kind::StorageFull | Kind::QuotaExceeded => {
            "ディスクの空きがありません。空きを作ってからやり直してください。".to_owned()
        }
        Kind::NotADirectory => "フォルダではありません。".to_owned(),
        Kind::IsADirectory => "フォルダです。ファイルを指定してください。".to_owned(),
        Kind::AlreadyExists => "同じ名前のものがすでにあります。".to_owned(),
        Kind::AddrInUse => {
            "そのアドレスは、ほかのプログラムが使っています。--listen で別の番号を指定してください。".to_owned()
        }
        Kind::AddrNotAvailable => "そのアドレスは、この機器では使えません。".to_owned(),
        _ => match error.raw_os_error() {
            Some(number) => format!("OSのエラー（番号{number}）です。"),
            None => "入出力のエラーです。".to_owned(),
        },
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(messages) => f.write_str(&messages.join("\n")),
            Self::Environment(message) => f.write_str(message),
            Self::Closed => Ok(()),
        }
    }
}

/// Writes a result to standard output. A reader that went away (`| head`) is no failure.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Failure::Closed),
        Err(error) => Err(Failure::Environment(format!("結果を書き出せませんでした。{}", reason(&error)))),
    }
}

/// A result as indented JSON.
pub fn json(value: &serde_json::Value) -> String {
    // Serialising a `Value` cannot fail: its keys are text and its numbers are finite.
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}
