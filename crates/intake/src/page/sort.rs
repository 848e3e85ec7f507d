//! Gives every line of a mixed page to its column: number, title, wording, scenario, requirement.

use std::collections::HashSet;

use super::Title;
use super::identify::identify;
use crate::fold::{self, Pairs, join};
use crate::import::Mark;
use crate::known::{Control, Entry, Known};
use crate::table::token::Token;

/// A line, or a cell of one.
#[derive(Debug)]
pub struct Fragment {
    pub line: usize,
    pub text: String,
    pub plain: String,
    pub token: Token,
}

/// A control as far as the page shows it.
#[derive(Debug)]
pub struct Row {
    pub minor: u8,
    pub branch: u8,
    pub line: usize,
    /// Index of the known control it was found to be.
    pub known: Option<usize>,
    pub text: String,
    pub scenario: String,
    pub mark: Option<Mark>,
    pub doubts: Vec<String>,
}

/// A requirement: the chapter it is of, and what is printed of it.
#[derive(Debug)]
pub struct Cited {
    /// `企画管理編.9`.
    pub chapter: String,
    /// The requirement it reads like.
    pub entry: Option<usize>,
    /// Its number, if that is printed.
    pub item: Option<char>,
    pub text: String,
    pub line: usize,
    /// The row printed last before it.
    pub row: Option<usize>,
}

/// A page, sorted.
#[derive(Debug, Default)]
pub struct Sorted {
    pub rows: Vec<Row>,
    pub cited: Vec<Cited>,
    /// Chapters printed: id, line, row printed last before it.
    pub chapters: Vec<(String, usize, Option<usize>)>,
    /// Pieces without a place: line, wording.
    pub unplaced: Vec<(usize, String)>,
}

/// Sorts the lines of a page.
pub fn sort(fragments: Vec<Fragment>, known: &Known) -> Sorted {
    let identified = identify(&fragments, known);
    let mut sorter = Sorter {
        known,
        joints: joints(known),
        names: names(known),
        sorted: Sorted::default(),
        titles: Vec::new(),
        last: Column::Text,
        held: None,
        announced: false,
    };
    let mut ids = identified.into_iter();
    for fragment in fragments {
        sorter.take(&fragment, &mut ids);
    }
    sorter.release();
    sorter.settle();
    sorter.sorted
}

/// Characters that stand side by side somewhere in our wording: where two pieces may meet.
fn joints(known: &Known) -> HashSet<u64> {
    let controls = known.controls.iter().map(|control| &control.wording.whole);
    let cited = known.cited.iter().map(|entry| &entry.wording.whole);
    let scenarios = known.scenarios.iter().map(|(_, pairs)| pairs);
    controls.chain(cited).chain(scenarios).flat_map(Pairs::iter).collect()
}

fn names(known: &Known) -> Vec<String> {
    let of = |control: &Control| {
        let middle = format!("{}.{}.{}", control.major, control.middle, control.middle_title);
        [middle, format!("{}{}", crate::table::circled(control.minor), control.minor_title)]
    };
    let mut names: Vec<String> = known.controls.iter().flat_map(of).map(|name| fold::key(&name)).collect();
    names.sort();
    names.dedup();
    names
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Text,
    Scenario,
    Requirement,
}

struct Sorter<'a> {
    known: &'a Known,
    sorted: Sorted,
    titles: Vec<Title<()>>,
    last: Column,
    joints: HashSet<u64>,
    /// Titles of 大項目 and 小項目 with their numbers, folded.
    names: Vec<String>,
    /// A piece of the row's wording that came before the piece it goes on from.
    held: Option<(usize, String)>,
    /// 【遵守事項】 was printed: a requirement begins.
    announced: bool,
}

