//! The reports of one month and year, institution by institution.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use chrono::{Datelike, Days, NaiveDate};
use shirube_safety::agreement::Others;
use shirube_safety::calendar::end_of_month;
use shirube_safety::operation::report::{MONTHLY, REPORTS, Sent, Whose};
use shirube_store::StoreError;

use crate::app::guard::Acting;
use crate::app::institution::{UserOf, users_of};
use crate::app::register::{encoded, read_register};
use crate::app::revisions::InService;
use crate::app::{App, message, world};
use crate::page::{Frame, html};
use crate::query::Query;
use crate::shown::Shown;
use crate::view::Here;

#[derive(Template)]
#[template(path = "app/reports.html")]
struct ReportsPage<'a> {
    frame: Frame<'a>,
    /// `2026-09`.
    month: String,
    /// Why the month cannot be shown.
    mistake: String,
    rows: Vec<Row>,
    missing: usize,
    /// Months to choose from, the last first.
    months: Vec<String>,
}

struct Row {
    name: String,
    /// Addresses of the drafts of the month and of its year, below that of the service.
    drafts: String,
    yearly: String,
    year: i32,
    /// Number in the register of reports, with its address.
    entry: Option<(String, String)>,
    state: String,
    means: String,
    sent_on: String,
    refused: Vec<String>,
}

/// Months that are offered.
const MONTHS: usize = 24;

/// `GET …/reports?month=2026-09`.
pub async fn show(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InService>,
    RawQuery(raw): RawQuery,
) -> Response {
    match page(&app, &shown, &at, raw.as_deref()).await {
        Ok(page) => page,
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

async fn page(app: &App, shown: &Shown, at: &InService, raw: Option<&str>) -> Result<Response, StoreError> {
    let query = Query::parse(&shown.base, "/reports", &["month"], raw);
    let today = world::date(app.now());
    let months = months(today);
    let month = query.get("month").map_or_else(|| months[0].clone(), str::to_owned);
    let mut page = ReportsPage {
        frame: Frame::new(shown, Here::Registers),
        mistake: String::new(),
        rows: Vec::new(),
        missing: 0,
        months,
        month,
    };
    let Ok(first) = format!("{}-01", page.month).parse::<NaiveDate>() else {
        page.mistake = format!("「{}」は月として読めません。一覧から選んでください。", page.month);
        return Ok(html(page));
    };
    match read_register(app, at, REPORTS).await? {
        Err(more) => page.mistake = format!("{}の件数が多すぎるため、この画面では示せません。", more.0),
        Ok(records) => {
            for user in users_of(app, &at.organisation, &at.service).await? {
                let whose = Whose::new(&user.name, [], Others::new([], &[]));
                let sent = Sent::of_time(&records, &whose, MONTHLY, first, end_of_month(first));
                page.rows.push(row(user, first, sent));
            }
        }
    }
    page.missing = page.rows.iter().filter(|row| row.entry.is_none()).count();
    Ok(html(page))
}

fn row(user: UserOf, month: NaiveDate, sent: Option<Sent>) -> Row {
    // The year that the month lies in, by the calendar year in which it began.
    let year = if month.month() < u32::from(user.year_from) { month.year() - 1 } else { month.year() };
    let row = Row {
        drafts: format!("/reports/{}/monthly-report-{}", user.id, month.format("%Y-%m")),
        yearly: format!("/reports/{}/yearly-report-{year}", user.id),
        year,
        name: user.name,
        entry: None,
        state: "報告の記録がありません".to_owned(),
        means: String::new(),
        sent_on: String::new(),
        refused: Vec::new(),
    };
    let Some(sent) = sent else { return row };
    let href = format!("/registers/{REPORTS}/e/{}", encoded(&sent.number));
    Row {
        entry: Some((sent.number, href)),
        state: sent.state,
        means: sent.means.unwrap_or_default(),
        sent_on: sent.sent_on.map(|day| day.to_string()).unwrap_or_default(),
        refused: sent.refused,
        ..row
    }
}

/// The months before today's, the last first.
fn months(today: NaiveDate) -> Vec<String> {
    let before = |day: &NaiveDate| day.with_day(1)?.checked_sub_days(Days::new(1));
    let last = before(&today).unwrap_or(today);
    std::iter::successors(Some(last), before).take(MONTHS).map(|day| day.format("%Y-%m").to_string()).collect()
}
