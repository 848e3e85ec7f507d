//! A filled checklist of minimum requirements whose columns a converter has taken apart.

mod align;
mod label;
mod parse;
mod questions;
mod rows;

use crate::fold::Pairs;
use crate::import::{AnswerRead, Answered, Confidence, Form, Import, Problem, ProblemKind};
use crate::known::Known;
use crate::lines::{Ledger, Line};
use align::{Chapter, Place};
use parse::{Block, Draft, Parsed};

/// Whether these lines are a checklist: its headings stand there, or boxes beside numbers.
pub fn recognise(lines: &[Line]) -> bool {
    let (mut headings, mut marks) = (0, 0);
    for line in lines {
        for cell in &line.cells {
            headings += usize::from(parse::is_heading(&cell.plain) && cell.plain.contains("実施"));
            marks += usize::from(label::begins(&cell.plain).done.is_some());
        }
    }
    headings >= 1 && marks >= 1 || marks >= 5
}

/// Reads the checklist among these lines.
pub fn read(lines: &[Line], edition: &str, known: &Known) -> Import {
    let mut ledger = Ledger::new(lines);
    let chapters = align::chapters(known);
    let (answers, questions, mut problems) = match rows::read(lines, &chapters, &mut ledger) {
        Some(found) => found,
        None => columns(lines, known, &chapters, &mut ledger),
    };
    let items = questions::items(&questions, known, &mut problems);
    for answer in answers.iter().filter(|answer| !answer.confidence.is_certain()) {
        let question = answer.question.as_deref().unwrap_or("不明な項目");
        problems.push(Problem {
            kind: ProblemKind::Doubtful,
            line: Some(answer.line),
            item: answer.question.clone(),
            message: format!(
                "回答{}は{question}への回答と思われますが、確かではありません。違うときは「{}: 項目の番号」を対応のファイルに書いてください",
                answer.number, answer.number
            ),
        });
    }
    unanswered(&answers, known, &mut problems);
    problems.sort_by_key(|problem| problem.line.unwrap_or(usize::MAX));
    let (lines, unused) = ledger.close();
    Import {
        edition: edition.to_owned(),
        form: Form::Checklist,
        items,
        answers,
        scenarios: Vec::new(),
        requirements: Vec::new(),
        problems,
        unused,
        lines,
    }
}

type Found = (Vec<AnswerRead>, Vec<parse::Paragraph>, Vec<Problem>);

fn columns(lines: &[Line], known: &Known, chapters: &[Chapter], ledger: &mut Ledger) -> Found {
    let Parsed { mut blocks, questions, unplaced } = parse::parse(lines, known, ledger);
    let places = align::align(&blocks, chapters);
    for (block, place) in blocks.iter_mut().zip(&places) {
        inherit_heads(block);
        share_out(block, place.chapter.map(|at| &chapters[at]));
    }
    let mut answers = Vec::new();
    for (at, (block, place)) in blocks.iter().zip(&places).enumerate() {
        let leaves = align::leaves(block);
        let drafts = block.answers.iter().filter(|draft| leaves.contains(&&draft.label));
        answers.extend(drafts.map(|draft| answer(at + 1, draft, *place, chapters)));
    }
    let problem = |(line, what): &(usize, String)| Problem {
        kind: ProblemKind::Unplaced,
        line: Some(*line),
        item: None,
        message: format!("{what}がどの回答のものか分かりません。原本で確かめてください"),
    };
    (answers, questions, unplaced.iter().map(problem).collect())
}

