//! How often a duty is done, where both sides have to agree on it: the newest record of a register that says so holds.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use shirube_catalog::{DutyPer, Register, RegisterDuty, Span};
use shirube_safety::model::Date;
use shirube_safety::operation::register::{AgreedPeriod, Entry};
use shirube_safety::typed::{day, folded};
use shirube_store::{Change, Event, Missing, NewRegisterRecord, StoreError, WantedItems};

use super::body::{Body, entry};
use super::ledger::Ledger;
use super::list::InRegister;
use super::write::Doing;
use crate::app::fields::Fields;
use crate::app::guard::Acting;
use crate::app::revisions::InService;
use crate::app::sign_in::From;
use crate::app::{App, message};
use crate::shown::Shown;

/// What stands before the id of a duty in the store, where its period was agreed.
const PERIOD: &str = "period:";

/// Entries whose days are set anew at once.
const CHUNK: usize = 1_000;

/// Longest name of what was agreed.
const LONGEST_CHARS: usize = 200;

/// Lengths that a period can be counted in.
pub const UNITS: [(&str, &str); 4] = [("months", "か月"), ("years", "年"), ("weeks", "週"), ("days", "日")];

/// Whether what the store names so agreed on a period.
pub fn is_period(token: &str) -> bool {
    token.starts_with(PERIOD)
}

/// The periods that were agreed for the registers of a service.
pub async fn agreed(app: &App, at: &InService, registers: &[Register]) -> Result<Vec<AgreedPeriod>, StoreError> {
    let duties = |register: &'_ Register| {
        let agreed = register.duties.iter().filter(|duty| duty.agreed);
        agreed.map(|duty| (register.id.clone(), format!("{PERIOD}{}", duty.id))).collect::<Vec<_>>()
    };
    let asked: Vec<(String, String)> = registers.iter().flat_map(duties).collect();
    let mut periods = Vec::new();
    for record in app.store().last_of_each(&at.organisation, &at.service, &asked).await? {
        let register = registers.iter().find(|register| register.id == record.register);
        let duty = register.and_then(|register| register.duty(record.step.strip_prefix(PERIOD)?));
        if let (Some(register), Some(duty)) = (register, duty) {
            periods.extend(period(register, duty, &Body::read(&record.body)?));
        }
    }
    Ok(periods)
}

/// What a record says; none if it takes the period back.
fn period(register: &Register, duty: &RegisterDuty, body: &Body) -> Option<AgreedPeriod> {
    let text = |name: &str| body.values.get(name).map_or("", String::as_str);
    Some(AgreedPeriod {
        register: register.id.clone(),
        duty: duty.id.clone(),
        every: Some(span(text("count"), text("unit"))?),
        from: text("from").parse().ok().map(Date),
        basis: text("basis").to_owned(),
    })
}

/// A length of at least one.
fn span(count: &str, unit: &str) -> Option<Span> {
    let count: u32 = count.parse().ok().filter(|count| (1..=1_000).contains(count))?;
    Some(match unit {
        "days" => Span::Days(count),
        "weeks" => Span::Weeks(count),
        "months" => Span::Months(count),
        "years" => Span::Years(count),
        _ => return None,
    })
}

