//! `goldpress label agree`: how far annotators agree before anyone adjudicates.

mod show;

use std::collections::BTreeSet;

use anyhow::Context;
use goldpress_label::{
    LabelSets,
    agreement::{Distance, Weights},
};
use goldpress_store::Dataset;

use super::shared::{end, known_set};
use crate::{
    console::Console,
    exit::{Exit, Refusal},
    joins::{self, Agreement, Asked, Figure, Group},
    shared::DatasetArg,
};

/// Say how far annotators agree, layer by layer
///
/// An article takes part where every set holds `done` for the layer. Spans are compared by
/// F1, which has no chance term, and by α_U, which sees how far apart two spans lie;
/// roles, fields and attributes by observed agreement, Krippendorff's α and Gwet's AC1. No
/// figure stands alone. What cannot be computed is shown as `–`, with the reason in words.
/// Articles whose annotators saw suggestions are reported in rows of their own.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dataset: DatasetArg,

    /// Layer sets to compare, at least two
    #[arg(long, value_name = "SET", value_delimiter = ',', required = true)]
    sets: Vec<String>,

    /// Only these layers; all that were done by every set without it
    #[arg(long = "layer", value_name = "LAYER", value_delimiter = ',')]
    layers: Vec<String>,

    /// Also print these coefficients over units
    #[arg(long, value_name = "NAME", value_delimiter = ',',
          value_parser = ["cohen", "scott", "fleiss", "bennett"])]
    coefficient: Vec<String>,

    /// Also print α by this distance of values: in the order of the schema, or as numbers
    #[arg(long, value_name = "SCALE", value_parser = ["ordinal", "interval", "ratio"])]
    scale: Option<String>,

    /// Weights of `--coefficient cohen`, by steps in the order of the schema
    #[arg(long, value_name = "WEIGHTS", value_parser = ["linear", "quadratic"])]
    weights: Option<String>,

    /// Which part of an article: all of it, or the lines that are the article's own by the
    /// roles of gold
    #[arg(long, value_name = "SCOPE", default_value = "all", value_parser = ["main", "all"])]
    scope: String,

    /// Compare articles that were labelled under different guidelines too
    #[arg(long)]
    mixed_guidelines: bool,

    /// Print every disagreement, one a line
    #[arg(long)]
    list: bool,

    /// Ask for a figure of at least this value: exit code 3 below it, 5 where it has no
    /// value; may be repeated
    #[arg(long, value_name = "FIGURE=VALUE", value_parser = demand)]
    require: Vec<(String, f64)>,

    /// Resamples of the bootstrap that gives coefficients their interval; 0 for none
    #[arg(long, value_name = "N", default_value_t = 9999)]
    resamples: u64,

    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text",
          value_parser = ["text", "json"])]
    format: String,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    let root = &args.dataset.dataset;
    let context = || format!("cannot compare the labels of `{}`", root.display());
    let dataset = Dataset::open(root).with_context(context)?;
    let schema = joins::schema_of(root).with_context(context)?;
    check(args, &schema).with_context(context)?;
    let sets: Vec<&str> = args.sets.iter().map(String::as_str).collect();
    let schema = LabelSets::of(root).close(&schema, &sets).with_context(context)?;
    let asked = Asked {
        schema: &schema,
        sets: &args.sets,
        main_alone: args.scope == "main",
        mixed_guidelines: args.mixed_guidelines,
        more: &args.coefficient,
        scale: scale(args),
        weights: weights(args),
        resamples: args.resamples,
    };
    let is_asked = |name: &String| args.layers.is_empty() || args.layers.contains(name);
    let layers = schema.layers.iter().filter(|layer| is_asked(&layer.name));
    let compared = Agreement::read(&dataset, asked).and_then(|agreement| {
        let groups = layers.map(|layer| agreement.of_layer(layer));
        let groups = groups.collect::<anyhow::Result<Vec<_>>>()?;
        if agreement.n_without_roles > 0 {
            console.note(format!(
                "left out: {}, to whose lines gold gives no roles",
                goldpress_report::counted(agreement.n_without_roles as u64, "article")
            ))?;
        }
        Ok(groups)
    });
    let groups: Vec<Group> = match compared.map_err(|error| error.downcast()) {
        Ok(groups) => groups.into_iter().flatten().collect(),
        Err(Ok(error)) => {
            let error: goldpress_label::LabelError = error;
            return end(error, "agree", context(), console);
        }
        Err(Err(error)) => return Err(error).with_context(context),
    };
    if groups.is_empty() {
        console.note(format!(
            "undecidable: no article is done by all of {}\n\n\
             hint: goldpress label import --reviewed LAYER says that a layer is done",
            args.sets.join(", ")
        ))?;
        return Ok(Exit::Undecidable);
    }
    match args.format.as_str() {
        "json" => writeln!(console.out, "{}", show::json(&groups))?,
        _ => groups.iter().try_for_each(|group| show::text(group, args.list, console))?,
    }
    judge(args, &groups, console)
}

