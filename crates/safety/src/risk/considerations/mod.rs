//! The six special considerations of 5.1.5(1)(イ), answered by people and checked against the model.

mod media;
mod network;

use shirube_catalog::Consideration;

use super::{Assessment, ConsiderationAnswer, ConsiderationId};
use crate::finding::{File, Finding, Findings, Place, Severity};
use crate::model::{Answer, Authentication, Date, Element, Node, NodeKind};
use crate::text::is_blank;

/// One consideration with the answer and what the model says against it.
#[derive(Debug)]
pub struct ConsiderationState<'a> {
    pub id: ConsiderationId,
    pub item: &'static Consideration,
    pub answer: Option<&'a ConsiderationAnswer>,
    /// Elements of the model that stand against it or are not confirmed.
    pub findings: Vec<Finding>,
    /// Place of the answer in the file.
    pointer: String,
    /// When it will be met, unless that day has passed.
    planned_on: Option<Date>,
}

/// Checks all six.
pub fn considerations<'a>(assessment: &Assessment<'a>) -> Vec<ConsiderationState<'a>> {
    let items = ConsiderationId::ALL.iter().filter_map(|&id| {
        let item = assessment.library.provider.considerations.iter().find(|item| item.id == id.token())?;
        Some((id, item))
    });
    items
        .map(|(id, item)| {
            let mut state = answered(assessment, id, item);
            match id {
                ConsiderationId::Authentication => authentication(assessment, &mut state),
                ConsiderationId::LogRetention => log_retention(assessment, &mut state),
                ConsiderationId::NetworkPath => network::path(assessment, &mut state),
                ConsiderationId::WirelessLan => network::wireless(assessment, &mut state),
                ConsiderationId::SmallMedia => media::small(assessment, &mut state),
                ConsiderationId::Continuity => continuity(&mut state),
            }
            state
        })
        .collect()
}

/// The answer to one consideration, and what is wrong with the answer itself.
fn answered<'a>(
    assessment: &Assessment<'a>,
    id: ConsiderationId,
    item: &'static Consideration,
) -> ConsiderationState<'a> {
    let mut answers = assessment.decisions.considerations.iter().enumerate().filter(|(_, answer)| answer.item == id);
    let first = answers.next();
    let answer = first.map(|(_, answer)| answer);
    let pointer = first.map_or_else(|| "/considerations".to_owned(), |(at, _)| format!("/considerations/{at}"));
    let mut findings = Vec::new();
    let mut at = Findings { file: File::Assessment, list: &mut findings };
    if answer.is_none() {
        at.add(
            Severity::Warning,
            "consideration-unanswered",
            "/considerations",
            format!("考慮事項{}「{}」に答えがありません。", item.mark, item.title),
            item.question.clone(),
        );
    }
    for (again, _) in answers {
        at.add(
            Severity::Error,
            "consideration-twice",
            format!("/considerations/{again}"),
            format!("考慮事項{}「{}」に、答えが二つあります。先に書かれたものを採ります。", item.mark, item.title),
            "一つにまとめてください。",
        );
    }
    let mut planned_on = answer.and_then(|answer| answer.planned_on);
    if let Some((answer, planned)) = answer.zip(planned_on) {
        let issued = assessment.service.document.issued_on;
        let day = issued.map_or(answer.decided.on, |issued| issued.max(answer.decided.on));
        if planned < day {
            planned_on = None;
            at.add(
                Severity::Warning,
                "plan-overdue",
                format!("{pointer}/planned_on"),
                format!("考慮事項{}の実施予定日（{planned}）は、{day}にはもう過ぎています。", item.mark),
                "実施したのであればモデルに書き、遅れているのであれば予定日を改めてください。",
            );
        }
    }
    ConsiderationState { id, item, answer, findings, pointer, planned_on }
}

/// Tells what in the model stands against a consideration; what is planned is still told, but weighs less.
fn say(state: &mut ConsiderationState, rule: &'static str, pointer: String, message: String, advice: &str) {
    tell(state, Severity::Warning, rule, pointer, message, advice);
}

fn tell(
    state: &mut ConsiderationState,
    severity: Severity,
    rule: &'static str,
    pointer: String,
    mut message: String,
    advice: &str,
) {
    if let Some(planned) = state.planned_on {
        message = format!("{}（{planned}に実施予定）。", message.trim_end_matches('。'));
    }
    let severity = if state.planned_on.is_some() { Severity::Note } else { severity };
    let advice = advice.to_owned();
    state.findings.push(Finding { severity, rule, place: Place::new(File::System, pointer), message, advice });
}

