//! Registers as they are declared: fields, states, steps, periodic duties, and what a record is evidence for.
//!
//! The declarations that come with the program are read from `catalogs/registers`; the list is ours, made from 別紙1, 別紙2
//! and the guideline. An organisation declares its own with the same types, so the doc comments of fields are Japanese:
//! editors show them through the JSON Schema.

mod fault;
mod span;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use crate::ControlId;

pub use fault::{Fault, RESERVED_IDS, RESERVED_TITLES};
pub use span::{Bound, Span};

/// One register with everything that follows from its declaration.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// Never changed once published; the name of its file.
    pub id: String,
    pub title: String,
    pub group: RegisterGroup,
    pub purpose: String,
    /// Sections, clauses and controls as printed.
    pub sources: Vec<String>,
    /// What one row is called.
    pub entry: String,
    #[serde(default)]
    pub evidences: Vec<Evidenced>,
    /// Fields that name an entry of a table that has no numbers.
    #[serde(default)]
    pub named_by: Vec<String>,
    pub fields: Vec<RegisterField>,
    pub states: Vec<RegisterState>,
    #[serde(default)]
    pub steps: Vec<RegisterStep>,
    #[serde(default)]
    pub duties: Vec<RegisterDuty>,
    #[serde(default)]
    pub retention: Option<Retention>,
    pub print: RegisterPrint,
}

/// Where a register stands among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RegisterGroup {
    /// 資産
    Assets,
    /// 利用者と権限
    Accounts,
    /// 保守と変更
    Maintenance,
    /// 要員
    People,
    /// 施設
    Sites,
    /// 継続と事故
    Continuity,
    /// 委託先
    Suppliers,
    /// 医療機関等への対応
    Institutions,
    /// 点検と監査
    Audit,
}

impl RegisterGroup {
    /// The word people read.
    pub fn term(self) -> &'static str {
        match self {
            Self::Assets => "資産",
            Self::Accounts => "利用者と権限",
            Self::Maintenance => "保守と変更",
            Self::People => "要員",
            Self::Sites => "施設",
            Self::Continuity => "継続と事故",
            Self::Suppliers => "委託先",
            Self::Institutions => "医療機関等への対応",
            Self::Audit => "点検と監査",
        }
    }
}

/// 記録が裏付ける対策項目。
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidenced {
    /// 別紙2（pg-1.0）の対策項目の番号。
    #[schemars(with = "String")]
    pub control: ControlId,
    /// これより古い記録しかないと「記録が古い」と示す期間。書かなければ、示さない。
    #[serde(default)]
    pub fresh: Option<Span>,
}

/// 台帳の欄。
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterField {
    /// 欄のid。英小文字で始め、使い始めたら変えない。
    pub id: String,
    /// 見出し。
    pub title: String,
    /// 何を書く欄か。
    pub kind: FieldKind,
    /// 必ず書く欄か。trueは常に、状態のidの一覧はその状態のとき。
    #[serde(default)]
    pub required: Required,
    /// 同じ内容を二度書かない欄か。
    #[serde(default)]
    pub unique: bool,
    /// いくつも書ける欄か。
    #[serde(default)]
    pub many: bool,
    /// 選べるもの（kindがchoiceのとき）。
    #[serde(default)]
    pub options: Vec<String>,
    /// どの台帳の記録か（kindがentryのとき。台帳のid）。
    #[serde(default)]
    pub of: Option<String>,
    /// この日付の欄より前の日ではおかしいとき、その欄のid。
    #[serde(default)]
    pub not_before: Option<String>,
    /// 個人の名前などを含み、医療機関等への報告に載せない欄か。
    #[serde(default)]
    pub personal: bool,
    /// 何を書くかの説明。
    #[serde(default)]
    pub help: Option<String>,
}

