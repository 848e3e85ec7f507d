//! MODEL-015: where information is kept must be within the reach of Japanese law (guideline 6.1).

use crate::finding::{Findings, Severity};
use crate::model::{Site, SystemFile};

pub(super) fn check(system: &SystemFile, at: &mut Findings) {
    const ADVICE: &str =
        "医療情報とそれを扱うシステムは、国内法の執行の及ぶ範囲に置く必要があります（6.1）。置き方を見直してください。";
    for (i, site) in system.sites.iter().enumerate() {
        if site.country.as_deref().is_none_or(|country| country.trim().is_empty()) && site.within.is_none() {
            at.add(
                Severity::Warning,
                "country-missing",
                format!("/sites/{i}"),
                format!("拠点「{}」の国が書かれていません。", site.name),
                "国内法の執行の及ぶ範囲か（6.1）を示すため、countryを書いてください（例: 日本）。",
            );
        }
        if let Some(country) = foreign(site.country.as_deref()) {
            let message = format!("拠点「{}」は国外（{country}）です。", site.name);
            at.add(Severity::Error, "country-abroad", format!("/sites/{i}/country"), message, ADVICE);
        }
        if let Some(law) = foreign(site.jurisdiction.as_deref()) {
            let message = format!("拠点「{}」は、{law}の法の下に置かれます。", site.name);
            at.add(Severity::Error, "jurisdiction-abroad", format!("/sites/{i}/jurisdiction"), message, ADVICE);
        }
    }
    for (i, link) in system.links.iter().enumerate() {
        if let Some(country) = foreign(link.country.as_deref()) {
            at.add(
                Severity::Warning,
                "country-abroad",
                format!("/links/{i}/country"),
                format!("接続「{}」は国外（{country}）を通ります。", link.name),
                "国内だけを通る経路にできないか、できなければ暗号化などでどう守るかを確かめてください（6.1）。",
            );
        }
    }
}

/// A country other than Japan; nothing written is no country.
pub(crate) fn foreign(country: Option<&str>) -> Option<&str> {
    let country = country.map(str::trim).filter(|country| !country.is_empty())?;
    let japan = ["日本", "日本国", "japan", "jp", "jpn"];
    (!japan.contains(&country.to_lowercase().as_str())).then_some(country)
}

/// The country or the law that takes a site out of the reach of Japanese law.
pub(crate) fn abroad(site: &Site) -> Option<&str> {
    foreign(site.country.as_deref()).or_else(|| foreign(site.jurisdiction.as_deref()))
}
