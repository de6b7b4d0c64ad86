//! Archives: tar, ZIP and WACZ, read as if their members were files in a folder.
//!
//! Members are read in the order of the archive, one at a time. A member's file is named
//! `archive!member`.

use std::io::{self, BufRead, BufReader, Read, Seek};

use tar::{EntryType, PaxExtensions};
use zip::ZipArchive;

use crate::{
    compression::{Broken, RATIO_FROM_BYTES},
    hearsay::Hearsay,
    readers::foreign::{self, Foreign},
};

/// Where a tar file says that it is one.
const TAR_MAGIC: (usize, &[u8]) = (257, b"ustar");
/// What ZIP files begin with.
const ZIP_MAGIC: &[u8] = b"PK\x03\x04";
/// Member that says of a ZIP file that it is a web archive collection (WACZ 1.1).
const WACZ_MARK: &str = "datapackage.json";
/// The folder of such a file that holds the records; the rest is about them.
const WACZ_RECORDS: &str = "archive/";
/// The list of pages with their titles.
const WACZ_PAGES: &str = "pages/pages.jsonl";

/// An archive by what it begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Archive {
    Tar,
    Zip,
}

/// What an archive holds.
pub(crate) enum Member<'m> {
    /// A file: its name and its bytes.
    File(String, Box<dyn BufRead + 'm>),
    /// A file that is about others.
    About,
    /// What is said of the pages in the files that follow.
    Pages(Hearsay),
    /// The archive itself, which is a document of an office program.
    Foreign(Foreign),
    /// A file that cannot be read.
    Broken(String, io::Error),
}

impl Archive {
    /// The archive that begins so, if it is one.
    pub(crate) fn of(head: &[u8]) -> Option<Archive> {
        let (at, magic) = TAR_MAGIC;
        match head.get(at..at + magic.len()) {
            Some(found) if found == magic => Some(Archive::Tar),
            _ => head.starts_with(ZIP_MAGIC).then_some(Archive::Zip),
        }
    }
}

/// Bytes of a member's name, the longest path of Linux.
const MAX_NAME: u64 = 4096;
/// Bytes of what is said of one member before it.
const MAX_ABOUT: u64 = 1 << 20;

