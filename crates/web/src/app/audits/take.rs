//! A filled working paper that comes back: its findings become proposals, which people decide on.

use std::collections::BTreeMap;

use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use shirube_exchange::{read_audit, read_with_times};
use shirube_safety::operation::audit::{FINDINGS, proposed};
use shirube_safety::operation::register::Entry;
use shirube_store::StoreError;

use super::paper::grades;
use super::{InAudit, Kept, Told, of, page};
use crate::app::guard::Acting;
use crate::app::register::{Begun, InRegister, LONGEST_UPLOAD_BYTES, begin_all};
use crate::app::sign_in::From;
use crate::app::{App, message, upload, world};
use crate::shown::Shown;

/// `POST …/audits/a/{item}/take`.
pub async fn take(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InAudit>,
    form: Multipart,
) -> Response {
    let Some(upload) = upload::read(form, "file").await else { return message::too_long(LONGEST_UPLOAD_BYTES) };
    if upload.csrf != acting.reader.csrf {
        return message::stale_form();
    }
    match taken(&app, (&from, &acting), &shown, &at, &upload).await {
        Ok(told) => page(&app, &acting, &shown, &at, told).await,
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

async fn taken(
    app: &App,
    (from, acting): (&From, &Acting),
    shown: &Shown,
    at: &InAudit,
    upload: &upload::Upload,
) -> Result<Told, StoreError> {
    let kept = Kept::of_audits(app, shown, &at.service()).await?;
    let audit = kept.audit(&at.item)?;
    let refused = |mistakes: Vec<String>| Told { mistakes, taken: None };
    let seen = match read_with_times(&upload.bytes, &upload.name) {
        Ok(book) => read_audit(&book, &at.item, &grades(&kept.records)),
        Err(error) => return Ok(refused(vec![error.to_string()])),
    };
    let seen = match seen {
        Ok(seen) => seen,
        Err(faults) => return Ok(refused(faults.iter().map(ToString::to_string).collect())),
    };
    let made = proposed(&audit, &seen, world::date(app.now()));
    let numbers: Vec<String> = made.iter().map(|entry| entry.id.clone()).collect();
    if made.is_empty() {
        return Ok(Told { taken: Some(numbers), ..Told::default() });
    }
    let note = format!("監査「{}」の調書から指摘の案を書き始めた（{}件）", at.item, made.len());
    let of = InRegister { register: FINDINGS.to_owned(), ..of(&at.service()) };
    let begun = Begun { from, acting, at: &of, ledger: &kept.ledger, note };
    Ok(match begin_all(app, begun, made.iter().map(cells).collect()).await? {
        Ok(()) => Told { taken: Some(numbers), ..Told::default() },
        Err(mistakes) => refused(mistakes),
    })
}

fn cells(entry: &Entry) -> BTreeMap<String, String> {
    entry.values.keys().map(|field| (field.clone(), entry.text(field))).collect()
}
