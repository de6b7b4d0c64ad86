//! Checks of one side's annotations in one document, with the repairs that lose nothing.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use goldpress_model::{
    AttrValue, CharIndex, CharRange, Digest, LayerKind, LayerSpec, LooseAnnotation, layer,
};
use icu_normalizer::ComposingNormalizerBorrowed;
use unicode_segmentation::GraphemeCursor;

use super::{Fault, Finding, Findings, Severity, Side, fits, lie, offsets};
use crate::{Ranges, norm::is_punctuation, plan::Plan, scene::Ids};

/// Annotations that may be scored, and what was found on the way.
#[derive(Debug, Default)]
pub(crate) struct Checked<'a> {
    /// Sound annotations with their places.
    pub(crate) sound: Vec<(&'a LooseAnnotation, Ranges)>,
    /// Sound ones by id, repeats included, since arguments may point to any of them.
    pub(crate) ids: Ids<'a>,
    /// Annotations that were set aside.
    pub(crate) malformed: Vec<&'a LooseAnnotation>,
    pub(crate) findings: Findings,
}

/// Checks the annotations of one side.
pub(crate) fn check<'a>(
    plan: &Plan<'_>,
    side: Side,
    doc_id: Digest,
    index: &CharIndex<'_>,
    annotations: &'a [LooseAnnotation],
) -> Checked<'a> {
    let mut checker = Checker {
        plan,
        side,
        doc_id,
        index,
        ids: BTreeMap::new(),
        checked: Checked::default(),
    };
    checker.run(annotations);
    checker.checked
}

struct Checker<'p, 'a> {
    plan: &'p Plan<'p>,
    side: Side,
    doc_id: Digest,
    index: &'p CharIndex<'p>,
    ids: BTreeMap<&'a str, &'a LooseAnnotation>,
    checked: Checked<'a>,
}

impl<'p, 'a> Checker<'p, 'a> {
    fn run(&mut self, annotations: &'a [LooseAnnotation]) {
        let scored = || annotations.iter().filter(|line| line.layer != layer::REVIEW);
        let mut doubled = BTreeSet::new();
        for line in scored().filter(|line| !line.id.is_empty()) {
            if self.ids.insert(&line.id, line).is_some() {
                doubled.insert(line.id.as_str());
            }
        }
        let mut places: Vec<_> = scored().map(|line| place(self.index, line)).collect();
        let is_misplaced = places
            .iter()
            .any(|place| matches!(place, Err(("text-differs" | "out-of-range", _))));
        let unit =
            is_misplaced.then(|| offsets::diagnose(self.index, annotations)).flatten();
        let repair = unit.filter(|_| self.plan.options.repair_offsets);
        if let Some(unit) = unit {
            let severity = match (self.side, repair) {
                (_, Some(_)) => Severity::Repair,
                (Side::Gold, None) => Severity::Error,
                (Side::Prediction, None) => Severity::Malformed,
            };
            let message = format!("all annotations fit {unit}, not code points");
            self.find("offset-unit", severity, None, message);
        }
        if let Some(unit) = repair {
            let table = offsets::Table::new(self.index.text(), unit);
            let repaired = |line| place(self.index, &table.converted(line));
            places = scored().map(repaired).collect();
        }
        for (line, place) in scored().zip(places) {
            let Some(spec) = self.known(line) else { continue };
            let sound = place.and_then(|(place, merged)| {
                if doubled.contains(line.id.as_str()) {
                    let message = format!("the id `{}` stands there twice", line.id);
                    return Err(("id-duplicate", message));
                }
                fits::arguments(spec, line, &self.ids)?;
                fits::attributes(spec, line, self.plan)?;
                match (merged, self.side) {
                    (true, Side::Gold) => Err(("fragments", FRAGMENTS.to_owned())),
                    _ => Ok((place, merged)),
                }
            });
            match sound {
                Ok((place, merged)) => {
                    if merged {
                        let message = FRAGMENTS.to_owned();
                        self.find("fragments", Severity::Repair, Some(line), message);
                    }
                    self.keep(spec, line, place);
                }
                Err((code, message)) => self.refuse(code, line, message),
            }
        }
        self.drop_repeats();
        self.overlaps();
    }

    fn find(
        &mut self,
        code: &'static str,
        severity: Severity,
        line: Option<&LooseAnnotation>,
        message: String,
    ) {
        let finding = self.finding(code, severity, line, message);
        self.checked.findings.add(finding);
    }

