//! Formats of a result, and where it is written.

use std::{
    io,
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::ValueEnum;
use goldpress_report::{Detail, ci, pages, score_table, summary};
use goldpress_store::{atomic, result::EvalResult};

use crate::shared::Format;

/// A format of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Output {
    /// Columns for people
    Text,
    /// One JSON document: every number at full precision
    Json,
    /// One JSON object a score
    Jsonl,
    /// Comma-separated values
    Csv,
    /// Markdown
    Md,
    /// The report page
    Html,
    /// JUnit XML: a case a metric and label, a case a gate
    Junit,
    /// Commands of GitHub Actions, and Markdown in the summary of the step
    Github,
    /// Metrics report of GitLab (OpenMetrics)
    Gitlab,
}

impl Output {
    /// Whether programs read it byte by byte, behind a door of its own. JSON is the same
    /// document behind the door for people.
    pub(super) fn is_for_programs(self) -> bool {
        use Output::{Csv, Github, Gitlab, Html, Json, Jsonl, Junit, Md, Text};
        match self {
            Text | Json | Jsonl | Csv | Md => false,
            Html | Junit | Github | Gitlab => true,
        }
    }
}

/// A file of the result, and its format.
#[derive(Debug, Clone)]
pub(super) struct Target {
    format: Output,
    path: PathBuf,
}

impl Target {
    /// Reads `PATH`, whose extension names the format, or `FORMAT:PATH`.
    pub(super) fn parse(text: &str) -> Result<Target, String> {
        if let Some((format, path)) = text.split_once(':')
            && let Ok(format) = Output::from_str(format, false)
        {
            return Ok(Target { format, path: path.into() });
        }
        let path = PathBuf::from(text);
        let format = match path.extension().and_then(|end| end.to_str()) {
            Some("txt") => Output::Text,
            Some("json") => Output::Json,
            Some("jsonl") => Output::Jsonl,
            Some("csv") => Output::Csv,
            Some("md") => Output::Md,
            Some("html") => Output::Html,
            Some("xml") => Output::Junit,
            Some("prom") => Output::Gitlab,
            _ => {
                return Err(format!(
                    "`{text}` has no extension that names a format; one of: .txt .json \
                     .jsonl .csv .md .html .xml .prom, or FORMAT:PATH"
                ));
            }
        };
        Ok(Target { format, path })
    }
}

/// A result in a format.
pub(super) fn render(
    result: &EvalResult,
    format: Output,
    root: &Path,
    detail: Detail,
) -> String {
    match format {
        Output::Json => goldpress_store::json::canonical(result) + "\n",
        Output::Text => summary(result, Format::Text.into(), detail),
        Output::Md => summary(result, Format::Md.into(), detail),
        Output::Jsonl => score_table(result).render(Format::Jsonl.into()),
        Output::Csv => score_table(result).render(Format::Csv.into()),
        Output::Html => pages::eval_page(result),
        Output::Junit => ci::junit(result),
        Output::Github => ci::github(result, &root.to_string_lossy()),
        Output::Gitlab => ci::gitlab(result),
    }
}

/// Writes a result to its folder of the dataset and to every target.
///
/// # Errors
///
/// The disk refuses.
pub(super) fn write_outputs(
    targets: &[Target],
    root: &Path,
    result: &mut EvalResult,
    detail: Detail,
) -> anyhow::Result<()> {
    let reports = root.join("reports");
    let folder = new_folder(&reports, result)
        .with_context(|| format!("cannot make a folder in `{}`", reports.display()))?;
    let stored = Target { format: Output::Json, path: folder.join("result.json") };
    for Target { format, path } in targets.iter().chain([&stored]) {
        let text = render(result, *format, root, detail);
        atomic::write(path, text.as_bytes())
            .with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    Ok(())
}

/// Makes a folder that no evaluation of this dataset has, though another may end in the
/// same second, and names the result after it.
fn new_folder(reports: &Path, result: &mut EvalResult) -> io::Result<PathBuf> {
    std::fs::create_dir_all(reports)?;
    let first = result.eval_id.clone();
    let others = (2_u32..).map(|n| format!("{first}-{n}"));
    for name in std::iter::once(first.clone()).chain(others) {
        let folder = reports.join(&name);
        match std::fs::create_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => {
                result.eval_id = name;
                return made.map(|()| folder);
            }
        }
    }
    Err(io::Error::from(io::ErrorKind::AlreadyExists))
}

/// Appends the Markdown of a result to the summary of a step of GitHub Actions, if this is
/// one. Above a megabyte GitHub shows nothing at all, so it is cut before.
#[expect(clippy::disallowed_methods, reason = "the command reads the environment")]
pub(super) fn append_summary(result: &EvalResult) -> anyhow::Result<()> {
    const MOST_BYTES: usize = 900_000;
    let Ok(path) = std::env::var("GITHUB_STEP_SUMMARY") else { return Ok(()) };
    let mut text = summary(result, Format::Md.into(), Detail::Grouped);
    if text.len() > MOST_BYTES {
        let n_bytes = text.len();
        text.truncate(text.floor_char_boundary(MOST_BYTES));
        text.push_str(&format!("\n\n(cut: {n_bytes} bytes in all)\n"));
    }
    let file = std::fs::File::options().append(true).create(true).open(&path);
    file.and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()))
        .with_context(|| format!("cannot append to `{path}`"))
}
