//! Writing into registers.

use std::collections::{BTreeMap, BTreeSet};

use shirube_trail::Digest;
use sqlx::{query, query_as, query_scalar};

use super::NewRegisterRecord;
use crate::change::{printable, stored};
use crate::files::list_digest;
use crate::reading::{is_id, number};
use crate::{Change, Missing, StoreError};

impl Change {
    /// Writes records in this order, all or none. The entry carries the digest of their list, made like that of the
    /// files of a revision with the names `register/item/number/step/state/day`.
    pub async fn write_registers(&mut self, service: &str, records: &[NewRegisterRecord]) -> Result<(), StoreError> {
        self.must_be_unsealed()?;
        self.must_have_service(service).await?;
        let about = records.iter().map(|record| (record.register.clone(), printable(&record.item))).collect();
        let object = register_object(service, &about).ok_or(StoreError::Nothing)?;
        let mut list = BTreeMap::new();
        for record in records {
            if !is_id(&record.register) {
                return Err(StoreError::Id(record.register.clone()));
            }
            if record.item.contains('/') || record.item.chars().any(char::is_control) {
                return Err(StoreError::Id(record.item.clone()));
            }
            let number = self.next_of_item(service, record).await?;
            let digest = self.write_content(&printable(&record.body)).await?;
            self.write_register_record(service, record, number, digest).await?;
            if !record.item.is_empty() {
                self.bring_forward(service, record, number, digest).await?;
            }
            self.plan(service, record).await?;
            let RegisterKey { register, item, step, state, day } = RegisterKey::of(record);
            list.insert(register_name(&register, &item, number, &step, &state, &day), digest);
        }
        self.seal(object, None, list_digest(list.iter().map(|(name, digest)| (name.as_str(), *digest))))
    }

    /// Sets the next days of the duties of an entry anew, without a record: a period was agreed, or a declaration
    /// changed.
    pub async fn plan_again(
        &mut self,
        service: &str,
        register: &str,
        item: &str,
        due: &BTreeMap<String, String>,
    ) -> Result<(), StoreError> {
        self.must_have_service(service).await?;
        let record = NewRegisterRecord {
            register: register.to_owned(),
            item: item.to_owned(),
            due: due.clone(),
            ..NewRegisterRecord::default()
        };
        self.plan(service, &record).await
    }

    /// The number of the next record of an entry, if its author has seen the last one.
    async fn next_of_item(&mut self, service: &str, record: &NewRegisterRecord) -> Result<u64, StoreError> {
        let last: Option<(i64, String)> = query_as(
            "SELECT number, digest FROM register_record WHERE organisation = $1 AND service = $2 AND register = $3 \
             AND item = $4 ORDER BY number DESC LIMIT 1",
        )
        .bind(self.organisation().to_owned())
        .bind(service)
        .bind(&record.register)
        .bind(printable(&record.item))
        .fetch_optional(self.connection())
        .await?;
        match last {
            // Whatever was done for a whole register stands by itself.
            _ if record.item.is_empty() => Ok(last.map_or(Ok(0), |(last, _)| number(last))? + 1),
            None if record.based_on == 0 => Ok(1),
            None => Err(StoreError::Missing(Missing::RegisterItem)),
            Some(_) if record.based_on == 0 => Err(StoreError::Exists(record.item.clone())),
            Some((last, _)) if number(last)? == record.based_on => Ok(record.based_on + 1),
            Some(_) => Err(StoreError::RecordMeanwhile { item: record.item.clone() }),
        }
    }

