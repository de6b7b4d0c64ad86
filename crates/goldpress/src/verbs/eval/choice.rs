//! What is scored: files of answers, runs and systems, side by side.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use goldpress_label::{ReadOptions, Unit};
use goldpress_report::door;
use goldpress_store::{Dataset, Run};

use super::Args;
use crate::{
    config::{Config, System},
    console::Console,
    exit::Refusal,
    joins::{self, Chosen, Competitor, Foreign, Known},
    shared::{pair, unit},
    verbs::{extract, label::SCHEMES},
};

/// How the files of `--predictions` are read.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Reading the files of --predictions")]
pub(super) struct ReadingArgs {
    /// Format of the files; found by content without it
    #[arg(long, value_name = "FORMAT", requires = "predictions")]
    from: Option<String>,

    /// A label of the files and what it is here; may be repeated
    #[arg(long, value_name = "LABEL=LAYER/LABEL", requires = "predictions", value_parser = pair)]
    map: Vec<(String, String)>,

    /// A label of the files to leave out; may be repeated
    #[arg(long, value_name = "LABEL", requires = "predictions")]
    ignore: Vec<String>,

    /// Layer of a format that has one column of labels
    #[arg(long, value_name = "LAYER", requires = "predictions")]
    layer: Option<String>,

    /// Tag scheme of a token format; found by the prefixes without it
    #[arg(long, value_name = "SCHEME", requires = "predictions", value_parser = SCHEMES)]
    scheme: Option<String>,

    /// What becomes of a tag that continues nothing: `begin` makes it a beginning,
    /// `discard` leaves it out; without it the file is refused, unless --metric names a
    /// program that reads such tags
    #[arg(long, value_name = "HOW", requires = "predictions", value_parser = ["begin", "discard"])]
    tags: Option<String>,

    /// Sentences to an article, where a token format marks no articles
    #[arg(long, value_name = "N", requires = "predictions")]
    sentences: Option<usize>,

    /// What offsets count; found by quotes without it
    #[arg(long, value_name = "UNIT", requires = "predictions", value_parser = unit)]
    offset_unit: Option<Unit>,

    /// A key that the file calls otherwise, `label=labels` (doccano); may be repeated
    #[arg(long, value_name = "OURS=THEIRS", requires = "predictions", value_parser = pair)]
    column: Vec<(String, String)>,
}

/// Everything that is scored; `None`, with a note, where a system has no run on these
/// articles.
pub(super) fn chosen(
    args: &Args,
    dataset: &Dataset,
    config: &Config,
    known: &Known<'_>,
    console: &mut Console,
) -> anyhow::Result<Option<Vec<Chosen>>> {
    let mut all = Vec::new();
    for text in &args.predictions {
        let (name, path) = named_file(text);
        let foreign = foreign(args, config, name.as_deref(), &path);
        all.extend(of_file(dataset, &path, name.as_deref(), &foreign, known)?);
    }
    for run_id in &args.runs {
        all.extend(of_run(dataset, run_id)?);
    }
    let wanted = &args.systems.systems;
    // Files and stored runs name their systems themselves.
    let is_default = all.is_empty();
    if is_default || !wanted.is_empty() || args.extract {
        let with_runs = joins::current_systems(dataset)?;
        let competitors = joins::competitors(config, wanted, &with_runs)?;
        if args.extract {
            let built_in = competitors.iter().filter_map(|one| match one {
                Competitor::BuiltIn(system) => Some(*system),
                _ => None,
            });
            extract::extract(dataset, &built_in.collect::<Vec<_>>(), console)?;
        }
        for competitor in &competitors {
            let found = of_competitor(args, dataset, competitor, known)?;
            if found.is_empty() {
                let (root, name) = (dataset.root().display(), competitor.name());
                console.note(format!(
                    "undecided: `{name}` has no run on these articles\n\n\
                     hint: goldpress extract {root} --system {name}"
                ))?;
                return Ok(None);
            }
            all.extend(found);
        }
    }
    if let ([one], true) = (all.as_slice(), args.compare) {
        let others = beside(args, dataset, config, one, known)?;
        if others.is_empty() {
            console.note(format!(
                "--compare has nothing to stand beside `{}`\n\n\
                 hint: goldpress extract {}, or name other answers with --predictions",
                one.system,
                dataset.root().display()
            ))?;
        }
        all.extend(others);
    }
    all.iter().try_for_each(|one| readable_name(&one.system))?;
    refuse_twins(&mut all)?;
    Ok(Some(all))
}

/// Systems that have a run and serve a layer of the one that is to be compared.
fn beside(
    args: &Args,
    dataset: &Dataset,
    config: &Config,
    one: &Chosen,
    known: &Known<'_>,
) -> anyhow::Result<Vec<Chosen>> {
    let tasks = |chosen: &Chosen| -> BTreeSet<String> {
        let systems = chosen.run.info().systems.iter();
        let own = systems.filter(|system| system.name == chosen.system);
        own.flat_map(|system| system.tasks.iter().cloned()).collect()
    };
    let mut others = Vec::new();
    let with_runs = joins::current_systems(dataset)?;
    for competitor in joins::competitors(config, &[], &with_runs)? {
        if competitor.name() == one.system {
            continue;
        }
        let found = of_competitor(args, dataset, &competitor, known)?;
        others.extend(
            found.into_iter().filter(|other| !tasks(other).is_disjoint(&tasks(one))),
        );
    }
    Ok(others)
}

