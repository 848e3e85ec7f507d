//! `assessment.yaml`: what people decided about risks. Nothing in it is made by a program.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shirube_catalog::{OptionKind, Viewpoint};

use crate::choice::choice;
use crate::model::{Answer, Date};

/// リスクについて人が決めたこと。
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssessmentFile {
    /// 代表的な脅威のほかに考える脅威（5.1.1）。
    #[serde(default)]
    pub threats: Vec<OwnThreat>,
    /// 代表的な脅威のほかに脅威がないかを検討した記録。
    #[serde(default)]
    pub threats_reviewed: Option<Signed>,
    /// 規則から出ないリスクを書き足す。
    #[serde(default)]
    pub risks: Vec<OwnRisk>,
    /// ある情報流に、ある脅威が当てはまらないと決めた理由。
    #[serde(default)]
    pub not_applicable: Vec<NotApplicable>,
    /// リスクの分析・評価の決定。
    #[serde(default)]
    pub decisions: Vec<Decision>,
    /// リスクへの対応。
    #[serde(default)]
    pub treatments: Vec<Treatment>,
    /// 六つの考慮事項（5.1.5(1)(イ)）への答え。
    #[serde(default)]
    pub considerations: Vec<ConsiderationAnswer>,
}

/// 誰が、いつ、なぜ決めたか。
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// 決めた人。
    #[schemars(length(min = 1))]
    pub by: String,
    /// 決めた日。
    pub on: Date,
    /// 理由。
    #[schemars(length(min = 1))]
    pub reason: String,
}

/// 独自の脅威。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnThreat {
    /// 「OWN-」で始める。
    #[schemars(regex(pattern = r"^OWN-"))]
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub description: String,
    /// 当てはまらない情報流について、まとめて述べる理由。
    pub otherwise: String,
}

/// 独自のリスク。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnRisk {
    /// 短い名前。リスクのidは「情報流のid/脅威/この名前」になる。
    pub id: String,
    /// 情報流のid。
    pub flow: String,
    /// 脅威（TH01～TH10又はOWN-…）。
    pub threat: String,
    /// 何が起こるか。
    pub statement: String,
}

/// 当てはまらないという決定。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotApplicable {
    /// 情報流のid。
    pub flow: String,
    /// 脅威。
    pub threat: String,
    pub decided: Signed,
}

/// 分析と評価の決定。同じ決定をする複数のリスクをまとめて書ける。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// リスクのid。
    #[schemars(length(min = 1))]
    pub risks: Vec<String>,
    /// 特定したリスクの文を書き換えるとき。
    #[serde(default)]
    pub statement: Option<String>,
    /// 影響度。
    #[schemars(range(min = 1, max = 20))]
    pub impact: u8,
    /// 影響度の理由（機密性・完全性・可用性を合わせて）。
    #[schemars(length(min = 1))]
    pub impact_reason: String,
    /// 顕在化率。
    #[schemars(range(min = 1, max = 20))]
    pub likelihood: u8,
    /// 顕在化率の前提。
    #[schemars(length(min = 1))]
    pub likelihood_reason: String,
    /// 対応要否。ランクの基準どおりなら省ける。
    #[serde(default)]
    pub needed: Option<bool>,
    /// 対応要否の理由。
    #[serde(default)]
    pub needed_reason: Option<String>,
    /// 基準と異なる扱いにするときの承認者。
    #[serde(default)]
    pub approver: Option<String>,
    /// リスク所有者。
    #[serde(default)]
    pub owner: Option<String>,
    pub decided: Signed,
}

