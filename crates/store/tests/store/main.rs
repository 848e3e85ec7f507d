//! What the store promises, on SQLite and on PostgreSQL.

mod backup;
mod database;
mod evidence;
mod exceptions;
mod institutions;
mod isolation;
mod people;
mod records;
mod registers;
mod reports;
mod revisions;
mod sessions;
mod support;
