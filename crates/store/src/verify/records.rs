//! What entries of the trail record, against the entries.

use std::collections::{BTreeMap, BTreeSet};

use shirube_trail::{Digest, Entry};
use sqlx::{AnyConnection, query_as};

use super::Damage;
use crate::StoreError;
use crate::change::{
    attachment_object, issued_object, issued_to_object, removal_object, revision_object, state_object,
};
use crate::files::list_digest;
use crate::institution::{record_name, records_object};
use crate::issued::file_name;
use crate::register::{register_name, register_object};
use crate::report::{delivery_digest, delivery_object};

/// Compares all that refers to entries after the first number of `span` up to the second.
pub(super) async fn compare(
    connection: &mut AnyConnection,
    organisation: &str,
    span: (i64, i64),
    entries: &BTreeMap<i64, Entry>,
) -> Result<Vec<Damage>, StoreError> {
    let mut compared = Compared { entries, seen: BTreeSet::new(), damages: BTreeSet::new() };
    revisions(connection, organisation, span, &mut compared).await?;
    states(connection, organisation, span, &mut compared).await?;
    documents(connection, organisation, span, &mut compared).await?;
    attachments(connection, organisation, span, &mut compared).await?;
    steps(connection, organisation, span, &mut compared).await?;
    institutions(connection, organisation, span, &mut compared).await?;
    reports(connection, organisation, span, &mut compared).await?;
    registers(connection, organisation, span, &mut compared).await?;
    Ok(compared.end())
}

struct Compared<'a> {
    entries: &'a BTreeMap<i64, Entry>,
    /// Entries with the object that was found for them.
    seen: BTreeSet<(i64, String)>,
    damages: BTreeSet<Damage>,
}

impl Compared<'_> {
    /// Whether the entry is about this object and has this digest.
    fn fits(&mut self, entry: i64, object: String, after: Option<Digest>) -> bool {
        let recorded = self.entries.get(&entry);
        let fits = recorded.is_some_and(|entry| entry.object == object && after.is_some() && entry.after == after);
        self.seen.insert((entry, object));
        fits
    }

    /// The damages, with entries about something that was not found.
    fn end(self) -> Vec<Damage> {
        let records = self.entries.iter().filter(|(_, entry)| entry.after.is_some() && is_kept(&entry.object));
        let gone = records.filter(|(number, entry)| !self.seen.contains(&(**number, entry.object.clone())));
        let gone = gone.map(|(_, entry)| Damage::Gone { entry: entry.number, object: entry.object.clone() });
        let gone: Vec<Damage> = gone.collect();
        self.damages.into_iter().chain(gone).collect()
    }
}

/// Whether what an entry is about is compared with it here.
fn is_kept(object: &str) -> bool {
    matches!(object.split('/').next(), Some("service" | "institution"))
}

