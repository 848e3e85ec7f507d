//! What stands against a checklist in itself: numbers, dates, and what an answer must carry (DOC-038, DOC-039).

use std::collections::HashSet;

use chrono::NaiveDate;

use super::{Checklist, lines};
use crate::finding::{Findings, Severity};
use crate::model::{Date, PartyKind};
use crate::service::ServiceFiles;
use crate::stated::{ChecklistKind, ChecklistReply, ChecklistSheet, Said};

pub(super) fn check(files: &ServiceFiles, made: &[Checklist], at: &mut Findings) {
    let file = &files.checklists;
    let mut ids = HashSet::new();
    for (i, sheet) in file.sheets.iter().enumerate() {
        let here = format!("/sheets/{i}");
        if !ids.insert(sheet.id.as_str()) {
            let message = format!("確認表「{}」が二つあります。", sheet.id);
            at.add(Severity::Error, "checklist-twice", format!("{here}/id"), message, "どちらかのidを変えてください。");
        }
        of_sheet(files, sheet, &here, at);
    }
    for (i, question) in file.questions.iter().enumerate() {
        let here = format!("/questions/{i}");
        known_sheet(files, &question.sheet, &here, at);
        let before = &file.questions[..i];
        let twice = before.iter().any(|other| other.sheet == question.sheet && other.number == question.number);
        let sheet = file.sheets.iter().find(|sheet| sheet.id == question.sheet);
        let in_catalog = sheet.and_then(|sheet| lines::catalog(sheet.list)?.entry(&question.number)).is_some();
        if twice || in_catalog {
            let message = format!("設問「{}」が、確認表「{}」に二つあります。", question.number, question.sheet);
            let advice = "番号を確かめ、一つだけ残してください。";
            at.add(Severity::Error, "checklist-item-twice", format!("{here}/number"), message, advice);
        }
    }
    let mut answered = HashSet::new();
    for (i, reply) in file.replies.iter().enumerate() {
        let here = format!("/replies/{i}");
        known_sheet(files, &reply.sheet, &here, at);
        let Some(list) = made.iter().find(|list| list.sheet.id == reply.sheet) else { continue };
        if !list.lines.iter().any(|line| line.asked.id() == reply.item) {
            unknown_item(list, reply, &here, at);
            continue;
        }
        if !answered.insert((reply.sheet.as_str(), reply.item.as_str())) {
            let message = format!("「{}」の答えが二つあります。", reply.item);
            let advice = "どちらかを消してください。先に書いた方を使っています。";
            at.add(Severity::Error, "checklist-item-twice", format!("{here}/item"), message, advice);
        }
        said(list.sheet, reply, &here, at);
        dates(list.sheet, reply, &here, at);
        unused(list.sheet, reply, &here, at);
    }
}

fn of_sheet(files: &ServiceFiles, sheet: &ChecklistSheet, here: &str, at: &mut Findings) {
    let mut say = |severity, rule, field: &str, message: String, advice: &str| {
        at.add(severity, rule, format!("{here}{field}"), message, advice.to_owned());
    };
    let id = &sheet.id;
    if let Some(party) = &sheet.institution {
        let parties = &files.service.parties;
        if !parties.iter().any(|known| known.id == *party && known.kind == PartyKind::Institution) {
            let message = format!("確認表「{id}」の相手「{party}」は、shirube.yamlの医療機関等にありません。");
            let advice = "shirube.yamlのpartiesにあるidを書いてください。";
            say(Severity::Error, "reference-missing", "/institution", message, advice);
        }
    }
    if sheet.list.is_cyber() && sheet.form.is_none() {
        let message = format!("確認表「{id}」の様式（form）がありません。");
        let advice = "医療機関確認用ならinstitution、事業者確認用ならproviderを書いてください。";
        say(Severity::Error, "checklist-form-missing", "", message, advice);
    }
    if let (Some(of_list), Some(year)) = (sheet.list.cyber_year(), sheet.fiscal_year)
        && of_list != year
    {
        let message = format!("確認表「{id}」は{of_list}年度の版ですが、年度が{year}です。");
        let advice = "その年度の版があれば、listを改めてください。";
        say(Severity::Note, "checklist-year", "/fiscal_year", message, advice);
    }
    if sheet.list.is_cyber() && sheet.fiscal_year.is_none() {
        let message = format!("確認表「{id}」の年度がありません。目標日が年度の内かを確かめられません。");
        say(Severity::Note, "checklist-year", "", message, "fiscal_yearに西暦で書いてください（例: 2026）。");
    }
    if let (Some(day), Some(year)) = (sheet.confirmed_on, sheet.fiscal_year)
        && !within(day, year)
    {
        let message = format!("確認表「{id}」の確認を終えた日（{day}）が、{}の外です。", span(year));
        let advice = "日付か年度を確かめてください。";
        say(Severity::Warning, "checklist-date-outside", "/confirmed_on", message, advice);
    }
}

