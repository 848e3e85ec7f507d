//! Answers of a filled checklist, read by `catalog import`, on their way to another edition.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;
use shirube_safety::conformity::ControlStatus;
use shirube_safety::migration::OldAnswer;

use crate::disk;
use crate::exit::Failure;

/// A pairing below this was not certain; the same line as the reader's.
const CERTAIN: f64 = 0.9;

/// What `catalog import --out` wrote, as far as answers go.
#[derive(Debug, Deserialize)]
struct File {
    edition: String,
    #[serde(default)]
    answers: Vec<Answer>,
    #[serde(default)]
    evidence: Evidence,
}

#[derive(Debug, Deserialize)]
struct Answer {
    number: String,
    question: Option<String>,
    done: String,
    text: String,
    confidence: f64,
}

#[derive(Debug, Default, Deserialize)]
struct Evidence {
    #[serde(default)]
    answers: Vec<Appraisal>,
    #[serde(default)]
    contradictions: Vec<Contradiction>,
}

#[derive(Debug, Deserialize)]
struct Appraisal {
    number: String,
    flags: Vec<Flag>,
}

#[derive(Debug, Deserialize)]
struct Flag {
    kind: String,
    message: String,
}

#[derive(Debug, Deserialize)]
struct Contradiction {
    fact: String,
    no: Vec<(String, String)>,
    yes: Vec<(String, String)>,
}

/// Answers ready to be carried.
#[derive(Debug)]
pub struct Checklist {
    pub edition: String,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    question: String,
    status: ControlStatus,
    how: String,
    reason: String,
    notes: Vec<String>,
}

impl Checklist {
    /// The answers, as the migration takes them.
    pub fn answers(&self) -> Vec<OldAnswer<'_>> {
        self.entries.iter().map(Entry::answer).collect()
    }
}

impl Entry {
    fn answer(&self) -> OldAnswer<'_> {
        OldAnswer {
            id: &self.question,
            status: self.status,
            how: &self.how,
            evidence: &[],
            reason: &self.reason,
            notes: &self.notes,
        }
    }
}

/// Reads the file. An answer without a question leads nowhere and is left out; `catalog import` has told of it.
pub fn read(path: &Path) -> Result<Checklist, Failure> {
    let file: File = serde_json::from_slice(&disk::file(path)?).map_err(|error| {
        Failure::input(format!(
            "{}: {}行目のあたりを、取り込んだ回答として読めません。catalog import --out で書いたファイルを指定してください。",
            path.display(),
            error.line()
        ))
    })?;
    if file.answers.is_empty() {
        return Err(Failure::input(format!(
            "{}: 回答がありません。記入済みのチェックリストを catalog import で取り込んだファイルを指定してください。",
            path.display()
        )));
    }
    let flags: HashMap<&str, &[Flag]> =
        file.evidence.answers.iter().map(|one| (one.number.as_str(), &one.flags[..])).collect();
    let of = |answer: &Answer| -> Option<Entry> {
        let question = answer.question.clone()?;
        let flags = flags.get(answer.number.as_str()).copied().unwrap_or_default();
        Some(entry(answer, question, flags, &file.evidence.contradictions))
    };
    Ok(Checklist { edition: file.edition.clone(), entries: file.answers.iter().filter_map(of).collect() })
}

/// An old box proves nothing: only an answer that nothing speaks against comes along as 対応, and even that is a
/// proposal until a person confirms it.
fn entry(answer: &Answer, question: String, flags: &[Flag], contradictions: &[Contradiction]) -> Entry {
    let absent = flags.iter().any(|flag| flag.kind == "not-applicable");
    let mut notes: Vec<String> =
        flags.iter().filter(|flag| flag.kind != "not-applicable").map(|flag| flag.message.clone()).collect();
    if absent {
        notes.push("対象がないという古い回答です。今も事実かを確かめてください。".to_owned());
    }
    let paired_surely = answer.confidence >= CERTAIN || flags.iter().any(|flag| flag.kind == "pairing");
    if !paired_surely {
        notes.push("この項目への回答かどうかが確かではありません。".to_owned());
    }
    for found in contradictions {
        if found.no.iter().chain(&found.yes).any(|(number, _)| *number == answer.number) {
            notes.push(format!(
                "同じこと（{}）に、別の回答が違うことを述べています。",
                found.fact.trim_end_matches('。')
            ));
        }
    }
    let status = match answer.done.as_str() {
        _ if absent => ControlStatus::NotApplicable,
        "■" if notes.is_empty() => ControlStatus::Met,
        "□" => ControlStatus::NotMet,
        _ => ControlStatus::Unanswered,
    };
    let (how, reason) =
        if absent { (String::new(), answer.text.clone()) } else { (answer.text.clone(), String::new()) };
    Entry { question, status, how, reason, notes }
}
