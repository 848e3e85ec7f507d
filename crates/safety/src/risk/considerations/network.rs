//! ③ and ④: paths between sites, and wireless LANs.

use super::{ConsiderationState, say, tell};
use crate::finding::Severity;
use crate::model::{Answer, Encryption, LinkKind, TlsProfile, WirelessCipher, WirelessControl};
use crate::risk::Assessment;

/// ③ Path and encryption (TREAT-015, note 22).
pub(super) fn path(assessment: &Assessment, state: &mut ConsiderationState) {
    for (at, link) in assessment.system.links.iter().enumerate() {
        let mut found: Vec<(&'static str, String, &str)> = Vec::new();
        let name = &link.name;
        if !link.kind.is_local() && link.encryption != Encryption::Yes {
            found.push((
                "path-encryption",
                format!("拠点をまたぐ接続「{name}」の暗号化が確認できませんでした（今: {}）。", link.encryption.term()),
                "経路の種類に見合う暗号化を施し、encryptionとprotocolに書いてください。",
            ));
        }
        match (link.ssl_vpn, link.ssl_vpn_client) {
            (Answer::Yes, Answer::Yes) => found.push((
                "ssl-vpn",
                format!("接続「{name}」でクライアント型のSSL-VPNを使っています。"),
                "SSL-VPNは原則として使いません。やむを得ない理由を残し、ほかの方式に替える時期を決めてください。",
            )),
            (Answer::Yes, _) => found.push((
                "ssl-vpn",
                format!("接続「{name}」でSSL-VPNを使っています（クライアント型かは確認できませんでした）。"),
                "SSL-VPNは原則として使いません。やむを得ず使うなら、クライアント型とし（ssl_vpn_client: yes）、その理由を残してください。",
            )),
            (Answer::Unknown, _) if link.kind == LinkKind::InternetVpn => found.push((
                "ssl-vpn",
                format!("インターネットVPNの接続「{name}」で、SSL-VPNを使っていないことが確認できませんでした。"),
                "SSL-VPNは原則として使いません。使っていなければ ssl_vpn: no と書いてください。",
            )),
            _ => {}
        }
        if link.kind == LinkKind::IpsecVpn && link.ike != Answer::Yes {
            found.push((
                "ipsec-without-ike",
                format!("IPsecの接続「{name}」で、IKEとの組合せが確認できませんでした。"),
                "IKEを組み合わせ、ike: yes と書いてください。",
            ));
        }
        if link.kind == LinkKind::Https && link.client_certificate != Answer::Yes {
            found.push((
                "client-certificate",
                format!("オープンネットワークのHTTPS接続「{name}」で、クライアント証明書が確認できませんでした。"),
                "接続元をクライアント証明書で確かめ、client_certificate: yes と書いてください。",
            ));
        }
        if link.kind == LinkKind::Https && link.tls != TlsProfile::High {
            found.push((
                "tls-profile",
                format!(
                    "HTTPS接続「{name}」のTLSが高セキュリティ型であることを確認できませんでした（今: {}）。",
                    link.tls.term()
                ),
                "サーバとクライアントの両方を高セキュリティ型の設定にし、tls: high と書いてください。",
            ));
        }
        found.into_iter().for_each(|(rule, message, advice)| say(state, rule, format!("/links/{at}"), message, advice));
    }
}

/// ④ MAC address limits alone are not enough; cipher and settings are separate questions (TREAT-016).
pub(super) fn wireless(assessment: &Assessment, state: &mut ConsiderationState) {
    let links = assessment.system.links.iter().enumerate();
    for (at, link) in links.filter(|(_, link)| link.kind == LinkKind::WirelessLan) {
        let here = || format!("/links/{at}");
        if link.wireless_control != WirelessControl::Certificate {
            let message = format!("無線LAN「{}」の端末の制限は「{}」です。", link.name, link.wireless_control.term());
            let advice =
                "MACアドレスは容易に装えます。IEEE 802.1Xと電子証明書の組合せなど、より確かな方法を採ってください。";
            say(state, "wireless-control", here(), message, advice);
        }
        let cipher = link.wireless.cipher;
        if !matches!(cipher, WirelessCipher::Wpa3 | WirelessCipher::Wpa2Aes) {
            let severity = if cipher == WirelessCipher::Unknown { Severity::Note } else { Severity::Warning };
            let message = format!("無線LAN「{}」の暗号は「{}」です。", link.name, cipher.term());
            let advice = "WPA2（AES）かWPA3で暗号化し、wirelessのcipherに書いてください。";
            tell(state, severity, "wireless-cipher", here(), message, advice);
        }
        let open: Vec<&str> =
            [(link.wireless.any_refused, "ANY接続の拒否"), (link.wireless.ssid_hidden, "SSIDを知らせない設定")]
                .into_iter()
                .filter(|(answer, _)| *answer != Answer::Yes)
                .map(|(_, name)| name)
                .collect();
        if !open.is_empty() {
            let message = format!("無線LAN「{}」で、{}が確認できませんでした。", link.name, open.join("と"));
            let advice = "設定を確かめ、wirelessのany_refusedとssid_hiddenに書いてください。";
            tell(state, Severity::Note, "wireless-any", here(), message, advice);
        }
    }
}
