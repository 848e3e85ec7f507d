//! 事業者選定の比較表: what several providers disclose, side by side, what is missing, what to ask, and room for the
//! decision (PARTY-013, PARTY-014).
//!
//! It is made for an institution, from a selection and not from a service, so it is no [`super::Deliverable`].

use shirube_safety::model::{Date, DateStyle};
use shirube_safety::selection::{Candidate, CellState, Criterion, Group, Origin, Row, Selection, SideCell, Told};
use shirube_safety::{Finding, Severity};

use super::common::{columns, day, head};
use super::printed;
use crate::content::{
    Align, Block, Cell, DataSheet, Document, IssueDate, Look, Mark, Meta, Page, Status, Table, Value,
};

/// As many candidates stand beside each other on a page as can be read.
const BESIDE: usize = 4;

/// The parts of the comparison, in their order.
const GROUPS: [Group; 7] = [
    Group::Criteria,
    Group::Items,
    Group::Certifications,
    Group::Questions,
    Group::Terms,
    Group::Places,
    Group::Progress,
];

/// The document. `source` tells what it was made from.
pub fn selection(selection: &Selection, source: &str) -> Document {
    let info = &selection.file.selection;
    let institution = Some(info.institution.trim().to_owned()).filter(|name| !name.is_empty());
    Document {
        name: "selection",
        title: "事業者選定の比較表".to_owned(),
        meta: meta(selection, source),
        page: Page::A4_LANDSCAPE,
        look: Look { footer: institution, ..Look::default() },
        summary: summary(selection),
        notices: notices(selection),
        blocks: blocks(selection),
        data: vec![data(selection), questions_data(selection)],
    }
}

/// What is missing, and everything with all candidates beside each other: for a screen, which is as wide as it has to be.
/// In the second, a row of one cell ([`Mark::Group`]) begins a part.
pub fn selection_tables(selection: &Selection) -> (Table, Table) {
    (missing(selection), comparison(selection, "比較".to_owned(), 0..selection.candidates.len()))
}

fn date(date: Date) -> String {
    printed(date, DateStyle::Western)
}

/// With a decision that nothing stands against it is more than a draft.
fn meta(selection: &Selection, source: &str) -> Meta {
    let info = &selection.file.selection;
    let fails = selection.findings.iter().any(|finding| finding.severity == Severity::Error);
    let decision = selection.file.decision.as_ref().filter(|_| !fails);
    let said = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    Meta {
        service: info.title.clone(),
        issued_on: decision.map(|decision| IssueDate { day: decision.on.0, printed: date(decision.on) }),
        author: said(&info.by),
        approver: decision.and_then(|decision| said(&decision.by)),
        status: if decision.is_some() { Status::Issued } else { Status::Draft },
        source: source.to_owned(),
        ..Meta::default()
    }
}

fn summary(selection: &Selection) -> Vec<(String, String)> {
    let info = &selection.file.selection;
    let names: Vec<&str> = selection.candidates.iter().map(|candidate| candidate.entry.name.as_str()).collect();
    let stated = [
        ("医療機関等", info.institution.clone()),
        ("選ぶ目的", info.purpose.clone()),
        ("比べた日", info.on.map(date).unwrap_or_default()),
        ("候補", format!("{}件（{}）", names.len(), names.join("、"))),
        ("決定", selection.file.decision.as_ref().map_or("未定".to_owned(), |decision| decision.candidate.clone())),
    ];
    let stated = stated.into_iter().filter(|(_, value)| !value.trim().is_empty());
    stated.map(|(label, value)| (label.to_owned(), value)).collect()
}

fn notices(selection: &Selection) -> Vec<String> {
    let mut notices = vec![
        "各事業者が示したものを、そのまま並べたものです。点数や順位は付けていません。示されていることや認証があることは、ガイドラインが求める安全管理の水準を満たすことを意味しません（4.4）。足りるかどうかは、医療機関等が判断します。"
            .to_owned(),
    ];
    if selection.file.decision.is_none() {
        notices.push("決定が書かれていないため、「案」です。".to_owned());
    }
    let errors = selection.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    if errors > 0 && selection.file.decision.is_some() {
        notices.push(format!("決定が書かれていますが、要対応の点が{errors}件あるため、「案」です。"));
    }
    notices
}

