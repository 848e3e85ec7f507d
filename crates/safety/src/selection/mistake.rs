//! What a `selection.yaml` cannot mean, though its shape is right.

use std::collections::BTreeSet;

use super::{CandidateAnswer, CandidateEntry, SelectionFile, Shown};
use crate::text::is_blank;

/// Something that has to be put right before candidates can be laid side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// JSON pointer into the file.
    pub pointer: String,
    /// What was found and what would be right.
    pub message: String,
}

/// Every such mistake of a file.
pub fn mistakes(file: &SelectionFile) -> Vec<Mistake> {
    let mut found = Vec::new();
    let ids = file.questions.iter().map(|question| question.id.trim());
    twice(ids, "questions", "id", "問いのid", &mut found);
    let names = file.candidates.iter().map(|candidate| candidate.name.trim());
    twice(names, "candidates", "name", "候補の名前", &mut found);
    let paths = file.candidates.iter().map(|candidate| candidate.file.as_deref().unwrap_or_default().trim());
    twice(paths, "candidates", "file", "開示データ", &mut found);
    for (at, candidate) in file.candidates.iter().enumerate() {
        of_candidate(file, candidate, at, &mut found);
    }
    if let Some(decision) = &file.decision
        && !file.candidates.iter().any(|candidate| candidate.name.trim() == decision.candidate.trim())
    {
        let names: Vec<&str> = file.candidates.iter().map(|candidate| candidate.name.as_str()).collect();
        found.push(Mistake {
            pointer: "/decision/candidate".to_owned(),
            message: format!(
                "「{}」という候補はありません。candidatesにある名前（{}）を書いてください。",
                decision.candidate,
                names.join("、")
            ),
        });
    }
    found
}

/// Tells names that stand more than once; what is left out is no name.
fn twice<'n>(names: impl Iterator<Item = &'n str>, list: &str, field: &str, what: &str, found: &mut Vec<Mistake>) {
    let mut known = BTreeSet::new();
    for (at, name) in names.enumerate() {
        if !name.is_empty() && !known.insert(name) {
            found.push(Mistake {
                pointer: format!("/{list}/{at}/{field}"),
                message: format!("{what}「{name}」が二度書かれています。一つずつ別のものにしてください。"),
            });
        }
    }
}

fn of_candidate(file: &SelectionFile, candidate: &CandidateEntry, at: usize, found: &mut Vec<Mistake>) {
    let mut known: Vec<&CandidateAnswer> = Vec::new();
    for (number, answer) in candidate.answers.iter().enumerate() {
        let pointer = format!("/candidates/{at}/answers/{number}");
        let mut say = |message: String| found.push(Mistake { pointer: pointer.clone(), message });
        match of_answer(file, answer) {
            Some(message) => say(message),
            None if known.iter().any(|other| target(other) == target(answer)) => {
                say("同じ事柄への答えが、この候補に二つあります。一つにまとめてください。".to_owned());
            }
            None => known.push(answer),
        }
        if answer.judgement.is_some() && is_blank(&answer.reason) {
            say("判断（judgement）に理由がありません。reasonに理由を書いてください。".to_owned());
        }
    }
}

type Target<'a> = (Option<u8>, Option<&'a str>, Option<super::Topic>);

fn target(answer: &CandidateAnswer) -> Target<'_> {
    (answer.item, answer.question.as_deref().map(str::trim), answer.about)
}

fn of_answer(file: &SelectionFile, answer: &CandidateAnswer) -> Option<String> {
    let (item, question, about) = target(answer);
    let targets = [item.is_some(), question.is_some(), about.is_some()].into_iter().filter(|is| *is).count();
    if targets != 1 {
        return Some(format!(
            "何についての答えかが{}。item（表4-1の番号）、question（問いのid）、about（そのほかの事柄）のどれか一つだけを書いてください。",
            if targets == 0 { "ありません" } else { "二つ以上あります" }
        ));
    }
    if let Some(id) = question
        && !file.questions.iter().any(|known| known.id.trim() == id)
    {
        let ids: Vec<&str> = file.questions.iter().map(|known| known.id.as_str()).collect();
        let right = if ids.is_empty() {
            "questionsに問いを書いてください。".to_owned()
        } else {
            format!("questionsにあるのは{}です。", ids.join("、"))
        };
        return Some(format!("「{id}」という問いはありません。{right}"));
    }
    let says_content = !is_blank(&answer.text) || !is_blank(&answer.document);
    if answer.disclosed == Some(Shown::Nothing) && says_content {
        return Some(
            "「示されなかった」（nothing）とありますが、内容か文書名が書かれています。どちらかを直してください。"
                .to_owned(),
        );
    }
    if answer.disclosed == Some(Shown::Shown) && !says_content {
        return Some(
            "「示された」（shown）とありますが、内容も文書名もありません。textかdocumentを書いてください。".to_owned(),
        );
    }
    (answer.disclosed().is_none() && answer.judgement.is_none()).then(|| {
        "答えが空です。示された内容（text）、文書名（document）、示され方（disclosed）、判断（judgement）のどれかを書いてください。"
            .to_owned()
    })
}
