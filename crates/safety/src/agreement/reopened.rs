//! What a change re-opens of what was explained or agreed, and why (AGREE-009, guideline 3.2.1).

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::{Item, ItemKind};
use crate::choice::choice;

choice! {
    /// Why something has to be agreed again.
    Reason {
        New = "new", "新しく加わった";
        Gone = "gone", "なくなった";
        RiskUp = "risk-up", "残存するリスクが大きくなった";
        RiskDown = "risk-down", "残存するリスクが小さくなった";
        RankChanged = "rank-changed", "残存するリスクのランクが変わった";
        ResidualChanged = "residual-changed", "残存するリスクの内容が変わった";
        ServiceLevelChanged = "service-level-changed", "サービスレベルが変わった";
        SubcontractorAdded = "subcontractor-added", "再委託先が加わった";
        SubcontractorChanged = "subcontractor-changed", "再委託先が変わった";
        LocationChanged = "location-changed", "情報を扱う場所が変わった";
        EditionChanged = "edition-changed", "ガイドラインの版が変わった";
        RoleChanged = "role-changed", "役割分担が変わった";
        RequestChanged = "request-changed", "お願いの内容が変わった";
        ControlChanged = "control-changed", "対策の状況か合意する内容が変わった";
        ProvidedChanged = "provided-changed", "示す資料が変わった";
        EndChanged = "end-changed", "契約終了時の扱いが変わった";
    }
}

/// One item that is no longer what it was.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reopened {
    pub key: String,
    pub kind: ItemKind,
    pub reason: Reason,
    /// In one sentence, for whom it concerns.
    pub text: String,
}

/// What differs between the items as they were explained and as they are. What stayed the same is not in it.
pub fn reopened(before: &[Item], after: &[Item]) -> Vec<Reopened> {
    let old: BTreeMap<&str, &Item> = before.iter().map(|item| (item.key.as_str(), item)).collect();
    let new: BTreeMap<&str, &Item> = after.iter().map(|item| (item.key.as_str(), item)).collect();
    let there = after.iter().filter_map(|item| match old.get(item.key.as_str()) {
        None => Some(self::new(item)),
        Some(was) => changed(was, item),
    });
    let left = before.iter().filter(|item| !new.contains_key(item.key.as_str()));
    there.chain(left.map(gone)).collect()
}

/// An item that is something else than it was, if it is.
pub(super) fn changed(was: &Item, is: &Item) -> Option<Reopened> {
    (was.facts != is.facts).then(|| differs(was, is))
}

/// An item that came.
pub(super) fn new(item: &Item) -> Reopened {
    one(item, added(item), format!("{}が加わりました。", named(item)))
}

/// An item that went.
pub(super) fn gone(item: &Item) -> Reopened {
    one(item, Reason::Gone, format!("{}がなくなりました。", named(item)))
}

fn one(item: &Item, reason: Reason, text: String) -> Reopened {
    Reopened { key: item.key.clone(), kind: item.kind, reason, text }
}

fn named(item: &Item) -> String {
    format!("{}「{}」", item.kind.term(), item.title)
}

fn added(item: &Item) -> Reason {
    match item.kind {
        ItemKind::Subcontractor => Reason::SubcontractorAdded,
        ItemKind::Residual => Reason::RiskUp,
        ItemKind::Location => Reason::LocationChanged,
        _ => Reason::New,
    }
}

