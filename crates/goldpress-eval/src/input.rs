//! What is scored: gold and a system's answer for one document, and how to score.
//!
//! Nothing here reads a file or cuts a text into words: texts, tokens and their tokeniser's
//! name are handed in.

use std::{collections::BTreeMap, str::FromStr};

use goldpress_model::{
    AttrValue, CharRange, Digest, FieldClaim, LooseAnnotation, Malformed, RunOutcome,
    layer,
};

/// Gold of one document.
#[derive(Debug, Clone)]
pub struct GoldDocument<'a> {
    /// The document.
    pub doc_id: Digest,
    /// Its normalised text.
    pub text: &'a str,
    /// Layers that gold covers. A covered layer without an annotation says "nothing here";
    /// of one that is not covered nothing is known, and the document takes no part in it.
    /// [`CONTENT`] stands for the body.
    pub covered: Vec<&'a str>,
    /// Stretches that nobody judged.
    pub regions: Vec<Region<'a>>,
    /// Annotations of every layer, blocks and fields included.
    pub annotations: &'a [LooseAnnotation],
    /// Tokens of the text; may be empty where no metric of tokens is wanted.
    pub tokens: &'a [CharRange],
    /// The body, looked at where [`CONTENT`] is covered.
    pub body: Body,
    /// Snippets that a body must hold and must not hold.
    pub snippets: Snippets,
}

/// The layer of `body.*`, which no schema names.
pub const CONTENT: &str = "content";

/// A stretch of text that gold marks as not annotated for one layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region<'a> {
    /// The layer.
    pub layer: &'a str,
    /// The stretch.
    pub range: CharRange,
}

/// A body text with its tokens; the default is null.
///
/// Null and a text without tokens are the same.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Body {
    /// The text.
    pub text: String,
    /// Its words after NFC, case kept, in order.
    pub tokens: Vec<String>,
}

/// Snippets of a body, each as its tokens.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snippets {
    /// Must stand in the body.
    pub with: Vec<Vec<String>>,
    /// Must not.
    pub without: Vec<Vec<String>>,
}

/// What a system answered for one document.
#[derive(Debug, Clone)]
pub struct PredictedDocument<'a> {
    /// The document.
    pub doc_id: Digest,
    /// The text that the answer was made on, if it is known to be another.
    pub made_on: Option<Digest>,
    /// How it went.
    pub outcome: RunOutcome,
    /// Annotations as they came.
    pub annotations: &'a [LooseAnnotation],
    /// Annotations that were refused when the answer was read.
    pub rejected: &'a [Malformed],
    /// Roles of stretches of the text; `None` where not attempted.
    pub blocks: Option<Vec<(CharRange, &'a str)>>,
    /// Labels of the field layer → claim; absent is null.
    pub fields: BTreeMap<&'a str, &'a FieldClaim>,
    /// The body.
    pub body: Body,
}

/// What is scored, and how.
#[derive(Debug, Clone)]
pub struct Options<'a> {
    /// Layers that the system attempts, [`CONTENT`] among them where it gives bodies.
    pub layers: Vec<&'a str>,
    /// Which metrics.
    pub metrics: Wanted<'a>,
    /// Which part of the text.
    pub lines: Lines,
    /// Turns offsets in a wrong unit into code points where a whole document fits it.
    pub repair_offsets: bool,
    /// Shrinks edges with white space or punctuation, on both sides alike.
    pub repair_trim: bool,
    /// Scores a document without a prediction as an empty one.
    pub missing_as_empty: bool,
    /// Collects every mistake for the error browser.
    pub mistakes: bool,
    /// Cuts a normalised field value into words, for `field.token`.
    pub words: fn(&str) -> Vec<String>,
}

/// Which metrics are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// The default table of each layer.
    Default,
    /// Every metric of the registry that fits the layer.
    All,
    /// The default table, and these beside it.
    DefaultAnd(Vec<&'a str>),
    /// These, by name; `overlap@0.75` names a threshold of its own.
    Named(Vec<&'a str>),
}

/// Which part of the text is scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// Blocks whose gold class is `main`; for layers whose scope is `all`, all lines too.
    Main,
    /// All of it; metrics carry the suffix `.all`.
    All,
}

impl Lines {
    /// The word in configuration and results: `main` or `all`.
    pub fn name(self) -> &'static str {
        match self {
            Lines::Main => "main",
            Lines::All => "all",
        }
    }
}

/// A text that names no part of the text of an article.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no scope: use main or all")]
pub struct LinesError(String);

impl FromStr for Lines {
    type Err = LinesError;

    fn from_str(text: &str) -> Result<Lines, LinesError> {
        let known = [Lines::Main, Lines::All].into_iter().find(|one| one.name() == text);
        known.ok_or_else(|| LinesError(text.to_owned()))
    }
}

impl<'a> GoldDocument<'a> {
    /// Gold of one document from all its annotations: what is covered and what nobody
    /// judged is read from the layer `review`.
    pub fn reviewed(
        doc_id: Digest,
        text: &'a str,
        annotations: &'a [LooseAnnotation],
    ) -> Self {
        let reviews = annotations.iter().filter(|line| line.layer == layer::REVIEW);
        let (mut covered, mut regions) = (Vec::new(), Vec::new());
        for line in reviews {
            let Some(of) = line.attrs.get("of").and_then(AttrValue::as_text) else {
                continue;
            };
            match line.label.as_str() {
                "done" => covered.push(of),
                "unannotated" => {
                    let ranges = line.fragments.iter();
                    regions.extend(ranges.map(|&range| Region { layer: of, range }));
                }
                _ => {}
            }
        }
        covered.sort_unstable();
        covered.dedup();
        GoldDocument {
            doc_id,
            text,
            covered,
            regions,
            annotations,
            tokens: &[],
            body: Body::default(),
            snippets: Snippets::default(),
        }
    }
}

impl PredictedDocument<'_> {
    /// An answer with nothing in it.
    pub fn empty(doc_id: Digest, outcome: RunOutcome) -> Self {
        PredictedDocument {
            doc_id,
            made_on: None,
            outcome,
            annotations: &[],
            rejected: &[],
            blocks: None,
            fields: BTreeMap::new(),
            body: Body::default(),
        }
    }

    /// Whether the system failed on this document: scored as empty, listed apart.
    pub fn failed(&self) -> bool {
        !matches!(self.outcome, RunOutcome::Ok | RunOutcome::Malformed)
    }
}

impl Default for Options<'_> {
    /// Every layer of the schema, default metrics, main blocks, no repair.
    fn default() -> Self {
        Options {
            layers: Vec::new(),
            metrics: Wanted::Default,
            lines: Lines::Main,
            repair_offsets: false,
            repair_trim: false,
            missing_as_empty: false,
            mistakes: false,
            words: |text| text.split_whitespace().map(str::to_owned).collect(),
        }
    }
}
