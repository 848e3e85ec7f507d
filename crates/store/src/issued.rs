//! Documents that were issued: frozen copies, which can be fetched years later.

use std::collections::BTreeMap;

use shirube_trail::{Digest, Entry};
use sqlx::any::AnyRow;
use sqlx::{query, query_as};

use crate::blob::blob;
use crate::change::{issued_object, issued_to_object, printable, stored};
use crate::files::list_digest;
use crate::reading::{digest, entry, is_id, number, revision_digest};
use crate::row::{count, maybe, maybe_count, text};
use crate::{Change, Missing, Store, StoreError};

/// A document to be issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What kind of document it is, e.g. `risk-assessment`.
    pub name: String,
    /// What it is written in, e.g. `pdf`.
    pub format: String,
    pub title: String,
    pub bytes: Vec<u8>,
}

/// A document that was issued. Its bytes are read on their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    pub service: String,
    pub revision: u64,
    pub name: String,
    pub format: String,
    pub title: String,
    pub size: u64,
    pub digest: Digest,
    /// For whom it was made; none if for everybody.
    pub institution: Option<ForInstitution>,
    /// The entry of the trail that records it: who, when, why. Its number names this issue.
    pub entry: Entry,
}

/// The institution that a document was made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForInstitution {
    pub id: String,
    /// The last record about it that the document depends on: the later of what it is and what is different for it.
    pub terms: u64,
}

const COLUMNS: &str = "SELECT i.service, i.revision, i.name, i.format, i.title, i.size, i.digest, i.institution, \
    i.terms, t.entry FROM issued i JOIN trail t ON t.organisation = i.organisation AND t.number = i.entry ";

impl Store {
    /// The documents of a service that were issued for everybody, newest first; of one revision, if it is given.
    pub async fn issued(
        &self,
        organisation: &str,
        service: &str,
        revision: Option<u64>,
    ) -> Result<Vec<Issued>, StoreError> {
        let mut tx = self.begin_reading().await?;
        crate::reading::service(&mut tx, organisation, service).await?;
        if let Some(revision) = revision {
            revision_digest(&mut tx, organisation, service, revision).await?;
        }
        let sql = format!(
            "{COLUMNS} WHERE i.organisation = $1 AND i.service = $2 AND ($3 = 0 OR i.revision = $3) \
             AND i.institution IS NULL"
        );
        let rows = query(sqlx::AssertSqlSafe(sql)).bind(organisation).bind(service);
        newest(&rows.bind(stored(revision.unwrap_or(0))?).fetch_all(&mut *tx).await?)
    }

    /// The documents that were issued to one institution, newest first.
    pub async fn issued_to(&self, organisation: &str, institution: &str) -> Result<Vec<Issued>, StoreError> {
        if !is_id(organisation) || !is_id(institution) {
            return Ok(Vec::new());
        }
        let sql = format!("{COLUMNS} WHERE i.organisation = $1 AND i.institution = $2");
        let rows = query(sqlx::AssertSqlSafe(sql)).bind(organisation).bind(institution);
        newest(&rows.fetch_all(self.reader()).await?)
    }

    /// The last issue to each institution that has one of a service: the institution, the revision, the last record
    /// that it depends on (see [`ForInstitution`]), and the entry.
    pub async fn last_issued_to(
        &self,
        organisation: &str,
        service: &str,
    ) -> Result<BTreeMap<String, (u64, u64, u64)>, StoreError> {
        let mut tx = self.begin_reading().await?;
        crate::reading::service(&mut tx, organisation, service).await?;
        let rows: Vec<(String, i64, i64, i64)> = query_as(
            "SELECT DISTINCT institution, revision, terms, entry FROM issued \
             WHERE organisation = $1 AND service = $2 AND institution IS NOT NULL",
        )
        .bind(organisation)
        .bind(service)
        .fetch_all(&mut *tx)
        .await?;
        let mut last: BTreeMap<String, (u64, u64, u64)> = BTreeMap::new();
        for (institution, revision, terms, entry) in rows {
            let (revision, terms, entry) = (number(revision)?, number(terms)?, number(entry)?);
            let known = last.entry(institution).or_insert((revision, terms, entry));
            if entry > known.2 {
                *known = (revision, terms, entry);
            }
        }
        Ok(last)
    }

