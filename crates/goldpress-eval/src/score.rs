//! Scoring: gold and an answer of one document in, counts, findings and mistakes out.

use std::{cell::OnceCell, collections::BTreeMap};

use goldpress_model::{
    CharIndex, CharRange, Digest, LayerKind, LayerSpec, LooseAnnotation, RunOutcome,
    Schema, layer,
};

use crate::{
    Ranges,
    align::MOST_PAIRS,
    input::{CONTENT, GoldDocument, Lines, Options, PredictedDocument},
    lint::{Checked, Finding, Findings, Severity, Side, check, check_answer},
    metrics::{attribution::is_attribution, body, fields},
    mistakes::{Mistake, mistakes},
    plan::{Plan, PlanError, PlannedLayer},
    scene::{Ids, Scene},
    scored::{DocumentScore, FieldOutcomes, Scored},
    sides::{Item, Sides},
    table::Table,
    tally::Tally,
};

/// Scores a system's answers against gold.
///
/// Documents are scored in the order of `doc_id`, whatever their order here. An answer for
/// a document without gold is a finding and not scored; a gold document without an answer
/// is an error unless `missing_as_empty` is set.
///
/// # Errors
///
/// A layer or metric of the options does not exist.
pub fn score(
    gold: &[GoldDocument<'_>],
    predicted: &[PredictedDocument<'_>],
    schema: &Schema,
    options: &Options<'_>,
) -> Result<Scored, PlanError> {
    let mut scorer = Scorer::new(schema, options)?;
    let mut answers: BTreeMap<Digest, Vec<&PredictedDocument<'_>>> = BTreeMap::new();
    for answer in predicted {
        answers.entry(answer.doc_id).or_default().push(answer);
    }
    let mut by_id: Vec<&GoldDocument<'_>> = gold.iter().collect();
    by_id.sort_by_key(|document| document.doc_id);
    for pair in by_id.windows(2).filter(|pair| pair[0].doc_id == pair[1].doc_id) {
        let message = "two gold rows for one document";
        scorer.note(
            "doc-duplicate",
            Side::Gold,
            Severity::Error,
            pair[1].doc_id,
            message,
        );
    }
    for document in by_id {
        let of_document = answers.remove(&document.doc_id).unwrap_or_default();
        scorer.document(document, &of_document);
    }
    for (doc_id, of_document) in answers {
        scorer.only_one(&of_document);
        scorer.without_gold(doc_id);
    }
    Ok(scorer.finish())
}

/// A system that is being scored, a document at a time: holds counts, and no document.
#[derive(Debug)]
pub struct Scorer<'p> {
    plan: Plan<'p>,
    scored: Scored,
}

impl<'p> Scorer<'p> {
    /// Nothing scored so far.
    ///
    /// # Errors
    ///
    /// A layer or metric of the options does not exist.
    pub fn new(schema: &'p Schema, options: &Options<'p>) -> Result<Self, PlanError> {
        let plan = Plan::new(schema, options.clone())?;
        Ok(Scorer { plan, scored: Scored::default() })
    }

    /// Scores the answers for one document, of which there should be one. Documents come in
    /// the order of `doc_id`.
    pub fn document(
        &mut self,
        gold: &GoldDocument<'_>,
        answers: &[&PredictedDocument<'_>],
    ) {
        self.only_one(answers);
        let score = score_document(&self.plan, gold, answers.last().copied());
        self.scored.add(&self.plan, score);
    }

    fn only_one(&mut self, answers: &[&PredictedDocument<'_>]) {
        for answer in answers.iter().skip(1) {
            let message = "two answers for one document";
            let side = Side::Prediction;
            self.note("doc-duplicate", side, Severity::Error, answer.doc_id, message);
        }
    }

    /// Says that an answer is for a document that gold does not hold.
    pub fn without_gold(&mut self, doc_id: Digest) {
        let message = "an answer for a document without gold is not scored";
        self.note("doc-extra", Side::Prediction, Severity::Warning, doc_id, message);
    }

    fn note(
        &mut self,
        code: &'static str,
        side: Side,
        severity: Severity,
        doc_id: Digest,
        message: &str,
    ) {
        self.scored.findings.add(of_document(code, side, severity, doc_id, message));
    }

    /// Hands out the mistakes of the documents since the last call, where they were asked
    /// for.
    pub fn take_mistakes(&mut self) -> Vec<Mistake> {
        std::mem::take(&mut self.scored.mistakes)
    }

    /// The scores; without counts where an error makes all of them meaningless.
    pub fn finish(mut self) -> Scored {
        if self.scored.findings.stops() {
            self.scored.table = Table::default();
        }
        self.scored
    }
}

fn of_document(
    code: &'static str,
    side: Side,
    severity: Severity,
    doc_id: Digest,
    message: &str,
) -> Finding {
    let (label, message) = (String::new(), message.to_owned());
    Finding { code, side, severity, doc_id, label, range: None, message }
}

/// Scores one answer; `None` where there is none.
///
/// Pure: the same inputs give the same counts, in whatever order annotations stand, so a
/// caller may score documents on many threads and add them up in the order of `doc_id`.
pub fn score_document(
    plan: &Plan<'_>,
    gold: &GoldDocument<'_>,
    predicted: Option<&PredictedDocument<'_>>,
) -> DocumentScore {
    let empty = PredictedDocument::empty(gold.doc_id, RunOutcome::Ok);
    let mut score = DocumentScore {
        doc_id: gold.doc_id,
        rows: Vec::new(),
        layers: Vec::new(),
        findings: Findings::default(),
        mistakes: Vec::new(),
        fields: BTreeMap::new(),
        failed: false,
        without_blocks: false,
        in_regions: 0,
        too_long: 0,
    };
    let mut note = |code, severity, message: &str| {
        let side = Side::Prediction;
        score.findings.add(of_document(code, side, severity, gold.doc_id, message));
    };
    // A document of whose layers none is done takes no part, with or without an answer.
    let takes_part = plan.layers.iter().any(|layer| gold.covered.contains(&layer.name));
    let mut answer = match predicted {
        Some(answer) if answer.outcome != RunOutcome::Skipped => answer,
        skipped => {
            if takes_part && !plan.options.missing_as_empty {
                let message = match skipped {
                    Some(_) => "the system was given up before this document",
                    None => "a gold document without an answer",
                };
                note("doc-missing", Severity::Error, message);
            }
            &empty
        }
    };
    if answer.made_on.is_some_and(|made_on| made_on != gold.doc_id) {
        let message = "made on another text than the gold; see `goldpress label carry`";
        note("doc-text", Severity::Error, message);
    }
    if answer.failed() {
        note("doc-failed", Severity::Failed, answer.outcome.name());
        score.failed = true;
        answer = &empty;
    }
    let index = CharIndex::new(gold.text);
    let mut expected = check(plan, Side::Gold, gold.doc_id, &index, gold.annotations);
    let mut claimed =
        check(plan, Side::Prediction, gold.doc_id, &index, answer.annotations);
    let refused = answer.rejected.iter();
    claimed.malformed.extend(refused.map(|malformed| &malformed.annotation));
    score.findings.merge(std::mem::take(&mut expected.findings));
    score.findings.merge(std::mem::take(&mut claimed.findings));
    score.findings.extend(check_answer(plan, index.n_chars(), answer));
    if score.findings.stops() {
        return score;
    }
    let sides =
        Documents { plan, gold, answer, expected, claimed, n_chars: index.n_chars() };
    sides.count(&mut score);
    score
}

/// Both sides of one document after their checks.
struct Documents<'d> {
    plan: &'d Plan<'d>,
    gold: &'d GoldDocument<'d>,
    answer: &'d PredictedDocument<'d>,
    expected: Checked<'d>,
    claimed: Checked<'d>,
    n_chars: u32,
}

static NOWHERE: LooseAnnotation = LooseAnnotation {
    id: String::new(),
    layer: String::new(),
    label: String::new(),
    fragments: Vec::new(),
    text: String::new(),
    args: BTreeMap::new(),
    attrs: BTreeMap::new(),
    score: None,
};

impl Documents<'_> {
    fn count(&self, score: &mut DocumentScore) {
        let main = self.main();
        score.without_blocks = main.is_none();
        let mut tally = Tally::new(self.plan.labels().len());
        for (at, layer) in self.plan.layers.iter().enumerate() {
            if !self.gold.covered.contains(&layer.name) {
                continue;
            }
            score.layers.push(at);
            for (first, lines) in [(layer.main, Lines::Main), (layer.all, Lines::All)] {
                let Some(first) = first else { continue };
                let window =
                    main.as_ref().filter(|_| lines == Lines::Main && is_scoped(layer));
                let (scene, in_regions) = self.scene(layer, window);
                self.tell_crowd(&scene, score);
                self.run(layer, &scene, first, &mut tally, score);
                // Counted and listed once, over main lines where these are scored.
                if lines == Lines::Main || layer.main.is_none() {
                    score.in_regions += in_regions;
                    if self.plan.options.mistakes {
                        score.mistakes.extend(mistakes(&scene, layer.name));
                    }
                }
            }
        }
    }

    /// Says where so many annotations touch that who stands for whom was chosen one by one.
    fn tell_crowd(&self, scene: &Scene<'_>, score: &mut DocumentScore) {
        let n = scene.sides.edges.len();
        if n <= MOST_PAIRS || scene.sides.flat {
            return;
        }
        let message = format!(
            "{n} pairs of annotations touch, over {MOST_PAIRS}: each was given to the best \
             partner left, so kinds of error and the confusion are not the best alignment's; \
             precision, recall and F1 are exact"
        );
        let (code, side) = ("too-crowded", Side::Prediction);
        let id = self.gold.doc_id;
        score.findings.add(of_document(code, side, Severity::Warning, id, &message));
    }

    fn run(
        &self,
        layer: &PlannedLayer<'_>,
        scene: &Scene<'_>,
        first: usize,
        tally: &mut Tally,
        score: &mut DocumentScore,
    ) {
        for (at, metric) in layer.metrics.iter().enumerate() {
            if body::is_by_character(metric) && self.too_long() {
                score.too_long += 1;
                continue;
            }
            (metric.count)(metric, scene, tally);
            let slot = (first + at) as u32;
            tally.drain(|label, counts| score.rows.push((slot, label, counts)));
        }
        if layer.spec.is_some_and(|spec| spec.kind == LayerKind::Field) {
            for field in fields::stated(scene) {
                let outcomes = outcomes(&field);
                score.fields.entry(field.spec.name.clone()).or_default().add(outcomes);
            }
        }
    }

    fn too_long(&self) -> bool {
        let over = |text: &str| text.chars().nth(body::MAX_CHARS).is_some();
        over(&self.gold.body.text) || over(&self.answer.body.text)
    }

    /// Blocks whose gold class is `main`; `None` where gold has no blocks.
    fn main(&self) -> Option<Ranges> {
        let schema = self.plan.schema;
        let of_blocks = |spec: &&LayerSpec| spec.kind == LayerKind::Block;
        let spec = schema.layers.iter().find(of_blocks)?;
        let blocks =
            self.expected.sound.iter().filter(|(line, _)| line.layer == spec.name);
        let mut any = false;
        let mut runs: Vec<CharRange> = Vec::new();
        for (line, place) in blocks {
            any = true;
            let class =
                schema.label(&spec.name, &line.label).and_then(|l| l.class.as_deref());
            if class == Some("main") {
                runs.extend(place.runs());
            }
        }
        any.then(|| Ranges::merged(runs))
    }

    fn scene<'s>(
        &'s self,
        layer: &PlannedLayer<'s>,
        window: Option<&'s Ranges>,
    ) -> (Scene<'s>, u64) {
        let mut in_regions = 0;
        let mut items = |checked: &'s Checked<'s>| -> Vec<Item<'s>> {
            let of_layer =
                checked.sound.iter().filter(|(line, _)| line.layer == layer.name);
            let scored = of_layer.filter(|(line, place)| {
                let decides = deciding(layer, line, place, &checked.ids);
                if self.in_region(layer.name, &decides) {
                    in_regions += 1;
                    return false;
                }
                window.is_none_or(|window| decides.iter().all(|p| p.shared(window) > 0))
            });
            scored.filter_map(|(line, place)| self.item(line, place)).collect()
        };
        let gold = items(&self.expected);
        let mut predicted = items(&self.claimed);
        if layer.spec.is_some_and(|spec| spec.kind == LayerKind::Block) {
            predicted.extend(self.claimed_blocks());
        }
        let is_of_layer = |line: &&LooseAnnotation| line.layer == layer.name;
        let malformed: Vec<&LooseAnnotation> =
            self.claimed.malformed.iter().copied().filter(is_of_layer).collect();
        let labels = malformed.iter().filter_map(|line| self.plan.label(&line.label));
        let labels = labels.collect();
        let sides = match layer.name {
            CONTENT => Sides::default(),
            _ => Sides::new(gold, predicted, labels),
        };
        let scene = Scene {
            plan: self.plan,
            spec: layer.spec,
            gold: self.gold,
            predicted: self.answer,
            sides,
            malformed,
            window,
            gold_ids: &self.expected.ids,
            predicted_ids: &self.claimed.ids,
            alignment: OnceCell::new(),
            blocks: OnceCell::new(),
            bodies: OnceCell::new(),
        };
        (scene, in_regions)
    }

    fn item<'s>(&self, line: &'s LooseAnnotation, place: &Ranges) -> Option<Item<'s>> {
        let label = self.plan.label(&line.label)?;
        Some(Item { label, place: place.clone(), source: line })
    }

    /// A system's own blocks, those that are ranges of the text.
    fn claimed_blocks<'s>(&'s self) -> impl Iterator<Item = Item<'s>> {
        let blocks = self.answer.blocks.iter().flatten();
        blocks.filter_map(|(range, role)| {
            let place = Ranges::from(*range);
            let sound = !place.is_empty() && range.end <= self.n_chars;
            let label = self.plan.label(role)?;
            sound.then_some(Item { label, place, source: &NOWHERE })
        })
    }

    /// Whether a place lies wholly inside what nobody judged.
    fn in_region(&self, layer: &str, decides: &[Ranges]) -> bool {
        let of_layer = self.gold.regions.iter().filter(|region| region.layer == layer);
        let regions = Ranges::merged(of_layer.map(|region| region.range));
        let inside = |place: &Ranges| !place.is_empty() && place.within(&regions);
        !regions.is_empty() && !decides.is_empty() && decides.iter().all(inside)
    }
}

