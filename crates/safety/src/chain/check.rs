//! What is wrong or missing in `supply.yaml`.

use std::collections::HashSet;
use std::hash::Hash;

use shirube_catalog::{Library, shelf};

use super::{Contradiction, SupplierState, TaskLine, known};
use crate::finding::{File, Finding, Findings, Severity};
use crate::service::ServiceFiles;
use crate::stated::{Doer, SupplyFile};

pub(super) fn check(
    files: &ServiceFiles,
    suppliers: &[SupplierState],
    tasks: &[TaskLine],
    contradictions: &[Contradiction],
    library: &'static Library,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut at = Findings { file: File::Supply, list: &mut findings };
    parties(files, &mut at);
    supplying(files, suppliers, &mut at);
    reports(&files.supply, &mut at);
    controls(&files.supply, library, &mut at);
    answers(&files.supply, library, &mut at);
    editions(&files.supply, &mut at);
    assigned(tasks, &mut at);
    for one in contradictions {
        let advice = "相手と話し合い、分担表か受け継ぎ方を直すか、報告を出し直してもらってください。";
        at.add(Severity::Error, "supply-contradiction", one.pointer.clone(), one.text.clone(), advice);
    }
    if files.supply != SupplyFile::default() {
        reported(suppliers, &mut at);
    }
    findings
}

/// Ids of organisations that do not exist.
fn parties(files: &ServiceFiles, at: &mut Findings) {
    let exists = |id: &str| files.service.parties.iter().any(|party| party.id == id);
    let supply = &files.supply;
    let mut named: Vec<(String, &str)> = Vec::new();
    for (i, task) in supply.tasks.iter().enumerate() {
        let all = task.does.iter().chain(&task.accountable).chain(&task.supports).chain(&task.informed);
        named.extend(all.map(|id| (format!("/tasks/{i}"), id.as_str())));
    }
    named.extend(
        supply.requests.iter().enumerate().map(|(i, one)| (format!("/requests/{i}/supplier"), one.supplier.as_str())),
    );
    named.extend(
        supply.reports.iter().enumerate().map(|(i, one)| (format!("/reports/{i}/supplier"), one.supplier.as_str())),
    );
    named.extend(supply.uses.iter().enumerate().map(|(i, one)| (format!("/uses/{i}/supplier"), one.supplier.as_str())));
    for (pointer, id) in named.into_iter().filter(|(_, id)| !exists(id)) {
        let message = format!("組織「{id}」は、shirube.yamlのpartiesにありません。");
        at.add(Severity::Error, "party-unknown", pointer, message, "partiesに書いたidと同じ綴りで書いてください。");
    }
}

/// Requests, reports and uses of an organisation that supplies nothing, and uses that rest on no report.
fn supplying(files: &ServiceFiles, suppliers: &[SupplierState], at: &mut Findings) {
    let supply = &files.supply;
    let is_party = |id: &str| files.service.parties.iter().any(|party| party.id == id);
    let supplies = |id: &str| suppliers.iter().any(|one| one.party.id == id);
    let requests = supply.requests.iter().enumerate().map(|(i, one)| (format!("/requests/{i}"), &one.supplier));
    let reports = supply.reports.iter().enumerate().map(|(i, one)| (format!("/reports/{i}"), &one.supplier));
    let uses = supply.uses.iter().enumerate().map(|(i, one)| (format!("/uses/{i}"), &one.supplier));
    for (pointer, id) in requests.chain(reports).chain(uses).filter(|(_, id)| is_party(id) && !supplies(id)) {
        let message = format!("「{id}」は、このサービスに何も提供していない組織です。");
        let advice = "提供している組織のidに直すか、shirube.yamlのsupply_chainに提供の関係を書いてください。";
        at.add(Severity::Error, "supply-no-supplier", format!("{pointer}/supplier"), message, advice);
    }
    let has_report = |id: &str| supply.reports.iter().any(|report| report.supplier == id);
    let unreported =
        supply.uses.iter().enumerate().filter(|(_, one)| supplies(&one.supplier) && !has_report(&one.supplier));
    for (i, one) in unreported {
        let message =
            format!("{}を{}に頼っていますが、{}からの報告がまだありません。", one.control, one.supplier, one.supplier);
        at.add(Severity::Warning, "supply-use-unreported", format!("/uses/{i}"), message, "報告を求めてください。");
    }
}

