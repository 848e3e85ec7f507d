//! What an organisation has set.

use serde::{Deserialize, Serialize};
use shirube_store::StoreError;

use super::App;

/// Settings with their defaults; fields that a newer program wrote are left alone.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct OrganisationSettings {
    /// Whoever made a revision may not approve it (AUTHZ-006).
    pub separate_duties: bool,
}

impl Default for OrganisationSettings {
    fn default() -> Self {
        Self { separate_duties: true }
    }
}

/// The settings of an organisation.
pub async fn settings(app: &App, organisation: &str) -> Result<OrganisationSettings, StoreError> {
    let text = app.store().settings(organisation).await?;
    serde_json::from_str(&text)
        .map_err(|error| StoreError::Inconsistent { place: "組織の設定".to_owned(), log: error.to_string() })
}
