//! The report of a year (OPS-065, 別紙1 II 6.5(1)②), with what may be claimed (SLA-019 to SLA-022) and how former years
//! were (SLA-034).

use chrono::NaiveDate;

use super::case::Case;
use super::delivery::REPORTS;
use super::month::{finished, of_levels, of_sections};
use super::sent::Sent;
use super::timing::yearly_due;
use super::whose::Tie;
use super::{Content, Levels, Report, Section, Table, columns, texts};
use crate::Service;
use crate::operation::level::ConsequenceKind;
use crate::operation::register::{Entry, Value};

/// Kind of the report of a year in the register of reports.
pub const YEARLY: &str = "年次報告";

/// How many years of evaluation stand beside the one that is reported.
const FORMER: i32 = 3;

/// The report of a year from its first to its last day.
pub fn yearly(case: &Case, from: NaiveDate, to: NaiveDate) -> Report {
    let sent = Sent::of_time(case.records, case.whose, YEARLY, from, to);
    let levels = case.levels(from, to, FORMER);
    let rights = rights(case, levels.as_ref(), to);
    let sections = vec![
        Section::new("法令・ガイドラインの遵守の状況", laws(case, from, to)),
        Section::new("実績等に基づく信用度", vec![certificates(case, to), incidents(case, from, to)]),
        Section::new("監査の結果", audits(case, from, to)),
        Section::new("要員教育の概要と結果", vec![training(case, from, to)]),
        Section::new("経営の状況の資料", vec![finances(case, from, to)]),
        Section::new("管理指標と評価", vec![of_levels(levels)]),
        Section::new("医療機関等ができるようになったこと", rights),
        Section::new("務めの実施の状況", vec![case.duties(from, to), Content::Duties(case.duty_months(from, to))]),
    ];
    let by = case.files.sla.reports.as_ref().and_then(|reports| reports.yearly_by.clone());
    let due = by.and_then(|by| yearly_due(to, &by));
    let findings = of_sections(&sections);
    finished(case, YEARLY, (from, to), (sent, due), sections, findings)
}

/// What was answered, and what was checked. It never says that anybody complies.
fn laws(case: &Case, from: NaiveDate, to: NaiveDate) -> Vec<Content> {
    let service = Service::new(case.files);
    let answers = &service.answers.conformity;
    let mut rows: Vec<Vec<String>> =
        answers.counts().iter().map(|(status, count)| vec![status.term().to_owned(), count.to_string()]).collect();
    rows.push(vec!["未回答".to_owned(), answers.unanswered().to_string()]);
    let columns = columns(&[("対策項目への答え", false), ("件数", true)]);
    let answered = Table {
        title: "対策項目（提供事業者ガイドライン 別紙2）への答え".to_owned(), columns, rows
    };
    let checks = list(case, "self-checks", "done_on", &["done_on", "from_on", "until_on", "result"], (from, to));
    let note = "答えは、この報告を作ったときのものです。遵守していることを保証するものではありません。";
    vec![Content::Table(answered), checks, Content::Text(note.to_owned())]
}

/// Entries of a register within the year, with those of its fields that it has.
fn list(case: &Case, register: &str, when: &str, fields: &[&str], (from, to): (NaiveDate, NaiveDate)) -> Content {
    let Some(declared) = case.records.register(register) else { return Content::Missing(String::new()) };
    let Some(entries) = case.within(register, when, from, to) else {
        return Content::Missing(format!("「{}」をつけていません。", declared.title));
    };
    if entries.is_empty() {
        return Content::Text(format!("「{}」に、この期間の記録はありません。", declared.title));
    }
    let fields: Vec<_> = fields.iter().filter_map(|id| declared.field(id)).filter(|field| !field.personal).collect();
    let titles: Vec<&str> =
        ["番号", "状態"].into_iter().chain(fields.iter().map(|field| field.title.as_str())).collect();
    let row = |entry: &&Entry| {
        let state = declared.state(&entry.state).map_or(String::new(), |state| state.title.clone());
        let start = [case.number(entry), state];
        start.into_iter().chain(fields.iter().map(|field| case.shown(field, entry))).collect()
    };
    let rows = entries.iter().map(row).collect();
    Content::Table(Table { title: declared.title.clone(), columns: texts(&titles), rows })
}

