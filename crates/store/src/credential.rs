//! How a person proves who they are. Hashes, digests and sealed secrets are text that the store does not read.
//!
//! Everything here is changed by the organisation that looks after the account, in its trail. A [`Change`] holds that
//! organisation's lock: of two uses of one code, or two failures counted at once, the second sees the first.

use std::collections::BTreeMap;

use sqlx::{AnyConnection, query, query_as, query_scalar};

use crate::change::{printable, stored, time};
use crate::reading::is_id;
use crate::row::{count, maybe, maybe_count, text};
use crate::{Change, Missing, Store, StoreError};

/// All that a person can prove themselves with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Credentials {
    pub password: Option<Password>,
    /// Hashes of earlier passwords, newest first.
    pub password_history: Vec<String>,
    /// In force.
    pub totp: Option<Totp>,
    /// A sealed secret that waits to be confirmed.
    pub pending_totp: Option<String>,
    /// In the order in which they were added.
    pub passkeys: Vec<Passkey>,
    pub recovery_codes: Vec<RecoveryCode>,
    /// Failures and locks by kind: `password`, `second`, `change`.
    pub throttles: BTreeMap<String, Throttle>,
}

/// The password in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Password {
    pub hash: String,
    pub set_at: String,
    pub must_change: bool,
}

/// A confirmed secret for codes that change with time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totp {
    pub secret: String,
    pub confirmed_at: String,
    /// The step of the last code that was taken. No code of this step or an earlier one is taken again.
    pub last_step: u64,
}

/// A passkey. `body` is the JSON of whoever checks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    pub id: String,
    pub label: String,
    pub body: String,
    pub created_at: String,
    pub last_used_at: Option<String>,
}

/// A recovery code, by its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveryCode {
    pub digest: String,
    pub used_at: Option<String>,
}

/// What is remembered of attempts of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Throttle {
    pub failures: u64,
    pub last_failure: Option<String>,
    pub locked_until: Option<String>,
    pub last_success: Option<String>,
}

impl Store {
    /// What a person can prove themselves with; nothing for an id that nobody has. Only for signing in and for a
    /// person's own page.
    pub async fn credentials(&self, person: &str) -> Result<Credentials, StoreError> {
        if !is_id(person) {
            return Ok(Credentials::default());
        }
        credentials(&mut *self.begin_reading().await?, person).await
    }

    /// A passkey by its id, and whose it is.
    pub async fn passkey(&self, id: &str) -> Result<Option<(String, Passkey)>, StoreError> {
        if !is_id(id) {
            return Ok(None);
        }
        let row = query("SELECT * FROM passkey WHERE id = $1").bind(id).fetch_optional(self.reader()).await?;
        row.map(|row| Ok((text(&row, "person")?, passkey(&row)?))).transpose()
    }
}

impl Change {
    /// What a person of this organisation can prove themselves with, as this change sees it: nothing can come between
    /// reading the failures and counting one more.
    pub async fn credentials(&mut self, person: &str) -> Result<Credentials, StoreError> {
        self.must_own(person).await?;
        credentials(self.connection(), person).await
    }

    /// Sets a password. Of the earlier ones the last `keep` stay in the history.
    pub async fn set_password(
        &mut self,
        person: &str,
        hash: &str,
        at: &str,
        must_change: bool,
        keep: u32,
    ) -> Result<(), StoreError> {
        self.must_own(person).await?;
        let last: Option<i64> = query_scalar("SELECT MAX(number) FROM password WHERE person = $1")
            .bind(person)
            .fetch_one(self.connection())
            .await?;
        let next = last.unwrap_or(0) + 1;
        let insert =
            query("INSERT INTO password (person, number, hash, set_at, must_change) VALUES ($1, $2, $3, $4, $5)");
        let insert = insert.bind(person).bind(next).bind(hash).bind(time(at)?).bind(i64::from(must_change));
        self.execute(insert).await?;
        let forget = query("DELETE FROM password WHERE person = $1 AND number < $2");
        self.execute(forget.bind(person).bind(next - i64::from(keep))).await?;
        self.name(format!("person/{person}/password"));
        Ok(())
    }

