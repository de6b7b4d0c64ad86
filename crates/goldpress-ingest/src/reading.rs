//! Reading: files to items, with whatever is around them undone.
//!
//! Compression is undone first, archives are opened as folders, then the format is found.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufRead, Cursor, Read},
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::AtomicU64,
        mpsc::{Receiver, SyncSender},
    },
};

use goldpress_model::{Reject, RejectReason};

use crate::{
    Item, Options,
    archive::{self, Archive, Member},
    compression::{self, Undone, reason_of},
    hearsay::Hearsay,
    readers::{HEAD_BYTES, Input, READERS, Reader, foreign::Foreign},
    record::{Content, Refusal},
    source,
};

/// A batch is full with so many records, or with so many bytes.
const BATCH_RECORDS: usize = 64;
const BATCH_BYTES: usize = 1 << 20;
/// Name of the format of sitemaps.
const SITEMAP: &str = "sitemap";
/// Archives inside archives that are still opened.
const MAX_NESTING: usize = 3;

/// What the reading thread knows that the summary needs.
#[derive(Default)]
pub(crate) struct Seen {
    /// Files read, members of archives not counted.
    pub(crate) files: u64,
    /// Records found.
    pub(crate) records: u64,
    /// Records of types that hold no document, by type.
    pub(crate) apart: BTreeMap<String, u64>,
    /// Files and members by format.
    pub(crate) formats: BTreeMap<String, u64>,
}

/// Records on their way, with their place in the order.
pub(crate) struct Batch<T> {
    pub(crate) number: u64,
    pub(crate) items: Vec<T>,
}

/// Reads every file and sends its items in batches, all but the first `n_done` records.
pub(crate) fn read(
    files: &[PathBuf],
    options: &Options,
    n_done: u64,
    n_bytes: &Arc<AtomicU64>,
    out: &SyncSender<Batch<Item>>,
    tokens: &Receiver<()>,
) -> Seen {
    let mut seen = Seen::default();
    let mut batcher = Batcher { items: Vec::new(), bytes: 0, number: 0, out, tokens };
    let (files, mut sitemaps) = sitemaps_last(files, options);
    for file in files {
        seen.files += 1;
        let mut formats = Vec::new();
        let mut take = |item: Item| match sitemaps.told(item) {
            Item::Apart(kind) => {
                *seen.apart.entry(kind).or_default() += 1;
                true
            }
            item => {
                seen.records += 1;
                seen.records <= n_done || batcher.add(item)
            }
        };
        let name = file.to_string_lossy().into_owned();
        // A reader that panics is a defect; it must not cost the other files.
        let done = catch_unwind(AssertUnwindSafe(|| {
            FileReader { options, take: &mut take, formats: &mut formats, pages: None }
                .file(file, &name, n_bytes)
        }));
        let done = done.unwrap_or_else(|_| {
            let what = "internal: the reader failed, the rest of the file is lost";
            let reject = Reject::of_file(&name, RejectReason::BrokenRecord, what);
            if take(Item::Reject(reject)) { Ok(()) } else { Err(Hung) }
        });
        for format in formats {
            *seen.formats.entry(format).or_default() += 1;
        }
        if done.is_err() {
            return seen;
        }
    }
    batcher.send();
    seen
}

/// The files, those that are sitemaps last, and what these say: whatever an article's
/// place in the order, it is told.
fn sitemaps_last<'f>(
    files: &'f [PathBuf],
    options: &Options,
) -> (Vec<&'f PathBuf>, Hearsay) {
    let mut hearsay = Hearsay::default();
    let is_sitemap = |file: &&PathBuf| {
        let name = file.to_string_lossy();
        if !begins_like_sitemap(file, &name, options) {
            return false;
        }
        let mut formats = Vec::new();
        let mut take = |item: Item| match item {
            Item::Record(record) if record.content == Content::Elsewhere => {
                if let Some(address) = &record.raw.url {
                    hearsay.hear(address, record.stated);
                }
                true
            }
            _ => false,
        };
        let mut reader =
            FileReader { options, take: &mut take, formats: &mut formats, pages: None };
        // Stopped by a record that is none of a sitemap, or broken: read again later.
        let read = || reader.file(file, &name, &Arc::default());
        let _ = catch_unwind(AssertUnwindSafe(read));
        formats == [SITEMAP]
    };
    let (last, mut first): (Vec<_>, Vec<_>) = files.iter().partition(is_sitemap);
    first.extend(last);
    (first, hearsay)
}

