//! What the page of one institution and service shows, worked out.

use shirube_safety::agreement::{
    AgreementRecord, AgreementStep, ItemKind, Reopened, STEPS, Standing, counts, step_term,
};
use shirube_safety::model::Answer;
use shirube_safety::risk::{RequestStatus, Treatment};
use shirube_safety::{Finding, Service, Severity};
use shirube_store::StoreError;

use super::kept::{Customer, Pin, Terms};
use super::work::{self, Told};
use crate::app::App;
use crate::app::fields::Fields;

/// All of it.
#[derive(Debug, Default)]
pub struct Seen {
    pub groups: Vec<Group>,
    /// Word and number of items of each step.
    pub counts: Vec<(&'static str, usize)>,
    pub reopened: Vec<Reopened>,
    /// Key and title of what was settled and is no longer there.
    pub gone: Vec<(String, String)>,
    pub unchanged: usize,
    pub letter: Vec<String>,
    pub requests: Vec<RequestView>,
    pub residuals: Vec<ResidualView>,
    /// What leads nowhere or does not hold: severity in words, message, advice.
    pub findings: Vec<(&'static str, String, String)>,
    /// Names of the service and of its provider.
    pub service: String,
    pub provider: String,
    pub impacts: Vec<(u8, String)>,
    pub likelihoods: Vec<(u8, String)>,
}

/// Items of one kind.
#[derive(Debug)]
pub struct Group {
    pub kind: ItemKind,
    pub items: Vec<ItemView>,
}

impl Group {
    /// Whether something in it waits for somebody: it is shown at once.
    pub fn is_urgent(&self) -> bool {
        use AgreementStep::{Disagreed, InTalks, Reopened};
        self.items.iter().any(|item| matches!(item.step, Some(Disagreed | InTalks | Reopened)))
    }

    /// Whether something in it was chosen in a form: it must not be sent unseen.
    pub fn is_chosen(&self, fields: &Fields) -> bool {
        self.items.iter().any(|item| fields.says("item", &item.key))
    }

    pub fn agreed(&self) -> usize {
        self.items.iter().filter(|item| item.step == Some(AgreementStep::Agreed)).count()
    }
}

#[derive(Debug)]
pub struct ItemView {
    pub key: String,
    pub title: String,
    pub text: String,
    pub step: Option<AgreementStep>,
    pub term: &'static str,
    /// When, by which means, between whom.
    pub last: String,
    pub on: Option<chrono::NaiveDate>,
    pub between: String,
    /// The reason that was written with the last step.
    pub note: String,
    pub changed: Option<String>,
}

impl ItemView {
    fn new(standing: &Standing) -> Self {
        let record = standing.last.map(|pinned| pinned.record);
        Self {
            key: standing.item.key.clone(),
            title: standing.item.title.clone(),
            text: standing.item.text.clone(),
            step: standing.step(),
            term: standing.term(),
            last: record.map(said).unwrap_or_default(),
            on: record.map(|record| record.on.0),
            between: record.map(between).unwrap_or_default(),
            note: record.and_then(|record| record.note.clone()).unwrap_or_default(),
            changed: standing.changed.as_ref().map(|changed| changed.text.clone()),
        }
    }

    /// The mark beside the word.
    pub fn mark(&self) -> &'static str {
        match self.step {
            None => "unanswered",
            Some(AgreementStep::Agreed) => "decided",
            Some(AgreementStep::Disagreed | AgreementStep::Reopened) => "late",
            Some(_) => "proposed",
        }
    }
}

/// A record in one line: `2026-11-20 契約書・覚書 港 四郎、院長 湊 太郎`.
pub fn said(record: &AgreementRecord) -> String {
    format!("{} {}", record.on, between(record))
}

/// By which means, and between whom.
pub fn between(record: &AgreementRecord) -> String {
    let people = [Some(record.by.as_str()), record.with.as_deref()];
    let people = people.into_iter().flatten().collect::<Vec<_>>().join("、");
    let means = record.means.map(|means| format!("{} ", means.term())).unwrap_or_default();
    format!("{means}{people}")
}

/// A request to the institution with its reply.
#[derive(Debug)]
pub struct RequestView {
    pub name: String,
    pub text: String,
    pub status: RequestStatus,
    /// Who replied when and why, if somebody did.
    pub decided: String,
}

/// A residual risk that is different for the institution, or has to be.
#[derive(Debug)]
pub struct ResidualView {
    pub treatment: String,
    pub text: String,
    pub impact: Option<u8>,
    pub likelihood: Option<u8>,
    pub impact_reason: String,
    pub acceptable: Answer,
    pub approver: String,
    pub retained: String,
    pub considered: String,
    /// It only stands there until somebody evaluates it again.
    pub provisional: bool,
}

impl ResidualView {
    pub fn is_impact(&self, value: &u8) -> bool {
        self.impact == Some(*value)
    }

    pub fn is_acceptable(&self, answer: &str) -> bool {
        matches!((self.acceptable, answer), (Answer::Yes, "yes") | (Answer::No, "no"))
    }

