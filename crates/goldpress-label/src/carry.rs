//! `label carry`: annotations follow their article when its text changes.
//!
//! Two texts are aligned, and every annotation is placed on the new one as surely as the
//! words allow: what stands unchanged is written, what is unsure becomes a suggestion,
//! what is gone is listed. Nobody is said to have judged what they never saw.

mod align;
mod pair;
mod place;

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{
    AttrValue, CharRange, Digest, LooseAnnotation, Schema, Status, layer::REVIEW,
};
use goldpress_store::{
    Dataset,
    json::canonical,
    labels::{LabelFile, LabelHeader, LabelLine, new_id, order},
};
use serde_json::json;

use crate::{
    checks::{Severity, TextOf, When, check_file},
    locks::{Locks, lock},
    schema::load_schema,
    sets::{LabelError, LabelName, LabelSets},
};

pub use self::pair::Pair;
use self::place::Placer;

/// What a carry is asked to do.
#[derive(Debug, Default)]
pub struct CarryOptions<'a> {
    /// The layer set; all but those of systems without.
    pub set: Option<String>,
    /// The dataset that held the old texts, where `labels/texts/` lacks them.
    pub old: Option<&'a Dataset>,
    /// Pairs of old and new documents that nobody has to find.
    pub pairs: Vec<Pair>,
    /// Whether label files that were carried are removed.
    pub prune: bool,
    /// Whether nothing is written.
    pub dry_run: bool,
}

/// How surely an annotation came along; a worse outcome is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// Same place, same words.
    Same,
    /// Same words, another place.
    Moved,
    /// Words that differ in quotes, dashes, white space or compatibility forms.
    Changed,
    /// The edges stand, words between them differ; a suggestion.
    Unsure,
    /// An edge is gone.
    Lost,
}

impl How {
    /// The name that files and reports use.
    pub fn name(self) -> &'static str {
        match self {
            How::Same => "same",
            How::Moved => "moved",
            How::Changed => "changed",
            How::Unsure => "unsure",
            How::Lost => "lost",
        }
    }
}

/// An annotation that did not simply come along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotCarried {
    /// The layer set.
    pub set: String,
    /// The document it stood in.
    pub old: Digest,
    /// Its id.
    pub id: String,
    /// `layer/LABEL`.
    pub label: String,
    /// The words it covered.
    pub text: String,
    /// Unsure or lost.
    pub how: How,
}

/// What a carry did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CarryReport {
    /// Label files that were looked at.
    pub n_looked_at: usize,
    /// Label files carried.
    pub n_files: usize,
    /// Annotations by outcome.
    pub counts: BTreeMap<&'static str, u64>,
    /// Those that are unsure or lost.
    pub listed: Vec<NotCarried>,
    /// Label files whose article nobody found.
    pub unpaired: Vec<LabelName>,
    /// Layers that are no longer done: set, old document, layer.
    pub undone: Vec<(String, Digest, String)>,
}

/// The set of what is to be looked at before it is believed on the new text.
const CARRIED: &str = "@carry";

/// Moves annotations whose article got another text onto that text.
///
/// # Errors
///
/// A file or table cannot be read or written, or the schema is not valid.
pub fn carry(
    dataset: &Dataset,
    options: &CarryOptions<'_>,
) -> Result<CarryReport, LabelError> {
    let schema = load_schema(dataset.root())?;
    let sets = LabelSets::of(dataset.root());
    let mut names = sets.list()?;
    names.retain(|name| match &options.set {
        Some(set) => name.set == *set,
        None => name.set != CARRIED,
    });
    let _locks = match options.dry_run || names.is_empty() {
        true => Locks::default(),
        false => lock(&sets, names.iter().map(|n| n.set.as_str()).chain([CARRIED]))?,
    };
    let mut report = CarryReport { n_looked_at: names.len(), ..CarryReport::default() };
    for found in pair::pairs(dataset, &sets, names, options, &mut report.unpaired)? {
        let Some(file) = sets.read(&found.name)? else { continue };
        let carried = carry_file(&schema, &file, &found, &mut report);
        report.n_files += 1;
        if options.dry_run {
            continue;
        }
        let article = TextOf { doc: found.doc, text: &found.new, published_at: None };
        for carried in carried {
            let name = LabelName { set: carried.header.set.clone(), doc: found.doc };
            let merged = merged(sets.read(&name)?, carried);
            sets.write(&schema, &article, &merged)?;
        }
        if options.prune {
            let path = sets.path(&found.name);
            std::fs::remove_file(&path).map_err(LabelError::at(&path))?;
        }
    }
    Ok(report)
}

