//! 開示データ: what a provider hands over so that institutions can choose, in a form that programs read.
//!
//! Names of fields and tokens are published: what a name means never changes, and another shape is another version.
//! Doc comments of the fields are Japanese: editors show them through the JSON Schema.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::choice::choice;
use crate::conformity::ControlStatus;
use crate::model::{Date, foreign};

choice! {
    /// ファイルの種類。
    DataFormat {
        Disclosure = "shirube-disclosure", "開示データ";
    }
}

choice! {
    /// 誰に渡すものか。
    Reach {
        Open = "open", "誰にでも渡せるもの";
        Nda = "nda", "秘密保持契約を結んだ相手に渡すもの";
    }
}

choice! {
    /// 何の下に示すか。
    Access {
        Open = "open", "公開";
        Nda = "nda", "秘密保持契約を結んだうえで開示";
        Undecided = "undecided", "開示の条件は未確認";
    }
}

choice! {
    /// 選ぶときに比べる事柄（表4-1の項目と自院の問いのほか）。
    Topic {
        Certifications = "certifications", "第三者認証など";
        BusinessHours = "business-hours", "通常業務時間";
        DeskHours = "desk-hours", "問い合わせの受付時間";
        Availability = "availability", "稼働率の目標";
        FirstReport = "first-report", "障害の第一報";
        FirstResponse = "first-response", "障害の第一次対応";
        MaintenanceNotice = "maintenance-notice", "停止を伴う保守の告知";
        PatchNotice = "patch-notice", "修正プログラムの適用の告知";
        EnvironmentNotice = "environment-notice", "利用環境の変更の告知";
        LogRetention = "log-retention", "アクセスの記録の保存";
        ReturnOfData = "return", "契約が終わるときの返却";
        InformationFee = "information-fee", "情報提供の費用";
        Places = "places", "情報を置く場所と国";
        Subcontractors = "subcontractors", "再委託先など";
        Editions = "editions", "拠りどころとするガイドラインの版";
        Controls = "controls", "対策項目（別紙2）への答え";
        Risks = "risks", "リスクの評価";
    }
}

/// 開示データ。対象事業者が、選定の材料として医療機関等に渡す。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DisclosureData {
    /// いつも「shirube-disclosure」。
    pub format: DataFormat,
    /// この書式の版。
    #[schemars(range(min = 1, max = 1))]
    pub version: u32,
    /// 誰に渡すものか。
    pub reach: Reach,
    /// もとのフォルダを見分ける符号。
    #[serde(default)]
    pub source: String,
    /// 対象事業者の名称。
    #[schemars(regex(pattern = r"\S"))]
    pub provider: String,
    pub service: DataService,
    pub document: DataDocument,
    /// 拠りどころとするガイドラインの版（例: pg-1.0）。
    #[serde(default)]
    pub editions: Vec<String>,
    /// 表4-1の項目ごとの資料。資料のない項目は、一覧が空か、行そのものがない。
    #[serde(default)]
    pub items: Vec<DataItem>,
    /// 公的な第三者認証など。
    #[serde(default)]
    pub certifications: Vec<DataCertification>,
    /// 対策項目（別紙2）への答え。
    #[serde(default)]
    pub controls: DataControls,
    /// リスクの評価。
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risks: Option<DataRisks>,
    /// 再委託先など。
    #[serde(default)]
    pub subcontractors: DataSubcontractors,
    /// 情報を置く場所。
    #[serde(default)]
    pub places: Vec<DataPlace>,
    /// サービスの約束のうち、選ぶときに比べるもの。
    #[serde(default)]
    pub terms: Vec<DataTerm>,
}

impl DisclosureData {
    /// Version of the format that is written, and the newest that is read.
    pub const VERSION: u32 = 1;
}

/// サービス。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataService {
    /// サービスの名称。
    #[schemars(regex(pattern = r"\S"))]
    pub name: String,
    /// どのようなサービスか。
    #[serde(default)]
    pub description: String,
}

/// もとになった文書の版。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataDocument {
    /// 版。
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// 発行日。
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_on: Option<Date>,
    /// 決まっていないことがあり、案であるか。
    pub draft: bool,
}

/// 表4-1の項目に示す資料。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataItem {
    /// 表4-1の番号（1～19）。
    #[schemars(range(min = 1, max = 19))]
    pub item: u8,
    /// 資料や、直接書いた内容。
    #[serde(default)]
    pub entries: Vec<DataEntry>,
}

/// 資料の一つ。内容を示さないときは、accessのほかは空。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataEntry {
    pub access: Access,
    /// 文書名。
    #[serde(default)]
    pub document: String,
    /// 直接書いて示す内容。
    #[serde(default)]
    pub text: String,
    /// 開示方法・条件・範囲。
    #[serde(default)]
    pub conditions: String,
    /// 開示日。
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disclosed_on: Option<Date>,
}

impl DataEntry {
    /// Something is there, but not in this file.
    pub(super) fn withheld(access: Access) -> Self {
        Self { access, document: String::new(), text: String::new(), conditions: String::new(), disclosed_on: None }
    }
}

/// 第三者認証などの一つ。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataCertification {
    /// 名称。
    #[schemars(regex(pattern = r"\S"))]
    pub name: String,
    /// 適用範囲。
    #[serde(default)]
    pub scope: String,
    /// 番号。
    #[serde(default)]
    pub number: String,
    /// 有効期限。
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<Date>,
}

/// 対策項目への答え。
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataControls {
    /// 件数を示さないとき、何の下に示すか。
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withheld: Option<Access>,
    /// 状況ごとの件数。
    #[serde(default)]
    pub counts: Vec<ControlCount>,
}

/// 一つの状況の件数。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ControlCount {
    pub status: ControlStatus,
    /// 件数。
    pub count: usize,
}

/// リスクの評価。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataRisks {
    /// すべての評価を人が決めたか。
    pub all_decided: bool,
    /// 件数。示さないときは書かない。
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<RiskCount>,
}

/// リスクの件数。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RiskCount {
    /// 特定したリスクの件数。
    pub total: usize,
    /// そのうち、人が評価を決めた件数。
    pub decided: usize,
}

/// 再委託先など。
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataSubcontractors {
    /// 名前を示さないとき、何の下に示すか。
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withheld: Option<Access>,
    /// ないことを確かめた日。
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub none_on: Option<Date>,
    /// 組織と、受け持つこと。
    #[serde(default)]
    pub list: Vec<DataSubcontractor>,
}

/// 再委託先などの一つ。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataSubcontractor {
    /// 組織の名称。
    pub name: String,
    /// 受け持つこと。
    #[serde(default)]
    pub service: String,
}

/// 情報を置く場所。
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataPlace {
    /// 場所の名前。示さないときは空。
    #[serde(default)]
    pub name: String,
    /// 国。
    #[serde(default)]
    pub country: String,
    /// どの国の法の下に置かれるか。国と同じなら空。
    #[serde(default)]
    pub jurisdiction: String,
}

impl DataPlace {
    /// The name, or that there is none.
    pub(super) fn shown_name(&self) -> &str {
        if self.name.is_empty() { "名前を示さない場所" } else { &self.name }
    }

    /// The country or the law that may take it out of the reach of Japanese law.
    pub(super) fn abroad(&self) -> Option<&str> {
        foreign(Some(&self.country)).or_else(|| foreign(Some(&self.jurisdiction)))
    }
}

/// 約束の一つ。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataTerm {
    pub topic: Topic,
    /// 約束の内容。
    #[schemars(regex(pattern = r"\S"))]
    pub value: String,
}