/// References to reports and tasks, and ids that stand twice.
fn reports(supply: &SupplyFile, at: &mut Findings) {
    twice(supply.tasks.iter().map(|task| task.id.as_str()), "tasks", at);
    twice(supply.requests.iter().map(|request| request.id.as_str()), "requests", at);
    twice(supply.reports.iter().map(|report| report.id.as_str()), "reports", at);
    let report = |id: &str| supply.reports.iter().find(|report| report.id == id);
    let unknown = |at: &mut Findings, pointer: String, what: &str, id: &str| {
        let message = format!("{what}「{id}」はありません。");
        at.add(
            Severity::Error,
            "supply-reference",
            pointer,
            message,
            "supply.yamlに書いたidと同じ綴りで書いてください。",
        );
    };
    for (i, request) in supply.requests.iter().enumerate() {
        if let Some(id) = request.report.as_deref().filter(|id| report(id).is_none()) {
            unknown(at, format!("/requests/{i}/report"), "報告", id);
        }
    }
    for (i, statement) in supply.statements.iter().enumerate().filter(|(_, one)| report(&one.report).is_none()) {
        unknown(at, format!("/statements/{i}/report"), "報告", &statement.report);
    }
    for (i, claim) in supply.claims.iter().enumerate() {
        if report(&claim.report).is_none() {
            unknown(at, format!("/claims/{i}/report"), "報告", &claim.report);
        }
        if !supply.tasks.iter().any(|task| task.id == claim.task) {
            unknown(at, format!("/claims/{i}/task"), "作業", &claim.task);
        }
    }
    for (i, one) in supply.uses.iter().enumerate() {
        let Some(id) = &one.report else { continue };
        match report(id) {
            None => unknown(at, format!("/uses/{i}/report"), "報告", id),
            Some(found) if found.supplier != one.supplier => {
                let message = format!(
                    "報告「{id}」は、{}からのもので、{}からのものではありません。",
                    found.supplier, one.supplier
                );
                let advice = "受け継ぐ元の組織か、報告のidを直してください。";
                at.add(Severity::Error, "supply-reference", format!("/uses/{i}/report"), message, advice);
            }
            Some(_) => {}
        }
    }
}

fn twice<'a>(ids: impl Iterator<Item = &'a str>, list: &str, at: &mut Findings) {
    let mut seen = HashSet::new();
    for (i, id) in ids.enumerate() {
        if !seen.insert(id) {
            let message = format!("id「{id}」が二つあります。");
            at.add(Severity::Error, "id-repeated", format!("/{list}/{i}/id"), message, "別のidにしてください。");
        }
    }
}

/// Answers that stand twice: only one of them would count, and nobody would see which.
fn answers(supply: &SupplyFile, library: &'static Library, at: &mut Findings) {
    // A number may be written in two ways.
    let number = |written: &str| known(written, library).map_or_else(|| written.to_owned(), |one| one.id.to_string());
    let statements = supply.statements.iter().map(|one| (one.report.as_str(), number(&one.control)));
    for (i, (report, control)) in repeated(statements) {
        let message = format!("報告「{report}」に、{control}への答えが二つあります。");
        answered_twice(format!("/statements/{i}"), message, at);
    }
    for (i, (report, task)) in repeated(supply.claims.iter().map(|one| (one.report.as_str(), one.task.as_str()))) {
        let message = format!("報告「{report}」に、作業「{task}」への答えが二つあります。");
        answered_twice(format!("/claims/{i}"), message, at);
    }
    let uses = supply.uses.iter().map(|one| (number(&one.control), one.supplier.as_str()));
    for (i, (control, supplier)) in repeated(uses) {
        let message = format!("{control}の、{supplier}からの受け継ぎ方が二つあります。");
        answered_twice(format!("/uses/{i}"), message, at);
    }
    for (i, control) in repeated(supply.offers.iter().map(|one| number(&one.control))) {
        answered_twice(format!("/offers/{i}"), format!("{control}について示す分担が二つあります。"), at);
    }
}

