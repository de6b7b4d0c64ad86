//! Writing a dataset: all of it or nothing, whenever the process is killed.
//!
//! Tables grow in `.ingest/` beside the old ones. At the end the old manifest goes, the
//! folders change places, and the new manifest is written last: a folder without one is
//! no dataset, and the next ingest clears what an earlier one left.

use std::{
    collections::{BTreeMap, HashMap, hash_map::Entry},
    fs,
    path::{Path, PathBuf},
};

use goldpress_model::{Article, Digest, Flaw, Outcome, Reject, RejectReason};

use crate::{
    error::StoreError,
    manifest::{MANIFEST, MANIFEST_VERSION, Manifest, TableInfo},
    part::{Part, PartsWriter, is_part_name},
    tables::{Articles, Raw, RawRow, Rejects, Table},
    work::{WorkFolder, entries},
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
        work.put_in_place(&root, &TABLES)?;
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