/// Lines that are there already stay as they are.
fn merged(there: Option<LabelFile>, carried: LabelFile) -> LabelFile {
    let Some(mut file) = there else { return carried };
    let known: BTreeSet<String> =
        file.lines.iter().map(|line| line.annotation.id.clone()).collect();
    let new = carried.lines.into_iter().filter(|l| !known.contains(&l.annotation.id));
    file.lines.extend(new);
    file
}

/// The file on the new text, and the suggestions, if there are any.
fn carry_file(
    schema: &Schema,
    file: &LabelFile,
    found: &pair::Found,
    report: &mut CarryReport,
) -> Vec<LabelFile> {
    let placer = Placer::new(schema, found.old.as_deref(), &found.new);
    let mut outcomes = placer.outcomes(file);
    let mut carried = place_lines(file, found, &outcomes, &placer);
    hold_to_form(schema, found, &mut carried, &mut outcomes);
    let header = |set: &str| LabelHeader {
        chars: placer.n_chars(),
        doc: found.doc,
        set: set.to_owned(),
    };
    let mut suggestions = Vec::new();
    for line in &file.lines {
        let annotation = &line.annotation;
        let how = outcomes.get(&annotation.id).map_or(How::Lost, |outcome| outcome.how);
        if annotation.layer != REVIEW {
            *report.counts.entry(how.name()).or_default() += 1;
        }
        if how < How::Unsure || annotation.layer == REVIEW {
            continue;
        }
        report.listed.push(NotCarried {
            set: found.name.set.clone(),
            old: found.name.doc,
            id: annotation.id.clone(),
            label: format!("{}/{}", annotation.layer, annotation.label),
            text: annotation.text.clone(),
            how,
        });
        if how == How::Unsure && line.provenance.status.counts() {
            let ranges = &outcomes[&annotation.id].ranges;
            suggestions.push(suggested(line, ranges, found, &placer));
        }
    }
    carry_done(file, found, &outcomes, &placer, &mut carried, report);
    hold_to_form(schema, found, &mut carried, &mut outcomes);
    carried.sort_by(order);
    let mut files = vec![LabelFile { header: header(&found.name.set), lines: carried }];
    let mut suggested = LabelFile { header: header(CARRIED), lines: suggestions };
    without_dangling(&mut suggested.lines);
    let article = TextOf { doc: found.doc, text: &found.new, published_at: None };
    let refused = refused(schema, &article, &suggested);
    suggested.lines.retain(|line| !refused.contains(&line.annotation.id));
    without_dangling(&mut suggested.lines);
    if !suggested.lines.is_empty() {
        files.push(suggested);
    }
    files
}

/// Lines that came along, on their new places; `done` is decided later.
fn place_lines(
    file: &LabelFile,
    found: &pair::Found,
    outcomes: &BTreeMap<String, place::Outcome>,
    placer: &Placer<'_>,
) -> Vec<LabelLine> {
    let mut lines = Vec::new();
    for line in &file.lines {
        let annotation = &line.annotation;
        let outcome = &outcomes[&annotation.id];
        let is_done = annotation.layer == REVIEW && annotation.label == "done";
        if outcome.how < How::Unsure && !is_done {
            let mut line = line.clone();
            let quote = placer.quote(&outcome.ranges);
            // The value of a field that stands in the text is that text.
            let is_words = annotation.attrs.get("value").and_then(AttrValue::as_text)
                == Some(annotation.text.as_str());
            if is_words && !annotation.fragments.is_empty() {
                let value = AttrValue::from(quote.as_str());
                line.annotation.attrs.insert("value".to_owned(), value);
            }
            line.annotation.text = quote;
            line.annotation.fragments = outcome.ranges.clone();
            line.provenance.carried = Some(memory(found, outcome.how));
            lines.push(line);
        }
    }
    lines
}

fn memory(found: &pair::Found, how: How) -> String {
    canonical(&json!({"doc": found.name.doc, "how": how.name()}))
}

fn suggested(
    line: &LabelLine,
    ranges: &[CharRange],
    found: &pair::Found,
    placer: &Placer<'_>,
) -> LabelLine {
    let mut line = line.clone();
    line.annotation.text = placer.quote(ranges);
    line.annotation.fragments = ranges.to_vec();
    let provenance = &mut line.provenance;
    provenance.status = Status::Suggested;
    provenance.carried = Some(memory(found, How::Unsure));
    provenance.from = vec![format!("{}/{}", found.name.set, line.annotation.id)];
    provenance.was = None;
    provenance.guideline = None;
    provenance.spent_ds = None;
    line
}

