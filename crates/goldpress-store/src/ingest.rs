//! Writing a dataset: all of it or nothing, whenever the process is killed.
//!
//! Tables grow in `.ingest/` beside the old ones. At the end the old manifest goes, the
//! folders change places, and the new manifest is written last: a folder without one is
//! no dataset, and the next ingest clears what an earlier one left.

use std::{
    collections::{BTreeMap, HashMap, hash_map::Entry},
    fs::{self, File, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

use goldpress_model::{Article, Digest, Flaw, Outcome, Reject, RejectReason};

use crate::{
    atomic,
    error::StoreError,
    manifest::{MANIFEST, MANIFEST_VERSION, Manifest, TableInfo},
    part::{Part, PartsWriter, is_part_name},
    tables::{Articles, Raw, RawRow, Rejects, Table},
};

/// What an ingest was asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngestOptions {
    /// Whether the bytes of every article are kept in `raw`.
    pub keep_raw: bool,
    /// Whether a finished dataset of other inputs may be replaced.
    pub replace: bool,
    /// Hash of inputs and options: equal hashes promise equal tables.
    pub inputs: String,
    /// Version of the normaliser that makes the texts.
    pub normaliser: String,
    /// Field mapping that was asked for, if one was.
    pub preset: Option<String>,
}

/// What is known of an ingest when it ends.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IngestInfo {
    /// Version of goldpress.
    pub goldpress: String,
    /// Records read, which must be as many as rows were pushed.
    pub n_records: u64,
    /// Records of types that hold no document, by type.
    pub passed_over: BTreeMap<String, u64>,
}

/// Writes `articles`, `raw` and `rejects`; labels and runs beside them are not touched.
///
/// Dropped before [`IngestWriter::finish`], it leaves the folder as it was.
pub struct IngestWriter {
    root: PathBuf,
    options: IngestOptions,
    articles: PartsWriter<Articles>,
    raw: Option<PartsWriter<Raw>>,
    rejects: PartsWriter<Rejects>,
    /// Body → document of the first row that has it. 32 bytes a body and as many again
    /// for the map's spare room; above some four million bodies it would have to spill.
    keepers: HashMap<Digest, Digest>,
    counts: Tally,
    // Last, since fields are dropped in this order: files close before their folder goes.
    work: WorkFolder,
}

#[derive(Default)]
struct Tally {
    n_duplicates: u64,
    n_articles: u64,
    rejects: BTreeMap<RejectReason, u64>,
    flaws: BTreeMap<Flaw, u64>,
}

impl IngestWriter {
    /// Begins a dataset in `root`, which is made if it is not there.
    ///
    /// # Errors
    ///
    /// [`StoreError::AlreadyThere`] if the dataset is finished and not to be replaced;
    /// [`StoreError::Locked`] if another process writes it; [`StoreError::Foreign`] if a
    /// folder that the tables need holds files of somebody else.
    pub fn create(
        root: &Path,
        options: IngestOptions,
    ) -> Result<IngestWriter, StoreError> {
        check_free(root, &options)?;
        fs::create_dir_all(root).map_err(StoreError::at(root))?;
        let work = WorkFolder::claim(root)?;
        // Again, now that nobody else can finish one.
        check_free(root, &options)?;
        check_ours(root)?;
        work.clear()?;
        let mut about = vec![("normaliser", options.normaliser.clone())];
        about.extend(options.preset.clone().map(|preset| ("preset", preset)));
        let raw = match options.keep_raw {
            true => Some(PartsWriter::create(&work.table::<Raw>(), about.clone())?),
            false => None,
        };
        Ok(IngestWriter {
            root: root.to_owned(),
            articles: PartsWriter::create(&work.table::<Articles>(), about.clone())?,
            rejects: PartsWriter::create(&work.table::<Rejects>(), about)?,
            raw,
            options,
            keepers: HashMap::new(),
            counts: Tally::default(),
            work,
        })
    }

