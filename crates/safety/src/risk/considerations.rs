//! The six special considerations of 5.1.5(1)(イ), answered by people and checked against the model.

use shirube_catalog::Consideration;

use super::{Assessment, ConsiderationAnswer, ConsiderationId};
use crate::finding::{File, Finding, Findings, Place, Severity};
use crate::model::{
    Answer, Authentication, Element, Encryption, LinkKind, Node, NodeKind, RemovableMedia, WirelessControl,
};

/// One consideration with the answer and what the model says against it.
#[derive(Debug)]
pub struct ConsiderationState<'a> {
    pub id: ConsiderationId,
    pub item: &'static Consideration,
    pub answer: Option<&'a ConsiderationAnswer>,
    /// Elements of the model that stand against it or are not confirmed.
    pub findings: Vec<Finding>,
}

/// Checks all six.
pub fn considerations<'a>(assessment: &Assessment<'a>) -> Vec<ConsiderationState<'a>> {
    ConsiderationId::ALL
        .iter()
        .filter_map(|&id| {
            let item = assessment.library.provider.considerations.iter().find(|item| item.id == id.token())?;
            let answer = assessment.decisions.considerations.iter().find(|answer| answer.item == id);
            let mut state = ConsiderationState { id, item, answer, findings: Vec::new() };
            unanswered(&mut state);
            match id {
                ConsiderationId::Authentication => authentication(assessment, &mut state),
                ConsiderationId::LogRetention => log_retention(assessment, &mut state),
                ConsiderationId::NetworkPath => network_path(assessment, &mut state),
                ConsiderationId::WirelessLan => wireless_lan(assessment, &mut state),
                ConsiderationId::SmallMedia => small_media(assessment, &mut state),
                ConsiderationId::Continuity => continuity(&mut state),
            }
            Some(state)
        })
        .collect()
}

fn unanswered(state: &mut ConsiderationState) {
    if state.answer.is_none() {
        let message = format!("考慮事項{}「{}」に答えがありません。", state.item.mark, state.item.title);
        Findings { file: File::Assessment, list: &mut state.findings }.add(
            Severity::Warning,
            "consideration-unanswered",
            "/considerations",
            message,
            state.item.question.clone(),
        );
    }
}

fn say(state: &mut ConsiderationState, rule: &'static str, pointer: String, message: String, advice: &str) {
    state.findings.push(Finding {
        severity: Severity::Warning,
        rule,
        place: Place::new(File::System, pointer),
        message,
        advice: advice.to_owned(),
    });
}

/// Indices of nodes that handle 医療情報.
fn medical_nodes(assessment: &Assessment) -> Vec<usize> {
    let mut nodes: Vec<usize> = assessment
        .flows
        .list
        .iter()
        .filter(|flow| assessment.system.information[flow.information].medical == Answer::Yes)
        .filter_map(|flow| match flow.element {
            Element::Node(at) => Some(at),
            _ => None,
        })
        .collect();
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}

fn used_by_people(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Terminal | NodeKind::MobileTerminal)
}

/// ① Two different kinds of factor (TREAT-013).
fn authentication(assessment: &Assessment, state: &mut ConsiderationState) {
    let planned = state.answer.is_some_and(|answer| answer.planned_on.is_some());
    for at in medical_nodes(assessment) {
        let node = &assessment.system.nodes[at];
        let mut kinds = node.factors.clone();
        kinds.sort_unstable();
        kinds.dedup();
        let enough = kinds.len() >= 2 || (kinds.is_empty() && node.authentication == Authentication::MultiFactor);
        if used_by_people(node) && !enough && !planned {
            let now = if node.factors.is_empty() { node.authentication.term() } else { "同じ種類の要素だけ" };
            say(
                state,
                "two-factor-missing",
                format!("/nodes/{at}"),
                format!("「{}」で、種類の異なる二つの要素による認証が確認できませんでした（今: {now}）。", node.name),
                "factorsに使う要素を書くか、考慮事項①の答えに実施予定日（planned_on）を書いてください。",
            );
        }
    }
}

/// ② Access logs at least as long as the longest statutory period (TREAT-014).
fn log_retention(assessment: &Assessment, state: &mut ConsiderationState) {
    let longest = |node: usize| {
        let flows = assessment.flows.list.iter().filter(|flow| flow.element == Element::Node(node));
        let documents = flows.flat_map(|flow| &assessment.system.information[flow.information].documents);
        documents.filter_map(|document| Some((document.retention_years?, document.name.as_str()))).max()
    };
    for at in medical_nodes(assessment) {
        let node = &assessment.system.nodes[at];
        let Some((years, document)) = longest(at).filter(|_| node.kind.is_server()) else {
            continue;
        };
        let (message, advice) = match node.log_retention_years {
            Some(kept) if kept >= years => continue,
            Some(kept) => (
                format!(
                    "「{}」のアクセスログの保存は{kept}年で、扱う{document}の保存年限（{years}年）より短くなっています。",
                    node.name
                ),
                "保存期間を法定保存年限以上にしてください。",
            ),
            None => (
                format!(
                    "「{}」のアクセスログの保存期間が確認できませんでした（扱う{document}の保存年限は{years}年）。",
                    node.name
                ),
                "log_retention_yearsに年数を書いてください。",
            ),
        };
        say(state, "log-retention", format!("/nodes/{at}"), message, advice);
    }
}

