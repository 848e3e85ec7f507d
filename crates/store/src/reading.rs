//! Reading what an organisation has.

use shirube_trail::{Digest, Entry, Head, Sealed};
use sqlx::{AnyConnection, query_as, query_scalar};

use crate::change::stored;
use crate::{Files, Missing, Store, StoreError};

impl Store {
    /// The files of a revision, after their digests were checked.
    pub async fn files(&self, organisation: &str, service: &str, revision: u64) -> Result<Files, StoreError> {
        let mut tx = self.begin_reading().await?;
        self::service(&mut tx, organisation, service).await?;
        files(&mut tx, organisation, service, revision).await
    }

    /// At most `limit` entries of the trail after the one with number `after`, as they were sealed.
    pub async fn trail(&self, organisation: &str, after: u64, limit: u32) -> Result<Vec<Sealed>, StoreError> {
        let mut tx = self.begin_reading().await?;
        organisation_name(&mut tx, organisation).await?;
        let rows: Vec<(String, String)> = query_as(
            "SELECT entry, digest FROM trail WHERE organisation = $1 AND number > $2 ORDER BY number LIMIT $3",
        )
        .bind(organisation)
        .bind(i64::try_from(after).unwrap_or(i64::MAX))
        .bind(i64::from(limit))
        .fetch_all(&mut *tx)
        .await?;
        let sealed = |(entry, seal): (String, String)| Ok(Sealed { entry, digest: digest(&seal)? });
        rows.into_iter().map(sealed).collect()
    }

    /// Where the trail ends. Kept outside, it shows later whether the end was cut off.
    pub async fn head(&self, organisation: &str) -> Result<Head, StoreError> {
        let mut tx = self.begin_reading().await?;
        organisation_name(&mut tx, organisation).await?;
        Ok(last_entry(&mut tx, organisation).await?.head)
    }
}

/// The end of a chain and the time of its last entry.
#[derive(Debug)]
pub(crate) struct Last {
    pub(crate) head: Head,
    pub(crate) at: String,
}

impl Last {
    pub(crate) const NONE: Self = Self { head: Head::EMPTY, at: String::new() };
}

pub(crate) async fn last_entry(connection: &mut AnyConnection, organisation: &str) -> Result<Last, StoreError> {
    let row: Option<(i64, String, String)> =
        query_as("SELECT number, entry, digest FROM trail WHERE organisation = $1 ORDER BY number DESC LIMIT 1")
            .bind(organisation)
            .fetch_optional(connection)
            .await?;
    let Some((last, text, seal)) = row else { return Ok(Last::NONE) };
    let head = Head { number: number(last)?, digest: digest(&seal)? };
    Ok(Last { head, at: entry(&text)?.at })
}

/// The name of an organisation, which also tells that there is one.
pub(crate) async fn organisation_name(connection: &mut AnyConnection, id: &str) -> Result<String, StoreError> {
    let missing = StoreError::Missing(Missing::Organisation);
    if !is_id(id) {
        return Err(missing);
    }
    let name = query_scalar("SELECT name FROM organisation WHERE id = $1").bind(id).fetch_optional(connection).await?;
    name.ok_or(missing)
}

/// Name and state of a service of this organisation, which also tells that it has it.
pub(crate) async fn service(
    connection: &mut AnyConnection,
    organisation: &str,
    id: &str,
) -> Result<(String, String), StoreError> {
    let missing = StoreError::Missing(Missing::Service);
    if !is_id(organisation) || !is_id(id) {
        return Err(missing);
    }
    let found = query_as("SELECT name, state FROM service WHERE organisation = $1 AND id = $2")
        .bind(organisation)
        .bind(id)
        .fetch_optional(connection)
        .await?;
    found.ok_or(missing)
}

/// The digest of a revision of this organisation, which also tells that there is one.
pub(crate) async fn revision_digest(
    connection: &mut AnyConnection,
    organisation: &str,
    service: &str,
    revision: u64,
) -> Result<Digest, StoreError> {
    let missing = StoreError::Missing(Missing::Revision);
    let (Ok(stored), true, true) = (i64::try_from(revision), is_id(organisation), is_id(service)) else {
        return Err(missing);
    };
    let found: Option<String> =
        query_scalar("SELECT digest FROM revision WHERE organisation = $1 AND service = $2 AND number = $3")
            .bind(organisation)
            .bind(service)
            .bind(stored)
            .fetch_optional(connection)
            .await?;
    digest(&found.ok_or(missing)?)
}

/// Number and digest of the latest revision.
pub(crate) async fn latest(
    connection: &mut AnyConnection,
    organisation: &str,
    service: &str,
) -> Result<Option<(u64, Digest)>, StoreError> {
    let row: Option<(i64, String)> = query_as(
        "SELECT number, digest FROM revision WHERE organisation = $1 AND service = $2 ORDER BY number DESC LIMIT 1",
    )
    .bind(organisation)
    .bind(service)
    .fetch_optional(connection)
    .await?;
    row.map(|(latest, text)| Ok((number(latest)?, digest(&text)?))).transpose()
}

/// The files of a revision: each must have its digest, and all together that of the revision.
pub(crate) async fn files(
    connection: &mut AnyConnection,
    organisation: &str,
    service: &str,
    revision: u64,
) -> Result<Files, StoreError> {
    let whole = revision_digest(connection, organisation, service, revision).await?;
    let rows: Vec<(String, String, String)> = query_as(
        "SELECT f.name, f.digest, c.body FROM revision_file f \
         JOIN content c ON c.organisation = f.organisation AND c.digest = f.digest \
         WHERE f.organisation = $1 AND f.service = $2 AND f.revision = $3",
    )
    .bind(organisation)
    .bind(service)
    .bind(stored(revision)?)
    .fetch_all(connection)
    .await?;
    let place = format!("サービス{service}の第{revision}版");
    for (name, kept, body) in &rows {
        if digest(kept)? != Digest::of(body.as_bytes()) {
            return Err(StoreError::inconsistent(place, format!("{name} has another digest than {kept}")));
        }
    }
    let files = Files::new(rows.into_iter().map(|(name, _, body)| (name, body)))
        .map_err(|error| StoreError::inconsistent(&place, format!("{error:?}")))?;
    if files.digest() != whole {
        return Err(StoreError::inconsistent(place, format!("the list of files has another digest than {whole}")));
    }
    Ok(files)
}

/// Ids stand between slashes in the trail, and PostgreSQL takes no U+0000: what cannot be an id names nothing.
pub(crate) fn is_id(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(|character| character == '/' || character.is_control())
}

pub(crate) fn number(stored: i64) -> Result<u64, StoreError> {
    u64::try_from(stored).map_err(|error| StoreError::inconsistent("番号", error))
}

pub(crate) fn digest(stored: &str) -> Result<Digest, StoreError> {
    stored.parse().map_err(|error| StoreError::inconsistent("ダイジェスト", error))
}

pub(crate) fn entry(stored: &str) -> Result<Entry, StoreError> {
    serde_json::from_str(stored).map_err(|error| StoreError::inconsistent("証跡の記録", error))
}
