//! What follows from a revision: flows, risks with the reasons of every number, controls, treatments, findings.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shirube_documents::deliverable::judged;
use shirube_safety::Service;
use shirube_safety::conformity::ControlAnswer;
use shirube_safety::model::Flow;
use shirube_safety::risk::{Reason, ResidualState, Signed, Treatment};
use shirube_store::StoreError;

use super::operation::{Call, Nothing};
use super::problem::Problem;
use super::reply::{Cursor, One, Page};
use super::tag::Tag;
use crate::app::sites::texts;

/// The word a closed set writes.
pub fn token<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
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

/// Works a revision out and takes from it.
async fn worked<Q: Send, B: Send, T: Send + 'static>(
    call: &Call<Q, B>,
    revision: Option<u64>,
    take: impl FnOnce(&Service) -> T + Send + 'static,
) -> Result<(T, Tag), Problem> {
    let number = match revision {
        Some(number) => number,
        None => super::latest(call).await?.1.revision,
    };
    let files = call.app.store().files(call.organisation_id(), call.service(), number).await?;
    let tag = Tag::new(number, files.digest());
    let done = tokio::task::spawn_blocking(move || {
        let folder = shirube_folder::read(&texts(&files)).map_err(|errors| errors[0].to_string())?;
        Ok(take(&judged(&folder.files)))
    });
    let done = done.await.unwrap_or_else(|error| Err(error.to_string()));
    let place = format!("サービス{}の第{number}版", call.service());
    Ok((done.map_err(|log: String| StoreError::Inconsistent { place, log })?, tag))
}

/// A part of what was worked out as a list.
async fn listed<T: Send + 'static>(
    call: Call<Wanted, Nothing>,
    name: &str,
    take: impl FnOnce(&Service) -> Vec<T> + Send + 'static,
) -> Result<Page<T>, Problem> {
    let cursor = Cursor::read(call.query.cursor.as_deref())?;
    let (all, tag) = worked(&call, cursor.revision.or(call.query.revision), take).await?;
    let path = format!("/api/v1/services/{}/{name}", super::records::encoded(call.service()));
    Ok(cursor.part(all, call.query.limit, Some(tag), &path, &[]))
}

/// 情報流。
#[derive(Serialize, JsonSchema)]
pub struct FlowOut {
    id: String,
    /// 印刷する番号。版が変わると変わることがある。
    number: String,
    layer: String,
    phase: String,
    environment: Option<String>,
    origin: String,
    who: String,
    #[serde(rename = "where")]
    place: String,
    which: String,
    what: String,
    how: String,
    class: String,
    /// 機器、接続又は搬送のid。
    element: String,
    information: String,
    volume: String,
    frequency: String,
    /// この層を提供する組織のid。
    provider: String,
    sentence: String,
}

fn flow(service: &Service, flow: &Flow) -> FlowOut {
    let system = service.assessment.system;
    FlowOut {
        id: flow.id.clone(),
        number: flow.number.clone(),
        layer: token(&flow.layer),
        phase: token(&flow.phase),
        environment: flow.environment.as_ref().map(token),
        origin: token(&flow.origin),
        who: flow.who_cell(),
        place: flow.where_cell(),
        which: flow.which_cell(),
        what: flow.what_cell(),
        how: flow.how.clone(),
        class: service.assessment.class_name(flow).to_owned(),
        element: flow.element.id(system).to_owned(),
        information: system.information[flow.information].id.clone(),
        volume: token(&flow.volume),
        frequency: token(&flow.frequency),
        provider: flow.provider(&service.files.service).to_owned(),
        sentence: flow.sentence(),
    }
}

pub async fn flows(call: Call<Wanted, Nothing>) -> Result<Page<FlowOut>, Problem> {
    let take = |service: &Service| service.assessment.flows.list.iter().map(|one| flow(service, one)).collect();
    listed(call, "flows", take).await
}

/// リスク。
#[derive(Serialize, JsonSchema)]
pub struct RiskOut {
    id: String,
    number: String,
    /// decided（決定）かproposed（案）。
    state: String,
    /// 決定の後に、元にした事実が変わったか。
    outdated: bool,
    flow: String,
    layer: String,
    phase: String,
    threat: String,
    threat_name: String,
    location: String,
    statement: String,
    properties: Vec<String>,
    impact: Option<u8>,
    likelihood: Option<u8>,
    value: Option<u16>,
    rank: Option<String>,
    /// 対応が要るか。nullは決まっていない。
    needed: Option<bool>,
    decided: Option<Signed>,
    proposal: Option<ProposalOut>,
    /// 確かめれば案が変わる項目。
    unknown: Vec<String>,
    scenarios: Vec<String>,
    treated_by: Vec<String>,
    /// 決定の記録の番地。
    decision_href: String,
}

