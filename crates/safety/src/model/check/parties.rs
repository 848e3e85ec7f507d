//! Findings on the organisations and the people of `shirube.yaml` (PARTY-001, PARTY-002, PARTY-009).

use crate::finding::{Findings, Severity};
use crate::model::{Answer, InstitutionKind, Party, PartyKind, RoleHolder, RoleKind, ServiceFile};

pub(super) fn check(service: &ServiceFile, at: &mut Findings) {
    for (i, party) in service.parties.iter().enumerate() {
        let here = format!("/parties/{i}");
        institution_kind(party, &here, at);
        if party.may_be_provider(service) {
            scope(service, party, &here, at);
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
    roles(service, at);
}

fn institution_kind(party: &Party, here: &str, at: &mut Findings) {
    if party.kind == PartyKind::Institution && party.institution_kind.is_none() {
        at.add(
            Severity::Note,
            "institution-kind",
            here,
            format!("「{}」の種類（病院・一般診療所・薬局など）が書かれていません。", party.name),
            "institution_kindを書いてください。",
        );
    }
    if party.institution_kind.is_some_and(|_: InstitutionKind| party.kind != PartyKind::Institution) {
        at.add(
            Severity::Warning,
            "institution-kind",
            here,
            format!("「{}」は医療機関等ではないのに、医療機関等の種類が書かれています。", party.name),
            "kindかinstitution_kindのどちらかを直してください。",
        );
    }
}

/// 2.1: whether the organisation is a 対象事業者 must have an answer that fits what it does.
fn scope(service: &ServiceFile, party: &Party, here: &str, at: &mut Findings) {
    let name = &party.name;
    let Some(answers) = &party.scope else {
        at.add(
            Severity::Warning,
            "scope-unanswered",
            here,
            format!("「{name}」が対象事業者に当たるかを決める問い（2.1）に答えがありません。"),
            "scopeに四つの問いの答えと理由を書いてください。",
        );
        return;
    };
    let here = format!("{here}/scope");
    let mut say = |severity, rule, message: String, advice: &str| at.add(severity, rule, here.clone(), message, advice);
    let yes = |answer: &Answer| *answer == Answer::Yes;
    let others = [answers.direct_contract, answers.supplies_resources, answers.receives_by_patient_instruction];
    if yes(&answers.receives_from_patients_only) && others.iter().any(yes) {
        say(
            Severity::Warning,
            "scope-contradiction",
            format!("「{name}」は、患者等からだけ受け取ると答えながら、ほかの問いにも「はい」と答えています。"),
            "患者等からだけ受け取るのは、医療機関等との契約も提供もない場合です。どちらかの答えを直してください。",
        );
    }
    if yes(&answers.direct_contract) && yes(&answers.supplies_resources) {
        say(
            Severity::Warning,
            "scope-contradiction",
            format!("「{name}」は、医療機関等と直接契約していて、直接の契約なしに提供してもいるという答えです。"),
            "supplies_resourcesは、直接の契約がない場合の問いです。どちらかの答えを直してください。",
        );
    }
    match party.in_scope() {
        None => say(
            Severity::Warning,
            "scope-undecided",
            format!("「{name}」が対象事業者に当たるかは、今の答えでは決まりません。"),
            "「未確認」の答えを確かめてください。",
        ),
        Some(false) if party.id == service.provider => say(
            Severity::Error,
            "scope-outside",
            format!("「{name}」は対象事業者に当たらないという答えですが、この文書を作る対象事業者とされています。"),
            "providerか、2.1の問いへの答えを直してください。",
        ),
        Some(false) if party.takes_part(service) => say(
            Severity::Warning,
            "scope-outside",
            format!("「{name}」は対象事業者に当たらないという答えですが、サービスの一部を提供しています。"),
            "必要な資源や役務を提供する組織は、直接の契約がなくても対象事業者に当たります（2.1）。答えを確かめてください。",
        ),
        Some(_) => {}
    }
    if answers.reason.trim().is_empty() {
        say(
            Severity::Note,
            "scope-reason",
            format!("「{name}」について、そう答えた理由が書かれていません。"),
            "reasonに理由を書いてください。",
        );
    }
}

/// PARTY-009: all four responsible roles, each held by one person.
fn roles(service: &ServiceFile, at: &mut Findings) {
    for &kind in RoleKind::ALL {
        let mut holders = service.roles.iter().enumerate().filter(|(_, holder)| holder.role == kind);
        match holders.next() {
            None => at.add(
                Severity::Warning,
                "role-missing",
                "/roles",
                format!("{}が決まっていません。", kind.term()),
                "rolesに役職・氏名・役割・任命と解任の決まり・任期・緊急時の代行を書いてください。",
            ),
            Some((i, holder)) => role_fields(i, holder, at),
        }
        for (i, _) in holders {
            at.add(
                Severity::Error,
                "role-twice",
                format!("/roles/{i}"),
                format!("{}が二人書かれています。", kind.term()),
                "一人にしてください。代わりに動く人は、deputyに書きます。文書には先の人を載せます。",
            );
        }
    }
}

fn role_fields(i: usize, holder: &RoleHolder, at: &mut Findings) {
    let mut fields = vec![
        ("役職・氏名", &holder.name),
        ("役割", &holder.duties),
        ("任命・解任の決まり", &holder.appointment),
        ("任期", &holder.period),
        ("緊急時の代行", &holder.deputy),
    ];
    if holder.role == RoleKind::SystemAdministrator {
        fields.push(("資格・経験", &holder.qualification));
    }
    let empty: Vec<&str> = fields.iter().filter(|(_, v)| v.trim().is_empty()).map(|(k, _)| *k).collect();
    if !empty.is_empty() {
        at.add(
            Severity::Note,
            "role-incomplete",
            format!("/roles/{i}"),
            format!("{}の{}が書かれていません。", holder.role.term(), empty.join("・")),
            "運用管理規程に載せる事柄です。",
        );
    }
}
