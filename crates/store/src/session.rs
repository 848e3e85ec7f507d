//! Sessions, by the digest of the secret that the browser holds.

use sqlx::any::AnyRow;
use sqlx::{Row, query};

use crate::change::{printable, time};
use crate::people::grouped;
use crate::reading::is_id;
use crate::row::{maybe, text};
use crate::{Change, Membership, Missing, Person, Store, StoreError};

/// A session with its person. Whether it still counts, by its end, its times, its stage and the person's state, is
/// for the caller to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub digest: String,
    pub person: Person,
    /// The organisation acted for.
    pub organisation: String,
    /// Where the person holds roles now, sorted by the organisation's id.
    pub memberships: Vec<Membership>,
    /// The password in force was set by somebody else.
    pub must_change: bool,
    /// When the password in force was set.
    pub password_set_at: Option<String>,
    /// What the organisation that looks after the account has set.
    pub home_settings: String,
    /// What the person prefers, as it was kept.
    pub preferences: Option<String>,
    /// Second factors in force: a confirmed secret for codes, and passkeys.
    pub second_factors: u64,
    /// `password` after the first factor, `full` after all.
    pub stage: String,
    pub factors: String,
    pub csrf: String,
    pub agent: String,
    pub address: String,
    pub created_at: String,
    pub seen_at: String,
    pub ended_at: Option<String>,
    pub end_reason: Option<String>,
}

/// A session in a person's list of sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionLine {
    pub digest: String,
    pub organisation: String,
    pub stage: String,
    pub factors: String,
    pub agent: String,
    pub address: String,
    pub created_at: String,
    pub seen_at: String,
    pub ended_at: Option<String>,
    pub end_reason: Option<String>,
}

/// A session to be opened.
#[derive(Debug, Clone, Copy)]
pub struct NewSession<'a> {
    pub digest: &'a str,
    pub person: &'a str,
    /// The organisation acted for at first: the person's own, or one in which the person holds a role.
    pub organisation: &'a str,
    pub stage: &'a str,
    pub factors: &'a str,
    pub csrf: &'a str,
    pub agent: &'a str,
    pub address: &'a str,
}

impl Store {
    /// The session of a secret with this digest, with all that is asked at every request, in one query.
    pub async fn session(&self, digest: &str) -> Result<Option<Session>, StoreError> {
        if !is_id(digest) {
            return Ok(None);
        }
        let rows = query(
            "SELECT s.digest, s.organisation AS acting, s.stage, s.factors, s.csrf, s.agent, s.address, \
             s.created_at AS opened_at, s.seen_at, s.ended_at, s.end_reason, p.*, \
             (SELECT w.must_change FROM password w WHERE w.person = p.id ORDER BY w.number DESC LIMIT 1) \
             AS must_change, \
             (SELECT w.set_at FROM password w WHERE w.person = p.id ORDER BY w.number DESC LIMIT 1) \
             AS password_set_at, \
             (SELECT h.settings FROM organisation h WHERE h.id = p.organisation) AS home_settings, \
             (SELECT COUNT(*) FROM totp t WHERE t.person = p.id AND t.secret IS NOT NULL) AS codes, \
             (SELECT COUNT(*) FROM passkey k WHERE k.person = p.id) AS passkeys, \
             (SELECT f.body FROM preference f WHERE f.person = p.id) AS preferences, \
             o.id AS organisation_id, o.name AS organisation_name, o.kind AS organisation_kind, m.role, m.institution \
             FROM session s JOIN person p ON p.id = s.person \
             LEFT JOIN membership m ON m.person = p.id AND m.ended_at IS NULL \
             LEFT JOIN organisation o ON o.id = m.organisation WHERE s.digest = $1",
        )
        .bind(digest)
        .fetch_all(self.reader())
        .await?;
        let Some(first) = rows.first() else { return Ok(None) };
        let memberships = match maybe(first, "role")? {
            Some(_) => grouped(&rows)?,
            None => Vec::new(),
        };
        session(first, memberships).map(Some)
    }

