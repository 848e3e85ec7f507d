//! Deliverables of Shirube and the file formats they come in.
//!
//! A deliverable is built once as a format-free [`content::Document`]; [`write`] sets it as XLSX, DOCX, PDF,
//! HTML or Markdown. The crate does no I/O and reads no clock: the same input gives the same bytes.

pub mod chart;
pub mod content;
pub mod deliverable;
pub mod diagram;
pub mod fonts;
pub mod level;
pub mod write;
