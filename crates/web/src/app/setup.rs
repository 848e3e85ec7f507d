//! `/setup`: the first organisation and its first administrator (AUTHN-018: nothing is shipped that could sign in).

use std::str::FromStr;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use shirube_identity::password::Policy;
use shirube_identity::role::{OrganisationKind, Role};
use shirube_identity::secret::{Purpose, Secret};
use shirube_identity::sign_in::{PersonName, SignInName};
use shirube_store::{Event, NewPerson, Person, StoreError};

use super::fields::Fields;
use super::shell::{Place, Shell, with_status};
use super::sign_in::{self, From};
use super::{App, account, message};
use crate::query::Query;

#[derive(Template)]
#[template(path = "app/setup.html")]
struct SetupPage<'a> {
    shell: Shell<'a>,
    mistakes: Vec<String>,
    fields: &'a Fields,
    token: &'a str,
    kinds: &'a [OrganisationKind],
}

/// Whether the token is the one that was printed when the program started, and nobody has used it.
async fn is_open(app: &App, token: &str) -> Result<bool, StoreError> {
    let digest = |secret: &Secret| secret.fingerprint(Purpose::OneTime);
    let given = Secret::parse(token, Purpose::OneTime).as_ref().map(digest);
    let wanted = app.0.setup.as_ref().map(digest);
    Ok(given.is_some() && given == wanted && app.store().organisations().await?.is_empty())
}

pub async fn show(State(app): State<App>, RawQuery(raw): RawQuery) -> Response {
    let query = Query::parse("", "/setup", &["token"], raw.as_deref());
    let token = query.get("token").unwrap_or_default();
    match is_open(&app, token).await {
        Ok(true) => page(StatusCode::OK, Vec::new(), &Fields::default(), token),
        Ok(false) => message::nothing(None),
        Err(error) => message::failed(&app, &error),
    }
}

fn page(status: StatusCode, mistakes: Vec<String>, fields: &Fields, token: &str) -> Response {
    let shell = Shell::new(None, Place::Nowhere);
    with_status(status, SetupPage { shell, mistakes, fields, token, kinds: OrganisationKind::ALL })
}

pub async fn create(State(app): State<App>, from: From, fields: Fields) -> Response {
    let token = fields.text("token");
    match is_open(&app, token).await {
        Ok(true) => {}
        Ok(false) => return message::nothing(None),
        Err(error) => return message::failed(&app, &error),
    }
    match made(&app, &from, &fields).await {
        Ok(Ok(person)) => sign_in::answer(&app, sign_in::open(&app, &from, &person).await, "/"),
        Ok(Err(mistakes)) => page(StatusCode::UNPROCESSABLE_ENTITY, mistakes, &fields, token),
        Err(error) => message::failed(&app, &error),
    }
}

async fn made(app: &App, from: &From, fields: &Fields) -> Result<Result<Person, Vec<String>>, StoreError> {
    let mut mistakes = Vec::new();
    let organisation = fields.text("organisation");
    if organisation.is_empty() {
        mistakes.push("組織の名前を入力してください。".to_owned());
    }
    let kind = OrganisationKind::from_str(fields.text("kind"));
    if kind.is_err() {
        mistakes.push("組織の種類を選んでください。".to_owned());
    }
    let person = person(app, fields, &app.new_id('o'), &mut mistakes);
    let policy = Policy::default();
    check_password(&policy, fields, person.as_ref(), &[organisation], &mut mistakes);
    let (Some(person), Ok(kind), true) = (person, kind, mistakes.is_empty()) else { return Ok(Err(mistakes)) };
    let hash = account::hashed(app, fields.raw("password")).await;
    let now = app.at();
    let mut change = app.store().begin(&person.organisation).await?;
    change.open_organisation(organisation, kind.token()).await?;
    change.add_person(new_person(&person), &now).await?;
    change.set_password(&person.id, &hash, &now, false, account::keep(&policy)).await?;
    let mut roles = vec![Role::Administrator];
    roles.extend(
        [Role::SecurityOfficer, Role::Editor].into_iter().filter(|role| fields.all("role").any(|r| r == role.token())),
    );
    for role in roles {
        change.grant(&person.id, role.token(), &person.id, &now).await?;
    }
    change.about(&format!("organisation/{}", person.organisation));
    let event = Event { action: "organisation.created".to_owned(), note: "最初の設定".to_owned() };
    change.commit(&person.id, from.origin(), &now, event).await?;
    Ok(Ok(person))
}

/// A person from the fields of a form, as yet in no database.
pub fn person(app: &App, fields: &Fields, home: &str, mistakes: &mut Vec<String>) -> Option<Person> {
    let name = fields.text("name").parse::<PersonName>();
    if let Err(error) = &name {
        mistakes.push(error.to_string());
    }
    let mail = fields.text("mail");
    let is_mail = mail.split_once('@').is_some_and(|(local, host)| !local.is_empty() && host.contains('.'));
    if !mail.is_empty() && (!is_mail || mail.contains(char::is_whitespace)) {
        mistakes.push(format!(
            "メールアドレス「{mail}」の形が違います。空のままか、「名前@会社.jp」のように入力してください。"
        ));
    }
    let sign_in = fields.text("sign_in").parse::<SignInName>();
    match (name, sign_in) {
        (Ok(name), Ok(sign_in)) if mistakes.is_empty() => Some(Person {
            id: app.new_id('p'),
            organisation: home.to_owned(),
            sign_in: sign_in.as_str().to_owned(),
            name: name.as_str().to_owned(),
            mail: mail.to_owned(),
            state: "active".to_owned(),
            created_at: app.at(),
        }),
        (_, sign_in) => {
            mistakes.extend(sign_in.err().map(|error| error.to_string()));
            None
        }
    }
}

/// The same as the database takes it.
pub fn new_person(person: &Person) -> NewPerson<'_> {
    NewPerson { id: &person.id, sign_in: &person.sign_in, name: &person.name, mail: &person.mail, state: &person.state }
}

/// The two fields of a new password.
pub fn check_password(
    policy: &Policy,
    fields: &Fields,
    person: Option<&Person>,
    organisations: &[&str],
    mistakes: &mut Vec<String>,
) {
    if fields.raw("password") != fields.raw("again") {
        mistakes.push("パスワードと、確かめのためのパスワードが違います。".to_owned());
    }
    if let Some(person) = person {
        mistakes.extend(account::weaknesses(policy, person, organisations, &[], None, fields.raw("password")));
    }
}
