//! `/sign-in/passkey`: a passkey as the only factor, or as the second one.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::json;
use shirube_identity::passkey::{self, Assertion, Fault, Passkey};
use shirube_identity::throttle::Gate;
use shirube_store::{Person, StoreError};

use super::fields::Fields;
use super::guard::Present;
use super::sign_in::{self, From, Opened, When};
use super::ticket::Ticket;
use super::{App, message, passkeys, second};

/// How long the page may stay open before the passkey is used.
const MINUTES: i64 = 15;
const PURPOSE: &str = "passkey-use";

/// What `navigator.credentials.get` is given; bytes in Base64.
#[derive(Debug, Clone)]
pub struct Question(pub String);

/// Asks for a passkey: one of `known`, or any that the device has for us. `holder` is the session that already stands, or
/// empty; none where our address has no name.
pub fn question(app: &App, holder: &str, known: &[Passkey]) -> Result<Option<Question>, StoreError> {
    let Some(party) = app.party() else { return Ok(None) };
    let challenge = app.ticket(PURPOSE, holder, MINUTES, ())?;
    let options = json!({
        "rpId": party.id(),
        "challenge": passkey::text(challenge.as_bytes()),
        "allowCredentials": known.iter().map(passkeys::descriptor).collect::<Vec<_>>(),
        // By itself it counts for two factors: what one has, and what one knows or is.
        "userVerification": if holder.is_empty() { "required" } else { "discouraged" },
        "timeout": 300_000,
    });
    Ok(Some(Question(options.to_string())))
}

/// An answer that fits: whose, what to keep of the passkey, and the ticket to be spent.
struct Fitting {
    person: Person,
    id: String,
    label: String,
    passkey: Passkey,
    ticket: Ticket<()>,
}

enum Answered {
    Fits(Box<Fitting>),
    /// A passkey of ours that was not used as it should; strangers are told nothing of it.
    Not(Person, Fault),
    Unknown,
}

/// Holds an answer against the question and the passkey that it names.
async fn answered(app: &App, holder: &str, fields: &Fields) -> Result<Answered, StoreError> {
    let bytes = |name| passkey::bytes(fields.text(name)).unwrap_or_default();
    let Some(party) = app.party() else { return Ok(Answered::Unknown) };
    let id = passkey::id(&bytes("credential"));
    let Some((person, kept)) = app.store().passkey(&id).await? else { return Ok(Answered::Unknown) };
    let person = app.store().person(&person).await?;
    let Some(known) = passkeys::read(&kept).filter(|_| person.state == "active") else { return Ok(Answered::Unknown) };
    let (client_data, data, signature) = (bytes("client_data"), bytes("authenticator_data"), bytes("signature"));
    let asked = passkey::challenge(&client_data).unwrap_or_default();
    let ticket = std::str::from_utf8(&asked).ok().and_then(|text| app.open_ticket(PURPOSE, holder, text));
    let Some(ticket) = ticket else { return Ok(Answered::Not(person, Fault::Challenge)) };
    let user = bytes("user");
    if !user.is_empty() && user != person.id.as_bytes() {
        return Ok(Answered::Not(person, Fault::Unreadable));
    }
    let sent = Assertion { client_data: &client_data, authenticator_data: &data, signature: &signature };
    Ok(match known.confirm(&party, &asked, sent, holder.is_empty()) {
        Ok(passkey) => Answered::Fits(Box::new(Fitting { person, id, label: kept.label, passkey, ticket })),
        Err(fault) => Answered::Not(person, fault),
    })
}

/// `POST /sign-in/passkey`: without name and password.
pub async fn enter(State(app): State<App>, from: From, fields: Fields) -> Response {
    match alone(&app, &from, &fields).await {
        Ok(Some(opened)) => sign_in::answer(&app, Ok(opened), fields.text("to")),
        Ok(None) => sign_in::page(&app, StatusCode::UNPROCESSABLE_ENTITY, "", true, "", fields.text("to")),
        Err(error) => message::failed(&app, &error),
    }
}

