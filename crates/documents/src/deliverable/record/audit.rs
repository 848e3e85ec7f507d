//! Papers of audits: the plan, the working paper, the report, and the summary that may be shown to anybody (AUDIT-002,
//! AUDIT-004, AUDIT-015; 開示書 (2)⑬).

use chrono::NaiveDate;
use shirube_safety::operation::audit::{
    Audit, Certificate, Finding, GradeCount, HeldAudit, Independence, Item, Sample, Summary,
};

use super::{BLANK, RecordHead};
use crate::content::{Align, Block, Cell, Column, DataSheet, Document, Mark, Table, Value};
use crate::deliverable::common::{columns, head};

/// What stands below every list of certificates.
const NO_ANSWER: &str = "認証や評価があることは、個々の対策項目が済んだことを意味しません。";

fn left(widths: &[f64]) -> Vec<Column> {
    columns(&widths.iter().map(|width| (*width, Align::Left)).collect::<Vec<_>>())
}

fn fact(audit: &Audit, field: &str) -> String {
    audit.entry.text(field).replace('\n', "、")
}

/// The facts of an audit as rows; what is not written says so.
fn facts(audit: &Audit, independence: &Independence, made: &RecordHead) -> Table {
    let day = |field: &str| audit.entry.day(field).map(|day| made.day(day)).unwrap_or_default();
    let period = audit.period().map(|(from, until)| format!("{}から{}まで", made.day(from), made.day(until)));
    let controls = match fact(audit, "controls") {
        text if text.is_empty() => "答えのある対策項目のすべて".to_owned(),
        text => text,
    };
    let declared = match independence.declared {
        Some(true) => "はい",
        Some(false) => "いいえ（携わる者による評価）",
        None => "",
    };
    let rows = [
        ("監査番号", audit.entry.id.clone()),
        ("件名", fact(audit, "title")),
        ("種類", fact(audit, "kind")),
        ("対象の範囲", audit.entry.text("scope")),
        ("確かめる対策項目", controls),
        ("よりどころの規程", fact(audit, "rules")),
        ("監査する者", fact(audit, "auditor")),
        ("監査する者の所属", fact(audit, "auditor_party")),
        ("対象の業務に携わっていない（書かれた答え）", declared.to_owned()),
        ("記録で確かめたこと", independence.words()),
        ("対象期間", period.unwrap_or_default()),
        ("予定日", day("planned_on")),
        ("実施日", day("done_on")),
    ];
    let row = |(title, text): (&str, String)| {
        let is_blank = text.is_empty() && (title != "実施日" || audit.is_done());
        let cell = if is_blank { Cell::new(BLANK).mark(Mark::Unanswered) } else { Cell::new(text) };
        vec![Cell::new(title), cell]
    };
    Table {
        caption: "監査の内容".to_owned(),
        columns: left(&[3.0, 7.0]),
        head: head(&["事項", "内容"]),
        rows: rows.into_iter().map(row).collect(),
    }
}

/// What the auditor did in the audited period, by the records.
fn parts(independence: &Independence, made: &RecordHead) -> Option<Table> {
    let rows: Vec<Vec<Cell>> = independence
        .took_part()
        .into_iter()
        .map(|part| {
            let day = part.on.map(|day| made.day(day)).unwrap_or_else(|| "期間を通して".to_owned());
            vec![
                Cell::new(day),
                Cell::new(&part.register),
                Cell::new(part.entry.clone().unwrap_or_default()),
                Cell::new(&part.how),
            ]
        })
        .collect();
    (!rows.is_empty()).then(|| Table {
        caption: "監査する者が携わった記録".to_owned(),
        columns: left(&[2.0, 3.0, 2.5, 3.0]),
        head: head(&["日付", "台帳", "番号", "欄・行ったこと"]),
        rows,
    })
}