    /// Adds the outcome of one record; the order of calls is the order of rows.
    ///
    /// Says of an article whether its body stood in an earlier row. `raw` is the bytes of
    /// an article, and is ignored for a reject and where raw bytes are not kept.
    ///
    /// # Errors
    ///
    /// The disk refuses, or raw bytes are to be kept and are missing or not those of the
    /// article.
    pub fn push(
        &mut self,
        outcome: Outcome,
        raw: Option<RawRow>,
    ) -> Result<(), StoreError> {
        match outcome {
            Outcome::Article(article) => self.push_article(*article, raw),
            Outcome::Reject(reject) => self.push_reject(reject),
        }
    }

    fn push_article(
        &mut self,
        mut article: Article,
        raw: Option<RawRow>,
    ) -> Result<(), StoreError> {
        if let Some(table) = &mut self.raw {
            let raw_id = article.parts().raw_id;
            let fits = |raw: &RawRow| raw.raw_id == raw_id;
            let Some(raw) = raw.filter(fits) else {
                let doc_id = article.doc_id();
                return Err(StoreError::Unbalanced(format!(
                    "article {doc_id} comes without its raw bytes {raw_id}"
                )));
            };
            table.push(raw)?;
        }
        if !article.body().is_empty() {
            match self.keepers.entry(article.body_id()) {
                Entry::Vacant(first) => {
                    first.insert(article.doc_id());
                }
                Entry::Occupied(keeper) => {
                    article.set_dup_of(*keeper.get());
                    self.counts.n_duplicates += 1;
                }
            }
        }
        self.counts.n_articles += 1;
        for (flaw, _) in &article.parts().flaws {
            *self.counts.flaws.entry(*flaw).or_default() += 1;
        }
        self.articles.push(article)
    }

    fn push_reject(&mut self, reject: Reject) -> Result<(), StoreError> {
        *self.counts.rejects.entry(reject.reason).or_default() += 1;
        self.rejects.push(reject)
    }

    /// Closes and syncs the tables, puts them in place of the old ones and writes the
    /// manifest.
    ///
    /// # Errors
    ///
    /// The disk refuses, or `info.n_records` is not the number of rows: then a record was
    /// lost, and nothing is put in place.
    pub fn finish(self, info: IngestInfo) -> Result<Manifest, StoreError> {
        let IngestWriter { root, options, articles, raw, rejects, counts, work, .. } =
            self;
        let n_rejects = counts.rejects.values().sum();
        if info.n_records != counts.n_articles + n_rejects {
            return Err(StoreError::Unbalanced(format!(
                "{} records became {} articles and {n_rejects} rejects",
                info.n_records, counts.n_articles
            )));
        }
        let mut tables = BTreeMap::new();
        insert::<Articles>(&mut tables, articles.finish()?);
        insert::<Rejects>(&mut tables, rejects.finish()?);
        if let Some(raw) = raw {
            insert::<Raw>(&mut tables, raw.finish()?);
        }
        let manifest = Manifest {
            goldpress_manifest: MANIFEST_VERSION,
            goldpress: info.goldpress,
            normaliser: options.normaliser,
            preset: options.preset,
            inputs: options.inputs,
            n_records: info.n_records,
            n_articles: counts.n_articles,
            n_rejects,
            n_duplicates: counts.n_duplicates,
            rejects: counts.rejects,
            flaws: counts.flaws,
            passed_over: info.passed_over,
            tables,
        };
        work.put_in_place(&root)?;
        manifest.write(&root)?;
        Ok(manifest)
    }
}

fn insert<T: Table>(tables: &mut BTreeMap<String, TableInfo>, parts: Vec<Part>) {
    let rows = parts.iter().map(|part| part.rows).sum();
    let info = TableInfo { schema: T::version(), rows, parts };
    tables.insert(T::NAME.to_owned(), info);
}

/// Refuses a finished dataset that is not to be replaced.
fn check_free(root: &Path, options: &IngestOptions) -> Result<(), StoreError> {
    if options.replace || !root.join(MANIFEST).exists() {
        return Ok(());
    }
    let same_inputs = Manifest::read(root)?.inputs == options.inputs;
    Err(StoreError::AlreadyThere { root: root.to_owned(), same_inputs })
}

