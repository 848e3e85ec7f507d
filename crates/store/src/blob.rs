//! Bytes by their digest, each organisation its own.

use shirube_trail::Digest;
use sqlx::{AnyConnection, query, query_scalar};

use crate::{Change, StoreError};

impl Change {
    /// Keeps bytes, once however often they come.
    pub(crate) async fn write_blob(&mut self, digest: Digest, bytes: &[u8]) -> Result<(), StoreError> {
        let insert = query("INSERT INTO blob (organisation, digest, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
        let insert = insert.bind(self.organisation()).bind(digest.to_string()).bind(bytes);
        self.execute(insert).await.map(drop)
    }
}

/// Bytes of an organisation, after their digest was checked; `place` names them in an error.
pub(crate) async fn blob(
    connection: &mut AnyConnection,
    organisation: &str,
    digest: Digest,
    place: &str,
) -> Result<Vec<u8>, StoreError> {
    let found: Option<Vec<u8>> = query_scalar("SELECT body FROM blob WHERE organisation = $1 AND digest = $2")
        .bind(organisation)
        .bind(digest.to_string())
        .fetch_optional(connection)
        .await?;
    let bytes = found.ok_or_else(|| StoreError::inconsistent(place, format!("no bytes for {digest}")))?;
    if Digest::of(&bytes) != digest {
        return Err(StoreError::inconsistent(place, format!("the bytes have another digest than {digest}")));
    }
    Ok(bytes)
}
