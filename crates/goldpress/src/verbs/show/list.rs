//! `show --list`: the articles of a dataset, a row each.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_label::LabelSets;
use goldpress_model::{AttrValue, Digest, Field, layer::REVIEW};
use goldpress_report::{Align, Cell, Table};
use goldpress_store::Dataset;

use super::{Args, fits};

/// Every article that fits, with the sets that label it and the layers each is done with.
pub(super) fn table(dataset: &Dataset, args: &Args) -> anyhow::Result<Table> {
    let mut table = Table::new(&[
        ("doc_id", Align::Left),
        ("file", Align::Left),
        ("record", Align::Right),
        ("words", Align::Right),
        ("lang", Align::Left),
        ("headline", Align::Left),
        ("labels", Align::Left),
    ]);
    let labels = Labels::of(dataset, args.set.as_deref())?;
    for article in dataset.articles() {
        let article = article?;
        let labelled = labels.by_article.get(&article.doc_id());
        let is_labelled = args.set.is_none() || labelled.is_some();
        if !fits(&article, args.article.as_deref()) || !is_labelled {
            continue;
        }
        let parts = article.parts();
        let words = u64::from(parts.measures.n_words);
        table.push(vec![
            Cell::text(article.doc_id().to_string()),
            Cell::text(&parts.origin.file),
            Cell::count(parts.origin.record),
            Cell::count(words),
            Cell::text(&parts.lang),
            Cell::text(parts.fields.get(Field::Headline).unwrap_or_default()),
            match labelled {
                Some(sets) => Cell::text(labels.told(article.doc_id(), sets)?),
                None => Cell::empty(),
            },
        ]);
    }
    Ok(table)
}

/// Which sets have a label file of which article.
struct Labels {
    sets: LabelSets,
    by_article: BTreeMap<Digest, BTreeSet<String>>,
}

impl Labels {
    fn of(dataset: &Dataset, wanted: Option<&str>) -> anyhow::Result<Labels> {
        let sets = LabelSets::of(dataset.root());
        let mut by_article: BTreeMap<Digest, BTreeSet<String>> = BTreeMap::new();
        for name in sets.list()? {
            if wanted.is_none_or(|wanted| wanted == name.set) {
                by_article.entry(name.doc).or_default().insert(name.set);
            }
        }
        Ok(Labels { sets, by_article })
    }

    /// `ada: entity, timex; bo`: sets, each with the layers it is done with.
    fn told(&self, doc: Digest, sets: &BTreeSet<String>) -> anyhow::Result<String> {
        let mut told = Vec::new();
        for set in sets {
            let name = goldpress_label::LabelName { set: set.clone(), doc };
            let lines = self.sets.read(&name)?.map(|file| file.lines).unwrap_or_default();
            let done: Vec<&str> = lines
                .iter()
                .map(|line| &line.annotation)
                .filter(|line| line.layer == REVIEW && line.label == "done")
                .filter_map(|line| line.attrs.get("of").and_then(AttrValue::as_text))
                .collect();
            told.push(match done.is_empty() {
                true => set.clone(),
                false => format!("{set}: {}", done.join(", ")),
            });
        }
        Ok(told.join("; "))
    }
}
