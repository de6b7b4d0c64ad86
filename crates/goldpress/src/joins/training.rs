//! Training: which lines of a dataset's articles their gold holds for body, and how well
//! weights find them on hosts that they were not fitted on.

use std::collections::BTreeMap;

use goldpress_eval::CONTENT;
use goldpress_extract::{
    KnownBody, RegionModel, RegionWeights, Sample, fit_region, plain_shapes, region_of,
};
use goldpress_model::{Article, Block, Digest, Field, Fields, PageFacts, layer};
use goldpress_store::Dataset;
use goldpress_text::{NormaliseOptions, lines, normalise, words};

use super::{Gold, Page, for_each_keeper};

/// What a dataset has to learn from.
pub(crate) struct Lessons {
    /// Pages, with their markup.
    pub(crate) pages: Vec<Lesson>,
    /// The same documents and others as plain text, with blank lines, without, and hard-wrapped.
    pub(crate) texts: Vec<Lesson>,
    /// Names of the hosts, by number.
    pub(crate) hosts: Vec<String>,
}

/// One document with its answer.
pub(crate) struct Lesson {
    text: String,
    blocks: Vec<Block>,
    facts: Option<PageFacts>,
    stated: Fields,
    is_body: Vec<bool>,
    /// Words of the gold body.
    gold: Vec<String>,
    host: usize,
}

impl Lessons {
    /// Reads every article with a gold body.
    ///
    /// # Errors
    ///
    /// There is no compiled gold, or a table cannot be read.
    pub(crate) fn read(dataset: &Dataset) -> anyhow::Result<Lessons> {
        let gold = Gold::read(dataset)?;
        let by_id: BTreeMap<Digest, _> = gold
            .documents
            .iter()
            .filter(|one| one.covered.contains(CONTENT))
            .map(|one| (one.doc_id, one))
            .collect();
        let mut lessons = Lessons { pages: vec![], texts: vec![], hosts: vec![] };
        let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
        for_each_keeper(dataset, |article, raw| {
            let Some(gold) = by_id.get(&article.doc_id()) else { return Ok(()) };
            let known = numbers.len();
            let host = *numbers.entry(host_of(&article)).or_insert(known);
            let page = Page::of(&article, raw.as_ref());
            let body = KnownBody::of(&gold.body.text);
            let lesson = |text: String, blocks: Vec<Block>| Lesson {
                is_body: body.lines(&text, &blocks),
                text,
                blocks,
                facts: None,
                stated: Fields::new(),
                gold: gold.body.tokens.clone(),
                host,
            };
            let text = article.text().to_owned();
            let is_page = article.blocks().iter().any(|block| block.path.is_some());
            if is_page {
                let mut of_page = lesson(text.clone(), article.blocks().to_vec());
                if gold.covered.contains(layer::BLOCK) {
                    of_page.is_body = gold.body_blocks(&article);
                }
                of_page.facts = page.facts().cloned();
                of_page.stated = page.stated().clone();
                lessons.pages.push(of_page);
            }
            for shape in plain_shapes(&text) {
                let shape = normalise(&shape, NormaliseOptions::default()).text;
                let blocks = lines(&shape).map(Block::plain).collect();
                lessons.texts.push(lesson(shape, blocks));
            }
            Ok(())
        })?;
        lessons.hosts = vec![String::new(); numbers.len()];
        for (name, number) in numbers {
            lessons.hosts[number] = name;
        }
        Ok(lessons)
    }

    /// Fits the weights of pages and of texts; a kind of which there is none keeps the
    /// weights of the built-in model.
    pub(crate) fn fit(&self) -> RegionModel {
        let built_in = RegionModel::built_in();
        let fit = |lessons: &[Lesson], known: &RegionWeights| match lessons {
            [] => known.clone(),
            lessons => fit_region(&samples(lessons, |_| true)),
        };
        RegionModel {
            page: fit(&self.pages, &built_in.page),
            text: fit(&self.texts, &built_in.text),
        }
    }
}

/// How well regions agree with gold, as means over documents.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Found {
    /// Documents.
    pub(crate) n: usize,
    /// F1 of the words, blind to their order.
    pub(crate) words: f64,
    /// F1 of the lines.
    pub(crate) lines: f64,
}

/// Finds the body of every lesson with weights that were fitted on the hosts of other
/// folds.
pub(crate) fn held_out(lessons: &[Lesson], n_folds: usize) -> Found {
    let mut sum = Found::default();
    for fold in 0..n_folds {
        let is_held = |lesson: &Lesson| lesson.host % n_folds == fold;
        let weights = fit_region(&samples(lessons, |lesson| !is_held(lesson)));
        for lesson in lessons.iter().filter(|lesson| is_held(lesson)) {
            let region = region_of(&lesson.sample(), &weights);
            let (words, lines) = lesson.score(&region);
            sum.n += 1;
            sum.words += words;
            sum.lines += lines;
        }
    }
    let n = sum.n.max(1) as f64;
    Found { n: sum.n, words: sum.words / n, lines: sum.lines / n }
}

fn samples(lessons: &[Lesson], keep: impl Fn(&Lesson) -> bool) -> Vec<Sample<'_>> {
    lessons.iter().filter(|lesson| keep(lesson)).map(Lesson::sample).collect()
}

impl Lesson {
    fn sample(&self) -> Sample<'_> {
        Sample {
            text: &self.text,
            blocks: &self.blocks,
            facts: self.facts.as_ref(),
            stated: &self.stated,
            is_body: &self.is_body,
            host: self.host,
        }
    }

    /// F1 of words and of lines.
    fn score(&self, region: &[bool]) -> (f64, f64) {
        let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
        for word in &self.gold {
            *counts.entry(word).or_default() += 1;
        }
        let (mut found, mut given) = (0u64, 0u64);
        for (block, _) in self.blocks.iter().zip(region).filter(|(_, is)| **is) {
            let line = block.span.slice(&self.text);
            for word in words(line) {
                given += 1;
                if let Some(left) = counts.get_mut(word.slice(line)).filter(|n| **n > 0) {
                    *left -= 1;
                    found += 1;
                }
            }
        }
        let both = region.iter().zip(&self.is_body).filter(|(a, b)| **a && **b).count();
        let n = |lines: &[bool]| lines.iter().filter(|is| **is).count() as u64;
        let lines = f1(both as u64, n(region), n(&self.is_body));
        (f1(found, given, self.gold.len() as u64), lines)
    }
}

fn f1(found: u64, given: u64, gold: u64) -> f64 {
    if given + gold == 0 { 1.0 } else { 2.0 * found as f64 / (given + gold) as f64 }
}

/// The registered name of the host, else the source; texts from nowhere are one host each.
fn host_of(article: &Article) -> String {
    let fields = &article.parts().fields;
    let url = fields.get(Field::Url).or(fields.get(Field::CanonicalUrl));
    let host = url.and_then(|url| url.split("://").nth(1)).and_then(|rest| {
        let host = rest.split(['/', '?', '#', ':']).next()?;
        (!host.is_empty()).then(|| host.trim_start_matches("www.").to_lowercase())
    });
    let source = || article.parts().source.clone();
    host.or_else(source).unwrap_or_else(|| article.doc_id().to_string())
}
