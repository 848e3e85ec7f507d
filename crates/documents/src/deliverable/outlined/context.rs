//! What the templates of clause documents see: the stated facts as they are, and what follows from the other files.
//!
//! Each field is a word of the template language; outlines are held against the schema of these types.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use shirube_safety::conformity::ControlStatus;
use shirube_safety::model::{Answer, Date, DocumentInfo, DocumentKind, Environment, ModelDocument, RoleKind, Side};
use shirube_safety::risk::ContinuityAnswer;
use shirube_safety::stated::{DisclosureFile, RulesFile, SlaFile};

/// Everything a template can name.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Context<'a> {
    /// A copy for anybody, without what needs a secrecy agreement.
    pub open: bool,
    pub service: NamedService<'a>,
    #[schemars(description = "対象事業者")]
    pub provider: Option<NamedParty<'a>>,
    #[schemars(description = "医療機関等")]
    pub institution: Option<NamedParty<'a>>,
    #[schemars(description = "文書の表紙")]
    pub document: &'a DocumentInfo,
    pub sla: &'a SlaFile,
    pub disclosure: &'a DisclosureFile,
    pub rules: &'a RulesFile,
    #[schemars(description = "責任者")]
    pub roles: Vec<Role<'a>>,
    /// By the kind of the role.
    #[schemars(description = "責任者")]
    pub role: Named<Role<'a>>,
    #[schemars(description = "再委託先")]
    pub suppliers: Vec<Supplier<'a>>,
    #[schemars(description = "認証")]
    pub certifications: Vec<Certificate<'a>>,
    #[schemars(description = "拠点")]
    pub sites: Vec<Place<'a>>,
    pub nodes: Vec<Device<'a>>,
    pub layers: Vec<LayerPart>,
    #[schemars(description = "構成に関する資料")]
    pub configuration_documents: &'a [ModelDocument],
    /// By the number of the section: `6.1`.
    #[schemars(description = "制度上の要求事項")]
    pub statutory: Named<Section<'a>>,
    /// The lines of chapter 6 that somebody answered.
    pub statutory_answers: Vec<Line<'a>>,
    #[schemars(description = "制度上の要求事項")]
    pub statutory_item: Named<Section<'a>>,
    #[schemars(description = "法令が求める文書")]
    pub statutory_documents: Vec<&'a DocumentKind>,
    pub conformity: Answers,
    /// By id, in the order of 別紙2.
    #[schemars(description = "対策項目")]
    pub control: Named<Control<'a>>,
    /// What is agreed on a control, by its id.
    #[schemars(description = "合意する内容")]
    pub agreement: Named<Agreement<'a>>,
    pub agreements: Vec<Agreement<'a>>,
    #[schemars(description = "対策")]
    pub measures: Vec<MeasureFact<'a>>,
    #[schemars(description = "お願いする事項")]
    pub requests: Vec<RequestFact<'a>>,
    #[schemars(description = "初めにお願いすること")]
    pub first_requests: Vec<RequestFact<'a>>,
    #[schemars(description = "事業継続計画")]
    pub continuity: Option<&'a ContinuityAnswer>,
    /// By the number in table 4-1.
    #[schemars(description = "情報提供項目")]
    pub provided: Named<Material<'a>>,
    pub assessment: Overview<'a>,
    #[schemars(description = "対策の費用")]
    pub cost: Costs,
    /// Risks that are kept, gravest first.
    #[schemars(description = "残存するリスク")]
    pub retained: Vec<Retained<'a>>,
    /// Measures that are not done, the next due first.
    #[schemars(description = "対策")]
    pub plan: Vec<MeasureFact<'a>>,
    /// Words of the document with what they mean.
    pub terms: Vec<Word<'a>>,
    #[schemars(description = "送付状の文書番号")]
    pub letter_number: Option<String>,
    #[schemars(description = "同封の文書")]
    pub enclosures: Vec<Enclosure>,
    #[schemars(description = "拠りどころのガイドライン")]
    pub edition: Editions<'a>,
}

