//! Comparisons: two runs of one system over the same gold, test by test.
//!
//! Refusing to compare what is not comparable (other gold, other documents) is the
//! caller's; it says so here with [`Comparison::comparable`].

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{Counts, Digest};

use crate::{
    gate::GatedTest,
    metrics::metric,
    plan::Average,
    statistics::{
        interval::{Difference, difference},
        moved::{Moved, moved},
        permutation::{Family, Resampling, family},
        ratio::{F1, Form, Ratio, Sample},
    },
    table::Table,
    verdict::{Evidence, LEAST_CLUSTERS, Verdict, verdict},
};

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
        }
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
    /// Masks of the family; `None` where nothing was tested.
    pub family: Option<Family>,
    /// Clusters of documents.
    pub n_clusters: usize,
    /// Documents.
    pub n_documents: usize,
}

/// The unit that is swapped and resampled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnitChoice {
    /// The source where at least six occur, else the document.
    #[default]
    Auto,
    /// The outlet.
    Source,
    /// The document.
    Document,
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
        UnitChoice::Auto => n_sources >= LEAST_CLUSTERS,
    };
    let cluster = |document: &(Digest, Option<&str>)| {
        let key = if by_source { source(document) } else { own(&document.0) };
        (document.0, key)
    };
    (documents.iter().map(cluster).collect(), by_source)
}

/// Compares the current run with its baseline.
///
/// One family holds the headline of each task and every label with at least six
/// informative clusters; p is adjusted over all of them on shared masks.
pub fn compare(
    baseline: Option<&Table>,
    current: Option<&Table>,
    how: &Comparison<'_>,
) -> Compared {
    let empty = Table::default();
    let sides = Runs {
        baseline: baseline.unwrap_or(&empty),
        current: current.unwrap_or(&empty),
        how,
    };
    let documents = sides.documents();
    let keys = sides.cluster_keys(&documents);
    let mut tasks = how.tasks.clone();
    tasks.sort_unstable();
    let mut tests = Vec::new();
    let mut samples: Vec<Option<Sample>> = Vec::new();
    let mut only_predicted = Vec::new();
    let mut moved_documents = Vec::new();
    for task in &tasks {
        let counts = sides.task(task, &documents);
        moved_documents.push(counts.moved(&documents));
        for label in counts.labels() {
            let sample = counts.sample(label, &keys);
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
    let in_family: Vec<usize> = (0..tests.len())
        .filter(|&at| samples[at].as_ref().is_some_and(|s| is_tested(s, &tests[at])))
        .collect();
    let of_family: Vec<Sample> =
        in_family.iter().filter_map(|&at| samples[at].clone()).collect();
    let tested = how.comparable && !of_family.is_empty();
    let family = tested.then(|| family(&of_family, how.resampling));
    for (place, &at) in in_family.iter().enumerate() {
        let enough = |d: &Difference| d.informative >= LEAST_CLUSTERS;
        let may_say = tests[at].difference.as_ref().is_some_and(enough);
        if let Some(family) = family.as_ref().filter(|_| may_say) {
            tests[at].p = Some(family.p(place));
            tests[at].p_adjusted = Some(family.p_adjusted(place));
        }
    }
    for (test, sample) in tests.iter_mut().zip(&samples) {
        let difference = test.difference.as_ref();
        let evidence = Evidence {
            comparable: how.comparable,
            in_current: current.is_some() && sides.has(sides.current, test),
            in_baseline: baseline.is_some() && sides.has(sides.baseline, test),
            same_counts: sample.as_ref().is_some_and(|s| !s.differs.contains(&true)),
            informative_clusters: difference.map_or(0, |d| d.informative),
            delta: difference.and_then(|d| d.delta),
            p_adjusted: test.p_adjusted,
            lower: difference.and_then(|d| d.lower),
            margin: how.margin,
        };
        test.verdict = verdict(&evidence, how.alpha);
    }
    Compared {
        tests,
        only_predicted,
        documents: moved_documents,
        family,
        n_clusters: keys.iter().collect::<BTreeSet<_>>().len(),
        n_documents: documents.len(),
    }
}

/// Both runs, read under one comparison.
struct Runs<'a> {
    baseline: &'a Table,
    current: &'a Table,
    how: &'a Comparison<'a>,
}

impl<'a> Runs<'a> {
    /// Documents of either run in order.
    fn documents(&self) -> Vec<Digest> {
        let mut all: Vec<Digest> = self.baseline.docs().to_vec();
        all.extend(self.current.docs());
        all.sort_unstable();
        all.dedup();
        all
    }

    fn cluster_keys(&self, documents: &[Digest]) -> Vec<String> {
        let key = |doc: &Digest| match self.how.clusters.get(doc) {
            Some(key) => key.clone(),
            None => doc.to_string(),
        };
        documents.iter().map(key).collect()
    }

    /// Counts of one task by document and label, for both runs.
    fn task(&self, task: &'a Task<'a>, documents: &[Digest]) -> TaskCounts<'a> {
        let share = metric(task.metric).is_some_and(|metric| metric.share);
        let read = |table: &'a Table| -> Vec<BTreeMap<&'a str, Counts>> {
            let mut by_document = vec![BTreeMap::new(); documents.len()];
            let wanted: Vec<Option<&str>> = table
                .keys()
                .iter()
                .map(|key| {
                    let is = key.layer == task.layer && key.metric == task.metric;
                    is.then_some(key.label.as_str())
                })
                .collect();
            for row in table.rows() {
                let Some(label) = wanted[row.key as usize] else { continue };
                let doc = table.docs()[row.doc as usize];
                if let Ok(at) = documents.binary_search(&doc) {
                    *by_document[at].entry(label).or_default() += row.counts;
                }
            }
            by_document
        };
        let (baseline, current) = (read(self.baseline), read(self.current));
        TaskCounts { task, share, baseline, current }
    }

    /// Whether a run has the test: its layer and metric for a headline, else its label.
    ///
    /// Where gold holds nothing, a run without a row predicted nothing.
    fn has(&self, table: &Table, test: &Test) -> bool {
        test.support == 0
            || table.keys().iter().any(|key| {
                key.layer == test.layer
                    && key.metric == test.metric
                    && (test.label == "*" || key.label == test.label)
            })
    }
}

