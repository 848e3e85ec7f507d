//! What is not decided yet. A document with an open point stays 案, whoever dates it.

use serde::Serialize;

use crate::conformity::ControlStatus;
use crate::finding::{File, Finding, Findings, Severity};
use crate::model::{Element, RoleKind, termination_gaps};
use crate::risk::ResidualState;
use crate::service::Service;

/// One kind of thing that people have to decide, answer or evaluate, and how much of it is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenPoint {
    /// Stable name; that of the finding that speaks of it, where there is one.
    pub rule: &'static str,
    /// Short name, for a heading.
    pub title: &'static str,
    pub open: usize,
    pub total: usize,
    /// What is counted, e.g. `リスク`.
    pub of: &'static str,
    /// What is open, as covers say it.
    pub text: String,
    /// What has to happen.
    pub advice: &'static str,
}

/// Every kind, also those with nothing open, in the order of the work.
pub(crate) fn all(service: &Service) -> Vec<OpenPoint> {
    let mut points = model(service);
    points.extend(risks(service));
    points.extend(answers(service));
    points.extend(people(service));
    points
}

fn point(
    (rule, title): (&'static str, &'static str),
    (open, total, of): (usize, usize, &'static str),
    text: String,
    advice: &'static str,
) -> OpenPoint {
    OpenPoint { rule, title, open, total, of, text, advice }
}

/// How many findings a rule has; 0 while nothing is known of the rule.
fn found(service: &Service, rules: &[&str]) -> usize {
    service.findings.iter().filter(|finding| rules.contains(&finding.rule)).count()
}

fn model(service: &Service) -> Vec<OpenPoint> {
    let flows = &service.assessment.flows;
    let mut elements: Vec<Element> = flows.list.iter().map(|flow| flow.element).collect();
    elements.sort_unstable();
    elements.dedup();
    let unended = termination_gaps(service.assessment.system, flows).unended.len();
    let unseen = if found(service, &["flows-not-reviewed", "flows-changed-since"]) > 0 { flows.list.len() } else { 0 };
    vec![
        point(
            ("flows-not-reviewed", "人が確かめていない情報流"),
            (unseen, flows.list.len(), "情報流"),
            format!("情報流{}件を人が確かめた記録がない", flows.list.len()),
            "導かれた情報流を人が見て、確かめた人と日を書きます。",
        ),
        point(
            ("termination-missing", "契約終了の情報流がない機器"),
            (unended, elements.len(), "機器・接続"),
            format!("契約終了の情報流のない機器・接続が{unended}件"),
            "契約が終わるときの廃棄や移管を決めます。",
        ),
    ]
}

fn risks(service: &Service) -> Vec<OpenPoint> {
    let assessment = &service.assessment;
    let counts = assessment.counts();
    let undecided = counts.risks - counts.decided;
    let outdated = found(service, &["decision-outdated", "decision-lower"]);
    let mut treated = vec![false; assessment.risks.len()];
    assessment.treated.iter().flat_map(|t| &t.risks).for_each(|&risk| treated[risk] = true);
    let needed: Vec<usize> = (0..assessment.risks.len())
        .filter(|&at| assessment.rated(&assessment.risks[at]).is_some_and(|r| r.decided && r.needed == Some(true)))
        .collect();
    let untreated = needed.iter().filter(|at| !treated[**at]).count();
    let unevaluated = assessment.treated.iter().filter(|t| t.residual() == ResidualState::NotAssessed).count();
    vec![
        point(
            ("risk-undecided", "案のリスク"),
            (undecided, counts.risks, "リスク"),
            format!("リスク{}件のうち{undecided}件は案のまま", counts.risks),
            "影響度と顕在化率を、人が確かめて決めます。",
        ),
        point(
            ("decision-outdated", "見直しの要る決定"),
            (outdated, counts.decided.max(outdated), "決定"),
            format!("前提が変わって見直しの要る決定が{outdated}件"),
            "前提の変わった決定を見直します。",
        ),
        point(
            ("risk-untreated", "対応のないリスク"),
            (untreated, needed.len(), "対応の要るリスク"),
            format!("対応が要るのに対応のないリスクが{untreated}件"),
            "リスクへの対応を決めます。",
        ),
        point(
            ("residual-not-assessed", "未評価の残存リスク"),
            (unevaluated, assessment.treated.len(), "対応"),
            format!("残存するリスクが未評価の対応が{unevaluated}件"),
            "対応の後に残るリスクを評価します。",
        ),
    ]
}

fn answers(service: &Service) -> Vec<OpenPoint> {
    let conformity = &service.answers.conformity;
    let (controls, unanswered) = (conformity.controls.len(), conformity.unanswered());
    let unsigned = conformity.controls.iter().filter(|answered| answered.is_unsigned()).count();
    let open_own = conformity.own.iter().filter(|own| own.is_open()).count();
    let required = conformity.required().count();
    let open = conformity.required().filter(|state| state.status() == ControlStatus::Unanswered).count();
    let answered = |status| status != ControlStatus::Unanswered;
    let unsigned_lines =
        conformity.statutory.iter().filter(|state| answered(state.status()) && !state.is_decided()).count();
    let considerations = &service.answers.considerations;
    let unconsidered = considerations.iter().filter(|state| state.answer.is_none()).count();
    vec![
        point(
            ("consideration-unanswered", "未回答の考慮事項"),
            (unconsidered, considerations.len(), "考慮事項"),
            format!("考慮事項{}件のうち{unconsidered}件は未回答", considerations.len()),
            "設計で特に考える六つの問いに答えます。",
        ),
        point(
            ("control-unanswered", "未回答の対策項目"),
            (unanswered, controls, "対策項目"),
            format!("対策項目{controls}件のうち{unanswered}件は未回答"),
            "全項目について、対応の状況を答えます。",
        ),
        point(
            ("control-unsigned", "決めた人のいない答え"),
            (unsigned, controls - unanswered, "対策項目の答え"),
            format!("対策項目の答え{unsigned}件に決めた人がいない"),
            "答えを確かめた人と日を書きます。",
        ),
        point(
            ("own-control-open", "決まっていない独自の対策項目"),
            (open_own, conformity.own.len(), "独自の対策項目"),
            format!("独自の対策項目{}件のうち{open_own}件は、承認か答えが決まっていない", conformity.own.len()),
            "独自の対策項目を別の人が承認し、答えと決めた人を書きます。",
        ),
        point(
            ("statutory-unanswered", "未回答の制度上の要求事項"),
            (open, required, "確認行"),
            format!("制度上の要求事項{required}行のうち{open}行は未回答"),
            "第6章は、すべての対象事業者が答えます。",
        ),
        point(
            ("statutory-unsigned", "決めた人のいない第6章の答え"),
            (unsigned_lines, conformity.statutory.len() - open, "第6章の答え"),
            format!("制度上の要求事項の答え{unsigned_lines}件に決めた人がいない"),
            "答えを確かめた人と日を書きます。",
        ),
    ]
}

fn people(service: &Service) -> Vec<OpenPoint> {
    let roles = &service.files.service.roles;
    let named = |kind: &&RoleKind| roles.iter().any(|role| role.role == **kind && !role.name.trim().is_empty());
    let (all, missing) = (RoleKind::ALL.len(), RoleKind::ALL.iter().filter(|kind| !named(kind)).count());
    let errors = service.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    vec![
        point(
            ("role-missing", "決まっていない責任者"),
            (missing, all, "責任者"),
            format!("責任者{all}名のうち{missing}名が未定"),
            "四つの責任者を決めます。",
        ),
        point(
            ("errors", "要対応の指摘"),
            (errors, service.findings.len(), "指摘"),
            format!("要対応の指摘が{errors}件"),
            "決まりに反するところや、つながらない参照を直します。",
        ),
    ]
}

/// Says why a dated document is still 案.
pub(crate) fn issue_blocked(service: &Service) -> Option<Finding> {
    service.files.service.document.issued_on?;
    let open: Vec<String> = service.open_points().map(|point| point.text.clone()).collect();
    if open.is_empty() {
        return None;
    }
    let mut findings = Vec::new();
    Findings { file: File::Service, list: &mut findings }.add(
        Severity::Warning,
        "issue-blocked",
        "/document/issued_on",
        format!("発行日が書かれていますが、次の点が決まっていないため「案」のままです: {}。", open.join("、")),
        "すべて決まると「案」が外れます。まだ発行しないのであれば、issued_onを外してください。",
    );
    findings.pop()
}
