//! Maintenance on paper: the board of all of them, and the letter to one institution: notice, request for consent, or
//! report (OPS-019 to OPS-021). A letter holds the facts of the maintenance and of that institution only.

use chrono::NaiveDate;
use shirube_safety::operation::maintenance::{Notice, Standing, Terms};
use shirube_safety::operation::register::Value as Written;

use super::{BLANK, RecordHead};
use crate::content::{Align, Block, Cell, DataSheet, Document, Mark, Table, Value};
use crate::deliverable::common::{columns, head};

/// 保守の告知と承諾の一覧, for inside: every maintenance with what each institution said, as of the day of the head.
pub fn board_document(notices: &[Notice], terms: &Terms, made: &RecordHead) -> Document {
    let mut document = made.paper("maintenance", "保守の告知と承諾の一覧".to_owned(), true, true);
    document.summary.push(("保守".to_owned(), format!("{}件", notices.len())));
    document
        .notices
        .push("社内で確かめるための一覧です。ほかの医療機関等の名前が入るため、外に出さないでください。".to_owned());
    let left = |width| (width, Align::Left);
    let titles = ["保守", "種類", "始める日", "告知の期日", "告知した日", "医療機関等", "承諾", "足りないもの"];
    document.blocks = match notices.is_empty() {
        true => vec![Block::Paragraph("保守の告知・承諾・報告簿には、まだ何も書かれていません。".to_owned())],
        false => vec![Block::Table(Table {
            caption: "保守の告知と承諾".to_owned(),
            columns: columns(&[left(2.4), left(2.0), left(1.3), left(1.3), left(1.3), left(2.0), left(1.6), left(3.0)]),
            head: head(&titles),
            rows: notices.iter().flat_map(|notice| board_rows(notice, terms, made)).collect(),
        })],
    };
    let data = notices.iter().flat_map(|notice| data_rows(notice, terms, made)).collect();
    let columns = titles.map(str::to_owned).to_vec();
    document.data = vec![DataSheet { name: "データ".to_owned(), columns, rows: data }];
    document
}

fn board_rows(notice: &Notice, terms: &Terms, made: &RecordHead) -> Vec<Vec<Cell>> {
    let standings = notice.standings(made.on, terms);
    let span = standings.len().max(1);
    let day = |day: Option<NaiveDate>| day.map(|day| made.day(day)).unwrap_or_default();
    let missing = open_points(notice, terms, made);
    let mark = if missing.is_empty() { Mark::None } else { Mark::Finding };
    let id = &notice.entry.id;
    let told = match notice.is_late() {
        true => Cell::new(format!("{}\n期日より後", day(notice.told_on()))).mark(Mark::Finding),
        false => Cell::new(day(notice.told_on())),
    };
    let own = [
        Cell::new(format!("{id}\n{}", notice.entry.text("title"))).again(id),
        Cell::new(notice.entry.text("category")),
        Cell::new(day(notice.entry.day("starts_at"))),
        Cell::new(day(notice.deadline.as_ref().map(|deadline| deadline.by))),
        told,
    ];
    let own: Vec<Cell> = own.into_iter().map(|cell| cell.rows(span)).collect();
    let of = |one: &Standing| [Cell::new(&one.institution), consent(one, made)];
    let mut rows: Vec<Vec<Cell>> = standings.iter().map(|one| of(one).to_vec()).collect();
    if rows.is_empty() {
        rows.push(vec![Cell::new(BLANK).mark(Mark::Unanswered), Cell::new("")]);
    }
    let first = std::mem::take(&mut rows[0]);
    let last = Cell::new(missing.join("\n")).rows(span).mark(mark);
    rows[0] = own.into_iter().chain(first).chain([last]).collect();
    rows
}

/// What keeps it from beginning; once it is over, that its report is missing.
fn open_points(notice: &Notice, terms: &Terms, made: &RecordHead) -> Vec<String> {
    if notice.awaits_report() {
        return vec!["結果の報告がまだです。".to_owned()];
    }
    if notice.is_over() {
        return Vec::new();
    }
    notice.missing(notice.started_on().unwrap_or(made.on), terms)
}

fn consent(one: &Standing, made: &RecordHead) -> Cell {
    let day = one.on.map(|day| format!("\n{}", made.day(day))).unwrap_or_default();
    let cell = Cell::new(format!("{}{day}", one.consent.term()));
    if one.consent.is_in() { cell } else { cell.mark(Mark::Unanswered) }
}

fn data_rows(notice: &Notice, terms: &Terms, made: &RecordHead) -> Vec<Vec<Value>> {
    let missing = open_points(notice, terms, made).concat();
    let row = |one: &Standing| {
        vec![
            Value::from(notice.entry.id.as_str()),
            Value::from(notice.entry.text("category")),
            Value::from(notice.entry.day("starts_at")),
            Value::from(notice.deadline.as_ref().map(|deadline| deadline.by)),
            Value::from(notice.told_on()),
            Value::from(one.institution.as_str()),
            Value::from(one.consent.term()),
            Value::from(missing.as_str()),
        ]
    };
    notice.standings(made.on, terms).iter().map(row).collect()
}

