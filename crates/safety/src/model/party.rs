//! Delivery form: whose parts are in scope, who reports to whom (guideline 2.1, 2.2).

use shirube_catalog::{DeliveryCase, Library};

use super::{Answer, Form, Layer, Part, Party, PartyKind, ScopeAnswers, ServiceFile};

/// The case of 2.2 a service is, and what follows from it (PARTY-003 to -005).
#[derive(Debug, Clone)]
pub struct Delivery {
    /// e.g. `A1+P1+I2`.
    pub combination: String,
    /// The case the guideline names, if it names this combination.
    pub case: Option<&'static DeliveryCase>,
    /// Parts of a layer that somebody else provides, as Japanese sentences.
    pub parts: Vec<String>,
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
    let forms = Layer::ALL.iter().map(|&layer| code(layer, service.delivery.of(layer).form));
    let forms: Vec<String> = forms.collect();
    Delivery {
        combination: forms.join("+"),
        case: library.provider.delivery.cases.iter().find(|case| case.forms[..] == forms[..]),
        parts: service.delivery.parts().filter_map(|part| described(service, &part)).collect(),
        duties: duties(service, library),
    }
}

fn code(layer: Layer, form: Form) -> String {
    format!("{}{}", layer.letter(), form.token())
}

/// `インフラのうち閉域網は、…から調達します（I2）。` for part of a layer.
fn described(service: &ServiceFile, part: &Part) -> Option<String> {
    let what = part.what?;
    let (layer, party) = (part.layer.term(), party_name(service, part.party));
    let how = match part.form {
        Form::Own => format!("{party}が自ら提供します"),
        Form::Procured => format!("{party}から調達します"),
        Form::Separate => format!("医療機関等が{party}と別に契約します"),
    };
    Some(format!("{layer}のうち{what}は、{how}（{}）。", code(part.layer, part.form)))
}

fn duties(service: &ServiceFile, library: &'static Library) -> Vec<Duty> {
    let texts = &library.provider.delivery.duties;
    let mut duties: Vec<Duty> = Vec::new();
    let mut say = |party: &str, text: String| {
        let duty = Duty { party: party.to_owned(), text };
        if !duties.contains(&duty) {
            duties.push(duty);
        }
    };
    let provider = service.provider.as_str();
    let own: Vec<String> =
        service.delivery.parts().filter(|part| part.form == Form::Own).map(|part| part.term()).collect();
    let own = if own.is_empty() { "なし".to_owned() } else { own.join("・") };
    say(provider, texts.own.replace("{layers}", &own));
    for part in service.delivery.parts() {
        let fill =
            |text: &str| text.replace("{layer}", &part.term()).replace("{party}", party_name(service, part.party));
        match part.form {
            Form::Own => {}
            Form::Procured => {
                if supplies_directly(service, part.party, provider) {
                    say(provider, fill(&texts.select));
                }
                say(provider, fill(&texts.include));
            }
            Form::Separate => {
                say(provider, fill(&texts.separate));
                say(part.party, fill(&texts.independent));
            }
        }
    }
    let report = |to: &str| texts.report.replace("{party}", to);
    for supply in service.supply_chain.iter().filter(|supply| supply.is_contracted()) {
        say(&supply.supplier, report(party_name(service, &supply.customer)));
    }
    for party in service.parties.iter().filter(|party| party.in_scope() == Some(true)) {
        let by_patient = party.scope.as_ref().is_some_and(|s| s.receives_by_patient_instruction == Answer::Yes);
        if by_patient {
            say(&party.id, report("医療機関等"));
        }
    }
    duties
}

/// Whether `supplier` has no one between itself and `customer`. With no record of the chain, it counts as direct.
fn supplies_directly(service: &ServiceFile, supplier: &str, customer: &str) -> bool {
    let mut edges = service.supply_chain.iter().filter(|supply| supply.supplier == supplier).peekable();
    edges.peek().is_none() || edges.any(|supply| supply.customer == customer)
}

/// Name of a party, or the id where the party does not exist.
pub fn party_name<'a>(service: &'a ServiceFile, id: &'a str) -> &'a str {
    service.parties.iter().find(|party| party.id == id).map_or(id, |party| &party.name)
}

impl Party {
    /// Whether the answers to 2.1 matter: the party is a provider by its kind, or takes part in providing the service.
    pub fn may_be_provider(&self, service: &ServiceFile) -> bool {
        match self.kind {
            PartyKind::Provider | PartyKind::Subcontractor | PartyKind::LinkedProvider | PartyKind::Carrier => true,
            PartyKind::Institution | PartyKind::Patient => false,
            _ => self.takes_part(service),
        }
    }

    /// Whether the party supplies somebody, or provides part of the service.
    pub(crate) fn takes_part(&self, service: &ServiceFile) -> bool {
        service.supply_chain.iter().any(|supply| supply.supplier == self.id)
            || service.delivery.parts().any(|part| part.party == self.id)
    }

    /// Whether a party is a 対象事業者 by its answers (2.1, notes 9 and 10). `None` while they do not decide it.
    pub fn in_scope(&self) -> Option<bool> {
        let ScopeAnswers {
            direct_contract,
            supplies_resources,
            receives_by_patient_instruction,
            receives_from_patients_only,
            ..
        } = self.scope.as_ref()?;
        let inside = [direct_contract, supplies_resources, receives_by_patient_instruction];
        if inside.contains(&&Answer::Yes) {
            return Some(true);
        }
        let all_no = inside.iter().all(|answer| **answer == Answer::No);
        (all_no || *receives_from_patients_only == Answer::Yes).then_some(false)
    }

    /// What the answers to 2.1 come to, as printed; empty where nobody has to ask.
    pub fn scope_term(&self, service: &ServiceFile) -> &'static str {
        match self.in_scope() {
            Some(true) => "当たる",
            Some(false) => "当たらない",
            None if self.may_be_provider(service) => "未定",
            None => "",
        }
    }
}
