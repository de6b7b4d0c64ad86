//! Tag sequences: one tag a token, and the chunks that they spell.
//!
//! A tag that its scheme does not allow after the one before it is an orphan. Whether it
//! begins a chunk or is dropped moves published scores, so nothing is repaired unasked,
//! and the repair and its count stand in the result.

mod columns;

use std::{collections::BTreeSet, fmt, str::FromStr};

pub use columns::{Columns, ColumnsError, columns};

use crate::compat::{Chunk, Sentences, seqeval};

/// How prefixes spell chunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// `I-`, and `B-` only where a chunk follows one of its label.
    Iob1,
    /// Every chunk begins with `B-`. Also called BIO.
    Iob2,
    /// `I-`, and `E-` only where a chunk precedes one of its label.
    Ioe1,
    /// Every chunk ends with `E-`.
    Ioe2,
    /// `B-` … `E-`, or `S-` for one token. Also called BIOES.
    Iobes,
    /// `B-` … `L-`, or `U-` for one token.
    Bilou,
}

/// A tag and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) before: char,
    pub(crate) now: char,
    /// Whether their labels are the same.
    pub(crate) same: bool,
}

impl Scheme {
    /// All schemes.
    pub const ALL: [Scheme; 6] = [
        Scheme::Iob1,
        Scheme::Iob2,
        Scheme::Ioe1,
        Scheme::Ioe2,
        Scheme::Iobes,
        Scheme::Bilou,
    ];

