//! The lines of a checklist: blocks of numbered answers, and the paragraphs that are questions.

use super::label::{self, Label};
use crate::fold::{self, Pairs, join};
use crate::import::Answered;
use crate::known::Known;
use crate::lines::{Ledger, Line};

/// One answer as printed.
#[derive(Debug)]
pub struct Draft {
    pub label: Label,
    pub done: Option<Answered>,
    pub text: String,
    pub line: usize,
    pub repairs: Vec<String>,
    /// Reasons not to be certain, each with the confidence it leaves.
    pub doubts: Vec<(u8, String)>,
}

/// Answers under one heading.
#[derive(Debug, Default)]
pub struct Block {
    /// Title printed directly above the heading.
    pub title: Option<String>,
    pub answers: Vec<Draft>,
}

/// Wording of one or more questions.
#[derive(Debug)]
pub struct Paragraph {
    pub text: String,
    pub line: usize,
    /// Whether it stood in lines of its own, of which a lost one would not show.
    pub loose: bool,
}

/// The text, taken apart.
#[derive(Debug, Default)]
pub struct Parsed {
    pub blocks: Vec<Block>,
    pub questions: Vec<Paragraph>,
    /// Pieces without a place: line, what.
    pub unplaced: Vec<(usize, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Before,
    Answers,
    Questions,
}

/// Reads the lines one after the other.
struct Parser<'a> {
    known: &'a Known,
    parsed: Parsed,
    mode: Mode,
    /// A heading stands above and no number followed yet.
    heading: bool,
    title: Option<String>,
    /// The paragraph so far, and whether a line was empty before the one that comes.
    paragraph: Option<Paragraph>,
    gap: bool,
}

/// Words of the headings, in any order and number on a line.
const HEADINGS: [&str; 7] = ["No.", "No", "番号", "実施済", "実施内容", "チェック項目", "実施済実施内容"];

/// Whether every word of a line is a heading.
pub fn is_heading(plain: &str) -> bool {
    let mut words = plain.split_whitespace().peekable();
    words.peek().is_some() && words.all(|word| HEADINGS.contains(&word))
}

/// Takes the lines apart.
pub fn parse(lines: &[Line], known: &Known, ledger: &mut Ledger) -> Parsed {
    let mut parser = Parser {
        known,
        parsed: Parsed::default(),
        mode: Mode::Before,
        heading: false,
        title: None,
        paragraph: None,
        gap: false,
    };
    for line in lines {
        let text = line.cells.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            parser.gap = true;
            continue;
        }
        if parser.line(line.number, &text) {
            ledger.used(line.number);
        } else {
            ledger.unused(line.number, "表より前の本文");
        }
    }
    parser.close_paragraph();
    parser.parsed
}

