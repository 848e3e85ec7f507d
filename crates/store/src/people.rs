//! People, and what they may do in which organisation.
//!
//! A person belongs to one organisation, which looks after the account, and may hold roles in others. Nobody is ever
//! deleted: an id or a name to sign in with that was given once is never given again.

use std::collections::BTreeMap;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, query, query_as};

use crate::change::{printable, stored, time};
use crate::organisation::joined;
use crate::reading::{is_id, organisation_name};
use crate::row::{maybe, text};
use crate::{Change, Missing, Organisation, Store, StoreError};

/// Somebody with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: String,
    /// The organisation that looks after the account.
    pub organisation: String,
    /// What is typed to sign in. Compared as it stands: whoever writes and looks up decides how it is spelled.
    pub sign_in: String,
    pub name: String,
    pub mail: String,
    /// `invited`, `active` or `disabled`.
    pub state: String,
    pub created_at: String,
}

/// A person to be added.
#[derive(Debug, Clone, Copy)]
pub struct NewPerson<'a> {
    pub id: &'a str,
    pub sign_in: &'a str,
    pub name: &'a str,
    pub mail: &'a str,
    pub state: &'a str,
}

/// A person as one organisation sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub person: Person,
    /// Held now, sorted. Empty for people of the organisation whose roles were all taken away.
    pub roles: Vec<String>,
    /// The account belongs to another organisation.
    pub is_guest: bool,
    /// The last successful sign-in. For guests, it is their own organisation's to know.
    pub last_success: Option<String>,
    /// When a session that acted for this organisation was last seen.
    pub last_seen: Option<String>,
}

/// An organisation in which a person holds roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub organisation: Organisation,
    /// Held now, sorted.
    pub roles: Vec<String>,
    /// The institution that the person stands for in all of these roles; none in those of the organisation's own people.
    pub institution: Option<String>,
}

/// A role that was granted, for the review of accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub person: String,
    pub role: String,
    pub granted_by: String,
    pub granted_at: String,
    pub ended_at: Option<String>,
    /// The entry of the trail that records it.
    pub entry: u64,
}

impl Store {
    /// A person by id, whatever the organisation: for sessions and sign-in. Pages ask for [`Store::member`].
    pub async fn person(&self, id: &str) -> Result<Person, StoreError> {
        if !is_id(id) {
            return Err(StoreError::Missing(Missing::Person));
        }
        let row = query("SELECT * FROM person WHERE id = $1").bind(id).fetch_optional(self.reader()).await?;
        person(&row.ok_or(StoreError::Missing(Missing::Person))?)
    }

    /// A person by what is typed to sign in.
    pub async fn person_by_sign_in(&self, sign_in: &str) -> Result<Option<Person>, StoreError> {
        if !is_id(sign_in) {
            return Ok(None);
        }
        let row = query("SELECT * FROM person WHERE sign_in = $1").bind(sign_in).fetch_optional(self.reader()).await?;
        row.as_ref().map(person).transpose()
    }

    /// The people of an organisation and its guests, sorted by id.
    pub async fn people(&self, organisation: &str) -> Result<Vec<Member>, StoreError> {
        let mut tx = self.begin_reading().await?;
        organisation_name(&mut tx, organisation).await?;
        members(&mut tx, organisation).await
    }

    /// A person as an organisation sees them; missing for whoever has no part in it.
    pub async fn member(&self, organisation: &str, person: &str) -> Result<Member, StoreError> {
        let members = self.people(organisation).await?;
        let found = members.into_iter().find(|member| member.person.id == person);
        found.ok_or(StoreError::Missing(Missing::Person))
    }

    /// Names by id of everybody who has or had a part in an organisation: the authors in its histories.
    pub async fn names(&self, organisation: &str) -> Result<BTreeMap<String, String>, StoreError> {
        let mut tx = self.begin_reading().await?;
        organisation_name(&mut tx, organisation).await?;
        let rows: Vec<(String, String)> = query_as(
            "SELECT p.id, p.name FROM person p WHERE p.organisation = $1 \
             OR p.id IN (SELECT m.person FROM membership m WHERE m.organisation = $1)",
        )
        .bind(organisation)
        .fetch_all(&mut *tx)
        .await?;
        Ok(rows.into_iter().collect())
    }

    /// Where a person holds roles, sorted by the organisation's id.
    pub async fn memberships(&self, person: &str) -> Result<Vec<Membership>, StoreError> {
        if !is_id(person) {
            return Ok(Vec::new());
        }
        let rows = query(
            "SELECT o.id AS organisation_id, o.name AS organisation_name, o.kind AS organisation_kind, m.role \
             , m.institution FROM membership m JOIN organisation o ON o.id = m.organisation \
             WHERE m.person = $1 AND m.ended_at IS NULL",
        )
        .bind(person)
        .fetch_all(self.reader())
        .await?;
        grouped(&rows)
    }

