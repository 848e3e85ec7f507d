//! A service in which everything is decided: one server, all its risks rated, all questions answered. The tests of the
//! command line and those of the application include this file by its path, so that both issue the same.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use shirube_catalog::library;
use shirube_folder::read;
use shirube_safety::{File, Service};

const SYSTEM: &str = "
sites: [{ id: 拠点, name: 拠点, owner: 自社, side: provider, country: 日本, entry: controlled }]
nodes:
  - { id: サーバ, name: サーバ, kind: server, site: 拠点, environment: production, at_end_none: 廃棄しない試験用 }
actors: [{ id: 要員, name: 要員, party: 自社 }, { id: 職員, name: 職員, party: 院 }]
information_classes: [{ id: 分類, name: 分類, importance: 1 }]
information: [{ id: 情報, name: 情報, class: 分類, kind: application-provision, medical: no, medical_reason: 試験 }]
handlings: [{ layer: application, actor: 要員, nodes: [サーバ], information: 情報, how: [閲覧する] }]
";

/// Its files by their names. JSON is YAML too.
pub fn decided() -> Vec<(String, String)> {
    let mut files = BTreeMap::from([
        (File::Service, service()),
        (File::System, SYSTEM.to_owned()),
        (File::Assessment, assessment(&[], None)),
        (File::Conformity, conformity()),
    ]);
    // The person has seen the flows, and the grounds of the decision as they are.
    let risks: Vec<String> =
        worked_out(&files, |service| service.assessment.risks.iter().map(|risk| risk.id.clone()).collect());
    assert!(!risks.is_empty());
    let (flows, digest, basis) = worked_out(&files, |service| {
        let assessment = &service.assessment;
        let all: Vec<usize> = (0..assessment.risks.len()).collect();
        (assessment.flows.list.len(), assessment.flows.digest(assessment.system), assessment.basis(&all))
    });
    let seen = format!("{SYSTEM}flows_reviewed: {{ by: 標, on: 2026-11-16, flows: {flows}, digest: \"{digest}\" }}\n");
    files.insert(File::System, seen);
    files.insert(File::Assessment, assessment(&risks, Some(&basis)));
    files.into_iter().map(|(file, text)| (file.name().to_owned(), text)).collect()
}

fn worked_out<T>(files: &BTreeMap<File, String>, of: impl Fn(&Service) -> T) -> T {
    let texts = files.iter().map(|(file, text)| (*file, text.clone().into_bytes())).collect();
    let folder = read(&texts).unwrap_or_else(|errors| panic!("{errors:?}"));
    of(&Service::new(&folder.files))
}

fn signed() -> Value {
    json!({ "by": "標", "on": "2026-11-16", "reason": "確かめた" })
}

fn service() -> String {
    let role = |role: &str| {
        json!({ "role": role, "name": "標", "duties": "d", "appointment": "a", "period": "p", "deputy": "d",
            "qualification": "q" })
    };
    let roles = ["final-responsible", "system-administrator", "operation-manager", "privacy-officer"].map(role);
    let value = json!({
        "service": { "name": "試験" },
        "provider": "自社",
        "editions": ["pg-1.0", "mhlw-5.0"],
        "parties": [
            { "id": "自社", "name": "自社", "kind": "provider", "scope": {
                "direct_contract": "yes", "supplies_resources": "no", "receives_by_patient_instruction": "no",
                "receives_from_patients_only": "no", "reason": "契約がある" } },
            { "id": "院", "name": "院", "kind": "institution", "institution_kind": "clinic" },
        ],
        "delivery": {
            "application": { "form": "1", "party": "自社" },
            "platform": { "form": "1", "party": "自社" },
            "infrastructure": { "form": "1", "party": "自社" },
        },
        "roles": roles,
        "document": {
            "number": "N", "edition": "第1版", "issued_on": "2026-12-01", "valid_from": "2026-12-01",
            "author": "標", "approver": "標",
            "history": [{ "edition": "第1版", "on": "2026-12-01", "change": "作成", "author": "標", "approver": "標" }],
        },
    });
    pretty(&value)
}

fn assessment(risks: &[String], basis: Option<&str>) -> String {
    let items = ["authentication", "log-retention", "network-path", "wireless-lan", "small-media", "continuity"];
    let considerations = items.map(|item| {
        let continuity = (item == "continuity").then(
            || json!({ "disaster_stop": "紙で続ける", "mass_demand": "増やす", "restart_with_loss": "突き合わせる" }),
        );
        json!({ "item": item, "answer": "そうしている", "decided": signed(), "continuity": continuity })
    });
    let decision = json!({
        "risks": risks, "impact": 1, "impact_reason": "小さい", "likelihood": 1, "likelihood_reason": "低い",
        "decided": signed(), "basis": basis,
    });
    let decisions: Vec<Value> = if risks.is_empty() { Vec::new() } else { vec![decision] };
    pretty(&json!({ "threats_reviewed": signed(), "decisions": decisions, "considerations": considerations }))
}

fn conformity() -> String {
    let answer = |key: &str, id: &str| json!({ key: id, "status": "met", "how": "そうしている", "evidence": ["記録"], "decided": signed() });
    let provider = &library().provider;
    let mut statutory = Vec::new();
    for item in &provider.statutory {
        statutory.push(answer("item", &item.id));
        for row in &item.rows {
            let mut of_row = answer("row", &row.id);
            of_row["item"] = item.id.as_str().into();
            statutory.push(of_row);
        }
    }
    let answers = provider.controls.iter().map(|control| {
        let mut answer = answer("control", &control.id.to_string());
        answer["agreement"] = json!("合意した");
        answer
    });
    pretty(&json!({ "answers": answers.collect::<Vec<_>>(), "statutory": statutory }))
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("JSON")
}
