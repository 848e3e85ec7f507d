//! Findings on `shirube.yaml` beyond its references.

use shirube_catalog::{Certainty, EditionStatus, Library};

use crate::finding::{File, Finding, Findings, Severity};
use crate::model::{Answer, Form, InstitutionKind, Layer, Party, PartyKind, RoleKind, ServiceFile, delivery};
use crate::risk::method_of;

pub(super) fn check(service: &ServiceFile, library: &'static Library, findings: &mut Vec<Finding>) {
    let mut at = Findings { file: File::Service, list: findings };
    editions(service, library, &mut at);
    parties(service, &mut at);
    delivery_form(service, library, &mut at);
    roles(service, &mut at);
    selection(service, &mut at);
    if let Err(error) = method_of(service, library) {
        at.add(
            Severity::Error,
            "risk-method",
            "/risk_method",
            format!("リスク分析の方法をこのままでは使えません。{error}。"),
            "直すまでは、表5-2の方法で計算します。",
        );
    }
}

fn editions(service: &ServiceFile, library: &Library, at: &mut Findings) {
    if service.editions.is_empty() {
        at.add(
            Severity::Warning,
            "edition-missing",
            "",
            "拠りどころとするガイドラインの版が書かれていません。",
            "editionsに、例えば「pg-1.0」と「mhlw-5.0」を書いてください。",
        );
    }
    for (i, id) in service.editions.iter().enumerate() {
        let known = library.editions().into_iter().find(|edition| edition.id == *id);
        let pointer = format!("/editions/{i}");
        match known {
            None => at.add(
                Severity::Warning,
                "edition-unseen",
                pointer,
                format!("版「{id}」の内容は収録していません。"),
                "収録している版は「pg-1.0」「mhlw-5.0」です。ほかの版への対応は、原本で確かめてください。",
            ),
            Some(edition) if edition.status == EditionStatus::Superseded => {
                let partial =
                    if edition.certainty == Certainty::Seen { "" } else { "また、収録は一部だけです。" };
                at.add(
                    Severity::Note,
                    "edition-superseded",
                    pointer,
                    format!(
                        "「{}」{}は、より新しい版に置き換えられています。{partial}",
                        edition.title, edition.edition
                    ),
                    "現行版との違いは、原本で確かめてください。",
                );
            }
            Some(_) => {}
        }
    }
}

fn parties(service: &ServiceFile, at: &mut Findings) {
    for (i, party) in service.parties.iter().enumerate() {
        let here = format!("/parties/{i}");
        if party.kind == PartyKind::Institution && party.institution_kind.is_none() {
            at.add(
                Severity::Note,
                "institution-kind",
                &here,
                format!("「{}」の種類（病院・一般診療所・薬局など）が書かれていません。", party.name),
                "institution_kindを書いてください。",
            );
        }
        if party.institution_kind.is_some_and(|_: InstitutionKind| party.kind != PartyKind::Institution) {
            at.add(
                Severity::Warning,
                "institution-kind",
                &here,
                format!("「{}」は医療機関等ではないのに、医療機関等の種類が書かれています。", party.name),
                "kindかinstitution_kindのどちらかを直してください。",
            );
        }
        if party.may_be_provider() {
            scope(party, &here, at);
        }
    }
    if !service.parties.iter().any(|party| party.kind == PartyKind::Institution) {
        at.add(
            Severity::Warning,
            "institution-missing",
            "/parties",
            "医療機関等が一つもありません。",
            "サービスを使う医療機関等を、kind: institution で加えてください。",
        );
    }
}

/// 2.1: whether the organisation is a 対象事業者 must have an answer (PARTY-002).
fn scope(party: &Party, here: &str, at: &mut Findings) {
    let Some(answers) = &party.scope else {
        at.add(
            Severity::Warning,
            "scope-unanswered",
            here,
            format!("「{}」が対象事業者に当たるかを決める問い（2.1）に答えがありません。", party.name),
            "scopeに四つの問いの答えと理由を書いてください。",
        );
        return;
    };
    if party.in_scope().is_none() {
        at.add(
            Severity::Warning,
            "scope-undecided",
            format!("{here}/scope"),
            format!("「{}」が対象事業者に当たるかは、今の答えでは決まりません。", party.name),
            "「未確認」の答えを確かめてください。",
        );
    }
    if answers.reason.trim().is_empty() {
        at.add(
            Severity::Note,
            "scope-reason",
            format!("{here}/scope"),
            format!("「{}」について、そう答えた理由が書かれていません。", party.name),
            "reasonに理由を書いてください。",
        );
    }
}

