//! Fills the [`Context`]: what follows from the model, the risks and the answers, in the words of templates.

use shirube_catalog::{Edition, editions, library};
use shirube_safety::Service;
use shirube_safety::conformity::{Answered, ControlStatus, StatutoryState};
use shirube_safety::model::{self, Answer, Date, Party, PartyKind, RoleHolder, reckoned_on};
use shirube_safety::risk::MeasureStatus;

use super::context::*;
use super::overview;
use crate::deliverable::Deliverable;
use crate::deliverable::provided::made;

/// The facts of a service for a document; `terms` are the words it explains.
pub fn context<'a>(service: &'a Service<'a>, open: bool, terms: Vec<Word<'a>>) -> Context<'a> {
    let files = service.files;
    let file = &files.service;
    let party = |id: &str| file.parties.iter().find(|party| party.id == id);
    let named =
        |party: &'a Party| NamedParty { name: &party.name, kind_word: party.institution_kind.map(|kind| kind.term()) };
    let roles: Vec<Role> = file.roles.iter().map(role).collect();
    let requests = requests(service);
    let measures = measures(service);
    Context {
        open,
        service: NamedService { name: &file.service.name, description: file.service.description.trim() },
        provider: party(&file.provider).map(named),
        institution: file.parties.iter().find(|party| party.kind == PartyKind::Institution).map(named),
        document: &file.document,
        sla: &files.sla,
        disclosure: &files.disclosure,
        rules: &files.rules,
        role: Named(roles.iter().map(|role| (role.role.token().to_owned(), role.clone())).collect()),
        roles,
        suppliers: suppliers(service),
        certifications: certificates(service),
        sites: sites(service, open),
        nodes: if open { Vec::new() } else { nodes(service) },
        layers: layers(service),
        configuration_documents: &files.system.documents,
        statutory: sections(service),
        statutory_item: sections(service),
        statutory_answers: service.answers.conformity.statutory.iter().filter_map(answered_line).collect(),
        statutory_documents: documents_by_law(service),
        conformity: answers(service),
        control: Named(service.answers.conformity.controls.iter().map(control).collect()),
        agreement: Named(agreements(service).map(|agreement| (agreement.id.clone(), agreement)).collect()),
        agreements: agreements(service).collect(),
        first_requests: first_requests(service, &requests),
        continuity: service.assessment.decisions.considerations.iter().find_map(|answer| answer.continuity.as_ref()),
        provided: provided(service),
        assessment: overview::overview(service),
        cost: overview::costs(service),
        retained: overview::retained(service),
        plan: plan(&measures),
        measures,
        requests,
        terms,
        letter_number: super::number(service, Deliverable::Letter),
        enclosures: enclosures(service),
        edition: edition(service),
    }
}

/// The day the document counts from.
pub(super) fn day(service: &Service) -> Option<Date> {
    reckoned_on(&service.files.service)
}

fn role(holder: &RoleHolder) -> Role<'_> {
    Role {
        role: holder.role,
        role_word: holder.role.term(),
        term: holder.role.term(),
        name: &holder.name,
        duties: &holder.duties,
        appointment: &holder.appointment,
        period: &holder.period,
        deputy: &holder.deputy,
        qualification: &holder.qualification,
    }
}

/// Who supplies the provider, with the contract.
fn suppliers<'a>(service: &Service<'a>) -> Vec<Supplier<'a>> {
    let file = &service.files.service;
    let chain = file.supply_chain.iter().filter(|supply| supply.customer == file.provider);
    chain
        .map(|supply| Supplier {
            name: name_of(service, &supply.supplier),
            service: &supply.service,
            contract: supply.contract.as_deref(),
            start: supply.start,
            end: supply.end,
        })
        .collect()
}

fn name_of<'a>(service: &Service<'a>, id: &'a str) -> &'a str {
    service.files.service.parties.iter().find(|party| party.id == id).map_or(id, |party| &party.name)
}

fn certificates<'a>(service: &Service<'a>) -> Vec<Certificate<'a>> {
    let day = day(service);
    let certificate = |held: &'a model::Certification| Certificate {
        name: &held.name,
        scope: &held.scope,
        number: &held.number,
        expires_on: held.expires_on,
        expired: held.expires_on.zip(day).is_some_and(|(expires, day)| expires < day),
    };
    service.files.service.certifications.iter().map(certificate).collect()
}