/// Suggestions whose arguments are no suggestions lose them.
fn without_dangling(lines: &mut [LabelLine]) {
    let known: BTreeSet<String> =
        lines.iter().map(|line| line.annotation.id.clone()).collect();
    for line in lines {
        for ids in line.annotation.args.values_mut() {
            ids.retain(|id| id == "t0" || known.contains(id));
        }
        line.annotation.args.retain(|_, ids| !ids.is_empty());
    }
}

/// Ids of lines that break a rule of form.
fn refused(schema: &Schema, article: &TextOf<'_>, file: &LabelFile) -> BTreeSet<String> {
    check_file(schema, article, file, When::Form)
        .into_iter()
        .filter(|finding| finding.severity == Severity::Error && finding.line > 1)
        .map(|finding| file.lines[finding.line - 2].annotation.id.clone())
        .collect()
}

/// What breaks a rule on the new text is lost, and what points to it.
fn hold_to_form(
    schema: &Schema,
    found: &pair::Found,
    lines: &mut Vec<LabelLine>,
    outcomes: &mut BTreeMap<String, place::Outcome>,
) {
    let article = TextOf { doc: found.doc, text: &found.new, published_at: None };
    let chars = u32::try_from(found.new.chars().count()).unwrap_or(u32::MAX);
    let header = LabelHeader { chars, doc: found.doc, set: found.name.set.clone() };
    loop {
        let file = LabelFile { header: header.clone(), lines: std::mem::take(lines) };
        let refused = refused(schema, &article, &file);
        *lines = file.lines;
        if refused.is_empty() {
            return;
        }
        for id in &refused {
            if let Some(outcome) = outcomes.get_mut(id) {
                outcome.how = How::Lost;
            }
        }
        lines.retain(|line| !refused.contains(&line.annotation.id));
    }
}

/// Above this share of inserted text nobody can be said to have covered an article.
const MOST_INSERTED: f64 = 0.2;

fn carry_done(
    file: &LabelFile,
    found: &pair::Found,
    outcomes: &BTreeMap<String, place::Outcome>,
    placer: &Placer<'_>,
    lines: &mut Vec<LabelLine>,
    report: &mut CarryReport,
) {
    let missing: BTreeSet<&str> = file
        .lines
        .iter()
        .filter(|line| outcomes[&line.annotation.id].how >= How::Unsure)
        .map(|line| line.annotation.layer.as_str())
        .collect();
    let inserted = placer.inserted();
    let n_inserted: u32 = inserted.iter().map(|range| range.end - range.start).sum();
    let share = f64::from(n_inserted) / f64::from(placer.n_chars().max(1));
    for line in &file.lines {
        let annotation = &line.annotation;
        let of = annotation.attrs.get("of").and_then(AttrValue::as_text);
        let is_done = annotation.layer == REVIEW && annotation.label == "done";
        let (Some(of), true) = (of, is_done) else { continue };
        if missing.contains(of) || share > MOST_INSERTED {
            report.undone.push((found.name.set.clone(), found.name.doc, of.to_owned()));
            continue;
        }
        let mut done = line.clone();
        done.provenance.carried = Some(memory(found, How::Same));
        lines.push(done);
        if placer.has_places(of) {
            for range in &inserted {
                let region = region(of, *range, line, placer, lines);
                lines.push(region);
            }
        }
    }
}

/// A stretch of the new text that whoever had done the layer never saw.
fn region(
    of: &str,
    range: CharRange,
    done: &LabelLine,
    placer: &Placer<'_>,
    lines: &[LabelLine],
) -> LabelLine {
    let attrs = BTreeMap::from([("of".to_owned(), AttrValue::from(of))]);
    let none = BTreeMap::new();
    let taken = |id: &str| lines.iter().any(|line| line.annotation.id == id);
    let annotation = LooseAnnotation {
        id: new_id(REVIEW, "unannotated", &[range], &none, &attrs, taken),
        layer: REVIEW.to_owned(),
        label: "unannotated".to_owned(),
        text: placer.quote(&[range]),
        fragments: vec![range],
        attrs,
        ..LooseAnnotation::default()
    };
    let mut provenance = done.provenance.clone();
    provenance.spent_ds = None;
    provenance.guideline = None;
    provenance.carried = None;
    LabelLine { annotation, provenance }
}