fn known_sheet(files: &ServiceFiles, id: &str, here: &str, at: &mut Findings) {
    if !files.checklists.sheets.iter().any(|sheet| sheet.id == id) {
        let message = format!("確認表「{id}」は、sheetsにありません。");
        let advice = "sheetsにあるidを書いてください。";
        at.add(Severity::Error, "reference-missing", format!("{here}/sheet"), message, advice);
    }
}

fn unknown_item(list: &Checklist, reply: &ChecklistReply, here: &str, at: &mut Findings) {
    let item = &reply.item;
    let message = format!("「{item}」は、確認表「{}」の項目にありません。", reply.sheet);
    let other_form = lines::catalog(list.kind()).is_some_and(|catalog| catalog.entry(item).is_some());
    let near = list.lines.iter().map(|line| line.asked.id()).filter(|id| {
        let tail = |text: &str| text.rsplit('.').next().unwrap_or_default().to_owned();
        tail(id) == tail(item) || id.contains(item.as_str())
    });
    let near: Vec<String> = near.take(3).collect();
    let advice = if other_form {
        "様式（form）の違う項目です。確認表の様式か、項目の番号を改めてください。".to_owned()
    } else if near.is_empty() {
        let list = list.kind().token();
        format!(
            "番号の一覧は「shirube catalog list {list}」で見られます。一覧にない設問はquestionsに書き写してください。"
        )
    } else {
        format!("近いもの: {}。一覧にない設問はquestionsに書き写してください。", near.join("、"))
    };
    at.add(Severity::Error, "checklist-item-unknown", format!("{here}/item"), message, advice);
}

/// What a state must carry.
fn said(sheet: &ChecklistSheet, reply: &ChecklistReply, here: &str, at: &mut Findings) {
    let item = &reply.item;
    match reply.said() {
        Said::Done { content: None } if wants_content(sheet.list) => {
            let message = format!("「{item}」は「実施済」ですが、実施内容がありません。");
            at.add(
                Severity::Warning,
                "checklist-content-missing",
                here,
                message,
                "contentに、何をしているかを書いてください。",
            );
        }
        Said::NotDone { target: None } if sheet.list.is_cyber() => {
            let message = format!("「{item}」は「いいえ」ですが、目標日がありません。");
            at.add(Severity::Warning, "due-missing", here, message, "target_onに、年度の内の日付を書いてください。");
        }
        Said::NotApplicable { reason: None } => {
            let message = format!("「{item}」は「対象外」ですが、理由がありません。");
            at.add(Severity::Error, "reason-missing", here, message, "reasonに理由を書いてください。");
        }
        _ => {}
    }
    if sheet.list == ChecklistKind::RoleDivision && reply.state.is_some() && reply.who.is_none() {
        let message = format!("「{item}」を誰が行うかがありません。");
        let advice = "whoに、institution、provider、bothのどれかを書いてください。";
        at.add(Severity::Warning, "checklist-who-missing", here, message, advice);
    }
}

/// Sheets with a column for what is done.
fn wants_content(kind: ChecklistKind) -> bool {
    matches!(kind, ChecklistKind::MhlwThird | ChecklistKind::MdsSds)
}