/// Hands every file of a tar archive to `take`, until that says no.
///
/// Names before the header (GNU, pax) are read here, since they may be as long as the file.
///
/// # Errors
///
/// The archive breaks off; members before were handed over.
pub(crate) fn tar(
    stream: impl Read,
    take: &mut dyn FnMut(Member<'_>) -> bool,
) -> io::Result<()> {
    let mut archive = tar::Archive::new(stream);
    // Archives that were appended to one another end with zeros each.
    archive.set_ignore_zeros(true);
    let mut said = Said::default();
    for entry in archive.entries()?.raw(true) {
        let mut entry = entry?;
        match entry.header().entry_type() {
            EntryType::GNULongName => {
                said.name = bytes_of(&mut entry, MAX_NAME)?.map(|mut name| {
                    name.truncate(memchr::memchr(0, &name).unwrap_or(name.len()));
                    name
                });
                continue;
            }
            EntryType::XHeader => {
                said.read_pax(&bytes_of(&mut entry, MAX_ABOUT)?.unwrap_or_default());
                continue;
            }
            EntryType::GNULongLink | EntryType::XGlobalHeader => continue,
            _ => {}
        }
        let Said { name, size } = std::mem::take(&mut said);
        if size.is_some_and(|size| size != entry.size()) {
            let what = "a member is of another size than its header says".to_owned();
            return Err(io::Error::other(Broken::Corrupt(what)));
        }
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let name = name.unwrap_or_else(|| entry.path_bytes().into_owned());
        let name = String::from_utf8_lossy(&name).into_owned();
        let member = Member::File(name, Box::new(BufReader::new(&mut entry)));
        if !take(member) {
            return Ok(());
        }
    }
    Ok(())
}

/// What stands before a member of a tar archive about it.
#[derive(Default)]
struct Said {
    name: Option<Vec<u8>>,
    /// Its size, where the header has no room for it.
    size: Option<u64>,
}

impl Said {
    fn read_pax(&mut self, extensions: &[u8]) {
        for extension in PaxExtensions::new(extensions).flatten() {
            let value = extension.value_bytes();
            match extension.key_bytes() {
                b"path" if value.len() as u64 <= MAX_NAME => {
                    self.name = Some(value.to_vec())
                }
                b"size" => {
                    self.size =
                        std::str::from_utf8(value).ok().and_then(|n| n.parse().ok());
                }
                _ => {}
            }
        }
    }
}

/// The bytes of a stream of at most so many; `None` where there are more.
fn bytes_of(stream: &mut impl Read, most: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let n = stream.take(most + 1).read_to_end(&mut bytes)? as u64;
    Ok((n <= most).then_some(bytes))
}

/// Hands every file of a ZIP archive to `take`, until that says no; a member may become
/// `ratio` times as large as it is in the archive.
///
/// # Errors
///
/// The archive has no sound directory, or members lie over each other: few bytes become many
/// files then.
pub(crate) fn zip(
    file: impl Read + Seek,
    ratio: u64,
    take: &mut dyn FnMut(Member<'_>) -> bool,
) -> io::Result<()> {
    let mut archive = ZipArchive::new(file)?;
    if archive.has_overlapping_files().unwrap_or(false) {
        let what = "members of the archive lie over each other".to_owned();
        return Err(io::Error::other(Broken::Corrupt(what)));
    }
    let is_wacz = archive.index_for_name(WACZ_MARK).is_some()
        && archive.file_names().flatten().any(|name| name.starts_with(WACZ_RECORDS));
    if !is_wacz && let Some(foreign) = by_parts(&mut archive) {
        take(Member::Foreign(foreign));
        return Ok(());
    }
    if is_wacz
        && let Ok(pages) = archive.by_name(WACZ_PAGES)
        && !take(Member::Pages(Hearsay::of_page_list(pages)))
    {
        return Ok(());
    }
    for at in 0..archive.len() {
        let name = match archive.name_for_index(at) {
            Some(Ok(name)) => name.into_owned(),
            _ => format!("member {}", at + 1),
        };
        let goes_on = match archive.by_index(at) {
            Ok(member) if member.is_dir() => true,
            Ok(_) if is_wacz && !name.starts_with(WACZ_RECORDS) => take(Member::About),
            Ok(member) => {
                let n_in = member.compressed_size().max(1);
                let bounded = Bounded { member, n_in, n_out: 0, ratio };
                take(Member::File(name, Box::new(BufReader::new(bounded))))
            }
            Err(error) => take(Member::Broken(name, error.into())),
        };
        if !goes_on {
            break;
        }
    }
    Ok(())
}

/// A member that grows no further than it may.
struct Bounded<R> {
    member: R,
    n_in: u64,
    n_out: u64,
    ratio: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let ratio = self.ratio;
        if self.n_out > RATIO_FROM_BYTES && self.n_out / self.n_in > ratio {
            return Err(io::Error::other(Broken::TooCompressed { ratio }));
        }
        let n = self.member.read(into)?;
        self.n_out += n as u64;
        Ok(n)
    }
}

/// What a ZIP file is whose members are the parts of one document.
fn by_parts(archive: &mut ZipArchive<impl Read + Seek>) -> Option<Foreign> {
    // What office programs and books write first, uncompressed.
    const MIMETYPE: &str = "mimetype";
    let mut mimetype = String::new();
    if let Ok(member) = archive.by_name(MIMETYPE) {
        // Another file of that name may hold anything: it is no type then.
        let _ = member.take(120).read_to_string(&mut mimetype);
    }
    foreign::of_parts(&|part| archive.index_for_name(part).is_some(), mimetype.trim())
}
