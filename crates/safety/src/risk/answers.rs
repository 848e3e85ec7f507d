//! `considerations` of `assessment.yaml`: answers to the six special considerations (guideline 5.1.5(1)(イ)).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Signed;
use crate::choice::choice;
use crate::model::Date;

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
    #[schemars(regex(pattern = r"\S"))]
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
    #[schemars(regex(pattern = r"\S"))]
    pub what: String,
    #[schemars(regex(pattern = r"\S"))]
    pub approver: String,
    pub from: Date,
    pub to: Date,
    /// 例外を認める機器（nodesのid）。書かれていない機器には及ばない。
    #[serde(default)]
    pub nodes: Vec<String>,
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