/// ③ Path and encryption (TREAT-015, note 22).
fn network_path(assessment: &Assessment, state: &mut ConsiderationState) {
    for (at, link) in assessment.system.links.iter().enumerate() {
        let here = format!("/links/{at}");
        let mut tell = |rule, message: String, advice| say(state, rule, here.clone(), message, advice);
        if !link.kind.is_local() && link.encryption != Encryption::Yes {
            let message = format!(
                "拠点をまたぐ接続「{}」の暗号化が確認できませんでした（今: {}）。",
                link.name,
                link.encryption.term()
            );
            tell("path-encryption", message, "経路の種類に見合う暗号化を施し、encryptionとprotocolに書いてください。");
        }
        if link.ssl_vpn == Answer::Yes {
            let message = format!("接続「{}」でSSL-VPNを使っています。", link.name);
            tell(
                "ssl-vpn",
                message,
                "SSL-VPNは原則として使いません。やむを得ず使うなら、クライアント型とし、その理由を残してください。",
            );
        }
        if link.kind == LinkKind::IpsecVpn && link.ike != Answer::Yes {
            let message = format!("IPsecの接続「{}」で、IKEとの組合せが確認できませんでした。", link.name);
            tell("ipsec-without-ike", message, "IKEを組み合わせ、ike: yes と書いてください。");
        }
        if link.kind == LinkKind::Https && link.client_certificate != Answer::Yes {
            let message = format!(
                "オープンネットワークのHTTPS接続「{}」で、クライアント証明書が確認できませんでした。",
                link.name
            );
            tell(
                "client-certificate",
                message,
                "接続元をクライアント証明書で確かめ、client_certificate: yes と書いてください。",
            );
        }
    }
}

/// ④ MAC address limits alone are not enough (TREAT-016).
fn wireless_lan(assessment: &Assessment, state: &mut ConsiderationState) {
    for (at, link) in assessment.system.links.iter().enumerate() {
        if link.kind == LinkKind::WirelessLan && link.wireless_control != WirelessControl::Certificate {
            let message = format!("無線LAN「{}」の端末の制限は「{}」です。", link.name, link.wireless_control.term());
            let advice =
                "MACアドレスは容易に装えます。IEEE 802.1Xと電子証明書の組合せなど、より確かな方法を採ってください。";
            say(state, "wireless-control", format!("/links/{at}"), message, advice);
        }
    }
}

/// ⑤ Small memories are in principle barred (TREAT-017).
fn small_media(assessment: &Assessment, state: &mut ConsiderationState) {
    let excepted = state.answer.is_some_and(|answer| !answer.exceptions.is_empty());
    for at in medical_nodes(assessment) {
        let node = &assessment.system.nodes[at];
        let open = matches!(node.removable_media, RemovableMedia::Open | RemovableMedia::Unknown);
        if used_by_people(node) && open && !excepted {
            let message = format!(
                "「{}」で小型半導体メモリなどの外部媒体を制限していることが確認できませんでした（今: {}）。",
                node.name,
                node.removable_media.term()
            );
            let advice = "使えないようにする（blocked）か、登録した媒体だけにする（registered）か、例外の承認を考慮事項⑤の答えに書いてください。";
            say(state, "small-media", format!("/nodes/{at}"), message, advice);
        }
    }
}

/// ⑥ Three situations (TREAT-018).
fn continuity(state: &mut ConsiderationState) {
    let Some(answer) = state.answer else { return };
    let missing: Vec<&str> = match &answer.continuity {
        None => vec!["災害などによる停止", "傷病者の殺到", "復旧後の欠損・不連続"],
        Some(c) => {
            let situations = [
                ("災害などによる停止", &c.disaster_stop),
                ("傷病者の殺到", &c.mass_demand),
                ("復旧後の欠損・不連続", &c.restart_with_loss),
            ];
            situations.into_iter().filter(|(_, text)| text.trim().is_empty()).map(|(name, _)| name).collect()
        }
    };
    if !missing.is_empty() {
        let message = format!("事業継続計画で、{}への備えが書かれていません。", missing.join("・"));
        Findings { file: File::Assessment, list: &mut state.findings }.add(
            Severity::Warning,
            "continuity-situation",
            "/considerations",
            message,
            "continuityに三つの場面それぞれの備えを書いてください。",
        );
    }
}