async fn alone(app: &App, from: &From, fields: &Fields) -> Result<Option<Opened>, StoreError> {
    let fitting = match answered(app, "", fields).await? {
        Answered::Fits(fitting) => fitting,
        Answered::Not(person, fault) => {
            refused(app, from, &person, fault).await?;
            return Ok(None);
        }
        Answered::Unknown => return Ok(None),
    };
    if sign_in::gate(app, &fitting.person, "passkey").await? != Gate::Open {
        return Ok(None);
    }
    whole(app, from, &fitting, "passkey passkey-verified", None).await
}

/// Uses ticket and passkey up and opens a whole session, in one change.
async fn whole(
    app: &App,
    from: &From,
    fitting: &Fitting,
    factors: &str,
    half: Option<&str>,
) -> Result<Option<Opened>, StoreError> {
    let person = &fitting.person;
    let when = sign_in::when(app, from, person).await?;
    if let When::Closed(hours) = when {
        return Ok(Some(Opened::OutOfHours(hours)));
    }
    let body = serde_json::to_string(&fitting.passkey).expect("a passkey is JSON");
    let (mut change, now) = (app.store().begin(&person.organisation).await?, app.at());
    match fitting.ticket.spend(&mut change, &now).await {
        Err(StoreError::Used) => return Ok(None),
        spent => spent?,
    }
    change.use_passkey(&person.id, &fitting.id, &body, &now).await?;
    // What people are shown as their last sign-in stands with the password.
    for kind in ["password", "passkey", "second"] {
        sign_in::succeeded(app, &mut change, &person.id, kind).await?;
    }
    if let Some(half) = half {
        change.end_session(&person.id, half, &now, "completed").await?;
    }
    let secret = sign_in::admit(app, &mut change, from, person, "full", factors).await?;
    let note = format!("パスキー「{}」{}", fitting.label, when.note());
    sign_in::commit(app, change, from, person, "sign-in.succeeded", &note).await?;
    Ok(Some(Opened::Whole(app.set_cookie(&secret))))
}

async fn refused(app: &App, from: &From, person: &Person, fault: Fault) -> Result<(), StoreError> {
    if sign_in::gate(app, person, "passkey").await? != Gate::Open {
        return Ok(());
    }
    let action = if fault == Fault::Copied { "passkey.copied" } else { "sign-in.passkey-failed" };
    sign_in::failed(app, from, person, "passkey", action).await
}

/// `POST /sign-in/second/passkey`: after the password.
pub async fn second(State(app): State<App>, from: From, Present(visitor): Present, fields: Fields) -> Response {
    let to = fields.text("to");
    if visitor.is_full {
        return Redirect::to(sign_in::inside(to)).into_response();
    }
    let taken = async {
        if sign_in::gate(&app, &visitor.person, "passkey").await? != Gate::Open {
            return Ok(None);
        }
        match answered(&app, &visitor.session, &fields).await? {
            Answered::Fits(fitting) if fitting.person.id == visitor.person.id => {
                whole(&app, &from, &fitting, "password passkey", Some(&visitor.session)).await
            }
            Answered::Not(person, fault) if person.id == visitor.person.id => {
                refused(&app, &from, &person, fault).await?;
                Ok(None)
            }
            // Somebody else's passkey, or nobody's: the one who is at the door has failed.
            _ => {
                sign_in::failed(&app, &from, &visitor.person, "passkey", "sign-in.passkey-failed").await?;
                Ok::<_, StoreError>(None)
            }
        }
    };
    match taken.await {
        Ok(Some(opened)) => sign_in::answer(&app, Ok(opened), to),
        Ok(None) => second::page(&app, &visitor, StatusCode::UNPROCESSABLE_ENTITY, true, to).await,
        Err(error) => message::failed(&app, &error),
    }
}
