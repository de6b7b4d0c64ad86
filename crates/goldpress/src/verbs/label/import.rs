//! `goldpress label import`: annotations of other tools become label files.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use anyhow::Context;
use goldpress_label::{
    FORMATS, ImportOptions, ImportReport, NoteKind, ReadOptions, Unit,
};
use goldpress_store::{Dataset, atomic::Several};
use serde_json::{Value, json};

use super::shared::{SCHEMES, end, losses, plural, save_report};
use crate::{
    console::Console,
    exit::{Exit, Refusal},
    shared,
    verbs::ingest,
};

/// Bring annotations of other tools in as label files
///
/// Every annotation is checked against the article it speaks of: one whose quoted text is
/// not what stands there is rejected, with its line and what was found. What offsets count
/// (code points, UTF-16 units, bytes) is found by the quotes and printed.
///
/// Importing twice changes nothing.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files or folders
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Dataset folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    dataset: PathBuf,

    /// Layer set the lines go to: a person's name or pseudonym, or `gold`
    #[arg(long = "as", value_name = "SET")]
    set: String,

    /// Format of the files; found by content without it
    #[arg(long, value_name = "FORMAT", value_parser = readable())]
    from: Option<String>,

    /// Layers that a person has been through: what is not marked there is not there
    #[arg(long, value_name = "LAYER", value_delimiter = ',')]
    reviewed: Vec<String>,

    /// The article that all files speak of: a doc_id, or the stem of its input file
    #[arg(long, value_name = "ARTICLE")]
    doc: Option<String>,

    /// A label of the file and what it is here; may be repeated
    #[arg(long, value_name = "LABEL=LAYER/LABEL", value_parser = shared::pair)]
    map: Vec<(String, String)>,

    /// A label of the file to leave out; may be repeated
    #[arg(long, value_name = "LABEL")]
    ignore: Vec<String>,

    /// What offsets count; found by quotes without it
    #[arg(long, value_name = "UNIT", value_parser = shared::unit)]
    offset_unit: Option<Unit>,

    /// Add this to every offset
    #[arg(long, value_name = "N", default_value_t = 0, allow_hyphen_values = true)]
    shift: i32,

    /// Labelling configuration of the tool, as XML (label-studio)
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Layer of a format that has one column of labels (conll)
    #[arg(long, value_name = "LAYER")]
    layer: Option<String>,

    /// Tag scheme of a token format; found by the prefixes without it
    #[arg(long, value_name = "SCHEME", value_parser = SCHEMES)]
    scheme: Option<String>,

    /// Sentences to an article, where a token format marks no articles; all without it
    #[arg(long, value_name = "N")]
    sentences: Option<usize>,

    /// What becomes of a tag that continues nothing: `begin` makes it a beginning,
    /// `discard` leaves it out; without it the file is refused
    #[arg(long, value_name = "HOW", value_parser = ["begin", "discard"])]
    tags: Option<String>,

    /// A key that the project calls otherwise, `label=labels` (doccano); may be repeated
    #[arg(long, value_name = "OURS=THEIRS", value_parser = shared::pair)]
    column: Vec<(String, String)>,

    /// Whose work is read, where a file holds that of several people (label-studio)
    #[arg(long, value_name = "WHO")]
    annotator: Option<String>,

    /// First make the dataset, out of the texts that the files bring
    #[arg(long, conflicts_with = "dry_run")]
    ingest: bool,

    /// Widen edges to whole characters and trim spaces
    #[arg(long)]
    repair: bool,

    /// Show counts, unit, mapping and three lines, and write nothing
    #[arg(long)]
    dry_run: bool,

    /// Also write the report here, as JSON
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// Formats that can be read, in alphabetical order.
fn readable() -> Vec<&'static str> {
    let mut names: Vec<&str> = FORMATS.iter().map(|format| format.name()).collect();
    names.sort_unstable();
    names
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    let context = || format!("cannot import into `{}`", args.dataset.display());
    if let Some(gone) = args.paths.iter().find(|path| !path.exists()) {
        let message = format!("there is no file or folder `{}`", gone.display());
        return Err(Refusal::error(message, "check the path")).with_context(context);
    }
    let options = ImportOptions {
        set: args.set.clone(),
        from: args.from.clone(),
        doc: args.doc.clone(),
        map: args.map.iter().cloned().collect::<BTreeMap<_, _>>(),
        ignore: args.ignore.clone(),
        reviewed: args.reviewed.clone(),
        offset_unit: args.offset_unit,
        shift: args.shift,
        repair: args.repair,
        dry_run: args.dry_run,
        reading: reading(args).with_context(context)?,
    };
    if args.ingest {
        match goldpress_label::texts_of(&args.paths, &options) {
            Ok(texts) => match ingest(&texts, args, console).with_context(context)? {
                Exit::Done => {}
                ended => return Ok(ended),
            },
            Err(error) => return end(error, "import", context(), console),
        }
    }
    let dataset = Dataset::open(&args.dataset).with_context(context)?;
    match goldpress_label::import(&dataset, &args.paths, &options) {
        Ok(report) => {
            print(&report, args, console)?;
            if let Some(path) = &args.report {
                save_report(path, &as_json(&report, args)).with_context(context)?;
            }
            Ok(Exit::Done)
        }
        Err(error) => end(error, "import", context(), console),
    }
}

