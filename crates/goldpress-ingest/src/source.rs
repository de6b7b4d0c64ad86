//! Sources: what the user names, walked to files in a stable order.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Component, Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use globset::GlobBuilder;
use ignore::WalkBuilder;

use crate::{Options, run::IngestError};

/// Bytes read from a file at a time.
const READ_BYTES: usize = 256 * 1024;

/// The name of standard input.
pub(crate) const STDIN: &str = "-";

/// All files below the sources, in the order of the sources, each folder sorted by name.
///
/// Files whose name begins with a point are left out inside folders, and read when named.
/// A source that is no file and holds `*`, `?` or `[` is a pattern. What `--exclude` names
/// is left out, be it named by a source or not.
///
/// # Errors
///
/// A source does not exist, or nothing fits a pattern. What cannot be read for another
/// reason is an outcome of its own.
pub fn files(
    sources: &[PathBuf],
    options: &Options,
) -> Result<Vec<PathBuf>, IngestError> {
    let mut files = Vec::new();
    for source in sources {
        if source.as_os_str() == STDIN {
            files.push(source.clone());
            continue;
        }
        match source.symlink_metadata() {
            Ok(meta) if meta.is_dir() || source.is_dir() => walk(source, &mut files),
            Ok(_) => files.push(source.clone()),
            Err(error) => {
                let missing = || IngestError::NoSource { path: source.clone(), error };
                let fitting = fitting(source).filter(|fitting| !fitting.is_empty());
                files.extend(fitting.ok_or_else(missing)?);
            }
        }
    }
    files.retain(|file| !options.is_excluded(file));
    Ok(files)
}

/// Appends every file of a folder.
fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let walk = WalkBuilder::new(folder)
        .standard_filters(false)
        .hidden(true)
        .follow_links(true)
        .sort_by_file_name(|a, b| a.cmp(b))
        .build();
    for entry in walk {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_dir()) => {}
            Ok(entry) => files.push(entry.into_path()),
            // A folder that cannot be opened, a link that leads nowhere or back.
            Err(error) => files.extend(path_of(&error)),
        }
    }
}

/// The files that a pattern fits; `None` if it is no pattern.
fn fitting(pattern: &Path) -> Option<Vec<PathBuf>> {
    let text = pattern.to_str().filter(|text| text.contains(['*', '?', '[']))?;
    let glob = GlobBuilder::new(text).literal_separator(true).build().ok()?;
    let glob = glob.compile_matcher();
    let is_plain = |part: &Component<'_>| {
        !part.as_os_str().to_string_lossy().contains(['*', '?', '['])
    };
    let folder: PathBuf = pattern.components().take_while(is_plain).collect();
    let is_here = folder.as_os_str().is_empty();
    let mut files = Vec::new();
    walk(if is_here { Path::new(".") } else { &folder }, &mut files);
    let files = files.into_iter().map(|file| match file.strip_prefix(".") {
        Ok(short) if is_here => short.to_owned(),
        _ => file,
    });
    Some(files.filter(|file| glob.is_match(file)).collect())
}

fn path_of(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        ignore::Error::WithDepth { err, .. } => path_of(err),
        ignore::Error::Loop { child, .. } => Some(child.clone()),
        _ => None,
    }
}

/// Bytes of all files together, for a progress bar; `None` with standard input.
pub(crate) fn total_bytes(files: &[PathBuf]) -> Option<u64> {
    files.iter().try_fold(0, |total, file| match file.as_os_str() == STDIN {
        true => None,
        false => Some(total + file.metadata().map_or(0, |meta| meta.len())),
    })
}

/// Opens a file or standard input; `n_read` counts its bytes as they are read.
pub(crate) fn open(path: &Path, n_read: &Arc<AtomicU64>) -> io::Result<Box<dyn BufRead>> {
    let n_read = Arc::clone(n_read);
    if path.as_os_str() == STDIN {
        let inner = io::stdin().lock();
        return Ok(Box::new(BufReader::with_capacity(
            READ_BYTES,
            Counted { inner, n_read },
        )));
    }
    let inner = File::open(path)?;
    if inner.metadata()?.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    Ok(Box::new(BufReader::with_capacity(READ_BYTES, Counted { inner, n_read })))
}

struct Counted<R> {
    inner: R,
    n_read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(into)?;
        self.n_read.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}
