//! The flows as a whole: verbs, the 3×3 grid, ends, and who looked at them.

use std::collections::{BTreeMap, HashSet};

use shirube_catalog::Library;

use super::locate;
use crate::finding::{Findings, Severity};
use crate::model::{Element, Flows, Phase, SystemFile, grid, similar, termination_gaps};

pub(super) fn check(system: &SystemFile, flows: &Flows, library: &Library, at: &mut Findings) {
    verbs(system, library, at);
    coverage(system, flows, library, at);
    termination(system, flows, at);
    reasons(system, at);
    review(system, flows, at);
}

fn verbs(system: &SystemFile, library: &Library, at: &mut Findings) {
    let known: HashSet<&str> = library.verbs.iter().map(|verb| verb.text.as_str()).collect();
    let used = system.handlings.iter().enumerate().flat_map(|(i, handling)| {
        handling.how.iter().enumerate().map(move |(h, how)| (format!("/handlings/{i}/how/{h}"), how))
    });
    let written = system.flows.iter().enumerate().map(|(i, flow)| (format!("/flows/{i}/how"), &flow.how));
    for (pointer, how) in used.chain(written) {
        if !known.contains(how.as_str()) && similar(how).is_empty() {
            at.add(
                Severity::Warning,
                "verb-unknown",
                pointer,
                format!("「{how}」が何をする処理か読み取れませんでした。"),
                format!(
                    "次のような言い方を使ってください: {}。",
                    library.verbs.iter().map(|verb| verb.text.as_str()).collect::<Vec<_>>().join("、")
                ),
            );
        }
    }
}

/// FLOW-006: each of the nine cells has flows or a reason.
fn coverage(system: &SystemFile, flows: &Flows, library: &Library, at: &mut Findings) {
    for cell in grid(system, flows) {
        let name = format!("{}の{}", cell.layer.term(), cell.phase.term());
        match (cell.flows, &cell.reason) {
            (0, None) => {
                let look =
                    library.provider.viewpoints.iter().find(|viewpoint| {
                        viewpoint.layer == cell.layer.token() && viewpoint.phase == cell.phase.token()
                    });
                at.add(
                    Severity::Warning,
                    "cell-empty",
                    "",
                    format!("{name}に情報流が一つもありません。"),
                    format!(
                        "{}ないのであれば、no_flowsに理由を書いてください。",
                        look.map(|viewpoint| viewpoint.text.as_str()).unwrap_or_default()
                    ),
                );
            }
            (1.., Some(_)) => at.add(
                Severity::Warning,
                "cell-contradiction",
                "/no_flows",
                format!("{name}には情報流がありますが、「ない理由」も書かれています。"),
                "no_flowsの該当する行を外してください。",
            ),
            _ => {}
        }
    }
    for (pointer, id) in &flows.repeated {
        at.add(
            Severity::Warning,
            "flow-twice",
            pointer,
            format!("情報流「{id}」が二度書かれています。"),
            "同じ人・機器・情報・動作の組は一つにまとめてください。後のものは数えていません。",
        );
    }
    let known: HashSet<usize> = flows.rejected.iter().map(|(_, at)| *at).collect();
    for (i, rejected) in system.rejected_flows.iter().enumerate().filter(|(i, _)| !known.contains(i)) {
        at.add(
            Severity::Warning,
            "rejection-stale",
            format!("/rejected_flows/{i}"),
            format!("採らないとした情報流「{}」は、今のモデルからは導かれません。", rejected.flow),
            "不要になった行を外すか、shirube flows で今のidを確かめてください。",
        );
    }
}

