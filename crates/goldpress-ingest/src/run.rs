//! The run: files in, outcomes out in input order, whatever the number of threads.
//!
//! One thread reads, several turn records into outcomes, the caller's hands them to the
//! sink. Batches in flight are counted, so memory is bounded by their number.

use std::{
    collections::BTreeMap,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use goldpress_model::{Flaw, Outcome, RejectReason};
use goldpress_store::{RawRow, StoreError};

use crate::{
    Hands, Item, Options, Record,
    ingest::{article, raw_row},
    reading::{Batch, read},
    record::Refusal,
    source,
};

/// Why a run stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IngestError {
    /// A source does not exist.
    #[error("`{path}` cannot be found: {error}")]
    NoSource {
        /// As the user gave it.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// No reader of this name.
    #[error("`{name}` is no input format; there are {}", list(known))]
    UnknownFormat {
        /// What was asked for.
        name: String,
        /// All that there are.
        known: Vec<&'static str>,
    },
    /// No preset of this name.
    #[error("`{name}` is no preset; there are {}", list(known))]
    UnknownPreset {
        /// What was asked for.
        name: String,
        /// All that there are.
        known: Vec<&'static str>,
    },
    /// A mapping that maps nothing.
    #[error("`{target}={path}` maps no field: name one of ours and where theirs stands")]
    BadMap {
        /// Before the equals sign.
        target: String,
        /// Behind it.
        path: String,
    },
    /// The expression that parts articles is none.
    #[error("the expression that parts articles is none: {0}")]
    BadSplit(#[source] regex::Error),
    /// The expression that parts articles fits an empty line.
    #[error(
        "the expression that parts articles, `{0}`, fits an empty line, and paragraphs are parted by those"
    )]
    SplitsEverywhere(String),
    /// A pattern of files to leave out is none.
    #[error("the pattern of files to leave out is none: {0}")]
    BadExclude(#[source] globset::Error),
    /// The sink could not take a row.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The user wants to stop.
    #[error("stopped after {records} records")]
    Stopped {
        /// Records handed to the sink.
        records: u64,
    },
    /// Rows and records differ: a defect of this program.
    #[error("{records} records became {articles} articles and {rejects} rejects")]
    NotConserved {
        /// Records read.
        records: u64,
        /// Articles handed to the sink.
        articles: u64,
        /// Rejects handed to the sink.
        rejects: u64,
    },
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Told how a run goes; called from the thread that started it.
pub trait Progress {
    /// Bytes of all inputs together, compressed as they are; `None` where nobody knows.
    fn begin(&self, _total_bytes: Option<u64>) {}

    /// So much was done since the beginning.
    fn update(&self, _done: Done) {}

    /// Whether to stop now.
    fn is_stopped(&self) -> bool {
        false
    }
}

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Done {
    /// Bytes of inputs read, compressed as they are.
    pub bytes: u64,
    /// Records.
    pub records: u64,
    /// Records that became no article.
    pub rejects: u64,
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {}

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// Files read.
    pub files: u64,
    /// Records passed over, since an earlier run was done with them.
    pub n_done: u64,
    /// Records read besides, each of which became one row.
    pub records: u64,
    /// Rows of `articles`.
    pub articles: u64,
    /// Rows of `rejects`, by reason.
    pub rejects: BTreeMap<RejectReason, u64>,
    /// Articles with a flaw, by flaw.
    pub flaws: BTreeMap<Flaw, u64>,
    /// Records of types that hold no document, by type; they are no records here.
    pub apart: BTreeMap<String, u64>,
    /// Files by format.
    pub formats: BTreeMap<String, u64>,
    /// Articles by field mapping.
    pub presets: BTreeMap<String, u64>,
    /// Fields mapped by hand that no record had, as `ours=theirs`.
    pub unmet: Vec<String>,
    /// Datasets of goldpress below the sources, which were not gone into.
    pub datasets: Vec<PathBuf>,
    /// Pipes, sockets and devices inside folders, which were not read.
    pub specials: Vec<PathBuf>,
    /// Fields of records that nothing maps, and in how many records they are.
    pub unmapped: BTreeMap<String, u64>,
}

impl Summary {
    /// Rows of `rejects`.
    pub fn n_rejects(&self) -> u64 {
        self.rejects.values().sum()
    }

    fn add(&mut self, outcome: &Outcome) {
        self.records += 1;
        match outcome {
            Outcome::Article(article) => {
                self.articles += 1;
                for (flaw, _) in &article.parts().flaws {
                    *self.flaws.entry(*flaw).or_default() += 1;
                }
                if let Some(preset) = &article.parts().preset {
                    *self.presets.entry(preset.clone()).or_default() += 1;
                }
            }
            Outcome::Reject(reject) => {
                *self.rejects.entry(reject.reason).or_default() += 1;
            }
        }
    }
}

type Row = (Outcome, Option<RawRow>);

/// Ingests files, folders and standard input (`-`), handing each outcome to `sink`.
///
/// Outcomes arrive in the order of the inputs, folders sorted by name, and are the same
/// for any number of threads. Memory holds a few batches of records, whatever the size of
/// the inputs.
///
/// # Errors
///
/// A source does not exist, the sink fails, or the user stops. What is wrong inside a
/// source is a reject.
pub fn run(
    sources: &[PathBuf],
    options: &Options,
    hands: &Hands<'_>,
    sink: &mut Sink<'_>,
    progress: &dyn Progress,
) -> Result<Summary, IngestError> {
    run_after(0, sources, options, hands, sink, progress)
}

/// Takes the outcome of a record, and an article's raw bytes where they are kept.
pub type Sink<'s> = dyn FnMut(Outcome, Option<RawRow>) -> Result<(), StoreError> + 's;

/// Goes on with a [`run`] of which the first `n_done` records have their rows.
///
/// They are read and passed over, which costs a small part of what they did at first.
///
/// # Errors
///
/// As [`run`]; and [`IngestError::NotConserved`] where the inputs have become fewer.
pub fn run_after(
    n_done: u64,
    sources: &[PathBuf],
    options: &Options,
    hands: &Hands<'_>,
    sink: &mut Sink<'_>,
    progress: &dyn Progress,
) -> Result<Summary, IngestError> {
    let source::Walked { files, datasets, specials } = source::walked(sources, options)?;
    progress.begin(source::total_bytes(&files));
    let n_threads = options.threads.get();
    let n_bytes = Arc::new(AtomicU64::new(0));
    let mut summary = Summary::default();

    let (batch_out, batch_in) = sync_channel::<Batch<Item>>(n_threads);
    let batch_in = Arc::new(Mutex::new(batch_in));
    let (row_out, row_in) = sync_channel::<Batch<Row>>(n_threads);
    // A batch is read only against a token, which comes back when its rows are sunk.
    let (token_out, token_in) = sync_channel::<()>(2 * n_threads + 2);
    for _ in 0..2 * n_threads + 2 {
        token_out.send(()).expect("there is room for every token");
    }
    let seen = thread::scope(|scope| {
        let reading = {
            let (files, n_bytes) = (&files, Arc::clone(&n_bytes));
            scope.spawn(move || {
                read(files, options, n_done, &n_bytes, &batch_out, &token_in)
            })
        };
        for _ in 0..n_threads {
            let (batch_in, row_out) = (Arc::clone(&batch_in), row_out.clone());
            scope.spawn(move || work(&batch_in, &row_out, hands, options));
        }
        drop((batch_in, row_out));
        // Owned here, so that an early return closes them and every thread ends.
        let (row_in, token_out) = (row_in, token_out);
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        for batch in &row_in {
            waiting.insert(batch.number, batch.items);
            while let Some(rows) = waiting.remove(&next) {
                next += 1;
                for (outcome, raw) in rows {
                    summary.add(&outcome);
                    sink(outcome, raw)?;
                }
                // The reader is gone when it has nothing left to read.
                let _ = token_out.send(());
                progress.update(Done {
                    bytes: n_bytes.load(Ordering::Relaxed),
                    records: summary.records,
                    rejects: summary.n_rejects(),
                });
                if progress.is_stopped() {
                    return Err(IngestError::Stopped { records: summary.records });
                }
            }
        }
        Ok(reading.join().unwrap_or_default())
    })?;
    summary.n_done = n_done;
    summary.files = seen.files;
    summary.apart = seen.apart;
    summary.formats = seen.formats;
    summary.datasets = datasets;
    summary.specials = specials;
    summary.unmet = options.mapping.unmet();
    summary.unmapped = options.mapping.unmapped();
    let (articles, rejects) = (summary.articles, summary.n_rejects());
    // Fewer than were done before: the inputs are others than they were.
    let records = seen.records.saturating_sub(n_done);
    if records != articles + rejects
        || records != summary.records
        || seen.records < n_done
    {
        return Err(IngestError::NotConserved { records, articles, rejects });
    }
    Ok(summary)
}

/// Turns batches of items into batches of rows.
fn work(
    batches: &Mutex<Receiver<Batch<Item>>>,
    out: &SyncSender<Batch<Row>>,
    hands: &Hands<'_>,
    options: &Options,
) {
    loop {
        let batch = match batches.lock() {
            Ok(batches) => batches.recv(),
            Err(_) => return,
        };
        let Ok(batch) = batch else { return };
        let rows = batch.items.into_iter().filter_map(|item| row(item, hands, options));
        let rows = Batch { number: batch.number, items: rows.collect() };
        if out.send(rows).is_err() {
            return;
        }
    }
}

fn row(item: Item, hands: &Hands<'_>, options: &Options) -> Option<Row> {
    match item {
        Item::Apart(_) => None,
        Item::Reject(reject) => Some((Outcome::Reject(reject), None)),
        Item::Record(record) => Some(row_of(*record, hands, options)),
    }
}

/// The last net: a record on which our own code fails is a reject that says so.
fn row_of(record: Record, hands: &Hands<'_>, options: &Options) -> Row {
    let done = catch_unwind(AssertUnwindSafe(|| article(&record, hands, options)));
    let done = done.unwrap_or_else(|_| {
        let what = "internal: reading this record failed";
        Err(Refusal::new(RejectReason::BrokenRecord, what))
    });
    match done {
        Ok(article) => {
            let raw = options.keep_raw.then(|| raw_row(record.raw));
            (Outcome::Article(Box::new(article)), raw)
        }
        Err(why) => (Outcome::Reject(record.reject(why)), None),
    }
}
