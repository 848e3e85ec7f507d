//! `/api/v1/trail`: what was done.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shirube_store::{Event, Filter};
use shirube_trail::{Entry, Origin};

use super::operation::{Call, Nothing};
use super::problem::Problem;
use super::reply::{Page, USUAL, linked, unknown_cursor};

/// 証跡から選ぶ条件。
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// 一度に返す数の上限。
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// 前の答えの`next`。省くと新しいものから。
    #[schemars(regex(pattern = r"^[0-9]{1,9}$"))]
    cursor: Option<String>,
    /// した人のid。
    #[schemars(length(max = 200))]
    actor: Option<String>,
    /// 操作の名前か、その始まり（revision は revision.created を含む）。
    #[schemars(length(max = 200))]
    action: Option<String>,
    /// 対象か、その始まり（例: service/s1）。
    #[schemars(length(max = 500))]
    object: Option<String>,
    /// この時から（協定世界時。2026-11 のように始まりだけでもよい）。
    #[schemars(length(max = 30))]
    from: Option<String>,
    /// この時より前。
    #[schemars(length(max = 30))]
    until: Option<String>,
}

/// 証跡の一つの記録。
#[derive(Serialize, JsonSchema)]
pub struct EntryOut {
    number: u64,
    /// 協定世界時。
    at: String,
    /// した人のid。
    actor: String,
    origin: OriginOut,
    action: String,
    object: String,
    /// 前の内容のダイジェスト。
    before: Option<String>,
    /// 後の内容のダイジェスト。
    after: Option<String>,
    note: String,
}

/// どこからか。
#[derive(Serialize, JsonSchema)]
pub struct OriginOut {
    /// browser、api、console、systemのどれか。
    kind: &'static str,
    address: Option<String>,
    /// APIトークンのid。
    token: Option<String>,
}

impl From<Entry> for EntryOut {
    fn from(entry: Entry) -> Self {
        let (kind, address, token) = match entry.origin {
            Origin::Browser(address) => ("browser", Some(address), None),
            Origin::Api { token, address } => ("api", Some(address), Some(token)),
            Origin::Console => ("console", None, None),
            Origin::System => ("system", None, None),
        };
        Self {
            number: entry.number,
            at: entry.at,
            actor: entry.actor,
            origin: OriginOut { kind, address, token },
            action: entry.action,
            object: entry.object,
            before: entry.before.map(|digest| digest.to_string()),
            after: entry.after.map(|digest| digest.to_string()),
            note: entry.note,
        }
    }
}

pub async fn list(call: Call<Wanted, Nothing>) -> Result<Page<EntryOut>, Problem> {
    let query = &call.query;
    let before = match query.cursor.as_deref() {
        Some(text) => Some(text.parse::<u64>().map_err(|_| unknown_cursor())?),
        None => None,
    };
    let limit = query.limit.unwrap_or(USUAL);
    let named = [
        ("actor", &query.actor),
        ("action", &query.action),
        ("object", &query.object),
        ("from", &query.from),
        ("until", &query.until),
    ];
    let [actor, action, object, from, until] = named.map(|(_, text)| text.as_deref().unwrap_or_default());
    let filter = Filter { before, actor, action, object, from, until, limit: limit + 1, ..Filter::default() };
    let mut found = call.app.store().entries(call.organisation_id(), &filter).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let mut change = call.app.store().begin(call.organisation_id()).await?;
    change.about(&format!("organisation/{}", call.organisation_id()));
    let event = Event { action: "trail.exported".to_owned(), note: format!("{}件", found.len()) };
    change.commit(&call.acting.reader.person, call.from.origin(), &call.app.at(), event).await?;
    let next = found.last().filter(|_| more).map(|last| last.number.to_string());
    let pairs: Vec<(&str, &str)> = named.iter().filter_map(|(name, text)| Some((*name, text.as_deref()?))).collect();
    let link = next.as_ref().map(|next| linked("/api/v1/trail", next, limit as usize, &pairs));
    Ok(Page { items: found.into_iter().map(EntryOut::from).collect(), next, tag: None, link })
}
