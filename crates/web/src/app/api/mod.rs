//! `/api/v1`: the same services for programs, as JSON (INTEROP-001, INTEROP-013).
//!
//! Each operation is one line in [`routes`], typed by its handler; checks and reference are made from the same types.
//! A change goes through the same doors as forms: `save`, or a change of the store.

mod catalogs;
mod documents;
mod door;
mod facts;
mod files;
mod input;
mod operation;
mod organisation;
mod problem;
mod records;
mod reference;
mod registers;
mod reply;
mod revisions;
mod routes;
mod services;
mod sign;
mod tag;
mod trail;

pub use door::{Bearer, Knocks, admit};
pub use operation::{Operation, nowhere, wrong_method};
pub use reference::{openapi, page as reference};
pub use routes::routes;

use shirube_store::Service;

use self::operation::Call;
use self::problem::Problem;
use self::tag::Tag;

/// A service with its latest revision.
async fn latest<Q, B>(call: &Call<Q, B>) -> Result<(Service, Tag), Problem> {
    let service = call.app.store().service(call.organisation_id(), call.service()).await?;
    let tag = match (service.revision, &service.latest) {
        (Some(revision), Some(latest)) => Tag::new(revision, latest.digest),
        _ => return Err(Problem::nothing()),
    };
    Ok((service, tag))
}

/// The revision that `If-Match` names, if the service has it.
async fn based_on<Q, B>(call: &Call<Q, B>) -> Result<u64, Problem> {
    let tag = call.matched()?;
    match call.app.store().revision(call.organisation_id(), call.service(), tag.revision).await {
        Ok(revision) if tag.names(revision.digest) => Ok(tag.revision),
        Ok(_) | Err(shirube_store::StoreError::Missing(_)) => {
            let text =
                "If-Match の値は、このサービスのどの版のものでもありません。読み直してください。何も変更していません。";
            Err(Problem::new("changed", text))
        }
        Err(error) => Err(error.into()),
    }
}
