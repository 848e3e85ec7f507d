//! `…/records`: every record of the four files, by the ways that forms use, through the same door.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shirube_folder::edit::{Edit, Identity, Locator, Step, Texts, way, way_text};
use shirube_safety::Place;
use shirube_store::StoreError;
use shirube_trail::Digest;

use super::operation::{Call, Nothing};
use super::problem::{FieldError, Problem};
use super::reply::{Cursor, One, Page, Written};
use super::sign::signed;
use super::tag::Tag;
use crate::app::edit::{FILES, Opened, Target, content, of_one, open};
use crate::app::save::{Saved, Wish, save};
use crate::app::sites::texts;
use crate::form::{Spot, record_spot};
use crate::reader::Action;

/// 変更の結果。
#[derive(Serialize, JsonSchema)]
pub struct Change {
    /// 新しい版の番号。変わるところがなければ元の版の番号。
    revision: u64,
    digest: String,
    /// 新しい版ができたか。
    changed: bool,
    /// ほかの人の変更と合わせたか。
    merged: bool,
}

impl Change {
    pub fn made(revision: u64, digest: Digest) -> Self {
        Self { revision, digest: digest.to_string(), changed: true, merged: false }
    }
}

/// What became of a save.
pub async fn written<Q, B>(
    call: &Call<Q, B>,
    saved: Saved,
    location: Option<String>,
    below: &str,
) -> Result<Written<Change>, Problem> {
    match saved {
        Saved::Yes { merged, revision, digest } => {
            let value = Change { merged, ..Change::made(revision, digest) };
            Ok(Written { value, tag: Some(Tag::new(revision, digest)), location })
        }
        Saved::Unchanged => {
            let seen = call.matched()?.revision;
            let revision = call.app.store().revision(call.organisation_id(), call.service(), seen).await?;
            let value = Change { changed: false, ..Change::made(seen, revision.digest) };
            Ok(Written { value, tag: Some(Tag::new(seen, revision.digest)), location: None })
        }
        Saved::Conflicts(conflicts) => Err(Problem::conflicts(conflicts)),
        Saved::Mistakes(mistakes) => {
            let error =
                |mistake: crate::app::save::Mistake| FieldError::at(pointer(below, &mistake.field), mistake.message);
            Err(Problem::mistakes(mistakes.into_iter().map(error).collect()))
        }
    }
}

/// A way below what was sent as a JSON pointer.
fn pointer(below: &str, field: &str) -> String {
    let steps = way(field).unwrap_or_default();
    let steps = steps.iter().map(|step| match step {
        Step::Key(key) => key.clone(),
        Step::Item(identity) => identity.to_string(),
    });
    steps.fold(below.to_owned(), |pointer, step| format!("{pointer}/{}", step.replace('~', "~0").replace('/', "~1")))
}

/// 記録の一覧の名前。
#[derive(Serialize, JsonSchema)]
pub struct Lists {
    items: Vec<ListOut>,
}

/// 記録の一覧。
#[derive(Serialize, JsonSchema)]
pub struct ListOut {
    /// shirube、system、assessment、conformityのどれか。
    file: &'static str,
    list: String,
    /// 画面での名前。
    title: String,
    /// 一つしかない記録か。
    single: bool,
    href: String,
}

pub async fn lists(call: Call<Nothing, Nothing>) -> Result<One<Lists>, Problem> {
    let mut items = Vec::new();
    for (name, file) in FILES {
        let fields = Spot::file(crate::form::schema(file)).fields();
        for spot in fields {
            let at = [Step::Key(spot.key.to_owned())];
            if record_spot(file, &at).is_none() {
                continue;
            }
            items.push(ListOut {
                file: name,
                list: spot.key.to_owned(),
                title: spot.label(),
                single: spot.json_type() != "array",
                href: format!("/api/v1/services/{}/records/{name}/{}", encoded(call.service()), spot.key),
            });
        }
    }
    Ok(One::plain(Lists { items }))
}

