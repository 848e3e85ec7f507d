//! Where the items of agreement stand with institutions, worked out from the revisions and the differences that were
//! shown to each.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use shirube_folder::Folder;
use shirube_safety::agreement::{
    Again, Closing, Collected, Contract, Institution, InstitutionFile, Item, Laid, OfOverlay, Others, Pinned, Standing,
    counts, gone, standings, to_tell,
};
use shirube_safety::model::PartyKind;
use shirube_safety::stated::SlaFile;
use shirube_safety::{Finding, Service, Severity};
use shirube_store::{Files, RecordsEnd, StoreError};

use super::kept::{Delivery, FACTS, Pin, Relation, Terms, facts, relations};
use crate::app::App;
use crate::app::sites::texts;

/// Where an institution stands with a service, in figures.
#[derive(Debug, Clone)]
pub struct Stood {
    /// Items at each of [`shirube_safety::agreement::STEPS`].
    pub counts: [usize; 6],
    pub again: Again,
    /// Residual risks to be evaluated again, since a request was refused.
    pub provisional: usize,
    /// What of the differences leads nowhere.
    pub errors: usize,
    pub unanswered: usize,
    /// The contract has ended: nothing is to be agreed any more.
    pub is_over: bool,
    pub renews_on: Option<String>,
    /// What became of documents last: the entry of their issue, and where they stand.
    pub delivery: Option<(u64, Delivery)>,
}

/// What was worked out: by organisation and service, then by institution with the revision and the last record. One
/// works out at a time: whoever comes meanwhile finds it done.
#[derive(Default)]
pub struct Stands {
    known: Mutex<BTreeMap<(String, String), BTreeMap<String, Known>>>,
    turn: tokio::sync::Mutex<()>,
    rosters: Mutex<BTreeMap<String, Arc<Roster>>>,
}

/// Who uses the services of an organisation. Whatever changes in it adds to its trail: as long as the trail has the same
/// end, this is right.
pub struct Roster {
    trail_end: u64,
    pub facts: BTreeMap<String, Institution>,
    ends: Vec<RecordsEnd>,
}

/// The roster of an organisation, from what is kept or read now.
pub async fn roster(app: &App, organisation: &str) -> Result<Arc<Roster>, StoreError> {
    let trail_end = app.store().head(organisation).await?.number;
    let kept = app.0.stands.rosters.lock().unwrap_or_else(PoisonError::into_inner).get(organisation).cloned();
    if let Some(kept) = kept.filter(|kept| kept.trail_end == trail_end) {
        return Ok(kept);
    }
    let records = app.store().institutions(organisation, FACTS).await?;
    let mut facts = BTreeMap::new();
    for record in &records {
        facts.insert(record.institution.clone(), self::facts(record)?);
    }
    let roster = Arc::new(Roster { trail_end, facts, ends: app.store().record_ends(organisation).await? });
    let mut rosters = app.0.stands.rosters.lock().unwrap_or_else(PoisonError::into_inner);
    rosters.insert(organisation.to_owned(), Arc::clone(&roster));
    Ok(roster)
}

/// The names of all institutions of an organisation.
pub async fn customer_names(app: &App, organisation: &str) -> Result<Vec<String>, StoreError> {
    Ok(roster(app, organisation).await?.facts.values().map(|facts| facts.name.clone()).collect())
}

/// The institutions that use a service, by name, each with what its contract says otherwise of service levels.
pub async fn contract_levels(
    app: &App,
    organisation: &str,
    service: &str,
) -> Result<Vec<(String, Option<SlaFile>)>, StoreError> {
    let roster = roster(app, organisation).await?;
    let relations = relations(&app.store().service_records(organisation, service).await?)?;
    let in_use = relations.iter().filter(|(_, relation)| !relation.is_over());
    let known = in_use.filter_map(|(id, relation)| Some((roster.facts.get(id)?, relation)));
    Ok(known.map(|(facts, relation)| (facts.name.clone(), relation.today().1.overlay.sla)).collect())
}

/// The contract with an institution on a service, as it is today.
pub struct Contracted {
    pub id: String,
    pub name: String,
    pub contract: Contract,
    pub closing: Option<Closing>,
}

/// The contracts of all institutions on a service.
pub async fn contracts(app: &App, organisation: &str, service: &str) -> Result<Vec<Contracted>, StoreError> {
    let roster = roster(app, organisation).await?;
    let relations = relations(&app.store().service_records(organisation, service).await?)?;
    let contract = |(id, relation): (String, Relation)| {
        let name = roster.facts.get(&id)?.name.clone();
        let terms = relation.today().1;
        Some(Contracted { id, name, contract: terms.contract, closing: terms.closing })
    };
    Ok(relations.into_iter().filter_map(contract).collect())
}

