//! Sketches: the signature and the shingles of every body, on disk.
//!
//! What is compared exactly is few and far between, so it is read back when it is needed
//! and memory grows by a few bytes a document.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    os::unix::fs::FileExt,
};

use super::signature::{PERMUTATIONS, Signature};

/// Bytes of a signature.
const SIGNATURE_BYTES: usize = 4 * PERMUTATIONS;

/// The sketch of a body.
pub(super) struct Sketch {
    pub(super) signature: Signature,
    pub(super) shingles: Vec<u32>,
}

/// Writes sketches, in the order of their documents.
pub(super) struct Writer {
    file: BufWriter<File>,
    index: Vec<(u64, u32)>,
    n_bytes: u64,
}

/// All sketches, to be read by the number of their document.
pub(super) struct Sketches {
    file: File,
    /// Where each begins, and its number of shingles.
    index: Vec<(u64, u32)>,
}

impl Writer {
    pub(super) fn new() -> io::Result<Writer> {
        Ok(Writer {
            file: BufWriter::with_capacity(1 << 20, tempfile::tempfile()?),
            index: Vec::new(),
            n_bytes: 0,
        })
    }

    pub(super) fn push(&mut self, sketch: &Sketch) -> io::Result<()> {
        let n_shingles = u32::try_from(sketch.shingles.len()).unwrap_or(u32::MAX);
        self.index.push((self.n_bytes, n_shingles));
        let numbers = sketch.signature.0.iter().chain(&sketch.shingles);
        for number in numbers {
            self.file.write_all(&number.to_le_bytes())?;
        }
        self.n_bytes += 4 * (PERMUTATIONS + sketch.shingles.len()) as u64;
        Ok(())
    }

    pub(super) fn finish(self) -> io::Result<Sketches> {
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok(Sketches { file, index: self.index })
    }
}

impl Sketches {
    pub(super) fn signature(&self, document: u32) -> io::Result<Signature> {
        let (at, _) = self.index[document as usize];
        let mut bytes = [0; SIGNATURE_BYTES];
        self.file.read_exact_at(&mut bytes, at)?;
        let mut numbers = numbers(&bytes);
        Ok(Signature(std::array::from_fn(|_| numbers.next().unwrap_or(u32::MAX))))
    }

    /// The shingles of a document, sorted and without repeats.
    pub(super) fn shingles(&self, document: u32) -> io::Result<Vec<u32>> {
        let (at, n_shingles) = self.index[document as usize];
        let mut bytes = vec![0; 4 * n_shingles as usize];
        self.file.read_exact_at(&mut bytes, at + SIGNATURE_BYTES as u64)?;
        let mut shingles: Vec<u32> = numbers(&bytes).collect();
        shingles.sort_unstable();
        shingles.dedup();
        Ok(shingles)
    }
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    let (chunks, _) = bytes.as_chunks::<4>();
    chunks.iter().map(|bytes| u32::from_le_bytes(*bytes))
}
