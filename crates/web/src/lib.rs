//! Pages over HTTP: a read-only site of one service.
//!
//! [`Site::new`] works everything out once and keeps what pages show as owned values; a request only filters and
//! renders from memory. The crate reads no file and knows no database: whoever calls it brings files and documents.
//! It never changes anything: only GET and HEAD exist, there are no cookies and no scripts.

pub mod app;
mod around;
mod assets;
mod filter;
mod guideline;
mod headers;
mod page;
mod query;
mod reader;
mod routes;
mod shown;
mod site;
mod view;
mod words;

use shirube_form as form;

pub use routes::{router, serve};
pub use site::{Download, Site};
