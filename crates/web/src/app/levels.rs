//! `…/service-levels`: what was promised against what the registers say happened.
//!
//! The entries become the tables that a folder would hold, so that the same reader and the same evaluation as on the
//! command line come to the same figures.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{Datelike, Days, NaiveDate};
use shirube_catalog::{Register, registers};
use shirube_documents::level::{Head, Table, csv, graded, json, minutes, place, tables};
use shirube_exchange::{Misread, OperationTables, read_operation_tables};
use shirube_safety::ServiceFiles;
use shirube_safety::calendar::years;
use shirube_safety::operation::level::{
    Asked, ByInstitution, Evaluation, Figure, Period, Reached, Remark, Terms, evaluate,
};
use shirube_safety::operation::register::NUMBER;
use shirube_safety::operation::report::Whose;
use shirube_safety::typed::day;
use shirube_store::{Event, StoreError, WantedItems};

use super::guard::Acting;
use super::institution::{LaidFor, UserOf, customer_names, laid_for, users_of};
use super::register::{Body, encoded};
use super::revisions::InService;
use super::shell::with_status;
use super::sign_in::From;
use super::sites::in_files;
use super::{App, message, world};
use crate::page::Frame;
use crate::page::documents::disposition;
use crate::query::Query;
use crate::shown::Shown;
use crate::view::Here;

/// The registers that are counted, in the order of the tables.
pub const COUNTED: [&str; 4] = ["outages", "exclusions", "updates", "evaluations"];

/// Most entries of one register that are counted, as in a file.
const MOST_ENTRIES: u64 = 20_000;

/// Entries that are read at once.
const CHUNK: usize = 1_000;

#[derive(Template)]
#[template(path = "app/service-levels.html")]
struct LevelsPage<'a> {
    frame: Frame<'a>,
    from: String,
    to: String,
    /// The institutions that use the service, and the id of the one that is asked for.
    users: Vec<UserOf>,
    institution: String,
    mistakes: Vec<MistakeView>,
    found: Option<Found>,
    /// What stands behind the addresses of the files.
    conditions: String,
    registers: Vec<&'static Register>,
}

/// Something that keeps one from counting.
struct MistakeView {
    /// Register, number and field, or the place in the agreement.
    place: String,
    /// The entry, below the address of the service; empty for what is no entry.
    href: String,
    message: String,
}

struct Found {
    reduced_by: &'static str,
    evaluation: Evaluation,
    remarks: Vec<RemarkView>,
}

struct RemarkView {
    weight: &'static str,
    place: String,
    href: String,
    message: String,
    advice: String,
}

/// A band of a month, or of the whole period.
struct Line {
    month: String,
    band: &'static str,
    service: String,
    stop: String,
    excluded: Vec<(&'static str, String)>,
    counted: String,
    availability: String,
    target: String,
    state: &'static str,
    is_unmet: bool,
}

impl Found {
    fn lines(&self, period: &Period) -> Vec<Line> {
        let months = period.months.iter().flat_map(|month| month.bands.iter().map(|band| (month.month.as_str(), band)));
        months.chain(period.bands.iter().map(|band| ("全体", band))).map(|(month, band)| line(month, band)).collect()
    }

    fn ways(&self, period: &Period) -> Vec<String> {
        period.graded.iter().map(graded).collect()
    }

