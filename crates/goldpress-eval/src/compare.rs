//! Comparisons: two runs of one system over the same gold, test by test.
//!
//! Refusing to compare what is not comparable (other gold, other documents) is the
//! caller's; it says so here with [`Comparison::comparable`].

mod columns;
mod outlets;
mod unit;

use std::{
    collections::{BTreeMap, BTreeSet},
    str::FromStr,
};

use goldpress_model::Digest;

use crate::{
    gate::GatedTest,
    plan::Average,
    statistics::{
        interval::Difference,
        moved::Moved,
        permutation::{Family, Resampling, families},
        ratio::Sample,
    },
    table::Table,
    verdict::{Evidence, LEAST_CLUSTERS, Verdict, verdict},
};
use columns::Runs;

pub(crate) use columns::sample;

/// What is compared of one layer: the headline and its labels are tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Task<'a> {
    /// Layer.
    pub layer: &'a str,
    /// Metric as rows name it.
    pub metric: &'a str,
    /// How the headline is averaged.
    pub average: Average,
}

/// How two runs are compared.
#[derive(Debug, Clone)]
pub struct Comparison<'a> {
    /// What is tested.
    pub tasks: Vec<Task<'a>>,
    /// Cluster of each document; one that is not named is a cluster of its own.
    pub clusters: BTreeMap<Digest, String>,
    /// Largest p that counts as significant.
    pub alpha: f64,
    /// Seed and number of masks.
    pub resampling: Resampling,
    /// Largest fall that verdicts tolerate.
    pub margin: Option<f64>,
    /// Gold, documents, schema, metrics and split are equal.
    pub comparable: bool,
    /// Layer and metric of the one headline that decides; the others join the labels.
    pub primary: Option<(&'a str, &'a str)>,
    /// Outlet of each document; those of none are in no outlet.
    pub outlets: BTreeMap<Digest, String>,
}

impl Default for Comparison<'_> {
    /// No task, each document its own cluster, α of 0.05, comparable.
    fn default() -> Self {
        Comparison {
            tasks: Vec::new(),
            clusters: BTreeMap::new(),
            alpha: 0.05,
            resampling: Resampling::default(),
            margin: None,
            comparable: true,
            primary: None,
            outlets: BTreeMap::new(),
        }
    }
}

/// One test and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// Layer.
    pub layer: String,
    /// Metric.
    pub metric: String,
    /// Label; `*` is the headline.
    pub label: String,
    /// Value of the baseline.
    pub baseline: Option<f64>,
    /// Value of the current run.
    pub current: Option<f64>,
    /// Difference with its interval; `None` where one side is missing.
    pub difference: Option<Difference>,
    /// Raw p; `None` below six informative clusters.
    pub p: Option<f64>,
    /// p adjusted over the family.
    pub p_adjusted: Option<f64>,
    /// The smallest adjusted p that it could have had, whatever happened.
    pub p_attainable: Option<f64>,
    /// Largest p that counts as significant in its family.
    pub alpha: f64,
    /// Tests of its family.
    pub n_family: usize,
    /// Clusters in which the counts differ.
    pub n_moved: usize,
    /// Items in gold, in the unit of the metric.
    pub support: u64,
    /// What may be said.
    pub verdict: Verdict,
}

impl Test {
    /// What gates look at.
    pub fn gated(&self) -> GatedTest<'_> {
        let difference = self.difference.as_ref();
        GatedTest {
            label: &self.label,
            verdict: self.verdict,
            delta: difference.and_then(|d| d.delta),
            lower: difference.and_then(|d| d.lower),
            informative_clusters: difference.map_or(0, |d| d.informative),
            is_blind: self.is_blind(),
        }
    }

    /// Whether no loss at all could have been significant: too few clusters moved for the
    /// number of tests.
    pub fn is_blind(&self) -> bool {
        self.p_attainable.is_some_and(|p| p > self.alpha)
    }
}

/// All tests of one system against its baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// By task, headline first, then labels in byte order.
    pub tests: Vec<Test>,
    /// Labels that are predicted and that gold does not hold, as layer, metric, label.
    pub only_predicted: Vec<(String, String, String)>,
    /// Documents that moved on each task's metric, by task.
    pub documents: Vec<BTreeMap<Digest, Moved>>,
    /// Family of the headlines, and that of the labels: their tests in the order above;
    /// `None` where nothing was tested.
    pub families: [Option<Family>; 2],
    /// Every outlet that was tested alone.
    pub outlets: Vec<OutletTest>,
    /// Outlets with too few documents to be tested.
    pub n_small_outlets: usize,
    /// Clusters of documents.
    pub n_clusters: usize,
    /// Documents.
    pub n_documents: usize,
}