fn is_scoped(layer: &PlannedLayer<'_>) -> bool {
    layer.spec.is_some_and(|spec| {
        matches!(spec.kind, LayerKind::Span | LayerKind::Event | LayerKind::Relation)
    })
}

/// The places that decide whether an annotation is in scope, all of them together: its own
/// fragments; of an attribution without a cue its content; both ends of a relation.
fn deciding(
    layer: &PlannedLayer<'_>,
    line: &LooseAnnotation,
    place: &Ranges,
    ids: &Ids<'_>,
) -> Vec<Ranges> {
    let kind = layer.spec.map(|spec| spec.kind);
    match kind {
        Some(LayerKind::Relation) => {
            ["head", "tail"].iter().filter_map(|role| ids.place(line, role)).collect()
        }
        Some(LayerKind::Event)
            if place.is_empty()
                && layer.name == layer::ATTRIBUTION
                && is_attribution(line) =>
        {
            vec![ids.place(line, "content").unwrap_or_default()]
        }
        _ => vec![place.clone()],
    }
}

fn outcomes(field: &fields::Stated<'_>) -> FieldOutcomes {
    let (correct, spurious, missed) = fields::normalised(field);
    let wrong = spurious.min(missed);
    let null = field.gold.is_empty();
    FieldOutcomes {
        documents: 1,
        correct,
        wrong,
        missing: missed - wrong,
        spurious: spurious - wrong,
        invented: if null { spurious } else { 0 },
        both_null: u64::from(null && field.predicted.is_empty()),
    }
}
