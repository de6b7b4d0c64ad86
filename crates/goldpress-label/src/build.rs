//! `label build`: all label files, checked, as one table.

use std::collections::BTreeMap;

use goldpress_model::{Digest, Schema};
use goldpress_store::{
    AnnotationsAbout, CompiledAnnotation, Dataset, labels, write_annotations,
};

use crate::{
    checks::{Finding, Severity},
    compiled::{hashes, spelt},
    reading::check_reading,
    schema::load_schema,
    sets::{LabelError, LabelName, LabelSets},
    verify::{absent, file_name, for_each_article, text_of},
};

/// Why there is no new table.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// Label files with errors; the old table stays.
    #[error("{} errors in label files, the first: {}", .0.len(), .0[0])]
    Faults(Vec<Finding>),
    /// A file or table cannot be read or written; the old table stays.
    #[error(transparent)]
    Labels(#[from] LabelError),
}

/// What a build made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BuildReport {
    /// Label files compiled.
    pub n_files: usize,
    /// Rows, by set and layer; those of review among them.
    pub counts: BTreeMap<(String, String), u64>,
    /// What is worth a look and stopped nothing.
    pub warnings: Vec<Finding>,
}

impl BuildReport {
    /// Rows of the table.
    pub fn n_rows(&self) -> u64 {
        self.counts.values().sum()
    }
}

/// Compiles the label files of a dataset into `annotations.parquet`: all sets, all
/// statuses.
///
/// The same labels give the same bytes.
///
/// # Errors
///
/// A label file holds an error, cannot be read, or speaks of no article of the dataset.
/// Then the old table stays.
pub fn build(dataset: &Dataset) -> Result<BuildReport, BuildError> {
    let schema = load_schema(dataset.root()).map_err(LabelError::from)?;
    build_under(&schema, dataset)
}

/// The same under a given schema.
///
/// # Errors
///
/// As [`build`].
pub fn build_under(
    schema: &Schema,
    dataset: &Dataset,
) -> Result<BuildReport, BuildError> {
    let sets = LabelSets::of(dataset.root());
    let mut waiting: BTreeMap<Digest, Vec<LabelName>> = BTreeMap::new();
    for name in sets.list()? {
        waiting.entry(name.doc).or_default().push(name);
    }
    let mut report = BuildReport::default();
    let mut findings = Vec::new();
    // Every file is read twice, so that none has to be held: 400,000 lines are a gigabyte.
    let mut checked: BTreeMap<(Digest, String), Digest> = BTreeMap::new();
    for_each_article(dataset, &waiting.keys().copied().collect(), |article| {
        for name in waiting.remove(&article.doc_id()).unwrap_or_default() {
            let bytes = sets.bytes(&name)?.unwrap_or_default();
            let file = file_name(&name);
            let text = text_of(article);
            let reading = labels::read(&bytes);
            findings.extend(check_reading(schema, &text, &name.set, &file, &reading));
            report.n_files += 1;
            for (_, line) in reading.lines {
                let key = (name.set.clone(), line.annotation.layer);
                *report.counts.entry(key).or_default() += 1;
            }
            checked.insert((name.doc, name.set), Digest::of(&bytes));
        }
        Ok(())
    })?;
    findings.extend(waiting.into_values().flatten().map(|name| absent(&name)));
    findings.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    let (errors, warnings): (Vec<Finding>, Vec<Finding>) =
        findings.into_iter().partition(|finding| finding.severity == Severity::Error);
    if !errors.is_empty() {
        return Err(BuildError::Faults(errors));
    }
    let about = AnnotationsAbout {
        schema: spelt(schema),
        sets: hashes(
            checked.iter().map(|((doc, set), file)| (set.as_str(), *doc, *file)),
        ),
    };
    let rows = checked.into_iter().flat_map(|((doc, set), digest)| {
        match rows_of(&sets, schema, LabelName { set, doc }, digest) {
            Ok(rows) => rows.into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error)],
        }
    });
    write_annotations(dataset.root(), rows, &about)?;
    Ok(BuildReport { warnings, ..report })
}

/// The rows of a label file, which has to be as it was when it was checked.
fn rows_of(
    sets: &LabelSets,
    schema: &Schema,
    name: LabelName,
    checked: Digest,
) -> Result<Vec<CompiledAnnotation>, LabelError> {
    let bytes = sets.bytes(&name)?.unwrap_or_default();
    if Digest::of(&bytes) != checked {
        return Err(LabelError::Changed { file: sets.path(&name) });
    }
    let LabelName { set, doc } = name;
    let row = |line| CompiledAnnotation {
        doc_id: doc,
        set: set.clone(),
        line,
        schema: schema.id(),
    };
    Ok(labels::read(&bytes).lines.into_iter().map(|(_, line)| row(line)).collect())
}
