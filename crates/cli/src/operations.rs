//! Records of daily work in a service folder: declarations of one's own, tables, the log, agreed periods.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use shirube_catalog::{RESERVED_IDS, Register};
use shirube_exchange::{read_with_times, register_rows};
use shirube_folder::InputError;
use shirube_folder::registers::{read_periods, read_registers};
use shirube_safety::operation::maintenance::Terms;
use shirube_safety::operation::register::{
    Book, LogLine, Mistake, PeriodsFile, Records, check_periods, read_entries, read_log,
};
use shirube_safety::{File, ServiceFiles};

use crate::agreement;
use crate::disk;
use crate::exit::Failure;

/// Folder with the tables, the log and the agreed periods.
pub const OPERATIONS: &str = "operations";
/// Folder with declarations of one's own.
const REGISTERS: &str = "registers";
/// Stem of the log.
const LOG: &str = "log";

/// Everything that is kept. Every mistake of every file is told at once.
pub fn read(dir: &Path) -> Result<Records, Failure> {
    read_or_mistakes(dir)?.map_err(|mistakes| Failure::Input(told(&mistakes)))
}

/// The same; mistakes stay apart from a disk that does not answer.
pub fn read_or_mistakes(dir: &Path) -> Result<Result<Records, Vec<Mistake>>, Failure> {
    let mut mistakes = Vec::new();
    let Some(registers) = declarations(dir, &mut mistakes)? else { return Ok(Err(mistakes)) };
    let mut records = Records { registers, ..Records::default() };
    for (stem, path) in tables(dir, &records.registers, &mut mistakes)? {
        let name = format!("{OPERATIONS}/{}", file_name(&path));
        if stem == LOG {
            records.log = log(&records.registers, &path, &name, &mut mistakes)?;
        } else if let Some(register) = records.registers.iter().find(|register| register.id == stem) {
            records.books.extend(table(register, &path, &name, &mut mistakes)?);
        }
    }
    let order = |book: &Book| records.registers.iter().position(|register| register.id == book.register);
    records.books.sort_by_key(order);
    records.periods = periods(dir, &records.registers, &mut mistakes)?;
    mistakes.sort();
    Ok(if mistakes.is_empty() { Ok(records) } else { Err(mistakes) })
}

/// The embedded registers with those of a folder; without a folder only the embedded ones.
pub fn registers(dir: Option<&Path>) -> Result<Vec<Register>, Failure> {
    let Some(dir) = dir else { return Ok(shirube_catalog::registers().to_vec()) };
    // A folder that is not there must not look like one without declarations.
    disk::texts(dir)?;
    let mut mistakes = Vec::new();
    declarations(dir, &mut mistakes)?.ok_or_else(|| Failure::Input(told(&mistakes)))
}

/// Mistakes as sentences.
pub fn told(mistakes: &[Mistake]) -> Vec<String> {
    disk::alike(mistakes.iter().map(|mistake| disk::Said {
        file: mistake.file.clone(),
        line: mistake.row,
        field: mistake.column.clone(),
        message: mistake.message.clone(),
    }))
}

/// Ids and names that tables may refer to.
pub fn known(dir: &Path, files: &ServiceFiles) -> Result<shirube_safety::operation::register::Known, Failure> {
    let stems = disk::institutions(dir)?.into_keys();
    let names: Vec<String> = agreement::institution_names(dir)?.into_iter().chain(stems).collect();
    Ok(shirube_safety::operation::register::Known::new(files, names.iter().map(String::as_str)))
}

/// What was agreed on about maintenance, and what institutions are called.
pub fn maintenance_terms(dir: &Path, files: &ServiceFiles) -> Result<Terms, Failure> {
    Ok(Terms::new(files).also(agreement::institution_names(dir)?))
}

/// A mistake of a YAML file, under the file's own name.
fn of_file(error: InputError, name: &str) -> Mistake {
    Mistake { file: name.to_owned(), row: error.line, column: error.field, message: error.message }
}

/// All registers; none if a declaration has mistakes.
fn declarations(dir: &Path, mistakes: &mut Vec<Mistake>) -> Result<Option<Vec<Register>>, Failure> {
    let name = |stem: &str| format!("{REGISTERS}/{stem}.yaml");
    let mut texts: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for path in listed(&dir.join(REGISTERS))? {
        let (stem, ending) = parts(&path);
        match ending.as_str() {
            "yaml" => drop(texts.insert(stem, disk::file(&path)?)),
            "yml" => mistakes.push(whole(
                format!("{REGISTERS}/{}", file_name(&path)),
                "読みません。名前の終わりを「.yaml」にしてください。",
            )),
            _ => {}
        }
    }
    let read = read_registers(&texts).map_err(|wrong| {
        for (stem, errors) in wrong {
            mistakes.extend(errors.into_iter().map(|error| of_file(error, &name(&stem))));
        }
    });
    Ok(read.ok().filter(|_| mistakes.is_empty()))
}

