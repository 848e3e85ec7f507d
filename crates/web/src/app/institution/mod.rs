//! Institutions that use the services: who they are, what is different for each, what was explained and agreed (AGREE,
//! PARTY), and what they see themselves.

mod agreement;
mod confirm;
mod customers;
mod files;
mod fill;
mod issue;
mod kept;
mod laid;
mod list;
mod notices;
mod one;
mod pack;
mod phases;
mod portal;
mod promote;
mod record;
mod seen;
mod step;
mod terms;
mod work;

use shirube_store::{Event, Missing, Service, StoreError};

pub use agreement::{change as change_agreement, overview, show as show_agreement};
pub use confirm::of_provider as confirmation;
pub use customers::{LONGEST_UPLOAD_BYTES, preview as preview_import, save as save_import};
pub use files::{LONGEST_FILES_BYTES, export as export_files, import as import_files};
pub use issue::issue;
pub use laid::{LaidFor, UserOf, laid_for, users_of};
pub use list::{add, list};
pub use notices::notices;
pub use one::{change as change_one, invite, show as show_one};
pub use pack::{all as all_packs, one as one_pack};
pub use phases::{closing, show as show_phases};
pub use portal::{
    change as answer_portal, confirmation as portal_confirmation, document as portal_document, list as portal,
    pack as portal_pack, show as show_portal,
};
pub use promote::{change as promote, show as show_promotion};
pub use record::{change as change_record, show as show_record};
pub use work::{Contracted, Stands, contract_levels, contracts, customer_names};

use self::kept::{Customer, Written};
use super::App;
use super::guard::Acting;
use super::sign_in::From;

/// An institution with all that is known of it.
async fn customer(app: &App, organisation: &str, institution: &str) -> Result<Customer, StoreError> {
    let records = app.store().institution_records(organisation, institution).await?;
    Customer::read(&records)?.ok_or(StoreError::Missing(Missing::Institution))
}

/// Names of institutions by id.
pub async fn names(app: &App, organisation: &str) -> Result<std::collections::BTreeMap<String, String>, StoreError> {
    let roster = work::roster(app, organisation).await?;
    Ok(roster.facts.iter().map(|(id, facts)| (id.clone(), facts.name.clone())).collect())
}

/// Who writes, and what the trail says of it.
struct Writing<'a> {
    acting: &'a Acting,
    from: &'a From,
    action: &'static str,
    note: String,
}

/// What is to be written about one institution.
struct Plan<'p> {
    id: &'p str,
    /// The last record about it when this was thought of; none for an institution that is new.
    seen: Option<u64>,
    records: &'p [Written],
}

/// Writes about institutions, all or nothing; gives the first about which something was written since it was seen.
async fn write_all<'p>(app: &App, writing: &Writing<'_>, plans: &[Plan<'p>]) -> Result<Option<&'p str>, StoreError> {
    let mut change = app.store().begin(&writing.acting.reader.organisation_id).await?;
    for plan in plans {
        match plan.seen {
            None => change.open_institution(plan.id).await?,
            Some(seen) if change.end_of_records(plan.id).await? != seen => return Ok(Some(plan.id)),
            Some(_) => {}
        }
    }
    let records: Vec<_> = plans.iter().flat_map(|plan| plan.records).map(Written::record).collect();
    change.write_institutions(&records).await?;
    let event = Event { action: writing.action.to_owned(), note: writing.note.clone() };
    change.commit(&writing.acting.reader.person, writing.from.origin(), &app.at(), event).await?;
    Ok(None)
}

/// Writes about one institution, if nothing was written since `seen`; false if something was.
async fn write(app: &App, writing: &Writing<'_>, seen: &Customer, records: &[Written]) -> Result<bool, StoreError> {
    let plan = Plan { id: &seen.id, seen: Some(seen.last), records };
    Ok(write_all(app, writing, &[plan]).await?.is_none())
}

/// The services that can be used.
async fn active_services(app: &App, organisation: &str) -> Result<Vec<Service>, StoreError> {
    let services = app.store().services(organisation).await?;
    Ok(services.into_iter().filter(|service| service.state == "active").collect())
}

/// What is said when somebody else wrote meanwhile.
const MEANWHILE: &str =
    "ほかの人が同時に記録しました。今の内容を確かめて、もう一度保存してください。何も保存していません。";
