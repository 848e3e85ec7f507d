//! Sending notices: from the queue in the database, signed, again and again with growing pauses until somebody answers.

use axum::http::Request;
use chrono::Duration;
use serde_json::{Value, json};
use shirube_identity::webhook::sign;
use shirube_store::{DueDelivery, StoreError, Tried};
use shirube_trail::Entry;

use super::{App, world};

/// How long is waited after each try; after the last one it is given up.
const PAUSES_MINUTES: [i64; 7] = [1, 5, 30, 120, 360, 720, 1440];

/// As long as a try lasts at most, nobody else takes the notice.
const LEASE: Duration = Duration::minutes(2);

/// Notices of one round.
const ROUND: u32 = 20;

/// Between two looks into the queue.
const EVERY: std::time::Duration = std::time::Duration::from_secs(5);

impl App {
    /// Sends what is due; gives how many were tried.
    pub async fn deliver(&self) -> usize {
        let due = match self.store().due_deliveries(&self.at(), ROUND).await {
            Ok(due) => due,
            Err(error) => {
                self.0.metrics.failed(&error);
                return 0;
            }
        };
        let mut tried = 0;
        for one in &due {
            match try_one(self, one).await {
                Ok(true) => tried += 1,
                Ok(false) => {}
                Err(error) => self.0.metrics.failed(&error),
            }
        }
        tried
    }

    /// Looks into the queue until the server stops.
    pub(super) async fn deliver_on(&self) {
        let mut clock = tokio::time::interval(EVERY);
        clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            clock.tick().await;
            while self.deliver().await == ROUND as usize {}
        }
    }
}

async fn try_one(app: &App, due: &DueDelivery) -> Result<bool, StoreError> {
    if !app.store().take_delivery(due, &world::written(app.now() + LEASE)).await? {
        return Ok(false);
    }
    let outcome = match request(app, due) {
        Ok(request) => match app.0.outgoing.send(request).await {
            Ok(answer) if answer.status().is_success() => Ok(format!("{}", answer.status().as_u16())),
            Ok(answer) => Err(format!("{} が返りました。", answer.status().as_u16())),
            Err(error) => Err(error.to_string()),
        },
        Err(text) => Err(text),
    };
    let (now, at) = (app.now(), app.at());
    let pause = usize::try_from(due.tries).ok().and_then(|tries| PAUSES_MINUTES.get(tries));
    let (state, next_at, result) = match (&outcome, pause) {
        (Ok(result), _) => ("delivered", at.clone(), result),
        (Err(result), Some(minutes)) => ("waiting", world::written(now + Duration::minutes(*minutes)), result),
        (Err(result), None) => ("failed", at.clone(), result),
    };
    app.store().end_delivery(due, Tried { state, next_at: &next_at, at: &at, result }).await?;
    Ok(true)
}

/// The id of a notice: the same for every try, so that whoever gets it twice can tell.
fn id(due: &DueDelivery) -> String {
    format!("{}-{}", due.webhook, due.entry.number)
}

/// What is told: what happened to what, and where to read more. Reasons and contents are read with a token.
fn body(organisation: &str, id: &str, entry: &Entry) -> Value {
    let parts: Vec<&str> = entry.object.split('/').collect();
    let (service, revision) = match parts.as_slice() {
        ["service", service, "revision", revision, ..] => (Some(*service), revision.parse::<u64>().ok()),
        ["service", service, ..] => (Some(*service), None),
        _ => (None, None),
    };
    json!({
        "id": id,
        "event": entry.action,
        "at": entry.at,
        "organisation": organisation,
        "entry": entry.number,
        "object": entry.object,
        "service": service,
        "revision": revision,
        "actor": entry.actor,
    })
}

fn request(app: &App, due: &DueDelivery) -> Result<Request<Vec<u8>>, String> {
    let secret = app.0.keys.open(&due.secret, &super::webhooks::context(&due.webhook));
    let secret = secret.map_err(|error| error.to_string())?;
    let secret = String::from_utf8(secret).map_err(|error| error.to_string())?;
    let (id, now) = (id(due), app.now().timestamp());
    let body = body(&due.organisation, &id, &due.entry).to_string().into_bytes();
    Request::post(&due.address)
        .header("content-type", "application/json")
        .header("shirube-delivery", &id)
        .header("shirube-event", &due.entry.action)
        .header("shirube-timestamp", now)
        .header("shirube-signature", sign(&secret, now, &body).to_string())
        .body(body)
        .map_err(|error| error.to_string())
}
