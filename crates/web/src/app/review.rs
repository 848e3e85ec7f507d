//! `/o/{organisation}/people/review`: the accounts of an organisation, looked at one by one every few months
//! (AUTHN-020, AUTHZ-009).

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{Duration, Months};
use serde::{Deserialize, Serialize};
use shirube_identity::may;
use shirube_identity::role::{Action, Resource, Role};
use shirube_store::{AccountDecision, AccountReview, Change, Event, Member, StoreError};

use super::fields::Fields;
use super::guard::Acting;
use super::shell::{Place, Shell, with_status};
use super::sign_in::From;
use super::{App, message, organisation, people, world};
use crate::page::html;
use crate::query::Query;

#[derive(Template)]
#[template(path = "app/review.html")]
struct ReviewPage<'a> {
    shell: Shell<'a>,
    notice: &'a str,
    mistakes: Vec<String>,
    /// The review under way.
    open: Option<OpenView>,
    lines: Vec<Line>,
    left: usize,
    past: Vec<PastView>,
    months: u32,
    may_review: bool,
}

struct OpenView {
    begun: String,
    by: String,
}

struct PastView {
    number: u64,
    finished: String,
    by: String,
    next: String,
}

/// An account as it stood, and what was decided on it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Line {
    person: String,
    name: String,
    sign_in: String,
    roles: String,
    state: String,
    last: String,
    /// What a reviewer should look at.
    marks: Vec<String>,
    is_privileged: bool,
    is_guest: bool,
    decision: String,
    reason: String,
    decided_by: String,
    decided_at: String,
}

impl Line {
    fn term(&self) -> &'static str {
        term(&self.decision)
    }
}

/// What a review found and decided, as it is kept.
#[derive(Debug, Serialize, Deserialize)]
struct Report {
    begun_at: String,
    begun_by: String,
    finished_at: String,
    finished_by: String,
    next_on: String,
    lines: Vec<Line>,
}

fn term(decision: &str) -> &'static str {
    match decision {
        "keep" => "そのまま続ける",
        "change" => "役割を見直す",
        "stop" => "停止する",
        _ => "まだ",
    }
}

/// All that a page needs.
struct Found {
    reviews: Vec<AccountReview>,
    members: Vec<Member>,
    lines: Vec<Line>,
    names: BTreeMap<String, String>,
    months: u32,
}

impl Found {
    fn open(&self) -> Option<&AccountReview> {
        self.reviews.iter().find(|review| review.finished_at.is_none())
    }

    fn name(&self, id: &str) -> String {
        self.names.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }
}

async fn find(app: &App, organisation: &str) -> Result<Found, StoreError> {
    let reviews = app.store().account_reviews(organisation).await?;
    let members = app.store().people(organisation).await?;
    let names = app.store().names(organisation).await?;
    let settings = organisation::settings(app, organisation).await?;
    let now = app.at();
    let tokens = app.store().tokens(organisation).await?;
    let live = tokens.iter().filter(|token| token.revoked_at.is_none() && token.expires_at > now);
    let with_token: BTreeSet<&str> = live.map(|token| token.person.as_str()).collect();
    let open = reviews.iter().find(|review| review.finished_at.is_none());
    let decided = match open {
        Some(open) => app.store().account_decisions(organisation, open.entry).await?,
        None => Vec::new(),
    };
    let unused = world::written(app.now() - Duration::days(i64::from(settings.unused_days)));
    let mut lines = Vec::new();
    for member in &members {
        let second = super::second::has_second(&app.store().credentials(&member.person.id).await?);
        let decision = decided.iter().find(|decision| decision.person == member.person.id);
        let marks =
            marks(member, &unused, settings.unused_days, second, with_token.contains(member.person.id.as_str()));
        lines.push(line(member, marks, decision, &names));
    }
    // What has to be looked at stands first.
    lines.sort_by_key(|line| (line.marks.is_empty(), !line.is_privileged, line.name.clone()));
    Ok(Found { reviews, members, lines, names, months: settings.review_months })
}

