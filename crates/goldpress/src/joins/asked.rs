//! What `--metric` asks for: a metric of goldpress, or the numbers of another program.

use std::{fmt::Write as _, str::FromStr};

use goldpress_eval::{Family, METRICS, Unit, compat::Mode, metric};

/// One thing that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AskedMetric {
    /// The numbers of another program.
    Mode(Mode),
    /// A metric of the registry, by its full name.
    Metric(String),
    /// The list of all that can be asked for.
    Help,
}

impl FromStr for AskedMetric {
    type Err = String;

    fn from_str(text: &str) -> Result<AskedMetric, String> {
        if text == "help" {
            return Ok(AskedMetric::Help);
        }
        if let Ok(mode) = text.parse::<Mode>() {
            return Ok(AskedMetric::Mode(mode));
        }
        // Where lines are all lines is for `--scope` to say.
        let known = metric(text).filter(|_| !text.ends_with(".all"));
        if let Some(known) = known {
            return Ok(AskedMetric::Metric(known.name()));
        }
        let with_default = metric(&format!("{text}@0.5"));
        with_default.map(|known| AskedMetric::Metric(known.name())).ok_or_else(|| {
            format!("`{text}` is no metric and no program: --metric help lists all")
        })
    }
}

/// The programs among what is asked for.
pub(crate) fn modes_of(asked: &[AskedMetric]) -> Vec<Mode> {
    let mode = |one: &AskedMetric| match one {
        AskedMetric::Mode(mode) => Some(*mode),
        _ => None,
    };
    asked.iter().filter_map(mode).collect()
}

/// The metrics among what is asked for, each once.
pub(crate) fn metrics_of(asked: &[AskedMetric]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for one in asked {
        match one {
            AskedMetric::Metric(name) if !names.contains(name) => {
                names.push(name.clone())
            }
            _ => {}
        }
    }
    names
}

/// All that can be asked for, a line each.
pub(crate) fn list() -> String {
    let mut out = String::new();
    for metric in METRICS.iter().filter(|metric| !metric.cells) {
        let name = match metric.threshold {
            Some(_) => format!("{}[@0.5]", metric.stem),
            None => metric.stem.to_owned(),
        };
        let share = if metric.share { ", a share" } else { "" };
        let default = if metric.default { ", in the table" } else { "" };
        let (layers, unit) = (layers_of(metric.family), unit_of(metric.unit));
        // A string takes whatever is written to it.
        let _ = writeln!(out, "{name:<24} {layers}; counts {unit}{share}{default}");
    }
    for mode in PROGRAMS {
        let _ = writeln!(out, "{mode:<24} the numbers of that program");
    }
    out
}

/// Programs whose numbers can be had.
pub(crate) const PROGRAMS: [&str; 11] = [
    "conlleval",
    "seqeval-default",
    "seqeval-strict:IOB1",
    "seqeval-strict:IOB2",
    "seqeval-strict:IOE1",
    "seqeval-strict:IOE2",
    "seqeval-strict:IOBES",
    "seqeval-strict:BILOU",
    "nervaluate-1.2.1",
    "muc-4",
    "article-extraction-benchmark",
];

fn layers_of(family: Family) -> &'static str {
    match family {
        Family::Span => "layers of spans",
        Family::Timex => "timex",
        Family::Claim => "claim",
        Family::Attribution => "attribution",
        Family::Event => "events",
        Family::Relation => "relations",
        Family::Field => "fields",
        Family::Block => "blocks",
        Family::Body => "content",
    }
}

fn unit_of(unit: Unit) -> &'static str {
    match unit {
        Unit::Annotation => "annotations",
        Unit::Character => "characters",
        Unit::Token => "words",
        Unit::Text => "distinct strings",
        Unit::Block => "blocks",
        Unit::Shingle => "runs of four words",
        Unit::Field => "fields",
        Unit::Document => "documents",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_and_program_of_the_list_can_be_asked_for() {
        for line in list().lines() {
            let name = line.split(' ').next().unwrap_or_default();
            let asked = name.replace("[@0.5]", "").parse::<AskedMetric>();
            assert!(asked.is_ok(), "{name}");
        }
        let listed = METRICS.iter().filter(|metric| !metric.cells).count();
        assert_eq!(list().lines().count(), listed + PROGRAMS.len());
    }

    #[test]
    fn a_threshold_of_ones_own_is_kept() {
        assert_eq!(
            "overlap@0.75".parse(),
            Ok(AskedMetric::Metric("overlap@0.75".into()))
        );
        assert_eq!("overlap".parse(), Ok(AskedMetric::Metric("overlap@0.5".into())));
        assert!("overlap@2".parse::<AskedMetric>().is_err());
    }
}
