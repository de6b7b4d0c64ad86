//! Datasets: a folder with a manifest, and the tables below it.

use std::{
    collections::{BTreeMap, HashSet},
    path::{Path, PathBuf},
};

use goldpress_model::{Article, Digest, Reject};

use crate::{
    bodies::{Bodies, BodyRow},
    error::StoreError,
    manifest::{MANIFEST, Manifest},
    part,
    reader::{self, Rows},
    run::{self, RunInfo},
    tables::{
        Annotations, Articles, CompiledAnnotation, Dedup, DedupRow, Raw, RawRow, Rejects,
        Table,
    },
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

    /// What of each article tells whether it is a copy, in input order; an error is the
    /// last item.
    pub fn bodies(&self) -> impl Iterator<Item = Result<BodyRow, StoreError>> + use<> {
        Bodies::of(self.files(Articles::NAME))
    }

    /// Clusters of near-duplicates, a row a document; none before the first
    /// `goldpress dedup`.
    ///
    /// # Errors
    ///
    /// The file is of another version, or made of other articles.
    pub fn dedup(
        &self,
    ) -> Result<impl Iterator<Item = Result<DedupRow, StoreError>> + use<>, StoreError>
    {
        let files = self.files(Dedup::NAME);
        for path in &files {
            let made_of = reader::metadata::<Dedup>(path)?("articles");
            if made_of != self.manifest.articles_hash() {
                return Err(StoreError::Stale { path: path.clone() });
            }
        }
        Ok(Rows::<Dedup>::of(files))
    }

    /// Writes `dedup.parquet`, in place of the old one; `about` are the parameters that
    /// the clusters hang on.
    ///
    /// # Errors
    ///
    /// The disk refuses; then the old table stays.
    pub fn write_dedup(
        &self,
        rows: impl Iterator<Item = DedupRow>,
        about: &[(&'static str, String)],
    ) -> Result<(), StoreError> {
        let mut about = about.to_vec();
        about.push(("articles", self.manifest.articles_hash()));
        part::write_file::<Dedup, StoreError>(
            &self.root.join(DEDUP),
            rows.map(Ok),
            &about,
        )
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
    /// Held a few at a time. A file of another version, or a broken one, is an error among
    /// the rows.
    pub fn annotations(
        &self,
    ) -> impl Iterator<Item = Result<CompiledAnnotation, StoreError>> + use<> {
        let path = self.root.join(ANNOTATIONS);
        let files = if path.is_file() { vec![path] } else { Vec::new() };
        Rows::<Annotations>::of(files)
    }

    /// What the compiled annotations were made of; `None` where there are none.
    ///
    /// # Errors
    ///
    /// The file is of another version, or broken.
    pub fn annotations_about(&self) -> Result<Option<AnnotationsAbout>, StoreError> {
        let path = self.root.join(ANNOTATIONS);
        if !path.is_file() {
            return Ok(None);
        }
        let value = reader::metadata::<Annotations>(&path)?;
        let sets = serde_json::from_str(&value("label_sets")).unwrap_or_default();
        Ok(Some(AnnotationsAbout { schema: value("labels"), sets }))
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
    /// `rejects`, `annotations`, `dedup`; none where the table is not there.
    pub fn files(&self, table: &str) -> Vec<PathBuf> {
        let single = match table {
            Annotations::NAME => Some(ANNOTATIONS),
            Dedup::NAME => Some(DEDUP),
            _ => None,
        };
        if let Some(name) = single {
            let path = self.root.join(name);
            return path.is_file().then_some(path).into_iter().collect();
        }
        let parts = self.manifest.parts(table);
        parts.iter().map(|part| self.root.join(&part.file)).collect()
    }

    fn rows<T: Table>(&self) -> Rows<T> {
        Rows::of(self.files(T::NAME))
    }
}

/// Name of the table of clusters in the dataset's folder.
pub(crate) const DEDUP: &str = "dedup.parquet";

/// Name of the table of annotations in the dataset's folder.
const ANNOTATIONS: &str = "annotations.parquet";

/// What `annotations.parquet` was compiled from; stands in its metadata.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AnnotationsAbout {
    /// The schema that the lines were checked against: its name, version and hash.
    pub schema: String,
    /// Layer set → hash over its label files; empty in tables that do not say.
    pub sets: BTreeMap<String, String>,
}

/// Writes `annotations.parquet` below `dataset`, in place of the old one.
///
/// Rows come in order by document and set, and are held a few at a time.
///
/// # Errors
///
/// The disk refuses, or a row is an error; then the old table stays.
pub fn write_annotations<E: From<StoreError>>(
    dataset: &Path,
    rows: impl Iterator<Item = Result<CompiledAnnotation, E>>,
    about: &AnnotationsAbout,
) -> Result<(), E> {
    let about = vec![
        ("labels", about.schema.clone()),
        ("label_sets", crate::json::canonical(&about.sets)),
    ];
    part::write_file::<Annotations, E>(&dataset.join(ANNOTATIONS), rows, &about)
}
