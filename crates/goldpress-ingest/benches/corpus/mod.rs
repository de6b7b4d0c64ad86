//! A corpus of any size to time readers on: news pages as newsrooms send them, made up by
//! a seed.
//!
//! Proportions are those of the pages of WCXB's development split: most of a page is
//! tags, a fifth scripts, a tenth style sheets, a seventh text. The texts mean nothing.

#![allow(dead_code, reason = "each of its users needs a part of it")]

mod page;
mod words;

use std::io::{self, Write};

use flate2::{Compression, write::GzEncoder};

pub(crate) use self::page::{Page, page};

/// Numbers by a seed: the same on every machine (splitmix64).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64, stream: u64) -> Dice {
        Dice(seed ^ stream.wrapping_mul(0xd1b5_4a32_d192_ed03))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// In `from..to`.
    pub(crate) fn within(&mut self, from: usize, to: usize) -> usize {
        from + (self.next() % (to - from) as u64) as usize
    }

    pub(crate) fn one_of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.within(0, all.len())]
    }
}

/// Writes a WARC file of `n` pages, a gzip member a record, as crawlers do.
pub(crate) fn warc(out: &mut dyn Write, seed: u64, n: u64) -> io::Result<()> {
    for at in 0..n {
        let mut record = Vec::new();
        warc_record(&mut record, &page(seed, at), at)?;
        let mut member = GzEncoder::new(&mut *out, Compression::new(6));
        member.write_all(&record)?;
        member.finish()?;
    }
    Ok(())
}

/// Writes one record, not packed.
pub(crate) fn warc_record(out: &mut Vec<u8>, page: &Page, number: u64) -> io::Result<()> {
    let http = format!(
        "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html{}\r\n\
         Cache-Control: max-age=60\r\nContent-Length: {}\r\n\r\n",
        page.header_charset,
        page.bytes.len()
    );
    write!(
        out,
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012x}>\r\n\
         WARC-Date: 2026-03-01T06:00:00Z\r\nWARC-Target-URI: {}\r\n\
         Content-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n{http}",
        page.url,
        http.len() + page.bytes.len()
    )?;
    out.extend_from_slice(&page.bytes);
    out.extend_from_slice(b"\r\n\r\n");
    Ok(())
}

/// Writes `n` records of JSON Lines with text and fields.
pub(crate) fn jsonl(out: &mut dyn Write, seed: u64, n: u64) -> io::Result<()> {
    for at in 0..n {
        let story = page::story(&mut Dice::new(seed, at), at);
        let record = serde_json::json!({
            "url": story.url,
            "title": story.headline,
            "authors": [story.author],
            "date_publish": story.date,
            "language": story.language.tag,
            "maintext": story.paragraphs.join("\n"),
        });
        serde_json::to_writer(&mut *out, &record)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// One article as plain text, headline first.
pub(crate) fn plain(seed: u64, number: u64) -> String {
    let story = page::story(&mut Dice::new(seed, number), number);
    format!("{}\n\n{}\n", story.headline, story.paragraphs.join("\n\n"))
}
