//! What is kept: organisations, their services, the revisions of these, and the trail of what was done.
//!
//! The crate speaks SQL and nobody else does. The same statements run on SQLite and PostgreSQL. Every query on what
//! belongs to an organisation takes the organisation it is for; an id of another one is [`StoreError::Missing`], as if
//! it did not exist. Ids and times are arguments: the crate reads no clock and draws no lots.
//!
//! A [`Change`] is one transaction and ends in exactly one entry of the trail, or leaves nothing.

mod attachment;
mod backup;
mod blob;
mod change;
mod credential;
mod entries;
mod error;
mod files;
mod guest;
mod health;
mod institution;
mod issued;
mod job;
mod migration;
mod one_time;
mod open;
mod organisation;
mod outside;
mod past;
mod people;
mod permit;
mod preference;
mod reading;
mod register;
mod report;
mod review;
mod row;
mod service;
mod session;
mod summary;
mod token;
mod verify;
mod view;
mod webhook;

pub use attachment::{Attachment, NewAttachment, Removal};
pub use backup::{BackupError, Manifest, TableLine};
pub use change::{Change, Event};
pub use credential::{Credentials, Passkey, Password, RecoveryCode, Throttle, Totp};
pub use entries::Filter;
pub use error::{Missing, StoreError};
pub use files::{FileFault, Files};
pub use guest::GuestInvitation;
pub use health::Counts;
pub use institution::{InstitutionRecord, NewRecord, RecordsEnd};
pub use issued::{Document, ForInstitution, Issued};
pub use job::{Job, JobState, NewJob};
pub use one_time::{NewOneTime, OneTime};
pub use open::Store;
pub use organisation::Organisation;
pub use outside::OutsideIdentity;
pub use people::{Grant, Member, Membership, NewPerson, Person};
pub use permit::Permit;
pub use register::{DueCount, NewRegisterRecord, RegisterDue, RegisterItem, RegisterPage, RegisterRecord, WantedItems};
pub use report::{NewReportCode, NewReportDelivery, ReportCode, ReportDelivery, ReportState};
pub use review::{AccountDecision, AccountReview};
pub use service::{DRAFT, Latest, Revision, RevisionState, Service};
pub use session::{NewSession, Session, SessionLine};
pub use summary::Summary;
pub use token::{ApiToken, LiveToken, NewToken};
pub use verify::{Damage, Verification};
pub use view::SavedView;
pub use webhook::{Delivery, DueDelivery, NewWebhook, Tried, Webhook};
