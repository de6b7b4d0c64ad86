//! Document fields: values, and null as gold like any other.
//!
//! A null that gold states is no count of `field`, since nothing is there to be found; it
//! is seen in `field.acc`, and a value predicted in its place is invented.

use std::collections::BTreeMap;

use goldpress_model::{AttrValue, FieldClaim, FieldKind, LabelSpec};

use super::{Family, Metric, Unit, body::multiset_common, entry};
use crate::{
    norm::{date_agrees, day_distance, language_key, name_key, text_key, url_key},
    plan::is_field,
    scene::Scene,
    sides::Label,
    tally::Tally,
};

/// Values that agree after normalisation.
pub(super) const FIELD: Metric =
    Metric { unit: Unit::Field, default: true, ..entry("field", Family::Field, field) };
/// Share of documents with the value, the set or the null right.
pub(super) const ACCURACY: Metric = Metric {
    unit: Unit::Document,
    share: true,
    default: true,
    ..entry("field.acc", Family::Field, accuracy)
};
/// Values with equal code points.
pub(super) const RAW: Metric =
    Metric { unit: Unit::Field, ..entry("field.raw", Family::Field, raw) };
/// Words of text fields as a multiset.
pub(super) const TOKEN: Metric =
    Metric { unit: Unit::Token, ..entry("field.token", Family::Field, token) };
/// Dates of one calendar day.
pub(super) const DAY: Metric =
    Metric { unit: Unit::Field, ..entry("field.day", Family::Field, day) };
/// Dates at most one day apart.
pub(super) const DAY_ONE: Metric =
    Metric { unit: Unit::Field, ..entry("field.day1", Family::Field, day_one) };

/// One field of one document: what gold states and what is claimed.
pub(crate) struct Stated<'a> {
    pub(crate) label: Label,
    pub(crate) spec: &'a LabelSpec,
    /// Each value with its alternatives; empty for null.
    pub(crate) gold: Vec<Vec<&'a str>>,
    pub(crate) predicted: Vec<&'a str>,
}

/// The fields that gold judges.
pub(crate) fn stated<'a>(scene: &Scene<'a>) -> Vec<Stated<'a>> {
    let Some(spec) = scene.spec else { return Vec::new() };
    let mut gold: BTreeMap<&str, Vec<Vec<&str>>> = BTreeMap::new();
    for line in scene.sides.gold.iter().map(|item| item.source) {
        let values = gold.entry(&line.label).or_default();
        let Some(value) = line.attrs.get("value").and_then(value) else { continue };
        let mut right = vec![value];
        if let Some(AttrValue::List(others)) = line.attrs.get("alternatives") {
            right.extend(others.iter().map(String::as_str));
        }
        values.push(right);
    }
    let fields = spec.labels.iter().filter(|label| is_field(label.kind));
    let judged = fields.filter_map(|label| {
        let gold = gold.remove(label.name.as_str())?;
        let predicted = predicted(scene, &label.name);
        let number = scene.plan.label(&label.name)?;
        Some(Stated { label: number, spec: label, gold, predicted })
    });
    judged.collect()
}

/// A value that is neither null nor blank.
fn value(attr: &AttrValue) -> Option<&str> {
    attr.as_text().filter(|text| !text.trim().is_empty())
}

/// Distinct values that are claimed, as a field or as annotations.
fn predicted<'a>(scene: &Scene<'a>, label: &str) -> Vec<&'a str> {
    let mut values: Vec<&str> = match scene.predicted.fields.get(label) {
        Some(FieldClaim::One(value)) => vec![value],
        Some(FieldClaim::Many(values)) => values.iter().map(String::as_str).collect(),
        Some(FieldClaim::Null) | None => Vec::new(),
    };
    let lines = scene.sides.predicted.iter().map(|item| item.source);
    let lines = lines.filter(|line| line.label == label);
    values.extend(lines.filter_map(|line| line.attrs.get("value").and_then(value)));
    values.retain(|value| !value.trim().is_empty());
    values.sort_unstable();
    values.dedup();
    values
}

