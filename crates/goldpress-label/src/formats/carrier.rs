//! The carrier rule: annotations as spans and links, for formats that know nothing else.
//!
//! What has words and arguments becomes a span and one link a target, labelled with the
//! role; what has only a head and a tail becomes one link with its label.

use std::{cmp::Reverse, collections::BTreeSet};

use goldpress_model::{LayerKind, Schema};
use goldpress_store::labels::LabelLine;

use super::Written;
use crate::export::Page;

/// An article's annotations as spans and links.
pub(super) struct Carried<'a> {
    /// By place, the outer before the inner.
    pub(super) spans: Vec<&'a LabelLine>,
    pub(super) links: Vec<CarriedLink<'a>>,
    /// Without a place, but no relation: fields.
    pub(super) fields: Vec<&'a LabelLine>,
    /// What nothing can carry, where whole lines are kept: they lie beside the text.
    pub(super) homeless: Vec<&'a LabelLine>,
}

impl Carried<'_> {
    /// Takes out links that end at what lies beside the text: the whole lines tell of them.
    fn take_out_links(&mut self) {
        let away: BTreeSet<&str> =
            self.homeless.iter().map(|line| line.annotation.id.as_str()).collect();
        let is_out =
            |link: &CarriedLink<'_>| away.contains(link.from) || away.contains(link.to);
        let (out, kept) = std::mem::take(&mut self.links).into_iter().partition(is_out);
        self.links = kept;
        let out: Vec<CarriedLink<'_>> = out;
        let relations = out.into_iter().map(|link| link.line);
        self.homeless
            .extend(relations.filter(|line| line.annotation.fragments.is_empty()));
    }
}

/// A link between two spans, by their ids.
pub(super) struct CarriedLink<'a> {
    pub(super) from: &'a str,
    pub(super) to: &'a str,
    /// A role, or the label of a relation.
    pub(super) label: &'a str,
    /// The line it says something of.
    pub(super) line: &'a LabelLine,
}

/// Lays an article out; what is neither span nor link is left out and counted.
pub(super) fn carry<'a>(
    schema: &Schema,
    page: &'a Page<'_>,
    written: &mut Written,
) -> Carried<'a> {
    let mut carried = Carried {
        spans: Vec::new(),
        links: Vec::new(),
        fields: Vec::new(),
        homeless: Vec::new(),
    };
    for line in &page.lines {
        let annotation = &line.annotation;
        let kind = schema.layer(&annotation.layer).map(|layer| layer.kind);
        let end = |role: &str| annotation.args.get(role).and_then(|ids| ids.first());
        match (annotation.fragments.is_empty(), kind) {
            (_, Some(LayerKind::Field)) => carried.fields.push(line),
            (false, _) => {
                carried.spans.push(line);
                for (role, ids) in &annotation.args {
                    carried.links.extend(ids.iter().map(|id| CarriedLink {
                        from: &annotation.id,
                        to: id,
                        label: role,
                        line,
                    }));
                }
            }
            (true, Some(LayerKind::Relation)) => {
                if let (Some(head), Some(tail)) = (end("head"), end("tail")) {
                    let label = &annotation.label;
                    carried.links.push(CarriedLink { from: head, to: tail, label, line });
                }
            }
            // A quotation without a cue has nothing that a link could begin at.
            (true, _) if page.whole(&annotation.id).is_some() => {
                carried.homeless.push(line);
            }
            (true, _) => {
                written.lose("relation");
                written.n_left_out += 1;
            }
        }
    }
    carried.take_out_links();
    carried.spans.sort_by_key(|line| {
        let annotation = &line.annotation;
        let start = annotation.fragments.first().map_or(0, |range| range.start);
        let end = annotation.fragments.last().map_or(0, |range| range.end);
        let names = (&annotation.layer, &annotation.label, &annotation.id);
        (start, Reverse(end), names)
    });
    carried
}
