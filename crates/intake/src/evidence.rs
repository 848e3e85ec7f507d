//! What an old answer is worth today: a candidate for 「該当なし」, a statement without grounds, a weaker means, one of
//! two that contradict each other. Nothing here says that a requirement is met.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use shirube_catalog::shelf;

use crate::fold;
use crate::import::{AnswerRead, Answered};

/// What a person should know of one answer before building on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Appraisal {
    /// Number of the answer.
    pub number: String,
    /// The question it was read to belong to.
    pub question: Option<String>,
    /// What was found.
    pub flags: Vec<Flag>,
}

/// One thing to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Flag {
    /// Kind.
    pub kind: FlagKind,
    /// The reason, or for 該当なし the sentence of the answer that would be it.
    pub message: String,
}

/// What kind of thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FlagKind {
    /// The answer says that there is nothing the question could apply to.
    NotApplicable,
    /// No grounds are given.
    Bare,
    /// The answer names a means that is not enough today.
    WeakerMeans,
    /// The question of that time asked for less than today's.
    WeakerQuestion,
    /// Box and sentence say different things.
    BoxDiffers,
    /// It is not certain that the answer belongs to the question.
    Pairing,
}

impl FlagKind {
    /// The word people read.
    pub fn term(self) -> &'static str {
        match self {
            Self::NotApplicable => "該当なしの候補",
            Self::Bare => "根拠のない回答",
            Self::WeakerMeans => "今は足りない手段",
            Self::WeakerQuestion => "今より弱い項目への回答",
            Self::BoxDiffers => "印と文の食い違い",
            Self::Pairing => "項目との対応が未確認",
        }
    }
}

/// The same fact, answered in two ways.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contradiction {
    /// The fact.
    pub fact: String,
    /// Numbers of the answers that say no, with their sentences.
    pub no: Vec<(String, String)>,
    /// Numbers of the answers that say yes, or are marked as done, with their sentences.
    pub yes: Vec<(String, String)>,
    /// Why they do not go together.
    pub reason: String,
}

/// All answers, appraised.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// One for each answer that is flagged, in their order.
    pub answers: Vec<Appraisal>,
    /// Facts that are answered two ways.
    pub contradictions: Vec<Contradiction>,
}

#[derive(Debug, Deserialize)]
struct Rules {
    bare: Vec<String>,
    not_applicable: Vec<String>,
    weaker: Vec<Weaker>,
    stances: Vec<Stance>,
}

#[derive(Debug, Deserialize)]
struct Weaker {
    words: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
    reason: String,
}

#[derive(Debug, Deserialize)]
struct Stance {
    fact: String,
    no: Vec<String>,
    #[serde(default)]
    yes: Vec<String>,
    #[serde(default)]
    done: Vec<String>,
    reason: String,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    serde_saphyr::from_str(include_str!("../rules/answers.yaml"))
        .unwrap_or_else(|error| panic!("rules/answers.yaml does not fit its types: {error}"))
});

/// Appraises the answers of a checklist.
pub fn appraise(answers: &[AnswerRead]) -> Evidence {
    let weaker: BTreeMap<&str, &str> =
        shelf().weaker.iter().map(|weaker| (weaker.item.as_str(), weaker.why.as_str())).collect();
    let appraisal = |answer: &AnswerRead| Appraisal {
        number: answer.number.clone(),
        question: answer.question.clone(),
        flags: flags(answer, &weaker),
    };
    let flagged = answers.iter().map(appraisal).filter(|appraisal| !appraisal.flags.is_empty());
    Evidence { answers: flagged.collect(), contradictions: contradictions(answers) }
}

fn flags(answer: &AnswerRead, weaker: &BTreeMap<&str, &str>) -> Vec<Flag> {
    let flag = |kind, message: String| Flag { kind, message };
    let mut flags = Vec::new();
    let absent = not_applicable(&answer.text);
    if let Some(sentence) = &absent {
        flags.push(flag(FlagKind::NotApplicable, sentence.clone()));
        if answer.done == Answered::Done {
            let message = "対象がないという文に、実施済の印が付いています。どちらが正しいか確かめてください";
            flags.push(flag(FlagKind::BoxDiffers, message.into()));
        }
    }
    if is_bare(&answer.text) {
        flags.push(flag(FlagKind::Bare, "やり方、記録、規程の名等の根拠が書かれていません".into()));
    }
    let text = spelled(&answer.text);
    for rule in &RULES.weaker {
        let excused = rule.unless.iter().any(|word| has_word(&text, word));
        if !excused && rule.words.iter().any(|word| has_word(&text, word)) {
            flags.push(flag(FlagKind::WeakerMeans, rule.reason.clone()));
        }
    }
    if let Some(why) = answer.question.as_deref().and_then(|question| weaker.get(question)) {
        flags.push(flag(FlagKind::WeakerQuestion, (*why).to_owned()));
    }
    if !answer.confidence.is_certain() {
        let message = "この回答がどの項目のものか確かではありません。引き継ぐ前に、原本で対応を確かめてください";
        flags.push(flag(FlagKind::Pairing, message.into()));
    }
    flags
}

