//! `/account/passkeys`: the reader's own passkeys (AUTHN-002). Adding and removing one takes the password: whoever finds
//! an open screen could put in their own.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::json;
use shirube_identity::passkey::{self, Creation, Passkey, RelyingParty};
use shirube_identity::password::Hash;
use shirube_identity::recovery;
use shirube_identity::throttle::Gate;
use shirube_store::{Credentials, StoreError};

use super::fields::Fields;
use super::guard::{Present, Visitor};
use super::shell::{Place, Shell, with_status};
use super::sign_in::{self, From};
use super::ticket::Ticket;
use super::{App, account, message, second, world};
use crate::query::Query;

/// How long the page may stay open before a passkey is made.
const MINUTES: i64 = 15;
/// More devices than anybody has.
const MOST: usize = 20;
const LONGEST_LABEL_CHARS: usize = 40;
/// ES256, EdDSA, ES384, RS256: what `identity` can check, the one most devices have first.
const ALGORITHMS: [i32; 4] = [-7, -8, -35, -257];
const PURPOSE: &str = "passkey-create";

impl App {
    /// Whom passkeys are for, if our address has a name.
    pub(super) fn party(&self) -> Option<RelyingParty> {
        RelyingParty::of(&self.0.settings.origin)
    }
}

#[derive(Template)]
#[template(path = "app/passkeys.html")]
struct PasskeysPage<'a> {
    shell: Shell<'a>,
    notice: &'a str,
    mistakes: Vec<String>,
    passkeys: Vec<PasskeyView>,
    /// What the script asks the browser for; none where the address has no name.
    options: Option<String>,
    label: &'a str,
}

struct PasskeyView {
    id: String,
    label: String,
    since: String,
    used: String,
    /// Enough by itself.
    alone: bool,
    copied: bool,
}

/// What was kept of a passkey, if this program can read it.
pub fn read(kept: &shirube_store::Passkey) -> Option<Passkey> {
    serde_json::from_str(&kept.body).ok()
}

pub async fn show(State(app): State<App>, Present(visitor): Present, RawQuery(raw): RawQuery) -> Response {
    let query = Query::parse("", "/account/passkeys", &["done"], raw.as_deref());
    let notice = match query.get("done") {
        Some("added") => "パスキーを登録しました。",
        Some("removed") => "パスキーを外しました。",
        _ => "",
    };
    page(&app, &visitor, StatusCode::OK, notice, Vec::new(), "").await
}

async fn page(
    app: &App,
    visitor: &Visitor,
    status: StatusCode,
    notice: &str,
    mistakes: Vec<String>,
    label: &str,
) -> Response {
    let asked = async {
        let credentials = app.store().credentials(&visitor.person.id).await?;
        Ok::<_, StoreError>((options(app, visitor, &credentials)?, credentials))
    };
    let (options, credentials) = match asked.await {
        Ok(found) => found,
        Err(error) => return message::failed(app, &error),
    };
    let view = |kept: &shirube_store::Passkey| {
        let passkey = read(kept);
        PasskeyView {
            id: kept.id.clone(),
            label: kept.label.clone(),
            since: world::shown_text(&kept.created_at),
            used: kept.last_used_at.as_deref().map(world::shown_text).unwrap_or_default(),
            alone: passkey.as_ref().is_some_and(|passkey| passkey.verified),
            copied: passkey.as_ref().is_some_and(|passkey| passkey.is_copied),
        }
    };
    let passkeys = credentials.passkeys.iter().map(view).collect();
    let shell = Shell::new(Some(visitor), Place::Account);
    with_status(status, PasskeysPage { shell, notice, mistakes, passkeys, options, label })
}

/// What `navigator.credentials.create` is given; bytes in Base64.
fn options(app: &App, visitor: &Visitor, credentials: &Credentials) -> Result<Option<String>, StoreError> {
    let Some(party) = app.party() else { return Ok(None) };
    let challenge = app.ticket(PURPOSE, &visitor.session, MINUTES, ())?;
    let known: Vec<_> = credentials.passkeys.iter().filter_map(read).map(|known| descriptor(&known)).collect();
    let person = &visitor.person;
    let kinds: Vec<_> = ALGORITHMS.iter().map(|alg| json!({ "type": "public-key", "alg": alg })).collect();
    let options = json!({
        "rp": { "id": party.id(), "name": "Shirube" },
        "user": { "id": passkey::text(person.id.as_bytes()), "name": person.sign_in, "displayName": person.name },
        "challenge": passkey::text(challenge.as_bytes()),
        "pubKeyCredParams": kinds,
        "excludeCredentials": known,
        "authenticatorSelection": { "residentKey": "preferred", "userVerification": "preferred" },
        "attestation": "none",
        "timeout": 300_000,
    });
    Ok(Some(options.to_string()))
}

/// How a browser is told of a passkey.
pub fn descriptor(passkey: &Passkey) -> serde_json::Value {
    json!({ "type": "public-key", "id": passkey.credential, "transports": passkey.transports })
}

/// `POST /account/passkeys`: adds one or removes one.
pub async fn change(State(app): State<App>, from: From, Present(visitor): Present, fields: Fields) -> Response {
    let done = match fields.text("do") {
        "add" => add(&app, &from, &visitor, &fields).await,
        "remove" => remove(&app, &from, &visitor, fields.text("passkey"), fields.raw("password")).await,
        _ => return message::nothing(Some(&visitor)),
    };
    match done {
        Ok(Done::Yes(next)) => Redirect::to(next).into_response(),
        Ok(Done::WithCodes(codes)) => account::recovery_page(&visitor, &codes),
        Ok(Done::No(mistakes)) => {
            page(&app, &visitor, StatusCode::UNPROCESSABLE_ENTITY, "", mistakes, fields.text("label")).await
        }
        Err(error) => message::failed(&app, &error),
    }
}