/// 規則が示す案と、その理由。
#[derive(Serialize, JsonSchema)]
pub struct ProposalOut {
    impact: u8,
    impact_because: Vec<ReasonOut>,
    likelihood: u8,
    likelihood_because: Vec<ReasonOut>,
}

/// 値の理由。
#[derive(Serialize, JsonSchema)]
pub struct ReasonOut {
    /// 値を動かした幅。
    by: i8,
    text: String,
}

fn reasons(reasons: &[Reason]) -> Vec<ReasonOut> {
    reasons.iter().map(|reason| ReasonOut { by: reason.by, text: reason.text.to_string() }).collect()
}

fn risk_out(service: &Service, at: usize, base: &str) -> RiskOut {
    let assessment = &service.assessment;
    let risk = &assessment.risks[at];
    let flow = assessment.flow(risk);
    let rated = assessment.rated(risk);
    let id = shirube_folder::edit::way_text(&[shirube_folder::edit::Step::Item(risk.id.as_str().into())]);
    RiskOut {
        id: risk.id.clone(),
        number: risk.number.clone(),
        state: if risk.signed().is_some() { "decided" } else { "proposed" }.to_owned(),
        outdated: risk.outdated,
        flow: flow.id.clone(),
        layer: token(&flow.layer),
        phase: token(&flow.phase),
        threat: assessment.threats[risk.threat].id.clone(),
        threat_name: assessment.threats[risk.threat].name.clone(),
        location: flow.location(),
        statement: risk.text().to_owned(),
        properties: risk.properties.iter().map(token).collect(),
        impact: rated.map(|rated| rated.impact),
        likelihood: rated.map(|rated| rated.likelihood),
        value: rated.map(|rated| rated.value),
        rank: rated.map(|rated| rated.rank.to_string()),
        needed: rated.and_then(|rated| rated.needed),
        decided: risk.signed().cloned(),
        proposal: risk.proposal.as_ref().map(|proposal| ProposalOut {
            impact: proposal.impact,
            impact_because: reasons(&proposal.impact_because),
            likelihood: proposal.likelihood,
            likelihood_because: reasons(&proposal.likelihood_because),
        }),
        unknown: risk.unknown.iter().map(|&name| name.to_owned()).collect(),
        scenarios: risk.scenarios.to_vec(),
        treated_by: assessment.treatments_of(at).map(|treated| treated.treatment.id.clone()).collect(),
        decision_href: format!("{base}/records/assessment/decisions/{}", super::records::encoded(&id[1..])),
    }
}

/// どのリスクを。
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedRisks {
    /// 一度に返す数の上限。
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// 前の答えの`next`。
    #[schemars(regex(pattern = r"^[0-9]{1,9}\.[0-9]{1,9}$"))]
    cursor: Option<String>,
    /// 版。省くと今の版。
    #[schemars(range(min = 1, max = 999_999_999))]
    revision: Option<u64>,
    /// 案のままのもの、又は決定したもの。
    state: Option<State>,
    /// ランク（例: S）。
    #[schemars(length(max = 10))]
    rank: Option<String>,
    /// 情報流のid。
    #[schemars(length(max = 500))]
    flow: Option<String>,
}

/// リスクの状態。
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Proposed,
    Decided,
}

pub async fn risks(call: Call<WantedRisks, Nothing>) -> Result<Page<RiskOut>, Problem> {
    let cursor = Cursor::read(call.query.cursor.as_deref())?;
    let base = format!("/api/v1/services/{}", super::records::encoded(call.service()));
    let (state, rank, flow) = (call.query.state, call.query.rank.clone(), call.query.flow.clone());
    let below = base.clone();
    let take = move |service: &Service| {
        let all = (0..service.assessment.risks.len()).map(|at| risk_out(service, at, &below));
        let fits = |risk: &RiskOut| {
            state.is_none_or(|state| risk.state == token(&state))
                && rank.as_ref().is_none_or(|rank| risk.rank.as_ref() == Some(rank))
                && flow.as_ref().is_none_or(|flow| risk.flow == *flow)
        };
        all.filter(fits).collect::<Vec<_>>()
    };
    let (all, tag) = worked(&call, cursor.revision.or(call.query.revision), take).await?;
    let state = call.query.state.map(|state| token(&state));
    let pairs =
        [("state", state.as_deref()), ("rank", call.query.rank.as_deref()), ("flow", call.query.flow.as_deref())];
    let pairs: Vec<(&str, &str)> = pairs.into_iter().filter_map(|(name, text)| Some((name, text?))).collect();
    Ok(cursor.part(all, call.query.limit, Some(tag), &format!("{base}/risks"), &pairs))
}

