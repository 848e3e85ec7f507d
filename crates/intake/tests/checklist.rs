//! The filled checklist of mhlw-3.0, with its columns apart or side by side (CATALOG-015, CATALOG-016, INTEROP-012; issue 3 points
//! 4 and 5).

mod common;

use std::collections::BTreeMap;

use common::{Dice, account_closes, letters, reworded};
use shirube_catalog::{Entry, shelf};
use shirube_intake::{Answered, FlagKind, Form, Import, Known, appraise, pairs, read};

fn entries() -> &'static [Entry] {
    &shelf().catalog("mhlw-3.0").expect("the checklist is on the shelf").entries
}

/// What was written to a question: a sentence of its own for each.
fn answer(entry: &Entry) -> String {
    format!(
        "{}番の台帳に担当者が毎月記録している。",
        entries().iter().position(|other| other.id == entry.id).unwrap_or(0)
    )
}

fn chapters() -> Vec<Vec<&'static Entry>> {
    let mut chapters: Vec<Vec<&Entry>> = Vec::new();
    for entry in entries() {
        match chapters.last_mut().filter(|chapter| chapter[0].chapter == entry.chapter) {
            Some(chapter) => chapter.push(entry),
            None => chapters.push(vec![entry]),
        }
    }
    chapters
}

/// Answers in a column of their own, questions after them in another order: as converters leave the form.
fn columns(dice: &mut Dice, titled: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let mut questions: Vec<String> = Vec::new();
    for (at, chapter) in chapters().iter().enumerate() {
        if titled {
            lines.push(chapter[0].chapter_title.clone());
        }
        lines.extend(["No. 実施済 実施内容".to_owned(), String::new()]);
        let mut head = "";
        for entry in chapter {
            let number = match entry.section.as_str() {
                "" => format!("{}. ■", entry.item),
                section => {
                    if section != head {
                        lines.push(format!("{section}."));
                        head = section;
                    }
                    format!("{} ■", entry.item.trim_start_matches("利用者"))
                }
            };
            lines.push(number);
            lines.extend(wrapped(&answer(entry), 15));
            lines.push(String::new());
            questions.push(reworded(&entry.text));
        }
        if at % 3 == 2 || at + 1 == chapters().len() {
            lines.push("チェック項目".into());
            while !questions.is_empty() {
                lines.extend(wrapped(&questions.remove(dice.below(questions.len())), 28));
                lines.push(String::new());
            }
        }
    }
    lines
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    chars.chunks(width).map(|part| part.iter().collect()).collect()
}

fn import(lines: &[String]) -> Import {
    let import = read(lines.join("\n").as_bytes(), "点検表.txt", "mhlw-3.0").expect("a checklist is recognised");
    assert_eq!(import.form, Form::Checklist);
    assert!(account_closes(&import), "{:?}", import.lines);
    import
}

/// Answers presented as certain that belong to another question, or say something else.
fn wrongly_certain(import: &Import) -> Vec<String> {
    let certain = import.answers.iter().filter(|answer| answer.confidence.is_certain());
    // A line of the answer may be lost, but nothing in it may have been written to another question.
    let of_answers = certain.filter(|answer| {
        let own = entries().iter().position(|entry| Some(&entry.id) == answer.question.as_ref());
        let numbers = answer.text.split('番').map(|part| part.rsplit(|c: char| !c.is_ascii_digit()).next());
        let written: Vec<usize> = numbers.filter_map(|digits| digits?.parse().ok()).collect();
        own.is_none_or(|own| written.iter().any(|number| *number != own))
    });
    let wordings: BTreeMap<&str, String> =
        entries().iter().map(|entry| (entry.id.as_str(), reworded(&entry.text))).collect();
    let items = import.items.iter().filter(|item| item.confidence.is_certain());
    let of_items = items.filter(|item| letters(&wordings[item.id.as_str()]) != letters(&item.text));
    of_answers
        .map(|answer| format!("{} {:?} {}", answer.number, answer.question, answer.text))
        .chain(of_items.map(|item| format!("{} {}", item.id, item.text)))
        .collect()
}

