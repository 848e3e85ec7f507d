//! What is due of a service by its other files and by its contracts, beside the registers.

use chrono::NaiveDate;
use shirube_catalog::ControlId;
use shirube_safety::File;
use shirube_safety::operation::duty::{Duty, Off, Whence, days_off, in_order, of_institution, of_service};
use shirube_store::StoreError;

use super::list::encoded;
use crate::app::App;
use crate::app::institution::{Contracted, contracts};
use crate::app::revisions::InService;
use crate::app::sites::in_files;

/// Where certificates are kept with their days, if somebody keeps the register.
const CERTIFICATES: &str = "certificates";

/// What a service states.
#[derive(Default)]
pub struct Stated {
    /// Each duty with the address of what states it.
    pub duties: Vec<(Duty, String)>,
    pub off: Off,
}

/// What is due of a service until a day.
pub async fn read(
    app: &App,
    at: &InService,
    revision: u64,
    today: NaiveDate,
    until: NaiveDate,
) -> Result<Stated, StoreError> {
    let sizes = app.store().register_sizes(&at.organisation, &at.service, &[CERTIFICATES]).await?;
    let keeps = sizes.get(CERTIFICATES).is_some_and(|size| *size > 0);
    let contracts = contracts(app, &at.organisation, &at.service).await?;
    let base = format!("/o/{}/s/{}", at.organisation, at.service);
    let files = app.store().files(&at.organisation, &at.service, revision).await?;
    in_files(files, move |files| {
        let off = days_off(files);
        let own = of_service(files, today, keeps).into_iter();
        let mut all: Vec<(Duty, String)> = own.map(|duty| (duty.clone(), href(&base, &duty))).collect();
        for Contracted { id, name, contract, closing } in &contracts {
            let agreed = of_institution(name, contract, closing.as_ref(), today).into_iter();
            all.extend(agreed.map(|duty| (duty, format!("{base}/institutions/{id}"))));
        }
        let duties = all.into_iter().flat_map(|(duty, href)| {
            let told = in_order([duty], today, until, &off);
            told.into_iter().map(move |duty| (duty, href.clone()))
        });
        Stated { duties: duties.collect(), off }
    })
    .await
}

/// The page of what states a day.
fn href(base: &str, duty: &Duty) -> String {
    let Whence::File(place) = &duty.whence else { return format!("{base}/registers") };
    match place.file {
        File::Conformity if place.pointer.starts_with("/answers/") => match duty.object.parse::<ControlId>() {
            Ok(control) => format!("{base}/controls/{}", control.ascii()),
            // A control of one's own.
            Err(_) => format!("{base}/controls?q={}", encoded(&duty.object)),
        },
        File::Conformity => format!("{base}/statutory"),
        File::Assessment => format!("{base}/treatments"),
        File::Supply => format!("{base}/supply"),
        _ => format!("{base}/model"),
    }
}
