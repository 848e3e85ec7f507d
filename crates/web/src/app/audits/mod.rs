//! `…/audits`: audits, what the records say of their auditors, findings with what became of them, and the papers.
//!
//! What is shown comes from the same rules as on the command line. A filled working paper leads to proposals only.

mod paper;
mod take;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{Datelike, NaiveDate};
use serde::Deserialize;
use shirube_safety::operation::audit::{
    AUDITS, Audit, CERTIFICATES, FINDINGS, Finding, Part, SELF_CHECKS, certificates, findings, provider_names,
};
use shirube_safety::operation::register::Records;
use shirube_store::{Missing, StoreError};

pub use paper::{file, summary};
pub use take::take;

use super::guard::Acting;
use super::register::{InRegister, Ledger, done, encoded, records};
use super::revisions::InService;
use super::shell::with_status;
use super::sites::in_files;
use super::{App, message, world};
use crate::page::{Frame, html};
use crate::reader::{Action, Resource};
use crate::shown::Shown;
use crate::view::Here;

/// Registers of audits, which every page here reads.
const OF_AUDITS: [&str; 4] = [AUDITS, FINDINGS, SELF_CHECKS, CERTIFICATES];

/// Most entries of a register that is searched for an auditor.
const MOST_ENTRIES: u64 = 20_000;

#[derive(Deserialize)]
pub struct InAudit {
    organisation: String,
    service: String,
    item: String,
}

impl InAudit {
    fn service(&self) -> InService {
        InService { organisation: self.organisation.clone(), service: self.service.clone() }
    }
}

/// What is kept, and what could not be read of it.
struct Kept {
    ledger: Ledger,
    records: Records,
    /// Names of the provider.
    provider: Vec<String>,
    /// Titles of registers that are too long to be searched.
    unread: Vec<String>,
}

impl Kept {
    /// The registers of audits only.
    async fn of_audits(app: &App, shown: &Shown, at: &InService) -> Result<Self, StoreError> {
        let ledger = Ledger::read(app, at, shown.revision.unwrap_or_default()).await?;
        let records = records(app, &ledger, &of(at), &OF_AUDITS).await?;
        let files = app.store().files(&at.organisation, &at.service, shown.revision.unwrap_or_default()).await?;
        let names = in_files(files, |files| provider_names(files).into_iter().map(str::to_owned).collect::<Vec<_>>());
        Ok(Self { ledger, records, provider: names.await?, unread: Vec::new() })
    }

    /// Everything that an audit of a period looks at: all registers with what was done in that time.
    async fn of_one(app: &App, shown: &Shown, at: &InAudit) -> Result<Self, StoreError> {
        let service = at.service();
        let kept = Self::of_audits(app, shown, &service).await?;
        match kept.audit(&at.item)?.period() {
            Some(period) => Self::of_time(app, &service, kept, period).await,
            None => Ok(kept),
        }
    }

    /// All registers, with what was done between two days.
    async fn of_time(
        app: &App,
        at: &InService,
        mut kept: Self,
        period: (NaiveDate, NaiveDate),
    ) -> Result<Self, StoreError> {
        let ids: Vec<&str> = kept.ledger.registers.iter().map(|register| register.id.as_str()).collect();
        let sizes = app.store().register_sizes(&at.organisation, &at.service, &ids).await?;
        let size = |id: &str| sizes.get(id).copied().unwrap_or_default();
        let (long, short): (Vec<&str>, Vec<&str>) =
            ids.iter().filter(|id| size(id) > 0).partition(|id| size(id) > MOST_ENTRIES);
        let title = |id: &&str| kept.ledger.register(id).map(|register| register.title.clone());
        let mut unread: Vec<String> = long.iter().filter_map(title).collect();
        let mut all = records(app, &kept.ledger, &of(at), &short).await?;
        // Work is also done to registers as a whole, which then have no entries.
        match done(app, &of(at), &ids, period).await? {
            Some(lines) => all.log = lines,
            None => unread.push("行ったことの記録".to_owned()),
        }
        (kept.records, kept.unread) = (all, unread);
        Ok(kept)
    }

