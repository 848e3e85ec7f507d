//! `shirube.yaml`: the service, its parties, delivery form and method.
//!
//! Doc comments of the file's fields are Japanese: editors show them through the JSON Schema.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Answer, Certification, Date, DocumentInfo, EditionChange, Layer, MethodSpec, RoleHolder, SelectionItem};
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
    /// 次の版への移行（並行して答える期間と、新しい版が主となる日）。
    #[serde(default)]
    pub edition_changes: Vec<EditionChange>,
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

    /// Everything that is provided, layer by layer, the main part of a layer first.
    pub fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        Layer::ALL.iter().flat_map(move |&layer| {
            let Component { form, party, also } = self.of(layer);
            let main = Part { layer, form: *form, party, what: None, at: PartPlace::Layer };
            std::iter::once(main).chain(also.iter().enumerate().map(move |(at, part)| Part {
                layer,
                form: part.form,
                party: &part.party,
                what: Some(&part.what),
                at: PartPlace::Also(at),
            }))
        })
    }
}

/// 構成要素の提供のしかた。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Component {
    pub form: Form,
    /// 提供する組織（partiesのid）。
    pub party: String,
    /// 同じ層の一部を、ほかの組織が提供するとき。
    #[serde(default)]
    pub also: Vec<OtherPart>,
}

/// 構成要素の一部を提供する、ほかの組織。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherPart {
    /// 提供する組織（partiesのid）。
    pub party: String,
    pub form: Form,
    /// 提供するもの（例: 閉域網）。
    #[schemars(length(min = 1))]
    pub what: String,
}

/// One thing one organisation provides: a layer, or part of it.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    pub layer: Layer,
    pub form: Form,
    pub party: &'a str,
    /// What it is, if it is only part of the layer.
    pub what: Option<&'a str>,
    /// JSON pointer into `shirube.yaml`, without the field.
    pub at: PartPlace,
}

/// Where a part stands in `delivery`.
#[derive(Debug, Clone, Copy)]
pub enum PartPlace {
    Layer,
    Also(usize),
}

impl Part<'_> {
    /// `インフラ`, or `インフラ（閉域網）` for part of it.
    pub fn term(&self) -> String {
        self.what.map_or_else(|| self.layer.term().to_owned(), |what| format!("{}（{what}）", self.layer.term()))
    }

    /// JSON pointer into `shirube.yaml`.
    pub(crate) fn pointer(&self) -> String {
        let layer = format!("/delivery/{}", self.layer.token());
        match self.at {
            PartPlace::Layer => layer,
            PartPlace::Also(at) => format!("{layer}/also/{at}"),
        }
    }
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
