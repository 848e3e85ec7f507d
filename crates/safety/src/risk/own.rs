//! What people add to the rules: threats and risks of their own, and pairs that do not apply (RISK-003, RISK-004).

use std::collections::{HashMap, HashSet};

use shirube_catalog::Library;

use super::assessment::{Assessment, ThreatName};
use super::{AssessmentFile, Rules, Signed};
use crate::finding::{Findings, Severity};

/// By index of the flow and of the threat.
pub(super) type ByCell<T> = HashMap<(usize, usize), T>;

/// The ten threats of table 5-1, then the service's own; an id that is taken is told and left out.
pub(super) fn threats(decisions: &AssessmentFile, library: &Library, at: &mut Findings) -> Vec<ThreatName> {
    let of_the_guideline = library.provider.threats.iter();
    let mut threats: Vec<ThreatName> = of_the_guideline
        .map(|threat| ThreatName { id: threat.id.clone(), name: threat.name.clone(), own: false })
        .collect();
    for (i, own) in decisions.threats.iter().enumerate() {
        let here = format!("/threats/{i}/id");
        match threats.iter().find(|known| known.id == own.id) {
            Some(ThreatName { own: false, .. }) => at.add(
                Severity::Error,
                "threat-reserved",
                here,
                format!("「{}」は代表的な脅威のidです。", own.id),
                "独自の脅威のidは「OWN-」で始めてください。",
            ),
            Some(known) => at.add(
                Severity::Error,
                "id-twice",
                here,
                format!("脅威のid「{}」は「{}」にも使われています。後のものは採りません。", own.id, known.name),
                "どちらかを別のidにしてください。",
            ),
            None => threats.push(ThreatName { id: own.id.clone(), name: own.name.clone(), own: true }),
        }
    }
    threats
}

/// Why an own threat does not apply where no risk of it is written.
pub(super) fn otherwise<'a>(decisions: &'a AssessmentFile, threat: &str) -> Option<&'a str> {
    let own = decisions.threats.iter().find(|own| own.id == threat);
    own.map(|own| own.otherwise.as_str())
}

/// People's own risks by cell. An id that another risk has would take over its decisions, so it is not taken.
pub(super) fn risks(assessment: &Assessment, rules: &Rules, at: &mut Findings) -> ByCell<Vec<usize>> {
    let mut found: ByCell<Vec<usize>> = HashMap::new();
    let mut taken = HashSet::new();
    for (i, own) in assessment.decisions.risks.iter().enumerate() {
        let Some(cell) = cell_of(assessment, &own.flow, &own.threat, &format!("/risks/{i}"), at) else {
            continue;
        };
        let here = format!("/risks/{i}/id");
        if rules.has(&own.threat, &own.id) {
            at.add(
                Severity::Error,
                "own-risk-reserved",
                here,
                format!("リスクのid「{}」は、脅威{}の規則が使っています。このリスクは採りません。", own.id, own.threat),
                "別のidにしてください。規則によるリスクの文を変えたいときは、decisionsのstatementに書きます。",
            );
        } else if !taken.insert((cell, own.id.as_str())) {
            at.add(
                Severity::Error,
                "id-twice",
                here,
                format!("同じ情報流と脅威のリスクのid「{}」が、前にもあります。後のものは採りません。", own.id),
                "どちらかを別のidにしてください。",
            );
        } else {
            found.entry(cell).or_default().push(i);
        }
    }
    found
}

/// Words that give a closed network as the reason; being in one is no reason against 高度サイバー攻撃 (note 19).
const CLOSED: [&str; 5] = [
    "閉域",
    "クローズド",
    "インターネットに接続していない",
    "インターネットにつながっていない",
    "外部と接続していない",
];

/// Words that may give it.
const SUSPECTED: [&str; 8] = [
    "専用線",
    "隔離",
    "分離",
    "スタンドアロン",
    "スタンドアローン",
    "外部ネットワーク",
    "オフライン",
    "インターネット",
];

/// People's exclusions.
pub(super) fn exclusions<'a>(assessment: &Assessment<'a>, at: &mut Findings) -> ByCell<&'a Signed> {
    let mut found = HashMap::new();
    let decisions = assessment.decisions;
    for (i, exclusion) in decisions.not_applicable.iter().enumerate() {
        let here = format!("/not_applicable/{i}");
        let Some(cell) = cell_of(assessment, &exclusion.flow, &exclusion.threat, &here, at) else {
            continue;
        };
        let says = |words: &[&str]| words.iter().any(|word| exclusion.decided.reason.contains(word));
        if exclusion.threat == "TH03" && says(&CLOSED) {
            at.add(
                Severity::Error,
                "closed-network-reason",
                format!("{here}/decided/reason"),
                "閉域網であることは、高度サイバー攻撃が当てはまらない理由になりません（注19）。この決定は採りません。",
                "リスクとして分析するか、ほかの理由を書いてください。",
            );
            continue;
        }
        if exclusion.threat == "TH03" && says(&SUSPECTED) {
            at.add(
                Severity::Warning,
                "closed-network-suspected",
                format!("{here}/decided/reason"),
                "高度サイバー攻撃が当てはまらない理由が、ネットワークから切り離されていることだけのようです。",
                "閉じた経路にも保守や媒体から攻撃が及びます（注19）。ほかの理由があれば書き、なければリスクとして分析してください。",
            );
        }
        if found.insert(cell, &exclusion.decided).is_some() {
            at.add(
                Severity::Warning,
                "exclusion-twice",
                here,
                "同じ情報流と脅威について、当てはまらないという決定が二度書かれています。",
                "どちらかを外してください。後のものを採ります。",
            );
        }
    }
    found
}

/// The cell that two ids of `assessment.yaml` name; tells if it does not exist.
fn cell_of(assessment: &Assessment, flow: &str, threat: &str, here: &str, at: &mut Findings) -> Option<(usize, usize)> {
    let found_flow = assessment.flows.index(flow);
    let found_threat = assessment.threats.iter().position(|known| known.id == threat);
    if found_flow.is_none() {
        at.add(
            Severity::Warning,
            "flow-gone",
            format!("{here}/flow"),
            format!("情報流「{flow}」は、今のモデルにありません。"),
            "モデルの変更でなくなったのであれば、この記載を外してください。今のidは shirube flows で確かめられます。",
        );
    }
    if found_threat.is_none() {
        at.add(
            Severity::Error,
            "threat-unknown",
            format!("{here}/threat"),
            format!("脅威「{threat}」はありません。"),
            "TH01～TH10、又はthreatsに書いた「OWN-」で始まるidを書いてください。",
        );
    }
    Some((found_flow?, found_threat?))
}
