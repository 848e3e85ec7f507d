//! What a person prefers, as one text that means something to the caller only.

use sqlx::query;

use crate::{Change, StoreError};

/// Longest text that is kept.
const LONGEST_BYTES: usize = 16 * 1024;

impl Change {
    /// Keeps what a person prefers in place of what was kept before.
    pub async fn set_preferences(&mut self, person: &str, body: &str) -> Result<(), StoreError> {
        self.must_own(person).await?;
        if body.len() > LONGEST_BYTES {
            let log = format!("{} bytes", body.len());
            return Err(StoreError::Inconsistent { place: "好みの設定".to_owned(), log });
        }
        let insert = query(
            "INSERT INTO preference (person, body) VALUES ($1, $2) \
             ON CONFLICT (person) DO UPDATE SET body = excluded.body",
        );
        self.execute(insert.bind(person).bind(body)).await?;
        self.name(format!("person/{person}/preferences"));
        Ok(())
    }
}