    /// Keeps a sealed secret until it is confirmed. One that is in force stays so until then.
    pub async fn set_totp(&mut self, person: &str, sealed: &str) -> Result<(), StoreError> {
        self.must_own(person).await?;
        let insert = query(
            "INSERT INTO totp (person, pending, last_step) VALUES ($1, $2, 0) \
             ON CONFLICT (person) DO UPDATE SET pending = excluded.pending",
        );
        self.execute(insert.bind(person).bind(sealed)).await?;
        self.name(format!("person/{person}/totp"));
        Ok(())
    }

    /// Puts the waiting secret in force. `step` is that of the code which confirmed it.
    pub async fn confirm_totp(&mut self, person: &str, step: u64, at: &str) -> Result<(), StoreError> {
        self.must_own(person).await?;
        let update = query(
            "UPDATE totp SET secret = pending, pending = NULL, confirmed_at = $2, last_step = $3 \
             WHERE person = $1 AND pending IS NOT NULL",
        );
        let update = update.bind(person).bind(time(at)?).bind(stored(step)?);
        self.touched(update, Missing::Totp, format!("person/{person}/totp")).await
    }

    /// Removes the secret in force and the one that waits.
    pub async fn remove_totp(&mut self, person: &str) -> Result<(), StoreError> {
        self.must_own(person).await?;
        let delete = query("DELETE FROM totp WHERE person = $1").bind(person);
        self.touched(delete, Missing::Totp, format!("person/{person}/totp")).await
    }

    /// Takes the code of a step once: [`StoreError::Used`] for this step or an earlier one.
    pub async fn use_totp_step(&mut self, person: &str, step: u64) -> Result<(), StoreError> {
        self.must_own(person).await?;
        let update =
            query("UPDATE totp SET last_step = $2 WHERE person = $1 AND secret IS NOT NULL AND last_step < $2");
        self.once(update.bind(person).bind(stored(step)?), format!("person/{person}/totp")).await
    }

    /// Adds a passkey. Its id must be new to the whole installation.
    pub async fn add_passkey(
        &mut self,
        person: &str,
        id: &str,
        label: &str,
        body: &str,
        at: &str,
    ) -> Result<(), StoreError> {
        self.must_own(person).await?;
        if !is_id(id) {
            return Err(StoreError::Id(id.to_owned()));
        }
        let insert = query(
            "INSERT INTO passkey (id, person, label, body, created_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT DO NOTHING",
        );
        let insert = insert.bind(id).bind(person).bind(printable(label)).bind(printable(body)).bind(time(at)?);
        if self.execute(insert).await? == 0 {
            return Err(StoreError::Exists(id.to_owned()));
        }
        self.name(format!("person/{person}/passkey/{id}"));
        Ok(())
    }

    /// Notes that a passkey was used, with what its checker wants to remember now.
    pub async fn use_passkey(&mut self, person: &str, id: &str, body: &str, at: &str) -> Result<(), StoreError> {
        self.must_own(person).await?;
        let update = query("UPDATE passkey SET body = $3, last_used_at = $4 WHERE person = $1 AND id = $2");
        let update = update.bind(person).bind(printable(id)).bind(printable(body)).bind(time(at)?);
        self.touched(update, Missing::Passkey, format!("person/{person}/passkey/{id}")).await
    }

    /// Removes a passkey.
    pub async fn remove_passkey(&mut self, person: &str, id: &str) -> Result<(), StoreError> {
        self.must_own(person).await?;
        let delete = query("DELETE FROM passkey WHERE person = $1 AND id = $2").bind(person).bind(printable(id));
        self.touched(delete, Missing::Passkey, format!("person/{person}/passkey/{id}")).await
    }

    /// Sets new recovery codes; the earlier ones are no longer taken.
    pub async fn set_recovery_codes(&mut self, person: &str, digests: &[String]) -> Result<(), StoreError> {
        self.must_own(person).await?;
        self.execute(query("DELETE FROM recovery_code WHERE person = $1").bind(person)).await?;
        for digest in digests {
            let insert = query("INSERT INTO recovery_code (person, digest) VALUES ($1, $2)");
            self.execute(insert.bind(person).bind(digest)).await?;
        }
        self.name(format!("person/{person}/recovery-codes"));
        Ok(())
    }

