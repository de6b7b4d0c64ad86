//! Sources: what the user names, walked to files in a stable order.

use std::{
    fs::{File, FileType},
    io::{self, BufRead, BufReader, IsTerminal, Read},
    os::unix::fs::FileTypeExt,
    path::{Component, Path, PathBuf},
    sync::{
        Arc, Mutex,
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

/// What the first lines of the manifest of a dataset hold.
const MANIFEST_MARK: &[u8] = b"\"goldpress_manifest\"";
/// What a dataset holds, besides what begins with a point.
const OWN_NAMES: &[&str] = &[
    "articles",
    "raw",
    "rejects",
    "labels",
    "runs",
    "reports",
    "annotations.parquet",
    "dedup.parquet",
    "manifest.json",
    "goldpress.toml",
    "goldpress.baseline.jsonl",
    "goldpress.baseline.new.jsonl",
];

/// All files below the sources, in the order of the sources, each folder sorted by name.
///
/// Files whose name begins with a point are left out inside folders, and read when named.
/// A source that is no file and holds `*`, `?` or `[` is a pattern. What `--exclude` names
/// is left out, be it named by a source or not; so are datasets of goldpress inside of
/// folders, and the one that is being made.
///
/// # Errors
///
/// A source does not exist, or nothing fits a pattern. What cannot be read for another
/// reason is an outcome of its own.
pub fn files(
    sources: &[PathBuf],
    options: &Options,
) -> Result<Vec<PathBuf>, IngestError> {
    Ok(walked(sources, options)?.files)
}

/// What was found below the sources.
#[derive(Default)]
pub(crate) struct Walked {
    pub(crate) files: Vec<PathBuf>,
    /// Datasets that were not gone into.
    pub(crate) datasets: Vec<PathBuf>,
    /// Pipes, sockets and devices inside folders, which nobody named.
    pub(crate) specials: Vec<PathBuf>,
}

pub(crate) fn walked(
    sources: &[PathBuf],
    options: &Options,
) -> Result<Walked, IngestError> {
    let mut found = Walked::default();
    let target = options.target.as_ref().and_then(|path| std::path::absolute(path).ok());
    for source in sources {
        if source.as_os_str() == STDIN {
            found.files.push(source.clone());
            continue;
        }
        match source.symlink_metadata() {
            Ok(meta) if meta.is_dir() || source.is_dir() => {
                walk(source, target.as_deref(), &mut found);
            }
            Ok(_) => found.files.push(source.clone()),
            Err(error) => {
                let missing = || IngestError::NoSource { path: source.clone(), error };
                let fitting = fitting(source, target.as_deref(), &mut found);
                let fitting = fitting.filter(|fitting| !fitting.is_empty());
                found.files.extend(fitting.ok_or_else(missing)?);
            }
        }
    }
    found.files.retain(|file| !options.is_excluded(file));
    found.datasets.retain(|folder| !options.is_excluded(folder));
    found.specials.retain(|file| !options.is_excluded(file));
    found.datasets.sort();
    found.datasets.dedup();
    Ok(found)
}

/// Appends every file of a folder.
fn walk(folder: &Path, target: Option<&Path>, found: &mut Walked) {
    let datasets = Arc::new(Mutex::new(Vec::new()));
    let is_own = is_dataset(folder) || is_same(folder, target);
    let walk = WalkBuilder::new(folder)
        .standard_filters(false)
        .hidden(true)
        .follow_links(true)
        .sort_by_file_name(|a, b| a.cmp(b))
        .filter_entry({
            let datasets = Arc::clone(&datasets);
            let target = target.map(Path::to_owned);
            move |entry| {
                let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
                let name = entry.file_name().to_string_lossy();
                let is_left_out = match entry.depth() {
                    0 => false,
                    1 if is_own => OWN_NAMES.contains(&&*name),
                    _ => {
                        let path = entry.path();
                        let is = is_folder
                            && (is_same(path, target.as_deref()) || is_dataset(path));
                        if is && let Ok(mut datasets) = datasets.lock() {
                            datasets.push(path.to_owned());
                        }
                        is
                    }
                };
                !is_left_out
            }
        })
        .build();
    for entry in walk {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_dir()) => {}
            // Nobody may ever write into a pipe, and a device has no end.
            Ok(entry) if entry.file_type().is_some_and(is_special) => {
                found.specials.push(entry.into_path());
            }
            Ok(entry) => found.files.push(entry.into_path()),
            // A folder that cannot be opened, a link that leads nowhere or back.
            Err(error) => found.files.extend(path_of(&error)),
        }
    }
    if is_own {
        found.datasets.push(folder.to_owned());
    }
    if let Ok(datasets) = datasets.lock() {
        found.datasets.extend(datasets.iter().cloned());
    }
}

/// Whether a folder holds a manifest of ours.
fn is_dataset(folder: &Path) -> bool {
    let begins = || -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        File::open(folder.join("manifest.json"))?.take(64).read_to_end(&mut head)?;
        Ok(head)
    };
    begins().is_ok_and(|head| memchr::memmem::find(&head, MANIFEST_MARK).is_some())
}

/// Whether a folder is the target, however the two are written.
fn is_same(folder: &Path, target: Option<&Path>) -> bool {
    target.is_some_and(|target| {
        let real = |path: &Path| path.canonicalize().ok();
        std::path::absolute(folder).is_ok_and(|folder| folder == target)
            || real(folder).is_some_and(|folder| Some(folder) == real(target))
    })
}

/// The files that a pattern fits; `None` if it is no pattern.
fn fitting(
    pattern: &Path,
    target: Option<&Path>,
    found: &mut Walked,
) -> Option<Vec<PathBuf>> {
    let text = pattern.to_str().filter(|text| text.contains(['*', '?', '[']))?;
    let glob = GlobBuilder::new(text).literal_separator(true).build().ok()?;
    let glob = glob.compile_matcher();
    let is_plain = |part: &Component<'_>| {
        !part.as_os_str().to_string_lossy().contains(['*', '?', '['])
    };
    let folder: PathBuf = pattern.components().take_while(is_plain).collect();
    let is_here = folder.as_os_str().is_empty();
    let mut walked = Walked::default();
    walk(if is_here { Path::new(".") } else { &folder }, target, &mut walked);
    found.datasets.append(&mut walked.datasets);
    found.specials.append(&mut walked.specials);
    let files = walked.files.into_iter().map(|file| match file.strip_prefix(".") {
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

/// Whether a source can be read once and no more: standard input, a pipe, a socket.
pub fn is_stream(path: &Path) -> bool {
    let is_special = || path.metadata().is_ok_and(|meta| is_special(meta.file_type()));
    path.as_os_str() == STDIN || is_special()
}

/// Whether what is read is no file: a pipe, a socket or a device.
fn is_special(kind: FileType) -> bool {
    kind.is_fifo() || kind.is_socket() || is_device(kind)
}

fn is_device(kind: FileType) -> bool {
    kind.is_char_device() || kind.is_block_device()
}

/// Bytes of all files together, for a progress bar; `None` with a stream.
pub(crate) fn total_bytes(files: &[PathBuf]) -> Option<u64> {
    files.iter().try_fold(0, |total, file| {
        let length = || file.metadata().map_or(0, |meta| meta.len());
        (!is_stream(file)).then(|| total + length())
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
    let kind = inner.metadata()?.file_type();
    if kind.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    if is_device(kind) && !inner.is_terminal() {
        let what = "it is a device: files and pipes are read";
        return Err(io::Error::new(io::ErrorKind::Unsupported, what));
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
