//! Removing evidence that has been kept long enough: one person proposes, another confirms (EVID-002).

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use shirube_store::{Event, StoreError};

use super::facts::Facts;
use super::{At, one_page};
use crate::app::fields::Fields;
use crate::app::guard::Acting;
use crate::app::sign_in::From;
use crate::app::{App, message, world};
use crate::shown::Shown;

/// `POST …/attachments/{attachment}/removal`: proposes, or with `do=keep` takes the proposal back.
pub async fn propose(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<At>,
    fields: Fields,
) -> Response {
    let reason = fields.text("reason");
    let keeps = fields.text("do") == "keep";
    let done = async {
        let record = app.store().attachment_record(&at.organisation, &at.service, &at.attachment).await?;
        let facts: Facts = serde_json::from_str(&record.facts).unwrap_or_default();
        if reason.is_empty() {
            return Ok(Some("理由を入力してください。証跡に残ります。".to_owned()));
        }
        if !keeps && !facts.is_kept_long_enough(world::date(app.now())) {
            let until = world::shown_day(&facts.keep_until);
            let until = if until.is_empty() { "記録なし".to_owned() } else { until };
            return Ok(Some(format!("保存期限（{until}）を過ぎていないので、廃棄できません。何も変更していません。")));
        }
        let mut change = app.store().begin(&at.organisation).await?;
        let action = match keeps {
            true => {
                change.withdraw_removal(&at.service, &at.attachment).await?;
                "attachment.removal-withdrawn"
            }
            false => {
                change.propose_removal(&at.service, &at.attachment).await?;
                "attachment.removal-proposed"
            }
        };
        let event = Event { action: action.to_owned(), note: reason.to_owned() };
        change.commit(&acting.reader.person, from.origin(), &app.at(), event).await?;
        Ok::<_, StoreError>(None)
    };
    answer(&app, &acting, &shown, &at, done.await).await
}

/// `POST …/attachments/{attachment}/removal/confirm`: the bytes go.
pub async fn confirm(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<At>,
    fields: Fields,
) -> Response {
    let done = async {
        let record = app.store().attachment_record(&at.organisation, &at.service, &at.attachment).await?;
        if fields.text("reason").is_empty() {
            return Ok(Some("確かめたことを入力してください。証跡に残ります。".to_owned()));
        }
        if let shirube_store::Removal::Proposed(entry) = &record.removal
            && entry.actor == acting.reader.person
        {
            return Ok(Some("廃棄を申し出た本人は確認できません。ほかの人に確かめてもらってください。".to_owned()));
        }
        let mut change = app.store().begin(&at.organisation).await?;
        change.remove_attachment(&at.service, &at.attachment, &acting.reader.person).await?;
        let note = format!("{}（{}）。{}", record.file_name, record.digest, fields.text("reason"));
        let event = Event { action: "attachment.removed".to_owned(), note };
        change.commit(&acting.reader.person, from.origin(), &app.at(), event).await?;
        Ok::<_, StoreError>(None)
    };
    answer(&app, &acting, &shown, &at, done.await).await
}

async fn answer(
    app: &App,
    acting: &Acting,
    shown: &Shown,
    at: &At,
    done: Result<Option<String>, StoreError>,
) -> Response {
    let told = match done {
        Ok(None) => return Redirect::to(&format!("{}/attachments/{}", shown.base, at.attachment)).into_response(),
        Ok(Some(told)) => told,
        Err(StoreError::State { found }) => {
            format!("この資料は今「{found}」なので、この操作はできません。画面を読み込み直してください。")
        }
        Err(error) => return message::missing_or_failed(app, &acting.visitor, &error),
    };
    one_page(app, acting, shown, at, StatusCode::UNPROCESSABLE_ENTITY, vec![told]).await
}