/// 監査計画書. It is a draft until somebody approved the plan.
pub fn audit_plan(audit: &Audit, provider: &[&str], items: &[Item], made: &RecordHead) -> Document {
    let independence = audit.independence(provider);
    let is_approved = audit.entry.state != "planned" && !audit.is_cancelled();
    let mut document = made.paper("audit-plan", "監査計画書".to_owned(), false, is_approved);
    document.summary.push(("監査番号".to_owned(), audit.entry.id.clone()));
    document.summary.push(("確かめる対策項目".to_owned(), format!("{}件", items.len())));
    if !is_approved {
        document.notices.push("計画が承認されていないため、「案」です。".to_owned());
    }
    document.notices.extend(contradiction(&independence));
    document.blocks = vec![Block::Table(facts(audit, &independence, made))];
    document.blocks.extend(parts(&independence, made).map(Block::Table));
    document.blocks.push(Block::Paragraph(lots(audit)));
    document.blocks.push(Block::Table(Table {
        caption: "確かめる対策項目".to_owned(),
        columns: columns(&[
            (1.3, Align::Left),
            (4.0, Align::Left),
            (1.3, Align::Left),
            (3.4, Align::Left),
            (1.2, Align::Right),
        ]),
        head: head(&["番号", "対策項目（要旨）", "答え", "裏付けになる台帳と資料", "期間の記録"]),
        rows: items.iter().map(planned).collect(),
    }));
    document
}

fn planned(item: &Item) -> Vec<Cell> {
    vec![
        Cell::new(item.control.id.to_string()),
        Cell::new(&item.control.text),
        answer(item),
        Cell::new(item.evidence.join("\n")),
        Cell::new(format!("{}件", item.population)),
    ]
}

fn answer(item: &Item) -> Cell {
    match item.answer {
        Some(answer) => Cell::new(answer.term()),
        None => Cell::new("未回答").mark(Mark::Unanswered),
    }
}

/// How records were drawn, so that anybody can draw them again.
fn lots(audit: &Audit) -> String {
    format!(
        "調べる記録は、監査番号「{}」から決まる順に抜き出しています。監査番号、対策項目、台帳のid、記録の番号、日付、内容を「/」でつないだ言葉のSHA-256が小さいものから、対策項目ごとに3件です。同じ記録からは、誰が行っても同じものが抜き出されます。",
        audit.entry.id
    )
}

fn contradiction(independence: &Independence) -> Option<String> {
    independence.is_contradicted().then(|| {
        format!(
            "監査する者は「対象の業務に携わっていない」とされていますが、対象期間の記録{}件に名前があります。携わる者による評価であることを、結果に添えて示す必要があります。",
            independence.took_part().len()
        )
    })
}

/// 監査調書: for each control what is promised and what to look at, with room for what was seen.
pub fn audit_paper(audit: &Audit, items: &[Item], made: &RecordHead) -> Document {
    let mut document = made.paper("audit-paper", "監査調書".to_owned(), true, true);
    document.summary.push(("監査番号".to_owned(), audit.entry.id.clone()));
    document.summary.push(("監査する者".to_owned(), fact(audit, "auditor")));
    if let Some((from, until)) = audit.period() {
        document.summary.push(("対象期間".to_owned(), format!("{}から{}まで", made.day(from), made.day(until))));
    }
    document.notices.push("個人の名前と弱い所が書き込まれるため、監査の関係者だけで扱ってください。".to_owned());
    document.blocks = vec![
        Block::Paragraph(lots(audit)),
        Block::Table(Table {
            caption: "監査調書".to_owned(),
            columns: left(&[1.0, 2.8, 1.0, 2.8, 2.6, 1.2, 2.6]),
            head: head(&[
                "番号",
                "対策項目（要旨）",
                "答え",
                "満たし方（約束したこと）",
                "調べる記録",
                "結果",
                "所見・見た記録",
            ]),
            rows: items.iter().map(|item| worked(item, made)).collect(),
        }),
    ];
    document
}

fn worked(item: &Item, made: &RecordHead) -> Vec<Cell> {
    let sample = |sample: &Sample| {
        let entry = sample.entry.as_ref().map(|entry| format!(" {entry}")).unwrap_or_default();
        format!("・{}{entry}（{} {}）", sample.register, made.day(sample.on), sample.what)
    };
    let samples: Vec<String> = item.samples.iter().map(sample).collect();
    let samples = match samples.is_empty() {
        true => Cell::new("期間の記録なし").mark(Mark::Unanswered),
        false => Cell::new(samples.join("\n")),
    };
    vec![
        Cell::new(item.control.id.to_string()),
        Cell::new(&item.control.text),
        answer(item),
        Cell::new(&item.promised),
        samples,
        Cell::new("□ 確かめた\n□ 指摘あり"),
        Cell::new("\n\n"),
    ]
}

