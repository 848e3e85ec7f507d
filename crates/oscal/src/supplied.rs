//! The report of a supplier as a component definition, and what others send: that, or a system security plan.
//!
//! What OSCAL has no field for travels as our properties. A plan of another tool has none of them; there the standard
//! fields are read: `implementation-status`, `export/provided` and `export/responsibilities`.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::{Value, json};
use shirube_catalog::{ControlId, library, shelf};
use shirube_safety::chain::StatusReport;
use shirube_safety::conformity::ControlStatus;
use shirube_safety::control_character;
use shirube_safety::model::Date;
use shirube_safety::stated::{Doer, SupplierStatement, TaskClaim};

use crate::document::{NAMESPACE, OSCAL_NAMESPACE, bytes, metadata, moment, noted, prop, uuid};
use crate::markup;
use crate::service::status_token;
use crate::token::tokens;

/// What was read of a document, and what of it was left with the reason, as Japanese sentences.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReadReport {
    pub report: StatusReport,
    pub left: Vec<String>,
}

/// A report as `component-definition.json`. The same report gives the same bytes.
pub fn report_document(report: &StatusReport) -> Vec<u8> {
    let provider = report.provider.as_deref().unwrap_or_default();
    let service = report.service.as_deref().unwrap_or_default();
    let identity = format!("{provider}\u{1f}{service}");
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let mut props = vec![
        prop("report-on", &day(report.on)),
        prop("report-by", &text(&report.by)),
        prop("report-valid-until", &day(report.valid_until)),
        prop("report-document", &text(&report.document)),
        prop("source", &text(&report.source)),
        stated("risk-management", &report.risk_management),
        stated("statutory-requirements", &report.statutory),
    ];
    props.extend(report.editions.iter().map(|edition| prop("edition", edition)));
    props.extend(report.subcontractors.iter().map(|name| prop("subcontractor", name)));
    props.extend(
        report.claims.iter().map(|claim| {
            noted("task-performed-by", claim.by.token(), &format!("{}\n{}", claim.task, text(&claim.note)))
        }),
    );
    let body = json!({
        "metadata": metadata(
            &format!("{service} 安全管理の状況報告"),
            &moment(&day(report.on)),
            "",
            json!({
                "props": props,
                "parties": [{ "uuid": uuid("report-party", provider), "type": "organization", "name": markup::string(provider) }],
                "remarks": "報告した会社の答えであり、要求事項を満たしていることの証明ではない。",
            }),
        ),
        "components": [component(report, service, &identity)],
    });
    bytes("component-definition", body)
}

/// A text of our own, kept with its lines.
fn stated(name: &str, text: &Option<String>) -> Value {
    text.as_deref().map_or(Value::Null, |text| noted(name, "stated", text))
}

fn component(report: &StatusReport, service: &str, identity: &str) -> Value {
    let requirements: Vec<Value> = report
        .statements
        .iter()
        .filter_map(|statement| Some(requirement(statement, TOKENS.get(&statement.control)?, identity)))
        .collect();
    let implementation = json!([{
        "uuid": uuid("report-implementation", identity),
        "source": "catalog.json",
        "description": "報告した会社が、決めた人の記録とともに答えた対策項目。状況は一件ごとの status に示す。",
        "implemented-requirements": requirements,
    }]);
    json!({
        "uuid": uuid("report-component", identity),
        "type": "service",
        "title": markup::line(if service.is_empty() { "サービス" } else { service }),
        "description": markup::line(if service.is_empty() { "サービス" } else { service }),
        "control-implementations": if requirements.is_empty() { Value::Null } else { implementation },
    })
}

fn requirement(statement: &SupplierStatement, token: &str, identity: &str) -> Value {
    let mut props = vec![
        noted("status", status_token(statement.status), statement.status.term()),
        noted("performed-by", statement.by.token(), statement.by.term()),
        stated("customer-responsibility", &statement.customer),
        prop("evidence-until", &statement.evidence_until.map(|day| day.to_string()).unwrap_or_default()),
    ];
    props.extend(statement.evidence.iter().map(|evidence| prop("evidence", evidence)));
    let how = statement.how.as_deref().unwrap_or("説明の記載なし");
    json!({
        "uuid": uuid("report-requirement", &format!("{identity}\u{1f}{}", statement.control)),
        "control-id": token,
        "description": markup::multiline(how),
        "props": props,
    })
}