fn heading(level: u8, text: &str) -> Block {
    Block::Heading { level, text: text.to_owned() }
}

fn blocks(selection: &Selection) -> Vec<Block> {
    let mut blocks = vec![heading(1, "足りないもの"), Block::Table(missing(selection))];
    let parts = parts(selection.candidates.len());
    for (at, part) in parts.iter().enumerate() {
        let caption =
            if parts.len() > 1 { format!("比較（{}/{}）", at + 1, parts.len()) } else { "比較".to_owned() };
        blocks.push(heading(1, &caption));
        blocks.push(Block::Table(comparison(selection, caption.replace('/', "の"), part.clone())));
    }
    blocks.push(heading(1, "選定基準の判断"));
    blocks.push(Block::Table(verdicts(selection)));
    if !selection.findings.is_empty() {
        blocks.push(heading(1, "確かめること"));
        blocks.push(Block::List(selection.findings.iter().map(finding).collect()));
    }
    blocks.push(heading(1, "尋ねること"));
    for candidate in &selection.candidates {
        let provider = candidate.data.map(|data| format!("（{}）", data.provider)).unwrap_or_default();
        blocks.push(heading(2, &format!("{}{provider}", candidate.entry.name)));
        blocks.push(match candidate.questions.is_empty() {
            true => Block::Paragraph("尋ねることはありません。".to_owned()),
            false => Block::List(candidate.questions.clone()),
        });
    }
    blocks.push(heading(1, "選定の決定"));
    blocks.push(Block::Table(decision(selection)));
    blocks
}

/// Without the advice, which speaks of the fields of the file.
fn finding(finding: &Finding) -> String {
    format!("【{}】{}", finding.severity.term(), finding.message)
}

/// Candidates that stand beside each other: as few tables as possible, all about as wide.
fn parts(candidates: usize) -> Vec<std::ops::Range<usize>> {
    let tables = candidates.div_ceil(BESIDE).max(1);
    let bound = |at: usize| at * candidates / tables;
    (0..tables).map(|at| bound(at)..bound(at + 1)).collect()
}

fn widths(first: f64, others: usize) -> Vec<(f64, Align)> {
    let other = (10.0 - first) / others.max(1) as f64;
    std::iter::once((first, Align::Left)).chain(std::iter::repeat_n((other, Align::Left), others)).collect()
}

/// What is missing of each candidate, by what it is missing for.
fn missing(selection: &Selection) -> Table {
    let row = |(at, candidate): (usize, &Candidate)| {
        let listed = |wanted: &dyn Fn(&Row) -> bool| -> Vec<String> {
            selection.rows.iter().filter(|row| wanted(row)).map(short).collect()
        };
        let cell = |names: Vec<String>, mark: bool| match names.is_empty() {
            true => Cell::new("なし"),
            false if mark => Cell::new(names.join("、")).mark(Mark::Unanswered),
            false => Cell::new(names.join("、")),
        };
        let open = |group: Group| listed(&|row| row.group == group && row.cells[at].state.is_missing());
        let further = |row: &Row| {
            !matches!(row.group, Group::Criteria | Group::Items) && !row.must && row.cells[at].state.is_missing()
        };
        vec![
            Cell::new(&candidate.entry.name),
            cell(open(Group::Criteria), true),
            cell(listed(&|row| row.cells[at].state == CellState::Nda), false),
            cell(listed(&|row| row.group == Group::Questions && row.must && row.cells[at].state.is_missing()), true),
            cell(open(Group::Items), true),
            cell(listed(&further), false),
        ]
    };
    Table {
        caption: "足りないもの".to_owned(),
        columns: columns(&[
            (1.8, Align::Left),
            (1.3, Align::Left),
            (1.6, Align::Left),
            (1.4, Align::Left),
            (1.8, Align::Left),
            (3.0, Align::Left),
        ]),
        head: head(&[
            "候補",
            "選定基準（1～4番）",
            "秘密保持契約の後に見るもの",
            "必須の問い",
            "表4-1の5～19番",
            "そのほか",
        ]),
        rows: selection.candidates.iter().enumerate().map(row).collect(),
    }
}

/// A name short enough for a list.
fn short(row: &Row) -> String {
    match row.criterion {
        Criterion::Item(no) => format!("{no}番"),
        Criterion::Topic(topic) => topic.term().to_owned(),
        Criterion::Question(id) => id.to_owned(),
    }
}