/// What a letter is.
enum Letter {
    Notice,
    Request,
    Report,
}

impl Letter {
    fn of(notice: &Notice, standing: Option<&Standing>) -> Self {
        match standing {
            _ if notice.is_over() => Self::Report,
            Some(standing) if !standing.consent.is_in() => Self::Request,
            _ => Self::Notice,
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Notice => "保守のお知らせ",
            Self::Request => "保守についての承諾のお願い",
            Self::Report => "保守の実施のご報告",
        }
    }

    fn opening(&self) -> &'static str {
        match self {
            Self::Notice => {
                "次のとおり、保守を行います。ご不便をおかけしますが、ご承知おきくださいますようお願いいたします。"
            }
            Self::Request => {
                "次の保守を行うには、前もってご承諾をいただく必要があります。内容をご確認のうえ、この紙の終わりの欄にご記入いただき、ご返送くださいますようお願いいたします。"
            }
            Self::Report => "次のとおり保守を行いましたので、ご報告いたします。",
        }
    }

    /// Fields with what they are called in the letter, and whether the letter is a draft without.
    fn lines(&self) -> &'static [(&'static str, &'static str, bool)] {
        match self {
            Self::Notice | Self::Request => &[
                ("title", "件名", true),
                ("content", "内容", true),
                ("scope", "影響の及ぶ範囲", true),
                ("starts_at", "開始予定の日時", true),
                ("stop_from", "サービスの停止の始め", false),
                ("stop_until", "サービスの停止の終わり", false),
                ("restore_estimate", "終わらなかったときに元へ戻す時間の見込み", true),
                ("stop_reduction", "停止を短くする工夫", false),
                ("emergency_reason", "急いで行う理由", false),
            ],
            Self::Report => &[
                ("title", "件名", true),
                ("content", "内容", true),
                ("scope", "影響の及ぶ範囲", true),
                ("started_at", "始めた日時", true),
                ("ended_at", "終えた日時", true),
                ("result", "結果", true),
                ("reported_where", "報告の掲載先", false),
                ("emergency_reason", "急いで行った理由", false),
            ],
        }
    }
}

/// The letter to one institution. It is a draft while something is empty that has to be in it.
pub fn notice_document(notice: &Notice, institution: &str, terms: &Terms, made: &RecordHead) -> Document {
    let standings = notice.standings(made.on, terms);
    let standing = standings.iter().find(|one| one.institution == institution);
    let letter = Letter::of(notice, standing);
    let is_blank = |(field, _, must): &&(&str, &str, bool)| *must && notice.entry.values(field).is_empty();
    let blanks = letter.lines().iter().filter(is_blank).count();
    let mut document = made.paper("maintenance-notice", letter.title().to_owned(), false, blanks == 0);
    document.summary.push(("保守の番号".to_owned(), notice.entry.id.clone()));
    if blanks > 0 {
        document.notices.push(format!("書いていない欄が{blanks}か所あるため、「案」です。"));
    }
    let mut blocks = vec![
        Block::Aligned { align: Align::Left, text: format!("{institution}　御中") },
        Block::Paragraph(letter.opening().to_owned()),
        Block::Table(facts(&letter, notice, made)),
    ];
    if matches!(letter, Letter::Request) {
        blocks.push(Block::Table(reply()));
    }
    document.blocks = blocks;
    document
}

fn facts(letter: &Letter, notice: &Notice, made: &RecordHead) -> Table {
    let row = |(field, title, must): &(&str, &str, bool)| {
        let values = notice.entry.values(field);
        let text = |value: &Written| match value {
            Written::Date(day) => made.day(*day),
            Written::Time(time) => format!("{} {}", made.day(time.date()), time.format("%H:%M")),
            other => other.to_string(),
        };
        let cell = match (values.is_empty(), must) {
            (true, false) => return None,
            (true, true) => Cell::new(BLANK).mark(Mark::Unanswered),
            (false, _) => Cell::new(values.iter().map(text).collect::<Vec<_>>().join("\n")),
        };
        Some(vec![Cell::new(*title), cell])
    };
    Table {
        caption: "保守の内容".to_owned(),
        columns: columns(&[(3.0, Align::Left), (7.0, Align::Left)]),
        head: head(&["事項", "内容"]),
        rows: letter.lines().iter().filter_map(row).collect(),
    }
}

/// What the institution fills in and sends back.
fn reply() -> Table {
    let row = |title: &str, text: &str| vec![Cell::new(title), Cell::new(text)];
    Table {
        caption: "ご回答".to_owned(),
        columns: columns(&[(3.0, Align::Left), (7.0, Align::Left)]),
        head: head(&["事項", "ご記入欄"]),
        rows: vec![
            row("ご回答", "□ 承諾する　　□ 承諾しない"),
            row("承諾しない理由", "　\n　\n　"),
            row("ご回答の日", "　　　　年　　　月　　　日"),
            row("お名前・お役職", "　\n　"),
        ],
    }
}