enum Done {
    Yes(&'static str),
    /// Recovery codes, because there were none.
    WithCodes(Vec<recovery::Code>),
    No(Vec<String>),
}

fn no(mistake: &str) -> Result<Done, StoreError> {
    Ok(Done::No(vec![mistake.to_owned()]))
}

/// Whether the reader knows the password. Failures wait and lock as for changing it.
pub async fn knows_password(
    app: &App,
    from: &From,
    visitor: &Visitor,
    typed: &str,
) -> Result<Option<String>, StoreError> {
    let person = &visitor.person;
    if sign_in::gate(app, person, "change").await? != Gate::Open {
        return Ok(Some("続けて失敗したため、しばらく受け付けません。時間をおいてからお試しください。".to_owned()));
    }
    let kept = app.store().credentials(&person.id).await?.password;
    let hash = kept.and_then(|kept| kept.hash.parse::<Hash>().ok());
    if sign_in::verify(app, hash, typed).await {
        return Ok(None);
    }
    sign_in::failed(app, from, person, "change", "password.change-failed").await?;
    Ok(Some("今のパスワードが違います。".to_owned()))
}

async fn add(app: &App, from: &From, visitor: &Visitor, fields: &Fields) -> Result<Done, StoreError> {
    let Some(party) = app.party() else { return no("この番地ではパスキーを使えません。") };
    let label: String = fields.text("label").chars().take(LONGEST_LABEL_CHARS).collect();
    if label.is_empty() {
        return no("機器の呼び名を入力してください。後で見分けるために使います。");
    }
    if let Some(mistake) = knows_password(app, from, visitor, fields.raw("password")).await? {
        return Ok(Done::No(vec![mistake]));
    }
    let (made, ticket) = match made(app, &party, visitor, fields) {
        Ok(made) => made,
        Err(fault) => return no(&fault.to_string()),
    };
    let person = &visitor.person;
    let body = serde_json::to_string(&made).expect("a passkey is JSON");
    let (mut change, now) = (app.store().begin(&person.organisation).await?, app.at());
    let credentials = change.credentials(&person.id).await?;
    if credentials.passkeys.len() >= MOST {
        return no("登録できるパスキーは20個までです。使わないものを外してください。");
    }
    let spent = async {
        ticket.spend(&mut change, &now).await?;
        change.add_passkey(&person.id, &made.id(), &label, &body, &now).await
    };
    match spent.await {
        Err(StoreError::Used) => return no(&passkey::Fault::Challenge.to_string()),
        Err(StoreError::Exists(_)) => return no("このパスキーは、すでに登録されています。"),
        spent => spent?,
    }
    let codes = if second::left(&credentials) == 0 { recovery::codes(&app.random()).to_vec() } else { Vec::new() };
    if !codes.is_empty() {
        let digests: Vec<String> = codes.iter().map(|code| code.fingerprint().to_string()).collect();
        change.set_recovery_codes(&person.id, &digests).await?;
    }
    sign_in::succeeded(app, &mut change, &person.id, "change").await?;
    sign_in::commit(app, change, from, person, "passkey.added", &label).await?;
    Ok(if codes.is_empty() { Done::Yes("/account/passkeys?done=added") } else { Done::WithCodes(codes) })
}

/// The passkey that answers the question of the page, and the page's ticket.
fn made(
    app: &App,
    party: &RelyingParty,
    visitor: &Visitor,
    fields: &Fields,
) -> Result<(Passkey, Ticket<()>), passkey::Fault> {
    let bytes = |name| passkey::bytes(fields.text(name)).ok_or(passkey::Fault::Unreadable);
    let (client_data, attestation) = (bytes("client_data")?, bytes("attestation")?);
    let asked = passkey::challenge(&client_data).ok_or(passkey::Fault::Unreadable)?;
    let ticket = std::str::from_utf8(&asked).ok().and_then(|text| app.open_ticket(PURPOSE, &visitor.session, text));
    let ticket = ticket.ok_or(passkey::Fault::Challenge)?;
    let sent = Creation { client_data: &client_data, attestation: &attestation, transports: fields.text("transports") };
    Ok((Passkey::create(party, &asked, sent)?, ticket))
}

async fn remove(app: &App, from: &From, visitor: &Visitor, id: &str, password: &str) -> Result<Done, StoreError> {
    if let Some(mistake) = knows_password(app, from, visitor, password).await? {
        return Ok(Done::No(vec![mistake]));
    }
    let person = &visitor.person;
    let mut change = app.store().begin(&person.organisation).await?;
    let credentials = change.credentials(&person.id).await?;
    let Some(found) = credentials.passkeys.iter().find(|kept| kept.id == id) else {
        return Ok(Done::Yes("/account/passkeys?done=removed"));
    };
    let is_last = credentials.totp.is_none() && credentials.passkeys.len() == 1;
    if is_last && visitor.must_have_second {
        return no("最後の二つ目の認証です。別のパスキーか認証アプリを設定してから外してください。");
    }
    change.remove_passkey(&person.id, id).await?;
    sign_in::succeeded(app, &mut change, &person.id, "change").await?;
    sign_in::commit(app, change, from, person, "passkey.removed", &found.label).await?;
    Ok(Done::Yes("/account/passkeys?done=removed"))
}