impl Compared {
    /// Documents that are worse on the metric of any task.
    pub fn n_worse(&self) -> u64 {
        self.moved(Moved::Worse).len() as u64
    }

    /// Documents that are better on the metric of a task, and worse on none.
    pub fn n_better(&self) -> u64 {
        let worse = self.moved(Moved::Worse);
        self.moved(Moved::Better).difference(&worse).count() as u64
    }

    fn moved(&self, wanted: Moved) -> BTreeSet<Digest> {
        let of_task = |task: &BTreeMap<Digest, Moved>| -> Vec<Digest> {
            let moved = task.iter().filter(|(_, moved)| **moved == wanted);
            moved.map(|(doc, _)| *doc).collect()
        };
        self.documents.iter().flat_map(of_task).collect()
    }
}

pub use outlets::OutletTest;
pub use unit::{AUTO_SOURCES, ComparedUnit, compare_by};

/// The unit that is swapped and resampled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnitChoice {
    /// The source where at least twelve are informative and a loss could be seen, else the
    /// document.
    #[default]
    Auto,
    /// The outlet.
    Source,
    /// The document.
    Document,
}

/// A text that names no unit of inference.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no unit of inference: use auto, source or document")]
pub struct UnitError(String);

impl FromStr for UnitChoice {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<UnitChoice, UnitError> {
        match text {
            "auto" => Ok(UnitChoice::Auto),
            "source" => Ok(UnitChoice::Source),
            "document" => Ok(UnitChoice::Document),
            other => Err(UnitError(other.to_owned())),
        }
    }
}

/// Clusters of documents, and whether they are sources.
///
/// A document without a source is its own source.
pub fn clusters(
    documents: &[(Digest, Option<&str>)],
    choice: UnitChoice,
) -> (BTreeMap<Digest, String>, bool) {
    let own = |doc: &Digest| doc.to_string();
    let source = |(doc, source): &(Digest, Option<&str>)| {
        source.map_or_else(|| own(doc), str::to_owned)
    };
    let n_sources = documents.iter().map(source).collect::<BTreeSet<_>>().len();
    let by_source = match choice {
        UnitChoice::Source => true,
        UnitChoice::Document => false,
        UnitChoice::Auto => n_sources >= AUTO_SOURCES,
    };
    let cluster = |document: &(Digest, Option<&str>)| {
        let key = if by_source { source(document) } else { own(&document.0) };
        (document.0, key)
    };
    (documents.iter().map(cluster).collect(), by_source)
}

