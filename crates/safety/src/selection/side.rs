//! Candidates side by side: for each thing to compare, a cell for each candidate.

use shirube_catalog::library;

use super::handed::handed;
use super::{CandidateAnswer, CandidateEntry, DisclosureData, Need, SelectionFile, Shown, Topic, Verdict, ask, check};
use crate::finding::Finding;
use crate::model::Date;

/// A selection with everything laid side by side.
#[derive(Debug)]
pub struct Selection<'a> {
    pub file: &'a SelectionFile,
    pub candidates: Vec<Candidate<'a>>,
    pub rows: Vec<Row<'a>>,
    /// What to see to, the gravest first.
    pub findings: Vec<Finding>,
}

/// One of those who can be chosen.
#[derive(Debug)]
pub struct Candidate<'a> {
    pub entry: &'a CandidateEntry,
    /// What the provider handed over.
    pub data: Option<&'a DisclosureData>,
    /// What to ask it, as polite sentences.
    pub questions: Vec<String>,
}

/// Parts of the table, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// What has to be confirmed at least (items 1 to 4 of table 4-1).
    Criteria,
    /// The other items of table 4-1.
    Items,
    Certifications,
    Questions,
    Terms,
    Places,
    Progress,
}

impl Group {
    /// The parts that are items of table 4-1.
    pub(super) const ITEMS: [Self; 2] = [Self::Criteria, Self::Items];

    /// Heading of the part.
    pub fn term(self) -> &'static str {
        match self {
            Self::Criteria => "外部保存を受託する事業者の選定基準（表4-1の1～4番）",
            Self::Items => "共通理解のための情報（表4-1の5～19番）",
            Self::Certifications => "第三者認証など",
            Self::Questions => "自院で尋ねること",
            Self::Terms => "サービスの約束",
            Self::Places => "情報を置く場所と、再委託先など",
            Self::Progress => "ガイドラインの版と、リスク・対策項目の状況",
        }
    }
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Criterion<'a> {
    /// An item of table 4-1.
    Item(u8),
    Topic(Topic),
    /// A question of the institution's own, by its id.
    Question(&'a str),
}

/// One line of the table.
#[derive(Debug)]
pub struct Row<'a> {
    pub group: Group,
    pub criterion: Criterion<'a>,
    /// What it is called.
    pub title: &'a str,
    /// Whether nobody should be chosen without it.
    pub must: bool,
    /// One for each candidate.
    pub cells: Vec<SideCell<'a>>,
}

impl Row<'_> {
    /// Stable name for programs: the number of the item, the id of the question or the token of the topic.
    pub fn key(&self) -> String {
        match self.criterion {
            Criterion::Item(no) => no.to_string(),
            Criterion::Topic(topic) => topic.token().to_owned(),
            Criterion::Question(id) => id.to_owned(),
        }
    }

    /// How people name it: `3番「…」` or `「…」`, a question by its short name.
    pub fn name(&self) -> String {
        match self.criterion {
            Criterion::Item(no) => format!("{no}番「{}」", self.title),
            Criterion::Question(id) => format!("「{id}」"),
            Criterion::Topic(_) => format!("「{}」", self.title),
        }
    }
}

/// How far something is disclosed by a candidate. The later, the less is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CellState {
    Shown,
    Nda,
    Undecided,
    Nothing,
    NotAsked,
    /// What the provider handed over and what the institution wrote cannot both be so.
    Conflict,
}

impl CellState {
    /// The word people read.
    pub fn term(self) -> &'static str {
        match self {
            Self::Shown => "示されている",
            Self::Nda => "秘密保持契約を結んだうえで開示",
            Self::Undecided => "示されていない（開示の条件は未確認）",
            Self::Nothing => "示されていない",
            Self::NotAsked => "尋ねていない",
            Self::Conflict => "食い違いあり",
        }
    }

    /// The word programs read.
    pub fn token(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Nda => "nda",
            Self::Undecided => "undecided",
            Self::Nothing => "nothing",
            Self::NotAsked => "not-asked",
            Self::Conflict => "conflict",
        }
    }

    /// Whether nothing can be confirmed yet, not even under a secrecy agreement.
    pub fn is_missing(self) -> bool {
        !matches!(self, Self::Shown | Self::Nda)
    }
}

/// Where something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Data,
    Hand,
}

impl Origin {
    pub fn term(self) -> &'static str {
        match self {
            Self::Data => "開示データ",
            Self::Hand => "手書きの答え",
        }
    }

    pub fn token(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Hand => "hand",
        }
    }
}

/// One thing that is said of a cell, with where it stands.
#[derive(Debug, Clone)]
pub struct Told {
    pub origin: Origin,
    pub state: CellState,
    pub document: String,
    pub text: String,
    /// 開示方法・条件・範囲.
    pub conditions: String,
    /// The day it was disclosed or, in a hand-written answer, seen.
    pub on: Option<Date>,
}

/// What one candidate says of one thing.
#[derive(Debug)]
pub struct SideCell<'a> {
    pub state: CellState,
    /// All that is said: what the provider handed over first, what people wrote behind it.
    pub told: Vec<Told>,
    /// Why both cannot be so, or what differs.
    pub differs: Option<String>,
    /// A person's judgement with its reason.
    pub verdict: Option<(Verdict, &'a str)>,
}

