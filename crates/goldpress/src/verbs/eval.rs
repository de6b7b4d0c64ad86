//! `goldpress eval`: score runs against gold.

use std::path::{Path, PathBuf};

use anyhow::Context;
use goldpress_eval::Lines;
use goldpress_report::{pages, score_table, summary};
use goldpress_store::{
    Dataset, atomic,
    result::{EvalResult, GoldInfo, RESULT_VERSION, Versions},
};
use jiff::Timestamp;

use crate::{
    config::Config,
    console::Console,
    exit::{Exit, Refusal},
    joins::{self, Gold},
    shared::{DatasetArg, Format, FormatArg, SystemArg},
    verbs::extract,
};

/// Score runs against gold
///
/// Takes the newest run of each system on the articles as they are now, and scores it
/// against the compiled gold: spans, block roles, body text, document fields. Every count
/// goes into `counts.parquet` of the run, every score into `reports/<eval_id>/result.json`.
///
/// Exit code 5 when a system has no run on these articles, or gold holds errors.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dataset: DatasetArg,

    #[command(flatten)]
    systems: SystemArg,

    #[command(flatten)]
    format: FormatArg,

    /// Run the systems first
    #[arg(long)]
    extract: bool,

    /// Which part of the text is scored: `main` or `all`
    #[arg(long, value_name = "SCOPE", value_parser = ["main", "all"])]
    scope: Option<String>,

    /// Also write the result here, by extension: .txt .json .csv .md .html; may be repeated
    #[arg(long, short, value_name = "PATH")]
    output: Vec<PathBuf>,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    let root = &args.dataset.dataset;
    let context = || format!("cannot evaluate `{}`", root.display());
    for path in &args.output {
        output_format(path).with_context(context)?;
    }
    let dataset = Dataset::open(root).with_context(context)?;
    let config = Config::read(root).with_context(context)?;
    let systems = joins::chosen(&config, &args.systems.systems).with_context(context)?;
    if args.extract {
        extract::extract(&dataset, &systems, console).with_context(context)?;
    }
    let gold = Gold::read(&dataset).with_context(context)?;
    let scope = args.scope.as_deref().unwrap_or(&config.eval.scope);
    let names: Vec<&str> = systems.iter().map(|system| system.name()).collect();
    let (result, stopped) = match evaluate(&dataset, &gold, &names, scope, console) {
        Ok(Some(done)) => done,
        Ok(None) => return Ok(Exit::Undecidable),
        Err(error) => return Err(error).with_context(context),
    };
    let folder = root.join("reports").join(&result.eval_id);
    std::fs::create_dir_all(&folder).with_context(context)?;
    let mut outputs = args.output.clone();
    outputs.push(folder.join("result.json"));
    for path in &outputs {
        let text = render(&result, output_format(path)?);
        atomic::write(path, text.as_bytes())
            .with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    write!(console.out, "{}", render(&result, Output::Format(args.format.format)))?;
    console.out.flush()?;
    if stopped {
        console
            .note("undecidable: gold or predictions hold errors; nothing was scored")?;
        return Ok(Exit::Undecidable);
    }
    Ok(Exit::Done)
}

/// Scores the newest run of each system; `None`, with a note, where one has none.
fn evaluate(
    dataset: &Dataset,
    gold: &Gold,
    systems: &[&str],
    scope: &str,
    console: &mut Console,
) -> anyhow::Result<Option<(EvalResult, bool)>> {
    let schema = joins::schema_of(dataset.root())?;
    let lines = if scope == "all" { Lines::All } else { Lines::Main };
    let started = joins::stamp(Timestamp::now());
    let mut result = EvalResult {
        goldpress_result: RESULT_VERSION,
        eval_id: format!("{started}-{}", folder_name(dataset.root())),
        versions: Versions {
            goldpress: env!("CARGO_PKG_VERSION").to_owned(),
            metrics: goldpress_eval::VERSION.to_owned(),
            norm: "norm/1".to_owned(),
            tokeniser: goldpress_text::TOKENISER.to_owned(),
        },
        gold: GoldInfo {
            hash: gold.hash.to_string(),
            schema: schema.id(),
            documents: gold.n_documents(),
            without_blocks: 0,
        },
        scope: scope.to_owned(),
        split: String::new(),
        systems: Vec::new(),
        scores: Vec::new(),
        findings: Vec::new(),
        errors: Vec::new(),
        machine: joins::machine(),
    };
    let mut stopped = false;
    for system in systems {
        let Some(run) = joins::newest_run(dataset, system)? else {
            let root = dataset.root().display();
            console.note(format!(
                "undecidable: `{system}` has no run on these articles\n\n\
                 hint: goldpress extract {root} --system {system}"
            ))?;
            return Ok(None);
        };
        let scored = joins::score_run(gold, &run, system, &schema, lines)?;
        stopped |= scored.stopped;
        result.gold.without_blocks = scored.without_blocks;
        result.systems.push(scored.system);
        result.scores.extend(scored.scores);
        result.findings.extend(scored.findings);
        result.errors.extend(scored.errors);
    }
    // Every system finds the same in gold; it is said once.
    result.findings.sort_by(|a, b| {
        (&a.severity, &a.code, &a.side).cmp(&(&b.severity, &b.code, &b.side))
    });
    result.findings.dedup();
    Ok(Some((result, stopped)))
}

/// A format of a result: a table, or the page.
#[derive(Clone, Copy)]
enum Output {
    Format(Format),
    Page,
}

fn output_format(path: &Path) -> anyhow::Result<Output> {
    match path.extension().and_then(|end| end.to_str()) {
        Some("txt") => Ok(Output::Format(Format::Text)),
        Some("json") => Ok(Output::Format(Format::Json)),
        Some("jsonl") => Ok(Output::Format(Format::Jsonl)),
        Some("csv") => Ok(Output::Format(Format::Csv)),
        Some("md") => Ok(Output::Format(Format::Md)),
        Some("html") => Ok(Output::Page),
        _ => Err(Refusal::error(
            format!("`{}` has no extension that names a format", path.display()),
            "one of: .txt .json .jsonl .csv .md .html",
        )),
    }
}

fn render(result: &EvalResult, output: Output) -> String {
    match output {
        Output::Page => pages::eval_page(result),
        Output::Format(Format::Json) => {
            let mut text = goldpress_store::json::canonical(result);
            text.push('\n');
            text
        }
        Output::Format(format @ (Format::Text | Format::Md)) => {
            summary(result, format.into())
        }
        Output::Format(format) => score_table(result).render(format.into()),
    }
}

fn folder_name(root: &Path) -> String {
    let full = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let name = full.file_name().and_then(|name| name.to_str()).unwrap_or("dataset");
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}
