//! Not knowing is legal: what a missing attribute means, and which ones matter.

use super::{
    Answer, Authentication, Encryption, Entry, Exposure, Frequency, Link, LinkKind, Maintenance, Node, NodeKind,
    OutsideMethod, Portability, Redundancy, RemovableMedia, TlsProfile, Volume, WirelessCipher, WirelessControl,
};

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
    OutsideMethod,
    Portability,
    Redundancy,
    RemovableMedia,
    TlsProfile,
    Volume,
    WirelessCipher,
    WirelessControl
);

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