/// The sites; a copy for anybody names those alone that may be named (MODEL-017).
fn sites<'a>(service: &Service<'a>, open: bool) -> Vec<Place<'a>> {
    let system = &service.files.system;
    let disclosed = system.disclosed().sites;
    let site = |(site, shown): (&'a model::Site, model::Disclosure)| {
        let name = match shown {
            _ if !open => site.name.as_str(),
            model::Disclosure::Shown => site.name.as_str(),
            model::Disclosure::Generalised => site.side.term(),
            model::Disclosure::Hidden => return None,
        };
        let owner = service.files.service.parties.iter().find(|party| party.id == site.owner);
        Some(Place {
            name,
            owner_name: match owner {
                Some(party) if open && party.kind != PartyKind::Provider => party.kind.term(),
                _ => name_of(service, &site.owner),
            },
            side: site.side,
            country: site.country.as_deref(),
            jurisdiction: site.jurisdiction.as_deref(),
        })
    };
    system.sites.iter().zip(disclosed).filter_map(site).collect()
}

fn nodes<'a>(service: &Service<'a>) -> Vec<Device<'a>> {
    let system = &service.files.system;
    let node = |node: &'a model::Node| {
        let site = node.site.as_ref().and_then(|id| system.sites.iter().find(|site| site.id == *id));
        let owner = node.owner.as_deref().or(site.map(|site| site.owner.as_str()));
        Device {
            name: &node.name,
            environment: node.environment,
            site_name: site.map(|site| site.name.as_str()),
            owner_name: owner.map(|owner| name_of(service, owner)),
            side: site.map(|site| site.side),
        }
    };
    system.nodes.iter().map(node).collect()
}

fn layers(service: &Service) -> Vec<LayerPart> {
    let part = |part: model::Part| LayerPart {
        word: part.layer.term().to_owned(),
        party_name: name_of(service, part.party).to_owned(),
        what: part.what.unwrap_or("全体").to_owned(),
    };
    service.files.service.delivery.parts().map(part).collect()
}

fn sections<'a>(service: &Service<'a>) -> Named<Section<'a>> {
    let states = &service.answers.conformity.statutory;
    let section = |state: &StatutoryState<'a>| {
        let answer = state.answer;
        let section = Section {
            title: &state.item.title,
            status: state.status(),
            how: answer.map_or("", |answer| &answer.how),
            reason: answer.map_or("", |answer| &answer.reason),
            due: answer.and_then(|answer| answer.due),
            decided: state.is_decided(),
            rows: states.iter().filter(|row| row.item.id == state.item.id).filter_map(line).collect(),
        };
        (state.item.id.clone(), section)
    };
    Named(states.iter().filter(|state| state.row.is_none()).map(section).collect())
}

/// A line of a section.
fn line<'a>(state: &StatutoryState<'a>) -> Option<Line<'a>> {
    let row = state.row?;
    let (storage, place) = (
        match row.storage {
            shirube_catalog::Storage::None => "none",
            shirube_catalog::Storage::Common => "common",
            shirube_catalog::Storage::Institution => "institution",
            shirube_catalog::Storage::OutsideByNetwork => "outside-by-network",
        },
        row.storage.term(),
    );
    let verdict = state.verdict.map(|verdict| verdict.text()).unwrap_or_default();
    Some(Line {
        id: &state.item.id,
        item: &row.item,
        row: &row.item,
        group: &row.group,
        clause: &row.clause,
        storage,
        place,
        status: state.status(),
        status_word: state.status().term(),
        how: state.answer.map_or("", |answer| &answer.how),
        reason: state.answer.map_or(verdict, |answer| answer.reason.clone()),
        due: state.answer.and_then(|answer| answer.due),
        decided: state.is_decided(),
    })
}

fn answered_line<'a>(state: &StatutoryState<'a>) -> Option<Line<'a>> {
    state.answer.and_then(|_| line(state))
}

/// Kinds of documents that a law wants kept, each once.
fn documents_by_law<'a>(service: &Service<'a>) -> Vec<&'a model::DocumentKind> {
    let mut kinds: Vec<&model::DocumentKind> = Vec::new();
    for kind in service.files.system.information.iter().flat_map(|information| &information.documents) {
        if kinds.iter().all(|known| (&known.name, &known.basis) != (&kind.name, &kind.basis)) {
            kinds.push(kind);
        }
    }
    kinds
}