/// どの版の、どれだけ。
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// 一度に返す数の上限。
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// 前の答えの`next`。
    #[schemars(regex(pattern = r"^[0-9]{1,9}\.[0-9]{1,9}$"))]
    cursor: Option<String>,
    /// 版。省くと今の版。
    #[schemars(range(min = 1, max = 999_999_999))]
    revision: Option<u64>,
}

/// どの版か。
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AtRevision {
    /// 版。省くと今の版。
    #[schemars(range(min = 1, max = 999_999_999))]
    revision: Option<u64>,
}

/// 記録。
#[derive(Serialize, JsonSchema)]
pub struct RecordOut {
    /// 一覧の中で記録を見分ける値。一つしかない記録では空。
    id: String,
    href: String,
    /// 内容。形はファイルのJSON Schemaによる。
    record: Map<String, Value>,
}

/// The files of a revision with its tag.
async fn read<Q, B>(call: &Call<Q, B>, revision: Option<u64>) -> Result<(Texts, Tag), Problem> {
    let number = match revision {
        Some(number) => number,
        None => super::latest(call).await?.1.revision,
    };
    let files = call.app.store().files(call.organisation_id(), call.service(), number).await?;
    Ok((texts(&files), Tag::new(number, files.digest())))
}

/// A list or the one record of a name, if the token may do this to it.
fn target<Q, B>(call: &Call<Q, B>, action: Action, record: Option<&str>) -> Result<Target, Problem> {
    let list = way_text(&[Step::Key(call.at("list").to_owned())]);
    let at = match record {
        // The id as it was given out, or as it stands in the record.
        Some(id) => format!("{list}/={}", id.replace('/', "%2F")),
        None => list.clone(),
    };
    let file = call.at("file");
    let target = Target::parse(file, Some(&at), None);
    let target =
        target.or_else(|| record.is_none().then(|| Target::parse(file, None, Some(call.at("list")))).flatten());
    let target = target.ok_or_else(Problem::nothing)?;
    if call.acting.reader.may(action, target.resource()) { Ok(target) } else { Err(Problem::nothing()) }
}

pub async fn list(call: Call<Wanted, Nothing>) -> Result<Page<RecordOut>, Problem> {
    let target = target(&call, Action::View, None)?;
    let cursor = Cursor::read(call.query.cursor.as_deref())?;
    let (texts, tag) = read(&call, cursor.revision.or(call.query.revision)).await?;
    let href = format!(
        "/api/v1/services/{}/records/{}/{}",
        encoded(call.service()),
        target.file_token(),
        encoded(call.at("list"))
    );
    let base = href.clone();
    let all = tokio::task::spawn_blocking(move || records(&texts, &target, &base)).await.unwrap_or_default();
    Ok(cursor.part(all, call.query.limit, Some(tag), &href, &[]))
}

/// All records of a list with their ids.
fn records(texts: &Texts, target: &Target, base: &str) -> Vec<RecordOut> {
    let Ok(folder) = shirube_folder::read(texts) else { return Vec::new() };
    let list = target.list();
    let Some(content) = content(&folder.files, target.file) else { return Vec::new() };
    let content = &content[list];
    let out = |id: String, record: &Value| {
        let href = if id.is_empty() { base.to_owned() } else { format!("{base}/{}", encoded(&id)) };
        RecordOut { id, href, record: tidy(record).as_object().cloned().unwrap_or_default() }
    };
    let Some(entries) = content.as_array() else {
        return content.is_object().then(|| out(String::new(), content)).into_iter().collect();
    };
    let locator = Locator::new(texts);
    let mut all = Vec::with_capacity(entries.len());
    for (at, entry) in entries.iter().enumerate() {
        let ways = locator.of_place(&Place::new(target.file, format!("/{}/{at}", list)));
        for way in ways {
            let [_, Step::Item(identity)] = way.as_slice() else { continue };
            let id = way_text(&[Step::Item(identity.clone())]).trim_start_matches('=').to_owned();
            match list {
                // A decision may stand for several risks; each is a record of its own.
                "decisions" => all.push(out(id, &of_one(entry, &identity.fields[0]))),
                _ => all.push(out(id, entry)),
            }
        }
    }
    all
}