/// Counts of one task by document.
struct TaskCounts<'a> {
    task: &'a Task<'a>,
    share: bool,
    baseline: Vec<BTreeMap<&'a str, Counts>>,
    current: Vec<BTreeMap<&'a str, Counts>>,
}

impl<'a> TaskCounts<'a> {
    fn ratio(&self) -> Ratio {
        if self.share { Ratio::Precision } else { F1 }
    }

    fn in_gold(&self, counts: Counts) -> u64 {
        if self.share { counts.predicted() } else { counts.support() }
    }

    /// The headline and every label.
    fn labels(&self) -> Vec<&'a str> {
        let rows = self.baseline.iter().chain(&self.current);
        let labels: BTreeSet<&str> = rows.flat_map(|row| row.keys().copied()).collect();
        let others = labels.into_iter().filter(|label| *label != "*");
        std::iter::once("*").chain(others).collect()
    }

    fn of(&self, row: &BTreeMap<&str, Counts>, label: &str) -> Counts {
        match label {
            "*" => row.values().copied().sum(),
            label => row.get(label).copied().unwrap_or_default(),
        }
    }

    /// Items of the label in gold, which is the same gold for both runs.
    fn support(&self, label: &str) -> u64 {
        let sum = |rows: &[BTreeMap<&str, Counts>]| -> u64 {
            rows.iter().map(|row| self.in_gold(self.of(row, label))).sum()
        };
        sum(&self.current).max(sum(&self.baseline))
    }

    /// Columns by cluster in key order; `None` where nothing is counted on either side.
    fn sample(&self, label: &str, keys: &[String]) -> Option<Sample> {
        let supported: Vec<&str> = self
            .labels()
            .into_iter()
            .filter(|label| *label != "*" && self.support(label) > 0)
            .collect();
        let form = match (label, self.task.average) {
            ("*", Average::Documents) => Form::DocumentMean,
            ("*", Average::Labels) if !supported.is_empty() => Form::LabelMean,
            _ => Form::Ratio,
        };
        let ratio = self.ratio();
        let mut order: Vec<&String> = keys.iter().collect();
        order.sort_unstable();
        order.dedup();
        let at: BTreeMap<&String, usize> = order.iter().copied().zip(0..).collect();
        let width = if form == Form::LabelMean { 2 * supported.len() } else { 2 };
        let mut sample = Sample {
            form,
            baseline: vec![vec![0; width]; order.len()],
            current: vec![vec![0; width]; order.len()],
            differs: vec![false; order.len()],
        };
        // A cluster differs where its summed counts do, label by label.
        let mut sums: Vec<[BTreeMap<&str, Counts>; 2]> =
            vec![Default::default(); order.len()];
        for (doc, key) in keys.iter().enumerate() {
            let cluster = at[key];
            for (side, rows) in [&self.baseline, &self.current].into_iter().enumerate() {
                let row = &rows[doc];
                let counts = self.of(row, label);
                let columns = match form {
                    Form::DocumentMean => {
                        ratio.of_document(counts, self.in_gold(counts) > 0).to_vec()
                    }
                    Form::LabelMean => supported
                        .iter()
                        .flat_map(|label| ratio.terms(self.of(row, label)))
                        .collect(),
                    _ => ratio.terms(counts).to_vec(),
                };
                let into =
                    if side == 0 { &mut sample.baseline } else { &mut sample.current };
                into[cluster]
                    .iter_mut()
                    .zip(columns)
                    .for_each(|(sum, value)| *sum += value);
                for (of, counts) in
                    row.iter().filter(|(of, _)| label == "*" || **of == label)
                {
                    *sums[cluster][side].entry(of).or_default() += *counts;
                }
            }
        }
        let plain = |side: &BTreeMap<&'a str, Counts>| -> Vec<(&'a str, Counts)> {
            side.iter().filter(|(_, c)| !c.is_empty()).map(|(l, c)| (*l, *c)).collect()
        };
        for (differs, [old, new]) in sample.differs.iter_mut().zip(&sums) {
            *differs = plain(old) != plain(new);
        }
        (!order.is_empty()).then_some(sample)
    }

    fn test(&self, label: &str, sample: &Option<Sample>, support: u64) -> Test {
        let values = sample.as_ref().map(Sample::values).unwrap_or_default();
        Test {
            layer: self.task.layer.to_owned(),
            metric: self.task.metric.to_owned(),
            label: label.to_owned(),
            baseline: values.0,
            current: values.1,
            difference: sample.as_ref().map(difference),
            p: None,
            p_adjusted: None,
            support,
            verdict: Verdict::Inconclusive,
        }
    }

    fn moved(&self, documents: &[Digest]) -> BTreeMap<Digest, Moved> {
        let of = |row: &BTreeMap<&str, Counts>| self.of(row, "*");
        let each = documents.iter().enumerate().map(|(at, doc)| {
            let (old, new) = (&self.baseline[at], &self.current[at]);
            let how = match moved(self.ratio(), of(old), of(new)) {
                // Labels may have moved under an equal sum.
                Moved::Same if old != new => Moved::SameScore,
                how => how,
            };
            (*doc, how)
        });
        each.collect()
    }
}

/// Headlines always, labels only where enough clusters hold them.
fn is_tested(sample: &Sample, test: &Test) -> bool {
    test.difference.is_some()
        && test.difference.as_ref().is_some_and(|d| d.delta.is_some())
        && (test.label == "*" || sample.n_informative() >= LEAST_CLUSTERS)
}
