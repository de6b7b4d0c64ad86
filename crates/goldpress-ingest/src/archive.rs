//! Archives: tar, ZIP and WACZ, read as if their members were files in a folder.
//!
//! Members are read in the order of the archive, one at a time. A member's file is named
//! `archive!member`.

use std::io::{self, BufRead, BufReader, Read, Seek};

use zip::ZipArchive;

use crate::{
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

/// Hands every file of a tar archive to `take`, until that says no.
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
    for entry in archive.entries()? {
        let mut entry = entry?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let member = Member::File(name, Box::new(BufReader::new(&mut entry)));
        if !take(member) {
            return Ok(());
        }
    }
    Ok(())
}

/// Hands every file of a ZIP archive to `take`, until that says no.
///
/// # Errors
///
/// The archive has no sound directory.
pub(crate) fn zip(
    file: impl Read + Seek,
    take: &mut dyn FnMut(Member<'_>) -> bool,
) -> io::Result<()> {
    let mut archive = ZipArchive::new(file)?;
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
            Ok(member) => take(Member::File(name, Box::new(BufReader::new(member)))),
            Err(error) => take(Member::Broken(name, error.into())),
        };
        if !goes_on {
            break;
        }
    }
    Ok(())
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
