//! Verification: whether a dataset is what its manifest and its hashes say.
//!
//! Reads every byte of every table. Labels are the matter of `goldpress label check`;
//! only their compiled table is compared with the texts.

use std::{
    collections::{BTreeMap, HashSet},
    fmt,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use goldpress_model::{Article, CharIndex, Digest, Flaw, LooseAnnotation, RejectReason};

use crate::{
    bodies::BodyRow,
    dataset::Dataset,
    error::StoreError,
    keepers::Keepers,
    manifest::MANIFEST,
    part::Part,
    run::Run,
    tables::{Articles, Raw, Rejects, Table},
};

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file or folder.
    pub path: PathBuf,
    /// What is wrong with it.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.message)
    }
}

/// Looks for faults: files that are missing, changed or too many; rows that are no nouns
/// or whose hashes are not those of what they name; rows of `raw` and `articles` that do
/// not belong together; records that were lost; annotations off their text; runs that
/// cannot be read.
///
/// Empty for a sound dataset. Costs one pass over all bytes and 48 bytes of memory an
/// article, besides the annotations.
pub fn verify(dataset: &Dataset) -> Vec<Fault> {
    let mut check = Check { dataset, faults: Vec::new() };
    check.parts();
    let raw_ids = check.articles();
    if dataset.has_raw() {
        check.raw(&raw_ids);
    }
    check.rejects();
    check.dedup();
    check.runs();
    check.faults
}

struct Check<'d> {
    dataset: &'d Dataset,
    faults: Vec<Fault>,
}

