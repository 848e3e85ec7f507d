//! 契約の終了: what both sides settle for the end of a contract, and what was done (SLA 6.2(4), LIFE-006 to LIFE-009).
//!
//! Doc comments of the file's fields are Japanese: editors show them through the JSON Schema.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Answer, Date};
use crate::risk::Signed;

/// 契約の終了の取決めと、行ったこと。
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// 取決めに双方が合意した記録。
    #[serde(default)]
    pub agreed: Option<ClosingAgreement>,
    /// 受託した情報の返却。
    #[serde(default, rename = "return")]
    pub returned: ReturnTerms,
    /// 別のサービスへの移管。
    #[serde(default)]
    pub migration: MigrationTerms,
    /// 決めた範囲を超えて求められたときの費用（かからないなら「無償」など）。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub cost: Option<String>,
    /// 受託した情報とプログラム等の消去。
    #[serde(default)]
    pub erasure: ErasureTerms,
    /// バックアップと控えに残った情報の消去。
    #[serde(default)]
    pub backups: BackupTerms,
    /// アカウント、鍵、接続の停止。
    #[serde(default)]
    pub accounts: AccountClosure,
    /// 契約の後も残す記録（残さないと決めたら空の一覧）。
    #[serde(default)]
    pub kept: Option<Vec<KeptRecord>>,
    /// 手順のとおりに行ったことを示すもの（消去証明書、作業記録など）の名前。
    #[serde(default)]
    pub proof: Vec<String>,
    /// 契約終了フェーズを閉じた記録。
    #[serde(default)]
    pub closed: Option<Signed>,
}

/// 取決めに双方が合意した記録。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClosingAgreement {
    /// 合意した日。
    pub on: Date,
    /// 対象事業者の側の人。
    #[schemars(regex(pattern = r"\S"))]
    pub by: String,
    /// 医療機関等の側の人。
    #[schemars(regex(pattern = r"\S"))]
    pub with: String,
}

/// 受託した情報の返却。
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnTerms {
    /// 返却が要るか。
    #[serde(default)]
    pub wanted: Answer,
    /// 返す情報の範囲（種類と期間）。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub range: Option<String>,
    /// 返す情報の件数。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub count: Option<String>,
    /// 返すデータの形式（標準の規格の名前と版、文字の符号など）。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub format: Option<String>,
    /// 標準の規格によらない項目の説明（なければ「なし」）。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub nonstandard: Option<String>,
    /// 医療機関等が内容の正しさを確かめるための資料。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub verification: Option<String>,
    /// 元に戻せない圧縮や変換をしたデータ（なければ「なし」）。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub irreversible: Option<String>,
    /// 返す方法。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub method: Option<String>,
    /// 返す期日。
    #[serde(default)]
    pub due: Option<Date>,
    /// 返した日。
    #[serde(default)]
    pub done_on: Option<Date>,
    /// 返した内容を医療機関等が確かめた記録。
    #[serde(default)]
    pub confirmed: Option<Confirmed>,
}

/// 医療機関等が確かめた記録。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirmed {
    /// 確かめた人（医療機関等の側）。
    #[schemars(regex(pattern = r"\S"))]
    pub by: String,
    /// 確かめた日。
    pub on: Date,
    /// 確かめ方と結果。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub note: Option<String>,
}

/// 別のサービスへの移管。
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MigrationTerms {
    /// 対象事業者から別のサービスへ直接に移すか。
    #[serde(default)]
    pub wanted: Answer,
    /// 移す先（事業者とサービスの名前）。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub to: Option<String>,
    /// 移す情報と方法。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub method: Option<String>,
    /// 移す期日。
    #[serde(default)]
    pub due: Option<Date>,
    /// 移した日。
    #[serde(default)]
    pub done_on: Option<Date>,
}

/// 受託した情報とプログラム等の消去。
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ErasureTerms {
    /// 消す情報の範囲。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub range: Option<String>,
    /// プログラム等（医療機関等に置いたものや貸したもの）の扱い（なければ「なし」）。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub programs: Option<String>,
    /// 消す方法。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub method: Option<String>,
    /// 消す期日。
    #[serde(default)]
    pub due: Option<Date>,
    /// 消したことの報告（何を、いつまでに出すか）。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub report: Option<String>,
    /// 消した日。
    #[serde(default)]
    pub done_on: Option<Date>,
    /// 消した人。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub by: Option<String>,
    /// 消したことを医療機関等に報告した日。
    #[serde(default)]
    pub reported_on: Option<Date>,
}

/// バックアップと控えに残った情報の消去。
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BackupTerms {
    /// 消す方法（世代が入れ替わって消えるときは、その期間も）。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub method: Option<String>,
    /// 消す期日。
    #[serde(default)]
    pub due: Option<Date>,
    /// 消した日。
    #[serde(default)]
    pub done_on: Option<Date>,
}

/// アカウント、鍵、接続の停止。
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountClosure {
    /// 止める期日。
    #[serde(default)]
    pub due: Option<Date>,
    /// 止めた日。
    #[serde(default)]
    pub done_on: Option<Date>,
}

/// 契約の後も残す記録。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeptRecord {
    /// 残す記録と、その範囲。
    #[schemars(regex(pattern = r"\S"))]
    pub what: String,
    /// 残す目的。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub purpose: Option<String>,
    /// いつまで残すか（この日を過ぎたら削除する）。
    #[serde(default)]
    pub until: Option<Date>,
    /// 管理の方法。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub management: Option<String>,
    /// 安全管理の措置。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub safeguards: Option<String>,
    /// 問い合わせの連絡先。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub contact: Option<String>,
    /// 削除した日。
    #[serde(default)]
    pub deleted_on: Option<Date>,
}
