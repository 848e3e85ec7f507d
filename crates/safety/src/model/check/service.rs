//! Findings on the editions and the method of `shirube.yaml`.

use shirube_catalog::{Certainty, EditionStatus, Library};

use crate::finding::{Findings, Severity};
use crate::model::{ServiceFile, method_of};

pub(super) fn check(service: &ServiceFile, library: &'static Library, at: &mut Findings) {
    editions(service, library, at);
    for error in method_of(service, library).err().into_iter().flatten() {
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