    fn finding(
        &self,
        code: &'static str,
        severity: Severity,
        line: Option<&LooseAnnotation>,
        message: String,
    ) -> Finding {
        let range = line.and_then(|line| {
            let start = line.fragments.iter().map(|range| range.start).min()?;
            let end = line.fragments.iter().map(|range| range.end).max()?;
            Some(CharRange { start, end })
        });
        let label = line.map(|line| format!("{}/{}", line.layer, line.label));
        Finding {
            code,
            side: self.side,
            severity,
            doc_id: self.doc_id,
            label: label.unwrap_or_default(),
            range,
            message,
        }
    }

    /// Gold in error stops the scoring; a prediction is set aside.
    fn refuse(&mut self, code: &'static str, line: &'a LooseAnnotation, message: String) {
        let severity = match self.side {
            Side::Gold => Severity::Error,
            Side::Prediction => Severity::Malformed,
        };
        self.find(code, severity, Some(line), message);
        self.checked.malformed.push(line);
    }

    /// The layer of an annotation, if the schema has it and the label.
    fn known(&mut self, line: &LooseAnnotation) -> Option<&'p LayerSpec> {
        let spec = self.plan.schema.layer(&line.layer);
        if let Some(spec) = spec.filter(|spec| has_label(spec, &line.label)) {
            return Some(spec);
        }
        let name = format!("{}/{}", line.layer, line.label);
        let message = match self.side {
            Side::Gold => format!("`{name}` is not in the schema"),
            Side::Prediction => format!(
                "`{name}` is not in the schema; add `map = {{ \"{name}\" = \"{}/LABEL\" }}` or \
                 `ignore = [\"{name}\"]` to its [[system]]",
                line.layer
            ),
        };
        self.find("label-unknown", Severity::Usage, Some(line), message);
        None
    }

    fn keep(&mut self, spec: &LayerSpec, line: &'a LooseAnnotation, place: Ranges) {
        let blank =
            |value: &AttrValue| value.as_text().is_some_and(|v| v.trim().is_empty());
        if spec.kind == LayerKind::Field && line.attrs.get("value").is_some_and(blank) {
            let message = "a blank value is read as null".to_owned();
            self.find("null-spelt", Severity::Repair, Some(line), message);
        }
        let place = match spec.kind {
            LayerKind::Span | LayerKind::Event => self.edges(line, place),
            _ => place,
        };
        if !line.id.is_empty() {
            self.checked.ids.0.insert(&line.id, (line, place.clone()));
        }
        self.checked.sound.push((line, place));
    }

    /// Warns of white space and punctuation at the edges, or takes them off, and of edges
    /// inside a character as readers see it.
    fn edges(&mut self, line: &LooseAnnotation, place: Ranges) -> Ranges {
        let text = line.text.as_str();
        if !place.is_empty() && splits_grapheme(self.index, &place) {
            let message = format!("`{text}` cuts a character and its marks in two");
            self.find("splits-grapheme", Severity::Warning, Some(line), message);
        }
        let (first, last) = (text.chars().next(), text.chars().next_back());
        let at_edge =
            |test: fn(char) -> bool| first.is_some_and(test) || last.is_some_and(test);
        let (space, mark) = (at_edge(char::is_whitespace), at_edge(is_punctuation));
        if !space && !mark {
            return place;
        }
        let trim = self.plan.options.repair_trim;
        let severity = if trim { Severity::Repair } else { Severity::Warning };
        if space {
            let message = format!("`{text}` begins or ends with white space");
            self.find("edge-space", severity, Some(line), message);
        }
        if mark {
            let message = format!("`{text}` begins or ends with punctuation");
            self.find("edge-punctuation", severity, Some(line), message);
        }
        if trim { trimmed(self.index, &place) } else { place }
    }

    /// Drops all but one of annotations that say the same.
    fn drop_repeats(&mut self) {
        // Ids are looked past, so that the one that is kept does not hang on input order.
        let same = |a: &LooseAnnotation, b: &LooseAnnotation| {
            a.layer == b.layer
                && a.label == b.label
                && a.args == b.args
                && a.attrs == b.attrs
        };
        let mut order: Vec<usize> = (0..self.checked.sound.len()).collect();
        let sound = &self.checked.sound;
        let key = |at: usize| {
            let (line, place) = &sound[at];
            (place, &line.layer, &line.label, &line.args, &line.attrs)
        };
        order.sort_by(|&a, &b| key(a).cmp(&key(b)));
        let repeats: BTreeSet<usize> = order
            .windows(2)
            .filter(|pair| {
                let (a, b) = (&sound[pair[0]], &sound[pair[1]]);
                a.1 == b.1 && same(a.0, b.0)
            })
            .map(|pair| pair[1])
            .collect();
        let lines: Vec<&LooseAnnotation> =
            repeats.iter().map(|&at| sound[at].0).collect();
        for line in lines {
            let message = format!("`{}` stands there twice", line.text);
            self.find("duplicate", Severity::Repair, Some(line), message);
        }
        if !repeats.is_empty() {
            let mut at = 0;
            self.checked.sound.retain(|_| {
                at += 1;
                !repeats.contains(&(at - 1))
            });
        }
    }

    /// Reports how annotations of a layer lie to each other, where the schema minds.
    fn overlaps(&mut self) {
        for spec in &self.plan.schema.layers {
            if !matches!(spec.kind, LayerKind::Span | LayerKind::Event) {
                continue;
            }
            let of_layer = self
                .checked
                .sound
                .iter()
                .filter(|(line, place)| line.layer == spec.name && !place.is_empty());
            let items: Vec<(&'a LooseAnnotation, Ranges)> = of_layer.cloned().collect();
            let mut found = std::mem::take(&mut self.checked.findings);
            lie::overlaps(&items, |code, line, other| {
                let forbidden =
                    self.side == Side::Gold && lie::forbids(spec.overlap, code);
                let severity =
                    if forbidden { Severity::Error } else { Severity::Warning };
                found.add_lazily((severity, code, self.side), || {
                    let message = format!("`{}` against `{}`", line.text, other.text);
                    self.finding(code, severity, Some(line), message)
                });
            });
            self.checked.findings = found;
        }
    }
}

