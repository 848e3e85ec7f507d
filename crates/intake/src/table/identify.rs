//! Which control a row is: from the titles printed above it, from the order of numbers, and from its own wording.

use super::draft::Draft;
use super::token;
use crate::content::TELLING;
use crate::fold::{self, Pairs};
use crate::known::{Control, Known};

/// A row with its place in the list.
#[derive(Debug)]
pub struct Placed {
    pub major: u8,
    pub middle: u8,
    /// Index into the known controls.
    pub known: Option<usize>,
    pub confidence: u8,
    pub repairs: Vec<String>,
    pub doubts: Vec<String>,
}

/// How much better another wording must fit before it is believed.
const CLEARLY: f32 = 0.12;

struct Context {
    major: u8,
    middle: u8,
    minor: u8,
    branch: u8,
}

/// Places every row, in order.
pub fn place(drafts: &[Draft], known: &Known) -> Vec<Placed> {
    let mut context: Option<Context> = None;
    let mut major = None;
    let mut placed = Vec::with_capacity(drafts.len());
    for draft in drafts {
        if let Some((number, _)) = &draft.major {
            major = Some(*number);
        }
        let guess = by_order(draft, context.as_ref(), major);
        let row = if known.controls.is_empty() { unchecked(guess) } else { checked(draft, guess, known) };
        context = Some(Context { major: row.major, middle: row.middle, minor: draft.minor, branch: draft.branch });
        major = Some(row.major);
        placed.push(row);
    }
    placed
}

/// What titles and numbers say, before the wording is looked at.
#[derive(Clone, Copy)]
struct Guess {
    major: u8,
    middle: u8,
    confidence: u8,
    printed: bool,
    doubt: Option<&'static str>,
}

fn by_order(draft: &Draft, context: Option<&Context>, major: Option<u8>) -> Guess {
    if let Some((major, middle, _)) = &draft.middle {
        return Guess { major: *major, middle: *middle, confidence: 100, printed: true, doubt: None };
    }
    let Some(before) = context else {
        let major = major.unwrap_or(1);
        let doubt = Some("大項目が印字されておらず、前の行もありません");
        return Guess { major, middle: 1, confidence: 30, printed: false, doubt };
    };
    let same =
        |confidence, doubt| Guess { major: before.major, middle: before.middle, confidence, printed: false, doubt };
    let titled = draft.title.as_ref().is_some_and(|(minor, _)| *minor == draft.minor);
    match (draft.minor, draft.branch) {
        (minor, branch) if minor == before.minor && branch == before.branch + 1 => same(100, None),
        (minor, branch) if minor == before.minor && branch > before.branch => {
            same(85, Some("前の番号との間が空いています"))
        }
        (minor, 1) if minor == before.minor + 1 && titled => same(100, None),
        (minor, 1) if minor == before.minor + 1 => same(95, None),
        (minor, _) if minor > before.minor => same(70, Some("前の番号との間が空いています")),
        _ => {
            let doubt = Some("大項目の行が見つからず、番号が戻っています");
            // A new 対策 begins its own count.
            let (major, middle) = match major.filter(|major| *major != before.major) {
                Some(major) => (major, 1),
                None => (before.major, before.middle + 1),
            };
            Guess { major, middle, confidence: 40, printed: false, doubt }
        }
    }
}

fn unchecked(guess: Guess) -> Placed {
    let doubts = guess.doubt.map(str::to_owned).into_iter().collect();
    Placed {
        major: guess.major,
        middle: guess.middle,
        known: None,
        confidence: guess.confidence,
        repairs: Vec::new(),
        doubts,
    }
}

/// A known control and how well the wording of a row fits it.
#[derive(Clone, Copy)]
struct Fit<'a> {
    at: usize,
    control: &'a Control,
    score: f32,
}

