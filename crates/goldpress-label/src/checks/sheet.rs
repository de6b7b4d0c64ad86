//! A label file laid out for checking: lines with their spans, found by id and layer.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{
    AttrValue, CharIndex, Fragments, LayerSpec, Role, Schema, Span, layer::REVIEW,
};
use goldpress_store::labels::LabelLine;

use super::{TextOf, When};

/// Everything the rules look at.
pub(super) struct Sheet<'a> {
    pub(super) schema: &'a Schema,
    pub(super) article: &'a TextOf<'a>,
    /// Name of the layer set.
    pub(super) set: &'a str,
    pub(super) index: CharIndex<'a>,
    pub(super) when: When,
    pub(super) entries: Vec<Entry<'a>>,
    /// Layers with a `done` line that counts, and those that the caller calls done.
    pub(super) done: BTreeSet<&'a str>,
    by_id: BTreeMap<&'a str, usize>,
}

/// One line.
pub(super) struct Entry<'a> {
    /// Its number in the file.
    pub(super) number: usize,
    pub(super) line: &'a LabelLine,
    /// Where it stands; empty also where its ranges are not sound.
    pub(super) place: Fragments,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(
        schema: &'a Schema,
        article: &'a TextOf<'a>,
        set: &'a str,
        lines: Vec<(usize, &'a LabelLine)>,
        when: When,
        judged: &[&'a str],
    ) -> Sheet<'a> {
        let index = CharIndex::new(article.text);
        let entries: Vec<Entry<'a>> = lines
            .into_iter()
            .map(|(number, line)| Entry { number, line, place: place(line, &index) })
            .collect();
        let mut by_id = BTreeMap::new();
        for (at, entry) in entries.iter().enumerate() {
            by_id.entry(entry.id()).or_insert(at);
        }
        let done = entries
            .iter()
            .filter(|entry| entry.layer() == REVIEW && entry.label() == "done")
            .filter(|entry| entry.counts())
            .filter_map(|entry| entry.text_of("of"))
            .chain(judged.iter().copied())
            .collect();
        Sheet { schema, article, set, index, when, entries, done, by_id }
    }

    /// The first line with that id.
    pub(super) fn find(&self, id: &str) -> Option<&Entry<'a>> {
        self.by_id.get(id).map(|at| &self.entries[*at])
    }

    /// The lines that a role of a line points to.
    pub(super) fn targets<'s>(
        &'s self,
        entry: &'s Entry<'_>,
        role: &str,
    ) -> impl Iterator<Item = &'s Entry<'a>> + use<'s, 'a> {
        let ids = entry.line.annotation.args.get(role).map_or(&[][..], Vec::as_slice);
        ids.iter().filter_map(|id| self.find(id))
    }

    /// Lines of a layer that count.
    pub(super) fn of_layer<'s>(
        &'s self,
        layer: &'s str,
    ) -> impl Iterator<Item = &'s Entry<'a>> {
        self.entries.iter().filter(move |entry| entry.layer() == layer && entry.counts())
    }

    pub(super) fn layer_of(&self, entry: &Entry<'_>) -> Option<&'a LayerSpec> {
        self.schema.layer(entry.layer())
    }

    /// The non-blank lines of the text, which are the blocks of the article.
    pub(super) fn blocks(&self) -> impl Iterator<Item = Span> + use<'a> {
        let text = self.article.text;
        let mut at = 0;
        text.split('\n').filter_map(move |line| {
            let start = at;
            at += line.len() + 1;
            let blank = line.trim().is_empty();
            if blank { None } else { Span::new(text, start, start + line.len()).ok() }
        })
    }

    /// Whether lines in this set are suggestions of a system.
    pub(super) fn is_suggestions(&self) -> bool {
        self.set.starts_with('@')
    }
}

fn place(line: &LabelLine, index: &CharIndex<'_>) -> Fragments {
    let ranges = line.annotation.fragments.iter();
    let spans: Result<Vec<Span>, _> = ranges.map(|range| index.span(*range)).collect();
    spans.and_then(Fragments::new).unwrap_or_default()
}

impl<'a> Entry<'a> {
    pub(super) fn id(&self) -> &'a str {
        &self.line.annotation.id
    }

    pub(super) fn layer(&self) -> &'a str {
        &self.line.annotation.layer
    }

    pub(super) fn label(&self) -> &'a str {
        &self.line.annotation.label
    }

    pub(super) fn text(&self) -> &'a str {
        &self.line.annotation.text
    }

    pub(super) fn attr(&self, name: &str) -> Option<&'a AttrValue> {
        self.line.annotation.attrs.get(name)
    }

    pub(super) fn text_of(&self, attr: &str) -> Option<&'a str> {
        self.attr(attr).and_then(AttrValue::as_text)
    }

    /// Whether it is an annotation that holds: accepted or edited.
    pub(super) fn counts(&self) -> bool {
        self.line.provenance.status.counts()
    }

    pub(super) fn is_review(&self) -> bool {
        self.layer() == REVIEW
    }

    pub(super) fn has_role(&self, role: &str) -> bool {
        self.line.annotation.args.get(role).is_some_and(|ids| !ids.is_empty())
    }
}

/// Whether every piece of `inner` lies within a piece of `outer`: as sets of characters.
pub(super) fn covers(outer: &Fragments, inner: &Fragments) -> bool {
    inner.spans().iter().all(|a| outer.spans().iter().any(|b| b.contains(*a)))
}

/// Content class of a block label: as the schema states it, else that of the role.
pub(crate) fn content_class(schema: &Schema, label: &str) -> Option<String> {
    let layer = schema.layers.iter().find(|layer| {
        layer.kind == goldpress_model::LayerKind::Block
            && layer.labels.iter().any(|spec| spec.name == label)
    })?;
    let spec = layer.labels.iter().find(|spec| spec.name == label)?;
    let of_role = || label.parse::<Role>().ok().map(|role| role.class().to_string());
    spec.class.clone().or_else(of_role)
}