const FRAGMENTS: &str = "fragments are unsorted, touch or overlap";

fn has_label(spec: &LayerSpec, label: &str) -> bool {
    spec.has_label(label)
}

/// The place of an annotation whose text is what stands there, and whether its fragments
/// had to be sorted or joined.
fn place(index: &CharIndex<'_>, line: &LooseAnnotation) -> Result<(Ranges, bool), Fault> {
    let n = index.n_chars();
    for &CharRange { start, end } in &line.fragments {
        if start > end {
            return Err(("span-reversed", format!("range {start}..{end} is reversed")));
        }
        if end > n {
            return Err((
                "out-of-range",
                format!("range {start}..{end} ends after the text's {n} characters"),
            ));
        }
        if start == end {
            return Err(("span-empty", format!("range {start}..{end} is empty")));
        }
    }
    let apart = line.fragments.windows(2).all(|pair| pair[0].end < pair[1].start);
    let place = Ranges::merged(line.fragments.iter().copied());
    let found = quote(index, line.fragments.iter().copied());
    let joined = || quote(index, place.runs());
    if found == line.text || !apart && joined() == line.text {
        return Ok((place, !apart));
    }
    let composed = ComposingNormalizerBorrowed::new_nfc();
    let plain = |text: &str| composed.normalize(&text.replace("\r\n", "\n")).into_owned();
    let hint = match plain(&found) == plain(&line.text) {
        true => "; NFC or line ends would make them equal",
        false => "",
    };
    Err((
        "text-differs",
        format!("text is `{}`, but `{found}` stands there{hint}", line.text),
    ))
}

/// The slices joined by one space; ranges lie inside the text.
fn quote<'t>(
    index: &CharIndex<'t>,
    ranges: impl Iterator<Item = CharRange>,
) -> Cow<'t, str> {
    let slice = |range| index.span(range).map_or("", |span| span.slice(index.text()));
    let mut slices = ranges.map(slice);
    let first = slices.next().unwrap_or_default();
    match slices.next() {
        None => Cow::Borrowed(first),
        Some(second) => {
            let all: Vec<&str> = [first, second].into_iter().chain(slices).collect();
            Cow::Owned(all.join(" "))
        }
    }
}

/// Whether an edge stands inside a grapheme cluster.
fn splits_grapheme(index: &CharIndex<'_>, place: &Ranges) -> bool {
    let text = index.text();
    if text.len() == index.n_chars() as usize {
        // ASCII alone.
        return false;
    }
    let cuts = |at: u32| {
        let Some(byte) = index.byte(at) else { return false };
        let mut cursor = GraphemeCursor::new(byte, text.len(), true);
        cursor.is_boundary(text, 0) == Ok(false)
    };
    place.runs().any(|run| cuts(run.start) || cuts(run.end))
}

/// The place without white space and punctuation at its outer edges; untouched where
/// nothing would be left.
fn trimmed(index: &CharIndex<'_>, place: &Ranges) -> Ranges {
    let hull = CharRange { start: place.start(), end: place.end() };
    let Ok(span) = index.span(hull) else { return place.clone() };
    let off = |c: &char| c.is_whitespace() || is_punctuation(*c);
    let text = span.slice(index.text());
    let (head, tail) = (
        text.chars().take_while(off).count() as u32,
        text.chars().rev().take_while(off).count() as u32,
    );
    if head + tail >= hull.end - hull.start {
        return place.clone();
    }
    let inner = CharRange { start: hull.start + head, end: hull.end - tail };
    place.intersection(&Ranges::from(inner))
}