fn comparison(selection: &Selection, caption: String, part: std::ops::Range<usize>) -> Table {
    let candidates = &selection.candidates[part.clone()];
    let mut titles = vec![Cell::new("比べること")];
    titles.extend(candidates.iter().map(|candidate| {
        let data = candidate.data;
        let provider = data.map(|data| format!("\n{}", data.provider)).unwrap_or_default();
        let draft = if data.is_some_and(|data| data.document.draft) { "（案）" } else { "" };
        let origin = if data.is_none() { "\n開示データなし" } else { "" };
        Cell::new(format!("{}{draft}{provider}{origin}", candidate.entry.name))
    }));
    let mut rows = Vec::new();
    for group in GROUPS {
        let mut of_group = selection.of(group).peekable();
        if of_group.peek().is_some() {
            rows.push(vec![Cell::new(group.term()).cols(part.len() + 1).mark(Mark::Group)]);
        }
        rows.extend(of_group.map(|row| {
            let title = Cell::new(title(row));
            let cells = row.cells[part.clone()].iter().map(cell);
            std::iter::once(title).chain(cells).collect::<Vec<_>>()
        }));
    }
    let widths = widths(if part.len() > 2 { 1.9 } else { 2.6 }, part.len());
    Table { caption, columns: columns(&widths), head: vec![titles], rows }
}

fn title(row: &Row) -> String {
    match row.criterion {
        Criterion::Item(no) => format!("{no}　{}", row.title),
        Criterion::Question(id) => {
            format!("{id}（{}）\n{}", if row.must { "必須" } else { "参考" }, row.title.trim())
        }
        Criterion::Topic(_) => row.title.to_owned(),
    }
}

fn cell(cell: &SideCell) -> Cell {
    let mark = match cell.state {
        CellState::Conflict => Mark::Finding,
        state if state.is_missing() => Mark::Unanswered,
        _ => Mark::None,
    };
    let mixed = cell.told.iter().any(|told| told.origin == Origin::Hand);
    let mut lines = Vec::new();
    if cell.state != CellState::Shown {
        lines.push(cell.state.term().to_owned());
    }
    let has_content = |told: &&Told| told.origin == Origin::Hand || !told.document.is_empty() || !told.text.is_empty();
    lines.extend(cell.told.iter().filter(has_content).map(|told| said(told, mixed)));
    lines.extend(kept_back(cell));
    lines.extend(cell.differs.iter().map(|differs| format!("違い: {differs}")));
    lines.extend(
        cell.verdict
            .iter()
            .map(|(verdict, reason)| format!("判断: {}（{}）", verdict.term(), reason.trim_end_matches('。'))),
    );
    Cell::new(lines.join("\n")).mark(mark)
}

fn said(told: &Told, mixed: bool) -> String {
    let conditions = Some(&told.conditions).filter(|text| !text.is_empty()).map(|text| format!("開示: {text}"));
    let what = [&told.document, &told.text].into_iter().filter(|text| !text.is_empty()).cloned();
    let mut lines: Vec<String> = what.chain(conditions).collect();
    let on = told.on.map(|on| match told.origin {
        Origin::Data => format!("開示日 {}", date(on)),
        Origin::Hand => format!("{}に確認", date(on)),
    });
    let origin = mixed.then(|| told.origin.term().to_owned());
    let about: Vec<String> = origin.into_iter().chain(on).collect();
    if !about.is_empty() {
        lines.push(format!("（{}）", about.join("、")));
    }
    lines.join("\n")
}

/// That there is more in the data than what it shows.
fn kept_back(cell: &SideCell) -> Vec<String> {
    let written = cell.told.iter().any(|told| told.origin == Origin::Hand);
    let count =
        |state: CellState| cell.told.iter().filter(|told| told.origin == Origin::Data && told.state == state).count();
    let line = |(state, what): (CellState, &str)| match count(state) {
        0 => None,
        _ if cell.state == state => None,
        _ if written => Some(format!("（開示データでは「{}」）", state.term())),
        more => Some(format!("ほかに、{what}資料が{more}件あります。")),
    };
    [(CellState::Nda, "秘密保持契約を結んだうえで開示する"), (CellState::Undecided, "開示の条件が未確認の")]
        .into_iter()
        .filter_map(line)
        .collect()
}