    fn provider(&self) -> Vec<&str> {
        self.provider.iter().map(String::as_str).collect()
    }

    fn audit(&self, item: &str) -> Result<Audit<'_>, StoreError> {
        let found = Audit::all(&self.records).into_iter().find(|audit| audit.entry.id == item);
        found.ok_or(StoreError::Missing(Missing::RegisterItem))
    }

    fn state(&self, register: &str, state: &str) -> String {
        let found = self.ledger.register(register).and_then(|register| register.state(state));
        found.map_or(state, |state| &state.title).to_owned()
    }
}

/// The address of the service, as reading registers takes it.
fn of(at: &InService) -> InRegister {
    InRegister { organisation: at.organisation.clone(), service: at.service.clone(), register: AUDITS.to_owned() }
}

#[derive(Template)]
#[template(path = "app/audits.html")]
struct AuditsPage<'a> {
    frame: Frame<'a>,
    audits: Vec<AuditLine>,
    findings: Vec<FindingView>,
    overdue: usize,
    certificates: Vec<CertificateView>,
    /// The year that the summary is first asked for.
    from: String,
    to: String,
    may_edit: bool,
    may_export: bool,
}

struct AuditLine {
    id: String,
    href: String,
    title: String,
    state: String,
    auditor: String,
    day: String,
    findings: usize,
    open: usize,
}

struct FindingView {
    id: String,
    href: String,
    audit: String,
    grade: String,
    text: String,
    controls: String,
    state: String,
    due: String,
    is_overdue: bool,
    earlier: String,
}

struct CertificateView {
    href: String,
    name: String,
    until: String,
    validity: &'static str,
    is_valid: bool,
}

/// `GET …/audits`.
pub async fn list(State(app): State<App>, acting: Acting, shown: Shown, Path(at): Path<InService>) -> Response {
    let kept = match Kept::of_audits(&app, &shown, &at).await {
        Ok(kept) => kept,
        Err(error) => return message::missing_or_failed(&app, &acting.visitor, &error),
    };
    let today = world::date(app.now());
    let all = findings(&kept.records);
    let (from, to) = fiscal_year(today);
    let page = AuditsPage {
        frame: Frame::new(&shown, Here::Registers),
        audits: Audit::all(&kept.records).iter().rev().map(|audit| line(audit, &kept, &shown)).collect(),
        findings: all.iter().filter(|one| one.is_open()).map(|one| found(one, &kept, &shown, today)).collect(),
        overdue: all.iter().filter(|one| one.is_overdue(today)).count(),
        certificates: held(&kept, &shown, today),
        from: from.to_string(),
        to: to.to_string(),
        may_edit: acting.reader.may(Action::Edit, Resource::Register),
        may_export: acting.reader.may(Action::Export, Resource::Register),
    };
    html(page).into_response()
}

/// April to March.
fn fiscal_year(today: NaiveDate) -> (NaiveDate, NaiveDate) {
    let year = if today.month() < 4 { today.year() - 1 } else { today.year() };
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or(today);
    (day(year, 4, 1), day(year + 1, 3, 31))
}

fn line(audit: &Audit, kept: &Kept, shown: &Shown) -> AuditLine {
    let entry = audit.entry;
    let findings = audit.findings();
    let counted = findings.iter().filter(|one| one.counts());
    let day = entry.day("done_on").map(|day| format!("{day} 実施"));
    let planned = || entry.day("planned_on").map(|day| format!("{day} 予定"));
    AuditLine {
        id: entry.id.clone(),
        href: format!("{}/audits/a/{}", shown.base, encoded(&entry.id)),
        title: entry.text("title"),
        state: kept.state(AUDITS, &entry.state),
        auditor: entry.text("auditor").replace('\n', "、"),
        day: day.or_else(planned).unwrap_or_default(),
        findings: counted.clone().count(),
        open: counted.filter(|one| one.is_open()).count(),
    }
}

