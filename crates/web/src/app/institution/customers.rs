//! `…/institutions/import`: a customer list people already have (Excel, CSV), shown before it is taken over (PARTY).
//!
//! A row whose name is known changes what it says and leaves the rest; nothing is taken over while one row is wrong.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use shirube_exchange::{Book, Sheet, read};
use shirube_safety::agreement::{Contract, Institution, InstitutionPerson, UseForm};
use shirube_safety::model::InstitutionKind;
use shirube_store::{Service, StoreError};

use super::kept::{Customer, Note, Terms, Written, same};
use super::{MEANWHILE, Plan, Writing, active_services, customer, fill, list, work, write_all};
use crate::app::fields::Fields;
use crate::app::guard::Acting;
use crate::app::shell::{Place, Shell, with_status};
use crate::app::sign_in::From;
use crate::app::{App, message, upload};

/// Longest list that is taken: a thousand customers take some hundred kilobytes.
pub const LONGEST_UPLOAD_BYTES: usize = 4 * 1024 * 1024;

/// Longest table that comes back with the form: in an address's letters it takes three times as much.
const LONGEST_KEPT_BYTES: usize = 1_100_000;

/// Most rows that are taken at once.
const MOST_ROWS: usize = 5000;

/// What a column can hold, with the headings it is known by; the first is the one people are told.
const COLUMNS: [(Column, &[&str]); 14] = [
    (Column::Name, &["名称", "医療機関名", "医療機関等の名称", "施設名", "顧客名", "お客様名", "得意先名"]),
    (Column::Kind, &["種類", "種別", "区分", "施設種別", "医療機関の種類"]),
    (Column::Size, &["規模", "病床数", "病床"]),
    (Column::Contact, &["連絡を受ける人", "担当者", "ご担当者", "窓口"]),
    (Column::Reach, &["連絡先", "電話", "電話番号", "メールアドレス", "メール"]),
    (Column::Representative, &["代表者", "院長", "契約者"]),
    (Column::Closed, &["休みの日", "休診日", "定休日"]),
    (Column::Fiscal, &["年度の始まる月", "年度開始月"]),
    (Column::Services, &["サービス", "利用サービス", "利用しているサービス", "製品"]),
    (Column::Document, &["契約", "契約番号", "契約の名前と番号", "契約書"]),
    (Column::Version, &["版", "利用している版", "バージョン"]),
    (Column::Form, &["使い方", "形態", "提供形態"]),
    (Column::Starts, &["契約の始まる日", "契約開始日", "開始日"]),
    (Column::Renews, &["次に更新する日", "更新日", "契約更新日"]),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Column {
    Name,
    Kind,
    Size,
    Contact,
    Reach,
    Representative,
    Closed,
    Fiscal,
    Services,
    Document,
    Version,
    Form,
    Starts,
    Renews,
}

/// Words for kinds beside those of the files.
const KINDS: [(&str, InstitutionKind); 8] = [
    ("クリニック", InstitutionKind::Clinic),
    ("医院", InstitutionKind::Clinic),
    ("診療所", InstitutionKind::Clinic),
    ("歯科", InstitutionKind::DentalClinic),
    ("歯科医院", InstitutionKind::DentalClinic),
    ("調剤薬局", InstitutionKind::Pharmacy),
    ("訪問看護", InstitutionKind::VisitingNursing),
    ("訪問看護ステーション", InstitutionKind::VisitingNursing),
];

/// A list as it was understood.
#[derive(Debug, Default)]
struct Parsed {
    rows: Vec<Parsing>,
    faults: Vec<String>,
    /// Headings that stand for nothing here.
    unknown: Vec<String>,
}

/// A row, with what it says only.
#[derive(Debug)]
struct Parsing {
    /// Row in the file, from 1.
    line: usize,
    name: String,
    kind: Option<InstitutionKind>,
    size: Option<String>,
    contacts: Vec<InstitutionPerson>,
    closed_days: Option<String>,
    fiscal_year_from: Option<u8>,
    /// Ids of services.
    services: Vec<String>,
    contract: Contract,
}

fn folded(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

/// The column that a heading stands for.
fn column(heading: &str) -> Option<Column> {
    let heading = folded(heading);
    COLUMNS.iter().find(|(_, names)| names.contains(&heading.as_str())).map(|(column, _)| *column)
}

/// The row with the headings: the first that has the name and one more.
fn heads(sheet: &Sheet) -> Option<(usize, BTreeMap<Column, usize>, Vec<String>)> {
    sheet.rows.iter().take(20).enumerate().find_map(|(at, row)| {
        // The first of two columns with the same meaning counts.
        let named = row.iter().enumerate().rev().filter_map(|(cell, heading)| Some((column(heading)?, cell)));
        let known: BTreeMap<Column, usize> = named.collect();
        let unknown = row.iter().filter(|heading| !heading.trim().is_empty() && column(heading).is_none());
        let is_head =
            known.contains_key(&Column::Name) && row.iter().filter(|cell| !cell.trim().is_empty()).count() > 1;
        is_head.then(|| (at, known, unknown.cloned().collect()))
    })
}

fn parsed(book: &Book, services: &[Service]) -> Parsed {
    let found = book.sheets.iter().find_map(|sheet| heads(sheet).map(|heads| (sheet, heads)));
    let Some((sheet, (head, columns, unknown))) = found else {
        let names: Vec<&str> = COLUMNS.iter().map(|(_, names)| names[0]).collect();
        let told = format!("「名称」の見出しのある表が見つかりません。使える見出しは、{}です。", names.join("、"));
        return Parsed { faults: vec![told], ..Parsed::default() };
    };
    let mut parsed = Parsed { unknown, ..Parsed::default() };
    let rows = sheet.rows.iter().enumerate().skip(head + 1);
    for (at, row) in rows.filter(|(_, row)| row.iter().any(|cell| !cell.trim().is_empty())) {
        let cell = |column: Column| {
            let text = columns.get(&column).and_then(|cell| row.get(*cell)).map_or("", |text| text.trim());
            Some(text.to_owned()).filter(|text| !text.is_empty())
        };
        let one = one(at + 1, &cell, services, &mut parsed.faults);
        parsed.rows.extend(one);
    }
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &parsed.rows {
        if let Some(first) = seen.insert(&row.name, row.line) {
            parsed
                .faults
                .push(format!("{}行目「{}」は、{first}行目にもあります。一つにしてください。", row.line, row.name));
        }
    }
    if parsed.rows.len() > MOST_ROWS {
        parsed.faults.push(format!("一度に取り込めるのは{MOST_ROWS}行までです。分けて取り込んでください。"));
    }
    if parsed.rows.is_empty() && parsed.faults.is_empty() {
        parsed.faults.push("見出しの下に行がありません。".to_owned());
    }
    parsed
}

/// A row of the list. Every mistake of it is told.
fn one(
    line: usize,
    cell: &impl Fn(Column) -> Option<String>,
    services: &[Service],
    faults: &mut Vec<String>,
) -> Option<Parsing> {
    let mut wrong = |told: String| faults.push(format!("{line}行目: {told}"));
    let name = cell(Column::Name);
    if name.is_none() {
        wrong("名称がありません。".to_owned());
    }
    let kind = cell(Column::Kind).and_then(|word| {
        let read = kind(&word);
        if read.is_none() {
            let known: Vec<&str> = InstitutionKind::ALL.iter().map(|kind| kind.term()).collect();
            wrong(format!("種類「{word}」は読めません。{}のどれかにしてください。", known.join("、")));
        }
        read
    });
    let fiscal = cell(Column::Fiscal).and_then(|month| {
        let digits = month.trim_end_matches('月').parse::<u8>().ok().filter(|month| (1..=12).contains(month));
        if digits.is_none() {
            wrong(format!("年度の始まる月「{month}」は、1から12までの数字にしてください。"));
        }
        digits
    });
    let mut used = Vec::new();
    for word in cell(Column::Services).iter().flat_map(|text| words(text, services)) {
        match services.iter().find(|service| service.name == word.trim() || service.id == word.trim()) {
            Some(service) => used.push(service.id.clone()),
            None if word.trim().is_empty() => {}
            None => wrong(format!("サービス「{}」はありません。登録した名前のとおりに書いてください。", word.trim())),
        }
    }
    let mut day = |column: Column, label: &str| {
        let written = cell(column)?;
        let read = fill::day_in(&written);
        if read.is_none() {
            wrong(format!("{label}「{written}」は日付として読めません。"));
        }
        read
    };
    let contract = Contract {
        starts_on: day(Column::Starts, "契約の始まる日"),
        renews_on: day(Column::Renews, "次に更新する日"),
        document: cell(Column::Document),
        version: cell(Column::Version),
        ..Contract::default()
    };
    let has_contract = [Column::Document, Column::Version, Column::Form, Column::Starts, Column::Renews];
    if used.is_empty() && has_contract.into_iter().any(|column| cell(column).is_some()) {
        wrong("契約の欄がありますが、どのサービスの契約か分かりません。サービスを書いてください。".to_owned());
    }
    if cell(Column::Reach).is_some() && cell(Column::Contact).is_none() {
        wrong("連絡先がありますが、連絡を受ける人がありません。".to_owned());
    }
    let form = cell(Column::Form).and_then(|word| {
        let read = use_form(&word);
        if read.is_none() {
            wrong(format!("使い方「{word}」は読めません。「クラウド」か「施設に設置」にしてください。"));
        }
        read
    });
    Some(Parsing {
        line,
        name: name?,
        kind,
        size: cell(Column::Size),
        contacts: people(cell),
        closed_days: cell(Column::Closed),
        fiscal_year_from: fiscal,
        services: used,
        contract: Contract { form, ..contract },
    })
}

/// The services that a cell names: one, or several with something between them.
fn words<'t>(text: &'t str, services: &[Service]) -> Vec<&'t str> {
    let is_one = services.iter().any(|service| service.name == text.trim());
    if is_one { vec![text] } else { text.split(['、', ',', ';', '\n']).collect() }
}

