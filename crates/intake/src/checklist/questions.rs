//! The wording of the questions, found among paragraphs in any order.

use super::parse::Paragraph;
use crate::fold::{Pairs, join};
use crate::import::{Confidence, Item, Mark, Problem, ProblemKind};
use crate::known::{Entry, Known};

/// A sentence is given to a question only if it is at least this much like it.
const ALIKE: f32 = 0.3;
/// A second question that is nearly as much like it makes it doubtful.
const CLEARLY: f32 = 0.08;

#[derive(Default)]
struct Found {
    text: String,
    line: usize,
    /// Another place or another question comes near.
    doubtful: bool,
    /// Its paragraph held more than this question, or lines of it may be lost.
    parted: bool,
}

/// The questions that were found, in the order of the list.
pub fn items(paragraphs: &[Paragraph], known: &Known, problems: &mut Vec<Problem>) -> Vec<Item> {
    let mut found: Vec<Found> = known.entries.iter().map(|_| Found::default()).collect();
    let mut left: Vec<&Paragraph> = Vec::new();
    for paragraph in paragraphs {
        let (best, score, second) = likest(&paragraph.text, known);
        let whole = best.filter(|at| {
            score - second >= CLEARLY / 2.0 && known.entries[*at].wording.doubts(&paragraph.text).is_empty()
        });
        match whole {
            Some(at) => {
                add(&mut found[at], &paragraph.text, paragraph.line, score - second < CLEARLY);
                found[at].parted |= paragraph.loose;
            }
            None => left.push(paragraph),
        }
    }
    let left = by_sentence(&left, known, &mut found);
    for (sentence, line) in by_elimination(left, known, &mut found) {
        problems.push(Problem {
            kind: ProblemKind::Unplaced,
            line: Some(line),
            item: None,
            message: format!("「{}」がどの項目の文か分かりません", beginning(&sentence)),
        });
    }
    let mut items = Vec::new();
    for (entry, found) in known.entries.iter().zip(found) {
        if found.text.is_empty() {
            problems.push(Problem {
                kind: ProblemKind::Missing,
                line: None,
                item: Some(entry.id.clone()),
                message: format!("{}の文が見つかりません", entry.id),
            });
            continue;
        }
        items.push(item(entry, found, problems));
    }
    items
}

fn add(found: &mut Found, text: &str, line: usize, doubtful: bool) {
    found.doubtful |= doubtful || !found.text.is_empty();
    if found.text.is_empty() {
        found.line = line;
    }
    join(&mut found.text, text);
}

/// Paragraphs that hold several questions, or parts of one.
fn by_sentence(paragraphs: &[&Paragraph], known: &Known, found: &mut [Found]) -> Vec<(String, usize)> {
    let mut left = Vec::new();
    for paragraph in paragraphs {
        let mut last: Option<usize> = None;
        for sentence in paragraph.text.split_inclusive('。') {
            let (best, score, second) = likest(sentence, known);
            let alike = score >= ALIKE && score - second >= CLEARLY / 2.0;
            // A note in brackets, or a list, goes on with the question before it.
            match if alike { best } else { last.filter(|_| score < ALIKE) } {
                Some(at) if last == Some(at) => join(&mut found[at].text, sentence),
                Some(at) => {
                    add(&mut found[at], sentence, paragraph.line, score - second < CLEARLY);
                    found[at].parted = true;
                    last = Some(at);
                }
                None => left.push((sentence.to_owned(), paragraph.line)),
            }
        }
    }
    left
}

/// What is left, given to the questions that are left: doubtful, all of them.
fn by_elimination(left: Vec<(String, usize)>, known: &Known, found: &mut [Found]) -> Vec<(String, usize)> {
    let mut unplaced = Vec::new();
    for (sentence, line) in left {
        let pairs = Pairs::of(&sentence);
        let open = known.entries.iter().enumerate().filter(|(at, _)| found[*at].text.is_empty());
        let best = open
            .map(|(at, entry)| (pairs.likeness(&entry.wording.whole), at))
            .filter(|(score, _)| *score >= ALIKE / 2.0)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        match best {
            Some((_, at)) => add(&mut found[at], &sentence, line, true),
            None => unplaced.push((sentence, line)),
        }
    }
    unplaced
}

fn item(entry: &Entry, found: Found, problems: &mut Vec<Problem>) -> Item {
    let mut doubts = entry.wording.doubts(&found.text);
    if found.doubtful {
        doubts.push("離れた所にある文をつないだか、似た項目がほかにあります");
    }
    if !found.text.ends_with(['。', ')', '）']) {
        doubts.push("文の終わりが句点でなく、途中で切れているおそれがあります");
    }
    for doubt in &doubts {
        problems.push(Problem {
            kind: ProblemKind::Doubtful,
            line: Some(found.line),
            item: Some(entry.id.clone()),
            message: (*doubt).to_owned(),
        });
    }
    let confidence = match (doubts.is_empty(), found.parted) {
        (true, false) => 95,
        (true, true) => 85,
        (false, _) => 60,
    };
    let titles = [&entry.chapter_title, &entry.section_title].into_iter().filter(|title| !title.is_empty());
    Item {
        id: entry.id.clone(),
        titles: titles.cloned().collect(),
        text: found.text,
        kubun: Mark::Unknown,
        scenario: None,
        mhlw: Vec::new(),
        confidence: Confidence::percent(confidence),
        repairs: vec!["番号でなく、文の内容から項目を決めました".to_owned()],
        line: found.line,
        rule: None,
    }
}

/// The likest question, how much like it, and how much the next one is.
fn likest(sentence: &str, known: &Known) -> (Option<usize>, f32, f32) {
    let pairs = Pairs::of(sentence);
    let (mut best, mut score, mut second) = (None, 0.0, 0.0);
    for (at, entry) in known.entries.iter().enumerate() {
        // A sentence may be a part of a long question.
        let like = pairs.likeness(&entry.wording.whole).max(pairs.covered_by(&entry.wording.whole) * 0.8);
        if like > score {
            (best, second, score) = (Some(at), score, like);
        } else if like > second {
            second = like;
        }
    }
    (best, score, second)
}

fn beginning(text: &str) -> String {
    text.trim().chars().take(24).collect()
}
