//! A service as it is for one institution, with the names that may not stand in what that one is given.

use shirube_safety::agreement::{InstitutionFile, Laid, Others};
use shirube_store::{Missing, StoreError};

use super::{customer, work};
use crate::app::App;

/// One institution and its service.
pub struct LaidFor {
    pub id: String,
    pub file: InstitutionFile,
    pub laid: Laid,
    pub others: Others,
    /// Names under which records may know it beside its own.
    pub known: Vec<String>,
}

/// An institution that uses a service.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct UserOf {
    pub name: String,
    pub id: String,
    /// Month in which its fiscal year begins.
    pub year_from: u8,
}

/// The institutions that use a service, by their names.
pub async fn users_of(app: &App, organisation: &str, service: &str) -> Result<Vec<UserOf>, StoreError> {
    let roster = work::roster(app, organisation).await?;
    let users = roster.users(service).filter_map(|(id, _)| {
        let facts = roster.facts.get(id)?;
        let year_from = facts.fiscal_year_from.unwrap_or(4);
        Some(UserOf { name: facts.name.clone(), id: id.to_owned(), year_from })
    });
    let mut users: Vec<UserOf> = users.collect();
    users.sort();
    Ok(users)
}

/// The service as it is for an institution that uses it.
pub async fn laid_for(
    app: &App,
    (organisation, service): (&str, &str),
    institution: &str,
    revision: u64,
) -> Result<LaidFor, StoreError> {
    let customer = customer(app, organisation, institution).await?;
    let relation = customer.relations.get(service).ok_or(StoreError::Missing(Missing::Institution))?;
    let (facts, terms) = (customer.facts.clone(), relation.today().1);
    let (laid, drawn) = work::worked(app, (organisation, service), [revision].into(), move |lists| {
        Ok((lists.laid(revision, &facts, &terms)?, lists.drawn(revision)?))
    })
    .await?;
    let own = customer.facts.name.clone();
    let names = work::names(app, organisation).await?;
    let parties = laid.files.service.parties.iter();
    let companies = parties.filter(|party| party.kind != shirube_safety::model::PartyKind::Institution);
    let mut kept: Vec<&str> = companies.map(|party| party.name.as_str()).collect();
    kept.extend([laid.files.service.service.name.as_str(), own.as_str()]);
    let named = names.iter().chain(drawn.iter().map(|(_, name)| name)).filter(|name| **name != own);
    let others = Others::new(named.map(String::as_str), &kept);
    let known = drawn.iter().filter(|(_, name)| *name == own).map(|(id, _)| id.clone()).collect();
    Ok(LaidFor { id: customer.id.clone(), file: customer.file(service), laid, others, known })
}
