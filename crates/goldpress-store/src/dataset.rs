//! Datasets: a folder with a manifest, and the tables below it.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use goldpress_model::{Article, Digest, Reject};

use crate::{
    error::StoreError,
    manifest::{MANIFEST, Manifest},
    part,
    reader::Rows,
    run::{self, RunInfo},
    tables::{Annotations, Articles, CompiledAnnotation, Raw, RawRow, Rejects, Table},
};

/// A finished dataset.
///
/// Tables are read a batch at a time: memory holds one batch, however long the table is.
/// A row that makes no noun is an error, and reading goes on after it; an error of the
/// file is the last item.
#[derive(Debug, Clone)]
pub struct Dataset {
    root: PathBuf,
    manifest: Manifest,
}

impl Dataset {
    /// Opens the dataset in `root`.
    ///
    /// Hashes of the parts are not compared: that reads every byte, and is
    /// [`verify`](crate::verify()).
    ///
    /// # Errors
    ///
    /// There is no manifest, or it or a table is of a version this build does not know.
    pub fn open(root: &Path) -> Result<Dataset, StoreError> {
        let manifest = Manifest::read(root)?;
        let known = [Articles::version(), Raw::version(), Rejects::version()];
        for info in manifest.tables.values() {
            if !known.contains(&info.schema) {
                return Err(StoreError::Version {
                    path: root.join(MANIFEST),
                    found: info.schema.clone(),
                    known: known.join("`, `"),
                });
            }
        }
        Ok(Dataset { root: root.to_owned(), manifest })
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What the ingest wrote.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// All articles, in input order.
    pub fn articles(
        &self,
    ) -> impl Iterator<Item = Result<Article, StoreError>> + Send + use<> {
        self.rows::<Articles>()
    }

    /// The articles that stand for their text and their body: copies of an earlier row
    /// are left out.
    ///
    /// Remembers 16 bytes an article.
    pub fn keepers(
        &self,
    ) -> impl Iterator<Item = Result<Article, StoreError>> + Send + use<> {
        let mut seen: HashSet<Digest> = HashSet::new();
        self.articles().filter(move |row| match row {
            Ok(article) => article.is_keeper() && seen.insert(article.doc_id()),
            Err(_) => true,
        })
    }

    /// Raw bytes: row n belongs to row n of [`Dataset::articles`]. Empty where they were
    /// not kept.
    pub fn raw(&self) -> impl Iterator<Item = Result<RawRow, StoreError>> + Send + use<> {
        self.rows::<Raw>()
    }

    /// Records that became no article, in input order.
    pub fn rejects(
        &self,
    ) -> impl Iterator<Item = Result<Reject, StoreError>> + Send + use<> {
        self.rows::<Rejects>()
    }

    /// Whether raw bytes were kept.
    pub fn has_raw(&self) -> bool {
        self.manifest.tables.contains_key(Raw::NAME)
    }

    /// Compiled annotations, by document, set and place in the label file; none before
    /// the first `goldpress label build`.
    ///
    /// # Errors
    ///
    /// The file is of another version, or broken.
    pub fn annotations(&self) -> Result<Vec<CompiledAnnotation>, StoreError> {
        let path = self.root.join(ANNOTATIONS);
        if !path.is_file() {
            return Ok(Vec::new());
        }
        Rows::<Annotations>::of(vec![path]).collect()
    }

    /// Finished runs: complete ones first, each kind from the newest.
    ///
    /// # Errors
    ///
    /// A `run.json` is of another version, or broken.
    pub fn runs(&self) -> Result<Vec<RunInfo>, StoreError> {
        run::list(&self.root)
    }

    /// The Parquet files of a table, for readers of their own: `articles`, `raw`,
    /// `rejects`, `annotations`; none where the table is not there.
    pub fn files(&self, table: &str) -> Vec<PathBuf> {
        if table == Annotations::NAME {
            let path = self.root.join(ANNOTATIONS);
            return path.is_file().then_some(path).into_iter().collect();
        }
        let parts = self.manifest.parts(table);
        parts.iter().map(|part| self.root.join(&part.file)).collect()
    }

    fn rows<T: Table>(&self) -> Rows<T> {
        Rows::of(self.files(T::NAME))
    }
}

/// Name of the table of annotations in the dataset's folder.
const ANNOTATIONS: &str = "annotations.parquet";

/// Writes `annotations.parquet` below `dataset`, in place of the old one.
///
/// Rows are put into order by document and set; those of one set keep theirs.
/// `schema` is the schema they were checked against: its name, version and hash.
///
/// # Errors
///
/// The disk refuses; then the old table stays.
pub fn write_annotations(
    dataset: &Path,
    rows: &[CompiledAnnotation],
    schema: &str,
) -> Result<(), StoreError> {
    let mut sorted = rows.to_vec();
    sorted.sort_by(|a, b| (a.doc_id, &a.set).cmp(&(b.doc_id, &b.set)));
    let about = vec![("labels", schema.to_owned())];
    let rows = sorted.into_iter().map(Ok);
    part::write_file::<Annotations>(&dataset.join(ANNOTATIONS), rows, &about)
}
