//! The application: several organisations, people who sign in, and services that they change.
//!
//! [`routes`] is the one list of addresses; each stands there with what it takes to be let in, so that no address
//! exists without. [`guard`] finds out who asks and decides before any page runs.

mod account;
mod api;
mod audits;
mod board;
mod bulk;
mod checklist;
mod console;
mod cookie;
mod decide;
mod deliver;
mod documents;
mod edit;
mod evidence;
mod fields;
mod guard;
mod guests;
mod history;
mod home;
mod house;
mod import;
mod incident;
mod institution;
mod invitation;
mod jobs;
mod leak;
mod levels;
mod lists;
mod maintenance;
mod message;
mod metrics;
mod model;
mod notices;
mod oidc;
mod organisation;
mod outgoing;
mod passkey_sign_in;
mod passkeys;
mod people;
mod permits;
mod preferences;
mod preview;
mod register;
mod reports;
mod review;
mod revisions;
mod rights;
mod risk;
mod routes;
mod save;
mod second;
mod selection;
mod serve;
mod services;
mod settings;
mod setup;
pub(crate) mod shell;
mod sign_in;
mod sites;
mod start;
mod summary;
mod supply;
mod table;
mod ticket;
mod tls;
mod tokens;
mod trail;
mod upload;
mod views;
mod webhooks;
mod world;

use std::sync::Arc;

use shirube_identity::seal::Keys;
use shirube_identity::secret::Secret;
use shirube_store::Store;

pub use console::NewOrganisation;
pub(crate) use guard::Acting;
pub(crate) use levels::COUNTED;
pub use outgoing::{Outgoing, OutgoingError};
pub(crate) use people::state_term as people_state;
pub use routes::{Needs, Route, router, routes};
pub use serve::serve;
pub use services::Template;
pub(crate) use shell::{Place, Shell};
pub use tls::{Tls, TlsError, TlsFiles};
pub(crate) use world::shown_day;
pub use world::{Machine, World};

/// What every handler works with. Clones share it.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    store: Store,
    keys: Keys,
    /// Opens the first organisation, while there is none.
    setup: Option<Secret>,
    world: Box<dyn World>,
    settings: Settings,
    sites: sites::Sites,
    figures: summary::Figures,
    overviews: home::Overviews,
    comparisons: documents::Comparisons,
    metrics: metrics::Metrics,
    /// Where agreements stand with institutions.
    stands: institution::Stands,
    /// Documents are set on as many cores as there are, whoever asks.
    makers: tokio::sync::Semaphore,
    outgoing: Outgoing,
    providers: oidc::Known,
    /// Calls of the API without a valid token.
    knocks: api::Knocks,
    /// Codes for reports that are none.
    wrong_codes: api::Knocks,
}

/// How the application is reached.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// What people type into their browser, without a slash at the end, e.g. `https://shirube.example.jp`. Requests
    /// that change something must come from a page of this origin.
    pub origin: String,
    /// The address of a reader is in `X-Forwarded-For`, which only a proxy in front may write.
    pub behind_proxy: bool,
    /// What a new service can begin with.
    pub templates: Vec<Template>,
    /// Where requests may go, as `host` or `host:port`. Nothing listed, nothing leaves.
    pub outgoing: Vec<String>,
}

/// How many services are kept worked out. One of a clinic takes about 2 MB, and 50 people may each have their own.
const SITES_KEPT: usize = 52;

impl App {
    /// An application over a store. `keys` open the secrets that are sealed in it; `setup` lets the first organisation
    /// be made.
    pub fn new(store: Store, keys: Keys, setup: Option<Secret>, world: impl World, settings: Settings) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let outgoing = Outgoing::new(settings.outgoing.clone());
        Self(Arc::new(Inner {
            store,
            keys,
            setup,
            world: Box::new(world),
            settings,
            sites: sites::Sites::new(SITES_KEPT, cores),
            figures: summary::Figures::default(),
            overviews: home::Overviews::default(),
            comparisons: documents::Comparisons::default(),
            metrics: metrics::Metrics::default(),
            stands: institution::Stands::default(),
            makers: tokio::sync::Semaphore::new(cores),
            outgoing,
            providers: oidc::Known::default(),
            knocks: api::Knocks::default(),
            wrong_codes: api::Knocks::default(),
        }))
    }

    fn store(&self) -> &Store {
        &self.0.store
    }

    fn overviews(&self) -> &home::Overviews {
        &self.0.overviews
    }

    fn figures(&self) -> &summary::Figures {
        &self.0.figures
    }

    /// The way out of the machine.
    pub fn outgoing(&self) -> &Outgoing {
        &self.0.outgoing
    }

    fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.0.world.now()
    }

    /// The time as the trail writes it.
    fn at(&self) -> String {
        world::written(self.now())
    }

    fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.world.fill(&mut bytes);
        bytes
    }

    /// A new id that nobody has had before: 12 characters after a letter for what it names.
    fn new_id(&self, kind: char) -> String {
        const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
        let bytes = self.random::<12>();
        let rest = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
        std::iter::once(kind).chain(rest).collect()
    }

    /// Cookies and addresses depend on whether the way is encrypted.
    fn is_secure(&self) -> bool {
        self.0.settings.origin.starts_with("https://")
    }
}