/// 監査報告書, as of the day of the head. It is a draft until the audit was held and every finding was decided on.
pub fn audit_report(audit: &Audit, provider: &[&str], made: &RecordHead) -> Document {
    let (independence, all) = (audit.independence(provider), audit.findings());
    let undecided = all.iter().filter(|one| one.state.is_some() && !one.counts() && one.is_open()).count();
    let is_whole = audit.is_done() && undecided == 0;
    let mut document = made.paper("audit-report", "監査報告書".to_owned(), false, is_whole);
    document.summary.push(("監査番号".to_owned(), audit.entry.id.clone()));
    let counted: Vec<&Finding> = all.iter().filter(|one| one.counts()).collect();
    document.summary.push(("指摘".to_owned(), format!("{}件", counted.len())));
    if !audit.is_done() {
        document.notices.push("監査の実施がまだ記録されていないため、「案」です。".to_owned());
    }
    if undecided > 0 {
        document.notices.push(format!("指摘とするかを決めていない案が{undecided}件あるため、「案」です。"));
    }
    document.notices.extend(contradiction(&independence));
    document.blocks = vec![Block::Table(facts(audit, &independence, made))];
    document.blocks.extend(parts(&independence, made).map(Block::Table));
    for (title, field) in [("調べた記録", "samples"), ("結果の概要", "result")] {
        let text = audit.entry.text(field);
        document.blocks.push(Block::Heading { level: 1, text: title.to_owned() });
        document.blocks.push(Block::Paragraph(if text.is_empty() { BLANK.to_owned() } else { text }));
    }
    document.blocks.push(Block::Heading { level: 1, text: "指摘と是正".to_owned() });
    document.blocks.push(match counted.is_empty() {
        true => Block::Paragraph("指摘はありません。".to_owned()),
        false => Block::Table(found(&counted, made)),
    });
    document.data = vec![found_data(&counted, made.on)];
    document
}

fn found(findings: &[&Finding], made: &RecordHead) -> Table {
    let row = |one: &&Finding| {
        let entry = one.entry;
        let due = entry.day("due_on").map(|day| made.day(day)).unwrap_or_default();
        let due = match one.is_overdue(made.on) {
            true => Cell::new(format!("{due}\n期限超過")).mark(Mark::Finding),
            false => Cell::new(due),
        };
        let again = one.earlier.as_ref().map(|earlier| format!("\n繰り返し（前は{earlier}）")).unwrap_or_default();
        vec![
            Cell::new(&entry.id),
            Cell::new(entry.text("grade")),
            Cell::new(format!("{}{again}", entry.text("finding"))),
            Cell::new(entry.text("controls")),
            Cell::new(entry.text("action")),
            due,
            Cell::new(one.state.map_or("", |state| state.term())),
        ]
    };
    Table {
        caption: "指摘と是正".to_owned(),
        columns: left(&[1.5, 1.5, 3.2, 1.2, 2.6, 1.5, 1.6]),
        head: head(&["番号", "区分", "内容", "対策項目", "直す方法", "期限", "状態"]),
        rows: findings.iter().map(row).collect(),
    }
}

fn found_data(findings: &[&Finding], on: NaiveDate) -> DataSheet {
    let titles = ["番号", "区分", "内容", "対策項目", "前にあった同じ指摘", "直す方法", "期限", "期限超過", "状態"];
    let row = |one: &&Finding| {
        vec![
            Value::from(one.entry.id.as_str()),
            Value::from(one.entry.text("grade")),
            Value::from(one.entry.text("finding")),
            Value::from(one.entry.text("controls")),
            Value::from(one.earlier.clone().unwrap_or_default()),
            Value::from(one.entry.text("action")),
            Value::from(one.entry.day("due_on")),
            Value::from(if one.is_overdue(on) { "はい" } else { "" }),
            Value::from(one.state.map_or("", |state| state.term())),
        ]
    };
    let rows = findings.iter().map(row).collect();
    DataSheet { name: "データ".to_owned(), columns: titles.map(str::to_owned).to_vec(), rows }
}