impl Check<'_> {
    fn fault(&mut self, path: &Path, message: impl Into<String>) {
        self.faults.push(Fault { path: path.to_owned(), message: message.into() });
    }

    /// An error of the store, at the file that it names.
    fn error(&mut self, table: &str, error: &StoreError) {
        match error {
            StoreError::Row { path, row, reason } => {
                self.fault(path, format!("row {row}: {reason}"));
            }
            StoreError::Parquet { path, source } => self.fault(path, source.to_string()),
            StoreError::Document { path, source } => self.fault(path, source.to_string()),
            StoreError::Io { path, source } => self.fault(path, source.to_string()),
            other => self.fault(&self.table(table), other.to_string()),
        }
    }

    fn table(&self, name: &str) -> PathBuf {
        self.dataset.root().join(name)
    }

    /// A number of the manifest against what was counted.
    fn count<N: PartialEq + fmt::Debug>(&mut self, what: &str, should: &N, is: &N) {
        if should != is {
            let path = self.table(MANIFEST);
            self.fault(&path, format!("{what}: says {should:?}, the tables have {is:?}"));
        }
    }

    /// Every part has its bytes, and no part is there that the manifest does not list.
    fn parts(&mut self) {
        for (name, info) in &self.dataset.manifest().tables {
            for part in &info.parts {
                self.part(part);
            }
            let rows = info.parts.iter().map(|part| part.rows).sum();
            self.count(&format!("rows of `{name}`"), &info.rows, &rows);

            let listed: Vec<PathBuf> =
                info.parts.iter().map(|part| self.table(&part.file)).collect();
            let folder = fs::read_dir(self.table(name)).into_iter().flatten().flatten();
            let mut there: Vec<PathBuf> = folder.map(|entry| entry.path()).collect();
            there.sort();
            for path in there.iter().filter(|path| !listed.contains(path)) {
                self.fault(path, "is not in the manifest");
            }
        }
    }

    fn part(&mut self, part: &Part) {
        let path = self.table(&part.file);
        match hash_of(&path) {
            Err(error) => self.fault(&path, error.to_string()),
            Ok((bytes, _)) if bytes != part.bytes => {
                let should = part.bytes;
                self.fault(&path, format!("has {bytes} bytes, and should have {should}"));
            }
            Ok((_, hash)) if hash != part.blake3 => {
                let should = &part.blake3;
                self.fault(&path, format!("hashes to {hash}, and should to {should}"));
            }
            Ok(_) => {}
        }
    }

    /// Articles are sound and marked as copies where they are, and annotations quote them.
    ///
    /// Gives their `raw_id`s in order; `None` for a row that could not be read.
    fn articles(&mut self) -> Vec<Option<Digest>> {
        let folder = self.table(Articles::NAME);
        let mut annotations = self.annotations();
        let mut keepers = Keepers::new();
        let mut flaws: BTreeMap<Flaw, u64> = BTreeMap::new();
        let mut n_duplicates = 0;
        let mut raw_ids = Vec::new();
        for row in self.dataset.articles() {
            let article = match row {
                Ok(article) => article,
                Err(error) => {
                    raw_ids.push(None);
                    self.error(Articles::NAME, &error);
                    continue;
                }
            };
            let parts = article.parts();
            raw_ids.push(Some(parts.raw_id));
            for (flaw, _) in &parts.flaws {
                *flaws.entry(*flaw).or_default() += 1;
            }
            let keeper = match keepers.of(&article) {
                Ok(keeper) => keeper,
                Err(error) => {
                    self.error(Articles::NAME, &StoreError::at(&folder)(error));
                    continue;
                }
            };
            n_duplicates += u64::from(keeper.is_some());
            if parts.dup_of != keeper {
                let row = raw_ids.len();
                let (is, should) = (parts.dup_of, keeper);
                let message = format!("row {row}: `dup_of` is {is:?}, not {should:?}");
                self.fault(&folder, message);
            }
            if let Some(all) = annotations.remove(&article.doc_id()) {
                self.quotes(&article, all);
            }
        }
        for doc_id in annotations.keys() {
            let path = self.table("annotations.parquet");
            self.fault(&path, format!("there is no article {doc_id}"));
        }
        let manifest = self.dataset.manifest();
        self.count("n_articles", &manifest.n_articles, &(raw_ids.len() as u64));
        self.count("n_duplicates", &manifest.n_duplicates, &n_duplicates);
        self.count("flaws", &manifest.flaws, &flaws);
        raw_ids
    }

    /// Compiled annotations by document.
    fn annotations(&mut self) -> BTreeMap<Digest, Vec<LooseAnnotation>> {
        let mut by_document: BTreeMap<Digest, Vec<LooseAnnotation>> = BTreeMap::new();
        for row in self.dataset.annotations() {
            match row {
                Ok(row) => {
                    by_document.entry(row.doc_id).or_default().push(row.line.annotation);
                }
                Err(error) => self.error("annotations.parquet", &error),
            }
        }
        by_document
    }

    fn quotes(&mut self, article: &Article, all: Vec<LooseAnnotation>) {
        let index = CharIndex::new(article.text());
        for says in all {
            let id = says.id.clone();
            if let Err(error) = says.check(&index) {
                let path = self.table("annotations.parquet");
                self.fault(&path, format!("{}, `{id}`: {error}", article.doc_id()));
            }
        }
    }

    /// Raw bytes hash to their id and belong to the article of the same row.
    fn raw(&mut self, raw_ids: &[Option<Digest>]) {
        let folder = self.table(Raw::NAME);
        let mut n_rows = 0;
        for row in self.dataset.raw() {
            n_rows += 1;
            let raw = match row {
                Ok(raw) => raw,
                Err(error) => {
                    self.error(Raw::NAME, &error);
                    continue;
                }
            };
            let (raw_id, hash) = (raw.raw_id, Digest::of(&raw.bytes));
            if hash != raw_id {
                let message =
                    format!("row {n_rows}: the bytes of {raw_id} hash to {hash}");
                self.fault(&folder, message);
            }
            match raw_ids.get(n_rows - 1) {
                Some(Some(wanted)) if *wanted != raw_id => {
                    let message = format!("row {n_rows}: is {raw_id}, not {wanted}");
                    self.fault(&folder, message);
                }
                _ => {}
            }
        }
        if n_rows != raw_ids.len() {
            let n = raw_ids.len();
            self.fault(&folder, format!("{n_rows} rows for {n} articles"));
        }
    }

    /// Rejects are sound, and every record became a row.
    fn rejects(&mut self) {
        let mut reasons: BTreeMap<RejectReason, u64> = BTreeMap::new();
        for row in self.dataset.rejects() {
            match row {
                Ok(reject) => *reasons.entry(reject.reason).or_default() += 1,
                Err(error) => self.error(Rejects::NAME, &error),
            }
        }
        let manifest = self.dataset.manifest();
        self.count("rejects", &manifest.rejects, &reasons);
        self.count("n_rejects", &manifest.n_rejects, &reasons.values().sum());
        let rows = manifest.n_articles + manifest.n_rejects;
        self.count("n_records", &manifest.n_records, &rows);
    }

    /// Clusters are those of these documents, in their order.
    fn dedup(&mut self) {
        let path = self.table("dedup.parquet");
        if !path.exists() {
            return;
        }
        let rows = match self.dataset.dedup() {
            Ok(rows) => rows,
            Err(error) => return self.fault(&path, error.to_string()),
        };
        let mut seen = HashSet::new();
        let is_first = |row: &Result<BodyRow, StoreError>| {
            row.as_ref().map_or(true, |row| seen.insert(row.doc_id))
        };
        let mut bodies = self.dataset.bodies().filter(is_first);
        let mut n_rows = 0;
        for row in rows {
            n_rows += 1;
            match (row, bodies.next()) {
                (Err(error), _) => return self.fault(&path, error.to_string()),
                (Ok(row), Some(Ok(body))) if row.doc_id == body.doc_id => {}
                _ => {
                    return self
                        .fault(&path, format!("row {n_rows} is not its document"));
                }
            }
        }
        if bodies.next().is_some() {
            self.fault(
                &path,
                format!("has {n_rows} rows, fewer than there are documents"),
            );
        }
    }

    /// Tables of runs can be read, and answers are those that `run.json` sums up.
    fn runs(&mut self) {
        let runs = match self.dataset.runs() {
            Ok(runs) => runs,
            Err(error) => return self.error("runs", &error),
        };
        for info in runs {
            let run = match Run::open(self.dataset, &info.run_id) {
                Ok(run) => run,
                Err(error) => {
                    self.error("runs", &error);
                    continue;
                }
            };
            match run.answers() {
                Ok(found) if found.systems == info.systems => {}
                Ok(_) => {
                    self.fault(run.path(), "the answers are not those of `run.json`")
                }
                Err(error) => self.error("runs", &error),
            }
            let timings = run.timings().find_map(Result::err);
            let counts = run.counts().err();
            for error in timings.into_iter().chain(counts) {
                self.error("runs", &error);
            }
        }
    }
}

/// Number of bytes of a file, and their BLAKE3.
fn hash_of(path: &Path) -> io::Result<(u64, String)> {
    let mut hash = blake3::Hasher::new();
    let bytes = io::copy(&mut File::open(path)?, &mut hash)?;
    Ok((bytes, hash.finalize().to_hex().to_string()))
}
