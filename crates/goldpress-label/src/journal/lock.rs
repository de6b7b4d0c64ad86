//! The lock of a set: two people never write one, nor two processes of one person.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    path::Path,
};

use super::JournalError;
use crate::sets::LabelError;

/// Holds the lock of a layer set until it is dropped, or its process is gone.
#[derive(Debug)]
pub struct SetLock {
    // Held for its lock alone.
    _file: File,
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
        let failed = LabelError::at(&path);
        let mut options = OpenOptions::new();
        let opened =
            options.create(true).read(true).write(true).truncate(false).open(&path);
        let mut file = opened.map_err(failed)?;
        match file.try_lock() {
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
        let process = format!("{}\n", std::process::id());
        let noted = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(process.as_bytes()));
        noted.map_err(LabelError::at(&path))?;
        Ok(SetLock { _file: file })
    }
}
