//! The application through its router, over a database of its own.

mod desk;
mod evidence;
mod fixture;
mod forms;
mod outgoing;
mod people;
mod rights;
mod services;
mod sign_in;