fn line(
    member: &Member,
    marks: Vec<String>,
    decision: Option<&AccountDecision>,
    names: &BTreeMap<String, String>,
) -> Line {
    let roles: Vec<Role> = member.roles.iter().filter_map(|role| role.parse().ok()).collect();
    let last = last_seen(member);
    let name = |id: &str| names.get(id).cloned().unwrap_or_else(|| id.to_owned());
    Line {
        person: member.person.id.clone(),
        name: member.person.name.clone(),
        sign_in: member.person.sign_in.clone(),
        roles: roles.iter().map(|role| role.term()).collect::<Vec<_>>().join("、"),
        state: people::state_term(&member.person.state).to_owned(),
        last: last.map(world::shown_text).unwrap_or_default(),
        marks,
        is_privileged: roles.iter().any(|role| role.privileged()),
        is_guest: member.is_guest,
        decision: decision.map(|decision| decision.decision.clone()).unwrap_or_default(),
        reason: decision.map(|decision| decision.reason.clone()).unwrap_or_default(),
        decided_by: decision.map(|decision| name(&decision.decided_by)).unwrap_or_default(),
        decided_at: decision.map(|decision| world::shown_text(&decision.decided_at)).unwrap_or_default(),
    }
}

fn last_seen(member: &Member) -> Option<&str> {
    if member.is_guest { member.last_seen.as_deref() } else { member.last_success.as_deref() }
}

/// What stands out, in words.
fn marks(member: &Member, unused: &str, days: u32, has_second: bool, has_token: bool) -> Vec<String> {
    let privileged = member.roles.iter().filter_map(|role| role.parse::<Role>().ok()).any(Role::privileged);
    let is_old = member.person.created_at.as_str() < unused;
    let used = last_seen(member);
    let stopped = member.person.state == "disabled";
    let found = [
        (privileged, "強い権限があります".to_owned()),
        (
            privileged && !has_second && !member.is_guest && !stopped,
            "強い権限があるのに、二つ目の認証がありません".to_owned(),
        ),
        (!stopped && used.is_some_and(|last| last < unused), format!("{days}日以上使われていません")),
        (!stopped && used.is_none() && is_old, format!("{days}日以上前に登録されたまま、一度も使われていません")),
        (stopped && !member.roles.is_empty(), "停止中ですが、役割が残っています".to_owned()),
        (stopped && has_token, "停止中ですが、APIトークンが残っています".to_owned()),
        (!stopped && member.roles.is_empty(), "役割がありません".to_owned()),
    ];
    found.into_iter().filter(|(is, _)| *is).map(|(_, mark)| mark).collect()
}

pub async fn show(State(app): State<App>, acting: Acting, RawQuery(raw): RawQuery) -> Response {
    let query = Query::parse("", "/", &["done"], raw.as_deref());
    let notice = match query.get("done") {
        Some("begun") => "点検を始めました。",
        Some("decided") => "判断を記録しました。",
        _ => "",
    };
    page(&app, &acting, StatusCode::OK, notice, Vec::new()).await
}

async fn page(app: &App, acting: &Acting, status: StatusCode, notice: &str, mistakes: Vec<String>) -> Response {
    let found = match find(app, &acting.reader.organisation_id).await {
        Ok(found) => found,
        Err(error) => return message::failed(app, &error),
    };
    let open = found
        .open()
        .map(|review| OpenView { begun: world::shown_text(&review.begun_at), by: found.name(&review.begun_by) });
    let past = found.reviews.iter().filter_map(|review| {
        Some(PastView {
            number: review.entry,
            finished: world::shown_text(review.finished_at.as_deref()?),
            by: found.name(review.finished_by.as_deref()?),
            next: world::shown_day(review.next_on.as_deref()?),
        })
    });
    let page = ReviewPage {
        shell: Shell::acting(acting, Place::Review),
        notice,
        mistakes,
        open,
        left: found.lines.iter().filter(|line| line.decision.is_empty()).count(),
        past: past.collect(),
        months: found.months,
        may_review: acting.reader.may(Action::Review, Resource::People),
        lines: found.lines,
    };
    with_status(status, page)
}