/// Compares the current run with its baseline.
///
/// Two families: the headlines at α, every label with at least six informative clusters at
/// half of it; each adjusts p within itself, on masks that both share. A third, at half of
/// α, holds each outlet by its documents.
///
/// ```
/// use goldpress_eval::{Average, Comparison, Table, Task, Verdict, compare};
/// use goldpress_model::{CountRow, Counts, Digest};
///
/// let rows = |found: u64| -> Vec<CountRow> {
///     (0..8_u8)
///         .map(|doc| CountRow {
///             system: "acme".into(),
///             doc_id: Digest::of(&[doc]),
///             layer: "entity".into(),
///             metric: "strict".into(),
///             label: "ORG".into(),
///             counts: Counts { found, spurious: 1, missed: 5 - found },
///         })
///         .collect()
/// };
/// let (old, new) = (Table::from_rows(&[], &rows(4)), Table::from_rows(&[], &rows(3)));
/// let how = Comparison {
///     tasks: vec![Task { layer: "entity", metric: "strict", average: Average::Micro }],
///     ..Comparison::default()
/// };
/// let compared = compare(Some(&old), Some(&new), &how);
/// assert_eq!(compared.tests[0].verdict, Verdict::Regressed);
/// assert_eq!(compared.n_worse(), 8);
/// ```
pub fn compare(
    baseline: Option<&Table>,
    current: Option<&Table>,
    how: &Comparison<'_>,
) -> Compared {
    let empty = Table::default();
    let runs =
        Runs { baseline: baseline.unwrap_or(&empty), current: current.unwrap_or(&empty) };
    let documents = runs.documents(&how.clusters);
    let mut tasks = how.tasks.clone();
    tasks.sort_unstable();
    let mut tests = Vec::new();
    let mut samples: Vec<Option<Sample>> = Vec::new();
    let mut only_predicted = Vec::new();
    let mut moved_documents = Vec::new();
    for task in &tasks {
        let counts = runs.task(task, &documents);
        moved_documents.push(counts.moved());
        for label in counts.names() {
            let sample = counts.sample(label);
            let support = counts.support(label);
            if label != "*" && support == 0 {
                let name =
                    (task.layer.to_owned(), task.metric.to_owned(), label.to_owned());
                only_predicted.push(name);
                continue;
            }
            tests.push(counts.test(label, &sample, support));
            samples.push(sample);
        }
    }
    let families = adjust(&mut tests, &samples, how);
    for (test, sample) in tests.iter_mut().zip(&samples) {
        let difference = test.difference.as_ref();
        let evidence = Evidence {
            comparable: how.comparable,
            in_current: current.is_some() && Runs::has(runs.current, test),
            in_baseline: baseline.is_some() && Runs::has(runs.baseline, test),
            same_counts: sample.as_ref().is_some_and(|s| !s.differs.contains(&true)),
            informative_clusters: difference.map_or(0, |d| d.informative),
            delta: difference.and_then(|d| d.delta),
            p_adjusted: test.p_adjusted,
            is_blind: test.is_blind(),
            lower: difference.and_then(|d| d.lower),
            margin: how.margin,
        };
        test.verdict = verdict(&evidence, test.alpha);
    }
    let (outlets, n_small_outlets) = match baseline.is_some() && current.is_some() {
        true => outlets::tested(&runs, &tasks, how),
        false => (Vec::new(), 0),
    };
    Compared {
        tests,
        only_predicted,
        documents: moved_documents,
        families,
        outlets,
        n_small_outlets,
        n_clusters: documents.n_clusters,
        n_documents: documents.ids.len(),
    }
}

/// Fills in the p of every test that can have one; gives both families.
fn adjust(
    tests: &mut [Test],
    samples: &[Option<Sample>],
    how: &Comparison<'_>,
) -> [Option<Family>; 2] {
    let is_headline = |test: &Test| {
        let of_primary =
            |(layer, metric): (&str, &str)| test.layer == layer && test.metric == metric;
        test.label == "*" && how.primary.is_none_or(of_primary)
    };
    let members = |wanted: bool| -> Vec<usize> {
        let at = 0..tests.len();
        at.filter(|&at| is_headline(&tests[at]) == wanted && is_tested(&tests[at]))
            .collect()
    };
    let groups = [members(true), members(false)];
    for (at, test) in tests.iter_mut().enumerate() {
        let is_headline = is_headline(test);
        test.alpha = if is_headline { how.alpha } else { how.alpha / 2.0 };
        test.n_family = groups[usize::from(!is_headline)].len();
        let differs = samples[at].iter().flat_map(|sample| &sample.differs);
        test.n_moved = differs.filter(|differs| **differs).count();
    }
    if !how.comparable || groups.iter().all(Vec::is_empty) {
        return [None, None];
    }
    let of_group = |group: &Vec<usize>| -> Vec<&Sample> {
        group.iter().filter_map(|&at| samples[at].as_ref()).collect()
    };
    let mut found =
        families(&groups.each_ref().map(of_group), how.resampling).into_iter();
    groups.map(|group| {
        let family = found.next().filter(|_| !group.is_empty())?;
        for (place, &at) in group.iter().enumerate() {
            let test = &mut tests[at];
            test.p = Some(family.p(place));
            test.p_adjusted = Some(family.p_adjusted(place));
            test.p_attainable = Some(family.p_attainable(place));
            let is_blind = test.is_blind();
            let level = family.critical(test.alpha);
            if let Some(difference) = &mut test.difference {
                let seen = difference.detectable_at(level).filter(|_| !is_blind);
                difference.detectable = seen;
            }
        }
        Some(family)
    })
}

/// Whether enough clusters hold something for a test.
fn is_tested(test: &Test) -> bool {
    let enough = |d: &Difference| d.delta.is_some() && d.informative >= LEAST_CLUSTERS;
    test.difference.as_ref().is_some_and(enough)
}