/// FLOW-011: asks for the end of everything that is used.
fn termination(system: &SystemFile, flows: &Flows, at: &mut Findings) {
    let gaps = termination_gaps(system, flows);
    let mut examples: BTreeMap<Element, &str> = BTreeMap::new();
    for flow in flows.list.iter().filter(|flow| flow.phase != Phase::Termination) {
        examples.entry(flow.element).or_insert(&flow.what);
    }
    for element in gaps.unended {
        let (pointer, name) = locate(system, element);
        let what = examples.get(&element).copied().unwrap_or("扱った情報");
        at.add(
            Severity::Warning,
            "termination-missing",
            pointer,
            format!("{name}には、契約終了時の情報流（廃棄又は移管）がありません。"),
            format!("「{what}」などを契約終了時にどうするかをat_endに、何もしないならその理由をat_end_noneに書いてください。"),
        );
    }
    for flow in gaps.unended_stores.iter().map(|&at| &flows.list[at]) {
        let (_, name) = locate(system, flow.element);
        at.add(
            Severity::Warning,
            "termination-stored",
            &flow.pointer,
            format!("{name}に残る「{}」（{}）には、契約終了時の扱いがありません。", flow.what, flow.layer.term()),
            "同じ層の扱いをat_endに、何もしないならその理由をat_end_noneに書いてください。",
        );
    }
    for element in gaps.never_used {
        let (pointer, name) = locate(system, element);
        at.add(
            Severity::Warning,
            "termination-unused",
            pointer,
            format!("{name}は契約終了時にだけ現れ、開発・運用では使われていません。"),
            "開発・運用の情報流を加えるか、at_endの対象が正しいか確かめてください。",
        );
    }
}

/// FLOW-002, FLOW-006: a flow left out is somebody's decision, with a reason.
fn reasons(system: &SystemFile, at: &mut Findings) {
    let rejected = system.rejected_flows.iter().enumerate().map(|(i, rejected)| {
        let what = format!("情報流「{}」を採らないこと", rejected.flow);
        (format!("/rejected_flows/{i}"), what, &rejected.reason, &rejected.by, rejected.on)
    });
    let none = system.no_flows.iter().enumerate().map(|(i, none)| {
        let what = format!("{}の{}に情報流がないこと", none.layer.term(), none.phase.term());
        (format!("/no_flows/{i}"), what, &none.reason, &none.by, none.on)
    });
    for (pointer, what, reason, by, on) in rejected.chain(none) {
        if reason.trim().is_empty() {
            at.add(
                Severity::Error,
                "reason-blank",
                format!("{pointer}/reason"),
                format!("{what}の理由が空白です。"),
                "理由を書いてください。書くまでは、この行を読みません。",
            );
        } else if by.as_deref().is_none_or(|by| by.trim().is_empty()) || on.is_none() {
            at.add(
                Severity::Warning,
                "reason-unsigned",
                pointer,
                format!("{what}を、誰がいつ決めたかが書かれていません。"),
                "by（決めた人）とon（決めた日）を書いてください。",
            );
        }
    }
}

/// FLOW-002: derived flows are candidates until a person has looked at them.
fn review(system: &SystemFile, flows: &Flows, at: &mut Findings) {
    if flows.list.is_empty() {
        return;
    }
    let (count, digest) = (flows.list.len(), flows.digest(system));
    match &system.flows_reviewed {
        None => at.add(
            Severity::Warning,
            "flows-not-reviewed",
            "",
            format!("モデルから導いた情報流{count}件を、人が確かめた記録がありません。"),
            format!("shirube flows の一覧を確かめたら、flows_reviewedにby（人）、on（日）、flows: {count}、digest: {digest} を書いてください。"),
        ),
        Some(reviewed) if reviewed.digest != digest => at.add(
            Severity::Warning,
            "flows-changed-since",
            "/flows_reviewed",
            format!(
                "{}さんが{}に確かめた後に、情報流が変わりました（{}件から{count}件）。",
                reviewed.by, reviewed.on, reviewed.flows
            ),
            format!("変わった情報流を shirube flows で確かめ、flows_reviewedをflows: {count}、digest: {digest} に改めてください。"),
        ),
        Some(_) => {}
    }
}
