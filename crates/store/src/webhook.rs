//! Notices to other programs: where they go, and which still have to be sent.
//!
//! A notice is written by [`Change::commit`], in the transaction of what it tells of: nothing confirmed is forgotten by
//! a crash, and nothing is told that did not happen.

use shirube_trail::Entry;
use sqlx::any::AnyRow;
use sqlx::query;

use crate::change::{printable, stored, time};
use crate::reading::{entry, is_id, organisation_name};
use crate::row::{count, maybe, text};
use crate::{Change, Missing, Store, StoreError};

/// Where notices of an organisation go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    pub id: String,
    pub address: String,
    /// Names of actions, as the trail has them.
    pub events: Vec<String>,
    pub created_by: String,
    pub created_at: String,
}

/// A webhook to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewWebhook<'a> {
    pub id: &'a str,
    pub address: &'a str,
    pub events: &'a [&'a str],
    /// Sealed; the store does not read it.
    pub secret: &'a str,
    pub created_by: &'a str,
}

/// A notice and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub webhook: String,
    pub address: String,
    /// `waiting`, `delivered` or `failed`.
    pub state: String,
    pub tries: u64,
    pub next_at: String,
    pub last_at: Option<String>,
    /// What the other side said, or why it was not reached.
    pub last_result: String,
    /// What it tells of.
    pub entry: Entry,
}

/// A notice whose time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueDelivery {
    pub organisation: String,
    pub webhook: String,
    pub address: String,
    pub secret: String,
    pub tries: u64,
    pub entry: Entry,
}

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tried<'a> {
    pub state: &'a str,
    pub next_at: &'a str,
    pub at: &'a str,
    pub result: &'a str,
}

impl Store {
    /// Where notices of an organisation go, oldest first.
    pub async fn webhooks(&self, organisation: &str) -> Result<Vec<Webhook>, StoreError> {
        let mut tx = self.begin_reading().await?;
        organisation_name(&mut tx, organisation).await?;
        let rows = query("SELECT * FROM webhook WHERE organisation = $1 AND removed_at IS NULL").bind(organisation);
        let rows = rows.fetch_all(&mut *tx).await?;
        let mut all = rows.iter().map(webhook).collect::<Result<Vec<_>, _>>()?;
        all.sort_by(|a, b| (&a.created_at, &a.id).cmp(&(&b.created_at, &b.id)));
        Ok(all)
    }

    /// The last notices of an organisation, newest first.
    pub async fn deliveries(&self, organisation: &str, limit: u32) -> Result<Vec<Delivery>, StoreError> {
        let mut tx = self.begin_reading().await?;
        organisation_name(&mut tx, organisation).await?;
        let rows = query(
            "SELECT d.webhook, w.address, d.state, d.tries, d.next_at, d.last_at, d.last_result, t.entry AS told \
             FROM delivery d JOIN webhook w ON w.organisation = d.organisation AND w.id = d.webhook \
             JOIN trail t ON t.organisation = d.organisation AND t.number = d.entry \
             WHERE d.organisation = $1 ORDER BY d.entry DESC, d.webhook LIMIT $2",
        );
        let rows = rows.bind(organisation).bind(i64::from(limit)).fetch_all(&mut *tx).await?;
        rows.iter().map(delivery).collect()
    }

    /// Notices of all organisations whose time has come, those that waited longest first.
    pub async fn due_deliveries(&self, at: &str, limit: u32) -> Result<Vec<DueDelivery>, StoreError> {
        let rows = query(
            "SELECT d.organisation, d.webhook, w.address, w.secret, d.tries, t.entry AS told \
             FROM delivery d JOIN webhook w ON w.organisation = d.organisation AND w.id = d.webhook \
             JOIN trail t ON t.organisation = d.organisation AND t.number = d.entry \
             WHERE d.state = 'waiting' AND d.next_at <= $1 AND w.removed_at IS NULL \
             ORDER BY d.next_at, d.organisation, d.entry LIMIT $2",
        );
        let rows = rows.bind(time(at)?).bind(i64::from(limit)).fetch_all(self.reader()).await?;
        rows.iter().map(due).collect()
    }

    /// Takes a notice to be sent now: false if another process was quicker. Until `until` nobody else takes it; if this
    /// process ends before it can say what became of it, it is sent again then.
    pub async fn take_delivery(&self, due: &DueDelivery, until: &str) -> Result<bool, StoreError> {
        let update = query(
            "UPDATE delivery SET tries = tries + 1, next_at = $5 WHERE organisation = $1 AND webhook = $2 \
             AND entry = $3 AND state = 'waiting' AND tries = $4",
        );
        let update = update.bind(&due.organisation).bind(&due.webhook).bind(stored(due.entry.number)?);
        let done = update.bind(stored(due.tries)?).bind(time(until)?).execute(self.writer()).await?;
        Ok(done.rows_affected() > 0)
    }

