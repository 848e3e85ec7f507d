//! What can go wrong, told apart by what the caller can do about it.

use std::fmt;

use shirube_trail::Digest;

use crate::FileFault;

/// Why the store did not do what was asked. The text is for people; what the driver said is in the fields called `log`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// It is not there, or belongs to another organisation: the two are not told apart.
    #[error("{0}が見つかりません。")]
    Missing(Missing),
    /// The id is taken within what the caller may see.
    #[error("「{0}」はすでに登録されています。別の識別子にしてください。")]
    Exists(String),
    /// An id that cannot be given.
    #[error("識別子「{0}」は使えません。空でなく、「/」と制御文字を含まないものにしてください。")]
    Id(String),
    /// Somebody else made a revision since the one that was edited.
    #[error(
        "編集している間に、ほかの人が第{current}版を登録しました。第{current}版の内容を確かめ、もう一度変更してください。"
    )]
    ChangedMeanwhile { current: u64, digest: Digest },
    /// The files cannot be kept as they are.
    #[error("ファイル「{name}」は保存できません。{fault}")]
    File { name: String, fault: FileFault },
    /// Something with a digest was to be written in a change that has one: an entry of the trail carries one pair.
    #[error(
        "一度の変更で登録できるのは、版、版の状態、発行する文書、添付ファイル、医療機関等の記録、届いた報告、台帳の記録のうち一つだけです。分けて登録してください。"
    )]
    SecondRevision,
    /// What was handed over once has been used, has run out, or never was; which of these is not told.
    #[error("使用済み、期限切れ、又は登録のないものです。")]
    Used,
    /// Somebody else brought it to another state meanwhile.
    #[error("状態がすでに「{found}」に変わっています。内容を確かめ、もう一度操作してください。")]
    State { found: String },
    /// Somebody else wrote about the entry of a register since its author read it.
    #[error("書いている間に、ほかの人が「{item}」の記録を書きました。いまの内容を確かめ、もう一度書いてください。")]
    RecordMeanwhile { item: String },
    /// Somebody was to stand for an institution, and for another one or the organisation itself at once.
    #[error("医療機関等の立場の役割と、組織の役割又は別の医療機関等の役割は、一人が同時に持てません。")]
    TwoSides,
    /// A commit without anything that it could record.
    #[error("記録する対象がありません。")]
    Nothing,
    /// The time is not written as the trail needs it.
    #[error("時刻「{0}」の形が違います。2026-11-22T01:02:03.004Z のように、協定世界時をミリ秒まで書いてください。")]
    Time(String),
    /// What is stored contradicts itself: it was changed from outside, or the medium failed.
    #[error("保存されている内容に食い違いがあります（{place}）。変更を止め、控えと照らし合わせてください。")]
    Inconsistent { place: String, log: String },
    /// A newer version of the program has been here.
    #[error(
        "データベースの形式（{found}）が、このプログラムの扱える形式（{known}）より新しいため、開きません。新しい版のプログラムをお使いください。"
    )]
    Newer { found: i64, known: i64 },
    /// The address of the database is none.
    #[error(
        "データベースの指定が読めません。「sqlite:ファイルの場所」又は「postgres://利用者@ホスト/データベース」と書いてください。"
    )]
    Address,
    /// The database does not answer; trying again later may help.
    #[error(
        "データベースを利用できません。しばらくしてからもう一度お試しください。続く場合は管理者にお知らせください。"
    )]
    Unavailable { log: String },
}

/// What was looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    Organisation,
    Service,
    Revision,
    Person,
    Membership,
    Session,
    Passkey,
    Token,
    OneTime,
    Document,
    Attachment,
    Totp,
    Webhook,
    Delivery,
    View,
    Job,
    Institution,
    ReportRequest,
    RegisterItem,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Organisation => "組織",
            Self::Service => "サービス",
            Self::Revision => "版",
            Self::Person => "利用者",
            Self::Membership => "役割",
            Self::Session => "ログインの記録",
            Self::Passkey => "パスキー",
            Self::Token => "APIトークン",
            Self::OneTime => "招待又は再設定の手続",
            Self::Document => "文書",
            Self::Attachment => "添付ファイル",
            Self::Totp => "認証アプリの登録",
            Self::Webhook => "知らせる先",
            Self::Delivery => "送り終えた知らせ",
            Self::View => "保存した見方",
            Self::Job => "作業",
            Self::Institution => "医療機関等",
            Self::ReportRequest => "報告の依頼",
            Self::RegisterItem => "台帳の記録",
        })
    }
}

impl StoreError {
    pub(crate) fn inconsistent(place: impl Into<String>, log: impl fmt::Display) -> Self {
        Self::Inconsistent { place: place.into(), log: log.to_string() }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let log = error.to_string();
        match &error {
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) | sqlx::Error::ColumnNotFound(_) => {
                Self::inconsistent("行の形", log)
            }
            _ if matches!(sqlite_code(&error), Some(SQLITE_CORRUPT | SQLITE_NOTADB)) => {
                Self::inconsistent("データベースのファイル", log)
            }
            _ => Self::Unavailable { log },
        }
    }
}

pub(crate) const SQLITE_BUSY: u32 = 5;
const SQLITE_CORRUPT: u32 = 11;
const SQLITE_NOTADB: u32 = 26;

/// The code of an error of SQLite, without the finer code in the higher bytes. PostgreSQL's codes are five characters
/// long, longer than any of these.
pub(crate) fn sqlite_code(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error()?.code()?;
    (code.len() < 5).then(|| code.parse::<u32>().ok()).flatten().map(|code| code & 0xff)
}