    /// When a person signed in before this session, and when somebody last failed to under the person's id.
    pub async fn sign_ins_before(
        &self,
        person: &str,
        session: &str,
    ) -> Result<(Option<String>, Option<String>), StoreError> {
        let row = query(
            "SELECT (SELECT MAX(s.created_at) FROM session s WHERE s.person = $1 AND s.stage = 'full' \
             AND s.digest <> $2) AS earlier, \
             (SELECT MAX(t.last_failure) FROM throttle t WHERE t.person = $1) AS failed",
        );
        let row = row.bind(printable(person)).bind(printable(session)).fetch_one(self.reader()).await?;
        Ok((maybe(&row, "earlier")?, maybe(&row, "failed")?))
    }

    /// Moves the time at which a session was last seen forward, never back. Leaves no entry in the trail.
    pub async fn touch_session(&self, digest: &str, seen_at: &str) -> Result<(), StoreError> {
        if !is_id(digest) {
            return Ok(());
        }
        query("UPDATE session SET seen_at = $2 WHERE digest = $1 AND seen_at < $2 AND ended_at IS NULL")
            .bind(digest)
            .bind(time(seen_at)?)
            .execute(self.writer())
            .await?;
        Ok(())
    }

    /// Forgets sessions, ended or not, that were last seen before a time, and tells how many there were. What the trail
    /// says of them stays. The time must be one at which none of them can still count.
    pub async fn forget_sessions(&self, seen_before: &str) -> Result<u64, StoreError> {
        let delete = query("DELETE FROM session WHERE seen_at < $1").bind(time(seen_before)?);
        Ok(delete.execute(self.writer()).await?.rows_affected())
    }

    /// The sessions of a person, newest first; at most `limit`.
    pub async fn sessions(&self, person: &str, limit: u32) -> Result<Vec<SessionLine>, StoreError> {
        if !is_id(person) {
            return Ok(Vec::new());
        }
        let rows = query("SELECT * FROM session WHERE person = $1 ORDER BY created_at DESC, digest LIMIT $2")
            .bind(person)
            .bind(i64::from(limit))
            .fetch_all(self.reader())
            .await?;
        rows.iter().map(line).collect()
    }
}

impl Change {
    /// Opens a session for a person of this organisation.
    pub async fn open_session(&mut self, new: NewSession<'_>, at: &str) -> Result<(), StoreError> {
        self.must_own(new.person).await?;
        if !is_id(new.digest) {
            return Err(StoreError::Id(new.digest.to_owned()));
        }
        if new.organisation != self.organisation() {
            self.must_hold_role(new.person, new.organisation).await?;
        }
        let insert = query(
            "INSERT INTO session (digest, person, organisation, stage, factors, csrf, agent, address, created_at, \
             seen_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) ON CONFLICT DO NOTHING",
        );
        let insert = insert.bind(new.digest).bind(new.person).bind(new.organisation).bind(new.stage);
        let insert = insert.bind(printable(new.factors)).bind(new.csrf).bind(printable(new.agent));
        let insert = insert.bind(printable(new.address)).bind(time(at)?);
        if self.execute(insert).await? == 0 {
            return Err(StoreError::Exists(short(new.digest).to_owned()));
        }
        self.name(session_object(new.person, new.digest));
        Ok(())
    }

    /// Lets a session act for the organisation of this change, in which its person must hold a role.
    pub async fn switch_session(&mut self, digest: &str) -> Result<(), StoreError> {
        self.must_exist()?;
        let missing = StoreError::Missing(Missing::Session);
        if !is_id(digest) {
            return Err(missing);
        }
        let found = query("SELECT person FROM session WHERE digest = $1 AND ended_at IS NULL").bind(digest);
        let found = found.fetch_optional(self.connection()).await?.ok_or(missing.clone())?;
        let person = text(&found, "person")?;
        let organisation = self.organisation().to_owned();
        self.must_hold_role(&person, &organisation).await?;
        let update = query("UPDATE session SET organisation = $2 WHERE digest = $1 AND ended_at IS NULL");
        if self.execute(update.bind(digest).bind(&organisation)).await? == 0 {
            return Err(missing);
        }
        self.name(session_object(&person, digest));
        Ok(())
    }