/// Indices of nodes that handle 医療情報, and whether people handle something there.
fn medical_nodes(assessment: &Assessment) -> Vec<(usize, bool)> {
    let mut nodes: Vec<Option<bool>> = vec![None; assessment.system.nodes.len()];
    let mut people = vec![false; nodes.len()];
    for flow in &assessment.flows.list {
        let Element::Node(at) = flow.element else { continue };
        people[at] |= flow.actor.is_some() && flow.phase != crate::model::Phase::Termination;
        if assessment.system.information[flow.information].medical == Answer::Yes {
            nodes[at] = Some(true);
        }
    }
    nodes.iter().zip(people).enumerate().filter_map(|(at, (medical, people))| medical.map(|_| (at, people))).collect()
}

fn used_by_people(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Terminal | NodeKind::MobileTerminal)
}

/// ① Two different kinds of factor, for users at their terminals and for those who run the servers (TREAT-013).
fn authentication(assessment: &Assessment, state: &mut ConsiderationState) {
    for (at, people) in medical_nodes(assessment) {
        let node = &assessment.system.nodes[at];
        let mut kinds = node.factors.clone();
        kinds.sort_unstable();
        kinds.dedup();
        let enough = kinds.len() >= 2 || (kinds.is_empty() && node.authentication == Authentication::MultiFactor);
        let run_by_people = people && (node.kind.is_server() || node.kind == NodeKind::NetworkEquipment);
        if enough || !(used_by_people(node) || run_by_people) {
            continue;
        }
        let now = if node.factors.is_empty() { node.authentication.term() } else { "同じ種類の要素だけ" };
        let who = if used_by_people(node) { "" } else { "管理に当たる人の、" };
        say(
            state,
            "two-factor-missing",
            format!("/nodes/{at}"),
            format!("「{}」で、{who}種類の異なる二つの要素による認証が確認できませんでした（今: {now}）。", node.name),
            "factorsに使う要素を書くか、考慮事項①の答えに実施予定日（planned_on）を書いてください。",
        );
    }
}

/// ② Access logs at least as long as the longest statutory period (TREAT-014).
fn log_retention(assessment: &Assessment, state: &mut ConsiderationState) {
    let mut longest: Vec<Option<(u32, &str)>> = vec![None; assessment.system.nodes.len()];
    for flow in &assessment.flows.list {
        let Element::Node(at) = flow.element else { continue };
        let documents = &assessment.system.information[flow.information].documents;
        let kept = documents.iter().filter_map(|document| Some((document.retention_years?, document.name.as_str())));
        longest[at] = longest[at].into_iter().chain(kept).max();
    }
    for (at, _) in medical_nodes(assessment) {
        let node = &assessment.system.nodes[at];
        let Some((years, document)) = longest[at].filter(|_| node.kind.is_server()) else {
            continue;
        };
        let (message, advice) = match node.log_retention_years {
            Some(kept) if kept >= years => continue,
            Some(kept) => (
                format!(
                    "「{}」のアクセスログの保存は{kept}年で、扱う{document}の保存年限（{years}年）より短くなっています。",
                    node.name
                ),
                "保存期間を法定保存年限以上にしてください。",
            ),
            None => (
                format!(
                    "「{}」のアクセスログの保存期間が確認できませんでした（扱う{document}の保存年限は{years}年）。",
                    node.name
                ),
                "log_retention_yearsに年数を書いてください。",
            ),
        };
        say(state, "log-retention", format!("/nodes/{at}"), message, advice);
    }
}

/// ⑥ Three situations (TREAT-018).
fn continuity(state: &mut ConsiderationState) {
    let Some(answer) = state.answer else { return };
    let missing: Vec<&str> = match &answer.continuity {
        None => vec!["災害などによる停止", "傷病者の殺到", "復旧後の欠損・不連続"],
        Some(c) => {
            let situations = [
                ("災害などによる停止", &c.disaster_stop),
                ("傷病者の殺到", &c.mass_demand),
                ("復旧後の欠損・不連続", &c.restart_with_loss),
            ];
            situations.into_iter().filter(|(_, text)| is_blank(text)).map(|(name, _)| name).collect()
        }
    };
    if !missing.is_empty() {
        let message = format!("事業継続計画で、{}への備えが書かれていません。", missing.join("・"));
        let pointer = state.pointer.clone();
        Findings { file: File::Assessment, list: &mut state.findings }.add(
            Severity::Warning,
            "continuity-situation",
            pointer,
            message,
            "continuityに三つの場面それぞれの備えを書いてください。",
        );
    }
}
