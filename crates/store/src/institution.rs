//! Institutions that use the services of an organisation, and what was written about them, one record after the other.
//!
//! No record is changed: what is different, or was agreed, is written anew. What the records say is for whoever writes
//! them; here they have a kind, a place and a text.

use std::collections::{BTreeMap, BTreeSet};

use shirube_trail::Digest;
use sqlx::any::AnyRow;
use sqlx::{query, query_as, query_scalar};

use crate::change::{printable, stored};
use crate::files::list_digest;
use crate::people::members;
use crate::reading::{digest, is_id, number, organisation_name};
use crate::row::{count, maybe, text};
use crate::{Change, Member, Missing, Store, StoreError};

/// Something that was written about an institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstitutionRecord {
    pub institution: String,
    /// Counts what was written about the institution, from 1.
    pub number: u64,
    /// The service it is about; none if it holds whatever the service.
    pub service: Option<String>,
    pub kind: String,
    pub body: String,
    /// The entry of the trail that records it.
    pub entry: u64,
    /// Time and author, from the columns beside the entry.
    pub at: String,
    pub actor: String,
}

/// Something to be written.
#[derive(Debug, Clone, Copy)]
pub struct NewRecord<'a> {
    pub institution: &'a str,
    pub service: Option<&'a str>,
    pub kind: &'a str,
    pub body: &'a str,
}

/// Where the records about an institution and a service end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordsEnd {
    pub institution: String,
    pub service: Option<String>,
    pub number: u64,
}

const RECORDS: &str = "SELECT r.institution, r.number, r.service, r.kind, r.digest, r.entry, c.body, t.at, t.actor \
    FROM institution_record r \
    LEFT JOIN content c ON c.organisation = r.organisation AND c.digest = r.digest \
    JOIN trail t ON t.organisation = r.organisation AND t.number = r.entry ";

impl Store {
    /// The newest record of a kind that holds whatever the service, of each institution, sorted by institution.
    pub async fn institutions(&self, organisation: &str, kind: &str) -> Result<Vec<InstitutionRecord>, StoreError> {
        let mut tx = self.begin_reading().await?;
        organisation_name(&mut tx, organisation).await?;
        let sql = format!(
            "{RECORDS} WHERE r.organisation = $1 AND r.kind = $2 AND r.service IS NULL AND NOT EXISTS \
             (SELECT 1 FROM institution_record n WHERE n.organisation = r.organisation \
             AND n.institution = r.institution AND n.kind = r.kind AND n.service IS NULL AND n.number > r.number)"
        );
        let rows = query(sqlx::AssertSqlSafe(sql)).bind(organisation).bind(printable(kind));
        sorted(rows.fetch_all(&mut *tx).await?.iter())
    }

    /// Where the records end, for each institution and each service it has records about.
    pub async fn record_ends(&self, organisation: &str) -> Result<Vec<RecordsEnd>, StoreError> {
        let mut tx = self.begin_reading().await?;
        organisation_name(&mut tx, organisation).await?;
        let rows: Vec<(String, Option<String>, i64)> = query_as(
            "SELECT institution, service, MAX(number) FROM institution_record WHERE organisation = $1 \
             GROUP BY institution, service",
        )
        .bind(organisation)
        .fetch_all(&mut *tx)
        .await?;
        let end = |(institution, service, last)| Ok(RecordsEnd { institution, service, number: number(last)? });
        let mut ends = rows.into_iter().map(end).collect::<Result<Vec<_>, StoreError>>()?;
        ends.sort_by(|one, other| (&one.institution, &one.service).cmp(&(&other.institution, &other.service)));
        Ok(ends)
    }