impl Roster {
    /// Stands for names and kinds: another name may stand in a text, and what is laid depends on the kind.
    fn named(&self) -> u64 {
        let mut hasher = std::hash::DefaultHasher::new();
        for (id, facts) in &self.facts {
            (id, &facts.name, facts.kind).hash(&mut hasher);
        }
        hasher.finish()
    }

    /// Where the records of each institution that uses a service end.
    pub fn users<'r>(&'r self, service: &'r str) -> impl Iterator<Item = (&'r str, u64)> {
        let own = self.ends.iter().filter(move |end| end.service.as_deref() == Some(service));
        own.map(|end| (end.institution.as_str(), end.number))
    }

    /// Which services each institution uses.
    pub fn uses(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let mut uses: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for end in &self.ends {
            if let Some(service) = &end.service {
                uses.entry(&end.institution).or_default().insert(service);
            }
        }
        uses
    }
}

/// The revision with what everybody is called, the last record, and what follows.
type Known = ((u64, u64), u64, Arc<Stood>);

impl Stands {
    fn known(&self, at: &(String, String)) -> BTreeMap<String, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(at).cloned().unwrap_or_default()
    }

    fn keep(&self, at: (String, String), known: BTreeMap<String, Known>) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(at, known);
    }
}

/// What was agreed about cannot be worked out: a revision cannot be read any more, or the work broke off.
pub fn unreadable(log: impl ToString) -> StoreError {
    StoreError::Inconsistent { place: "合意の対象の版".to_owned(), log: log.to_string() }
}

/// Names of all institutions of an organisation.
pub async fn names(app: &App, organisation: &str) -> Result<Vec<String>, StoreError> {
    Ok(roster(app, organisation).await?.facts.values().map(|facts| facts.name.clone()).collect())
}

/// Ids of the institutions that use a service.
pub async fn users(app: &App, organisation: &str, service: &str) -> Result<Vec<String>, StoreError> {
    let ends = app.store().record_ends(organisation).await?;
    let own = ends.into_iter().filter(|end| end.service.as_deref() == Some(service));
    Ok(own.map(|end| end.institution).collect())
}

/// The revisions of a service with these numbers.
async fn revisions(
    app: &App,
    organisation: &str,
    service: &str,
    numbers: BTreeSet<u64>,
) -> Result<BTreeMap<u64, Files>, StoreError> {
    let mut files = BTreeMap::new();
    for number in numbers {
        files.insert(number, app.store().files(organisation, service, number).await?);
    }
    Ok(files)
}

/// The revisions that relations refer to, and the one of today.
pub fn wanted<'r>(today: u64, relations: impl IntoIterator<Item = &'r Relation>) -> BTreeSet<u64> {
    let pinned = relations.into_iter().flat_map(|relation| &relation.steps).map(|step| step.what.pin.revision);
    pinned.chain([today]).collect()
}

/// Several revisions of a service, over which institutions are laid.
pub struct Lists<'s> {
    services: &'s BTreeMap<u64, Service<'s>>,
    collected: BTreeMap<u64, Collected<'s>>,
}

fn folders(files: &BTreeMap<u64, Files>) -> Result<BTreeMap<u64, Folder>, StoreError> {
    let mut folders = BTreeMap::new();
    for (number, files) in files {
        let folder = shirube_folder::read(&texts(files));
        folders.insert(*number, folder.map_err(|errors| unreadable(&errors[0]))?);
    }
    Ok(folders)
}

fn services(folders: &BTreeMap<u64, Folder>) -> BTreeMap<u64, Service<'_>> {
    folders.iter().map(|(number, folder)| (*number, Service::new(&folder.files))).collect()
}

/// The names of institutions, but for what the parties of these revisions are called.
fn others(services: &BTreeMap<u64, Service<'_>>, names: &[String]) -> Others {
    let kept: Vec<&str> = services.values().flat_map(|service| kept_names(service)).collect();
    Others::new(names.iter().map(String::as_str), &kept)
}

/// Names that stay what they are: those of the service and of the companies behind it.
pub fn kept_names<'s>(service: &'s Service<'s>) -> impl Iterator<Item = &'s str> {
    let file = &service.files.service;
    let companies = file.parties.iter().filter(|party| party.kind != PartyKind::Institution);
    companies.map(|party| party.name.as_str()).chain([file.service.name.as_str()])
}