/// Tokens of the controls of 別紙2, by their numbers.
static TOKENS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let catalog = shelf().catalog(&library().provider.edition.id);
    let tokens = catalog.map(tokens).unwrap_or_default();
    tokens.into_iter().map(|(id, token)| (id.to_owned(), token)).collect()
});

/// Reads a component definition or a system security plan. The error is a Japanese sentence.
pub fn read_report_document(bytes: &[u8]) -> Result<ReadReport, String> {
    if bytes.trim_ascii().is_empty() {
        return Err("空のファイルです。OSCALのJSONファイルを指定してください。".to_owned());
    }
    let document: Value = serde_json::from_slice(bytes).map_err(|error| {
        format!(
            "JSONとして読めません（{}行目 {}文字目）。OSCALのJSONファイルを指定してください。",
            error.line(),
            error.column()
        )
    })?;
    if let Some(found) = control_character(&document) {
        return Err(format!(
            "見えない制御文字（U+{:04X}）が含まれています。報告した会社に、もう一度作ってもらってください。",
            found as u32
        ));
    }
    if let Some(definition) = document.get("component-definition") {
        return Ok(of_definition(definition));
    }
    if let Some(plan) = document.get("system-security-plan") {
        return Ok(of_plan(plan));
    }
    let found: Vec<&str> = document.as_object().into_iter().flat_map(|map| map.keys()).map(String::as_str).collect();
    Err(format!(
        "OSCALの component-definition でも system-security-plan でもありません（見つかったもの: {}）。",
        if found.is_empty() {
            "なし".to_owned()
        } else {
            found.iter().take(3).copied().collect::<Vec<_>>().join("、")
        }
    ))
}

fn of_definition(definition: &Value) -> ReadReport {
    let mut read = begun(definition);
    let components = list(definition, "components");
    let first = components.first().and_then(|component| text(component, "title"));
    read.report.service = first.filter(|title| title != "サービス");
    for implementation in components.iter().flat_map(|component| list(component, "control-implementations")) {
        for requirement in list(implementation, "implemented-requirements") {
            let status = own(requirement, "status").or_else(|| core(requirement, "implementation-status"));
            take(&mut read, requirement, Answer { status, how: text(requirement, "description"), ..Answer::default() });
        }
    }
    read
}

fn of_plan(plan: &Value) -> ReadReport {
    let mut read = begun(plan);
    let system = &plan["system-characteristics"];
    read.report.service = text(system, "system-name");
    if read.report.editions.is_empty() {
        read.report.editions = all_own(system, "edition");
    }
    for requirement in list(&plan["control-implementation"], "implemented-requirements") {
        let parts: Vec<&Value> = list(requirement, "by-components").iter().collect();
        let stated = own(requirement, "status");
        let answer = Answer {
            is_partly_silent: stated.is_none() && has_silent(&parts),
            status: stated.or_else(|| least(&parts)),
            how: joined(parts.iter().filter_map(|part| text(part, "description"))),
            provided: parts.iter().any(|part| !list(&part["export"], "provided").is_empty()),
            left_to_customer: parts
                .iter()
                .flat_map(|part| list(&part["export"], "responsibilities"))
                .filter_map(|one| text(one, "description"))
                .collect(),
        };
        take(&mut read, requirement, answer);
    }
    read
}

/// The state of a control that several components implement: no further than all of them are. A component to which the
/// control does not apply holds nothing back; one that says nothing does.
fn least(parts: &[&Value]) -> Option<String> {
    let states: Vec<String> = parts.iter().filter_map(|part| state(part)).collect();
    if let Some(unreadable) = states.iter().find(|state| to_status(state).is_none()) {
        // It is told.
        return Some(unreadable.clone());
    }
    let applying: Vec<ControlStatus> =
        states.iter().filter_map(|state| to_status(state)).filter(|one| *one != ControlStatus::NotApplicable).collect();
    let Some(least) = applying.iter().copied().min_by_key(|status| degree(*status)) else {
        return states.into_iter().next().filter(|_| !has_silent(parts));
    };
    let is_begun = applying.iter().any(|status| degree(*status) >= degree(ControlStatus::Partial));
    let is_behind = has_silent(parts) || degree(least) < degree(ControlStatus::Partial);
    Some(status_token(if is_begun && is_behind { ControlStatus::Partial } else { least }).to_owned())
}