/// Records by name, in an order of their own.
#[derive(Debug)]
pub struct Named<T>(pub Vec<(String, T)>);

impl<T: Serialize> Serialize for Named<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for (name, record) in &self.0 {
            map.serialize_entry(name, record)?;
        }
        map.end()
    }
}

impl<T: JsonSchema> JsonSchema for Named<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Named_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        BTreeMap::<String, T>::json_schema(generator)
    }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct NamedService<'a> {
    pub name: &'a str,
    pub description: &'a str,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct NamedParty<'a> {
    #[schemars(description = "名称")]
    pub name: &'a str,
    /// What kind of institution it is.
    #[schemars(description = "医療機関等の種類")]
    pub kind_word: Option<&'static str>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Role<'a> {
    pub role: RoleKind,
    pub role_word: &'static str,
    pub term: &'static str,
    #[schemars(description = "役職と氏名")]
    pub name: &'a str,
    #[schemars(description = "役割")]
    pub duties: &'a str,
    #[schemars(description = "任命・解任")]
    pub appointment: &'a str,
    #[schemars(description = "任期")]
    pub period: &'a str,
    #[schemars(description = "代行者")]
    pub deputy: &'a str,
    #[schemars(description = "資格・経験")]
    pub qualification: &'a str,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Supplier<'a> {
    pub name: &'a str,
    pub service: &'a str,
    #[schemars(description = "契約")]
    pub contract: Option<&'a str>,
    pub start: Option<Date>,
    pub end: Option<Date>,
}

/// A certificate that is held; what is only applied for stands in `disclosure.applications`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Certificate<'a> {
    pub name: &'a str,
    #[schemars(description = "範囲")]
    pub scope: &'a str,
    #[schemars(description = "登録番号")]
    pub number: &'a str,
    #[schemars(description = "有効期限")]
    pub expires_on: Option<Date>,
    /// On the day of the document.
    pub expired: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Place<'a> {
    pub name: &'a str,
    pub owner_name: &'a str,
    pub side: Side,
    #[schemars(description = "国")]
    pub country: Option<&'a str>,
    pub jurisdiction: Option<&'a str>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Device<'a> {
    pub name: &'a str,
    pub environment: Environment,
    pub site_name: Option<&'a str>,
    pub owner_name: Option<&'a str>,
    pub side: Option<Side>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct LayerPart {
    pub word: String,
    pub party_name: String,
    pub what: String,
}

/// A section of chapter 6 with its answer.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Section<'a> {
    pub title: &'a str,
    pub status: ControlStatus,
    #[schemars(description = "説明")]
    pub how: &'a str,
    #[schemars(description = "理由")]
    pub reason: &'a str,
    pub due: Option<Date>,
    /// Whether a person stands behind the answer.
    pub decided: bool,
    pub rows: Vec<Line<'a>>,
}

/// A line of chapter 6.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Line<'a> {
    pub id: &'a str,
    /// What the line asks, as the form has it.
    pub item: &'a str,
    pub row: &'a str,
    pub group: &'a str,
    pub clause: &'a str,
    pub storage: &'a str,
    pub place: &'static str,
    pub status: ControlStatus,
    pub status_word: &'static str,
    #[schemars(description = "対応内容")]
    pub how: &'a str,
    pub reason: String,
    pub due: Option<Date>,
    pub decided: bool,
}

/// How many controls have which status.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Answers {
    pub total: usize,
    pub met: usize,
    pub partial: usize,
    pub alternative: usize,
    pub planned: usize,
    pub not_met: usize,
    pub not_adopted: usize,
    pub not_applicable: usize,
    pub unanswered: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Control<'a> {
    pub id: String,
    pub title: &'a str,
    pub text: &'a str,
    pub status: ControlStatus,
    pub status_word: &'static str,
    #[schemars(description = "どのように満たすか")]
    pub how: &'a str,
    pub reason: &'a str,
    pub exceptions: &'a str,
    pub due: Option<Date>,
    pub decided: bool,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Agreement<'a> {
    pub id: String,
    pub title: &'a str,
    #[schemars(description = "医療機関等と合意する内容")]
    pub text: &'a str,
    pub status: ControlStatus,
    pub status_word: &'static str,
    pub due: Option<Date>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MeasureFact<'a> {
    /// Id of the treatment and place in it: `T-A3-1`.
    pub id: String,
    pub text: &'a str,
    #[schemars(description = "担当者")]
    pub owner: Option<&'a str>,
    pub procedure_needed: bool,
    /// The document that says how it is operated.
    #[schemars(description = "手順書")]
    pub procedure: Option<&'a str>,
    #[schemars(description = "状況")]
    pub status_word: Option<&'static str>,
    #[schemars(description = "期限")]
    pub due: Option<Date>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RequestFact<'a> {
    /// As the list of requests numbers it.
    pub no: usize,
    pub id: String,
    pub text: &'a str,
    pub viewpoint: String,
    pub viewpoint_term: &'static str,
    pub rule_book: Answer,
    pub rule_item: Option<&'a str>,
}