fn differs(was: &Item, is: &Item) -> Reopened {
    let (reason, words) = match is.kind {
        ItemKind::Residual => return residual(was, is),
        ItemKind::ServiceLevel => (Reason::ServiceLevelChanged, (&was.text, &is.text)),
        ItemKind::Subcontractor => (Reason::SubcontractorChanged, (&was.text, &is.text)),
        ItemKind::Location => (Reason::LocationChanged, (&was.text, &is.text)),
        ItemKind::Edition => (Reason::EditionChanged, (&was.text, &is.text)),
        ItemKind::Role => (Reason::RoleChanged, (&was.text, &is.text)),
        ItemKind::Request => (Reason::RequestChanged, (&was.text, &is.text)),
        ItemKind::Control => (Reason::ControlChanged, (&was.text, &is.text)),
        ItemKind::Provided => (Reason::ProvidedChanged, (&was.text, &is.text)),
        ItemKind::End => (Reason::EndChanged, (&was.text, &is.text)),
    };
    if let (ItemKind::Control, Some(from), Some(to)) =
        (is.kind, was.facts["status"].as_str(), is.facts["status"].as_str())
        && from != to
    {
        return one(is, reason, format!("{}の状況が「{from}」から「{to}」に変わりました。", named(is)));
    }
    if is.kind == ItemKind::Request && was.text == is.text {
        return one(is, reason, format!("{}に添える、規程の文の例が変わりました。", named(is)));
    }
    let text = match words {
        (from, to) if from == to => format!("{}の扱いが変わりました。", named(is)),
        (from, to) => format!("{}が「{}」から「{}」に変わりました。", named(is), shown(from), shown(to)),
    };
    one(is, reason, text)
}

fn shown(text: &str) -> String {
    if text.is_empty() { "記載なし".to_owned() } else { text.replace('\n', "、") }
}

fn residual(was: &Item, is: &Item) -> Reopened {
    let value = |item: &Item| item.facts["value"].as_u64().unwrap_or_default();
    let rank = |item: &Item| item.facts["rank"].as_str().unwrap_or("？").to_owned();
    let (from, to) = (value(was), value(is));
    let level = format!("{}（{from}）から{}（{to}）", rank(was), rank(is));
    let of = format!("{}のリスクレベル", named(is));
    match (from.cmp(&to), rank(was) == rank(is)) {
        (std::cmp::Ordering::Less, _) => one(is, Reason::RiskUp, format!("{of}が{level}に上がりました。")),
        (std::cmp::Ordering::Greater, true) => one(is, Reason::RiskDown, format!("{of}が{level}に下がりました。")),
        (std::cmp::Ordering::Greater, false) => one(is, Reason::RankChanged, format!("{of}が{level}に下がりました。")),
        (std::cmp::Ordering::Equal, _) if was.facts["retained"] != is.facts["retained"] => {
            let what = |item: &Item| match &item.facts["retained"] {
                Value::String(text) => text.clone(),
                _ => "記載なし".to_owned(),
            };
            let text =
                format!("{}について引き受けるものが「{}」から「{}」に変わりました。", named(is), what(was), what(is));
            one(is, Reason::ResidualChanged, text)
        }
        (std::cmp::Ordering::Equal, _) => {
            let text = format!("{}の内容が「{}」から「{}」に変わりました。", named(is), was.text, is.text);
            one(is, Reason::ResidualChanged, text)
        }
    }
}

/// Five sentences to send: thanks, what it is about, the first change, what did not change, what is asked.
/// A proposal: whoever sends them reads them first.
pub fn letter(service: &str, again: &[Reopened], unchanged: usize) -> Vec<String> {
    let mut kinds: Vec<(&'static str, usize)> = Vec::new();
    for one in again {
        match kinds.iter_mut().find(|(kind, _)| *kind == one.kind.term()) {
            Some((_, count)) => *count += 1,
            None => kinds.push((one.kind.term(), 1)),
        }
    }
    let kinds: Vec<String> = kinds.iter().map(|(kind, count)| format!("{kind}{count}件")).collect();
    let first = again.first().map(|one| one.text.clone()).unwrap_or_default();
    let rest = match again.len() {
        0 | 1 => String::new(),
        count => format!("このほかに{}件の変更又は追加があり、別の一覧でお示しします。", count - 1),
    };
    vec![
        format!("平素より{service}をご利用いただき、ありがとうございます。"),
        format!("これまでにご説明し、又は合意いただいた事項に関し、{}の変更又は追加がございます。", kinds.join("、")),
        format!("{first}{rest}"),
        match unchanged {
            0 => "そのほかに、お知らせする変更はございません。".to_owned(),
            count => format!("そのほかの{count}件に変更はございません。"),
        },
        "内容をご確認のうえ、ご了承の可否又はご意見を、窓口までお知らせくださいますようお願いいたします。".to_owned(),
    ]
}
