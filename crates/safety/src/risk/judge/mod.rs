//! Rules of evaluation and treatment (guideline 5.1.3 to 5.1.7), as findings on people's decisions.

mod dates;
mod evaluation;
mod factors;
mod measures;
mod options;
mod requests;
mod residual;

use super::{Assessment, Cell, Rated, Treated};
use crate::finding::{File, Finding, Findings, Severity};

/// Judges what people decided, and counts what nobody has decided.
pub fn judge(assessment: &Assessment) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut at = Findings { file: File::Assessment, list: &mut findings };
    open_points(assessment, &mut at);
    attacks_excluded(assessment, &mut at);
    evaluation::check(assessment, &mut at);
    for treated in &assessment.treated {
        let judged = Judged::new(assessment, treated);
        options::check(&judged, &mut at);
        measures::check(&judged, &mut at);
        requests::check(&judged, &mut at);
        residual::check(&judged, &mut at);
    }
    measures::counted(assessment, &mut at);
    requests::counted(assessment, &mut at);
    residual::twice(assessment, &mut at);
    evaluation::untreated(assessment, &mut at);
    dates::check(assessment, &mut at);
    findings
}

/// A treatment with the gravest risk it answers.
struct Judged<'j, 'a> {
    assessment: &'j Assessment<'a>,
    treated: &'j Treated<'a>,
    worst: Option<Rated>,
    /// Pointer into the file.
    here: String,
}

impl<'j, 'a> Judged<'j, 'a> {
    fn new(assessment: &'j Assessment<'a>, treated: &'j Treated<'a>) -> Self {
        let rated = treated.risks.iter().filter_map(|&risk| assessment.rated(&assessment.risks[risk]));
        let worst = rated.max_by_key(|rated| (rated.value, rated.impact));
        Self { assessment, treated, worst, here: format!("/treatments/{}", treated.at) }
    }
}

/// What stays 案, and whether anyone looked beyond the ten threats (RISK-003) and at the rules' reasons (RISK-002).
fn open_points(assessment: &Assessment, at: &mut Findings) {
    let counts = assessment.counts();
    let open = counts.risks - counts.decided;
    if open > 0 {
        at.add(
            Severity::Warning,
            "risk-undecided",
            "/decisions",
            format!("{}件のリスクのうち{open}件は案のままで、人の決定がありません。", counts.risks),
            "shirube assess で案を確かめ、影響度・顕在化率・理由・決めた人と日を decisions に書いてください。",
        );
    }
    if assessment.decisions.threats_reviewed.is_none() {
        at.add(
            Severity::Warning,
            "threats-not-reviewed",
            "",
            "代表的な十の脅威のほかに脅威がないかを検討した記録がありません。",
            "十の脅威はすべてを網羅するものではありません。検討した人・日・結果を threats_reviewed に書いてください。",
        );
    }
    if counts.cells_unconfirmed > 0 {
        at.add(
            Severity::Warning,
            "applicability-unconfirmed",
            "",
            format!(
                "脅威が当てはまらない理由のうち{}件は規則によるもので、人が確かめた記録がありません。",
                counts.cells_unconfirmed
            ),
            "理由を「脅威の当てはめ」で確かめ、確かめた人・日・結果を identification_closed に書いてください。",
        );
    }
}

/// 高度サイバー攻撃 may be out of place here and there, never everywhere (RISK-004).
fn attacks_excluded(assessment: &Assessment, at: &mut Findings) {
    let Some(threat) = assessment.threats.iter().position(|threat| threat.id == "TH03") else { return };
    let cells = || (0..assessment.flows.list.len()).map(|flow| assessment.cell(flow, threat));
    let excluded = cells().any(|cell| matches!(cell, Cell::Excluded(_)));
    if excluded && !cells().any(|cell| matches!(cell, Cell::Risks(_))) {
        at.add(
            Severity::Error,
            "advanced-attack-excluded-everywhere",
            "/not_applicable",
            "高度サイバー攻撃が、どの情報流にも当てはまらないとされています。",
            "少なくともプログラムの動く機器では、リスクとして分析してください（注19）。",
        );
    }
}
