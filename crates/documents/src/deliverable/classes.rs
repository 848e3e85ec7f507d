//! 情報の分類: ours, and beside it what the institution answered on its own (guideline 5.1.1, FLOW-010).

use shirube_safety::Service;
use shirube_safety::model::{InformationClass, InstitutionClass};

use super::common::{columns, head};
use super::printed;
use crate::content::{Align, Block, Cell, Mark, Table};

/// The classes with their importance, and the institution's answer as a reference.
pub(super) fn table(service: &Service) -> Option<Block> {
    let classes = &service.files.system.information_classes;
    let asked = service.files.system.classes_to_ask(&service.files.service);
    let rows = classes.iter().enumerate().map(|(at, class)| {
        let open = if asked.contains(&at) { "未確認" } else { "―" };
        vec![
            Cell::new(class.name.clone()),
            Cell::new(class.importance.to_string()),
            Cell::new(class.reason.clone()),
            answer(service, class, open),
        ]
    });
    (!classes.is_empty()).then(|| {
        Block::Table(Table {
            caption: "情報の分類".to_owned(),
            columns: columns(&[(3.4, Align::Left), (0.9, Align::Center), (4.6, Align::Left), (4.0, Align::Left)]),
            head: head(&["分類", "重要度", "理由", "医療機関等の側での分類の結果（参考）"]),
            rows: rows.collect(),
        })
    })
}

/// What the institution is asked: how it classes what it entrusts.
pub(super) fn questions(service: &Service) -> Vec<Block> {
    let asked = service.files.system.classes_to_ask(&service.files.service);
    if asked.is_empty() {
        return Vec::new();
    }
    let dates = service.files.service.document.dates();
    let rows = asked.into_iter().map(|at| {
        let class = &service.files.system.information_classes[at];
        let on = class.institution.as_ref().and_then(|theirs| theirs.asked_on);
        vec![
            Cell::new(class.name.clone()),
            Cell::new(contents(service, class)),
            Cell::new(class.importance.to_string()),
            on.map_or_else(|| Cell::new("これから").mark(Mark::Unanswered), |on| Cell::new(printed(on, dates))),
            answer(service, class, "ご回答をお待ちしています"),
        ]
    });
    vec![
        Block::Heading { level: 1, text: "情報の分類についてのお尋ね".to_owned() },
        Block::Paragraph(
            "医療機関等の皆様が、医療情報システムの安全管理に関するガイドラインに沿ってお決めになった、情報の分類と重要さをお知らせください。弊社の分類と並べて、見落としがないかを確かめるために用います。弊社の重要度は、このご回答によっては変わりません。"
                .to_owned(),
        ),
        Block::Table(Table {
            caption: "情報の分類についてのお尋ね".to_owned(),
            columns: columns(&[
                (2.6, Align::Left),
                (3.2, Align::Left),
                (1.0, Align::Center),
                (1.6, Align::Left),
                (3.2, Align::Left),
            ]),
            head: head(&["弊社の分類", "含む情報", "弊社の重要度", "お尋ねした日", "ご回答"]),
            rows: rows.collect(),
        }),
    ]
}

fn contents(service: &Service, class: &InformationClass) -> String {
    let of_class = service.files.system.information.iter().filter(|information| information.class == class.id);
    of_class.map(|information| information.name.as_str()).collect::<Vec<_>>().join("\n")
}

fn answer(service: &Service, class: &InformationClass, open: &str) -> Cell {
    let answered = class.institution.as_ref().filter(|theirs| theirs.answered_on.is_some());
    match answered {
        Some(theirs) => Cell::new(words(service, theirs)),
        None if open == "―" => Cell::new(open),
        None => Cell::new(open).mark(Mark::Unanswered),
    }
}

/// `重要度4（こちらの尺度で読んだ値）。…（令和8年11月20日）`.
fn words(service: &Service, theirs: &InstitutionClass) -> String {
    let dates = service.files.service.document.dates();
    let importance = theirs.importance.map(|importance| format!("重要度{importance}（弊社の尺度で読んだ値）"));
    let note = Some(theirs.note.trim().to_owned()).filter(|note| !note.is_empty());
    let on = theirs.answered_on.map(|on| format!("{}のご回答", printed(on, dates)));
    [importance, note, on].into_iter().flatten().collect::<Vec<_>>().join("\n")
}
