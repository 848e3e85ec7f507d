//! What does not fit in audits and findings, whatever the day.

use super::{AUDITS, Audit, FINDINGS, findings};
use crate::Severity;
use crate::operation::register::{Records, Told, Value};

/// How many records an auditor's part is told by; the rest is counted.
const TOLD: usize = 5;

/// Everything to tell, audits first; `provider` is what the provider is called.
pub fn check(records: &Records, provider: &[&str]) -> Vec<Told> {
    let mut told = Vec::new();
    if let Some(book) = records.book(AUDITS) {
        for audit in Audit::all(records).iter().filter(|audit| !audit.is_cancelled()) {
            let mut tell = |column: &str, severity: Severity, rule: &'static str, message: String, advice: &str| {
                let (file, row, column) = (book.file.clone(), audit.entry.row, column.to_owned());
                told.push(Told { file, row, column, severity, rule, message, advice: advice.to_owned() });
            };
            of_audit(audit, provider, &mut tell);
        }
    }
    if let Some(book) = records.book(FINDINGS) {
        for finding in findings(records) {
            let mut tell = |column: &str, severity: Severity, rule: &'static str, message: String, advice: &str| {
                let (file, row, column) = (book.file.clone(), finding.entry.row, column.to_owned());
                told.push(Told { file, row, column, severity, rule, message, advice: advice.to_owned() });
            };
            of_finding(&finding, &mut tell);
        }
    }
    told
}

fn of_audit(audit: &Audit, provider: &[&str], tell: &mut impl FnMut(&str, Severity, &'static str, String, &str)) {
    let id = &audit.entry.id;
    let independence = audit.independence(provider);
    let parts = independence.took_part();
    if independence.is_contradicted() {
        let part = |part: &&&super::Part| {
            let entry = part.entry.as_ref().map(|entry| format!("「{entry}」")).unwrap_or_default();
            format!("{}{entry}の「{}」", part.register, part.how)
        };
        let named: Vec<String> = parts.iter().take(TOLD).map(|one| part(&one)).collect();
        let rest = if parts.len() > TOLD { "など" } else { "" };
        let message = format!(
            "監査「{id}」は「対象の業務に携わっていない」としていますが、対象期間の記録{}件に監査する者の名前があります（{}{rest}）。",
            parts.len(),
            named.join("、"),
        );
        let advice = "別の者が監査するか、「いいえ」に直して、携わる者による評価であることを結果に添えてください。";
        tell("対象の業務に携わっていない", Severity::Error, "audit-independence", message, advice);
    }
    for text in audit.unknown_controls() {
        let message = format!("監査「{id}」の「{text}」は、別紙2の番号ではありません。");
        let advice = "「3.4①-14」のような番号か、「3.4」のような中項目の番号を書いてください。";
        tell("確かめる対策項目", Severity::Error, "audit-control", message, advice);
    }
    let counted = audit.findings().iter().filter(|one| one.counts()).count();
    let written = audit.entry.values("findings").iter().find_map(|value| match value {
        Value::Number(number) => Some(*number),
        _ => None,
    });
    if let Some(written) = written.filter(|written| *written != counted as f64) {
        let message =
            format!("監査「{id}」の指摘の件数は{written}件ですが、「指摘と是正の台帳」には{counted}件あります。");
        let advice = "件数か、台帳の「監査の記録」の欄を確かめてください。案と、指摘としなかったものは数えません。";
        tell("指摘の件数", Severity::Warning, "audit-count", message, advice);
    }
}

fn of_finding(finding: &super::Finding, tell: &mut impl FnMut(&str, Severity, &'static str, String, &str)) {
    let id = &finding.entry.id;
    if finding.is_verified_by_owner() {
        let message = format!("指摘「{id}」の効果を確かめた者が、担当者と同じ人です。");
        let advice = "直した人とは別の人が、効果を確かめてください。";
        tell("効果を確かめた者", Severity::Error, "audit-verifier", message, advice);
    }
    if let Some(earlier) = finding.earlier.as_ref().filter(|_| !finding.is_named_repeated && finding.counts()) {
        let message = format!("指摘「{id}」と同じ対策項目の指摘が、前にもあります（「{earlier}」）。");
        let advice =
            "繰り返しの指摘なら、「前にあった同じ指摘」で選んでください。前の是正が足りたかも確かめてください。";
        tell("前にあった同じ指摘", Severity::Warning, "audit-repeated", message, advice);
    }
}