    /// The name in results: `IOB2`.
    pub fn name(self) -> &'static str {
        match self {
            Scheme::Iob1 => "IOB1",
            Scheme::Iob2 => "IOB2",
            Scheme::Ioe1 => "IOE1",
            Scheme::Ioe2 => "IOE2",
            Scheme::Iobes => "IOBES",
            Scheme::Bilou => "BILOU",
        }
    }

    /// Prefixes of the scheme.
    pub fn prefixes(self) -> &'static str {
        match self {
            Scheme::Iob1 | Scheme::Iob2 => "OBI",
            Scheme::Ioe1 | Scheme::Ioe2 => "OIE",
            Scheme::Iobes => "OBIES",
            Scheme::Bilou => "OBILU",
        }
    }

    /// Whether a chunk starts here.
    pub(crate) fn starts(self, step: Step) -> bool {
        let Step { before, now, same } = step;
        match (self, before, now) {
            (Scheme::Iob1, 'O' | 'B', 'I') => true,
            (Scheme::Iob1, 'I', 'I') => !same,
            (Scheme::Iob1, 'I' | 'B', 'B') => same,
            (Scheme::Iob2, _, 'B') => true,
            (Scheme::Ioe1, 'O' | 'E', 'I') => true,
            (Scheme::Ioe1, 'I', 'I') => !same,
            (Scheme::Ioe1, 'E', 'E') => same,
            (Scheme::Ioe2, 'O' | 'E', 'I' | 'E') => true,
            (Scheme::Ioe2, 'I', 'I' | 'E') => !same,
            (Scheme::Iobes, _, 'B' | 'S') => true,
            (Scheme::Bilou, _, 'B' | 'U') => true,
            _ => false,
        }
    }

    /// Whether the chunk that is open goes on.
    pub(crate) fn is_inside(self, step: Step) -> bool {
        let pair = (step.before, step.now);
        step.same
            && match self {
                Scheme::Iob1 | Scheme::Iob2 => matches!(pair, ('B' | 'I', 'I')),
                Scheme::Ioe1 | Scheme::Ioe2 => matches!(pair, ('I', 'I' | 'E')),
                Scheme::Iobes => matches!(pair, ('B' | 'I', 'I' | 'E')),
                Scheme::Bilou => matches!(pair, ('B' | 'I', 'I' | 'L')),
            }
    }

    /// Whether the chunk before this tag may end there.
    pub(crate) fn ends(self, step: Step) -> bool {
        let Step { before, now, same } = step;
        match (self, before, now) {
            (Scheme::Iob1, 'I', 'O' | 'B') | (Scheme::Iob1, 'B', 'O') => true,
            (Scheme::Iob1, 'I' | 'B', 'I') => !same,
            (Scheme::Iob1, 'B', 'B') => same,
            (Scheme::Iob2, 'I' | 'B', 'O' | 'B') => true,
            (Scheme::Iob2, 'I' | 'B', 'I') => !same,
            (Scheme::Ioe1, 'I', 'O') => true,
            (Scheme::Ioe1, 'I', 'I' | 'E') => !same,
            (Scheme::Ioe1, 'E', 'I' | 'E') => same,
            (Scheme::Ioe2, 'E', _) => true,
            (Scheme::Iobes, 'S' | 'E', _) => true,
            (Scheme::Bilou, 'U' | 'L', _) => true,
            _ => false,
        }
    }

    /// Whether a tag may follow another, `O` standing at both ends of a sentence.
    fn allows(self, step: Step) -> bool {
        let Step { before, now, same } = step;
        let open = matches!(before, 'B' | 'I');
        match self {
            Scheme::Iob2 => now != 'I' || open && same,
            Scheme::Iob1 => now != 'B' || open && same,
            Scheme::Ioe1 => now != 'E' || matches!(before, 'I' | 'E'),
            // A chunk of several tokens must end with `E-` or `L-`.
            Scheme::Ioe2 => before != 'I' || same && matches!(now, 'I' | 'E'),
            Scheme::Iobes | Scheme::Bilou => {
                let goes_on = matches!(now, 'I' | 'E' | 'L');
                if open { goes_on && same } else { !goes_on }
            }
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Scheme {
    type Err = TagError;

    fn from_str(name: &str) -> Result<Scheme, TagError> {
        let is = |scheme: &Scheme| scheme.name().eq_ignore_ascii_case(name);
        let known = Scheme::ALL.into_iter().find(is);
        let alias = match name.to_ascii_uppercase().as_str() {
            "BIO" => Some(Scheme::Iob2),
            "BIOES" => Some(Scheme::Iobes),
            _ => None,
        };
        known.or(alias).ok_or_else(|| TagError::UnknownScheme(name.to_owned()))
    }
}

/// What is done with orphans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Repair {
    /// The file is refused.
    #[default]
    Refuse,
    /// `I-` becomes `B-`; IOB2 only.
    Begin,
    /// `I-` becomes `O`; IOB2 only.
    Discard,
}

/// What is wrong with tags.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TagError {
    /// A name that is no scheme.
    #[error("`{0}` is no scheme: use IOB1, IOB2, IOE1, IOE2, IOBES or BILOU")]
    UnknownScheme(String),
    /// Code `tag-invalid`.
    #[error("`{tag}` is no tag of {scheme}: sentence {sentence}, token {token}")]
    Invalid {
        /// The tag.
        tag: String,
        /// The scheme.
        scheme: &'static str,
        /// Sentence, counted from 1.
        sentence: usize,
        /// Token, counted from 1.
        token: usize,
    },
    /// Code `tag-orphan`.
    #[error("{n} tags that {scheme} does not allow after the one before")]
    Orphans {
        /// How many.
        n: u64,
        /// The scheme.
        scheme: &'static str,
    },
    /// No scheme has these prefixes.
    #[error("the prefixes `{0}` are those of no scheme")]
    NoScheme(String),
    /// A repair that a scheme does not have.
    #[error("orphans of {0} cannot be repaired, only those of IOB2")]
    NoRepair(&'static str),
}

impl TagError {
    /// The code that reports use.
    pub fn code(&self) -> &'static str {
        match self {
            TagError::Orphans { .. } => "tag-orphan",
            _ => "tag-invalid",
        }
    }
}

/// Chunks of tags, with the number of orphans that were met.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spelled {
    /// Chunks; ends are half-open.
    pub chunks: BTreeSet<Chunk>,
    /// Tags that the scheme does not allow after the one before, as written.
    pub orphans: u64,
}

