//! `/account/outside`: the reader links the own account with the one at the organisation's provider.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::flow::{LINK, host};
use crate::app::fields::Fields;
use crate::app::guard::{Present, Visitor};
use crate::app::shell::{Place, Shell, with_status};
use crate::app::sign_in::{self, From};
use crate::app::{App, message, organisation, passkeys};
use crate::query::link;

/// Time between the password and the way to the provider.
const MINUTES: i64 = 10;

#[derive(Template)]
#[template(path = "app/provider-link.html")]
struct LinkPage<'a> {
    shell: Shell<'a>,
    mistakes: Vec<String>,
    provider: Option<String>,
    is_linked: bool,
    /// The way on, once the password was right.
    next: Option<String>,
}

async fn page(
    app: &App,
    visitor: &Visitor,
    status: StatusCode,
    mistakes: Vec<String>,
    next: Option<String>,
) -> Response {
    let read = async {
        let provider = organisation::settings(app, &visitor.person.organisation).await?.provider;
        Ok::<_, shirube_store::StoreError>((provider, app.store().outside_identities(&visitor.person.id).await?))
    };
    match read.await {
        Ok((provider, outside)) => {
            let shell = Shell::new(Some(visitor), Place::Account);
            let provider = provider.map(|provider| host(&provider.issuer).to_owned());
            with_status(status, LinkPage { shell, mistakes, provider, is_linked: !outside.is_empty(), next })
        }
        Err(error) => message::failed(app, &error),
    }
}

pub async fn show(State(app): State<App>, Present(visitor): Present) -> Response {
    page(&app, &visitor, StatusCode::OK, Vec::new(), None).await
}

/// `POST /account/outside`: with the password, the way to the provider opens.
pub async fn begin(State(app): State<App>, from: From, Present(visitor): Present, fields: Fields) -> Response {
    let known = passkeys::knows_password(&app, &from, &visitor, fields.raw("password")).await;
    match known {
        Ok(None) => match app.ticket(LINK, &visitor.session, MINUTES, ()) {
            Ok(ticket) => {
                let next = link("/sign-in/organisation/start", &[("link", &ticket)]);
                page(&app, &visitor, StatusCode::OK, Vec::new(), Some(next)).await
            }
            Err(error) => message::failed(&app, &error),
        },
        Ok(Some(mistake)) => page(&app, &visitor, StatusCode::UNPROCESSABLE_ENTITY, vec![mistake], None).await,
        Err(error) => message::failed(&app, &error),
    }
}

/// `POST /account/outside/unlink`.
pub async fn unlink(State(app): State<App>, from: From, Present(visitor): Present, fields: Fields) -> Response {
    match passkeys::knows_password(&app, &from, &visitor, fields.raw("password")).await {
        Ok(None) => {}
        Ok(Some(mistake)) => return page(&app, &visitor, StatusCode::UNPROCESSABLE_ENTITY, vec![mistake], None).await,
        Err(error) => return message::failed(&app, &error),
    }
    let unlinked = async {
        let mut change = app.store().begin(&visitor.person.organisation).await?;
        change.unlink_outside(&visitor.person.id).await?;
        sign_in::commit(&app, change, &from, &visitor.person, "outside.unlinked", "").await
    };
    match unlinked.await {
        Ok(()) => Redirect::to("/account?done=unlinked").into_response(),
        Err(error) => message::failed(&app, &error),
    }
}
