//! Atomic files: a path holds its old bytes or its new ones, never half of either.
//!
//! A file is written under a temporary name in the same folder, synced, renamed, and the
//! folder is synced, so that also a power cut leaves one of the two.

use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
};

use tempfile::{Builder, NamedTempFile, TempPath};

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
        // Says to `sweep` that somebody is writing it; where there are no locks, nothing does.
        let _ = temporary.as_file().try_lock();
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

/// Removes the temporary files of a folder that killed writers left there: those that hold
/// something and that nobody has open to write.
///
/// Files of [`Several`] are not open until they are committed: not for their folders.
///
/// # Errors
///
/// The folder cannot be read. What cannot be removed stays.
pub fn sweep(folder: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_temporary = name.starts_with(".goldpress-") && name.ends_with(".tmp");
        // One without a byte may have been made this moment, and not be locked yet.
        if is_temporary
            && entry.metadata().is_ok_and(|about| about.len() > 0)
            && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok())
        {
            let _ = std::fs::remove_file(entry.path());
        }
    }
    Ok(())
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

/// Many files that appear together: whole under their old or new bytes at any moment, and
/// sure to survive a power cut once [`Several::commit`] has returned.
///
/// A sync of each of ten thousand files costs more than writing them; of so many, the file
/// system is synced once, before the first rename.
///
/// ```
/// use goldpress_store::atomic::Several;
///
/// let folder = tempfile::tempdir()?;
/// let mut files = Several::default();
/// for name in ["Zürich.txt", "Genève.txt"] {
///     files.put(&folder.path().join(name), b"the SNB held rates")?;
/// }
/// assert!(!folder.path().join("Zürich.txt").exists());
/// files.commit()?;
/// assert_eq!(std::fs::read(folder.path().join("Genève.txt"))?, b"the SNB held rates");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Several {
    files: Vec<(TempPath, PathBuf)>,
    // Opened before the first file of the folder is written: a sync tells of the failures
    // since then.
    folders: Vec<(PathBuf, Option<File>)>,
}

impl Several {
    /// Writes the bytes that `path` will hold; its folder must exist.
    ///
    /// # Errors
    ///
    /// The folder is missing or the disk refuses.
    pub fn put(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let folder = folder_of(path);
        if self.folders.iter().all(|(known, _)| known != folder) {
            let opened = if SYNCS_TOGETHER { Some(File::open(folder)?) } else { None };
            self.folders.push((folder.to_owned(), opened));
        }
        let mut file = AtomicFile::create(path)?;
        file.write_all(bytes)?;
        self.files.push((file.temporary.into_temp_path(), file.path));
        Ok(())
    }

    /// Takes over what another has written; the last of two files of one path stays.
    pub fn append(&mut self, mut other: Several) {
        self.files.append(&mut other.files);
        self.folders.append(&mut other.folders);
    }

    /// Syncs all bytes, renames every file to its path and syncs the folders.
    ///
    /// # Errors
    ///
    /// The disk refuses; then each path holds its old bytes or its new ones.
    pub fn commit(self) -> io::Result<()> {
        if SYNCS_TOGETHER && self.files.len() > FEW {
            let mut opened =
                self.folders.iter().filter_map(|(_, folder)| folder.as_ref());
            opened.try_for_each(sync_file_system)?;
        } else {
            for (temporary, _) in &self.files {
                File::options().write(true).open(temporary)?.sync_all()?;
            }
        }
        for (temporary, path) in self.files {
            temporary.persist(path).map_err(|refused| refused.error)?;
        }
        let folders: BTreeSet<PathBuf> =
            self.folders.into_iter().map(|(folder, _)| folder).collect();
        folders.iter().try_for_each(|folder| sync_folder(folder))
    }
}

/// Up to here each file is synced alone: a sync of the file system waits for whatever other
/// programs have written there too.
const FEW: usize = 32;

/// Whether the system syncs all files of a file system at once; elsewhere each file is.
const SYNCS_TOGETHER: bool = cfg!(target_os = "linux");

#[cfg(target_os = "linux")]
fn sync_file_system(folder: &File) -> io::Result<()> {
    Ok(rustix::fs::syncfs(folder)?)
}

#[cfg(not(target_os = "linux"))]
fn sync_file_system(_: &File) -> io::Result<()> {
    Ok(())
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
