//! Flags that mean one thing across all verbs, and what arguments alone can get wrong.

use std::{
    ffi::OsString,
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use anstyle::AnsiColor;
use clap::{ColorChoice, ValueEnum, error::ErrorKind};
use goldpress_label::{LabelSets, Unit};
use goldpress_model::Schema;
use goldpress_report as report;

use crate::{
    console::Console,
    exit::{Exit, Refusal},
};

/// When output is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Colour {
    /// Whether a stream wants colours.
    #[expect(clippy::disallowed_methods, reason = "the command reads the environment")]
    pub(crate) fn is_wanted(self, is_terminal: bool) -> bool {
        let asked_for_none =
            std::env::var("NO_COLOR").is_ok_and(|value| !value.is_empty());
        match self {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => is_terminal && !asked_for_none && !is_dumb(),
        }
    }

    /// What the command line asks for, before anything is known to be right about it.
    pub(crate) fn of_arguments(arguments: impl Iterator<Item = OsString>) -> Colour {
        let mut asked = Colour::Auto;
        let mut is_next = false;
        for argument in arguments.skip(1).map(|a| a.to_string_lossy().into_owned()) {
            let value = match argument.strip_prefix("--color=") {
                Some(value) => value,
                None if is_next => &argument,
                None => "",
            };
            is_next = argument == "--color";
            asked = Colour::from_str(value, false).unwrap_or(asked);
            if argument == "--" {
                break;
            }
        }
        asked
    }
}

/// Whether the terminal knows no colours and no cursor.
#[expect(clippy::disallowed_methods, reason = "the command reads the environment")]
pub(crate) fn is_dumb() -> bool {
    std::env::var("TERM").is_ok_and(|term| term == "dumb")
}

/// The dataset a verb works on.
#[derive(Debug, clap::Args)]
pub(crate) struct DatasetArg {
    /// Dataset folder
    #[arg(default_value = ".", value_name = "DATASET")]
    pub(crate) dataset: PathBuf,
}

/// How a table is printed.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct FormatArg {
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

/// A format of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Columns for people
    Text,
    /// One JSON document
    Json,
    /// One JSON object a line
    Jsonl,
    /// Comma-separated values; an apostrophe stands before text that a spreadsheet would run
    Csv,
    /// Markdown
    Md,
}

impl From<Format> for report::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Text => report::Format::Text,
            Format::Json => report::Format::Json,
            Format::Jsonl => report::Format::Jsonl,
            Format::Csv => report::Format::Csv,
            Format::Md => report::Format::Md,
        }
    }
}

/// The systems a verb works on.
#[derive(Debug, clap::Args)]
pub(crate) struct SystemArg {
    /// Only this system; may be repeated
    #[arg(long = "system", value_name = "NAME")]
    pub(crate) systems: Vec<String>,
}

/// Reads `A=B`.
pub(crate) fn pair(text: &str) -> Result<(String, String), String> {
    let (from, to) = text.split_once('=').ok_or("expected two words joined by `=`")?;
    Ok((from.to_owned(), to.to_owned()))
}

/// Reads what offsets count, by name.
pub(crate) fn unit(text: &str) -> Result<Unit, String> {
    Unit::from_name(text)
        .ok_or_else(|| "one of: code-point, utf-16, utf-8, grapheme".to_owned())
}

/// Reads a number of bytes: `1048576`, `64KiB`, `32MiB`, `2GiB`.
pub(crate) fn size(text: &str) -> Result<usize, String> {
    let units = [("GiB", 30), ("MiB", 20), ("KiB", 10), ("", 0)];
    let read = units.iter().find_map(|(unit, shift)| {
        let number: usize = text.strip_suffix(unit)?.trim().parse().ok()?;
        number.checked_mul(1 << shift)
    });
    read.ok_or_else(|| "expected a number of bytes such as 32MiB".to_owned())
}

/// Reads a number of seconds: `5`, `0.5`.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|n| Duration::try_from_secs_f64(n).ok());
    seconds.ok_or_else(|| "expected a number of seconds such as 5 or 0.5".to_owned())
}

/// How clap colours help; errors are printed by [`refuse_arguments`].
pub(crate) fn clap_colours(colour: Colour) -> ColorChoice {
    if colour.is_wanted(io::stdout().is_terminal()) {
        ColorChoice::Always
    } else {
        ColorChoice::Never
    }
}

/// Prints what clap says of wrong arguments in the shape of every other error.
///
/// Help and version go to standard output and are a success.
pub(crate) fn refuse_arguments(error: &clap::Error, colour: Colour) -> Exit {
    use ErrorKind::{
        DisplayHelp, DisplayHelpOnMissingArgumentOrSubcommand, DisplayVersion,
    };
    if matches!(error.kind(), DisplayHelp | DisplayVersion) {
        // A closed pipe is a success; what else cannot be written is not.
        return match error.print() {
            Ok(()) => Exit::Done,
            Err(error) => Console::of_process(false, colour).report(&error.into()),
        };
    }
    if error.kind() == DisplayHelpOnMissingArgumentOrSubcommand {
        let _ = write!(io::stderr(), "{}", error.render());
        return Exit::Usage;
    }
    let red = AnsiColor::Red.on_default().bold();
    let head = if colour.is_wanted(io::stderr().is_terminal()) {
        format!("{red}error:{red:#}")
    } else {
        "error:".to_owned()
    };
    let text = error.render().to_string();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let message = first.strip_prefix("error: ").unwrap_or(first);
    let mut shown =
        format!("{head} the command line cannot be read\n  because: {message}\n");
    let mut hints = Vec::new();
    for line in lines {
        match line.strip_prefix("tip: ") {
            Some(tip) => hints.push(tip.to_owned()),
            None if line.starts_with("Usage:") => {
                hints.push(line.replacen("Usage:", "usage:", 1))
            }
            None if line.starts_with("For more information") => {}
            None => shown.push_str(&format!("    {line}\n")),
        }
    }
    shown.push('\n');
    shown.extend(hints.iter().map(|hint| format!("hint: {hint}\n")));
    let styles = match colour.is_wanted(io::stderr().is_terminal()) {
        true => report::door::Styles::Pass,
        false => report::door::Styles::Escaped,
    };
    let shown = report::door::log(&shown, styles);
    let _ = io::stderr().write_all(shown.as_bytes());
    Exit::Usage
}

/// Refuses a layer that the schema does not have.
pub(crate) fn known_layers(schema: &Schema, layers: &[String]) -> anyhow::Result<()> {
    let Some(gone) = layers.iter().find(|name| schema.layer(name).is_none()) else {
        return Ok(());
    };
    let all: Vec<&str> = schema.layers.iter().map(|layer| layer.name.as_str()).collect();
    let message = format!("`{}` has no layer `{gone}`", schema.id());
    Err(Refusal::error(message, format!("one of: {}", all.join(", "))))
}

/// Refuses a layer set that is not there: nothing said of it would read as "all is well".
pub(crate) fn known_set(root: &Path, set: &str) -> anyhow::Result<()> {
    let names = LabelSets::of(root).list()?;
    if names.iter().any(|name| name.set == set) {
        return Ok(());
    }
    let mut known: Vec<&str> = names.iter().map(|name| name.set.as_str()).collect();
    known.dedup();
    let hint = match known.is_empty() {
        true => "goldpress label import brings labels in".to_owned(),
        false => format!("one of: {}", known.join(", ")),
    };
    Err(Refusal::error(format!("there is no layer set `{set}`"), hint))
}
