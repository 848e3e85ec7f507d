//! `shirube.yaml`: the service, its parties, delivery form and method.
//!
//! Doc comments of the file's fields are Japanese: editors show them through the JSON Schema.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shirube_catalog::RankRule;

use super::{Answer, Date, Layer};
use crate::choice::choice;

/// サービスの概要と、関係する組織・体制・進め方。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceFile {
    pub service: ServiceInfo,
    /// この文書を作る対象事業者（partiesのid）。
    pub provider: String,
    /// 拠りどころとするガイドラインの版（例: pg-1.0）。
    #[serde(default)]
    pub editions: Vec<String>,
    /// 関係する組織。
    pub parties: Vec<Party>,
    /// 提供形態（2.2）。
    pub delivery: DeliveryPlan,
    /// 資源や役務の調達の関係。
    #[serde(default)]
    pub supply_chain: Vec<Supply>,
    /// 対象事業者の四つの責任者（5.1.6(2)(イ)）。
    #[serde(default)]
    pub roles: Vec<RoleHolder>,
    /// 選定時に示す四項目（表4-1）。
    #[serde(default)]
    pub selection: Vec<SelectionItem>,
    /// 公的な第三者認証など（4.4）。
    #[serde(default)]
    pub certifications: Vec<Certification>,
    /// リスク分析の方法。省くと表5-2の例を使う。
    #[serde(default)]
    pub risk_method: Option<MethodSpec>,
    /// 文書の表紙に載せる事柄。
    #[serde(default)]
    pub document: DocumentInfo,
}

/// サービスの名前と説明。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceInfo {
    /// サービスの名称。
    pub name: String,
    /// どのようなサービスか。
    #[serde(default)]
    pub description: String,
}

choice! {
    /// 組織の種類（PARTY-001）。
    PartyKind {
        Institution = "institution", "医療機関等";
        Provider = "provider", "対象事業者";
        Subcontractor = "subcontractor", "再委託事業者";
        LinkedProvider = "linked-provider", "連携対象事業者";
        Carrier = "carrier", "通信回線事業者";
        Transport = "transport", "搬送業者";
        DataCentre = "data-centre", "データセンター事業者";
        Dispatch = "dispatch", "派遣元";
        Auditor = "auditor", "監査人・認証機関";
        Authority = "authority", "所管官庁";
        Patient = "patient", "患者等";
        Other = "other", "その他";
    }
}

choice! {
    /// 医療機関等の種類（1.1.2）。
    InstitutionKind {
        Hospital = "hospital", "病院";
        Clinic = "clinic", "一般診療所";
        DentalClinic = "dental-clinic", "歯科診療所";
        MaternityHome = "maternity-home", "助産所";
        Pharmacy = "pharmacy", "薬局";
        VisitingNursing = "visiting-nursing", "訪問看護ステーション";
        NursingCare = "nursing-care", "介護事業者";
        InformationNetwork = "information-network", "医療情報連携ネットワーク運営事業者";
        Other = "other", "その他の医療機関等";
    }
}

/// 関係する組織。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Party {
    pub id: String,
    pub name: String,
    pub kind: PartyKind,
    /// 医療機関等の種類。
    #[serde(default)]
    pub institution_kind: Option<InstitutionKind>,
    /// 対象事業者に当たるかを決める問いへの答え（2.1）。
    #[serde(default)]
    pub scope: Option<ScopeAnswers>,
}

/// 2.1の問い。答えから、対象事業者に当たるかを示す。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScopeAnswers {
    /// 医療機関等と直接契約している。
    pub direct_contract: Answer,
    /// 直接の契約はないが、システムに必要な資源や役務を提供している。
    pub supplies_resources: Answer,
    /// 患者等の指示に基づき、医療機関等から医療情報を受け取る。
    pub receives_by_patient_instruction: Answer,
    /// 患者等から直接にだけ医療情報を受け取る。
    pub receives_from_patients_only: Answer,
    /// そう答えた理由。
    #[serde(default)]
    pub reason: String,
}

/// 提供形態。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliveryPlan {
    pub application: Component,
    pub platform: Component,
    pub infrastructure: Component,
}

impl DeliveryPlan {
    /// The component of a layer.
    pub fn of(&self, layer: Layer) -> &Component {
        match layer {
            Layer::Application => &self.application,
            Layer::Platform => &self.platform,
            Layer::Infrastructure => &self.infrastructure,
        }
    }
}

/// 構成要素の提供のしかた。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Component {
    pub form: Form,
    /// 提供する組織（partiesのid）。
    pub party: String,
}

choice! {
    /// 提供の形の数字（A1のときの1）。
    Form {
        Own = "1", "自ら提供";
        Procured = "2", "ほかの事業者から調達";
        Separate = "3", "医療機関等が別に契約";
    }
}

