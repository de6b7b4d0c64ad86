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
        self.runs.push(run.into_inner().map_err(io::IntoInnerError::into_error)?);
        Ok(())
    }

    /// Hands every key of at least two documents with them to `take`, each group sorted and
    /// without repeats, in the order of the keys. May be called again.
    pub(super) fn each(
        &mut self,
        take: &mut dyn FnMut(u64, &[u32]) -> io::Result<()>,
    ) -> io::Result<()> {
        self.pairs.sort_unstable();
        let mut runs = Vec::with_capacity(self.runs.len() + 1);
        for file in &mut self.runs {
            file.rewind()?;
            runs.push(Run::File(BufReader::new(file)));
        }
        runs.push(Run::Memory(self.pairs.iter().copied()));
        let mut heads = BinaryHeap::new();
        for (n, run) in runs.iter_mut().enumerate() {
            heads.extend(run.next()?.map(|pair| Reverse((pair, n))));
        }
        let (mut key, mut group) = (0, Vec::new());
        let mut close = |key: u64, group: &mut Vec<u32>| -> io::Result<()> {
            group.dedup();
            let taken = if group.len() > 1 { take(key, group) } else { Ok(()) };
            group.clear();
            taken
        };
        while let Some(Reverse(((next, document), n))) = heads.pop() {
            if next != key {
                close(key, &mut group)?;
                key = next;
            }
            group.push(document);
            heads.extend(runs[n].next()?.map(|pair| Reverse((pair, n))));
        }
        close(key, &mut group)
    }
}

/// Sorted pairs, in memory or in a file.
enum Run<'a> {
    Memory(std::iter::Copied<std::slice::Iter<'a, Pair>>),
    File(BufReader<&'a mut File>),
}

impl Run<'_> {
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
            let mut take = |_, group: &[u32]| {
                all.push(group.to_vec());
                Ok(())
            };
            groups.each(&mut take).expect("can be read");
            groups.each(&mut take).expect("can be read again");
            assert_eq!(all[..300], all[300..]);
            all.truncate(300);
            all
        };
        let in_memory = found(1 << 20);
        assert_eq!(in_memory.len(), 300);
        assert!(in_memory.iter().all(|group| group.is_sorted() && group.len() > 2));
        assert_eq!(found(1000), in_memory);
        assert_eq!(found(200), in_memory);
    }
}