    /// Every role that was ever granted in an organisation, in the order in which it was.
    pub async fn grants(&self, organisation: &str) -> Result<Vec<Grant>, StoreError> {
        let mut tx = self.begin_reading().await?;
        organisation_name(&mut tx, organisation).await?;
        let rows = query("SELECT * FROM membership WHERE organisation = $1 ORDER BY entry").bind(organisation);
        let rows = rows.fetch_all(&mut *tx).await?;
        let mut grants = rows.iter().map(grant).collect::<Result<Vec<_>, _>>()?;
        grants.sort_by(|a, b| (a.entry, &a.person, &a.role).cmp(&(b.entry, &b.person, &b.role)));
        Ok(grants)
    }
}

impl Change {
    /// The people of the organisation and its guests, as this change sees them.
    pub async fn people(&mut self) -> Result<Vec<Member>, StoreError> {
        self.must_exist()?;
        let organisation = self.organisation().to_owned();
        members(self.connection(), &organisation).await
    }

    /// Adds a person to this organisation. Whether the id or the name to sign in with is taken is told of the whole
    /// installation, because both are unique there.
    pub async fn add_person(&mut self, new: NewPerson<'_>, at: &str) -> Result<(), StoreError> {
        self.must_exist()?;
        for id in [new.id, new.sign_in] {
            if !is_id(id) {
                return Err(StoreError::Id(id.to_owned()));
            }
        }
        let insert = query(
            "INSERT INTO person (id, organisation, sign_in, name, mail, state, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        );
        let insert = insert.bind(new.id).bind(self.organisation()).bind(new.sign_in).bind(printable(new.name));
        let insert = insert.bind(printable(new.mail)).bind(new.state).bind(time(at)?);
        if self.execute(insert).await? == 0 {
            return Err(StoreError::Exists(new.sign_in.to_owned()));
        }
        self.name(format!("person/{}", new.id));
        Ok(())
    }

    /// Changes name and mail of a person of this organisation.
    pub async fn edit_person(&mut self, person: &str, name: &str, mail: &str) -> Result<(), StoreError> {
        self.must_own(person).await?;
        let update = query("UPDATE person SET name = $2, mail = $3 WHERE id = $1");
        self.execute(update.bind(person).bind(printable(name)).bind(printable(mail))).await?;
        self.name(format!("person/{person}"));
        Ok(())
    }

    /// Brings a person of this organisation to another state. Whoever is disabled loses all sessions at once.
    pub async fn set_person_state(&mut self, person: &str, state: &str, at: &str) -> Result<(), StoreError> {
        self.must_own(person).await?;
        let update = query("UPDATE person SET state = $2 WHERE id = $1").bind(person).bind(state);
        self.execute(update).await?;
        if state == "disabled" {
            self.end_all_sessions(person, None, at, "disabled").await?;
        }
        self.name(format!("person/{person}"));
        Ok(())
    }

    /// Grants a role to somebody who has or had a part in this organisation, and tells whether it is new.
    pub async fn grant(&mut self, person: &str, role: &str, by: &str, at: &str) -> Result<bool, StoreError> {
        self.must_know(person).await?;
        self.write_grant(person, role, None, by, at).await
    }

    /// Grants a role in which somebody stands for one institution.
    pub async fn grant_for(
        &mut self,
        person: &str,
        role: &str,
        institution: &str,
        by: &str,
        at: &str,
    ) -> Result<bool, StoreError> {
        self.must_know(person).await?;
        self.must_have_institution(institution).await?;
        self.write_grant(person, role, Some(institution), by, at).await
    }

    /// Grants a role to a person of another organisation. Only for whoever showed an invitation of this one: an id
    /// alone must not be enough to learn a person's name.
    pub async fn admit(&mut self, person: &str, role: &str, by: &str, at: &str) -> Result<bool, StoreError> {
        self.must_exist()?;
        if !is_id(person) {
            return Err(StoreError::Missing(Missing::Person));
        }
        let found = query("SELECT id FROM person WHERE id = $1").bind(person).fetch_optional(self.connection()).await?;
        found.ok_or(StoreError::Missing(Missing::Person))?;
        self.write_grant(person, role, None, by, at).await
    }

    /// Takes a role away.
    pub async fn revoke(&mut self, person: &str, role: &str, at: &str) -> Result<(), StoreError> {
        self.must_know(person).await?;
        let update = query(
            "UPDATE membership SET ended_at = $4 \
             WHERE organisation = $1 AND person = $2 AND role = $3 AND ended_at IS NULL",
        );
        let update = update.bind(self.organisation()).bind(person).bind(printable(role)).bind(time(at)?);
        if self.execute(update).await? == 0 {
            return Err(StoreError::Missing(Missing::Membership));
        }
        self.name(format!("person/{person}"));
        Ok(())
    }

    async fn write_grant(
        &mut self,
        person: &str,
        role: &str,
        institution: Option<&str>,
        by: &str,
        at: &str,
    ) -> Result<bool, StoreError> {
        // What is shown to one side is not meant for the other.
        let other = query(
            "SELECT person FROM membership WHERE organisation = $1 AND person = $2 AND ended_at IS NULL \
             AND COALESCE(institution, '') <> $3",
        );
        let other = other.bind(self.organisation().to_owned()).bind(person).bind(institution.unwrap_or_default());
        if other.fetch_optional(self.connection()).await?.is_some() {
            return Err(StoreError::TwoSides);
        }
        let insert = query(
            "INSERT INTO membership (organisation, entry, person, role, granted_by, granted_at, institution) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        );
        let insert = insert.bind(self.organisation()).bind(stored(self.number()?)?).bind(person);
        let insert = insert.bind(printable(role)).bind(printable(by)).bind(time(at)?).bind(institution);
        let is_new = self.execute(insert).await? == 1;
        self.name(format!("person/{person}"));
        Ok(is_new)
    }

    /// Refuses whoever's account this organisation does not look after.
    pub(crate) async fn must_own(&mut self, person: &str) -> Result<(), StoreError> {
        self.must_exist()?;
        let missing = StoreError::Missing(Missing::Person);
        if !is_id(person) {
            return Err(missing);
        }
        let found = query("SELECT id FROM person WHERE id = $1 AND organisation = $2");
        let found = found.bind(person).bind(self.organisation()).fetch_optional(self.connection()).await?;
        found.ok_or(missing).map(drop)
    }

    /// Refuses whoever never had a part in this organisation.
    pub(crate) async fn must_know(&mut self, person: &str) -> Result<(), StoreError> {
        self.must_exist()?;
        let missing = StoreError::Missing(Missing::Person);
        if !is_id(person) {
            return Err(missing);
        }
        let found = query(
            "SELECT p.id FROM person p WHERE p.id = $1 AND (p.organisation = $2 \
             OR EXISTS (SELECT 1 FROM membership m WHERE m.organisation = $2 AND m.person = p.id))",
        );
        let found = found.bind(person).bind(self.organisation()).fetch_optional(self.connection()).await?;
        found.ok_or(missing).map(drop)
    }
}

pub(crate) async fn members(connection: &mut AnyConnection, organisation: &str) -> Result<Vec<Member>, StoreError> {
    let rows = query(
        "SELECT p.*, (SELECT MAX(t.last_success) FROM throttle t WHERE t.person = p.id) AS last_success, \
         (SELECT MAX(s.seen_at) FROM session s WHERE s.person = p.id AND s.organisation = $1) AS last_seen \
         FROM person p WHERE p.organisation = $1 OR EXISTS (SELECT 1 FROM membership m \
         WHERE m.organisation = $1 AND m.person = p.id AND m.ended_at IS NULL)",
    )
    .bind(organisation)
    .fetch_all(&mut *connection)
    .await?;
    let held: Vec<(String, String)> =
        query_as("SELECT person, role FROM membership WHERE organisation = $1 AND ended_at IS NULL")
            .bind(organisation)
            .fetch_all(connection)
            .await?;
    let mut roles: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (person, role) in held {
        roles.entry(person).or_default().push(role);
    }
    let mut members = Vec::with_capacity(rows.len());
    for row in &rows {
        let person = person(row)?;
        let mut roles = roles.remove(&person.id).unwrap_or_default();
        roles.sort();
        let is_guest = person.organisation != organisation;
        let last_success = maybe(row, "last_success")?.filter(|_| !is_guest);
        members.push(Member { person, roles, is_guest, last_success, last_seen: maybe(row, "last_seen")? });
    }
    members.sort_by(|one, other| one.person.id.cmp(&other.person.id));
    Ok(members)
}

/// Memberships from rows with an organisation and a role each.
pub(crate) fn grouped(rows: &[AnyRow]) -> Result<Vec<Membership>, StoreError> {
    let mut memberships: BTreeMap<String, Membership> = BTreeMap::new();
    for row in rows {
        let organisation = joined(row)?;
        let role = text(row, "role")?;
        let institution = maybe(row, "institution")?;
        let none =
            || Membership { organisation: organisation.clone(), roles: Vec::new(), institution: institution.clone() };
        let known = memberships.entry(organisation.id.clone()).or_insert_with(none);
        known.roles.push(role);
        // Whoever stood for two would see of both what is meant for one.
        known.institution = known.institution.take().filter(|first| Some(first) == institution.as_ref());
    }
    let mut memberships: Vec<Membership> = memberships.into_values().collect();
    memberships.iter_mut().for_each(|membership| membership.roles.sort());
    Ok(memberships)
}

pub(crate) fn person(row: &AnyRow) -> Result<Person, StoreError> {
    Ok(Person {
        id: text(row, "id")?,
        organisation: text(row, "organisation")?,
        sign_in: text(row, "sign_in")?,
        name: text(row, "name")?,
        mail: text(row, "mail")?,
        state: text(row, "state")?,
        created_at: text(row, "created_at")?,
    })
}

fn grant(row: &AnyRow) -> Result<Grant, StoreError> {
    Ok(Grant {
        person: text(row, "person")?,
        role: text(row, "role")?,
        granted_by: text(row, "granted_by")?,
        granted_at: text(row, "granted_at")?,
        ended_at: maybe(row, "ended_at")?,
        entry: crate::row::count(row, "entry")?,
    })
}
