//! `/o/{organisation}/webhooks`: which programs are told of what, and what became of the notices.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use shirube_identity::secret::{Purpose, Secret};
use shirube_store::{Delivery, Event, NewWebhook, StoreError, Webhook};

use super::fields::Fields;
use super::guard::Acting;
use super::shell::{Place, Shell, with_status};
use super::sign_in::From;
use super::{App, message, trail, world};
use crate::page::html;
use crate::query::Query;
use crate::reader::{Action, Resource};

/// What can be told.
const EVENTS: [&str; 7] = [
    "service.created",
    "revision.created",
    "revision.restored",
    "revision.checked",
    "revision.approved",
    "revision.returned",
    "document.issued",
];

/// Notices that are shown.
const SHOWN: u32 = 100;

/// What a secret is sealed for.
pub fn context(webhook: &str) -> String {
    format!("webhook/{webhook}")
}

#[derive(Template)]
#[template(path = "app/webhooks.html")]
struct WebhooksPage<'a> {
    shell: Shell<'a>,
    notice: &'a str,
    mistakes: Vec<String>,
    webhooks: Vec<WebhookView>,
    deliveries: Vec<DeliveryView>,
    fields: &'a Fields,
    events: Vec<(&'static str, &'static str)>,
    may_edit: bool,
}

struct WebhookView {
    id: String,
    address: String,
    events: String,
    made: String,
    by: String,
}

struct DeliveryView {
    webhook: String,
    entry: u64,
    event: String,
    at: String,
    address: String,
    state: &'static str,
    tries: u64,
    last: String,
    next: Option<String>,
    result: String,
    may_resend: bool,
}

pub async fn list(State(app): State<App>, acting: Acting, RawQuery(raw): RawQuery) -> Response {
    let query = Query::parse("", "/", &["done"], raw.as_deref());
    let notice = match query.get("done") {
        Some("removed") => "通知をやめました。",
        Some("resent") => "もう一度送ります。数秒かかります。",
        _ => "",
    };
    page(&app, &acting, StatusCode::OK, notice, Vec::new(), &Fields::default()).await
}

async fn page(
    app: &App,
    acting: &Acting,
    status: StatusCode,
    notice: &str,
    mistakes: Vec<String>,
    fields: &Fields,
) -> Response {
    let organisation = acting.reader.organisation_id.as_str();
    let read = async {
        let names = app.store().names(organisation).await?;
        let webhooks = app.store().webhooks(organisation).await?;
        Ok::<_, StoreError>((names, webhooks, app.store().deliveries(organisation, SHOWN).await?))
    };
    let (names, webhooks, deliveries) = match read.await {
        Ok(read) => read,
        Err(error) => return message::failed(app, &error),
    };
    let may_edit = acting.reader.may(Action::Edit, Resource::Organisation);
    let page = WebhooksPage {
        shell: Shell::acting(acting, Place::Webhooks),
        notice,
        mistakes,
        deliveries: deliveries.iter().map(|one| delivery_view(one, &webhooks, may_edit)).collect(),
        webhooks: webhooks.into_iter().map(|one| webhook_view(one, &names)).collect(),
        fields,
        events: EVENTS.map(|event| (event, trail::term(event))).to_vec(),
        may_edit,
    };
    with_status(status, page)
}

fn webhook_view(webhook: Webhook, names: &BTreeMap<String, String>) -> WebhookView {
    WebhookView {
        events: webhook.events.iter().map(|event| trail::term(event)).collect::<Vec<_>>().join("、"),
        made: world::shown_text(&webhook.created_at),
        by: names.get(&webhook.created_by).unwrap_or(&webhook.created_by).clone(),
        id: webhook.id,
        address: webhook.address,
    }
}

fn delivery_view(delivery: &Delivery, webhooks: &[Webhook], may_edit: bool) -> DeliveryView {
    let lives = webhooks.iter().any(|webhook| webhook.id == delivery.webhook);
    let waits = delivery.state == "waiting" && lives;
    DeliveryView {
        webhook: delivery.webhook.clone(),
        entry: delivery.entry.number,
        event: trail::term(&delivery.entry.action).to_owned(),
        at: world::shown_text(&delivery.entry.at),
        address: delivery.address.clone(),
        state: match delivery.state.as_str() {
            "delivered" => "届いた",
            "failed" => "届かなかった",
            _ if !lives => "やめた",
            _ if delivery.tries == 0 => "これから送る",
            _ => "送り直す",
        },
        tries: delivery.tries,
        last: delivery.last_at.as_deref().map(world::shown_text).unwrap_or_default(),
        next: (waits && delivery.tries > 0).then(|| world::shown_text(&delivery.next_at)),
        result: delivery.last_result.clone(),
        may_resend: may_edit && lives && delivery.state != "waiting",
    }
}

