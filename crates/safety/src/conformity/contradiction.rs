//! Answers to chapter 6 that the model contradicts (INST-001, INST-002, MODEL-015).

use super::answer::{ConformityFile, ControlStatus, StoragePlace};
use super::statutory::StatutoryState;
use crate::finding::{Findings, Severity};
use crate::model::{Answer, DocumentKind, Element, Environment, NodeKind, Side, abroad};
use crate::risk::Assessment;

pub(super) fn check(file: &ConformityFile, states: &[StatutoryState], assessment: &Assessment, at: &mut Findings) {
    let model = Model { assessment };
    for (i, answer) in file.statutory.iter().enumerate().filter(|(_, answer)| answer.row.is_none()) {
        let excluded = answer.status == ControlStatus::NotApplicable;
        let met = answer.status == ControlStatus::Met;
        let found = match answer.item.as_str() {
            "6.1" if met || excluded => {
                model.abroad().map(|site| (site, "拠点の置き方か、6.1の答えを直してください。"))
            }
            "6.2" if excluded => model
                .document(|document| document.e_document == Answer::Yes, &answer.reason)
                .map(|name| (format!("「{name}」はe-文書法・施行通知の対象とされています"), NAME_IT)),
            "6.3" if excluded => model
                .document(|document| document.signature == Answer::Yes, &answer.reason)
                .map(|name| (format!("「{name}」には署名又は記名・押印が要るとされています"), NAME_IT)),
            "6.4" if excluded => model
                .document(|document| document.sensitive == Answer::Yes, &answer.reason)
                .map(|name| (format!("「{name}」は取扱いに注意を要する文書とされています"), NAME_IT)),
            "6.5" if excluded => model
                .kept_outside()
                .map(|node| (format!("「{node}」は医療機関等の外部で医療情報を保存します"), "6.5に答えてください。")),
            _ => None,
        };
        if let Some((fact, advice)) = found {
            let message = format!("{}は「{}」ですが、{fact}。", answer.item, answer.status.term());
            at.add(Severity::Error, "statutory-contradiction", format!("/statutory/{i}"), message, advice);
        }
    }
    storage(file, states, &model, at);
}

const NAME_IT: &str =
    "この節に答えるか、当てはまらないのであれば、その文書の名前を挙げて理由をreasonに書いてください。";

/// The declared place of storage against where the model keeps information.
fn storage(file: &ConformityFile, states: &[StatutoryState], model: &Model, at: &mut Findings) {
    let Some(storage) = &file.storage else { return };
    let needed = states.iter().any(|state| state.item.id == "6.2" && state.status() != ControlStatus::NotApplicable);
    if needed
        && !storage.places.contains(&StoragePlace::OutsideByNetwork)
        && let Some(node) = model.kept_outside()
    {
        at.add(
            Severity::Error,
            "statutory-contradiction",
            "/storage/places",
            format!(
                "保存する場所は医療機関等だけとされていますが、「{node}」は医療機関等の外部で医療情報を保存します。"
            ),
            "placesにoutside-by-networkを加えてください。",
        );
    }
}

/// Facts of the model that bear on chapter 6.
struct Model<'m, 'a> {
    assessment: &'m Assessment<'a>,
}

impl Model<'_, '_> {
    /// The first site out of the reach of Japanese law.
    fn abroad(&self) -> Option<String> {
        let mut sites = self.assessment.system.sites.iter();
        sites.find_map(|site| Some(format!("拠点「{}」は国外又は国外の法の下（{}）です", site.name, abroad(site)?)))
    }

    /// The first kind of document with a property, unless the reason speaks of it by name.
    fn document(&self, has: impl Fn(&DocumentKind) -> bool, reason: &str) -> Option<&str> {
        let documents = self.assessment.system.information.iter().flat_map(|information| &information.documents);
        let mut open = documents.filter(|document| has(document) && !reason.contains(document.name.as_str()));
        open.next().map(|document| document.name.as_str())
    }

    /// The first device of the production environment outside the institution on which medical information stays.
    fn kept_outside(&self) -> Option<&str> {
        let system = self.assessment.system;
        let keeps = |kind: NodeKind| kind.is_server() || kind == NodeKind::Medium;
        self.assessment.flows.list.iter().find_map(|flow| {
            let Element::Node(at) = flow.element else { return None };
            let node = &system.nodes[at];
            let site = system.sites.iter().find(|site| Some(&site.id) == node.site.as_ref())?;
            let medical = system.information[flow.information].medical == Answer::Yes;
            let production = node.environment == Environment::Production;
            (keeps(node.kind) && production && medical && site.side != Side::Institution).then_some(node.name.as_str())
        })
    }
}
