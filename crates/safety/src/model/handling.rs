//! What happens to information (guideline 5.2.1(1) 手順3 and 手順4), and what people decided about the flows.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Date, Environment, Frequency, Layer, Phase, Volume};

/// 処理。一つの機器ごとに一つの情報流になる。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Handling {
    pub layer: Layer,
    /// 省くと環境から決める（本番は運用、開発・試験は開発）。
    #[serde(default)]
    pub phase: Option<Phase>,
    /// 人（actorsのid）。人が扱わない処理では省く。
    #[serde(default)]
    pub actor: Option<String>,
    /// 機器や媒体（nodesのid）。
    pub nodes: Vec<String>,
    /// 情報（informationのid）。
    pub information: String,
    /// 表に書く言い方（例: 閲覧・操作する）。複数書くと、その数だけ情報流になる。
    #[schemars(transform = verbs_of_list)]
    pub how: Vec<String>,
    /// この処理での量。省くと情報の量。
    #[serde(default)]
    pub volume: Option<Volume>,
    /// この処理の頻度。省くと情報の頻度。
    #[serde(default)]
    pub frequency: Option<Frequency>,
    /// 契約終了時の扱い（同じ層）。
    #[serde(default)]
    pub at_end: Option<HandlingEnd>,
    /// 残った情報について、契約終了時に何もしない理由。
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub at_end_none: Option<String>,
    #[serde(default)]
    pub note: Option<String>,
}

/// 処理で残った情報の、契約終了時の扱い。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HandlingEnd {
    /// 行う人（actorsのid）。
    #[serde(default)]
    pub actor: Option<String>,
    /// 表に書く言い方。省くと「保存された○○」など、処理に合わせて作る。
    #[serde(default)]
    pub what: Option<String>,
    #[serde(default = "super::system::dispose_or_migrate")]
    pub how: String,
}

/// 手で書く情報流。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenFlow {
    pub id: String,
    pub layer: Layer,
    pub phase: Phase,
    /// 人（actorsのid）。
    #[serde(default)]
    pub actor: Option<String>,
    /// 場所の言い方。省くと機器の拠点。
    #[serde(default)]
    pub place: Option<String>,
    /// 機器・媒体（nodesのid）又は接続（linksのid）。
    pub element: String,
    /// 情報（informationのid）。
    pub information: String,
    /// 表に書く言い方。省くと情報の名前。
    #[serde(default)]
    pub what: Option<String>,
    /// 例: 閲覧・操作する。
    #[schemars(transform = verbs)]
    pub how: String,
}

/// 採らない情報流。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectedFlow {
    /// 情報流のid。
    pub flow: String,
    #[schemars(length(min = 1))]
    pub reason: String,
    /// 決めた人。
    #[serde(default)]
    pub by: Option<String>,
    /// 決めた日。
    #[serde(default)]
    pub on: Option<Date>,
}

/// 情報流がない理由。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoFlow {
    pub layer: Layer,
    pub phase: Phase,
    #[schemars(length(min = 1))]
    pub reason: String,
    /// 決めた人。
    #[serde(default)]
    pub by: Option<String>,
    /// 決めた日。
    #[serde(default)]
    pub on: Option<Date>,
}

/// 機器のない環境。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoEnvironment {
    pub environment: Environment,
    /// ない理由（例: 試験も開発環境で行う）。
    #[schemars(length(min = 1))]
    pub reason: String,
}

/// 導かれた情報流を人が確かめた記録。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FlowsReviewed {
    /// 確かめた人。
    #[schemars(length(min = 1))]
    pub by: String,
    /// 確かめた日。
    pub on: Date,
    /// 確かめたときの情報流の数。
    pub flows: usize,
    /// 確かめたときの一覧の要約値。shirube flows の最後に出る。
    #[schemars(length(min = 1))]
    pub digest: String,
    #[serde(default)]
    pub note: Option<String>,
}

/// Editors offer the verbs of the guideline's tables; others stay allowed.
fn verbs(schema: &mut schemars::Schema) {
    let texts: Vec<&str> = shirube_catalog::library().verbs.iter().map(|verb| verb.text.as_str()).collect();
    schema.insert("examples".to_owned(), texts.into());
}

fn verbs_of_list(schema: &mut schemars::Schema) {
    if let Some(items) = schema.get_mut("items").and_then(|items| <&mut schemars::Schema>::try_from(items).ok()) {
        verbs(items);
    }
}
