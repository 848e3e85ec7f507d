//! 合意確認書: what was agreed with one institution, by whom and when, ready for both to sign (guideline 3.2.1), and what
//! was asked and answered on the way.
//!
//! It is made from records, not from a service, so it is no [`super::Deliverable`].

use chrono::NaiveDate;
use shirube_safety::model::Date;

use super::common::{columns, head};
use super::date::era;
use crate::content::{Align, Block, Cell, Document, IssueDate, Look, Mark, Meta, Page, Status, Table};

/// What stands above the seals of both sides.
pub(super) const IN_WITNESS: &str = "以上を証するため、この書面を2通作成し、甲乙が記名押印のうえ、各自1通を保有する。電磁的記録により作成したときは、甲乙が電子署名を行い、各自その電磁的記録を保管する。";

/// What a confirmation says.
#[derive(Debug, Clone, Default)]
pub struct Confirmation {
    pub service: String,
    pub provider: String,
    pub institution: String,
    /// The contract that it belongs to.
    pub contract: Option<String>,
    /// The documents that both had before them, and the digests that tell them from others.
    pub basis: Vec<(String, String)>,
    pub on: NaiveDate,
    /// What was made from, as documents print it.
    pub source: String,
    /// Items that were agreed.
    pub agreed: Vec<Line>,
    /// Items about which the last word was another.
    pub open: Vec<Line>,
    /// Whether the revision that the items are of was approved.
    pub is_approved: bool,
    /// How many items were spoken about after what this paper is about.
    pub later: usize,
    /// How many items nobody has spoken about yet.
    pub unspoken: usize,
    pub talks: Vec<Talk>,
}

/// An item with the last record about it.
#[derive(Debug, Clone, Default)]
pub struct Line {
    pub kind: String,
    pub title: String,
    pub text: String,
    /// The word people read for the step.
    pub step: String,
    pub on: Option<NaiveDate>,
    /// By which means, and between whom.
    pub between: String,
    pub note: String,
}

/// A question with its answers.
#[derive(Debug, Clone, Default)]
pub struct Talk {
    pub about: String,
    pub question: String,
    pub asked: String,
    /// Text, and who answered when.
    pub answers: Vec<(String, String)>,
}

/// The document. With something agreed, nothing open, and of an approved revision it is more than a draft.
pub fn confirmation(said: &Confirmation) -> Document {
    let is_whole = said.is_approved && !said.agreed.is_empty() && said.open.is_empty() && said.later == 0;
    let status = if is_whole { Status::Issued } else { Status::Draft };
    let issued_on = is_whole.then(|| IssueDate { day: said.on, printed: day(said.on) });
    let mut summary = vec![("対象の医療機関等".to_owned(), said.institution.clone())];
    summary.extend(said.contract.iter().map(|contract| ("利用契約".to_owned(), contract.clone())));
    summary.push(("合意した事項".to_owned(), format!("{}件", said.agreed.len())));
    if said.unspoken > 0 {
        summary.push(("まだ示していない事項".to_owned(), format!("{}件（この書面に含まない）", said.unspoken)));
    }
    let meta = Meta {
        service: said.service.clone(),
        provider: said.provider.clone(),
        issued_on,
        status,
        source: said.source.clone(),
        ..Meta::default()
    };
    Document {
        name: "confirmation",
        title: "合意確認書".to_owned(),
        meta,
        page: Page::A4_PORTRAIT,
        look: Look::default(),
        summary,
        notices: notices(said),
        blocks: blocks(said),
        data: Vec::new(),
    }
}

fn day(day: NaiveDate) -> String {
    era(Date(day))
}

fn notices(said: &Confirmation) -> Vec<String> {
    let mut notices = Vec::new();
    if said.agreed.is_empty() {
        notices.push("合意した事項の記録がまだありません。".to_owned());
    }
    if !said.is_approved {
        notices.push("サービスの版がまだ承認されていないため、「案」です。".to_owned());
    }
    if !said.open.is_empty() {
        notices.push(format!("合意に至っていない事項が{}件あるため、「案」です。", said.open.len()));
    }
    if said.later > 0 {
        notices.push(format!(
            "この後の内容について記録のある事項が{}件あるため、「案」です。その事項は、この書面に含みません。",
            said.later
        ));
    }
    notices
}

