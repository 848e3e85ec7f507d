//! `institutions/NAME.yaml`: one institution, what is different for it, and what was explained and agreed.
//!
//! Doc comments of the file's fields are Japanese: editors show them through the JSON Schema.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Closing, Confirmed};
use crate::choice::choice;
use crate::conformity::ControlAnswer;
use crate::model::{Date, InstitutionKind};
use crate::risk::{Decision, RequestStatus, Signed, Treatment};
use crate::stated::SlaFile;

/// 一つの医療機関等との契約、基準との違い、説明と合意の記録。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InstitutionFile {
    pub institution: Institution,
    /// サービスの利用契約。
    #[serde(default)]
    pub contract: Contract,
    /// サービスの基準と違うところ。
    #[serde(default)]
    pub overlay: Overlay,
    /// 契約の終了の取決めと、行ったこと。
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing: Option<Closing>,
    /// 説明と合意の記録（古いものから順に。書き加えるだけで、書き直さない）。
    #[serde(default)]
    pub records: Vec<AgreementRecord>,
}

impl InstitutionFile {
    /// What makes the documents for the institution differ, as a text to take the digest of. The records do not count:
    /// what is explained does not change by being explained.
    pub fn laid_text(&self) -> String {
        serde_json::json!([self.institution, self.contract, self.overlay]).to_string()
    }

    /// The same for the papers at the end of the contract, which hold what was settled for it too.
    pub fn closing_text(&self) -> String {
        format!("{}{}", self.laid_text(), serde_json::json!(self.closing))
    }
}

/// 医療機関等。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Institution {
    /// 名称。
    #[schemars(regex(pattern = r"\S"))]
    pub name: String,
    /// 医療機関等の種類。
    pub kind: InstitutionKind,
    /// 規模（病床や職員の数など）。
    #[serde(default)]
    pub size: Option<String>,
    /// 連絡を受ける人。
    #[serde(default)]
    pub contacts: Vec<InstitutionPerson>,
    /// 休みの日（国民の祝日のほかに決めているもの）。
    #[serde(default)]
    pub closed_days: Option<String>,
    /// 年度の始まる月。省くと4月。
    #[serde(default)]
    #[schemars(range(min = 1, max = 12))]
    pub fiscal_year_from: Option<u8>,
}

/// 医療機関等の側の人。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InstitutionPerson {
    /// 役職と氏名。
    #[schemars(regex(pattern = r"\S"))]
    pub name: String,
    /// 電話や電子メール。
    #[serde(default)]
    pub reach: Option<String>,
    /// 契約に署名する代表者か。
    #[serde(default)]
    pub represents: bool,
}

choice! {
    /// サービスの使い方。
    UseForm {
        Cloud = "cloud", "クラウド";
        OnPremises = "on-premises", "医療機関等の施設に設置";
    }
}

/// サービスの利用契約。
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// 契約の名前と番号。
    #[serde(default)]
    pub document: Option<String>,
    /// 利用しているサービスの版。
    #[serde(default)]
    pub version: Option<String>,
    /// サービスの使い方。
    #[serde(default)]
    pub form: Option<UseForm>,
    /// 契約の始まる日。
    #[serde(default)]
    pub starts_on: Option<Date>,
    /// 次に更新する日。
    #[serde(default)]
    pub renews_on: Option<Date>,
    /// 契約の終わる日。
    #[serde(default)]
    pub ends_on: Option<Date>,
    /// 始まったフェーズ（いくつも並んでよい）。
    // What nobody wrote must not change the digests of documents that were issued before there was such a field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phases: Vec<PhaseInstance>,
    /// 利用の前からあるデータが正しく反映されたことを、医療機関等が確かめた記録。
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_confirmed: Option<Confirmed>,
}

choice! {
    /// 契約のフェーズと、どのフェーズにも重なる危機管理対応時。
    ContractPhase {
        Development = "development", "開発フェーズ";
        Operation = "operation", "運用フェーズ";
        End = "end", "契約終了フェーズ";
        Crisis = "crisis", "危機管理対応時";
    }
}

