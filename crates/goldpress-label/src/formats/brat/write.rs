//! Writing `.ann`: spans by place, then events, relations, attributes, references, notes.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use goldpress_model::{AttrValue, LayerKind, LooseAnnotation, ProposedBy, Schema};
use goldpress_store::labels::LabelLine;

use crate::{
    export::Page,
    formats::{Written, written_label},
};

/// The lines of an article.
pub(super) fn standoff(
    schema: &Schema,
    page: &Page<'_>,
    written: &mut Written,
) -> String {
    let mut names = Names::of(schema, page, written);
    let mut out = String::new();
    names.put_spans(schema, &mut out);
    names.put_links(schema, &mut out);
    names.put_attributes(&mut out, written);
    out
}

/// Lines of an article and what they are called in the file.
struct Names<'a> {
    /// By place, the outer before the inner.
    spans: Vec<&'a LabelLine>,
    /// Without a place.
    links: Vec<&'a LabelLine>,
    /// Id of the line → id of its span.
    span_ids: BTreeMap<&'a str, String>,
    /// Id of the line → id that others point to: the event, where it is one.
    ids: BTreeMap<&'a str, String>,
}

impl<'a> Names<'a> {
    fn of(schema: &Schema, page: &'a Page<'_>, written: &mut Written) -> Names<'a> {
        let (mut spans, mut links) = (Vec::new(), Vec::new());
        for line in &page.lines {
            let annotation = &line.annotation;
            let layer = schema.layer(&annotation.layer);
            let is_relation = layer.is_some_and(|l| l.kind == LayerKind::Relation);
            match annotation.fragments.is_empty() {
                false => spans.push(line),
                true if is_relation => links.push(line),
                // Two ends make a relation of brat; a cue that is not there has others.
                true => {
                    written.lose("relation");
                    written.n_left_out += 1;
                }
            }
        }
        spans.sort_by_key(|line| place_key(&line.annotation));
        links.sort_by_key(|line| {
            let args = &line.annotation.args;
            (args.get("tail"), args.get("head"), &line.annotation.id)
        });
        let mut names =
            Names { spans, links, span_ids: BTreeMap::new(), ids: BTreeMap::new() };
        names.give_ids();
        names
    }

    /// Ids that an earlier file of brat gave are used again; the others count up.
    fn give_ids(&mut self) {
        let all: Vec<&LabelLine> =
            self.spans.iter().chain(&self.links).copied().collect();
        let kept: BTreeSet<&str> =
            all.iter().filter_map(|line| reference(line)).collect();
        let mut counters = Counters { kept, next: BTreeMap::new() };
        let mut taken: BTreeSet<&str> = BTreeSet::new();
        for line in all {
            let id = line.annotation.id.as_str();
            let kind = match line.annotation.fragments.is_empty() {
                true => 'R',
                false if line.annotation.args.is_empty() => 'T',
                false => 'E',
            };
            let own =
                reference(line).filter(|own| own.starts_with(kind) && taken.insert(own));
            if kind == 'E' {
                self.span_ids.insert(id, counters.next('T'));
            }
            let name = own.map_or_else(|| counters.next(kind), str::to_owned);
            if kind == 'T' {
                self.span_ids.insert(id, name.clone());
            }
            self.ids.insert(id, name);
        }
    }

    fn put_spans(&self, schema: &Schema, out: &mut String) {
        for line in &self.spans {
            let annotation = &line.annotation;
            let ranges: Vec<String> = annotation
                .fragments
                .iter()
                .map(|range| format!("{} {}", range.start, range.end))
                .collect();
            let id = &self.span_ids[annotation.id.as_str()];
            let label = written_label(schema, annotation);
            put(
                out,
                format_args!("{id}\t{label} {}\t{}\n", ranges.join(";"), annotation.text),
            );
        }
    }

    fn put_links(&mut self, schema: &Schema, out: &mut String) {
        for line in self.spans.iter().filter(|line| !line.annotation.args.is_empty()) {
            let annotation = &line.annotation;
            let id = annotation.id.as_str();
            let label = written_label(schema, annotation);
            let (event, trigger) = (&self.ids[id], &self.span_ids[id]);
            put(
                out,
                format_args!("{event}\t{label}:{trigger}{}\n", self.args(annotation)),
            );
        }
        for line in &self.links {
            let annotation = &line.annotation;
            let id = &self.ids[annotation.id.as_str()];
            let label = written_label(schema, annotation);
            put(out, format_args!("{id}\t{label}{}\n", self.args(annotation)));
        }
    }

    /// ` role:T1 role2:T3`: brat numbers a role that stands more than once.
    fn args(&self, annotation: &LooseAnnotation) -> String {
        let mut spelt = String::new();
        for (role, ids) in &annotation.args {
            for (n, id) in ids.iter().enumerate() {
                let number = if n == 0 { String::new() } else { (n + 1).to_string() };
                let target =
                    self.ids.get(id.as_str()).map_or(id.as_str(), String::as_str);
                put(&mut spelt, format_args!(" {role}{number}:{target}"));
            }
        }
        spelt
    }

    fn put_attributes(&self, out: &mut String, written: &mut Written) {
        let mut lines = Trailers::default();
        for line in self.spans.iter().chain(&self.links) {
            let target = &self.ids[line.annotation.id.as_str()];
            for (name, value) in &line.annotation.attrs {
                lines.add(&line.annotation, target, name, value, written);
            }
        }
        out.push_str(&lines.attributes);
        out.push_str(&lines.norms);
        out.push_str(&lines.notes);
    }
}