impl<'a> Selection<'a> {
    /// Lays the candidates side by side; `data` has what each of them handed over, in the order of the file.
    pub fn new(file: &'a SelectionFile, data: &'a [Option<DisclosureData>]) -> Self {
        let given = || file.candidates.iter().zip(data.iter().map(Option::as_ref));
        let rows: Vec<Row> = criteria(file)
            .map(|(group, criterion, title, must)| Row {
                group,
                criterion,
                title,
                must,
                cells: given().map(|(entry, data)| cell(criterion, entry, data)).collect(),
            })
            .collect();
        let candidate = |(at, (entry, data)): (usize, (&'a CandidateEntry, Option<&'a DisclosureData>))| Candidate {
            entry,
            data,
            questions: ask::questions(file, &rows, at, data),
        };
        let candidates = given().enumerate().map(candidate).collect();
        let mut selection = Self { file, candidates, rows, findings: Vec::new() };
        selection.findings = check::findings(&selection);
        selection
    }

    /// The lines of one part.
    pub fn of(&self, group: Group) -> impl Iterator<Item = &Row<'a>> {
        self.rows.iter().filter(move |row| row.group == group)
    }

    /// The lines on which a candidate has nothing to confirm yet.
    pub fn missing(&self, candidate: usize) -> impl Iterator<Item = &Row<'a>> {
        self.rows.iter().filter(move |row| row.cells[candidate].state.is_missing())
    }
}

/// Everything that is compared, in its order, with its title and whether it must be known.
fn criteria<'a>(file: &'a SelectionFile) -> impl Iterator<Item = (Group, Criterion<'a>, &'a str, bool)> {
    const LEAST: u8 = 4;
    let items = library().provider.provided_information.iter().map(|item| {
        let is_criterion = item.no <= LEAST;
        let group = if is_criterion { Group::Criteria } else { Group::Items };
        (group, Criterion::Item(item.no), item.item.as_str(), is_criterion)
    });
    let topics = |group: Group, list: &'static [Topic]| {
        list.iter().map(move |topic| (group, Criterion::Topic(*topic), topic.term(), false))
    };
    let questions = file.questions.iter().map(|question| {
        let must = question.must == Need::Must;
        (Group::Questions, Criterion::Question(question.id.trim()), question.text.as_str(), must)
    });
    items
        .chain(topics(Group::Certifications, &[Topic::Certifications]))
        .chain(questions)
        .chain(topics(Group::Terms, &Topic::TERMS))
        .chain(topics(Group::Places, &Topic::PLACES))
        .chain(topics(Group::Progress, &Topic::PROGRESS))
}

fn cell<'a>(criterion: Criterion, entry: &'a CandidateEntry, data: Option<&DisclosureData>) -> SideCell<'a> {
    let answer = entry.answers.iter().find(|answer| is_about(answer, criterion));
    let handed = data.map(|data| handed(criterion, data)).unwrap_or_default();
    // On a question of its own the institution hears from nobody but the provider itself.
    let is_asked = data.is_some() && !matches!(criterion, Criterion::Question(_));
    let without = if is_asked { CellState::Nothing } else { CellState::NotAsked };
    let of_data = handed.iter().map(|told| told.state).min().unwrap_or(without);
    let written = answer.and_then(told_by_hand);
    let (state, differs) = match &written {
        None => (of_data, None),
        Some(written) if is_asked => joined(of_data, &handed, written),
        Some(written) => (written.state, None),
    };
    SideCell {
        state,
        differs,
        told: handed.into_iter().chain(written).collect(),
        verdict: answer.and_then(|answer| Some((answer.judgement?, answer.reason.trim()))),
    }
}

pub(super) fn is_about(answer: &CandidateAnswer, criterion: Criterion) -> bool {
    match criterion {
        Criterion::Item(no) => answer.item == Some(no),
        Criterion::Topic(topic) => answer.about == Some(topic),
        Criterion::Question(id) => answer.question.as_deref().map(str::trim) == Some(id),
    }
}

fn told_by_hand(answer: &CandidateAnswer) -> Option<Told> {
    let state = match answer.disclosed()? {
        Shown::Shown => CellState::Shown,
        Shown::Nda => CellState::Nda,
        Shown::Nothing => CellState::Nothing,
    };
    Some(Told {
        origin: Origin::Hand,
        state,
        document: answer.document.trim().to_owned(),
        text: answer.text.trim().to_owned(),
        conditions: String::new(),
        on: answer.seen_on,
    })
}

/// What follows from both, and what differs. Neither is dropped for the other.
fn joined(of_data: CellState, handed: &[Told], written: &Told) -> (CellState, Option<String>) {
    use CellState::{Conflict, Nda, Nothing, Shown, Undecided};
    match (of_data, written.state) {
        (Shown, Shown) => (Shown, other_document(handed, written)),
        // What was kept back in the data may since have been shown, and data that say nothing deny nothing.
        (Nda, Shown) | (Undecided | Nothing, _) => (written.state, None),
        (data, hand) if data == hand => (data, None),
        (data, hand) => {
            let text = format!("開示データでは「{}」、手書きの答えでは「{}」です。", data.term(), hand.term());
            (Conflict, Some(text))
        }
    }
}

/// Both name a document, but not the same.
fn other_document(handed: &[Told], written: &Told) -> Option<String> {
    let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let own = bare(&written.document);
    let named: Vec<&str> = handed.iter().map(|told| told.document.as_str()).filter(|name| !name.is_empty()).collect();
    let same = |name: &&str| bare(name).contains(&own) || own.contains(&bare(name));
    if own.is_empty() || named.is_empty() || named.iter().any(same) {
        return None;
    }
    Some(format!(
        "文書の名前が違います。開示データでは「{}」、手書きの答えでは「{}」です。",
        named.join("」「"),
        written.document
    ))
}