fn answered_twice(pointer: String, message: String, at: &mut Findings) {
    at.add(Severity::Error, "supply-answer-repeated", pointer, message, "正しいものを一つだけ残してください。");
}

/// Editions that no catalog has: typed by hand, they can name none that a report rests on.
fn editions(supply: &SupplyFile, at: &mut Findings) {
    let is_known = |id: &str| shelf().catalog(id).is_some() || shelf().history.iter().any(|edition| edition.id == id);
    for (i, report) in supply.reports.iter().enumerate() {
        for edition in report.editions.iter().filter(|id| !is_known(id)) {
            let message = format!("報告「{}」が拠りどころとした版「{edition}」は知られていません。", report.id);
            let advice = "pg-1.0 のように、一つずつ書いてください。版は shirube catalog history で確かめられます。";
            at.add(Severity::Warning, "edition-unknown", format!("/reports/{i}/editions"), message, advice);
        }
    }
}

/// Whatever stood in the list before, with its place.
fn repeated<T: Clone + Eq + Hash>(all: impl Iterator<Item = T>) -> Vec<(usize, T)> {
    let mut seen = HashSet::new();
    all.enumerate().filter(|(_, one)| !seen.insert(one.clone())).collect()
}

fn controls(supply: &SupplyFile, library: &'static Library, at: &mut Findings) {
    let mut named: Vec<(String, &str)> = Vec::new();
    let number = |list: &str, i: usize| format!("/{list}/{i}/control");
    named.extend(supply.statements.iter().enumerate().map(|(i, one)| (number("statements", i), one.control.as_str())));
    named.extend(supply.uses.iter().enumerate().map(|(i, one)| (number("uses", i), one.control.as_str())));
    named.extend(supply.offers.iter().enumerate().map(|(i, one)| (number("offers", i), one.control.as_str())));
    for (pointer, id) in named.into_iter().filter(|(_, id)| known(id, library).is_none()) {
        let message = format!("対策項目「{id}」は、別紙2にありません。");
        let advice = "3.4①-14 又は 3.4-1-14 のように書いてください。一覧は shirube catalog list で見られます。";
        at.add(Severity::Error, "control-unknown", pointer, message, advice);
    }
    for (i, offer) in supply.offers.iter().enumerate() {
        let left = matches!(offer.by, Doer::Customer | Doer::Both) && offer.customer.is_none();
        if left {
            let message = format!(
                "{}は利用する側にも行うことがあるとしていますが、何をするかが書かれていません。",
                offer.control
            );
            let advice = "customerに、利用する側で行うことを書いてください。";
            at.add(Severity::Warning, "supply-offer-empty", format!("/offers/{i}"), message, advice);
        }
    }
}

/// PARTY-018: a row that is nobody's keeps documents from being issued.
fn assigned(tasks: &[TaskLine], at: &mut Findings) {
    for (i, line) in tasks.iter().enumerate().filter(|(_, line)| !line.is_assigned()) {
        let missing = match (line.task.does.is_empty(), line.task.accountable.is_none()) {
            (true, true) => "実施する組織と責任を負う組織",
            (true, false) => "実施する組織",
            _ => "責任を負う組織",
        };
        let message = format!("作業「{}」に、{missing}が書かれていません。", line.task.what);
        let advice = "doesに実施する組織、accountableに責任を負う組織を書いてください。";
        at.add(Severity::Error, "supply-task-unassigned", format!("/tasks/{i}"), message, advice);
    }
}

/// PARTY-007: who promised to report and did not.
fn reported(suppliers: &[SupplierState], at: &mut Findings) {
    for supplier in suppliers.iter().filter(|one| one.has_promised() && one.reports.is_empty()) {
        let asked = supplier.open_requests().last().map(|request| format!("（{}に依頼済み）", request.on));
        let message = format!(
            "{}は状況を報告する約束になっていますが、報告がまだありません{}。",
            supplier.party.name,
            asked.unwrap_or_default()
        );
        let advice = "報告を求めてください。依頼はrequestsに、届いた報告はreportsに書きます。";
        at.add(Severity::Warning, "supply-unreported", "/reports", message, advice);
    }
}
