//! Which article a foreign file speaks of: by id, by name, by its text, by its quotes.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use goldpress_model::{Article, CharIndex, CharRange, Digest, Field};
use goldpress_store::Dataset;
use goldpress_text::{NormaliseOptions, OffsetMap, normalise};

use super::{
    ImportError, ImportOptions, ImportReport, NoteKind, note,
    read::{Batch, Item},
    tokens,
};
use crate::{checks::TextOf, formats, sets::LabelError, units::unify};

/// One file's word on one article, and the article.
pub(super) struct Found<'a> {
    pub(super) item: &'a Item,
    pub(super) article: Arc<Labelled>,
    /// The text that the file's offsets count in, as the file has it.
    pub(super) raw: String,
    /// The same with LF line ends.
    pub(super) unified: String,
    /// Where the file's tokens stand, for formats of tokens: ranges count these.
    pub(super) tokens: Vec<CharRange>,
    /// How ranges of `unified` come into the article; `None` where the texts are equal.
    pub(super) map: Option<OffsetMap>,
}

/// What an import needs of an article.
pub(super) struct Labelled {
    pub(super) doc: Digest,
    pub(super) text: String,
    published_at: Option<String>,
}

impl Found<'_> {
    pub(super) fn article(&self) -> TextOf<'_> {
        TextOf {
            doc: self.article.doc,
            text: &self.article.text,
            published_at: self.article.published_at.as_deref(),
        }
    }
}

/// Finds the article of each item; those of none are noted and left out.
pub(super) fn find<'a>(
    dataset: &Dataset,
    batch: &'a Batch,
    options: &ImportOptions,
    report: &mut ImportReport,
) -> Result<Vec<Found<'a>>, ImportError> {
    let wants: Vec<Want<'a>> =
        batch.items.iter().map(|item| Want::of(item, options)).collect();
    let mut hits = Hits::collect(dataset, &wants)?;
    if wants.iter().any(|want| hits.resolve(want).is_err() && want.has_quotes()) {
        hits.search_quotes(dataset, &wants)?;
    }
    let mut found = Vec::new();
    for want in wants {
        match hits.resolve(&want) {
            Ok(article) => {
                match tokens::align_either(&want.item.foreign.tokens, &article.text) {
                    Ok(tokens) => found.push(want.found(article, tokens)),
                    Err((line, message)) => {
                        let file = &want.item.file;
                        let (kind, code) = (NoteKind::Rejected, "tokens-differ");
                        report.notes.push(note(file, line, kind, code, message));
                    }
                }
            }
            Err(message) => {
                let (file, kind) = (&want.item.file, NoteKind::Rejected);
                report.notes.push(note(file, 0, kind, "no-article", message));
            }
        }
    }
    if let (true, Some(first)) = (found.is_empty(), report.notes.first()) {
        let place = match first.line {
            0 => String::new(),
            line => format!("{}:{line}: ", first.file),
        };
        let (code, message) = (first.code, format!("{place}{}", first.message));
        return Err(ImportError::Refused { code, message });
    }
    Ok(found)
}

/// How an item's article may be found.
struct Want<'a> {
    item: &'a Item,
    /// Ids and stems, the surest first.
    names: Vec<String>,
    /// Hash of the text as it is, and as the normaliser makes it.
    texts: Vec<(Digest, Option<OffsetMap>)>,
    unified: Option<String>,
    /// Hash of the tokens without white space, as they are and as the normaliser makes them.
    squashed: Vec<Digest>,
}