fn answers(service: &Service) -> Answers {
    let counts = service.answers.conformity.counts();
    let of = |status| counts.get(&status).copied().unwrap_or_default();
    Answers {
        total: service.answers.conformity.controls.len(),
        met: of(ControlStatus::Met),
        partial: of(ControlStatus::Partial),
        alternative: of(ControlStatus::Alternative),
        planned: of(ControlStatus::Planned),
        not_met: of(ControlStatus::NotMet),
        not_adopted: of(ControlStatus::NotAdopted),
        not_applicable: of(ControlStatus::NotApplicable),
        unanswered: of(ControlStatus::Unanswered),
    }
}

fn control<'a>(answered: &Answered<'a>) -> (String, Control<'a>) {
    let id = answered.control.id.to_string();
    let answer = answered.answer;
    let control = Control {
        id: id.clone(),
        title: &answered.control.minor_title,
        text: &answered.control.text,
        status: answered.status(),
        status_word: answered.status().term(),
        how: answer.map_or("", |answer| &answer.how),
        reason: answer.map_or("", |answer| &answer.reason),
        exceptions: answer.map_or("", |answer| &answer.exceptions),
        due: answer.and_then(|answer| answer.due),
        decided: answer.is_some_and(|answer| answer.decided.is_some()),
    };
    (id, control)
}

fn agreements<'a>(service: &'a Service<'a>) -> impl Iterator<Item = Agreement<'a>> {
    service.answers.conformity.controls.iter().filter_map(|answered| {
        let answer = answered.answer.filter(|answer| !answer.agreement.trim().is_empty())?;
        Some(Agreement {
            id: answered.control.id.to_string(),
            title: &answered.control.minor_title,
            text: answer.agreement.trim(),
            status: answered.status(),
            status_word: answered.status().term(),
            due: answer.due,
        })
    })
}

fn measures<'a>(service: &Service<'a>) -> Vec<MeasureFact<'a>> {
    let procedures = &service.files.rules.procedures;
    let treatments = service.assessment.treated.iter().map(|treated| treated.treatment);
    treatments
        .flat_map(|treatment| {
            treatment.measures.iter().enumerate().map(move |(at, measure)| {
                let id = format!("{}-{}", treatment.id, at + 1);
                let procedure = procedures.iter().find(|procedure| procedure.measure == id);
                MeasureFact {
                    procedure: procedure.and_then(|procedure| procedure.document.as_deref()),
                    id,
                    text: &measure.text,
                    owner: measure.owner.as_deref(),
                    procedure_needed: measure.procedure_needed == Answer::Yes,
                    status_word: measure.status.map(MeasureStatus::term),
                    due: measure.due,
                }
            })
        })
        .collect()
}

/// Measures that are not done yet, the next due first; those without a day come last.
fn plan<'a>(measures: &[MeasureFact<'a>]) -> Vec<MeasureFact<'a>> {
    let done = Some(MeasureStatus::Done.term());
    let mut plan: Vec<MeasureFact> = measures
        .iter()
        .filter(|measure| measure.status_word.is_some() && measure.status_word != done)
        .cloned()
        .collect();
    plan.sort_by_key(|measure| (measure.due.is_none(), measure.due));
    plan
}

fn requests<'a>(service: &Service<'a>) -> Vec<RequestFact<'a>> {
    let treatments = service.assessment.treated.iter().map(|treated| treated.treatment);
    let all = treatments.flat_map(|treatment| treatment.named_requests());
    all.enumerate()
        .map(|(at, (id, request))| RequestFact {
            no: at + 1,
            id,
            text: &request.text,
            viewpoint: match request.viewpoint {
                shirube_catalog::Viewpoint::Organisational => "organisational",
                shirube_catalog::Viewpoint::Physical => "physical",
                shirube_catalog::Viewpoint::Technical => "technical",
            }
            .to_owned(),
            viewpoint_term: request.viewpoint.term(),
            rule_book: request.rule_book,
            rule_item: request.rule_item.as_deref(),
        })
        .collect()
}

fn first_requests<'a>(service: &Service, requests: &[RequestFact<'a>]) -> Vec<RequestFact<'a>> {
    let wanted = service.files.disclosure.first_steps.iter();
    wanted.filter_map(|id| requests.iter().find(|request| request.id == *id).cloned()).collect()
}

