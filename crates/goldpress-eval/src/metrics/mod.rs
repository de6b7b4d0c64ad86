//! Metrics: rules that count. One file a family, one entry each in [`METRICS`].
//!
//! A metric names pairs that may match and what a match is worth, as integers, and writes
//! counts by label. It never divides: ratios, means and what they prove are made of sums
//! of its counts.

pub(crate) mod attribution;
pub(crate) mod blocks;
pub(crate) mod body;
mod chars;
mod claims;
mod events;
pub(crate) mod fields;
mod outcomes;
pub(crate) mod relations;
mod spans;
mod timex;

use std::fmt;

use crate::{scene::Scene, tally::Tally};

/// A rule that counts.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// Name without threshold: `overlap`.
    pub stem: &'static str,
    /// Least overlap, where the metric has one.
    pub threshold: Option<Threshold>,
    /// Which layers it fits.
    pub family: Family,
    /// What one count stands for, times `scale`.
    pub unit: Unit,
    /// Counts of a full hit: 2 where a match may be worth a half.
    pub scale: u64,
    /// How labels and the total belong together.
    pub labels: Labels,
    /// Right as `found`, wrong as `spurious`: no recall and no F.
    pub share: bool,
    /// Whether it stands in the default table of its family.
    pub default: bool,
    /// Whether its labels are pairs of a gold and a predicted label.
    pub cells: bool,
    /// Counts one layer of one document.
    pub count: fn(&Metric, &Scene<'_>, &mut Tally),
}

/// Which layers a metric fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Layers of spans.
    Span,
    /// The layer `timex`.
    Timex,
    /// The layer `claim`.
    Claim,
    /// The layer `attribution`.
    Attribution,
    /// Other layers of events.
    Event,
    /// Layers of relations.
    Relation,
    /// Layers of fields.
    Field,
    /// Layers of blocks.
    Block,
    /// The body.
    Body,
}

/// What is counted; rows of different units never add.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Annotations, pairs of them and cells.
    Annotation,
    /// Code points.
    Character,
    /// Words.
    Token,
    /// Distinct strings of a document.
    Text,
    /// Blocks.
    Block,
    /// Runs of four words.
    Shingle,
    /// Document fields.
    Field,
    /// Whole documents.
    Document,
}

/// How label rows and the total belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Labels {
    /// Rows by label whose sum is the total.
    Rows,
    /// One row, `*`.
    Total,
}

/// A share in ten thousandths, compared as integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Threshold(u32);

/// The default of every threshold.
pub(crate) const HALF: Option<Threshold> = Some(Threshold(5000));

/// Every metric, by family.
pub const METRICS: &[Metric] = &[
    spans::STRICT,
    spans::EXACT,
    spans::PARTIAL,
    spans::PARTIAL_LABEL,
    spans::TYPE,
    spans::DETECT,
    spans::OVERLAP,
    spans::COVER_GOLD,
    spans::COVER_PREDICTED,
    spans::LEFT,
    spans::RIGHT,
    chars::CHAR,
    chars::CHAR_ANY,
    chars::TOKEN,
    chars::TOKEN_ACCURACY,
    chars::TOKEN_OUTSIDE,
    chars::SURFACE,
    outcomes::CELL_SAME,
    outcomes::CELL_OVER,
    outcomes::CELL_NONE,
    outcomes::CLASS,
    timex::STRICT,
    timex::RELAXED,
    timex::TYPE,
    timex::VALUE,
    claims::SPAN,
    claims::JOINT,
    claims::SOURCED,
    claims::CERTAINTY,
    claims::POLARITY,
    claims::MATCHED,
    attribution::SOURCE,
    attribution::SOURCE_OVERLAP,
    attribution::SOURCE_CHAR,
    attribution::CUE,
    attribution::CUE_OVERLAP,
    attribution::CUE_CHAR,
    attribution::CONTENT,
    attribution::CONTENT_OVERLAP,
    attribution::CONTENT_CHAR,
    attribution::FOUND,
    attribution::JOINT,
    attribution::LABEL,
    attribution::QUOTE,
    relations::BOUNDS,
    relations::STRICT,
    relations::OVERLAP,
    events::TRIGGER_ID,
    events::TRIGGER_CLASS,
    events::TRIGGER_OVERLAP,
    events::ARGUMENT_ID,
    events::ARGUMENT_CLASS,
    events::ARGUMENT_ATTACHED,
    events::ARGUMENT_COREF,
    events::TRIPLE,
    events::MODALITY,
    events::POLARITY,
    events::CERTAINTY,
    events::MODE,
    fields::FIELD,
    fields::ACCURACY,
    fields::RAW,
    fields::TOKEN,
    fields::DAY,
    fields::DAY_ONE,
    blocks::BLOCK,
    blocks::CLASS,
    blocks::CHAR,
    blocks::CLASS_CHAR,
    blocks::CELLS,
    body::SEQ,
    body::BAG,
    body::SHINGLE,
    body::CHAR,
    body::EDIT,
    body::EQUAL,
    body::SNIPPET,
];

