//! 緊急連絡先一覧: one page to hang on a wall, for when the system is down (OPS-056, OPS-057, OPS-081).

use shirube_safety::operation::incident::{Contact, ContactGroup};

use super::{BLANK, table};
use crate::content::{Block, Cell, Document, Form, Letters, Mark};
use crate::deliverable::RecordHead;

/// Empty rows below each sort, to write into by hand.
const TO_WRITE: usize = 1;

/// The chart. It is a draft while somebody on it was never checked.
pub fn contact_chart(groups: &[ContactGroup], status_page: Option<&str>, head: &RecordHead) -> Document {
    let all = || groups.iter().flat_map(|group| &group.contacts);
    let unchecked = all().filter(|contact| contact.checked.is_none()).count();
    let mut document = head.paper("emergency-contacts", "緊急連絡先一覧".to_owned(), false, unchecked == 0);
    document.look.form = Form::Sheet;
    document.look.letters = Letters::Large;
    if unchecked > 0 {
        document.notices.push(format!(
            "確かめた日のない連絡先が{unchecked}件あります。使う前に番号を確かめ、日付を書き込んでください。"
        ));
    }
    if let Some(page) = status_page {
        document.summary.push(("障害の状況のページ".to_owned(), page.to_owned()));
    }
    document.blocks = groups.iter().map(|group| of_group(group, head)).collect();
    document
}

fn of_group(group: &ContactGroup, head: &RecordHead) -> Block {
    let blank = || (0..4).map(|_| Cell::new("\n")).collect::<Vec<Cell>>();
    let rows = group.contacts.iter().map(|contact| row(contact, head));
    let rows = rows.chain((0..TO_WRITE).map(|_| blank())).collect();
    table(group.title, &["連絡先", "電話・電子メール", "連絡する場合", "確かめた日"], &[2.4, 3.3, 3.1, 1.7], rows)
}

fn row(contact: &Contact, head: &RecordHead) -> Vec<Cell> {
    let reach = match (contact.reach.is_empty(), contact.is_doubtful) {
        (true, _) => Cell::new(BLANK).mark(Mark::Unanswered),
        (false, true) => Cell::new(format!("{}\nつながらなかった", contact.reach)).mark(Mark::Finding),
        (false, false) => Cell::new(&contact.reach),
    };
    let checked = match &contact.checked {
        Some(day) => Cell::new(super::super::date::with_printed_dates(day, head.dates)),
        None => Cell::new("未確認").mark(Mark::Unanswered),
    };
    let cases = match contact.source.is_empty() {
        true => contact.cases.clone(),
        false => format!("{}\n（{}）", contact.cases, contact.source),
    };
    vec![Cell::new(&contact.name), reach, Cell::new(cases), checked]
}
