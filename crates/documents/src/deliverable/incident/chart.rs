//! 緊急連絡先一覧: one page to hang on a wall, for when the system is down (OPS-056, OPS-057, OPS-081).

use shirube_safety::operation::incident::{Contact, ContactGroup};

use super::{BLANK, table};
use crate::content::{Block, Cell, DataSheet, Document, Form, Mark, Value};
use crate::deliverable::RecordHead;

/// Empty rows below each sort, to write into by hand.
const TO_WRITE: usize = 1;

/// The chart. It is a draft while somebody on it was never checked.
pub fn contact_chart(groups: &[ContactGroup], status_page: Option<&str>, head: &RecordHead) -> Document {
    let all = || groups.iter().flat_map(|group| &group.contacts);
    let unchecked = all().filter(|contact| contact.checked.is_none()).count();
    let mut document = head.paper("emergency-contacts", "緊急連絡先一覧".to_owned(), false, unchecked == 0);
    document.look.form = Form::Sheet;
    if unchecked > 0 {
        document.notices.push(format!(
            "確かめた日のない連絡先が{unchecked}件あります。使う前に番号を確かめ、日付を書き込んでください。"
        ));
    }
    if let Some(page) = status_page {
        document.summary.push(("障害の状況のページ".to_owned(), page.to_owned()));
    }
    document.data = vec![data(groups)];
    document.blocks = groups.iter().map(of_group).collect();
    document
}

fn of_group(group: &ContactGroup) -> Block {
    let blank = || (0..4).map(|_| Cell::new("\n")).collect::<Vec<Cell>>();
    let rows = group.contacts.iter().map(row);
    let rows = rows.chain((0..TO_WRITE).map(|_| blank())).collect();
    table(group.title, &["連絡先", "電話・電子メール", "連絡する場合", "確かめた日"], &[2.3, 3.9, 2.8, 1.6], rows)
}

fn row(contact: &Contact) -> Vec<Cell> {
    let reach = match (contact.reach.is_empty(), contact.is_doubtful) {
        (true, _) => Cell::new(BLANK).mark(Mark::Unanswered),
        (false, true) => Cell::new(format!("{}\nつながらなかった", contact.reach)).mark(Mark::Finding),
        (false, false) => Cell::new(&contact.reach),
    };
    // Two lines of an era would make the page too long.
    let checked = match &contact.checked {
        Some(day) => Cell::new(day),
        None => Cell::new("未確認").mark(Mark::Unanswered),
    };
    let source = contact.source.as_ref().map(|source| format!("（{source}）")).unwrap_or_default();
    let cases = format!("{}{source}", contact.cases);
    vec![Cell::new(&contact.name), reach, Cell::new(cases), checked]
}

/// One contact a row, for lists that people sort themselves.
fn data(groups: &[ContactGroup]) -> DataSheet {
    let columns = ["種類", "連絡先", "電話・電子メール", "連絡する場合", "番号のよりどころ", "確かめた日"];
    let row = |title: &'static str, contact: &Contact| {
        let source = contact.source.clone().unwrap_or_default();
        let checked = contact.checked.clone().unwrap_or_default();
        [title.to_owned(), contact.name.clone(), contact.reach.clone(), contact.cases.clone(), source, checked]
            .map(Value::from)
            .to_vec()
    };
    let rows = groups.iter().flat_map(|group| group.contacts.iter().map(move |contact| row(group.title, contact)));
    DataSheet { name: "データ".to_owned(), columns: columns.map(str::to_owned).to_vec(), rows: rows.collect() }
}
