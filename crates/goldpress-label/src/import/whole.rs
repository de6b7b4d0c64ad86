//! Whole lines: what `export --lossless` laid beside an annotation, taken back.
//!
//! The annotation as the tool has it comes first: a person may have changed it there. Where
//! both agree, as far as the format can tell, the line is what it was; else the tool's word
//! is taken, and the line is edited.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{AttrValue, CharRange, LooseAnnotation, Provenance, Status};
use goldpress_store::{
    json::canonical,
    labels::{LabelLine, parse_line},
};
use serde_json::{Value, json};

use crate::export::Capacity;

/// Ids of the whole lines of a file.
#[derive(Default)]
pub(super) struct Known<'a> {
    /// All of them.
    pub(super) all: BTreeSet<&'a str>,
    /// Those of lines without a place of their own, which no link can end at.
    pub(super) homeless: BTreeSet<&'a str>,
}

/// What a line that came back brings beside its content.
pub(super) struct Kept {
    pub(super) id: String,
    pub(super) provenance: Provenance,
}

/// Fills an annotation up with what its whole line says and the format had no room for.
///
/// `own` is what the format natively says; `known` are the whole lines of the same file.
/// `None` where what stands there is no line.
pub(super) fn restore(
    whole: &Value,
    room: &Capacity,
    known: &Known<'_>,
    own: &mut LooseAnnotation,
) -> Option<Kept> {
    let LabelLine { annotation: whole, mut provenance } =
        parse_line(&canonical(whole)).ok()?;
    let id = whole.id.clone();
    let mut was: BTreeMap<&str, Value> = BTreeMap::new();
    if own.label != whole.label {
        was.insert("label", json!(whole.label));
    }
    if !agree(&own.fragments, &whole.fragments) {
        was.insert("fragments", json!(places(&whole.fragments)));
    }
    // A field of the whole text brings its value and nothing else.
    let is_field = own.fragments.is_empty() && whole.attrs.contains_key("value");
    let said = if is_field { Said::Value } else { Said::All };
    let written = native(&whole.attrs, room, said);
    let is_told: BTreeSet<String> = written.keys().map(|name| (*name).clone()).collect();
    if own.layer == whole.layer && native(&own.attrs, room, said) != written {
        was.insert("attrs", json!(whole.attrs));
    }
    if own.layer != whole.layer {
        // Nothing else of the old line means anything in another layer.
        was.insert("layer", json!(whole.layer));
    }
    if was.is_empty() {
        own.fragments = whole.fragments;
        own.attrs = whole.attrs;
        own.score = whole.score;
    } else if own.layer == whole.layer {
        let kept = whole.attrs.into_iter().filter(|(name, _)| !is_told.contains(name));
        for (name, value) in kept {
            own.attrs.entry(name).or_insert(value);
        }
    }
    for (role, ids) in whole.args {
        // Links say all but what no link can end at; without links the line does.
        let is_told = |id: &String| match room.args {
            true => id == "t0" || known.homeless.contains(id.as_str()),
            false => id == "t0" || known.all.contains(id.as_str()),
        };
        let ids: Vec<String> = ids.into_iter().filter(is_told).collect();
        if !ids.is_empty() {
            own.args.entry(role).or_default().extend(ids);
        }
    }
    if !was.is_empty() {
        provenance.status = Status::Edited;
        provenance.was = Some(canonical(&was));
    }
    Some(Kept { id, provenance })
}

/// Whether a place is the one that was written: itself, the cover of its pieces, or none.
fn agree(own: &[CharRange], whole: &[CharRange]) -> bool {
    let cover = whole
        .first()
        .zip(whole.last())
        .map(|(first, last)| CharRange { start: first.start, end: last.end });
    own == whole || own.is_empty() || own.first() == cover.as_ref() && own.len() == 1
}

fn places(fragments: &[CharRange]) -> Vec<[u32; 2]> {
    fragments.iter().map(|range| [range.start, range.end]).collect()
}

/// Which attributes a format writes of a line.
#[derive(Clone, Copy)]
enum Said {
    Value,
    All,
}

/// Attributes that the format has room for.
fn native<'a>(
    attrs: &'a BTreeMap<String, AttrValue>,
    room: &Capacity,
    said: Said,
) -> BTreeMap<&'a String, &'a AttrValue> {
    let is_empty = |value: &AttrValue| match value {
        AttrValue::Null => true,
        AttrValue::List(texts) => texts.is_empty(),
        _ => false,
    };
    let has_room = |name: &str| match name {
        "note" => room.notes,
        // What is read off the whole article is taken for that without being told.
        "source" => false,
        name => match said {
            Said::Value => name == "value",
            Said::All => room.attrs,
        },
    };
    attrs.iter().filter(|(name, value)| has_room(name) && !is_empty(value)).collect()
}
