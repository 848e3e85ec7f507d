//! Whether the facts that a rule asks for are there: yes, no, or nobody has written them.

use shirube_catalog::IncidentFacts;

use super::Incident;
use crate::model::{Answer, SystemFile};
use crate::operation::register::Value;
use crate::typed::folded;

/// What is known of an incident; `None` where nobody wrote it.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    kinds: Option<Vec<String>>,
    severity: Option<String>,
    cyber_attack: Option<bool>,
    medical: Option<bool>,
    institutions: bool,
}

/// The answer of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Holds {
    Yes,
    No,
    /// Because of these blank fields.
    Unknown(Vec<&'static str>),
}

impl Facts {
    pub(super) fn of(incident: &Incident, system: &SystemFile) -> Self {
        let kinds = incident.list("kind");
        Self {
            kinds: Some(kinds).filter(|kinds| !kinds.is_empty()),
            severity: incident.text("severity"),
            cyber_attack: incident.entry.values("cyber_attack").iter().find_map(|value| match value {
                Value::YesNo(yes) => Some(*yes),
                _ => None,
            }),
            medical: medical(incident, system),
            // Until somebody says why nobody is concerned, somebody is.
            institutions: incident.text("no_report_reason").is_none(),
        }
    }

    /// Whether one of several sets of facts is there whole.
    pub(super) fn any(&self, wanted: &[IncidentFacts]) -> Holds {
        if wanted.is_empty() {
            return Holds::Yes;
        }
        let mut blank = Vec::new();
        for one in wanted {
            match self.all(one) {
                Holds::Yes => return Holds::Yes,
                Holds::No => {}
                Holds::Unknown(fields) => blank.extend(fields),
            }
        }
        blank.sort_unstable();
        blank.dedup();
        if blank.is_empty() { Holds::No } else { Holds::Unknown(blank) }
    }

    fn all(&self, wanted: &IncidentFacts) -> Holds {
        let one_of = |list: &[String], known: &String| list.contains(known);
        let kind = self.kinds.as_ref().map(|kinds| kinds.iter().any(|kind| wanted.kind.contains(kind)));
        let severity = self.severity.as_ref().map(|severity| one_of(&wanted.severity, severity));
        let is = |wanted: Option<bool>, known: Option<bool>| wanted.map(|wanted| known.map(|known| known == wanted));
        let asked = [
            ("種類", (!wanted.kind.is_empty()).then_some(kind)),
            ("重大さ", (!wanted.severity.is_empty()).then_some(severity)),
            ("サイバー攻撃（疑いを含む）", is(wanted.cyber_attack, self.cyber_attack)),
            ("影響する情報", is(wanted.medical, self.medical)),
            ("影響する医療機関等", is(wanted.institutions, Some(self.institutions))),
        ];
        let asked: Vec<(&'static str, Option<bool>)> =
            asked.into_iter().filter_map(|(field, known)| known.map(|known| (field, known))).collect();
        if asked.iter().any(|(_, known)| *known == Some(false)) {
            return Holds::No;
        }
        let blank: Vec<&'static str> =
            asked.into_iter().filter(|(_, known)| known.is_none()).map(|(field, _)| field).collect();
        if blank.is_empty() { Holds::Yes } else { Holds::Unknown(blank) }
    }
}

/// Whether 医療情報 is among the information that the entry names.
fn medical(incident: &Incident, system: &SystemFile) -> Option<bool> {
    let names: Vec<String> = incident.list("information").iter().map(|name| folded(name)).collect();
    let is_named = |id: &str, name: &str| names.iter().any(|one| *one == folded(id) || *one == folded(name));
    let named: Vec<Answer> =
        system.information.iter().filter(|one| is_named(&one.id, &one.name)).map(|one| one.medical).collect();
    if named.contains(&Answer::Yes) {
        return Some(true);
    }
    // A name that the model does not have may be anything.
    let all_known = !names.is_empty() && named.len() >= names.len() && !named.contains(&Answer::Unknown);
    all_known.then_some(false)
}
