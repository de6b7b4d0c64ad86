//! Locks of label sets: of two commands that write one set, the second is told of the first.

use std::{
    collections::BTreeSet,
    fs::File,
    path::{Path, PathBuf},
};

use crate::{
    journal::{JournalError, SetLock, is_current, lock_file},
    sets::{LabelError, LabelSets},
};

/// Locks that are held until they are dropped, or their process is gone.
#[derive(Debug, Default)]
pub(crate) struct Locks {
    // Held for their locks alone.
    _sets: Vec<SetLock>,
    _texts: Option<TextsLock>,
}

/// Takes the locks of some sets before anything of them is read, and sweeps up what a
/// writer that was killed left there.
///
/// # Errors
///
/// [`LabelError::Locked`] where another process writes one of them; the disk refuses.
pub(crate) fn lock<'s>(
    sets: &LabelSets,
    names: impl IntoIterator<Item = &'s str>,
) -> Result<Locks, LabelError> {
    // In the order of names, so that two writers of several never wait for each other.
    let names: BTreeSet<&str> = names.into_iter().collect();
    if names.is_empty() {
        return Ok(Locks::default());
    }
    let mut held = Vec::new();
    for name in names {
        let folder = sets.folder(name);
        match SetLock::take(&folder) {
            Ok(lock) => held.push(lock),
            Err(JournalError::Locked(process)) => {
                return Err(LabelError::Locked { set: name.to_owned(), process });
            }
            Err(JournalError::Labels(error)) => return Err(error),
            Err(other) => {
                let source = std::io::Error::other(other.to_string());
                return Err(LabelError::Io { path: folder, source });
            }
        }
        sweep(&folder)?;
    }
    Ok(Locks { _sets: held, _texts: texts(sets)? })
}

/// The folder of texts, which all writers share: it is swept by one who is alone there.
#[derive(Debug)]
struct TextsLock {
    file: File,
    path: PathBuf,
}

/// `None` on a file system that knows no locks.
fn texts(sets: &LabelSets) -> Result<Option<TextsLock>, LabelError> {
    let folder = sets.folder("texts");
    std::fs::create_dir_all(&folder).map_err(LabelError::at(&folder))?;
    let path = folder.join(".lock");
    loop {
        let file = lock_file(&path)?;
        if file.try_lock().is_ok() {
            if !is_current(&file, &path) {
                continue;
            }
            sweep(&folder)?;
            // So is the folder above, of which the first writer makes `.gitignore`.
            sweep(&sets.folder("."))?;
            file.unlock().map_err(LabelError::at(&path))?;
        }
        // Whoever is sweeping is done in no time.
        if file.lock_shared().is_err() {
            return Ok(None);
        }
        if is_current(&file, &path) {
            return Ok(Some(TextsLock { file, path }));
        }
    }
}

impl Drop for TextsLock {
    fn drop(&mut self) {
        // The last one out removes the file; one that stays says nothing.
        let is_alone = self.file.unlock().is_ok() && self.file.try_lock().is_ok();
        if is_alone && is_current(&self.file, &self.path) {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Removes temporary files: nobody else writes here while the lock is held.
fn sweep(folder: &Path) -> Result<(), LabelError> {
    let failed = LabelError::at(folder);
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(LabelError::at(folder))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(".goldpress-") && name.ends_with(".tmp") {
            let path = entry.path();
            std::fs::remove_file(&path).map_err(LabelError::at(&path))?;
        }
    }
    Ok(())
}
