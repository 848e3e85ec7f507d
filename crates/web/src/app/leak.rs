//! `/o/{organisation}/people/leak`: passwords may be known to others. All that are chosen stop working at once and are
//! made anew (AUTHN-014).

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shirube_identity::secret::{Purpose, Secret};
use shirube_store::{Event, Member, StoreError};

use super::fields::Fields;
use super::guard::Acting;
use super::people::{DAYS_OPEN, Factors, add_one_time, take_away};
use super::shell::{Place, Shell, with_status};
use super::sign_in::From;
use super::{App, account, message};
use crate::page::html;

#[derive(Template)]
#[template(path = "app/leak.html")]
struct LeakPage<'a> {
    shell: Shell<'a>,
    mistakes: Vec<String>,
    members: Vec<Member>,
    own: &'a str,
}

#[derive(Template)]
#[template(path = "app/reissued.html")]
struct ReissuedPage<'a> {
    shell: Shell<'a>,
    issued: Vec<Issued>,
    days: i64,
}

struct Issued {
    name: String,
    sign_in: String,
    mail: String,
    address: String,
}

/// Accounts that the organisation looks after and that can be signed in to.
async fn members(app: &App, organisation: &str) -> Result<Vec<Member>, StoreError> {
    let all = app.store().people(organisation).await?;
    Ok(all.into_iter().filter(|member| !member.is_guest && member.person.state == "active").collect())
}

pub async fn show(State(app): State<App>, acting: Acting) -> Response {
    page(&app, &acting, StatusCode::OK, Vec::new()).await
}

async fn page(app: &App, acting: &Acting, status: StatusCode, mistakes: Vec<String>) -> Response {
    match members(app, &acting.reader.organisation_id).await {
        Ok(members) => {
            let shell = Shell::acting(acting, Place::People);
            with_status(status, LeakPage { shell, mistakes, members, own: &acting.reader.person })
        }
        Err(error) => message::failed(app, &error),
    }
}

/// `POST /o/{organisation}/people/leak`.
pub async fn reissue(State(app): State<App>, from: From, acting: Acting, fields: Fields) -> Response {
    let chosen: Vec<Member> = match members(&app, &acting.reader.organisation_id).await {
        Ok(members) => members.into_iter().filter(|member| fields.says("person", &member.person.id)).collect(),
        Err(error) => return message::failed(&app, &error),
    };
    let mut mistakes = Vec::new();
    if chosen.is_empty() {
        mistakes.push("パスワードを止める人を選んでください。".to_owned());
    }
    if chosen.iter().any(|member| member.person.id == acting.reader.person) {
        mistakes.push("自分のパスワードは、「自分の設定」で変えてください。".to_owned());
    }
    if fields.text("reason").is_empty() {
        mistakes.push("何が漏れたおそれがあるかを入力してください。証跡に残ります。".to_owned());
    }
    if !mistakes.is_empty() {
        return page(&app, &acting, StatusCode::UNPROCESSABLE_ENTITY, mistakes).await;
    }
    let factors = if fields.has("factors") { Factors::All } else { Factors::Kept };
    match all(&app, &from, &acting, &chosen, fields.text("reason"), factors).await {
        Ok(issued) => html(ReissuedPage { shell: Shell::acting(&acting, Place::People), issued, days: DAYS_OPEN }),
        Err(error) => message::failed(&app, &error),
    }
}

/// All in one change: nobody's password goes on working because somebody else's could not be stopped.
async fn all(
    app: &App,
    from: &From,
    acting: &Acting,
    chosen: &[Member],
    reason: &str,
    factors: Factors,
) -> Result<Vec<Issued>, StoreError> {
    // Nobody knows what this is the hash of.
    let unusable = account::hashed(app, &Secret::from_bytes(app.random()).text(Purpose::OneTime)).await;
    let (mut change, now) = (app.store().begin(&acting.reader.organisation_id).await?, app.at());
    let mut issued = Vec::new();
    for member in chosen {
        let person = &member.person;
        take_away(&mut change, &person.id, &unusable, &now, factors).await?;
        let secret = Secret::from_bytes(app.random());
        add_one_time(app, &mut change, &secret, "reset", &person.id).await?;
        issued.push(Issued {
            name: person.name.clone(),
            sign_in: person.sign_in.clone(),
            mail: person.mail.clone(),
            address: format!("{}/invitation?token={}", app.0.settings.origin, secret.text(Purpose::Invitation)),
        });
    }
    change.about(&format!("organisation/{}", acting.reader.organisation_id));
    let people: Vec<&str> = chosen.iter().map(|member| member.person.sign_in.as_str()).collect();
    let note = format!("{}人（{}）。理由: {reason}", people.len(), people.join("、"));
    let event = Event { action: "password.reissued".to_owned(), note };
    change.commit(&acting.reader.person, from.origin(), &now, event).await?;
    Ok(issued)
}