/// `POST /o/{organisation}/people/review`: begins, decides, finishes.
pub async fn change(State(app): State<App>, from: From, acting: Acting, fields: Fields) -> Response {
    let base = format!("/o/{}/people/review", acting.reader.organisation_id);
    let done = match fields.text("do") {
        "begin" => begin(&app, &from, &acting).await.map(|()| Ok(format!("{base}?done=begun"))),
        "decide" => {
            decide(&app, &from, &acting, &fields).await.map(|done| done.map(|()| format!("{base}?done=decided")))
        }
        "finish" => finish(&app, &from, &acting).await.map(|done| done.map(|number| format!("{base}/{number}"))),
        _ => return Redirect::to(&base).into_response(),
    };
    match done {
        Ok(Ok(next)) => Redirect::to(&next).into_response(),
        Ok(Err(mistakes)) => page(&app, &acting, StatusCode::UNPROCESSABLE_ENTITY, "", mistakes).await,
        Err(StoreError::State { .. }) => {
            let mistakes = vec!["点検は、すでに始まっています。".to_owned()];
            page(&app, &acting, StatusCode::CONFLICT, "", mistakes).await
        }
        Err(error) => message::failed(&app, &error),
    }
}

async fn commit(
    app: &App,
    change: Change,
    from: &From,
    acting: &Acting,
    action: &str,
    note: String,
) -> Result<(), StoreError> {
    let event = Event { action: action.to_owned(), note };
    change.commit(&acting.reader.person, from.origin(), &app.at(), event).await.map(drop)
}

async fn begin(app: &App, from: &From, acting: &Acting) -> Result<(), StoreError> {
    let mut change = app.store().begin(&acting.reader.organisation_id).await?;
    change.begin_account_review(&acting.reader.person, &app.at()).await?;
    commit(app, change, from, acting, "review.begun", String::new()).await
}

async fn decide(
    app: &App,
    from: &From,
    acting: &Acting,
    fields: &Fields,
) -> Result<Result<(), Vec<String>>, StoreError> {
    let found = find(app, &acting.reader.organisation_id).await?;
    let no = |mistake: &str| Ok(Err(vec![mistake.to_owned()]));
    let Some(open) = found.open() else {
        return no("点検は始まっていません。「点検を始める」を押してください。");
    };
    let Some(member) = found.members.iter().find(|member| member.person.id == fields.text("person")) else {
        return no("この利用者は、今はこの組織にいません。画面を読み込み直してください。");
    };
    let (decision, reason) = (fields.text("decision"), fields.text("reason"));
    if !["keep", "change", "stop"].contains(&decision) {
        return no("判断を選んでください。");
    }
    if reason.is_empty() {
        return no("判断の理由を入力してください。");
    }
    if let Some(mistake) = refusal(acting, &found.members, member, decision) {
        return no(mistake);
    }
    let (mut change, now) = (app.store().begin(&acting.reader.organisation_id).await?, app.at());
    let decided = AccountDecision {
        person: member.person.id.clone(),
        decision: decision.to_owned(),
        reason: reason.to_owned(),
        decided_by: acting.reader.person.clone(),
        decided_at: now.clone(),
    };
    if decision == "stop" {
        stop(&mut change, member, &now).await?;
    }
    change.decide_account(open.entry, &decided).await?;
    change.about(&format!("person/{}", member.person.id));
    let action = if decision == "stop" { "review.stopped" } else { "review.decided" };
    commit(app, change, from, acting, action, format!("{}。理由: {reason}", term(decision))).await?;
    Ok(Ok(()))
}

