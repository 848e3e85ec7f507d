//! Every text of a document, whichever writer would set it.

use std::borrow::Cow;

use super::{Block, Cell, DataSheet, Document, Figure, IssueDate, Look, Meta, Revision, Table, Value};

/// What is taken apart is named in full: a text that is added to the tree has to be said here.
impl Document {
    /// All its texts as they are, before a writer escapes or cuts them: what is printed, what only workbooks hold, and
    /// the words of drawings.
    pub fn texts(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let Self { name: _, title, meta, page: _, look, summary, notices, blocks, data } = self;
        let facts = summary.iter().flat_map(|(label, value)| [label, value]);
        let own = [title].into_iter().chain(meta_texts(meta)).chain(look_texts(look)).chain(facts).chain(notices);
        let own = own.map(|text| Cow::Borrowed(text.as_str()));
        own.chain(blocks.iter().flat_map(block_texts)).chain(data.iter().flat_map(sheet_texts))
    }
}

fn meta_texts(meta: &Meta) -> Vec<&String> {
    let Meta {
        service,
        provider,
        document_number,
        edition,
        issued_on,
        valid,
        author,
        approver,
        confidentiality,
        status: _,
        source,
        history,
    } = meta;
    let day = issued_on.as_ref().map(|IssueDate { day: _, printed }| printed);
    let said = [document_number, edition, valid, author, approver, confidentiality].into_iter().flatten();
    let past = history
        .iter()
        .flat_map(|Revision { edition, date, change, author, approver }| [edition, date, change, author, approver]);
    [service, provider, source].into_iter().chain(day).chain(said).chain(past).collect()
}

fn look_texts(look: &Look) -> Vec<&String> {
    let Look { form: _, letters: _, is_municipal: _, is_bound: _, approval, accent: _, header, footer, logo } = look;
    approval.iter().chain(header).chain(footer).chain(logo.as_ref().map(|logo| &logo.alt)).collect()
}

fn block_texts(block: &Block) -> Vec<Cow<'_, str>> {
    match block {
        Block::Heading { level: _, text } | Block::Paragraph(text) | Block::Aligned { align: _, text } => {
            vec![text.into()]
        }
        Block::Numbered { depth: _, label, text } => vec![label.into(), text.into()],
        Block::List(items) => items.iter().map(Cow::from).collect(),
        Block::Table(table) => table_texts(table),
        Block::Figure(Figure { caption, svg, alt }) => {
            [caption.into(), alt.into()].into_iter().chain(drawn(svg)).collect()
        }
        Block::Contents | Block::PageBreak => Vec::new(),
    }
}

fn table_texts(table: &Table) -> Vec<Cow<'_, str>> {
    let Table { caption, columns: _, head, rows } = table;
    let cells = head.iter().chain(rows).flatten().flat_map(|cell| {
        let Cell { text, row_span: _, col_span: _, mark: _, again } = cell;
        [Some(text), again.as_ref()].into_iter().flatten()
    });
    [caption].into_iter().chain(cells).map(Cow::from).collect()
}

fn sheet_texts(sheet: &DataSheet) -> Vec<Cow<'_, str>> {
    let DataSheet { name, columns, rows } = sheet;
    let cells = rows.iter().flatten().filter_map(|value| match value {
        Value::Text(text) => Some(text),
        Value::Empty | Value::Number(_) | Value::Date(_) => None,
    });
    [name].into_iter().chain(columns).chain(cells).map(Cow::from).collect()
}

/// What stands between the tags of a drawing, as people read it.
fn drawn(svg: &str) -> impl Iterator<Item = Cow<'_, str>> {
    // In a drawing's own text `<` and `>` are entities: what follows a `>` up to the next `<` is text.
    let between = svg.split('>').filter_map(|part| part.split('<').next()).filter(|text| !text.trim().is_empty());
    // `&amp;` comes last: what it stands for begins no entity.
    between.map(|text| {
        let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
        match text.contains('&') {
            true => entities.iter().fold(text.to_owned(), |text, (entity, sign)| text.replace(entity, sign)).into(),
            false => text.into(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::{Column, IssueDate, Page};

    fn text(name: &str) -> String {
        format!("〈{name}〉")
    }

    fn meta() -> Meta {
        Meta {
            service: text("service"),
            provider: text("provider"),
            document_number: Some(text("document_number")),
            edition: Some(text("edition")),
            issued_on: Some(IssueDate { day: "2026-11-20".parse().unwrap(), printed: text("issued_on") }),
            valid: Some(text("valid")),
            author: Some(text("author")),
            approver: Some(text("approver")),
            confidentiality: Some(text("confidentiality")),
            source: text("source"),
            history: vec![Revision {
                edition: text("history.edition"),
                date: text("history.date"),
                change: text("history.change"),
                author: text("history.author"),
                approver: text("history.approver"),
            }],
            ..Meta::default()
        }
    }

    fn blocks() -> Vec<Block> {
        let table = Table {
            caption: text("table"),
            columns: vec![Column { width: 1.0, align: Default::default() }],
            head: vec![vec![Cell::new(text("head"))]],
            rows: vec![vec![Cell::new(text("cell")).again(text("again"))]],
        };
        let svg = "<svg><!-- x --><text x=\"1\">〈A&amp;B &amp;lt;〉</text></svg>".to_owned();
        vec![
            Block::Heading { level: 1, text: text("heading") },
            Block::Paragraph(text("paragraph")),
            Block::Aligned { align: Default::default(), text: text("aligned") },
            Block::Numbered { depth: 0, label: text("label"), text: text("numbered") },
            Block::List(vec![text("item")]),
            Block::Table(table),
            Block::Figure(Figure { caption: text("figure"), svg, alt: text("alt") }),
            Block::PageBreak,
        ]
    }

    /// Every text once, as it was written, whether it is printed or only in a workbook.
    #[test]
    fn every_text_of_a_document_is_given() {
        let look = Look {
            approval: vec![text("approval")],
            header: Some(text("header")),
            footer: Some(text("footer")),
            ..Look::default()
        };
        let data = DataSheet {
            name: text("sheet"),
            columns: vec![text("column")],
            rows: vec![vec![Value::Empty, Value::from(text("A&B").as_str()), Value::from(3_u32)]],
        };
        let document = Document {
            name: "sample",
            title: text("title"),
            meta: meta(),
            page: Page::A4_PORTRAIT,
            look,
            summary: vec![(text("fact"), text("value"))],
            notices: vec![text("notice")],
            blocks: blocks(),
            data: vec![data],
        };
        let mut found: Vec<String> =
            document.texts().filter(|found| found.contains('〈')).map(Cow::into_owned).collect();
        let wanted = "title service provider source issued_on document_number edition valid author approver \
            confidentiality history.edition history.date history.change history.author history.approver approval header \
            footer fact value notice heading paragraph aligned label numbered item table head cell again figure alt sheet \
            column A&B";
        let mut wanted: Vec<String> = wanted.split_whitespace().map(text).collect();
        wanted.push(text("A&B &lt;"));
        found.sort();
        wanted.sort();
        assert_eq!(found, wanted);
    }
}