#[test]
fn answers_find_their_questions_with_a_confidence() {
    for titled in [true, false] {
        let import = import(&columns(&mut Dice::new(1), titled));
        assert_eq!((import.answers.len(), import.items.len()), (75, 75));
        for (read, entry) in import.answers.iter().zip(entries()) {
            assert_eq!((read.question.as_deref(), read.done), (Some(entry.id.as_str()), Answered::Done));
            assert_eq!(letters(&read.text), letters(&answer(entry)));
        }
        assert_eq!(wrongly_certain(&import), [""; 0]);
        let certain = import.answers.iter().filter(|answer| answer.confidence.is_certain()).count();
        assert_eq!(certain >= 60, titled, "{certain}");
    }
}

#[test]
fn damage_never_makes_a_wrong_pair_certain() {
    for seed in 0..60 {
        let mut dice = Dice::new(seed);
        let mut lines = columns(&mut dice, seed % 2 == 0);
        match seed % 5 {
            0 => lines.retain(|_| !dice.percent(5)),
            1 => lines.retain(|line| !line.is_empty() || dice.percent(50)),
            2 => {
                let from = dice.below(lines.len() - 60);
                let block: Vec<String> = lines.drain(from..from + 10 + dice.below(50)).collect();
                let at = dice.below(lines.len());
                lines.splice(at..at, block);
            }
            3 => {
                let from = dice.below(lines.len() - 60);
                lines.drain(from..from + 5 + dice.below(50));
            }
            _ => (0..20).for_each(|_| {
                let at = dice.below(lines.len() - 1);
                lines.swap(at, at + 1);
            }),
        }
        let wrong = wrongly_certain(&import(&lines));
        assert!(wrong.is_empty(), "seed {seed}: {}", wrong.join("\n"));
    }
}

#[test]
fn a_person_re_pairs_what_was_not_sure() {
    let mut import = import(&columns(&mut Dice::new(1), false));
    let doubtful = import.answers[0].clone();
    assert!(!doubtful.confidence.is_certain());
    let told =
        |import: &Import| import.problems.iter().any(|p| p.message.starts_with(&format!("回答{}は", doubtful.number)));
    assert!(told(&import));
    let pairs = pairs(&format!("{}: 組織的.1\n", doubtful.number)).expect("pairs are read");
    import.repair(&pairs, &Known::embedded("mhlw-3.0")).expect("the pair is taken");
    assert!(import.answers[0].confidence.is_certain() && !told(&import));
}

#[test]
fn a_sheet_with_its_columns_side_by_side_is_read_by_rows() {
    let mut csv = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for chapter in chapters() {
        csv.write_record([&chapter[0].chapter_title]).expect("a title is written");
        csv.write_record(["No.", "チェック項目", "実施済", "実施内容"]).expect("the headings are written");
        for entry in chapter {
            let number =
                if entry.section.is_empty() { entry.item.clone() } else { format!("{}.{}", entry.section, entry.item) };
            csv.write_record([number, reworded(&entry.text), "□".into(), answer(entry)]).expect("a row is written");
        }
    }
    let bytes = csv.into_inner().expect("the CSV is whole");
    let import = read(&bytes, "点検表.csv", "mhlw-3.0").expect("a checklist is recognised");
    assert!(account_closes(&import));
    assert_eq!(wrongly_certain(&import), [""; 0]);
    let right =
        import.answers.iter().zip(entries()).filter(|(read, entry)| read.question.as_deref() == Some(&entry.id));
    assert_eq!(right.count(), 75);
    assert!(import.answers.iter().all(|answer| answer.done == Answered::NotDone));
    assert!(import.answers.iter().filter(|answer| answer.confidence.is_certain()).count() >= 60);
}

/// Old answers are evidence with a warning, never an answer that is met (CATALOG-017).
#[test]
fn answers_to_weaker_questions_carry_a_flag() {
    let import = import(&columns(&mut Dice::new(1), true));
    let evidence = appraise(&import.answers);
    for weaker in &shelf().weaker {
        let flagged = evidence.answers.iter().find(|answer| answer.question.as_deref() == Some(&weaker.item));
        let flags = &flagged.unwrap_or_else(|| panic!("{} is flagged", weaker.item)).flags;
        assert!(flags.iter().any(|flag| flag.kind == FlagKind::WeakerQuestion), "{}", weaker.item);
    }
}