/// What people judged of the four criteria; what nobody judged is blank to write in.
fn verdicts(selection: &Selection) -> Table {
    let count = selection.candidates.len();
    let mut titles = vec!["選定基準"];
    titles.extend(selection.candidates.iter().map(|candidate| candidate.entry.name.as_str()));
    let row = |row: &Row| {
        let judged = |cell: &SideCell| match cell.verdict {
            Some((verdict, reason)) => Cell::new(format!("{}\n{reason}", verdict.term())),
            None => Cell::new("未判断\n　\n　").mark(Mark::Unanswered),
        };
        std::iter::once(Cell::new(title(row))).chain(row.cells.iter().map(judged)).collect()
    };
    Table {
        caption: "選定基準の判断".to_owned(),
        columns: columns(&widths(2.6, count)),
        head: head(&titles),
        rows: selection.of(Group::Criteria).map(row).collect(),
    }
}

/// The decision, or room for it.
fn decision(selection: &Selection) -> Table {
    let decision = selection.file.decision.as_ref();
    let rows = [
        ("選んだ候補", decision.map(|decision| decision.candidate.clone()), "　\n　"),
        ("決めた人（役職・氏名）", decision.map(|decision| decision.by.clone()), "　\n　"),
        ("決めた日", decision.map(|decision| date(decision.on)), "　\n　　　　　　年　　月　　日"),
        ("理由と、契約までに確かめること", decision.map(|decision| decision.reason.clone()), "　\n　\n　\n　\n　"),
    ];
    let row = |(label, value, room): (&str, Option<String>, &str)| {
        vec![Cell::new(label), Cell::new(value.unwrap_or_else(|| room.to_owned()))]
    };
    Table {
        caption: "選定の決定".to_owned(),
        columns: columns(&[(2.4, Align::Left), (7.6, Align::Left)]),
        head: head(&["項目", "内容"]),
        rows: rows.into_iter().map(row).collect(),
    }
}

/// One record for everything that is said, and one for each cell of which nothing is.
fn data(selection: &Selection) -> DataSheet {
    let heading = [
        "区分",
        "番号",
        "項目",
        "候補",
        "状態",
        "出どころ",
        "資料",
        "内容",
        "開示方法・条件・範囲",
        "日付",
        "違い",
        "判断",
        "理由",
    ];
    let mut rows = Vec::new();
    for row in &selection.rows {
        for (candidate, cell) in selection.candidates.iter().zip(&row.cells) {
            let record = |told: Option<&Told>| -> Vec<Value> {
                let text = |of: fn(&Told) -> &str| -> Value { told.map(of).unwrap_or_default().into() };
                let (verdict, reason) = cell.verdict.map_or(("", ""), |(verdict, reason)| (verdict.term(), reason));
                vec![
                    row.group.term().into(),
                    row.key().into(),
                    row.title.into(),
                    candidate.entry.name.as_str().into(),
                    told.filter(|_| cell.state != CellState::Conflict)
                        .map_or(cell.state, |told| told.state)
                        .term()
                        .into(),
                    told.map(|told| told.origin.term()).unwrap_or_default().into(),
                    text(|told| &told.document),
                    text(|told| &told.text),
                    text(|told| &told.conditions),
                    day(told.and_then(|told| told.on)),
                    cell.differs.as_deref().unwrap_or_default().into(),
                    verdict.into(),
                    reason.into(),
                ]
            };
            match cell.told.is_empty() {
                true => rows.push(record(None)),
                false => rows.extend(cell.told.iter().map(|told| record(Some(told)))),
            }
        }
    }
    DataSheet { name: "データ".to_owned(), columns: heading.map(str::to_owned).to_vec(), rows }
}

fn questions_data(selection: &Selection) -> DataSheet {
    let of_candidate = selection.candidates.iter().flat_map(|candidate| {
        candidate
            .questions
            .iter()
            .map(|question| -> Vec<Value> { vec![candidate.entry.name.as_str().into(), question.as_str().into()] })
    });
    let columns = ["候補", "尋ねること"].map(str::to_owned).to_vec();
    DataSheet { name: "データ（尋ねること）".to_owned(), columns, rows: of_candidate.collect() }
}