/// What is written into a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FieldKind {
    /// 一行の文字
    Text,
    /// 何行でも書ける文字
    Note,
    /// 数
    Number,
    /// はい・いいえ
    YesNo,
    /// 日付
    Date,
    /// 日時
    Time,
    /// 選択
    Choice,
    /// 人
    Person,
    /// 事業者や組織
    Party,
    /// 機器など（system.yamlのnodes）
    Node,
    /// 場所（system.yamlのsites）
    Site,
    /// 情報（system.yamlのinformation）
    Information,
    /// 医療機関等
    Institution,
    /// ほかの台帳の記録
    Entry,
    /// 証跡の名前や綴じた場所
    Evidence,
}

impl FieldKind {
    /// The word people read.
    pub fn term(self) -> &'static str {
        match self {
            Self::Text => "一行の文字",
            Self::Note => "何行でも書ける文字",
            Self::Number => "数",
            Self::YesNo => "はい・いいえ",
            Self::Date => "日付",
            Self::Time => "日時",
            Self::Choice => "選択",
            Self::Person => "人",
            Self::Party => "事業者や組織",
            Self::Node => "機器など",
            Self::Site => "場所",
            Self::Information => "情報",
            Self::Institution => "医療機関等",
            Self::Entry => "ほかの台帳の記録",
            Self::Evidence => "証跡の名前や綴じた場所",
        }
    }

    /// Whether it holds a moment, by day or by minute.
    pub fn is_dated(self) -> bool {
        matches!(self, Self::Date | Self::Time)
    }
}

/// When a field must be written.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Required {
    #[default]
    Never,
    Always,
    /// In these states.
    In(Vec<String>),
}

impl Required {
    /// Whether it must be written in a state.
    pub fn holds_in(&self, state: &str) -> bool {
        match self {
            Self::Never => false,
            Self::Always => true,
            Self::In(states) => states.iter().any(|one| one == state),
        }
    }
}

impl<'de> Deserialize<'de> for Required {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Flag(bool),
            States(Vec<String>),
        }
        Ok(match Written::deserialize(from)? {
            Written::Flag(true) => Self::Always,
            Written::Flag(false) => Self::Never,
            Written::States(states) => Self::In(states),
        })
    }
}

impl JsonSchema for Required {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Required".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "boolean" }, { "type": "array", "items": { "type": "string" } }] })
    }
}

/// 状態。
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterState {
    /// 状態のid。使い始めたら変えない。
    pub id: String,
    /// 状態の名前。
    pub title: String,
    /// 終わった記録か。
    #[serde(default)]
    pub closed: bool,
}

/// 状態を進める手続。
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterStep {
    /// 手続のid。使い始めたら変えない。
    pub id: String,
    /// 手続の名前。
    pub title: String,
    /// どの状態から進めるか（状態のidの一覧）。
    pub from: Vec<String>,
    /// どの状態にするか（状態のid）。
    pub to: String,
    /// 進めるときに書いてあるべき欄。
    #[serde(default)]
    pub requires: Vec<String>,
    /// 誰が行うか。
    pub by: StepBy,
    /// 同じ人であってはならない人の欄。
    #[serde(default)]
    pub other_than: Option<String>,
    /// 状態のほかに、進めてよいかを決める決まり（備え付けの台帳だけで使う）。
    #[serde(default)]
    pub guard: Option<StepGuard>,
}

/// 手続を進めてよいかを、ほかの記録から決める決まり。
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StepGuard {
    /// 保守の告知と承諾
    Maintenance,
}

impl StepGuard {
    /// The register whose steps it is for: it reads fields that no other has.
    pub fn register(self) -> &'static str {
        match self {
            Self::Maintenance => "maintenance-notices",
        }
    }
}

/// Who takes a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StepBy {
    /// 誰でも
    Anyone,
    /// 承認する者
    Approver,
    /// 医療機関等の承認
    Institution,
}

impl StepBy {
    /// The word people read.
    pub fn term(self) -> &'static str {
        match self {
            Self::Anyone => "誰でも",
            Self::Approver => "承認する者",
            Self::Institution => "医療機関等の承認",
        }
    }
}