/// Splits a tag into prefix and label; `O` alone has none.
fn split(tag: &str, scheme: Scheme) -> Option<(char, &str)> {
    if tag == "O" {
        return Some(('O', ""));
    }
    let (prefix, label) = tag.split_once('-')?;
    let mut only = prefix.chars();
    let prefix = only.next().filter(|c| *c != 'O' && scheme.prefixes().contains(*c))?;
    (only.next().is_none() && !label.is_empty()).then_some((prefix, label))
}

/// Counts orphans: each tag that may not follow the one before, and each sentence that may
/// not end where it does.
///
/// # Errors
///
/// A tag is none of the scheme.
pub fn orphans(sentences: &Sentences, scheme: Scheme) -> Result<u64, TagError> {
    let mut n = 0;
    for (at, tags) in sentences.iter().enumerate() {
        let mut before = ('O', "");
        for (token, tag) in tags.iter().enumerate() {
            let now = split(tag, scheme).ok_or_else(|| TagError::Invalid {
                tag: tag.clone(),
                scheme: scheme.name(),
                sentence: at + 1,
                token: token + 1,
            })?;
            n += u64::from(!scheme.allows(step(before, now)));
            before = now;
        }
        n += u64::from(!scheme.allows(step(before, ('O', ""))));
    }
    Ok(n)
}

fn step(before: (char, &str), now: (char, &str)) -> Step {
    Step { before: before.0, now: now.0, same: before.1 == now.1 }
}

/// Reads the chunks of tags under a scheme.
///
/// Judged from left to right against the repaired tag before; orphans are counted against
/// it as written.
///
/// # Errors
///
/// A tag is none of the scheme, there are orphans and they are to be refused, or the scheme
/// has no such repair.
pub fn spelled(
    sentences: &Sentences,
    scheme: Scheme,
    repair: Repair,
) -> Result<Spelled, TagError> {
    let orphans = orphans(sentences, scheme)?;
    if repair == Repair::Refuse && orphans > 0 {
        return Err(TagError::Orphans { n: orphans, scheme: scheme.name() });
    }
    if orphans > 0 && scheme != Scheme::Iob2 {
        return Err(TagError::NoRepair(scheme.name()));
    }
    let repaired: Vec<Vec<String>> =
        sentences.iter().map(|tags| repaired(tags, repair)).collect();
    let chunks = seqeval::chunks(&repaired, scheme);
    // Every tag was split above, so none has a prefix outside the scheme.
    Ok(Spelled { chunks: chunks.unwrap_or_default(), orphans })
}

fn repaired(tags: &[String], repair: Repair) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(tags.len());
    for tag in tags {
        let label = tag.strip_prefix("I-");
        let before = out.last().and_then(|before| before.split_once('-'));
        let orphan = label.filter(|label| before.is_none_or(|before| before.1 != *label));
        out.push(match (orphan, repair) {
            (Some(label), Repair::Begin) => format!("B-{label}"),
            (Some(_), Repair::Discard) => "O".to_owned(),
            _ => tag.clone(),
        });
    }
    out
}

/// The scheme that a file's prefixes and orphans speak for; IOB1 and IOB2 have the same
/// prefixes and are told apart by which of them has fewer orphans, IOB2 on a tie.
///
/// # Errors
///
/// No scheme has these prefixes.
pub fn detect(sentences: &Sentences) -> Result<Scheme, TagError> {
    let mut prefixes: BTreeSet<char> = BTreeSet::new();
    for tag in sentences.iter().flatten() {
        prefixes.extend(tag.chars().next());
    }
    let has = |wanted: &str| wanted.chars().any(|c| prefixes.contains(&c));
    let candidates: &[Scheme] = match () {
        () if has("LU") => &[Scheme::Bilou],
        () if has("S") || has("B") && has("E") => &[Scheme::Iobes],
        () if has("E") => &[Scheme::Ioe2, Scheme::Ioe1],
        () => &[Scheme::Iob2, Scheme::Iob1],
    };
    let count = |scheme: &Scheme| orphans(sentences, *scheme).ok().map(|n| (n, *scheme));
    let all = candidates.iter().filter_map(count);
    let best = all.reduce(|best, other| if other.0 < best.0 { other } else { best });
    let none = || TagError::NoScheme(prefixes.iter().collect());
    best.map(|best| best.1).ok_or_else(none)
}
