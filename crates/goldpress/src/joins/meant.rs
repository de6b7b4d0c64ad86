//! Which article a person means by a word.

use goldpress_model::Article;
use goldpress_store::Dataset;

use crate::exit::Refusal;

/// Whether a word is the beginning of an article's doc_id, or a part of its file's name.
pub(crate) fn is_meant(article: &Article, wanted: &str) -> bool {
    article.doc_id().to_string().starts_with(wanted)
        || article.parts().origin.file.contains(wanted)
}

/// The one article that is meant.
///
/// # Errors
///
/// None fits, or several with different texts; a table cannot be read.
pub(crate) fn meant(dataset: &Dataset, wanted: &str) -> anyhow::Result<Article> {
    let root = dataset.root().display();
    let list = format!("every article: goldpress show {root} --list");
    let mut found: Vec<Article> = Vec::new();
    for article in dataset.articles() {
        let article = article?;
        if is_meant(&article, wanted)
            && found.iter().all(|known| known.doc_id() != article.doc_id())
        {
            found.push(article);
        }
        if found.len() > N_NAMED {
            break;
        }
    }
    let named = |article: &Article| {
        format!("{} ({})", article.doc_id(), article.parts().origin.file)
    };
    if found.len() > 1 {
        let told: Vec<String> = found.iter().take(N_NAMED).map(named).collect();
        let more = if found.len() > N_NAMED { ", …" } else { "" };
        let message = format!("`{wanted}` may mean {}{more}", told.join(", "));
        return Err(Refusal::error(message, list));
    }
    found.pop().ok_or_else(|| {
        let message = format!("no article has a doc_id or a file like `{wanted}`");
        Refusal::error(message, list)
    })
}

/// Articles that a message names.
const N_NAMED: usize = 5;