fn answer(block: usize, draft: &Draft, place: Place, chapters: &[Chapter]) -> AnswerRead {
    let mut repairs = draft.repairs.clone();
    let mut confidence = place.confidence;
    let questions = place.chapter.map(|at| &chapters[at]);
    let question = questions
        .and_then(|chapter| chapter.questions.iter().find(|(label, _)| *label == draft.label))
        .map(|(_, entry)| entry.id.clone());
    match (&question, questions) {
        (None, _) => confidence = confidence.min(20),
        (Some(_), Some(chapter)) if !place.titled => {
            repairs.push(format!("節の題が上にないため、番号の並びから「{}」の回答と読みました", chapter.title));
        }
        _ => {}
    }
    if draft.label.run > 0 {
        confidence = confidence.min(75);
        repairs.push("同じ番号が二度あるため、二つ目の並びとして読みました".into());
    }
    if draft.done.is_none() {
        confidence = confidence.min(60);
        repairs.push("実施済の印が読み取れません。「不明」としました".into());
    }
    if breaks_off(&draft.text) {
        confidence = confidence.min(60);
        repairs.push("文の途中で終わっています。隣の回答の文が混じったか、続きが失われたおそれがあります".into());
    }
    for (percent, why) in &draft.doubts {
        confidence = confidence.min(*percent);
        repairs.push(why.clone());
    }
    AnswerRead {
        number: format!("{block}-{}", draft.label.shown()),
        question,
        done: draft.done.unwrap_or(Answered::Unknown),
        text: draft.text.clone(),
        confidence: Confidence::percent(confidence),
        repairs,
        line: draft.line,
    }
}

/// Whether a text that ends its sentences leaves the last one open.
fn breaks_off(text: &str) -> bool {
    text.contains('。') && !text.trim_end().ends_with(['。', '）', ')', '」', '』', '．', '.'])
}

/// What is written beside a number with parts holds for its parts.
fn inherit_heads(block: &mut Block) {
    let heads: Vec<(u8, String)> = block
        .answers
        .iter()
        .filter(|draft| draft.label.sub.is_empty() && !draft.text.is_empty())
        .map(|draft| (draft.label.top, draft.text.clone()))
        .collect();
    for draft in block.answers.iter_mut().filter(|draft| !draft.label.sub.is_empty() && draft.text.is_empty()) {
        if let Some((top, text)) = heads.iter().find(|(top, _)| *top == draft.label.top) {
            draft.text.clone_from(text);
            draft.repairs.push(format!("{top}の文を、その下の回答として引き継ぎました"));
        }
    }
}

/// Numbers in a row without box or text, with the text of all of them below the last: each sentence goes where it
/// fits best, and all of them are doubtful.
fn share_out(block: &mut Block, chapter: Option<&Chapter>) {
    let Some(chapter) = chapter else { return };
    let bare = |draft: &Draft| draft.done.is_none() && draft.text.is_empty() && draft.label.sub.is_empty();
    let mut at = 0;
    while at < block.answers.len() {
        let run = block.answers[at..].iter().take_while(|draft| bare(draft)).count();
        let last = at + run;
        if run > 0 && last < block.answers.len() && block.answers[last].done.is_none() {
            let text = std::mem::take(&mut block.answers[last].text);
            for sentence in text.split_inclusive('。') {
                let pairs = Pairs::of(sentence);
                let fit = |draft: &Draft| {
                    let question = chapter.questions.iter().find(|(label, _)| *label == draft.label);
                    question.map_or(0.0, |(_, entry)| pairs.covered_by(&entry.wording.whole))
                };
                let best = (at..=last).max_by(|a, b| fit(&block.answers[*a]).total_cmp(&fit(&block.answers[*b])));
                block.answers[best.unwrap_or(last)].text.push_str(sentence);
            }
            for draft in &mut block.answers[at..=last] {
                let why = "番号と文が離れているため、内容の近い番号に分けました";
                draft.doubts.push((30, why.into()));
            }
        }
        at = last + 1;
    }
}

/// Questions for which no answer was found.
fn unanswered(answers: &[AnswerRead], known: &Known, problems: &mut Vec<Problem>) {
    let answered = |id: &str| answers.iter().any(|answer| answer.question.as_deref() == Some(id));
    for entry in known.entries.iter().filter(|entry| !answered(&entry.id)) {
        problems.push(Problem {
            kind: ProblemKind::Missing,
            line: None,
            item: Some(entry.id.clone()),
            message: format!("{}への回答が見つかりません", entry.id),
        });
    }
}
