//! `conformity.yaml`: what people answer. Nothing in it is made by a program.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::choice::choice;
use crate::model::{Answer, Date, UserKind, UsersOnFlow};
use crate::risk::Signed;

/// 対策項目と制度上の要求事項への答え。
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConformityFile {
    /// 別紙2の対策項目への答え。書かれていない項目は「未回答」。
    #[serde(default)]
    pub answers: Vec<ControlAnswer>,
    /// 第6章（制度上の要求事項）への答え。
    #[serde(default)]
    pub statutory: Vec<StatutoryAnswer>,
    /// 診療録などの電子データを保存する場所。書くと、保存しない場所の確認行が「該当なし」になる。
    #[serde(default)]
    pub storage: Option<StorageAnswer>,
}

choice! {
    /// 電子データを保存する場所（6.2）。
    StoragePlace {
        Institution = "institution", "医療機関等";
        OutsideByNetwork = "outside-by-network", "ネットワークを通じた医療機関等の外部";
    }
}

/// 電子データを保存する場所への答え。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StorageAnswer {
    /// 保存する場所。
    #[schemars(length(min = 1))]
    pub places: Vec<StoragePlace>,
    /// そう言える理由。
    #[schemars(length(min = 1))]
    pub reason: String,
}

choice! {
    /// 対策項目の状況。
    ControlStatus {
        Met = "met", "対応済";
        Partial = "partial", "一部対応";
        Alternative = "alternative", "代替策";
        Planned = "planned", "対応予定";
        NotMet = "not-met", "未対応";
        NotAdopted = "not-adopted", "不採用";
        NotApplicable = "not-applicable", "該当なし";
        Unanswered = "unanswered", "未回答";
    }
}

/// 対策項目への答え。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ControlAnswer {
    /// 対策項目の番号（例: 3.4①-14 又は 3.4-1-14）。独自の対策項目なら、assessment.yamlのcontrolsに書いたid（OWN-…）。
    pub control: String,
    pub status: ControlStatus,
    /// どのように満たすか。
    #[serde(default)]
    pub how: String,
    /// 当てはまる範囲。
    #[serde(default)]
    pub scope: String,
    /// 例外。
    #[serde(default)]
    pub exceptions: String,
    /// 根拠となる資料や記録。
    #[serde(default)]
    pub evidence: Vec<String>,
    /// 根拠を最後に確かめた日。
    #[serde(default)]
    pub evidence_on: Option<Date>,
    /// 根拠の有効期限（証明書や契約など、期限のあるものの中でいちばん早い日）。
    #[serde(default)]
    pub evidence_until: Option<Date>,
    /// 担当者。
    #[serde(default)]
    pub owner: String,
    /// この項目で「利用者」が指す人。省くと、医療機関等の利用者と、運用・開発に当たる者、管理者のすべて。
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub users: Vec<UserKind>,
    /// 情報流によって「利用者」の指す人が違うとき、その情報流と人。
    #[serde(default)]
    pub users_by_flow: Vec<UsersOnFlow>,
    /// 独自の対策項目のとき、答えたときに見た版。
    #[serde(default)]
    pub revision: Option<u32>,
    /// 関係するリスクのid。
    #[serde(default)]
    pub risks: Vec<String>,
    /// 該当なし・代替策とする理由。
    #[serde(default)]
    pub reason: String,
    /// 対応予定日。
    #[serde(default)]
    pub due: Option<Date>,
    /// 医療機関等と合意する内容。
    #[serde(default)]
    pub agreement: String,
    #[serde(default)]
    pub decided: Option<Signed>,
}

/// 制度上の要求事項への答え。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatutoryAnswer {
    /// 節（6.1～6.5）。
    pub item: String,
    /// 節の中の行。id（例: 6.2-a1。一覧は shirube catalog show 6.2）か項目名。節全体への答えなら省く。
    #[serde(default)]
    pub row: Option<String>,
    /// 行を項目名で書いたときの保存場所（一覧の見出しのとおり）。
    #[serde(default)]
    pub place: Option<String>,
    pub status: ControlStatus,
    /// 説明。
    #[serde(default)]
    pub how: String,
    #[serde(default)]
    pub evidence: Vec<String>,
    /// 医療機関等に説明したか。
    #[serde(default)]
    pub explained: Answer,
    /// 説明した日。
    #[serde(default)]
    pub explained_on: Option<Date>,
    /// 説明した相手（partiesのid）。
    #[serde(default)]
    pub explained_to: Option<String>,
    /// 該当なしとする理由。
    #[serde(default)]
    pub reason: String,
    #[serde(default)]
    pub due: Option<Date>,
    #[serde(default)]
    pub decided: Option<Signed>,
}