/// Counts of one field: a gold value found, a value claimed in vain, a gold value missed.
pub(crate) fn compared(
    field: &Stated<'_>,
    agrees: impl Fn(&str, &str) -> bool,
) -> (u64, u64, u64) {
    // Values are few; equal ones are one, since list fields are sets.
    let mut claims: Vec<&str> = Vec::new();
    for value in &field.predicted {
        if !claims.iter().any(|old| agrees(old, value)) {
            claims.push(value);
        }
    }
    let mut values: Vec<&Vec<&str>> = Vec::new();
    for value in &field.gold {
        if !values.iter().any(|old| agrees(old[0], value[0])) {
            values.push(value);
        }
    }
    // A claim may fit two values through their alternatives: the largest matching counts.
    let mut partner: Vec<Option<usize>> = vec![None; claims.len()];
    let fits = |gold: usize, claim: usize| {
        values[gold].iter().any(|right| agrees(right, claims[claim]))
    };
    let found = (0..values.len())
        .filter(|&gold| {
            let mut seen = vec![false; claims.len()];
            find_partner(gold, &fits, &mut partner, &mut seen)
        })
        .count() as u64;
    (found, claims.len() as u64 - found, values.len() as u64 - found)
}

fn find_partner(
    gold: usize,
    fits: &impl Fn(usize, usize) -> bool,
    partner: &mut [Option<usize>],
    seen: &mut [bool],
) -> bool {
    for claim in 0..partner.len() {
        if seen[claim] || !fits(gold, claim) {
            continue;
        }
        seen[claim] = true;
        let free = match partner[claim] {
            None => true,
            Some(other) => find_partner(other, fits, partner, seen),
        };
        if free {
            partner[claim] = Some(gold);
            return true;
        }
    }
    false
}

/// Whether two values of a field of a kind agree under `norm/1`.
pub fn values_agree(kind: FieldKind, gold: &str, predicted: &str) -> bool {
    match kind {
        FieldKind::Text | FieldKind::Tags | FieldKind::Body => {
            text_key(gold) == text_key(predicted)
        }
        FieldKind::Names => name_key(gold) == name_key(predicted),
        FieldKind::Date => date_agrees(gold, predicted),
        FieldKind::Url => url_key(gold) == url_key(predicted),
        FieldKind::Language => language_key(gold) == language_key(predicted),
    }
}

fn kind(field: &Stated<'_>) -> FieldKind {
    field.spec.kind.unwrap_or(FieldKind::Text)
}

/// Counts by the metric `field`.
pub(crate) fn normalised(field: &Stated<'_>) -> (u64, u64, u64) {
    compared(field, |gold, predicted| values_agree(kind(field), gold, predicted))
}

fn put(tally: &mut Tally, label: Label, (found, spurious, missed): (u64, u64, u64)) {
    tally.expect(label, found + missed);
    tally.claim(label, found + spurious);
    tally.find(label, found);
}

fn field(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    stated(scene).iter().for_each(|field| put(tally, field.label, normalised(field)));
}

fn accuracy(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    for field in stated(scene) {
        let (_, spurious, missed) = normalised(&field);
        tally.judge(field.label, spurious + missed == 0);
    }
}

fn raw(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    for field in stated(scene) {
        put(tally, field.label, compared(&field, |gold, predicted| gold == predicted));
    }
}

fn token(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let words = |value: &str| (scene.plan.options.words)(&text_key(value));
    for field in stated(scene).iter().filter(|field| kind(field) == FieldKind::Text) {
        let claimed: Vec<String> =
            field.predicted.iter().flat_map(|v| words(v)).collect();
        // Of several right values the one that fits best stands for gold.
        let choices = |values: &Vec<&str>| -> Vec<Vec<String>> {
            values.iter().map(|value| words(value)).collect()
        };
        let best = field.gold.iter().flat_map(choices).max_by_key(|gold| {
            let both = multiset_common(gold, &claimed);
            (both, std::cmp::Reverse(gold.len()))
        });
        let gold = best.unwrap_or_default();
        let both = multiset_common(&gold, &claimed);
        let rest = |side: &[String]| side.len() as u64 - both;
        put(tally, field.label, (both, rest(&claimed), rest(&gold)));
    }
}

fn day(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    days(scene, tally, 0);
}

fn day_one(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    days(scene, tally, 1);
}

/// Dates at most `far` days apart; where a side states no day, as `field` has it.
fn days(scene: &Scene<'_>, tally: &mut Tally, far: u64) {
    for field in stated(scene).iter().filter(|field| kind(field) == FieldKind::Date) {
        let counts =
            compared(field, |gold, predicted| match day_distance(gold, predicted) {
                Some(distance) => distance <= far,
                None => date_agrees(gold, predicted),
            });
        put(tally, field.label, counts);
    }
}