    /// All records about one institution, in order.
    pub async fn institution_records(
        &self,
        organisation: &str,
        institution: &str,
    ) -> Result<Vec<InstitutionRecord>, StoreError> {
        let missing = StoreError::Missing(Missing::Institution);
        if !is_id(organisation) || !is_id(institution) {
            return Err(missing);
        }
        let mut tx = self.begin_reading().await?;
        let known: Option<i64> = query_scalar("SELECT COUNT(*) FROM institution WHERE organisation = $1 AND id = $2")
            .bind(organisation)
            .bind(institution)
            .fetch_optional(&mut *tx)
            .await?;
        if known != Some(1) {
            return Err(missing);
        }
        let sql = format!("{RECORDS} WHERE r.organisation = $1 AND r.institution = $2");
        let rows = query(sqlx::AssertSqlSafe(sql)).bind(organisation).bind(institution);
        sorted(rows.fetch_all(&mut *tx).await?.iter())
    }

    /// All records about a service, in order of institutions and numbers.
    pub async fn service_records(
        &self,
        organisation: &str,
        service: &str,
    ) -> Result<Vec<InstitutionRecord>, StoreError> {
        let mut tx = self.begin_reading().await?;
        crate::reading::service(&mut tx, organisation, service).await?;
        let sql = format!("{RECORDS} WHERE r.organisation = $1 AND r.service = $2");
        let rows = query(sqlx::AssertSqlSafe(sql)).bind(organisation).bind(service);
        sorted(rows.fetch_all(&mut *tx).await?.iter())
    }

    /// The institution that a person stands for, or stood for last; none for whoever never did.
    pub async fn institution_of(&self, organisation: &str, person: &str) -> Result<Option<String>, StoreError> {
        let found = query_scalar(
            "SELECT institution FROM membership WHERE organisation = $1 AND person = $2 AND institution IS NOT NULL \
             ORDER BY entry DESC LIMIT 1",
        );
        Ok(found.bind(printable(organisation)).bind(printable(person)).fetch_optional(self.reader()).await?)
    }

    /// Who stands for an institution now, sorted by id.
    pub async fn people_of_institution(
        &self,
        organisation: &str,
        institution: &str,
    ) -> Result<Vec<Member>, StoreError> {
        let mut tx = self.begin_reading().await?;
        organisation_name(&mut tx, organisation).await?;
        let bound: Vec<String> = query_scalar(
            "SELECT person FROM membership WHERE organisation = $1 AND institution = $2 AND ended_at IS NULL",
        )
        .bind(organisation)
        .bind(printable(institution))
        .fetch_all(&mut *tx)
        .await?;
        let mut people = members(&mut tx, organisation).await?;
        people.retain(|member| bound.contains(&member.person.id));
        Ok(people)
    }
}

impl Change {
    /// Makes an institution, as yet without a record.
    pub async fn open_institution(&mut self, institution: &str) -> Result<(), StoreError> {
        if !is_id(institution) {
            return Err(StoreError::Id(institution.to_owned()));
        }
        self.must_exist()?;
        let insert = query("INSERT INTO institution (organisation, id) VALUES ($1, $2) ON CONFLICT DO NOTHING");
        if self.execute(insert.bind(self.organisation()).bind(institution)).await? == 0 {
            return Err(StoreError::Exists(institution.to_owned()));
        }
        self.name(institution_object(institution));
        Ok(())
    }

