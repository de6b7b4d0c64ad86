//! Reading tables: the rows of their parts, one batch at a time.

use std::{
    fs::File,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use arrow::datatypes::Fields;
use parquet::{
    arrow::{
        ProjectionMask,
        arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder},
    },
    errors::ParquetError,
};

use crate::{error::StoreError, part::SCHEMA_KEY, rows::Row, tables::Table};

/// Reads the rows of some files, one batch at a time.
///
/// A row that makes no noun is an error, and reading goes on after it; an error of the
/// file ends it, since what follows a broken page cannot be trusted.
pub(crate) struct Rows<T: Table> {
    paths: std::vec::IntoIter<PathBuf>,
    open: Option<OpenPart<T>>,
}

struct OpenPart<T: Table> {
    path: PathBuf,
    batches: ParquetRecordBatchReader,
    rows: std::vec::IntoIter<Result<T::Row, String>>,
    n: u64,
}

impl<T: Table> Rows<T> {
    /// The rows of `paths`, file by file.
    pub(crate) fn of(paths: Vec<PathBuf>) -> Self {
        Rows { paths: paths.into_iter(), open: None }
    }

    fn step(&mut self) -> Result<Option<T::Row>, StoreError> {
        loop {
            let Some(part) = &mut self.open else {
                let Some(path) = self.paths.next() else { return Ok(None) };
                let batches = open_part::<T>(&path)?;
                let rows = Vec::new().into_iter();
                self.open = Some(OpenPart { path, batches, rows, n: 0 });
                continue;
            };
            if let Some(row) = part.rows.next() {
                part.n += 1;
                return row.map(Some).map_err(|reason| StoreError::Row {
                    path: part.path.clone(),
                    row: part.n,
                    reason,
                });
            }
            let batch = guarded(&part.path, || part.batches.next().transpose())?;
            match batch {
                Some(batch) => {
                    let rows = (0..batch.num_rows()).map(|n| T::row(&Row::of(&batch, n)));
                    part.rows = rows.collect::<Vec<_>>().into_iter();
                }
                None => self.open = None,
            }
        }
    }
}

impl<T: Table> Iterator for Rows<T> {
    type Item = Result<T::Row, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let step = self.step();
        if !matches!(step, Ok(_) | Err(StoreError::Row { .. })) {
            self.open = None;
            self.paths = Vec::new().into_iter();
        }
        step.transpose()
    }
}

/// Opens a file of `T`, once its version and its columns are those of this build.
fn open_part<T: Table>(path: &Path) -> Result<ParquetRecordBatchReader, StoreError> {
    let builder = open_checked::<T>(path)?;
    guarded(path, || builder.with_batch_size(T::READ_ROWS).build())
}

fn open_checked<T: Table>(path: &Path) -> Result<Builder, StoreError> {
    let builder = open_known::<T>(path)?;
    let (known, found) = (T::schema().fields, &builder.schema().fields);
    if known != *found {
        let reason = difference(&known, found);
        return Err(StoreError::Columns { path: path.to_owned(), reason });
    }
    Ok(builder)
}

/// Opens a file of `T` to read some of its columns, in the order of the file.
pub(crate) fn open_columns<T: Table>(
    path: &Path,
    names: &[&str],
) -> Result<ParquetRecordBatchReader, StoreError> {
    let builder = open_checked::<T>(path)?;
    let columns =
        ProjectionMask::columns(builder.parquet_schema(), names.iter().copied());
    let builder = builder.with_projection(columns).with_batch_size(T::READ_ROWS);
    guarded(path, || builder.build())
}

/// The metadata of a file of `T`: key → value, empty for what it does not say.
pub(crate) fn metadata<T: Table>(
    path: &Path,
) -> Result<impl Fn(&str) -> String + use<T>, StoreError> {
    let builder = open_known::<T>(path)?;
    Ok(move |key: &str| {
        value_of(&builder, &format!("goldpress.{key}")).unwrap_or_default()
    })
}

type Builder = ParquetRecordBatchReaderBuilder<File>;

fn open_known<T: Table>(path: &Path) -> Result<Builder, StoreError> {
    let file = File::open(path).map_err(StoreError::at(path))?;
    let builder = guarded(path, || Builder::try_new(file))?;
    match value_of(&builder, SCHEMA_KEY) {
        Some(found) if found == T::version() => Ok(builder),
        found => Err(StoreError::Version {
            path: path.to_owned(),
            found: found.unwrap_or_else(|| "none".into()),
            known: T::version(),
        }),
    }
}

/// Runs a step of the Parquet reader, which asserts some things that a broken file can
/// break: to us, such a panic is one more way of saying that the file is broken.
pub(crate) fn guarded<R, E: Into<ParquetError>>(
    path: &Path,
    step: impl FnOnce() -> Result<R, E>,
) -> Result<R, StoreError> {
    let outcome = catch_unwind(AssertUnwindSafe(|| step().map_err(Into::into)));
    let gave_up = || Err(ParquetError::General("the reader gave up".to_owned()));
    outcome.unwrap_or_else(|_| gave_up()).map_err(StoreError::parquet(path))
}

fn value_of(builder: &Builder, key: &str) -> Option<String> {
    let pairs = builder.metadata().file_metadata().key_value_metadata()?;
    pairs.iter().find(|pair| pair.key == key)?.value.clone()
}

/// The first column that is not what it should be.
fn difference(known: &Fields, found: &Fields) -> String {
    let n_columns = known.len().max(found.len());
    let differs = |n: &usize| known.get(*n) != found.get(*n);
    let at = (0..n_columns).find(differs).unwrap_or(n_columns);
    let told = |fields: &Fields| match fields.get(at) {
        Some(field) => {
            let null = if field.is_nullable() { " or null" } else { "" };
            format!("`{}` of type {}{null}", field.name(), field.data_type())
        }
        None => "nothing".to_owned(),
    };
    format!("column {} is {}, not {}", at + 1, told(found), told(known))
}