    /// Says what became of a notice that was taken.
    pub async fn end_delivery(&self, due: &DueDelivery, tried: Tried<'_>) -> Result<(), StoreError> {
        let update = query(
            "UPDATE delivery SET state = $4, next_at = $5, last_at = $6, last_result = $7 \
             WHERE organisation = $1 AND webhook = $2 AND entry = $3",
        );
        let update = update.bind(&due.organisation).bind(&due.webhook).bind(stored(due.entry.number)?);
        let update = update.bind(tried.state).bind(time(tried.next_at)?).bind(time(tried.at)?);
        update.bind(printable(tried.result)).execute(self.writer()).await?;
        Ok(())
    }
}

impl Change {
    /// Makes a webhook of this organisation.
    pub async fn add_webhook(&mut self, new: NewWebhook<'_>, at: &str) -> Result<(), StoreError> {
        self.must_exist()?;
        if !is_id(new.id) {
            return Err(StoreError::Id(new.id.to_owned()));
        }
        // A blank on each side, so that a name is found whole.
        let events = format!(" {} ", new.events.join(" "));
        let insert = query(
            "INSERT INTO webhook (organisation, id, address, events, secret, created_by, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        );
        let insert = insert.bind(self.organisation().to_owned()).bind(new.id).bind(printable(new.address));
        let insert = insert.bind(printable(&events)).bind(new.secret).bind(printable(new.created_by));
        if self.execute(insert.bind(time(at)?)).await? == 0 {
            return Err(StoreError::Exists(new.id.to_owned()));
        }
        self.name(format!("webhook/{}", new.id));
        Ok(())
    }

    /// Ends a webhook: nothing goes there any more, not even what waits.
    pub async fn remove_webhook(&mut self, id: &str, at: &str) -> Result<(), StoreError> {
        self.must_exist()?;
        let update =
            query("UPDATE webhook SET removed_at = $3 WHERE organisation = $1 AND id = $2 AND removed_at IS NULL");
        let update = update.bind(self.organisation().to_owned()).bind(printable(id)).bind(time(at)?);
        self.touched(update, Missing::Webhook, format!("webhook/{id}")).await
    }

    /// Has a notice sent again, from the first try on.
    pub async fn resend(&mut self, webhook: &str, entry: u64, at: &str) -> Result<(), StoreError> {
        self.must_exist()?;
        let update = query(
            "UPDATE delivery SET state = 'waiting', tries = 0, next_at = $4 \
             WHERE organisation = $1 AND webhook = $2 AND entry = $3 AND state <> 'waiting'",
        );
        let update = update.bind(self.organisation().to_owned()).bind(printable(webhook)).bind(stored(entry)?);
        self.touched(update.bind(time(at)?), Missing::Delivery, format!("webhook/{webhook}/delivery/{entry}")).await
    }

    /// Notes who has to be told of the entry of this change.
    pub(crate) async fn announce(&mut self, number: u64, action: &str, at: &str) -> Result<(), StoreError> {
        let insert = query(
            "INSERT INTO delivery (organisation, webhook, entry, state, tries, next_at, last_result) \
             SELECT organisation, id, $2, 'waiting', 0, $3, '' FROM webhook \
             WHERE organisation = $1 AND removed_at IS NULL AND events LIKE $4",
        );
        let insert = insert.bind(self.organisation().to_owned()).bind(stored(number)?).bind(at.to_owned());
        self.execute(insert.bind(format!("% {} %", printable(action)))).await.map(drop)
    }
}

fn webhook(row: &AnyRow) -> Result<Webhook, StoreError> {
    Ok(Webhook {
        id: text(row, "id")?,
        address: text(row, "address")?,
        events: text(row, "events")?.split_whitespace().map(str::to_owned).collect(),
        created_by: text(row, "created_by")?,
        created_at: text(row, "created_at")?,
    })
}

fn delivery(row: &AnyRow) -> Result<Delivery, StoreError> {
    Ok(Delivery {
        webhook: text(row, "webhook")?,
        address: text(row, "address")?,
        state: text(row, "state")?,
        tries: count(row, "tries")?,
        next_at: text(row, "next_at")?,
        last_at: maybe(row, "last_at")?,
        last_result: text(row, "last_result")?,
        entry: entry(&text(row, "told")?)?,
    })
}

fn due(row: &AnyRow) -> Result<DueDelivery, StoreError> {
    Ok(DueDelivery {
        organisation: text(row, "organisation")?,
        webhook: text(row, "webhook")?,
        address: text(row, "address")?,
        secret: text(row, "secret")?,
        tries: count(row, "tries")?,
        entry: entry(&text(row, "told")?)?,
    })
}