fn delivery_form(service: &ServiceFile, library: &'static Library, at: &mut Findings) {
    for &layer in Layer::ALL {
        let component = service.delivery.of(layer);
        let pointer = format!("/delivery/{}", layer.token());
        let own = component.party == service.provider;
        if (component.form == Form::Own) != own {
            let message = if own {
                format!("{}は自社が提供するのに、形が「{}」です。", layer.term(), component.form.term())
            } else {
                format!("{}は「自ら提供」ですが、提供する組織が自社ではありません。", layer.term())
            };
            at.add(
                Severity::Error,
                "delivery-form",
                pointer.clone(),
                message,
                "formかpartyを直してください（1=自社、2=調達、3=医療機関等が別に契約）。",
            );
        }
        let chained = service.supply_chain.iter().any(|supply| supply.supplier == component.party);
        if component.form == Form::Procured && !chained {
            at.add(
                Severity::Warning,
                "supply-missing",
                pointer,
                format!("{}は調達するとありますが、その関係がsupply_chainにありません。", layer.term()),
                "supplier・customer・contract・reportsを書いてください。",
            );
        }
    }
    let delivery = delivery(service, library);
    if delivery.case.is_none() {
        at.add(
            Severity::Note,
            "delivery-case",
            "/delivery",
            format!("提供形態「{}」は、ガイドラインが例に挙げる組合せではありません。", delivery.combination),
            "義務の割り振りは各層の形から示します。契約の内容と合うか確かめてください。",
        );
    }
    for (i, supply) in service.supply_chain.iter().enumerate() {
        if supply.contract.is_some() && supply.reports != Answer::Yes {
            at.add(
                Severity::Warning,
                "supply-report",
                format!("/supply_chain/{i}"),
                format!("「{}」からの報告の約束が確認できませんでした。", supply.supplier),
                "リスクマネジメントと制度対応の状況を報告してもらう約束をし、reports: yes としてください。",
            );
        }
    }
}

/// PARTY-009: all four responsible roles.
fn roles(service: &ServiceFile, at: &mut Findings) {
    for &kind in RoleKind::ALL {
        match service.roles.iter().position(|role| role.role == kind) {
            None => at.add(
                Severity::Warning,
                "role-missing",
                "/roles",
                format!("{}が決まっていません。", kind.term()),
                "rolesに役職・氏名・役割・任命と解任の決まり・緊急時の代行を書いてください。",
            ),
            Some(i) => {
                let role = &service.roles[i];
                let fields =
                    [("役割", &role.duties), ("任命・解任の決まり", &role.appointment), ("緊急時の代行", &role.deputy)];
                let empty: Vec<&str> = fields.iter().filter(|(_, v)| v.trim().is_empty()).map(|(k, _)| *k).collect();
                if !empty.is_empty() {
                    at.add(
                        Severity::Note,
                        "role-incomplete",
                        format!("/roles/{i}"),
                        format!("{}の{}が書かれていません。", kind.term(), empty.join("・")),
                        "運用管理規程に載せる事柄です。",
                    );
                }
            }
        }
    }
}

/// PARTY-013: the four items an institution looks at when it chooses a provider.
fn selection(service: &ServiceFile, at: &mut Findings) {
    let missing: Vec<String> =
        (1..=4u8).filter(|no| !service.selection.iter().any(|s| s.item == *no)).map(|no| no.to_string()).collect();
    if !missing.is_empty() {
        at.add(
            Severity::Warning,
            "selection-missing",
            "/selection",
            format!("医療機関等が選定時に少なくとも確かめる四項目のうち、{}番の資料がありません。", missing.join("・")),
            "selectionに文書名と開示方法・条件・範囲を書いてください。",
        );
    }
    if service.certifications.is_empty() {
        at.add(
            Severity::Note,
            "certification-missing",
            "/certifications",
            "公的な第三者認証（プライバシーマーク又はISMS）の記載がありません。",
            "取得していれば、名称・適用範囲・有効期限を書いてください。",
        );
    }
}
