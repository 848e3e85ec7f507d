//! Delivery form: whose parts are in scope, who reports to whom (guideline 2.1, 2.2).

use shirube_catalog::{DeliveryCase, Library};

use super::{Answer, Form, Layer, Party, PartyKind, ScopeAnswers, ServiceFile};

/// The case of 2.2 a service is, and what follows from it (PARTY-003 to -005).
#[derive(Debug, Clone)]
pub struct Delivery {
    /// e.g. `A1+P1+I2`.
    pub combination: String,
    /// The case the guideline names, if it names this combination.
    pub case: Option<&'static DeliveryCase>,
    pub duties: Vec<Duty>,
}

/// One duty of one party, as a Japanese sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// Id of the party.
    pub party: String,
    pub text: String,
}

/// Works out the case and the duties of every party.
pub fn delivery(service: &ServiceFile, library: &'static Library) -> Delivery {
    let forms =
        Layer::ALL.iter().map(|&layer| format!("{}{}", layer.letter(), service.delivery.of(layer).form.token()));
    let forms: Vec<String> = forms.collect();
    Delivery {
        combination: forms.join("+"),
        case: library.provider.delivery.cases.iter().find(|case| case.forms[..] == forms[..]),
        duties: duties(service),
    }
}

/// Both parts of every report (2.1).
const REPORT: &str = "リスクマネジメントの実施状況と、制度上の要求事項への対応状況";

fn duties(service: &ServiceFile) -> Vec<Duty> {
    let mut duties = Vec::new();
    let mut say = |party: &str, text: String| duties.push(Duty { party: party.to_owned(), text });
    let name = |id: &str| party_name(service, id).to_owned();
    let own: Vec<&str> = layers(service, |form| form == Form::Own);
    let contracting = &service.provider;

    say(
        contracting,
        format!("自社が提供する構成要素（{}）のリスクマネジメントと、制度上の要求事項への対応を行う。", join(&own)),
    );
    for layer in Layer::ALL {
        let component = service.delivery.of(*layer);
        let (party, term) = (&component.party, layer.term());
        match component.form {
            Form::Own => {}
            Form::Procured => {
                if supplies_directly(service, party, contracting) {
                    say(contracting, format!("{term}を提供する{}を選定する。", name(party)));
                }
                let text =
                    format!("{}が提供する{term}も、自らのリスクマネジメントと制度対応の範囲に含める。", name(party));
                say(contracting, text);
            }
            Form::Separate => {
                say(
                    contracting,
                    format!(
                        "医療機関等が別に契約する{}の{term}について選定・管理の義務は負わないが、対応の対象範囲には含める。",
                        name(party)
                    ),
                );
                say(party, format!("自社が提供する{term}について、独立してリスクマネジメントと制度対応を行う。"));
            }
        }
    }
    for supply in &service.supply_chain {
        if supply.contract.is_some() {
            say(&supply.supplier, format!("{REPORT}を、求めに応じて{}に報告する。", name(&supply.customer)));
        }
    }
    for party in service.parties.iter().filter(|party| in_scope(party) == Some(true)) {
        let by_patient = party.scope.as_ref().is_some_and(|s| s.receives_by_patient_instruction == Answer::Yes);
        if by_patient {
            say(&party.id, format!("{REPORT}を、求めに応じて医療機関等に報告する。"));
        }
    }
    duties
}

fn layers(service: &ServiceFile, wanted: impl Fn(Form) -> bool) -> Vec<&'static str> {
    Layer::ALL.iter().filter(|&&layer| wanted(service.delivery.of(layer).form)).map(|layer| layer.term()).collect()
}

fn join(words: &[&str]) -> String {
    if words.is_empty() { "なし".to_owned() } else { words.join("・") }
}

/// Whether `supplier` has no one between itself and `customer`. With no record of the chain, it counts as direct.
fn supplies_directly(service: &ServiceFile, supplier: &str, customer: &str) -> bool {
    let mut edges = service.supply_chain.iter().filter(|supply| supply.supplier == supplier).peekable();
    edges.peek().is_none() || edges.any(|supply| supply.customer == customer)
}

/// Name of a party, or the id where the party does not exist.
fn party_name<'a>(service: &'a ServiceFile, id: &'a str) -> &'a str {
    service.parties.iter().find(|party| party.id == id).map_or(id, |party| &party.name)
}

/// Whether a party is a 対象事業者 by its answers (2.1, notes 9 and 10). `None` while the answers do not decide it.
pub(crate) fn in_scope(party: &Party) -> Option<bool> {
    let ScopeAnswers {
        direct_contract,
        supplies_resources,
        receives_by_patient_instruction,
        receives_from_patients_only,
        ..
    } = party.scope.as_ref()?;
    let inside = [direct_contract, supplies_resources, receives_by_patient_instruction];
    if inside.contains(&&Answer::Yes) {
        return Some(true);
    }
    let all_no = inside.iter().all(|answer| **answer == Answer::No);
    (all_no || *receives_from_patients_only == Answer::Yes).then_some(false)
}

impl Party {
    /// Whether the party supplies part of the service, so that its answers to 2.1 matter.
    pub(crate) fn may_be_provider(&self) -> bool {
        matches!(
            self.kind,
            PartyKind::Provider | PartyKind::Subcontractor | PartyKind::LinkedProvider | PartyKind::Carrier
        )
    }

    /// Whether the party is a 対象事業者 by its answers (2.1); `None` while undecided.
    pub fn in_scope(&self) -> Option<bool> {
        in_scope(self)
    }
}
