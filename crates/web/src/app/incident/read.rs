//! The registers around incidents, read from the store.

use shirube_catalog::{Register, registers};
use shirube_safety::operation::incident::{Around, CONCERNED, Due, INCIDENTS, Incident, glance};
use shirube_safety::operation::register::{Book, Entry, Records};
use shirube_safety::stated::SlaFile;
use shirube_store::StoreError;

use crate::app::institution::contract_levels;
use crate::app::register::{Wanted, acts_of, book};
use crate::app::revisions::InService;
use crate::app::sites::in_files;
use crate::app::{App, world};

/// Institutions by their names, with what their contracts say otherwise.
pub type Institutions = Vec<(String, Option<SlaFile>)>;

/// Incidents with all that belongs to them.
pub struct Kept {
    pub records: Records,
    pub institutions: Institutions,
}

fn empty() -> Records {
    Records { registers: registers().to_vec(), ..Records::default() }
}

impl Kept {
    /// All incidents, without the rest.
    pub async fn all(app: &App, at: &InService, which: Wanted<'_>) -> Result<Self, StoreError> {
        let mut records = empty();
        for id in CONCERNED {
            let Some(register) = registers().iter().find(|register| register.id == id) else { continue };
            let which = if id == INCIDENTS { which } else { Wanted::All };
            records.books.push(book(app, at, register, which).await?);
        }
        Ok(Self { records, institutions: contract_levels(app, &at.organisation, &at.service).await? })
    }

    /// One incident with what was done about it.
    pub async fn one(app: &App, at: &InService, item: &str) -> Result<Self, StoreError> {
        // A number that nobody gave is answered like a service that is not there.
        app.store().register_item(&at.organisation, &at.service, INCIDENTS, item).await?;
        let mut records = empty();
        for id in CONCERNED {
            let Some(register) = registers().iter().find(|register| register.id == id) else { continue };
            let field = if id == INCIDENTS { "number" } else { "incident" };
            let mut book = book(app, at, register, Wanted::With(field, item)).await?;
            if id == INCIDENTS {
                book.entries.retain(|entry| entry.id == item);
            }
            if id == "legal-holds" {
                named_holds(app, at, register, &records, &mut book).await?;
            }
            records.log.extend(acts_of(app, at, id, &book.entries).await?);
            records.books.push(book);
        }
        Ok(Self { records, institutions: contract_levels(app, &at.organisation, &at.service).await? })
    }
}

/// Adds the holds that the incident itself names.
async fn named_holds(
    app: &App,
    at: &InService,
    register: &Register,
    records: &Records,
    book: &mut Book,
) -> Result<(), StoreError> {
    let named = records.entries(INCIDENTS).iter().flat_map(|entry| entry.values("holds")).map(ToString::to_string);
    for name in named {
        let found = crate::app::register::book(app, at, register, Wanted::With("number", &name)).await?;
        let is_new = |entry: &Entry| book.entries.iter().all(|known| known.id != entry.id);
        let new: Vec<Entry> = found.entries.into_iter().filter(is_new).collect();
        book.entries.extend(new);
    }
    Ok(())
}

/// What the files and the contracts say.
pub fn around(files: &shirube_safety::ServiceFiles, institutions: &Institutions) -> Around {
    Around::new(files, institutions.iter().map(|(name, own)| (name.as_str(), own.as_ref())))
}

/// An open incident, as the home page shows it.
#[derive(Debug, Clone)]
pub struct OpenIncident {
    pub number: String,
    pub title: String,
    pub next: &'static str,
    /// The clock that runs out next, with the moment.
    pub clock: Option<(String, Due)>,
}

/// The open incidents of a service; none is read where the register has none.
pub async fn open(app: &App, at: &InService, revision: u64) -> Result<Vec<OpenIncident>, StoreError> {
    let sizes = app.store().register_sizes(&at.organisation, &at.service, &[INCIDENTS]).await?;
    if sizes.get(INCIDENTS).copied().unwrap_or_default() == 0 {
        return Ok(Vec::new());
    }
    let kept = Kept::all(app, at, Wanted::Open).await?;
    if kept.records.entries(INCIDENTS).is_empty() {
        return Ok(Vec::new());
    }
    let now = world::local(app.now());
    let files = app.store().files(&at.organisation, &at.service, revision).await?;
    let open = move |files: &shirube_safety::ServiceFiles| {
        let around = around(files, &kept.institutions);
        let one = |incident: Incident| {
            let glance = glance(&incident, files, &around, now);
            OpenIncident {
                number: incident.entry.id.clone(),
                title: incident.text("title").unwrap_or_default(),
                next: glance.next.map_or("", |step| step.title),
                clock: glance.nearest.and_then(|clock| Some((clock.rule.title.clone(), clock.due?))),
            }
        };
        Incident::all(&kept.records).into_iter().filter(Incident::is_open).map(one).collect()
    };
    in_files(files, open).await
}
