//! Which section of the list a block of answers belongs to: by its title, by its numbers, by the order of sections.

use super::label::Label;
use super::parse::Block;
use crate::fold;
use crate::known::{Entry, Known};

/// A section of the list.
#[derive(Debug)]
pub struct Chapter<'a> {
    pub title: &'a str,
    pub questions: Vec<(Label, &'a Entry)>,
}

/// What a block was found to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// Index of the section.
    pub chapter: Option<usize>,
    pub confidence: u8,
    /// Whether its title says so.
    pub titled: bool,
}

/// The sections that are known, in order.
pub fn chapters(known: &Known) -> Vec<Chapter<'_>> {
    let mut chapters: Vec<(&str, Chapter)> = Vec::new();
    for entry in &known.entries {
        let Some(label) = Label::of_entry(&entry.section, &entry.item) else { continue };
        match chapters.last_mut().filter(|(name, _)| *name == entry.chapter) {
            Some((_, chapter)) => chapter.questions.push((label, entry)),
            None => chapters
                .push((&entry.chapter, Chapter { title: &entry.chapter_title, questions: vec![(label, entry)] })),
        }
    }
    chapters.into_iter().map(|(_, chapter)| chapter).collect()
}

/// Labels of a block that stand for an answer: a number with parts is only their head.
pub fn leaves(block: &Block) -> Vec<&Label> {
    let has_parts = |label: &Label| {
        label.sub.is_empty()
            && block.answers.iter().any(|other| other.label.top == label.top && !other.label.sub.is_empty())
    };
    block.answers.iter().map(|draft| &draft.label).filter(|label| !has_parts(label)).collect()
}

/// The best way to give blocks to sections without crossing.
pub fn align(blocks: &[Block], chapters: &[Chapter]) -> Vec<Place> {
    let (rows, columns) = (blocks.len(), chapters.len());
    let mut best = vec![vec![0.0_f32; columns + 1]; rows + 1];
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            let with = score(&blocks[row], &chapters[column]) + best[row + 1][column + 1];
            best[row][column] = with.max(best[row + 1][column]).max(best[row][column + 1]);
        }
    }
    let mut places = vec![Place::default(); rows];
    let (mut row, mut column) = (0, 0);
    while row < rows && column < columns {
        let own = score(&blocks[row], &chapters[column]);
        if own > 0.0 && best[row][column] <= own + best[row + 1][column + 1] {
            places[row].chapter = Some(column);
            (row, column) = (row + 1, column + 1);
        } else if best[row + 1][column] >= best[row][column + 1] {
            row += 1;
        } else {
            column += 1;
        }
    }
    judge(blocks, chapters, &mut places);
    places
}

fn title_says(block: &Block, chapter: &Chapter) -> Option<bool> {
    block.title.as_ref().map(|title| fold::key(title) == fold::key(chapter.title))
}

fn score(block: &Block, chapter: &Chapter) -> f32 {
    if title_says(block, chapter) == Some(false) {
        return 0.0;
    }
    let leaves = leaves(block);
    let fitting = leaves.iter().filter(|leaf| chapter.questions.iter().any(|(label, _)| label == **leaf)).count();
    let foreign = leaves.len() - fitting;
    let share = fitting as f32 / leaves.len().max(chapter.questions.len()).max(1) as f32;
    let titled = if title_says(block, chapter) == Some(true) { 3.0 } else { 0.0 };
    if fitting == 0 || foreign * 3 > leaves.len() { 0.0 } else { titled + share * share - foreign as f32 * 0.1 }
}

fn is_exact(block: &Block, chapter: &Chapter) -> bool {
    let leaves = leaves(block);
    leaves.len() == chapter.questions.len()
        && leaves.iter().all(|leaf| chapter.questions.iter().any(|(label, _)| label == *leaf))
}

fn judge(blocks: &[Block], chapters: &[Chapter], places: &mut [Place]) {
    let exact =
        |at: usize, place: &Place| place.chapter.is_some_and(|chapter| is_exact(&blocks[at], &chapters[chapter]));
    let whole = blocks.len() == chapters.len() && places.iter().enumerate().all(|(at, place)| exact(at, place));
    let judged: Vec<Place> = places
        .iter()
        .enumerate()
        .map(|(at, place)| {
            let Some(chapter) = place.chapter else { return *place };
            let titled = title_says(&blocks[at], &chapters[chapter]) == Some(true);
            let same_shape = chapters.iter().filter(|other| is_exact(&blocks[at], other)).count();
            // A title may have slid onto another block, and a block out of its place: certain is only what both say.
            let confidence = match (exact(at, place), titled, whole) {
                (true, true, true) => 95,
                (true, _, true) => 85,
                (true, true, false) => 80,
                (true, false, false) if same_shape == 1 => 70,
                (true, false, false) => 50,
                (false, true, _) => 70,
                (false, false, _) => 40,
            };
            Place { chapter: Some(chapter), confidence, titled }
        })
        .collect();
    places.copy_from_slice(&judged);
}
