//! Services of an organisation, and their revisions with the states these came to.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, query};

use shirube_trail::{Digest, Entry};

use crate::change::{issued_object, printable, state_object, stored};
use crate::reading::{digest, entry, is_id, organisation_name, revision_digest};
use crate::row::{count, maybe, maybe_count, text};
use crate::{Change, Missing, Store, StoreError};

/// A service of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    pub id: String,
    pub name: String,
    /// `active` or `archived`.
    pub state: String,
    /// The latest revision; none before the first.
    pub revision: Option<u64>,
    /// What is known about the latest revision.
    pub latest: Option<Latest>,
}

/// The latest revision of a service, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Latest {
    pub digest: Digest,
    /// `draft`, `checked`, `approved`, `issued`, `returned`.
    pub state: String,
    pub at: String,
    /// Id of the person.
    pub author: String,
}

/// What is known about a revision. Its files are read on their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// From 1, without gaps, within one service.
    pub number: u64,
    /// See [`crate::Files`] for how it is made.
    pub digest: Digest,
    /// The revision whose files it brought back.
    pub restored_from: Option<u64>,
    /// The present state: [`DRAFT`] until it was brought to another.
    pub state: String,
    /// The entry of the trail that records it: author, time, reason (`note`), digests before and after.
    pub entry: Entry,
}

/// A state that a revision came to, and the entry that records it: who, when, why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionState {
    pub state: String,
    pub entry: Entry,
}

/// The state of a revision that was not brought to another yet.
pub const DRAFT: &str = "draft";

/// Time and author are taken from the columns beside the sealed text, which a verification compares with it: reading
/// some hundred entries for a list would take longer than the list.
const SERVICES: &str = "SELECT s.id, s.name, s.state, r.number, r.digest, t.at, t.actor, \
    (SELECT c.state FROM revision_state c WHERE c.organisation = r.organisation AND c.service = r.service \
    AND c.revision = r.number ORDER BY c.entry DESC LIMIT 1) AS revision_state FROM service s \
    LEFT JOIN revision r ON r.organisation = s.organisation AND r.service = s.id AND r.number = \
    (SELECT MAX(l.number) FROM revision l WHERE l.organisation = s.organisation AND l.service = s.id) \
    LEFT JOIN trail t ON t.organisation = r.organisation AND t.number = r.entry \
    WHERE s.organisation = $1 AND ($2 = '' OR s.id = $2)";

impl Store {
    /// The services of an organisation with their latest revisions, sorted by id.
    pub async fn services(&self, organisation: &str) -> Result<Vec<Service>, StoreError> {
        let mut tx = self.begin_reading().await?;
        organisation_name(&mut tx, organisation).await?;
        let rows = query(SERVICES).bind(organisation).bind("").fetch_all(&mut *tx).await?;
        let mut services = rows.iter().map(service).collect::<Result<Vec<_>, _>>()?;
        // Databases sort text each by their own rules.
        services.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(services)
    }

    /// One service of an organisation with its latest revision.
    pub async fn service(&self, organisation: &str, service: &str) -> Result<Service, StoreError> {
        let missing = StoreError::Missing(Missing::Service);
        if !is_id(organisation) || !is_id(service) {
            return Err(missing);
        }
        let row = query(SERVICES).bind(organisation).bind(service).fetch_optional(self.reader()).await?;
        self::service(&row.ok_or(missing)?)
    }

