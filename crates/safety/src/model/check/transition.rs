//! Findings on the change from one edition to the next (CATALOG-012).

use shirube_catalog::{Shelf, shelf};

use crate::finding::{Findings, Severity};
use crate::model::{EditionRole, ServiceFile, editions_on, reckoned_on};

pub(super) fn check(service: &ServiceFile, at: &mut Findings) {
    for (i, change) in service.edition_changes.iter().enumerate() {
        let here = format!("/edition_changes/{i}");
        let known = |shelf: &Shelf, id: &str| shelf.catalog(id).is_some() || shelf.history.iter().any(|e| e.id == id);
        if !known(shelf(), &change.edition) {
            at.add(
                Severity::Warning,
                "edition-unknown",
                format!("{here}/edition"),
                format!("版「{}」は知られていません。", change.edition),
                "shirube catalog history で版を確かめてください。新しい版であれば、shirube catalog add で加えられます。",
            );
        }
        let earlier = service.edition_changes[..i].iter().any(|earlier| earlier.edition == change.replaces);
        if !service.editions.contains(&change.replaces) && !earlier {
            at.add(
                Severity::Error,
                "edition-replaces",
                format!("{here}/replaces"),
                format!("置き換わる版「{}」は、editionsにありません。", change.replaces),
                "今の拠りどころとしてeditionsに書いた版を書いてください。",
            );
        }
        if change.leads_from.is_some_and(|date| date < change.from) {
            at.add(
                Severity::Error,
                "edition-dates",
                format!("{here}/leads_from"),
                format!("「{}」が主となる日が、並行して答え始める日より前です。", change.edition),
                "leads_fromをfrom以後の日にしてください。",
            );
        }
    }
    if !service.edition_changes.is_empty() {
        leading(service, at);
    }
}

/// Says what leads on the day of the documents.
fn leading(service: &ServiceFile, at: &mut Findings) {
    let day = reckoned_on(service);
    let Some(date) = day else {
        at.add(
            Severity::Warning,
            "edition-day-missing",
            "/edition_changes",
            "文書の発行日も適用開始日もないため、どの版が主となるかを決められません。",
            "documentに、発行日（issued_on）か適用開始日（valid_from）を書いてください。",
        );
        return;
    };
    let roles = editions_on(service, day);
    let told: Vec<String> = roles.iter().map(|(id, role)| format!("{id}（{}）", role.term())).collect();
    at.add(
        Severity::Note,
        "edition-leading",
        "/edition_changes",
        format!("文書の日（{date}）の版: {}。", told.join("、")),
        "主となる版と、並行して答える版を、医療機関等との合意と照らし合わせてください。",
    );
    let answered = ["pg-1.0", "mhlw-5.0"];
    let ahead: Vec<&str> = roles
        .iter()
        .filter(|(id, role)| *role == EditionRole::Leading && !answered.contains(id))
        .map(|(id, _)| *id)
        .collect();
    if !ahead.is_empty() {
        at.add(
            Severity::Warning,
            "edition-ahead",
            "/edition_changes",
            format!(
                "文書の日には{}が主となりますが、conformity.yamlの答えはpg-1.0の対策項目へのものです。",
                ahead.join("と")
            ),
            "shirube catalog migrate で新しい版への引き継ぎの案を作り、確かめた答えを書いてください。",
        );
    }
}