    /// One document as it was issued with the entry of this number, after its digest was checked.
    pub async fn issued_document(
        &self,
        organisation: &str,
        entry: u64,
        name: &str,
        format: &str,
    ) -> Result<(Issued, Vec<u8>), StoreError> {
        let missing = StoreError::Missing(Missing::Document);
        let (Ok(number), true) = (i64::try_from(entry), [organisation, name, format].into_iter().all(is_id)) else {
            return Err(missing);
        };
        let mut tx = self.begin_reading().await?;
        let sql = format!("{COLUMNS} WHERE i.organisation = $1 AND i.entry = $2 AND i.name = $3 AND i.format = $4");
        let row = query(sqlx::AssertSqlSafe(sql))
            .bind(organisation)
            .bind(number)
            .bind(name)
            .bind(format)
            .fetch_optional(&mut *tx)
            .await?;
        let issued = issued(&row.ok_or(missing)?)?;
        let bytes = blob(&mut tx, organisation, issued.digest, &format!("発行した文書{name}.{format}")).await?;
        Ok((issued, bytes))
    }
}

impl Change {
    /// Freezes documents of a revision. The entry carries the digest of their list, made like that of the files of a
    /// revision with the names `name.format`.
    pub async fn issue(&mut self, service: &str, revision: u64, documents: &[Document]) -> Result<(), StoreError> {
        let digest = self.freeze(service, revision, None, documents).await?;
        self.seal(issued_object(service, revision), None, digest)
    }

    /// Freezes documents that were made for one institution, as [`Change::issue`] does.
    pub async fn issue_to(
        &mut self,
        institution: &ForInstitution,
        service: &str,
        revision: u64,
        documents: &[Document],
    ) -> Result<(), StoreError> {
        self.must_have_institution(&institution.id).await?;
        let digest = self.freeze(service, revision, Some(institution), documents).await?;
        self.seal(issued_to_object(service, revision, &institution.id, institution.terms), None, digest)
    }

    /// Writes the documents; gives the digest of their list.
    async fn freeze(
        &mut self,
        service: &str,
        revision: u64,
        institution: Option<&ForInstitution>,
        documents: &[Document],
    ) -> Result<Digest, StoreError> {
        self.must_be_unsealed()?;
        self.must_have_service(service).await?;
        let organisation = self.organisation().to_owned();
        revision_digest(self.connection(), &organisation, service, revision).await?;
        let digest_of_list = list(documents)?;
        let terms = institution.map(|institution| stored(institution.terms)).transpose()?;
        let entry = stored(self.number()?)?;
        for document in documents {
            let (digest, size) = (Digest::of(&document.bytes), document.bytes.len() as u64);
            self.write_blob(digest, &document.bytes).await?;
            let insert = query(
                "INSERT INTO issued (organisation, entry, name, format, service, revision, title, size, digest, \
                 institution, terms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            );
            let insert = insert.bind(&organisation).bind(entry).bind(&document.name).bind(&document.format);
            let insert = insert.bind(service).bind(stored(revision)?).bind(printable(&document.title));
            let insert = insert.bind(stored(size)?).bind(digest.to_string());
            let insert = insert.bind(institution.map(|institution| institution.id.clone()));
            self.execute(insert.bind(terms)).await?;
        }
        Ok(digest_of_list)
    }
}

/// The digest of the list of documents, if all of them can be kept beside each other.
fn list(documents: &[Document]) -> Result<Digest, StoreError> {
    let mut list = BTreeMap::new();
    for document in documents {
        if let Some(word) = [&document.name, &document.format].into_iter().find(|word| !is_id(word)) {
            return Err(StoreError::Id(word.clone()));
        }
        let name = file_name(&document.name, &document.format);
        if list.insert(name.clone(), Digest::of(&document.bytes)).is_some() {
            return Err(StoreError::Exists(name));
        }
    }
    if list.is_empty() {
        return Err(StoreError::Nothing);
    }
    Ok(list_digest(list.iter().map(|(name, digest)| (name.as_str(), *digest))))
}

/// What a document is called in the list whose digest stands in the trail.
pub(crate) fn file_name(name: &str, format: &str) -> String {
    format!("{name}.{format}")
}

fn newest(rows: &[AnyRow]) -> Result<Vec<Issued>, StoreError> {
    let mut issued = rows.iter().map(self::issued).collect::<Result<Vec<_>, _>>()?;
    issued.sort_by(|a, b| (b.entry.number, &a.name, &a.format).cmp(&(a.entry.number, &b.name, &b.format)));
    Ok(issued)
}

fn issued(row: &AnyRow) -> Result<Issued, StoreError> {
    Ok(Issued {
        service: text(row, "service")?,
        revision: count(row, "revision")?,
        name: text(row, "name")?,
        format: text(row, "format")?,
        title: text(row, "title")?,
        size: count(row, "size")?,
        digest: digest(&text(row, "digest")?)?,
        institution: match (maybe(row, "institution")?, maybe_count(row, "terms")?) {
            (Some(id), Some(terms)) => Some(ForInstitution { id, terms }),
            _ => None,
        },
        entry: entry(&text(row, "entry")?)?,
    })
}