fn kind(word: &str) -> Option<InstitutionKind> {
    let word = folded(word);
    let own = InstitutionKind::ALL.iter().copied().find(|kind| kind.term() == word || kind.token() == word);
    own.or_else(|| KINDS.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind))
}

fn use_form(word: &str) -> Option<UseForm> {
    match folded(word).to_lowercase().as_str() {
        "クラウド" | "cloud" | "saas" => Some(UseForm::Cloud),
        "施設に設置" | "医療機関等の施設に設置" | "オンプレミス" | "オンプレ" | "院内設置" | "on-premises" => {
            Some(UseForm::OnPremises)
        }
        _ => None,
    }
}

fn people(cell: &impl Fn(Column) -> Option<String>) -> Vec<InstitutionPerson> {
    let contact =
        cell(Column::Contact).map(|name| InstitutionPerson { name, reach: cell(Column::Reach), represents: false });
    let representative =
        cell(Column::Representative).map(|name| InstitutionPerson { name, reach: None, represents: true });
    contact.into_iter().chain(representative).collect()
}

/// What a row does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    Adds,
    Changes,
    Nothing,
}

impl Does {
    fn term(self) -> &'static str {
        match self {
            Self::Adds => "新しく登録",
            Self::Changes => "変更",
            Self::Nothing => "変わらない",
        }
    }
}

