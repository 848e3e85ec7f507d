//! `system.yaml` and what it registers first: sites, nodes, links, transports, people (guideline 5.2.1(1)).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Answer, Authentication, Date, Disclosure, Encryption, Entry, Environment, Exposure, FlowsReviewed, Handling,
    Information, InformationClass, Layer, LinkKind, Maintenance, MakerSecurity, NoEnvironment, NoFlow, NodeKind,
    OutsideAccess, Phase, Portability, Redundancy, RejectedFlow, RemovableMedia, Side, TlsProfile, UserKind,
    WirelessControl, WirelessSettings, WrittenFlow,
};
use crate::choice::choice;

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
    /// 機器のない環境と、その理由。
    #[serde(default)]
    pub no_environments: Vec<NoEnvironment>,
    /// 導かれた情報流を人が確かめた記録。
    #[serde(default)]
    pub flows_reviewed: Option<FlowsReviewed>,
    /// 構成に関する資料（構成図、システム要件の説明、更新の仕様など）。
    #[serde(default)]
    pub documents: Vec<ModelDocument>,
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
    /// どの国の法の下に置かれるか。国内にあっても他国の法に従う組織が運用するときなどに書く。省くと国と同じ。
    #[serde(default)]
    pub jurisdiction: Option<String>,
    /// 入室の制限。
    #[serde(default)]
    pub entry: Entry,
    /// 公開用の写しで、そのまま示す（shown）か、種類だけを示す（generalised）か、示さない（hidden）か。
    #[serde(default)]
    pub disclosure: Disclosure,
}

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
    /// 仮想マシンのとき、動いている機器（nodesのid）。
    #[serde(default)]
    pub host: Option<String>,
    pub environment: Environment,
    /// 同じ機器をほかの環境にも使うとき、その環境。
    #[serde(default)]
    pub shared_with: Vec<Environment>,
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
    /// 開発の道具（コンパイラ、エディタなど）があるか（1.13③）。
    #[serde(default)]
    pub development_tools: Answer,
    /// 医療機関等の利用者が外から使う端末のとき、その守り方（別紙2 3.11②）。
    #[serde(default)]
    pub outside_access: Option<OutsideAccess>,
    /// IoT機器のとき、製造販売業者から受け取ったセキュリティの資料（別紙2 3.7⑤）。
    #[serde(default)]
    pub maker_security: Option<MakerSecurity>,
    /// 公開用の写しで、そのまま示す（shown）か、種類だけを示す（generalised）か、示さない（hidden）か。
    #[serde(default)]
    pub disclosure: Disclosure,
    /// 契約終了時の扱い。
    #[serde(default)]
    pub at_end: Vec<AtEnd>,
    /// 契約終了時に何もしない理由。
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub at_end_none: Option<String>,
    #[serde(default)]
    pub note: Option<String>,
}

choice! {
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

pub(super) fn dispose_or_migrate() -> String {
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
    /// 国外を通るとき、その国。
    #[serde(default)]
    pub country: Option<String>,
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
    /// SSL-VPNをやむを得ず使うとき、クライアント型か。
    #[serde(default)]
    pub ssl_vpn_client: Answer,
    /// HTTPSのとき、サーバとクライアントのTLSの設定。
    #[serde(default)]
    pub tls: TlsProfile,
    /// 無線LANのとき、端末の制限。
    #[serde(default)]
    pub wireless_control: WirelessControl,
    /// 無線LANのとき、暗号と電波の設定。
    #[serde(default)]
    pub wireless: WirelessSettings,
    #[serde(default)]
    pub redundancy: Redundancy,
    #[serde(default)]
    pub maintenance: Maintenance,
    /// 公開用の写しで、そのまま示す（shown）か、種類だけを示す（generalised）か、示さない（hidden）か。
    #[serde(default)]
    pub disclosure: Disclosure,
    /// 流れる情報。省くと、拠点をまたぐ接続には「アプリケーション提供に係る情報」が流れるとみる。
    #[serde(default)]
    pub carries: Option<Vec<Carried>>,
    /// 契約終了時の扱い。
    #[serde(default)]
    pub at_end: Vec<AtEnd>,
    /// 契約終了時に何もしない理由。
    #[serde(default)]
    #[schemars(length(min = 1))]
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
    /// 公開用の写しで、そのまま示す（shown）か、種類だけを示す（generalised）か、示さない（hidden）か。
    #[serde(default)]
    pub disclosure: Disclosure,
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
    /// 別紙2にいう「利用者」のどれに当たるか。医療機関等に属する人は省ける。
    #[serde(default)]
    pub kind: Option<UserKind>,
}

choice! {
    /// 構成に関する資料の種類（別紙2 1.13①）。
    ModelDocumentKind {
        Configuration = "configuration", "機器・ソフトウェアの構成図";
        NetworkDiagram = "network-diagram", "ネットワーク構成図";
        Requirements = "requirements", "システム要件等の説明";
        UpdateSpecification = "update-specification", "更新の仕様";
        UpdateHistory = "update-history", "更新履歴";
    }
}

impl ModelDocumentKind {
    /// The control that asks for it.
    pub fn control(self) -> &'static str {
        match self {
            Self::Configuration => "1.13①-1",
            Self::NetworkDiagram => "1.13①-2",
            Self::Requirements => "1.13①-3",
            Self::UpdateSpecification | Self::UpdateHistory => "1.13①-4",
        }
    }
}

/// 構成に関する資料。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelDocument {
    pub kind: ModelDocumentKind,
    /// 資料の名前。
    #[schemars(length(min = 1))]
    pub title: String,
    /// 版数。
    #[serde(default)]
    pub edition: String,
    /// 作成又は改訂の日。
    #[serde(default)]
    pub on: Option<Date>,
    /// 保管場所。
    #[serde(default)]
    pub location: String,
    /// 対象の拠点・機器・接続（sites、nodes、linksのid）。省くと全体。
    #[serde(default)]
    pub elements: Vec<String>,
    /// 医療機関等に求められたときに開示する内容・範囲・条件（1.13①-5）。
    #[serde(default)]
    pub disclosure: String,
}