/// 一つのフェーズの始まりと終わり。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PhaseInstance {
    /// フェーズ。
    pub phase: ContractPhase,
    /// 何についてか（例: 初期設定、版2.1への更新）。
    #[schemars(regex(pattern = r"\S"))]
    pub what: String,
    /// 始まった日。
    pub from: Date,
    /// 終わった日。続いている間は書かない。
    #[serde(default)]
    pub until: Option<Date>,
}

/// サービスの基準と違うところ。書かないものは基準のとおり。
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Overlay {
    /// 医療機関等へ対応を求める事項への返答。
    #[serde(default)]
    pub requests: Vec<RequestReply>,
    /// この医療機関等だけの、リスクの分析と評価の決定。
    #[serde(default)]
    pub decisions: Vec<Decision>,
    /// この医療機関等だけのリスクへの対応（同じidのものを置き換え、ないものは加える）。
    #[serde(default)]
    pub treatments: Vec<Treatment>,
    /// この医療機関等だけの、対策項目への答え（同じ番号のものを置き換える）。
    #[serde(default)]
    pub answers: Vec<ControlAnswer>,
    /// この医療機関等だけの約束（書いた欄だけが基準と替わる）。
    #[serde(default)]
    pub sla: Option<SlaFile>,
}

/// 医療機関等へ対応を求める事項への返答。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestReply {
    /// どの事項か（リスク対応のidと、その中の順番。例: T-A5-1）。
    #[schemars(regex(pattern = r"^\S+-[1-9][0-9]*$"))]
    pub request: String,
    /// 示した依頼の文。基準の文が変わると、返答をもらい直す。
    #[schemars(regex(pattern = r"\S"))]
    pub text: String,
    /// 返答。
    pub reply: RequestStatus,
    /// 誰が、いつ、なぜそう答えたか。
    pub decided: Signed,
}

choice! {
    /// 説明と合意の段階。
    AgreementStep {
        Explained = "explained", "説明済（共通理解）";
        InTalks = "in-talks", "協議中";
        Agreed = "agreed", "合意（明示的合意）";
        Disagreed = "disagreed", "不合意";
        Reopened = "reopened", "再合意要";
    }
}

choice! {
    /// 説明や合意の手段。
    AgreementMeans {
        Meeting = "meeting", "打合せ";
        Mail = "mail", "電子メール";
        Telephone = "telephone", "電話";
        Visit = "visit", "訪問";
        Portal = "portal", "画面での回答";
        Contract = "contract", "契約書・覚書";
        ServiceLevel = "service-level", "サービスレベル合意書";
    }
}

impl AgreementMeans {
    /// Whether it is a contractual paper or stands for one: only these make an explicit agreement (3.2.1).
    pub fn is_contractual(self) -> bool {
        matches!(self, Self::Contract | Self::ServiceLevel | Self::Portal)
    }
}

/// 説明と合意の記録の一つ。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreementRecord {
    /// 進んだ段階。
    pub step: AgreementStep,
    /// 合意事項の番号（shirube agreement の一覧にあるもの。例: request/T-A5-1）。「residual/」のように書くと、その種類のすべて。
    #[schemars(length(min = 1), inner(regex(pattern = r"\S")))]
    pub items: Vec<String>,
    /// 日付。
    pub on: Date,
    /// 対象事業者の側の人。
    #[schemars(regex(pattern = r"\S"))]
    pub by: String,
    /// 医療機関等の側の人。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub with: Option<String>,
    /// 手段。
    #[serde(default)]
    pub means: Option<AgreementMeans>,
    /// 議事メモや契約書などの名前。
    #[serde(default)]
    pub evidence: Vec<String>,
    /// 示した内容の符号（文書の表紙に印字される、サービスのフォルダの符号）。
    #[serde(default)]
    pub source: Option<String>,
    /// 話したこと、変えたこと、理由。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub note: Option<String>,
}
