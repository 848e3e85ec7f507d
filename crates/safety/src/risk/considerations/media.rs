//! ⑤: small memories.

use super::{ConsiderationState, medical_nodes, say, used_by_people};
use crate::finding::{File, Findings, Severity};
use crate::model::RemovableMedia;
use crate::risk::{Assessment, ExceptionGrant};

/// ⑤ Small memories are in principle barred; an exception names its devices and its period (TREAT-017).
pub(super) fn small(assessment: &Assessment, state: &mut ConsiderationState) {
    let valid = exceptions(assessment, state);
    for (at, _) in medical_nodes(assessment) {
        let node = &assessment.system.nodes[at];
        let open = matches!(node.removable_media, RemovableMedia::Open | RemovableMedia::Unknown);
        let excepted = valid.iter().any(|exception| exception.nodes.contains(&node.id));
        if used_by_people(node) && open && !excepted {
            let message = format!(
                "「{}」で小型半導体メモリなどの外部媒体を制限していることが確認できませんでした（今: {}）。",
                node.name,
                node.removable_media.term()
            );
            let advice = "使えないようにする（blocked）か、登録した媒体だけにする（registered）か、例外の承認と機器（nodes）を考慮事項⑤の答えに書いてください。";
            say(state, "small-media", format!("/nodes/{at}"), message, advice);
        }
    }
}

/// The exceptions that hold; tells of those that do not.
fn exceptions<'a>(assessment: &Assessment, state: &mut ConsiderationState<'a>) -> Vec<&'a ExceptionGrant> {
    let Some(answer) = state.answer else { return Vec::new() };
    let issued = assessment.service.document.issued_on;
    let mut valid = Vec::new();
    let mut at = Findings { file: File::Assessment, list: &mut state.findings };
    for (e, exception) in answer.exceptions.iter().enumerate() {
        let here = format!("{}/exceptions/{e}", state.pointer);
        for (n, id) in exception.nodes.iter().enumerate() {
            if assessment.system.nodes.iter().all(|node| node.id != *id) {
                at.add(
                    Severity::Error,
                    "reference-missing",
                    format!("{here}/nodes/{n}"),
                    format!("「{id}」は機器（nodes）の一覧にありません。"),
                    "system.yamlのnodesのidを書いてください。",
                );
            }
        }
        let passed = issued.filter(|issued| exception.to < *issued);
        let message = if exception.to < exception.from {
            format!(
                "例外「{}」の終わり（{}）が、始まり（{}）より前になっています。",
                exception.what, exception.to, exception.from
            )
        } else if let Some(issued) = passed {
            format!(
                "例外「{}」の期間は{}までで、文書の発行日（{issued}）にはもう過ぎています。",
                exception.what, exception.to
            )
        } else {
            valid.push(exception);
            continue;
        };
        let advice = "期間を確かめて承認を取り直すか、例外を外してください。この例外は数えません。";
        at.add(Severity::Error, "exception-period", here, message, advice);
    }
    valid
}
