//! Groups: documents that share the key of a band, however many there are.
//!
//! Pairs of key and document are sorted in memory, or beyond a bound in files that are
//! merged. The groups are the same.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    fs::File,
    io::{self, BufReader, BufWriter, Read, Seek, Write},
};

type Pair = (u64, u32);

const PAIR_BYTES: usize = 12;

/// Collects pairs of a key and a document.
pub(super) struct Groups {
    pairs: Vec<Pair>,
    limit: usize,
    runs: Vec<File>,
}

impl Groups {
    /// Keeps up to `bytes` of pairs in memory.
    pub(super) fn within(bytes: usize) -> Groups {
        let limit = (bytes / size_of::<Pair>()).max(1);
        Groups { pairs: Vec::new(), limit, runs: Vec::new() }
    }

    pub(super) fn add(&mut self, key: u64, document: u32) -> io::Result<()> {
        self.pairs.push((key, document));
        if self.pairs.len() >= self.limit { self.spill() } else { Ok(()) }
    }

    /// Sorts the pairs into a file that goes with the process.
    fn spill(&mut self) -> io::Result<()> {
        self.pairs.sort_unstable();
        let mut run = BufWriter::new(tempfile::tempfile()?);
        for (key, document) in self.pairs.drain(..) {
            run.write_all(&key.to_le_bytes())?;
            run.write_all(&document.to_le_bytes())?;
        }
        let mut run = run.into_inner().map_err(io::IntoInnerError::into_error)?;
        run.rewind()?;
        self.runs.push(run);
        Ok(())
    }

    /// Hands every group of at least two documents to `take`, each sorted and without
    /// repeats, in the order of the keys.
    pub(super) fn each(
        mut self,
        take: &mut dyn FnMut(&[u32]) -> io::Result<()>,
    ) -> io::Result<()> {
        self.pairs.sort_unstable();
        let files = self.runs.drain(..).map(BufReader::new);
        let mut runs: Vec<Run> = files.map(Run::File).collect();
        runs.push(Run::Memory(self.pairs.into_iter()));
        let mut heads = BinaryHeap::new();
        for (n, run) in runs.iter_mut().enumerate() {
            heads.extend(run.next()?.map(|pair| Reverse((pair, n))));
        }
        let (mut key, mut group) = (0, Vec::new());
        let mut close = |group: &mut Vec<u32>| -> io::Result<()> {
            group.dedup();
            let taken = if group.len() > 1 { take(group) } else { Ok(()) };
            group.clear();
            taken
        };
        while let Some(Reverse(((next, document), n))) = heads.pop() {
            if next != key {
                close(&mut group)?;
                key = next;
            }
            group.push(document);
            heads.extend(runs[n].next()?.map(|pair| Reverse((pair, n))));
        }
        close(&mut group)
    }
}

/// Sorted pairs, in memory or in a file.
enum Run {
    Memory(std::vec::IntoIter<Pair>),
    File(BufReader<File>),
}

impl Run {
    fn next(&mut self) -> io::Result<Option<Pair>> {
        let file = match self {
            Run::Memory(pairs) => return Ok(pairs.next()),
            Run::File(file) => file,
        };
        let mut bytes = [0; PAIR_BYTES];
        match file.read_exact(&mut bytes) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            read => {
                read?;
                let (key, document) = bytes.split_at(8);
                Ok(Some((
                    u64::from_le_bytes(key.try_into().expect("is eight bytes")),
                    u32::from_le_bytes(document.try_into().expect("is four bytes")),
                )))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_the_same_in_memory_and_on_disk() {
        let found = |bytes: usize| {
            let mut groups = Groups::within(bytes);
            for n in 0..1000_u32 {
                groups.add(u64::from(n * 7919 % 300), n).expect("has room");
                groups.add(u64::from(n * 7919 % 300), n).expect("has room");
            }
            let mut all = Vec::new();
            let mut take = |group: &[u32]| {
                all.push(group.to_vec());
                Ok(())
            };
            groups.each(&mut take).expect("can be read");
            all
        };
        let in_memory = found(1 << 20);
        assert_eq!(in_memory.len(), 300);
        assert!(in_memory.iter().all(|group| group.is_sorted() && group.len() > 2));
        assert_eq!(found(1000), in_memory);
        assert_eq!(found(200), in_memory);
    }
}
