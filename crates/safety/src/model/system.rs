//! `system.yaml`: sites, nodes, links, actors, information and handlings (guideline 5.2.1(1), 手順1～4).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Answer, Authentication, Encryption, Entry, Environment, Exposure, Frequency, InformationKind, Layer, LinkKind,
    Maintenance, NodeKind, Phase, Portability, Redundancy, RemovableMedia, Side, StandsFor, Volume, WirelessControl,
};

/// 全体構成と、そこでの情報の処理。
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SystemFile {
    /// 拠点（どこの）。
    #[serde(default)]
    pub sites: Vec<Site>,
    /// 機器や記憶媒体（どの機器で）。仮想マシンを含む。
    #[serde(default)]
    pub nodes: Vec<Node>,
    /// 機器同士・拠点同士の接続。
    #[serde(default)]
    pub links: Vec<Link>,
    /// 媒体の搬送。
    #[serde(default)]
    pub transports: Vec<Transport>,
    /// 人（誰が）。
    #[serde(default)]
    pub actors: Vec<Actor>,
    /// 情報の分類と重要度。
    #[serde(default)]
    pub information_classes: Vec<InformationClass>,
    /// 情報（何を）。
    #[serde(default)]
    pub information: Vec<Information>,
    /// 処理（どうするか）。
    #[serde(default)]
    pub handlings: Vec<Handling>,
    /// モデルから導けない情報流を、手で書き足す。
    #[serde(default)]
    pub flows: Vec<WrittenFlow>,
    /// 導かれた情報流を採らないときの理由。
    #[serde(default)]
    pub rejected_flows: Vec<RejectedFlow>,
    /// 層とフェーズの組で情報流がない理由。
    #[serde(default)]
    pub no_flows: Vec<NoFlow>,
}

/// 拠点。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Site {
    pub id: String,
    pub name: String,
    /// 管理する組織（partiesのid）。
    pub owner: String,
    /// 含む拠点（sitesのid）。例: 受付 → 医療機関。
    #[serde(default)]
    pub within: Option<String>,
    /// 責任分界のどちら側か。
    pub side: Side,
    /// 国。情報を置く場所が国内法の執行の及ぶ範囲かを確かめるために使う（6.1）。
    #[serde(default)]
    pub country: Option<String>,
    /// 入室の制限。
    #[serde(default)]
    pub entry: Entry,
}

// Not knowing is legal, and what a missing value means.
macro_rules! unknown_by_default {
    ($($name:ty),+) => { $(impl Default for $name { fn default() -> Self { Self::Unknown } })+ };
}
unknown_by_default!(
    Answer,
    Authentication,
    Encryption,
    Entry,
    Exposure,
    Frequency,
    Maintenance,
    Portability,
    Redundancy,
    RemovableMedia,
    Volume,
    WirelessControl
);

/// 機器や記憶媒体。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Node {
    pub id: String,
    pub name: String,
    /// 層によって呼び名を変えるとき。
    #[serde(default)]
    pub name_on_platform: Option<String>,
    pub kind: NodeKind,
    /// 置かれた拠点（sitesのid）。
    #[serde(default)]
    pub site: Option<String>,
    pub environment: Environment,
    /// 所有する組織（partiesのid）。省くと拠点の組織。
    #[serde(default)]
    pub owner: Option<String>,
    /// 運用する組織（partiesのid）。省くと所有する組織。
    #[serde(default)]
    pub operator: Option<String>,
    #[serde(default)]
    pub exposure: Exposure,
    #[serde(default)]
    pub authentication: Authentication,
    /// 保存する情報の暗号化。
    #[serde(default)]
    pub encryption: Encryption,
    #[serde(default)]
    pub portability: Portability,
    #[serde(default)]
    pub removable_media: RemovableMedia,
    #[serde(default)]
    pub redundancy: Redundancy,
    /// 不正プログラム対策ソフトウェア。
    #[serde(default)]
    pub malware_protection: Answer,
    #[serde(default)]
    pub maintenance: Maintenance,
    #[serde(default)]
    pub backup: Answer,
    /// 利用者認証に使う要素（知識・物理・生体）。
    #[serde(default)]
    pub factors: Vec<AuthenticationFactor>,
    /// アクセスのログを保存する年数。
    #[serde(default)]
    pub log_retention_years: Option<u32>,
    /// 契約終了時の扱い。
    #[serde(default)]
    pub at_end: Vec<AtEnd>,
    /// 契約終了時に何もしない理由。
    #[serde(default)]
    pub at_end_none: Option<String>,
    #[serde(default)]
    pub note: Option<String>,
}

crate::choice::choice! {
    /// 認証の要素（5.1.5(1)(イ)①）。
    AuthenticationFactor {
        Knowledge = "knowledge", "知識認証";
        Possession = "possession", "物理認証";
        Biometric = "biometric", "生体認証";
    }
}

/// 契約終了時の扱い。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AtEnd {
    pub layer: Layer,
    /// 行う人（actorsのid）。
    #[serde(default)]
    pub actor: Option<String>,
    /// 対象の情報（informationのid）。
    pub information: String,
    /// 表に書く言い方。省くと「保存された○○」など、処理に合わせて作る。
    #[serde(default)]
    pub what: Option<String>,
    /// 例: 廃棄もしくは移管する。
    #[serde(default = "dispose_or_migrate")]
    pub how: String,
}

fn dispose_or_migrate() -> String {
    "廃棄もしくは移管する".to_owned()
}

