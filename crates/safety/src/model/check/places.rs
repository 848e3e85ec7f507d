//! Where things stand and what they are used for: sites, environments (5.2.1(2)).

use std::collections::HashSet;

use crate::finding::{Findings, Severity};
use crate::model::{Answer, Environment, Node, NodeKind, Phase, SystemFile};

pub(super) fn check(system: &SystemFile, at: &mut Findings) {
    let developing = system.handlings.iter().filter(|handling| handling.phase == Some(Phase::Development));
    let developed_on: HashSet<&str> = developing.flat_map(|handling| &handling.nodes).map(String::as_str).collect();
    for (i, node) in system.nodes.iter().enumerate() {
        let carried = system.transports.iter().any(|transport| transport.medium == node.id);
        if node.site.is_none() && node.host.is_none() && !(node.kind == NodeKind::Medium && carried) {
            at.add(
                Severity::Warning,
                "node-without-site",
                format!("/nodes/{i}"),
                format!("「{}」の設置場所が書かれていません。", node.name),
                "siteに拠点のidを書いてください。",
            );
        }
    }
    environments(system, at);
    for (i, node) in system.nodes.iter().enumerate() {
        separation(&developed_on, node, i, at);
    }
}

/// MODEL-010: production, development and test are all part of the model, or a reason says why one is not.
fn environments(system: &SystemFile, at: &mut Findings) {
    for &environment in Environment::ALL {
        let term = environment.term();
        let present = system.nodes.iter().any(|n| n.environment == environment || n.shared_with.contains(&environment));
        let reason = system.no_environments.iter().position(|none| none.environment == environment);
        let given = reason.is_some_and(|at| !system.no_environments[at].reason.trim().is_empty());
        match (present, reason) {
            (false, _) if !given => at.add(
                Severity::Warning,
                "environment-missing",
                "/nodes",
                format!("{term}環境の機器がありません。"),
                "情報流は、開発・試験の環境も含めて洗い出します。該当する機器を加えるか、ないのであればno_environmentsに理由を書いてください。",
            ),
            (true, Some(i)) => at.add(
                Severity::Warning,
                "environment-contradiction",
                format!("/no_environments/{i}"),
                format!("{term}環境には機器がありますが、「ない理由」も書かれています。"),
                "no_environmentsの該当する行を外すか、機器のenvironmentを直してください。",
            ),
            _ => {}
        }
    }
}

/// MODEL-016: development and test stay apart from what is in use (別紙2 1.13③).
fn separation(developed_on: &HashSet<&str>, node: &Node, i: usize, at: &mut Findings) {
    const APART: &str =
        "開発・試験の設備は、運用の設備と分けます（別紙2 1.13③）。分けられないときは、リスクとして扱ってください。";
    let production = node.environment == Environment::Production;
    if production && node.development_tools == Answer::Yes {
        at.add(
            Severity::Warning,
            "production-tools",
            format!("/nodes/{i}/development_tools"),
            format!("本番環境の「{}」に開発の道具があります。", node.name),
            APART,
        );
    }
    let others: Vec<&str> =
        node.shared_with.iter().filter(|other| **other != node.environment).map(|other| other.term()).collect();
    if !others.is_empty() && (production || node.shared_with.contains(&Environment::Production)) {
        at.add(
            Severity::Warning,
            "environment-shared",
            format!("/nodes/{i}/shared_with"),
            format!(
                "{}環境の「{}」を、{}環境にも使っています。",
                node.environment.term(),
                node.name,
                others.join("・")
            ),
            APART,
        );
    }
    if production && developed_on.contains(node.id.as_str()) {
        at.add(
            Severity::Note,
            "development-on-production",
            format!("/nodes/{i}"),
            format!("本番環境の「{}」で、開発フェーズの処理を行います。", node.name),
            APART,
        );
    }
}