/// Certificates that were valid on the last day that is known.
fn certificates(case: &Case, to: NaiveDate) -> Content {
    const CERTIFICATES: &str = "certificates";
    let on = case.last(to);
    if !case.records.is_kept(CERTIFICATES) {
        return Content::Missing("「認証・評価の台帳」をつけていません。".to_owned());
    }
    let is_valid = |entry: &&Entry| {
        let begun = entry.day("valid_from").is_some_and(|day| day <= on);
        let lasts = entry.day("valid_until").is_some_and(|day| on <= day);
        let stands = entry.day("ended_on").is_none_or(|day| on < day) && entry.state != "suspended";
        begun && lasts && stands
    };
    let valid: Vec<&Entry> = case.records.entries(CERTIFICATES).iter().filter(is_valid).collect();
    if valid.is_empty() {
        return Content::Text(format!("{on}に有効な認証の記録はありません。"));
    }
    let fields = ["name", "holder", "number", "scope", "covers", "valid_from", "valid_until"];
    let Some(declared) = case.records.register(CERTIFICATES) else { return Content::Missing(String::new()) };
    let fields: Vec<_> = fields.iter().filter_map(|id| declared.field(id)).collect();
    let titles: Vec<&str> = fields.iter().map(|field| field.title.as_str()).collect();
    let row = |entry: &&Entry| fields.iter().map(|field| case.shown(field, entry)).collect();
    Content::Table(Table {
        title: format!("有効な認証（{on}の時点）"),
        columns: texts(&titles),
        rows: valid.iter().map(row).collect(),
    })
}

/// Incidents that touched the institution.
fn incidents(case: &Case, from: NaiveDate, to: NaiveDate) -> Content {
    const INCIDENTS: &str = "incidents";
    let (Some(register), Some(entries)) =
        (case.records.register(INCIDENTS), case.within(INCIDENTS, "found_at", from, to))
    else {
        return Content::Missing("「情報セキュリティ事故の記録」をつけていません。".to_owned());
    };
    let own = |entry: &&&Entry| matches!(case.whose.tie(register, entry), Tie::Own | Tie::Shared);
    let own: Vec<&Entry> = entries.iter().filter(own).filter(|entry| entry.state != "dismissed").copied().collect();
    if own.is_empty() {
        return Content::Text("影響する医療機関等として書かれた事故の記録は、この期間にありません。".to_owned());
    }
    let fields: Vec<_> = ["found_at", "title", "kind", "severity", "recovered_at", "prevention_done_on"]
        .iter()
        .filter_map(|id| register.field(id))
        .collect();
    let titles: Vec<&str> =
        ["番号", "状態"].into_iter().chain(fields.iter().map(|field| field.title.as_str())).collect();
    let row = |entry: &&Entry| {
        let state = register.state(&entry.state).map_or(String::new(), |state| state.title.clone());
        let start = [case.number(entry), state];
        start.into_iter().chain(fields.iter().map(|field| case.shown(field, entry))).collect()
    };
    Content::Table(Table {
        title: "情報セキュリティ事故".to_owned(),
        columns: texts(&titles),
        rows: own.iter().map(row).collect(),
    })
}

/// Audits of the year with what became of their findings.
fn audits(case: &Case, from: NaiveDate, to: NaiveDate) -> Vec<Content> {
    let fields = ["title", "kind", "auditor_party", "independent", "done_on", "result", "findings", "reported_on"];
    let mut content = vec![list(case, "audits", "done_on", &fields, (from, to))];
    if let Some(found) = case.within("audit-findings", "found_on", from, to) {
        let count = |state: &str| found.iter().filter(|entry| entry.state == state).count();
        let register = case.records.register("audit-findings");
        let states = register.into_iter().flat_map(|register| &register.states);
        let rows: Vec<Vec<String>> =
            states.map(|state| vec![state.title.clone(), count(&state.id).to_string()]).collect();
        let columns = columns(&[("指摘の状態", false), ("件数", true)]);
        content.push(Content::Table(Table { title: "この期間の指摘".to_owned(), columns, rows }));
    }
    content
}

