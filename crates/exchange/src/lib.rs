//! Lists that travel through Excel: written as workbooks people can fill in, read back as edits of the service, and
//! lists people already have, taken in through a mapping they confirm.
//!
//! Pure: bytes and files of a service go in, bytes, edits and mistakes come out. Nothing is decided silently: what a
//! workbook changes is told cell by cell, what is not taken over is told with its reason, and one bad cell keeps all
//! of it out.

mod audit;
mod foreign;
mod laid;
mod list;
mod operation;
mod register;
mod report;
mod sheet;
mod spec;
mod table;
mod typed;

pub use audit::{audit_workbook, read_audit};
pub use foreign::{Column, Goal, Guess, Loss, Taken, Target, guess, take, targets};
pub use laid::{CellChange, Effect, Fault, Laid, RecordChange, lay};
pub use list::List;
pub use operation::{
    Merged, Misread, Observed, OperationFiles, OperationTables, merged, observed, read_operation_tables,
    read_operations,
};
pub use register::{register_rows, register_workbook};
pub use report::{Asked, read_report, report_workbook};
pub use sheet::{Book, ReadError, Sheet, Stamp, WriteError, column_name, read, read_with_times};
pub use typed::{Origin, Typed, origin, typed};

use shirube_folder::edit::Texts;

/// A list of a service as a workbook.
pub fn workbook(list: List, texts: &Texts, stamp: &Stamp) -> Result<Vec<u8>, WriteError> {
    let tables = table::tables(list, texts).map_err(|errors| WriteError::Service(errors.join("\n")))?;
    sheet::write(list, &tables, stamp)
}
