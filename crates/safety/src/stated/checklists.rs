//! `checklists.yaml`: the checklists that hospitals send or hold, and what people answered.
//!
//! Answers stand in one list of their own, each with the sheet it belongs to: so each is a record with a form, and a
//! merge of two people's answers never meets a whole sheet.
//!
//! Doc comments of the file's fields are Japanese: editors show them through the JSON Schema.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::choice::choice;
use crate::model::Date;

/// 確認表と、その答え。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct ChecklistsFile {
    /// 確認表。
    #[serde(default)]
    pub sheets: Vec<ChecklistSheet>,
    /// 確認表の答え。書かれていない項目は「未回答」。
    #[serde(default)]
    pub replies: Vec<ChecklistReply>,
    /// 手元の様式から書き写した設問。
    #[serde(default)]
    pub questions: Vec<ChecklistQuestion>,
}

choice! {
    /// 確認表の版。
    ChecklistKind {
        Cyber2023 = "cyber-2023", "サイバーセキュリティ対策チェックリスト（令和5年度版）";
        Cyber2024 = "cyber-2024", "サイバーセキュリティ対策チェックリスト（令和6年度版）";
        Cyber2025 = "cyber-2025", "サイバーセキュリティ対策チェックリスト（令和7年度版）";
        Cyber2026 = "cyber-2026", "サイバーセキュリティ対策チェックリスト（令和8年度版）";
        MhlwThird = "mhlw-3.0", "最低限のガイドライン遵守チェックリスト（第3版）";
        RoleDivision = "role-division-2024", "役割分担等に関する確認表（令和6年6月）";
        MdsSds = "mds-sds-5.0", "医療情報セキュリティ開示書（MDS/SDS）Ver.5.0";
    }
}

impl ChecklistKind {
    /// Whether it is one of the cyber security checklists, which come anew each fiscal year.
    pub fn is_cyber(self) -> bool {
        self.cyber_year().is_some()
    }

    /// The fiscal year that the edition is for.
    pub fn cyber_year(self) -> Option<u16> {
        match self {
            Self::Cyber2023 => Some(2023),
            Self::Cyber2024 => Some(2024),
            Self::Cyber2025 => Some(2025),
            Self::Cyber2026 => Some(2026),
            Self::MhlwThird | Self::RoleDivision | Self::MdsSds => None,
        }
    }
}

choice! {
    /// 確認表の様式。
    ChecklistForm {
        Institution = "institution", "医療機関確認用";
        Provider = "provider", "事業者確認用";
    }
}

/// 確認表。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChecklistSheet {
    pub id: String,
    /// 確認表の版。
    pub list: ChecklistKind,
    /// 確認表の様式。サイバーセキュリティ対策チェックリストのときに書く。
    #[serde(default)]
    pub form: Option<ChecklistForm>,
    /// 相手の医療機関等（partiesのid）。
    #[serde(default)]
    pub institution: Option<String>,
    /// 医療情報システムの名前。
    #[serde(default)]
    pub system: Option<String>,
    /// 年度（西暦。例: 2026）。4月1日から翌年3月31日まで。
    #[serde(default)]
    #[schemars(range(min = 2000, max = 2100))]
    pub fiscal_year: Option<u16>,
    /// 確認した人（役職と氏名）。
    #[serde(default)]
    pub confirmed_by: Option<String>,
    /// 確認を終えた日。
    #[serde(default)]
    pub confirmed_on: Option<Date>,
    #[serde(default)]
    pub note: Option<String>,
}

choice! {
    /// 確認の結果。
    ChecklistState {
        Done = "done", "はい（実施済）";
        NotDone = "not-done", "いいえ（未実施）";
        NotApplicable = "not-applicable", "対象外";
    }
}

choice! {
    /// 記入された表の印。
    BoxMark {
        Filled = "filled", "■";
        Empty = "empty", "□";
    }
}

choice! {
    /// 行う者。
    WhoDoes {
        Institution = "institution", "医療機関等";
        Provider = "provider", "対象事業者";
        Both = "both", "医療機関等と対象事業者";
    }
}

/// 確認表の答え。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChecklistReply {
    /// 確認表（sheetsのid）。
    pub sheet: String,
    /// 項目の番号（例: 事業者.2.①）。番号の一覧は、shirube catalog list cyber-2025 などで確かめられる。
    pub item: String,
    /// 確認の結果。
    #[serde(default)]
    pub state: Option<ChecklistState>,
    /// 記入された表の印。取り込んだ表の■と□を、そのまま残すときに書く。
    #[serde(default)]
    pub mark: Option<BoxMark>,
    /// 行う者。役割分担の確認表のときに書く。
    #[serde(default)]
    pub who: Option<WhoDoes>,
    /// 実施内容。
    #[serde(default)]
    pub content: Option<String>,
    /// 対象外とする理由。
    #[serde(default)]
    pub reason: Option<String>,
    /// 確認した日。
    #[serde(default)]
    pub confirmed_on: Option<Date>,
    /// 目標日。「いいえ」のときに書く。
    #[serde(default)]
    pub target_on: Option<Date>,
    /// 完了した日。役割分担の確認表で、初回が「いいえ」のときに書く。
    #[serde(default)]
    pub completed_on: Option<Date>,
    /// 2回目からの確認。
    #[serde(default)]
    #[schemars(length(max = 2))]
    pub again: Vec<ChecklistAgain>,
    #[serde(default)]
    pub note: Option<String>,
}

/// 2回目からの確認。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChecklistAgain {
    /// 確認した日。
    pub on: Date,
    /// 確認の結果。
    pub state: ChecklistState,
}

/// 手元の様式から書き写した設問。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChecklistQuestion {
    /// 確認表（sheetsのid）。
    pub sheet: String,
    /// 設問の番号（様式のとおり）。
    pub number: String,
    /// 領域や節の名前。
    #[serde(default)]
    pub area: Option<String>,
    /// 設問の文。
    pub question: String,
}

/// What a reply says, with what belongs to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Said<'a> {
    /// Nobody said; never to be shown as anything else.
    Open,
    Done {
        content: Option<&'a str>,
    },
    NotDone {
        target: Option<Date>,
    },
    NotApplicable {
        reason: Option<&'a str>,
    },
}

impl ChecklistReply {
    pub fn said(&self) -> Said<'_> {
        match self.state {
            None => Said::Open,
            Some(ChecklistState::Done) => Said::Done { content: text(self.content.as_deref()) },
            Some(ChecklistState::NotDone) => Said::NotDone { target: self.target_on },
            Some(ChecklistState::NotApplicable) => Said::NotApplicable { reason: text(self.reason.as_deref()) },
        }
    }

    /// The box of the printed sheet: as it was filled in, else what follows from the state; `None` while nobody said.
    pub fn box_mark(&self) -> Option<BoxMark> {
        let of_state = self.state.map(|state| match state {
            ChecklistState::Done => BoxMark::Filled,
            ChecklistState::NotDone | ChecklistState::NotApplicable => BoxMark::Empty,
        });
        self.mark.or(of_state)
    }
}

/// A text that says something.
fn text(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}
