//! What the owner of a server does at its console: another organisation, and a way in for an administrator who has none.

use shirube_identity::role::{OrganisationKind, Role};
use shirube_identity::secret::{Purpose, Secret};
use shirube_identity::sign_in::{PersonName, SignInName};
use shirube_store::{Event, Missing, NewPerson, StoreError};
use shirube_trail::Origin;

use super::people::{Factors, add_one_time, take_away};
use super::{App, account};

/// Who acts at the console, as the trail names it.
const ACTOR: &str = "console";

/// An organisation to be added, with its first administrator.
#[derive(Debug, Clone)]
pub struct NewOrganisation {
    pub name: String,
    pub kind: OrganisationKind,
    pub administrator: PersonName,
    pub sign_in: SignInName,
}

impl App {
    fn one_time_address(&self, secret: &Secret) -> String {
        format!("{}/invitation?token={}", self.0.settings.origin, secret.text(Purpose::Invitation))
    }

    /// Makes an organisation, and gives the address by which its administrator sets a password, once.
    pub async fn add_organisation(&self, new: &NewOrganisation) -> Result<String, StoreError> {
        let (id, person, secret) = (self.new_id('o'), self.new_id('p'), Secret::from_bytes(self.random()));
        let mut change = self.store().begin(&id).await?;
        let now = self.at();
        change.open_organisation(&new.name, new.kind.token()).await?;
        let administrator = NewPerson {
            id: &person,
            sign_in: new.sign_in.as_str(),
            name: new.administrator.as_str(),
            mail: "",
            state: "invited",
        };
        change.add_person(administrator, &now).await?;
        change.grant(&person, Role::Administrator.token(), ACTOR, &now).await?;
        add_one_time(self, &mut change, &secret, "invitation", &person).await?;
        change.about(&format!("organisation/{id}"));
        let note = format!("最初の管理者: {}", new.administrator);
        let event = Event { action: "organisation.created".to_owned(), note };
        change.commit(ACTOR, Origin::Console, &now, event).await?;
        Ok(self.one_time_address(&secret))
    }

    /// Takes away what a person signs in with, and gives the address by which a new password is set, once.
    pub async fn reset_person(&self, sign_in: &SignInName, reason: &str) -> Result<String, StoreError> {
        let person = self.store().person_by_sign_in(sign_in.as_str()).await?;
        let person = person.ok_or(StoreError::Missing(Missing::Person))?;
        if person.state == "disabled" {
            return Err(StoreError::State { found: "停止".to_owned() });
        }
        let secret = Secret::from_bytes(self.random());
        let unusable = account::hashed(self, &Secret::from_bytes(self.random()).text(Purpose::OneTime)).await;
        let (mut change, now) = (self.store().begin(&person.organisation).await?, self.at());
        take_away(&mut change, &person.id, &unusable, &now, Factors::All).await?;
        add_one_time(self, &mut change, &secret, "reset", &person.id).await?;
        change.about(&format!("person/{}", person.id));
        let event =
            Event { action: "person.reset".to_owned(), note: format!("サーバの持ち主による。{reason}") };
        change.commit(ACTOR, Origin::Console, &now, event).await?;
        Ok(self.one_time_address(&secret))
    }
}
