//! `…/registers`: the registers of operation and what is written in them, through the doors of the forms.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use shirube_catalog::{DutyPer, Register, StepBy};
use shirube_store::{RegisterItem, StoreError, WantedItems};

use super::latest;
use super::operation::{Call, Nothing};
use super::problem::{FieldError, Problem};
use super::reply::{One, Page, USUAL, Written, linked, unknown_cursor};
use crate::app::fields::Fields;
use crate::app::register::{Body, Door, Refusal, Way, encoded};

/// 台帳の一覧。
#[derive(Serialize, JsonSchema)]
pub struct Registers {
    items: Vec<RegisterLine>,
}

/// 一つの台帳。
#[derive(Serialize, JsonSchema)]
pub struct RegisterLine {
    id: String,
    title: String,
    /// 分野。
    group: &'static str,
    /// 記録の数。
    entries: u64,
    href: String,
}

/// 台帳の宣言。
#[derive(Serialize, JsonSchema)]
pub struct RegisterOut {
    id: String,
    title: String,
    group: &'static str,
    purpose: String,
    /// 一つの記録を何と呼ぶか。
    entry: String,
    fields: Vec<FieldOut>,
    states: Vec<StateOut>,
    steps: Vec<StepOut>,
    duties: Vec<DutyOut>,
}

/// 欄。
#[derive(Serialize, JsonSchema)]
pub struct FieldOut {
    id: String,
    title: String,
    /// 何を書く欄か。
    kind: &'static str,
    /// いくつも書けるか。いくつも書くときは、改行で区切る。
    many: bool,
    /// 同じものを二度書けないか。
    unique: bool,
    options: Vec<String>,
}

/// 状態。最初のものが、書き始めたときの状態。
#[derive(Serialize, JsonSchema)]
pub struct StateOut {
    id: String,
    title: String,
    /// 終わった記録か。
    closed: bool,
}

/// 手続。
#[derive(Serialize, JsonSchema)]
pub struct StepOut {
    id: String,
    title: String,
    from: Vec<String>,
    to: String,
    /// anyone、approver、institutionのどれか。approverの手続は、承認の番地で記録する。
    by: &'static str,
}

/// 期日のある務め。
#[derive(Serialize, JsonSchema)]
pub struct DutyOut {
    id: String,
    title: String,
    /// entry（記録ごと）かregister（台帳全体）。
    per: &'static str,
    /// 周期を双方で決めるか。
    agreed: bool,
}

impl From<&Register> for RegisterOut {
    fn from(register: &Register) -> Self {
        let field = |field: &shirube_catalog::RegisterField| FieldOut {
            id: field.id.clone(),
            title: field.title.clone(),
            kind: field.kind.term(),
            many: field.many,
            unique: field.unique,
            options: field.options.clone(),
        };
        let step = |step: &shirube_catalog::RegisterStep| StepOut {
            id: step.id.clone(),
            title: step.title.clone(),
            from: step.from.clone(),
            to: step.to.clone(),
            by: match step.by {
                StepBy::Anyone => "anyone",
                StepBy::Approver => "approver",
                StepBy::Institution => "institution",
            },
        };
        let duty = |duty: &shirube_catalog::RegisterDuty| DutyOut {
            id: duty.id.clone(),
            title: duty.title.clone(),
            per: if duty.per == DutyPer::Entry { "entry" } else { "register" },
            agreed: duty.agreed,
        };
        let state = |state: &shirube_catalog::RegisterState| StateOut {
            id: state.id.clone(),
            title: state.title.clone(),
            closed: state.closed,
        };
        Self {
            id: register.id.clone(),
            title: register.title.clone(),
            group: register.group.term(),
            purpose: register.purpose.clone(),
            entry: register.entry.clone(),
            fields: register.fields.iter().map(field).collect(),
            states: register.states.iter().map(state).collect(),
            steps: register.steps.iter().map(step).collect(),
            duties: register.duties.iter().map(duty).collect(),
        }
    }
}

/// 一つの記録。
#[derive(Serialize, JsonSchema)]
pub struct EntryOut {
    /// 記録を見分ける番号や名前。
    id: String,
    /// 何度書いたか。書くときは、読んだときの値を送る。
    number: u64,
    /// 状態のid。
    state: String,
    /// 欄のidと内容。いくつもあるものは改行で区切る。
    values: BTreeMap<String, String>,
    /// 調査や争いのために残しているか。
    hold: bool,
    href: String,
}

impl EntryOut {
    fn of<Q, B>(call: &Call<Q, B>, item: &RegisterItem) -> Result<Self, StoreError> {
        let body = Body::read(&item.body)?;
        Ok(Self {
            id: item.item.clone(),
            number: item.number,
            state: item.state.clone(),
            values: body.values,
            hold: body.hold,
            href: format!("{}/entries/{}", base(call), encoded(&item.item)),
        })
    }
}

fn base<Q, B>(call: &Call<Q, B>) -> String {
    format!("/api/v1/services/{}/registers/{}", encoded(call.service()), encoded(call.at("register")))
}

