//! Atomic files: a path holds its old bytes or its new ones, never half of either.
//!
//! A file is written under a temporary name in the same folder, synced, renamed, and the
//! folder is synced, so that also a power cut leaves one of the two.

use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
};

use tempfile::{Builder, NamedTempFile};

/// A file that appears under its name when it is committed; dropped, it leaves nothing.
///
/// ```
/// use std::io::Write;
///
/// use goldpress_store::atomic::AtomicFile;
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("Zürich.txt");
/// let mut file = AtomicFile::create(&path)?;
/// file.write_all(b"the SNB held rates")?;
/// assert!(!path.exists());
/// file.commit()?;
/// assert_eq!(std::fs::read(&path)?, b"the SNB held rates");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct AtomicFile {
    temporary: NamedTempFile,
    path: PathBuf,
}

impl AtomicFile {
    /// Opens a temporary file beside `path`, whose folder must exist.
    ///
    /// # Errors
    ///
    /// The folder is missing or not writable.
    pub fn create(path: &Path) -> io::Result<AtomicFile> {
        let mut builder = Builder::new();
        builder.prefix(".goldpress-").suffix(".tmp");
        // A temporary file is private by default; what is renamed into place must be as
        // readable as any other file of its owner.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let temporary = builder.tempfile_in(folder_of(path))?;
        Ok(AtomicFile { temporary, path: path.to_owned() })
    }

    /// Syncs the bytes, renames the file over `path` and syncs the folder.
    ///
    /// # Errors
    ///
    /// The disk refuses; then `path` is what it was.
    pub fn commit(self) -> io::Result<()> {
        let path = self.path.clone();
        self.rename()?;
        sync_folder(folder_of(&path))
    }

    fn rename(self) -> io::Result<()> {
        self.temporary.as_file().sync_all()?;
        self.temporary.persist(&self.path).map_err(|refused| refused.error)?;
        Ok(())
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.temporary.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.temporary.flush()
    }
}

/// Puts `bytes` under `path`, as [`AtomicFile`] does.
///
/// # Errors
///
/// The folder is missing or the disk refuses; then `path` is what it was.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = AtomicFile::create(path)?;
    file.write_all(bytes)?;
    file.commit()
}

/// The same for one of many files: whole under its old or new bytes at any moment, and
/// sure to survive a power cut once the caller has synced the folder, once for all.
///
/// # Errors
///
/// As [`write`].
pub fn write_one_of_many(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = AtomicFile::create(path)?;
    file.write_all(bytes)?;
    file.rename()
}

/// Makes renames and removals in `folder` survive a power cut.
///
/// # Errors
///
/// The folder cannot be opened or synced.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    // Only Unix opens folders as files; elsewhere the system orders renames itself.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_committed_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ada.jsonl");
        write(&path, b"old").unwrap();
        let mut file = AtomicFile::create(&path).unwrap();
        file.write_all(b"new").unwrap();
        drop(file);
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