    /// At most `limit` revisions of a service, newest first, from below the number `before` on.
    pub async fn revisions(
        &self,
        organisation: &str,
        service: &str,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<Revision>, StoreError> {
        let mut tx = self.begin_reading().await?;
        crate::reading::service(&mut tx, organisation, service).await?;
        revisions(&mut tx, organisation, service, before, limit).await
    }

    /// One revision of a service.
    pub async fn revision(&self, organisation: &str, service: &str, number: u64) -> Result<Revision, StoreError> {
        let mut tx = self.begin_reading().await?;
        revision_digest(&mut tx, organisation, service, number).await?;
        let found = revisions(&mut tx, organisation, service, number.checked_add(1), 1).await?;
        found.into_iter().next().ok_or(StoreError::Missing(Missing::Revision))
    }

    /// The states that a revision came to, in order. The first is its own entry: a draft.
    pub async fn revision_states(
        &self,
        organisation: &str,
        service: &str,
        revision: u64,
    ) -> Result<Vec<RevisionState>, StoreError> {
        let mut states = vec![RevisionState {
            state: DRAFT.to_owned(),
            entry: self.revision(organisation, service, revision).await?.entry,
        }];
        let rows = query(
            "SELECT s.state, t.entry FROM revision_state s \
             JOIN trail t ON t.organisation = s.organisation AND t.number = s.entry \
             WHERE s.organisation = $1 AND s.service = $2 AND s.revision = $3 ORDER BY s.entry",
        )
        .bind(organisation)
        .bind(service)
        .bind(stored(revision)?)
        .fetch_all(self.reader())
        .await?;
        for row in &rows {
            states.push(RevisionState { state: text(row, "state")?, entry: entry(&text(row, "entry")?)? });
        }
        Ok(states)
    }
}

impl Change {
    /// Makes a service, as yet without a revision.
    pub async fn open_service(&mut self, service: &str, name: &str) -> Result<(), StoreError> {
        if !is_id(service) {
            return Err(StoreError::Id(service.to_owned()));
        }
        self.must_exist()?;
        let insert = query("INSERT INTO service (organisation, id, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
        let insert = insert.bind(self.organisation()).bind(service).bind(printable(name));
        if self.execute(insert).await? == 0 {
            return Err(StoreError::Exists(service.to_owned()));
        }
        self.name(format!("service/{service}"));
        Ok(())
    }

    /// Gives a service another name.
    pub async fn rename_service(&mut self, service: &str, name: &str) -> Result<(), StoreError> {
        self.must_have_service(service).await?;
        let update = query("UPDATE service SET name = $3 WHERE organisation = $1 AND id = $2");
        let update = update.bind(self.organisation()).bind(service).bind(printable(name));
        self.touched(update, Missing::Service, format!("service/{service}")).await
    }

    /// Puts a service away, or brings it back. All that it has stays readable, and nothing is added meanwhile.
    pub async fn archive_service(&mut self, service: &str, archived: bool) -> Result<(), StoreError> {
        self.must_exist()?;
        let update = query("UPDATE service SET state = $3 WHERE organisation = $1 AND id = $2");
        let state = if archived { "archived" } else { "active" };
        let update = update.bind(self.organisation()).bind(printable(service)).bind(state);
        self.touched(update, Missing::Service, format!("service/{service}")).await
    }

    /// The present state of a revision, as this change sees it.
    pub async fn revision_state(&mut self, service: &str, revision: u64) -> Result<String, StoreError> {
        self.must_exist()?;
        let organisation = self.organisation().to_owned();
        revision_digest(self.connection(), &organisation, service, revision).await?;
        let row = query(
            "SELECT state FROM revision_state WHERE organisation = $1 AND service = $2 AND revision = $3 \
             ORDER BY entry DESC LIMIT 1",
        );
        let row = row.bind(organisation).bind(service).bind(stored(revision)?);
        match row.fetch_optional(self.connection()).await? {
            Some(row) => text(&row, "state"),
            None => Ok(DRAFT.to_owned()),
        }
    }

    /// Brings a revision from one state to another; [`StoreError::State`] if it is no longer in the first. The entry
    /// carries the digests of the two words. In the change that issues documents of a revision, it may become
    /// `issued` after them.
    pub async fn set_revision_state(
        &mut self,
        service: &str,
        revision: u64,
        from: &str,
        to: &str,
    ) -> Result<(), StoreError> {
        let issues = to == "issued" && self.object() == Some(issued_object(service, revision).as_str());
        if !issues {
            self.must_be_unsealed()?;
        }
        self.must_have_service(service).await?;
        let found = self.revision_state(service, revision).await?;
        if found != from {
            return Err(StoreError::State { found });
        }
        let insert = query(
            "INSERT INTO revision_state (organisation, service, revision, entry, state) VALUES ($1, $2, $3, $4, $5)",
        );
        let insert = insert.bind(self.organisation()).bind(service).bind(stored(revision)?);
        let insert = insert.bind(stored(self.number()?)?).bind(printable(to));
        self.execute(insert).await?;
        if issues {
            return Ok(());
        }
        let before = Some(Digest::of(from.as_bytes()));
        self.seal(state_object(service, revision), before, Digest::of(printable(to).as_bytes()))
    }
}

async fn revisions(
    connection: &mut AnyConnection,
    organisation: &str,
    service: &str,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<Revision>, StoreError> {
    let rows = query(
        "SELECT r.number, r.digest, r.restored_from, t.entry, \
         (SELECT s.state FROM revision_state s WHERE s.organisation = r.organisation AND s.service = r.service \
         AND s.revision = r.number ORDER BY s.entry DESC LIMIT 1) AS state FROM revision r \
         JOIN trail t ON t.organisation = r.organisation AND t.number = r.entry \
         WHERE r.organisation = $1 AND r.service = $2 AND r.number < $3 ORDER BY r.number DESC LIMIT $4",
    )
    .bind(organisation)
    .bind(service)
    .bind(before.map_or(i64::MAX, |before| i64::try_from(before).unwrap_or(i64::MAX)))
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await?;
    rows.iter().map(revision).collect()
}

fn service(row: &AnyRow) -> Result<Service, StoreError> {
    let revision = maybe_count(row, "number")?;
    let latest = match (maybe(row, "digest")?, maybe(row, "at")?, maybe(row, "actor")?) {
        (Some(kept), Some(at), Some(author)) => {
            let state = maybe(row, "revision_state")?.unwrap_or_else(|| DRAFT.to_owned());
            Some(Latest { digest: digest(&kept)?, state, at, author })
        }
        _ => None,
    };
    Ok(Service { id: text(row, "id")?, name: text(row, "name")?, state: text(row, "state")?, revision, latest })
}

fn revision(row: &AnyRow) -> Result<Revision, StoreError> {
    Ok(Revision {
        number: count(row, "number")?,
        digest: digest(&text(row, "digest")?)?,
        restored_from: maybe_count(row, "restored_from")?,
        state: maybe(row, "state")?.unwrap_or_else(|| DRAFT.to_owned()),
        entry: entry(&text(row, "entry")?)?,
    })
}
