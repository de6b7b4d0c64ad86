//! `hf`: the Parquet table that Hugging Face trains token classification from.
//!
//! A row a sentence, tags of IOB2 as numbers whose names stand in the file's metadata, in
//! the order of the schema: that order is their meaning and never changes. Words are laid
//! along the text, so that files without the column `starts` come in too.

use goldpress_model::Schema;
use goldpress_store::{TokenRow, TokenTable};
use serde_json::{Value, json};

use super::{
    Foreign, Format, Misread, ReadOptions, Source, Token, Written,
    conll::{Article, Sentence, decode, foreign_of, tagged},
    scheme::Scheme,
};
use crate::{
    export::{Capacity, Page, WriteOptions},
    units::Unit,
};

/// The format.
pub(super) struct Hf;

/// The table, where the library of Hugging Face looks for it.
const TABLE: &str = "data/train-00000-of-00001.parquet";

/// Sentences while they are collected, as JSON lines; no file of the export.
const COLLECTED: &str = ".rows";

impl Format for Hf {
    fn name(&self) -> &'static str {
        "hf"
    }

    fn unit(&self) -> Option<Unit> {
        Some(Unit::CodePoint)
    }

    fn recognises(&self, source: &Source) -> bool {
        source.bytes.starts_with(b"PAR1")
            && TokenTable::read(source.bytes.clone()).is_ok()
    }

    fn read(
        &self,
        source: &Source,
        options: &ReadOptions,
    ) -> Result<Vec<Foreign>, Misread> {
        let table = TokenTable::read(source.bytes.clone())
            .map_err(|error| Misread::new(1, error.to_string()))?;
        let mut articles: Vec<Article> = Vec::new();
        for (n, row) in table.rows.into_iter().enumerate() {
            let doc = row.id.rsplit_once(':').map(|(doc, _)| doc.to_owned());
            let sentence = sentence(n + 1, row, &table.names)?;
            match articles.last_mut().filter(|article| article.doc == doc) {
                Some(article) => article.sentences.push(sentence),
                None => articles.push(Article { doc, sentences: vec![sentence] }),
            }
        }
        let sentences: Vec<&Sentence> =
            articles.iter().flat_map(|article| &article.sentences).collect();
        let decoded = decode(&sentences, options)?;
        Ok(foreign_of(articles, decoded, options))
    }

    fn capacity(&self, _options: &WriteOptions) -> Option<Capacity> {
        // What is said of a span is counted while writing, for spans that fit.
        Some(Capacity { args: true, attrs: true, notes: true, ..Capacity::default() })
    }

    fn write(
        &self,
        schema: &Schema,
        page: &Page<'_>,
        options: &WriteOptions,
        written: &mut Written,
    ) {
        let layer = layer(page, options);
        for sentence in tagged(schema, page, options, written) {
            let start = sentence.words.first().map_or(0, |(_, start)| *start);
            let tags = Scheme::Iob2.encode(&sentence.chunks, sentence.words.len());
            let words: Vec<&str> = sentence.words.iter().map(|(word, _)| *word).collect();
            let starts: Vec<u32> =
                sentence.words.iter().map(|(_, start)| *start).collect();
            let row = json!({
                "id": format!("{}:{start}", page.doc), "tokens": words, "tags": tags,
                "starts": starts,
            });
            written.append(COLLECTED, &format!("{row}\n"));
        }
        let names = layer.map(|layer| names_of(schema, layer)).unwrap_or_default();
        if !names.is_empty() {
            written.files.insert(NAMES.to_owned(), json!(names).to_string().into_bytes());
        }
    }

    fn finish(&self, schema: &Schema, options: &WriteOptions, written: &mut Written) {
        let rows = written.files.remove(COLLECTED).unwrap_or_default();
        let names = written.files.remove(NAMES).unwrap_or_default();
        // Texts without a single span have tags too: all of them are `O`.
        let silent = options.flat.as_ref().or(written.layers.first());
        let names: Vec<String> = serde_json::from_slice(&names)
            .unwrap_or_else(|_| names_of(schema, silent.map_or("", String::as_str)));
        let text = String::from_utf8_lossy(&rows);
        let rows = text.lines().filter_map(|line| serde_json::from_str(line).ok());
        let rows = rows.map(|row| token_row(&row, &names)).collect();
        let readme = readme(&names);
        if let Ok(table) = (TokenTable { names, rows }).write() {
            written.files.insert(TABLE.to_owned(), table);
            written.files.insert("README.md".to_owned(), readme.into_bytes());
        }
    }
}

/// Names of the tags while they are collected; no file of the export.
const NAMES: &str = ".names";

fn layer<'p>(page: &'p Page<'_>, options: &'p WriteOptions) -> Option<&'p str> {
    let first = page.lines.first().map(|line| line.annotation.layer.as_str());
    options.flat.as_deref().or(first)
}

/// `O`, then beginning and inside of every label, in the order of the schema.
fn names_of(schema: &Schema, layer: &str) -> Vec<String> {
    let labels = schema.layer(layer).into_iter().flat_map(|layer| &layer.labels);
    let tags =
        labels.flat_map(|label| ["B", "I"].map(|tag| format!("{tag}-{}", label.name)));
    std::iter::once("O".to_owned()).chain(tags).collect()
}

fn sentence(number: usize, row: TokenRow, names: &[String]) -> Result<Sentence, Misread> {
    let mut sentence = Sentence::default();
    for (word, tag) in row.tokens.into_iter().zip(row.tags) {
        let name = usize::try_from(tag).ok().and_then(|tag| names.get(tag));
        let Some(name) = name else {
            let message = format!("tag {tag} has no name");
            return Err(Misread::of("tag-invalid", number, message));
        };
        sentence.words.push(Token { line: number, text: word });
        sentence.tags.push(name.clone());
    }
    Ok(sentence)
}

fn token_row(row: &Value, names: &[String]) -> TokenRow {
    let texts = |key: &str| -> Vec<String> {
        let all = row[key].as_array().into_iter().flatten();
        all.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let number = |tag: &String| {
        let at = names.iter().position(|name| name == tag).unwrap_or(0);
        i64::try_from(at).unwrap_or(0)
    };
    let starts = row["starts"].as_array().into_iter().flatten();
    TokenRow {
        id: row["id"].as_str().unwrap_or_default().to_owned(),
        tokens: texts("tokens"),
        tags: texts("tags").iter().map(number).collect(),
        starts: starts.filter_map(Value::as_i64).collect(),
    }
}

/// The head of the dataset's page, which the library reads.
fn readme(names: &[String]) -> String {
    let mut out = "---\ndataset_info:\n  features:\n  - name: id\n    dtype: string\n  - name: \
                   tokens\n    sequence: string\n  - name: ner_tags\n    sequence:\n      \
                   class_label:\n        names:\n"
        .to_owned();
    for (n, name) in names.iter().enumerate() {
        out.push_str(&format!("          '{n}': {name}\n"));
    }
    out.push_str(
        "  - name: starts\n    sequence: int64\nconfigs:\n- config_name: default\n  data_files:\n  \
         - split: train\n    path: data/train-*\n---\n",
    );
    out
}