impl Parser<'_> {
    /// Takes a line in; false if it is no part of the list.
    fn line(&mut self, number: usize, text: &str) -> bool {
        let plain = fold::plain(text);
        if is_heading(&plain) {
            self.close_paragraph();
            let answers = plain.contains("No") || plain.contains("番号") || plain.contains("実施");
            self.mode = if answers { Mode::Answers } else { Mode::Questions };
            self.heading = answers;
            self.title = self.title.take().filter(|_| answers);
            return true;
        }
        if self.is_title(&plain) {
            self.close_paragraph();
            (self.title, self.mode) = (Some(text.trim().to_owned()), Mode::Questions);
            return true;
        }
        if self.is_case(&plain) {
            // 「…する場合」 above a group of questions is a title of theirs, not wording.
            self.close_paragraph();
            (self.title, self.mode) = (None, Mode::Questions);
            return true;
        }
        let narrow = narrow(text);
        let begins = label::begins(&narrow);
        if begins.top.is_some() || begins.sub.is_some() && self.mode == Mode::Answers {
            self.close_paragraph();
            let rest = tail(text, begins.rest);
            self.number(number, begins.top, begins.sub, begins.done, rest);
            return true;
        }
        if let Some(done) = begins.done {
            self.close_paragraph();
            self.mark(number, done);
            self.words(number, tail(text, begins.rest));
            return true;
        }
        if self.mode == Mode::Before {
            self.title = None;
            return false;
        }
        self.words(number, text);
        true
    }

    fn is_title(&self, plain: &str) -> bool {
        let key = fold::key(plain);
        self.known.entries.iter().any(|entry| !entry.chapter_title.is_empty() && fold::key(&entry.chapter_title) == key)
    }

    fn is_case(&self, plain: &str) -> bool {
        let key = fold::key(plain);
        self.known.entries.iter().any(|entry| !entry.section_title.is_empty() && fold::key(&entry.section_title) == key)
    }

    fn number(&mut self, line: usize, top: Option<u8>, sub: Option<String>, done: Option<Answered>, rest: &str) {
        self.mode = Mode::Answers;
        let last = self.parsed.blocks.last().and_then(|block| block.answers.last());
        let begins_block = match (top, last) {
            (_, None) => true,
            (Some(1), Some(last)) => sub.is_none() || last.label.top != 1,
            (Some(top), Some(last)) => top < last.label.top || top == last.label.top && sub.is_none(),
            (None, _) => false,
        };
        if begins_block {
            let title = self.title.take().filter(|_| self.heading);
            self.parsed.blocks.push(Block { title, answers: Vec::new() });
        }
        let headed = std::mem::take(&mut self.heading);
        self.title = None;
        let Some(block) = self.parsed.blocks.last_mut() else { return };
        let label = next_label(block, top, sub);
        let mut draft = Draft { label, done, text: String::new(), line, repairs: Vec::new(), doubts: Vec::new() };
        if begins_block && !headed {
            draft.doubts.push((70, "上に表の見出しがなく、どの節の番号か確かではありません".into()));
        }
        if let Some(before) = block.answers.last_mut()
            && draft.label.top > before.label.top + 1
        {
            before.doubts.push((50, "次の番号が見つからず、次の回答の文が混じっているおそれがあります".into()));
        } else if block.answers.is_empty() && draft.label.top > 1 {
            draft.doubts.push((60, "この番号より前の回答が見つかりません".into()));
        }
        self.gap = false;
        block.answers.push(draft);
        self.words(line, rest);
    }

    fn mark(&mut self, line: usize, done: Answered) {
        let answers = self.mode == Mode::Answers;
        let draft = self.parsed.blocks.last_mut().and_then(|block| block.answers.last_mut());
        match draft {
            Some(draft) if answers && draft.done.is_none() && draft.text.is_empty() => draft.done = Some(done),
            _ => self.parsed.unplaced.push((line, "実施済の印".into())),
        }
    }

    fn words(&mut self, number: usize, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        if std::mem::take(&mut self.gap) {
            self.close_paragraph();
        }
        self.title = None;
        match &mut self.paragraph {
            Some(paragraph) => join(&mut paragraph.text, text),
            None => self.paragraph = Some(Paragraph { text: text.to_owned(), line: number, loose: true }),
        }
    }

    /// Gives a paragraph its place: the answer above, or the questions.
    fn close_paragraph(&mut self) {
        let Some(paragraph) = self.paragraph.take() else { return };
        let alike = self.likest(&paragraph.text);
        let draft = match self.mode {
            Mode::Answers => self.parsed.blocks.last_mut().and_then(|block| block.answers.last_mut()),
            Mode::Before | Mode::Questions => None,
        };
        match draft {
            Some(draft) if draft.text.is_empty() && alike < 0.75 => draft.text = paragraph.text,
            // Where one answer is complete, what looks like a question begins the column of questions.
            Some(draft) if alike < 0.45 => {
                draft.doubts.push((50, "離れた文を、この回答の続きとして読みました".into()));
                join(&mut draft.text, &paragraph.text);
            }
            _ => {
                self.mode = Mode::Questions;
                self.parsed.questions.push(paragraph);
            }
        }
    }

    /// How much of a text the nearest question covers.
    fn likest(&self, text: &str) -> f32 {
        let pairs = Pairs::of(text);
        let scores = self.known.entries.iter().map(|entry| pairs.likeness(&entry.wording.whole));
        scores.fold(0.0, f32::max)
    }
}

fn next_label(block: &Block, top: Option<u8>, sub: Option<String>) -> Label {
    let last = block.answers.last().map(|draft| &draft.label);
    let top = top.or(last.map(|label| label.top)).unwrap_or(1);
    let sub = sub.unwrap_or_default();
    let rounds = block.answers.iter().filter(|draft| draft.label.top == top && draft.label.sub == sub);
    let run = if sub.is_empty() { 0 } else { u8::try_from(rounds.count()).unwrap_or(u8::MAX) };
    Label { top, sub, run }
}

/// Wide digits and brackets made narrow, one for one, so that places in the text stay the same.
fn narrow(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    };
    text.chars().map(narrow).collect()
}

/// The end of the text that is as long as `rest`.
fn tail<'a>(text: &'a str, rest: &str) -> &'a str {
    let skip = text.trim_end().chars().count().saturating_sub(rest.chars().count());
    text.char_indices().nth(skip).map_or("", |(at, _)| text[at..].trim())
}
