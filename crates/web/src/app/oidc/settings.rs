//! `/o/{organisation}/settings/provider`: where the organisation's people have their accounts.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use shirube_store::StoreError;

use super::{provider, sealed_for};
use crate::app::fields::Fields;
use crate::app::guard::Acting;
use crate::app::organisation::{self, OrganisationSettings, Provider};
use crate::app::shell::{Place, Shell, with_status};
use crate::app::sign_in::From;
use crate::app::{App, message, settings};
use crate::reader::{Action, Resource};

#[derive(Template)]
#[template(path = "app/provider-settings.html")]
struct ProviderPage<'a> {
    shell: Shell<'a>,
    mistakes: Vec<String>,
    issuer: String,
    client: String,
    word: String,
    claim: String,
    second_by: String,
    has_provider: bool,
    way_back: String,
    may_edit: bool,
}

pub async fn show(State(app): State<App>, acting: Acting) -> Response {
    match organisation::settings(&app, &acting.reader.organisation_id).await {
        Ok(kept) => page(&app, &acting, StatusCode::OK, Vec::new(), &kept, None),
        Err(error) => message::failed(&app, &error),
    }
}

fn page(
    app: &App,
    acting: &Acting,
    status: StatusCode,
    mistakes: Vec<String>,
    kept: &OrganisationSettings,
    typed: Option<&Fields>,
) -> Response {
    let provider = kept.provider.as_ref();
    let value = |name: &str, kept: Option<&str>| match typed {
        Some(fields) => fields.text(name).to_owned(),
        None => kept.unwrap_or_default().to_owned(),
    };
    let second = provider.map(|provider| provider.second_by.join(" "));
    let page = ProviderPage {
        shell: Shell::acting(acting, Place::Settings),
        mistakes,
        issuer: value("issuer", provider.map(|provider| provider.issuer.as_str())),
        client: value("client", provider.map(|provider| provider.client.as_str())),
        word: value("word", provider.map(|provider| provider.word.as_str())),
        claim: value("claim", provider.map(|provider| provider.claim.as_str()).or(Some("sub"))),
        second_by: value("second_by", second.as_deref()),
        has_provider: provider.is_some(),
        way_back: app.way_back(),
        may_edit: acting.reader.may(Action::Edit, Resource::Organisation),
    };
    with_status(status, page)
}

/// `POST /o/{organisation}/settings/provider`. A provider that does not answer is not taken.
pub async fn change(State(app): State<App>, from: From, acting: Acting, fields: Fields) -> Response {
    let organisation = acting.reader.organisation_id.as_str();
    let kept = match organisation::settings(&app, organisation).await {
        Ok(kept) => kept,
        Err(error) => return message::failed(&app, &error),
    };
    let again = |status, mistakes| page(&app, &acting, status, mistakes, &kept, Some(&fields));
    let mut wanted = kept.clone();
    let mut mistakes = Vec::new();
    if fields.text("reason").is_empty() {
        mistakes.push("変更の理由を入力してください。証跡に残ります。".to_owned());
    }
    if fields.text("do") == "remove" {
        wanted.provider = None;
    } else {
        wanted.provider = read(&app, organisation, kept.provider.as_ref(), &fields, &mut mistakes);
    }
    if let (Some(provider), true) = (&wanted.provider, mistakes.is_empty())
        && let Err(fault) = provider::describe(&app, &provider.issuer).await
    {
        mistakes.push(fault.to_string());
    }
    if !mistakes.is_empty() {
        return again(StatusCode::UNPROCESSABLE_ENTITY, mistakes);
    }
    let what = wanted.provider.as_ref().map_or("組織の認証を使わない".to_owned(), |provider| {
        let second = if provider.second_by.is_empty() { "なし".to_owned() } else { provider.second_by.join("、") };
        format!(
            "組織の認証を{}にする（利用者を表す項目: {}、二つの要素とみなす値: {second}）",
            provider.issuer, provider.claim
        )
    });
    let note = format!("{what}。理由: {}", fields.text("reason"));
    match settings::save(&app, &from, &acting, &kept, &wanted, &note).await {
        Ok(true) => Redirect::to(&format!("/o/{organisation}/settings?done=provider")).into_response(),
        Ok(false) => {
            let mistake =
                "画面を開いた後に、ほかの人が設定を変えました。画面を読み込み直し、もう一度変更してください。";
            again(StatusCode::CONFLICT, vec![mistake.to_owned()])
        }
        Err(StoreError::Exists(word)) => {
            let mistake = format!("ログインの言葉「{word}」は使えません。別の言葉にしてください。");
            again(StatusCode::UNPROCESSABLE_ENTITY, vec![mistake])
        }
        Err(error) => message::failed(&app, &error),
    }
}

fn read(
    app: &App,
    organisation: &str,
    kept: Option<&Provider>,
    fields: &Fields,
    mistakes: &mut Vec<String>,
) -> Option<Provider> {
    let before = mistakes.len();
    let issuer = fields.text("issuer");
    let scheme = issuer.split_once("://").map(|(scheme, _)| scheme);
    if !matches!(scheme, Some("https" | "http")) || issuer.contains(['?', '#', ' ']) {
        mistakes.push(format!(
            "認証サーバの番地「{issuer}」は使えません。「https://login.example.jp」のように入力してください。"
        ));
    }
    if fields.text("client").is_empty() {
        mistakes.push("クライアントIDを入力してください。認証サーバに登録したときに決まる値です。".to_owned());
    }
    let word = fields.text("word").to_lowercase();
    let well_formed = word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !(3..=32).contains(&word.chars().count()) || !well_formed {
        mistakes
            .push(format!("ログインの言葉「{word}」は使えません。英小文字・数字と「-」で、3～32文字にしてください。"));
    }
    let claim = if fields.text("claim").is_empty() { "sub" } else { fields.text("claim") };
    // Addresses and names are given to other people in time; the provider's id of an account is not.
    if matches!(claim, "email" | "name" | "preferred_username" | "nickname") {
        mistakes.push(format!(
            "「{claim}」は後で別の人のものになることがあるため、利用者を表す項目には使えません。「sub」か「oid」などの、変わらない番号にしてください。"
        ));
    }
    let same = kept.filter(|kept| kept.issuer == issuer && kept.client == fields.text("client"));
    let secret = match (fields.raw("secret"), same) {
        ("", Some(kept)) => Some(kept.secret.clone()),
        ("", None) => {
            mistakes
                .push("クライアントの秘密の値を入力してください。番地かIDを変えたときも、入力し直します。".to_owned());
            None
        }
        (typed, _) => match app.0.keys.seal(app.random(), typed.trim().as_bytes(), &sealed_for(organisation)) {
            Ok(sealed) => Some(sealed),
            Err(error) => {
                mistakes.push(error.to_string());
                None
            }
        },
    };
    (mistakes.len() == before).then(|| Provider {
        issuer: issuer.to_owned(),
        client: fields.text("client").to_owned(),
        secret: secret.unwrap_or_default(),
        word,
        claim: claim.to_owned(),
        second_by: fields
            .text("second_by")
            .split([' ', '、', ','])
            .filter(|way| !way.is_empty())
            .map(str::to_owned)
            .collect(),
    })
}
