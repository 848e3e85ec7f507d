//! The digests of texts and bytes.

use shirube_trail::Digest;
use sqlx::{AnyConnection, query_as, query_scalar};

use super::Damage;
use crate::StoreError;

/// Texts read at once.
const PAGE: i64 = 20;

/// Digests read at once.
const KEYS: i64 = 500;

/// Texts of files that have another digest than that by which they are kept.
pub(super) async fn contents(connection: &mut AnyConnection, organisation: &str) -> Result<Vec<Damage>, StoreError> {
    let (mut damages, mut last) = (Vec::new(), String::new());
    loop {
        let rows: Vec<(String, String)> = query_as(
            "SELECT digest, body FROM content WHERE organisation = $1 AND digest > $2 ORDER BY digest LIMIT $3",
        )
        .bind(organisation)
        .bind(&last)
        .bind(PAGE)
        .fetch_all(&mut *connection)
        .await?;
        let Some(end) = rows.last() else { return Ok(damages) };
        last.clone_from(&end.0);
        let changed = rows.into_iter().filter(|(digest, body)| Digest::of(body.as_bytes()).to_string() != *digest);
        damages.extend(changed.map(|(digest, _)| Damage::Content { digest }));
    }
}

/// Bytes that have another digest than that by which they are kept. One at a time: a document may be large.
pub(super) async fn blobs(connection: &mut AnyConnection, organisation: &str) -> Result<Vec<Damage>, StoreError> {
    let (mut damages, mut last) = (Vec::new(), String::new());
    loop {
        let digests: Vec<String> =
            query_scalar("SELECT digest FROM blob WHERE organisation = $1 AND digest > $2 ORDER BY digest LIMIT $3")
                .bind(organisation)
                .bind(&last)
                .bind(KEYS)
                .fetch_all(&mut *connection)
                .await?;
        let Some(end) = digests.last() else { return Ok(damages) };
        last.clone_from(end);
        for digest in digests {
            let body: Vec<u8> = query_scalar("SELECT body FROM blob WHERE organisation = $1 AND digest = $2")
                .bind(organisation)
                .bind(&digest)
                .fetch_one(&mut *connection)
                .await?;
            let removed = body.is_empty() && was_removed(connection, organisation, &digest).await?;
            if Digest::of(&body).to_string() != digest && !removed {
                damages.push(Damage::Blob { digest });
            }
        }
    }
}

/// Whether the bytes are gone because two people removed the evidence they were.
async fn was_removed(connection: &mut AnyConnection, organisation: &str, digest: &str) -> Result<bool, StoreError> {
    let removed: i64 = query_scalar(
        "SELECT COUNT(*) FROM attachment a JOIN attachment_step s ON s.organisation = a.organisation \
         AND s.attachment = a.id AND s.step = 'removed' WHERE a.organisation = $1 AND a.digest = $2",
    )
    .bind(organisation)
    .bind(digest)
    .fetch_one(connection)
    .await?;
    Ok(removed > 0)
}
