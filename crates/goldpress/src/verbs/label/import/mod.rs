//! `goldpress label import`: annotations of other tools become label files.

mod account;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use anyhow::Context;
use goldpress_label::{FORMATS, ImportError, ImportOptions, ReadOptions, Unit, Unsaid};
use goldpress_model::Schema;
use goldpress_store::{Dataset, atomic::Several};

use super::shared::{SCHEMES, end, save_report};
use crate::{
    console::Console,
    exit::{Exit, Refusal},
    joins, schema_choice, shared,
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

    /// The schema that the dataset gets, where it has chosen none: `ner@1` and `spans@1` take
    /// any label, `infer` writes down the labels of the files
    #[arg(long, value_name = "SCHEMA", value_parser = schema_choice::names_or_infer())]
    schema: Option<String>,

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

    /// What an attribute is where the files do not say, `entity.mention=NAM`; may be
    /// repeated. Without it required ones have the schema's default
    #[arg(long, value_name = "LAYER.ATTR=VALUE", value_parser = shared::pair)]
    set_attr: Vec<(String, String)>,

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
        set_attr: args.set_attr.iter().cloned().collect(),
        unsaid: Unsaid::Default,
        dry_run: args.dry_run,
        reading: reading(args).with_context(context)?,
    };
    let schema = match chosen_schema(args, &options) {
        Ok(schema) => schema,
        Err(error) => return end_any(error, context(), console),
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
    let progress = joins::spinner(console, "reading labels");
    let imported =
        goldpress_label::import_under(&schema, &dataset, &args.paths, &options);
    progress.finish_and_clear();
    match imported {
        Ok(report) => {
            account::print(&report, args, console)?;
            if let Some(path) = &args.report {
                save_report(path, &account::as_json(&report, args))
                    .with_context(context)?;
            }
            Ok(Exit::Done)
        }
        Err(error) => end(error, "import", context(), console),
    }
}

/// The schema that is asked for, written down, or the one in effect.
fn chosen_schema(args: &Args, options: &ImportOptions) -> anyhow::Result<Schema> {
    match &args.schema {
        Some(id) => schema_choice::choose(&args.dataset, id, (&args.paths, options)),
        None => joins::schema_of(&args.dataset),
    }
}

/// Ends as the error of an import asks, where it is one.
fn end_any(
    error: anyhow::Error,
    context: String,
    console: &mut Console,
) -> anyhow::Result<Exit> {
    match error.downcast::<ImportError>() {
        Ok(error) => end(error, "import", context, console),
        Err(error) => Err(error.context(context)),
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
