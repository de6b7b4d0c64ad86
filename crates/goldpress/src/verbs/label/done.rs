//! `goldpress label done`: a person has been through an article.

use anyhow::Context;
use goldpress_label::{LabelError, LabelSets, TextOf, set_fault};
use goldpress_model::Field;
use goldpress_store::Dataset;

use super::shared::end;
use crate::{
    console::Console,
    exit::{Exit, Refusal},
    joins,
    shared::known_layers,
};

/// Say that you have been through a layer of an article
///
/// What is not marked there is not there: only then is the article scored, compared or
/// adjudicated. An article without a label is one that was read and has nothing to mark.
/// Where something is missing that the schema requires, the lines are named, nothing is
/// written, and the exit code is 6.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Which article: the beginning of its doc_id, or a part of its file's name
    #[arg(value_name = "ARTICLE")]
    article: String,

    /// The layers that you have been through
    #[arg(long = "layer", value_name = "LAYER", value_delimiter = ',', required = true)]
    layers: Vec<String>,

    /// Whose labels they are; may be left out where there is one set
    #[arg(long, value_name = "SET")]
    set: Option<String>,

    /// Dataset folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    dataset: std::path::PathBuf,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    let context = || format!("cannot mark `{}` as done", args.article);
    let dataset = Dataset::open(&args.dataset).with_context(context)?;
    let schema = joins::schema_of(&args.dataset).with_context(context)?;
    known_layers(&schema, &args.layers).with_context(context)?;
    let set = set(args).with_context(context)?;
    let article = joins::meant(&dataset, &args.article).with_context(context)?;
    let text = TextOf {
        doc: article.doc_id(),
        text: article.text(),
        published_at: article.parts().fields.get(Field::DatePublished),
    };
    let report = match goldpress_label::mark_done(&dataset, &text, &set, &args.layers) {
        Ok(report) => report,
        Err(error) => return end(error, "done", context(), console),
    };
    for finding in &report.findings {
        writeln!(console.out, "{finding}")?;
    }
    if !report.findings.is_empty() {
        let errors = goldpress_report::counted(report.findings.len() as u64, "error");
        console.note(format!("{errors}: not done, and nothing was written"))?;
        return Ok(Exit::Faults);
    }
    let file = &article.parts().origin.file;
    for (layer, n) in &report.done {
        let marked = goldpress_report::counted(*n, "annotation");
        console.note(format!("{file}: {layer} of `{set}` is done, with {marked}"))?;
    }
    for layer in &report.held {
        console.note(format!("{file}: {layer} of `{set}` was done before"))?;
    }
    Ok(Exit::Done)
}

/// The set that is named, else the only one of a person.
fn set(args: &Args) -> anyhow::Result<String> {
    if let Some(set) = &args.set {
        return match set_fault(set) {
            None if set.starts_with('@') => {
                let hint = "a person decides: --set ada";
                Err(Refusal::error(format!("`{set}` holds what a system claims"), hint))
            }
            None => Ok(set.clone()),
            Some(reason) => {
                let error = LabelError::SetName { name: set.clone(), reason };
                Err(Refusal::error(error.to_string(), "a name such as `ada`"))
            }
        };
    }
    let names = LabelSets::of(&args.dataset).list()?;
    let mut sets: Vec<String> = names.into_iter().map(|name| name.set).collect();
    sets.retain(|set| !set.starts_with('@'));
    sets.dedup();
    match sets.as_slice() {
        [set] => Ok(set.clone()),
        [] => Err(Refusal::error("there is no set yet", "say whose it is: --set ada")),
        several => {
            let hint = format!("--set with one of {}", several.join(", "));
            Err(Refusal::error("there are several sets", hint))
        }
    }
}