/// A row with the records it would write.
struct Planned {
    line: usize,
    name: String,
    does: Does,
    says: String,
    id: String,
    /// The last record about the institution when it was read; none for one that is new.
    seen: Option<u64>,
    records: Vec<Written>,
}

async fn planned(app: &App, organisation: &str, parsed: Parsed) -> Result<(Vec<Planned>, Vec<String>), StoreError> {
    let roster = work::roster(app, organisation).await?;
    let facts = &roster.facts;
    let mut ids: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    facts.iter().for_each(|(id, facts)| ids.entry(&facts.name).or_default().push(id));
    let (mut plans, mut faults) = (Vec::new(), parsed.faults);
    for row in parsed.rows {
        match ids.get(row.name.as_str()).map(Vec::as_slice) {
            None if row.kind.is_none() => {
                faults.push(format!("{}行目「{}」: 新しく登録するには、種類が要ります。", row.line, row.name));
            }
            None => plans.push(added(app.new_id('i'), row)),
            Some([id]) => plans.push(changed(customer(app, organisation, id).await?, row)),
            Some(_) => faults.push(format!(
                "{}行目「{}」: 同じ名称の医療機関等が二つ以上登録されています。名簿の画面で変更してください。",
                row.line, row.name
            )),
        }
    }
    Ok((plans, faults))
}