/// The sentence that says that there is nothing to apply to.
fn not_applicable(text: &str) -> Option<String> {
    let says = |sentence: &&str| {
        let spelled = spelled(sentence);
        RULES.not_applicable.iter().any(|word| spelled.contains(&self::spelled(word)))
    };
    text.split_inclusive('。').find(says).map(|sentence| sentence.trim().to_owned())
}

/// Whether nothing but 「実施している。」 is said.
fn is_bare(text: &str) -> bool {
    let key = fold::key(text);
    key.is_empty() || RULES.bare.iter().any(|phrase| fold::key(phrase) == key)
}

fn spelled(text: &str) -> String {
    fold::plain(text).to_lowercase().chars().filter(|c| !c.is_whitespace()).collect()
}

/// Latin words must stand alone: 「des」 is not in 「desktop」.
fn has_word(text: &str, word: &str) -> bool {
    let word = spelled(word);
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.match_indices(&word).any(|(at, _)| {
        let before = latin(text[..at].chars().next_back()) && latin(word.chars().next());
        let after = latin(text[at + word.len()..].chars().next()) && latin(word.chars().next_back());
        !before && !after
    })
}

fn contradictions(answers: &[AnswerRead]) -> Vec<Contradiction> {
    let mut found = Vec::new();
    for stance in &RULES.stances {
        let says = |answer: &&AnswerRead, words: &[String]| {
            let text = spelled(&answer.text);
            words.iter().any(|word| has_word(&text, word))
        };
        let of = |answer: &AnswerRead| (answer.number.clone(), answer.text.clone());
        let no: Vec<&AnswerRead> = answers.iter().filter(|answer| says(answer, &stance.no)).collect();
        if no.is_empty() {
            continue;
        }
        let done = |answer: &&AnswerRead| {
            let asked = answer.question.as_ref().is_some_and(|question| stance.done.contains(question));
            asked && answer.done == Answered::Done
        };
        let yes: Vec<_> = answers.iter().filter(|answer| says(answer, &stance.yes) || done(answer)).map(of).collect();
        if !yes.is_empty() {
            found.push(Contradiction {
                fact: stance.fact.clone(),
                no: no.into_iter().map(of).collect(),
                yes,
                reason: stance.reason.clone(),
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::Confidence;

    fn answer(number: &str, question: &str, done: Answered, text: &str) -> AnswerRead {
        AnswerRead {
            number: number.into(),
            question: Some(question.into()),
            done,
            text: text.into(),
            confidence: Confidence::FULL,
            repairs: Vec::new(),
            line: 1,
        }
    }

    fn kinds(question: &str, done: Answered, text: &str) -> Vec<FlagKind> {
        let evidence = appraise(&[answer("1-1", question, done, text)]);
        evidence.answers.into_iter().flat_map(|answer| answer.flags).map(|flag| flag.kind).collect()
    }

    #[test]
    fn each_kind_of_weakness_is_seen_and_a_good_answer_is_left_alone() {
        use FlagKind::*;
        let good = "鍵の台帳を管理者が毎月点検し、記録を残す。";
        assert_eq!(kinds("組織的.1", Answered::Done, good), []);
        assert_eq!(kinds("組織的.1", Answered::Done, "実施している。"), [Bare]);
        assert_eq!(kinds("組織的.1", Answered::Done, ""), [Bare]);
        assert_eq!(kinds("組織的.1", Answered::NotDone, "該当の機器は使用していない。"), [NotApplicable]);
        assert_eq!(kinds("組織的.1", Answered::Done, "ＳＳＬ通信で守る。"), [WeakerMeans]);
        assert_eq!(kinds("組織的.1", Answered::Done, "SSL-VPNの装置を台帳で管理する。"), []);
        assert_eq!(kinds("組織的.1", Answered::Done, "パスワードは２ヶ月ごとに変える。"), [WeakerMeans]);
        assert_eq!(kinds("組織的.1", Answered::Done, "MACアドレスで端末を限る。"), [WeakerMeans]);
        assert_eq!(kinds("組織的.1", Answered::Done, "WPA/TKIPを使う。"), [WeakerMeans]);
        assert_eq!(kinds("外部.10", Answered::Done, good), [WeakerQuestion]);
        assert_eq!(kinds("組織的.1", Answered::Done, "記録に患者は業務の対象外とある。"), [NotApplicable, BoxDiffers]);
    }

    #[test]
    fn the_sentence_of_an_answer_becomes_the_reason() {
        let text = "台帳がある。無線の機器は使用していない。";
        let evidence = appraise(&[answer("3-8(1)", "組織的.1", Answered::NotDone, text)]);
        assert_eq!(evidence.answers[0].flags[0].message, "無線の機器は使用していない。");
    }

    #[test]
    fn one_fact_answered_two_ways_is_listed_once() {
        let answers = [
            answer("7-8", "改造と保守.8", Answered::NotDone, "リモートメンテナンスは行っていない。"),
            answer("10-8", "外部.8", Answered::Done, "リモートメンテナンスは行っていない。"),
        ];
        let found = appraise(&answers).contradictions;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].yes, [("10-8".to_owned(), answers[1].text.clone())]);
        assert!(appraise(&answers[..1]).contradictions.is_empty());
    }
}