/// What is shown for each item of table 4-1: what was named for the choice, what we make, what was added.
fn provided<'a>(service: &'a Service<'a>) -> Named<Material<'a>> {
    let further = &service.files.disclosure.documents;
    let material = |line: &'a shirube_safety::Provided<'a>| {
        let of_item = || further.iter().filter(|document| document.item == line.item.no);
        // The entry without a name says how our own document is shown.
        let ours = of_item().find(|document| document.name.is_none());
        let stated = line.named.map(|named| (named.disclosure.trim().to_owned(), named.nda));
        let (disclosure, nda) = match (&stated, ours) {
            (Some((disclosure, nda)), _) => (Some(disclosure.clone()), *nda),
            (None, Some(ours)) => (ours.disclosure.clone(), ours.nda),
            (None, None) => (None, Answer::Unknown),
        };
        let disclosure = disclosure.filter(|text| !text.is_empty());
        let named = line.named.map(|named| named.shown()).filter(|shown| !shown.is_empty());
        let first = named.or_else(|| made(service, line));
        let mut documents: Vec<Shown> =
            first.map(|name| Shown { name, disclosure: disclosure.clone(), nda }).into_iter().collect();
        documents.extend(of_item().filter_map(|document| {
            let name = document.name.clone()?;
            Some(Shown { name, disclosure: document.disclosure.clone(), nda: document.nda })
        }));
        (line.item.no.to_string(), Material { item: &line.item.item, documents, nda, disclosure })
    };
    Named(service.provided.iter().map(material).collect())
}

/// What goes with the letter, as it is today.
fn enclosures(service: &Service) -> Vec<Enclosure> {
    const WITH_THE_LETTER: [(Deliverable, u8); 7] = [
        (Deliverable::Disclosure, 0),
        (Deliverable::Sla, 0),
        (Deliverable::SystemDiagram, 7),
        (Deliverable::RiskTreatment, 8),
        (Deliverable::InstitutionRequests, 5),
        (Deliverable::AgreementItems, 0),
        (Deliverable::SummaryClinic, 0),
    ];
    let of_item = |item: u8| service.provided.iter().find(|line| line.item.no == item).and_then(|line| line.named);
    let draft = crate::deliverable::common::status(service) == crate::content::Status::Draft;
    let enclosure = |(at, (deliverable, item)): (usize, (Deliverable, u8))| Enclosure {
        no: at + 1,
        title: deliverable.title().to_owned(),
        number: super::number(service, deliverable),
        edition: super::edition(service, deliverable),
        copies: 1,
        draft,
        nda: of_item(item).is_some_and(|named| named.nda == Answer::Yes),
    };
    WITH_THE_LETTER.into_iter().enumerate().map(enclosure).collect()
}

/// The editions the service goes by. Clause numbers are given only where the edition is known to have them.
fn edition<'a>(service: &Service<'a>) -> Editions<'a> {
    let chosen = &service.files.service.editions;
    let of = |prefix: &str| -> Option<&'static Edition> {
        let id = chosen.iter().find(|id| id.starts_with(prefix))?;
        editions().iter().find(|edition| edition.id == *id)
    };
    let fact = |edition: &'static Edition, short| EditionFact {
        id: &edition.id,
        title: &edition.title,
        short,
        edition: &edition.edition,
        issuers: &edition.issuers,
        published: &edition.published,
    };
    let (pg, mhlw) = (of("pg-"), of("mhlw-"));
    let sections = &library().provider.rule_book;
    let known_pg = pg.is_some_and(|edition| edition.id == "pg-1.0");
    let clauses = sections.iter().filter(|_| known_pg).map(|section| format!("5.1.6(2)({})", section.id));
    let rows = library().provider.statutory.iter().flat_map(|item| &item.rows);
    let known_mhlw = mhlw.is_some_and(|edition| edition.id == "mhlw-5.0");
    let mut headings: Vec<String> = rows.filter(|_| known_mhlw).map(|row| row.clause.clone()).collect();
    headings.dedup();
    let same = |clause: String| (clause.clone(), clause);
    Editions {
        provider: pg.map(|edition| fact(edition, "提供事業者ガイドライン")),
        mhlw: mhlw.map(|edition| fact(edition, "医療情報安全管理ガイドライン")),
        pg: Named(clauses.map(same).collect()),
        headings: Named(headings.into_iter().map(same).collect()),
    }
}