impl<'a> Want<'a> {
    fn of(item: &'a Item, options: &ImportOptions) -> Want<'a> {
        let named = match &options.doc {
            Some(doc) => vec![doc.clone()],
            None => item.foreign.doc.iter().chain([&item.stem]).cloned().collect(),
        };
        let unified = item.foreign.text.as_deref().map(unify);
        let mut texts = Vec::new();
        if let Some(text) = &unified {
            texts.push((Digest::of(text.as_bytes()), None));
            let normal = normalise(text, NormaliseOptions::default());
            if normal.text != *text {
                texts.push((Digest::of(normal.text.as_bytes()), Some(normal.map)));
            }
        }
        let tokens = &item.foreign.tokens;
        let mut squashed = Vec::new();
        if !tokens.is_empty() {
            squashed.push(tokens::squashed_tokens(tokens));
            squashed.push(tokens::squashed_tokens(&tokens::normalised(tokens)));
            squashed.dedup();
        }
        Want { item, names: named, texts, unified, squashed }
    }

    fn has_quotes(&self) -> bool {
        let drafts = &self.item.foreign.drafts;
        self.unified.is_none() && drafts.iter().any(|draft| draft.quote.is_some())
    }

    /// Whether every quoted annotation stands in a text at its code points.
    fn stands_in(&self, index: &CharIndex<'_>) -> bool {
        let drafts = &self.item.foreign.drafts;
        let quoted = drafts.iter().filter_map(|d| Some((&d.ranges, d.quote.as_ref()?)));
        let stands = |(ranges, quote): (&Vec<(i64, i64)>, &String)| {
            let mut slices = Vec::with_capacity(ranges.len());
            for (start, end) in ranges {
                let range = u32::try_from(*start).ok().zip(u32::try_from(*end).ok());
                let span = range
                    .and_then(|(start, end)| index.span(CharRange { start, end }).ok());
                match span {
                    Some(span) => slices.push(span.slice(index.text())),
                    None => return false,
                }
            }
            slices.join(" ") == *quote
        };
        self.has_quotes() && quoted.into_iter().all(stands)
    }

    fn found(self, article: Arc<Labelled>, tokens: Vec<CharRange>) -> Found<'a> {
        let way = self.texts.into_iter().find(|(doc, _)| *doc == article.doc);
        match (way, self.unified) {
            (Some((_, map)), Some(unified)) => {
                let raw = self.item.foreign.text.clone().unwrap_or_default();
                Found { item: self.item, article, raw, unified, tokens, map }
            }
            // Another text than the article's, or none: then the article's own counts.
            _ => {
                let raw = article.text.clone();
                let unified = raw.clone();
                Found { item: self.item, unified, raw, article, tokens, map: None }
            }
        }
    }
}

/// Articles of the dataset that some item may speak of.
#[derive(Default)]
struct Hits {
    articles: BTreeMap<Digest, Arc<Labelled>>,
    by_stem: BTreeMap<String, BTreeSet<Digest>>,
    /// Text without white space → article, where some item has tokens.
    by_squashed: BTreeMap<Digest, Digest>,
    /// Articles in which all quotes of an item stand, by the item's file.
    by_quotes: BTreeMap<String, Vec<Digest>>,
}

