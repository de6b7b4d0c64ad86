//! `goldpress ingest`: raw files to articles, raw bytes and rejects.

use std::{
    borrow::Cow,
    cell::RefCell,
    ffi::OsStr,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::Context;
use goldpress_dataset::DedupOptions;
use goldpress_extract::RegionModel;
use goldpress_ingest::{
    Asked, BlockView, Done, Hands, IngestError, Limits, Options, Progress, Summary,
};
use goldpress_model::{Field, Outcome, RejectReason};
use goldpress_store::{
    Dataset, IngestInfo, IngestOptions, IngestWriter, Manifest, StoreError,
};
use goldpress_text::{NORMALISER, NormaliseOptions};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use crate::{
    config::Config,
    console::Console,
    exit::{Exit, Refusal},
    joins::{self, Interrupt},
    shared::{pair, seconds, size},
    verbs::init,
};

/// Turn raw files into articles, raw bytes and rejects
///
/// Formats are found by content: text, pages, JSON, tables, archives, feeds, and
/// compression around any of them. Folders are walked in sorted order; `-` is standard input.
///
/// Every record becomes exactly one row: an article, with its flaws, or a reject, with
/// file, record, byte offset and reason. Nothing in the input stops a run. The same inputs
/// and options give the same bytes. The same command again does nothing; after a kill it
/// goes on behind the last finished part.
#[derive(Debug, clap::Args)]
#[command(override_usage = "goldpress ingest [OPTIONS] <SRC>...")]
pub(crate) struct Args {
    /// Files, folders and patterns such as `'crawl/**/*.warc.gz'`; `-` is standard input
    #[arg(required_unless_present = "map", value_name = "SRC")]
    sources: Vec<PathBuf>,

    /// Dataset folder to make
    #[arg(long, short, value_name = "DATASET", required_unless_present_any = ["explain", "map"])]
    output: Option<PathBuf>,

    /// Say how each file would be read and what its first records would become
    #[arg(long)]
    explain: bool,

    /// Leave out files whose name or path fits: `*.png`, `**/assets/**`
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,

    /// Format of every input, instead of looking
    #[arg(long, value_name = "FORMAT")]
    from: Option<String>,

    /// Field mapping of records, instead of looking at their keys
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,

    /// Map fields by hand: `text=content.body,title=hl`; `--map help` lists ours
    #[arg(long, value_name = "OURS=THEIRS", value_delimiter = ',', value_parser = mapped)]
    map: Vec<(String, String)>,

    /// Names of the columns of CSV and TSV without a header
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    columns: Vec<String>,

    /// Element that is one article each in XML of no known format; --map finds its fields
    #[arg(long, value_name = "NAME")]
    xml_record: Option<String>,

    /// Regular expression of the lines that part several articles in one text
    #[arg(long, value_name = "REGEX")]
    split_on: Option<String>,

    /// Replace a finished dataset; labels and runs stay
    #[arg(long)]
    replace: bool,

    /// Find near-duplicates as well, as `goldpress dedup` does by default
    #[arg(long)]
    dedup: bool,

    /// Do not keep the bytes of the articles
    #[arg(long)]
    no_raw: bool,

    /// Leave wrongly decoded text as it is
    #[arg(long)]
    no_repair: bool,

    /// Leave hard-wrapped lines as they are
    #[arg(long)]
    no_reflow: bool,

    /// Size at which a part of a table is closed; a killed ingest goes on from there
    #[arg(long, value_name = "BYTES", default_value = "256MiB", value_parser = size)]
    part_size: usize,

    /// Threads that decode and render; outputs do not depend on it
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,

    /// Largest record
    #[arg(long, value_name = "BYTES", default_value = "32MiB", value_parser = size)]
    max_record: usize,

    /// Largest growth of something compressed
    #[arg(long, value_name = "TIMES", default_value_t = Limits::default().ratio)]
    max_ratio: u64,

    /// Largest size of something with its compression undone
    #[arg(long, value_name = "BYTES", default_value = "256MiB", value_parser = size)]
    max_undone: usize,

    /// Deepest nesting of JSON
    #[arg(long, value_name = "LEVELS", default_value_t = Limits::default().json_depth)]
    max_json_depth: usize,

    /// Most elements and texts of a page
    #[arg(long, value_name = "N", default_value_t = Limits::default().nodes)]
    max_nodes: usize,

    /// Deepest nesting of a page
    #[arg(long, value_name = "LEVELS", default_value_t = Limits::default().depth)]
    max_depth: usize,

    /// Most CPU time from the bytes of a record to its article; what it stops depends on the
    /// machine
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds)]
    max_cpu: Duration,

    /// Draw progress even where standard error is no terminal
    #[arg(long)]
    progress: bool,
}

