//! Whether what is stored is still what was recorded.

mod bytes;
mod records;

use std::collections::BTreeMap;
use std::fmt;

use shirube_trail::{Break, Digest, Entry, Head, Verified, Walk};
use sqlx::{AnyConnection, query, query_scalar};

use crate::change::printable;
use crate::reading::organisation_name;
use crate::row::text;
use crate::{Store, StoreError};

/// What a check of one organisation's trail and of all that its entries record found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// The chain of the trail. Lines of a break are entries, from 1.
    pub chain: Result<Verified, Vec<Break>>,
    /// What differs from what the trail says.
    pub damages: Vec<Damage>,
}

impl Verification {
    /// Nothing was found.
    pub fn holds(&self) -> bool {
        self.chain.is_ok() && self.damages.is_empty()
    }
}

/// Something that differs from what was recorded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Damage {
    /// The text of a file has another digest than when it was kept.
    Content { digest: String },
    /// A document or an attachment has another digest than when it was kept.
    Blob { digest: String },
    /// What entries are found by differs from the entry itself.
    Entry { number: i64 },
    /// The files of a revision, its digest or its number differ from its entry in the trail.
    Revision { service: String, number: i64 },
    /// A state of a revision differs from its entry.
    State { service: String, revision: i64, entry: i64 },
    /// The documents issued with this entry differ from it.
    Issued { service: String, revision: i64, entry: i64 },
    /// What was written about institutions with this entry differs from it.
    Institution { entry: i64 },
    /// A report that a supplier handed in differs from its entry.
    Report { service: String, request: String, number: i64 },
    /// What was written in registers with this entry differs from it.
    Register { entry: i64 },
    /// What lists show of an entry of a register is not its last record.
    RegisterItem { service: String, register: String, item: String },
    /// An attachment differs from its entry.
    Attachment { service: String, id: String },
    /// The settings of the organisation differ from the last entry about them.
    Settings,
    /// What this entry records is gone.
    Gone { entry: u64, object: String },
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Content { digest } => {
                write!(f, "ダイジェスト{digest}のファイルの内容が、保存された後に変わっています。")
            }
            Self::Blob { digest } => {
                write!(f, "ダイジェスト{digest}の文書又は添付ファイルの内容が、保存された後に変わっています。")
            }
            Self::Entry { number } => {
                write!(f, "証跡の{number}件目の検索用の項目が、記録の内容と一致しません。")
            }
            Self::Revision { service, number } => {
                write!(f, "サービス{service}の第{number}版が、証跡の記録と一致しません。")
            }
            Self::State { service, revision, entry } => {
                write!(f, "サービス{service}の第{revision}版の状態が、証跡の{entry}件目の記録と一致しません。")
            }
            Self::Issued { service, revision, entry } => {
                write!(
                    f,
                    "サービス{service}の第{revision}版として発行した文書が、証跡の{entry}件目の記録と一致しません。"
                )
            }
            Self::Institution { entry } => {
                write!(f, "証跡の{entry}件目で書いた医療機関等の記録が、証跡の記録と一致しません。")
            }
            Self::Report { service, request, number } => {
                write!(f, "サービス{service}の依頼{request}に届いた{number}件目の報告が、証跡の記録と一致しません。")
            }
            Self::Register { entry } => {
                write!(f, "証跡の{entry}件目で書いた台帳の記録が、証跡の記録と一致しません。")
            }
            Self::RegisterItem { service, register, item } => {
                write!(f, "サービス{service}の台帳{register}の「{item}」の一覧が、最後の記録と一致しません。")
            }
            Self::Attachment { service, id } => {
                write!(f, "サービス{service}の添付ファイル{id}が、証跡の記録と一致しません。")
            }
            Self::Settings => f.write_str("組織の設定が、証跡の最後の記録と一致しません。"),
            Self::Gone { entry, object } => {
                write!(f, "証跡の{entry}件目が示すもの（{object}）が見つかりません。")
            }
        }
    }
}

/// Entries read at once: enough to be quick, few enough to keep little in memory.
const PAGE: i64 = 200;

impl Store {
    /// Computes the chain and every digest of an organisation again, a page at a time. `kept` are heads that were
    /// written down outside.
    pub async fn verify_trail(&self, organisation: &str, kept: &[Head]) -> Result<Verification, StoreError> {
        let mut tx = self.begin_reading().await?;
        organisation_name(&mut tx, organisation).await?;
        let mut damages = bytes::contents(&mut tx, organisation).await?;
        damages.extend(bytes::blobs(&mut tx, organisation).await?);
        let (mut walk, mut settings, mut last) = (Walk::new(kept), None, Some(i64::MIN));
        while let Some(after) = last {
            let page = page(&mut tx, organisation, after, &mut walk, &mut damages).await?;
            let about_settings = format!("organisation/{organisation}/settings");
            let set = page.entries.values().rev().find(|entry| entry.object == about_settings);
            settings = set.and_then(|entry| entry.after).or(settings);
            // After the last entry there may be records whose entries were cut off.
            let span = (after, page.last.unwrap_or(i64::MAX));
            damages.extend(records::compare(&mut tx, organisation, span, &page.entries).await?);
            last = page.last;
        }
        damages.extend(records::register_items(&mut tx, organisation).await?);
        let present: String = query_scalar("SELECT settings FROM organisation WHERE id = $1")
            .bind(organisation)
            .fetch_one(&mut *tx)
            .await?;
        if settings.map_or(present != "{}", |recorded| recorded != Digest::of(present.as_bytes())) {
            damages.push(Damage::Settings);
        }
        Ok(Verification { chain: walk.end(), damages })
    }
}

struct Page {
    /// Those of its entries that can be read, by the number of their row.
    entries: BTreeMap<i64, Entry>,
    /// The number of the last row; none after the last page.
    last: Option<i64>,
}

async fn page(
    connection: &mut AnyConnection,
    organisation: &str,
    after: i64,
    walk: &mut Walk,
    damages: &mut Vec<Damage>,
) -> Result<Page, StoreError> {
    let rows = query(
        "SELECT number, at, actor, action, object, entry, digest FROM trail \
         WHERE organisation = $1 AND number > $2 ORDER BY number LIMIT $3",
    );
    let rows = rows.bind(organisation).bind(after).bind(PAGE).fetch_all(connection).await?;
    let mut page = Page { entries: BTreeMap::new(), last: None };
    for row in &rows {
        let (number, sealed): (i64, String) = (sqlx::Row::try_get(row, "number")?, text(row, "entry")?);
        // The line as it would be exported.
        walk.step(&serde_json::json!({ "entry": sealed, "digest": text(row, "digest")? }).to_string());
        page.last = Some(number);
        let Ok(entry) = serde_json::from_str::<Entry>(&sealed) else { continue };
        let columns =
            [("at", &entry.at), ("actor", &entry.actor), ("action", &entry.action), ("object", &entry.object)];
        for (column, wanted) in columns {
            if text(row, column)? != printable(wanted) {
                damages.push(Damage::Entry { number });
                break;
            }
        }
        page.entries.insert(number, entry);
    }
    Ok(page)
}
