//! From one edition to the next, with a time in which both are answered (CATALOG-012).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Date, ServiceFile};

/// 次の版への移行。期間中は二つの版に並行して答え、決めた日から新しい版を主とする。
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditionChange {
    /// 新しい版（例: pg-1.1）。
    pub edition: String,
    /// 置き換わる版。editionsに書いたもの。
    pub replaces: String,
    /// 並行して答え始める日。
    pub from: Date,
    /// 新しい版が主となる日。決めるまでは省く。
    #[serde(default)]
    pub leads_from: Option<Date>,
    /// 決めた人。
    #[schemars(regex(pattern = r"\S"))]
    pub by: String,
    /// 決めた日。
    pub on: Date,
    /// 理由。
    #[schemars(regex(pattern = r"\S"))]
    pub reason: String,
}

/// The day that a service's documents speak of: a program reads no clock.
pub fn reckoned_on(service: &ServiceFile) -> Option<Date> {
    service.document.issued_on.or(service.document.valid_from)
}

/// What an edition is to a service on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EditionRole {
    /// The documents are made for it.
    Leading,
    /// Answered beside the leading one.
    Parallel,
    /// Its time has not come.
    Coming,
    /// Another leads in its place.
    Replaced,
}

impl EditionRole {
    pub fn term(self) -> &'static str {
        match self {
            Self::Leading => "主",
            Self::Parallel => "並行",
            Self::Coming => "これから",
            Self::Replaced => "置き換え済み",
        }
    }
}

/// The editions a service names, each with its role on a day. Without a day nothing has changed yet.
pub fn editions_on(service: &ServiceFile, day: Option<Date>) -> Vec<(&str, EditionRole)> {
    let reached = |date: Date| day.is_some_and(|day| day >= date);
    let mut roles: Vec<(&str, EditionRole)> =
        service.editions.iter().map(|id| (id.as_str(), EditionRole::Leading)).collect();
    for change in &service.edition_changes {
        let role = match change.leads_from {
            Some(date) if reached(date) => EditionRole::Leading,
            _ if reached(change.from) => EditionRole::Parallel,
            _ => EditionRole::Coming,
        };
        if role == EditionRole::Leading
            && let Some((_, old)) = roles.iter_mut().find(|(id, _)| *id == change.replaces)
        {
            *old = EditionRole::Replaced;
        }
        match roles.iter_mut().find(|(id, _)| *id == change.edition) {
            Some((_, known)) => *known = role,
            None => roles.push((&change.edition, role)),
        }
    }
    roles
}
