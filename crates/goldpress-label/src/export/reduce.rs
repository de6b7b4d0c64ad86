//! What a format has room for: annotations are reduced to it, and each loss is counted.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{AttrValue, CharRange, LayerKind, Schema, Status, layer::REVIEW};
use goldpress_store::labels::LabelLine;

use super::ExportOptions;

/// What a format has room for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Capacity {
    /// Annotations in several pieces.
    pub discontinuous: bool,
    /// Arguments of spans, as such or as links.
    pub args: bool,
    /// Arguments that point to the time of publication.
    pub publication_time: bool,
    /// Relations without words that state them.
    pub links: bool,
    /// Relations at all.
    pub relations: bool,
    /// Attributes.
    pub attrs: bool,
    /// Notes.
    pub notes: bool,
    /// Fields with a value.
    pub fields: bool,
    /// Fields that are looked for and not stated.
    pub null_fields: bool,
    /// Scores.
    pub scores: bool,
}

impl Capacity {
    /// Room for everything.
    pub const ALL: Capacity = Capacity {
        discontinuous: true,
        args: true,
        publication_time: true,
        links: true,
        relations: true,
        attrs: true,
        notes: true,
        fields: true,
        null_fields: true,
        scores: true,
    };
}

/// What becomes of annotations in several pieces where the format has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Discontinuous {
    /// They are left out.
    #[default]
    Drop,
    /// One piece from the first character to the last.
    Cover,
    /// The first piece alone keeps the annotation, the others become spans beside it.
    Split,
}

/// What is left, and what is not.
pub(super) struct Reduced {
    pub(super) lines: Vec<LabelLine>,
    /// Whole lines that have no place of their own in the format, and lie beside the text.
    pub(super) homeless: Vec<LabelLine>,
    pub(super) lost: BTreeMap<&'static str, u64>,
}

pub(super) fn reduce(
    schema: &Schema,
    capacity: &Capacity,
    layers: &[String],
    lines: Vec<LabelLine>,
    (options, homes): (&ExportOptions, Homes),
) -> Reduced {
    let mut reducer = Reducer {
        schema,
        capacity,
        homes,
        homeless: Vec::new(),
        homeless_ids: BTreeSet::new(),
        lost: BTreeMap::new(),
    };
    let mut kept = Vec::new();
    for line in lines {
        let annotation = &line.annotation;
        match annotation.layer.as_str() {
            REVIEW if annotation.label == "unannotated" => reducer.lose("unannotated", 1),
            REVIEW => reducer.lose("review", 1),
            // What was not asked for is not lost.
            layer if !layers.iter().any(|name| name == layer) => {}
            _ if line.provenance.status == Status::Rejected => {
                reducer.lose("rejected", 1)
            }
            _ => kept.extend(reducer.placed(line, options)),
        }
    }
    let kept = reducer.linked(kept);
    let lines = kept.into_iter().map(|line| reducer.described(line)).collect();
    Reduced { lines, homeless: reducer.homeless, lost: reducer.lost }
}

/// What becomes of a line that has no place of its own in the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Homes {
    /// It is lost.
    None,
    /// It lies beside the text, whole (`--lossless`).
    BesideText,
}

/// Whether an attribute says what an import writes by itself: nothing is lost with it.
pub(crate) fn is_default(
    schema: &Schema,
    layer: &str,
    name: &str,
    value: &AttrValue,
) -> bool {
    let attrs = schema.layer(layer).map_or(&[][..], |layer| &layer.attrs);
    let mut named = attrs.iter().filter(|attr| attr.name == name && attr.required);
    named.any(|attr| attr.default.as_ref() == Some(value))
}

struct Reducer<'a> {
    schema: &'a Schema,
    capacity: &'a Capacity,
    homes: Homes,
    homeless: Vec<LabelLine>,
    homeless_ids: BTreeSet<String>,
    lost: BTreeMap<&'static str, u64>,
}

