//! Verdicts: the one word that may be said of a difference.

/// What may be said of one test. A verdict describes; gates decide, from the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Gold, documents, schema, metric or split differ.
    Incomparable,
    /// In the baseline, not in this run.
    Missing,
    /// In this run, not in the baseline.
    New,
    /// The counts of every document are equal.
    Identical,
    /// Worse, by more than chance would.
    Regressed,
    /// Better, by more than chance would.
    Improved,
    /// Worse on this set by more than the margin.
    BelowMargin,
    /// Too little to go by.
    Inconclusive,
    /// It moved, no more than chance would.
    Changed,
}

/// Clusters that a test needs: with fewer no two-sided p can be under 0.05.
pub const LEAST_CLUSTERS: usize = 6;

/// What a verdict is taken from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// Gold, documents, schema, metric and split are equal.
    pub comparable: bool,
    /// The test exists in this run.
    pub in_current: bool,
    /// The test exists in the baseline.
    pub in_baseline: bool,
    /// The counts of every document are equal.
    pub same_counts: bool,
    /// Clusters with something to score.
    pub informative_clusters: usize,
    /// Current minus baseline.
    pub delta: Option<f64>,
    /// Adjusted p.
    pub p_adjusted: Option<f64>,
    /// Whether the smallest adjusted p that the test could have had is above the level of
    /// its family: whatever had happened, it would not be significant.
    pub is_blind: bool,
    /// One-sided 95 % lower bound of the difference.
    pub lower: Option<f64>,
    /// Largest fall that is tolerated, on the scale 0–1.
    pub margin: Option<f64>,
}

/// The first rule that holds (`ci.md` §2); `alpha` is that of the test's family.
pub fn verdict(evidence: &Evidence, alpha: f64) -> Verdict {
    let e = evidence;
    let enough = e.informative_clusters >= LEAST_CLUSTERS;
    let significant = enough && e.p_adjusted.is_some_and(|p| p <= alpha);
    let unsure = |margin: f64| e.lower.is_none_or(|lower| lower <= -margin);
    match () {
        () if !e.comparable => Verdict::Incomparable,
        () if !e.in_current => Verdict::Missing,
        () if !e.in_baseline => Verdict::New,
        () if e.same_counts => Verdict::Identical,
        () if significant && e.delta.is_some_and(|d| d < 0.0) => Verdict::Regressed,
        () if significant && e.delta.is_some_and(|d| d > 0.0) => Verdict::Improved,
        () if e.margin.zip(e.delta).is_some_and(|(m, d)| d < -m) => Verdict::BelowMargin,
        () if !enough || e.is_blind || e.delta.is_none() => Verdict::Inconclusive,
        () if e.margin.is_some_and(unsure) => Verdict::Inconclusive,
        () => Verdict::Changed,
    }
}

impl Verdict {
    /// The word that files and pages use.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Incomparable => "incomparable",
            Verdict::Missing => "missing",
            Verdict::New => "new",
            Verdict::Identical => "identical",
            Verdict::Regressed => "regressed",
            Verdict::Improved => "improved",
            Verdict::BelowMargin => "below-margin",
            Verdict::Inconclusive => "inconclusive",
            Verdict::Changed => "changed",
        }
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}