impl Sorter<'_> {
    fn take(&mut self, fragment: &Fragment, ids: &mut impl Iterator<Item = Option<usize>>) {
        if self.titles.iter_mut().rev().any(|title| title.takes(&fragment.plain)) {
            self.titles.retain(|title| !title.is_complete());
            return;
        }
        match &fragment.token {
            Token::Id { minor, branch } => {
                let known = ids.next().flatten();
                self.release();
                self.sorted.rows.push(Row {
                    minor: *minor,
                    branch: *branch,
                    line: fragment.line,
                    known,
                    text: String::new(),
                    scenario: String::new(),
                    mark: None,
                    doubts: Vec::new(),
                });
                self.last = Column::Text;
            }
            Token::Mark(mark) => match self.sorted.rows.last_mut() {
                Some(row) if row.mark.is_none() => row.mark = Some(*mark),
                _ => self.unplaced(fragment),
            },
            Token::Dash | Token::Heading | Token::Nothing | Token::Class => {}
            _ => self.words(fragment),
        }
    }

    fn words(&mut self, fragment: &Fragment) {
        let plain = fragment.plain.trim();
        if self.title(plain) || self.chapter(fragment) || plain.is_empty() {
            return;
        }
        if plain == "【遵守事項】" {
            self.announced = true;
            return;
        }
        let number = plain.chars().next().filter(|first| ('①'..='⑳').contains(first));
        let rest = number.map_or(plain, |number| plain[number.len_utf8()..].trim());
        // 「①-1の…」 speaks of a row.
        let item = number.filter(|_| !rest.starts_with(['-', '~', '～']));
        self.wording(fragment, if item.is_some() { rest } else { plain }, item);
    }

    /// A title of 大項目 or 小項目 that is known.
    fn title(&mut self, plain: &str) -> bool {
        // A title is printed with its number; without it, it is wording.
        if !plain.starts_with(|c: char| c.is_ascii_digit() || ('①'..='⑳').contains(&c)) {
            return false;
        }
        let Some(title) = self.names.iter().find_map(|full| Title::begin((), full, plain)) else { return false };
        if !title.is_complete() {
            self.titles.push(title);
        }
        true
    }

    /// `9.…`, the beginning of a chapter title, with its 編 before it or in another line.
    fn chapter(&mut self, fragment: &Fragment) -> bool {
        let mut plain = fragment.plain.trim();
        let mut alone = false;
        for volume in ["システム運用編", "システム運用", "企画管理編", "経営管理編", "概説編"]
        {
            if let Some(rest) = plain.strip_prefix(volume) {
                (plain, alone) = (rest.trim(), rest.trim().is_empty());
                break;
            }
        }
        if alone {
            return true;
        }
        let found = self.known.cited.iter().find_map(|entry| {
            let number = entry.chapter.rsplit('.').next().unwrap_or_default();
            let title = Title::begin((), &format!("{number}.{}", entry.chapter_title), plain)?;
            let numbered = plain.starts_with(number) && fold::key(plain).len() > number.len();
            numbered.then(|| (entry.chapter.clone(), title))
        });
        let Some((chapter, title)) = found else { return false };
        if !title.is_complete() {
            self.titles.push(title);
        }
        self.sorted.chapters.push((chapter, fragment.line, self.sorted.rows.len().checked_sub(1)));
        self.last = Column::Requirement;
        true
    }

    /// Wording goes to the column it reads like; what goes on a sentence needs less likeness.
    fn wording(&mut self, fragment: &Fragment, plain: &str, item: Option<char>) {
        let pairs = Pairs::of(plain);
        let share = |other: &Pairs| if pairs.is_empty() { 0.0 } else { pairs.covered_by(other) };
        let row = self.sorted.rows.last();
        let control = row.and_then(|row| row.known).map(|at| &self.known.controls[at]);
        let scenario = control
            .and_then(|control| control.scenario.as_deref())
            .and_then(|id| self.known.scenarios.iter().find(|(known, _)| known == id));
        let (entry, requirement) = self.requirement(&pairs);
        let of_row = row.map_or("", |row| row.text.as_str());
        let of_scenario = row.map_or("", |row| row.scenario.as_str());
        let of_cited = self.sorted.cited.last().map_or("", |cited| cited.text.as_str());
        let text = control.map_or(0.0, |control| share(&control.wording.whole)) + self.joint(of_row, plain, 0.1);
        let scene = scenario.map_or(0.0, |(_, wording)| share(wording)) + self.joint(of_scenario, plain, 0.0);
        // A requirement can begin anywhere; its mark, its number or its twin in the other column announce it.
        let announced = item.is_some() || std::mem::take(&mut self.announced);
        let twin = self.sorted.cited.iter().map(|cited| share(&Pairs::of(&cited.text)) * 0.9).fold(0.0, f32::max);
        let begins = if announced { 0.3 } else { 0.0 };
        let cited = requirement.max(twin) + self.joint(of_cited, plain, 0.0).max(begins);
        let mut scores = [(text, Column::Text), (scene, Column::Scenario), (cited, Column::Requirement)];
        scores.sort_by(|a, b| b.0.total_cmp(&a.0));
        let homeless = scores[0].0 < 0.2 && long(plain);
        if homeless || self.sorted.rows.is_empty() && scores[0].1 != Column::Requirement {
            self.unplaced(fragment);
            return;
        }
        let doubtful = scores[0].0 - scores[1].0 < 0.1;
        let near = scores.iter().find(|score| score.1 == self.last && scores[0].0 - score.0 < 0.05);
        let of_last = [of_row, of_scenario, of_cited][self.last as usize];
        // A few characters say nothing by themselves: they go on where the line before them stopped.
        let best = match near {
            _ if !long(plain) && open(of_last) && self.meets(of_last, plain) => {
                let last = scores.iter().find(|score| score.1 == self.last);
                last.filter(|last| scores[0].0 - last.0 < 0.15).unwrap_or(&scores[0]).1
            }
            Some(near) => near.1,
            None => scores[0].1,
        };
        let early = best == Column::Text && open(of_row) && !self.meets(of_row, plain) && plain.ends_with('。');
        match best {
            Column::Requirement => self.cite(fragment, entry, item),
            // The end of a sentence cannot come before its middle.
            Column::Text if early && self.held.is_none() => {
                self.held = Some((fragment.line, fragment.text.trim().to_owned()));
            }
            _ => self.put(best, fragment, doubtful && long(plain)),
        }
        self.last = best;
    }

    /// What speaks for a piece going on a text: that the text is open, and that the two meet as characters do.
    fn joint(&self, text: &str, piece: &str, empty: f32) -> f32 {
        match (text.is_empty(), open(text)) {
            (true, _) => empty,
            (_, false) => 0.0,
            _ if piece.starts_with('・') => 0.1,
            _ if self.meets(text, piece) => 0.2,
            // The end of a sentence may have come before its middle.
            _ if piece.ends_with('。') => 0.0,
            _ => -0.3,
        }
    }

    fn meets(&self, text: &str, piece: &str) -> bool {
        // A comma parts words, so any two may meet there.
        if text.ends_with(['、', ',']) || piece.starts_with(['、', ',', '・']) {
            return true;
        }
        let pair = fold::key(text).chars().next_back().zip(fold::key(piece).chars().next());
        pair.is_some_and(|(end, start)| self.joints.contains(&fold::pair(end, start)))
    }

    fn put(&mut self, column: Column, fragment: &Fragment, doubtful: bool) {
        let text = fragment.text.trim();
        let Some(row) = self.sorted.rows.last_mut() else { return };
        match column {
            Column::Text => join(&mut row.text, text),
            _ => join(&mut row.scenario, text),
        }
        if doubtful {
            row.doubts.push(format!("「{text}」がどの列のものか確かではありません"));
        }
        let ready = self.held.as_ref().is_some_and(|(_, held)| {
            self.sorted.rows.last().is_some_and(|row| open(&row.text) && self.meets(&row.text, &fold::plain(held)))
        });
        if ready {
            self.release();
        }
    }

    /// Puts the piece that was held back where it can only belong.
    fn release(&mut self) {
        if let Some((_, held)) = self.held.take()
            && let Some(row) = self.sorted.rows.last_mut()
        {
            join(&mut row.text, &held);
            row.doubts.push(format!("「{held}」の前後の順が入れ替わっていたため、並べ直しました"));
        }
    }

    fn cite(&mut self, fragment: &Fragment, entry: Option<usize>, item: Option<char>) {
        let text = fragment.text.trim();
        let plain = fragment.plain.trim();
        let goes_on = self.sorted.cited.last().is_some_and(|cited| {
            item.is_none() && open(&cited.text) && (cited.entry == entry || self.meets(&cited.text, plain))
        });
        match self.sorted.cited.last_mut() {
            Some(cited) if goes_on => join(&mut cited.text, text),
            _ => self.sorted.cited.push(Cited {
                chapter: String::new(),
                entry,
                item,
                text: item.map_or(text, |_| text.trim_start_matches(|c| ('①'..='⑳').contains(&c)).trim()).to_owned(),
                line: fragment.line,
                row: self.sorted.rows.len().checked_sub(1),
            }),
        }
    }

    /// Names each requirement by its whole text; a scrap that is none is told as such.
    fn settle(&mut self) {
        let cited = std::mem::take(&mut self.sorted.cited);
        for mut cited in cited {
            let (entry, _) = self.requirement(&Pairs::of(&cited.text));
            match entry.filter(|_| cited.text.chars().count() >= 15) {
                Some(at) => {
                    cited.entry = Some(at);
                    cited.chapter.clone_from(&self.known.cited[at].chapter);
                    self.sorted.cited.push(cited);
                }
                None => self.sorted.unplaced.push((cited.line, cited.text)),
            }
        }
    }

    /// The requirement a text reads like, of the chapters printed so far on the page.
    fn requirement(&self, pairs: &Pairs) -> (Option<usize>, f32) {
        if pairs.is_empty() {
            return (None, 0.0);
        }
        let printed = |entry: &Entry| self.sorted.chapters.iter().any(|(chapter, ..)| *chapter == entry.chapter);
        let known = self.known.cited.iter().enumerate().filter(|(_, entry)| printed(entry));
        let best =
            known.map(|(at, entry)| (pairs.covered_by(&entry.wording.whole), at)).max_by(|a, b| a.0.total_cmp(&b.0));
        best.map_or((None, 0.0), |(score, at)| (Some(at).filter(|_| score >= 0.3), score))
    }

    fn unplaced(&mut self, fragment: &Fragment) {
        self.sorted.unplaced.push((fragment.line, fragment.text.clone()));
    }
}

fn open(text: &str) -> bool {
    !text.is_empty() && !text.ends_with('。')
}

fn long(plain: &str) -> bool {
    fold::key(plain).chars().count() >= 6
}
