//! The site through its router: pages, filters, headers, and every link of every page.

mod crawl;
mod fixture;
mod guideline;
mod pages;
mod safety;
