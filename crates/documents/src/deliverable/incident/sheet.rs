//! 事故対応票: one incident with everything that is known and open, for those who handle it (OPS-054, EVID-015).

use shirube_safety::operation::incident::{ClockState, StepState, Worked};

use super::{heading, known, table};
use crate::content::{Block, Cell, DataSheet, Document, Mark, Value};
use crate::deliverable::RecordHead;
use crate::deliverable::date::with_printed_dates;

/// Fields that are printed first, besides its number and name.
const FIRST: [&str; 8] =
    ["kind", "severity", "cyber_attack", "found_at", "found_by", "handler", "range", "containment"];

/// The sheet. It is a draft while the incident is open.
pub fn incident_sheet(worked: &Worked, head: &RecordHead) -> Document {
    let incident = &worked.incident;
    let title = format!("事故対応票（{}）", incident.entry.id);
    let mut document = head.paper("incident", title, false, !incident.is_open());
    let name = incident.text("title").unwrap_or_else(|| super::BLANK.to_owned());
    document.summary = vec![
        ("件名".to_owned(), name),
        ("状態".to_owned(), incident.state().to_owned()),
        ("作成時点".to_owned(), head.printed(&worked.now.format("%Y-%m-%d %H:%M").to_string())),
    ];
    if incident.is_open() {
        document.notices.push("対応の途中の内部の資料です。医療機関等に渡す文書ではありません。".to_owned());
    }
    let sheet = Sheet { worked, head };
    document.blocks.extend(sheet.order());
    document.blocks.extend(sheet.clocks());
    document.blocks.extend(sheet.facts());
    document.blocks.extend(sheet.affected());
    document.blocks.extend(sheet.timeline());
    document.blocks.extend(sheet.review());
    document.data = vec![sheet.data()];
    document
}

struct Sheet<'a> {
    worked: &'a Worked<'a>,
    head: &'a RecordHead,
}

impl RecordHead {
    /// A text of ours with its days as the service prints them.
    fn printed(&self, text: &str) -> String {
        with_printed_dates(text, self.dates)
    }
}

