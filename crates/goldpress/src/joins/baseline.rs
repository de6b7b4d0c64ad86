//! Where the baseline of a dataset is, and where the next one is put.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail};
use goldpress_store::{Baseline, Dataset};

use super::sound_baseline::edited;
use crate::{config::Config, exit::Refusal};

/// The place of a baseline: a file, or one in the history of a git repository.
pub(crate) struct BaselinePlace {
    /// The file that `accept` writes.
    file: PathBuf,
    /// Revision and path, where the baseline is read from history.
    git: Option<(String, String)>,
}

impl BaselinePlace {
    /// The place that a flag names, else the one of `goldpress.toml`.
    ///
    /// A flag is relative to the current folder, the file's setting to the dataset.
    pub(crate) fn of(
        dataset: &Dataset,
        config: &Config,
        flag: Option<&str>,
    ) -> BaselinePlace {
        let root = dataset.root();
        let named = flag.unwrap_or(&config.gate.baseline);
        let of_git = named.strip_prefix("git:").and_then(|rest| rest.split_once(':'));
        let git = of_git.map(|(revision, path)| (revision.to_owned(), path.to_owned()));
        let file = match (flag, &git) {
            (_, Some(_)) => root.join(Config::default().gate.baseline),
            (Some(flag), None) => PathBuf::from(flag),
            (None, None) => root.join(named),
        };
        BaselinePlace { file, git }
    }

    /// The place of the second baseline of `goldpress.toml`, if it names one.
    pub(crate) fn release(dataset: &Dataset, config: &Config) -> Option<BaselinePlace> {
        let named = config.gate.release.as_deref()?;
        let of_git = named.strip_prefix("git:").and_then(|rest| rest.split_once(':'));
        let git = of_git.map(|(revision, path)| (revision.to_owned(), path.to_owned()));
        Some(BaselinePlace { file: dataset.root().join(named), git })
    }

    /// The second baseline itself.
    ///
    /// # Errors
    ///
    /// As [`BaselinePlace::read`], and it is not there (a refusal): a step that is to hold
    /// a release does not go on without it.
    pub(crate) fn read_release(
        dataset: &Dataset,
        config: &Config,
    ) -> anyhow::Result<Option<Baseline>> {
        let Some(place) = BaselinePlace::release(dataset, config) else {
            return Ok(None);
        };
        match place.read()? {
            Some(found) => Ok(Some(found)),
            None => {
                let name = config.gate.release.as_deref().unwrap_or_default();
                Err(Refusal::error(
                    format!("[gate] release: there is no baseline `{name}`"),
                    "copy the baseline of the release there: \
                     cp goldpress.baseline.jsonl goldpress.release.jsonl",
                ))
            }
        }
    }

    /// The baseline; `None` where there is none yet.
    ///
    /// # Errors
    ///
    /// It is of an unknown version (a refusal) or broken, or git fails.
    pub(crate) fn read(&self) -> anyhow::Result<Option<Baseline>> {
        let baseline = self.read_unchecked()?;
        if let Some(what) = baseline.as_ref().and_then(edited) {
            return Err(Refusal::error(
                format!("the baseline `{}` was edited: {what}", self.file.display()),
                "take it from git again, or delete it and accept a new one",
            ));
        }
        Ok(baseline)
    }

    fn read_unchecked(&self) -> anyhow::Result<Option<Baseline>> {
        match &self.git {
            None => Baseline::read(&self.file).map_err(refuse_version),
            Some((revision, path)) => {
                let folder = self.file.parent().unwrap_or(Path::new("."));
                let Some(text) = at_merge_base(folder, revision, path)? else {
                    return Ok(None);
                };
                Baseline::parse(&text, Path::new(path)).map(Some).map_err(refuse_version)
            }
        }
    }

    /// The file that `accept` writes.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// Where what would be the next baseline waits to be accepted.
    pub(crate) fn new_file(&self) -> PathBuf {
        let name =
            self.file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let stem = name.strip_suffix(".jsonl").unwrap_or(name);
        self.file.with_file_name(format!("{stem}.new.jsonl"))
    }

    /// Writes what would be the next baseline, unless the environment forbids it: in CI
    /// nothing is written that nobody asked for.
    #[expect(clippy::disallowed_methods, reason = "the command reads the environment")]
    pub(crate) fn write_new(&self, baseline: &Baseline) -> anyhow::Result<()> {
        let update =
            std::env::var("GOLDPRESS_UPDATE").unwrap_or_else(|_| "auto".to_owned());
        let in_ci =
            std::env::var("CI").is_ok_and(|value| !value.is_empty() && value != "false");
        let wanted = match update.as_str() {
            "always" => true,
            "no" => false,
            "auto" => !in_ci,
            other => {
                let message = format!("GOLDPRESS_UPDATE is `{other}`");
                return Err(Refusal::error(message, "one of: auto, always, no"));
            }
        };
        if wanted {
            baseline.write(&self.new_file())?;
        }
        Ok(())
    }
}

fn refuse_version(error: goldpress_store::StoreError) -> anyhow::Error {
    match error {
        goldpress_store::StoreError::Version { .. } => Refusal::error(
            error.to_string(),
            "start a new baseline: goldpress accept DATASET --because \"…\"",
        ),
        error => error.into(),
    }
}

/// A file as it was where HEAD and `revision` parted, so that a branch is not blamed for
/// what the other one gained since.
fn at_merge_base(
    folder: &Path,
    revision: &str,
    path: &str,
) -> anyhow::Result<Option<String>> {
    // A revision is never an option of git, whatever it begins with.
    let base = git(folder, &["merge-base", "--end-of-options", "HEAD", revision])?;
    let object = format!("{}:{path}", base.trim());
    if git(folder, &["cat-file", "-e", "--end-of-options", &object]).is_err() {
        return Ok(None);
    }
    git(folder, &["show", "--end-of-options", &object]).map(Some)
}

fn git(folder: &Path, args: &[&str]) -> anyhow::Result<String> {
    let output = Command::new("git")
        .args(args)
        .current_dir(folder)
        .output()
        .context("cannot run git, which `git:REF:PATH` needs")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("git {}: {}", args.join(" "), said.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
