//! What forms about institutions say, as values, with what is wrong with them in words.

use chrono::NaiveDate;
use shirube_safety::agreement::{Contract, Institution, InstitutionPerson, UseForm};
use shirube_safety::model::{Date, InstitutionKind};

use crate::app::fields::Fields;
use crate::form;

/// Longest text of one line.
const LONGEST_CHARS: usize = 200;

/// A text of a form; none if empty.
pub fn text(fields: &Fields, name: &str) -> Option<String> {
    Some(fields.text(name).to_owned()).filter(|text| !text.is_empty())
}

/// A day in one of the ways in which people write it.
pub fn day_in(written: &str) -> Option<Date> {
    form::date(written).ok()?.parse::<NaiveDate>().ok().map(Date)
}

/// A day of a form, or what is wrong with it.
pub fn day(fields: &Fields, name: &str, label: &str, mistakes: &mut Vec<String>) -> Option<Date> {
    let written = text(fields, name)?;
    let read = day_in(&written);
    if read.is_none() {
        mistakes.push(format!("{label}「{written}」は日付として読めません。2026-04-01 のように入力してください。"));
    }
    read
}

/// One of a closed set of words, by its token.
pub fn chosen<T: Copy>(all: &[T], token: impl Fn(T) -> &'static str, written: &str) -> Option<T> {
    all.iter().copied().find(|one| token(*one) == written)
}

fn short(text: Option<String>, label: &str, mistakes: &mut Vec<String>) -> Option<String> {
    if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST_CHARS) {
        mistakes.push(format!("{label}は{LONGEST_CHARS}文字までで入力してください。"));
    }
    text
}

/// What an institution is, as the form says it.
pub fn institution(fields: &Fields, mistakes: &mut Vec<String>) -> Option<Institution> {
    let name = short(text(fields, "name"), "名称", mistakes);
    if name.is_none() {
        mistakes.push("医療機関等の名称を入力してください。".to_owned());
    }
    let kind = chosen(InstitutionKind::ALL, InstitutionKind::token, fields.text("kind"));
    if kind.is_none() {
        mistakes.push("医療機関等の種類を選んでください。".to_owned());
    }
    let month = text(fields, "fiscal_year_from");
    let fiscal_year_from =
        month.as_deref().and_then(|month| month.parse().ok()).filter(|month| (1..=12).contains(month));
    if month.is_some() && fiscal_year_from.is_none() {
        mistakes.push("年度の始まる月は、1から12までの数字で入力してください。".to_owned());
    }
    Some(Institution {
        name: name?,
        kind: kind?,
        size: short(text(fields, "size"), "規模", mistakes),
        contacts: contacts(fields, mistakes),
        closed_days: short(text(fields, "closed_days"), "休みの日", mistakes),
        fiscal_year_from,
    })
}

/// The rows for people of an institution's form.
pub const CONTACT_ROWS: usize = 4;

fn contacts(fields: &Fields, mistakes: &mut Vec<String>) -> Vec<InstitutionPerson> {
    let mut people = Vec::new();
    for row in 0..CONTACT_ROWS.max(fields.all("contact").count()) {
        let name = short(fields.all("contact").nth(row).map(|text| text.trim().to_owned()), "連絡を受ける人", mistakes);
        let reach = fields.all("reach").nth(row).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        match (name.filter(|name| !name.is_empty()), reach) {
            (Some(name), reach) => {
                people.push(InstitutionPerson { name, reach, represents: fields.says("represents", &row.to_string()) });
            }
            (None, Some(reach)) => mistakes.push(format!("連絡先「{reach}」の人の、役職と氏名を入力してください。")),
            (None, None) => {}
        }
    }
    people
}

/// The contract on a service, as the form says it; `known` has what the form does not ask for.
pub fn contract(fields: &Fields, known: Contract, mistakes: &mut Vec<String>) -> Contract {
    let contract = Contract {
        document: short(text(fields, "document"), "契約の名前", mistakes),
        version: short(text(fields, "version"), "版", mistakes),
        form: chosen(UseForm::ALL, UseForm::token, fields.text("form")),
        starts_on: day(fields, "starts_on", "契約の始まる日", mistakes),
        renews_on: day(fields, "renews_on", "次に更新する日", mistakes),
        ends_on: day(fields, "ends_on", "契約の終わる日", mistakes),
        ..known
    };
    if let (Some(from), Some(to)) = (contract.starts_on, contract.ends_on)
        && to.0 < from.0
    {
        mistakes.push(format!("契約の終わる日（{to}）が、始まる日（{from}）より前です。"));
    }
    contract
}
