//! What reading gives: items, answers, problems, and the account of every line.

use serde::{Serialize, Serializer};

/// How sure a reading is, in percent; written as a number between 0 and 1.
///
/// It is the weakest of the things the item rests on: its number, its text, its scenario, its references.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Confidence(u8);

impl Confidence {
    /// From here on a reading is presented as certain.
    pub const CERTAIN: Self = Self(90);
    /// Nothing speaks against the reading.
    pub const FULL: Self = Self(100);
    /// What structure alone can reach, with no catalog to hold the reading against.
    pub const UNCHECKED: Self = Self(80);

    /// A confidence of so many percent; more than a hundred is a hundred.
    pub fn percent(percent: u8) -> Self {
        Self(percent.min(100))
    }

    /// Whether the reading may be presented as certain.
    pub fn is_certain(self) -> bool {
        self >= Self::CERTAIN
    }

    /// The percentage.
    pub fn as_percent(self) -> u8 {
        self.0
    }
}

impl Serialize for Confidence {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_f64(f64::from(self.0) / 100.0)
    }
}

/// The shape in which the text came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// 別紙2 as rows: tabs, spaces, CSV or a sheet.
    ControlTable,
    /// 別紙2 as the lines of a page, with its columns mixed.
    ControlPage,
    /// A filled checklist of minimum requirements.
    Checklist,
    /// 付表: items of the operating rules with measures and sample sentences.
    RuleTable,
}

impl Form {
    /// The word people read.
    pub fn term(self) -> &'static str {
        match self {
            Self::ControlTable => "別紙2の表",
            Self::ControlPage => "別紙2の頁（列が混ざった文字列）",
            Self::Checklist => "記入済みのチェックリスト",
            Self::RuleTable => "付表",
        }
    }
}

/// 区分 as printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum Mark {
    /// 遵守事項.
    #[serde(rename = "◎")]
    Mandatory,
    /// 推奨事項.
    #[serde(rename = "○")]
    Recommended,
    /// No mark can be read. It is never guessed.
    #[serde(rename = "unknown")]
    Unknown,
}

/// A requirement of the institutions' guideline that an item cites.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Reference {
    /// `6.3`, `6.6(1)`, `8.1.2`, or `企画管理編.9`.
    pub section: String,
    /// `C` or `D`; absent where the text has no classes or the class cannot be read.
    pub class: Option<char>,
    /// `3`, `(1)`, `(5)-3`, `3(エ)`; absent where it cannot be read.
    pub item: Option<String>,
    /// The case for which it is asked, without its brackets.
    pub condition: Option<String>,
}

impl Reference {
    /// The id of the requirement inside its edition, in the catalog's spelling.
    pub fn id(&self) -> String {
        let class = self.class.map(|class| format!(".{class}")).unwrap_or_default();
        let dot = if self.class.is_some() { "." } else { "" };
        let item = self.item.as_deref().map(|item| format!(".{item}")).unwrap_or_else(|| dot.to_owned());
        let condition = self.condition.as_deref().map(|text| format!("[{text}]")).unwrap_or_default();
        format!("{}{class}{item}{condition}", self.section)
    }
}

/// One item of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Its id inside the edition: `3.4①-14`, `組織的.1`, `付表1.⑧.2`.
    pub id: String,
    /// 大項目, 中項目, 小項目 … as far as the form has them.
    pub titles: Vec<String>,
    /// The official wording, as printed.
    pub text: String,
    /// 区分; `unknown` also for forms without marks.
    pub kubun: Mark,
    /// `S01` …, or the wording where no number can be given.
    pub scenario: Option<String>,
    /// Requirements it cites.
    pub mhlw: Vec<Reference>,
    /// The weakest of all the above.
    pub confidence: Confidence,
    /// What was done to read it, in Japanese.
    pub repairs: Vec<String>,
    /// First line (or sheet row) it was read from, from 1.
    pub line: usize,
    /// The further columns of 付表.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleRow>,
}

/// The columns of 付表 beside the item itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RuleRow {
    /// 対象, as printed.
    pub target: String,
    /// 技術的対策.
    pub technical: String,
    /// 運用的対策.
    pub operational: String,
    /// 運用管理規程文例.
    pub sample: String,
}

