//! Which article an answer is about: by its id, its address, its file or its number.

use std::collections::HashMap;

use anyhow::bail;
use goldpress_model::{Article, Digest, Field};
use goldpress_store::Dataset;
use serde_json::{Map, Value};

/// Keys that name an article, in the order in which they are believed.
const KEYS: [&str; 5] = ["id", "doc_id", "url", "canonical_url", "file"];

/// The articles of a dataset by every name that an answer may give them.
pub(super) struct Ids<'d> {
    dataset: &'d Dataset,
    /// Read when a name is no `doc_id`; `None` is a name of several articles.
    names: Option<HashMap<String, Option<Digest>>>,
}

impl<'d> Ids<'d> {
    /// Nothing is read before it is asked for.
    pub(super) fn of(dataset: &'d Dataset) -> Ids<'d> {
        Ids { dataset, names: None }
    }

    /// The article that an answer is about.
    ///
    /// # Errors
    ///
    /// It names none, one that is not there, or several.
    pub(super) fn article(
        &mut self,
        answer: &Map<String, Value>,
    ) -> anyhow::Result<Digest> {
        let word = |key: &str| match answer.get(key)? {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let record = word("record");
        let named = KEYS.iter().find_map(|key| word(key));
        let name = match (named, record) {
            (Some(name), _) if is_id(answer, &name) => name,
            (Some(file), Some(record)) => format!("{file}:{record}"),
            (Some(name), None) | (None, Some(name)) => name,
            (None, None) => bail!(
                "an answer names its article by `id`, `doc_id`, `url`, `file` or `record`"
            ),
        };
        if let Ok(doc_id) = name.parse() {
            return Ok(doc_id);
        }
        match self.names()?.get(&name) {
            Some(Some(doc_id)) => Ok(*doc_id),
            Some(None) => bail!("`{name}` names several articles of the dataset"),
            None => bail!(
                "`{name}` is no doc_id, address, file, file stem or record number of the \
                 dataset"
            ),
        }
    }

    fn names(&mut self) -> anyhow::Result<&HashMap<String, Option<Digest>>> {
        if self.names.is_none() {
            let mut names: HashMap<String, Option<Digest>> = HashMap::new();
            for article in self.dataset.articles() {
                let article = article?;
                // A copy is answered by the article that stands for it.
                let doc_id = article.doc_id();
                for name in names_of(&article) {
                    let known = names.entry(name).or_insert(Some(doc_id));
                    if *known != Some(doc_id) {
                        *known = None;
                    }
                }
            }
            self.names = Some(names);
        }
        Ok(self.names.get_or_insert_default())
    }
}

/// Whether a name is enough by itself, whatever number stands beside it.
fn is_id(answer: &Map<String, Value>, name: &str) -> bool {
    name.parse::<Digest>().is_ok()
        || ["url", "canonical_url"]
            .iter()
            .any(|key| answer.get(*key).and_then(Value::as_str) == Some(name))
}

/// Every name of an article: addresses, file, its name and stem, record number.
fn names_of(article: &Article) -> Vec<String> {
    let parts = article.parts();
    let (file, record) = (&parts.origin.file, parts.origin.record);
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let last = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let addresses = [Field::Url, Field::CanonicalUrl];
    let mut names: Vec<String> = addresses
        .iter()
        .filter_map(|field| parts.fields.get(*field).map(str::to_owned))
        .collect();
    for file in [file.as_str(), name, stem, last] {
        names.push(file.to_owned());
        names.push(format!("{file}:{record}"));
    }
    names.push(record.to_string());
    names.sort();
    names.dedup();
    names
}