/// 調達の関係。supplierがcustomerに提供する。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Supply {
    /// 提供する側（partiesのid）。
    pub supplier: String,
    /// 受ける側（partiesのid）。
    pub customer: String,
    /// 契約の名前。契約がなければ省く。
    #[serde(default)]
    pub contract: Option<String>,
    /// 提供される資源や役務。
    pub service: String,
    /// 含まれる構成要素の層。
    #[serde(default)]
    pub layers: Vec<Layer>,
    #[serde(default)]
    pub start: Option<Date>,
    #[serde(default)]
    pub end: Option<Date>,
    /// 提供する側がリスクマネジメントと制度対応の状況を報告する約束になっているか。
    #[serde(default = "unknown")]
    pub reports: Answer,
}

fn unknown() -> Answer {
    Answer::Unknown
}

choice! {
    /// 四つの責任者。
    RoleKind {
        FinalResponsible = "final-responsible", "管理責任者";
        SystemAdministrator = "system-administrator", "システム管理者";
        OperationManager = "operation-manager", "運用管理責任者";
        PrivacyOfficer = "privacy-officer", "個人情報保護責任者";
    }
}

/// 責任者。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleHolder {
    pub role: RoleKind,
    /// 役職と氏名。
    pub name: String,
    /// 役割。
    #[serde(default)]
    pub duties: String,
    /// 任命・解任の決まり。
    #[serde(default)]
    pub appointment: String,
    /// 任期。
    #[serde(default)]
    pub period: String,
    /// 緊急時の代行者。
    #[serde(default)]
    pub deputy: String,
    /// 資格・経験（システム管理者の場合）。
    #[serde(default)]
    pub qualification: String,
}

/// 選定時に示す項目。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SelectionItem {
    /// 表4-1の番号（1～19）。
    #[schemars(range(min = 1, max = 19))]
    pub item: u8,
    /// 文書名。
    pub document: String,
    /// 開示方法・条件・範囲。
    #[serde(default)]
    pub disclosure: String,
    /// 開示日。
    #[serde(default)]
    pub disclosed_on: Option<Date>,
    /// 医療機関等が受け取りを確認した日。
    #[serde(default)]
    pub acknowledged_on: Option<Date>,
}

/// 認証など。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Certification {
    /// 例: JIS Q 27001、プライバシーマーク。
    pub name: String,
    #[serde(default)]
    pub scope: String,
    #[serde(default)]
    pub number: String,
    #[serde(default)]
    pub expires_on: Option<Date>,
}

/// リスク分析の方法（5.1.2、5.1.3）。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MethodSpec {
    /// 方法の名前と版。文書に載る。
    pub id: String,
    /// 影響度の尺度。小さい順。
    pub impact: Vec<Step>,
    /// 顕在化率の尺度。小さい順。
    pub likelihood: Vec<Step>,
    /// ランク。値の大きい順。
    pub ranks: Vec<Band>,
}

/// 尺度の一段。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    #[schemars(range(min = 1, max = 20))]
    pub value: u8,
    pub label: String,
    #[serde(default)]
    pub gloss: Option<String>,
}

/// ランクと、その扱い。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// 一文字（例: S）。
    #[schemars(length(min = 1, max = 1))]
    pub rank: String,
    pub from: u16,
    pub to: u16,
    #[schemars(with = "CriterionToken")]
    pub rule: RankRule,
}

choice! {
    /// ランクの扱い（リスク基準）。
    CriterionToken {
        SeveralMeasures = "several-measures", "複数の対策による対応が必須";
        Treat = "treat", "対応が必須";
        Judge = "judge", "個別に判断";
        None = "none", "対応は不要";
    }
}

/// 文書の表紙に載せる事柄（DOC-002）。
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentInfo {
    /// 文書番号の前半（文書の種類が後に付く）。
    #[serde(default)]
    pub number: Option<String>,
    /// 版数（例: 第1.0版）。
    #[serde(default)]
    pub edition: Option<String>,
    /// 発行日。空のあいだは案として扱う。
    #[serde(default)]
    pub issued_on: Option<Date>,
    /// 適用開始日。
    #[serde(default)]
    pub valid_from: Option<Date>,
    /// 適用終了日。
    #[serde(default)]
    pub valid_to: Option<Date>,
    #[serde(default)]
    pub author: Option<String>,
    #[serde(default)]
    pub approver: Option<String>,
    /// 取扱区分（例: 社外秘）。
    #[serde(default)]
    pub confidentiality: Option<String>,
    /// 日付の書き方。
    #[serde(default)]
    pub dates: DateStyle,
    /// 改訂履歴。
    #[serde(default)]
    pub history: Vec<HistoryEntry>,
}

choice! {
    /// 日付の書き方。
    DateStyle {
        Era = "era", "和暦";
        Western = "western", "西暦";
    }
}

#[expect(clippy::derivable_impls, reason = "the macro derives for every choice, and most have no default")]
impl Default for DateStyle {
    fn default() -> Self {
        Self::Era
    }
}

/// 改訂履歴の一行。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HistoryEntry {
    pub edition: String,
    pub on: Date,
    pub change: String,
    pub author: String,
    pub approver: String,
}
