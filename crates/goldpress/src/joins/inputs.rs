//! The hash of an ingest's inputs: whether the same command would do the same again.

use std::{fs, io, os::unix::fs::MetadataExt, path::PathBuf};

use goldpress_ingest::Options;

/// Files up to this size are hashed whole; larger ones by what the file system notes when
/// one changes, since reading an archive twice would double the cost of ingesting it.
const WHOLE_BYTES: u64 = 64 << 20;

/// A hash of the sources and of everything that decides the tables: equal hashes promise
/// equal tables. A stream is never equal to itself: it is not read here, nor a second time.
///
/// # Errors
///
/// A source does not exist.
pub(crate) fn fingerprint(
    sources: &[PathBuf],
    options: &Options,
    deciding: &str,
) -> Result<String, goldpress_ingest::IngestError> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(deciding.as_bytes());
    for file in goldpress_ingest::files(sources, options)? {
        hasher.update(b"\n");
        hasher.update(file.to_string_lossy().as_bytes());
        hasher.update(b"\0");
        if goldpress_ingest::is_stream(&file) {
            let unique = format!("{} {}", std::process::id(), jiff::Timestamp::now());
            hasher.update(unique.as_bytes());
            continue;
        }
        match content_of(&file) {
            Ok(content) => hasher.update(content.as_bytes()),
            // What cannot be read is a reject, and another outcome once it can.
            Err(error) => hasher.update(error.kind().to_string().as_bytes()),
        };
    }
    Ok(hasher.finalize().to_hex()[..32].to_owned())
}

fn content_of(file: &PathBuf) -> io::Result<String> {
    let about = fs::metadata(file)?;
    if about.len() > WHOLE_BYTES {
        return Ok(seen(&about));
    }
    Ok(blake3::hash(&fs::read(file)?).to_hex().to_string())
}

/// What the file system notes of a file. Whoever edits it can set its time of change back,
/// but not the time at which that was done, nor put another file in its place unseen.
fn seen(about: &fs::Metadata) -> String {
    format!(
        "{} {} {}.{} {}.{}",
        about.ino(),
        about.len(),
        about.mtime(),
        about.mtime_nsec(),
        about.ctime(),
        about.ctime_nsec()
    )
}

/// The files among the sources as the file system notes them now; streams are left out.
///
/// # Errors
///
/// A source does not exist.
pub(crate) fn noted(
    sources: &[PathBuf],
    options: &Options,
) -> Result<Vec<(PathBuf, String)>, goldpress_ingest::IngestError> {
    let files = goldpress_ingest::files(sources, options)?;
    let noted = files.into_iter().filter(|file| !goldpress_ingest::is_stream(file));
    let noted = noted.filter_map(|file| {
        let about = fs::metadata(&file).ok()?;
        Some((file, seen(&about)))
    });
    Ok(noted.collect())
}

/// The files that are no longer as they were noted.
pub(crate) fn changed_since(
    noted: &[(PathBuf, String)],
) -> impl Iterator<Item = &PathBuf> {
    let is_changed = |file: &PathBuf, before: &String| {
        fs::metadata(file).map_or(true, |about| seen(&about) != *before)
    };
    noted
        .iter()
        .filter(move |(file, before)| is_changed(file, before))
        .map(|(file, _)| file)
}
