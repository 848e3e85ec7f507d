//! `shirube register take`: a filled workbook or CSV, laid over the table that is kept.

use std::process::ExitCode;

use shirube_catalog::Register;
use shirube_exchange::{read_with_times, register_rows};
use shirube_safety::operation::register::{Book, Records, Taken, read_entries, rows, take};

use crate::args::RegisterTakeArgs;
use crate::disk::{self, Batch};
use crate::exit::{self, Failure};
use crate::operations::OPERATIONS;
use crate::{operations, table};

pub fn run(args: &RegisterTakeArgs) -> Result<ExitCode, Failure> {
    let records = super::records(&args.dir)?;
    let register = super::named(&records.registers, &args.name)?;
    let filled = filled(args, register)?;
    let taken = take(register, records.entries(&register.id), &filled);
    let file = target(&records, register)?;
    if args.write && !taken.is_same() {
        let (heading, rows) = rows(register, &taken.entries);
        let heading: Vec<&str> = heading.iter().map(String::as_str).collect();
        let mut batch = Batch::default();
        batch.add(args.dir.join(&file), table::csv(&heading, &rows).into_bytes());
        batch.write()?;
    }
    exit::print(&told(&taken, &file, args.write))?;
    Ok(ExitCode::SUCCESS)
}

/// The table that somebody filled; every mistake at once.
fn filled(args: &RegisterTakeArgs, register: &Register) -> Result<Book, Failure> {
    let name = args.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let book = read_with_times(&disk::file(&args.file)?, &name).map_err(|error| Failure::input(error.to_string()))?;
    let rows = register_rows(register, &book).map_err(Failure::input)?;
    read_entries(register, &rows, &name).map_err(|mistakes| Failure::Input(operations::told(&mistakes)))
}

/// Where the table is kept. A workbook that people keep themselves is not written over.
fn target(records: &Records, register: &Register) -> Result<String, Failure> {
    match records.book(&register.id) {
        Some(book) if !book.file.ends_with(".csv") => Err(Failure::input(format!(
            "この台帳は「{}」につけているため、取り込めません。そのブックに直接書くか、CSVで保存し直してから取り込んでください。",
            book.file
        ))),
        Some(book) => Ok(book.file.clone()),
        None => Ok(format!("{OPERATIONS}/{}.csv", register.id)),
    }
}

fn told(taken: &Taken, file: &str, written: bool) -> String {
    if taken.is_same() {
        return "変わるところはありません。\n".to_owned();
    }
    let shown = |text: &str| if text.is_empty() { "（空）".to_owned() } else { text.replace('\n', "／") };
    let mut text: String = taken.added.iter().map(|id| format!("加える: {id}\n")).collect();
    text.extend(taken.changes.iter().map(|change| {
        format!("変える: {} {}: {} → {}\n", change.entry, change.column, shown(&change.before), shown(&change.after))
    }));
    if !taken.left.is_empty() {
        text.push_str(&format!("このファイルにない行（{}）は、そのまま残します。\n", taken.left.join("、")));
    }
    text.push_str(&format!("加える行{}件、変わる欄{}か所\n", taken.added.len(), taken.changes.len()));
    text.push_str(&match written {
        true => format!("{file} に書き込みました。\n"),
        false => "まだ書き込んでいません。書き込むには、--write を付けてください。\n".to_owned(),
    });
    text
}
