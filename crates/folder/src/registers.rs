//! Declarations of one's own registers (`registers/*.yaml`), and agreed periods (`operations/periods.yaml`).

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use shirube_safety::File;
use shirube_safety::operation::register::{Fault, PeriodsFile, Register, RegisterFile, laid};

use super::{InputError, Loaded, dotted, load, yaml};

/// A file that was read, with a way from places to lines.
#[derive(Debug)]
pub struct OfOperation<T> {
    pub content: T,
    file: File,
    tree: yaml::Tree,
}

impl<T> OfOperation<T> {
    /// A mistake at a place of the file (a JSON pointer), with its line.
    pub fn error(&self, pointer: &str, message: String) -> InputError {
        let (line, column) = self.tree.position(pointer);
        InputError { file: self.file, line, column, field: dotted(pointer), message, missing: None }
    }
}

/// Reads a declaration. Whether it holds together with the others is not asked yet.
pub fn read_register(bytes: &[u8]) -> Result<OfOperation<RegisterFile>, Vec<InputError>> {
    read(File::Register, bytes)
}

/// Mistakes of declarations by the stems of their files.
pub type Mistaken = BTreeMap<String, Vec<InputError>>;

/// The embedded registers with declarations of one's own, which are given by the stems of their files. What each of them
/// says wrong is told at once; whether they hold together is asked once each can be read.
pub fn read_registers(texts: &BTreeMap<String, Vec<u8>>) -> Result<Vec<Register>, Mistaken> {
    let (mut own, mut mistakes) = (BTreeMap::new(), Mistaken::new());
    for (stem, text) in texts {
        match read_register(text) {
            Ok(file) => drop(own.insert(stem.clone(), file)),
            Err(errors) => drop(mistakes.insert(stem.clone(), errors)),
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let files = own.iter().map(|(stem, file)| (stem.clone(), file.content.clone())).collect();
    laid(&files).map_err(|faults| {
        let placed = |(stem, faults): (String, Vec<Fault>)| {
            let errors = faults.into_iter().map(|fault| own[&stem].error(&fault.pointer, fault.message)).collect();
            (stem, errors)
        };
        faults.into_iter().map(placed).collect()
    })
}

/// Reads agreed periods. Whether there are such registers and duties is not asked yet.
pub fn read_periods(bytes: &[u8]) -> Result<OfOperation<PeriodsFile>, Vec<InputError>> {
    read(File::Periods, bytes)
}

fn read<T: DeserializeOwned>(file: File, bytes: &[u8]) -> Result<OfOperation<T>, Vec<InputError>> {
    let Loaded { content, tree, errors, .. } = load::<T>(file, &BTreeMap::from([(file, bytes.to_vec())]));
    match (content, tree) {
        (Some(content), Some(tree)) if errors.is_empty() => Ok(OfOperation { content, file, tree }),
        _ => Err(errors),
    }
}
