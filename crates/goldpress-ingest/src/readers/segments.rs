//! Segments: records of WARC that a crawler cut in pieces, joined again.
//!
//! The first piece is held until the last has come. Where one is missing, what came before
//! it is the record, cut short.
//!
//! # Source
//!
//! ISO 28500:2017, section 8: `WARC-Segment-Number`, `continuation`.

use goldpress_model::RawDocument;

use crate::http::Headers;

/// Records that are held at a time; the oldest has to go where there are more.
const MAX_OPEN: usize = 16;

/// A record whose pieces are still coming.
pub(super) struct Segmented {
    pub(super) kind: String,
    pub(super) headers: Headers,
    pub(super) raw: RawDocument,
    pub(super) block: Vec<u8>,
    n_segments: u64,
}

/// What became of a piece.
pub(super) enum Joined {
    /// It belongs to a record that goes on.
    Held,
    /// It was the last one.
    Whole(Box<Segmented>),
    /// The record has more bytes than the limit.
    TooLarge(Box<Segmented>),
    /// Nothing before it is here.
    Lost(&'static str),
}

/// The records that are held.
#[derive(Default)]
pub(super) struct Segments {
    open: Vec<Segmented>,
}

impl Segments {
    /// Whether a record is the first of several pieces.
    pub(super) fn is_first(headers: &Headers, n_bytes: usize) -> bool {
        number(headers, "warc-segment-number") == Some(1)
            && number(headers, "warc-segment-total-length") != Some(n_bytes as u64)
    }

    /// Holds a first piece; gives back a record that was held too long.
    pub(super) fn hold(
        &mut self,
        kind: String,
        headers: Headers,
        raw: RawDocument,
        block: Vec<u8>,
    ) -> Option<Segmented> {
        self.open.push(Segmented { kind, headers, raw, block, n_segments: 1 });
        if self.open.len() > MAX_OPEN { self.unfinished() } else { None }
    }

    /// Adds a piece to its record, which is known by its id, or by its address where the
    /// writer got the id wrong.
    pub(super) fn join(
        &mut self,
        headers: &Headers,
        url: Option<&str>,
        block: &[u8],
        limit: usize,
    ) -> Joined {
        let origin = headers.get("warc-segment-origin-id");
        let has_id = |open: &Segmented| {
            origin.is_some() && open.headers.get("warc-record-id") == origin
        };
        let has_url = |open: &Segmented| url.is_some() && open.raw.url.as_deref() == url;
        let found = self.open.iter().position(has_id);
        let Some(at) = found.or_else(|| self.open.iter().position(has_url)) else {
            return Joined::Lost("the record that it continues is not here");
        };
        let open = &mut self.open[at];
        let next = open.n_segments + 1;
        if number(headers, "warc-segment-number").is_some_and(|number| number != next) {
            return Joined::Lost("the segment before it is not here");
        }
        open.n_segments = next;
        if open.block.len() + block.len() > limit {
            return Joined::TooLarge(Box::new(self.open.remove(at)));
        }
        open.block.extend_from_slice(block);
        let Some(total) = number(headers, "warc-segment-total-length") else {
            return Joined::Held;
        };
        open.raw.truncated |= total != open.block.len() as u64;
        Joined::Whole(Box::new(self.open.remove(at)))
    }

    /// The oldest record that is held, cut short.
    pub(super) fn unfinished(&mut self) -> Option<Segmented> {
        if self.open.is_empty() {
            return None;
        }
        let mut open = self.open.remove(0);
        open.raw.truncated = true;
        Some(open)
    }
}

fn number(headers: &Headers, name: &str) -> Option<u64> {
    headers.get(name)?.parse().ok()
}
