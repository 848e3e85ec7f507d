//! Files handed in as evidence. A newer one takes the place of an older one.
//!
//! What has been kept long enough may be removed, which takes two people: its bytes go, and what it was, its digest and
//! its entries in the trail stay.

use shirube_trail::{Digest, Entry};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, query, query_scalar};

use crate::blob::blob;
use crate::change::{attachment_object, printable, removal_object, stored};
use crate::reading::{digest, entry, is_id};
use crate::row::{count, maybe, text};
use crate::{Change, Missing, Store, StoreError};

/// A file to be kept.
#[derive(Debug, Clone, Copy)]
pub struct NewAttachment<'a> {
    pub id: &'a str,
    pub service: &'a str,
    /// The control or other thing of the service that it belongs to, e.g. `control/pg-1.0/3.4①-14`.
    pub about: &'a str,
    pub file_name: &'a str,
    pub media_type: &'a str,
    /// The attachment whose place it takes.
    pub supersedes: Option<&'a str>,
    /// What is known of it besides, as JSON; the store does not look into it.
    pub facts: &'a str,
    pub bytes: &'a [u8],
}

/// A file that is kept. Its bytes are read on their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    pub id: String,
    pub service: String,
    pub about: String,
    pub file_name: String,
    pub media_type: String,
    pub size: u64,
    pub digest: Digest,
    pub supersedes: Option<String>,
    /// The attachment that took its place.
    pub superseded_by: Option<String>,
    pub facts: String,
    pub removal: Removal,
    /// The entry of the trail that records it: who, when, why.
    pub entry: Entry,
}

/// Whether the bytes of an attachment are there, and whether they shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removal {
    /// Nobody wants them gone.
    None,
    /// One person wants them gone; the entry says who, and why.
    Proposed(Entry),
    /// They are gone; the entry says who confirmed it.
    Removed(Entry),
}

impl Removal {
    fn state(&self) -> &'static str {
        match self {
            Self::None => "保管中",
            Self::Proposed(_) => "廃棄の確認待ち",
            Self::Removed(_) => "廃棄済",
        }
    }
}

const ATTACHMENTS: &str = "SELECT a.id, a.service, a.about, a.file_name, a.media_type, a.size, a.digest, \
    a.supersedes, a.facts, n.id AS superseded_by, t.entry, s.step, st.entry AS step_entry FROM attachment a \
    JOIN trail t ON t.organisation = a.organisation AND t.number = a.entry \
    LEFT JOIN attachment_step s ON s.organisation = a.organisation AND s.attachment = a.id \
    AND s.entry = (SELECT MAX(l.entry) FROM attachment_step l WHERE l.organisation = a.organisation \
    AND l.attachment = a.id) \
    LEFT JOIN trail st ON st.organisation = s.organisation AND st.number = s.entry \
    LEFT JOIN attachment n ON n.organisation = a.organisation AND n.supersedes = a.id \
    WHERE a.organisation = $1 AND a.service = $2 AND ($3 = '' OR a.id = $3)";

impl Store {
    /// The attachments of a service in the order in which they were added, with those whose place was taken.
    pub async fn attachments(&self, organisation: &str, service: &str) -> Result<Vec<Attachment>, StoreError> {
        let mut tx = self.begin_reading().await?;
        crate::reading::service(&mut tx, organisation, service).await?;
        let rows = query(ATTACHMENTS).bind(organisation).bind(service).bind("").fetch_all(&mut *tx).await?;
        let mut attachments = rows.iter().map(attachment).collect::<Result<Vec<_>, _>>()?;
        attachments.sort_by_key(|attachment| attachment.entry.number);
        Ok(attachments)
    }

    /// What is known of one attachment of a service.
    pub async fn attachment_record(
        &self,
        organisation: &str,
        service: &str,
        id: &str,
    ) -> Result<Attachment, StoreError> {
        one(&mut *self.begin_reading().await?, organisation, service, id).await
    }

    /// One attachment of a service with its bytes, after their digest was checked.
    pub async fn attachment(
        &self,
        organisation: &str,
        service: &str,
        id: &str,
    ) -> Result<(Attachment, Vec<u8>), StoreError> {
        let mut tx = self.begin_reading().await?;
        let attachment = one(&mut tx, organisation, service, id).await?;
        if let Removal::Removed(_) = attachment.removal {
            return Err(StoreError::State { found: attachment.removal.state().to_owned() });
        }
        let bytes = blob(&mut tx, organisation, attachment.digest, &format!("添付ファイル{id}")).await?;
        Ok((attachment, bytes))
    }
}

