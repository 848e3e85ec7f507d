//! The door into a register for programs: what forms write, without their pages.

use shirube_catalog::Register;
use shirube_store::{Missing, RegisterItem, StoreError};

use super::ledger::Ledger;
use super::list::InRegister;
use super::show::{InEntry, Told, known};
use super::write::{Doing, Way};
use crate::app::App;
use crate::app::fields::Fields;
use crate::app::guard::Acting;
use crate::app::revisions::InService;
use crate::app::sign_in::From;

/// One register of a service, ready to be written in.
pub struct Door {
    at: InRegister,
    ledger: Ledger,
    register: Register,
}

impl Door {
    /// The word by which entries of a state are found.
    pub const STATE: &str = super::words::STATE;

    /// The registers of a service.
    pub async fn registers(
        app: &App,
        organisation: &str,
        service: &str,
        revision: u64,
    ) -> Result<Vec<Register>, StoreError> {
        let at = InService { organisation: organisation.to_owned(), service: service.to_owned() };
        Ok(Ledger::read(app, &at, revision).await?.registers)
    }

    pub async fn open(
        app: &App,
        (organisation, service, register): (&str, &str, &str),
        revision: u64,
    ) -> Result<Self, StoreError> {
        let named = [organisation, service, register].map(str::to_owned);
        let [organisation, service, register] = named;
        let at = InRegister { organisation, service, register };
        let ledger = Ledger::read(app, &at.service(), revision).await?;
        let found = ledger.register(&at.register).cloned();
        let register = found.ok_or(StoreError::Missing(Missing::RegisterItem))?;
        Ok(Self { at, ledger, register })
    }

    pub fn register(&self) -> &Register {
        &self.register
    }

    pub async fn item(&self, app: &App, item: &str) -> Result<RegisterItem, StoreError> {
        let at = &self.at;
        app.store().register_item(&at.organisation, &at.service, &at.register, item).await
    }

    fn doing<'d>(&'d self, app: &'d App, from: &'d From, acting: &'d Acting) -> Doing<'d> {
        Doing { app, from, acting, at: &self.at, ledger: &self.ledger, register: &self.register }
    }

    /// Begins an entry; gives its name.
    pub async fn begin(
        &self,
        app: &App,
        from: &From,
        acting: &Acting,
        sent: &Fields,
    ) -> Result<Result<String, Told>, StoreError> {
        self.doing(app, from, acting).create(sent).await
    }

    /// A step or a duty of an entry.
    pub async fn change(
        &self,
        app: &App,
        from: &From,
        acting: &Acting,
        (item, sent): (&str, &Fields),
        way: Way,
    ) -> Result<Result<(), Told>, StoreError> {
        let InRegister { organisation, service, register } = &self.at;
        let at = InEntry {
            organisation: organisation.clone(),
            service: service.clone(),
            register: register.clone(),
            item: item.to_owned(),
        };
        let known = known(app, &self.register, &at).await?;
        let doing = self.doing(app, from, acting);
        match sent.text("do") {
            "step" => doing.step(&known, sent, way).await,
            _ => doing.duty(&known, sent).await,
        }
    }

    /// A duty of the whole register.
    pub async fn did(
        &self,
        app: &App,
        from: &From,
        acting: &Acting,
        sent: &Fields,
    ) -> Result<Result<(), Told>, StoreError> {
        self.doing(app, from, acting).duty_of_register(sent).await
    }
}
