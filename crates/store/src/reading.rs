//! Reading what an organisation has.

use shirube_trail::{Digest, Entry, Head, Sealed};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row, query, query_as, query_scalar};

use crate::{Files, Missing, Store, StoreError};

/// Whoever holds services: a provider, an institution, a sub-contractor, an auditor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    pub id: String,
    pub name: String,
}

/// A service of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    pub id: String,
    pub name: String,
    /// The latest revision; none before the first.
    pub revision: Option<u64>,
}

/// What is known about a revision. Its files are read on their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// From 1, without gaps, within one service.
    pub number: u64,
    /// See [`Files`] for how it is made.
    pub digest: Digest,
    /// The revision whose files it brought back.
    pub restored_from: Option<u64>,
    /// The entry of the trail that records it: author, time, reason (`note`), digests before and after.
    pub entry: Entry,
}

impl Store {
    /// An organisation by its id.
    pub async fn organisation(&self, organisation: &str) -> Result<Organisation, StoreError> {
        let mut tx = self.begin_reading().await?;
        let name = organisation_name(&mut tx, organisation).await?;
        Ok(Organisation { id: organisation.to_owned(), name })
    }

    /// The services of an organisation, sorted by id.
    pub async fn services(&self, organisation: &str) -> Result<Vec<Service>, StoreError> {
        let mut tx = self.begin_reading().await?;
        organisation_name(&mut tx, organisation).await?;
        let rows: Vec<(String, String, Option<i64>)> = query_as(
            "SELECT s.id, s.name, (SELECT MAX(r.number) FROM revision r \
             WHERE r.organisation = s.organisation AND r.service = s.id) \
             FROM service s WHERE s.organisation = $1",
        )
        .bind(organisation)
        .fetch_all(&mut *tx)
        .await?;
        let service = |(id, name, revision): (String, String, Option<i64>)| {
            Ok(Service { id, name, revision: revision.map(number).transpose()? })
        };
        let mut services = rows.into_iter().map(service).collect::<Result<Vec<_>, StoreError>>()?;
        // Databases sort text each by their own rules.
        services.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(services)
    }

    /// The revisions of a service, from the first on.
    pub async fn revisions(&self, organisation: &str, service: &str) -> Result<Vec<Revision>, StoreError> {
        let mut tx = self.begin_reading().await?;
        service_name(&mut tx, organisation, service).await?;
        let rows = query(
            "SELECT r.number, r.digest, r.restored_from, t.entry FROM revision r \
             JOIN trail t ON t.organisation = r.organisation AND t.number = r.entry \
             WHERE r.organisation = $1 AND r.service = $2 ORDER BY r.number",
        )
        .bind(organisation)
        .bind(service)
        .fetch_all(&mut *tx)
        .await?;
        rows.iter().map(revision).collect()
    }

    /// The files of a revision, after their digests were checked.
    pub async fn files(&self, organisation: &str, service: &str, revision: u64) -> Result<Files, StoreError> {
        let mut tx = self.begin_reading().await?;
        service_name(&mut tx, organisation, service).await?;
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

/// The name of a service of this organisation, which also tells that it has it.
pub(crate) async fn service_name(
    connection: &mut AnyConnection,
    organisation: &str,
    id: &str,
) -> Result<String, StoreError> {
    let missing = StoreError::Missing(Missing::Service);
    if !is_id(organisation) || !is_id(id) {
        return Err(missing);
    }
    let name = query_scalar("SELECT name FROM service WHERE organisation = $1 AND id = $2")
        .bind(organisation)
        .bind(id)
        .fetch_optional(connection)
        .await?;
    name.ok_or(missing)
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
    let missing = StoreError::Missing(Missing::Revision);
    let Ok(stored) = i64::try_from(revision) else { return Err(missing) };
    let whole: Option<String> =
        query_scalar("SELECT digest FROM revision WHERE organisation = $1 AND service = $2 AND number = $3")
            .bind(organisation)
            .bind(service)
            .bind(stored)
            .fetch_optional(&mut *connection)
            .await?;
    let whole = digest(&whole.ok_or(missing)?)?;
    let rows: Vec<(String, String, String)> = query_as(
        "SELECT f.name, f.digest, c.body FROM revision_file f \
         JOIN content c ON c.organisation = f.organisation AND c.digest = f.digest \
         WHERE f.organisation = $1 AND f.service = $2 AND f.revision = $3",
    )
    .bind(organisation)
    .bind(service)
    .bind(stored)
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

fn revision(row: &AnyRow) -> Result<Revision, StoreError> {
    Ok(Revision {
        number: number(row.try_get("number")?)?,
        digest: digest(row.try_get("digest")?)?,
        restored_from: row.try_get::<Option<i64>, _>("restored_from")?.map(number).transpose()?,
        entry: entry(row.try_get("entry")?)?,
    })
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