impl Change {
    /// Keeps a file, or one in the place of another. The entry carries the digests of the bytes.
    pub async fn attach(&mut self, new: NewAttachment<'_>) -> Result<Digest, StoreError> {
        self.must_be_unsealed()?;
        self.must_have_service(new.service).await?;
        if !is_id(new.id) {
            return Err(StoreError::Id(new.id.to_owned()));
        }
        let organisation = self.organisation().to_owned();
        let before = match new.supersedes {
            Some(old) => {
                let old = one(self.connection(), &organisation, new.service, old).await?;
                if let Some(found) = old.superseded_by {
                    return Err(StoreError::State { found });
                }
                Some(old.digest)
            }
            None => None,
        };
        let (after, size) = (Digest::of(new.bytes), new.bytes.len() as u64);
        self.write_blob(after, new.bytes).await?;
        let insert = query(
            "INSERT INTO attachment (organisation, id, service, about, file_name, media_type, size, digest, \
             supersedes, entry, facts) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        );
        let insert = insert.bind(&organisation).bind(new.id).bind(new.service).bind(printable(new.about));
        let insert = insert.bind(printable(new.file_name)).bind(printable(new.media_type)).bind(stored(size)?);
        let insert = insert.bind(after.to_string()).bind(new.supersedes).bind(stored(self.number()?)?);
        let insert = insert.bind(printable(new.facts));
        if self.execute(insert).await? == 0 {
            return Err(StoreError::Exists(new.id.to_owned()));
        }
        self.seal(attachment_object(new.service, new.id), before, after)?;
        Ok(after)
    }

    /// Proposes to remove the bytes of an attachment.
    pub async fn propose_removal(&mut self, service: &str, id: &str) -> Result<(), StoreError> {
        let organisation = self.organisation().to_owned();
        let found = one(self.connection(), &organisation, service, id).await?;
        match found.removal {
            Removal::None => self.step(service, id, "proposed").await,
            other => Err(StoreError::State { found: other.state().to_owned() }),
        }
    }

    /// Takes the proposal back: the bytes stay.
    pub async fn withdraw_removal(&mut self, service: &str, id: &str) -> Result<(), StoreError> {
        let organisation = self.organisation().to_owned();
        let found = one(self.connection(), &organisation, service, id).await?;
        match found.removal {
            Removal::Proposed(_) => self.step(service, id, "withdrawn").await,
            other => Err(StoreError::State { found: other.state().to_owned() }),
        }
    }

    /// Removes the bytes. `person` confirms what somebody else proposed, and has to be the one who commits; bytes that
    /// something else has as well stay for that.
    pub async fn remove_attachment(&mut self, service: &str, id: &str, person: &str) -> Result<(), StoreError> {
        let organisation = self.organisation().to_owned();
        let found = one(self.connection(), &organisation, service, id).await?;
        match &found.removal {
            Removal::Proposed(entry) if entry.actor != person => {}
            other => return Err(StoreError::State { found: other.state().to_owned() }),
        }
        self.step(service, id, "removed").await?;
        let others = "SELECT (SELECT COUNT(*) FROM issued WHERE organisation = $1 AND digest = $2) + \
            (SELECT COUNT(*) FROM attachment a WHERE a.organisation = $1 AND a.digest = $2 AND NOT EXISTS \
            (SELECT 1 FROM attachment_step s WHERE s.organisation = a.organisation AND s.attachment = a.id \
            AND s.step = 'removed'))";
        let digest = found.digest.to_string();
        let others: i64 = query_scalar(others).bind(&organisation).bind(&digest).fetch_one(self.connection()).await?;
        if others == 0 {
            let empty = query("UPDATE blob SET body = $3 WHERE organisation = $1 AND digest = $2");
            self.execute(empty.bind(&organisation).bind(&digest).bind(&b""[..])).await?;
        }
        Ok(())
    }

    async fn step(&mut self, service: &str, id: &str, step: &str) -> Result<(), StoreError> {
        self.must_be_unsealed()?;
        let insert =
            query("INSERT INTO attachment_step (organisation, entry, attachment, step) VALUES ($1, $2, $3, $4)");
        let organisation = self.organisation().to_owned();
        let entry = stored(self.number()?)?;
        self.execute(insert.bind(&organisation).bind(entry).bind(id).bind(step)).await?;
        self.name(removal_object(service, id));
        Ok(())
    }
}

async fn one(
    connection: &mut AnyConnection,
    organisation: &str,
    service: &str,
    id: &str,
) -> Result<Attachment, StoreError> {
    let missing = StoreError::Missing(Missing::Attachment);
    if ![organisation, service, id].into_iter().all(is_id) {
        return Err(missing);
    }
    let row = query(ATTACHMENTS).bind(organisation).bind(service).bind(id).fetch_optional(connection).await?;
    attachment(&row.ok_or(missing)?)
}

fn attachment(row: &AnyRow) -> Result<Attachment, StoreError> {
    let step = maybe(row, "step")?.zip(maybe(row, "step_entry")?);
    let removal = match step.as_ref().map(|(step, at)| (step.as_str(), at)) {
        Some(("proposed", at)) => Removal::Proposed(entry(at)?),
        Some(("removed", at)) => Removal::Removed(entry(at)?),
        _ => Removal::None,
    };
    Ok(Attachment {
        removal,
        facts: text(row, "facts")?,
        id: text(row, "id")?,
        service: text(row, "service")?,
        about: text(row, "about")?,
        file_name: text(row, "file_name")?,
        media_type: text(row, "media_type")?,
        size: count(row, "size")?,
        digest: digest(&text(row, "digest")?)?,
        supersedes: maybe(row, "supersedes")?,
        superseded_by: maybe(row, "superseded_by")?,
        entry: entry(&text(row, "entry")?)?,
    })
}
