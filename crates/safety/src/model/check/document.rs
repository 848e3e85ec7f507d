//! Findings on the cover of the documents and on what is shown for selection (DOC-002, PARTY-013).

use std::collections::HashSet;

use shirube_catalog::Library;

use crate::finding::{Findings, Severity};
use crate::model::{Answer, Date, DocumentInfo, SelectionItem, ServiceFile};

pub(super) fn check(service: &ServiceFile, library: &Library, at: &mut Findings) {
    selection(service, library, at);
    certifications(service, at);
    cover(&service.document, at);
}

/// PARTY-013: the four items an institution looks at when it chooses a provider; DOC-004 for all that is named.
fn selection(service: &ServiceFile, library: &Library, at: &mut Findings) {
    let missing: Vec<String> =
        (1..=4u8).filter(|no| !service.selection.iter().any(|s| s.item == *no)).map(|no| no.to_string()).collect();
    if !missing.is_empty() {
        at.add(
            Severity::Warning,
            "selection-missing",
            "/selection",
            format!("医療機関等が選定時に少なくとも確かめる四項目のうち、{}番の資料がありません。", missing.join("・")),
            "selectionに文書名と開示方法・条件・範囲を書いてください。",
        );
    }
    let mut seen = HashSet::new();
    for (i, item) in service.selection.iter().enumerate() {
        let here = format!("/selection/{i}");
        if !seen.insert(item.item) {
            at.add(
                Severity::Error,
                "selection-twice",
                here.clone(),
                format!("情報提供項目の{}番が二度書かれています。", item.item),
                "一つにまとめてください。文書には先のものを載せます。",
            );
        }
        let ours =
            library.provider.provided_information.iter().any(|line| line.no == item.item && line.document.is_some());
        let empty = empty_fields(item, ours);
        if !empty.is_empty() {
            at.add(
                Severity::Warning,
                "selection-incomplete",
                here,
                format!("情報提供項目の{}番の{}が書かれていません。", item.item, empty.join("・")),
                "いつ、どのように、どの範囲で示すかまでが、提供する情報です。",
            );
        }
    }
}

/// What an entry leaves open; a document of ours need not be named.
fn empty_fields(item: &SelectionItem, ours: bool) -> Vec<&'static str> {
    let mut empty = Vec::new();
    if item.shown().is_empty() && !ours {
        empty.push("文書名又は内容");
    }
    if item.disclosure.trim().is_empty() {
        empty.push("開示方法・条件・範囲");
    }
    if item.disclosed_on.is_none() {
        empty.push("開示日");
    }
    if item.nda == Answer::Unknown {
        empty.push("秘密保持契約の要否（nda）");
    }
    empty
}

/// Certificates are judged against the dates of the document: a check reads no clock.
fn certifications(service: &ServiceFile, at: &mut Findings) {
    if service.certifications.is_empty() {
        at.add(
            Severity::Note,
            "certification-missing",
            "/certifications",
            "公的な第三者認証（プライバシーマーク又はISMS）の記載がありません。",
            "取得していれば、名称・適用範囲・有効期限を書いてください。",
        );
    }
    let DocumentInfo { issued_on, valid_from, .. } = &service.document;
    let Some((day, date)) = issued_on.map(|date| ("発行日", date)).or(valid_from.map(|date| ("適用開始日", date)))
    else {
        return;
    };
    for (i, certification) in service.certifications.iter().enumerate() {
        if let Some(expires) = certification.expires_on.filter(|expires| *expires < date) {
            at.add(
                Severity::Warning,
                "certification-expired",
                format!("/certifications/{i}"),
                format!("「{}」の有効期限（{expires}）が{day}（{date}）より前です。", certification.name),
                "更新した後の期限に直すか、この行を外してください。",
            );
        }
    }
}

/// DOC-002: what a document that is issued must carry.
fn cover(info: &DocumentInfo, at: &mut Findings) {
    let blank = |text: &Option<String>| text.as_ref().is_none_or(|text| text.trim().is_empty());
    if info.issued_on.is_some() {
        let fields = [
            ("文書番号", blank(&info.number)),
            ("版", blank(&info.edition)),
            ("作成", blank(&info.author)),
            ("承認", blank(&info.approver)),
            ("適用開始日", info.valid_from.is_none()),
            ("改訂履歴", info.history.is_empty()),
        ];
        let empty: Vec<&str> = fields.iter().filter(|(_, empty)| *empty).map(|(name, _)| *name).collect();
        if !empty.is_empty() {
            at.add(
                Severity::Error,
                "document-incomplete",
                "/document",
                format!("発行日が書かれていますが、{}がありません。", empty.join("・")),
                "documentに書き足してください。そろうまで、文書は「案」のままです。",
            );
        }
    }
    let mut order = |earlier: (&str, Option<Date>), later: (&str, Option<Date>)| {
        if let (Some(first), Some(last)) = (earlier.1, later.1)
            && last < first
        {
            at.add(
                Severity::Error,
                "document-dates",
                "/document",
                format!("{}（{last}）が{}（{first}）より前です。", later.0, earlier.0),
                "どちらかの日付を直してください。",
            );
        }
    };
    order(("適用開始日", info.valid_from), ("適用終了日", info.valid_to));
    order(("発行日", info.issued_on), ("適用終了日", info.valid_to));
    for pair in info.history.windows(2) {
        order(("改訂履歴の前の版の日", Some(pair[0].on)), ("改訂履歴の次の版の日", Some(pair[1].on)));
    }
    history(info, at);
}

fn history(info: &DocumentInfo, at: &mut Findings) {
    if let (Some(edition), Some(last)) = (&info.edition, info.history.last())
        && edition.trim() != last.edition.trim()
    {
        at.add(
            Severity::Warning,
            "history-mismatch",
            "/document/history",
            format!("版は「{edition}」ですが、改訂履歴の最後は「{}」です。", last.edition),
            "改訂履歴にこの版の行を加えるか、版を直してください。",
        );
    }
}
