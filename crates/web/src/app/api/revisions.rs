//! `…/revisions`: the history, and the steps of a revision.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shirube_identity::role::may_approve;
use shirube_store::{Event, Revision, RevisionState, StoreError};

use super::operation::{Call, Nothing};
use super::problem::Problem;
use super::records::Change;
use super::reply::{One, Page, USUAL, Written, linked, unknown_cursor};
use super::tag::Tag;
use crate::app::organisation;
use crate::app::revisions::{STEPS, Step, differences, state_term};

/// 版。
#[derive(Serialize, JsonSchema)]
pub struct RevisionOut {
    number: u64,
    /// 状態（draft、checked、approved、issued、returned）。
    state: String,
    /// 登録した時（協定世界時）。
    at: String,
    /// 登録した人のid。
    author: String,
    /// 登録した理由。
    reason: String,
    digest: String,
    /// 内容を戻した元の版。
    restored_from: Option<u64>,
    /// 証跡の番号。
    entry: u64,
}

impl From<Revision> for RevisionOut {
    fn from(revision: Revision) -> Self {
        Self {
            number: revision.number,
            state: revision.state,
            at: revision.entry.at,
            author: revision.entry.actor,
            reason: revision.entry.note,
            digest: revision.digest.to_string(),
            restored_from: revision.restored_from,
            entry: revision.entry.number,
        }
    }
}

/// どれだけの版を、どこから。
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Before {
    /// 一度に返す数の上限。
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// 前の答えの`next`。省くと新しいものから。
    #[schemars(regex(pattern = r"^[0-9]{1,9}$"))]
    cursor: Option<String>,
}

pub async fn list(call: Call<Before, Nothing>) -> Result<Page<RevisionOut>, Problem> {
    let before = match call.query.cursor.as_deref() {
        Some(text) => Some(text.parse::<u64>().map_err(|_| unknown_cursor())?),
        None => None,
    };
    let limit = call.query.limit.unwrap_or(USUAL);
    let store = call.app.store();
    let mut found = store.revisions(call.organisation_id(), call.service(), before, limit + 1).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|last| last.number.to_string());
    let path = format!("/api/v1/services/{}/revisions", call.service());
    let link = next.as_ref().map(|next| linked(&path, next, limit as usize, &[]));
    Ok(Page { items: found.into_iter().map(RevisionOut::from).collect(), next, tag: None, link })
}

/// 版と、状態の移り変わり。
#[derive(Serialize, JsonSchema)]
pub struct RevisionWithStates {
    #[serde(flatten)]
    revision: RevisionOut,
    states: Vec<StateOut>,
}

/// 版が一つの状態になったこと。
#[derive(Serialize, JsonSchema)]
pub struct StateOut {
    state: String,
    at: String,
    /// そうした人のid。
    actor: String,
    reason: String,
}

impl From<RevisionState> for StateOut {
    fn from(state: RevisionState) -> Self {
        Self { state: state.state, at: state.entry.at, actor: state.entry.actor, reason: state.entry.note }
    }
}

pub async fn one(call: Call<Nothing, Nothing>) -> Result<One<RevisionWithStates>, Problem> {
    let (store, number) = (call.app.store(), call.number("revision")?);
    let revision = store.revision(call.organisation_id(), call.service(), number).await?;
    let states = store.revision_states(call.organisation_id(), call.service(), number).await?;
    let tag = Tag::new(number, revision.digest).with_state(&revision.state);
    let states = states.into_iter().map(StateOut::from).collect();
    Ok(One::tagged(RevisionWithStates { revision: revision.into(), states }, tag))
}

/// 比べる相手。
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Against {
    /// 比べる元の版。省くと一つ前の版。
    #[schemars(range(min = 1, max = 999_999_999))]
    from: Option<u64>,
}

/// 二つの版の違い。
#[derive(Serialize, JsonSchema)]
pub struct Diff {
    from: Option<u64>,
    to: u64,
    changes: Vec<DifferenceOut>,
}

/// 一つの違い。
#[derive(Serialize, JsonSchema)]
pub struct DifferenceOut {
    /// 何についてか（party、model、flow、risk、residual、treatment、request、control）。
    kind: String,
    text: String,
    /// 医療機関等と合意した内容を見直すことになるか。
    reopens_agreement: bool,
}

