//! Whether what is stored is still what was recorded.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use shirube_trail::{Break, Digest, Entry, Head, Verified};
use sqlx::{AnyConnection, query_as};

use crate::change::revision_object;
use crate::files::list_digest;
use crate::reading::organisation_name;
use crate::{Store, StoreError};

/// What a check of one organisation's trail, revisions and files found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// The chain of the trail. Lines of a break are entries, from 1.
    pub chain: Result<Verified, Vec<Break>>,
    /// Revisions and files that differ from what the trail says.
    pub damages: Vec<Damage>,
}

impl Verification {
    /// Nothing was found.
    pub fn holds(&self) -> bool {
        self.chain.is_ok() && self.damages.is_empty()
    }
}

/// Something that differs from what was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// The text of a file has another digest than when it was kept.
    Content { digest: String },
    /// The files of a revision, its digest or its number differ from its entry in the trail.
    Revision { service: String, number: i64 },
    /// The revision of which this entry tells is gone.
    Gone { entry: u64, object: String },
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Content { digest } => {
                write!(f, "ダイジェスト{digest}のファイルの内容が、保存された後に変わっています。")
            }
            Self::Revision { service, number } => {
                write!(f, "サービス{service}の第{number}版が、証跡の記録と一致しません。")
            }
            Self::Gone { entry, object } => {
                write!(f, "証跡の{entry}件目が示す版（{object}）が見つかりません。")
            }
        }
    }
}

/// Rows read at once: enough to be quick, few enough to keep little in memory.
const PAGE: i64 = 200;

impl Store {
    /// Computes the chain and every digest of an organisation again. `kept` are heads that were written down outside.
    pub async fn verify_trail(&self, organisation: &str, kept: &[Head]) -> Result<Verification, StoreError> {
        let mut tx = self.begin_reading().await?;
        organisation_name(&mut tx, organisation).await?;
        let (lines, entries) = chain(&mut tx, organisation).await?;
        let mut damages = damaged_contents(&mut tx, organisation).await?;
        damages.extend(damaged_revisions(&mut tx, organisation, entries).await?);
        Ok(Verification { chain: shirube_trail::verify(lines.iter().map(String::as_str), kept), damages })
    }
}

/// The trail as it would be exported, and those of its entries that can be read, by the number of their row.
async fn chain(
    connection: &mut AnyConnection,
    organisation: &str,
) -> Result<(Vec<String>, BTreeMap<i64, Entry>), StoreError> {
    let (mut lines, mut entries, mut last) = (Vec::new(), BTreeMap::new(), i64::MIN);
    loop {
        let rows: Vec<(i64, String, String)> = query_as(
            "SELECT number, entry, digest FROM trail WHERE organisation = $1 AND number > $2 ORDER BY number LIMIT $3",
        )
        .bind(organisation)
        .bind(last)
        .bind(PAGE)
        .fetch_all(&mut *connection)
        .await?;
        let Some(end) = rows.last() else { return Ok((lines, entries)) };
        last = end.0;
        for (number, text, digest) in rows {
            if let Ok(entry) = serde_json::from_str(&text) {
                entries.insert(number, entry);
            }
            lines.push(serde_json::json!({ "entry": text, "digest": digest }).to_string());
        }
    }
}

async fn damaged_contents(connection: &mut AnyConnection, organisation: &str) -> Result<Vec<Damage>, StoreError> {
    let (mut damages, mut last) = (Vec::new(), String::new());
    loop {
        let rows: Vec<(String, String)> = query_as(
            "SELECT digest, body FROM content WHERE organisation = $1 AND digest > $2 ORDER BY digest LIMIT $3",
        )
        .bind(organisation)
        .bind(&last)
        .bind(PAGE)
        .fetch_all(&mut *connection)
        .await?;
        let Some(end) = rows.last() else { return Ok(damages) };
        last.clone_from(&end.0);
        let changed = rows.into_iter().filter(|(digest, body)| Digest::of(body.as_bytes()).to_string() != *digest);
        damages.extend(changed.map(|(digest, _)| Damage::Content { digest }));
    }
}

async fn damaged_revisions(
    connection: &mut AnyConnection,
    organisation: &str,
    mut entries: BTreeMap<i64, Entry>,
) -> Result<Vec<Damage>, StoreError> {
    let revisions: Vec<(String, i64, String, Option<i64>, i64)> =
        query_as("SELECT service, number, digest, restored_from, entry FROM revision WHERE organisation = $1")
            .bind(organisation)
            .fetch_all(&mut *connection)
            .await?;
    let mut lists = file_lists(connection, organisation).await?;
    let digests: BTreeMap<_, _> = revisions.iter().map(|row| ((row.0.clone(), row.1), row.2.clone())).collect();
    let mut damages = BTreeSet::new();
    for (service, number, digest, restored_from, entry) in revisions {
        let recorded = entries.remove(&entry).filter(|entry| {
            let object = u64::try_from(number).map(|number| revision_object(&service, number));
            object.is_ok_and(|object| object == entry.object) && entry.after.is_some_and(|d| d.to_string() == digest)
        });
        let list = lists.remove(&(service.clone(), number)).unwrap_or_default();
        let listed = list.into_iter().map(|(name, digest)| digest.parse().ok().map(|digest| (name, digest)));
        let listed: Option<BTreeMap<String, Digest>> = listed.collect();
        let whole = listed.map(|list| list_digest(list.iter().map(|(name, digest)| (name.as_str(), *digest))));
        let restored =
            restored_from.is_none_or(|from| digests.get(&(service.clone(), from)).is_some_and(|old| *old == digest));
        if recorded.is_none() || whole.is_none_or(|whole| whole.to_string() != digest) || !restored {
            damages.insert((service, number));
        }
    }
    let gone = entries.into_values().filter(|entry| entry.after.is_some());
    let gone = gone.map(|entry| Damage::Gone { entry: entry.number, object: entry.object });
    let changed = damages.into_iter().map(|(service, number)| Damage::Revision { service, number });
    Ok(changed.chain(gone).collect())
}

/// Names and digests of files by service and revision.
type FileLists = BTreeMap<(String, i64), Vec<(String, String)>>;

async fn file_lists(connection: &mut AnyConnection, organisation: &str) -> Result<FileLists, StoreError> {
    let rows: Vec<(String, i64, String, String)> =
        query_as("SELECT service, revision, name, digest FROM revision_file WHERE organisation = $1")
            .bind(organisation)
            .fetch_all(connection)
            .await?;
    let mut lists = FileLists::new();
    for (service, revision, name, digest) in rows {
        lists.entry((service, revision)).or_default().push((name, digest));
    }
    Ok(lists)
}
