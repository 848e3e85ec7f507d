//! The pages: one module each, a template and what answers its address.

pub mod controls;
pub mod coverage;
pub mod diagram;
pub mod documents;
pub mod files;
pub mod flows;
pub mod message;
pub mod overview;
pub mod risks;
pub mod statutory;
pub mod treatments;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use crate::assets::{MARK, SCRIPT, STYLE};
use crate::reader::Reader;
use crate::shown::Shown;
use crate::view::{AttachedView, Chrome, Here, RecordedView};
use crate::words;

/// What the layout of every page needs.
pub(crate) struct Frame<'a> {
    pub(crate) chrome: &'a Chrome,
    /// What the addresses of the service begin with.
    pub(crate) base: &'a str,
    pub(crate) reader: Option<&'a Reader>,
    /// Number and state of the revision in the application.
    pub(crate) revision: Option<(u64, &'static str)>,
    pub(crate) done: Option<&'static str>,
    /// When the revision was made, and whether the reader may take it back.
    pub(crate) made: Option<&'a crate::shown::Made>,
    pub(crate) today: Option<chrono::NaiveDate>,
    pub(crate) views: &'a [crate::shown::Kept],
    pub(crate) here: Here,
    attached: &'a [AttachedView],
    pub(crate) recorded: &'a [RecordedView],
    pub(crate) style: &'static str,
    pub(crate) mark: &'static str,
    /// Only the application has one.
    pub(crate) script: Option<&'static str>,
}

impl<'a> Frame<'a> {
    pub(crate) fn new(shown: &'a Shown, here: Here) -> Self {
        let reader = shown.reader.as_deref();
        Self {
            chrome: &shown.site.view.chrome,
            base: &shown.base,
            reader,
            revision: shown.revision.map(|number| (number, shown.state)),
            done: shown.done,
            made: shown.made.as_ref(),
            today: shown.today,
            views: &shown.views,
            here,
            attached: &shown.attached,
            recorded: &shown.recorded,
            style: &STYLE,
            mark: &MARK,
            script: reader.map(|_| SCRIPT.as_str()),
        }
    }

    /// Whether a day is over, where the day is known.
    pub(crate) fn is_past(&self, day: &chrono::NaiveDate) -> bool {
        self.today.is_some_and(|today| *day < today)
    }

    /// The paper that the reader chose.
    pub(crate) fn theme(&self) -> Option<&'static str> {
        self.reader.and_then(|reader| reader.theme)
    }

    /// Where the words of the page are explained.
    pub(crate) fn words(&self) -> Option<String> {
        (self.here != Here::Words).then(|| self.glossary())
    }

    /// Address of the list of words: that of the service, which has its own words too, for whoever may see it.
    pub(crate) fn glossary(&self) -> String {
        use crate::reader::{Action, Resource};
        match self.reader {
            Some(reader) if !reader.may(Action::View, Resource::Control) => {
                format!("/o/{}/glossary", reader.organisation_id)
            }
            _ => format!("{}/glossary", self.base),
        }
    }

    /// Whether the page may offer this.
    pub(crate) fn may(&self, action: crate::reader::Action, resource: crate::reader::Resource) -> bool {
        self.reader.is_some_and(|reader| reader.may(action, resource))
    }

    /// Evidence in force that belongs to something of the service.
    pub(crate) fn attached_to(&self, about: &str) -> Vec<&'a AttachedView> {
        let here = self.attached.iter().filter(|file| file.about == about);
        here.filter(|file| file.superseded_by.is_none() && !file.removed).collect()
    }

    /// The address of a page of the service, or of a part of this page.
    pub(crate) fn at(&self, href: &str) -> String {
        if href.starts_with('/') { format!("{}{href}", self.base) } else { href.to_owned() }
    }
}

/// Renders a page. A template can only fail by a bug, which must not show a half page.
pub(crate) fn html(page: impl Template) -> Response {
    match page.render() {
        Ok(text) => Html(words::explained(text)).into_response(),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, "画面を作れませんでした。").into_response(),
    }
}
