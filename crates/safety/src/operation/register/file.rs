//! `registers/*.yaml`: declarations of one's own, and `operations/periods.yaml`: periods that both sides agreed.
//!
//! Doc comments of the files' fields are Japanese: editors show them through the JSON Schema.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use shirube_catalog::{
    Evidenced, RegisterDuty, RegisterField, RegisterGroup, RegisterPrint, RegisterState, RegisterStep, Retention, Span,
};

use crate::model::Date;

/// 自社の台帳の宣言、又は備え付けの台帳への追加。
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterFile {
    /// 追加するときの、元の台帳のid。書かなければ、新しい台帳の宣言になる。
    #[serde(default)]
    pub extends: Option<String>,
    /// 台帳のid。ファイルの名前と同じにし、使い始めたら変えない。
    #[serde(default)]
    pub id: Option<String>,
    /// 台帳の名前。
    #[serde(default)]
    pub title: Option<String>,
    /// どの分野の台帳か。
    #[serde(default)]
    pub group: Option<RegisterGroup>,
    /// 何を、何のために書くか。
    #[serde(default)]
    pub purpose: Option<String>,
    /// ガイドラインの節や対策項目などの、よりどころ。
    #[serde(default)]
    pub sources: Vec<String>,
    /// 一行を何と呼ぶか（例: 媒体、申請）。
    #[serde(default)]
    pub entry: Option<String>,
    /// 記録が裏付ける対策項目。
    #[serde(default)]
    pub evidences: Vec<Evidenced>,
    /// 欄。順に印刷し、入力する。
    #[serde(default)]
    pub fields: Vec<RegisterField>,
    /// 状態。最初のものが、書き始めたときの状態。
    #[serde(default)]
    pub states: Vec<RegisterState>,
    /// 状態を進める手続。
    #[serde(default)]
    pub steps: Vec<RegisterStep>,
    /// 期日のある務め。
    #[serde(default)]
    pub duties: Vec<RegisterDuty>,
    /// 終わった記録を残す期間。
    #[serde(default)]
    pub retention: Option<Retention>,
    /// 印刷。追加するときは、印刷に加える欄。
    #[serde(default)]
    pub print: Option<RegisterPrint>,
    /// 元の台帳の選択の欄に加える選択肢（欄のid: 選択肢の一覧）。追加するときだけ書く。
    #[serde(default)]
    pub options: BTreeMap<String, Vec<String>>,
}

/// 双方で決めた、務めの周期と保存の期間。
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PeriodsFile {
    /// 務めの周期。
    #[serde(default)]
    pub duties: Vec<AgreedPeriod>,
    /// 終わった記録を残す期間。
    #[serde(default)]
    pub retention: Vec<AgreedRetention>,
}

/// 一つの務めの周期。
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreedPeriod {
    /// 台帳のid。
    pub register: String,
    /// 務めのid。
    pub duty: String,
    /// 決めた周期（例: { months: 6 }）。周期が台帳の宣言で決まっている務めには書かない。
    #[serde(default)]
    pub every: Option<Span>,
    /// 数え始める日。書かなければ、宣言にある日付の欄、又は最初に行った日から数える。
    #[serde(default)]
    pub from: Option<Date>,
    /// 何で決めたか（例: 2026年4月1日の合意確認書）。
    #[schemars(regex(pattern = r"\S"))]
    pub basis: String,
}

/// 一つの台帳の、終わった記録を残す期間。
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreedRetention {
    /// 台帳のid。
    pub register: String,
    /// 終わってから残す期間（例: { years: 5 }）。
    pub keep: Span,
    /// 何で決めたか（例: 利用契約書 第12条）。
    #[schemars(regex(pattern = r"\S"))]
    pub basis: String,
}
