//! Sorted tables: rows come in any order and are written in one, whatever their number.
//!
//! What outgrows memory is sorted a stretch at a time into files of its own, which are
//! merged at the end.

use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
    path::{Path, PathBuf},
};

use crate::{
    error::StoreError,
    part::{self, Metadata},
    reader::Rows,
    tables::Table,
};

/// A table whose rows have an order.
pub(crate) trait Ordered: Table {
    /// Compares two rows; equal ones keep the order in which they came.
    fn order(a: &Self::Row, b: &Self::Row) -> Ordering;
}

/// Bytes of rows that are held before they are sorted into a file.
const STRETCH_BYTES: usize = 64 << 20;

/// Writes one file of a sorted table.
pub(crate) struct SortedWriter<T: Ordered> {
    path: PathBuf,
    held: Vec<T::Row>,
    held_bytes: usize,
    stretches: Vec<PathBuf>,
    stretch_bytes: usize,
}

impl<T: Ordered> SortedWriter<T> {
    /// Will write `path`; stretches stand beside it.
    pub(crate) fn new(path: &Path) -> Self {
        SortedWriter {
            path: path.to_owned(),
            held: Vec::new(),
            held_bytes: 0,
            stretches: Vec::new(),
            stretch_bytes: STRETCH_BYTES,
        }
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, row: T::Row) -> Result<(), StoreError> {
        self.held_bytes += T::weight(&row);
        self.held.push(row);
        if self.held_bytes < self.stretch_bytes {
            return Ok(());
        }
        let n = self.stretches.len();
        let path = self.path.with_extension(format!("stretch-{n}"));
        self.held.sort_by(T::order);
        let rows = self.held.drain(..).map(Ok::<_, StoreError>);
        part::write_file::<T, _>(&path, rows, &Metadata::new())?;
        self.stretches.push(path);
        self.held_bytes = 0;
        Ok(())
    }

    /// Writes all rows in order, handing each to `see` on its way.
    pub(crate) fn finish(
        mut self,
        about: &Metadata,
        mut see: impl FnMut(&T::Row),
    ) -> Result<(), StoreError> {
        self.held.sort_by(T::order);
        let mut sources: Vec<Source<T>> = Vec::new();
        for path in &self.stretches {
            sources.push(Box::new(Rows::<T>::of(vec![path.clone()])));
        }
        sources.push(Box::new(self.held.into_iter().map(Ok)));
        let rows = Merge::<T>::new(sources)?.inspect(|row| {
            if let Ok(row) = row {
                see(row);
            }
        });
        part::write_file::<T, StoreError>(&self.path, rows, about)?;
        for path in &self.stretches {
            std::fs::remove_file(path).map_err(StoreError::at(path))?;
        }
        Ok(())
    }
}

type Source<T> = Box<dyn Iterator<Item = Result<<T as Table>::Row, StoreError>>>;

/// The rows of sorted sources, in order; of equal rows the earlier source's first.
struct Merge<T: Ordered> {
    sources: Vec<Source<T>>,
    heads: BinaryHeap<Reverse<Head<T>>>,
}

struct Head<T: Ordered> {
    row: T::Row,
    source: usize,
}

impl<T: Ordered> Merge<T> {
    fn new(mut sources: Vec<Source<T>>) -> Result<Self, StoreError> {
        let mut heads = BinaryHeap::new();
        for (source, rows) in sources.iter_mut().enumerate() {
            if let Some(row) = rows.next().transpose()? {
                heads.push(Reverse(Head { row, source }));
            }
        }
        Ok(Merge { sources, heads })
    }
}

impl<T: Ordered> Iterator for Merge<T> {
    type Item = Result<T::Row, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let Reverse(Head { row, source }) = self.heads.pop()?;
        match self.sources[source].next() {
            Some(Ok(row)) => self.heads.push(Reverse(Head { row, source })),
            Some(Err(error)) => return Some(Err(error)),
            None => {}
        }
        Some(Ok(row))
    }
}

impl<T: Ordered> Ord for Head<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        T::order(&self.row, &other.row).then(self.source.cmp(&other.source))
    }
}

impl<T: Ordered> PartialOrd for Head<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: Ordered> PartialEq for Head<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<T: Ordered> Eq for Head<T> {}

#[cfg(test)]
mod tests {
    use goldpress_model::{CountRow, Counts, Digest};

    use super::*;
    use crate::tables::CountsTable;

    impl Ordered for CountsTable {
        fn order(a: &CountRow, b: &CountRow) -> Ordering {
            a.system.cmp(&b.system)
        }
    }

    #[test]
    fn what_outgrows_memory_is_merged_and_stays_stable() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("counts.parquet");
        let mut writer = SortedWriter::<CountsTable>::new(&path);
        writer.stretch_bytes = 1000;
        for n in 0..100_u64 {
            writer.push(row(n)).unwrap();
        }
        assert_eq!(writer.stretches.len(), 25);
        let mut seen = Vec::new();
        writer.finish(&Metadata::new(), |row| seen.push(row.clone())).unwrap();

        let mut expected: Vec<CountRow> = (0..100).map(row).collect();
        expected.sort_by(CountsTable::order);
        assert_eq!(seen, expected);
        let read = Rows::<CountsTable>::of(vec![path]).collect::<Result<Vec<_>, _>>();
        assert_eq!(read.unwrap(), expected);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    fn row(n: u64) -> CountRow {
        CountRow {
            system: format!("s{}", n * 7 % 5),
            doc_id: Digest::of(b"x"),
            layer: "entity".into(),
            metric: "strict".into(),
            label: "*".into(),
            counts: Counts { found: n, spurious: 0, missed: 0 },
        }
    }
}
