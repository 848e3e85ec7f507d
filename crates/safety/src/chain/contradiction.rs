//! Where both sides say different things: each believes that the other does it, or that it is done.

use serde::Serialize;

use super::{ControlOrigin, Used, report};
use crate::choice::choice;
use crate::conformity::ControlStatus;
use crate::model::{ServiceFile, party_name, reaches};
use crate::service::ServiceFiles;
use crate::stated::{Doer, SharedTask, SupplierStatement, TaskClaim, UseKind};

choice! {
    /// What does not fit together.
    ContradictionKind {
        Nobody = "nobody", "どちらも相手が行うとしている";
        PartLeft = "part-left", "残る分担が決まっていない";
        NotDone = "not-done", "行われていないものに頼っている";
        Both = "both", "どちらも自分が行うとしている";
        Unstated = "unstated", "報告に答えがない";
    }
}

/// One place where the two sides differ, as a Japanese sentence that names both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contradiction {
    pub kind: ContradictionKind,
    /// Number of the control, or id of the task.
    pub about: String,
    /// Id of the supplier.
    pub supplier: String,
    pub text: String,
    /// Where the own side stands in `supply.yaml`.
    #[serde(skip)]
    pub pointer: String,
}

/// Whether a supplier says that it does at least a part, and has done it.
pub(super) fn offers(statement: &SupplierStatement) -> bool {
    matches!(statement.by, Doer::Supplier | Doer::Both) && is_done(statement.status)
}

fn is_done(status: ControlStatus) -> bool {
    matches!(status, ControlStatus::Met | ControlStatus::Alternative)
}

pub(super) fn of_controls(service: &ServiceFile, controls: &[ControlOrigin]) -> Vec<Contradiction> {
    let mut found = Vec::new();
    for line in controls {
        for used in &line.uses {
            let said = judged(service, line, used);
            found.extend(said.map(|(kind, text)| Contradiction {
                kind,
                about: line.control.id.to_string(),
                supplier: used.stated.supplier.clone(),
                text,
                pointer: format!("/uses/{}", used.at),
            }));
        }
    }
    found
}

fn judged(service: &ServiceFile, line: &ControlOrigin, used: &Used) -> Option<(ContradictionKind, String)> {
    let (us, them) = (party_name(service, &service.provider), party_name(service, &used.stated.supplier));
    let id = line.control.id;
    let ours = match used.stated.kind {
        UseKind::Inherited => format!("{id}について、{us}は{them}から受け継ぐとしていますが、"),
        UseKind::Shared => format!("{id}について、{us}は{them}と分担するとしていますが、"),
    };
    // Without any report there is nothing to differ from; that it is missing is told once for the supplier.
    let report = used.report?;
    let Some(statement) = used.statement else {
        let text = format!("{ours}報告「{}」に、この項目への答えがありません。", report.id);
        return Some((ContradictionKind::Unstated, text));
    };
    let kind = used.stated.kind;
    let customer = statement.customer.as_deref().map(|text| format!("（{text}）")).unwrap_or_default();
    match statement.by {
        Doer::Customer => {
            let text = format!("{ours}{them}は、利用する側が行うと報告しています{customer}。");
            Some((ContradictionKind::Nobody, text))
        }
        Doer::Both if kind == UseKind::Inherited => {
            let text = format!("{ours}{them}は、利用する側にも行うことがあると報告しています{customer}。");
            Some((ContradictionKind::PartLeft, text))
        }
        Doer::Both if used.stated.ours.as_deref().is_none_or(|ours| ours.trim().is_empty()) => {
            let text = format!("{ours}{us}が行うことが書かれていません{customer}。");
            Some((ContradictionKind::PartLeft, text))
        }
        _ if relies(line, kind, statement.status) => {
            let text = format!("{ours}報告された状況は「{}」です。", statement.status.term());
            Some((ContradictionKind::NotDone, text))
        }
        _ => None,
    }
}

