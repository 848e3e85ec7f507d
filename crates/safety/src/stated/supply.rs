//! `supply.yaml`: who does what along the supply chain, and what suppliers reported upward (guideline 2.2.2, 2.2.3).
//!
//! Answers of a report stand in lists of their own, each with the report it belongs to, so that each is a record with a
//! form, and a newer report never overwrites an older one.
//!
//! Doc comments of the file's fields are Japanese: editors show them through the JSON Schema.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::choice::choice;
use crate::conformity::ControlStatus;
use crate::model::{Date, Layer};
use crate::risk::Signed;

/// 作業の分担と、委託先など（自社に提供する事業者）からの報告。
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplyFile {
    /// 作業の分担。どの会社が何を行うか。
    #[serde(default)]
    pub tasks: Vec<SharedTask>,
    /// 報告の依頼。
    #[serde(default)]
    pub requests: Vec<ReportRequest>,
    /// 委託先などから受け取った報告。
    #[serde(default)]
    pub reports: Vec<SupplierReport>,
    /// 報告にある、対策項目ごとの答え。
    #[serde(default)]
    pub statements: Vec<SupplierStatement>,
    /// 報告にある、作業の分担。
    #[serde(default)]
    pub claims: Vec<TaskClaim>,
    /// 対策項目の受け継ぎ方。書かれていない項目は、自社だけで行う。
    #[serde(default)]
    pub uses: Vec<ControlUse>,
    /// 自社のサービスを使う事業者に示す分担。自社が上位の事業者へ報告するときに書く。
    #[serde(default)]
    pub offers: Vec<ControlOffer>,
}

choice! {
    /// 作業の対象（4.2）。
    TaskKind {
        Device = "device", "機器";
        Network = "network", "ネットワーク";
        Software = "software", "ソフトウェア";
        Data = "data", "データ";
        Work = "work", "業務";
        Explanation = "explanation", "患者等への説明";
    }
}

/// 作業の分担。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SharedTask {
    /// 作業のid。報告を求める相手も、このidで答える。
    #[schemars(regex(pattern = r"\S"))]
    pub id: String,
    /// 何を行うか（例: サーバのOSへのパッチの適用）。
    #[schemars(regex(pattern = r"\S"))]
    pub what: String,
    /// 作業の対象。
    pub kind: TaskKind,
    /// 構成要素の層。
    pub layer: Layer,
    /// 実施する組織（partiesのid）。
    #[serde(default)]
    pub does: Vec<String>,
    /// 責任を負う組織（partiesのid）。
    #[serde(default)]
    pub accountable: Option<String>,
    /// 協力する組織（partiesのid）。
    #[serde(default)]
    pub supports: Vec<String>,
    /// 報告を受ける組織（partiesのid）。
    #[serde(default)]
    pub informed: Vec<String>,
    /// 拠りどころとなる契約の条項や文書。
    #[serde(default)]
    pub source: Option<String>,
    #[serde(default)]
    pub note: Option<String>,
}

choice! {
    /// 依頼への報告をどう扱ったか。
    ReportOutcome {
        Accepted = "accepted", "受領";
        Returned = "returned", "差戻し";
        Withdrawn = "withdrawn", "取下げ";
    }
}

/// 報告の依頼（2.2.2）。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportRequest {
    pub id: String,
    /// 依頼した相手（partiesのid）。
    pub supplier: String,
    /// 報告を求めた事柄。省くと、リスクマネジメントの実施状況と、制度上の要求事項への対応状況。
    #[serde(default)]
    pub asks: Option<String>,
    /// 依頼した日。
    pub on: Date,
    /// 依頼した人。
    #[schemars(regex(pattern = r"\S"))]
    pub by: String,
    /// 報告の期限。
    #[serde(default)]
    pub due: Option<Date>,
    /// 催促した日。
    #[serde(default)]
    pub reminders: Vec<Date>,
    /// 届いた報告（reportsのid）。
    #[serde(default)]
    pub report: Option<String>,
    /// 届いた報告の扱い。
    #[serde(default)]
    pub outcome: Option<ReportOutcome>,
    /// 扱いを決めた人、日、理由。
    #[serde(default)]
    pub decided: Option<Signed>,
}

impl ReportRequest {
    /// Whether something is still to come or to be decided: it was neither accepted nor withdrawn.
    pub fn is_open(&self) -> bool {
        matches!(self.outcome, None | Some(ReportOutcome::Returned))
    }

