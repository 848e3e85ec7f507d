//! Information: whether it is 医療情報, which documents it holds, how it is classed (2.1, 5.1.1).

use std::collections::HashSet;

use crate::finding::{Findings, Severity};
use crate::model::{
    Answer, Information, InformationClass, InformationKind, InstitutionClass, InstitutionKind, ServiceFile, StandsFor,
    Subject, SystemFile,
};

pub(super) fn check(service: &ServiceFile, system: &SystemFile, at: &mut Findings) {
    kinds(system, at);
    nursing_care(service, system, at);
    documents(system, at);
    stand_ins(system, at);
    classes(service, system, at);
}

fn kinds(system: &SystemFile, at: &mut Findings) {
    for (i, information) in system.information.iter().enumerate() {
        if information.medical == Answer::Unknown {
            at.add(
                Severity::Note,
                "medical-unknown",
                format!("/information/{i}"),
                format!("「{}」が医療情報に当たるかが未確認です。", information.name),
                "medicalに yes か no を、medical_reasonに理由を書いてください（2.1）。",
            );
        }
        if information.medical != Answer::Unknown && information.medical_reason.trim().is_empty() {
            at.add(
                Severity::Note,
                "medical-reason",
                format!("/information/{i}"),
                format!(
                    "「{}」を医療情報に{}とした理由が書かれていません。",
                    information.name,
                    if information.medical == Answer::Yes { "当たる" } else { "当たらない" }
                ),
                "medical_reasonに理由を書いてください。対象の範囲と義務がこの答えで決まります（2.1）。",
            );
        }
        medical(information, i, at);
        if information.medical == Answer::Yes && information.documents.is_empty() {
            at.add(
                Severity::Note,
                "documents-missing",
                format!("/information/{i}"),
                format!("「{}」に含まれる文書の種類（診療録など）が書かれていません。", information.name),
                "documentsに名称・保存年数・根拠を書くと、ログの保存期間や第6章の確認に使えます。",
            );
        }
    }
}

/// FLOW-018: what identifies patients, or what 介護事業者 make on instruction, cannot be other than 医療情報.
fn medical(information: &Information, i: usize, at: &mut Findings) {
    let why = match (information.kind, information.made_on_instruction) {
        (InformationKind::Patient, _) => "患者個人情報",
        (_, Answer::Yes) => "医療従事者の指示で作る情報",
        _ => return,
    };
    if information.medical == Answer::No {
        at.add(
            Severity::Error,
            "medical-contradiction",
            format!("/information/{i}/medical"),
            format!("「{}」は{why}ですが、医療情報に当たらないとされています。", information.name),
            "medicalを yes にするか、kindとmade_on_instructionが正しいか確かめてください（2.1）。",
        );
    }
}

/// FLOW-018: 介護事業者 also make 医療情報.
fn nursing_care(service: &ServiceFile, system: &SystemFile, at: &mut Findings) {
    if !service.parties.iter().any(|party| party.institution_kind == Some(InstitutionKind::NursingCare)) {
        return;
    }
    for (i, information) in system.information.iter().enumerate() {
        let open = information.medical != Answer::Yes && information.made_on_instruction == Answer::Unknown;
        if open && matches!(information.kind, InformationKind::Patient | InformationKind::Other) {
            at.add(
                Severity::Note,
                "instruction-unknown",
                format!("/information/{i}"),
                format!("「{}」を、介護事業者が医療従事者の指示で作るかが未確認です。", information.name),
                "made_on_instructionに yes か no を書いてください。yes なら医療情報です（2.1）。",
            );
        }
    }
}

/// FLOW-014: the legal facts of the documents, one line per kind of information.
fn documents(system: &SystemFile, at: &mut Findings) {
    for (i, information) in system.information.iter().enumerate() {
        for (d, document) in information.documents.iter().enumerate() {
            let unknown = document.unknown();
            if !unknown.is_empty() {
                at.add(
                    Severity::Note,
                    "document-incomplete",
                    format!("/information/{i}/documents/{d}"),
                    format!("「{}」の「{}」について、{}が未確認です。", information.name, document.name, unknown.join("・")),
                    "e_document、retention_years、basis、signature、sensitiveに書いてください。第6章の答えとログの保存期間に使います。",
                );
            }
        }
    }
}

fn stand_ins(system: &SystemFile, at: &mut Findings) {
    for role in [StandsFor::ApplicationProvision, StandsFor::PlatformLog] {
        if !system.information.iter().any(|information| information.stands_for == Some(role)) {
            at.add(
                Severity::Warning,
                "stands-for-missing",
                "/information",
                format!(
                    "「{}」に当たる情報がないため、プラットフォームとインフラの情報流を一部導けません。",
                    role.term()
                ),
                format!("informationに stands_for: {} の情報を一つ加えてください。", role.token()),
            );
        }
    }
}

fn classes(service: &ServiceFile, system: &SystemFile, at: &mut Findings) {
    let medical: HashSet<&str> =
        system.information.iter().filter(|i| i.medical == Answer::Yes).map(|i| i.class.as_str()).collect();
    // FLOW-008: patients' information is a class of its own.
    for (i, other) in system.information.iter().enumerate() {
        let settings =
            matches!(other.kind, InformationKind::Settings | InformationKind::TestData | InformationKind::Program);
        if settings && medical.contains(other.class.as_str()) {
            at.add(
                Severity::Warning,
                "class-mixed",
                format!("/information/{i}/class"),
                format!("「{}」が医療情報と同じ分類になっています。", other.name),
                "設定情報・プログラム・テストデータは、患者個人情報とは別の分類にしてください（5.1.1）。",
            );
        }
    }
    for (i, information) in system.information.iter().enumerate() {
        lowered(system, information, i, at);
    }
    minimum(service, system, at);
    asked(service, system, at);
}

