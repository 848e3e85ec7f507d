//! Answers given to questions by a person, where the reading was not sure.

use std::collections::BTreeMap;

use crate::import::{Confidence, Import};
use crate::known::Known;

/// What a person says: number of the answer, and id of the question, or `-` for none.
pub type Pairs = BTreeMap<String, String>;

/// Why pairs cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PairError {
    /// The file is no list of pairs; the line where that shows, if it can be said.
    #[error(
        "対応のファイル{}を読めません。「1-7(1): 技術的.7.(1)」のように、回答の番号と項目の番号を一行に一組ずつ書いてください。同じ回答の番号は一度しか書けません",
        .line.map(|line| format!("の{line}行目")).unwrap_or_default()
    )]
    Form {
        /// From 1.
        line: Option<u64>,
    },
    /// No such answer.
    #[error("回答「{0}」はありません。取込みの結果にある回答の番号を書いてください")]
    Answer(String),
    /// No such question.
    #[error("回答「{answer}」に対する項目「{question}」はこの版にありません。項目の番号を確かめてください")]
    Question {
        /// Number of the answer.
        answer: String,
        /// What was written.
        question: String,
    },
    /// One question twice.
    #[error("項目「{question}」に回答「{first}」と「{second}」の両方を対応させています。一つにしてください")]
    Twice {
        /// The question.
        question: String,
        /// Numbers of the answers.
        first: String,
        /// The other.
        second: String,
    },
}

/// Reads a YAML file of pairs: `1-7(1): 技術的.7.(1)` on each line.
pub fn pairs(text: &str) -> Result<Pairs, PairError> {
    serde_saphyr::from_str(text).map_err(|error| PairError::Form { line: error.location().map(|place| place.line()) })
}

impl Import {
    /// Pairs answers and questions anew. All errors are found before anything is changed.
    ///
    /// An answer that loses its question to another one has none afterwards, unless it is given one too.
    pub fn repair(&mut self, pairs: &Pairs, known: &Known) -> Result<(), Vec<PairError>> {
        let errors = self.check(pairs, known);
        if !errors.is_empty() {
            return Err(errors);
        }
        let taken: Vec<&String> = pairs.values().collect();
        for answer in &mut self.answers {
            match pairs.get(&answer.number) {
                Some(question) => {
                    answer.question = Some(question.clone()).filter(|question| question != "-");
                    answer.confidence = Confidence::FULL;
                    answer.repairs.push("項目との対応は人が決めました".into());
                }
                None if answer.question.as_ref().is_some_and(|question| taken.contains(&question)) => {
                    answer.repairs.push("対応していた項目は、人が別の回答に対応させました".into());
                    answer.question = None;
                    answer.confidence = Confidence::percent(0);
                }
                None => {}
            }
        }
        let paired = |item: &Option<String>| item.as_ref().is_some_and(|item| taken.contains(&item));
        let told = |message: &str| pairs.keys().any(|number| message.starts_with(&format!("回答{number}は")));
        self.problems.retain(|problem| {
            !(told(&problem.message) || paired(&problem.item) && problem.message.ends_with("への回答が見つかりません"))
        });
        Ok(())
    }

    fn check(&self, pairs: &Pairs, known: &Known) -> Vec<PairError> {
        let mut errors = Vec::new();
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        for (answer, question) in pairs {
            if !self.answers.iter().any(|known| known.number == *answer) {
                errors.push(PairError::Answer(answer.clone()));
            }
            if question == "-" {
                continue;
            }
            let exists = known.entries.iter().any(|entry| entry.id == *question)
                || self.items.iter().any(|item| item.id == *question);
            if !exists {
                errors.push(PairError::Question { answer: answer.clone(), question: question.clone() });
            }
            if let Some(first) = seen.insert(question, answer) {
                errors.push(PairError::Twice {
                    question: question.clone(),
                    first: first.to_owned(),
                    second: answer.clone(),
                });
            }
        }
        errors
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::{AnswerRead, Answered, Form};

    fn import() -> Import {
        let answer = |number: &str, question: &str| AnswerRead {
            number: number.into(),
            question: Some(question.into()),
            done: Answered::Done,
            text: "鍵".into(),
            confidence: Confidence::percent(50),
            repairs: Vec::new(),
            line: 1,
        };
        Import {
            edition: "mhlw-3.0".into(),
            form: Form::Checklist,
            items: Vec::new(),
            answers: vec![answer("1-1", "組織的.1"), answer("1-2", "組織的.2"), answer("1-3", "組織的.3")],
            scenarios: Vec::new(),
            requirements: Vec::new(),
            problems: Vec::new(),
            unused: Vec::new(),
            lines: Default::default(),
        }
    }

    #[test]
    fn a_person_pairs_anew() {
        let mut import = import();
        let pairs = pairs("1-1: 組織的.2\n1-3: \"-\"\n").unwrap();
        import.repair(&pairs, &Known::embedded("mhlw-3.0")).unwrap();
        let found: Vec<_> = import.answers.iter().map(|a| (a.question.as_deref(), a.confidence.as_percent())).collect();
        assert_eq!(found, [(Some("組織的.2"), 100), (None, 0), (None, 100)]);
    }

    #[test]
    fn wrong_pairs_are_told_all_at_once_and_change_nothing() {
        let mut import = import();
        let before = import.clone();
        let pairs = pairs("9-9: 組織的.1\n1-1: 雑.1\n1-2: 組織的.3\n1-3: 組織的.3\n").unwrap();
        let errors = import.repair(&pairs, &Known::embedded("mhlw-3.0")).unwrap_err();
        assert_eq!(errors.len(), 3, "{errors:?}");
        assert_eq!(import, before);
        assert!(super::pairs("- 1\n- 2\n").is_err());
    }
}
