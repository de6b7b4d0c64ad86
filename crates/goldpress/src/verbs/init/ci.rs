//! What a dataset needs in a repository: a workflow that scores it, and what git leaves out.

use std::{
    io,
    path::{Path, PathBuf},
};

use goldpress_store::atomic;

/// The workflow, from the root of the repository.
const WORKFLOW: &str = ".github/workflows/goldpress.yml";

/// The workflow but for the folder of the dataset, which is `DATASET` in it.
const WORKFLOW_TEXT: &str = include_str!("workflow.yml");

/// What goldpress makes again from labels, and is no part of the repository.
const IGNORED: &str = "\
# Made again by goldpress: `goldpress ingest labels/texts -o .` brings the articles back.
/.ingest/
/articles/
/raw/
/rejects/
/runs/
/reports/
/imported/
/annotations.parquet
/dedup.parquet
/manifest.json
/goldpress.baseline.new.jsonl
# Files that are being written, or that a killed writer left.
.goldpress-*.tmp
";

/// Writes the workflow and `.gitignore` where there is none; gives what was written.
pub(super) fn write(dataset: &Path) -> io::Result<Vec<PathBuf>> {
    std::fs::create_dir_all(dataset)?;
    let (root, inside) = repository_of(dataset)?;
    let workflow = WORKFLOW_TEXT.replace("DATASET", &inside);
    let files = [
        (root.join(WORKFLOW), workflow),
        (dataset.join(".gitignore"), IGNORED.to_owned()),
    ];
    let mut written = Vec::new();
    for (path, text) in files {
        if path.exists() {
            continue;
        }
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        atomic::write(&path, text.as_bytes())?;
        written.push(path);
    }
    Ok(written)
}

/// The root of the repository that a folder lies in, and the folder as seen from there;
/// the working folder, where it lies in none.
fn repository_of(dataset: &Path) -> io::Result<(PathBuf, String)> {
    let whole = dataset.canonicalize()?;
    let here = Path::new(".").canonicalize()?;
    let root = whole.ancestors().find(|folder| folder.join(".git").exists());
    let root = root.unwrap_or(if whole.starts_with(&here) { &here } else { &whole });
    let inside = whole.strip_prefix(root).unwrap_or(Path::new(""));
    let inside = inside.to_string_lossy().into_owned();
    let inside = if inside.is_empty() { ".".to_owned() } else { inside };
    // Shown as a person would name it, where that is below the working folder.
    let shown = root.strip_prefix(&here).map_or(root.to_owned(), Path::to_owned);
    Ok((shown, inside))
}

/// What a person commits, what comes back without, and what does not.
pub(super) const ADVICE: &str = "\
commit: goldpress.toml, labels/ with labels/texts, goldpress.baseline.jsonl, .gitignore, the workflow
left out: articles, raw, runs, reports: the workflow makes the articles again from labels/texts
not back: what a page says beside its text (date, address, markup); make the baseline of articles
          that came back so, or let the workflow ingest the raw files";
