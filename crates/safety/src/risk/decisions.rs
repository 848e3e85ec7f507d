//! `assessment.yaml`: what people decided about risks. Nothing in it is made by a program.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shirube_catalog::Property;

use super::{ConsiderationAnswer, OwnControl, OwnScenario, Treatment};
use crate::choice::choice;
use crate::model::Date;

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
    /// ガイドラインのリスクシナリオ例のほかに考えるシナリオ。
    #[serde(default)]
    pub scenarios: Vec<OwnScenario>,
    /// 別紙2の対策項目のほかに設ける対策項目。
    #[serde(default)]
    pub controls: Vec<OwnControl>,
    /// 規則から出ないリスクを書き足す。
    #[serde(default)]
    pub risks: Vec<OwnRisk>,
    /// リスクの特定を終えた記録。規則が示した「当てはまらない理由」を確かめてから書く。
    #[serde(default)]
    pub identification_closed: Option<Signed>,
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
    /// リスクマネジメントの見直しの記録（年に1回以上）。
    #[serde(default)]
    pub reviews: Vec<Review>,
}

/// 誰が、いつ、なぜ決めたか。
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// 決めた人。
    #[schemars(regex(pattern = r"\S"))]
    pub by: String,
    /// 決めた日。
    pub on: Date,
    /// 理由。
    #[schemars(regex(pattern = r"\S"))]
    pub reason: String,
}

/// 独自の脅威。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnThreat {
    /// 「OWN-」で始める。
    #[schemars(regex(pattern = r"^OWN-"))]
    pub id: String,
    #[schemars(regex(pattern = r"\S"))]
    pub name: String,
    #[serde(default)]
    pub description: String,
    /// 当てはまらない情報流について、まとめて述べる理由。
    #[schemars(regex(pattern = r"\S"))]
    pub otherwise: String,
}

/// 独自のリスク。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnRisk {
    /// 短い名前（「/」と空白は使えない）。リスクのidは「情報流のid/脅威/この名前」になる。
    #[schemars(regex(pattern = r"^[^/\s]+$"))]
    pub id: String,
    /// 情報流のid。
    pub flow: String,
    /// 脅威（TH01～TH10又はOWN-…）。
    pub threat: String,
    /// 何が起こるか。
    #[schemars(regex(pattern = r"\S"))]
    pub statement: String,
    /// 損なわれる性質。
    #[serde(default)]
    #[schemars(with = "Vec<PropertyToken>")]
    pub properties: Vec<Property>,
    /// 当てはまるリスクシナリオ（S01など、又は「OWN-」で始まるid）。
    #[serde(default)]
    pub scenarios: Vec<String>,
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
    #[schemars(regex(pattern = r"\S"))]
    pub statement: Option<String>,
    /// 影響度。
    #[schemars(range(min = 1, max = 20))]
    pub impact: u8,
    /// 影響度の理由（機密性・完全性・可用性を合わせて）。
    #[schemars(regex(pattern = r"\S"))]
    pub impact_reason: String,
    /// 顕在化率。
    #[schemars(range(min = 1, max = 20))]
    pub likelihood: u8,
    /// 顕在化率の前提。
    #[schemars(regex(pattern = r"\S"))]
    pub likelihood_reason: String,
    /// まとめて書いたリスクのうち、影響度又は顕在化率がほかと違うもの。書かないものには、上の値を用いる。
    #[serde(default)]
    pub each: Vec<OwnValues>,
    /// 対応要否。ランクの基準どおりなら省ける。
    #[serde(default)]
    pub needed: Option<bool>,
    /// 対応要否の理由。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub needed_reason: Option<String>,
    /// 基準と異なる扱いにするときの承認者。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub approver: Option<String>,
    /// 機密性・完全性・可用性のそれぞれについての影響度。書くときは、最も大きいものが影響度になる。
    #[serde(default)]
    pub impact_on: Option<ImpactOn>,
    /// 顕在化率を上げ下げする要因（5.1.2）のうち、当てはまるもの。
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub factors: Vec<LikelihoodFactor>,
    /// 決めたときの前提の符号。shirube assess --format json の decisions[].basis を写すと、前提が変わったときに見直しを促す。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub basis: Option<String>,
    /// リスク所有者。
    #[serde(default)]
    #[schemars(regex(pattern = r"\S"))]
    pub owner: Option<String>,
    pub decided: Signed,
}

