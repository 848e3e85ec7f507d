//! フェーズごとの合意事項確認表: what provider and institution settle for each phase, and what is said of it today (3.2,
//! LIFE-001, LIFE-003).

use shirube_catalog::PhaseDuty;
use shirube_safety::Service;
use shirube_safety::agreement::{Item, ItemKind, PhaseLine, PhaseList, items, phase_lists};

use super::common::{columns, document, edition_notice, head};
use super::{CLOSING_PAPERS, Deliverable};
use crate::content::{Align, Block, Cell, DataSheet, Document, Mark, Page, Table, Value};

/// Items of agreement shown on one line; the others stand in the 合意事項一覧.
const SHOWN: usize = 3;
/// Longest promise shown whole, in characters.
const LONGEST: usize = 60;
/// What stands where nobody has settled anything.
const OPEN: &str = "まだ決めていません";

pub(super) fn build(service: &Service, source: &str) -> Document {
    let mut document = document(service, Deliverable::LifeCycle, Page::A4_LANDSCAPE, source);
    let items = items(service);
    let lists = phase_lists(&items, None);
    document.summary.extend(lists.iter().map(|list| {
        (list.fact().name.clone(), format!("{}項目（うち、まだ決めていないもの{}項目）", list.lines.len(), list.open()))
    }));
    document.notices.push(edition_notice(service, &service.assessment.library.provider.edition));
    document.notices.push("決めることの一覧は、ガイドラインを読んで独自に並べたものです。".to_owned());
    for list in &lists {
        let fact = list.fact();
        document.blocks.push(Block::Heading { level: 1, text: fact.name.clone() });
        document.blocks.push(Block::Paragraph(fact.content.clone()));
        document.blocks.push(Block::Table(duties(service, list)));
        document.blocks.push(Block::Table(lines(list)));
    }
    document.data.push(data(&lists));
    document
}

/// What the provider owes, the legal duty behind it, and the work that fulfils it.
fn duties(service: &Service, list: &PhaseList) -> Table {
    let legal = &service.assessment.library.provider.duties;
    let row = |duty: &PhaseDuty| {
        let relation = legal.relation(&duty.legal).map(|one| format!("{} {}", one.section, one.title));
        vec![
            Cell::new(duty.text.clone()),
            Cell::new(duty.tasks.iter().map(|task| format!("・{task}")).collect::<Vec<_>>().join("\n")),
            Cell::new(relation.unwrap_or_default()),
            Cell::new(duty.sources.join("\n")),
        ]
    };
    Table {
        caption: format!("{}の務め", list.fact().name),
        columns: columns(&[(4.2, Align::Left), (4.0, Align::Left), (2.6, Align::Left), (2.0, Align::Left)]),
        head: head(&["対象事業者の務め", "務めを果たす作業", "法律関係（表3-1）", "根拠"]),
        rows: list.list.duties.iter().map(row).collect(),
    }
}

fn lines(list: &PhaseList) -> Table {
    let row = |line: &PhaseLine| {
        let said = match line.is_open() {
            true => Cell::new(OPEN).mark(Mark::Unanswered),
            false => Cell::new(said(&line.items)),
        };
        vec![
            Cell::new(line.item.text.clone()),
            said,
            Cell::new(line.item.basis().join("\n")),
            Cell::new(phase_documents(line).join("\n")),
        ]
    };
    Table {
        caption: format!("{}に決めること", list.fact().name),
        columns: columns(&[(3.4, Align::Left), (5.2, Align::Left), (2.0, Align::Left), (2.2, Align::Left)]),
        head: head(&["決めること", "いま決めていること", "根拠", "関わる文書"]),
        rows: list.lines.iter().map(row).collect(),
    }
}

/// What the items say, those with something to say first.
fn said(items: &[&Item]) -> String {
    let (written, blank): (Vec<&Item>, Vec<&Item>) = items.iter().partition(|item| !item.text.trim().is_empty());
    let mut lines: Vec<String> =
        written.iter().take(SHOWN).map(|item| format!("・{}: {}", name(item), short(item))).collect();
    if written.len() > SHOWN {
        lines.push(format!("・ほか{}件（合意事項による）", written.len() - SHOWN));
    }
    if !blank.is_empty() {
        let names: Vec<String> = blank.iter().take(SHOWN).map(|item| name(item)).collect();
        let more = if blank.len() > SHOWN { format!("など{}件", blank.len()) } else { String::new() };
        lines.push(format!("・未記載: {}{more}", names.join("、")));
    }
    lines.join("\n")
}

/// A promise of many fields is read where it stands as a table.
fn short(item: &Item) -> String {
    if item.kind == ItemKind::ServiceLevel && item.text.chars().count() > LONGEST {
        return format!("{}のとおり", Deliverable::Sla.title());
    }
    item.text.replace('\n', "、")
}

/// Short: controls and risks have long titles.
fn name(item: &Item) -> String {
    let own = item.key.split_once('/').map_or(item.key.as_str(), |(_, name)| name);
    match item.kind {
        ItemKind::Control => format!("別紙2 {own}"),
        ItemKind::Residual => format!("残存するリスク {own}"),
        _ => item.title.clone(),
    }
}

/// Titles of the documents that hold what is settled on a line.
pub fn phase_documents(line: &PhaseLine) -> Vec<&'static str> {
    let title = |name: &String| {
        let paper = CLOSING_PAPERS.iter().find(|(known, _)| known == name).map(|(_, title)| *title);
        name.parse::<Deliverable>().ok().map(Deliverable::title).or(paper)
    };
    line.item.documents.iter().filter_map(title).collect()
}

fn data(lists: &[PhaseList]) -> DataSheet {
    let heading = ["フェーズ", "項目", "決めること", "状況", "いま決めていること", "根拠", "関わる文書"];
    let rows = lists.iter().flat_map(|list| {
        list.lines.iter().map(|line| -> Vec<Value> {
            let (state, text) =
                if line.is_open() { (OPEN, String::new()) } else { ("記載あり", said(&line.items)) };
            vec![
                list.fact().name.as_str().into(),
                line.item.id.as_str().into(),
                line.item.text.as_str().into(),
                state.into(),
                text.into(),
                line.item.basis().join("、").into(),
                phase_documents(line).join("、").into(),
            ]
        })
    });
    DataSheet { name: "データ".to_owned(), columns: heading.map(str::to_owned).to_vec(), rows: rows.collect() }
}

#[cfg(test)]
mod tests {
    use shirube_catalog::life_cycle;

    use super::*;

    /// LIFE-003: every document a checklist names is one that can be made.
    #[test]
    fn every_document_of_the_lists_exists() {
        for item in life_cycle().iter().flat_map(|list| &list.items) {
            let line = PhaseLine { item, items: Vec::new(), sheet: Vec::new() };
            assert_eq!(phase_documents(&line).len(), item.documents.len(), "{}", item.id);
        }
    }
}