fn dates(sheet: &ChecklistSheet, reply: &ChecklistReply, here: &str, at: &mut Findings) {
    let item = &reply.item;
    // What is to be done by a day outside the year is not part of this year's list, and nobody may be handed it as such.
    let of_target = if sheet.list.is_cyber() { Severity::Error } else { Severity::Warning };
    let mut say = |rule, field: &str, message: String, advice: &str| {
        let outside = rule == "checklist-date-outside" && field == "/target_on";
        let severity = if outside { of_target } else { Severity::Warning };
        at.add(severity, rule, format!("{here}{field}"), message, advice.to_owned());
    };
    if let Some(year) = sheet.fiscal_year {
        let again = reply.again.iter().enumerate().map(|(i, again)| (format!("/again/{i}/on"), "確認した日", again.on));
        let first = [("/target_on", "目標日", reply.target_on), ("/confirmed_on", "確認した日", reply.confirmed_on)];
        let first = first.into_iter().filter_map(|(field, name, day)| Some((field.to_owned(), name, day?)));
        for (field, name, day) in first.chain(again).filter(|(_, _, day)| !within(*day, year)) {
            let message = format!("「{item}」の{name}（{day}）が、{}の外です。", span(year));
            say("checklist-date-outside", &field, message, "年度の内の日付を書くか、年度を確かめてください。");
        }
    }
    if let (Some(confirmed), Some(target)) = (reply.confirmed_on, reply.target_on)
        && target < confirmed
    {
        let message = format!("「{item}」の目標日（{target}）が、確認した日（{confirmed}）より前です。");
        say("checklist-date-order", "/target_on", message, "どちらかの日付を確かめてください。");
    }
    if let (Some(confirmed), Some(completed)) = (reply.confirmed_on, reply.completed_on)
        && completed < confirmed
    {
        let message = format!("「{item}」の完了した日（{completed}）が、確認した日（{confirmed}）より前です。");
        say("checklist-date-order", "/completed_on", message, "どちらかの日付を確かめてください。");
    }
    let mut last = reply.confirmed_on;
    for (i, again) in reply.again.iter().enumerate() {
        if last.is_some_and(|last| again.on < last) {
            let message = format!("「{item}」の{}回目の確認（{}）が、前の確認より前の日です。", i + 2, again.on);
            say("checklist-date-order", &format!("/again/{i}/on"), message, "日付の順を確かめてください。");
        }
        last = Some(again.on);
    }
}

/// What the sheet has no column for would not be printed.
fn unused(sheet: &ChecklistSheet, reply: &ChecklistReply, here: &str, at: &mut Findings) {
    let kind = sheet.list;
    let division = kind == ChecklistKind::RoleDivision;
    let done = reply.state == Some(crate::stated::ChecklistState::Done);
    let unused = [
        ("who", "行う者", reply.who.is_some() && !division),
        ("completed_on", "完了した日", reply.completed_on.is_some() && (!division || done)),
        ("again", "2回目からの確認", !reply.again.is_empty() && !kind.is_cyber()),
        ("target_on", "目標日", reply.target_on.is_some() && done && reply.again.is_empty()),
        ("mark", "記入された表の印", reply.mark.is_some() && kind != ChecklistKind::MhlwThird),
    ];
    for (field, name, _) in unused.into_iter().filter(|(.., is_unused)| *is_unused) {
        let message = format!("「{}」の{name}は、この答えでは使いません。", reply.item);
        let advice = "答えか、確認表の版を確かめてください。";
        at.add(Severity::Note, "checklist-field-unused", format!("{here}/{field}"), message, advice);
    }
}

/// A fiscal year is 4月1日 to 3月31日.
fn within(day: Date, year: u16) -> bool {
    let edge = |year: i32, month, day| NaiveDate::from_ymd_opt(year, month, day);
    let year = i32::from(year);
    let (first, last) = (edge(year, 4, 1), edge(year + 1, 3, 31));
    first.is_none_or(|first| first <= day.0) && last.is_none_or(|last| day.0 <= last)
}

fn span(year: u16) -> String {
    format!("{year}年度（{year}-04-01から{}-03-31まで）", year + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fiscal_year_ends_with_march() {
        for (day, year, inside) in [
            ("2025-03-31", 2025, false),
            ("2025-04-01", 2025, true),
            ("2026-03-31", 2025, true),
            ("2026-04-01", 2025, false),
        ] {
            assert_eq!(within(Date(day.parse().unwrap()), year), inside, "{day}");
        }
    }
}