impl Hits {
    fn collect(dataset: &Dataset, wants: &[Want<'_>]) -> Result<Hits, ImportError> {
        let names: BTreeSet<&str> =
            wants.iter().flat_map(|want| &want.names).map(String::as_str).collect();
        let mut docs: BTreeSet<Digest> =
            wants.iter().flat_map(|want| &want.texts).map(|(doc, _)| *doc).collect();
        docs.extend(names.iter().filter_map(|name| name.parse::<Digest>().ok()));
        let squashed: BTreeSet<Digest> =
            wants.iter().flat_map(|want| want.squashed.iter().copied()).collect();
        let mut hits = Hits::default();
        for article in dataset.articles() {
            let article = article.map_err(LabelError::Store)?;
            let origin = &article.parts().origin;
            let stem = formats::stem(&origin.file);
            let numbered = format!("{stem}.{}", origin.record);
            let mut is_wanted = docs.contains(&article.doc_id());
            for name in [stem, numbered.as_str()] {
                if names.contains(name) {
                    is_wanted = true;
                    let docs = hits.by_stem.entry(name.to_owned()).or_default();
                    docs.insert(article.doc_id());
                }
            }
            if !squashed.is_empty() {
                let text = tokens::squashed(article.text());
                if squashed.contains(&text) {
                    is_wanted = true;
                    hits.by_squashed.entry(text).or_insert(article.doc_id());
                }
            }
            if is_wanted {
                hits.keep(&article);
            }
        }
        Ok(hits)
    }

    fn keep(&mut self, article: &Article) {
        let published_at = article.parts().fields.get(Field::DatePublished);
        let labelled = || Labelled {
            doc: article.doc_id(),
            text: article.text().to_owned(),
            published_at: published_at.map(str::to_owned),
        };
        self.articles.entry(article.doc_id()).or_insert_with(|| Arc::new(labelled()));
    }

    fn search_quotes(
        &mut self,
        dataset: &Dataset,
        wants: &[Want<'_>],
    ) -> Result<(), ImportError> {
        let open: Vec<&Want<'_>> = wants
            .iter()
            .filter(|want| want.has_quotes() && self.resolve(want).is_err())
            .collect();
        let mut seen = BTreeSet::new();
        for article in dataset.articles() {
            let article = article.map_err(LabelError::Store)?;
            if !seen.insert(article.doc_id()) {
                continue;
            }
            let index = CharIndex::new(article.text());
            for want in open.iter().filter(|want| want.stands_in(&index)) {
                self.keep(&article);
                let docs = self.by_quotes.entry(want.item.file.clone()).or_default();
                docs.push(article.doc_id());
            }
        }
        Ok(())
    }

    fn resolve(&self, want: &Want<'_>) -> Result<Arc<Labelled>, String> {
        let by_text = want.texts.iter().find_map(|(doc, _)| self.articles.get(doc));
        let by_name = want.names.iter().find_map(|name| self.named(name));
        let by_squashed =
            want.squashed.iter().find_map(|hash| self.by_squashed.get(hash));
        let agrees = |article: &Arc<Labelled>| match by_squashed {
            Some(doc) => *doc == article.doc,
            None => {
                want.texts.is_empty()
                    || want.texts.iter().any(|(doc, _)| *doc == article.doc)
            }
        };
        // A name that the text contradicts is a coincidence, if the text is known.
        if let Some(Ok(article)) = &by_name
            && (agrees(article) || by_text.is_none() && by_squashed.is_none())
        {
            return Ok(Arc::clone(article));
        }
        if let Some(article) = by_text {
            return Ok(Arc::clone(article));
        }
        if let Some(doc) = by_squashed {
            return Ok(Arc::clone(&self.articles[doc]));
        }
        match self.by_quotes.get(&want.item.file).map(Vec::as_slice) {
            Some([doc]) => return Ok(Arc::clone(&self.articles[doc])),
            Some(docs) => {
                let n = docs.len();
                return Err(format!(
                    "its quotes stand in {n} articles; `--doc` names one"
                ));
            }
            None => {}
        }
        match by_name {
            Some(Err(message)) => Err(message),
            _ => Err(no_article(want)),
        }
    }

    fn named(&self, name: &str) -> Option<Result<Arc<Labelled>, String>> {
        let doc = name.parse::<Digest>().ok();
        if let Some(article) = doc.and_then(|doc| self.articles.get(&doc)) {
            return Some(Ok(Arc::clone(article)));
        }
        let docs: Vec<&Digest> = self.by_stem.get(name)?.iter().collect();
        Some(match docs.as_slice() {
            [doc] => Ok(Arc::clone(&self.articles[*doc])),
            docs => Err(format!(
                "{} articles come from inputs named `{name}`; `--doc` names one",
                docs.len()
            )),
        })
    }
}

fn no_article(want: &Want<'_>) -> String {
    let names = want.names.join("`, `");
    let source = match &want.unified {
        Some(_) => "its text",
        None => "the text it speaks of",
    };
    format!(
        "no article is `{names}` or has {source}; `goldpress show DATASET --list` names \
         those there are, `goldpress ingest FILE -o DATASET` makes more"
    )
}