/// What lists the fields that may be mapped, in the place of one of them.
const HELP: &str = "help";

fn mapped(text: &str) -> Result<(String, String), String> {
    match text {
        HELP => Ok((HELP.to_owned(), String::new())),
        _ => pair(text).map_err(|_| {
            "expected OURS=THEIRS, such as text=content.body; --map help lists ours"
                .to_owned()
        }),
    }
}

/// Lists what may be mapped by hand.
fn list_fields(console: &mut Console) -> anyhow::Result<Exit> {
    writeln!(
        console.out,
        "--map OURS=THEIRS takes a field of records. Ours, and where it is"
    )?;
    writeln!(console.out, "looked for where no preset of a crawler fits:")?;
    for (ours, theirs) in goldpress_ingest::mappable() {
        let line = format!("  {ours:<21} {}", theirs.join(", "));
        writeln!(console.out, "{}", line.trim_end())?;
    }
    writeln!(
        console.out,
        "Theirs is the name of a field or column, or a path: content.body,"
    )?;
    writeln!(
        console.out,
        "sections[].text, title + lead; a column without a name is its number."
    )?;
    Ok(Exit::Done)
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    if args.map.iter().any(|(ours, _)| ours == HELP) {
        return list_fields(console);
    }
    if args.sources.is_empty() {
        let hint = "name files or folders: goldpress ingest SRC -o DATASET";
        return Err(Refusal::error("there is nothing to ingest".to_owned(), hint));
    }
    if args.output.is_none() && !args.explain {
        let hint = "name a folder to make: -o DATASET, or --explain to look only";
        return Err(Refusal::error("there is no dataset to make".to_owned(), hint));
    }
    let Some(root) = args.output.as_ref().filter(|_| !args.explain) else {
        return explain(args, console).context("cannot explain these inputs");
    };
    let context = || format!("cannot ingest into `{}`", root.display());
    let config = Config::read(root).with_context(context)?;
    let model = Model::of(root, &config).with_context(context)?;
    let options = Options::new(args.asked()).map_err(refusal).with_context(context)?;
    let before =
        joins::noted(&args.sources, &options).map_err(refusal).with_context(context)?;
    let inputs = joins::fingerprint(&args.sources, &options, &args.deciding(&model))
        .map_err(refusal)
        .with_context(context)?;
    let asked = IngestOptions {
        keep_raw: !args.no_raw,
        replace: args.replace,
        inputs,
        normaliser: NORMALISER.to_owned(),
        preset: args.preset.clone(),
        part_bytes: args.part_size,
    };
    let writer = match IngestWriter::create(root, asked) {
        Err(StoreError::AlreadyThere { same_inputs: true, .. }) => {
            console.note(format!("{} is finished: nothing to do", root.display()))?;
            return Ok(Exit::Done);
        }
        writer => writer.map_err(already_there).with_context(context)?,
    };
    let n_done = writer.n_done();
    if n_done > 0 {
        let records = goldpress_report::counted(n_done, "record");
        console.note(format!("going on after {records} done before"))?;
    }
    let started = Instant::now();
    let meter = Meter::of(console, args.progress)?;
    let ended = fill(writer, root, &args.sources, &options, &model, &meter);
    meter.bar.finish_and_clear();
    let (summary, manifest) = match ended {
        Err(Ended::Stopped { records, n_safe }) => {
            let records = goldpress_report::counted(records, "record");
            let n_safe = goldpress_report::count(n_safe);
            console.note(if n_safe == "0" {
                format!("stopped after {records}: nothing was written")
            } else {
                format!(
                    "stopped after {records}: the same command goes on after {n_safe}"
                )
            })?;
            return Ok(Exit::Interrupted);
        }
        Err(Ended::Failed(error)) => return Err(error).with_context(context),
        Ok(ended) => ended,
    };
    account(&summary, &manifest, &meter, started, root, console)?;
    for file in joins::changed_since(&before) {
        console.note(format!(
            "warn {} changed while it was read: its articles may be of either state; \
             --replace reads it anew",
            file.display()
        ))?;
    }
    if args.dedup {
        let dataset = Dataset::open(root).with_context(context)?;
        let options = DedupOptions::default();
        let found = joins::dedup(&dataset, &options).with_context(context)?;
        console.note(super::dedup::account(&found))?;
    }
    Ok(Exit::Done)
}