/// What a system of the configuration gives: nothing where it has no run.
fn of_competitor(
    args: &Args,
    dataset: &Dataset,
    competitor: &Competitor<'_>,
    known: &Known<'_>,
) -> anyhow::Result<Vec<Chosen>> {
    match competitor {
        Competitor::File(system, file) => {
            let foreign =
                Foreign { modes: joins::modes_of(&args.modes), ..of_config(system) };
            let path = dataset.root().join(file);
            of_file(dataset, &path, Some(&system.name), &foreign, known)
        }
        Competitor::BuiltIn(_) | Competitor::Stored(_) => {
            let run = joins::newest_run(dataset, competitor.name())?;
            Ok(run
                .map(|run| Chosen::stored(competitor.name(), run))
                .into_iter()
                .collect())
        }
    }
}

fn of_file(
    dataset: &Dataset,
    path: &Path,
    name: Option<&str>,
    foreign: &Foreign,
    known: &Known<'_>,
) -> anyhow::Result<Vec<Chosen>> {
    let runs = joins::runs_of_file(dataset, path, name, foreign, known)?;
    let chosen = |made: joins::FileRun| {
        Ok(Chosen {
            run: Run::open(dataset, &made.run_id)?,
            system: made.system,
            readings: made.readings,
            findings: made.findings,
        })
    };
    runs.into_iter().map(chosen).collect()
}

fn of_run(dataset: &Dataset, run_id: &str) -> anyhow::Result<Vec<Chosen>> {
    let run_id = run_id.trim_end_matches('/');
    let run_id = run_id.rsplit_once("runs/").map_or(run_id, |(_, name)| name);
    let run = Run::open(dataset, run_id).map_err(|error| {
        let root = dataset.root().display();
        Refusal::error(error.to_string(), format!("the runs: ls {root}/runs"))
    })?;
    let names: Vec<String> =
        run.info().systems.iter().map(|one| one.name.clone()).collect();
    Ok(names.into_iter().map(|name| Chosen::stored(name, run.clone())).collect())
}

/// `NAME=FILE`, unless a file is called so.
fn named_file(text: &str) -> (Option<String>, PathBuf) {
    match text.split_once('=') {
        Some((name, file)) if !Path::new(text).exists() && !name.contains('/') => {
            (Some(name.to_owned()), file.into())
        }
        _ => (None, text.into()),
    }
}

/// How a file of the command line is read: by its flags, and by the `[[system]]` of its
/// name.
fn foreign(args: &Args, config: &Config, name: Option<&str>, path: &Path) -> Foreign {
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    let declared = name.or(stem).and_then(|name| config.system(name));
    let mut foreign = declared.map(of_config).unwrap_or_default();
    let reading = &args.reading;
    foreign.map.extend(reading.map.iter().cloned());
    foreign.ignore.extend(reading.ignore.iter().cloned());
    Foreign {
        from: reading.from.clone(),
        offset_unit: reading.offset_unit,
        reading: ReadOptions {
            layer: reading.layer.clone().or(foreign.reading.layer.take()),
            scheme: reading.scheme.clone(),
            sentences: reading.sentences,
            tags: reading.tags.clone(),
            columns: reading.column.iter().cloned().collect(),
            ..ReadOptions::default()
        },
        modes: joins::modes_of(&args.modes),
        ..foreign
    }
}

/// How the answers of a `[[system]]` are read.
fn of_config(system: &System) -> Foreign {
    // A format with one column of labels has one layer, and a system of one task names it.
    let layer = match system.tasks.as_slice() {
        [one] => Some(one.clone()),
        _ => None,
    };
    Foreign {
        declared_map: system.map.clone(),
        ignore: system.ignore.clone(),
        tasks: system.tasks.clone(),
        reading: ReadOptions { layer, ..ReadOptions::default() },
        ..Foreign::default()
    }
}

/// The name of a system stands in a line of every table: it is one, and short.
fn readable_name(name: &str) -> anyhow::Result<()> {
    /// Characters of a name, by far more than any has.
    const MOST: usize = 100;
    let is_line = |c: char| !door::is_unsafe(c) && !matches!(c, '\u{2028}' | '\u{2029}');
    let is_readable = !name.trim().is_empty()
        && name.chars().count() <= MOST
        && name.chars().all(is_line);
    match is_readable {
        true => Ok(()),
        false => Err(Refusal::error(
            format!("`{name}` cannot be the name of a system"),
            format!("a name is one line of at most {MOST} characters"),
        )),
    }
}

/// A result has one row a system: the same run named twice is one, two runs are refused.
fn refuse_twins(all: &mut Vec<Chosen>) -> anyhow::Result<()> {
    let mut seen = BTreeSet::new();
    all.retain(|one| seen.insert((one.system.clone(), one.run.info().run_id.clone())));
    let mut names = BTreeSet::new();
    match all.iter().find(|one| !names.insert(one.system.as_str())) {
        None => Ok(()),
        Some(twin) => Err(Refusal::error(
            format!("two of the answers are of a system `{}`", twin.system),
            "--predictions NAME=FILE names one otherwise; --rescore-baseline RUN_ID compares \
             two runs of one system",
        )),
    }
}