#[derive(Template)]
#[template(path = "app/webhook.html")]
struct WebhookPage<'a> {
    shell: Shell<'a>,
    address: &'a str,
    secret: String,
}

/// `POST /o/{organisation}/webhooks`: makes one, ends one, or has a notice sent again.
pub async fn change(State(app): State<App>, from: From, acting: Acting, fields: Fields) -> Response {
    let done = match fields.text("do") {
        "create" => return create(&app, &from, &acting, &fields).await,
        "remove" => remove(&app, &from, &acting, fields.text("webhook")).await.map(|()| "removed"),
        "resend" => resend(&app, &from, &acting, &fields).await.map(|()| "resent"),
        _ => {
            let mistakes = vec!["何をするのかが分かりませんでした。この画面からもう一度お試しください。".to_owned()];
            return page(&app, &acting, StatusCode::UNPROCESSABLE_ENTITY, "", mistakes, &fields).await;
        }
    };
    match done {
        Ok(done) => Redirect::to(&format!("/o/{}/webhooks?done={done}", acting.reader.organisation_id)).into_response(),
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

async fn create(app: &App, from: &From, acting: &Acting, fields: &Fields) -> Response {
    let mut mistakes = Vec::new();
    let address = fields.text("address");
    match address.parse::<Uri>() {
        Ok(uri) if address.len() <= 500 => mistakes.extend(app.0.outgoing.allow(&uri).err().map(|e| e.to_string())),
        _ => {
            mistakes.push("番地を「https://chat.example.jp/hook」のように、500文字までで入力してください。".to_owned())
        }
    }
    let events: Vec<&str> = EVENTS.into_iter().filter(|event| fields.says("event", event)).collect();
    if events.is_empty() {
        mistakes.push("知らせることを一つ以上選んでください。".to_owned());
    }
    if !mistakes.is_empty() {
        return page(app, acting, StatusCode::UNPROCESSABLE_ENTITY, "", mistakes, fields).await;
    }
    let secret = Secret::from_bytes(app.random()).text(Purpose::OneTime);
    match made(app, from, acting, address, &events, &secret).await {
        Ok(()) => html(WebhookPage { shell: Shell::acting(acting, Place::Webhooks), address, secret }),
        Err(error) => message::failed(app, &error),
    }
}

async fn made(
    app: &App,
    from: &From,
    acting: &Acting,
    address: &str,
    events: &[&str],
    secret: &str,
) -> Result<(), StoreError> {
    let id = app.new_id('w');
    let sealed = app.0.keys.seal(app.random(), secret.as_bytes(), &context(&id));
    let sealed =
        sealed.map_err(|error| StoreError::Inconsistent { place: "鍵".to_owned(), log: error.to_string() })?;
    let (mut change, now) = (app.store().begin(&acting.reader.organisation_id).await?, app.at());
    let new = NewWebhook { id: &id, address, events, secret: &sealed, created_by: &acting.reader.person };
    change.add_webhook(new, &now).await?;
    let terms: Vec<&str> = events.iter().map(|event| trail::term(event)).collect();
    let event = Event { action: "webhook.created".to_owned(), note: format!("{address}（{}）", terms.join("、")) };
    change.commit(&acting.reader.person, from.origin(), &now, event).await.map(drop)
}

async fn remove(app: &App, from: &From, acting: &Acting, id: &str) -> Result<(), StoreError> {
    let (mut change, now) = (app.store().begin(&acting.reader.organisation_id).await?, app.at());
    change.remove_webhook(id, &now).await?;
    let event = Event { action: "webhook.removed".to_owned(), note: String::new() };
    change.commit(&acting.reader.person, from.origin(), &now, event).await.map(drop)
}

async fn resend(app: &App, from: &From, acting: &Acting, fields: &Fields) -> Result<(), StoreError> {
    let entry = fields.text("entry").parse().map_err(|_| StoreError::Missing(shirube_store::Missing::Delivery))?;
    let (mut change, now) = (app.store().begin(&acting.reader.organisation_id).await?, app.at());
    change.resend(fields.text("webhook"), entry, &now).await?;
    let event = Event { action: "webhook.resent".to_owned(), note: String::new() };
    change.commit(&acting.reader.person, from.origin(), &now, event).await.map(drop)
}