/// まとめて書いた決定の中で、一つのリスクだけに用いる値。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnValues {
    /// リスクのid。この決定のrisksにあるもの。
    pub risk: String,
    /// 影響度。ほかと同じなら省ける。
    #[serde(default)]
    #[schemars(range(min = 1, max = 20))]
    pub impact: Option<u8>,
    /// 顕在化率。ほかと同じなら省ける。
    #[serde(default)]
    #[schemars(range(min = 1, max = 20))]
    pub likelihood: Option<u8>,
    /// ほかと違う理由。
    #[schemars(regex(pattern = r"\S"))]
    pub reason: String,
}

impl Decision {
    /// 影響度 and 顕在化率 of one of its risks (RISK-017).
    pub fn values_of(&self, risk: &str) -> (u8, u8) {
        let own = self.own_values(risk);
        let impact = own.and_then(|own| own.impact).unwrap_or(self.impact);
        (impact, own.and_then(|own| own.likelihood).unwrap_or(self.likelihood))
    }

    /// Why one of its risks has its 影響度.
    pub fn impact_reason_of(&self, risk: &str) -> String {
        let own = self.own_values(risk).filter(|own| own.impact.is_some());
        with_own(&self.impact_reason, own)
    }

    /// Why one of its risks has its 顕在化率.
    pub fn likelihood_reason_of(&self, risk: &str) -> String {
        let own = self.own_values(risk).filter(|own| own.likelihood.is_some());
        with_own(&self.likelihood_reason, own)
    }

    fn own_values(&self, risk: &str) -> Option<&OwnValues> {
        self.each.iter().find(|own| own.risk == risk)
    }
}

/// The reason of all, then what is different here.
fn with_own(common: &str, own: Option<&OwnValues>) -> String {
    match own {
        Some(own) => format!("{}。ただし、{}", common.trim_end_matches('。'), own.reason),
        None => common.to_owned(),
    }
}

choice! {
    /// 損なわれる性質。
    PropertyToken {
        Confidentiality = "confidentiality", "機密性";
        Integrity = "integrity", "完全性";
        Availability = "availability", "可用性";
        Authenticity = "authenticity", "真正性";
        Readability = "readability", "見読性";
        Preservation = "preservation", "保存性";
    }
}

/// 性質ごとの影響度。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImpactOn {
    /// 機密性が損なわれたとき。
    #[schemars(range(min = 1, max = 20))]
    pub confidentiality: u8,
    /// 完全性が損なわれたとき。
    #[schemars(range(min = 1, max = 20))]
    pub integrity: u8,
    /// 可用性が損なわれたとき。
    #[schemars(range(min = 1, max = 20))]
    pub availability: u8,
}

impl ImpactOn {
    /// The 影響度 that all three make together (5.1.2).
    pub fn worst(&self) -> u8 {
        self.confidentiality.max(self.integrity).max(self.availability)
    }
}

choice! {
    /// 顕在化率を上げ下げする要因（5.1.2）。
    LikelihoodFactor {
        InternetReachable = "internet-reachable", "インターネットから直接攻撃できる";
        NoAuthentication = "no-authentication", "認証を求めていない";
        KnownDamage = "known-damage", "手口が知られ、被害が現に生じている";
        PhysicalEntry = "physical-entry", "施設に入らないと攻撃できない";
        MultiFactor = "multi-factor", "多要素認証を求めている";
        Difficult = "difficult", "手口が知られていない、又は難しい";
    }
}

/// 見直しの記録（5.1.7）。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// 見直した日。
    pub on: Date,
    /// きっかけ。
    pub cause: ReviewCause,
    /// 参加した人。
    #[schemars(length(min = 1), inner(regex(pattern = r"\S")))]
    pub participants: Vec<String>,
    /// 有効性を確かめた結果と、決めたこと。
    #[schemars(regex(pattern = r"\S"))]
    pub result: String,
    /// 次に見直す日。
    pub next_on: Date,
}

choice! {
    /// 見直しのきっかけ。
    ReviewCause {
        Annual = "annual", "定期の見直し";
        Flow = "flow", "情報流の変更";
        Threat = "threat", "脅威の変化";
        Incident = "incident", "事故や想定外の出来事";
        Request = "request", "医療機関等の要求の変化";
        Environment = "environment", "環境の変化";
        Edition = "edition", "ガイドラインの改定";
        Vulnerability = "vulnerability", "脆弱性の情報";
        SupplierReport = "supplier-report", "提供元からの報告";
        EndOfSupport = "end-of-support", "サポートの終了";
    }
}
