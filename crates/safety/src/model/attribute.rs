//! The attributes of sites, nodes, links and flows, each with `unknown` where a person may not know.

use crate::choice::choice;

choice! {
    /// 構成要素の層（2.2）。
    Layer {
        Application = "application", "アプリケーション";
        Platform = "platform", "プラットフォーム";
        Infrastructure = "infrastructure", "インフラ";
    }
}

impl Layer {
    /// First letter of flow numbers.
    pub fn letter(self) -> char {
        match self {
            Self::Application => 'A',
            Self::Platform => 'P',
            Self::Infrastructure => 'I',
        }
    }
}

choice! {
    /// ライフサイクルのフェーズ（3.2.2）。
    Phase {
        Development = "development", "開発フェーズ";
        Operation = "operation", "運用フェーズ";
        Termination = "termination", "契約終了フェーズ";
    }
}

impl Phase {
    /// Second letter of flow numbers.
    pub fn letter(self) -> char {
        match self {
            Self::Development => 'D',
            Self::Operation => 'O',
            Self::Termination => 'T',
        }
    }
}

choice! {
    /// 環境。
    Environment {
        Production = "production", "本番";
        Development = "development", "開発";
        Test = "test", "試験";
    }
}

choice! {
    /// 機器や記憶媒体の種類。
    NodeKind {
        Terminal = "terminal", "端末";
        MobileTerminal = "mobile-terminal", "携帯端末";
        Printer = "printer", "プリンタ";
        Server = "server", "サーバ";
        VirtualMachine = "virtual-machine", "仮想マシン";
        Storage = "storage", "ストレージ";
        NetworkEquipment = "network-equipment", "ネットワーク機器";
        MediaDrive = "media-drive", "媒体装置";
        Medium = "medium", "記憶媒体";
        Iot = "iot", "IoT機器";
        ExternalSystem = "external-system", "他社システム";
    }
}

impl NodeKind {
    /// Whether it stores and runs on its own, so that its own log is a flow of the platform.
    pub fn is_server(self) -> bool {
        matches!(self, Self::Server | Self::VirtualMachine | Self::Storage)
    }
}

choice! {
    /// 接続の種類。
    LinkKind {
        WiredLan = "wired-lan", "有線LAN";
        WirelessLan = "wireless-lan", "無線LAN";
        DedicatedLine = "dedicated-line", "専用線";
        PublicNetwork = "public-network", "公衆網";
        ClosedNetwork = "closed-network", "閉域網";
        InternetVpn = "internet-vpn", "インターネットVPN";
        IpsecVpn = "ipsec-vpn", "IPsec VPN";
        Https = "https", "HTTPS（オープンネットワーク）";
    }
}

impl LinkKind {
    /// Whether the link stays inside one site.
    pub fn is_local(self) -> bool {
        matches!(self, Self::WiredLan | Self::WirelessLan)
    }
}

choice! {
    /// 外部からの届きやすさ。
    Exposure {
        Internet = "internet", "インターネットに接する";
        Closed = "closed", "閉域網にだけ接する";
        Internal = "internal", "内部のネットワークだけ";
        Offline = "offline", "ネットワークに接しない";
        Unknown = "unknown", "未確認";
    }
}

choice! {
    /// 利用者（管理者を含む）の認証。
    Authentication {
        None = "none", "認証なし";
        Password = "password", "一つの要素（パスワードなど）";
        MultiFactor = "multi-factor", "多要素認証";
        Unknown = "unknown", "未確認";
    }
}

choice! {
    /// 保存又は通信の暗号化。
    Encryption {
        None = "none", "暗号化なし";
        Yes = "yes", "暗号化あり";
        Unknown = "unknown", "未確認";
    }
}

choice! {
    /// 業務のための持ち出し。
    Portability {
        Fixed = "fixed", "据え置き";
        Portable = "portable", "持ち出す";
        Unknown = "unknown", "未確認";
    }
}

choice! {
    /// 外部の記憶媒体の利用。
    RemovableMedia {
        Open = "open", "制限なし";
        Registered = "registered", "登録した媒体だけ";
        Blocked = "blocked", "使えない";
        Unknown = "unknown", "未確認";
    }
}

choice! {
    /// 冗長化。
    Redundancy {
        None = "none", "単一";
        Redundant = "redundant", "二重化";
        Unknown = "unknown", "未確認";
    }
}

choice! {
    /// 設置場所への入室。
    Entry {
        Open = "open", "不特定の者が近づける";
        Controlled = "controlled", "入室を制限";
        Unknown = "unknown", "未確認";
    }
}

choice! {
    /// はい・いいえ・未確認。
    Answer {
        Yes = "yes", "はい";
        No = "no", "いいえ";
        Unknown = "unknown", "未確認";
    }
}

choice! {
    /// 保守の契約。
    Maintenance {
        Contracted = "contracted", "契約あり";
        None = "none", "契約なし";
        Unknown = "unknown", "未確認";
    }
}

choice! {
    /// 無線LANの端末の制限。
    WirelessControl {
        None = "none", "制限なし";
        MacFilter = "mac-filter", "MACアドレスだけ";
        Certificate = "certificate", "IEEE 802.1Xと電子証明書など";
        Unknown = "unknown", "未確認";
    }
}

choice! {
    /// 情報の種類。重要度の扱いと脅威規則に使う。
    InformationKind {
        Patient = "patient", "患者個人情報";
        ApplicationProvision = "application-provision", "アプリケーション提供に係る情報";
        Program = "program", "プログラム";
        Settings = "settings", "設定情報";
        TestData = "test-data", "テストデータ";
        Log = "log", "ログ";
        PlatformData = "platform-data", "OS・ミドルウェア上のデータ";
        Backup = "backup", "バックアップ";
        Other = "other", "その他";
    }
}

choice! {
    /// 量。
    Volume {
        Large = "large", "大量";
        Medium = "medium", "中程度";
        Small = "small", "少量";
        Unknown = "unknown", "未確認";
    }
}

choice! {
    /// 頻度。
    Frequency {
        Frequent = "frequent", "頻繁";
        Regular = "regular", "定期";
        Rare = "rare", "まれ";
        Unknown = "unknown", "未確認";
    }
}

choice! {
    /// 誰の側の場所か。責任分界の線を引くのに使う。
    Side {
        Institution = "institution", "医療機関等";
        Between = "between", "中間（通信・搬送）";
        Provider = "provider", "対象事業者";
        Other = "other", "その他";
    }
}

choice! {
    /// 派生する情報流が指す情報。
    StandsFor {
        ApplicationProvision = "application-provision", "アプリケーション提供に係る情報";
        PlatformLog = "platform-log", "OS・ミドルウェアのログ";
    }
}