/// The weights of the region of the body that are in effect for a dataset.
struct Model {
    weights: Cow<'static, RegionModel>,
    /// Hash of the file, where there is one.
    hash: Option<String>,
}

impl Model {
    /// The file that `goldpress.toml` names, else what is part of the build.
    fn of(root: &Path, config: &Config) -> anyhow::Result<Model> {
        let Some(name) = &config.ingest.model else {
            let weights = Cow::Borrowed(RegionModel::built_in());
            return Ok(Model { weights, hash: None });
        };
        let path = root.join(name);
        let context = || format!("cannot use the model `{}`", path.display());
        let file = std::fs::read_to_string(&path).with_context(context)?;
        let weights = RegionModel::parse(&file)
            .map_err(|error| {
                let hint = "fit it anew: goldpress train blocks DATASET -o FILE";
                Refusal::error(error.to_string(), hint)
            })
            .with_context(context)?;
        let hash = blake3::hash(file.as_bytes()).to_hex().to_string();
        Ok(Model { weights: Cow::Owned(weights), hash: Some(hash) })
    }
}

/// Makes a dataset of a folder of texts that labels came with: their lines stay as they
/// are, since annotations count on them.
pub(crate) fn of_texts(
    folder: &Path,
    root: &Path,
    console: &mut Console,
) -> anyhow::Result<Exit> {
    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }
    let words = ["ingest", "--from", "text", "--no-reflow", "--output"].map(OsStr::new);
    let words = words.into_iter().chain([root.as_os_str(), folder.as_os_str()]);
    let line = <Line as clap::Parser>::try_parse_from(words)?;
    run(&line.args, console)
}

/// Records of each file that `--explain` shows.
const EXPLAINED: usize = 3;

fn explain(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    let options = Options::new(args.asked()).map_err(refusal)?;
    let files =
        goldpress_ingest::explain(&args.sources, &options, &joins::hands(), EXPLAINED);
    for file in files.map_err(refusal)? {
        if file.is_dataset {
            writeln!(console.out, "{}: left out, a dataset of goldpress", file.file)?;
            continue;
        }
        let formats = match file.formats.as_slice() {
            [] => "nothing to read".to_owned(),
            formats => formats.join(", "),
        };
        let preset =
            file.preset.map_or_else(String::new, |name| format!(" · preset {name}"));
        writeln!(console.out, "{}: {formats}{preset}", file.file)?;
        for (ours, theirs) in &file.fields {
            writeln!(console.out, "  {ours:<21} from {theirs}")?;
        }
        if !file.unmapped.is_empty() {
            let names = file.unmapped.join(", ");
            writeln!(console.out, "  {:<21} {names}", "not read")?;
        }
        for outcome in &file.outcomes {
            writeln!(console.out, "  {}", in_a_line(outcome))?;
        }
    }
    Ok(Exit::Done)
}

/// What a record would become, in one line.
fn in_a_line(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Reject(reject) => {
            let record = reject.record.map_or_else(String::new, |n| format!(" {n}"));
            format!("record{record}: reject {}: {}", reject.reason, reject.detail)
        }
        Outcome::Article(article) => {
            let parts = article.parts();
            let field = |field| parts.fields.get(field).unwrap_or("–").to_owned();
            let mut authors =
                parts.fields.all(Field::Authors).map(|one| one.value.as_str());
            let authors = authors.by_ref().collect::<Vec<_>>().join(", ");
            format!(
                "record {}: {} · {} · {} · {} · {}, {}",
                parts.origin.record,
                field(Field::Headline),
                if authors.is_empty() { "–" } else { &authors },
                field(Field::DatePublished),
                parts.lang,
                goldpress_report::counted(article.blocks().len() as u64, "block"),
                goldpress_report::counted(parts.measures.n_words.into(), "word"),
            )
        }
    }
}

/// Why a run gave no dataset.
enum Ended {
    Stopped { records: u64, n_safe: u64 },
    Failed(anyhow::Error),
}

