//! `goldpress label suspects`: where gold may be wrong.

use anyhow::Context;
use goldpress_label::{Suspect, Suspicion, Voice};
use goldpress_model::LooseAnnotation;
use goldpress_report::{Align, Cell, Table};
use goldpress_store::Dataset;

use super::shared::{end, known_set};
use crate::{
    console::Console,
    exit::{Exit, Refusal},
    joins,
    shared::{DatasetArg, FormatArg, known_layers},
};

/// Rank gold annotations that others contradict, and articles nobody has done
///
/// Others are the systems of runs and the sets of annotators. An annotation is suspect
/// when more than half of those who were asked lack it, or have one that gold lacks.
/// Nothing is changed: this says where to look first.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dataset: DatasetArg,

    /// Runs whose systems are asked
    #[arg(long = "run", value_name = "RUN_ID", value_delimiter = ',')]
    runs: Vec<String>,

    /// Layer sets of annotators who are asked
    #[arg(long, value_name = "SET", value_delimiter = ',')]
    sets: Vec<String>,

    /// The set that is looked at
    #[arg(long, value_name = "SET", default_value = goldpress_label::GOLD)]
    set: String,

    /// The layer that is looked at
    #[arg(long, value_name = "LAYER", default_value = "entity")]
    layer: String,

    #[command(flatten)]
    format: FormatArg,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    let root = &args.dataset.dataset;
    let context = || format!("cannot look for suspects in `{}`", root.display());
    let dataset = Dataset::open(root).with_context(context)?;
    let voices = voices(args, &dataset).with_context(context)?;
    let found = match goldpress_label::suspects(&dataset, &args.set, &args.layer, &voices)
    {
        Ok(found) => found,
        Err(error) => return end(error, "suspects", context(), console),
    };
    console.table(&table(&found, &args.layer), args.format.format)?;
    let undone = found.iter().filter(|one| one.suspicion == Suspicion::NotDone).count();
    let names: Vec<&str> = voices.iter().map(|voice| voice.name.as_str()).collect();
    let contradicted =
        goldpress_report::counted((found.len() - undone) as u64, "contradiction");
    let undone = goldpress_report::counted(undone as u64, "article");
    console
        .note(format!("{contradicted} by {} · {undone} not done", names.join(", ")))?;
    Ok(Exit::Done)
}

fn voices(args: &Args, dataset: &Dataset) -> anyhow::Result<Vec<Voice>> {
    let schema = joins::schema_of(dataset.root())?;
    known_layers(&schema, std::slice::from_ref(&args.layer))?;
    known_set(dataset.root(), &args.set)?;
    let mut voices = Vec::new();
    for run in &args.runs {
        for (by, documents) in joins::claims_of_run(dataset, run, None)? {
            voices.push(Voice { name: by.system, documents });
        }
    }
    for set in &args.sets {
        known_set(dataset.root(), set)?;
        voices.push(joins::voice_of_set(dataset, set, &args.layer)?);
    }
    if voices.is_empty() {
        let hint = "--run RUN_ID,… asks systems, --sets ada,bo asks annotators";
        return Err(Refusal::error("nobody is asked", hint));
    }
    Ok(voices)
}

fn table(found: &[Suspect], layer: &str) -> Table {
    let mut table = Table::new(&[
        ("why", Align::Left),
        ("against", Align::Right),
        ("of", Align::Right),
        ("doc_id", Align::Left),
        ("at", Align::Left),
        ("label", Align::Left),
        ("text", Align::Left),
    ]);
    for one in found {
        let why = match one.suspicion {
            Suspicion::Lacking => "only gold has it",
            Suspicion::Missing => "gold lacks it",
            Suspicion::NotDone => "nobody has done it",
        };
        let (against, of) = one.contradicting;
        let annotation = one.annotation.as_ref();
        let said = |part: fn(&LooseAnnotation) -> String| {
            annotation.map_or_else(Cell::empty, |a| Cell::text(part(a)))
        };
        table.push(vec![
            Cell::repeated(why),
            Cell::count(against as u64),
            Cell::count(of as u64),
            Cell::text(one.doc_id.to_string()),
            said(|a| super::shared::ranges(&a.fragments)),
            annotation.map_or_else(
                || Cell::text(layer),
                |a| Cell::text(format!("{}/{}", a.layer, a.label)),
            ),
            said(|a| a.text.replace('\n', " ")),
        ]);
    }
    table
}