/// Nobody decides on themselves while somebody else can, and an administrator stays (AUTHZ-006).
fn refusal(acting: &Acting, members: &[Member], member: &Member, decision: &str) -> Option<&'static str> {
    let active = |other: &&Member| other.person.state == "active";
    let reviews = |other: &&Member| {
        let roles: Vec<Role> = other.roles.iter().filter_map(|role| role.parse().ok()).collect();
        may(&roles, Action::Review, Resource::People)
    };
    let is_own = member.person.id == acting.reader.person;
    if is_own && members.iter().filter(active).filter(reviews).any(|other| other.person.id != member.person.id) {
        return Some("自分のアカウントは、自分では判断できません。ほかの管理者か安全管理責任者に頼んでください。");
    }
    if is_own && decision == "stop" {
        return Some("自分のアカウントは停止できません。");
    }
    let administrates = |other: &&Member| other.roles.iter().any(|role| role == Role::Administrator.token());
    let others = members.iter().filter(active).filter(administrates).any(|other| other.person.id != member.person.id);
    if decision == "stop" && administrates(&member) && !others {
        return Some("管理者が一人もいなくなるため、停止できません。先に別の人を管理者にしてください。");
    }
    None
}

/// An account of the organisation stops; a guest loses what the organisation gave.
async fn stop(change: &mut Change, member: &Member, now: &str) -> Result<(), StoreError> {
    for role in &member.roles {
        change.revoke(&member.person.id, role, now).await?;
    }
    if !member.is_guest {
        change.set_person_state(&member.person.id, "disabled", now).await?;
    }
    Ok(())
}

async fn finish(app: &App, from: &From, acting: &Acting) -> Result<Result<u64, Vec<String>>, StoreError> {
    let found = find(app, &acting.reader.organisation_id).await?;
    let no = |mistake: String| Ok(Err(vec![mistake]));
    let Some(open) = found.open() else { return no("点検は始まっていません。".to_owned()) };
    let left = found.lines.iter().filter(|line| line.decision.is_empty()).count();
    if left > 0 {
        return no(format!("まだ判断していないアカウントが{left}件あります。すべて判断してから終えてください。"));
    }
    let today = world::date(app.now());
    let next = today.checked_add_months(Months::new(found.months)).unwrap_or(today).to_string();
    let now = app.at();
    let report = Report {
        begun_at: open.begun_at.clone(),
        begun_by: found.name(&open.begun_by),
        finished_at: now.clone(),
        finished_by: acting.reader.name.clone(),
        next_on: next.clone(),
        lines: found.lines.clone(),
    };
    let text = serde_json::to_string(&report).expect("a report is JSON");
    let (number, count) = (open.entry, report.lines.len());
    let stopped = report.lines.iter().filter(|line| line.decision == "stop").count();
    let mut change = app.store().begin(&acting.reader.organisation_id).await?;
    change.finish_account_review(number, &acting.reader.person, &now, &next, &text).await?;
    let note = format!("{count}件を点検し、{stopped}件を停止した。次は{}まで", world::shown_day(&next));
    commit(app, change, from, acting, "review.finished", note).await?;
    Ok(Ok(number))
}

#[derive(Deserialize)]
pub struct At {
    review: String,
}

#[derive(Template)]
#[template(path = "app/review-report.html")]
struct ReportPage<'a> {
    shell: Shell<'a>,
    report: Report,
    begun: String,
    finished: String,
    next: String,
    digest: String,
}

/// `GET /o/{organisation}/people/review/{review}`: the report, as it was sealed.
pub async fn report(State(app): State<App>, acting: Acting, Path(At { review }): Path<At>) -> Response {
    let reviews = match app.store().account_reviews(&acting.reader.organisation_id).await {
        Ok(reviews) => reviews,
        Err(error) => return message::failed(&app, &error),
    };
    let found = reviews.into_iter().find(|found| found.entry.to_string() == review).and_then(|found| found.report);
    let Some(text) = found else { return message::nothing(Some(&acting.visitor)) };
    match serde_json::from_str::<Report>(&text) {
        Ok(report) => html(ReportPage {
            shell: Shell::acting(&acting, Place::Review),
            begun: world::shown_text(&report.begun_at),
            finished: world::shown_text(&report.finished_at),
            next: world::shown_day(&report.next_on),
            digest: shirube_trail::Digest::of(text.as_bytes()).to_string(),
            report,
        }),
        Err(error) => {
            let error = StoreError::Inconsistent { place: "点検の報告".to_owned(), log: error.to_string() };
            message::failed(&app, &error)
        }
    }
}
