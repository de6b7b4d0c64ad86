//! Tag schemes: chunks as tags of words, and tags as chunks again.
//!
//! A tag that its scheme does not allow after the one before it is an orphan: refused,
//! since every reader of such files makes something else of it.

use std::collections::BTreeSet;

/// How chunks are spelt as tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    Iob1,
    Iob2,
    Ioe1,
    Ioe2,
    Iobes,
    Bilou,
    Io,
}

/// A run of words with a label: `start..end`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Chunk {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) label: String,
}

/// The place of a tag that its scheme does not allow, and why.
#[derive(Debug)]
pub(super) struct Orphan {
    pub(super) at: usize,
    pub(super) message: String,
}

impl Scheme {
    pub(super) const ALL: [Scheme; 7] = [
        Scheme::Iob2,
        Scheme::Iob1,
        Scheme::Ioe2,
        Scheme::Ioe1,
        Scheme::Iobes,
        Scheme::Bilou,
        Scheme::Io,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Scheme::Iob1 => "iob1",
            Scheme::Iob2 => "iob2",
            Scheme::Ioe1 => "ioe1",
            Scheme::Ioe2 => "ioe2",
            Scheme::Iobes => "iobes",
            Scheme::Bilou => "bilou",
            Scheme::Io => "io",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Scheme> {
        Scheme::ALL.into_iter().find(|scheme| scheme.name() == name)
    }

    /// Reads the tags of one sentence; the first orphan refuses it.
    pub(super) fn decode(self, tags: &[&str]) -> Result<Vec<Chunk>, Orphan> {
        let tags: Vec<Tag<'_>> = tags.iter().map(|tag| Tag::of(tag)).collect();
        let mut chunks: Vec<Chunk> = Vec::new();
        for at in 0..tags.len() {
            let before = at.checked_sub(1).map_or(Tag::OUT, |before| tags[before]);
            let after = tags.get(at + 1).copied().unwrap_or(Tag::OUT);
            let tag = tags[at];
            if tag.prefix == 'O' {
                continue;
            }
            if !self.allows(before, tag, after) {
                let message = format!(
                    "`{tag}` after `{before}` and before `{after}` is no {}",
                    self.name().to_uppercase()
                );
                return Err(Orphan { at, message });
            }
            match chunks.last_mut() {
                Some(last) if last.end == at && self.continues(before, tag) => {
                    last.end += 1
                }
                _ => {
                    chunks.push(Chunk { start: at, end: at + 1, label: tag.label.into() })
                }
            }
        }
        Ok(chunks)
    }

    /// Whether a tag goes on with the chunk of the tag before it.
    fn continues(self, before: Tag<'_>, tag: Tag<'_>) -> bool {
        let same = before.label == tag.label;
        match self {
            Scheme::Iob1 | Scheme::Iob2 => same && tag.prefix == 'I',
            Scheme::Ioe1 | Scheme::Ioe2 => same && before.prefix == 'I',
            Scheme::Iobes | Scheme::Bilou => same && matches!(before.prefix, 'B' | 'I'),
            Scheme::Io => same,
        }
    }

    fn allows(self, before: Tag<'_>, tag: Tag<'_>, after: Tag<'_>) -> bool {
        let is_open = |prefixes: &str| {
            before.label == tag.label && prefixes.contains(before.prefix)
        };
        let goes_on =
            |prefixes: &str| after.label == tag.label && prefixes.contains(after.prefix);
        match (self, tag.prefix) {
            (Scheme::Iob2, 'B') | (Scheme::Iob1 | Scheme::Ioe1 | Scheme::Io, 'I') => true,
            (Scheme::Iob2, 'I') | (Scheme::Iob1, 'B') => is_open("BI"),
            (Scheme::Ioe2, 'E') => true,
            (Scheme::Ioe2, 'I') | (Scheme::Ioe1, 'E') => goes_on("IE"),
            (Scheme::Iobes, 'S') | (Scheme::Bilou, 'U') => !self.is_inside(before),
            (Scheme::Iobes, 'B') => !self.is_inside(before) && goes_on("IE"),
            (Scheme::Bilou, 'B') => !self.is_inside(before) && goes_on("IL"),
            (Scheme::Iobes, 'I') => is_open("BI") && goes_on("IE"),
            (Scheme::Bilou, 'I') => is_open("BI") && goes_on("IL"),
            (Scheme::Iobes, 'E') | (Scheme::Bilou, 'L') => is_open("BI"),
            _ => false,
        }
    }

    fn is_inside(self, before: Tag<'_>) -> bool {
        matches!(before.prefix, 'B' | 'I')
    }

    /// Writes the tags of one sentence; chunks stand in order and do not overlap.
    pub(super) fn encode(self, chunks: &[Chunk], n_words: usize) -> Vec<String> {
        let mut tags = vec!["O".to_owned(); n_words];
        let labels: BTreeSet<(usize, &str)> =
            chunks.iter().map(|chunk| (chunk.end, chunk.label.as_str())).collect();
        let starts: BTreeSet<(usize, &str)> =
            chunks.iter().map(|chunk| (chunk.start, chunk.label.as_str())).collect();
        for chunk in chunks {
            let label = chunk.label.as_str();
            let is_behind = labels.contains(&(chunk.start, label));
            let is_before = starts.contains(&(chunk.end, label));
            for (at, tag) in tags.iter_mut().enumerate().take(chunk.end).skip(chunk.start)
            {
                let (first, last) = (at == chunk.start, at + 1 == chunk.end);
                let prefix = match self {
                    Scheme::Iob2 if first => 'B',
                    Scheme::Iob1 if first && is_behind => 'B',
                    Scheme::Ioe2 if last => 'E',
                    Scheme::Ioe1 if last && is_before => 'E',
                    Scheme::Iobes if first && last => 'S',
                    Scheme::Bilou if first && last => 'U',
                    Scheme::Iobes | Scheme::Bilou if first => 'B',
                    Scheme::Iobes if last => 'E',
                    Scheme::Bilou if last => 'L',
                    _ => 'I',
                };
                *tag = format!("{prefix}-{label}");
            }
        }
        tags
    }
}

/// One tag, taken apart.
#[derive(Clone, Copy)]
struct Tag<'a> {
    prefix: char,
    label: &'a str,
}