fn added(id: String, row: Parsing) -> Planned {
    let facts = Institution {
        name: row.name.clone(),
        kind: row.kind.unwrap_or(InstitutionKind::Clinic),
        size: row.size,
        contacts: row.contacts,
        closed_days: row.closed_days,
        fiscal_year_from: row.fiscal_year_from,
    };
    let terms = Terms { contract: row.contract, ..Terms::default() };
    let mut records = vec![Written::new(&id, None, &Note::Facts(&facts))];
    records.extend(row.services.iter().map(|service| Written::new(&id, Some(service), &Note::Terms(&terms))));
    let says = format!("{}、サービス{}件", facts.kind.term(), row.services.len());
    Planned { line: row.line, name: row.name, does: Does::Adds, says, id, seen: None, records }
}

fn changed(seen: Customer, row: Parsing) -> Planned {
    let mut facts = seen.facts.clone();
    facts.kind = row.kind.unwrap_or(facts.kind);
    facts.size = row.size.or(facts.size);
    facts.closed_days = row.closed_days.or(facts.closed_days);
    facts.fiscal_year_from = row.fiscal_year_from.or(facts.fiscal_year_from);
    let people = contacts(&mut facts.contacts, row.contacts);
    let (mut records, mut says) = (Vec::new(), Vec::new());
    if !same(&facts, &seen.facts) {
        records.push(Written::new(&seen.id, None, &Note::Facts(&facts)));
        says.push(format!("名簿の内容{people}"));
    }
    for service in &row.services {
        let known = seen.relations.get(service).map(|relation| relation.today().1);
        let mut terms = known.clone().unwrap_or_default();
        lay(&mut terms.contract, &row.contract);
        if known.as_ref().is_none_or(|known| !same(known, &terms)) {
            records.push(Written::new(&seen.id, Some(service), &Note::Terms(&terms)));
            says.push(if known.is_some() { "契約" } else { "利用するサービス" }.to_owned());
        }
    }
    let does = if records.is_empty() { Does::Nothing } else { Does::Changes };
    let (says, last) = (says.join("、"), seen.last);
    Planned { line: row.line, name: row.name, does, says, id: seen.id, seen: Some(last), records }
}

/// Lays the people of a row over those that are known, and says who took whose place. Whoever is known keeps what is not
/// said anew; somebody else brings their own.
fn contacts(known: &mut Vec<InstitutionPerson>, row: Vec<InstitutionPerson>) -> String {
    let mut said = Vec::new();
    for person in row {
        if let Some(same) = known.iter_mut().find(|one| one.name == person.name) {
            same.represents = person.represents || same.represents;
            same.reach = person.reach.or(same.reach.take());
            continue;
        }
        match known.iter_mut().find(|one| one.represents == person.represents) {
            Some(former) => {
                said.push(format!("{}を{}に", former.name, person.name));
                *former = person;
            }
            None => known.push(person),
        }
    }
    if said.is_empty() { String::new() } else { format!("（{}）", said.join("、")) }
}

/// What a row says of a contract, over what is known.
fn lay(contract: &mut Contract, row: &Contract) {
    // A list of customers has no columns for phases and the start of use: those stay.
    let Contract { document, version, form, starts_on, renews_on, ends_on, phases: _, data_confirmed: _ } = row.clone();
    contract.document = document.or(contract.document.take());
    contract.version = version.or(contract.version.take());
    contract.form = form.or(contract.form);
    contract.starts_on = starts_on.or(contract.starts_on);
    contract.renews_on = renews_on.or(contract.renews_on);
    contract.ends_on = ends_on.or(contract.ends_on);
}

#[derive(Template)]
#[template(path = "app/institutions-import.html")]
struct PreviewPage<'a> {
    shell: Shell<'a>,
    rows: Vec<(usize, String, &'static str, String)>,
    counts: [usize; 3],
    unknown: Vec<String>,
    faults: Vec<String>,
    /// The table, to come back with the form.
    book: String,
}

