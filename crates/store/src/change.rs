//! A change: one transaction, one entry of the trail.

use shirube_trail::{Digest, Entry, Head, Origin, Sealed};
use sqlx::{Any, Transaction, query};

use crate::reading::{Last, files, is_id, last_entry, latest, service_name};
use crate::{Files, Missing, Store, StoreError};

/// A transaction on what one organisation has. It holds the end of the organisation's trail from its beginning on, so
/// that no other change can come between; dropped without [`Change::commit`], it leaves nothing.
#[derive(Debug)]
pub struct Change {
    tx: Transaction<'static, Any>,
    organisation: String,
    /// The end of the trail; none while the organisation does not exist.
    last: Option<Last>,
    object: Option<String>,
    revised: Option<Revised>,
    /// A statement failed between two that belong together. SQLite would commit the first.
    spoilt: bool,
}

#[derive(Debug, Clone, Copy)]
struct Revised {
    before: Option<Digest>,
    after: Digest,
}

/// What is written into the trail beside what the change knows itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What was done, e.g. `revision.created`; see [`Entry::action`].
    pub action: String,
    /// The reason in the words of people. For a revision, it is the reason that its history shows.
    pub note: String,
}

impl Store {
    /// Begins a change, waiting for others on the same organisation to end. Take the time for
    /// [`Change::commit`] after this has returned: times in a trail never run backwards.
    pub async fn begin(&self, organisation: &str) -> Result<Change, StoreError> {
        if !is_id(organisation) {
            return Err(StoreError::Missing(Missing::Organisation));
        }
        let mut tx = self.begin_writing().await?;
        let found = query(self.engine.organisation_for_update()).bind(organisation).fetch_optional(&mut *tx).await?;
        let last = match found {
            Some(_) => Some(last_entry(&mut tx, organisation).await?),
            None => None,
        };
        let organisation = organisation.to_owned();
        Ok(Change { tx, organisation, last, object: None, revised: None, spoilt: false })
    }
}