/// Folder of a dataset for texts that came with labels: their articles lead back to it.
const TEXTS: &str = "imported";

/// Makes articles of the texts that label files bring.
fn ingest(
    texts: &[(String, String)],
    args: &Args,
    console: &mut Console,
) -> anyhow::Result<Exit> {
    if texts.is_empty() {
        let hint = "goldpress ingest FILE -o DATASET, then import without --ingest";
        return Err(Refusal::error("the files bring no text", hint));
    }
    let folder = args.dataset.join(TEXTS);
    let io = || format!("cannot write `{}`", folder.display());
    std::fs::create_dir_all(&folder).with_context(io)?;
    let (mut used, mut files) = (BTreeSet::new(), Several::default());
    for (at, (name, text)) in texts.iter().enumerate() {
        let mut name = file_name(name);
        if !used.insert(name.clone()) {
            name.push_str(&format!("-{at}"));
            used.insert(name.clone());
        }
        let path = folder.join(format!("{name}.txt"));
        files.put(&path, text.as_bytes()).with_context(io)?;
    }
    files.commit().with_context(io)?;
    ingest::of_texts(&folder, &args.dataset, console)
}

/// A name without what parts paths.
fn file_name(name: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || "._-".contains(c) { c } else { '-' };
    name.trim_start_matches('.').chars().map(plain).collect()
}

/// Choices that single formats have.
fn reading(args: &Args) -> anyhow::Result<ReadOptions> {
    let read = |path: &PathBuf| {
        std::fs::read_to_string(path).map_err(|error| {
            let message = format!("cannot read `{}`: {error}", path.display());
            Refusal::error(message, "the labelling configuration, as the tool shows it")
        })
    };
    Ok(ReadOptions {
        config: args.config.as_ref().map(read).transpose()?,
        layer: args.layer.clone(),
        scheme: args.scheme.clone(),
        sentences: args.sentences,
        tags: args.tags.clone(),
        columns: args.column.iter().cloned().collect(),
        annotator: args.annotator.clone(),
        reader: None,
    })
}

fn print(
    report: &ImportReport,
    args: &Args,
    console: &mut Console,
) -> anyhow::Result<()> {
    for note in &report.notes {
        let (file, line) = (&note.file, note.line);
        let (kind, code) = (note.kind.name(), note.code);
        console.note(format!("{file}:{line}: {kind}: {code}: {}", note.message))?;
    }
    let mut layers: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for ((layer, label), n) in &report.counts {
        layers.entry(layer).or_default().push(format!("{label} {n}"));
    }
    for (layer, labels) in layers {
        console.note(format!("  {layer:<12} {}", labels.join(" · ")))?;
    }
    for (from, to) in &report.mapping {
        console.note(format!("  {from} became {to}"))?;
    }
    for line in report.samples.iter().filter(|_| args.dry_run) {
        writeln!(console.out, "{line}")?;
    }
    let units: Vec<String> =
        report.readings.iter().map(|(reading, n)| format!("{reading} in {n}")).collect();
    let mut account = format!(
        "{}: {} of {} into `{}`",
        report.format,
        plural(report.n_lines(), "annotation"),
        plural(report.n_articles as u64, "article"),
        args.set
    );
    if !units.is_empty() {
        account.push_str(&format!(" · offsets are {}", units.join(", ")));
    }
    for (n, what) in [
        (report.n_held, "held already"),
        (report.notes_of(NoteKind::Rejected).count() as u64, "rejected"),
        (report.notes_of(NoteKind::Repaired).count() as u64, "repaired"),
        (report.notes_of(NoteKind::Ignored).count() as u64, "ignored"),
    ] {
        if n > 0 {
            account.push_str(&format!(" · {n} {what}"));
        }
    }
    for (how, n) in &report.skipped {
        account.push_str(&format!(" · {n} {how}"));
    }
    for (set, n) in &report.suggested {
        account.push_str(&format!(" · {n} suggested in `{set}`"));
    }
    if !report.lost.is_empty() {
        account.push_str(&format!(" · lost {}", losses(&report.lost)));
    }
    if args.dry_run {
        account.push_str(" · nothing was written");
    }
    console.note(account)?;
    Ok(())
}

fn as_json(report: &ImportReport, args: &Args) -> Value {
    let counts = report.counts.iter();
    let counts: BTreeMap<String, u64> =
        counts.map(|((layer, label), n)| (format!("{layer}/{label}"), *n)).collect();
    let offsets: BTreeMap<String, usize> =
        report.readings.iter().map(|(reading, n)| (reading.to_string(), *n)).collect();
    let notes = report.notes.iter().map(|note| {
        json!({
            "code": note.code, "file": note.file, "kind": note.kind.name(),
            "line": note.line, "message": note.message,
        })
    });
    json!({
        "articles": report.n_articles,
        "counts": counts,
        "done": report.done,
        "files": report.n_files,
        "format": report.format,
        "held": report.n_held,
        "lost": report.lost,
        "mapping": report.mapping,
        "notes": notes.collect::<Vec<_>>(),
        "offsets": offsets,
        "set": args.set,
        "skipped": report.skipped,
        "suggested": report.suggested,
        "written": !args.dry_run,
    })
}