/// 記録の一覧から選ぶ条件。
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// 一度に返す数の上限。
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// 前の答えの`next`。省くと新しいものから。
    #[schemars(regex(pattern = r"^[0-9]{1,9}$"))]
    cursor: Option<String>,
    /// 状態のid。省くとすべて。
    #[schemars(length(max = 100))]
    state: Option<String>,
}

/// 書き始める記録。
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEntry {
    /// 欄のidと内容。いくつも書くときは改行で区切る。
    #[schemars(length(max = 200))]
    values: BTreeMap<String, String>,
}

/// 行った手続。
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StepTaken {
    /// 読んだときの記録のnumber。その後に書かれていれば409を返す。
    #[serde(deserialize_with = "whole")]
    #[schemars(with = "u64", range(min = 1, max = 999_999_999))]
    number: u64,
    /// 手続のid。
    #[schemars(length(max = 100))]
    step: String,
    /// 行った日（例: 2026-10-01）。
    #[schemars(length(max = 40))]
    on: String,
    /// 医療機関等の承認の手続で、承認した人。
    #[serde(default)]
    #[schemars(length(max = 200))]
    person: String,
    #[serde(default)]
    #[schemars(length(max = 2000))]
    remark: String,
    #[serde(default)]
    #[schemars(length(max = 2000))]
    evidence: String,
}

/// 行った務め。
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DutyDone {
    /// 読んだときの記録のnumber。台帳全体の務めでは見ない。
    #[serde(default, deserialize_with = "whole")]
    #[schemars(with = "u64", range(min = 0, max = 999_999_999))]
    number: u64,
    /// 務めのid。
    #[schemars(length(max = 100))]
    duty: String,
    /// 行った日（例: 2026-10-01）。
    #[schemars(length(max = 40))]
    on: String,
    outcome: OutcomeIn,
    #[serde(default)]
    #[schemars(length(max = 2000))]
    remark: String,
    #[serde(default)]
    #[schemars(length(max = 2000))]
    evidence: String,
}

/// For a schema, `12.0` is a whole number too. What is not whole has been refused by it before.
fn whole<'de, D: Deserializer<'de>>(source: D) -> Result<u64, D::Error> {
    let number = serde_json::Number::deserialize(source)?;
    let written_with_point = || number.as_f64().map(|value| value as u64);
    number.as_u64().or_else(written_with_point).ok_or_else(|| D::Error::custom("not a number"))
}

/// 結果。
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeIn {
    /// 済
    Done,
    /// 指摘あり
    Findings,
    /// 未了
    NotDone,
}

impl OutcomeIn {
    fn token(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Findings => "findings",
            Self::NotDone => "not-done",
        }
    }
}

/// 台帳全体の務めを記録した結果。
#[derive(Serialize, JsonSchema)]
pub struct Recorded {
    /// 記録した務めのid。
    duty: String,
}

async fn door<Q, B>(call: &Call<Q, B>) -> Result<Door, Problem> {
    let revision = latest(call).await?.1.revision;
    let at = (call.organisation_id(), call.service(), call.at("register"));
    Ok(Door::open(&call.app, at, revision).await?)
}

pub async fn list(call: Call<Nothing, Nothing>) -> Result<One<Registers>, Problem> {
    let revision = latest(&call).await?.1.revision;
    let registers = Door::registers(&call.app, call.organisation_id(), call.service(), revision).await?;
    let ids: Vec<&str> = registers.iter().map(|register| register.id.as_str()).collect();
    let sizes = call.app.store().register_sizes(call.organisation_id(), call.service(), &ids).await?;
    let line = |register: &Register| RegisterLine {
        id: register.id.clone(),
        title: register.title.clone(),
        group: register.group.term(),
        entries: sizes.get(&register.id).copied().unwrap_or_default(),
        href: format!("/api/v1/services/{}/registers/{}", encoded(call.service()), register.id),
    };
    Ok(One::plain(Registers { items: registers.iter().map(line).collect() }))
}

pub async fn one(call: Call<Nothing, Nothing>) -> Result<One<RegisterOut>, Problem> {
    Ok(One::plain(RegisterOut::from(door(&call).await?.register())))
}

pub async fn entries(call: Call<Wanted, Nothing>) -> Result<Page<EntryOut>, Problem> {
    let door = door(&call).await?;
    let before = match call.query.cursor.as_deref() {
        Some(text) => Some(text.parse::<u64>().map_err(|_| unknown_cursor())?),
        None => None,
    };
    let limit = call.query.limit.unwrap_or(USUAL) as usize;
    let state = call.query.state.as_deref().unwrap_or_default();
    let words: Vec<(&str, &str)> = if state.is_empty() { Vec::new() } else { vec![(Door::STATE, state)] };
    let wanted = WantedItems { words: &words, before, limit, ..WantedItems::default() };
    let register = &door.register().id;
    let found = call.app.store().register_page(call.organisation_id(), call.service(), register, &wanted).await?;
    let items = found.items.iter().map(|item| EntryOut::of(&call, item)).collect::<Result<Vec<_>, _>>()?;
    let next = found.next.map(|next| next.to_string());
    let pairs: Vec<(&str, &str)> = call.query.state.iter().map(|state| ("state", state.as_str())).collect();
    let link = next.as_ref().map(|next| linked(&format!("{}/entries", base(&call)), next, limit, &pairs));
    Ok(Page { items, next, tag: None, link })
}

