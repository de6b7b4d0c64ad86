//! The hash of an ingest's inputs: whether the same command would do the same again.

use std::{fs, io, path::PathBuf};

use goldpress_ingest::Options;

/// Files up to this size are hashed whole; larger ones by size and time of change, since
/// reading an archive twice would double the cost of ingesting it.
const WHOLE_BYTES: u64 = 64 << 20;

/// A hash of the sources and of everything that decides the tables: equal hashes promise
/// equal tables. Standard input is never equal to itself.
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
        if file.as_os_str() == "-" {
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
        let changed = about.modified()?.duration_since(std::time::UNIX_EPOCH);
        let nanos = changed.map_or(0, |since| since.as_nanos());
        return Ok(format!("{} {nanos}", about.len()));
    }
    Ok(blake3::hash(&fs::read(file)?).to_hex().to_string())
}
