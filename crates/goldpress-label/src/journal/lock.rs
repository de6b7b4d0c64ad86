//! The lock of a set: two people never write one, nor two processes of one person.
//!
//! A lock is a file that is locked. Whoever lets go of it removes the file first, so that
//! nothing of a lock outlives its process but for a file of one that was killed; whoever
//! gets a lock looks whether its file is still the one that others find.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    path::{Path, PathBuf},
};

use super::JournalError;
use crate::sets::LabelError;

/// Holds the lock of a layer set until it is dropped, or its process is gone.
#[derive(Debug)]
pub struct SetLock {
    // Held for its lock alone.
    _file: File,
    path: PathBuf,
}

impl SetLock {
    /// Takes the lock of a set's folder, which is made if it is not there.
    ///
    /// # Errors
    ///
    /// [`JournalError::Locked`] with the process that has it; the disk refuses.
    pub fn take(folder: &Path) -> Result<SetLock, JournalError> {
        std::fs::create_dir_all(folder).map_err(LabelError::at(folder))?;
        let path = folder.join(".lock");
        let mut file = loop {
            let mut file = lock_file(&path)?;
            match file.try_lock() {
                Ok(()) if is_current(&file, &path) => break file,
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    let mut process = String::new();
                    file.read_to_string(&mut process).map_err(LabelError::at(&path))?;
                    return Err(JournalError::Locked(process.trim().to_owned()));
                }
                Err(TryLockError::Error(source)) => {
                    return Err(LabelError::at(&path)(source).into());
                }
            }
        };
        let process = format!("{}\n", std::process::id());
        let noted = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(process.as_bytes()));
        noted.map_err(LabelError::at(&path))?;
        Ok(SetLock { _file: file, path })
    }
}

impl Drop for SetLock {
    fn drop(&mut self) {
        // A file that stays says nothing: only its lock counts.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// A lock file, made if it is not there.
pub(crate) fn lock_file(path: &Path) -> Result<File, LabelError> {
    let mut options = OpenOptions::new();
    let opened = options.create(true).read(true).write(true).truncate(false).open(path);
    opened.map_err(LabelError::at(path))
}

/// Whether a file is the one that stands under its path: else its lock was let go of
/// between the opening and the locking.
pub(crate) fn is_current(file: &File, path: &Path) -> bool {
    match (file.metadata(), std::fs::metadata(path)) {
        (Ok(own), Ok(there)) => is_same(&own, &there),
        _ => false,
    }
}

#[cfg(unix)]
fn is_same(a: &std::fs::Metadata, b: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

/// Elsewhere a file that is open cannot be removed.
#[cfg(not(unix))]
fn is_same(_: &std::fs::Metadata, _: &std::fs::Metadata) -> bool {
    true
}