fn found(one: &Finding, kept: &Kept, shown: &Shown, today: NaiveDate) -> FindingView {
    let entry = one.entry;
    FindingView {
        id: entry.id.clone(),
        href: format!("{}/registers/{FINDINGS}/e/{}", shown.base, encoded(&entry.id)),
        audit: entry.text("audit"),
        grade: entry.text("grade"),
        text: entry.text("finding"),
        controls: entry.text("controls"),
        state: kept.state(FINDINGS, &entry.state),
        due: entry.day("due_on").map(|day| day.to_string()).unwrap_or_default(),
        is_overdue: one.is_overdue(today),
        earlier: one.earlier.clone().unwrap_or_default(),
    }
}

fn held(kept: &Kept, shown: &Shown, today: NaiveDate) -> Vec<CertificateView> {
    use shirube_safety::operation::audit::Validity;
    let view = |one: shirube_safety::operation::audit::Certificate<'_>| CertificateView {
        href: format!("{}/registers/{CERTIFICATES}/e/{}", shown.base, encoded(&one.entry.id)),
        name: one.entry.text("name"),
        until: one.until.map(|day| day.to_string()).unwrap_or_default(),
        validity: one.validity.term(),
        is_valid: one.validity == Validity::Valid,
    };
    certificates(&kept.records, today).into_iter().map(view).collect()
}

#[derive(Template)]
#[template(path = "app/audit.html")]
struct AuditPage<'a> {
    frame: Frame<'a>,
    csrf: &'a str,
    audit: AuditLine,
    entry_href: String,
    period: String,
    controls: String,
    declared: &'static str,
    words: String,
    is_contradicted: bool,
    parts: Vec<Part>,
    unread: Vec<String>,
    findings: Vec<FindingView>,
    mistakes: Vec<String>,
    /// Numbers of the proposals that a file led to.
    taken: Option<Vec<String>>,
    may_edit: bool,
    may_export: bool,
}

/// What came of a filled working paper.
#[derive(Default)]
struct Told {
    mistakes: Vec<String>,
    taken: Option<Vec<String>>,
}

/// `GET …/audits/a/{item}`.
pub async fn show(State(app): State<App>, acting: Acting, shown: Shown, Path(at): Path<InAudit>) -> Response {
    page(&app, &acting, &shown, &at, Told::default()).await
}

async fn page(app: &App, acting: &Acting, shown: &Shown, at: &InAudit, told: Told) -> Response {
    match made(app, acting, shown, at, told).await {
        Ok(response) => response,
        Err(error) => message::missing_or_failed(app, &acting.visitor, &error),
    }
}

async fn made(app: &App, acting: &Acting, shown: &Shown, at: &InAudit, told: Told) -> Result<Response, StoreError> {
    let kept = Kept::of_one(app, shown, at).await?;
    let audit = kept.audit(&at.item)?;
    let today = world::date(app.now());
    let independence = audit.independence(&kept.provider());
    let status = if told.mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = AuditPage {
        frame: Frame::new(shown, Here::Registers),
        csrf: &acting.reader.csrf,
        audit: line(&audit, &kept, shown),
        entry_href: format!("{}/registers/{AUDITS}/e/{}", shown.base, encoded(&at.item)),
        period: audit.period().map(|(from, until)| format!("{from}から{until}まで")).unwrap_or_default(),
        controls: audit.entry.text("controls").replace('\n', "、"),
        declared: match independence.declared {
            Some(true) => "はい",
            Some(false) => "いいえ",
            None => "未記載",
        },
        words: independence.words(),
        is_contradicted: independence.is_contradicted(),
        parts: independence.took_part().into_iter().cloned().collect(),
        unread: kept.unread.clone(),
        findings: audit.findings().iter().map(|one| found(one, &kept, shown, today)).collect(),
        mistakes: told.mistakes,
        taken: told.taken,
        may_edit: acting.reader.may(Action::Edit, Resource::Register),
        may_export: acting.reader.may(Action::Export, Resource::Register),
    };
    Ok(with_status(status, page))
}