pub async fn diff(call: Call<Against, Nothing>) -> Result<One<Diff>, Problem> {
    let (store, to) = (call.app.store(), call.number("revision")?);
    let after = store.files(call.organisation_id(), call.service(), to).await?;
    let from = call.query.from.or_else(|| to.checked_sub(1).filter(|before| *before > 0));
    let Some(before) = from else { return Ok(One::plain(Diff { from: None, to, changes: Vec::new() })) };
    let before = store.files(call.organisation_id(), call.service(), before).await?;
    let compared = tokio::task::spawn_blocking(move || differences(&before, &after)).await.unwrap_or_default();
    let out = |change: shirube_safety::Change| DifferenceOut {
        kind: super::facts::token(&change.kind),
        text: change.text,
        reopens_agreement: change.reopens_agreement,
    };
    Ok(One::plain(Diff { from, to, changes: compared.into_iter().map(out).collect() }))
}

/// なぜそうするか。
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// 理由や確かめた内容。履歴に残る。
    #[schemars(length(min = 1, max = 2000), regex(pattern = r"\S"))]
    reason: String,
}

pub async fn check(call: Call<Nothing, Reason>) -> Result<One<RevisionWithStates>, Problem> {
    advance(call, "check").await
}

pub async fn approve(call: Call<Nothing, Reason>) -> Result<One<RevisionWithStates>, Problem> {
    advance(call, "approve").await
}

pub async fn give_back(call: Call<Nothing, Reason>) -> Result<One<RevisionWithStates>, Problem> {
    advance(call, "return").await
}

/// Takes a revision one step further, by the same rules as the page (AUTHZ-006).
async fn advance(call: Call<Nothing, Reason>, token: &str) -> Result<One<RevisionWithStates>, Problem> {
    let number = call.number("revision")?;
    let step: &Step = STEPS.iter().find(|step| step.token == token).ok_or_else(Problem::nothing)?;
    let (organisation, service) = (call.organisation_id(), call.service());
    let revision = call.app.store().revision(organisation, service, number).await?;
    let tag = call.matched()?;
    if tag.revision != number || !tag.names(revision.digest) {
        let text = "If-Match の値は、この版のものではありません。版を読み直してください。何も変更していません。";
        return Err(Problem::new("changed", text));
    }
    let person = &call.acting.reader.person;
    let settings = organisation::settings(&call.app, organisation).await?;
    if step.token == "approve" && !may_approve(&revision.entry.actor, person, settings.separate_duties) {
        let text = "この版を作った本人は承認できません。ほかの承認者に頼んでください。";
        return Err(Problem::new("conflict", text));
    }
    let mut change = call.app.store().begin(organisation).await?;
    let found = change.revision_state(service, number).await?;
    if tag.state.as_ref().is_some_and(|seen| *seen != found) {
        let text = format!("この版は今「{}」です。版を読み直してください。何も変更していません。", state_term(&found));
        return Err(Problem::new("changed", text));
    }
    if !step.from.contains(&found.as_str()) {
        let text = format!("この版は今「{}」なので、この操作はできません。", state_term(&found));
        return Err(Problem::new("conflict", text));
    }
    change.set_revision_state(service, number, &found, step.to).await?;
    let event = Event { action: step.event.to_owned(), note: call.body.reason.trim().to_owned() };
    change.commit(person, call.from.origin(), &call.app.at(), event).await?;
    let store = call.app.store();
    let revision = store.revision(organisation, service, number).await?;
    let states = store.revision_states(organisation, service, number).await?;
    let tag = Tag::new(number, revision.digest).with_state(&revision.state);
    let states = states.into_iter().map(StateOut::from).collect();
    Ok(One::tagged(RevisionWithStates { revision: revision.into(), states }, tag))
}

pub async fn restore(call: Call<Nothing, Reason>) -> Result<Written<Change>, Problem> {
    let number = call.number("revision")?;
    let seen = super::based_on(&call).await?;
    let files = call.app.store().files(call.organisation_id(), call.service(), number).await?;
    let mut change = call.app.store().begin(call.organisation_id()).await?;
    let made = match change.restore_revision(call.service(), Some(seen), number).await {
        Err(error @ StoreError::ChangedMeanwhile { .. }) => return Err(error.into()),
        made => made?,
    };
    let note = format!("第{number}版の内容に戻す。{}", call.body.reason.trim());
    let event = Event { action: "revision.restored".to_owned(), note };
    change.commit(&call.acting.reader.person, call.from.origin(), &call.app.at(), event).await?;
    let tag = Tag::new(made, files.digest());
    let location = format!("/api/v1/services/{}/revisions/{made}", call.service());
    Ok(Written { value: Change::made(made, files.digest()), tag: Some(tag), location: Some(location) })
}