/// Refuses folders that hold anything but parts: they will be removed as a whole.
fn check_ours(root: &Path) -> Result<(), StoreError> {
    for name in TABLES {
        let folder = root.join(name);
        for path in entries(&folder)? {
            let file_name = path.file_name().and_then(|name| name.to_str());
            if !file_name.is_some_and(is_part_name) {
                return Err(StoreError::Foreign { path });
            }
        }
    }
    Ok(())
}

/// The tables that an ingest writes.
const TABLES: [&str; 3] = [Articles::NAME, Raw::NAME, Rejects::NAME];

/// `.ingest/`, held by one process; goes when the writer goes.
struct WorkFolder {
    folder: PathBuf,
    _lock: File,
}

impl WorkFolder {
    /// Makes the folder and locks it. The lock ends with the process, however it ends.
    fn claim(root: &Path) -> Result<WorkFolder, StoreError> {
        let folder = root.join(".ingest");
        let path = folder.join(LOCK);
        let own = std::process::id().to_string();
        loop {
            fs::create_dir_all(&folder).map_err(StoreError::at(&folder))?;
            let mut options = File::options();
            options.read(true).write(true).create(true).truncate(false);
            let mut lock = match options.open(&path) {
                // Another writer ended just now and took the folder along.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                opened => opened.map_err(StoreError::at(&path))?,
            };
            match lock.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    let process = fs::read_to_string(&path).unwrap_or_default();
                    return Err(StoreError::Locked { root: root.to_owned(), process });
                }
                Err(TryLockError::Error(error)) => {
                    return Err(StoreError::at(&path)(error));
                }
            }
            let noted = lock.set_len(0).and_then(|()| lock.write_all(own.as_bytes()));
            noted.map_err(StoreError::at(&path))?;
            // What was locked may have been removed between opening and locking.
            if fs::read_to_string(&path).is_ok_and(|process| process == own) {
                return Ok(WorkFolder { folder, _lock: lock });
            }
        }
    }

    /// Removes what a killed ingest left.
    fn clear(&self) -> Result<(), StoreError> {
        for path in entries(&self.folder)? {
            if path.ends_with(LOCK) {
                continue;
            }
            let removed = match path.is_dir() {
                true => fs::remove_dir_all(&path),
                false => fs::remove_file(&path),
            };
            removed.map_err(StoreError::at(&path))?;
        }
        Ok(())
    }

    fn table<T: Table>(&self) -> PathBuf {
        self.folder.join(T::NAME)
    }

    /// Removes the old dataset, manifest first, and moves the new tables to its place.
    fn put_in_place(&self, root: &Path) -> Result<(), StoreError> {
        let sync = || atomic::sync_folder(root).map_err(StoreError::at(root));
        let manifest = root.join(MANIFEST);
        if manifest.exists() {
            fs::remove_file(&manifest).map_err(StoreError::at(&manifest))?;
            sync()?;
        }
        for name in TABLES {
            let (new, old) = (self.folder.join(name), root.join(name));
            if old.exists() {
                fs::remove_dir_all(&old).map_err(StoreError::at(&old))?;
            }
            if new.exists() {
                fs::rename(&new, &old).map_err(StoreError::at(&old))?;
            }
        }
        sync()
    }
}

impl Drop for WorkFolder {
    fn drop(&mut self) {
        // Nothing to be done where it fails: the next ingest clears it.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Name of the lock file, which holds the id of its process.
const LOCK: &str = "lock";

/// What a folder holds, sorted; nothing where it is not there.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let listed = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        listed => listed.and_then(|entries| {
            entries.map(|entry| entry.map(|entry| entry.path())).collect()
        }),
    };
    let mut paths: Vec<PathBuf> = listed.map_err(StoreError::at(folder))?;
    paths.sort();
    Ok(paths)
}
