//! What was done otherwise than the rules have it.

use super::{CONSENTS, NOTICES, Notice, Terms};
use crate::Severity;
use crate::operation::register::{Records, Told};

/// Everything to tell, in the order of the register.
pub fn check(records: &Records, terms: &Terms) -> Vec<Told> {
    let Some(book) = records.book(NOTICES) else { return Vec::new() };
    let mut told = Vec::new();
    for notice in Notice::all(records, terms) {
        let mut tell = |column: &str, severity: Severity, rule: &'static str, message: String, advice: &str| {
            let (file, row) = (book.file.clone(), notice.entry.row);
            let (column, advice) = (column.to_owned(), advice.to_owned());
            told.push(Told { file, row, column, severity, rule, message, advice });
        };
        let id = &notice.entry.id;
        begun(&notice, terms, &mut tell);
        if let (true, Some(deadline), Some(day)) = (notice.is_late(), &notice.deadline, notice.told_on()) {
            let message = format!("保守「{id}」を告知した日（{day}）が、期日（{}）より後です。", deadline.by);
            let advice = format!("期日は、{}です。日を改めるか、緊急とする理由を書いてください。", deadline.basis);
            tell("告知・連絡した日", Severity::Warning, "maintenance-late", message, &advice);
        }
        if notice.awaits_report() {
            let message = format!("保守「{id}」は終えましたが、結果の報告が書かれていません。");
            tell("報告した日", Severity::Note, "maintenance-report", message, "報告した日と掲載先を書いてください。");
        }
    }
    told.extend(strangers(records, terms));
    told
}

/// What was begun although something was missing, or allowed only afterwards.
fn begun(notice: &Notice, terms: &Terms, tell: &mut impl FnMut(&str, Severity, &'static str, String, &str)) {
    let Some(started) = notice.started_on() else { return };
    let id = &notice.entry.id;
    let missing = notice.missing(started, terms);
    if !missing.is_empty() {
        let message = format!("保守「{id}」を{started}に始めていますが、{}", missing.concat());
        let advice = "承諾や告知の記録が抜けているなら、加えてください。急いで始めたなら、その理由と、認めた記録を加えてください。";
        tell("始めた日時", Severity::Error, "maintenance-consent", message, advice);
    }
    if let Some(hurried) = notice.hurried_on.filter(|day| *day > started) {
        let message =
            format!("保守「{id}」を始めた日（{started}）より後（{hurried}）に、緊急に始めることを認めています。");
        let advice = "始める前に認められなかった理由を、「緊急とする理由」に書いてください。";
        tell("緊急とする理由", Severity::Warning, "maintenance-hurry", message, advice);
    }
}

/// Consents of institutions that the maintenance does not concern.
fn strangers(records: &Records, terms: &Terms) -> Vec<Told> {
    let Some(book) = records.book(CONSENTS) else { return Vec::new() };
    let notices = Notice::all(records, terms);
    let stranger = |consent: &crate::operation::register::Entry| {
        let notice = notices.iter().find(|notice| notice.entry.id == consent.text("notice"))?;
        let name = terms.name(&consent.text("institution"));
        (!notice.institutions().contains(&name)).then(|| Told {
            file: book.file.clone(),
            row: consent.row,
            column: "医療機関等".to_owned(),
            severity: Severity::Warning,
            rule: "maintenance-institution",
            message: format!("{name}は、保守「{}」の対象の医療機関等に入っていません。", notice.entry.id),
            advice: "医療機関等の名前か、保守の対象を確かめてください。".to_owned(),
        })
    };
    book.entries.iter().filter_map(stranger).collect()
}