impl Sheet<'_> {
    fn printed(&self, text: &str) -> String {
        self.head.printed(text)
    }

    fn order(&self) -> Vec<Block> {
        let row = |(at, step): (usize, &shirube_safety::operation::incident::OrderStep)| {
            let state = Cell::new(self.printed(&step.state.words()));
            let state = if step.state == StepState::Open { state.mark(Mark::Unanswered) } else { state };
            vec![Cell::new((at + 1).to_string()), Cell::new(step.title), state, Cell::new(step.advice)]
        };
        let rows: Vec<Vec<Cell>> = self.worked.order.iter().enumerate().map(row).collect();
        if rows.is_empty() {
            return Vec::new();
        }
        vec![
            heading("することの順"),
            table("することの順", &["順", "すること", "状況", "やり方"], &[0.5, 2.4, 1.9, 5.0], rows),
        ]
    }

    fn clocks(&self) -> Vec<Block> {
        let rows = self.worked.clocks.iter().map(|clock| {
            let state = Cell::new(self.printed(&clock.state.words()));
            let state = match clock.state {
                ClockState::Overdue(_) => state.mark(Mark::Finding),
                ClockState::NotAgreed | ClockState::CannotTell(_) => state.mark(Mark::Unanswered),
                _ => state,
            };
            let due = clock.due.map_or("－".to_owned(), |due| self.printed(&due.to_string()));
            let rule = format!("{}\n{}。よりどころ: {}", clock.counted, clock.basis, clock.rule.source);
            vec![
                Cell::new(format!("{}\n（{}）", clock.rule.title, clock.whom())),
                Cell::new(due),
                state,
                Cell::new(rule),
            ]
        });
        let rows = rows.collect();
        vec![
            heading("期限"),
            table("期限", &["期限と相手", "いつまで", "状況", "数え方とよりどころ"], &[2.2, 1.9, 2.2, 4.4], rows),
        ]
    }

    fn facts(&self) -> Vec<Block> {
        let incident = &self.worked.incident;
        let fields = incident.register.fields.iter().filter(|field| !matches!(field.id.as_str(), "number" | "title"));
        let shown = fields.filter(|field| {
            FIRST.contains(&field.id.as_str())
                || field.required.holds_in(&incident.entry.state)
                || incident.text(&field.id).is_some()
        });
        let row = |field: &shirube_catalog::RegisterField| {
            let text = incident.text(&field.id).map(|text| self.printed(&text));
            vec![Cell::new(&field.title), known(text)]
        };
        let rows = shown.map(row).collect();
        vec![heading("記録"), table("記録", &["欄", "内容"], &[2.0, 7.0], rows)]
    }

    fn affected(&self) -> Vec<Block> {
        let affected = &self.worked.affected;
        let list = |names: &[String]| if names.is_empty() { "－".to_owned() } else { names.join("、") };
        let layers: Vec<String> = affected.layers.iter().map(|layer| layer.term().to_owned()).collect();
        let institution = |entered: bool| if entered { "記録にある" } else { "案" };
        let mut rows = vec![
            vec![Cell::new("機器・接続・搬送"), Cell::new(list(&affected.elements)), Cell::new("構成から")],
            vec![Cell::new("情報流"), Cell::new(format!("{}件", affected.flows.len())), Cell::new("構成から")],
            vec![Cell::new("場所"), Cell::new(list(&affected.sites)), Cell::new("構成から")],
            vec![Cell::new("層"), Cell::new(list(&layers)), Cell::new("構成から")],
        ];
        for one in &affected.information {
            let importance =
                one.importance.map_or("影響度は未記載".to_owned(), |value| format!("影響度{value}"));
            let text = format!("{}（{}、{importance}）", one.name, one.class);
            rows.push(vec![Cell::new("情報"), Cell::new(text), given(one.entered, one.proposed)]);
        }
        for one in &affected.institutions {
            let cell = Cell::new(institution(one.entered));
            let cell = if one.entered { cell } else { cell.mark(Mark::Proposed) };
            rows.push(vec![Cell::new("医療機関等"), Cell::new(&one.name), cell]);
        }
        let mut blocks = vec![heading("影響の及ぶもの（構成から求めた案）")];
        if !affected.unknown.is_empty() {
            let names = affected.unknown.join("」「");
            blocks.push(Block::Paragraph(format!("「{names}」は、system.yamlにありません。案に入っていません。")));
        }
        blocks.push(table("影響の及ぶもの", &["種類", "名前", "よりどころ"], &[1.8, 6.0, 1.8], rows));
        blocks
    }

    fn timeline(&self) -> Vec<Block> {
        let rows: Vec<Vec<Cell>> = self
            .worked
            .timeline
            .iter()
            .map(|one| {
                let who = one.by.as_deref().unwrap_or("－");
                let what = match &one.remark {
                    Some(remark) => format!("{}\n{remark}", one.what),
                    None => one.what.clone(),
                };
                vec![
                    Cell::new(self.printed(&one.at.to_string())),
                    Cell::new(what),
                    Cell::new(who),
                    Cell::new(&one.place),
                ]
            })
            .collect();
        vec![heading("経過"), table("経過", &["日時", "出来事と判断", "人", "記録"], &[1.9, 4.0, 1.4, 2.4], rows)]
    }

    fn review(&self) -> Vec<Block> {
        let touched = &self.worked.touched;
        let mut blocks = vec![heading("事故のあとに見直すもの")];
        if touched.risks.is_empty() {
            let text = "対象の機器か影響する情報を記録に書くと、見直すリスクが並びます。";
            blocks.push(Block::Paragraph(text.to_owned()));
            return blocks;
        }
        let rows = touched.risks.iter().map(|risk| {
            let rank = risk.rank.map_or("未評価".to_owned(), |(rank, value)| format!("{rank}（{value}）"));
            let rank = Cell::new(rank);
            let rank = if risk.decided { rank } else { rank.mark(Mark::Proposed) };
            vec![Cell::new(&risk.number), Cell::new(&risk.threat), Cell::new(&risk.text), rank]
        });
        let titles = ["番号", "脅威", "リスク", "リスクレベル"];
        blocks.push(table("見直すリスク", &titles, &[0.9, 2.2, 5.4, 1.3], rows.collect()));
        let list = |names: Vec<&str>| if names.is_empty() { "なし".to_owned() } else { names.join("、") };
        let controls = touched.controls.iter().map(String::as_str).collect();
        blocks.push(Block::Paragraph(format!("働きを確かめる対策項目（別紙2）: {}", list(controls))));
        let again = touched.again.iter().map(|item| item.title.as_str()).collect();
        blocks.push(Block::Paragraph(format!("改めるときに合意し直す事項: {}", list(again))));
        blocks
    }
}

impl Sheet<'_> {
    /// What happened, one moment a row.
    fn data(&self) -> DataSheet {
        let columns = ["日時", "出来事と判断", "人", "備考", "記録"].map(str::to_owned).to_vec();
        let rows = self.worked.timeline.iter().map(|one| {
            let (by, remark) = (one.by.clone().unwrap_or_default(), one.remark.clone().unwrap_or_default());
            [one.at.to_string(), one.what.clone(), by, remark, one.place.clone()].map(Value::from).to_vec()
        });
        DataSheet { name: "経過".to_owned(), columns, rows: rows.collect() }
    }
}

/// Who says that information is affected.
fn given(entered: bool, proposed: bool) -> Cell {
    match (entered, proposed) {
        (true, true) => Cell::new("記録にある"),
        (true, false) => Cell::new("記録だけにある").mark(Mark::Finding),
        (false, _) => Cell::new("案").mark(Mark::Proposed),
    }
}
