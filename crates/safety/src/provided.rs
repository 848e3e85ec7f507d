//! 表4-1 laid over what a service has: which of the 19 items it can hand over (DOC-005, DOC-012).

use shirube_catalog::ProvidedInformation;

use crate::conformity::{Conformity, ControlStatus};
use crate::finding::{File, Finding, Findings, Severity};
use crate::model::SelectionItem;
use crate::risk::Assessment;

/// One item of table 4-1 with what stands for it.
#[derive(Debug, Clone, Copy)]
pub struct Provided<'a> {
    pub item: &'static ProvidedInformation,
    /// What people named.
    pub named: Option<&'a SelectionItem>,
    /// The document of ours that holds it, by name.
    pub made: Option<Made>,
}

/// A document made from the service.
#[derive(Debug, Clone, Copy)]
pub struct Made {
    pub document: &'static str,
    /// Heading in it, if the item is only part of it.
    pub part: Option<&'static str>,
    /// Whether that document has nothing to say on the item yet.
    pub empty: bool,
}

impl Provided<'_> {
    /// Whether there is something to hand over.
    pub fn is_there(&self) -> bool {
        self.named.is_some_and(|named| !named.shown().is_empty()) || self.made.is_some_and(|made| !made.empty)
    }
}

/// All 19 items.
pub(crate) fn provided<'a>(assessment: &Assessment<'a>, conformity: &Conformity) -> Vec<Provided<'a>> {
    let items = assessment.library.provider.provided_information.iter();
    let one = |item: &'static ProvidedInformation| Provided {
        item,
        named: assessment.service.selection.iter().find(|named| named.item == item.no),
        made: item.document.as_deref().map(|document| Made {
            document,
            part: item.part.as_deref(),
            empty: is_empty(document, assessment, conformity),
        }),
    };
    items.map(one).collect()
}

/// Whether the part of a document that holds an item would be empty.
fn is_empty(document: &str, assessment: &Assessment, conformity: &Conformity) -> bool {
    match document {
        "system-diagram" => assessment.system.nodes.is_empty(),
        "risk-treatment" => assessment.treated.is_empty(),
        "institution-requests" => assessment.treated.iter().all(|treated| treated.treatment.requests.is_empty()),
        "conformity" => conformity.statutory.iter().all(|state| state.status() == ControlStatus::Unanswered),
        "provided-information" => assessment.service.roles.is_empty(),
        _ => false,
    }
}

/// What is not there, and what is there without saying how it is shown.
pub(crate) fn check(list: &[Provided]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut at = Findings { file: File::Service, list: &mut findings };
    let numbers = |wanted: &dyn Fn(&Provided) -> bool| -> Vec<String> {
        list.iter().filter(|line| wanted(line)).map(|line| line.item.no.to_string()).collect()
    };
    let missing = numbers(&|line| !line.is_there());
    if !missing.is_empty() {
        let message = format!(
            "情報提供項目{}件のうち{}件（{}番）に資料がありません。",
            list.len(),
            missing.len(),
            missing.join("・")
        );
        let advice =
            "selectionに、項目の番号・文書名・開示方法を書いてください。項目の名前は、情報提供項目一覧で見られます。";
        at.add(Severity::Warning, "provided-missing", "/selection", message, advice);
    }
    let undisclosed = numbers(&|line| line.is_there() && line.named.is_none());
    if !undisclosed.is_empty() {
        let message = format!(
            "情報提供項目の{}番は、資料がありますが、開示方法・条件・範囲が書かれていません。",
            undisclosed.join("・")
        );
        let advice = "Shirubeが作る文書についても、selectionに番号と開示方法・開示日を書けます（documentは省けます）。";
        at.add(Severity::Note, "provided-undisclosed", "/selection", message, advice);
    }
    findings
}
