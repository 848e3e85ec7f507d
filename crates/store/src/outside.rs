//! Who people are at a provider of identities, and the words by which organisations are found there.

use sqlx::{query, query_as, query_scalar};

use crate::change::{printable, time};
use crate::reading::is_id;
use crate::{Change, Missing, Store, StoreError};

/// An account of a person at a provider of identities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutsideIdentity {
    pub issuer: String,
    pub subject: String,
    pub linked_at: String,
}

impl Store {
    /// The person who is this at a provider, if somebody linked the two.
    pub async fn person_outside(&self, issuer: &str, subject: &str) -> Result<Option<String>, StoreError> {
        let (issuer, subject) = (printable(issuer), printable(subject));
        let found = query_scalar("SELECT person FROM outside_identity WHERE issuer = $1 AND subject = $2");
        Ok(found.bind(issuer).bind(subject).fetch_optional(self.reader()).await?)
    }

    /// The accounts that a person has at providers, by issuer.
    pub async fn outside_identities(&self, person: &str) -> Result<Vec<OutsideIdentity>, StoreError> {
        if !is_id(person) {
            return Ok(Vec::new());
        }
        let rows: Vec<(String, String, String)> =
            query_as("SELECT issuer, subject, linked_at FROM outside_identity WHERE person = $1")
                .bind(person)
                .fetch_all(self.reader())
                .await?;
        let read = |(issuer, subject, linked_at)| OutsideIdentity { issuer, subject, linked_at };
        let mut found: Vec<OutsideIdentity> = rows.into_iter().map(read).collect();
        found.sort_by(|a, b| a.issuer.cmp(&b.issuer));
        Ok(found)
    }

    /// The organisation of a word for signing in.
    pub async fn organisation_by_word(&self, word: &str) -> Result<Option<String>, StoreError> {
        let found = query_scalar("SELECT organisation FROM sign_in_word WHERE word = $1").bind(printable(word));
        Ok(found.fetch_optional(self.reader()).await?)
    }
}

impl Change {
    /// Links a person of this organisation to an account at a provider. Who had another one there has this one now;
    /// an account that belongs to somebody else is [`StoreError::Exists`].
    pub async fn link_outside(
        &mut self,
        person: &str,
        issuer: &str,
        subject: &str,
        at: &str,
    ) -> Result<(), StoreError> {
        self.must_own(person).await?;
        let (issuer, subject) = (printable(issuer), printable(subject));
        let delete = query("DELETE FROM outside_identity WHERE person = $1 AND issuer = $2");
        self.execute(delete.bind(person).bind(&issuer)).await?;
        let insert = query(
            "INSERT INTO outside_identity (issuer, subject, person, linked_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT DO NOTHING",
        );
        if self.execute(insert.bind(&issuer).bind(&subject).bind(person).bind(time(at)?)).await? == 0 {
            return Err(StoreError::Exists(subject));
        }
        self.name(format!("person/{person}/outside"));
        Ok(())
    }

    /// Takes the links of a person to providers away, and tells how many there were.
    pub async fn unlink_outside(&mut self, person: &str) -> Result<u64, StoreError> {
        self.must_own(person).await?;
        let ended = self.execute(query("DELETE FROM outside_identity WHERE person = $1").bind(person)).await?;
        self.name(format!("person/{person}/outside"));
        Ok(ended)
    }

    /// Sets the word by which this organisation is found; none takes it away. A word that another one has is
    /// [`StoreError::Exists`].
    pub async fn set_sign_in_word(&mut self, word: Option<&str>) -> Result<(), StoreError> {
        self.must_exist()?;
        let organisation = self.organisation().to_owned();
        self.execute(query("DELETE FROM sign_in_word WHERE organisation = $1").bind(&organisation)).await?;
        if let Some(word) = word {
            if !is_id(word) {
                return Err(StoreError::Missing(Missing::Organisation));
            }
            let insert = query("INSERT INTO sign_in_word (word, organisation) VALUES ($1, $2) ON CONFLICT DO NOTHING");
            if self.execute(insert.bind(word).bind(&organisation)).await? == 0 {
                return Err(StoreError::Exists(word.to_owned()));
            }
        }
        self.name(format!("organisation/{organisation}"));
        Ok(())
    }
}
