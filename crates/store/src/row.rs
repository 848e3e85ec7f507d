//! Columns of a row as what they mean.

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::StoreError;
use crate::reading::number;

pub(crate) fn text(row: &AnyRow, column: &str) -> Result<String, StoreError> {
    Ok(row.try_get(column)?)
}

pub(crate) fn maybe(row: &AnyRow, column: &str) -> Result<Option<String>, StoreError> {
    Ok(row.try_get(column)?)
}

pub(crate) fn count(row: &AnyRow, column: &str) -> Result<u64, StoreError> {
    number(row.try_get(column)?)
}

pub(crate) fn maybe_count(row: &AnyRow, column: &str) -> Result<Option<u64>, StoreError> {
    row.try_get::<Option<i64>, _>(column)?.map(number).transpose()
}
