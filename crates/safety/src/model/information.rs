//! The information of a service: classes, kinds, documents (guideline 2.1, 5.1.1).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Answer, Date, Frequency, InformationKind, ServiceFile, StandsFor, SystemFile, Volume};
use crate::choice::choice;

/// 情報の分類（5.1.1）。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InformationClass {
    pub id: String,
    /// 一覧の「分類」に書く言い方（例: 患者個人情報）。
    pub name: String,
    /// リスクの文に使う短い言い方。省くと分類の言い方。
    #[serde(default)]
    pub short: Option<String>,
    /// 安全管理上の重要度。影響度の案の出発点になる。
    #[schemars(range(min = 1, max = 20))]
    pub importance: u8,
    /// 重要度の理由。
    #[serde(default)]
    pub reason: String,
    /// 医療機関等に尋ねた、医療機関等の側での分類の結果（5.1.1）。参考であり、上の重要度は変わらない。
    #[serde(default)]
    pub institution: Option<InstitutionClass>,
}

/// 医療機関等が、厚生労働省のガイドラインに沿って行った分類の結果。
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InstitutionClass {
    /// 尋ねた日。
    #[serde(default)]
    pub asked_on: Option<Date>,
    /// 答えを受け取った日。
    #[serde(default)]
    pub answered_on: Option<Date>,
    /// 答えを、こちらの重要度の尺度で読んだ値。
    #[serde(default)]
    #[schemars(range(min = 1, max = 20))]
    pub importance: Option<u8>,
    /// 答えの言葉や、読み替え方。
    #[serde(default)]
    pub note: String,
}

/// 情報。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Information {
    pub id: String,
    /// 表に書く言い方（例: オーダ/検査結果等）。
    pub name: String,
    /// 分類（information_classesのid）。
    pub class: String,
    pub kind: InformationKind,
    /// 派生する情報流がこの情報を指す。
    #[serde(default)]
    pub stands_for: Option<StandsFor>,
    /// 医療情報（患者を識別できる、医療に関する情報）か（2.1）。
    #[serde(default)]
    pub medical: Answer,
    /// そう考える理由。
    #[serde(default)]
    pub medical_reason: String,
    /// 介護事業者が、医療従事者の指示で作る情報か（2.1）。
    #[serde(default)]
    pub made_on_instruction: Answer,
    /// 元になった情報（informationのid）。例: 匿名化する前の情報。
    #[serde(default)]
    pub derived_from: Option<String>,
    /// 誰の情報を含むか。
    #[serde(default)]
    pub subjects: Vec<Subject>,
    #[serde(default)]
    pub volume: Volume,
    #[serde(default)]
    pub frequency: Frequency,
    /// 含まれる文書の種類（FLOW-014）。
    #[serde(default)]
    pub documents: Vec<DocumentKind>,
}

/// 文書の種類と、保存や署名の義務。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentKind {
    /// 例: 診療録。
    pub name: String,
    /// e-文書法・施行通知の対象か。
    #[serde(default)]
    pub e_document: Answer,
    /// 法定の保存年数。
    #[serde(default)]
    pub retention_years: Option<u32>,
    /// 保存の根拠（例: 医師法第24条）。
    #[serde(default)]
    pub basis: String,
    /// 法令で署名又は記名・押印が要るか。
    #[serde(default)]
    pub signature: Answer,
    /// 取扱いに注意を要する文書（6.4）か。
    #[serde(default)]
    pub sensitive: Answer,
    /// 6.4の文書のとき、その種類。
    #[serde(default)]
    pub sensitive_kind: Option<SensitiveKind>,
}

choice! {
    /// 誰の情報か。
    Subject {
        Living = "living", "生存する患者";
        Deceased = "deceased", "死者";
        Anonymised = "anonymised", "匿名化した情報";
    }
}

choice! {
    /// 取扱いに注意を要する文書の種類（6.4）。
    SensitiveKind {
        OutsideNotice = "outside-notice", "施行通知にはないが、e-文書法の対象で患者の情報を含む文書（麻薬帳簿など）";
        PeriodPassed = "period-passed", "法定の保存年限を過ぎた文書";
        TestRecord = "test-record", "診療録への記載のため参照した生理検査の記録や画像";
        FeeCalculation = "fee-calculation", "診療報酬の算定に要る文書（薬剤服用歴の記録など）";
    }
}

impl SystemFile {
    /// Classes that hold 医療情報 of an application of ours: the institution has its own view of them (FLOW-010).
    pub fn classes_to_ask(&self, service: &ServiceFile) -> Vec<usize> {
        if service.delivery.application.party != service.provider {
            return Vec::new();
        }
        let medical = |class: &InformationClass| {
            self.information.iter().any(|held| held.medical == Answer::Yes && held.class == class.id)
        };
        (0..self.information_classes.len()).filter(|&at| medical(&self.information_classes[at])).collect()
    }
}

impl DocumentKind {
    /// What nobody has confirmed.
    pub fn unknown(&self) -> Vec<&'static str> {
        let kept = self.e_document != Answer::No;
        let checks = [
            (self.e_document == Answer::Unknown, "e-文書法の対象か"),
            (kept && self.retention_years.is_none(), "法定の保存年数"),
            (kept && self.basis.trim().is_empty(), "保存の根拠"),
            (self.signature == Answer::Unknown, "署名の要否"),
            (self.sensitive == Answer::Unknown, "6.4の文書か"),
            (self.sensitive == Answer::Yes && self.sensitive_kind.is_none(), "6.4の文書の種類"),
        ];
        checks.into_iter().filter(|(unknown, _)| *unknown).map(|(_, term)| term).collect()
    }
}