/// Lines that say more of what stands above them.
#[derive(Default)]
struct Trailers {
    attributes: String,
    norms: String,
    notes: String,
    n_attributes: u32,
    n_norms: u32,
    n_notes: u32,
}

impl Trailers {
    fn add(
        &mut self,
        annotation: &LooseAnnotation,
        target: &str,
        name: &str,
        value: &AttrValue,
        written: &mut Written,
    ) {
        let values: Vec<String> = match value {
            AttrValue::Null => Vec::new(),
            AttrValue::Bool(true) => vec![String::new()],
            AttrValue::Bool(false) => vec!["false".to_owned()],
            AttrValue::Integer(number) => vec![number.to_string()],
            AttrValue::Text(text) => vec![text.clone()],
            AttrValue::List(texts) => texts.clone(),
        };
        let is_flag = *value == AttrValue::Bool(true);
        let broken = |text: &String| {
            text.contains(['\n', '\t'])
                || text.is_empty() && !is_flag
                || name == "norm" && text.contains(' ')
        };
        if values.is_empty() || values.iter().any(broken) {
            written.lose(if name == "note" { "note" } else { "attribute" });
            return;
        }
        for value in values {
            match name {
                "note" => {
                    self.n_notes += 1;
                    let n = self.n_notes;
                    put(
                        &mut self.notes,
                        format_args!("#{n}\tAnnotatorNotes {target}\t{value}\n"),
                    );
                }
                "norm" => {
                    self.n_norms += 1;
                    let (n, text) = (self.n_norms, &annotation.text);
                    put(
                        &mut self.norms,
                        format_args!("N{n}\tReference {target} {value}\t{text}\n"),
                    );
                }
                _ => {
                    self.n_attributes += 1;
                    let n = self.n_attributes;
                    let value = if is_flag { String::new() } else { format!(" {value}") };
                    put(
                        &mut self.attributes,
                        format_args!("A{n}\t{name} {target}{value}\n"),
                    );
                }
            }
        }
    }
}

/// The next number of each kind of id, leaving out those that are used again.
struct Counters<'a> {
    kept: BTreeSet<&'a str>,
    next: BTreeMap<char, u32>,
}

impl Counters<'_> {
    fn next(&mut self, kind: char) -> String {
        let number = self.next.entry(kind).or_default();
        loop {
            *number += 1;
            let id = format!("{kind}{number}");
            if !self.kept.contains(id.as_str()) {
                return id;
            }
        }
    }
}

fn reference(line: &LabelLine) -> Option<&str> {
    match &line.provenance.origin {
        ProposedBy::Imported { format, reference, .. } if format == "brat" => {
            reference.as_deref()
        }
        _ => None,
    }
}

fn place_key(annotation: &LooseAnnotation) -> (u32, Reverse<u32>, &str, &str, &str) {
    let start = annotation.fragments.first().map_or(0, |range| range.start);
    let end = annotation.fragments.last().map_or(0, |range| range.end);
    let LooseAnnotation { layer, label, id, .. } = annotation;
    (start, Reverse(end), layer, label, id)
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a string takes every text");
}
