//! Registers of operation: what was written of each entry, one record after the other.
//!
//! No record is changed; what the last of each says stands beside the records, so that lists of a million entries come
//! at once. Which fields an entry has, by which words it is found and when a duty is due is for whoever writes: here
//! they have names and texts.

mod page;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use shirube_trail::Digest;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, query, query_as, query_scalar};

pub use self::page::{RegisterPage, WantedItems};
pub(crate) use self::write::{register_name, register_object};
use crate::change::printable;
use crate::reading::{digest, number, organisation_name, service};
use crate::row::{count, maybe, text};
use crate::{Missing, Store, StoreError};

/// Something that was written in a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterRecord {
    pub register: String,
    /// The name of the entry; empty, where it is about the whole register.
    pub item: String,
    /// Counts the records of the entry, from 1.
    pub number: u64,
    /// What was done; empty where values were written.
    pub step: String,
    /// The state afterwards.
    pub state: String,
    /// The day on which it was done, as people state it.
    pub day: String,
    pub body: String,
    /// The entry of the trail that records it.
    pub entry: u64,
    /// Time and author, from the columns beside the entry.
    pub at: String,
    pub actor: String,
}

/// Something to be written.
#[derive(Debug, Clone, Default)]
pub struct NewRegisterRecord {
    pub register: String,
    pub item: String,
    /// The number of the last record that its author had seen, 0 for a new entry. If it is no longer the last, nothing
    /// is written.
    pub based_on: u64,
    pub step: String,
    pub state: String,
    pub day: String,
    pub body: String,
    /// The words by which the entry is found from now on, each with its field.
    pub words: BTreeSet<(String, String)>,
    /// The next day of each duty, by its id.
    pub due: BTreeMap<String, String>,
}

/// An entry as its last record left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterItem {
    pub item: String,
    /// Counts the entries of the register in the order in which they came, from 1.
    pub place: u64,
    /// The number of its last record.
    pub number: u64,
    pub state: String,
    pub body: String,
}

/// The next day of a duty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RegisterDue {
    pub day: String,
    pub service: String,
    pub register: String,
    pub item: String,
    pub duty: String,
}

/// How many days of a duty have gone by, and when it is due next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueCount {
    pub service: String,
    pub register: String,
    pub duty: String,
    pub overdue: u64,
    pub next: Option<String>,
}

fn due((day, service, register, item, duty): (String, String, String, String, String)) -> RegisterDue {
    RegisterDue { day, service, register, item, duty }
}

const RECORDS: &str = "SELECT r.register, r.item, r.number, r.step, r.state, r.day, r.digest, r.entry, c.body, t.at, \
    t.actor FROM register_record r \
    LEFT JOIN content c ON c.organisation = r.organisation AND c.digest = r.digest \
    JOIN trail t ON t.organisation = r.organisation AND t.number = r.entry ";

impl Store {
    /// All records of one entry, in order. With an empty name, those about the whole register.
    pub async fn register_records(
        &self,
        organisation: &str,
        service: &str,
        register: &str,
        item: &str,
    ) -> Result<Vec<RegisterRecord>, StoreError> {
        let mut tx = self.begin_reading().await?;
        self::service(&mut tx, organisation, service).await?;
        let sql = format!(
            "{RECORDS} WHERE r.organisation = $1 AND r.service = $2 AND r.register = $3 AND r.item = $4 \
             ORDER BY r.number"
        );
        let rows = query(sqlx::AssertSqlSafe(sql)).bind(organisation).bind(service).bind(printable(register));
        rows.bind(printable(item)).fetch_all(&mut *tx).await?.iter().map(record).collect()
    }

    /// Steps and duties of all registers of a service from a day on, in order of the days; more than `limit` gives the
    /// newest alone.
    pub async fn register_lines(
        &self,
        organisation: &str,
        service: &str,
        from: &str,
        limit: i64,
    ) -> Result<Vec<RegisterRecord>, StoreError> {
        let mut tx = self.begin_reading().await?;
        self::service(&mut tx, organisation, service).await?;
        let sql = format!(
            "{RECORDS} WHERE r.organisation = $1 AND r.service = $2 AND r.day >= $3 AND r.step LIKE '%:%' \
             ORDER BY r.day DESC, r.entry DESC, r.number DESC LIMIT $4"
        );
        let rows = query(sqlx::AssertSqlSafe(sql)).bind(organisation).bind(service).bind(printable(from));
        let mut records: Vec<RegisterRecord> =
            rows.bind(limit).fetch_all(&mut *tx).await?.iter().map(record).collect::<Result<_, _>>()?;
        records.reverse();
        Ok(records)
    }

    /// The entry with this name.
    pub async fn register_item(
        &self,
        organisation: &str,
        service: &str,
        register: &str,
        item: &str,
    ) -> Result<RegisterItem, StoreError> {
        let mut tx = self.begin_reading().await?;
        self::service(&mut tx, organisation, service).await?;
        let found = query(
            "SELECT i.item, i.place, i.number, i.state, i.digest, c.body FROM register_item i \
             LEFT JOIN content c ON c.organisation = i.organisation AND c.digest = i.digest \
             WHERE i.organisation = $1 AND i.service = $2 AND i.register = $3 AND i.item = $4",
        );
        let found = found.bind(organisation).bind(service).bind(printable(register)).bind(printable(item));
        let found = found.fetch_optional(&mut *tx).await?.ok_or(StoreError::Missing(Missing::RegisterItem))?;
        self::item(&found)
    }

