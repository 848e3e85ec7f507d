//! Papers made from records of daily work: one register, the duties with their days, what stands behind each control.
//!
//! Each is named by what was asked for and made for a day, so they are no [`super::Deliverable`].

mod audit;
mod calendar;
mod duties;
mod entry;
mod evidence;
mod maintenance;
mod register;
mod report;

use chrono::NaiveDate;
use shirube_safety::ServiceFiles;
use shirube_safety::model::{Binding, Date, DateStyle};

use super::date::printed;
use crate::content::{Document, IssueDate, Look, Meta, Page, Status};

pub use audit::{audit_paper, audit_plan, audit_report, audit_section, audit_summary};
pub use calendar::duty_calendar;
pub use duties::{DUTY_COLUMNS, duties_document, duty_row};
pub use entry::{EntryPaper, entry_document};
pub use evidence::evidence_document;
pub use maintenance::{board_document, notice_document};
pub use register::{RegisterPaper, register_document};
pub use report::{levels_document, report_document};

/// What stands where nobody wrote anything.
const BLANK: &str = "〔未記載〕";

/// Whose records they are, and as of which day.
#[derive(Debug, Clone)]
pub struct RecordHead {
    service: String,
    provider: String,
    /// What they were made from, as documents print it.
    source: String,
    on: NaiveDate,
    pub(in crate::deliverable) dates: DateStyle,
    is_bound: bool,
}

impl RecordHead {
    pub fn new(files: &ServiceFiles, source: &str, on: NaiveDate) -> Self {
        let file = &files.service;
        let provider = file.parties.iter().find(|party| party.id == file.provider);
        Self {
            service: file.service.name.clone(),
            provider: provider.map_or(&file.provider, |party| &party.name).clone(),
            source: source.to_owned(),
            on,
            dates: file.document.dates(),
            is_bound: file.document.binding == Some(Binding::TwoHole),
        }
    }

    fn day(&self, day: NaiveDate) -> String {
        printed(Date(day), self.dates)
    }

    /// A paper with its cover. With something missing it is a draft.
    pub(in crate::deliverable) fn paper(
        &self,
        name: &'static str,
        title: String,
        landscape: bool,
        is_whole: bool,
    ) -> Document {
        let issued_on = is_whole.then(|| IssueDate { day: self.on, printed: self.day(self.on) });
        let meta = Meta {
            service: self.service.clone(),
            provider: self.provider.clone(),
            issued_on,
            status: if is_whole { Status::Issued } else { Status::Draft },
            source: self.source.clone(),
            ..Meta::default()
        };
        Document {
            name,
            title,
            meta,
            page: if landscape { Page::A4_LANDSCAPE } else { Page::A4_PORTRAIT },
            look: Look { is_bound: self.is_bound, ..Look::default() },
            summary: vec![("基準日".to_owned(), self.day(self.on))],
            notices: Vec::new(),
            blocks: Vec::new(),
            data: Vec::new(),
        }
    }
}