fn fill(
    writer: IngestWriter,
    root: &Path,
    sources: &[PathBuf],
    options: &Options,
    model: &Model,
    meter: &Meter,
) -> Result<(Summary, Manifest), Ended> {
    let n_done = writer.n_done();
    let writer = RefCell::new(writer);
    let mut sink = |outcome, raw| writer.borrow_mut().push(outcome, raw);
    let label = |view: BlockView<'_>| joins::label_blocks_by(&model.weights, view);
    let hands = Hands { label_blocks: &label, ..joins::hands() };
    let summary =
        goldpress_ingest::run_after(n_done, sources, options, &hands, &mut sink, meter);
    let writer = writer.into_inner();
    let summary = summary.map_err(|error| match error {
        IngestError::Stopped { records } => {
            Ended::Stopped { records: n_done + records, n_safe: writer.n_safe() }
        }
        error => Ended::Failed(error.into()),
    })?;
    let info = IngestInfo {
        goldpress: env!("CARGO_PKG_VERSION").to_owned(),
        n_records: n_done + summary.records,
        passed_over: summary.apart.clone(),
    };
    // Before the manifest, which says that nothing is left to do.
    init::scaffold(root).map_err(|error| Ended::Failed(error.into()))?;
    let manifest = writer.finish(info);
    Ok((summary, manifest.map_err(|error| Ended::Failed(error.into()))?))
}

/// The last lines: every record accounted for, and what to do next.
fn account(
    summary: &Summary,
    manifest: &Manifest,
    meter: &Meter,
    started: Instant,
    root: &Path,
    console: &mut Console,
) -> anyhow::Result<()> {
    let seconds = started.elapsed().as_secs_f64();
    let megabytes = meter.bar.position() as f64 / 1e6;
    let some = goldpress_report::counted;
    console.note(format!(
        "{} = {} + {} · {} · {megabytes:.1} MB in {seconds:.1} s, {} records/s",
        some(manifest.n_records, "record"),
        some(manifest.n_articles, "article"),
        some(manifest.n_rejects, "reject"),
        some(manifest.n_duplicates, "duplicate"),
        goldpress_report::rate(Some(summary.records as f64 / seconds.max(1e-9))),
    ))?;
    let list = |name: &str, counts: Vec<String>| {
        (!counts.is_empty()).then(|| format!("  {name:<8} {}", counts.join(" · ")))
    };
    let named = |counts: &std::collections::BTreeMap<String, u64>| {
        counts.iter().map(|(name, n)| format!("{name} {n}")).collect::<Vec<_>>()
    };
    let rejects =
        manifest.rejects.iter().map(|(reason, n)| format!("{reason} {n}")).collect();
    let flaws = manifest.flaws.iter().map(|(flaw, n)| format!("{flaw} {n}")).collect();
    // Of the records before a kill nobody knows them any more.
    let presets = if summary.n_done == 0 { named(&summary.presets) } else { Vec::new() };
    for line in [
        list("rejects", rejects),
        list("flaws", flaws),
        list("files", named(&summary.formats)),
        list("presets", presets),
        list("no doc", named(&summary.apart)),
        list("unmapped", unmapped(summary)),
    ]
    .into_iter()
    .flatten()
    {
        console.note(line)?;
    }
    if manifest.n_records == 0 {
        console.note("warn nothing was found to read: check the paths, and --exclude")?;
    }
    for folder in &summary.datasets {
        console.note(format!("left out the dataset {}", folder.display()))?;
    }
    for file in &summary.specials {
        let file = file.display();
        console.note(format!(
            "left out {file}: a pipe or a device is read where it is named"
        ))?;
    }
    // What a killed run met nobody knows: the records before it may have had the field.
    for asked in summary.unmet.iter().filter(|_| summary.n_done == 0) {
        console.note(format!("--map {asked}: no record has anything there"))?;
    }
    if manifest.rejects.contains_key(&RejectReason::TooSlow) {
        console
            .note("too_slow depends on this machine: --max-cpu gives a record more")?;
    }
    if manifest.n_rejects > 0 {
        console.note(format!("why: goldpress show {} --rejects", root.display()))?;
    }
    Ok(())
}

/// Fields that nothing maps and that the account names.
const MOST_UNMAPPED: usize = 12;

/// Fields of records that nothing maps, the commonest first.
fn unmapped(summary: &Summary) -> Vec<String> {
    let mut fields: Vec<(&String, &u64)> = summary.unmapped.iter().collect();
    fields.sort_by_key(|(name, n)| (std::cmp::Reverse(**n), *name));
    let n_more = fields.len().saturating_sub(MOST_UNMAPPED);
    // Names of others reach a terminal.
    let plain = |name: &str| {
        let shown: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
        // Programs put numbers of rows into a column that has no name.
        if shown.is_empty() { "(no name)".to_owned() } else { shown }
    };
    let first = fields.iter().take(MOST_UNMAPPED);
    let named = first.map(|(name, n)| format!("{} {n}", plain(name)));
    let mut named: Vec<String> = named.collect();
    if n_more > 0 {
        named.push(format!("{n_more} more"));
    }
    if !named.is_empty() {
        named.push("--map OURS=THEIRS takes one, --map help lists ours".to_owned());
    }
    named
}