    /// Takes a recovery code once: [`StoreError::Used`] for a used one and for one that never was.
    pub async fn use_recovery_code(&mut self, person: &str, digest: &str, at: &str) -> Result<(), StoreError> {
        self.must_own(person).await?;
        let update =
            query("UPDATE recovery_code SET used_at = $3 WHERE person = $1 AND digest = $2 AND used_at IS NULL");
        let update = update.bind(person).bind(printable(digest)).bind(time(at)?);
        self.once(update, format!("person/{person}/recovery-codes")).await
    }

    /// Sets what is remembered of attempts of one kind. Read it in the same change, or two failures count as one.
    pub async fn set_throttle(&mut self, person: &str, kind: &str, throttle: &Throttle) -> Result<(), StoreError> {
        self.must_own(person).await?;
        let times = [&throttle.last_failure, &throttle.locked_until, &throttle.last_success];
        for at in times.into_iter().flatten() {
            time(at)?;
        }
        let insert = query(
            "INSERT INTO throttle (person, kind, failures, last_failure, locked_until, last_success) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (person, kind) DO UPDATE SET \
             failures = excluded.failures, last_failure = excluded.last_failure, \
             locked_until = excluded.locked_until, last_success = excluded.last_success",
        );
        let insert = insert.bind(person).bind(printable(kind)).bind(stored(throttle.failures)?);
        let insert = insert.bind(throttle.last_failure.as_deref()).bind(throttle.locked_until.as_deref());
        self.execute(insert.bind(throttle.last_success.as_deref())).await?;
        self.name(format!("person/{person}/sign-in"));
        Ok(())
    }
}

async fn credentials(connection: &mut AnyConnection, person: &str) -> Result<Credentials, StoreError> {
    let mut found = Credentials::default();
    let passwords: Vec<(String, String, i64)> =
        query_as("SELECT hash, set_at, must_change FROM password WHERE person = $1 ORDER BY number DESC")
            .bind(person)
            .fetch_all(&mut *connection)
            .await?;
    let mut passwords = passwords.into_iter();
    found.password = passwords.next().map(|(hash, set_at, change)| Password { hash, set_at, must_change: change != 0 });
    found.password_history = passwords.map(|(hash, ..)| hash).collect();

    let totp = query("SELECT * FROM totp WHERE person = $1").bind(person).fetch_optional(&mut *connection).await?;
    if let Some(row) = totp {
        found.pending_totp = maybe(&row, "pending")?;
        let last_step = maybe_count(&row, "last_step")?.unwrap_or(0);
        found.totp = maybe(&row, "secret")?.zip(maybe(&row, "confirmed_at")?).map(|(secret, confirmed_at)| Totp {
            secret,
            confirmed_at,
            last_step,
        });
    }

    let rows = query("SELECT * FROM passkey WHERE person = $1").bind(person).fetch_all(&mut *connection).await?;
    found.passkeys = rows.iter().map(passkey).collect::<Result<_, _>>()?;
    found.passkeys.sort_by(|a, b| (&a.created_at, &a.id).cmp(&(&b.created_at, &b.id)));

    let codes: Vec<(String, Option<String>)> = query_as("SELECT digest, used_at FROM recovery_code WHERE person = $1")
        .bind(person)
        .fetch_all(&mut *connection)
        .await?;
    found.recovery_codes = codes.into_iter().map(|(digest, used_at)| RecoveryCode { digest, used_at }).collect();
    found.recovery_codes.sort_by(|a, b| a.digest.cmp(&b.digest));

    let rows = query("SELECT * FROM throttle WHERE person = $1").bind(person).fetch_all(connection).await?;
    for row in &rows {
        let throttle = Throttle {
            failures: count(row, "failures")?,
            last_failure: maybe(row, "last_failure")?,
            locked_until: maybe(row, "locked_until")?,
            last_success: maybe(row, "last_success")?,
        };
        found.throttles.insert(text(row, "kind")?, throttle);
    }
    Ok(found)
}

fn passkey(row: &sqlx::any::AnyRow) -> Result<Passkey, StoreError> {
    Ok(Passkey {
        id: text(row, "id")?,
        label: text(row, "label")?,
        body: text(row, "body")?,
        created_at: text(row, "created_at")?,
        last_used_at: maybe(row, "last_used_at")?,
    })
}
