//! Declarations of one's own registers (`registers/*.yaml`), and agreed periods (`operations/periods.yaml`).

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use shirube_safety::File;
use shirube_safety::operation::register::{PeriodsFile, RegisterFile};

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