impl Args {
    fn asked(&self) -> Asked {
        Asked {
            from: self.from.clone(),
            preset: self.preset.clone(),
            map: self.map.clone(),
            columns: self.columns.clone(),
            xml_record: self.xml_record.clone(),
            exclude: self.exclude.clone(),
            target: self.output.clone(),
            split_on: self.split_on.clone(),
            limits: self.limits(),
            normalise: NormaliseOptions {
                repair: !self.no_repair,
                reflow: !self.no_reflow,
            },
            keep_raw: !self.no_raw,
            threads: self.threads.unwrap_or(Asked::default().threads),
        }
    }

    fn limits(&self) -> Limits {
        Limits {
            record_bytes: self.max_record,
            ratio: self.max_ratio,
            undone_bytes: self.max_undone,
            json_depth: self.max_json_depth,
            nodes: self.max_nodes,
            depth: self.max_depth,
            cpu: self.max_cpu,
        }
    }

    /// Everything but the sources that decides what comes out: all options except those of
    /// how it is done, and the versions of what does it.
    fn deciding(&self, model: &Model) -> String {
        let systems: Vec<String> = ["blocks-rules", "metadata-rules"]
            .iter()
            .filter_map(|name| goldpress_extract::extractor(name))
            .map(|system| format!("{} {}", system.name(), system.version()))
            .collect();
        let deciding = json!({
            "from": self.from,
            "preset": self.preset,
            "map": self.map,
            "columns": self.columns,
            "xml_record": self.xml_record,
            "split_on": self.split_on,
            "raw": !self.no_raw,
            "part_size": self.part_size,
            "repair": !self.no_repair,
            "reflow": !self.no_reflow,
            "limits": format!("{:?}", self.limits()),
            "goldpress": env!("CARGO_PKG_VERSION"),
            "normaliser": NORMALISER,
            "systems": systems,
            "model": model.hash,
        });
        deciding.to_string()
    }
}

/// Tells a person how far it is, and the run whether that person wants to stop.
struct Meter {
    bar: ProgressBar,
    interrupt: Interrupt,
}

impl Meter {
    fn of(console: &Console, forced: bool) -> anyhow::Result<Meter> {
        let target = if console.live || forced {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(None, target);
        Ok(Meter { bar, interrupt: Interrupt::watch()? })
    }
}

impl Progress for Meter {
    fn begin(&self, total_bytes: Option<u64>) {
        let template = match total_bytes {
            Some(total) => {
                self.bar.set_length(total);
                "{wide_bar} {bytes} of {total_bytes} · {bytes_per_sec} · {msg} · {eta} left"
            }
            None => "{spinner} {bytes} · {bytes_per_sec} · {msg}",
        };
        let style = ProgressStyle::with_template(template).expect("the template is ours");
        self.bar.set_style(style);
    }

    fn update(&self, done: Done) {
        self.bar.set_position(done.bytes);
        let records = goldpress_report::counted(done.records, "record");
        let rejects = goldpress_report::counted(done.rejects, "reject");
        self.bar.set_message(format!("{records}, {rejects}"));
    }

    fn is_stopped(&self) -> bool {
        self.interrupt.is_set()
    }
}

/// Errors of arguments as what they are; the others stay failures.
fn refusal(error: IngestError) -> anyhow::Error {
    let hint = match &error {
        IngestError::NoSource { .. } => "check the path; nothing was written",
        IngestError::UnknownFormat { .. } => "leave --from out to have the format found",
        IngestError::UnknownPreset { .. } => {
            "leave --preset out to have it found by the keys"
        }
        IngestError::BadMap { .. } => {
            let ours = goldpress_ingest::mappable().into_iter().map(|(name, _)| name);
            let ours = ours.collect::<Vec<_>>().join(", ");
            let hint =
                format!("ours are {ours}; for example --map text=content.body,title=hl");
            return Refusal::error(error.to_string(), hint);
        }
        IngestError::BadExclude(_) => "for example --exclude '*.png'",
        IngestError::BadSplit(_) | IngestError::SplitsEverywhere(_) => {
            "for example --split-on '^=====$'"
        }
        _ => return error.into(),
    };
    Refusal::error(error.to_string(), hint)
}

fn already_there(error: StoreError) -> anyhow::Error {
    match &error {
        StoreError::AlreadyThere { .. } => Refusal::error(
            error.to_string(),
            "--replace makes it anew and keeps its labels and runs; or choose another folder",
        ),
        _ => error.into(),
    }
}
