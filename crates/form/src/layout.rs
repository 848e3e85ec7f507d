//! How the fields of a record are laid out, as data. What does not stand here comes in the order of its type.

use super::{Choice, Known};

/// A group of fields under a heading, by the type of the record. Fields that no group names come at the end.
pub(super) const GROUPS: [(&str, &str, &[&str]); 24] = [
    (
        "Node",
        "名前と置き場所",
        &["id", "name", "name_on_platform", "kind", "site", "host", "environment", "shared_with", "owner", "operator"],
    ),
    (
        "Node",
        "守りの状態",
        &[
            "exposure",
            "authentication",
            "factors",
            "encryption",
            "portability",
            "removable_media",
            "redundancy",
            "malware_protection",
            "maintenance",
            "backup",
            "log_retention_years",
            "development_tools",
        ],
    ),
    ("Node", "当てはまるときだけ", &["outside_access", "maker_security"]),
    ("Node", "契約終了時", &["at_end", "at_end_none"]),
    ("Link", "名前と両端", &["id", "name", "kind", "between", "place", "operator", "country"]),
    ("Link", "守りの状態", &["exposure", "encryption", "protocol", "client_certificate", "redundancy", "maintenance"]),
    ("Link", "方式に応じて", &["ike", "ssl_vpn", "ssl_vpn_client", "tls", "wireless_control", "wireless"]),
    ("Link", "流れる情報", &["carries"]),
    ("Link", "契約終了時", &["at_end", "at_end_none"]),
    ("Decision", "影響度", &["impact", "impact_reason", "impact_on"]),
    ("Decision", "顕在化率", &["likelihood", "factors", "likelihood_reason"]),
    ("Decision", "対応要否", &["needed", "needed_reason", "approver"]),
    ("Treatment", "対象と選択肢", &["id", "risks", "options", "no_reduction_reason", "avoidance_considered"]),
    ("Treatment", "対象事業者の対策", &["measures", "single_viewpoint_reason"]),
    ("Treatment", "医療機関等へ対応を求める事項", &["requests"]),
    ("Treatment", "回避・移転・保有", &["avoidance", "transfer", "retention"]),
    ("Treatment", "残存するリスク", &["residual", "earlier"]),
    ("ControlAnswer", "答え", &["control", "status", "how", "scope", "exceptions", "reason"]),
    ("ControlAnswer", "根拠", &["evidence", "evidence_on", "evidence_until"]),
    ("ControlAnswer", "担当と予定", &["owner", "due"]),
    ("ControlAnswer", "合意", &["agreement"]),
    ("ControlAnswer", "「利用者」と関係するリスク", &["users", "users_by_flow", "risks", "revision"]),
    ("StatutoryAnswer", "答え", &["item", "row", "place", "status", "how", "evidence", "reason", "due"]),
    ("StatutoryAnswer", "医療機関等への説明", &["explained", "explained_on", "explained_to"]),
];

/// Choices that are looked at one beside the other.
const RADIOS: [(&str, &str); 7] = [
    ("ChecklistReply", "state"),
    ("Decision", "impact"),
    ("Decision", "likelihood"),
    ("ControlAnswer", "status"),
    ("StatutoryAnswer", "status"),
    ("Residual", "acceptable"),
    ("Avoidance", "action"),
];

/// Numbers on the scales of the method.
const IMPACT: [(&str, &str); 8] = [
    ("Decision", "impact"),
    ("OwnValues", "impact"),
    ("Residual", "impact"),
    ("ImpactOn", "confidentiality"),
    ("ImpactOn", "integrity"),
    ("ImpactOn", "availability"),
    ("InformationClass", "importance"),
    ("InstitutionClass", "importance"),
];
const LIKELIHOOD: [(&str, &str); 3] =
    [("Decision", "likelihood"), ("OwnValues", "likelihood"), ("Residual", "likelihood")];

/// What the program itself writes: nobody could type it.
const KEPT: [(&str, &str); 4] =
    [("Decision", "basis"), ("FlowsReviewed", "flows"), ("FlowsReviewed", "digest"), ("HouseFile", "logo")];

/// The fields of a file itself that are edited together; the others are records or lists of records.
const OF_FILE: [&str; 2] = ["provider", "editions"];

pub(super) fn has_radios(owner: &str, key: &str) -> bool {
    RADIOS.contains(&(owner, key))
}

pub(super) fn is_kept(owner: &str, key: &str) -> bool {
    KEPT.contains(&(owner, key))
}

pub(super) fn is_of_file(key: &str) -> bool {
    OF_FILE.contains(&key)
}

/// The scale whose steps a number is one of, if the method has one.
pub(super) fn scale<'k>(known: &'k Known, owner: &str, key: &str) -> Option<&'k [Choice]> {
    let scale = match (IMPACT.contains(&(owner, key)), LIKELIHOOD.contains(&(owner, key))) {
        (true, _) => &known.impact,
        (_, true) => &known.likelihood,
        _ => return None,
    };
    (!scale.is_empty()).then_some(scale)
}
