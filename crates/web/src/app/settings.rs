//! `/o/{organisation}/settings`: what an organisation sets for signing in and for who may do what.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use shirube_identity::hours::Hours;
use shirube_identity::role::Role;
use shirube_store::{Event, StoreError};

use super::fields::Fields;
use super::guard::Acting;
use super::organisation::{self, EVERYBODY, OrganisationSettings};
use super::shell::{Place, Shell, with_status};
use super::sign_in::From;
use super::{App, message};
use crate::query::Query;

#[derive(Template)]
#[template(path = "app/settings.html")]
struct SettingsPage<'a> {
    shell: Shell<'a>,
    notice: &'a str,
    mistakes: Vec<String>,
    numbers: Vec<NumberView>,
    separate_duties: bool,
    second_for_all: bool,
    hours: Vec<HoursView>,
    has_provider: bool,
    may_edit: bool,
}

struct NumberView {
    number: &'static Number,
    value: String,
}

struct HoursView {
    name: String,
    term: &'static str,
    value: String,
}

/// One setting that is a number: its bounds are those within which the duties of the guideline are met.
pub struct Number {
    pub name: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub unit: &'static str,
    pub least: u32,
    pub most: u32,
    get: fn(&OrganisationSettings) -> u32,
    set: fn(&mut OrganisationSettings, u32),
}

const NUMBERS: [Number; 9] = [
    Number {
        name: "idle_minutes",
        label: "操作がないときにログインを終える時間",
        hint: "席を離れた画面を、ほかの人が使えないようにします。",
        unit: "分",
        least: 5,
        most: 60,
        get: |settings| settings.idle_minutes,
        set: |settings, value| settings.idle_minutes = value,
    },
    Number {
        name: "longest_hours",
        label: "ログインし直すまでの時間",
        hint: "操作を続けていても、この時間で一度終わります。",
        unit: "時間",
        least: 1,
        most: 24,
        get: |settings| settings.longest_hours,
        set: |settings, value| settings.longest_hours = value,
    },
    Number {
        name: "sessions",
        label: "一人が同時にログインできる画面の数",
        hint: "超えると、古いものから終わります。",
        unit: "画面",
        least: 1,
        most: 10,
        get: |settings| settings.sessions,
        set: |settings, value| settings.sessions = value,
    },
    Number {
        name: "password_shortest",
        label: "パスワードの最短の文字数",
        hint: "次にパスワードを決めるときから使います。",
        unit: "文字",
        least: 8,
        most: 64,
        get: |settings| settings.password_shortest,
        set: |settings, value| settings.password_shortest = value,
    },
    Number {
        name: "password_kinds",
        label: "パスワードに要る文字の種類の数",
        hint: "大文字・小文字・数字・記号の四種類のうち、いくつ以上を使うかです。",
        unit: "種類",
        least: 1,
        most: 4,
        get: |settings| settings.password_kinds,
        set: |settings, value| settings.password_kinds = value,
    },
    Number {
        name: "password_history",
        label: "再び使えない過去のパスワードの数",
        hint: "今のパスワードも数えます。",
        unit: "個",
        least: 5,
        most: 24,
        get: |settings| settings.password_history,
        set: |settings, value| settings.password_history = value,
    },
    Number {
        name: "password_days",
        label: "パスワードの有効期間",
        hint: "二つ目の認証を設定していない人だけに求めます。0にすると期限なしです。期限なしにするのは、全員に二つ目の認証を求めるときだけにします。",
        unit: "日",
        least: 0,
        most: 60,
        get: |settings| settings.password_days,
        set: |settings, value| settings.password_days = value,
    },
    Number {
        name: "review_months",
        label: "アカウントの点検の間隔",
        hint: "期限が近づくと、はじめの画面に出ます。",
        unit: "か月",
        least: 1,
        most: 12,
        get: |settings| settings.review_months,
        set: |settings, value| settings.review_months = value,
    },
    Number {
        name: "unused_days",
        label: "使われていないとみなす日数",
        hint: "この日数ログインのないアカウントを、点検で目立たせます。",
        unit: "日",
        least: 7,
        most: 365,
        get: |settings| settings.unused_days,
        set: |settings, value| settings.unused_days = value,
    },
];

pub async fn show(State(app): State<App>, acting: Acting, RawQuery(raw): RawQuery) -> Response {
    let query = Query::parse("", "/", &["done"], raw.as_deref());
    let notice = match query.get("done") {
        Some("saved") => "組織の設定を変更しました。",
        Some("same") => "変わったところはありません。",
        Some("provider") => "組織の認証の設定を変更しました。",
        _ => "",
    };
    match organisation::settings(&app, &acting.reader.organisation_id).await {
        Ok(settings) => page(&acting, StatusCode::OK, notice, Vec::new(), &settings, None),
        Err(error) => message::failed(&app, &error),
    }
}

/// `typed` stays where something of it was wrong.
fn page(
    acting: &Acting,
    status: StatusCode,
    notice: &str,
    mistakes: Vec<String>,
    settings: &OrganisationSettings,
    typed: Option<&Fields>,
) -> Response {
    let value = |name: &str, kept: String| typed.map_or(kept, |fields| fields.text(name).to_owned());
    let numbers = NUMBERS
        .iter()
        .map(|number| NumberView { number, value: value(number.name, (number.get)(settings).to_string()) });
    let hours = groups().map(|(token, term)| {
        let name = format!("hours-{token}");
        let kept = settings.hours.get(token).cloned().unwrap_or_default();
        HoursView { value: value(&name, kept), name, term }
    });
    let page = SettingsPage {
        shell: Shell::acting(acting, Place::Settings),
        notice,
        mistakes,
        numbers: numbers.collect(),
        separate_duties: typed.map_or(settings.separate_duties, |fields| fields.has("separate_duties")),
        second_for_all: typed.map_or(settings.second_for_all, |fields| fields.has("second_for_all")),
        hours: hours.collect(),
        has_provider: settings.provider.is_some(),
        may_edit: acting.reader.may(crate::reader::Action::Edit, crate::reader::Resource::Organisation),
    };
    with_status(status, page)
}