    /// How many entries each register of a service has.
    pub async fn register_sizes(
        &self,
        organisation: &str,
        service: &str,
        registers: &[&str],
    ) -> Result<BTreeMap<String, u64>, StoreError> {
        let mut tx = self.begin_reading().await?;
        self::service(&mut tx, organisation, service).await?;
        let mut sizes = BTreeMap::new();
        for register in registers {
            // Places are given without gaps, so the last one is the number of entries.
            let last: Option<i64> = query_scalar(
                "SELECT MAX(place) FROM register_item WHERE organisation = $1 AND service = $2 AND register = $3",
            )
            .bind(organisation)
            .bind(service)
            .bind(*register)
            .fetch_one(&mut *tx)
            .await?;
            sizes.insert((*register).to_owned(), number(last.unwrap_or(0))?);
        }
        Ok(sizes)
    }

    /// What was done in a register between two days, both counted, in the order in which it was written, at most `limit`.
    pub async fn register_done(
        &self,
        organisation: &str,
        service: &str,
        register: &str,
        (from, until): (&str, &str),
        limit: u32,
    ) -> Result<Vec<RegisterRecord>, StoreError> {
        let mut tx = self.begin_reading().await?;
        self::service(&mut tx, organisation, service).await?;
        let sql = format!(
            "{RECORDS} WHERE r.organisation = $1 AND r.service = $2 AND r.register = $3 AND r.step <> '' \
             AND r.day >= $4 AND r.day <= $5 ORDER BY r.entry, r.number LIMIT $6"
        );
        let rows = query(sqlx::AssertSqlSafe(sql)).bind(organisation).bind(service).bind(printable(register));
        let rows = rows.bind(printable(from)).bind(printable(until)).bind(i64::from(limit));
        rows.fetch_all(&mut *tx).await?.iter().map(record).collect()
    }

    /// The newest day on which this was done in a register, whatever the entry: an empty step asks for values that were
    /// written.
    pub async fn last_done(
        &self,
        organisation: &str,
        service: &str,
        register: &str,
        step: &str,
    ) -> Result<Option<RegisterRecord>, StoreError> {
        let mut tx = self.begin_reading().await?;
        self::service(&mut tx, organisation, service).await?;
        last(&mut tx, organisation, service, register, step).await
    }

    /// What was done last of each of these registers and steps, as far as it ever was.
    pub async fn last_of_each(
        &self,
        organisation: &str,
        service: &str,
        asked: &[(String, String)],
    ) -> Result<Vec<RegisterRecord>, StoreError> {
        let mut tx = self.begin_reading().await?;
        self::service(&mut tx, organisation, service).await?;
        let mut found = Vec::new();
        for (register, step) in asked {
            found.extend(last(&mut tx, organisation, service, register, step).await?);
        }
        Ok(found)
    }

    /// The newest day of what was done, by register and step; an empty step stands for values that were written.
    pub async fn newest_days(
        &self,
        organisation: &str,
        service: &str,
    ) -> Result<BTreeMap<(String, String), String>, StoreError> {
        let mut tx = self.begin_reading().await?;
        self::service(&mut tx, organisation, service).await?;
        let mut days = BTreeMap::new();
        let mut found = newest(&mut tx, organisation, service, "", &[]).await?;
        while let Some((register, step, day)) = found {
            found =
                newest(&mut tx, organisation, service, "AND register = $3 AND step < $4", &[&register, &step]).await?;
            if found.is_none() {
                found = newest(&mut tx, organisation, service, "AND register < $3", &[&register]).await?;
            }
            days.insert((register, step), day);
        }
        Ok(days)
    }

    /// Duties of an organisation, or of one of its services, that are due up to a day, the earliest first, at most `limit`.
    pub async fn due_until(
        &self,
        organisation: &str,
        service: Option<&str>,
        until: &str,
        limit: u32,
    ) -> Result<Vec<RegisterDue>, StoreError> {
        let mut tx = self.begin_reading().await?;
        organisation_name(&mut tx, organisation).await?;
        let rows: Vec<(String, String, String, String, String)> = query_as(
            "SELECT d.day, d.service, d.register, d.item, d.duty FROM register_due d \
             JOIN service s ON s.organisation = d.organisation AND s.id = d.service AND s.state = 'active' \
             WHERE d.organisation = $1 AND d.day <= $2 AND ($4 = '' OR d.service = $4) \
             ORDER BY d.day, d.service, d.register, d.item, d.duty LIMIT $3",
        )
        .bind(organisation)
        .bind(printable(until))
        .bind(i64::from(limit))
        .bind(printable(service.unwrap_or_default()))
        .fetch_all(&mut *tx)
        .await?;
        Ok(rows.into_iter().map(due).collect())
    }

