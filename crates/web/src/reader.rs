//! The person who reads a page of the application.

use shirube_identity::rights::may;
pub use shirube_identity::role::{Action, Resource, Role};

/// Who reads, for which organisation, and with which rights.
#[derive(Debug, Clone)]
pub struct Reader {
    /// Id of the person, as the trail names it.
    pub person: String,
    pub name: String,
    pub organisation_id: String,
    pub organisation: String,
    pub roles: Vec<Role>,
    /// The institution that the person stands for; none for the organisation's own people.
    pub institution: Option<String>,
    /// What forms carry, so that no other site can send them.
    pub csrf: String,
    /// Id and name of every organisation that the person belongs to.
    pub organisations: Vec<(String, String)>,
    /// The paper that was chosen; none for that of the device.
    pub theme: Option<&'static str>,
    /// The guide through the first hour of the service was put away.
    pub put_away: bool,
}

impl Reader {
    /// Whether a page may offer this. The guard decides again when it is asked for.
    pub fn may(&self, action: Action, resource: Resource) -> bool {
        may(&self.roles, action, resource)
    }
}
