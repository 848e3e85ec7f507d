//! How long a whole assessment takes: flows, risks, judgement and answers, from parsed files.
//!
//! `cargo bench -p shirube-safety`. Limits and figures: `docs/performance.md`.

use shirube_safety::conformity::ConformityFile;
use shirube_safety::model::{ServiceFile, SystemFile};
use shirube_safety::risk::AssessmentFile;
use shirube_safety::stated::{ChecklistsFile, DisclosureFile, HouseFile, RulesFile, SlaFile, SupplyFile};
use shirube_safety::{Service, ServiceFiles};

fn main() {
    divan::main();
}

/// A service whose model has `nodes` devices and yields about `flows` flows.
fn service(nodes: usize, flows: usize) -> ServiceFiles {
    let service: ServiceFile = serde_json::from_value(serde_json::json!({
        "service": { "name": "計測" },
        "provider": "自社",
        "parties": [{ "id": "自社", "name": "自社", "kind": "provider" }],
        "delivery": {
            "application": { "form": "1", "party": "自社" },
            "platform": { "form": "1", "party": "自社" },
            "infrastructure": { "form": "1", "party": "自社" },
        },
    }))
    .expect("a valid service");
    let kinds = ["terminal", "server", "mobile-terminal", "virtual-machine", "printer"];
    let node = |at: usize| {
        serde_json::json!({
            "id": format!("n{at}"), "name": format!("機器{at}"), "kind": kinds[at % kinds.len()],
            "site": format!("s{}", at % 20), "environment": "production",
            "exposure": if at.is_multiple_of(7) { "internet" } else { "internal" },
        })
    };
    // People's devices also yield a flow of the platform, so fewer handlings than flows are needed.
    let handlings = flows * 5 / 8;
    let handling = |at: usize| {
        let node = at % nodes;
        let by_person = !matches!(node % kinds.len(), 1 | 3);
        let mut value = serde_json::json!({
            "layer": "application", "nodes": [format!("n{node}")],
            "information": format!("i{}", at / nodes), "how": [if by_person { "閲覧・操作する" } else { "作成や保存される" }],
        });
        if by_person {
            value["actor"] = "医師".into();
        }
        value
    };
    let information = |at: usize| serde_json::json!({ "id": format!("i{at}"), "name": format!("情報{at}"), "class": "患者", "kind": "patient" });
    let mut all_information: Vec<_> = (0..=handlings / nodes).map(information).collect();
    for (id, role) in [("提供", "application-provision"), ("ログ", "platform-log")] {
        let mut value = serde_json::json!({ "id": id, "name": id, "class": "患者", "kind": "other" });
        value["stands_for"] = role.into();
        all_information.push(value);
    }
    let system: SystemFile = serde_json::from_value(serde_json::json!({
        "sites": (0..20).map(|at| serde_json::json!({
            "id": format!("s{at}"), "name": format!("拠点{at}"), "owner": "自社", "side": "provider", "country": "日本",
        })).collect::<Vec<_>>(),
        "nodes": (0..nodes).map(node).collect::<Vec<_>>(),
        "links": (0..2 * nodes).map(|at| serde_json::json!({
            "id": format!("l{at}"), "name": "有線LAN", "kind": "wired-lan",
            "between": [format!("n{}", at % nodes), format!("n{}", (at * 7 + 1) % nodes)],
        })).collect::<Vec<_>>(),
        "actors": [{ "id": "医師", "name": "医師", "party": "自社" }],
        "information_classes": [{ "id": "患者", "name": "患者個人情報", "importance": 5 }],
        "information": all_information,
        "handlings": (0..handlings).map(handling).collect::<Vec<_>>(),
    }))
    .expect("a valid system");
    ServiceFiles {
        service,
        system,
        assessment: AssessmentFile::default(),
        conformity: ConformityFile::default(),
        sla: SlaFile::default(),
        disclosure: DisclosureFile::default(),
        rules: RulesFile::default(),
        checklists: ChecklistsFile::default(),
        supply: SupplyFile::default(),
        house: HouseFile::default(),
    }
}

/// Nodes and flows asked for; the limits are 0.1 s for the second and 1 s for the last.
#[divan::bench(args = [(500, 1_000), (1_000, 2_000), (2_500, 5_000), (5_000, 10_000)])]
fn assess(bencher: divan::Bencher, (nodes, flows): (usize, usize)) {
    let files = service(nodes, flows);
    let made = Service::new(&files).assessment.flows.list.len();
    assert!(made >= flows, "{made} flows");
    bencher.bench(|| Service::new(divan::black_box(&files)).assessment.risks.len());
}
