//! `/o/{organisation}/institutions/{institution}`: one institution, whatever the service.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use shirube_identity::role::Role;
use shirube_identity::secret::Secret;
use shirube_safety::agreement::{Institution, InstitutionPerson};
use shirube_safety::model::InstitutionKind;
use shirube_store::{Event, Member, Service, StoreError};

use super::kept::{Customer, Note, Terms, Written};
use super::{MEANWHILE, Writing, active_services, customer, fill, list, work, write};
use crate::app::fields::Fields;
use crate::app::guard::Acting;
use crate::app::shell::{Place, Shell, with_status};
use crate::app::sign_in::From;
use crate::app::{App, message, people, setup};
use crate::query::Query;
use crate::reader::{Action, Resource};

#[derive(Deserialize)]
pub struct At {
    organisation: String,
    institution: String,
}

#[derive(Template)]
#[template(path = "app/institution.html")]
struct OnePage<'a> {
    shell: Shell<'a>,
    notice: &'static str,
    mistakes: Vec<String>,
    id: &'a str,
    facts_number: u64,
    facts: &'a Institution,
    contacts: Vec<InstitutionPerson>,
    kinds: &'static [InstitutionKind],
    /// Services it uses, and those it does not yet.
    uses: Vec<Service>,
    others: Vec<Service>,
    people: Vec<(Member, String)>,
    roles: Vec<Role>,
    fields: &'a Fields,
    may_edit: bool,
    may_invite: bool,
    agreements: bool,
}