    /// Ends one session of a person of this organisation.
    pub async fn end_session(&mut self, person: &str, digest: &str, at: &str, reason: &str) -> Result<(), StoreError> {
        self.must_own(person).await?;
        let update = query(
            "UPDATE session SET ended_at = $3, end_reason = $4 \
             WHERE person = $1 AND digest = $2 AND ended_at IS NULL",
        );
        let update = update.bind(person).bind(printable(digest)).bind(time(at)?).bind(printable(reason));
        self.touched(update, Missing::Session, session_object(person, digest)).await
    }

    /// Ends all sessions of a person of this organisation but `except`, and tells how many there were.
    pub async fn end_all_sessions(
        &mut self,
        person: &str,
        except: Option<&str>,
        at: &str,
        reason: &str,
    ) -> Result<u64, StoreError> {
        self.must_own(person).await?;
        let update = query(
            "UPDATE session SET ended_at = $3, end_reason = $4 \
             WHERE person = $1 AND digest <> $2 AND ended_at IS NULL",
        );
        let update = update.bind(person).bind(printable(except.unwrap_or(""))).bind(time(at)?).bind(printable(reason));
        let ended = self.execute(update).await?;
        self.name(format!("person/{person}/sessions"));
        Ok(ended)
    }

    async fn must_hold_role(&mut self, person: &str, organisation: &str) -> Result<(), StoreError> {
        let held = query("SELECT role FROM membership WHERE organisation = $1 AND person = $2 AND ended_at IS NULL");
        let held = held.bind(printable(organisation)).bind(person).fetch_optional(self.connection()).await?;
        held.ok_or(StoreError::Missing(Missing::Organisation)).map(drop)
    }
}

fn session_object(person: &str, digest: &str) -> String {
    format!("person/{person}/session/{}", short(digest))
}

/// Enough of a digest to tell sessions apart, too little to look one up with.
fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}

fn session(row: &AnyRow, memberships: Vec<Membership>) -> Result<Session, StoreError> {
    let must_change: Option<i64> = row.try_get("must_change")?;
    Ok(Session {
        digest: text(row, "digest")?,
        person: crate::people::person(row)?,
        organisation: text(row, "acting")?,
        memberships,
        must_change: must_change.is_some_and(|change| change != 0),
        password_set_at: maybe(row, "password_set_at")?,
        home_settings: text(row, "home_settings")?,
        preferences: maybe(row, "preferences")?,
        second_factors: crate::row::count(row, "codes")? + crate::row::count(row, "passkeys")?,
        stage: text(row, "stage")?,
        factors: text(row, "factors")?,
        csrf: text(row, "csrf")?,
        agent: text(row, "agent")?,
        address: text(row, "address")?,
        created_at: text(row, "opened_at")?,
        seen_at: text(row, "seen_at")?,
        ended_at: maybe(row, "ended_at")?,
        end_reason: maybe(row, "end_reason")?,
    })
}

fn line(row: &AnyRow) -> Result<SessionLine, StoreError> {
    Ok(SessionLine {
        digest: text(row, "digest")?,
        organisation: text(row, "organisation")?,
        stage: text(row, "stage")?,
        factors: text(row, "factors")?,
        agent: text(row, "agent")?,
        address: text(row, "address")?,
        created_at: text(row, "created_at")?,
        seen_at: text(row, "seen_at")?,
        ended_at: maybe(row, "ended_at")?,
        end_reason: maybe(row, "end_reason")?,
    })
}