pub async fn risk(call: Call<Nothing, Nothing>) -> Result<One<RiskOut>, Problem> {
    let wanted = call.at("number").to_owned();
    let base = format!("/api/v1/services/{}", super::records::encoded(call.service()));
    let take = move |service: &Service| {
        let mut risks = service.assessment.risks.iter();
        let at = risks.position(|risk| risk.number == wanted || risk.id == wanted)?;
        Some(risk_out(service, at, &base))
    };
    let (risk, tag) = worked(&call, None, take).await?;
    Ok(One::tagged(risk.ok_or_else(Problem::nothing)?, tag))
}

/// 対策項目と、その答え。
#[derive(Serialize, JsonSchema)]
pub struct ControlOut {
    /// 番号（例: 3.4①-14）。
    id: String,
    /// 番地に使う番号（例: 3.4-1-14）。
    ascii: String,
    /// 独自の対策項目か。
    own: bool,
    title: String,
    /// 求められること（要旨）。
    text: String,
    status: String,
    answer: Option<ControlAnswer>,
}

pub async fn controls(call: Call<Wanted, Nothing>) -> Result<Page<ControlOut>, Problem> {
    let take = |service: &Service| {
        let conformity = &service.answers.conformity;
        let given = conformity.controls.iter().map(|answered| ControlOut {
            id: answered.control.id.to_string(),
            ascii: answered.control.id.ascii(),
            own: false,
            title: answered.control.minor_title.clone(),
            text: answered.control.text.clone(),
            status: token(&answered.status()),
            answer: answered.answer.cloned(),
        });
        let own = conformity.own.iter().map(|answered| ControlOut {
            id: answered.control.id.clone(),
            ascii: answered.control.id.clone(),
            own: true,
            title: String::new(),
            text: answered.control.text.clone(),
            status: token(&answered.status()),
            answer: answered.answer.cloned(),
        });
        given.chain(own).collect()
    };
    listed(call, "controls", take).await
}

/// リスク対応。
#[derive(Serialize, JsonSchema)]
pub struct TreatmentOut {
    /// 今の版にあるリスクの番号。
    numbers: Vec<String>,
    /// 残存するリスク: not-assessed（評価していない）、none（残らない）、remains（残る）。
    residual_state: String,
    treatment: Treatment,
}

pub async fn treatments(call: Call<Wanted, Nothing>) -> Result<Page<TreatmentOut>, Problem> {
    let take = |service: &Service| {
        let treated = service.assessment.treated.iter();
        let out = treated.map(|treated| TreatmentOut {
            numbers: treated.risks.iter().map(|&at| service.assessment.risks[at].number.clone()).collect(),
            residual_state: match treated.residual() {
                ResidualState::NotAssessed => "not-assessed",
                ResidualState::None => "none",
                ResidualState::Remains { .. } => "remains",
            }
            .to_owned(),
            treatment: treated.treatment.clone(),
        });
        out.collect()
    };
    listed(call, "treatments", take).await
}

/// 点検で見つかったこと。
#[derive(Serialize, JsonSchema)]
pub struct FindingOut {
    /// note、warning、errorのどれか。
    severity: String,
    /// 規則の名前。変わらない。
    rule: String,
    file: String,
    /// ファイルの中の場所（JSON Pointer）。
    pointer: String,
    message: String,
    advice: String,
}

pub async fn findings(call: Call<Wanted, Nothing>) -> Result<Page<FindingOut>, Problem> {
    let take = |service: &Service| {
        let out = service.findings.iter().map(|finding| FindingOut {
            severity: token(&finding.severity),
            rule: finding.rule.to_owned(),
            file: finding.place.file.name().to_owned(),
            pointer: finding.place.pointer.clone(),
            message: finding.message.clone(),
            advice: finding.advice.clone(),
        });
        out.collect()
    };
    listed(call, "findings", take).await
}

/// 決まっていないものの数。
#[derive(Serialize, JsonSchema)]
pub struct OpenPoints {
    items: Vec<PointOut>,
}

/// 決まっていないものの一種。
#[derive(Serialize, JsonSchema)]
pub struct PointOut {
    rule: String,
    title: String,
    open: usize,
    total: usize,
    advice: String,
}

pub async fn open_points(call: Call<Nothing, Nothing>) -> Result<One<OpenPoints>, Problem> {
    let take = |service: &Service| {
        let points = service.points.iter().map(|point| PointOut {
            rule: point.rule.to_owned(),
            title: point.title.to_owned(),
            open: point.open,
            total: point.total,
            advice: point.advice.to_owned(),
        });
        points.collect()
    };
    let (items, tag) = worked(&call, None, take).await?;
    Ok(One::tagged(OpenPoints { items }, tag))
}