impl Reducer<'_> {
    fn lose(&mut self, feature: &'static str, n: u64) {
        *self.lost.entry(feature).or_default() += n;
    }

    fn kind(&self, line: &LabelLine) -> Option<LayerKind> {
        self.schema.layer(&line.annotation.layer).map(|layer| layer.kind)
    }

    /// A line that the format has no room for: lost, or laid beside the text.
    fn put_out(&mut self, feature: &'static str, line: LabelLine) {
        match self.homes {
            Homes::None => self.lose(feature, 1),
            Homes::BesideText => self.put_beside(line),
        }
    }

    fn put_beside(&mut self, line: LabelLine) {
        self.homeless_ids.insert(line.annotation.id.clone());
        self.homeless.push(line);
    }

    /// Fields, links and pieces: is there room for where a line stands?
    fn placed(&mut self, mut line: LabelLine, options: &ExportOptions) -> Vec<LabelLine> {
        let annotation = &mut line.annotation;
        let is_null = annotation.attrs.get("value") == Some(&AttrValue::Null);
        let kind = self.schema.layer(&annotation.layer).map(|layer| layer.kind);
        let room = match kind {
            Some(LayerKind::Field) if is_null => {
                ("null-field", self.capacity.null_fields)
            }
            Some(LayerKind::Field) => ("field", self.capacity.fields),
            Some(LayerKind::Relation) => ("relation", self.capacity.relations),
            _ if annotation.fragments.is_empty() => ("relation", self.capacity.links),
            _ => ("", true),
        };
        if let (feature, false) = room {
            self.put_out(feature, line);
            return Vec::new();
        }
        if annotation.fragments.len() < 2 || self.capacity.discontinuous {
            return vec![line];
        }
        let is_put_out = options.discontinuous == Discontinuous::Drop;
        if is_put_out && self.homes == Homes::BesideText {
            self.put_beside(line);
            return Vec::new();
        }
        self.lose("discontinuous", 1);
        let (Some(first), Some(last)) =
            (annotation.fragments.first().copied(), annotation.fragments.last().copied())
        else {
            return Vec::new();
        };
        match options.discontinuous {
            Discontinuous::Drop => Vec::new(),
            Discontinuous::Cover => {
                // The words in between are the page's to fill in: it has the text.
                annotation.fragments =
                    vec![CharRange { start: first.start, end: last.end }];
                vec![line]
            }
            Discontinuous::Split => {
                let pieces = std::mem::take(&mut annotation.fragments);
                let mut lines = Vec::new();
                for (n, piece) in pieces.into_iter().enumerate() {
                    let mut line = line.clone();
                    line.annotation.fragments = vec![piece];
                    if n > 0 {
                        line.annotation.id.push_str(&format!(".{n}"));
                        line.annotation.args.clear();
                    }
                    lines.push(line);
                }
                lines
            }
        }
    }

    /// Arguments whose targets are gone go too, and relations without their ends.
    fn linked(&mut self, mut lines: Vec<LabelLine>) -> Vec<LabelLine> {
        loop {
            let n_before = lines.len();
            let known: BTreeSet<String> =
                lines.iter().map(|line| line.annotation.id.clone()).collect();
            let mut kept = Vec::with_capacity(lines.len());
            for mut line in lines {
                let is_relation = self.kind(&line) == Some(LayerKind::Relation);
                // The whole lines beside say what points to what.
                if is_relation && self.points_to_homeless(&line) {
                    self.put_beside(line);
                    continue;
                }
                self.unlink_homeless(&mut line);
                let n_lost = self.unlink(&mut line, &known);
                if n_lost > 0 && is_relation {
                    self.lose("dependent", 1);
                } else {
                    self.lose("dependent", n_lost);
                    kept.push(line);
                }
            }
            lines = kept;
            if lines.len() == n_before {
                return lines;
            }
        }
    }

    fn points_to_homeless(&self, line: &LabelLine) -> bool {
        line.annotation.args.values().flatten().any(|id| self.homeless_ids.contains(id))
    }

    /// Takes out arguments that no link can end at; the whole line keeps them.
    fn unlink_homeless(&self, line: &mut LabelLine) {
        for ids in line.annotation.args.values_mut() {
            ids.retain(|id| !self.homeless_ids.contains(id));
        }
        line.annotation.args.retain(|_, ids| !ids.is_empty());
    }

    /// Takes out arguments to what is not there; gives how many targets are lost.
    fn unlink(&mut self, line: &mut LabelLine, known: &BTreeSet<String>) -> u64 {
        let mut n_lost = 0;
        let mut n_times = 0;
        for ids in line.annotation.args.values_mut() {
            let n_before = ids.len();
            ids.retain(|id| id == "t0" || known.contains(id));
            n_lost += (n_before - ids.len()) as u64;
            if !self.capacity.publication_time {
                let n_before = ids.len();
                ids.retain(|id| id != "t0");
                n_times += (n_before - ids.len()) as u64;
            }
        }
        line.annotation.args.retain(|_, ids| !ids.is_empty());
        self.lose("argument", n_times);
        n_lost
    }

    /// Arguments, attributes, notes and scores: is there room for what a line says?
    fn described(&mut self, mut line: LabelLine) -> LabelLine {
        let is_relation = self.kind(&line) == Some(LayerKind::Relation);
        let is_field = self.kind(&line) == Some(LayerKind::Field);
        let annotation = &mut line.annotation;
        let mut lost = Vec::new();
        if !self.capacity.args && !is_relation {
            let n: usize = annotation.args.values().map(Vec::len).sum();
            lost.push(("argument", n as u64));
            annotation.args.clear();
        }
        if !self.capacity.notes && annotation.attrs.remove("note").is_some() {
            lost.push(("note", 1));
        }
        if !self.capacity.attrs && !is_field {
            let is_lost = |(name, value): &(&String, &AttrValue)| {
                *name != "note"
                    && !is_default(self.schema, &annotation.layer, name, value)
            };
            let n = annotation.attrs.iter().filter(is_lost).count();
            lost.push(("attribute", n as u64));
            annotation.attrs.retain(|name, _| name == "note");
        }
        if !self.capacity.scores && annotation.score.take().is_some() {
            lost.push(("score", 1));
        }
        for (feature, n) in lost {
            self.lose(feature, n);
        }
        line
    }
}