/// The metric of that name; `overlap@0.75` names a threshold of its own, and the suffix
/// `.all` of metrics over all lines is looked past.
///
/// ```
/// use goldpress_eval::metric;
///
/// assert_eq!(metric("overlap@0.75").unwrap().name(), "overlap@0.75");
/// assert_eq!(metric("strict.all").unwrap().name(), "strict");
/// assert!(metric("overlap@2").is_none());
/// ```
pub fn metric(name: &str) -> Option<Metric> {
    named(name.strip_suffix(".all").unwrap_or(name)).next()
}

/// The metrics of that name, one a family.
pub(crate) fn named(name: &str) -> impl Iterator<Item = Metric> {
    let (stem, wanted) = match name.split_once('@') {
        Some((stem, threshold)) => (stem, threshold.parse::<Threshold>().map(Some)),
        None => (name, Ok(None)),
    };
    METRICS.iter().filter_map(move |metric| {
        let threshold = wanted.clone().ok()?;
        let is = metric.stem == stem && metric.threshold.is_some() == threshold.is_some();
        is.then_some(Metric { threshold, ..*metric })
    })
}

impl Metric {
    /// The name as rows have it: `overlap@0.5`.
    pub fn name(&self) -> String {
        match self.threshold {
            Some(threshold) => format!("{}@{threshold}", self.stem),
            None => self.stem.to_owned(),
        }
    }

    /// Whether `part` of `whole` reaches the threshold.
    pub(crate) fn reached(&self, part: u64, whole: u64) -> bool {
        self.threshold.is_none_or(|t| t.reached(part, whole))
    }
}

impl Threshold {
    /// Whether `part / whole` is at least this share.
    pub fn reached(self, part: u64, whole: u64) -> bool {
        u128::from(part) * 10_000 >= u128::from(self.0) * u128::from(whole)
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{:05}", self.0);
        let (whole, part) = digits.split_at(digits.len() - 4);
        match part.trim_end_matches('0') {
            "" => write!(f, "{whole}"),
            part => write!(f, "{whole}.{part}"),
        }
    }
}

/// A text that is no threshold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no share above 0 and up to 1 with at most four decimals")]
pub struct ThresholdError(String);

impl std::str::FromStr for Threshold {
    type Err = ThresholdError;

    fn from_str(text: &str) -> Result<Self, ThresholdError> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let sound = !whole.is_empty() && digits(whole) && digits(part) && part.len() <= 4;
        let value = format!("{whole}{part:0<4}").parse::<u32>().ok();
        match value.filter(|value| sound && (1..=10_000).contains(value)) {
            Some(value) => Ok(Threshold(value)),
            None => Err(ThresholdError(text.to_owned())),
        }
    }
}

/// An entry to copy: counts annotations by label, stands in no default table.
const fn entry(
    stem: &'static str,
    family: Family,
    count: fn(&Metric, &Scene<'_>, &mut Tally),
) -> Metric {
    Metric {
        stem,
        threshold: None,
        family,
        unit: Unit::Annotation,
        scale: 1,
        labels: Labels::Rows,
        share: false,
        default: false,
        cells: false,
        count,
    }
}
