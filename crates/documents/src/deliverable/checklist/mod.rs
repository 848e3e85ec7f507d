//! 確認表: the sheets that hospitals send or hold, filled from `checklists.yaml` (DOC-038 to -040).
//!
//! What nobody answered is 未回答, with the facts beside it as 案. Each sheet names its edition, how sure the list of its
//! items is, and what was not seen.

mod data;
mod table;

use shirube_catalog::{Certainty, shelf};
use shirube_safety::Service;
use shirube_safety::checklist::{Checklist, Tally};
use shirube_safety::model::Date;
use shirube_safety::stated::{ChecklistKind, ChecklistSheet};

use super::common::{columns, document, edition_notice};
use super::{Deliverable, era, printed};
use crate::content::{Align, Block, Cell, Document, Page, Status, Table};

/// The document that a sheet belongs to.
pub(super) fn deliverable(kind: ChecklistKind) -> Deliverable {
    match kind {
        ChecklistKind::Cyber2023 | ChecklistKind::Cyber2024 | ChecklistKind::Cyber2025 | ChecklistKind::Cyber2026 => {
            Deliverable::ChecklistCyber
        }
        ChecklistKind::MhlwThird => Deliverable::ChecklistMhlw,
        ChecklistKind::RoleDivision => Deliverable::RoleDivision,
        ChecklistKind::MdsSds => Deliverable::MdsSds,
    }
}

pub(super) fn build(service: &Service, kind: Deliverable, source: &str) -> Document {
    let page = if kind == Deliverable::ChecklistMhlw { Page::A4_PORTRAIT } else { Page::A4_LANDSCAPE };
    let mut document = document(service, kind, page, source);
    let lists: Vec<&Checklist> = service.checklists.iter().filter(|list| deliverable(list.kind()) == kind).collect();
    if lists.iter().any(|list| !list.is_complete()) || lists.is_empty() {
        document.meta.status = Status::Draft;
        document.meta.issued_on = None;
    }
    document.summary = summary(service, &lists);
    notices(service, kind, &lists, &mut document.notices);
    if lists.is_empty() {
        document.blocks.push(Block::Paragraph("この種類の確認表は、まだ作っていません。".to_owned()));
    }
    for (at, list) in lists.iter().enumerate() {
        if at > 0 {
            document.blocks.push(Block::PageBreak);
        }
        document.blocks.push(Block::Heading { level: 1, text: title(service, list.sheet) });
        document.blocks.push(Block::Table(about(service, list)));
        document.blocks.push(Block::Table(table::table(service, list)));
    }
    document.data.push(data::data(service, &lists));
    document
}

fn summary(service: &Service, lists: &[&Checklist]) -> Vec<(String, String)> {
    let mut names: Vec<String> = lists.iter().filter_map(|list| institution(service, list.sheet)).collect();
    names.dedup();
    let tally = Tally::of(lists.iter().flat_map(|list| &list.lines));
    let mut summary = Vec::new();
    if !names.is_empty() {
        summary.push(("対象の医療機関等".to_owned(), names.join("、")));
    }
    summary.push(("確認表".to_owned(), format!("{}件", lists.len())));
    summary.push(("項目".to_owned(), counts(tally)));
    summary
}

/// `実施済4、未実施1、対象外0、未回答2（全7件）`.
fn counts(tally: Tally) -> String {
    format!(
        "実施済{}、未実施{}、対象外{}、未回答{}（全{}件）",
        tally.done, tally.not_done, tally.not_applicable, tally.open, tally.items
    )
}