/// Without what says nothing.
fn tidy(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            fields.iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key.clone(), tidy(value))).collect()
        }
        Value::Array(list) => list.iter().map(tidy).collect(),
        other => other.clone(),
    }
}

pub async fn one(call: Call<AtRevision, Nothing>) -> Result<One<RecordOut>, Problem> {
    let target = target(&call, Action::View, Some(call.at("record")))?;
    let (texts, tag) = read(&call, call.query.revision).await?;
    let of = target.clone();
    let opened = tokio::task::spawn_blocking(move || open(&texts, &of)).await.ok().flatten();
    let stored = opened.and_then(|opened| opened.stored).ok_or_else(Problem::nothing)?;
    let record = tidy(&stored).as_object().cloned().unwrap_or_default();
    Ok(One::tagged(
        RecordOut { id: call.at("record").to_owned(), href: href(&call, &target, call.at("record")), record },
        tag,
    ))
}

fn href<Q, B>(call: &Call<Q, B>, target: &Target, id: &str) -> String {
    let base = format!("/api/v1/services/{}/records/{}", encoded(call.service()), target.file_token());
    format!("{base}/{}/{}", encoded(target.list()), encoded(id))
}

/// 書く記録。
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRecord {
    /// 内容。形はファイルのJSON Schemaによる。書かない項目は空になる。
    record: Map<String, Value>,
    /// 変更の理由。履歴に残る。
    #[schemars(length(min = 1, max = 2000), regex(pattern = r"\S"))]
    reason: String,
}

pub async fn put(call: Call<Nothing, NewRecord>) -> Result<Written<Change>, Problem> {
    let target = target(&call, Action::Edit, Some(call.at("record")))?;
    let (based_on, opened) = opened(&call, &target).await?;
    let is_new = opened.as_ref().is_none_or(|opened| opened.stored.is_none());
    let record = named(&target, Value::Object(call.body.record.clone()));
    let edits = match opened {
        Some(opened) => {
            let mut record = fixed(&opened, record);
            sign(&call, &target, opened.stored.as_ref(), &mut record)?;
            target.edits(&opened, Some(record), false)
        }
        None => {
            let mut record = record;
            sign(&call, &target, None, &mut record)?;
            vec![Edit { file: target.file, at: target.way.clone(), change: shirube_folder::edit::Change::Put(record) }]
        }
    };
    let saved = saved(&call, based_on, &call.body.reason, &edits).await?;
    let location = is_new.then(|| href(&call, &target, call.at("record")));
    written(&call, saved, location, "/record").await
}

pub async fn put_single(call: Call<Nothing, NewRecord>) -> Result<Written<Change>, Problem> {
    let target = target(&call, Action::Edit, None)?;
    if target.is_new {
        let text = "一覧の全体は書けません。記録を一つずつ書いてください。";
        return Err(Problem::mistakes(vec![FieldError::at("", text)]));
    }
    let (based_on, opened) = opened(&call, &target).await?;
    let opened = opened.ok_or_else(Problem::nothing)?;
    let mut record = Value::Object(call.body.record.clone());
    sign(&call, &target, opened.stored.as_ref(), &mut record)?;
    let edits = target.edits(&opened, Some(record), false);
    let saved = saved(&call, based_on, &call.body.reason, &edits).await?;
    written(&call, saved, None, "/record").await
}

