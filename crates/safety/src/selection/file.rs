//! `selection.yaml`: what an institution compares, what it asks besides, and what it judged and decided.
//!
//! Doc comments of the file's fields are Japanese: editors show them through the JSON Schema.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Topic;
use crate::choice::choice;
use crate::model::Date;

/// 事業者の選定。
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SelectionFile {
    pub selection: SelectionInfo,
    /// 表4-1の19項目のほかに、自院で尋ねること。
    #[serde(default)]
    pub questions: Vec<OwnQuestion>,
    /// 候補のサービス。
    #[schemars(length(min = 1))]
    pub candidates: Vec<CandidateEntry>,
    /// 選定の決定。決まるまでは書かない。
    #[serde(default)]
    pub decision: Option<SelectionDecision>,
}

/// 何を選ぶか。
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SelectionInfo {
    /// 件名（例: 電子カルテのクラウドサービスの選定）。
    #[schemars(regex(pattern = r"\S"))]
    pub title: String,
    /// 選ぶ目的。
    #[serde(default)]
    pub purpose: String,
    /// 医療機関等の名称。
    #[serde(default)]
    pub institution: String,
    /// 比べた人の役職と氏名。
    #[serde(default)]
    pub by: String,
    /// 比べた日。認証の有効期限は、この日で確かめる。
    #[serde(default)]
    pub on: Option<Date>,
}

choice! {
    /// 必ず確かめることか。
    Need {
        Must = "yes", "必須";
        May = "no", "参考";
    }
}

/// 自院で尋ねること。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnQuestion {
    /// 短い名前（例: 移行）。
    #[schemars(regex(pattern = r"\S"))]
    pub id: String,
    /// 相手に尋ねる文。
    #[schemars(regex(pattern = r"\S"))]
    pub text: String,
    /// 選ぶ前に必ず確かめることか。
    pub must: Need,
}

/// 候補のサービス。
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CandidateEntry {
    /// 候補の名前。
    #[schemars(regex(pattern = r"\S"))]
    pub name: String,
    /// 受け取った開示データ（このファイルのある場所から見たファイル名）。
    #[serde(default)]
    pub file: Option<String>,
    /// 手で書く答えと判断。
    #[serde(default)]
    pub answers: Vec<CandidateAnswer>,
}

choice! {
    /// 相手がどう示したか。
    Shown {
        Shown = "shown", "示された";
        Nda = "nda", "秘密保持契約を結んだうえで開示";
        Nothing = "nothing", "示されなかった";
    }
}

choice! {
    /// 示されたものについての、人の判断。
    Verdict {
        Enough = "enough", "足りる";
        NotEnough = "not-enough", "足りない";
        Unclear = "unclear", "判断できない";
    }
}

/// 手で書く答えと判断。item、question、aboutのどれか一つで、何についてかを示す。
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CandidateAnswer {
    /// 表4-1の番号（1～19）。
    #[schemars(range(min = 1, max = 19))]
    #[serde(default)]
    pub item: Option<u8>,
    /// 自院の問い（questionsのid）。
    #[serde(default)]
    pub question: Option<String>,
    /// そのほかの事柄（認証、約束、場所など）。
    #[serde(default)]
    pub about: Option<Topic>,
    /// 相手がどう示したか。省くと、内容か文書名があれば「示された」とみる。
    #[serde(default)]
    pub disclosed: Option<Shown>,
    /// 相手が示した内容。
    #[serde(default)]
    pub text: String,
    /// 見た資料の名前。
    #[serde(default)]
    pub document: String,
    /// 見た日、又は聞いた日。
    #[serde(default)]
    pub seen_on: Option<Date>,
    /// 足りるかどうかの判断。
    #[serde(default)]
    pub judgement: Option<Verdict>,
    /// そう判断した理由。
    #[serde(default)]
    pub reason: String,
}

impl CandidateAnswer {
    /// How it says the provider disclosed it; `None` where it only judges.
    pub fn disclosed(&self) -> Option<Shown> {
        let is_written = [&self.text, &self.document].into_iter().any(|text| !text.trim().is_empty());
        self.disclosed.or_else(|| is_written.then_some(Shown::Shown))
    }
}

/// 選定の決定。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SelectionDecision {
    /// 選んだ候補の名前。
    #[schemars(regex(pattern = r"\S"))]
    pub candidate: String,
    /// 決めた人の役職と氏名。
    #[schemars(regex(pattern = r"\S"))]
    pub by: String,
    /// 決めた日。
    pub on: Date,
    /// 決めた理由。
    #[schemars(regex(pattern = r"\S"))]
    pub reason: String,
}