fn check(args: &Args, schema: &goldpress_model::Schema) -> anyhow::Result<()> {
    let mut sets = args.sets.clone();
    sets.sort();
    sets.dedup();
    if sets.len() != args.sets.len() || sets.len() < 2 {
        let hint = "name two or more different sets: --sets ada,bo";
        return Err(Refusal::error("one set agrees with itself", hint));
    }
    args.sets.iter().try_for_each(|set| known_set(&args.dataset.dataset, set))?;
    match args.layers.iter().find(|name| schema.layer(name).is_none()) {
        Some(gone) => Err(Refusal::error(
            format!("`{}` has no layer `{gone}`", schema.id()),
            "the layers: goldpress schema",
        )),
        None => Ok(()),
    }
}

/// Whether every figure that was asked for is there and high enough, in every row.
fn judge(args: &Args, groups: &[Group], console: &mut Console) -> anyhow::Result<Exit> {
    let (mut is_below, mut is_open) = (false, false);
    for (name, least) in &args.require {
        let figures: Vec<(&Group, &Figure)> = groups
            .iter()
            .flat_map(|group| group.figures.iter().map(move |figure| (group, figure)))
            .filter(|(_, figure)| figure.name == *name)
            .collect();
        if figures.is_empty() {
            is_open = true;
            let all = groups.iter().flat_map(|group| &group.figures);
            let names: BTreeSet<&str> = all.map(|figure| figure.name.as_str()).collect();
            let names: Vec<&str> = names.into_iter().collect();
            let names = names.join(", ");
            console.note(format!(
                "undecidable: no layer has a figure `{name}`, but {names}"
            ))?;
        }
        for (group, figure) in figures {
            let of = format!("{} of {}", group.layer, group.sets.join(" ~ "));
            match figure.value {
                Ok(value) if value >= *least => {}
                Ok(value) => {
                    is_below = true;
                    console
                        .note(format!("below: {name} {value:.4} < {least} in {of}"))?;
                }
                Err(why) => {
                    is_open = true;
                    console.note(format!("undecidable: {name} in {of}: {why}"))?;
                }
            }
        }
    }
    let has_faults = groups.iter().any(|group| !group.faults.is_empty());
    Ok(match () {
        () if is_below => Exit::Quality,
        () if is_open || has_faults => Exit::Undecidable,
        () => Exit::Done,
    })
}

fn scale(args: &Args) -> Option<Distance> {
    let all = [Distance::Ordinal, Distance::Interval, Distance::Ratio];
    all.into_iter().find(|scale| Some(scale.name()) == args.scale.as_deref())
}

fn weights(args: &Args) -> Weights {
    let all = [Weights::Linear, Weights::Quadratic];
    all.into_iter()
        .find(|weights| Some(weights.name()) == args.weights.as_deref())
        .unwrap_or(Weights::None)
}

fn demand(text: &str) -> Result<(String, f64), String> {
    let (name, value) = text.split_once('=').ok_or("expected FIGURE=VALUE")?;
    let value: f64 = value.parse().map_err(|_| format!("`{value}` is no number"))?;
    Ok((name.to_owned(), value))
}