fn checked(draft: &Draft, guess: Guess, known: &Known) -> Placed {
    let wording = Pairs::of(&draft.text);
    let title = draft.title.as_ref().filter(|(minor, _)| *minor == draft.minor).map(|(_, title)| Pairs::of(title));
    let fits = |control: &&Control| control.minor == draft.minor && control.branch == draft.branch;
    let score = |control: &Control| {
        let text = wording.likeness(&control.wording.whole);
        // A printed title of the 小項目 weighs as much as the wording.
        match &title {
            Some(title) => (text + title.likeness(&Pairs::of(&control.minor_title))) / 2.0,
            None => text,
        }
    };
    let same_label: Vec<Fit> = known
        .controls
        .iter()
        .enumerate()
        .filter(|(_, control)| fits(control))
        .map(|(at, control)| Fit { at, control, score: score(control) })
        .collect();
    let expected = same_label.iter().find(|fit| (fit.control.major, fit.control.middle) == (guess.major, guess.middle));
    let best = same_label.iter().max_by(|a, b| a.score.total_cmp(&b.score));
    let mut placed = unchecked(guess);
    match (expected, best) {
        (Some(expected), Some(best)) if best.score - expected.score < CLEARLY => {
            placed.known = Some(expected.at);
            if placed.confidence < 90 && is_alone(expected, &same_label) {
                // The wording says the same as the order; a lost row in between does not matter to this one.
                placed.confidence = if guess.confidence >= 70 { 95 } else { 85 };
                placed.repairs.push("欠けた行の後の番号を、順序と本文で確かめました".into());
            }
        }
        (expected, Some(best)) if !guess.printed && best.score >= TELLING && is_alone(best, &same_label) => {
            (placed.major, placed.middle, placed.known) = (best.control.major, best.control.middle, Some(best.at));
            placed.confidence = if expected.is_none() { 80 } else { 75 };
            placed.doubts.clear();
            placed.repairs.push(format!("大項目の行が見つからないため、本文から{}と読みました", best.control.id));
        }
        (Some(expected), _) => {
            placed.known = Some(expected.at);
            placed.confidence = placed.confidence.min(40);
            placed.doubts.push("番号と本文が合いません。列か行がずれているおそれがあります".into());
        }
        (None, _) => {
            placed.confidence = placed.confidence.min(30);
            placed.doubts.push("この番号は目録にありません".into());
        }
    }
    neighbours(draft, &wording, known, &mut placed);
    placed
}

/// Whether no other row with the same number fits as well.
fn is_alone(fit: &Fit, all: &[Fit]) -> bool {
    fit.score >= TELLING && all.iter().all(|other| other.at == fit.at || fit.score - other.score >= CLEARLY)
}

/// A column that slipped puts the wording of another row beside a number: no other control may fit better.
fn neighbours(draft: &Draft, wording: &Pairs, known: &Known, placed: &mut Placed) {
    let Some(at) = placed.known else { return };
    let own = &known.controls[at].wording;
    let mine = wording.likeness(&own.whole);
    // Some controls are printed alike in two places; a hair's breadth says nothing.
    const SAME: f32 = 0.005;
    let others = known.controls.iter().enumerate().filter(|(other, _)| *other != at);
    let near = others.filter(|(_, other)| wording.likeness_at_most(&other.wording.whole) > mine);
    let scored = near.map(|(_, other)| (wording.likeness(&other.wording.whole), other));
    let closest = scored.max_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((score, other)) = closest
        && score > mine + SAME
        && !draft.text.is_empty()
    {
        let clear = score - mine >= CLEARLY && score >= TELLING;
        placed.confidence = placed.confidence.min(if clear { 40 } else { 70 });
        placed.doubts.push(format!("本文が{}のものに見えます。行がずれているおそれがあります", other.id));
    }
    if begins_like_a_title(&draft.text) {
        placed.confidence = placed.confidence.min(60);
        placed.doubts.push("本文の前に題が混じっているおそれがあります".into());
    }
    for doubt in own.doubts(&draft.text) {
        placed.confidence = placed.confidence.min(60);
        placed.doubts.push(doubt.to_owned());
    }
}

/// `①…` that is no number of a row, and `1.5. …`: a cell that slid into the wording.
fn begins_like_a_title(text: &str) -> bool {
    let plain = fold::plain(text);
    let mut rest = plain.chars();
    match rest.next() {
        Some('①'..='⑳') => !matches!(rest.next(), Some('-' | '~' | '～')),
        Some(first) if first.is_ascii_digit() => token::numbers(&plain).is_some_and(|(numbers, _)| numbers.len() >= 2),
        _ => false,
    }
}
