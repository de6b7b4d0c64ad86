//! The baseline: counts of every document that later runs are compared with.
//!
//! JSON Lines made for git: a header, then one line a document, sorted, without times or
//! machines, so that a diff shows which articles moved. Two runs that count the same write
//! the same bytes.

use std::{collections::BTreeMap, path::Path};

use goldpress_model::{CountRow, Counts, Digest, RunOutcome};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{atomic, error::StoreError, json::canonical};

/// Version of the file; an unknown one is refused.
pub const BASELINE_VERSION: u32 = 1;

/// A baseline: header and documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    /// What was compared, and why it became the baseline.
    pub header: BaselineHeader,
    /// Documents by `doc_id`.
    pub documents: Vec<BaselineDocument>,
}

/// The first line: everything that must be equal for two results to be compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaselineHeader {
    /// [`BASELINE_VERSION`].
    pub goldpress_baseline: u32,
    /// Why the change was wanted; empty in a file that nobody has accepted.
    pub because: String,
    /// Number of documents.
    pub documents: u64,
    /// Hash of the gold.
    pub gold: String,
    /// Version of the metrics.
    pub metrics: String,
    /// Version of the normalisation of field values.
    pub norm: String,
    /// `name@version` of the schema and its hash.
    pub schema: String,
    /// `main` or `all`.
    pub scope: String,
    /// Split of a recipe, or empty.
    pub split: String,
    /// The systems by name.
    pub systems: BTreeMap<String, BaselineSystem>,
    /// Version of the tokeniser.
    pub tokeniser: String,
}

/// A system of a baseline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaselineSystem {
    /// Hash of its options; empty for built-ins.
    pub config: String,
    /// Hash of its answers: the run that holds them is found by it.
    pub predictions: String,
    /// Its version.
    pub version: String,
}

/// One document of a baseline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaselineDocument {
    /// The document.
    pub doc: Digest,
    /// Hash of its gold.
    pub gold: Digest,
    /// System → `layer/metric` → label → `[tp, fp, fn]`.
    #[serde(default)]
    pub n: BTreeMap<String, BTreeMap<String, BTreeMap<String, [u64; 3]>>>,
    /// System → outcome, other than `ok`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub o: BTreeMap<String, RunOutcome>,
}

/// What of a version can be told before anything else is believed.
#[derive(Deserialize)]
struct Versioned {
    goldpress_baseline: Option<u32>,
}

impl Baseline {
    /// Reads the lines of a baseline; `name` stands in errors.
    ///
    /// # Errors
    ///
    /// The version is unknown, a line is no JSON or has an unknown key, or the number of
    /// documents is not that of the header.
    pub fn parse(text: &str, name: &Path) -> Result<Baseline, StoreError> {
        let mut lines = text.lines();
        let first = lines.next().unwrap_or_default();
        let version = line::<Versioned>(first, name)?.goldpress_baseline;
        if version != Some(BASELINE_VERSION) {
            let found = version.map_or("none".to_owned(), |version| version.to_string());
            return Err(StoreError::Version {
                path: name.to_owned(),
                found: format!("goldpress_baseline {found}"),
                known: format!("goldpress_baseline {BASELINE_VERSION}"),
            });
        }
        let header: BaselineHeader = line(first, name)?;
        let documents: Vec<BaselineDocument> =
            lines.map(|text| line(text, name)).collect::<Result<_, _>>()?;
        if header.documents != documents.len() as u64 {
            return Err(StoreError::Unbalanced(format!(
                "`{}` speaks of {} documents and holds {}",
                name.display(),
                header.documents,
                documents.len()
            )));
        }
        Ok(Baseline { header, documents })
    }