impl Change {
    /// Makes the organisation this change is for.
    pub async fn open_organisation(&mut self, name: &str) -> Result<(), StoreError> {
        let made = query("INSERT INTO organisation (id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(&self.organisation)
            .bind(printable(name))
            .execute(&mut *self.tx)
            .await?;
        if made.rows_affected() == 0 {
            return Err(StoreError::Exists(self.organisation.clone()));
        }
        self.last = Some(Last::NONE);
        self.object = Some(format!("organisation/{}", self.organisation));
        Ok(())
    }

    /// Makes a service, as yet without a revision.
    pub async fn open_service(&mut self, service: &str, name: &str) -> Result<(), StoreError> {
        if !is_id(service) {
            return Err(StoreError::Id(service.to_owned()));
        }
        self.must_exist()?;
        let made = query("INSERT INTO service (organisation, id, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .bind(&self.organisation)
            .bind(service)
            .bind(printable(name))
            .execute(&mut *self.tx)
            .await?;
        if made.rows_affected() == 0 {
            return Err(StoreError::Exists(service.to_owned()));
        }
        self.object = Some(format!("service/{service}"));
        Ok(())
    }

    /// Makes a revision of a service and returns its number. `based_on` is the revision that was edited, none for the
    /// first; if it is no longer the latest, nothing is written. A change makes one revision at most.
    pub async fn add_revision(
        &mut self,
        service: &str,
        based_on: Option<u64>,
        files: &Files,
    ) -> Result<u64, StoreError> {
        self.write(service, based_on, files, None).await
    }

    /// Makes a revision with the files of an earlier one.
    pub async fn restore_revision(
        &mut self,
        service: &str,
        based_on: Option<u64>,
        from: u64,
    ) -> Result<u64, StoreError> {
        self.must_exist()?;
        service_name(&mut self.tx, &self.organisation, service).await?;
        let files = files(&mut self.tx, &self.organisation, service, from).await?;
        self.write(service, based_on, &files, Some(from)).await
    }

    /// Says what the entry is about when nothing is written: somebody read, issued or refused something.
    pub fn about(&mut self, object: &str) {
        self.object = Some(object.to_owned());
    }

    /// Ends the change with its entry in the trail. `at` is UTC in RFC 3339 with milliseconds. Clocks of several
    /// machines differ a little: a time before that of the entry above is raised to it.
    pub async fn commit(mut self, actor: &str, origin: Origin, at: &str, event: Event) -> Result<Head, StoreError> {
        if !is_time(at) {
            return Err(StoreError::Time(at.to_owned()));
        }
        let last = self.last.as_ref().ok_or(StoreError::Missing(Missing::Organisation))?;
        let object = self.object.take().filter(|_| !self.spoilt).ok_or(StoreError::Nothing)?;
        let entry = Entry {
            number: 0,
            at: at.max(&last.at).to_owned(),
            actor: actor.to_owned(),
            origin,
            action: event.action,
            object,
            before: self.revised.and_then(|revised| revised.before),
            after: self.revised.map(|revised| revised.after),
            note: event.note,
        };
        let sealed = Sealed::after(last.head, entry);
        let number = last.head.number + 1;
        query("INSERT INTO trail (organisation, number, entry, digest) VALUES ($1, $2, $3, $4)")
            .bind(&self.organisation)
            .bind(stored(number)?)
            .bind(&sealed.entry)
            .bind(sealed.digest.to_string())
            .execute(&mut *self.tx)
            .await?;
        self.tx.commit().await?;
        Ok(sealed.head(number))
    }

    async fn write(
        &mut self,
        service: &str,
        based_on: Option<u64>,
        files: &Files,
        restored_from: Option<u64>,
    ) -> Result<u64, StoreError> {
        if self.revised.is_some() {
            return Err(StoreError::SecondRevision);
        }
        let entry = self.must_exist()?.head.number + 1;
        service_name(&mut self.tx, &self.organisation, service).await?;
        let latest = latest(&mut self.tx, &self.organisation, service).await?;
        match (latest, based_on) {
            (Some((current, digest)), _) if based_on != Some(current) => {
                return Err(StoreError::ChangedMeanwhile { current, digest });
            }
            (None, Some(_)) => return Err(StoreError::Missing(Missing::Revision)),
            _ => {}
        }
        let number = based_on.unwrap_or(0) + 1;
        let after = files.digest();
        self.spoilt = true;
        query(
            "INSERT INTO revision (organisation, service, number, digest, restored_from, entry) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&self.organisation)
        .bind(service)
        .bind(stored(number)?)
        .bind(after.to_string())
        .bind(restored_from.map(stored).transpose()?)
        .bind(stored(entry)?)
        .execute(&mut *self.tx)
        .await?;
        for (name, text) in files.iter() {
            self.write_file(service, number, name, text).await?;
        }
        self.spoilt = false;
        self.object = Some(revision_object(service, number));
        self.revised = Some(Revised { before: latest.map(|(_, digest)| digest), after });
        Ok(number)
    }

    async fn write_file(&mut self, service: &str, number: u64, name: &str, text: &str) -> Result<(), StoreError> {
        let digest = Digest::of(text.as_bytes()).to_string();
        query("INSERT INTO content (organisation, digest, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .bind(&self.organisation)
            .bind(&digest)
            .bind(text)
            .execute(&mut *self.tx)
            .await?;
        query("INSERT INTO revision_file (organisation, service, revision, name, digest) VALUES ($1, $2, $3, $4, $5)")
            .bind(&self.organisation)
            .bind(service)
            .bind(stored(number)?)
            .bind(name)
            .bind(&digest)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    fn must_exist(&self) -> Result<&Last, StoreError> {
        self.last.as_ref().ok_or(StoreError::Missing(Missing::Organisation))
    }
}

/// How the trail names a revision.
pub(crate) fn revision_object(service: &str, number: u64) -> String {
    format!("service/{service}/revision/{number}")
}

fn stored(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|error| StoreError::inconsistent("番号", error))
}

/// PostgreSQL keeps no U+0000, and nobody means one in a name.
fn printable(name: &str) -> String {
    name.replace('\0', "")
}

/// `2026-11-22T01:02:03.004Z`: always the same length, so that times sort as text.
fn is_time(text: &str) -> bool {
    let pattern = b"0000-00-00T00:00:00.000Z";
    text.len() == pattern.len()
        && text.bytes().zip(pattern).all(|(byte, wanted)| match wanted {
            b'0' => byte.is_ascii_digit(),
            _ => byte == *wanted,
        })
}
