//! The one binary `shirube`: reads arguments, calls the domain, prints, and exits with a code that means something.

mod agreement;
mod args;
mod assess;
mod audit;
mod backup;
mod catalog;
mod check;
mod closing;
mod config;
mod day;
mod demo;
mod diagram;
mod diff;
mod disclose;
mod disk;
mod exit;
mod flows;
mod house;
mod incident;
mod init;
mod list;
mod maintenance;
mod operations;
mod owner;
mod parallel;
mod register;
mod report;
mod schema;
mod selection;
mod serve;
mod sla;
mod supply;
mod table;
mod trail;

use std::process::ExitCode;
use std::thread;

use args::Command;
use exit::Failure;

/// Setting a document makes and drops millions of small things; the system's allocator takes a tenth of the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let command = match args::parse() {
        Ok(command) => command,
        Err(code) => return code,
    };
    match run(command) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("{failure}");
            failure.code()
        }
    }
}

/// Has the guidelines read on another core, while this one opens the folder.
fn read_ahead(command: &Command) {
    match command {
        // It shows no content of an edition but the first, which is read at once.
        Command::Catalog(args) if args.command.is_plain_list() => {}
        Command::Catalog(_) => {
            thread::spawn(shirube_catalog::shelf);
            thread::spawn(shirube_catalog::library);
        }
        Command::Init(_) | Command::Schema(_) | Command::Version => {}
        _ => {
            thread::spawn(shirube_catalog::library);
        }
    }
}

fn run(command: Command) -> Result<ExitCode, Failure> {
    read_ahead(&command);
    match command {
        Command::Demo(args) => demo::run(&args),
        Command::Init(args) => init::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Flows(args) => flows::run(&args),
        Command::Assess(args) => assess::run(&args),
        Command::Agreement(args) => agreement::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Disclose(args) => disclose::run(&args),
        Command::Selection(args) => selection::run(&args),
        Command::Diagram(args) => diagram::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::List(args) => list::run(&args.command),
        Command::Supply(args) => supply::run(&args.command),
        Command::Register(args) => register::run(&args.command),
        Command::Duties(args) => register::duties::run(&args),
        Command::Evidence(args) => register::evidence::run(&args),
        Command::Incident(args) => incident::run(&args.command),
        Command::Maintenance(args) => maintenance::run(&args.command),
        Command::Audit(args) => audit::run(&args.command),
        Command::Sla(args) => sla::run(&args.command),
        Command::House(args) => house::run(&args.command),
        Command::Catalog(args) => catalog::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Organisation(args) => owner::organisation(&args),
        Command::User(args) => owner::user(&args),
        Command::Backup(args) => backup::save(&args),
        Command::Restore(args) => backup::restore(&args),
        Command::Trail(args) => trail::run(&args),
        Command::Version => {
            exit::print(&format!("shirube {}\n", env!("CARGO_PKG_VERSION")))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}