/// リスクへの対応。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Treatment {
    /// 短い名前（例: T-A1）。
    pub id: String,
    /// 対応するリスクのid。
    #[schemars(length(min = 1))]
    pub risks: Vec<String>,
    /// 選んだ選択肢。
    #[schemars(length(min = 1), with = "Vec<OptionToken>")]
    pub options: Vec<OptionKind>,
    /// 低減を選ばない理由。
    #[serde(default)]
    pub no_reduction_reason: Option<String>,
    /// 影響度・顕在化率がともに最大のとき、回避を検討した結果。
    #[serde(default)]
    pub avoidance_considered: Option<String>,
    /// 対策。
    #[serde(default)]
    pub measures: Vec<Measure>,
    /// 一つの観点の対策だけで足りる理由。
    #[serde(default)]
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

choice! {
    /// リスク対応の選択肢（表5-3）。
    OptionToken {
        Reduction = "reduction", "低減";
        Avoidance = "avoidance", "回避";
        Transfer = "transfer", "移転";
        Retention = "retention", "保有";
    }
}

/// The word of an option as the treatment list prints it.
pub fn option_term(option: OptionKind) -> &'static str {
    match option {
        OptionKind::Reduction => OptionToken::Reduction,
        OptionKind::Avoidance => OptionToken::Avoidance,
        OptionKind::Transfer => OptionToken::Transfer,
        OptionKind::Retention => OptionToken::Retention,
    }
    .term()
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
    pub owner: Option<String>,
    /// 対象事業者による運用手順が要るか。
    #[serde(default)]
    pub procedure_needed: Answer,
    #[serde(default)]
    pub evidence: Vec<String>,
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
    pub text: String,
    /// 医療機関等の運用管理規程に定めてもらう必要があるか。
    #[serde(default)]
    pub rule_book: Answer,
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
    pub party: String,
    /// 契約書・証券など。
    pub document: String,
    /// 期限。
    #[serde(default)]
    pub expires_on: Option<Date>,
}

/// 保有。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// 何が残るか。
    pub what: String,
    /// 承認者（役職と氏名）。
    #[schemars(length(min = 1))]
    pub approver: String,
    pub on: Date,
    /// ほかの選択肢を検討した結果。
    #[schemars(length(min = 1))]
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
    pub text: Option<String>,
    #[serde(default)]
    #[schemars(range(min = 1, max = 20))]
    pub impact: Option<u8>,
    #[serde(default)]
    #[schemars(range(min = 1, max = 20))]
    pub likelihood: Option<u8>,
    /// 許容できるか。
    #[serde(default)]
    pub acceptable: Answer,
}

/// 前の検討。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EarlierRound {
    /// どう対応しようとしたか。
    pub plan: String,
    pub residual: Residual,
    pub decided: Signed,
}

choice! {
    /// 六つの考慮事項。
    ConsiderationId {
        Authentication = "authentication", "利用者認証";
        LogRetention = "log-retention", "ログの保存期間";
        NetworkPath = "network-path", "ネットワーク経路";
        WirelessLan = "wireless-lan", "無線LANの端末接続制限";
        SmallMedia = "small-media", "小型半導体メモリ";
        Continuity = "continuity", "事業継続計画";
    }
}

/// 考慮事項への答え。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsiderationAnswer {
    pub item: ConsiderationId,
    /// どう考慮したか。
    pub answer: String,
    /// まだ満たしていないときの実施予定日。
    #[serde(default)]
    pub planned_on: Option<Date>,
    /// 例外の承認（⑤）。
    #[serde(default)]
    pub exceptions: Vec<ExceptionGrant>,
    /// 事業継続計画で扱う場面（⑥）。
    #[serde(default)]
    pub continuity: Option<ContinuityAnswer>,
    pub decided: Signed,
}

/// 例外。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExceptionGrant {
    pub what: String,
    pub approver: String,
    pub from: Date,
    pub to: Date,
}

/// 三つの場面への備え。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContinuityAnswer {
    /// 災害などでシステムが止まったとき。
    pub disaster_stop: String,
    /// システムは正常だが、傷病者が殺到したとき。
    pub mass_demand: String,
    /// 止まっていたシステムを戻すときの、情報の欠損や不連続。
    pub restart_with_loss: String,
}
