//! `label suggest`: what a system claims becomes lines that people decide about.
//!
//! Suggestions stand in a set of their own, `@` and the system's name, and nothing in it
//! is scored or taken for gold. What somebody decided already is not written again, also
//! where a newer run repeats it.

mod decided;

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{
    CharIndex, Digest, LooseAnnotation, ProposedBy, Provenance, Schema, Status,
};
use goldpress_store::{
    Dataset,
    labels::{LabelFile, LabelHeader, LabelLine, new_id, order},
};

use crate::{
    checks::{Severity, When, check_file},
    locks::lock,
    schema::load_schema,
    sets::{LabelError, LabelName, LabelSets, suggestion_set},
    verify::{for_each_article, text_of},
};

use self::decided::Decisions;
pub use self::decided::Verdicts;

/// A system, and the run that its claims are from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggester {
    /// The system's name.
    pub system: String,
    /// Its version.
    pub version: String,
    /// The run.
    pub run: String,
}

/// What `label suggest` wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SuggestReport {
    /// The set they went to.
    pub set: String,
    /// Articles with suggestions.
    pub n_articles: usize,
    /// Suggestions written.
    pub n_lines: u64,
    /// Claims below the score that was asked for.
    pub n_unsure: u64,
    /// Claims that break a rule of form.
    pub n_refused: u64,
    /// Claims that somebody decided about already, or made too.
    pub n_decided: u64,
    /// What people made of the suggestions of this system so far, by layer and label.
    pub verdicts: BTreeMap<(String, String), Verdicts>,
}

/// What is asked of a suggestion.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SuggestOptions {
    /// Claims whose score is lower are left out; claims without a score stay.
    pub min_score: Option<f64>,
    /// Sets whose decisions count; those of all people and of gold where none is named.
    pub decided_by: Vec<String>,
}

/// Writes claims of a system as suggestions, in place of those it made before.
///
/// What somebody decided about, or marked without help, is left out.
///
/// # Errors
///
/// The schema is not valid, or a file or table cannot be read or written.
pub fn suggest(
    dataset: &Dataset,
    by: &Suggester,
    claims: &BTreeMap<Digest, Vec<LooseAnnotation>>,
    options: &SuggestOptions,
) -> Result<SuggestReport, LabelError> {
    let schema = load_schema(dataset.root())?;
    let sets = LabelSets::of(dataset.root());
    let set = suggestion_set(&by.system);
    let _locks = lock(&sets, [set.as_str()])?;
    let mut report = SuggestReport { set: set.clone(), ..SuggestReport::default() };
    let decisions = Decisions::read(&sets, &set, &options.decided_by)?;
    report.verdicts = decisions.verdicts();
    let docs: BTreeSet<Digest> = claims.keys().copied().collect();
    let mut together = sets.together();
    for_each_article(dataset, &docs, |article| {
        let text = text_of(article);
        let chars = CharIndex::new(text.text).n_chars();
        let header = LabelHeader { chars, doc: text.doc, set: set.clone() };
        let mut file = LabelFile { header, lines: Vec::new() };
        let mut ids: BTreeSet<String> = BTreeSet::new();
        for annotation in claims.get(&text.doc).into_iter().flatten() {
            let is_unsure =
                |score: f64| options.min_score.is_some_and(|least| score < least);
            if annotation.score.is_some_and(is_unsure) {
                report.n_unsure += 1;
                continue;
            }
            let mut annotation = annotation.clone();
            // Ids of a program's answer mean nothing beyond it, nor do links between them.
            annotation.args.clear();
            let LooseAnnotation { layer, label, fragments, args, attrs, .. } =
                &annotation;
            let taken = |id: &str| ids.contains(id);
            annotation.id = new_id(layer, label, fragments, args, attrs, taken);
            if decisions.hold(text.doc, &annotation) {
                report.n_decided += 1;
                continue;
            }
            ids.insert(annotation.id.clone());
            file.lines.push(LabelLine { annotation, provenance: provenance(by) });
        }
        file.lines.sort_by(order);
        report.n_refused += sound(&schema, &text, &mut file);
        report.n_articles += usize::from(!file.lines.is_empty());
        report.n_lines += file.lines.len() as u64;
        let name = LabelName { set: set.clone(), doc: text.doc };
        if !file.lines.is_empty() || sets.bytes(&name)?.is_some() {
            together.write(&schema, &text, &file)?;
        }
        Ok(())
    })?;
    together.commit()?;
    Ok(report)
}

fn provenance(by: &Suggester) -> Provenance {
    Provenance {
        status: Status::Suggested,
        origin: ProposedBy::Model {
            name: by.system.clone(),
            version: by.version.clone(),
            run: by.run.clone(),
        },
        from: Vec::new(),
        was: None,
        carried: None,
        guideline: None,
        spent_ds: None,
    }
}

/// Leaves out lines that break a rule of form; gives how many.
fn sound(schema: &Schema, text: &crate::TextOf<'_>, file: &mut LabelFile) -> u64 {
    let findings = check_file(schema, text, file, When::Form);
    let wrong: BTreeSet<usize> = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error && finding.line > 1)
        .map(|finding| finding.line - 2)
        .collect();
    let mut at = 0;
    file.lines.retain(|_| {
        at += 1;
        !wrong.contains(&(at - 1))
    });
    wrong.len() as u64
}