/// A number of a row as the trail would write it. What is negative was never written.
fn written(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

async fn revisions(
    connection: &mut AnyConnection,
    organisation: &str,
    span: (i64, i64),
    compared: &mut Compared<'_>,
) -> Result<(), StoreError> {
    /// Entry, service, number, digest, the revision that was restored, and the digest of that.
    type Row = (i64, String, i64, String, Option<i64>, Option<String>);
    let rows: Vec<Row> = query_as(
        "SELECT r.entry, r.service, r.number, r.digest, r.restored_from, o.digest FROM revision r \
         LEFT JOIN revision o ON o.organisation = r.organisation AND o.service = r.service \
         AND o.number = r.restored_from WHERE r.organisation = $1 AND r.entry > $2 AND r.entry <= $3",
    )
    .bind(organisation)
    .bind(span.0)
    .bind(span.1)
    .fetch_all(&mut *connection)
    .await?;
    let mut lists = file_lists(connection, organisation, span).await?;
    for (entry, service, number, digest, restored_from, restored) in rows {
        let recorded = compared.fits(entry, revision_object(&service, written(number)), digest.parse().ok());
        let list = lists.remove(&(service.clone(), number)).unwrap_or_default();
        let is_whole = list_of(list).is_some_and(|whole| whole.to_string() == digest);
        let is_restored = restored_from.is_none() || restored.is_some_and(|restored| restored == digest);
        if !recorded || !is_whole || !is_restored {
            compared.damages.insert(Damage::Revision { service, number });
        }
    }
    Ok(())
}

/// Names and digests of files by service and revision.
type FileLists = BTreeMap<(String, i64), Vec<(String, String)>>;

async fn file_lists(
    connection: &mut AnyConnection,
    organisation: &str,
    span: (i64, i64),
) -> Result<FileLists, StoreError> {
    let rows: Vec<(String, i64, String, String)> = query_as(
        "SELECT f.service, f.revision, f.name, f.digest FROM revision_file f JOIN revision r \
         ON r.organisation = f.organisation AND r.service = f.service AND r.number = f.revision \
         WHERE r.organisation = $1 AND r.entry > $2 AND r.entry <= $3",
    )
    .bind(organisation)
    .bind(span.0)
    .bind(span.1)
    .fetch_all(connection)
    .await?;
    let mut lists = FileLists::new();
    for (service, revision, name, digest) in rows {
        lists.entry((service, revision)).or_default().push((name, digest));
    }
    Ok(lists)
}

/// The digest of a list of names and digests; none if one of the digests is no digest.
fn list_of(list: Vec<(String, String)>) -> Option<Digest> {
    let listed = list.into_iter().map(|(name, digest)| digest.parse().ok().map(|digest| (name, digest)));
    let listed: BTreeMap<String, Digest> = listed.collect::<Option<_>>()?;
    Some(list_digest(listed.iter().map(|(name, digest)| (name.as_str(), *digest))))
}

async fn states(
    connection: &mut AnyConnection,
    organisation: &str,
    span: (i64, i64),
    compared: &mut Compared<'_>,
) -> Result<(), StoreError> {
    let rows: Vec<(i64, String, i64, String)> = query_as(
        "SELECT entry, service, revision, state FROM revision_state \
         WHERE organisation = $1 AND entry > $2 AND entry <= $3",
    )
    .bind(organisation)
    .bind(span.0)
    .bind(span.1)
    .fetch_all(connection)
    .await?;
    for (entry, service, revision, state) in rows {
        let issue = issued_object(&service, written(revision));
        // In one change with its documents, a revision becomes `issued` by their entry.
        let by_issue = state == "issued" && compared.entries.get(&entry).is_some_and(|entry| entry.object == issue);
        let own = compared.fits(entry, state_object(&service, written(revision)), Some(Digest::of(state.as_bytes())));
        if !own && !by_issue {
            compared.damages.insert(Damage::State { service, revision, entry });
        }
    }
    Ok(())
}

async fn documents(
    connection: &mut AnyConnection,
    organisation: &str,
    span: (i64, i64),
    compared: &mut Compared<'_>,
) -> Result<(), StoreError> {
    /// Entry, service, revision, for whom with the last record about it, name, format, digest.
    type Row = (i64, String, i64, Option<String>, Option<i64>, String, String, String);
    /// The same as far as it names an issue.
    type Issue = (i64, String, i64, Option<(String, i64)>);
    let rows: Vec<Row> = query_as(
        "SELECT entry, service, revision, institution, terms, name, format, digest FROM issued \
         WHERE organisation = $1 AND entry > $2 AND entry <= $3",
    )
    .bind(organisation)
    .bind(span.0)
    .bind(span.1)
    .fetch_all(connection)
    .await?;
    let mut issues: BTreeMap<Issue, Vec<(String, String)>> = BTreeMap::new();
    for (entry, service, revision, institution, terms, name, format, digest) in rows {
        let institution = institution.map(|institution| (institution, terms.unwrap_or(-1)));
        issues.entry((entry, service, revision, institution)).or_default().push((file_name(&name, &format), digest));
    }
    for ((entry, service, revision, institution), list) in issues {
        let object = match institution {
            Some((institution, terms)) => issued_to_object(&service, written(revision), &institution, written(terms)),
            None => issued_object(&service, written(revision)),
        };
        if !compared.fits(entry, object, list_of(list)) {
            compared.damages.insert(Damage::Issued { service, revision, entry });
        }
    }
    Ok(())
}

async fn attachments(
    connection: &mut AnyConnection,
    organisation: &str,
    span: (i64, i64),
    compared: &mut Compared<'_>,
) -> Result<(), StoreError> {
    let rows: Vec<(i64, String, String, String, Option<String>)> = query_as(
        "SELECT a.entry, a.service, a.id, a.digest, o.digest FROM attachment a \
         LEFT JOIN attachment o ON o.organisation = a.organisation AND o.id = a.supersedes \
         WHERE a.organisation = $1 AND a.entry > $2 AND a.entry <= $3",
    )
    .bind(organisation)
    .bind(span.0)
    .bind(span.1)
    .fetch_all(connection)
    .await?;
    for (entry, service, id, digest, superseded) in rows {
        let before = compared.entries.get(&entry).and_then(|entry| entry.before).map(|before| before.to_string());
        let fits = compared.fits(entry, attachment_object(&service, &id), digest.parse().ok());
        if !fits || before != superseded {
            compared.damages.insert(Damage::Attachment { service, id });
        }
    }
    Ok(())
}

/// Steps on the way to removing evidence, each against the entry that records it.
async fn steps(
    connection: &mut AnyConnection,
    organisation: &str,
    span: (i64, i64),
    compared: &mut Compared<'_>,
) -> Result<(), StoreError> {
    let rows: Vec<(i64, String, String)> = query_as(
        "SELECT s.entry, a.service, a.id FROM attachment_step s JOIN attachment a \
         ON a.organisation = s.organisation AND a.id = s.attachment \
         WHERE s.organisation = $1 AND s.entry > $2 AND s.entry <= $3",
    )
    .bind(organisation)
    .bind(span.0)
    .bind(span.1)
    .fetch_all(connection)
    .await?;
    for (entry, service, id) in rows {
        let recorded = compared.entries.get(&entry);
        if recorded.is_none_or(|entry| entry.object != removal_object(&service, &id)) {
            compared.damages.insert(Damage::Attachment { service, id });
        }
    }
    Ok(())
}

/// Where the records that one entry made stand, and their list.
type Written = (BTreeSet<(String, Option<String>)>, Vec<(String, String)>);

/// What was written about institutions, against the entries that record it.
async fn institutions(
    connection: &mut AnyConnection,
    organisation: &str,
    span: (i64, i64),
    compared: &mut Compared<'_>,
) -> Result<(), StoreError> {
    let rows: Vec<(i64, String, Option<String>, i64, String, String)> = query_as(
        "SELECT entry, institution, service, number, kind, digest FROM institution_record \
         WHERE organisation = $1 AND entry > $2 AND entry <= $3",
    )
    .bind(organisation)
    .bind(span.0)
    .bind(span.1)
    .fetch_all(connection)
    .await?;
    let mut entries: BTreeMap<i64, Written> = BTreeMap::new();
    for (entry, institution, service, number, kind, digest) in rows {
        let (about, list) = entries.entry(entry).or_default();
        list.push((record_name(&institution, written(number), &kind, service.as_deref()), digest));
        about.insert((institution, service));
    }
    for (entry, (about, list)) in entries {
        let object = records_object(&about).unwrap_or_default();
        if !compared.fits(entry, object, list_of(list)) {
            compared.damages.insert(Damage::Institution { entry });
        }
    }
    Ok(())
}

/// Reports that suppliers handed in, against the entries that record them.
async fn reports(
    connection: &mut AnyConnection,
    organisation: &str,
    span: (i64, i64),
    compared: &mut Compared<'_>,
) -> Result<(), StoreError> {
    let rows: Vec<(i64, String, String, i64, String, String, String)> = query_as(
        "SELECT entry, service, request, number, sender, person, digest FROM report_delivery \
         WHERE organisation = $1 AND entry > $2 AND entry <= $3",
    )
    .bind(organisation)
    .bind(span.0)
    .bind(span.1)
    .fetch_all(&mut *connection)
    .await?;
    for (entry, service, request, number, sender, person, digest) in rows {
        let sealed = digest.parse().ok().map(|digest| delivery_digest(&sender, &person, digest));
        if !compared.fits(entry, delivery_object(&service, &request, written(number)), sealed) {
            compared.damages.insert(Damage::Report { service, request, number });
        }
    }
    Ok(())
}

/// What was written in registers, against the entries that record it.
async fn registers(
    connection: &mut AnyConnection,
    organisation: &str,
    span: (i64, i64),
    compared: &mut Compared<'_>,
) -> Result<(), StoreError> {
    /// Entry, service, register, item, number, step, state, day, digest.
    type Row = (i64, String, String, String, i64, String, String, String, String);
    let rows: Vec<Row> = query_as(
        "SELECT entry, service, register, item, number, step, state, day, digest FROM register_record \
         WHERE organisation = $1 AND entry > $2 AND entry <= $3",
    )
    .bind(organisation)
    .bind(span.0)
    .bind(span.1)
    .fetch_all(&mut *connection)
    .await?;
    /// Entries of registers by register and name, and the list that the entry of the trail seals.
    type Entries = BTreeMap<(i64, String), (BTreeSet<(String, String)>, Vec<(String, String)>)>;
    let mut entries = Entries::new();
    for (entry, service, register, item, number, step, state, day, digest) in rows {
        let (about, list) = entries.entry((entry, service)).or_default();
        list.push((register_name(&register, &item, written(number), &step, &state, &day), digest));
        about.insert((register, item));
    }
    for ((entry, service), (about, list)) in entries {
        let object = register_object(&service, &about).unwrap_or_default();
        if !compared.fits(entry, object, list_of(list)) {
            compared.damages.insert(Damage::Register { entry });
        }
    }
    Ok(())
}

/// What lists show of the entries of registers, against the last record of each.
pub(super) async fn register_items(
    connection: &mut AnyConnection,
    organisation: &str,
) -> Result<Vec<Damage>, StoreError> {
    let same = "i.organisation = r.organisation AND i.service = r.service AND i.register = r.register \
                AND i.item = r.item";
    let sql = format!(
        "SELECT r.service, r.register, r.item FROM register_record r LEFT JOIN register_item i ON {same} \
         WHERE r.organisation = $1 AND r.item <> '' AND (i.number IS NULL OR i.number < r.number \
         OR (i.number = r.number AND (i.digest <> r.digest OR i.state <> r.state))) \
         UNION SELECT i.service, i.register, i.item FROM register_item i LEFT JOIN register_record r \
         ON {same} AND i.number = r.number WHERE i.organisation = $1 AND r.number IS NULL"
    );
    let rows: Vec<(String, String, String)> =
        query_as(sqlx::AssertSqlSafe(sql)).bind(organisation).fetch_all(connection).await?;
    let differs = |(service, register, item)| Damage::RegisterItem { service, register, item };
    let mut damages: Vec<Damage> = rows.into_iter().map(differs).collect();
    damages.sort();
    Ok(damages)
}