/// 接続。両端は機器又は拠点。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    pub id: String,
    pub name: String,
    pub kind: LinkKind,
    /// 両端（nodes又はsitesのid）。
    #[schemars(length(min = 2, max = 2))]
    pub between: Vec<String>,
    /// 表に書く場所の言い方（例: 対象事業者DCと医療機関等の間）。
    #[serde(default)]
    pub place: Option<String>,
    /// 運用する組織（partiesのid）。
    #[serde(default)]
    pub operator: Option<String>,
    #[serde(default)]
    pub exposure: Exposure,
    #[serde(default)]
    pub encryption: Encryption,
    /// 使う方式（例: TLS 1.2）。
    #[serde(default)]
    pub protocol: Option<String>,
    /// 接続元をクライアント証明書で確かめているか。
    #[serde(default)]
    pub client_certificate: Answer,
    /// IPsecのとき、IKEを組み合わせているか。
    #[serde(default)]
    pub ike: Answer,
    /// SSL-VPNを使っているか。
    #[serde(default)]
    pub ssl_vpn: Answer,
    /// 無線LANのとき、端末の制限。
    #[serde(default)]
    pub wireless_control: WirelessControl,
    #[serde(default)]
    pub redundancy: Redundancy,
    #[serde(default)]
    pub maintenance: Maintenance,
    /// 流れる情報。省くと、拠点をまたぐ接続には「アプリケーション提供に係る情報」が流れるとみる。
    #[serde(default)]
    pub carries: Option<Vec<Carried>>,
    /// 契約終了時の扱い。
    #[serde(default)]
    pub at_end: Vec<AtEnd>,
    /// 契約終了時に何もしない理由。
    #[serde(default)]
    pub at_end_none: Option<String>,
    #[serde(default)]
    pub note: Option<String>,
}

/// 接続を流れる情報。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    /// 情報（informationのid）。
    pub information: String,
    #[serde(default = "operation")]
    pub phase: Phase,
    /// 人（actorsのid）。
    #[serde(default)]
    pub actor: Option<String>,
}

fn operation() -> Phase {
    Phase::Operation
}

/// 媒体の搬送。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Transport {
    pub id: String,
    /// 媒体（nodesのid）。
    pub medium: String,
    /// 出発の拠点（sitesのid）。
    pub from: String,
    /// 到着の拠点（sitesのid）。
    pub to: String,
    /// 表に書く場所の言い方（例: 対象事業者DCと遠隔地間）。
    #[serde(default)]
    pub place: Option<String>,
    /// 運ぶ人（actorsのid）。
    pub actor: String,
    /// 情報（informationのid）。
    pub information: String,
    #[serde(default = "carry")]
    pub how: String,
}

fn carry() -> String {
    "搬送する".to_owned()
}

/// 人。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    pub id: String,
    /// 表に書く言い方（例: 医療事務/看護師等）。
    pub name: String,
    /// 属する組織（partiesのid）。
    pub party: String,
}

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
}

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
    pub how: Vec<String>,
    /// 契約終了時の扱い（同じ層）。
    #[serde(default)]
    pub at_end: Option<HandlingEnd>,
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
    #[serde(default = "dispose_or_migrate")]
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
    pub how: String,
}

/// 採らない情報流。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectedFlow {
    /// 情報流のid。
    pub flow: String,
    pub reason: String,
}

/// 情報流がない理由。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoFlow {
    pub layer: Layer,
    pub phase: Phase,
    pub reason: String,
}

impl Node {
    /// Terms of the attributes nobody has confirmed, among those that matter for this kind of node.
    pub fn unknown(&self) -> Vec<&'static str> {
        let runs = self.kind != NodeKind::Medium;
        let stores = self.kind.is_server() || matches!(self.kind, NodeKind::Medium | NodeKind::MobileTerminal);
        let used = matches!(self.kind, NodeKind::Terminal | NodeKind::MobileTerminal);
        let checks = [
            (runs && self.exposure == Exposure::Unknown, "外部からの届きやすさ（exposure）"),
            (runs && self.authentication == Authentication::Unknown, "認証（authentication）"),
            (stores && self.encryption == Encryption::Unknown, "暗号化（encryption）"),
            (self.portability == Portability::Unknown, "持ち出し（portability）"),
            (used && self.removable_media == RemovableMedia::Unknown, "外部の媒体（removable_media）"),
            (self.kind.is_server() && self.redundancy == Redundancy::Unknown, "冗長化（redundancy）"),
            (
                (used || self.kind.is_server()) && self.malware_protection == Answer::Unknown,
                "不正プログラム対策（malware_protection）",
            ),
            (runs && self.maintenance == Maintenance::Unknown, "保守の契約（maintenance）"),
            (self.kind.is_server() && self.backup == Answer::Unknown, "バックアップ（backup）"),
        ];
        checks.into_iter().filter(|(unknown, _)| *unknown).map(|(_, term)| term).collect()
    }
}

impl Link {
    /// Terms of the attributes nobody has confirmed.
    pub fn unknown(&self) -> Vec<&'static str> {
        let outside = !self.kind.is_local();
        let checks = [
            (outside && self.exposure == Exposure::Unknown, "外部からの届きやすさ（exposure）"),
            (self.encryption == Encryption::Unknown, "暗号化（encryption）"),
            (outside && self.redundancy == Redundancy::Unknown, "冗長化（redundancy）"),
            (outside && self.maintenance == Maintenance::Unknown, "保守の契約（maintenance）"),
            (
                self.kind == LinkKind::WirelessLan && self.wireless_control == WirelessControl::Unknown,
                "端末の制限（wireless_control）",
            ),
        ];
        checks.into_iter().filter(|(unknown, _)| *unknown).map(|(_, term)| term).collect()
    }
}
