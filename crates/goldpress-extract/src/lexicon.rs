//! Lexicons: word lists as data files whose head names source, licence, date and version.

use goldpress_model::Digest;
use goldpress_text::{CharKind, push_lowercase};
use serde::Deserialize;

/// A data file that an extractor was built with.
#[derive(Debug, Clone, Copy)]
pub struct Lexicon {
    /// File name without folder.
    pub name: &'static str,
    /// The whole file, TOML.
    pub toml: &'static str,
}

/// The head of every lexicon.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Head {
    /// Where the list is from.
    pub source: String,
    /// SPDX expression.
    pub licence: String,
    /// Day of the last change, ISO 8601.
    pub date: String,
    /// Rises with every change.
    pub version: u32,
    /// `doc_id`s of articles that were read while the list was written: a score on one of
    /// them is contaminated.
    #[serde(default)]
    pub seen: Vec<String>,
}

/// Every lexicon of this crate, by name; their hashes stand in `run.json`.
pub const LEXICONS: &[Lexicon] = &[
    BLOCK_CUES,
    BLOCK_MARKS,
    BYLINES,
    DATE_WORDS,
    GAZETTEER,
    HEDGES,
    REGION,
    REPORTING_VERBS,
    TIMEX_WORDS,
];

pub(crate) const BLOCK_CUES: Lexicon =
    Lexicon { name: "block-cues.toml", toml: include_str!("../data/block-cues.toml") };
pub(crate) const BLOCK_MARKS: Lexicon =
    Lexicon { name: "block-marks.toml", toml: include_str!("../data/block-marks.toml") };
pub(crate) const BYLINES: Lexicon =
    Lexicon { name: "bylines.toml", toml: include_str!("../data/bylines.toml") };
pub(crate) const DATE_WORDS: Lexicon =
    Lexicon { name: "date-words.toml", toml: include_str!("../data/date-words.toml") };
pub(crate) const TIMEX_WORDS: Lexicon =
    Lexicon { name: "timex-words.toml", toml: include_str!("../data/timex-words.toml") };
pub(crate) const GAZETTEER: Lexicon =
    Lexicon { name: "gazetteer.toml", toml: include_str!("../data/gazetteer.toml") };
pub(crate) const HEDGES: Lexicon =
    Lexicon { name: "hedges.toml", toml: include_str!("../data/hedges.toml") };
pub(crate) const REPORTING_VERBS: Lexicon =
    Lexicon { name: "reporting.toml", toml: include_str!("../data/reporting.toml") };
pub(crate) const REGION: Lexicon =
    Lexicon { name: "region.toml", toml: include_str!("../data/region.toml") };

impl Lexicon {
    /// Hash of the file.
    pub fn digest(&self) -> Digest {
        Digest::of(self.toml.as_bytes())
    }

    /// Source, licence, date and version.
    pub fn head(&self) -> Head {
        #[derive(Deserialize)]
        struct Headed {
            head: Head,
        }
        self.parse::<Headed>().head
    }

    /// The file as a type of the extractor's.
    pub(crate) fn parse<'de, T: Deserialize<'de>>(&self) -> T {
        let parsed = toml::de::Deserializer::parse(self.toml).and_then(T::deserialize);
        parsed
            .unwrap_or_else(|error| panic!("{} is part of the build: {error}", self.name))
    }
}

/// Text as lexicons hold it: lower case, straight quotes, plain spaces.
///
/// Letters keep their accents; white space is collapsed and trimmed.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    text.chars().for_each(|c| fold_into(&mut folded, c));
    if folded.ends_with(' ') {
        folded.pop();
    }
    folded
}

/// Appends one more character to a text that is being folded.
#[inline]
pub(crate) fn fold_into(folded: &mut String, c: char) {
    match c {
        '!'..='~' => folded.push(c.to_ascii_lowercase()),
        '\u{2018}' | '\u{2019}' | '\u{02BC}' | '\u{2032}' => folded.push('\''),
        '\u{201C}' | '\u{201D}' | '\u{201E}' | '«' | '»' => folded.push('"'),
        '\u{2010}' | '\u{2011}' => folded.push('-'),
        '\u{2012}'..='\u{2015}' => folded.push('–'),
        '\u{200E}' | '\u{200F}' | '\u{061C}' => {}
        '\u{0640}' => {}
        c if CharKind::of(c).is_whitespace() => {
            if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
        }
        c => push_lowercase(folded, c),
    }
}
