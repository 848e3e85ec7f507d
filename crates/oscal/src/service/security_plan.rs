//! `system-security-plan.json`: what the system is, and the answer to every control.

use serde_json::{Value, json};
use shirube_safety::conformity::{Answered, ControlStatus, StatutoryState};
use shirube_safety::model::Side;

use super::parts::{components, described, title, users};
use super::scope::{Scope, status_token};
use crate::document::{bytes, noted, prop};
use crate::markup;

pub(super) fn file(scope: &Scope) -> Vec<u8> {
    let body = json!({
        "metadata": scope.metadata("システムセキュリティ計画"),
        "import-profile": { "href": "profile.json" },
        "system-characteristics": characteristics(scope),
        "system-implementation": { "users": users(scope), "components": components(scope) },
        "control-implementation": implementation(scope),
    });
    bytes("system-security-plan", body)
}

fn characteristics(scope: &Scope) -> Value {
    let files = scope.service.files;
    let info = &files.service.service;
    let forms = shirube_safety::model::delivery(&files.service, shirube_catalog::library());
    let mut props = vec![
        prop("delivery-form", &forms.combination),
        prop("provider", scope.party_name(&files.service.provider)),
        prop("flows", &scope.service.assessment.flows.list.len().to_string()),
    ];
    props.extend(files.service.editions.iter().map(|edition| prop("edition", edition)));
    props.extend(scope.service.answers.conformity.statutory.iter().map(statutory));
    json!({
        "system-ids": [{ "identifier-type": "https://ietf.org/rfc/rfc4122", "id": scope.system() }],
        "system-name": markup::string(if info.name.trim().is_empty() { "名称の記載なし" } else { &info.name }),
        "description": described(&info.description),
        "props": props,
        "system-information": { "information-types": information(scope) },
        "status": { "state": "other", "remarks": "稼働の状態は、フォルダに記載がない。" },
        "authorization-boundary": { "description": boundary(scope) },
        "data-flow": {
            "description": format!("情報流{}件。一件ずつは、リスクアセスメントの結果（assessment-results）のobservationsに示す。", scope.service.assessment.flows.list.len()),
        },
        "remarks": "security-sensitivity-levelとsecurity-impact-levelは、提供事業者ガイドラインに当たる区分がなく、フォルダにも記載がないため、書いていない。",
    })
}

/// A line of chapter 6, which has no control in the catalog.
fn statutory(state: &StatutoryState) -> Value {
    let id = state.row.map_or(&state.item.id, |row| &row.id);
    let what = state.row.map_or(&state.item.title, |row| &row.item);
    let how = state.answer.map(|answer| [answer.how.as_str(), answer.reason.as_str()].join("\n")).unwrap_or_default();
    let why = state.verdict.map(|verdict| verdict.text()).unwrap_or_default();
    let text = format!("{what}（{}）\n{how}\n{why}", state.status().term());
    noted("statutory", &format!("{id} {}", status_token(state.status())), text.trim())
}

fn information(scope: &Scope) -> Vec<Value> {
    let system = &scope.service.files.system;
    let types = system.information.iter().map(|information| {
        let class = system.information_classes.iter().find(|class| class.id == information.class);
        let importance = class.map(|class| class.importance.to_string()).unwrap_or_default();
        let text =
            class.map_or("分類の記載なし".to_owned(), |class| format!("{}（重要度{importance}）", class.name));
        json!({
            "uuid": scope.id("information", &information.id),
            "title": title(&information.name, &information.id),
            "description": markup::multiline(&text),
            "props": [
                prop("information-id", &information.id),
                prop("class", &information.class),
                noted("importance", &importance, "ガイドライン5.1.1の分類による、安全管理上の重要度"),
                noted("medical", information.medical.token(), information.medical.term()),
                noted("kind", information.kind.token(), information.kind.term()),
            ],
        })
    });
    let types: Vec<Value> = types.collect();
    if types.is_empty() {
        return vec![json!({
            "uuid": scope.id("information", ""), "title": "記載なし", "description": "扱う情報は、フォルダに記載がない。",
        })];
    }
    types
}

/// Sites by side, one line each.
fn boundary(scope: &Scope) -> String {
    let sites = &scope.service.files.system.sites;
    let line = |side: &Side| {
        let names: Vec<&str> = sites.iter().filter(|site| site.side == *side).map(|site| site.name.as_str()).collect();
        (!names.is_empty()).then(|| format!("{}: {}", side.term(), names.join("、")))
    };
    let lines: Vec<String> = Side::ALL.iter().filter_map(line).collect();
    described(&lines.join("\n"))
}

fn implementation(scope: &Scope) -> Value {
    let conformity = &scope.service.answers.conformity;
    let requirements = conformity.controls.iter().filter_map(|answered| requirement(scope, answered));
    let counts = conformity.counts();
    let counted = ControlStatus::ALL.iter().map(|status| format!("{}{}件", status.term(), counts[status]));
    json!({
        "description": format!(
            "別紙2の対策項目への答え。{}。未回答の項目は、対応が確認されていない。",
            counted.collect::<Vec<_>>().join("、")
        ),
        "implemented-requirements": requirements.collect::<Vec<_>>(),
    })
}

/// One control. A control that nobody answered is there too, and says so in its status and in its words.
fn requirement(scope: &Scope, answered: &Answered) -> Option<Value> {
    let id = answered.control.id.to_string();
    let status = answered.status();
    let answer = answered.answer;
    let text = |of: fn(&shirube_safety::conformity::ControlAnswer) -> &str| answer.map(of).unwrap_or_default();
    let mut props = vec![noted("status", status_token(status), status.term())];
    if status != ControlStatus::Unanswered {
        let unsigned = answered.is_unsigned();
        props.push(noted(
            "decided",
            if unsigned { "no" } else { "yes" },
            if unsigned { "決めた人の記録がなく、案である。" } else { "" },
        ));
    }
    props.extend([
        prop("owner", text(|answer| &answer.owner)),
        prop("due", &answer.and_then(|answer| answer.due).map(|due| due.to_string()).unwrap_or_default()),
        prop("scope", text(|answer| &answer.scope)),
        prop("agreement", text(|answer| &answer.agreement)),
    ]);
    if let Some(answer) = answer {
        props.extend(answer.evidence.iter().map(|evidence| prop("evidence", evidence)));
        props.extend(answer.risks.iter().map(|risk| prop("risk", risk)));
        props.extend(answer.decided.iter().flat_map(|signed| {
            [prop("decided-by", &signed.by), noted("decided-on", &signed.on.to_string(), &signed.reason)]
        }));
    }
    let how = match status {
        ControlStatus::Unanswered => "未回答".to_owned(),
        _ if text(|answer| &answer.how).trim().is_empty() => format!("（{}）説明の記載なし", status.term()),
        _ => format!("（{}）{}", status.term(), markup::multiline(text(|answer| &answer.how))),
    };
    let because = [text(|answer| &answer.reason), text(|answer| &answer.exceptions)].join("\n");
    Some(json!({
        "uuid": scope.id("requirement", &id),
        "control-id": scope.control(answered.control.id)?,
        "props": props,
        "by-components": [{
            "component-uuid": scope.system(),
            "uuid": scope.id("by-component", &id),
            "description": how,
            "implementation-status": {
                "state": status_token(status),
                "remarks": markup::multiline(&format!("{}\n{}", status.term(), because.trim())),
            },
        }],
        "remarks": markup::multiline(&because),
    }))
}