pub async fn add(call: Call<Nothing, NewRecord>) -> Result<Written<Change>, Problem> {
    let target = target(&call, Action::Edit, None)?;
    if !target.is_new || target.list() == "decisions" {
        let text = "ここには加えられません。記録の番地にPUTで書いてください。";
        return Err(Problem::mistakes(vec![FieldError::at("", text)]));
    }
    let (based_on, opened) = opened(&call, &target).await?;
    let opened = opened.ok_or_else(Problem::nothing)?;
    let mut record = Value::Object(call.body.record.clone());
    let id = record["id"].as_str().map(str::to_owned);
    if id.is_some() && opened.list.iter().any(|known| known["id"] == record["id"]) {
        let text =
            format!("「{}」はすでにあります。書き換えるには、その番地にPUTで書いてください。", id.unwrap_or_default());
        return Err(Problem::new("conflict", text));
    }
    sign(&call, &target, None, &mut record)?;
    let edits = target.edits(&opened, Some(record), false);
    let saved = saved(&call, based_on, &call.body.reason, &edits).await?;
    let list = format!(
        "/api/v1/services/{}/records/{}/{}",
        encoded(call.service()),
        target.file_token(),
        encoded(target.list())
    );
    let location = id.map_or(list, |id| href(&call, &target, &way_text(&[Step::Item(id.into())])[1..]));
    written(&call, saved, Some(location), "/record").await
}

/// なぜ消すか。
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Why {
    /// 消す理由。履歴に残る。
    #[schemars(length(min = 1, max = 2000), regex(pattern = r"\S"))]
    reason: String,
}

pub async fn remove(call: Call<Why, Nothing>) -> Result<Written<Change>, Problem> {
    let target = target(&call, Action::Edit, Some(call.at("record")))?;
    let (based_on, opened) = opened(&call, &target).await?;
    let opened = opened.filter(|opened| opened.stored.is_some()).ok_or_else(Problem::nothing)?;
    let edits = target.edits(&opened, None, false);
    let saved = saved(&call, based_on, &call.query.reason, &edits).await?;
    written(&call, saved, None, "").await
}

/// The record as it stands in the revision of `If-Match`.
async fn opened<Q, B>(call: &Call<Q, B>, target: &Target) -> Result<(u64, Option<Opened>), Problem> {
    let based_on = super::based_on(call).await?;
    let files = call.app.store().files(call.organisation_id(), call.service(), based_on).await?;
    let target = target.clone();
    let opened = tokio::task::spawn_blocking(move || open(&texts(&files), &target)).await;
    Ok((based_on, opened.unwrap_or_default()))
}

async fn saved<Q, B>(call: &Call<Q, B>, based_on: u64, reason: &str, edits: &[Edit]) -> Result<Saved, StoreError> {
    let wish = Wish {
        organisation: call.organisation_id(),
        service: call.service(),
        based_on,
        actor: &call.acting.reader.person,
        origin: call.from.origin(),
        reason: reason.trim(),
    };
    save(&call.app, &wish, edits).await
}

/// The address names the record; what it says need not be said again.
fn named(target: &Target, mut record: Value) -> Value {
    let has_id = record_spot(target.file, &target.way).is_some_and(|spot| spot.has("id"));
    if let Some(Identity { fields, .. }) = target.identity()
        && has_id
        && record["id"].is_null()
    {
        record["id"] = fields[0].clone().into();
    }
    record
}

fn fixed(opened: &Opened, mut record: Value) -> Value {
    for (field, value) in &opened.fixed {
        if record[*field].is_null() {
            record[*field] = value.clone().into();
        }
    }
    record
}

fn sign<Q, B>(call: &Call<Q, B>, target: &Target, stored: Option<&Value>, record: &mut Value) -> Result<(), Problem> {
    let today = crate::app::world::day(call.app.now());
    let stored = stored.map(tidy);
    let errors = signed(record, stored.as_ref(), target, &call.acting.reader.name, &today);
    if errors.is_empty() { Ok(()) } else { Err(Problem::mistakes(errors)) }
}

/// One part of an address.
pub fn encoded(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    text.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