/// The wording of a scenario, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScenarioText {
    /// `S01` …; absent where the catalog's numbering does not fit.
    pub id: Option<String>,
    /// As printed.
    pub text: String,
    /// Line it was read from.
    pub line: usize,
}

/// The wording of a requirement that items cite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequirementText {
    /// Ids in the catalog's spelling; several where one cell holds several requirements.
    pub ids: Vec<String>,
    /// Section with its title, as printed.
    pub section: String,
    /// As printed.
    pub text: String,
    /// Line it was read from.
    pub line: usize,
}

/// The box of a checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum Answered {
    /// ■
    #[serde(rename = "■")]
    Done,
    /// □
    #[serde(rename = "□")]
    NotDone,
    /// No box can be read.
    #[serde(rename = "unknown")]
    Unknown,
}

/// One answer of a filled checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnswerRead {
    /// Its number in the text: `1-7(1)` is answer (1) of number 7 in the first block.
    pub number: String,
    /// The question it belongs to, as far as that can be told.
    pub question: Option<String>,
    /// The box.
    pub done: Answered,
    /// What was written.
    pub text: String,
    /// How sure it is that the answer belongs to the question.
    pub confidence: Confidence,
    /// What was done to read it.
    pub repairs: Vec<String>,
    /// First line it was read from.
    pub line: usize,
}

/// What kind of thing a reader is told about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// Expected and not found.
    Missing,
    /// Read, and to be checked against the original.
    Doubtful,
    /// Part of a line that found no place.
    Unplaced,
}

impl ProblemKind {
    /// The word people read.
    pub fn term(self) -> &'static str {
        match self {
            Self::Missing => "見つからないもの",
            Self::Doubtful => "確かめていただきたいもの",
            Self::Unplaced => "置き場所の分からない文字",
        }
    }
}

/// Something a person should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Kind.
    pub kind: ProblemKind,
    /// Line of the text, from 1, where there is one.
    pub line: Option<usize>,
    /// The item concerned.
    pub item: Option<String>,
    /// What is the matter and what would help, in Japanese.
    pub message: String,
}

/// Lines that gave nothing, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unused {
    /// First line, from 1.
    pub from: usize,
    /// Last line.
    pub to: usize,
    /// How many of them are not empty.
    pub lines: usize,
    /// Why, in Japanese.
    pub reason: String,
    /// How the first of them begins.
    pub begins: String,
}

/// The account of all lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct LineCount {
    /// All lines (or sheet rows).
    pub total: usize,
    /// Those without text.
    pub empty: usize,
    /// Those that gave something.
    pub used: usize,
    /// Those listed as unused.
    pub unused: usize,
}

/// A text, read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Import {
    /// The edition it was read as.
    pub edition: String,
    /// The form that was recognised.
    pub form: Form,
    /// Items, in the order of the text.
    pub items: Vec<Item>,
    /// Answers of a checklist, in the order of the text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<AnswerRead>,
    /// Scenarios, each once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scenarios: Vec<ScenarioText>,
    /// Requirements cited, each as often as it is printed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requirements: Vec<RequirementText>,
    /// What a person should look at.
    pub problems: Vec<Problem>,
    /// Lines that gave nothing.
    pub unused: Vec<Unused>,
    /// The account of all lines.
    pub lines: LineCount,
}

/// Why a text cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IntakeError {
    /// Nothing in it.
    #[error("「{0}」は空です。文字の入ったファイルを指定してください")]
    Empty(String),
    /// The bytes are no text.
    #[error(
        "「{name}」を文字として読めません（{found}）。UTF-8又はShift_JISのテキストかCSV、又はXLSXを指定してください"
    )]
    NotText {
        /// File.
        name: String,
        /// What was found.
        found: String,
    },
    /// The sheet cannot be opened.
    #[error("「{name}」を表計算のファイルとして開けません: {reason}")]
    Sheet {
        /// File.
        name: String,
        /// What the reader says.
        reason: String,
    },
    /// No form is recognised.
    #[error(
        "「{0}」に、別紙2の表（大項目・小項目・No.・内容）、チェックリスト（チェック項目・実施済・実施内容）、付表（運用管理項目・実施項目・対象）のどれも見つかりません。表の見出しの行を含めて指定してください"
    )]
    NoForm(String),
}