/// Reads revisions of a service, and works something out with them away from whoever else is answered.
pub async fn worked<R: Send + 'static>(
    app: &App,
    (organisation, service): (&str, &str),
    numbers: BTreeSet<u64>,
    work: impl FnOnce(&mut Lists) -> Result<R, StoreError> + Send + 'static,
) -> Result<R, StoreError> {
    let files = revisions(app, organisation, service, numbers).await?;
    // None of them stands in what another institution is shown.
    let names = names(app, organisation).await?;
    let worked = tokio::task::spawn_blocking(move || {
        let folders = folders(&files)?;
        let services = services(&folders);
        let others = others(&services, &names);
        work(&mut Lists::new(&services, &others))
    });
    worked.await.unwrap_or_else(|error| Err(unreadable(error)))
}

impl<'s> Lists<'s> {
    fn new(services: &'s BTreeMap<u64, Service<'s>>, others: &'s Others) -> Self {
        let over = |service| Collected::without(service, others);
        let collected = services.iter().map(|(number, service)| (*number, over(service))).collect();
        Self { services, collected }
    }

    /// A revision of the service.
    fn service(&self, revision: u64) -> Result<&'s Service<'s>, StoreError> {
        self.services.get(&revision).ok_or_else(|| unread(revision))
    }

    /// The service as it is for an institution.
    pub fn laid(&self, revision: u64, facts: &Institution, terms: &Terms) -> Result<Laid, StoreError> {
        let collected = self.collected.get(&revision).ok_or_else(|| unread(revision))?;
        Ok(collected.baseline().lay(&file(facts, terms)))
    }

    /// Ids and names of the institutions that a revision is drawn with.
    pub fn drawn(&self, revision: u64) -> Result<Vec<(String, String)>, StoreError> {
        let service = &self.service(revision)?.files.service;
        let parties = shirube_safety::model::institutions(service);
        Ok(parties.map(|party| (party.id.clone(), party.name.clone())).collect())
    }

    /// The items of an institution in a state.
    pub fn of(&mut self, revision: u64, facts: &Institution, terms: &Terms) -> Result<Rc<OfOverlay>, StoreError> {
        let collected = self.collected.get_mut(&revision).ok_or_else(|| unread(revision))?;
        Ok(collected.of(&file(facts, terms)))
    }
}

/// A revision that something refers to, and that is not among those that were read.
fn unread(revision: u64) -> StoreError {
    unreadable(format!("revision {revision} was not read"))
}

fn file(facts: &Institution, terms: &Terms) -> InstitutionFile {
    InstitutionFile {
        institution: facts.clone(),
        contract: terms.contract.clone(),
        overlay: terms.overlay.clone(),
        closing: terms.closing.clone(),
        records: Vec::new(),
    }
}

/// The digest that documents for one institution print: that of the revision, with what is different.
pub fn laid_digest(revision: &str, file: &InstitutionFile) -> String {
    shirube_trail::Digest::of(format!("{revision}{}", file.laid_text()).as_bytes()).to_string()
}

/// What is known where an institution stands with a revision.
pub struct Told<'a> {
    pub standings: &'a [Standing<'a>],
    pub again: Again,
    /// What was settled and is no longer there.
    pub gone: Vec<&'a Item>,
    pub provisional: &'a [String],
    pub findings: &'a [Finding],
}

/// Works out where an institution stands today, or stood with what it was shown (`now`).
pub fn stand<R>(
    lists: &mut Lists,
    now: Pin,
    facts: &Institution,
    relation: &Relation,
    tell: impl FnOnce(&Told) -> R,
) -> Result<R, StoreError> {
    let today = lists.of(now.revision, facts, &relation.then(now.terms))?;
    let mut shown = BTreeMap::new();
    for step in &relation.steps {
        let pin = step.what.pin;
        // What was shown later tells nothing of how it read: at `now` it was not there yet.
        if relation.is_newer(pin, now) {
            shown.entry(pin).or_insert_with(|| Rc::clone(&today));
        } else if let std::collections::btree_map::Entry::Vacant(vacant) = shown.entry(pin) {
            vacant.insert(lists.of(pin.revision, facts, &relation.then(pin.terms))?);
        }
    }
    let records: Vec<Pinned> = relation
        .steps
        .iter()
        .map(|step| Pinned { record: &step.what.record, items: &shown[&step.what.pin].items })
        .collect();
    let stood = standings(&today.items, &records);
    let name = &lists.service(now.revision)?.files.service.service.name;
    let again = to_tell(name, &today.items, &stood, &records);
    let told = Told {
        standings: &stood,
        again,
        gone: gone(&today.items, &records),
        provisional: &today.provisional,
        findings: &today.findings,
    };
    Ok(tell(&told))
}

