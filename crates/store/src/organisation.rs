//! Organisations and their settings.

use shirube_trail::Digest;
use sqlx::any::AnyRow;
use sqlx::{query, query_as, query_scalar};

use crate::change::printable;
use crate::reading::{is_id, organisation_name};
use crate::row::text;
use crate::{Change, Missing, Store, StoreError};

/// Whoever takes part: a provider, an institution, a sub-contractor, an auditor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    pub id: String,
    pub name: String,
    /// `provider`, `institution`, …: the store does not know the words.
    pub kind: String,
}

impl Store {
    /// An organisation by its id.
    pub async fn organisation(&self, organisation: &str) -> Result<Organisation, StoreError> {
        let missing = StoreError::Missing(Missing::Organisation);
        if !is_id(organisation) {
            return Err(missing);
        }
        let row: Option<(String, String)> = query_as("SELECT name, kind FROM organisation WHERE id = $1")
            .bind(organisation)
            .fetch_optional(self.reader())
            .await?;
        let (name, kind) = row.ok_or(missing)?;
        Ok(Organisation { id: organisation.to_owned(), name, kind })
    }

    /// The ids of all organisations, for the operator's command line and for checks at the start. No page asks for it.
    pub async fn organisations(&self) -> Result<Vec<String>, StoreError> {
        let mut ids: Vec<String> = query_scalar("SELECT id FROM organisation").fetch_all(self.reader()).await?;
        ids.sort();
        Ok(ids)
    }

    /// What an organisation has set, as the text that was last given to [`Change::set_settings`]; `{}` before.
    pub async fn settings(&self, organisation: &str) -> Result<String, StoreError> {
        let mut tx = self.begin_reading().await?;
        organisation_name(&mut tx, organisation).await?;
        Ok(query_scalar("SELECT settings FROM organisation WHERE id = $1")
            .bind(organisation)
            .fetch_one(&mut *tx)
            .await?)
    }
}

impl Change {
    /// Makes the organisation this change is for.
    pub async fn open_organisation(&mut self, name: &str, kind: &str) -> Result<(), StoreError> {
        let insert = query("INSERT INTO organisation (id, name, kind) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
        let insert = insert.bind(self.organisation()).bind(printable(name)).bind(printable(kind));
        if self.execute(insert).await? == 0 {
            return Err(StoreError::Exists(self.organisation().to_owned()));
        }
        self.now_exists();
        self.name(format!("organisation/{}", self.organisation()));
        Ok(())
    }

    /// Gives the organisation another name.
    pub async fn rename(&mut self, name: &str) -> Result<(), StoreError> {
        self.must_exist()?;
        let update = query("UPDATE organisation SET name = $2 WHERE id = $1");
        let update = update.bind(self.organisation()).bind(printable(name));
        self.execute(update).await?;
        self.name(format!("organisation/{}", self.organisation()));
        Ok(())
    }

    /// What the organisation has set, as this change sees it.
    pub async fn settings(&mut self) -> Result<String, StoreError> {
        self.must_exist()?;
        let organisation = self.organisation().to_owned();
        let settings = query_scalar("SELECT settings FROM organisation WHERE id = $1").bind(organisation);
        Ok(settings.fetch_one(self.connection()).await?)
    }

    /// Sets the organisation's settings. The entry carries the digests of the texts before and after.
    pub async fn set_settings(&mut self, text: &str) -> Result<(), StoreError> {
        self.must_be_unsealed()?;
        let before = Digest::of(self.settings().await?.as_bytes());
        let text = printable(text);
        let update = query("UPDATE organisation SET settings = $2 WHERE id = $1");
        let update = update.bind(self.organisation()).bind(&text);
        self.execute(update).await?;
        self.seal(format!("organisation/{}/settings", self.organisation()), Some(before), Digest::of(text.as_bytes()))
    }
}

/// An organisation from a row that joined it.
pub(crate) fn joined(row: &AnyRow) -> Result<Organisation, StoreError> {
    Ok(Organisation {
        id: text(row, "organisation_id")?,
        name: text(row, "organisation_name")?,
        kind: text(row, "organisation_kind")?,
    })
}