/// FLOW-010: who provides the application asks the institution how it classes what it entrusts.
fn asked(service: &ServiceFile, system: &SystemFile, at: &mut Findings) {
    let asked = system.classes_to_ask(service);
    let classes = || asked.iter().map(|&at| &system.information_classes[at]);
    let names = |open: &dyn Fn(&InformationClass) -> bool| -> Vec<String> {
        classes().filter(|class| open(class)).map(|class| format!("「{}」", class.name)).collect()
    };
    let answered = |class: &InformationClass| class.institution.as_ref().is_some_and(|i| i.answered_on.is_some());
    let was_asked = |class: &InformationClass| class.institution.as_ref().is_some_and(|i| i.asked_on.is_some());
    for (rule, found, state) in [
        (
            "institution-class-unasked",
            names(&|class| !was_asked(class) && !answered(class)),
            "を尋ねた記録がありません",
        ),
        (
            "institution-class-unanswered",
            names(&|class| was_asked(class) && !answered(class)),
            "について、まだ答えがありません",
        ),
    ] {
        if !found.is_empty() {
            at.add(
                Severity::Note,
                rule,
                "/information_classes",
                format!("医療情報を含む分類{}について、医療機関等の側での分類の結果{state}。", found.join("")),
                "お願いする文は「医療機関等へ対応を求める事項」に印刷します。尋ねた日と答えをinstitutionに書くと、参考として並べて示します（5.1.1）。",
            );
        }
    }
    for (i, class) in system.information_classes.iter().enumerate() {
        if let Some(theirs) = &class.institution {
            compared(class, theirs, &format!("/information_classes/{i}/institution"), at);
        }
    }
}

/// The answer of the institution beside our own class. It is a reference and moves nothing.
fn compared(class: &InformationClass, theirs: &InstitutionClass, here: &str, at: &mut Findings) {
    if let (Some(asked), Some(answered)) = (theirs.asked_on, theirs.answered_on)
        && answered < asked
    {
        at.add(
            Severity::Error,
            "institution-class-dates",
            format!("{here}/answered_on"),
            format!("分類「{}」の答えの日（{answered}）が、尋ねた日（{asked}）より前になっています。", class.name),
            "どちらかの日付を直してください。",
        );
    }
    if let Some(importance) = theirs.importance.filter(|importance| *importance != class.importance) {
        at.add(
            Severity::Note,
            "institution-class-differs",
            format!("{here}/importance"),
            format!("分類「{}」の重要度は{}ですが、医療機関等の答えは{importance}です。", class.name, class.importance),
            "違いの理由を医療機関等と確かめてください。重要度は、こちらで決めたまま用いています。",
        );
    }
}

/// FLOW-015: that people have died or that names were removed does not lower the class.
fn lowered(system: &SystemFile, information: &Information, i: usize, at: &mut Findings) {
    let importance = |information: &Information| {
        let class = system.information_classes.iter().find(|class| class.id == information.class);
        class.map(|class| class.importance)
    };
    let subject =
        information.subjects.iter().find(|subject| matches!(subject, Subject::Deceased | Subject::Anonymised));
    let origin = information.derived_from.as_ref().and_then(|id| system.information.iter().find(|o| o.id == *id));
    let (Some(subject), Some(origin)) = (subject, origin) else { return };
    let (Some(own), Some(full)) = (importance(information), importance(origin)) else { return };
    if own < full {
        let kind = if *subject == Subject::Deceased { "死者の情報" } else { "匿名化した情報" };
        at.add(
            Severity::Error,
            "class-lowered",
            format!("/information/{i}/class"),
            format!("「{}」は「{}」のうち{kind}ですが、重要度が下げられています（{own}＜{full}）。", information.name, origin.name),
            "死者の情報も匿名化した情報も、生存する患者の情報と同じに扱います（5.1.6(2)(ア)）。同じ重要度の分類にしてください。",
        );
    }
}

/// FLOW-009: who cannot know what the application holds keeps at least two classes.
fn minimum(service: &ServiceFile, system: &SystemFile, at: &mut Findings) {
    if service.delivery.application.party == service.provider {
        return;
    }
    let provision = |i: &&Information| {
        i.kind == InformationKind::ApplicationProvision || i.stands_for == Some(StandsFor::ApplicationProvision)
    };
    let held: HashSet<&str> = system.information.iter().filter(provision).map(|i| i.class.as_str()).collect();
    let has_other = system.information_classes.iter().any(|class| !held.contains(class.id.as_str()));
    if held.is_empty() || !has_other {
        at.add(
            Severity::Warning,
            "minimum-classes",
            "/information_classes",
            "情報の分類が、アプリケーション提供に係る情報とその他の情報に分かれていません。",
            "アプリケーションの中身を知り得ないときも、少なくとも「アプリケーション提供に係る情報（医療情報を含む可能性のある情報）」と「その他（機器やOS・ミドルウェアの設定など）」の二つに分けます（5.1.1）。",
        );
    }
}