/// Whether a file is a sitemap or an archive that may be one, by its name and first bytes:
/// no other is read twice.
fn begins_like_sitemap(file: &Path, name: &str, options: &Options) -> bool {
    let begins = || -> io::Result<bool> {
        let stream = source::open(file, &Arc::default())?;
        let mut undone = compression::undo(stream, name, &options.limits)?;
        let mut head = Vec::new();
        fill_head(&mut *undone.stream, &mut head)?;
        let reader = reader_of(&head, &undone.name, options);
        let is_sitemap = reader.is_some_and(|reader| reader.name() == SITEMAP);
        Ok(is_sitemap || options.reader.is_none() && Archive::of(&head).is_some())
    };
    // A name costs less than a look.
    name.to_lowercase().contains(".xml")
        && !source::is_stream(file)
        && begins().unwrap_or(false)
}

/// The reader that was asked for, else the first that knows what begins so.
fn reader_of(head: &[u8], name: &str, options: &Options) -> Option<&'static dyn Reader> {
    let path = Path::new(name);
    let found = || {
        let is_foreign = Foreign::before_all(head).is_some();
        let readers = READERS.iter().copied().filter(|_| !is_foreign);
        readers.into_iter().find(|reader| reader.recognises(head, path))
    };
    options.reader.or_else(found)
}

/// Nobody takes items any more.
pub(crate) struct Hung;

/// Collects items until a batch is full.
struct Batcher<'c> {
    items: Vec<Item>,
    bytes: usize,
    number: u64,
    out: &'c SyncSender<Batch<Item>>,
    tokens: &'c Receiver<()>,
}

impl Batcher<'_> {
    /// Adds an item; false when nobody takes batches any more.
    fn add(&mut self, item: Item) -> bool {
        self.bytes += match &item {
            Item::Record(record) => record.raw.bytes.len(),
            _ => 0,
        };
        self.items.push(item);
        let is_full = self.items.len() >= BATCH_RECORDS || self.bytes >= BATCH_BYTES;
        !is_full || self.send()
    }

    fn send(&mut self) -> bool {
        if self.items.is_empty() {
            return true;
        }
        if self.tokens.recv().is_err() {
            return false;
        }
        let batch = Batch { number: self.number, items: std::mem::take(&mut self.items) };
        self.number += 1;
        self.bytes = 0;
        self.out.send(batch).is_ok()
    }
}

/// Reads one file and hands its items on.
pub(crate) struct FileReader<'r> {
    pub(crate) options: &'r Options,
    /// Takes an item; false when no more are wanted.
    pub(crate) take: &'r mut dyn FnMut(Item) -> bool,
    /// Formats met.
    pub(crate) formats: &'r mut Vec<String>,
    /// What the archive that is open says of its pages.
    pub(crate) pages: Option<Hearsay>,
}

