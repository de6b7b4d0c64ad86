//! `show --format json`: an article and what is said of it, for programs.

use std::io::Write;

use goldpress_model::{Annotation, Article, CharIndex, Fragments, Span};
use goldpress_store::Dataset;
use serde_json::{Map, Value, json};

use super::{Args, labelled, predicted};
use crate::{exit::Refusal, shared::Format};

/// Where articles go as JSON: one document, or one a line.
pub(super) enum Output {
    /// One object, or with `--all` an array of them.
    Document { is_list: bool, n: usize },
    /// An object a line.
    Lines,
}

impl Output {
    /// `None` for text, which is no matter of this module.
    pub(super) fn of(format: Format, all: bool) -> anyhow::Result<Option<Output>> {
        match format {
            Format::Text => Ok(None),
            Format::Json => Ok(Some(Output::Document { is_list: all, n: 0 })),
            Format::Jsonl => Ok(Some(Output::Lines)),
            Format::Csv | Format::Md => {
                let hint = "--format json or jsonl; --list --format csv lists articles";
                Err(Refusal::error("an article is no table", hint))
            }
        }
    }

    pub(super) fn put(
        &mut self,
        dataset: &Dataset,
        article: &Article,
        args: &Args,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        let value = value(dataset, article, args)?;
        match self {
            Output::Lines => writeln!(out, "{value}")?,
            Output::Document { is_list: false, .. } => writeln!(out, "{value:#}")?,
            Output::Document { is_list: true, n } => {
                let before = if *n == 0 { "[" } else { "," };
                write!(out, "{before}\n{value:#}")?;
                *n += 1;
            }
        }
        Ok(())
    }

    pub(super) fn finish(self, out: &mut dyn Write) -> anyhow::Result<()> {
        match self {
            Output::Document { is_list: true, n: 0 } => writeln!(out, "[]")?,
            Output::Document { is_list: true, .. } => writeln!(out, "\n]")?,
            Output::Document { is_list: false, .. } | Output::Lines => {}
        }
        Ok(())
    }
}

/// An article with ranges in code points; layers that stand elsewhere in it, the roles and
/// fields of ingest, are not repeated.
fn value(dataset: &Dataset, article: &Article, args: &Args) -> anyhow::Result<Value> {
    let index = CharIndex::new(article.text());
    let set = args.set.as_deref().unwrap_or(goldpress_label::GOLD);
    let (by, marks) = match &args.system {
        Some(system) => {
            (("system", system.as_str()), predicted(dataset, article, system)?)
        }
        None => (("set", set), labelled(dataset, article, set)?),
    };
    let wanted =
        |mark: &&Annotation| args.layers.is_empty() || args.layers.contains(&mark.layer);
    let marks: Vec<Value> =
        marks.iter().filter(wanted).map(|mark| annotation(mark, &index)).collect();
    let parts = article.parts();
    let blocks = article.blocks().iter().map(|block| {
        let range = index.chars(block.span);
        json!({"end": range.end, "role": block.role.name(), "start": range.start})
    });
    let mut fields: Map<String, Value> = Map::new();
    for field in parts.fields.iter() {
        let name = field.field.name();
        match fields.get_mut(name).and_then(Value::as_array_mut) {
            Some(values) => values.push(json!(field.value)),
            None if field.field.is_list() => {
                fields.insert(name.to_owned(), json!([field.value]));
            }
            None => {
                fields.insert(name.to_owned(), json!(field.value));
            }
        }
    }
    let mut value = json!({
        "annotations": marks,
        "blocks": blocks.collect::<Vec<_>>(),
        "doc_id": article.doc_id().to_string(),
        "fields": fields,
        "file": parts.origin.file,
        "lang": parts.lang,
        "record": parts.origin.record,
        "source": parts.source,
        "text": article.text(),
    });
    value[by.0] = json!(by.1);
    Ok(value)
}

fn annotation(mark: &Annotation, index: &CharIndex<'_>) -> Value {
    let range = |span: &Span| {
        let range = index.chars(*span);
        [range.start, range.end]
    };
    let fragments: &Fragments = mark.fragments();
    let mut value = json!({"id": mark.id, "label": mark.label, "layer": mark.layer});
    if !fragments.spans().is_empty() {
        value["fragments"] = fragments.spans().iter().map(range).collect();
        value["text"] = json!(mark.text());
    }
    if !mark.args.is_empty() {
        value["args"] = json!(mark.args);
    }
    if !mark.attrs.is_empty() {
        value["attrs"] = json!(mark.attrs);
    }
    if let Some(score) = mark.score {
        value["score"] = json!(score);
    }
    value
}
