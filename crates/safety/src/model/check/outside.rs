//! Access from outside the institution (TREAT-027), and what the makers of IoT devices say (RISK-024).

use crate::finding::{Findings, Severity};
use crate::model::outside::is_vpn;
use crate::model::{Flows, OutsideMethod, ServiceFile, SystemFile};
use crate::text::is_blank;

pub(super) fn check(service: &ServiceFile, system: &SystemFile, flows: &Flows, at: &mut Findings) {
    for (node, links) in system.outside_terminals(service) {
        access(system, node, &links, at);
    }
    for node in system.iot_devices(flows) {
        maker(system, node, at);
    }
}

/// 別紙2 3.11②: virtual desktop with VPN, or what is as safe, and conditions of use.
fn access(system: &SystemFile, node: usize, links: &[usize], at: &mut Findings) {
    let terminal = &system.nodes[node];
    let here = format!("/nodes/{node}");
    let name = &terminal.name;
    let written = terminal.outside_access.as_ref();
    let method = written.map_or(OutsideMethod::Unknown, |access| access.method);
    if matches!(method, OutsideMethod::None | OutsideMethod::Unknown) {
        let way: Vec<String> = links.iter().map(|&link| format!("「{}」", system.links[link].name)).collect();
        at.add(
            Severity::Warning,
            "outside-access",
            here,
            format!(
                "「{name}」は医療機関等の外から接続{}でサーバに届きますが、仮想デスクトップとVPNの組合せ、又は同じ程度に安全な方法であることが確認できませんでした（今: {}）。",
                way.join("・"),
                method.term()
            ),
            "outside_accessのmethodに守り方を書き、conditionsに使ってよい条件を書いてください（別紙2 3.11②-1）。",
        );
        return;
    }
    let Some(written) = written else { return };
    if method == OutsideMethod::VirtualDesktopVpn && !links.iter().all(|&link| is_vpn(&system.links[link])) {
        let open = links.iter().map(|&link| &system.links[link]).find(|link| !is_vpn(link));
        at.add(
            Severity::Warning,
            "outside-access-vpn",
            format!("{here}/outside_access/method"),
            format!(
                "「{name}」は仮想デスクトップとVPNの組合せで使うとされていますが、接続「{}」はVPNではありません。",
                open.map_or("", |link| &link.name)
            ),
            "接続の種類（kind）を確かめるか、methodを実際の守り方に直してください。",
        );
    }
    if method != OutsideMethod::VirtualDesktopVpn && is_blank(&written.description) {
        at.add(
            Severity::Warning,
            "outside-access-description",
            format!("{here}/outside_access"),
            format!(
                "「{name}」を外から使う方法（{}）が、同じ程度に安全であるといえる説明がありません。",
                method.term()
            ),
            "outside_accessのdescriptionに、端末に情報を残さない仕組みや権限の管理を書いてください。",
        );
    }
    if is_blank(&written.conditions) {
        at.add(
            Severity::Warning,
            "outside-access-conditions",
            format!("{here}/outside_access"),
            format!("「{name}」を外から使うときの運用の条件が書かれていません。"),
            "outside_accessのconditionsに、使ってよい人・場所・作業などを書いてください。",
        );
    }
}

/// 別紙2 3.7⑤: the analysis of an IoT device rests on what its maker says.
fn maker(system: &SystemFile, node: usize, at: &mut Findings) {
    let device = &system.nodes[node];
    let maker = device.maker_security.as_ref();
    let missing: Vec<&str> = [
        (maker.is_none_or(|maker| is_blank(&maker.document)), "資料の名前（document）"),
        (maker.is_none_or(|maker| maker.received_on.is_none()), "受け取った日（received_on）"),
    ]
    .into_iter()
    .filter_map(|(missing, term)| missing.then_some(term))
    .collect();
    if !missing.is_empty() {
        at.add(
            Severity::Warning,
            "iot-maker-security",
            format!("/nodes/{node}"),
            format!(
                "IoT機器「{}」は医療情報を扱いますが、製造販売業者のセキュリティの資料の{}が書かれていません。",
                device.name,
                missing.join("と")
            ),
            "資料を求めて受け取り、maker_securityに書いてください。機器ごとのリスクの分析は、それに基づいて行います（別紙2 3.7⑤）。",
        );
    }
}