impl<'a> Tag<'a> {
    const OUT: Tag<'static> = Tag { prefix: 'O', label: "" };

    fn of(tag: &'a str) -> Tag<'a> {
        match tag.split_once('-') {
            Some((prefix, label)) => {
                Tag { prefix: prefix.chars().next().unwrap_or('?'), label }
            }
            None => Tag { prefix: tag.chars().next().unwrap_or('?'), label: "" },
        }
    }
}

impl std::fmt::Display for Tag<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.label {
            "" => write!(f, "{}", self.prefix),
            label => write!(f, "{}-{label}", self.prefix),
        }
    }
}

/// Whether a tag is `O`, or a prefix of some scheme and a label.
pub(super) fn is_tag(tag: &str) -> bool {
    tag == "O"
        || tag.split_once('-').is_some_and(|(prefix, label)| {
            ["B", "I", "E", "S", "L", "U"].contains(&prefix) && !label.is_empty()
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(lengths in prop::collection::vec((0..3_usize, 1..3_usize, 0..2_usize), 0..6)) {
            let mut chunks: Vec<Chunk> = Vec::new();
            let mut at = 0;
            for (gap, length, label) in lengths {
                let start = at + gap;
                at = start + length;
                chunks.push(Chunk { start, end: at, label: ["A", "B"][label].to_owned() });
            }
            for scheme in Scheme::ALL {
                let tags = scheme.encode(&chunks, at);
                let tags: Vec<&str> = tags.iter().map(String::as_str).collect();
                let back = scheme.decode(&tags).expect("no orphan");
                // IO cannot tell two chunks of one label that touch.
                if scheme != Scheme::Io {
                    prop_assert_eq!(&back, &chunks, "{}", scheme.name());
                }
            }
        }
    }
}