/// What is shown for an item of table 4-1.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Material<'a> {
    pub item: &'a str,
    #[schemars(description = "資料")]
    pub documents: Vec<Shown>,
    pub nda: Answer,
    #[schemars(description = "開示方法・条件・範囲")]
    pub disclosure: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Shown {
    pub name: String,
    #[schemars(description = "開示方法・条件・範囲")]
    pub disclosure: Option<String>,
    #[schemars(description = "秘密保持契約")]
    pub nda: Answer,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Overview<'a> {
    pub total: usize,
    pub undecided: usize,
    /// Measures whose day is past on the day of the document.
    pub overdue: usize,
    /// The treated risks, gravest first.
    pub top: Vec<TopRisk<'a>>,
    pub counts: Vec<RankCount>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct TopRisk<'a> {
    pub text: String,
    pub before_rank: String,
    pub before_value: u16,
    #[schemars(description = "対策の後のランク")]
    pub after_rank: Option<String>,
    pub after_value: Option<u16>,
    /// Nothing remains, and somebody has said so.
    pub residual_none: bool,
    #[schemars(description = "主な対策")]
    pub measure: Option<&'a str>,
    #[schemars(description = "残るもの")]
    pub residual: Option<&'a str>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct RankCount {
    pub rank: String,
    pub before: usize,
    pub after: usize,
}

/// Costs as far as somebody wrote them, in yen.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Costs {
    pub measures: usize,
    pub counted: usize,
    pub uncounted: usize,
    #[schemars(description = "初期の費用")]
    pub initial: Option<u64>,
    #[schemars(description = "毎年の費用")]
    pub yearly: Option<u64>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Retained<'a> {
    /// For readers who ask for the treatment.
    pub id: &'a str,
    pub what: &'a str,
    pub term: &'a str,
    #[schemars(description = "残るもののランク")]
    pub rank: Option<String>,
    #[schemars(description = "残るものの値")]
    pub value: Option<u16>,
    pub approver: &'a str,
    pub on: Date,
    pub text: &'a str,
    pub residual: &'a str,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Word<'a> {
    pub term: &'a str,
    pub text: &'a str,
    pub example: &'a str,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Enclosure {
    pub no: usize,
    pub title: String,
    pub number: Option<String>,
    pub edition: Option<String>,
    pub copies: u32,
    pub draft: bool,
    pub nda: bool,
}

/// The editions that lead, and what they call things.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Editions<'a> {
    pub provider: Option<EditionFact<'a>>,
    pub mhlw: Option<EditionFact<'a>>,
    /// Clauses of the provider guideline, where the edition in force is known to have them.
    pub pg: Named<String>,
    /// Clauses of the institutions' guideline, likewise.
    pub headings: Named<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct EditionFact<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub short: &'static str,
    pub edition: &'a str,
    pub issuers: &'a [String],
    pub published: &'a str,
}