pub async fn entry(call: Call<Nothing, Nothing>) -> Result<One<EntryOut>, Problem> {
    let door = door(&call).await?;
    let item = door.item(&call.app, call.at("item")).await?;
    Ok(One::plain(EntryOut::of(&call, &item)?))
}

pub async fn create(call: Call<Nothing, NewEntry>) -> Result<Written<EntryOut>, Problem> {
    let door = door(&call).await?;
    let unknown = call.body.values.keys().filter(|id| door.register().field(id).is_none());
    let unknown: Vec<FieldError> = unknown
        .map(|id| {
            FieldError::at(pointer(id), format!("「{id}」という欄はありません。台帳の宣言のfieldsを見てください。"))
        })
        .collect();
    if !unknown.is_empty() {
        return Err(Problem::mistakes(unknown));
    }
    let pairs = call.body.values.iter().map(|(id, text)| (format!("v-{id}"), text.replace("\r\n", "\n")));
    let sent = Fields::from_pairs(pairs.collect());
    let item = door.begin(&call.app, &call.from, &call.acting, &sent).await?.map_err(refused)?;
    let item = door.item(&call.app, &item).await?;
    let value = EntryOut::of(&call, &item)?;
    let location = Some(value.href.clone());
    Ok(Written { value, tag: None, location })
}

pub async fn step(call: Call<Nothing, StepTaken>) -> Result<Written<EntryOut>, Problem> {
    take(call, Way::Edit).await
}

pub async fn approve(call: Call<Nothing, StepTaken>) -> Result<Written<EntryOut>, Problem> {
    take(call, Way::Approve).await
}

async fn take(call: Call<Nothing, StepTaken>, way: Way) -> Result<Written<EntryOut>, Problem> {
    let body = &call.body;
    let said = [
        ("do", "step"),
        ("step", &body.step),
        ("on", &body.on),
        ("person", &body.person),
        ("remark", &body.remark),
        ("evidence", &body.evidence),
    ];
    change(&call, body.number, &said, way).await
}

pub async fn duty(call: Call<Nothing, DutyDone>) -> Result<Written<EntryOut>, Problem> {
    change(&call, call.body.number, &said(&call.body), Way::Edit).await
}

fn said(done: &DutyDone) -> [(&'static str, &str); 6] {
    [
        ("do", "duty"),
        ("duty", &done.duty),
        ("on", &done.on),
        ("outcome", done.outcome.token()),
        ("remark", &done.remark),
        ("evidence", &done.evidence),
    ]
}

pub async fn duty_of_register(call: Call<Nothing, DutyDone>) -> Result<Written<Recorded>, Problem> {
    let sent = fields(&said(&call.body), 0);
    let door = door(&call).await?;
    door.did(&call.app, &call.from, &call.acting, &sent).await?.map_err(refused)?;
    Ok(Written { value: Recorded { duty: call.body.duty.clone() }, tag: None, location: None })
}

fn fields(said: &[(&str, &str)], number: u64) -> Fields {
    let pairs = said.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    Fields::from_pairs(pairs.chain([("number".to_owned(), number.to_string())]).collect())
}

async fn change<Q, B>(
    call: &Call<Q, B>,
    number: u64,
    said: &[(&str, &str)],
    way: Way,
) -> Result<Written<EntryOut>, Problem> {
    let door = door(call).await?;
    let item = door.item(&call.app, call.at("item")).await?;
    if item.number != number {
        let text = format!(
            "「{}」は、読んだ後に書かれています（今のnumberは{}）。読み直してください。",
            item.item, item.number
        );
        return Err(Problem::new("conflict", text));
    }
    let sent = fields(said, number);
    let changed = door.change(&call.app, &call.from, &call.acting, (&item.item, &sent), way).await;
    match changed {
        Ok(done) => done.map_err(refused)?,
        Err(error @ StoreError::RecordMeanwhile { .. }) => return Err(Problem::new("conflict", error.to_string())),
        Err(error) => return Err(error.into()),
    }
    let item = door.item(&call.app, &item.item).await?;
    Ok(Written { value: EntryOut::of(call, &item)?, tag: None, location: None })
}

fn pointer(field: &str) -> String {
    format!("/values/{}", field.replace('~', "~0").replace('/', "~1"))
}

fn refused(told: Refusal) -> Problem {
    let of_fields = told.of_fields.into_iter().map(|(field, text)| FieldError::at(pointer(&field), text));
    Problem::mistakes(of_fields.chain(told.mistakes.into_iter().map(|text| FieldError::at("", text))).collect())
}