fn training(case: &Case, from: NaiveDate, to: NaiveDate) -> Content {
    let fields = ["title", "subjects", "audience", "done_on", "count", "check", "result"];
    list(case, "training", "done_on", &fields, (from, to))
}

/// Papers on the finances, as the register of reports names them.
fn finances(case: &Case, from: NaiveDate, to: NaiveDate) -> Content {
    let Some(register) = case.records.register(REPORTS) else { return Content::Missing(String::new()) };
    let names = |entry: &&Entry| {
        let item = Value::Text("経営の状況の資料".to_owned());
        let of_year = entry.day("from_on").is_some_and(|day| from <= day && day <= to);
        let own = matches!(case.whose.tie(register, entry), Tie::Own | Tie::Shared);
        own && of_year && entry.state != "dropped" && entry.values("items").contains(&item)
    };
    let files = case.records.entries(REPORTS).iter().filter(names).map(|entry| entry.text("file"));
    let files: Vec<String> = files.filter(|file| !file.is_empty()).map(|file| case.whose.shown(&file)).collect();
    match files.is_empty() {
        true => Content::Missing("この期間の資料の記録が、「医療機関等への報告の記録」にありません。".to_owned()),
        false => Content::Text(format!("資料: {}", files.join("、"))),
    }
}

/// Rights that have arisen, as options with what they rest on.
fn rights(case: &Case, levels: Option<&Levels>, to: NaiveDate) -> Vec<Content> {
    let of_levels = levels.into_iter().flat_map(|levels| &levels.evaluation.consequences);
    let of_levels = of_levels.filter(|one| one.kind != ConsequenceKind::Duty);
    let mut rows: Vec<Vec<String>> = of_levels
        .map(|one| {
            let on = one.on.map(|on| on.to_string()).unwrap_or_default();
            vec![one.kind.term().to_owned(), on, one.text.clone(), one.because.clone()]
        })
        .collect();
    rows.extend(unobserved(case, to));
    if rows.is_empty() {
        return vec![Content::Text("記録と計算の範囲では、ありません。".to_owned())];
    }
    let columns = texts(&["区分", "日", "内容", "根拠"]);
    let note = "ここに示すのは、選べるようになったことと、その根拠です。自動で行われることはありません。";
    vec![
        Content::Table(Table { title: "できるようになったこと".to_owned(), columns, rows }),
        Content::Text(note.to_owned()),
    ]
}

/// Items that were not observed, for which the institution set a time to improve (SLA-021).
fn unobserved(case: &Case, to: NaiveDate) -> Vec<Vec<String>> {
    const REVIEWS: &str = "service-level-reviews";
    let Some(register) = case.records.register(REVIEWS) else { return Vec::new() };
    let on = case.last(to);
    let is_it = |entry: &&Entry| {
        case.whose.tie(register, entry) == Tie::Own
            && entry.text("kind") == "遵守されていない事項の改善の求め"
            && entry.state != "finished"
    };
    let row = |entry: &Entry| {
        let by = entry.day("improve_by")?;
        let improvement = match entry.text("improvement") {
            text if text.is_empty() => super::BLANK.to_owned(),
            text => case.whose.shown(&text),
        };
        let because = format!("遵守されていない事項の改善の期限 {by}。改善すること: {improvement}");
        let (kind, text) = match by < on {
            true => (
                ConsequenceKind::Right,
                "期限までに改善されたことの記録がありません。改善されていなければ、医療機関等は、損害賠償を請求し、又は利用契約の解除を申し入れることができます。",
            ),
            false => (ConsequenceKind::Upcoming, "期限までに改善されないときに、同じことができるようになります。"),
        };
        Some(vec![kind.term().to_owned(), by.to_string(), text.to_owned(), because])
    };
    case.records.entries(REVIEWS).iter().filter(is_it).filter_map(row).collect()
}
