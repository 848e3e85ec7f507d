//! `assessment-results.json`: the risk assessment, with proposals marked as such.

use serde_json::{Value, json};

use super::parts::{components, tool, users};
use super::risk::{observation, risk};
use super::scope::Scope;
use crate::document::{bytes, prop};

pub(super) fn file(scope: &Scope) -> Vec<u8> {
    let plan = scope.id("no-plan", "");
    let body = json!({
        "metadata": scope.metadata("リスクアセスメントの結果"),
        "import-ap": { "href": format!("#{plan}"), "remarks": "OSCALで書かれたアセスメント計画はない。" },
        "results": [result(scope)],
        "back-matter": { "resources": [{
            "uuid": plan,
            "title": "アセスメント計画（なし）",
            "description": "OSCALで書かれたアセスメント計画はない。進め方は提供事業者ガイドライン5.1による。",
        }] },
    });
    bytes("assessment-results", body)
}

fn result(scope: &Scope) -> Value {
    let assessment = &scope.service.assessment;
    let counts = assessment.counts();
    let unanswered = scope.service.answers.conformity.unanswered();
    let first = assessment.risks.iter().filter_map(|risk| Some(risk.signed()?.on)).min();
    json!({
        "uuid": scope.id("result", ""),
        "title": "リスクアセスメント",
        "description": format!(
            "リスク{}件のうち、人が決めたものは{}件、案のままのものは{}件である。案は決定ではない。",
            counts.risks, counts.decided, counts.risks - counts.decided
        ),
        "start": first.map_or_else(|| scope.modified(), Scope::at),
        "props": [
            prop("risks", &counts.risks.to_string()),
            prop("decided", &counts.decided.to_string()),
            prop("proposed", &(counts.risks - counts.decided).to_string()),
            prop("method", &assessment.method.formula()),
        ],
        "local-definitions": { "components": components(scope), "users": users(scope), "assessment-assets": tool(scope) },
        "reviewed-controls": {
            "description": format!("リスクアセスメントは、情報流と脅威の組を対象とする。対策項目への答えはsystem-security-planにあり、うち{unanswered}件は未回答である。"),
            "control-selections": [{ "include-all": {} }],
        },
        "observations": assessment.flows.list.iter().map(|flow| observation(scope, flow)).collect::<Vec<_>>(),
        "risks": (0..assessment.risks.len()).map(|at| risk(scope, at)).collect::<Vec<_>>(),
    })
}