    fn tables(&self) -> Vec<Table> {
        tables(&self.evaluation)
    }
}

fn line(month: &str, figure: &Figure) -> Line {
    let excluded = figure.excluded_minutes.iter().map(|class| (class.class.term(), minutes(class.minutes)));
    Line {
        month: month.to_owned(),
        band: figure.band.term(),
        service: minutes(figure.service_minutes),
        stop: minutes(figure.stop_minutes),
        excluded: excluded.collect(),
        counted: minutes(figure.counted_stop_minutes),
        availability: figure.availability.map_or("－".to_owned(), |reached| format!("{}%", reached.percent())),
        target: figure.target.as_ref().map_or("－".to_owned(), |target| format!("{}%", target.0)),
        state: figure.state.term(),
        is_unmet: figure.state == Reached::Unmet,
    }
}

/// `GET …/service-levels`.
pub async fn show(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    RawQuery(raw): RawQuery,
) -> Response {
    match Worked::of(&app, &shown, &at, raw.as_deref()).await {
        Ok(worked) => worked.page(&shown),
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

/// `GET …/service-levels.json`: what `shirube sla evaluate --format json` prints.
pub async fn as_json(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    RawQuery(raw): RawQuery,
) -> Response {
    file(&app, &from, &acting, &shown, (&at, raw.as_deref()), Kind::Json).await
}

/// `GET …/service-levels.csv`: what `shirube sla evaluate --format csv` prints.
pub async fn as_csv(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    RawQuery(raw): RawQuery,
) -> Response {
    file(&app, &from, &acting, &shown, (&at, raw.as_deref()), Kind::Csv).await
}

#[derive(Clone, Copy)]
enum Kind {
    Json,
    Csv,
}

async fn file(
    app: &App,
    from: &From,
    acting: &Acting,
    shown: &Shown,
    (at, raw): (&InService, Option<&str>),
    kind: Kind,
) -> Response {
    let made = async {
        let worked = Worked::of(app, shown, at, raw).await?;
        let Some((head, terms, evaluation)) = &worked.result else { return Ok(worked.page(shown)) };
        let (media, ending, bytes) = match kind {
            Kind::Json => {
                let head = Head { service: head, institution: worked.name() };
                ("application/json", "json", json(&head, worked.name(), terms, evaluation).into_bytes())
            }
            Kind::Csv => ("text/csv; charset=utf-8", "csv", csv(evaluation)),
        };
        let name = format!("サービスレベル_{}_{}.{ending}", evaluation.from, evaluation.to);
        let mut change = app.store().begin(&at.organisation).await?;
        change.about(&format!("service/{}/service-levels", at.service));
        let event = Event { action: "levels.taken".to_owned(), note: name.clone() };
        change.commit(&acting.reader.person, from.origin(), &app.at(), event).await?;
        let heads = [(header::CONTENT_TYPE, media), (header::CONTENT_DISPOSITION, &disposition(&name))];
        Ok((heads, bytes).into_response())
    };
    made.await.unwrap_or_else(|error: StoreError| message::missing_or_failed(app, &acting.visitor, &error))
}

/// What came of a question.
struct Worked {
    from: String,
    to: String,
    conditions: String,
    mistakes: Vec<MistakeView>,
    /// The name of the service, what was promised, and how it was.
    result: Option<(String, Terms, Evaluation)>,
    kept: Vec<Kept>,
    users: Vec<UserOf>,
    /// The institution that is asked for; none for the service as a whole.
    own: Option<LaidFor>,
}

impl Worked {
    async fn of(app: &App, shown: &Shown, at: &InService, raw: Option<&str>) -> Result<Self, StoreError> {
        let query = Query::parse(&shown.base, "/service-levels", &["from", "to", "institution"], raw);
        let (first, last) = month_before(world::date(app.now()));
        let text = |key: &str, usual: NaiveDate| query.get(key).map_or(usual.to_string(), str::to_owned);
        let (from, to) = (text("from", first), text("to", last));
        let own = match query.get("institution").filter(|id| !id.is_empty()) {
            Some(id) => {
                let place = (at.organisation.as_str(), at.service.as_str());
                Some(laid_for(app, place, id, shown.revision.unwrap_or_default()).await?)
            }
            None => None,
        };
        let mut worked = Self {
            conditions: query.conditions(),
            mistakes: Vec::new(),
            result: None,
            kept: Vec::new(),
            users: users_of(app, &at.organisation, &at.service).await?,
            own,
            from,
            to,
        };
        let Some(asked) = worked.days() else { return Ok(worked) };
        worked.read(app, at).await?;
        if !worked.mistakes.is_empty() {
            return Ok(worked);
        }
        let names = customer_names(app, &at.organisation).await?;
        let tables = tables_of(&worked.kept);
        let files = app.store().files(&at.organisation, &at.service, shown.revision.unwrap_or_default()).await?;
        let own = worked.own.take();
        let (own, counted) = in_files(files, move |files| {
            let counted = counted(files, own.as_ref(), tables, names, asked);
            (own, counted)
        })
        .await?;
        worked.own = own;
        match counted {
            Ok(result) => worked.result = Some(result),
            Err(wrong) => worked.mistakes = wrong.into_iter().map(|one| worked.told(one)).collect(),
        }
        Ok(worked)
    }

    /// The name of the institution that is asked for.
    fn name(&self) -> Option<&str> {
        self.own.as_ref().map(|own| own.file.institution.name.as_str())
    }

    /// The days that were asked for; else what is wrong with them.
    fn days(&mut self) -> Option<(NaiveDate, NaiveDate)> {
        let mut wrong = |place: &str, message: String| {
            self.mistakes.push(MistakeView { place: place.to_owned(), href: String::new(), message });
        };
        let known = years();
        let mut read = |place: &str, text: &str| match day(text) {
            Ok(day) if known.contains(&day.year()) => Some(day),
            Ok(_) => {
                let message = format!("{}年から{}年までの日にしてください。", known.start(), known.end());
                wrong(place, message);
                None
            }
            Err(message) => {
                wrong(place, message);
                None
            }
        };
        let (from, to) = (read("始まりの日", &self.from), read("終わりの日", &self.to));
        let (from, to) = (from?, to?);
        if to < from {
            wrong("終わりの日", "始まりの日と同じ日か、より後の日にしてください。".to_owned());
            return None;
        }
        Some((from, to))
    }

    /// Reads the registers.
    async fn read(&mut self, app: &App, at: &InService) -> Result<(), StoreError> {
        let sizes = app.store().register_sizes(&at.organisation, &at.service, &COUNTED).await?;
        for register in counted_registers() {
            let size = sizes.get(&register.id).copied().unwrap_or_default();
            if size > MOST_ENTRIES {
                let message = format!("{size}件あります。この画面で計算できるのは、{MOST_ENTRIES}件までです。");
                let href = format!("/registers/{}", register.id);
                self.mistakes.push(MistakeView { place: register.title.clone(), href, message });
            } else {
                self.kept.push(Kept::read(app, at, register).await?);
            }
        }
        Ok(())
    }

    fn told(&self, wrong: Wrong) -> MistakeView {
        match wrong {
            Wrong::Terms { place, message } => MistakeView { place, href: String::new(), message },
            Wrong::Record(misread) => {
                let (entry, href) = self.entry(misread.file, misread.row);
                let field = misread.field.map(|field| format!("「{field}」")).unwrap_or_default();
                MistakeView { place: format!("{entry}{field}"), href, message: misread.message }
            }
        }
    }

    /// Register and number of a row, with its address.
    fn entry(&self, file: &str, row: Option<usize>) -> (String, String) {
        let Some(kept) = self.kept.iter().find(|kept| kept.file() == file) else {
            return (file.to_owned(), String::new());
        };
        let Register { id, title, .. } = kept.register;
        // The headings are the first row, and people count from 1.
        let item = row.and_then(|row| row.checked_sub(1)).and_then(|at| kept.rows.get(at)).map(|cells| &cells[0]);
        match item {
            Some(item) => (format!("{title} {item}"), format!("/registers/{id}/e/{}", encoded(item))),
            None => (title.clone(), format!("/registers/{id}")),
        }
    }

    fn remark(&self, remark: &Remark) -> RemarkView {
        let (place, href) = match remark.row {
            Some(row) => self.entry(remark.file, Some(row)),
            None if self.kept.iter().any(|kept| kept.file() == remark.file) => self.entry(remark.file, None),
            None => (place(remark).trim_end_matches([':', ' ']).to_owned(), String::new()),
        };
        RemarkView {
            weight: remark.weight.term(),
            place,
            href,
            message: remark.message.clone(),
            advice: remark.advice.clone(),
        }
    }

    fn page(mut self, shown: &Shown) -> Response {
        let status = if self.mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let found = self.result.take().map(|(_, terms, evaluation)| Found {
            reduced_by: terms.reduced_by.term(),
            remarks: evaluation.remarks.iter().map(|remark| self.remark(remark)).collect(),
            evaluation,
        });
        with_status(
            status,
            LevelsPage {
                frame: Frame::new(shown, Here::Registers),
                from: self.from,
                to: self.to,
                users: self.users,
                institution: self.own.map(|own| own.id).unwrap_or_default(),
                mistakes: self.mistakes,
                found,
                conditions: self.conditions,
                registers: counted_registers().collect(),
            },
        )
    }
}

fn month_before(today: NaiveDate) -> (NaiveDate, NaiveDate) {
    let last = today.with_day(1).and_then(|first| first.checked_sub_days(Days::new(1))).unwrap_or(today);
    (last.with_day(1).unwrap_or(last), last)
}

fn counted_registers() -> impl Iterator<Item = &'static Register> {
    COUNTED.iter().filter_map(|id| registers().iter().find(|register| register.id == *id))
}

/// The tables of the registers that are counted; none where there is more in one than can be.
pub async fn counted_tables(app: &App, at: &InService) -> Result<Option<OperationTables>, StoreError> {
    let sizes = app.store().register_sizes(&at.organisation, &at.service, &COUNTED).await?;
    if sizes.values().any(|size| *size > MOST_ENTRIES) {
        return Ok(None);
    }
    let mut kept = Vec::new();
    for register in counted_registers() {
        kept.push(Kept::read(app, at, register).await?);
    }
    Ok(Some(tables_of(&kept)))
}

/// A register as the table that a folder would hold.
struct Kept {
    register: &'static Register,
    /// The headings first.
    rows: Vec<Vec<String>>,
}

impl Kept {
    /// Reads the entries, the oldest first, as they were written.
    async fn read(app: &App, at: &InService, register: &'static Register) -> Result<Self, StoreError> {
        let (mut rows, mut before) = (Vec::new(), None);
        loop {
            let wanted = WantedItems { before, limit: CHUNK, ..WantedItems::default() };
            let page = app.store().register_page(&at.organisation, &at.service, &register.id, &wanted).await?;
            for item in &page.items {
                let values = Body::read(&item.body)?.values;
                let cells = register.fields.iter().map(|field| values.get(&field.id).cloned().unwrap_or_default());
                rows.push(std::iter::once(item.item.clone()).chain(cells).collect());
            }
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        let titles = register.fields.iter().map(|field| field.title.clone());
        rows.push(std::iter::once(NUMBER.to_owned()).chain(titles).collect());
        rows.reverse();
        Ok(Self { register, rows })
    }

    fn file(&self) -> String {
        format!("operations/{}.csv", self.register.id)
    }
}

fn tables_of(kept: &[Kept]) -> OperationTables {
    let rows = |id: &str| kept.iter().find(|kept| kept.register.id == id).map(|kept| kept.rows.clone());
    let [outages, exclusions, updates, evaluations] = COUNTED.map(|id| rows(id).unwrap_or_default());
    OperationTables { outages, exclusions, updates, evaluations }
}

/// Why nothing was counted.
enum Wrong {
    Terms { place: String, message: String },
    Record(Misread),
}

/// What was promised by the revision, to one institution or to all, against the tables.
fn counted(
    files: &ServiceFiles,
    own: Option<&LaidFor>,
    tables: OperationTables,
    customers: Vec<String>,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<(String, Terms, Evaluation), Vec<Wrong>> {
    let parties = shirube_safety::model::institutions(&files.service);
    let known: Vec<String> =
        parties.flat_map(|party| [party.id.clone(), party.name.clone()]).chain(customers).collect();
    let sla = own.map_or(&files.sla, |own| &own.laid.files.sla);
    let terms = Terms::read(sla).map_err(|findings| {
        let told = findings.into_iter().map(|finding| Wrong::Terms {
            place: format!("{}の「{}」", finding.place.file.name(), finding.place.pointer.trim_start_matches('/')),
            message: format!("{}{}", finding.message, finding.advice),
        });
        told.collect::<Vec<_>>()
    });
    let records = read_operation_tables(tables, &known)
        .map_err(|misread| misread.into_iter().map(Wrong::Record).collect::<Vec<_>>());
    let (terms, records) = match (terms, records) {
        (Ok(terms), Ok(records)) => (terms, records),
        (terms, records) => return Err(terms.err().into_iter().chain(records.err()).flatten().collect()),
    };
    let service = files.service.service.name.clone();
    let Some(own) = own else {
        let asked = Asked { from, to, institution: None, begins: None };
        let evaluation = evaluate(&terms, &ByInstitution::new(&records), asked);
        return Ok((service, terms, evaluation));
    };
    let (name, contract) = (own.file.institution.name.as_str(), &own.file.contract);
    let begins = contract.starts_on.map(|day| day.0);
    let end = contract.ends_on.map_or(to, |day| day.0.min(to));
    if begins.is_some_and(|begins| begins > to) || end < from {
        let message = format!("指定された期間は、{name}の契約の期間の外です。");
        return Err(vec![Wrong::Terms { place: "期間".to_owned(), message }]);
    }
    let records = records.naming(name, &own.known);
    let asked = Asked { from, to: end, institution: Some(name), begins };
    let whose = Whose::new(name, [], own.others.clone());
    let evaluation = whose.evaluation(evaluate(&terms, &ByInstitution::new(&records), asked));
    Ok((service, terms, evaluation))
}