fn figures(told: &Told, relation: &Relation) -> Stood {
    Stood {
        counts: counts(told.standings.iter().map(Standing::step)),
        again: told.again.clone(),
        provisional: told.provisional.len(),
        errors: told.findings.iter().filter(|finding| finding.severity == Severity::Error).count(),
        unanswered: relation.unanswered(),
        is_over: relation.is_over(),
        delivery: relation.receipts.last().map(|kept| (kept.what.issue, kept.what.state)),
        renews_on: relation.today().1.contract.renews_on.map(|day| day.to_string()),
    }
}

/// Where every institution that uses a service stands with its revision `today`.
pub async fn all(
    app: &App,
    (organisation, service): (&str, &str),
    today: u64,
    roster: &Roster,
) -> Result<BTreeMap<String, Arc<Stood>>, StoreError> {
    let at = (organisation.to_owned(), service.to_owned());
    let _turn = app.0.stands.turn.lock().await;
    let mut known = app.0.stands.known(&at);
    let facts = &roster.facts;
    let users = roster.users(service).filter(|(institution, _)| facts.contains_key(*institution));
    let ends: BTreeMap<String, u64> = users.map(|(institution, number)| (institution.to_owned(), number)).collect();
    let today = (today, roster.named());
    known.retain(|institution, (shown, number, _)| {
        *shown == today && ends.get(institution).is_some_and(|end| *end == *number)
    });
    let missing: BTreeSet<String> =
        ends.keys().filter(|institution| !known.contains_key(*institution)).cloned().collect();
    if !missing.is_empty() {
        let records = match missing.len() {
            // A few are read one by one: thousands of others need not be.
            1..=20 => {
                let mut records = Vec::new();
                for institution in &missing {
                    let all = app.store().institution_records(organisation, institution).await?;
                    records.extend(all.into_iter().filter(|record| record.service.as_deref() == Some(service)));
                }
                records
            }
            _ => app.store().service_records(organisation, service).await?,
        };
        let mut found = relations(&records)?;
        found.retain(|institution, _| missing.contains(institution));
        let files = revisions(app, organisation, service, wanted(today.0, found.values())).await?;
        let (facts, names) = (facts.clone(), facts.values().map(|facts| facts.name.clone()).collect::<Vec<_>>());
        let _maker = app.0.makers.acquire().await;
        let worked = tokio::task::spawn_blocking(move || work(&files, &names, today, &found, &facts));
        known.extend(worked.await.unwrap_or_else(|error| Err(unreadable(error)))?);
        app.0.stands.keep(at, known.clone());
    }
    Ok(known.into_iter().map(|(institution, (_, _, stood))| (institution, stood)).collect())
}

/// Where many institutions stand. Those with the same differences are worked out by the same core, each difference once.
fn work(
    files: &BTreeMap<u64, Files>,
    names: &[String],
    today: (u64, u64),
    relations: &BTreeMap<String, Relation>,
    facts: &BTreeMap<String, Institution>,
) -> Result<BTreeMap<String, Known>, StoreError> {
    let folders = folders(files)?;
    let services = services(&folders);
    let others = others(&services, names);
    let mut sorted: Vec<(String, &String, &Relation)> = relations
        .iter()
        .map(|(id, relation)| (serde_json::json!(relation.today().1.overlay).to_string(), id, relation))
        .collect();
    sorted.sort_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    // A few institutions are not worth another core's start.
    let part = sorted.len().div_ceil(cores).max(50);
    std::thread::scope(|scope| {
        let (services, others) = (&services, &others);
        let begun: Vec<_> = sorted
            .chunks(part)
            .map(|part| scope.spawn(move || some(&mut Lists::new(services, others), today, part, facts)))
            .collect();
        let mut all = BTreeMap::new();
        for part in begun {
            all.extend(part.join().unwrap_or_else(|_| Err(unreadable("a part could not be worked out")))?);
        }
        Ok(all)
    })
}

fn some(
    lists: &mut Lists,
    today: (u64, u64),
    part: &[(String, &String, &Relation)],
    facts: &BTreeMap<String, Institution>,
) -> Result<BTreeMap<String, Known>, StoreError> {
    let mut all = BTreeMap::new();
    for (_, institution, relation) in part {
        let Some(facts) = facts.get(*institution) else { continue };
        let now = Pin { revision: today.0, terms: relation.today().0 };
        let stood = stand(lists, now, facts, relation, |told| figures(told, relation))?;
        all.insert((*institution).clone(), (today, relation.last, Arc::new(stood)));
    }
    Ok(all)
}
