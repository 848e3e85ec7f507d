//! `/o/{organisation}/trail`: what was done, by whom, when.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use shirube_store::{Filter, StoreError};
use shirube_trail::{Entry, Origin};

use super::guard::Acting;
use super::shell::{Place, Shell};
use super::sign_in::From;
use super::{App, message, world};
use crate::page::html;
use crate::query::{Query, link};

/// Entries on one page.
const PAGE: u32 = 100;

#[derive(Template)]
#[template(path = "app/trail.html")]
struct TrailPage<'a> {
    shell: Shell<'a>,
    entries: Vec<EntryView>,
    holds: Option<bool>,
    head: String,
    action: &'a str,
    actor: &'a str,
    names: BTreeMap<String, String>,
    older: Option<String>,
    export: String,
}

struct EntryView {
    number: u64,
    at: String,
    actor: String,
    from: String,
    action: String,
    token: String,
    object: String,
    digests: Option<(String, String)>,
    note: String,
}

impl EntryView {
    fn new(entry: &Entry, names: &BTreeMap<String, String>) -> Self {
        let short = |digest: Option<shirube_trail::Digest>| {
            digest.map_or("なし".to_owned(), |d| d.to_string()[..12].to_owned())
        };
        Self {
            number: entry.number,
            at: world::shown_text(&entry.at),
            actor: match entry.actor.as_str() {
                SUPPLIER => "報告した事業者".to_owned(),
                actor => names.get(actor).map_or(actor, String::as_str).to_owned(),
            },
            from: match &entry.origin {
                Origin::Browser(address) => address.clone(),
                Origin::Api { address, .. } => format!("API {address}"),
                Origin::Console => "サーバ上の操作".to_owned(),
                Origin::System => "自動".to_owned(),
            },
            action: term(&entry.action).to_owned(),
            token: entry.action.clone(),
            object: object(&entry.object, names),
            digests: entry.after.map(|_| (short(entry.before), short(entry.after))),
            note: entry.note.clone(),
        }
    }
}

/// Who hands a report in from an organisation of their own. Ids of people there are not for the one that asked.
pub const SUPPLIER: &str = "supplier";