    pub fn is_likelihood(&self, value: &u8) -> bool {
        self.likelihood == Some(*value)
    }
}

/// Works out what an institution is shown with, as it is at `pin`.
pub async fn seen(app: &App, place: (&str, &str), customer: &Customer, pin: Pin) -> Result<Seen, StoreError> {
    let wanted = work::wanted(pin.revision, customer.relations.get(place.1));
    let relation = customer.relations.get(place.1).cloned().unwrap_or_default();
    let facts = customer.facts.clone();
    work::worked(app, place, wanted, move |lists| {
        let terms = relation.then(pin.terms);
        let mut seen = work::stand(lists, pin, &facts, &relation, of_items)?;
        let laid = lists.laid(pin.revision, &facts, &terms)?;
        of_laid(&mut seen, &laid.service(), &terms, &laid.provisional);
        Ok(seen)
    })
    .await
}

fn of_items(told: &Told) -> Seen {
    let mut groups: Vec<Group> = Vec::new();
    for standing in told.standings {
        let kind = standing.item.kind;
        match groups.iter_mut().find(|group| group.kind == kind) {
            Some(group) => group.items.push(ItemView::new(standing)),
            None => groups.push(Group { kind, items: vec![ItemView::new(standing)] }),
        }
    }
    let counts = counts(told.standings.iter().map(Standing::step));
    Seen {
        groups,
        counts: STEPS.map(step_term).into_iter().zip(counts).collect(),
        reopened: told.again.reopened.clone(),
        gone: told.gone.iter().map(|item| (item.key.clone(), item.title.clone())).collect(),
        unchanged: told.again.unchanged,
        letter: told.again.letter.clone(),
        findings: told.findings.iter().map(finding).collect(),
        ..Seen::default()
    }
}

fn finding(finding: &Finding) -> (&'static str, String, String) {
    (finding.severity.term(), finding.message.clone(), finding.advice.to_owned())
}

fn of_laid(seen: &mut Seen, service: &Service, terms: &Terms, provisional: &[String]) {
    let decided = |name: &str| {
        let reply = terms.overlay.requests.iter().find(|reply| reply.request == name);
        reply.map(|reply| format!("{} {} {}", reply.decided.on, reply.decided.by, reply.decided.reason))
    };
    for treatment in &service.files.assessment.treatments {
        for (name, request) in treatment.named_requests() {
            seen.requests.push(RequestView {
                decided: decided(&name).unwrap_or_default(),
                name,
                text: request.text.clone(),
                status: request.status,
            });
        }
    }
    let is_own = |id: &String| terms.overlay.treatments.iter().any(|own| own.id == *id);
    let own = service.files.assessment.treatments.iter().filter(|one| is_own(&one.id) || provisional.contains(&one.id));
    seen.residuals = own.map(|treatment| residual(treatment, provisional)).collect();
    // What the rules say of the treatments that are different.
    let ids: Vec<&str> = seen.residuals.iter().map(|residual| residual.treatment.as_str()).collect();
    let about = service
        .findings
        .iter()
        .filter(|one| one.severity == Severity::Error && ids.iter().any(|id| names(&one.message, id)));
    let again = "「この医療機関等だけの残存するリスク」で、評価し直してください。";
    // What the files call fields is no help here: there is a form for it.
    let here = |one: &Finding| {
        let (severity, message, advice) = finding(one);
        let is_open = provisional.iter().any(|id| names(&message, id));
        (severity, message, if is_open { again.to_owned() } else { advice })
    };
    seen.findings.extend(about.map(here));
    let file = &service.files.service;
    seen.service.clone_from(&file.service.name);
    let provider = file.parties.iter().find(|party| party.id == file.provider);
    seen.provider = provider.map_or(&file.provider, |party| &party.name).clone();
    let method = &service.assessment.method;
    seen.impacts = method.impact.iter().map(|step| (step.value, method.impact_label(step.value).to_owned())).collect();
    seen.likelihoods =
        method.likelihood.iter().map(|step| (step.value, method.likelihood_label(step.value).to_owned())).collect();
}

/// Whether a sentence names a treatment, and not one whose id begins like it.
fn names(sentence: &str, id: &str) -> bool {
    let follows = |at: usize| sentence[at + id.len()..].chars().next();
    let found = sentence.match_indices(id).map(|(at, _)| follows(at));
    found.into_iter().any(|next| next.is_none_or(|next| !next.is_ascii_alphanumeric()))
}

fn residual(treatment: &Treatment, provisional: &[String]) -> ResidualView {
    let residual = treatment.residual.as_ref();
    ResidualView {
        treatment: treatment.id.clone(),
        text: residual.and_then(|residual| residual.text.clone()).unwrap_or_default(),
        impact: residual.and_then(|residual| residual.impact),
        likelihood: residual.and_then(|residual| residual.likelihood),
        impact_reason: residual.and_then(|residual| residual.impact_reason.clone()).unwrap_or_default(),
        acceptable: residual.map_or(Answer::Unknown, |residual| residual.acceptable),
        approver: residual.and_then(|residual| residual.approver.clone()).unwrap_or_default(),
        retained: treatment.retention.as_ref().map(|kept| kept.what.clone()).unwrap_or_default(),
        considered: treatment.retention.as_ref().map(|kept| kept.considered.clone()).unwrap_or_default(),
        provisional: provisional.contains(&treatment.id),
    }
}
