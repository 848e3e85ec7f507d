//! How a link protects what passes it, beyond being encrypted (guideline note 22, 5.1.5(1)(イ)④).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Answer;
use crate::choice::choice;

choice! {
    /// TLSの設定。
    TlsProfile {
        High = "high", "サーバとクライアントの両方が高セキュリティ型";
        Lower = "lower", "推奨型など、高セキュリティ型より弱い設定";
        Old = "old", "TLS 1.1以前を許す設定";
        Unknown = "unknown", "未確認";
    }
}

choice! {
    /// 無線LANの暗号。
    WirelessCipher {
        Wpa3 = "wpa3", "WPA3";
        Wpa2Aes = "wpa2-aes", "WPA2（AES）";
        Older = "older", "WPA・WEPなど";
        None = "none", "暗号化なし";
        Unknown = "unknown", "未確認";
    }
}

/// 無線LANの設定。
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WirelessSettings {
    /// 暗号。
    #[serde(default)]
    pub cipher: WirelessCipher,
    /// ANY接続を拒んでいるか。
    #[serde(default)]
    pub any_refused: Answer,
    /// SSIDを知らせない設定（ステルス）にしているか。
    #[serde(default)]
    pub ssid_hidden: Answer,
}