fn whole(file: String, message: impl Into<String>) -> Mistake {
    Mistake { file, row: 1, column: String::new(), message: message.into() }
}

/// The tables in the folder by their stems; what belongs to no register is told.
fn tables(
    dir: &Path,
    registers: &[Register],
    mistakes: &mut Vec<Mistake>,
) -> Result<BTreeMap<String, PathBuf>, Failure> {
    let mut found: BTreeMap<String, PathBuf> = BTreeMap::new();
    for path in listed(&dir.join(OPERATIONS))? {
        let (stem, ending) = parts(&path);
        let shown = format!("{OPERATIONS}/{}", file_name(&path));
        let is_register = registers.iter().any(|register| register.id == stem);
        match ending.as_str() {
            "csv" | "xlsx" if is_register || stem == LOG => {
                if let Some(other) = found.insert(stem, path) {
                    let message = format!(
                        "「{}」もあります。どちらを使うのか分からないため、一つにしてください。",
                        file_name(&other)
                    );
                    mistakes.push(whole(shown, message));
                }
            }
            "csv" | "xlsx" if RESERVED_IDS.contains(&stem.as_str()) => {}
            "csv" | "xlsx" => mistakes.push(whole(shown, no_register(&stem, registers))),
            "yml" => mistakes.push(whole(shown, "読みません。名前の終わりを「.yaml」にしてください。")),
            "yaml" if format!("{OPERATIONS}/{stem}.yaml") != File::Periods.name() => {
                let message = format!("読みません。ここに置くYAMLは、{}だけです。", File::Periods.name());
                mistakes.push(whole(shown, message));
            }
            _ => {}
        }
    }
    Ok(found)
}

fn no_register(stem: &str, registers: &[Register]) -> String {
    let is_it = |register: &&Register| register.title == stem;
    match registers.iter().find(is_it) {
        Some(register) => format!("ファイルの名前は、台帳のidにしてください（「{}」）。", register.id),
        None => format!(
            "「{stem}」という台帳はありません。台帳のidは、shirube register list で確かめられます。台帳でないファイルは、ほかの場所に置いてください。"
        ),
    }
}

fn table(register: &Register, path: &Path, name: &str, mistakes: &mut Vec<Mistake>) -> Result<Option<Book>, Failure> {
    let read =
        read_with_times(&disk::file(path)?, name).map_err(|error| vec![whole(name.to_owned(), error.to_string())]);
    let book = read.and_then(|book| {
        let rows = register_rows(register, &book).map_err(|message| vec![whole(name.to_owned(), message)])?;
        read_entries(register, &rows, name)
    });
    Ok(book.map_err(|wrong| mistakes.extend(wrong)).ok())
}

fn log(registers: &[Register], path: &Path, name: &str, mistakes: &mut Vec<Mistake>) -> Result<Vec<LogLine>, Failure> {
    let read =
        read_with_times(&disk::file(path)?, name).map_err(|error| vec![whole(name.to_owned(), error.to_string())]);
    let lines = read.and_then(|book| read_log(registers, book.sheets.first().map_or(&[], |sheet| &sheet.rows), name));
    Ok(lines.map_err(|wrong| mistakes.extend(wrong)).unwrap_or_default())
}

fn periods(dir: &Path, registers: &[Register], mistakes: &mut Vec<Mistake>) -> Result<PeriodsFile, Failure> {
    let name = File::Periods.name();
    let path = dir.join(name);
    if !path.exists() {
        return Ok(PeriodsFile::default());
    }
    match read_periods(&disk::file(&path)?) {
        Ok(file) => {
            let faults = check_periods(&file.content, registers).into_iter();
            mistakes.extend(faults.map(|fault| of_file(file.error(&fault.pointer, fault.message), name)));
            Ok(file.content)
        }
        Err(errors) => {
            mistakes.extend(errors.into_iter().map(|error| of_file(error, name)));
            Ok(PeriodsFile::default())
        }
    }
}

/// The files of a folder by their names; none where the folder is not there. What programs leave behind for themselves
/// while a file is open is none of them.
fn listed(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error: io::Error| Failure::io(folder, "を読めません", &error);
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        if path.is_file() && !file_name(&path).starts_with(['.', '~']) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Stem and ending of a file's name.
fn parts(path: &Path) -> (String, String) {
    let text =
        |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned()).unwrap_or_default();
    (text(path.file_stem()), text(path.extension()).to_lowercase())
}

/// Short hash of a service with its records, printed in papers made from them.
pub fn source(dir: &Path, source: &str) -> Result<String, Failure> {
    let mut all = String::new();
    for path in listed(&dir.join(REGISTERS))?.into_iter().chain(listed(&dir.join(OPERATIONS))?) {
        let digest = format!("{:x}", Sha256::digest(disk::file(&path)?));
        all.push_str(&format!("{} {digest}\n", file_name(&path)));
    }
    Ok(disk::laid_source(source, &all))
}