    async fn write_register_record(
        &mut self,
        service: &str,
        record: &NewRegisterRecord,
        number: u64,
        digest: Digest,
    ) -> Result<(), StoreError> {
        let insert = query(
            "INSERT INTO register_record (organisation, service, register, item, number, step, state, day, digest, entry) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        );
        let RegisterKey { register, item, step, state, day } = RegisterKey::of(record);
        let insert = insert.bind(self.organisation().to_owned()).bind(service.to_owned()).bind(register).bind(item);
        let insert = insert.bind(stored(number)?).bind(step).bind(state).bind(day).bind(digest.to_string());
        let entry = stored(self.number()?)?;
        self.execute(insert.bind(entry)).await.map(drop)
    }

    /// Lays the last record of an entry over what lists show.
    async fn bring_forward(
        &mut self,
        service: &str,
        record: &NewRegisterRecord,
        number: u64,
        digest: Digest,
    ) -> Result<(), StoreError> {
        let place = self.place_of(service, record).await?;
        let upsert = query(
            "INSERT INTO register_item (organisation, service, register, item, place, number, state, digest) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (organisation, service, register, item) \
             DO UPDATE SET number = excluded.number, state = excluded.state, digest = excluded.digest",
        );
        let RegisterKey { register, item, state, .. } = RegisterKey::of(record);
        let upsert = upsert.bind(self.organisation().to_owned()).bind(service.to_owned()).bind(register.clone());
        let upsert = upsert.bind(item).bind(place).bind(stored(number)?).bind(state).bind(digest.to_string());
        self.execute(upsert).await?;
        if number > 1 {
            let delete = query(
                "DELETE FROM register_word WHERE organisation = $1 AND service = $2 AND register = $3 AND place = $4",
            );
            let delete = delete.bind(self.organisation().to_owned()).bind(service.to_owned()).bind(register.clone());
            self.execute(delete.bind(place)).await?;
        }
        if record.words.is_empty() {
            return Ok(());
        }
        let row = |row: usize| format!("($1, $2, $3, ${}, ${}, $4)", row * 2 + 5, row * 2 + 6);
        let rows: Vec<String> = (0..record.words.len()).map(row).collect();
        let sql = format!(
            "INSERT INTO register_word (organisation, service, register, field, word, place) VALUES {}",
            rows.join(", ")
        );
        let mut insert = query(sqlx::AssertSqlSafe(sql)).bind(self.organisation().to_owned());
        insert = insert.bind(service.to_owned()).bind(register).bind(place);
        for (field, word) in &record.words {
            insert = insert.bind(printable(field)).bind(printable(word));
        }
        self.execute(insert).await.map(drop)
    }

    /// Where an entry stands among those of its register; a new one comes last.
    async fn place_of(&mut self, service: &str, record: &NewRegisterRecord) -> Result<i64, StoreError> {
        let key = RegisterKey::of(record);
        if record.based_on == 0 {
            let last = query_scalar::<_, Option<i64>>(
                "SELECT MAX(place) FROM register_item WHERE organisation = $1 AND service = $2 AND register = $3",
            );
            let last = last.bind(self.organisation().to_owned()).bind(service).bind(key.register);
            return Ok(last.fetch_one(self.connection()).await?.unwrap_or(0) + 1);
        }
        let place = query_scalar::<_, i64>(
            "SELECT place FROM register_item WHERE organisation = $1 AND service = $2 AND register = $3 AND item = $4",
        );
        let place = place.bind(self.organisation().to_owned()).bind(service).bind(key.register).bind(key.item);
        let place = place.fetch_optional(self.connection()).await?;
        place.ok_or_else(|| StoreError::inconsistent("台帳の記録", "an entry has records and no place"))
    }

    async fn plan(&mut self, service: &str, record: &NewRegisterRecord) -> Result<(), StoreError> {
        let RegisterKey { register, item, .. } = RegisterKey::of(record);
        let delete =
            query("DELETE FROM register_due WHERE organisation = $1 AND service = $2 AND register = $3 AND item = $4");
        let delete = delete.bind(self.organisation().to_owned()).bind(service.to_owned());
        self.execute(delete.bind(register.clone()).bind(item.clone())).await?;
        for (duty, day) in &record.due {
            let insert = query(
                "INSERT INTO register_due (organisation, service, register, item, duty, day) \
                 VALUES ($1, $2, $3, $4, $5, $6)",
            );
            let insert = insert.bind(self.organisation().to_owned()).bind(service.to_owned());
            let insert = insert.bind(register.clone()).bind(item.clone());
            self.execute(insert.bind(printable(duty)).bind(printable(day))).await?;
        }
        Ok(())
    }
}

/// What of a record is kept beside its text, as it is kept.
struct RegisterKey {
    register: String,
    item: String,
    step: String,
    state: String,
    day: String,
}

impl RegisterKey {
    fn of(record: &NewRegisterRecord) -> Self {
        Self {
            register: record.register.clone(),
            item: printable(&record.item),
            step: printable(&record.step),
            state: printable(&record.state),
            day: printable(&record.day),
        }
    }
}

/// What a record is called in the list whose digest stands in the trail.
pub(crate) fn register_name(register: &str, item: &str, number: u64, step: &str, state: &str, day: &str) -> String {
    format!("{register}/{item}/{number}/{step}/{state}/{day}")
}

/// How the trail names what is written in these registers and entries at once; none for nothing.
pub(crate) fn register_object(service: &str, about: &BTreeSet<(String, String)>) -> Option<String> {
    let (register, item) = about.first()?;
    let of = format!("service/{service}/register");
    Some(if about.len() == 1 && !item.is_empty() {
        format!("{of}/{register}/{item}")
    } else if about.iter().all(|(other, _)| other == register) {
        format!("{of}/{register}")
    } else {
        of
    })
}