/// What is called what. Words may change, the names in the trail never.
const TERMS: &[(&str, &str)] = &[
    ("organisation.created", "組織の登録"),
    ("sign-in.succeeded", "ログイン"),
    ("sign-in.password", "パスワードの確認"),
    ("sign-in.failed", "ログインの失敗"),
    ("sign-in.second-failed", "二つ目の認証の失敗"),
    ("sign-in.locked", "ログインの一時停止"),
    ("sign-in.substitute", "代わりの手段でのログイン"),
    ("sign-in.passkey-failed", "パスキーの確認の失敗"),
    ("sign-in.out-of-hours", "時間外のログインの拒否"),
    ("passkey.added", "パスキーの登録"),
    ("passkey.removed", "パスキーの取り外し"),
    ("passkey.copied", "パスキーの複製の疑い"),
    ("substitute.granted", "代わりの手段の承認"),
    ("substitute.ended", "代わりの手段の取り消し"),
    ("out-of-hours.approved", "時間外のログインの承認"),
    ("out-of-hours.ended", "時間外の承認の取り消し"),
    ("session.switched", "組織の切り替え"),
    ("sign-in.provider", "組織の認証の確認"),
    ("sign-in.provider-failed", "組織の認証の失敗"),
    ("outside.linked", "組織の認証との結び付け"),
    ("outside.unlinked", "組織の認証の結び付きの取り外し"),
    ("guest.invited", "別の組織の利用者の招待"),
    ("guest.joined", "別の組織の利用者の参加"),
    ("password.reissued", "パスワードの一斉停止と再発行"),
    ("review.begun", "点検の開始"),
    ("review.decided", "点検での判断"),
    ("review.stopped", "点検での停止"),
    ("review.finished", "点検の完了"),
    ("sign-out", "ログアウト"),
    ("session.revoked", "ほかの画面の終了"),
    ("password.changed", "パスワードの変更"),
    ("password.change-failed", "パスワードの変更の失敗"),
    ("password.reset-used", "パスワードの設定し直し"),
    ("second-factor.prepared", "二つ目の認証の準備"),
    ("second-factor.set", "二つ目の認証の設定"),
    ("person.invited", "利用者の招待"),
    ("invitation.accepted", "招待の受諾"),
    ("person.roles-changed", "役割の変更"),
    ("person.disabled", "利用の停止"),
    ("person.resumed", "利用の再開"),
    ("person.reset", "設定し直しの許可"),
    ("service.created", "サービスの登録"),
    ("revision.created", "版の登録"),
    ("revision.restored", "過去の版への復元"),
    ("revision.checked", "版の確認"),
    ("revision.approved", "版の承認"),
    ("revision.returned", "版の差し戻し"),
    ("preferences.changed", "好みの設定の変更"),
    ("document.issued", "文書の発行"),
    ("document.taken", "文書の受け取り"),
    ("documents.begun", "文書の作成の開始"),
    ("documents.taken", "下書き一式の受け取り"),
    ("revision.undone", "直前の保存の取り消し"),
    ("view.saved", "一覧の見方の保存"),
    ("view.removed", "一覧の見方の削除"),
    ("folder.exported", "フォルダの書き出し"),
    ("folder.imported", "フォルダの取り込み"),
    ("list.exported", "一覧の書き出し"),
    ("attachment.added", "根拠の資料の追加"),
    ("attachment.replaced", "根拠の資料の差し替え"),
    ("attachment.taken", "根拠の資料の取り出し"),
    ("attachment.removal-proposed", "根拠の資料の廃棄の申出"),
    ("attachment.removal-withdrawn", "廃棄の申出の取下げ"),
    ("attachment.removed", "根拠の資料の廃棄"),
    ("institution.created", "医療機関等の登録"),
    ("institution.changed", "医療機関等の変更"),
    ("institution.imported", "医療機関等の取り込み"),
    ("agreement.step", "説明と合意の記録"),
    ("agreement.terms", "医療機関等ごとの違いの変更"),
    ("agreement.question", "医療機関等からの質問"),
    ("agreement.answer", "質問への答え"),
    ("agreement.receipt", "送付と受領の記録"),
    ("report.code-made", "報告を受け取るコードの発行"),
    ("report.sent", "提供先への報告の送信"),
    ("report.unsent", "提供先への報告の不着"),
    ("report.delivered", "委託先などからの報告の到着"),
    ("report.accepted", "届いた報告の受領"),
    ("report.returned", "届いた報告の差戻し"),
    ("report.withdrawn", "報告の依頼の取下げ"),
    ("register.written", "台帳への記載"),
    ("register.step", "台帳の手続"),
    ("register.duty", "期日のある務めの実施"),
    ("register.period", "務めの周期の取決め"),
    ("register.imported", "台帳の取り込み"),
    ("register.taken", "台帳の書き出し"),
    ("register.declared", "自社の台帳の宣言"),
    ("duties.taken", "期日の一覧の書き出し"),
    ("calendar.created", "期日のカレンダーの番地を作成"),
    ("calendar.revoked", "期日のカレンダーの番地を停止"),
    ("levels.taken", "サービスレベルの書き出し"),
    ("maintenance.taken", "保守の文書の書き出し"),
    ("audit.taken", "監査の文書の書き出し"),
    ("reports.drafted", "医療機関等への報告の下書きの書き出し"),
    ("trail.exported", "証跡の書き出し"),
    ("token.created", "APIトークンの発行"),
    ("token.revoked", "APIトークンの停止"),
    ("settings.changed", "設定の変更"),
    ("webhook.created", "知らせる先の登録"),
    ("webhook.removed", "知らせる先の取りやめ"),
    ("webhook.resent", "知らせの送り直し"),
];

pub fn term(action: &str) -> &str {
    TERMS.iter().find(|(token, _)| *token == action).map_or(action, |(_, term)| term)
}

/// What a register is called; the name of one's own declaration stands for itself.
fn register_title(id: &str) -> &str {
    let register = shirube_catalog::registers().iter().find(|register| register.id == id);
    register.map_or(id, |register| &register.title)
}