/// The state of one component; what it leaves unanswered is not said.
fn state(part: &Value) -> Option<String> {
    text(&part["implementation-status"], "state").filter(|state| to_status(state) != Some(ControlStatus::Unanswered))
}

/// Whether a component says nothing of the state, while others do.
fn has_silent(parts: &[&Value]) -> bool {
    let silent = parts.iter().filter(|part| state(part).is_none()).count();
    (1..parts.len()).contains(&silent)
}

/// How far something is: whatever is done in part comes before what is not done.
fn degree(status: ControlStatus) -> u8 {
    match status {
        ControlStatus::Met => 4,
        ControlStatus::Alternative => 3,
        ControlStatus::Partial => 2,
        ControlStatus::Planned => 1,
        ControlStatus::NotMet
        | ControlStatus::NotAdopted
        | ControlStatus::NotApplicable
        | ControlStatus::Unanswered => 0,
    }
}

/// Texts one below the other.
fn joined(texts: impl Iterator<Item = String>) -> Option<String> {
    let texts: Vec<String> = texts.collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}

/// What stands in the document's metadata, and what of it cannot be read.
fn begun(document: &Value) -> ReadReport {
    let mut read = ReadReport { report: head(document), left: unreadable_days(document) };
    for prop in props(&document["metadata"], "task-performed-by", NAMESPACE) {
        match claim(prop) {
            Ok(claim) => read.report.claims.push(claim),
            Err(reason) => read.left.push(reason),
        }
    }
    read
}

fn head(document: &Value) -> StatusReport {
    let metadata = &document["metadata"];
    let day = |name: &str| own(metadata, name).and_then(|day| serde_json::from_value(day.into()).ok());
    let of_kind = |party: &&Value| party["type"] == "organization";
    StatusReport {
        provider: list(metadata, "parties").iter().find(of_kind).and_then(|party| text(party, "name")),
        on: day("report-on"),
        by: own(metadata, "report-by"),
        valid_until: day("report-valid-until"),
        document: own(metadata, "report-document").or_else(|| text(metadata, "title")),
        source: own(metadata, "source"),
        editions: all_own(metadata, "edition"),
        risk_management: remarks(metadata, "risk-management"),
        statutory: remarks(metadata, "statutory-requirements"),
        subcontractors: all_own(metadata, "subcontractor"),
        ..StatusReport::default()
    }
}

/// Who does a task; or why that is not taken over.
fn claim(prop: &Value) -> Result<TaskClaim, String> {
    let said = text(prop, "remarks")
        .ok_or("どの作業かが書かれていない作業の分担（task-performed-by）があります。取り込みません。")?;
    let (task, note) = said.split_once('\n').unwrap_or((&said, ""));
    let (task, note) = (task.trim().to_owned(), (!note.trim().is_empty()).then(|| note.trim().to_owned()));
    let by = prop["value"].as_str().unwrap_or_default();
    match doer(by) {
        Some(by) => Ok(TaskClaim { report: String::new(), task, by, note }),
        None => Err(format!("作業「{task}」を誰が行うか（{by}）は、読める言葉ではありません。取り込みません。")),
    }
}

/// What the standard fields of a requirement say.
#[derive(Default)]
struct Answer {
    status: Option<String>,
    /// Whether the status follows from some of the components only.
    is_partly_silent: bool,
    how: Option<String>,
    provided: bool,
    left_to_customer: Vec<String>,
}