/// Whether more is said to be done than the supplier reports: by the own answer, or, where there is none, by the mere
/// taking over. Of what is shared, a part may be done while another is not.
fn relies(line: &ControlOrigin, kind: UseKind, reported: ControlStatus) -> bool {
    match (kind, line.answer) {
        (UseKind::Inherited, None) => !is_done(reported),
        (UseKind::Inherited, Some(answer)) => degree(answer.status) > degree(reported),
        (UseKind::Shared, Some(answer)) => is_done(answer.status) && !is_done(reported),
        (UseKind::Shared, None) => false,
    }
}

/// How far something is done: 2 wholly, 1 partly, 0 not at all.
fn degree(status: ControlStatus) -> u8 {
    match status {
        _ if is_done(status) => 2,
        ControlStatus::Partial => 1,
        _ => 0,
    }
}

/// The own table of tasks against what suppliers claim: both say that the other patches the OS.
pub(super) fn of_tasks(files: &ServiceFiles) -> Vec<Contradiction> {
    let supply = &files.supply;
    let judged = |claim: &TaskClaim| {
        let report = report(supply, &claim.report).filter(|report| super::newest(supply, report))?;
        let (at, task) = supply.tasks.iter().enumerate().find(|(_, task)| task.id == claim.task)?;
        let (kind, text) = of_task(files, task, claim, &report.supplier)?;
        let supplier = report.supplier.clone();
        Some(Contradiction { kind, about: task.id.clone(), supplier, text, pointer: format!("/tasks/{at}") })
    };
    supply.claims.iter().filter_map(judged).collect()
}

/// Whether the supplier, with its own suppliers, and whether somebody else does it: by the own table, and by the supplier.
fn of_task(
    files: &ServiceFiles,
    task: &SharedTask,
    claim: &TaskClaim,
    supplier: &str,
) -> Option<(ContradictionKind, String)> {
    let service = &files.service;
    // Whom a supplier uses itself is on its side of the report.
    let is_theirs =
        |id: &str| id == supplier || id != service.provider && reaches(service, id, |customer| customer == supplier);
    let (does, others): (Vec<&String>, Vec<&String>) = task.does.iter().partition(|id| is_theirs(id));
    let (they_say, others_by_them) = match claim.by {
        Doer::Supplier => (true, false),
        Doer::Customer => (false, true),
        Doer::Both => (true, true),
        Doer::Unknown => return None,
    };
    let them = party_name(service, supplier);
    let names = |ids: &[&String]| ids.iter().map(|id| party_name(service, id)).collect::<Vec<_>>().join("、");
    let (theirs, doers) = (names(&does), names(&others));
    let (what, note) = (&task.what, claim.note.as_deref().map(|note| format!("（{note}）")).unwrap_or_default());
    // A task that nobody does is told of by itself.
    Some(match (!does.is_empty(), !others.is_empty(), they_say, others_by_them) {
        (true, false, false, _) => (
            ContradictionKind::Nobody,
            format!("「{what}」は、分担表では{theirs}が行いますが、{them}は利用する側が行うと報告しています{note}。"),
        ),
        (true, true, false, _) => (
            ContradictionKind::NotDone,
            format!(
                "「{what}」は、分担表では{theirs}と{doers}が行いますが、{them}は利用する側だけが行うと報告しています{note}。"
            ),
        ),
        (false, true, true, _) => (
            ContradictionKind::Both,
            format!("「{what}」は、分担表では{doers}が行いますが、{them}も自分が行うと報告しています{note}。"),
        ),
        (true, false, true, true) => (
            ContradictionKind::PartLeft,
            format!("「{what}」は、分担表では{theirs}だけが行いますが、{them}は双方で分担すると報告しています{note}。"),
        ),
        (true, true, true, false) => (
            ContradictionKind::Both,
            format!("「{what}」は、分担表では{doers}も行いますが、{them}は自分だけが行うと報告しています{note}。"),
        ),
        _ => return None,
    })
}
