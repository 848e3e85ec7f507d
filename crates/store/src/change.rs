//! A change: one transaction, one entry of the trail.

use shirube_trail::{Digest, Entry, Head, Origin, Sealed};
use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, Transaction, query};

use crate::reading::{Last, files, is_id, last_entry, latest, service};
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
    /// The organisation this change is for.
    pub fn organisation(&self) -> &str {
        &self.organisation
    }

    /// The number that the entry of this change will have.
    pub fn number(&self) -> Result<u64, StoreError> {
        Ok(self.must_exist()?.head.number + 1)
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
        self.must_have_service(service).await?;
        let files = files(&mut self.tx, &self.organisation, service, from).await?;
        self.write(service, based_on, &files, Some(from)).await
    }

    /// Says what the entry is about: when nothing is written, because somebody read or refused something, or when the
    /// last step does not say it best. What is sealed by its digest keeps its name.
    pub fn about(&mut self, object: &str) {
        self.name(object.to_owned());
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
        let number = last.head.number + 1;
        let insert = query(
            "INSERT INTO trail (organisation, number, at, actor, action, object, entry, digest) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(&self.organisation)
        .bind(stored(number)?)
        .bind(entry.at.clone())
        .bind(printable(&entry.actor))
        .bind(printable(&entry.action))
        .bind(printable(&entry.object));
        let (action, at) = (entry.action.clone(), entry.at.clone());
        let sealed = Sealed::after(last.head, entry);
        insert.bind(&sealed.entry).bind(sealed.digest.to_string()).execute(&mut *self.tx).await?;
        self.announce(number, &action, &at).await?;
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
        self.must_be_unsealed()?;
        let entry = self.number()?;
        self.must_have_service(service).await?;
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
        let revision = query(
            "INSERT INTO revision (organisation, service, number, digest, restored_from, entry) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        );
        let revision = revision.bind(&self.organisation).bind(service).bind(stored(number)?).bind(after.to_string());
        let revision = revision.bind(restored_from.map(stored).transpose()?).bind(stored(entry)?);
        self.execute(revision).await?;
        for (name, text) in files.iter() {
            self.write_file(service, number, name, text).await?;
        }
        self.seal(revision_object(service, number), latest.map(|(_, digest)| digest), after)?;
        Ok(number)
    }

    async fn write_file(&mut self, service: &str, number: u64, name: &str, text: &str) -> Result<(), StoreError> {
        let digest = self.write_content(text).await?.to_string();
        let file = query(
            "INSERT INTO revision_file (organisation, service, revision, name, digest) VALUES ($1, $2, $3, $4, $5)",
        );
        let file = file.bind(&self.organisation).bind(service).bind(stored(number)?).bind(name).bind(&digest);
        self.execute(file).await.map(drop)
    }

    /// Keeps a text by its digest.
    pub(crate) async fn write_content(&mut self, text: &str) -> Result<Digest, StoreError> {
        let digest = Digest::of(text.as_bytes());
        let content =
            query("INSERT INTO content (organisation, digest, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
        self.execute(content.bind(self.organisation.clone()).bind(digest.to_string()).bind(text)).await?;
        Ok(digest)
    }

    /// Runs a statement and tells how many rows it touched.
    pub(crate) async fn execute(&mut self, statement: Query<'_, Any, AnyArguments>) -> Result<u64, StoreError> {
        match statement.execute(&mut *self.tx).await {
            Ok(done) => Ok(done.rows_affected()),
            Err(error) => {
                self.spoilt = true;
                Err(error.into())
            }
        }
    }

    /// Runs a statement that must touch a row, or what it is about is missing.
    pub(crate) async fn touched(
        &mut self,
        statement: Query<'_, Any, AnyArguments>,
        missing: Missing,
        object: String,
    ) -> Result<(), StoreError> {
        if self.execute(statement).await? == 0 {
            return Err(StoreError::Missing(missing));
        }
        self.name(object);
        Ok(())
    }

    /// Runs a statement that touches a row only the first time.
    pub(crate) async fn once(
        &mut self,
        statement: Query<'_, Any, AnyArguments>,
        object: String,
    ) -> Result<(), StoreError> {
        if self.execute(statement).await? == 0 {
            return Err(StoreError::Used);
        }
        self.name(object);
        Ok(())
    }

    /// For queries within the change.
    pub(crate) fn connection(&mut self) -> &mut AnyConnection {
        &mut self.tx
    }

    /// Names what the entry is about, unless something sealed has named it.
    pub(crate) fn name(&mut self, object: String) {
        if self.revised.is_none() {
            self.object = Some(object);
        }
    }

    /// Names what the entry is about for good, and its digests.
    pub(crate) fn seal(&mut self, object: String, before: Option<Digest>, after: Digest) -> Result<(), StoreError> {
        self.must_be_unsealed()?;
        self.object = Some(object);
        self.revised = Some(Revised { before, after });
        Ok(())
    }

    pub(crate) fn must_be_unsealed(&self) -> Result<(), StoreError> {
        if self.revised.is_some() { Err(StoreError::SecondRevision) } else { Ok(()) }
    }

    /// What the entry is about as yet.
    pub(crate) fn object(&self) -> Option<&str> {
        self.object.as_deref()
    }

    /// The organisation has just been made: its trail is empty.
    pub(crate) fn now_exists(&mut self) {
        self.last = Some(Last::NONE);
    }

    /// Refuses a service that is not there, or is put away.
    pub(crate) async fn must_have_service(&mut self, id: &str) -> Result<(), StoreError> {
        let (_, state) = service(&mut self.tx, &self.organisation, id).await?;
        if state == "active" { Ok(()) } else { Err(StoreError::State { found: state }) }
    }

    pub(crate) fn must_exist(&self) -> Result<&Last, StoreError> {
        self.last.as_ref().ok_or(StoreError::Missing(Missing::Organisation))
    }
}

/// How the trail names a revision.
pub(crate) fn revision_object(service: &str, number: u64) -> String {
    format!("service/{service}/revision/{number}")
}

/// How the trail names the state of a revision.
pub(crate) fn state_object(service: &str, number: u64) -> String {
    format!("service/{service}/revision/{number}/state")
}

/// How the trail names documents of a revision that are issued.
pub(crate) fn issued_object(service: &str, number: u64) -> String {
    format!("service/{service}/revision/{number}/issued")
}

/// How the trail names documents of a revision that are issued to one institution; `terms` is the last record about it.
pub(crate) fn issued_to_object(service: &str, number: u64, institution: &str, terms: u64) -> String {
    format!("service/{service}/revision/{number}/institution/{institution}/{terms}/issued")
}

/// How the trail names an attachment.
pub(crate) fn attachment_object(service: &str, id: &str) -> String {
    format!("service/{service}/attachment/{id}")
}

/// How the trail names the removal of an attachment.
pub(crate) fn removal_object(service: &str, id: &str) -> String {
    format!("{}/removal", attachment_object(service, id))
}

pub(crate) fn stored(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|error| StoreError::inconsistent("番号", error))
}

/// PostgreSQL keeps no U+0000, and nobody means one in a text.
pub(crate) fn printable(name: &str) -> String {
    name.replace('\0', "")
}

/// Refuses a time that would not sort among the others.
pub(crate) fn time(at: &str) -> Result<&str, StoreError> {
    if is_time(at) { Ok(at) } else { Err(StoreError::Time(at.to_owned())) }
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