fn blocks(said: &Confirmation) -> Vec<Block> {
    let heading = |text: &str| Block::Heading { level: 1, text: text.to_owned() };
    let mut blocks = vec![Block::Paragraph(format!(
        "{}（以下「甲」という。）と{}（以下「乙」という。）は、{}について、次の事項に合意したことを確認する。",
        said.institution, said.provider, said.service
    ))];
    if !said.agreed.is_empty() {
        blocks.push(heading("合意した事項"));
        blocks.push(Block::Table(table("合意した事項", &said.agreed, false)));
    }
    if !said.open.is_empty() {
        blocks.push(heading("合意に至っていない事項"));
        blocks.push(Block::Table(table("合意に至っていない事項", &said.open, true)));
    }
    if !said.talks.is_empty() {
        blocks.push(heading("質問と答え"));
        for talk in &said.talks {
            blocks.push(Block::Heading { level: 2, text: talk.about.clone() });
            blocks.push(Block::Paragraph(format!("問　{}（{}）", talk.question, talk.asked)));
            let answers = talk.answers.iter().map(|(text, by)| Block::Paragraph(format!("答　{text}（{by}）")));
            blocks.extend(answers);
            if talk.answers.is_empty() {
                blocks.push(Block::Paragraph("答　まだ答えていない。".to_owned()));
            }
        }
    }
    if !said.basis.is_empty() {
        blocks.push(heading("確かめた文書"));
        let rows = said.basis.iter().map(|(what, digest)| vec![Cell::new(what), Cell::new(digest)]).collect();
        blocks.push(Block::Table(Table {
            caption: "確かめた文書".to_owned(),
            columns: columns(&[(3.5, Align::Left), (6.5, Align::Left)]),
            head: head(&["文書", "符号（SHA-256）"]),
            rows,
        }));
    }
    blocks.push(heading("記名押印"));
    blocks.push(Block::Paragraph(IN_WITNESS.to_owned()));
    blocks.push(Block::Table(signatures(&said.institution, &said.provider)));
    blocks
}

fn table(caption: &str, lines: &[Line], with_step: bool) -> Table {
    let row = |line: &Line| {
        let on = line.on.map(day).unwrap_or_default();
        let said = [on, line.between.clone(), line.note.clone()];
        let said = said.iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join("\n");
        let text =
            if line.text.is_empty() { Cell::new("未記載").mark(Mark::Unanswered) } else { Cell::new(&line.text) };
        let mut cells = vec![Cell::new(&line.kind), Cell::new(&line.title), text];
        if with_step {
            cells.push(Cell::new(&line.step));
        }
        cells.push(Cell::new(said));
        cells
    };
    let (widths, names): (Vec<_>, Vec<&str>) = match with_step {
        true => (
            vec![(1.5, Align::Left), (2.6, Align::Left), (3.4, Align::Left), (1.5, Align::Left), (2.4, Align::Left)],
            vec!["種類", "合意事項", "内容", "段階", "日付、手段、双方の人"],
        ),
        false => (
            vec![(1.5, Align::Left), (3.0, Align::Left), (4.0, Align::Left), (2.6, Align::Left)],
            vec!["種類", "合意事項", "内容", "日付、手段、双方の人"],
        ),
    };
    Table {
        caption: caption.to_owned(),
        columns: columns(&widths),
        head: head(&names),
        rows: lines.iter().map(row).collect(),
    }
}

/// Room for names and seals; the names that are known stand there.
pub(super) fn signatures(institution: &str, provider: &str) -> Table {
    let row = |side: &str, name: &str| {
        vec![
            Cell::new(side),
            Cell::new(format!(
                "所在地\n\n名称　{name}\n\n代表者　　　　　　　　　　　　　　　　印\n\n日付　　　　　　年　　月　　日"
            )),
        ]
    };
    Table {
        caption: "記名押印".to_owned(),
        columns: columns(&[(1.0, Align::Center), (9.0, Align::Left)]),
        head: head(&["", "記名押印"]),
        rows: vec![row("甲", institution), row("乙", provider)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(title: &str, step: &str) -> Line {
        Line { title: title.to_owned(), step: step.to_owned(), ..Line::default() }
    }

    /// AGREE-001: with something open it is a draft and says why; with everything agreed both can sign it.
    #[test]
    fn it_is_a_draft_while_something_is_open() {
        let agreed = || vec![line("一", "合意")];
        let mut said = Confirmation { agreed: agreed(), is_approved: true, ..Confirmation::default() };
        let whole = confirmation(&said);
        assert_eq!((whole.meta.status, whole.notices.len()), (Status::Issued, 0));
        said.open.push(line("二", "不合意"));
        let open = confirmation(&said);
        assert_eq!(open.meta.status, Status::Draft);
        assert!(open.notices[0].contains("1件"), "{:?}", open.notices);
        for (later, is_approved) in [(1, true), (0, false)] {
            said = Confirmation { agreed: agreed(), later, is_approved, ..Confirmation::default() };
            assert_eq!(confirmation(&said).meta.status, Status::Draft);
        }
        said = Confirmation::default();
        assert_eq!(confirmation(&said).meta.status, Status::Draft);
    }
}
