//! The content of a document, free of any file format.
//!
//! A deliverable is built once as a [`Document`]; every writer ([`crate::write`]) sets the same tree, so
//! the PDF, the workbook and the Word file of one deliverable cannot disagree.

mod texts;

use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;

/// One printable document with everything a writer needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// File stem and `--doc` name, e.g. `risk-assessment`.
    pub name: &'static str,
    /// Title as printed, e.g. `リスクアセスメント結果一覧`.
    pub title: String,
    pub meta: Meta,
    pub page: Page,
    pub look: Look,
    /// Facts a reader must see first (counts, editions, method), as label and value.
    pub summary: Vec<(String, String)>,
    /// Sentences that limit what the document says (draft, partial catalog, undecided items).
    pub notices: Vec<String>,
    pub blocks: Vec<Block>,
    /// Flat tables for machines and filters: one record a row, no merges. Only workbooks and CSV carry them.
    pub data: Vec<DataSheet>,
}

impl Document {
    /// How many cells its tables have, to print and for machines: about how large it is.
    pub fn cells(&self) -> usize {
        let printed = self.blocks.iter().map(|block| match block {
            Block::Table(table) => table.rows.iter().map(Vec::len).sum(),
            _ => 1,
        });
        let flat = self.data.iter().map(|sheet| sheet.rows.len() * sheet.columns.len());
        printed.chain(flat).sum()
    }

    /// Whether it is read as a text, with its tables between the paragraphs, rather than as tables with remarks.
    pub fn is_running_text(&self) -> bool {
        self.look.form != Form::Report
            || self.blocks.iter().any(|block| matches!(block, Block::Numbered { .. } | Block::Contents))
    }

    /// Its drawings.
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Figure(figure) => Some(figure),
            _ => None,
        })
    }
}

/// How a document is set as a whole, beyond its paper.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Look {
    pub form: Form,
    pub letters: Letters,
    /// The page and the letters of 例規.
    pub is_municipal: bool,
    /// Room for two holes at the left.
    pub is_bound: bool,
    /// 決裁欄: what stands above each box, from the left; none for no boxes.
    pub approval: Vec<String>,
    /// The organisation's own colour, as six hexadecimal digits, for lines and rules.
    pub accent: Option<String>,
    /// The organisation's own lines at the head and the foot of each page.
    pub header: Option<String>,
    pub footer: Option<String>,
    pub logo: Option<Logo>,
}

/// The mark of an organisation, on the first page.
#[derive(Debug, Clone, PartialEq)]
pub struct Logo {
    pub png: Arc<[u8]>,
    /// Width and height of the picture.
    pub pixels: (u32, u32),
    /// Width and height on paper, in millimetres.
    pub width: f64,
    pub height: f64,
    /// What it is, for those who do not see it.
    pub alt: String,
}

/// Margins of a page in millimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Margins {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
}

impl Document {
    /// The margins: those of 例規, or ours; the left one leaves room for the holes of a binder.
    pub fn margins(&self) -> Margins {
        if self.look.is_municipal && !self.page.landscape {
            return Margins { left: 30.0, right: 17.0, top: 25.0, bottom: 25.0 };
        }
        Margins { left: if self.look.is_bound { 30.0 } else { 25.0 }, right: 15.0, top: 20.0, bottom: 17.0 }
    }
}

/// What kind of paper it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// Title, what identifies the issue, what limits it, then the content.
    #[default]
    Report,
    /// One or two pages that hang on a wall or lie on a desk: all but the content takes little room.
    Sheet,
    /// A business letter: its own lines say who writes to whom, so there is no title above and no box of facts.
    Letter,
}

/// The size of the letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Letters {
    #[default]
    Normal,
    /// For readers who do not want to look for their glasses: 14 points in the text.
    Large,
}

impl Letters {
    /// Height of the letters of paragraphs, in points.
    pub fn text(self) -> f64 {
        match self {
            Self::Normal => 10.5,
            Self::Large => 14.0,
        }
    }
}

/// What identifies an issue of a document (requirement DOC-002).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Meta {
    pub service: String,
    /// Name of the 対象事業者 who issues it.
    pub provider: String,
    pub document_number: Option<String>,
    /// 版数, e.g. `第1.0版`.
    pub edition: Option<String>,
    pub issued_on: Option<IssueDate>,
    /// 適用期間 as printed.
    pub valid: Option<String>,
    pub author: Option<String>,
    pub approver: Option<String>,
    /// 取扱区分, e.g. `社外秘`.
    pub confidentiality: Option<String>,
    pub status: Status,
    /// Short content hash of the service folder the document was made from.
    pub source: String,
    /// 改訂履歴, oldest first.
    pub history: Vec<Revision>,
}

/// The day a document is issued: the day itself for file properties, and as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueDate {
    pub day: NaiveDate,
    /// E.g. `令和8年4月1日`.
    pub printed: String,
}

/// One line of the 改訂履歴.
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    pub edition: String,
    pub date: String,
    pub change: String,
    pub author: String,
    pub approver: String,
}

/// How far people stand behind a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Status {
    /// 案: contains proposals or open points, or nobody has issued it.
    #[default]
    Draft,
    /// 発行: contains only what people decided.
    Issued,
}

