//! The application through its router, over a database of its own.

mod accounts;
mod api;
mod audits;
mod boards;
mod checklists;
mod closings;
#[path = "../../../cli/tests/support/decided.rs"]
mod decided;
mod desk;
#[path = "../../../identity/tests/support/device.rs"]
mod device;
mod duties;
mod evidence;
mod fixture;
mod forms;
mod guide;
mod house;
mod incidents;
mod institutions;
mod issuing;
mod lists;
mod maintenance;
mod operation_reports;
mod outgoing;
mod own_registers;
mod passkeys;
mod people;
mod provider;
mod registers;
mod rights;
mod rules;
mod selection;
mod service_levels;
mod services;
mod sign_in;
mod supply;
mod supply_reports;
mod tokens;
mod webhooks;