    /// The days of the duties of these entries of a register, the earliest first.
    pub async fn due_of_items(
        &self,
        organisation: &str,
        service: &str,
        register: &str,
        items: &[&str],
    ) -> Result<Vec<RegisterDue>, StoreError> {
        let mut tx = self.begin_reading().await?;
        self::service(&mut tx, organisation, service).await?;
        if items.is_empty() {
            return Ok(Vec::new());
        }
        let marks: Vec<String> = (4..4 + items.len()).map(|mark| format!("${mark}")).collect();
        let sql = format!(
            "SELECT day, service, register, item, duty FROM register_due WHERE organisation = $1 AND service = $2 \
             AND register = $3 AND item IN ({}) ORDER BY day, item, duty",
            marks.join(", ")
        );
        let rows = query_as::<_, (String, String, String, String, String)>(sqlx::AssertSqlSafe(sql));
        let rows = rows.bind(organisation).bind(service).bind(printable(register));
        let rows = items.iter().fold(rows, |rows, item| rows.bind(printable(item)));
        Ok(rows.fetch_all(&mut *tx).await?.into_iter().map(due).collect())
    }

    /// For each duty of each register: how many of its days are before a day, and the first of the others.
    pub async fn due_counts(&self, organisation: &str, before: &str) -> Result<Vec<DueCount>, StoreError> {
        let mut tx = self.begin_reading().await?;
        organisation_name(&mut tx, organisation).await?;
        let rows: Vec<(String, String, String, i64, Option<String>)> = query_as(
            "SELECT d.service, d.register, d.duty, CAST(SUM(CASE WHEN d.day < $2 THEN 1 ELSE 0 END) AS BIGINT), \
             MIN(CASE WHEN d.day >= $2 THEN d.day END) FROM register_due d \
             JOIN service s ON s.organisation = d.organisation AND s.id = d.service AND s.state = 'active' \
             WHERE d.organisation = $1 GROUP BY d.service, d.register, d.duty",
        )
        .bind(organisation)
        .bind(printable(before))
        .fetch_all(&mut *tx)
        .await?;
        let count = |(service, register, duty, overdue, next)| {
            Ok(DueCount { service, register, duty, overdue: number(overdue)?, next })
        };
        rows.into_iter().map(count).collect()
    }
}

/// The newest record of a step in a register, by the day it was done and then by when it was written.
async fn last(
    connection: &mut AnyConnection,
    organisation: &str,
    service: &str,
    register: &str,
    step: &str,
) -> Result<Option<RegisterRecord>, StoreError> {
    let sql = format!(
        "{RECORDS} WHERE r.organisation = $1 AND r.service = $2 AND r.register = $3 AND r.step = $4 \
         ORDER BY r.day DESC, r.entry DESC, r.number DESC LIMIT 1"
    );
    let rows = query(sqlx::AssertSqlSafe(sql)).bind(organisation).bind(service).bind(printable(register));
    rows.bind(printable(step)).fetch_optional(connection).await?.as_ref().map(record).transpose()
}

/// The last register of a service, its last step and the newest day of that, among the records that fulfil a condition.
/// Grouping would read all records, of which there may be a million; so one question after the other leaps over those
/// of the step before. A condition on the pair of register and step would not: SQLite reads on through the same pair.
async fn newest(
    connection: &mut AnyConnection,
    organisation: &str,
    service: &str,
    condition: &str,
    values: &[&str],
) -> Result<Option<(String, String, String)>, StoreError> {
    let sql = format!(
        "SELECT register, step, day FROM register_record WHERE organisation = $1 AND service = $2 {condition} \
         ORDER BY register DESC, step DESC, day DESC LIMIT 1"
    );
    let found = query_as(sqlx::AssertSqlSafe(sql)).bind(organisation).bind(service);
    let found = values.iter().fold(found, |found, value| found.bind(*value));
    Ok(found.fetch_optional(connection).await?)
}

fn record(row: &AnyRow) -> Result<RegisterRecord, StoreError> {
    let record = RegisterRecord {
        register: text(row, "register")?,
        item: text(row, "item")?,
        number: count(row, "number")?,
        step: text(row, "step")?,
        state: text(row, "state")?,
        day: text(row, "day")?,
        body: body(row)?,
        entry: count(row, "entry")?,
        at: text(row, "at")?,
        actor: text(row, "actor")?,
    };
    Ok(record)
}

fn item(row: &AnyRow) -> Result<RegisterItem, StoreError> {
    Ok(RegisterItem {
        item: text(row, "item")?,
        place: count(row, "place")?,
        number: count(row, "number")?,
        state: text(row, "state")?,
        body: body(row)?,
    })
}

/// The text of a row, which must still have the digest that the row names.
fn body(row: &AnyRow) -> Result<String, StoreError> {
    let (kept, body) = (text(row, "digest")?, maybe(row, "body")?.unwrap_or_default());
    if digest(&kept)? == Digest::of(body.as_bytes()) {
        return Ok(body);
    }
    let place = format!("台帳の記録{}", text(row, "item")?);
    Err(StoreError::inconsistent(place, format!("it has another digest than {kept}")))
}