/// Everybody, and each role by itself.
fn groups() -> impl Iterator<Item = (&'static str, &'static str)> {
    let roles = Role::ALL.iter().map(|role| (role.token(), role.term()));
    std::iter::once((EVERYBODY, "全員（役割ごとの決まりがないとき）")).chain(roles)
}

/// `POST /o/{organisation}/settings`.
pub async fn change(State(app): State<App>, from: From, acting: Acting, fields: Fields) -> Response {
    let kept = match organisation::settings(&app, &acting.reader.organisation_id).await {
        Ok(kept) => kept,
        Err(error) => return message::failed(&app, &error),
    };
    let (wanted, mistakes) = read(&kept, &fields);
    if !mistakes.is_empty() {
        return page(&acting, StatusCode::UNPROCESSABLE_ENTITY, "", mistakes, &kept, Some(&fields));
    }
    let next = |done: &str| {
        Redirect::to(&format!("/o/{}/settings?done={done}", acting.reader.organisation_id)).into_response()
    };
    let said = differences(&kept, &wanted);
    if said.is_empty() {
        return next("same");
    }
    let note = format!("{}。理由: {}", said.join("、"), fields.text("reason"));
    match save(&app, &from, &acting, &kept, &wanted, &note).await {
        Ok(true) => next("saved"),
        Ok(false) => {
            let mistake =
                "画面を開いた後に、ほかの人が設定を変えました。画面を読み込み直し、もう一度変更してください。";
            page(&acting, StatusCode::CONFLICT, "", vec![mistake.to_owned()], &kept, Some(&fields))
        }
        Err(error) => message::failed(&app, &error),
    }
}

/// Puts settings in the place of those that were read, unless somebody was quicker.
pub async fn save(
    app: &App,
    from: &From,
    acting: &Acting,
    kept: &OrganisationSettings,
    wanted: &OrganisationSettings,
    note: &str,
) -> Result<bool, StoreError> {
    let mut change = app.store().begin(&acting.reader.organisation_id).await?;
    if OrganisationSettings::read(&change.settings().await?)? != *kept {
        return Ok(false);
    }
    if wanted.provider.as_ref().map(|p| &p.word) != kept.provider.as_ref().map(|p| &p.word) {
        change.set_sign_in_word(wanted.provider.as_ref().map(|provider| provider.word.as_str())).await?;
    }
    change.set_settings(&wanted.text()).await?;
    let event = Event { action: "settings.changed".to_owned(), note: note.to_owned() };
    change.commit(&acting.reader.person, from.origin(), &app.at(), event).await?;
    Ok(true)
}

fn read(kept: &OrganisationSettings, fields: &Fields) -> (OrganisationSettings, Vec<String>) {
    let (mut wanted, mut mistakes) = (kept.clone(), Vec::new());
    for number in &NUMBERS {
        let typed = fields.text(number.name);
        match typed.parse::<u32>() {
            Ok(value) if (number.least..=number.most).contains(&value) => (number.set)(&mut wanted, value),
            _ => mistakes.push(format!(
                "「{}」の「{typed}」は使えません。{}から{}までの整数にしてください。",
                number.label, number.least, number.most
            )),
        }
    }
    wanted.separate_duties = fields.has("separate_duties");
    wanted.second_for_all = fields.has("second_for_all");
    if wanted.password_days == 0 && !wanted.second_for_all {
        mistakes.push(
            "パスワードを期限なしにするには、全員に二つ目の認証を求めてください。求めないときは、有効期間を60日以内にしてください。".to_owned(),
        );
    }
    for (token, term) in groups() {
        let typed = fields.text(&format!("hours-{token}"));
        wanted.hours.remove(token);
        if typed.is_empty() {
            continue;
        }
        match typed.parse::<Hours>() {
            Ok(hours) => drop(wanted.hours.insert(token.to_owned(), hours.to_string())),
            Err(error) => mistakes.push(format!("「{term}」の時間帯: {error}")),
        }
    }
    if fields.text("reason").is_empty() {
        mistakes.push("変更の理由を入力してください。証跡に残ります。".to_owned());
    }
    (wanted, mistakes)
}

/// What changes, in the words of the page.
fn differences(kept: &OrganisationSettings, wanted: &OrganisationSettings) -> Vec<String> {
    let mut said = Vec::new();
    for number in &NUMBERS {
        let (old, new) = ((number.get)(kept), (number.get)(wanted));
        if old != new {
            said.push(format!("{} {old}{unit}→{new}{unit}", number.label, unit = number.unit));
        }
    }
    let word = |set: bool| if set { "する" } else { "しない" };
    for (label, old, new) in [
        ("作成者と承認者を分ける", kept.separate_duties, wanted.separate_duties),
        ("全員に二つ目の認証を必須に", kept.second_for_all, wanted.second_for_all),
    ] {
        if old != new {
            said.push(format!("{label} {}→{}", word(old), word(new)));
        }
    }
    for (token, term) in groups() {
        let (old, new) = (kept.hours.get(token), wanted.hours.get(token));
        if old != new {
            let shown = |hours: Option<&String>| hours.map_or("決まりなし".to_owned(), Clone::clone);
            said.push(format!("利用できる時間帯（{term}） {}→{}", shown(old), shown(new)));
        }
    }
    said
}