    /// Reads a file; `None` where there is none.
    ///
    /// # Errors
    ///
    /// As [`Baseline::parse`], and the disk.
    pub fn read(path: &Path) -> Result<Option<Baseline>, StoreError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Baseline::parse(&text, path).map(Some),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::at(path)(error)),
        }
    }

    /// The lines, each with its line end.
    pub fn render(&self) -> String {
        let mut text = canonical(&self.header);
        text.push('\n');
        for document in &self.documents {
            text.push_str(&canonical(document));
            text.push('\n');
        }
        text
    }

    /// Writes the file in place of an older one.
    ///
    /// # Errors
    ///
    /// The disk refuses; then the old file stays.
    pub fn write(&self, path: &Path) -> Result<(), StoreError> {
        atomic::write(path, self.render().as_bytes()).map_err(StoreError::at(path))
    }

    /// The rows of one system, as tables hold them.
    pub fn rows(&self, system: &str) -> Vec<CountRow> {
        let mut rows = Vec::new();
        for document in &self.documents {
            let Some(metrics) = document.n.get(system) else { continue };
            for (name, labels) in metrics {
                let Some((layer, metric)) = name.split_once('/') else { continue };
                rows.extend(labels.iter().map(|(label, &[found, spurious, missed])| {
                    CountRow {
                        system: system.to_owned(),
                        doc_id: document.doc,
                        layer: layer.to_owned(),
                        metric: metric.to_owned(),
                        label: label.clone(),
                        counts: Counts { found, spurious, missed },
                    }
                }));
            }
        }
        rows
    }

    /// Puts rows of a system in, in the place of those it had.
    pub fn set_rows(&mut self, system: &str, rows: &[CountRow]) {
        let mut by_doc: BTreeMap<Digest, Vec<&CountRow>> = BTreeMap::new();
        for row in rows {
            by_doc.entry(row.doc_id).or_default().push(row);
        }
        for document in &mut self.documents {
            document.n.remove(system);
            for row in by_doc.remove(&document.doc).unwrap_or_default() {
                let name = format!("{}/{}", row.layer, row.metric);
                let Counts { found, spurious, missed } = row.counts;
                let metrics = document.n.entry(system.to_owned()).or_default();
                let labels = metrics.entry(name).or_default();
                labels.insert(row.label.clone(), [found, spurious, missed]);
            }
        }
    }
}

fn line<T: DeserializeOwned>(text: &str, name: &Path) -> Result<T, StoreError> {
    serde_json::from_str(text)
        .map_err(|source| StoreError::Document { path: name.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = concat!(
        r#"{"because":"trained on March news","documents":2,"gold":"9c1f","goldpress_baseline":1,"metrics":"metrics/1","norm":"norm/1","schema":"news@1","scope":"main","split":"","systems":{"acme":{"config":"77ab","predictions":"d41c","version":"1.4.0"}},"tokeniser":"words/1"}"#,
        "\n",
        r#"{"doc":"00a10000000000000000000000000000","gold":"5be00000000000000000000000000000","n":{"acme":{"entity/strict":{"GPE":[4,0,1],"PERSON":[3,1,0]}}}}"#,
        "\n",
        r#"{"doc":"01f70000000000000000000000000000","gold":"c2d90000000000000000000000000000","n":{"acme":{"entity/strict":{"GPE":[0,0,2]}}},"o":{"acme":"timeout"}}"#,
        "\n",
    );

    #[test]
    fn what_is_read_is_written_byte_for_byte() {
        let baseline = Baseline::parse(LINES, Path::new("b")).unwrap();
        assert_eq!(baseline.render(), LINES);
        let mut again = baseline.clone();
        again.set_rows("acme", &baseline.rows("acme"));
        assert_eq!(again, baseline);
    }

    #[test]
    fn an_unknown_version_is_refused_before_its_keys() {
        let text = r#"{"goldpress_baseline":2,"novelty":true}"#;
        let error = Baseline::parse(text, Path::new("b")).unwrap_err();
        assert!(matches!(error, StoreError::Version { .. }), "{error}");
    }

    #[test]
    fn a_line_that_is_lost_is_noticed() {
        let short = LINES.lines().take(2).collect::<Vec<_>>().join("\n");
        let error = Baseline::parse(&short, Path::new("b")).unwrap_err();
        assert_eq!(error.to_string(), "`b` speaks of 2 documents and holds 1");
    }
}