/// `POST …/registers/{register}/period`: how often a duty is done, as both sides agreed.
pub async fn agree(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InRegister>,
    sent: Fields,
) -> Response {
    let made = async {
        let ledger = Ledger::read(&app, &at.service(), shown.revision.unwrap_or_default()).await?;
        let register = ledger.register(&at.register).ok_or(StoreError::Missing(Missing::RegisterItem))?;
        let doing = Doing { app: &app, from: &from, acting: &acting, at: &at, ledger: &ledger, register };
        doing.agree(&sent).await
    };
    let base = format!("{}/registers/{}", shown.base, at.register);
    match made.await {
        Ok(Ok(())) => Redirect::to(&format!("{base}?done=period")).into_response(),
        Ok(Err(mistakes)) => message::message(
            Some(&acting.visitor),
            StatusCode::UNPROCESSABLE_ENTITY,
            "周期を記録していません",
            &mistakes.join(""),
            (&base, "台帳に戻る"),
        ),
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

/// What the form says: count, unit, first day and what it was agreed by.
fn said(sent: &Fields, first: &str) -> Result<Body, Vec<String>> {
    let (count, unit, basis) = (folded(sent.text("count")), sent.text("unit"), sent.text("basis"));
    let mut mistakes = Vec::new();
    if span(&count, unit).is_none() {
        let found = sent.text("count");
        mistakes.push(format!("周期「{found}」は読めません。1から1000までの数と、単位を選んでください。"));
    }
    if basis.is_empty() || basis.chars().count() > LONGEST_CHARS {
        mistakes.push(format!("何で決めたか（合意確認書の日付など）を、{LONGEST_CHARS}文字までで入力してください。"));
    }
    let from = match first {
        "" => Ok(String::new()),
        typed => day(typed).map(|day| day.to_string()),
    };
    if let Err(wrong) = &from {
        mistakes.push(format!("数え始める日: {wrong}"));
    }
    match from {
        Ok(from) if mistakes.is_empty() => {
            let values = [("count", count), ("unit", unit.to_owned()), ("basis", basis.to_owned()), ("from", from)];
            let values = values.into_iter().filter(|(_, text)| !text.is_empty());
            Ok(Body { values: values.map(|(name, text)| (name.to_owned(), text)).collect(), ..Body::default() })
        }
        _ => Err(mistakes),
    }
}

impl Doing<'_> {
    async fn agree(&self, sent: &Fields) -> Result<Result<(), Vec<String>>, StoreError> {
        let duty = self.register.duty(sent.text("duty")).filter(|duty| duty.agreed);
        let Some(duty) = duty else {
            return Ok(Err(vec!["周期を決める務めを選んでください。".to_owned()]));
        };
        let body = match said(sent, sent.text("from")) {
            Ok(body) => Body { person: self.acting.reader.name.clone(), ..body },
            Err(mistakes) => return Ok(Err(mistakes)),
        };
        let mut ledger = self.ledger.clone();
        ledger.periods.duties.retain(|one| one.register != self.register.id || one.duty != duty.id);
        ledger.periods.duties.extend(period(self.register, duty, &body));
        let lines = super::show::lines(self.app, self.at, "").await?;
        let record = NewRegisterRecord {
            register: self.at.register.clone(),
            step: format!("{PERIOD}{}", duty.id),
            day: self.today().to_string(),
            body: body.written(),
            due: ledger.next(self.register, None, &lines, self.today()),
            ..NewRegisterRecord::default()
        };
        let mut change = self.app.store().begin(&self.at.organisation).await?;
        change.write_registers(&self.at.service, &[record]).await?;
        if duty.per == DutyPer::Entry {
            self.plan_entries(&mut change, &ledger).await?;
        }
        let event = Event {
            action: "register.period".to_owned(),
            note: format!("{}: {}の周期を決めた", self.register.title, duty.title),
        };
        change.commit(&self.acting.reader.person, self.from.origin(), &self.app.at(), event).await?;
        Ok(Ok(()))
    }

    /// Sets the days of all entries anew. The change holds the organisation: no entry is written in between.
    pub async fn plan_entries(&self, change: &mut Change, ledger: &Ledger) -> Result<(), StoreError> {
        for entry in self.all().await? {
            let lines = super::show::lines(self.app, self.at, &entry.id).await?;
            let due = ledger.next(self.register, Some(&entry), &lines, self.today());
            change.plan_again(&self.at.service, &self.at.register, &entry.id, &due).await?;
        }
        Ok(())
    }

    /// All entries of the register.
    async fn all(&self) -> Result<Vec<Entry>, StoreError> {
        let (mut all, mut before) = (Vec::new(), None);
        loop {
            let wanted = WantedItems { before, limit: CHUNK, ..WantedItems::default() };
            let at = self.at;
            let page = self.app.store().register_page(&at.organisation, &at.service, &at.register, &wanted).await?;
            for item in &page.items {
                all.push(entry(self.register, item)?);
            }
            before = page.next;
            if before.is_none() {
                return Ok(all);
            }
        }
    }
}
