//! Writing a dataset: all of it or nothing, whenever the process is killed.
//!
//! Tables grow in `.ingest/` beside the old ones, and close their parts together. At the
//! end the old manifest goes, the folders change places, and the new manifest is written
//! last: a folder without one is no dataset. The same ingest, begun again after a kill,
//! goes on behind the last finished part; another one clears what was left.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use goldpress_model::{Article, Outcome, Reject};

use crate::{
    checkpoint::{Checkpoint, Tally},
    error::StoreError,
    keepers::Keepers,
    manifest::{MANIFEST, MANIFEST_VERSION, Manifest, TableInfo},
    part::{Part, PartsWriter, is_part_name},
    reader::Rows,
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
    /// Bytes at which a part is closed; [`PART_BYTES`] unless somebody knows better.
    pub part_bytes: usize,
}

/// Bytes at which a part is closed.
pub const PART_BYTES: usize = 256 << 20;

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
/// Dropped before [`IngestWriter::finish`], it leaves the folder as it was, but for the
/// finished parts from which the same ingest goes on.
pub struct IngestWriter {
    root: PathBuf,
    options: IngestOptions,
    articles: PartsWriter<Articles>,
    raw: Option<PartsWriter<Raw>>,
    rejects: PartsWriter<Rejects>,
    keepers: Keepers,
    counts: Tally,
    /// Records in parts that an earlier ingest finished.
    n_done: u64,
    // Last, since fields are dropped in this order: files close before their folder goes.
    work: WorkFolder,
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
        let mut work = WorkFolder::claim(root)?;
        // Again, now that nobody else can finish one.
        check_free(root, &options)?;
        check_ours(root)?;
        let earlier = Checkpoint::read(work.path(), &options.inputs);
        work.clear(|name| earlier.as_ref().is_some_and(|earlier| earlier.has(name)))?;
        let (counts, mut parts) = match earlier {
            Some(earlier) => (earlier.counts, earlier.parts),
            None => (Tally::default(), BTreeMap::new()),
        };
        let mut keepers = Keepers::new();
        let finished = parts.get(Articles::NAME).map_or(&[][..], Vec::as_slice);
        let finished = finished.iter().map(|part| work.path().join(&part.file));
        for article in Rows::<Articles>::of(finished.collect()) {
            let article = article?;
            keepers.of(&article).map_err(StoreError::at(root))?;
        }
        if counts.n_records() > 0 {
            work.keep();
        }
        let mut about = vec![("normaliser", options.normaliser.clone())];
        about.extend(options.preset.clone().map(|preset| ("preset", preset)));
        let mut parts = |name: &str| parts.remove(name).unwrap_or_default();
        let raw = match options.keep_raw {
            true => Some(PartsWriter::create(
                &work.table::<Raw>(),
                about.clone(),
                parts(Raw::NAME),
            )?),
            false => None,
        };
        let (articles, rejects) = (work.table::<Articles>(), work.table::<Rejects>());
        Ok(IngestWriter {
            root: root.to_owned(),
            articles: PartsWriter::create(
                &articles,
                about.clone(),
                parts(Articles::NAME),
            )?,
            rejects: PartsWriter::create(&rejects, about, parts(Rejects::NAME))?,
            raw,
            options,
            keepers,
            n_done: counts.n_records(),
            counts,
            work,
        })
    }

    /// Records that an earlier ingest of the same inputs finished: the first so many are
    /// not to be pushed again.
    pub fn n_done(&self) -> u64 {
        self.n_done
    }

    /// Records in finished parts: what the same ingest will not have to do again.
    pub fn n_safe(&self) -> u64 {
        let tables = [self.articles.parts(), self.rejects.parts()];
        tables.iter().flat_map(|parts| parts.iter()).map(|part| part.rows).sum()
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
            Outcome::Article(article) => self.push_article(*article, raw)?,
            Outcome::Reject(reject) => self.push_reject(reject)?,
        }
        let raw = self.raw.as_ref().map_or(0, PartsWriter::n_bytes);
        let largest = raw.max(self.articles.n_bytes()).max(self.rejects.n_bytes());
        if largest >= self.options.part_bytes { self.roll() } else { Ok(()) }
    }

    /// Closes the open part of every table and notes how far they came.
    fn roll(&mut self) -> Result<(), StoreError> {
        self.articles.roll()?;
        self.rejects.roll()?;
        let mut parts = BTreeMap::from([
            (Articles::NAME.to_owned(), self.articles.parts().to_vec()),
            (Rejects::NAME.to_owned(), self.rejects.parts().to_vec()),
        ]);
        if let Some(raw) = &mut self.raw {
            raw.roll()?;
            parts.insert(Raw::NAME.to_owned(), raw.parts().to_vec());
        }
        let checkpoint = Checkpoint::new(&self.options.inputs, &self.counts, parts);
        checkpoint.write(self.work.path())?;
        self.work.keep();
        Ok(())
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
        let keeper = self.keepers.of(&article);
        if let Some(keeper) = keeper.map_err(StoreError::at(&self.root))? {
            article.set_dup_of(keeper);
            self.counts.n_duplicates += 1;
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
        let IngestWriter {
            root, options, articles, raw, rejects, counts, mut work, ..
        } = self;
        let n_rejects = counts.n_rejects();
        if info.n_records != counts.n_records() {
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
        work.put_in_place(&root, &TABLES, &manifest)?;
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