/// `service/s3f…/revision/2` as people say it.
fn object(object: &str, names: &BTreeMap<String, String>) -> String {
    let name = |id: &str| names.get(id).cloned().unwrap_or_else(|| id.to_owned());
    match object.split('/').collect::<Vec<_>>().as_slice() {
        ["person", id] => format!("利用者「{}」", name(id)),
        ["organisation", _] => "この組織".to_owned(),
        ["service", id] => format!("サービス「{}」", name(id)),
        ["institution"] => "医療機関等".to_owned(),
        ["institution", id] => format!("医療機関等「{}」", name(id)),
        ["service", id, "institution"] => format!("サービス「{}」の医療機関等", name(id)),
        ["service", id, "institution", institution] => {
            format!("医療機関等「{}」（サービス「{}」）", name(institution), name(id))
        }
        ["service", id, "revision", number, "institution", institution, ..] => {
            format!("サービス「{}」第{number}版の、医療機関等「{}」への文書", name(id), name(institution))
        }
        ["service", id, "revision", number] => format!("サービス「{}」第{number}版", name(id)),
        ["service", id, "service-levels"] => format!("サービス「{}」のサービスレベル", name(id)),
        ["service", id, "report", request, ..] => format!("サービス「{}」の報告の依頼「{request}」", name(id)),
        ["service", id, "register", ".own"] => format!("サービス「{}」の自社の台帳の宣言", name(id)),
        ["service", id, "register", ".own", own] => format!("サービス「{}」の自社の台帳の宣言「{own}」", name(id)),
        ["service", id, "register"] => format!("サービス「{}」の台帳", name(id)),
        ["service", id, "register", register] => format!("サービス「{}」の{}", name(id), register_title(register)),
        ["service", id, "register", register, item] => {
            format!("サービス「{}」の{}「{item}」", name(id), register_title(register))
        }
        ["service", id, "attachment", attachment, ..] => format!("サービス「{}」の資料{attachment}", name(id)),
        _ => object.to_owned(),
    }
}

pub async fn show(State(app): State<App>, acting: Acting, RawQuery(raw): RawQuery) -> Response {
    let organisation = &acting.reader.organisation_id;
    let path = format!("/o/{organisation}/trail");
    let query = Query::parse("", &path, &["action", "actor", "before", "verify"], raw.as_deref());
    let read = async {
        let names = names(&app, organisation).await?;
        let filter = Filter {
            before: query.get("before").and_then(|text| text.parse().ok()),
            actor: query.get("actor").unwrap_or_default(),
            action: query.get("action").unwrap_or_default(),
            limit: PAGE,
            ..Filter::default()
        };
        let entries = app.store().entries(organisation, &filter).await?;
        let head = app.store().head(organisation).await?;
        let holds = match query.get("verify") {
            Some(_) => Some(app.store().verify_trail(organisation, &[]).await?.holds()),
            None => None,
        };
        Ok::<_, StoreError>((names, entries, head, holds))
    };
    let (names, entries, head, holds) = match read.await {
        Ok(read) => read,
        Err(error) => return message::failed(&app, &error),
    };
    let last = entries.last().filter(|_| entries.len() == PAGE as usize).map(|entry| entry.number.to_string());
    html(TrailPage {
        shell: Shell::acting(&acting, Place::Trail),
        older: last.map(|number| query.with("before", &number)),
        entries: entries.iter().map(|entry| EntryView::new(entry, &names)).collect(),
        holds,
        head: format!("{}件目、{}", head.number, head.digest),
        action: query.get("action").unwrap_or_default(),
        actor: query.get("actor").unwrap_or_default(),
        names,
        export: link(&format!("{path}/export"), &[]),
    })
}

/// Names of people and services behind ids.
async fn names(app: &App, organisation: &str) -> Result<BTreeMap<String, String>, StoreError> {
    let mut names = app.store().names(organisation).await?;
    names.extend(app.store().services(organisation).await?.into_iter().map(|service| (service.id, service.name)));
    names.extend(super::institution::names(app, organisation).await?);
    Ok(names)
}

/// `GET /o/{organisation}/trail/export`: the chain as JSON lines, which `shirube trail verify` checks. Taking it is
/// itself in the trail, after what is taken.
pub async fn export(State(app): State<App>, from: From, acting: Acting) -> Response {
    let organisation = &acting.reader.organisation_id;
    let taken = async {
        let (mut text, mut after) = (String::new(), 0);
        loop {
            let page = app.store().trail(organisation, after, 1000).await?;
            if page.is_empty() {
                break;
            }
            after += page.len() as u64;
            for sealed in page {
                let line = serde_json::to_string(&sealed).expect("two texts are JSON");
                text.push_str(&line);
                text.push('\n');
            }
        }
        let mut change = app.store().begin(organisation).await?;
        change.about(&format!("organisation/{organisation}"));
        let event = shirube_store::Event { action: "trail.exported".to_owned(), note: format!("{after}件") };
        change.commit(&acting.reader.person, from.origin(), &app.at(), event).await?;
        Ok::<_, StoreError>(text)
    };
    match taken.await {
        Ok(text) => {
            let name = crate::page::documents::disposition("trail.jsonl");
            let headers = [
                (header::CONTENT_TYPE, "application/jsonl; charset=utf-8".to_owned()),
                (header::CONTENT_DISPOSITION, name),
            ];
            (headers, text).into_response()
        }
        Err(error) => message::failed(&app, &error),
    }
}