impl Status {
    /// The word printed in the header.
    pub fn term(self) -> &'static str {
        match self {
            Self::Draft => "案",
            Self::Issued => "発行",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    pub paper: Paper,
    pub landscape: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    A4,
    A3,
}

impl Page {
    pub const A4_PORTRAIT: Self = Self { paper: Paper::A4, landscape: false };
    pub const A4_LANDSCAPE: Self = Self { paper: Paper::A4, landscape: true };
    pub const A3_LANDSCAPE: Self = Self { paper: Paper::A3, landscape: true };

    /// Width and height in millimetres.
    pub fn size_mm(self) -> (f64, f64) {
        let (short, long) = match self.paper {
            Paper::A4 => (210.0, 297.0),
            Paper::A3 => (297.0, 420.0),
        };
        if self.landscape { (long, short) } else { (short, long) }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// Level 1 is the largest below the title.
    Heading {
        level: u8,
        text: String,
    },
    Paragraph(String),
    /// A line at the right or in the middle, as letters have them.
    Aligned {
        align: Align,
        text: String,
    },
    /// A paragraph behind its number: a 項, 号 or item. `depth` 0 stands flush, each further one a step in.
    Numbered {
        depth: u8,
        label: String,
        text: String,
    },
    /// 目次 of the headings of the first two levels.
    Contents,
    List(Vec<String>),
    Table(Table),
    Figure(Figure),
    PageBreak,
}

/// A table as HTML understands it: a row lists only the cells that start in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Caption above the table, and the name of the sheet in a workbook (31 characters at most are used).
    pub caption: String,
    pub columns: Vec<Column>,
    /// Heading rows, repeated on every page.
    pub head: Vec<Vec<Cell>>,
    pub rows: Vec<Vec<Cell>>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Share of the table's width; the shares of a table need not add up to anything.
    pub width: f64,
    pub align: Align,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Align {
    #[default]
    Left,
    Center,
    Right,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Text; `\n` starts a new line.
    pub text: String,
    pub row_span: usize,
    pub col_span: usize,
    pub mark: Mark,
    /// What a merged cell says where it begins again after a page; `None` repeats the text.
    pub again: Option<String>,
}

impl Cell {
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), row_span: 1, col_span: 1, mark: Mark::None, again: None }
    }

    /// The short form that stands where a merged cell begins again.
    pub fn again(mut self, text: impl Into<String>) -> Self {
        self.again = Some(text.into());
        self
    }

    pub fn rows(mut self, row_span: usize) -> Self {
        self.row_span = row_span;
        self
    }

    pub fn cols(mut self, col_span: usize) -> Self {
        self.col_span = col_span;
        self
    }

    pub fn mark(mut self, mark: Mark) -> Self {
        self.mark = mark;
        self
    }
}

/// What a cell means beyond its text. Every mark must survive a black-and-white printer, so the text
/// already says it (rank letter, 案, 未回答); the mark only adds weight, pattern or shade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mark {
    #[default]
    None,
    /// A group heading inside the body.
    Group,
    /// リスクレベル S, A, B, C or D in a list: the first line stands on the colour of the rank.
    Rank(char),
    /// A field of the matrix, filled with the colour of the rank.
    Field(char),
    /// 案: proposed by Shirube, not decided by a person. Dashed outline, grey.
    Proposed,
    /// 未回答・未評価: nobody has said anything. Hatched.
    Unanswered,
    /// Something that stands against a rule.
    Finding,
}

/// A drawing. The SVG names only the font families `BIZ UDPGothic` and `BIZ UDPMincho`.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    pub caption: String,
    /// Complete SVG 1.1 document.
    pub svg: String,
    /// Text alternative.
    pub alt: String,
}

/// A flat table: one record a row.
#[derive(Debug, Clone, PartialEq)]
pub struct DataSheet {
    /// Sheet name in a workbook, e.g. `データ`.
    pub name: String,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Value>>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Empty,
    Text(String),
    Number(f64),
    /// A day; workbooks hold it as a date, texts as `2026-04-01`.
    Date(NaiveDate),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(f64::from(number))
    }
}

impl From<Option<NaiveDate>> for Value {
    fn from(day: Option<NaiveDate>) -> Self {
        day.map_or(Self::Empty, Self::Date)
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::Number(number as f64)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => Ok(()),
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
            Self::Date(day) => write!(f, "{}", day.format("%Y-%m-%d")),
        }
    }
}

/// A cell with its place, after spans are laid out.
#[derive(Debug, Clone, Copy)]
pub struct Placed<'a> {
    pub row: usize,
    pub column: usize,
    pub cell: &'a Cell,
}

/// Places cells in a grid, left to right, skipping what a span from above or the left already covers.
///
/// Panics if a row overflows the number of columns: that is a bug of the builder, not of the data.
pub fn place(rows: &[Vec<Cell>], columns: usize) -> Vec<Placed<'_>> {
    let mut taken = vec![0usize; columns]; // rows still covered from above, per column
    let mut placed = Vec::new();
    for (row, cells) in rows.iter().enumerate() {
        let mut column = 0;
        for cell in cells {
            while column < columns && taken[column] > 0 {
                column += 1;
            }
            assert!(column + cell.col_span <= columns, "row {row} has more cells than columns");
            placed.push(Placed { row, column, cell });
            for covered in &mut taken[column..column + cell.col_span] {
                *covered = cell.row_span;
            }
            column += cell.col_span;
        }
        for covered in &mut taken {
            *covered = covered.saturating_sub(1);
        }
    }
    placed
}
