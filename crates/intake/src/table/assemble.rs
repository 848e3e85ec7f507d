//! Puts the cells of 別紙2 together into rows, whichever way the lines were broken.

use super::draft::{Cite, Draft, Habits, Read};
use super::token::Token;
use crate::fold::join;
use crate::import::Mark;

/// Where the next piece of wording would go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    Start,
    MiddleTitle,
    MinorTitle,
    Number,
    Text,
    AfterMark,
    Scenario,
    Section,
    Class,
    Item,
}

/// Where in its line a cell stands.
struct Around {
    place: usize,
    /// It begins at the left edge, as far as columns are kept.
    edge: bool,
    has_id: bool,
    before_id: bool,
    section_follows: bool,
    broken: bool,
}

/// Rows and requirements found so far.
pub struct Assembler<'a> {
    habits: Habits<'a>,
    pub drafts: Vec<Draft>,
    pub cites: Vec<Cite>,
    /// Pieces without a place: line, wording.
    pub unplaced: Vec<(usize, String)>,
    pending: Draft,
    slot: Slot,
    /// Column of 項番 on this page, learned from rows that show it.
    section_column: Option<usize>,
    first_of_page: bool,
    /// The line before was empty.
    gap: bool,
}

impl<'a> Assembler<'a> {
    pub fn new(habits: Habits<'a>) -> Self {
        Self {
            habits,
            drafts: Vec::new(),
            cites: Vec::new(),
            unplaced: Vec::new(),
            pending: Draft::default(),
            slot: Slot::Start,
            section_column: None,
            first_of_page: false,
            gap: false,
        }
    }

    /// An empty line stands here.
    pub fn gap(&mut self) {
        self.gap = true;
    }

    /// A page begins. `section_column` is where its rows show 項番.
    pub fn page(&mut self, section_column: Option<usize>) {
        self.section_column = section_column;
        self.first_of_page = true;
    }

    /// Takes one line in.
    pub fn line(&mut self, number: usize, cells: Vec<Read>) {
        let has_id = cells.iter().any(|read| matches!(read.token, Token::Id { .. }));
        let id_place = cells.iter().position(|read| matches!(read.token, Token::Id { .. }));
        // A line that goes on in the middle of a cell begins with wording, at the left edge.
        let goes_on = !has_id
            && cells.first().is_some_and(|read| read.token == Token::Free && read.cell.column.unwrap_or(0) == 0);
        let broken = goes_on && self.slot != Slot::Start;
        for (place, read) in cells.iter().enumerate() {
            let section_follows =
                cells[place + 1..].iter().any(|later| matches!(later.token, Token::Section | Token::Nothing));
            let before_id = id_place.is_some_and(|id| place < id);
            let edge = read.cell.column.unwrap_or(0) == 0;
            self.cell(number, read, Around { place, edge, has_id, before_id, section_follows, broken });
        }
        if has_id {
            self.first_of_page = false;
        }
        self.gap = false;
    }

    fn cell(&mut self, number: usize, read: &Read, around: Around) {
        let text = read.cell.text.as_str();
        match &read.token {
            Token::Heading | Token::Dash => {}
            Token::Major { major, title } => self.pending.major = Some((*major, title.clone())),
            Token::Middle { major, middle, title } if !self.inside_row(&around) => {
                self.pending.middle = Some((*major, *middle, title.clone()));
                self.slot = Slot::MiddleTitle;
            }
            Token::Minor { minor, title, as_item } if !self.inside_row(&around) => self.minor(*minor, title, *as_item),
            Token::Id { minor, branch } => self.id(number, *minor, *branch),
            Token::Mark(mark) => self.mark(number, *mark),
            Token::Nothing => match self.drafts.last_mut() {
                Some(draft) => {
                    draft.nothing = true;
                    self.slot = Slot::Item;
                }
                None => self.unplaced.push((number, text.to_owned())),
            },
            Token::Section => self.section(number, text, &around),
            Token::Class => self.class(number, text, &around),
            Token::Free | Token::Middle { .. } | Token::Minor { .. } => self.wording(number, read, around),
        }
        if read.cell.untagged
            && let Some(draft) = self.drafts.last_mut()
        {
            draft.repair("変換で入った表示用の記号（<p>等）を除きました");
        }
    }

    /// Past the number of a row, a text that looks like a title is wording of the row.
    fn inside_row(&self, around: &Around) -> bool {
        let beside_number = around.has_id && !around.before_id;
        beside_number || around.broken || !self.habits.rows && matches!(self.slot, Slot::Number)
    }

    fn minor(&mut self, minor: u8, title: &str, as_item: bool) {
        let late = self.drafts.iter_mut().rev().take_while(|draft| draft.minor == minor).last();
        match late {
            Some(first) if first.title.is_none() && self.pending.middle.is_none() => {
                first.title = Some((minor, title.to_owned()));
                let how = if as_item { "項目のように印字された" } else { "行の後に印字された" };
                first.repair(&format!("{how}小項目の題「{title}」を、題として読みました"));
            }
            _ => {
                self.pending.title = Some((minor, title.to_owned()));
                self.slot = Slot::MinorTitle;
            }
        }
    }

