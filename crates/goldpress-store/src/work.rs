//! The folder in which a dataset grows: `.ingest/`, held by one process at a time.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::{
    atomic,
    dataset::DEDUP,
    error::StoreError,
    manifest::{MANIFEST, Manifest},
    tables::Table,
};

/// The folder and the lock on it; dropped, both go, unless something is to be kept.
pub(crate) struct WorkFolder {
    folder: PathBuf,
    /// Whether a later ingest can go on with what the folder holds.
    is_kept: bool,
    _lock: File,
}

impl WorkFolder {
    /// Makes the folder and locks it. The lock ends with the process, however it ends.
    pub(crate) fn claim(root: &Path) -> Result<WorkFolder, StoreError> {
        let folder = root.join(".ingest");
        let path = folder.join(LOCK);
        let own = std::process::id().to_string();
        loop {
            fs::create_dir_all(&folder).map_err(StoreError::at(&folder))?;
            let mut options = File::options();
            options.read(true).write(true).create(true).truncate(false);
            let mut lock = match options.open(&path) {
                // Another writer ended just now and took the folder along.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                opened => opened.map_err(StoreError::at(&path))?,
            };
            match lock.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    let process = fs::read_to_string(&path).unwrap_or_default();
                    return Err(StoreError::Locked { root: root.to_owned(), process });
                }
                Err(TryLockError::Error(error)) => {
                    return Err(StoreError::at(&path)(error));
                }
            }
            let noted = lock.set_len(0).and_then(|()| lock.write_all(own.as_bytes()));
            noted.map_err(StoreError::at(&path))?;
            // What was locked may have been removed between opening and locking.
            if fs::read_to_string(&path).is_ok_and(|process| process == own) {
                return Ok(WorkFolder { folder, is_kept: false, _lock: lock });
            }
        }
    }

    /// Removes what a killed ingest left, but what `is_kept` names.
    pub(crate) fn clear(
        &self,
        is_kept: impl Fn(&Path) -> bool,
    ) -> Result<(), StoreError> {
        self.clear_folder(&self.folder, &is_kept)
    }

    fn clear_folder(
        &self,
        folder: &Path,
        is_kept: &dyn Fn(&Path) -> bool,
    ) -> Result<(), StoreError> {
        for path in entries(folder)? {
            let name = path.strip_prefix(&self.folder).unwrap_or(&path);
            if path.ends_with(LOCK) || is_kept(name) {
                continue;
            }
            if path.is_dir() && is_kept(&name.join("*")) {
                self.clear_folder(&path, is_kept)?;
                continue;
            }
            let removed = match path.is_dir() {
                true => fs::remove_dir_all(&path),
                false => fs::remove_file(&path),
            };
            removed.map_err(StoreError::at(&path))?;
        }
        Ok(())
    }

    /// Keeps the folder when this is dropped: the same ingest can go on from it.
    pub(crate) fn keep(&mut self) {
        self.is_kept = true;
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        &self.folder
    }

    /// Where a table grows.
    pub(crate) fn table<T: Table>(&self) -> PathBuf {
        self.folder.join(T::NAME)
    }

    /// Removes the old dataset, manifest first, and moves `tables` and last the new
    /// manifest to its place.
    pub(crate) fn put_in_place(
        &mut self,
        root: &Path,
        tables: &[&str],
        new: &Manifest,
    ) -> Result<(), StoreError> {
        // Written in here, so that a kill leaves nothing of it outside.
        new.write(&self.folder)?;
        self.is_kept = false;
        let sync = || atomic::sync_folder(root).map_err(StoreError::at(root));
        let manifest = root.join(MANIFEST);
        if manifest.exists() {
            fs::remove_file(&manifest).map_err(StoreError::at(&manifest))?;
            sync()?;
        }
        // Clusters are those of the old articles.
        let clusters = root.join(DEDUP);
        if clusters.exists() {
            fs::remove_file(&clusters).map_err(StoreError::at(&clusters))?;
        }
        for name in tables {
            let (new, old) = (self.folder.join(name), root.join(name));
            if old.exists() {
                fs::remove_dir_all(&old).map_err(StoreError::at(&old))?;
            }
            if new.exists() {
                fs::rename(&new, &old).map_err(StoreError::at(&old))?;
            }
        }
        sync()?;
        fs::rename(self.folder.join(MANIFEST), &manifest)
            .map_err(StoreError::at(&manifest))?;
        sync()
    }
}

impl Drop for WorkFolder {
    fn drop(&mut self) {
        if self.is_kept {
            return;
        }
        // Nothing to be done where it fails: the next ingest clears it.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Name of the lock file, which holds the id of its process.
const LOCK: &str = "lock";

/// What a folder holds, sorted; nothing where it is not there.
pub(crate) fn entries(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let listed = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        listed => listed.and_then(|entries| {
            entries.map(|entry| entry.map(|entry| entry.path())).collect()
        }),
    };
    let mut paths: Vec<PathBuf> = listed.map_err(StoreError::at(folder))?;
    paths.sort();
    Ok(paths)
}
