//! Lists as somebody looks at them: conditions under a name, for one person of one organisation.

use sqlx::query;

use crate::change::printable;
use crate::reading::{is_id, organisation_name};
use crate::row::text;
use crate::{Change, Missing, Store, StoreError};

/// The conditions of a list under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    pub id: String,
    /// Which list, e.g. `risks`.
    pub page: String,
    pub name: String,
    /// The part of the address behind `?`.
    pub conditions: String,
}

impl Store {
    /// What a person keeps for a list, by name.
    pub async fn views(&self, organisation: &str, person: &str, page: &str) -> Result<Vec<SavedView>, StoreError> {
        let mut tx = self.begin_reading().await?;
        organisation_name(&mut tx, organisation).await?;
        let rows = query("SELECT * FROM saved_view WHERE organisation = $1 AND person = $2 AND page = $3");
        let rows = rows.bind(organisation).bind(printable(person)).bind(printable(page)).fetch_all(&mut *tx).await?;
        let view = |row| {
            Ok(SavedView {
                id: text(row, "id")?,
                page: text(row, "page")?,
                name: text(row, "name")?,
                conditions: text(row, "conditions")?,
            })
        };
        let mut views = rows.iter().map(view).collect::<Result<Vec<_>, StoreError>>()?;
        views.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
        Ok(views)
    }
}

impl Change {
    /// Keeps conditions for a person of this organisation.
    pub async fn save_view(&mut self, person: &str, view: &SavedView) -> Result<(), StoreError> {
        self.must_know(person).await?;
        if !is_id(&view.id) {
            return Err(StoreError::Id(view.id.clone()));
        }
        let insert = query(
            "INSERT INTO saved_view (organisation, id, person, page, name, conditions) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        );
        let insert = insert.bind(self.organisation().to_owned()).bind(&view.id).bind(person);
        let insert = insert.bind(printable(&view.page)).bind(printable(&view.name));
        if self.execute(insert.bind(printable(&view.conditions))).await? == 0 {
            return Err(StoreError::Exists(view.id.clone()));
        }
        self.name(format!("person/{person}/view/{}", view.id));
        Ok(())
    }

    /// Forgets what a person kept.
    pub async fn remove_view(&mut self, person: &str, id: &str) -> Result<(), StoreError> {
        self.must_exist()?;
        let delete = query("DELETE FROM saved_view WHERE organisation = $1 AND person = $2 AND id = $3");
        let delete = delete.bind(self.organisation().to_owned()).bind(printable(person)).bind(printable(id));
        self.touched(delete, Missing::View, format!("person/{person}/view/{id}")).await
    }
}
