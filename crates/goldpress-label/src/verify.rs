//! `label check`: every label file of a dataset against its article.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{Article, Digest, Field, Schema};
use goldpress_store::{Dataset, labels};

use crate::{
    adjudicate::{GOLD, Stale, stale},
    checks::{Finding, Severity, TextOf},
    locks::lock,
    reading::check_bytes,
    schema::load_schema,
    sets::{LabelError, LabelName, LabelSets},
};

/// Checks the label files of a dataset, all of them or those of one set.
///
/// Findings stand in the order of files and lines. A file whose article is not in the
/// dataset is one finding: its text may have changed, and `label carry` moves it.
///
/// # Errors
///
/// The schema is not valid, or a file or table cannot be read.
pub fn check(dataset: &Dataset, set: Option<&str>) -> Result<Vec<Finding>, LabelError> {
    let schema = load_schema(dataset.root())?;
    check_under(&schema, dataset, set)
}

/// The same under a given schema.
///
/// # Errors
///
/// As [`check`].
pub fn check_under(
    schema: &Schema,
    dataset: &Dataset,
    set: Option<&str>,
) -> Result<Vec<Finding>, LabelError> {
    let sets = LabelSets::of(dataset.root());
    let mut names = sets.list()?;
    names.retain(|name| set.is_none_or(|set| name.set == set));
    let mut by_file: BTreeMap<LabelName, Vec<Finding>> = BTreeMap::new();
    let mut waiting: BTreeMap<Digest, Vec<LabelName>> = BTreeMap::new();
    for name in names {
        waiting.entry(name.doc).or_default().push(name);
    }
    for_each_article(dataset, &waiting.keys().copied().collect(), |article| {
        for name in waiting.remove(&article.doc_id()).unwrap_or_default() {
            let bytes = sets.bytes(&name)?.unwrap_or_default();
            let file = file_name(&name);
            let text = text_of(article);
            let findings = check_bytes(schema, &text, &name.set, &file, &bytes);
            by_file.insert(name, findings);
        }
        Ok(())
    })?;
    for name in waiting.into_values().flatten() {
        let message =
            format!("no article is `{}`; `label carry` finds its text", name.doc);
        let file = file_name(&name);
        let (code, severity) = ("article", Severity::Error);
        let finding = Finding { code, severity, file, line: 1, message };
        by_file.insert(name, vec![finding]);
    }
    if set.is_none_or(|set| set == GOLD) {
        let told = match stale(dataset) {
            // What is broken has its own findings, and nothing to compare.
            Err(LabelError::Broken { .. }) => Vec::new(),
            told => told?,
        };
        for Stale { doc_id, layer, set } in told {
            let name = LabelName { set: GOLD.to_owned(), doc: doc_id };
            let message = format!("`{layer}` was made of `{set}`, which has changed");
            let (code, severity, line) = ("stale", Severity::Warning, 1);
            let file = file_name(&name);
            let finding = Finding { code, severity, file, line, message };
            by_file.entry(name).or_default().push(finding);
        }
    }
    Ok(by_file.into_values().flatten().collect())
}

/// The finding of a label file whose article is not there.
pub(crate) fn absent(name: &LabelName) -> Finding {
    let message = format!("no article is `{}`; `label carry` finds its text", name.doc);
    let (code, severity) = ("article", Severity::Error);
    Finding { code, severity, file: file_name(name), line: 1, message }
}

/// Writes label files anew whose bytes are not canonical: lines out of order, spaces.
///
/// Files with an error are left alone, to be mended by whoever knows what was meant.
///
/// # Errors
///
/// The schema is not valid, or a file or table cannot be read or written.
pub fn fix(dataset: &Dataset, set: Option<&str>) -> Result<Vec<LabelName>, LabelError> {
    let schema = load_schema(dataset.root())?;
    let sets = LabelSets::of(dataset.root());
    let mut names = sets.list()?;
    names.retain(|name| set.is_none_or(|set| name.set == set));
    let docs = names.iter().map(|name| name.doc).collect();
    let _locks = lock(&sets, names.iter().map(|name| name.set.as_str()))?;
    let (mut fixed, mut together) = (Vec::new(), sets.together());
    for_each_article(dataset, &docs, |article| {
        let text = text_of(article);
        for name in names.iter().filter(|name| name.doc == text.doc) {
            let Some(bytes) = sets.bytes(name)? else { continue };
            let Ok(file) = labels::parse(&bytes) else { continue };
            match together.write(&schema, &text, &file) {
                Ok(true) => fixed.push(name.clone()),
                Ok(false) | Err(LabelError::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    })?;
    together.commit()?;
    fixed.sort();
    Ok(fixed)
}

pub(crate) fn file_name(name: &LabelName) -> String {
    format!("labels/{}/{}.jsonl", name.set, name.doc)
}

/// What checks look at of an article of the dataset.
pub(crate) fn text_of(article: &Article) -> TextOf<'_> {
    TextOf {
        doc: article.doc_id(),
        text: article.text(),
        published_at: article.parts().fields.get(Field::DatePublished),
    }
}

/// Calls `act` once for each of the wanted articles that is there, in input order.
pub(crate) fn for_each_article(
    dataset: &Dataset,
    wanted: &BTreeSet<Digest>,
    mut act: impl FnMut(&Article) -> Result<(), LabelError>,
) -> Result<(), LabelError> {
    let mut left = wanted.clone();
    if left.is_empty() {
        return Ok(());
    }
    for article in dataset.articles() {
        let article = article?;
        if left.remove(&article.doc_id()) {
            act(&article)?;
        }
        if left.is_empty() {
            break;
        }
    }
    Ok(())
}