fn notices(service: &Service, kind: Deliverable, lists: &[&Checklist], notices: &mut Vec<String>) {
    let unfinished = lists.iter().filter(|list| !list.is_complete()).count();
    if unfinished > 0 {
        notices.push(format!("未回答の項目があるか、確認した人と日の揃わない表が{unfinished}件あるため「案」です。"));
    }
    let mut kinds: Vec<ChecklistKind> = lists.iter().map(|list| list.kind()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    for edition in kinds.iter().filter_map(|kind| shelf().catalog(kind.token())) {
        notices.push(edition_notice(service, &edition.edition));
        if edition.entries.is_empty() {
            let known = if kind == Deliverable::MdsSds { "領域の名前と、" } else { "" };
            notices.push(format!(
                "{}の設問は確認していません。{known}手元の様式から書き写した設問だけを並べます。",
                edition.edition.edition
            ));
        }
    }
    if lists.iter().any(|list| list.lines.is_empty()) {
        notices.push(
            "項目が一つもない表があります。その様式の項目は確認していないため、手元の様式から書き写してください。"
                .to_owned(),
        );
    }
    if kind == Deliverable::ChecklistCyber {
        notices.push("1回目から3回目までの欄の並びは、公表された様式とは読み比べていません。提出するときは、指定された様式に書き写してください。".to_owned());
    }
    let lines = || lists.iter().flat_map(|list| &list.lines);
    let unsure = lines().filter(|line| line.asked.certainty().is_some_and(|sure| sure != Certainty::Seen)).count();
    if unsure > 0 {
        notices.push(format!("項目のうち{unsure}件は、文言や番号の一部しか確認していません。項目ごとの注は、表計算のファイルのデータにあります。"));
    }
    if lines().any(|line| !line.proposal.facts.is_empty()) {
        notices.push("「案」と「事実」は、サービスの構成や別紙2への答えから示したもので、確認表への答えではありません。対応は独自の推定です。人が答えるまで「未回答」と数えます。".to_owned());
    }
    let mut parties: Vec<_> = lists.iter().filter_map(|list| list.sheet.institution.as_ref()).collect();
    parties.sort_unstable();
    parties.dedup();
    if parties.len() > 1 {
        notices.push("複数の医療機関等の表が入っています。渡すときは、相手の表だけを抜き出してください。".to_owned());
    }
    notices.push("この表は、答えを示すもので、ガイドラインへの適合を証明するものではありません。".to_owned());
}

/// `令和7年度版 事業者確認用`, with the institution.
fn title(service: &Service, sheet: &ChecklistSheet) -> String {
    let edition = shelf().catalog(sheet.list.token()).map_or(sheet.list.token(), |known| &known.edition.edition);
    let form = sheet.form.map(|form| format!(" {}", form.term())).unwrap_or_default();
    let party = institution(service, sheet).map(|name| format!("（{name}）")).unwrap_or_default();
    format!("{edition}{form}{party}")
}

fn institution(service: &Service, sheet: &ChecklistSheet) -> Option<String> {
    let id = sheet.institution.as_ref()?;
    let party = service.files.service.parties.iter().find(|party| party.id == *id);
    Some(party.map_or_else(|| id.clone(), |party| party.name.clone()))
}

/// What a sheet says of itself above its items.
fn about(service: &Service, list: &Checklist) -> Table {
    let sheet = list.sheet;
    let dates = service.files.service.document.dates();
    let unknown = || "未記載".to_owned();
    let system = sheet.system.clone().unwrap_or_else(unknown);
    let mut rows = vec![("医療情報システム".to_owned(), system)];
    if sheet.list.is_cyber() {
        rows.push(("年度".to_owned(), sheet.fiscal_year.map_or_else(unknown, |year| fiscal_year(service, year))));
    }
    rows.push(("確認した人".to_owned(), sheet.confirmed_by.clone().unwrap_or_else(unknown)));
    let on = sheet.confirmed_on.map_or_else(unknown, |day| printed(day, dates));
    rows.push(("確認を終えた日".to_owned(), on));
    rows.push(("結果".to_owned(), counts(list.tally())));
    rows.extend(sheet.note.clone().map(|note| ("備考".to_owned(), note)));
    Table {
        caption: "確認表について".to_owned(),
        columns: columns(&[(1.0, Align::Left), (4.0, Align::Left)]),
        head: Vec::new(),
        rows: rows.into_iter().map(|(label, text)| vec![Cell::new(label), Cell::new(text)]).collect(),
    }
}

/// `令和7年度（令和7年4月1日から令和8年3月31日まで）`, in the style of the service.
fn fiscal_year(service: &Service, year: u16) -> String {
    let dates = service.files.service.document.dates();
    let edge = |year: u16, day: &str| format!("{year}-{day}").parse().ok().map(Date);
    let (Some(first), Some(last)) = (edge(year, "04-01"), edge(year + 1, "03-31")) else {
        return format!("{year}年度");
    };
    let named = match dates {
        shirube_safety::model::DateStyle::Era => era(first).trim_end_matches("4月1日").to_owned(),
        shirube_safety::model::DateStyle::Western => format!("{year}年"),
    };
    format!("{named}度（{}から{}まで）", printed(first, dates), printed(last, dates))
}