/// `GET …/institutions/{institution}`.
pub async fn show(State(app): State<App>, acting: Acting, Path(at): Path<At>, RawQuery(raw): RawQuery) -> Response {
    let query = Query::parse("", "/", &["done"], raw.as_deref());
    let notice = match query.get("done") {
        Some("added") => "医療機関等を登録しました。利用しているサービスごとに、合意事項を確かめてください。",
        Some("saved") => "保存しました。",
        Some("uses") => "サービスを加えました。",
        _ => "",
    };
    match customer(&app, &at.organisation, &at.institution).await {
        Ok(customer) => page(&app, &acting, &customer, notice, Vec::new(), &Fields::default()).await,
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

async fn page(
    app: &App,
    acting: &Acting,
    customer: &Customer,
    notice: &'static str,
    mistakes: Vec<String>,
    fields: &Fields,
) -> Response {
    let organisation = acting.reader.organisation_id.as_str();
    let read = async {
        let people = app.store().people_of_institution(organisation, &customer.id).await?;
        Ok::<_, StoreError>((active_services(app, organisation).await?, people))
    };
    let (services, people) = match read.await {
        Ok(read) => read,
        Err(error) => return message::failed(app, &error),
    };
    let (uses, others): (Vec<_>, Vec<_>) =
        services.into_iter().partition(|service| customer.relations.contains_key(&service.id));
    let roles = |member: &Member| {
        let terms = member.roles.iter().filter_map(|role| role.parse::<Role>().ok()).map(Role::term);
        terms.collect::<Vec<_>>().join("、")
    };
    let blank = || InstitutionPerson { name: String::new(), reach: None, represents: false };
    let mut contacts = customer.facts.contacts.clone();
    contacts.resize_with(fill::CONTACT_ROWS.max(contacts.len()), blank);
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let one = OnePage {
        shell: Shell::acting(acting, Place::Institutions),
        notice,
        mistakes,
        id: &customer.id,
        facts_number: customer.facts_number,
        facts: &customer.facts,
        contacts,
        kinds: InstitutionKind::ALL,
        uses,
        others,
        people: people
            .into_iter()
            .map(|member| (roles(&member), member))
            .map(|(roles, member)| (member, roles))
            .collect(),
        roles: Role::ALL.iter().copied().filter(|role| role.of_institution()).collect(),
        fields,
        may_edit: acting.reader.may(Action::Edit, Resource::Institution),
        may_invite: acting.reader.may(Action::Create, Resource::People),
        agreements: acting.reader.may(Action::View, Resource::Agreement),
    };
    with_status(status, one)
}

/// `POST …/institutions/{institution}`: what it is, or one more service it uses.
pub async fn change(
    State(app): State<App>,
    from: From,
    acting: Acting,
    Path(at): Path<At>,
    fields: Fields,
) -> Response {
    let customer = match customer(&app, &at.organisation, &at.institution).await {
        Ok(customer) => customer,
        Err(error) => return message::missing_or_failed(&app, &acting.visitor, &error),
    };
    let done = match fields.text("do") {
        "facts" => facts(&app, &from, &acting, &customer, &fields).await,
        "uses" => uses(&app, &from, &acting, &customer, &fields).await,
        _ => Ok(Err(vec!["フォームの内容を読めませんでした。もう一度お試しください。".to_owned()])),
    };
    match done {
        Ok(Ok(done)) => {
            Redirect::to(&format!("/o/{}/institutions/{}?done={done}", at.organisation, at.institution)).into_response()
        }
        Ok(Err(mistakes)) => page(&app, &acting, &customer, "", mistakes, &fields).await,
        Err(error) => message::failed(&app, &error),
    }
}

type Done = Result<Result<&'static str, Vec<String>>, StoreError>;

async fn facts(app: &App, from: &From, acting: &Acting, customer: &Customer, fields: &Fields) -> Done {
    let mut mistakes = Vec::new();
    if fields.text("facts_number") != customer.facts_number.to_string() {
        return Ok(Err(vec![MEANWHILE.to_owned()]));
    }
    let facts = fill::institution(fields, &mut mistakes);
    let roster = work::roster(app, &acting.reader.organisation_id).await?;
    if let Some(facts) = &facts
        && roster.facts.iter().any(|(id, known)| *id != customer.id && known.name == facts.name)
    {
        mistakes.push(list::taken(&facts.name));
    }
    let (Some(facts), true) = (facts, mistakes.is_empty()) else { return Ok(Err(mistakes)) };
    let records = [Written::new(&customer.id, None, &Note::Facts(&facts))];
    let writing = Writing { acting, from, action: "institution.changed", note: facts.name.clone() };
    Ok(if write(app, &writing, customer, &records).await? { Ok("saved") } else { Err(vec![MEANWHILE.to_owned()]) })
}

async fn uses(app: &App, from: &From, acting: &Acting, customer: &Customer, fields: &Fields) -> Done {
    let service = fields.text("service");
    let active = active_services(app, &acting.reader.organisation_id).await?;
    let known = active.into_iter().find(|known| known.id == service);
    let Some(service) = known.filter(|known| !customer.relations.contains_key(&known.id)) else {
        return Ok(Err(vec!["加えるサービスを選んでください。".to_owned()]));
    };
    let records = [Written::new(&customer.id, Some(&service.id), &Note::Terms(&Terms::default()))];
    let note = format!("{}が{}を利用する", customer.facts.name, service.name);
    let writing = Writing { acting, from, action: "institution.changed", note };
    Ok(if write(app, &writing, customer, &records).await? { Ok("uses") } else { Err(vec![MEANWHILE.to_owned()]) })
}

/// `POST …/institutions/{institution}/people`: invites a person of the institution. They see what was issued to it, and
/// nothing else of the organisation.
pub async fn invite(
    State(app): State<App>,
    from: From,
    acting: Acting,
    Path(at): Path<At>,
    fields: Fields,
) -> Response {
    let customer = match customer(&app, &at.organisation, &at.institution).await {
        Ok(customer) => customer,
        Err(error) => return message::missing_or_failed(&app, &acting.visitor, &error),
    };
    let (app, acting, customer, fields) = (&app, &acting, &customer, &fields);
    let organisation = acting.reader.organisation_id.as_str();
    let mut mistakes = Vec::new();
    let person = setup::person(app, fields, organisation, &mut mistakes);
    let role = fields.text("role").parse::<Role>().ok().filter(|role| role.of_institution());
    if role.is_none() {
        mistakes.push("役割を選んでください。".to_owned());
    }
    let (Some(person), Some(role), true) = (person, role, mistakes.is_empty()) else {
        return page(app, acting, customer, "", mistakes, fields).await;
    };
    let (secret, now) = (Secret::from_bytes(app.random()), app.at());
    let made = async {
        let mut change = app.store().begin(organisation).await?;
        let new = shirube_store::NewPerson { state: "invited", ..setup::new_person(&person) };
        change.add_person(new, &now).await?;
        change.grant_for(&person.id, role.token(), &customer.id, &acting.reader.person, &now).await?;
        people::add_one_time(app, &mut change, &secret, "invitation", &person.id).await?;
        change.about(&format!("person/{}", person.id));
        let note = format!("{}の{}", customer.facts.name, role.term());
        let event = Event { action: "person.invited".to_owned(), note };
        change.commit(&acting.reader.person, from.origin(), &now, event).await
    };
    match made.await {
        Ok(_) => people::invited(app, acting, &person.name, &person.sign_in, &secret, false),
        Err(StoreError::Exists(_)) => {
            let taken = people::taken(&person.sign_in);
            page(app, acting, customer, "", vec![taken], fields).await
        }
        Err(error) => message::failed(app, &error),
    }
}
