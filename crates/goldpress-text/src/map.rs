//! The offset map: where a range of the normalised text came from, and where it went.

use std::ops::Range;

/// A stretch that was rewritten; everything between two edits was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Edit {
    source_start: usize,
    source_end: usize,
    out_start: usize,
    out_end: usize,
}

/// One pass over a text: its edits in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Pass {
    // Invariant: sorted and apart in the source; where the source of an edit is one
    // character or more, so is every edit's.
    edits: Vec<Edit>,
}

/// Carries ranges of a normalised text back to the decoded text, and forth.
///
/// What was removed belongs to no range of the normalised text, unless it stood inside
/// one. Offsets are bytes on character boundaries.
///
/// ```
/// use goldpress_text::{NormaliseOptions, normalise};
///
/// let decoded = "Café  \u{feff}owners\r\nin Sarn";
/// let text = normalise(decoded, NormaliseOptions::default());
/// assert_eq!(text.text, "Café owners\nin Sarn");
/// let owners = text.map.to_source(6..12);
/// assert_eq!(&decoded[owners.clone()], "owners");
/// assert_eq!(text.map.to_normalised(owners), Some(6..12));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OffsetMap {
    passes: Vec<Pass>,
}

impl OffsetMap {
    /// Whether nothing was changed at all.
    pub fn is_identity(&self) -> bool {
        self.passes.is_empty()
    }

    /// The smallest range of the decoded text that holds everything of `range`.
    pub fn to_source(&self, range: Range<usize>) -> Range<usize> {
        self.passes.iter().rev().fold(range, |range, pass| pass.to_source(range))
    }

    /// Where a range of the decoded text went; `None` where nothing is left of it.
    ///
    /// Undoes [`OffsetMap::to_source`] exactly, but for a range that parts what a single
    /// character became (NFC writes some letters as two characters): that comes back
    /// whole.
    pub fn to_normalised(&self, range: Range<usize>) -> Option<Range<usize>> {
        self.passes.iter().try_fold(range, |range, pass| pass.to_out(range))
    }

    /// Adds a pass; gives the text that it made.
    pub(crate) fn push(&mut self, rewrite: Rewrite<'_>) -> String {
        self.passes.push(Pass { edits: rewrite.edits });
        rewrite.out
    }
}

impl Pass {
    fn to_source(&self, range: Range<usize>) -> Range<usize> {
        let start = self.source_of(range.start).start;
        match range.is_empty() {
            true => start..start,
            false => start..self.source_of(range.end - 1).end,
        }
    }

    /// What byte `at` of the output came from.
    fn source_of(&self, at: usize) -> Range<usize> {
        let after = self.edits.partition_point(|edit| edit.out_start <= at);
        match self.edits[..after].last() {
            Some(edit) if at < edit.out_end => edit.source_start..edit.source_end,
            last => {
                let (source, out) =
                    last.map_or((0, 0), |edit| (edit.source_end, edit.out_end));
                let at = source + (at - out);
                at..at + 1
            }
        }
    }

    fn to_out(&self, range: Range<usize>) -> Option<Range<usize>> {
        if range.is_empty() {
            return None;
        }
        let start = self.out_of(range.start).start;
        let end = self.out_of(range.end - 1).end;
        (start < end).then_some(start..end)
    }

    /// What became of byte `at` of the source.
    fn out_of(&self, at: usize) -> Range<usize> {
        let after = self.edits.partition_point(|edit| edit.source_start <= at);
        match self.edits[..after].last() {
            Some(edit) if at < edit.source_end => edit.out_start..edit.out_end,
            last => {
                let (source, out) =
                    last.map_or((0, 0), |edit| (edit.source_end, edit.out_end));
                let at = out + (at - source);
                at..at + 1
            }
        }
    }
}

/// Writes a changed copy of a text and notes every edit.
#[derive(Debug)]
pub(crate) struct Rewrite<'s> {
    source: &'s str,
    /// The changed copy.
    pub(crate) out: String,
    edits: Vec<Edit>,
    /// Up to here the source is dealt with.
    done: usize,
}

impl<'s> Rewrite<'s> {
    pub(crate) fn of(source: &'s str) -> Self {
        Rewrite { source, out: String::new(), edits: Vec::new(), done: 0 }
    }

    /// Writes `new` in place of `range`, which lies after everything replaced before.
    ///
    /// Where both have several characters they are paired one by one, the last pair
    /// taking what is left over, so that a map can part them again.
    pub(crate) fn replace(&mut self, range: Range<usize>, new: &str) {
        if self.source[range.clone()] == *new {
            return;
        }
        if self.out.is_empty() {
            self.out.reserve(self.source.len());
        }
        self.out.push_str(&self.source[self.done..range.start]);
        self.done = range.end;
        let mut source_at = range.start;
        let mut old = self.source[range.clone()].chars();
        let mut new = new.chars().peekable();
        if new.peek().is_none() {
            self.edit(source_at..range.end, "");
        }
        while let Some(c) = new.next() {
            let is_last = new.peek().is_none();
            let old_len = old.next().map_or(0, char::len_utf8);
            let takes_rest = is_last || old.as_str().is_empty();
            let source_end = if takes_rest { range.end } else { source_at + old_len };
            let mut piece = String::from(c);
            if takes_rest {
                piece.extend(new.by_ref());
            }
            self.edit(source_at..source_end, &piece);
            source_at = source_end;
        }
    }

    fn edit(&mut self, source: Range<usize>, new: &str) {
        let out_start = self.out.len();
        self.out.push_str(new);
        self.edits.push(Edit {
            source_start: source.start,
            source_end: source.end,
            out_start,
            out_end: self.out.len(),
        });
    }

    /// Copies what is left; `None` when nothing was changed.
    pub(crate) fn finish(mut self) -> Option<Self> {
        if self.edits.is_empty() {
            return None;
        }
        self.out.push_str(&self.source[self.done..]);
        self.done = self.source.len();
        Some(self)
    }
}