impl FileReader<'_> {
    /// Reads a file or standard input, which `name` is in every origin.
    pub(crate) fn file(
        &mut self,
        file: &Path,
        name: &str,
        n_bytes: &Arc<AtomicU64>,
    ) -> Result<(), Hung> {
        match source::open(file, n_bytes) {
            Ok(stream) => self.stream(stream, name, Some(file), 0),
            Err(error) => self.refuse(name, reason_of(&error)),
        }
    }

    /// Reads a stream; `file` is where it lies on the disk, if it does.
    fn stream(
        &mut self,
        stream: Box<dyn BufRead + '_>,
        name: &str,
        file: Option<&Path>,
        nesting: usize,
    ) -> Result<(), Hung> {
        let undone = compression::undo(stream, name, &self.options.limits);
        let undone = match undone {
            Ok(undone) => undone,
            Err(error) => return self.refuse(name, reason_of(&error)),
        };
        let behind = undone.behind();
        self.undone(undone, name, file, nesting)?;
        for broken in behind.take() {
            self.refuse(name, Refusal::new(broken.reason(), broken.to_string()))?;
        }
        Ok(())
    }

    /// Reads a stream whose compression is undone.
    fn undone(
        &mut self,
        undone: Undone<'_>,
        name: &str,
        file: Option<&Path>,
        nesting: usize,
    ) -> Result<(), Hung> {
        let Undone { mut stream, name: inner_name, is_file, .. } = undone;
        // A stream may give its first bytes in small pieces.
        let mut head = Vec::new();
        let error = fill_head(&mut *stream, &mut head).err();
        if head.is_empty() {
            let empty = || Refusal::new(RejectReason::Empty, "the file has no bytes");
            let why = error.as_ref().map_or_else(empty, reason_of);
            return self.refuse(name, why);
        }
        let archive =
            if self.options.reader.is_none() { Archive::of(&head) } else { None };
        let reader = reader_of(&head, &inner_name, self.options);
        let unknown = match reader {
            Some(_) => None,
            None => Foreign::of(&head, Path::new(&inner_name)),
        };
        let stream = Resumed { head, at: 0, error, stream };
        let file = file.filter(|file| is_file && !source::is_stream(file));
        if let Some(archive) = archive {
            return self.archive(archive, stream, name, file, nesting);
        }
        let Some(reader) = reader else {
            let what = unknown.map(|foreign| foreign.detail());
            let what = what.unwrap_or_else(|| {
                "in no format that is read: --from reads it as one".to_owned()
            });
            let what = format!("the file is {what}");
            return self.refuse(name, Refusal::new(RejectReason::Unsupported, what));
        };
        self.formats.push(reader.name().to_owned());
        for item in records(reader, name, Box::new(stream), file, self.options) {
            self.hand_on(item)?;
        }
        Ok(())
    }

    fn archive(
        &mut self,
        archive: Archive,
        mut stream: Resumed<'_>,
        name: &str,
        file: Option<&Path>,
        nesting: usize,
    ) -> Result<(), Hung> {
        if nesting >= MAX_NESTING {
            let what = format!("archives are nested deeper than {MAX_NESTING}");
            return self.refuse(name, Refusal::new(RejectReason::TooDeep, what));
        }
        let (limit, ratio) =
            (self.options.limits.undone_bytes as u64, self.options.limits.ratio);
        let mut is_hung = false;
        let mut n_files = 0_u64;
        let mut take = |member: Member<'_>| {
            let done = match member {
                Member::Pages(pages) => {
                    self.pages = Some(pages);
                    Ok(())
                }
                Member::About => self.hand_on(Item::Apart("wacz".to_owned())),
                Member::File(inner, stream) => {
                    n_files += 1;
                    self.stream(stream, &format!("{name}!{inner}"), None, nesting + 1)
                }
                Member::Foreign(foreign) => {
                    n_files += 1;
                    let what = format!("the file is {}", foreign.detail());
                    self.refuse(name, Refusal::new(RejectReason::Unsupported, what))
                }
                Member::Broken(inner, error) => {
                    n_files += 1;
                    self.refuse(&format!("{name}!{inner}"), reason_of(&error))
                }
            };
            is_hung = done.is_err();
            !is_hung
        };
        let done = match (archive, file.map(File::open)) {
            (Archive::Tar, _) => archive::tar(stream, &mut take),
            (Archive::Zip, Some(Ok(file))) => archive::zip(file, ratio, &mut take),
            // The directory stands at the end: what cannot be seeked is read whole.
            (Archive::Zip, _) => {
                let mut bytes = Vec::new();
                match stream.by_ref().take(limit).read_to_end(&mut bytes) {
                    Ok(_) => archive::zip(Cursor::new(bytes), ratio, &mut take),
                    Err(error) => Err(error),
                }
            }
        };
        self.pages = None;
        if is_hung {
            return Err(Hung);
        }
        match done {
            Ok(()) if n_files == 0 => {
                let what = "the archive holds no files";
                self.refuse(name, Refusal::new(RejectReason::Empty, what))
            }
            Ok(()) => Ok(()),
            Err(error) => {
                let mut why = reason_of(&error);
                if why.reason == RejectReason::Unreadable {
                    why.reason = RejectReason::BrokenRecord;
                }
                why.detail = format!("the archive breaks off: {}", why.detail);
                self.refuse(name, why)
            }
        }
    }

    fn refuse(&mut self, name: &str, why: Refusal) -> Result<(), Hung> {
        self.hand_on(Item::Reject(Reject::of_file(name, why.reason, why.detail)))
    }

    fn hand_on(&mut self, mut item: Item) -> Result<(), Hung> {
        if let (Some(pages), Item::Record(record)) = (&mut self.pages, &mut item) {
            pages.tell(record);
        }
        if (self.take)(item) { Ok(()) } else { Err(Hung) }
    }
}

fn records<'a>(
    reader: &'static dyn Reader,
    name: &str,
    stream: Box<dyn BufRead + 'a>,
    file: Option<&Path>,
    options: &'a Options,
) -> Box<dyn Iterator<Item = Item> + 'a> {
    let input = Input::new(name, stream);
    let input = match file {
        Some(file) => input.on_disk(file),
        None => input,
    };
    reader.records(input, options)
}

fn fill_head(stream: &mut dyn BufRead, head: &mut Vec<u8>) -> io::Result<()> {
    while head.len() < HEAD_BYTES {
        let chunk = stream.fill_buf()?;
        let n = chunk.len().min(HEAD_BYTES - head.len());
        if n == 0 {
            break;
        }
        head.extend_from_slice(&chunk[..n]);
        stream.consume(n);
    }
    Ok(())
}

/// A stream whose head was read already, and the error that was met in doing so.
struct Resumed<'a> {
    head: Vec<u8>,
    at: usize,
    error: Option<io::Error>,
    stream: Box<dyn BufRead + 'a>,
}

impl Read for Resumed<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.fill_buf()?.read(into)?;
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Resumed<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at < self.head.len() {
            return Ok(&self.head[self.at..]);
        }
        match self.error.take() {
            Some(error) => Err(error),
            None => self.stream.fill_buf(),
        }
    }

    fn consume(&mut self, n: usize) {
        if self.at < self.head.len() {
            self.at += n;
        } else {
            self.stream.consume(n);
        }
    }
}