/// Takes one answer over, or says why not.
fn take(read: &mut ReadReport, requirement: &Value, answer: Answer) {
    let Some(token) = text(requirement, "control-id") else {
        read.left.push("control-idのない答えがあります。取り込みません。".to_owned());
        return;
    };
    let Some(control) = number(&token) else {
        read.left.push(format!("「{token}」は、別紙2の対策項目ではありません。取り込みません。"));
        return;
    };
    if own(requirement, "decided").as_deref() == Some("no") {
        read.left.push(format!("{control}への答えは、決めた人の記録がない案です。取り込みません。"));
        return;
    }
    let Some(status) = answer.status.as_deref().and_then(to_status) else {
        let found = answer.status.unwrap_or_else(|| "記載なし".to_owned());
        read.left.push(format!("{control}の状況（{found}）は、読める言葉ではありません。取り込みません。"));
        return;
    };
    if status == ControlStatus::Unanswered {
        return;
    }
    if answer.is_partly_silent {
        let taken = status.term();
        read.left
            .push(format!("{control}には、状況の書かれていない構成要素があります。「{taken}」として取り込みます。"));
    }
    let until = unreadable_day(requirement, "evidence-until");
    read.left.extend(until.map(|day| format!("{control}の根拠の有効期限「{day}」は、日付として読めません。")));
    let told = remarks(requirement, "customer-responsibility");
    let customer = told.or_else(|| (!answer.left_to_customer.is_empty()).then(|| answer.left_to_customer.join("\n")));
    let said = own(requirement, "performed-by");
    if let Some(word) = said.as_ref().filter(|word| doer(word).is_none()) {
        read.left.push(format!("{control}を誰が行うか（{word}）は、読める言葉ではないため、取り込みません。"));
    }
    let by = said.and_then(|by| doer(&by)).unwrap_or(match (answer.provided, &customer) {
        (true, Some(_)) => Doer::Both,
        (true, None) => Doer::Supplier,
        (false, Some(_)) if !answer.left_to_customer.is_empty() => Doer::Customer,
        _ => Doer::Unknown,
    });
    read.report.statements.push(SupplierStatement {
        report: String::new(),
        control,
        status,
        by,
        how: answer.how.filter(|how| how != "説明の記載なし"),
        customer,
        evidence: all_own(requirement, "evidence"),
        evidence_until: own(requirement, "evidence-until").and_then(|day| serde_json::from_value(day.into()).ok()),
    });
}

/// A day of ours that is none.
fn unreadable_day(value: &Value, name: &str) -> Option<String> {
    own(value, name).filter(|day| serde_json::from_value::<Date>(day.as_str().into()).is_err())
}

/// Days of the report as a whole that are none.
fn unreadable_days(document: &Value) -> Vec<String> {
    let named = [("report-on", "報告の日"), ("report-valid-until", "報告の有効期限")];
    let found = named.into_iter().filter_map(|(name, term)| Some((term, unreadable_day(&document["metadata"], name)?)));
    found.map(|(term, day)| format!("{term}「{day}」は、日付として読めません。")).collect()
}

/// The number of a control, by its token or written as the guideline prints it.
fn number(token: &str) -> Option<String> {
    let by_token = TOKENS.iter().find(|(_, known)| *known == token).map(|(id, _)| id.clone());
    by_token.or_else(|| token.parse::<ControlId>().ok().map(|id| id.to_string()))
}

fn to_status(token: &str) -> Option<ControlStatus> {
    ControlStatus::ALL.iter().copied().find(|status| status_token(*status) == token)
}

fn doer(token: &str) -> Option<Doer> {
    Doer::ALL.iter().copied().find(|one| one.token() == token)
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// A text without the marks that keep it from being markup.
fn text(value: &Value, key: &str) -> Option<String> {
    let text = markup::plain(value[key].as_str()?);
    (!text.trim().is_empty()).then(|| text.trim().to_owned())
}

/// Properties of a name in a namespace; where none is written, it is that of OSCAL.
fn props<'v>(value: &'v Value, name: &str, space: &str) -> impl Iterator<Item = &'v Value> {
    let is_of = move |prop: &&Value| prop["name"] == name && prop["ns"].as_str().unwrap_or(OSCAL_NAMESPACE) == space;
    list(value, "props").iter().filter(is_of)
}

/// The value of a property of ours.
fn own(value: &Value, name: &str) -> Option<String> {
    props(value, name, NAMESPACE).find_map(|prop| prop["value"].as_str()).map(str::to_owned)
}

fn all_own(value: &Value, name: &str) -> Vec<String> {
    props(value, name, NAMESPACE).filter_map(|prop| prop["value"].as_str()).map(str::to_owned).collect()
}

/// The text behind a property of ours.
fn remarks(value: &Value, name: &str) -> Option<String> {
    props(value, name, NAMESPACE).find_map(|prop| text(prop, "remarks"))
}

/// The value of a property that OSCAL names.
fn core(value: &Value, name: &str) -> Option<String> {
    props(value, name, OSCAL_NAMESPACE).find_map(|prop| prop["value"].as_str()).map(str::to_owned)
}
