//! What a system is shown of an article: the stored text, and the page it came from.

use goldpress_extract::View;
use goldpress_model::{Article, Field, FieldSource, Fields, PageFacts};
use goldpress_store::{Dataset, RawRow};
use goldpress_text::{Declared, decode};

/// The page of an article, decoded and parsed once for all systems.
#[derive(Debug, Default)]
pub(crate) struct Page {
    markup: Option<String>,
    facts: Option<PageFacts>,
    stated: Fields,
}

impl Page {
    /// Reads the raw bytes again; an article without markup, or a dataset that kept no raw
    /// bytes, has an empty page.
    pub(crate) fn of(article: &Article, raw: Option<&RawRow>) -> Page {
        let mut stated = Fields::new();
        for value in article.parts().fields.iter() {
            if value.source == FieldSource::Record {
                stated.add(value.clone());
            }
        }
        let markup = raw.filter(|raw| is_markup(&raw.media_type)).and_then(|raw| {
            let http = raw.charset_declared.as_deref();
            decode(&raw.bytes, Declared { http, markup: true }).ok()
        });
        let markup = markup.map(|decoded| decoded.text);
        let rendered =
            markup.as_deref().and_then(|markup| goldpress_ingest::render(markup).ok());
        Page { facts: rendered.map(|page| page.facts), markup, stated }
    }

    /// What the page states about itself outside its text.
    pub(crate) fn facts(&self) -> Option<&PageFacts> {
        self.facts.as_ref()
    }

    /// Fields that the record stated.
    pub(crate) fn stated(&self) -> &Fields {
        &self.stated
    }

    /// The view of a system; `is_told` where its task may know language and date.
    pub(crate) fn view<'a>(&'a self, article: &'a Article, is_told: bool) -> View<'a> {
        let fields = &article.parts().fields;
        View {
            text: article.text(),
            blocks: article.blocks(),
            markup: self.markup.as_deref(),
            facts: self.facts.as_ref(),
            stated: &self.stated,
            url: fields.get(Field::Url),
            lang: if is_told { &article.parts().lang } else { "und" },
            published_at: fields.get(Field::DatePublished).filter(|_| is_told),
        }
    }
}

fn is_markup(media_type: &str) -> bool {
    matches!(media_type, "text/html" | "application/xhtml+xml")
}

/// Calls `each` with every article that stands for its text, and its raw bytes.
pub(crate) fn for_each_keeper(
    dataset: &Dataset,
    mut each: impl FnMut(Article, Option<RawRow>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut seen = std::collections::HashSet::new();
    let mut raw = dataset.has_raw().then(|| dataset.raw());
    for article in dataset.articles() {
        let article = article?;
        let row = raw.as_mut().and_then(Iterator::next).transpose()?;
        if article.is_keeper() && seen.insert(article.doc_id()) {
            each(article, row)?;
        }
    }
    Ok(())
}