    fn id(&mut self, number: usize, minor: u8, branch: u8) {
        if self.slot == Slot::Number
            && let Some(draft) = self.drafts.last_mut()
            && (draft.minor, draft.branch) == (minor, branch)
        {
            draft.repair("二度印字された番号を一つにまとめました");
            return;
        }
        let mut draft = std::mem::take(&mut self.pending);
        (draft.minor, draft.branch, draft.line) = (minor, branch, number);
        self.drafts.push(draft);
        self.slot = Slot::Number;
    }

    fn mark(&mut self, number: usize, mark: Mark) {
        match self.drafts.last_mut() {
            Some(draft) if draft.mark.is_none() => {
                draft.mark = Some(mark);
                // A mark before its wording was shifted; the wording still follows.
                self.slot = if draft.text.is_empty() { Slot::Number } else { Slot::AfterMark };
            }
            Some(draft) => {
                let first = draft.mark.replace(Mark::Unknown);
                if first == Some(mark) {
                    draft.mark = first;
                } else {
                    draft.doubts.push((60, "区分の印が二つあり、どちらか分かりません".into()));
                }
                self.slot = Slot::AfterMark;
            }
            None => self.unplaced.push((number, "区分の印".into())),
        }
    }

    fn section(&mut self, number: usize, text: &str, around: &Around) {
        let Some(draft) = self.drafts.last_mut() else {
            self.unplaced.push((number, text.to_owned()));
            return;
        };
        self.cites.push(Cite { section: text.to_owned(), line: number, ..Cite::default() });
        let cite = self.cites.len() - 1;
        let beside = around.has_id || around.broken;
        let own = beside || draft.cites.is_empty() && (around.edge || !self.habits.rows);
        if !beside && self.habits.rows {
            draft.doubts.push((70, "要求事項が項目と別の行にあり、対応が確かではありません".into()));
        }
        if own {
            draft.cites.push(cite)
        } else {
            draft.orphans.push(cite)
        }
        self.slot = Slot::Section;
    }

    fn class(&mut self, number: usize, text: &str, around: &Around) {
        if self.slot != Slot::Section {
            // The section was lost or stands further off: the class still belongs to what is cited here.
            self.section(number, "", around);
        }
        match self.cites.last_mut() {
            Some(cite) if self.slot == Slot::Section => cite.class = text.to_owned(),
            _ => self.unplaced.push((number, text.to_owned())),
        }
        self.slot = Slot::Class;
    }

    fn wording(&mut self, number: usize, read: &Read, around: Around) {
        let text = read.cell.text.as_str();
        if around.before_id && self.slot == Slot::Start {
            self.unplaced.push((number, text.to_owned()));
            return;
        }
        if around.broken && around.place == 0 {
            self.go_on(number, text);
            return;
        }
        if around.before_id {
            // In front of a number stand titles, or the end of a cell of the row above.
            self.unplaced.push((number, text.to_owned()));
            return;
        }
        match self.slot {
            Slot::Number => self.set_text(text),
            Slot::Class => self.item(text),
            Slot::Text | Slot::AfterMark if around.section_follows => self.scenario(number, text),
            Slot::Start | Slot::MiddleTitle | Slot::MinorTitle => self.unplaced.push((number, text.to_owned())),
            _ => self.by_column(number, read, &around),
        }
    }

    fn set_text(&mut self, text: &str) {
        if let Some(draft) = self.drafts.last_mut() {
            draft.text = text.to_owned();
            self.slot = Slot::Text;
        }
    }

    fn item(&mut self, text: &str) {
        if let Some(cite) = self.cites.last_mut() {
            cite.text = text.to_owned();
            self.slot = Slot::Item;
        }
    }

    /// A cell with nothing around it that would tell what it is: its column does, or its wording.
    fn by_column(&mut self, number: usize, read: &Read, around: &Around) {
        let text = read.cell.text.as_str();
        let right = match (read.cell.column, self.section_column) {
            (Some(column), Some(section)) => Some(column > section),
            _ => None,
        };
        match right {
            Some(true) => self.continue_cite(number, text),
            Some(false) if around.has_id => self.scenario(number, text),
            _ if (self.habits.is_scenario)(text) => self.scenario(number, text),
            _ if !self.habits.rows => self.go_on_or_scenario(number, text),
            _ if around.has_id && matches!(self.slot, Slot::Text | Slot::AfterMark) && text.ends_with('。') => {
                self.scenario(number, text);
                self.doubt(60, "列が確かめられないため、シナリオの列として読みました");
            }
            _ if self.slot == Slot::Item => self.continue_cite(number, text),
            _ => {
                self.go_on(number, text);
                self.doubt(60, "列が確かめられない文字を、前の続きとして読みました");
            }
        }
    }

