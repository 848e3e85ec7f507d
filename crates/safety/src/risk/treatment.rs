//! `treatments` of `assessment.yaml`: options, measures, requests, and what remains (guideline 5.1.4, 5.1.5).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shirube_catalog::{OptionKind, Viewpoint};

use super::Signed;
use crate::choice::choice;
use crate::model::{Answer, Date, OptionToken};

/// リスクへの対応。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Treatment {
    /// 短い名前（例: T-A1）。
    #[schemars(regex(pattern = r"\S"))]
    pub id: String,
    /// 対応するリスクのid。
    #[schemars(length(min = 1))]
    pub risks: Vec<String>,
    /// 選んだ選択肢。
    #[schemars(length(min = 1), with = "Vec<OptionToken>", extend("uniqueItems" = true))]
    pub options: Vec<OptionKind>,
    /// 低減を選ばない理由。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub no_reduction_reason: Option<String>,
    /// 影響度・顕在化率がともに最大のとき、回避を検討した結果。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub avoidance_considered: Option<String>,
    /// 対策。
    #[serde(default)]
    pub measures: Vec<Measure>,
    /// 一つの観点の対策だけで足りる理由。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub single_viewpoint_reason: Option<String>,
    /// 医療機関等へ対応を求める事項。
    #[serde(default)]
    pub requests: Vec<Request>,
    #[serde(default)]
    pub avoidance: Option<Avoidance>,
    #[serde(default)]
    pub transfer: Option<Transfer>,
    #[serde(default)]
    pub retention: Option<Retention>,
    /// 残存するリスク。書かなければ「未評価」。
    #[serde(default)]
    pub residual: Option<Residual>,
    /// 許容できず選び直した、これまでの検討。
    #[serde(default)]
    pub earlier: Vec<EarlierRound>,
    pub decided: Signed,
}

impl Treatment {
    /// What a request is called: `T-A5-1` is the first of T-A5; `at` counts from 0.
    pub fn request_name(&self, at: usize) -> String {
        format!("{}-{}", self.id, at + 1)
    }

    /// Its requests by what they are called.
    pub fn named_requests(&self) -> impl Iterator<Item = (String, &Request)> {
        self.requests.iter().enumerate().map(|(at, request)| (self.request_name(at), request))
    }
}

choice! {
    /// 対策の観点。
    ViewpointToken {
        Organisational = "organisational", "人的・組織的対策";
        Physical = "physical", "物理的対策";
        Technical = "technical", "技術的対策";
    }
}

choice! {
    /// 対策の進み具合。
    MeasureStatus {
        Done = "done", "実施済";
        InProgress = "in-progress", "実施中";
        Planned = "planned", "予定";
    }
}

/// 対策。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// 対策の観点。
    #[schemars(with = "ViewpointToken")]
    pub viewpoint: Viewpoint,
    /// 実施する組織（partiesのid）。省くと対象事業者。
    #[serde(default)]
    pub actor: Option<String>,
    /// 何をするか。
    #[schemars(regex(pattern = r"\S"))]
    pub text: String,
    /// 関係する対策項目（例: 3.1⑤-2）。
    #[serde(default)]
    pub controls: Vec<String>,
    #[serde(default)]
    pub status: Option<MeasureStatus>,
    /// 予定の期限。
    #[serde(default)]
    pub due: Option<Date>,
    /// 担当者。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub owner: Option<String>,
    /// 対象事業者による運用手順が要るか。
    #[serde(default)]
    pub procedure_needed: Answer,
    /// 要る人手や設備（例: 運用部2名、認証装置1式）。金額はcostに書く。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub resources: Option<String>,
    /// 証跡。
    #[serde(default)]
    #[schemars(inner(regex(pattern = r"\S")))]
    pub evidence: Vec<String>,
    /// 費用（円）。
    #[serde(default)]
    pub cost: Option<Cost>,
}

/// 対策の費用（円）。
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// 初期の費用。
    #[serde(default)]
    pub initial: u64,
    /// 毎年の費用。
    #[serde(default)]
    pub yearly: u64,
}

choice! {
    /// 医療機関等の返答。
    RequestStatus {
        Proposed = "proposed", "提示前";
        Explained = "explained", "提示済";
        Accepted = "accepted", "了承";
        Refused = "refused", "不可";
        Done = "done", "実施済";
    }
}

/// 医療機関等へ対応を求める事項。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// 対策の観点。
    #[schemars(with = "ViewpointToken")]
    pub viewpoint: Viewpoint,
    /// 依頼の文（です・ます）。
    #[schemars(regex(pattern = r"\S"))]
    pub text: String,
    /// 医療機関等の運用管理規程に定めてもらう必要があるか。
    #[serde(default)]
    pub rule_book: Answer,
    /// 運用管理規程に書いていただく文の例。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub rule_item: Option<String>,
    #[serde(default = "proposed")]
    pub status: RequestStatus,
}

fn proposed() -> RequestStatus {
    RequestStatus::Proposed
}

choice! {
    /// 情報流をどうするか。
    AvoidanceAction {
        Abolish = "abolish", "廃止";
        Replace = "replace", "変更";
    }
}

/// 回避。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Avoidance {
    /// 廃止又は変更する情報流のid。
    pub flow: String,
    pub action: AvoidanceAction,
    /// 代わりの情報流のid又は手段。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub replacement: Option<String>,
}

choice! {
    /// 移転の種類。
    TransferKind {
        Insurance = "insurance", "保険";
        Outsourcing = "outsourcing", "契約による委託";
    }
}

/// 移転。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    pub kind: TransferKind,
    /// 相手方。
    #[schemars(regex(pattern = r"\S"))]
    pub party: String,
    /// 契約書・証券など。
    #[schemars(regex(pattern = r"\S"))]
    pub document: String,
    /// 期限。
    #[serde(default)]
    pub expires_on: Option<Date>,
}

impl Transfer {
    /// Stands wherever an insurance is shown (TREAT-006).
    pub const MONEY_ONLY: &'static str =
        "保険で備えられるのは金銭の損失だけで、被害や信用の低下を防ぐものではありません。";
}

/// 保有。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// 何が残るか。
    #[schemars(regex(pattern = r"\S"))]
    pub what: String,
    /// 承認者（役職と氏名）。
    #[schemars(regex(pattern = r"\S"))]
    pub approver: String,
    pub on: Date,
    /// ほかの選択肢を検討した結果。
    #[schemars(regex(pattern = r"\S"))]
    pub considered: String,
}

/// 残存するリスク。「なし」と「評価済み」を書き分ける。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Residual {
    /// 残るリスクがない（表の「—」）。
    #[serde(default)]
    pub none: bool,
    /// 残るリスクの内容。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub text: Option<String>,
    #[serde(default)]
    #[schemars(range(min = 1, max = 20))]
    pub impact: Option<u8>,
    #[serde(default)]
    #[schemars(range(min = 1, max = 20))]
    pub likelihood: Option<u8>,
    /// 影響度が対応の前より小さくなる理由。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub impact_reason: Option<String>,
    /// 許容できるか。
    #[serde(default)]
    pub acceptable: Answer,
    /// 基準では対応が必須の高さで残るリスクを、それでも引き受けると承認した人（役職と氏名）。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub approver: Option<String>,
}

/// 前の検討。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EarlierRound {
    /// どう対応しようとしたか。
    #[schemars(regex(pattern = r"\S"))]
    pub plan: String,
    pub residual: Residual,
    pub decided: Signed,
}