    /// Writes records in this order, all or none. The entry carries the digest of their list, made like that of the
    /// files of a revision with the names `institution/number/kind` and `institution/number/kind/service`.
    pub async fn write_institutions(&mut self, records: &[NewRecord<'_>]) -> Result<(), StoreError> {
        self.must_be_unsealed()?;
        let (mut list, mut about) = (BTreeMap::new(), BTreeSet::new());
        let mut ends: BTreeMap<&str, u64> = BTreeMap::new();
        for record in records {
            if !is_id(record.kind) {
                return Err(StoreError::Id(record.kind.to_owned()));
            }
            if let Some(service) = record.service {
                self.must_have_service(service).await?;
            }
            ends.insert(record.institution, self.end_of_records(record.institution).await?);
            about.insert((record.institution.to_owned(), record.service.map(str::to_owned)));
        }
        let object = records_object(&about).ok_or(StoreError::Nothing)?;
        for record in records {
            let number = ends.get(record.institution).map_or(1, |end| end + 1);
            ends.insert(record.institution, number);
            let digest = self.write_content(&printable(record.body)).await?;
            self.write_record(record, number, digest).await?;
            list.insert(record_name(record.institution, number, record.kind, record.service), digest);
        }
        self.seal(object, None, list_digest(list.iter().map(|(name, digest)| (name.as_str(), *digest))))
    }

    /// The number of the last record about an institution, as this change sees it; 0 while there is none.
    pub async fn end_of_records(&mut self, institution: &str) -> Result<u64, StoreError> {
        self.must_have_institution(institution).await?;
        let last = query_scalar::<_, Option<i64>>(
            "SELECT MAX(number) FROM institution_record WHERE organisation = $1 AND institution = $2",
        );
        let last = last.bind(self.organisation().to_owned()).bind(institution).fetch_one(self.connection()).await?;
        number(last.unwrap_or(0))
    }

    async fn write_record(&mut self, new: &NewRecord<'_>, number: u64, digest: Digest) -> Result<(), StoreError> {
        let insert = query(
            "INSERT INTO institution_record (organisation, institution, number, service, kind, digest, entry) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        );
        let insert = insert.bind(self.organisation()).bind(new.institution).bind(stored(number)?);
        let insert = insert.bind(new.service).bind(new.kind).bind(digest.to_string());
        let entry = stored(self.number()?)?;
        self.execute(insert.bind(entry)).await.map(drop)
    }

    /// Refuses an institution that is not there.
    pub(crate) async fn must_have_institution(&mut self, institution: &str) -> Result<(), StoreError> {
        self.must_exist()?;
        let missing = StoreError::Missing(Missing::Institution);
        if !is_id(institution) {
            return Err(missing);
        }
        let found = query("SELECT id FROM institution WHERE organisation = $1 AND id = $2");
        let found = found.bind(self.organisation().to_owned()).bind(institution);
        found.fetch_optional(self.connection()).await?.ok_or(missing).map(drop)
    }
}

/// How the trail names an institution.
fn institution_object(institution: &str) -> String {
    format!("institution/{institution}")
}

/// What a record is called in the list whose digest stands in the trail.
pub(crate) fn record_name(institution: &str, number: u64, kind: &str, service: Option<&str>) -> String {
    let service = service.map(|service| format!("/{service}")).unwrap_or_default();
    format!("{institution}/{number}/{kind}{service}")
}

/// How the trail names what is written about these institutions and services at once; none for nothing.
pub(crate) fn records_object(about: &BTreeSet<(String, Option<String>)>) -> Option<String> {
    let (first, service) = about.first()?;
    let one = about.iter().all(|(institution, _)| institution == first);
    let same = about.iter().all(|(_, other)| other == service);
    Some(match (service.as_ref().filter(|_| same), one) {
        (Some(service), true) => format!("service/{service}/institution/{first}"),
        (Some(service), false) => format!("service/{service}/institution"),
        (None, true) => institution_object(first),
        (None, false) => "institution".to_owned(),
    })
}

fn sorted<'r>(rows: impl Iterator<Item = &'r AnyRow>) -> Result<Vec<InstitutionRecord>, StoreError> {
    let mut records = rows.map(record).collect::<Result<Vec<_>, _>>()?;
    records.sort_by(|one, other| (&one.institution, one.number).cmp(&(&other.institution, other.number)));
    Ok(records)
}

fn record(row: &AnyRow) -> Result<InstitutionRecord, StoreError> {
    let (kept, body) = (text(row, "digest")?, maybe(row, "body")?.unwrap_or_default());
    let record = InstitutionRecord {
        institution: text(row, "institution")?,
        number: count(row, "number")?,
        service: maybe(row, "service")?,
        kind: text(row, "kind")?,
        entry: count(row, "entry")?,
        at: text(row, "at")?,
        actor: text(row, "actor")?,
        body,
    };
    if digest(&kept)? != Digest::of(record.body.as_bytes()) {
        let place = format!("医療機関等{}の{}件目の記録", record.institution, record.number);
        return Err(StoreError::inconsistent(place, format!("it has another digest than {kept}")));
    }
    Ok(record)
}