    fn scenario(&mut self, number: usize, text: &str) {
        let first_of_page = self.first_of_page;
        // A short piece at the top of a page is the rest of a sentence that the page end cut.
        let cut = self.drafts.len().checked_sub(2).and_then(|before| {
            let minor = self.drafts.last()?.minor;
            let group = (0..=before).rev().take_while(|i| self.drafts[*i].minor == minor);
            group.into_iter().find(|i| !self.drafts[*i].scenario.is_empty())
        });
        if let Some(cut) = cut
            && !self.drafts[cut].scenario.ends_with('。')
            && (first_of_page || text.chars().count() < 15)
        {
            let draft = &mut self.drafts[cut];
            join(&mut draft.scenario, text);
            draft.doubts.push((80, "頁をまたいで切れたシナリオの文をつなぎました".into()));
            self.slot = Slot::Scenario;
            return;
        }
        match self.drafts.last_mut() {
            Some(draft) if draft.scenario.is_empty() => draft.scenario = text.to_owned(),
            Some(draft) => join(&mut draft.scenario, text),
            None => self.unplaced.push((number, text.to_owned())),
        }
        self.slot = Slot::Scenario;
    }

    /// The rest of a requirement that a page end cut.
    fn continue_cite(&mut self, number: usize, text: &str) {
        match self.cites.last_mut() {
            Some(cite) => {
                join(&mut cite.text, text);
                if let Some(draft) = self.drafts.last_mut() {
                    draft.repair("頁をまたいで切れた要求事項の文を、前の行の続きとしてつなぎました");
                }
                self.slot = Slot::Item;
            }
            None => self.unplaced.push((number, text.to_owned())),
        }
    }

    fn go_on_or_scenario(&mut self, number: usize, text: &str) {
        let Some(draft) = self.drafts.last() else {
            self.unplaced.push((number, text.to_owned()));
            return;
        };
        if self.slot == Slot::AfterMark && draft.scenario.is_empty() {
            self.scenario(number, text);
        } else {
            self.go_on(number, text);
        }
    }

    /// Wording that goes on where the line before ended.
    fn go_on(&mut self, number: usize, text: &str) {
        let scenario_begins = matches!(self.slot, Slot::AfterMark)
            || self.slot == Slot::Text
                && self.drafts.last().is_some_and(|d| d.text.ends_with('。') && d.scenario.is_empty())
                && (self.habits.is_scenario)(text);
        if scenario_begins {
            self.scenario(number, text);
            return;
        }
        let draft = self.drafts.last_mut();
        match (self.slot, draft) {
            (Slot::MiddleTitle, _) => {
                if let Some((_, _, title)) = &mut self.pending.middle {
                    join(title, text);
                }
            }
            (Slot::MinorTitle, _) => {
                if let Some((_, title)) = &mut self.pending.title {
                    join(title, text);
                }
            }
            (Slot::Number, Some(draft)) => {
                draft.text = text.to_owned();
                self.slot = Slot::Text;
            }
            // After the end of a sentence and an empty line something else begins.
            (Slot::Text, Some(draft)) if self.gap && self.habits.rows && draft.text.ends_with('。') => {
                self.unplaced.push((number, text.to_owned()));
            }
            (Slot::Text, Some(draft)) => {
                if draft.text.ends_with('。') {
                    let why = "文の終わった後の行をつないだため、別の文が混じっているおそれがあります";
                    draft.doubts.push((80, why.into()));
                }
                join(&mut draft.text, text);
                draft.repair("行の途中の改行をつなぎました");
                let why = "本文は幾つかの行をつないだものです。間の行が欠けていないか確かめてください";
                draft.doubt_once(85, why);
                draft.joined = true;
            }
            (Slot::Scenario, Some(draft)) => join(&mut draft.scenario, text),
            (Slot::Section, _) => {
                if let Some(cite) = self.cites.last_mut() {
                    join(&mut cite.section, text);
                }
            }
            (Slot::Class, _) => self.item(text),
            (Slot::Item, _) if !self.cites.is_empty() => {
                if let Some(cite) = self.cites.last_mut() {
                    join(&mut cite.text, text);
                }
            }
            _ => self.unplaced.push((number, text.to_owned())),
        }
    }

    fn doubt(&mut self, confidence: u8, why: &str) {
        if let Some(draft) = self.drafts.last_mut() {
            draft.doubts.push((confidence, why.to_owned()));
        }
    }

    /// Titles that no row followed.
    pub fn finish(&mut self) -> Vec<String> {
        let middle = self.pending.middle.take().map(|(major, middle, title)| format!("{major}.{middle}. {title}"));
        let title = self.pending.title.take().map(|(_, title)| title);
        middle.into_iter().chain(title).collect()
    }
}