/// `POST …/institutions/import`: what a list would change.
pub async fn preview(State(app): State<App>, acting: Acting, form: Multipart) -> Response {
    let Some(upload) = upload::read(form, "file").await else { return message::too_long(LONGEST_UPLOAD_BYTES) };
    if upload.csrf != acting.reader.csrf {
        return message::stale_form();
    }
    let book = tokio::task::spawn_blocking(move || read(&upload.bytes, &upload.name)).await;
    let book = match book {
        Ok(Ok(book)) => book,
        Ok(Err(error)) => return refused(&app, &acting, vec![error.to_string()]).await,
        Err(_) => return refused(&app, &acting, vec!["ファイルを読めませんでした。".to_owned()]).await,
    };
    let written = serde_json::to_string(&book).expect("names and cells are JSON");
    if written.len() > LONGEST_KEPT_BYTES {
        let told = "表が大きすぎて、一度に確かめられません。要る列と行だけにするか、分けて取り込んでください。";
        return refused(&app, &acting, vec![told.to_owned()]).await;
    }
    let organisation = acting.reader.organisation_id.as_str();
    let plan = async {
        let services = active_services(&app, organisation).await?;
        let parsed = parsed(&book, &services);
        let unknown = parsed.unknown.clone();
        let (plans, faults) = planned(&app, organisation, parsed).await?;
        Ok::<_, StoreError>((plans, faults, unknown))
    };
    let (plans, faults, unknown) = match plan.await {
        Ok(plan) => plan,
        Err(error) => return message::failed(&app, &error),
    };
    let count = |does| plans.iter().filter(|plan| plan.does == does).count();
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = PreviewPage {
        shell: Shell::acting(&acting, Place::Institutions),
        counts: [count(Does::Adds), count(Does::Changes), count(Does::Nothing)],
        rows: plans.into_iter().map(|plan| (plan.line, plan.name, plan.does.term(), plan.says)).collect(),
        unknown,
        faults,
        book: written,
    };
    with_status(status, page)
}

async fn refused(app: &App, acting: &Acting, mistakes: Vec<String>) -> Response {
    list::page(app, acting, StatusCode::UNPROCESSABLE_ENTITY, None, mistakes, &Fields::default()).await
}

/// `POST …/institutions/import/save`: takes over what was shown.
pub async fn save(State(app): State<App>, from: From, acting: Acting, fields: Fields) -> Response {
    let organisation = acting.reader.organisation_id.as_str();
    let Ok(book) = serde_json::from_str::<Book>(fields.raw("book")) else {
        return refused(&app, &acting, vec!["表を読めませんでした。もう一度ファイルを選んでください。".to_owned()])
            .await;
    };
    let done = async {
        let services = active_services(&app, organisation).await?;
        let (plans, faults) = planned(&app, organisation, parsed(&book, &services)).await?;
        if !faults.is_empty() {
            return Ok(Err(faults));
        }
        written(&app, &from, &acting, &plans).await
    };
    match done.await {
        Ok(Ok(count)) => Redirect::to(&format!("/o/{organisation}/institutions?done={count}")).into_response(),
        Ok(Err(mistakes)) => refused(&app, &acting, mistakes).await,
        Err(error) => message::failed(&app, &error),
    }
}

/// All rows in one change, or none.
async fn written(
    app: &App,
    from: &From,
    acting: &Acting,
    rows: &[Planned],
) -> Result<Result<usize, Vec<String>>, StoreError> {
    let rows: Vec<&Planned> = rows.iter().filter(|row| row.does != Does::Nothing).collect();
    if rows.is_empty() {
        return Ok(Err(vec!["今の名簿と同じなので、何も変更していません（変更0件）。".to_owned()]));
    }
    let plans: Vec<Plan> = rows.iter().map(|row| Plan { id: &row.id, seen: row.seen, records: &row.records }).collect();
    let writing = Writing { acting, from, action: "institution.imported", note: format!("{}件", rows.len()) };
    let Some(changed) = write_all(app, &writing, &plans).await? else { return Ok(Ok(rows.len())) };
    let told = |row: &Planned| format!("{}行目「{}」: {MEANWHILE}", row.line, row.name);
    Ok(Err(rows.into_iter().filter(|row| row.id == changed).map(told).collect()))
}
