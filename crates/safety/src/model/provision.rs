//! What a provider shows of itself when it is chosen: responsible people, documents, certifications (PARTY-009, PARTY-013).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Answer, Date};
use crate::choice::choice;

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
    #[serde(default)]
    pub document: String,
    /// 文書で示さず、この欄に直接書いて示すときの内容。
    #[serde(default)]
    pub text: String,
    /// 秘密保持契約を結んだ相手だけに示すか。noと答えたものだけを公開版に載せる。
    #[serde(default)]
    pub nda: Answer,
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

impl SelectionItem {
    /// Whether it may stand in a copy for anybody (DOC-004).
    pub fn is_open(&self) -> bool {
        self.nda == Answer::No
    }

    /// What is shown: the text written here, or the name of the document.
    pub fn shown(&self) -> String {
        let parts = [self.document.trim(), self.text.trim()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
    }
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