/// 期日のある務め。
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterDuty {
    /// 務めのid。使い始めたら変えない。
    pub id: String,
    /// 務めの名前。
    pub title: String,
    /// 一行ごとか、台帳全体で一つか。
    pub per: DutyPer,
    /// 周期。agreedがtrueのときは、例。
    #[serde(default)]
    pub every: Option<Span>,
    /// 周期を双方で決めるか。決めた周期は operations/periods.yaml に書く。
    #[serde(default)]
    pub agreed: bool,
    /// 数え始める日付の欄。
    #[serde(default)]
    pub from: Option<String>,
    /// この日付の欄より前に一度行う。
    #[serde(default)]
    pub before: Option<Bound>,
    /// この日付の欄のあとに一度行う。
    #[serde(default)]
    pub after: Option<Bound>,
    /// 務めのある状態（状態のidの一覧）。書かなければ、終わっていない状態。
    #[serde(default, rename = "while")]
    pub states: Option<Vec<String>>,
    /// 担当者の欄のid、又は役割の名前。
    #[serde(default)]
    pub owner: Option<String>,
    /// 行った記録が裏付ける対策項目。
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub evidences: Vec<ControlId>,
    /// よりどころ。
    #[serde(default)]
    pub source: Option<String>,
}

/// How often a duty exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DutyPer {
    /// 一行ごと
    Entry,
    /// 台帳全体で一つ
    Register,
}

/// 終わった記録を残す期間。
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// 期間を双方で決めるか。決めた期間は operations/periods.yaml に書く。
    #[serde(default)]
    pub agreed: bool,
    /// 期間（日）。
    #[serde(default)]
    pub days: Option<u32>,
    /// 期間（月）。
    #[serde(default)]
    pub months: Option<u32>,
    /// 期間（年）。
    #[serde(default)]
    pub years: Option<u32>,
    /// よりどころ。
    #[serde(default)]
    pub source: Option<String>,
}

impl Retention {
    /// The period that the declaration itself states.
    pub fn span(&self) -> Option<Span> {
        match (self.days, self.months, self.years) {
            (Some(days), None, None) => Some(Span::Days(days)),
            (None, Some(months), None) => Some(Span::Months(months)),
            (None, None, Some(years)) => Some(Span::Years(years)),
            _ => None,
        }
    }
}

/// 印刷。
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterPrint {
    /// 紙を横に使うか。
    #[serde(default)]
    pub landscape: bool,
    /// 一覧に印刷する欄（欄のid）。
    pub columns: Vec<String>,
}

static REGISTERS: LazyLock<Vec<Register>> = LazyLock::new(|| {
    serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/registers.json")))
        .unwrap_or_else(|error| panic!("the embedded registers do not fit their types: {error}"))
});

/// The embedded registers, in the order of their names.
pub fn registers() -> &'static [Register] {
    &REGISTERS
}

impl Register {
    pub fn field(&self, id: &str) -> Option<&RegisterField> {
        self.fields.iter().find(|field| field.id == id)
    }

    pub fn state(&self, id: &str) -> Option<&RegisterState> {
        self.states.iter().find(|state| state.id == id)
    }

    pub fn step(&self, id: &str) -> Option<&RegisterStep> {
        self.steps.iter().find(|step| step.id == id)
    }

    pub fn duty(&self, id: &str) -> Option<&RegisterDuty> {
        self.duties.iter().find(|duty| duty.id == id)
    }

    /// The state of what was just begun.
    pub fn first_state(&self) -> &RegisterState {
        self.states.first().expect("a declaration without states is refused")
    }

    /// The field that tells entries apart, if there is one.
    pub fn key(&self) -> Option<&RegisterField> {
        self.fields.iter().find(|field| field.unique && !field.many)
    }

    /// Whether a duty exists in a state.
    pub fn has_duty_in(&self, duty: &RegisterDuty, state: &str) -> bool {
        match &duty.states {
            Some(states) => states.iter().any(|one| one == state),
            None => self.state(state).is_some_and(|state| !state.closed),
        }
    }
}
