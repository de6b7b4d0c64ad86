//! Which article a label file without one belongs to now.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{Article, Digest, Field};
use goldpress_store::Dataset;
use goldpress_text::words;

use super::CarryOptions;
use crate::sets::{LabelError, LabelName, LabelSets};

/// An old document and the new one that it became.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// What the labels are of.
    pub old: Digest,
    /// What they are to be of.
    pub new: Digest,
}

/// A label file and its new article.
pub(super) struct Found {
    pub(super) name: LabelName,
    pub(super) doc: Digest,
    /// The text that was labelled, where anybody kept it.
    pub(super) old: Option<String>,
    /// The text that the article has now.
    pub(super) new: String,
}

/// Pairs label files that have no article with articles: by option, by the raw bytes, by
/// address, and last by the words that they share.
pub(super) fn pairs(
    dataset: &Dataset,
    sets: &LabelSets,
    names: Vec<LabelName>,
    options: &CarryOptions<'_>,
    unpaired: &mut Vec<LabelName>,
) -> Result<Vec<Found>, LabelError> {
    let now = Now::of(dataset)?;
    let orphans: Vec<LabelName> =
        names.into_iter().filter(|name| !now.docs.contains(&name.doc)).collect();
    if orphans.is_empty() {
        return Ok(Vec::new());
    }
    let wanted: BTreeSet<Digest> = orphans.iter().map(|name| name.doc).collect();
    let before = Before::of(options.old, &wanted)?;
    let mut old_texts = BTreeMap::new();
    for doc in &wanted {
        let kept = sets.text(*doc)?;
        old_texts.insert(*doc, kept.or_else(|| before.texts.get(doc).cloned()));
    }
    let mut targets: BTreeMap<Digest, Digest> = BTreeMap::new();
    for doc in &wanted {
        let by_option = options.pairs.iter().find(|pair| pair.old == *doc);
        let by_option = by_option.map(|pair| pair.new);
        let found = by_option.or_else(|| now.of_same(before.marks.get(doc)?));
        targets.extend(found.map(|new| (*doc, new)));
    }
    by_words(dataset, &wanted, &old_texts, &mut targets)?;
    let needed: BTreeSet<Digest> = targets.values().copied().collect();
    let new_texts = texts(dataset, &needed)?;
    let mut found = Vec::new();
    for name in orphans {
        let doc = targets.get(&name.doc).copied();
        let new = doc.and_then(|doc| Some((doc, new_texts.get(&doc)?.clone())));
        match new {
            Some((doc, new)) => {
                let old = old_texts[&name.doc].clone();
                found.push(Found { name, doc, old, new });
            }
            None => unpaired.push(name),
        }
    }
    Ok(found)
}

/// What tells an article again when its text has changed.
struct Marks {
    raw_id: Digest,
    url: Option<String>,
}

impl Marks {
    fn of(article: &Article) -> Marks {
        let fields = &article.parts().fields;
        let url = fields.get(Field::CanonicalUrl).or(fields.get(Field::Url));
        Marks { raw_id: article.parts().raw_id, url: url.map(str::to_owned) }
    }
}

/// The articles there are.
#[derive(Default)]
struct Now {
    docs: BTreeSet<Digest>,
    by_raw: BTreeMap<Digest, Digest>,
    by_url: BTreeMap<String, Digest>,
}

impl Now {
    fn of(dataset: &Dataset) -> Result<Now, LabelError> {
        let mut now = Now::default();
        for article in dataset.articles() {
            let article = article?;
            let (doc, marks) = (article.doc_id(), Marks::of(&article));
            now.docs.insert(doc);
            now.by_raw.entry(marks.raw_id).or_insert(doc);
            if let Some(url) = marks.url {
                now.by_url.entry(url).or_insert(doc);
            }
        }
        Ok(now)
    }

    fn of_same(&self, marks: &Marks) -> Option<Digest> {
        let by_url = || self.by_url.get(marks.url.as_ref()?).copied();
        self.by_raw.get(&marks.raw_id).copied().or_else(by_url)
    }
}

/// The articles there were.
#[derive(Default)]
struct Before {
    texts: BTreeMap<Digest, String>,
    marks: BTreeMap<Digest, Marks>,
}

impl Before {
    fn of(
        dataset: Option<&Dataset>,
        wanted: &BTreeSet<Digest>,
    ) -> Result<Before, LabelError> {
        let mut before = Before::default();
        let Some(dataset) = dataset else { return Ok(before) };
        for article in dataset.articles() {
            let article = article?;
            if wanted.contains(&article.doc_id()) {
                before.texts.insert(article.doc_id(), article.text().to_owned());
                before.marks.insert(article.doc_id(), Marks::of(&article));
            }
        }
        Ok(before)
    }
}

fn texts(
    dataset: &Dataset,
    needed: &BTreeSet<Digest>,
) -> Result<BTreeMap<Digest, String>, LabelError> {
    let mut texts = BTreeMap::new();
    for article in dataset.articles() {
        let article = article?;
        if needed.contains(&article.doc_id()) {
            texts.insert(article.doc_id(), article.text().to_owned());
        }
    }
    Ok(texts)
}

/// Of two texts of one article, at least half of the shorter one's words in a row stand in
/// the other. Two articles on one event share far less.
const SHARED: f64 = 0.5;

/// Words in a row that are compared: four are hardly ever chance.
const IN_A_ROW: usize = 4;

/// Pairs what nothing else tells: the article with most words in a row of the old text.
fn by_words(
    dataset: &Dataset,
    wanted: &BTreeSet<Digest>,
    old_texts: &BTreeMap<Digest, Option<String>>,
    targets: &mut BTreeMap<Digest, Digest>,
) -> Result<(), LabelError> {
    let open: Vec<(Digest, BTreeSet<u64>)> = wanted
        .iter()
        .filter(|doc| !targets.contains_key(doc))
        .filter_map(|doc| Some((*doc, rows(old_texts[doc].as_deref()?))))
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    let mut best: BTreeMap<Digest, (f64, Digest)> = BTreeMap::new();
    for article in dataset.articles() {
        let article = article?;
        let new = rows(article.text());
        for (doc, old) in &open {
            let n_shared = old.intersection(&new).count();
            let share = n_shared as f64 / old.len().min(new.len()).max(1) as f64;
            let is_better = best.get(doc).is_none_or(|(most, _)| share > *most);
            if share >= SHARED && is_better {
                best.insert(*doc, (share, article.doc_id()));
            }
        }
    }
    targets.extend(best.into_iter().map(|(old, (_, new))| (old, new)));
    Ok(())
}

fn rows(text: &str) -> BTreeSet<u64> {
    let words: Vec<String> =
        words(text).map(|word| word.slice(text).to_lowercase()).collect();
    words
        .windows(IN_A_ROW.min(words.len().max(1)))
        .map(|row| {
            let hash = Digest::of(row.join(" ").as_bytes());
            let (head, _) = hash.as_bytes().split_first_chunk().expect("16 bytes hold 8");
            u64::from_le_bytes(*head)
        })
        .collect()
}
