//! What several modules need: hands that know nothing, inputs made on the spot.

use std::io::{BufReader, Read, Write};

use flate2::{Compression, write::GzEncoder};
use goldpress_ingest::{Asked, Hands, Input, Item, Options, READERS, Reader, ingest};
use goldpress_model::{Fields, Outcome, Role};

/// Hands that call every block a paragraph and read no field.
pub(crate) const HANDS: Hands<'_> = Hands {
    label_blocks: &|view| vec![Role::Paragraph; view.blocks.len()].into(),
    read_fields: &|_| Fields::new(),
    cpu_time: &|| std::time::Duration::ZERO,
};

pub(crate) fn reader(name: &str) -> &'static dyn Reader {
    *READERS.iter().find(|reader| reader.name() == name).expect("it is registered")
}

/// All items of some bytes.
pub(crate) fn items(reader: &dyn Reader, bytes: &[u8], options: &Options) -> Vec<Item> {
    reader.records(Input::new("input", Box::new(bytes)), options).collect()
}

/// All items, when the bytes come one at a time.
pub(crate) fn items_by_byte(
    reader: &dyn Reader,
    bytes: &[u8],
    options: &Options,
) -> Vec<Item> {
    let slow = BufReader::with_capacity(1, OneByte(bytes));
    reader.records(Input::new("input", Box::new(slow)), options).collect()
}

struct OneByte<'a>(&'a [u8]);

impl Read for OneByte<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let n = into.len().min(1);
        self.0.read(&mut into[..n])
    }
}

/// The items as a person reads them: one line each.
pub(crate) fn told(items: Vec<Item>, options: &Options) -> String {
    let lines = items.into_iter().map(|item| match item {
        Item::Apart(kind) => format!("apart: {kind}"),
        Item::Reject(reject) => told_outcome(&Outcome::Reject(reject)),
        Item::Record(record) => told_outcome(&ingest(Ok(*record), &HANDS, options)),
    });
    lines.collect::<Vec<_>>().join("\n")
}

pub(crate) fn told_outcome(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Article(article) => {
            let parts = article.parts();
            let text = article.text().replace('\n', "⏎");
            let flaws: Vec<&str> =
                parts.flaws.iter().map(|(flaw, _)| flaw.name()).collect();
            let (record, at) = (parts.origin.record, parts.origin.byte_offset);
            format!("{record} @{at}: {text} [{}]", flaws.join(" "))
        }
        Outcome::Reject(reject) => {
            let record = reject.record.unwrap_or(0);
            let at = reject.byte_offset.unwrap_or(0);
            let (reason, n) = (reject.reason, reject.n_bytes);
            format!("{record} @{at}: {reason} ({n} bytes): {}", reject.detail)
        }
    }
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

pub(crate) fn asked(change: impl FnOnce(&mut Asked)) -> Options {
    let mut asked = Asked::default();
    change(&mut asked);
    Options::new(asked).expect("the options are sound")
}

/// A WARC record.
pub(crate) fn warc_record(kind: &str, headers: &str, block: &[u8]) -> Vec<u8> {
    warc_record_of_length(kind, headers, block, block.len())
}

pub(crate) fn warc_record_of_length(
    kind: &str,
    headers: &str,
    block: &[u8],
    length: usize,
) -> Vec<u8> {
    let mut record = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Date: 2024-03-22T05:00:00Z\r\n{headers}Content-Length: {length}\r\n\r\n"
    )
    .into_bytes();
    record.extend_from_slice(block);
    record.extend_from_slice(b"\r\n\r\n");
    record
}

/// A `response` record.
pub(crate) fn response(url: &str, http: &str, body: &[u8]) -> Vec<u8> {
    let headers = format!(
        "WARC-Target-URI: {url}\r\nContent-Type: application/http; msgtype=response\r\n"
    );
    let mut block = http.replace('\n', "\r\n").into_bytes();
    block.extend_from_slice(b"\r\n\r\n");
    block.extend_from_slice(body);
    warc_record("response", &headers, &block)
}

/// The outcomes of a file of this name with these bytes, one line each.
pub(crate) fn told_file(name: &str, bytes: &[u8]) -> String {
    told_file_with(name, bytes, &Options::default())
}

/// The same, read with these options.
pub(crate) fn told_file_with(name: &str, bytes: &[u8], options: &Options) -> String {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join(name);
    std::fs::File::create(&path).expect("is new").write_all(bytes).expect("has room");
    let root = format!("{}/", folder.path().display());
    let mut told = Vec::new();
    let mut sink = |outcome: Outcome, _| {
        let file = match &outcome {
            Outcome::Article(article) => &article.parts().origin.file,
            Outcome::Reject(reject) => &reject.file,
        };
        told.push(format!("{} {}", file.replace(&root, ""), told_outcome(&outcome)));
        Ok(())
    };
    goldpress_ingest::run(&[path], options, &HANDS, &mut sink, &goldpress_ingest::Silent)
        .expect("the run ends");
    told.join("\n")
}