/// 監査結果の要約: may be shown to anybody, since it names nobody and tells no weak point.
pub fn audit_summary(summary: &Summary, certificates: &[Certificate], made: &RecordHead) -> Document {
    let mut document = made.paper("audit-summary", "監査結果の要約".to_owned(), false, !summary.is_unknown);
    let span = format!("{}から{}まで", made.day(summary.from), made.day(summary.until));
    document.summary.push(("期間".to_owned(), span));
    document.blocks = audit_section(summary, certificates, made);
    document
}

/// The same as a part of another document: what was held, how many findings, certificates of the day.
pub fn audit_section(summary: &Summary, certificates: &[Certificate], made: &RecordHead) -> Vec<Block> {
    if summary.is_unknown {
        return vec![Block::Paragraph(format!("監査の記録がないため、結果を示せません。{BLANK}"))];
    }
    let mut blocks = vec![match summary.held.is_empty() {
        true => Block::Paragraph("この期間に終えた監査の記録はありません。".to_owned()),
        false => Block::Table(held(&summary.held, made)),
    }];
    if !summary.held.is_empty() {
        blocks.push(Block::Table(grades(&summary.grades)));
        blocks.push(Block::Paragraph(format!("前と同じ対策項目に繰り返された指摘は、{}件です。", summary.repeated)));
    }
    blocks.push(Block::Paragraph(format!(
        "監査とは別に、業務に携わる者による自己点検を{}件行いました。",
        summary.self_checks
    )));
    if !certificates.is_empty() {
        blocks.push(Block::Table(held_certificates(certificates, made)));
        blocks.push(Block::Paragraph(NO_ANSWER.to_owned()));
    }
    blocks
}

fn held(audits: &[HeldAudit], made: &RecordHead) -> Table {
    let row = |one: &HeldAudit| {
        let side = if one.is_internal { "内部" } else { "外部" };
        let part = if one.took_part { "\n携わる者による評価" } else { "" };
        vec![
            Cell::new(one.done_on.map(|day| made.day(day)).unwrap_or_default()),
            Cell::new(&one.kinds),
            Cell::new(format!("{side}{part}")),
            Cell::new(format!("{}件", one.findings)),
            Cell::new(format!("{}件", one.open)),
        ]
    };
    Table {
        caption: "行った監査".to_owned(),
        columns: columns(&[
            (2.0, Align::Left),
            (4.0, Align::Left),
            (2.0, Align::Left),
            (1.2, Align::Right),
            (1.8, Align::Right),
        ]),
        head: head(&["実施日", "種類", "監査する者", "指摘", "片付いていない指摘"]),
        rows: audits.iter().map(row).collect(),
    }
}

fn grades(grades: &[GradeCount]) -> Table {
    let row = |one: &GradeCount| {
        let states: Vec<String> =
            one.states.iter().map(|(state, count)| format!("{}{count}件", state.term())).collect();
        let grade = if one.grade.is_empty() { BLANK } else { &one.grade };
        vec![Cell::new(grade), Cell::new(format!("{}件", one.all)), Cell::new(states.join("、"))]
    };
    Table {
        caption: "指摘の区分と状態".to_owned(),
        columns: columns(&[(3.0, Align::Left), (1.2, Align::Right), (6.0, Align::Left)]),
        head: head(&["区分", "指摘", "状態"]),
        rows: grades.iter().map(row).collect(),
    }
}

fn held_certificates(certificates: &[Certificate], made: &RecordHead) -> Table {
    let row = |one: &Certificate| {
        let entry = one.entry;
        vec![
            Cell::new(entry.text("name")),
            Cell::new(entry.text("kind")),
            Cell::new(entry.text("scope")),
            Cell::new(one.until.map(|day| made.day(day)).unwrap_or_default()),
            Cell::new(one.validity.term()),
        ]
    };
    Table {
        caption: "認証と評価".to_owned(),
        columns: left(&[2.4, 2.4, 3.4, 1.8, 1.4]),
        head: head(&["名称", "種類", "適用範囲", "有効期間の終わり", "基準日の状態"]),
        rows: certificates.iter().map(row).collect(),
    }
}