    /// Whether a report arrived, and nobody has decided on it.
    pub fn waits_for_decision(&self) -> bool {
        self.outcome.is_none() && self.report.is_some()
    }

    /// Whether nothing arrived, or what arrived was sent back.
    pub fn waits_for_report(&self) -> bool {
        self.is_open() && !self.waits_for_decision()
    }
}

choice! {
    /// 報告の受け取り方。
    ReportMeans {
        Folder = "folder", "サービスのフォルダ";
        Oscal = "oscal", "OSCAL";
        Workbook = "workbook", "報告用のExcel";
        Account = "account", "報告用の画面";
        Paper = "paper", "書面など";
    }
}

/// 委託先などから受け取った報告。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplierReport {
    pub id: String,
    /// 報告した組織（partiesのid）。
    pub supplier: String,
    /// 報告の対象となったサービス。
    #[serde(default)]
    pub service: Option<String>,
    /// 報告の日。
    #[serde(default)]
    pub on: Option<Date>,
    /// 報告した人。
    #[serde(default)]
    pub by: Option<String>,
    /// 報告が拠りどころとしたガイドラインの版（例: pg-1.0）。
    #[serde(default)]
    pub editions: Vec<String>,
    /// 報告の有効期限。
    #[serde(default)]
    pub valid_until: Option<Date>,
    /// 受け取り方。
    #[serde(default)]
    pub means: Option<ReportMeans>,
    /// 報告書の名前。
    #[serde(default)]
    pub document: Option<String>,
    /// 報告のもとになった内容の符号。
    #[serde(default)]
    pub source: Option<String>,
    /// リスクマネジメントの実施状況。
    #[serde(default)]
    pub risk_management: Option<String>,
    /// 制度上の要求事項への対応状況。
    #[serde(default)]
    pub statutory: Option<String>,
    /// 報告した組織が、さらに使っている事業者。
    #[serde(default)]
    pub subcontractors: Vec<String>,
}

choice! {
    /// 誰が行うか。
    Doer {
        Supplier = "supplier", "提供する側";
        Customer = "customer", "利用する側";
        Both = "both", "双方で分担";
        Unknown = "unknown", "未定";
    }
}

/// 報告にある、対策項目への答え。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplierStatement {
    /// どの報告か（reportsのid）。
    pub report: String,
    /// 対策項目の番号。
    pub control: String,
    /// 報告された状況。
    pub status: ControlStatus,
    /// 誰が行うか。
    #[serde(default = "unknown")]
    pub by: Doer,
    /// どのように満たすか。
    #[serde(default)]
    pub how: Option<String>,
    /// 利用する側で行うこと。
    #[serde(default)]
    pub customer: Option<String>,
    /// 根拠となる資料や記録。
    #[serde(default)]
    pub evidence: Vec<String>,
    /// 根拠の有効期限。
    #[serde(default)]
    pub evidence_until: Option<Date>,
}

fn unknown() -> Doer {
    Doer::Unknown
}

/// 報告にある、作業の分担。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskClaim {
    /// どの報告か（reportsのid）。
    pub report: String,
    /// どの作業か（tasksのid）。
    pub task: String,
    /// 誰が行うか。
    pub by: Doer,
    #[serde(default)]
    pub note: Option<String>,
}

choice! {
    /// 対策項目の受け継ぎ方。
    UseKind {
        Inherited = "inherited", "受け継ぐ";
        Shared = "shared", "分担する";
    }
}

/// 対策項目の受け継ぎ方。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ControlUse {
    /// 対策項目の番号。
    pub control: String,
    /// 受け継ぐ元、又は分担する相手（partiesのid）。
    pub supplier: String,
    /// 受け継ぎ方。
    #[serde(rename = "use")]
    pub kind: UseKind,
    /// 拠りどころとした報告（reportsのid）。
    #[serde(default)]
    pub report: Option<String>,
    /// 自社で行うこと（分担するとき）。
    #[serde(default)]
    pub ours: Option<String>,
    #[serde(default)]
    pub decided: Option<Signed>,
}

/// 自社のサービスを使う事業者に示す分担。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ControlOffer {
    /// 対策項目の番号。
    pub control: String,
    /// 誰が行うか。
    pub by: Doer,
    /// 利用する側で行うこと。
    #[serde(default)]
    pub customer: Option<String>,
}
