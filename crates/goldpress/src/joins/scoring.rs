//! Gold, articles and runs joined: what is scored, and the result as one document.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use goldpress_eval::{
    Average, Body, CONTENT, GoldDocument, Lines, Options, PredictedDocument, Scored,
    Snippets, Summary, metric, primary, score, summarise,
};
use goldpress_extract::Task;
use goldpress_label::{GoldSet, gold_of_rows};
use goldpress_model::{
    Article, AttrValue, CharIndex, CharRange, CountRow, Counts, Digest, LayerKind,
    LooseAnnotation, Phase, Prediction, RunOutcome, Schema, layer,
};
use goldpress_store::{
    CountsAbout, Dataset, Run, SystemInfo,
    result::{ErrorRow, FindingRow, ScoreRow, Speed, SystemResult},
};

use crate::exit::Refusal;

/// Errors kept of one system and layer: enough to see what goes wrong.
const MAX_ERRORS: usize = 200;

/// All that is needed to score any run of a dataset.
pub(crate) struct Gold {
    /// Hash of the set.
    pub(crate) hash: Digest,
    documents: Vec<Document>,
}

/// Gold of one article, with its text cut into words.
struct Document {
    doc_id: Digest,
    hash: Digest,
    source: Option<String>,
    text: String,
    covered: BTreeSet<String>,
    annotations: Vec<LooseAnnotation>,
    unannotated: BTreeMap<String, Vec<CharRange>>,
    tokens: Vec<CharRange>,
    body: Body,
    snippets: Snippets,
}

impl Gold {
    /// Reads compiled gold and the articles it speaks of.
    ///
    /// # Errors
    ///
    /// There is no compiled gold (a refusal), a table cannot be read, or gold speaks of an
    /// article that the dataset does not hold.
    pub(crate) fn read(dataset: &Dataset) -> anyhow::Result<Gold> {
        let rows = dataset.annotations()?;
        let set = gold_of_rows(&rows, "gold");
        if set.documents.is_empty() {
            let root = dataset.root().display();
            return Err(Refusal::error(
                "it has no compiled gold",
                format!(
                    "goldpress label import FILES --as gold --dataset {root}, \
                     then goldpress label build {root}"
                ),
            ));
        }
        Gold::join(dataset, set)
    }

    fn join(dataset: &Dataset, set: GoldSet) -> anyhow::Result<Gold> {
        let mut waiting: BTreeMap<Digest, goldpress_label::GoldDocument> = set
            .documents
            .into_iter()
            .map(|document| (document.doc_id, document))
            .collect();
        let mut documents = Vec::with_capacity(waiting.len());
        for article in dataset.keepers() {
            let article = article?;
            if let Some(gold) = waiting.remove(&article.doc_id()) {
                documents.push(Document::of(&article, gold));
            }
        }
        if let Some(gone) = waiting.keys().next() {
            return Err(Refusal::error(
                format!("gold speaks of article {gone}, which is not in it"),
                "the text changed or the article is a copy of another: see `goldpress label check`",
            ));
        }
        documents.sort_by_key(|document| document.doc_id);
        Ok(Gold { hash: set.hash, documents })
    }

    /// Number of documents.
    pub(crate) fn len(&self) -> usize {
        self.documents.len()
    }

    /// Each document with the hash of its gold and its source, by `doc_id`.
    pub(crate) fn documents(
        &self,
    ) -> impl Iterator<Item = (Digest, Digest, Option<&str>)> {
        self.documents.iter().map(|one| (one.doc_id, one.hash, one.source.as_deref()))
    }

    /// Documents that cover each layer; the body of an article counts as `content`.
    pub(crate) fn n_documents(&self) -> BTreeMap<String, u64> {
        let mut n = BTreeMap::new();
        for layer in self.documents.iter().flat_map(|document| &document.covered) {
            *n.entry(layer.clone()).or_default() += 1;
        }
        n
    }
}

impl Document {
    fn of(article: &Article, gold: goldpress_label::GoldDocument) -> Document {
        let text = article.text();
        let index = CharIndex::new(text);
        let mut covered = gold.covered;
        let (body, snippets) = body_of(article, &index, &gold.annotations, &covered);
        if body.is_some() {
            covered.insert(CONTENT.to_owned());
        }
        Document {
            doc_id: gold.doc_id,
            hash: gold.hash,
            source: article.parts().source.clone(),
            tokens: goldpress_text::tokens(text)
                .map(|token| index.chars(token))
                .collect(),
            text: text.to_owned(),
            covered,
            annotations: gold.annotations,
            unannotated: gold.unannotated,
            body: body.unwrap_or_default(),
            snippets,
        }
    }

    fn view(&self) -> GoldDocument<'_> {
        let regions = self.unannotated.iter().flat_map(|(layer, ranges)| {
            ranges.iter().map(|&range| goldpress_eval::Region { layer, range })
        });
        GoldDocument {
            covered: self.covered.iter().map(String::as_str).collect(),
            regions: regions.collect(),
            tokens: &self.tokens,
            body: self.body.clone(),
            snippets: self.snippets.clone(),
            ..GoldDocument::reviewed(self.doc_id, &self.text, &self.annotations)
        }
    }
}

/// The gold body: of gold blocks where they are done, else the text that came with them.
fn body_of(
    article: &Article,
    index: &CharIndex<'_>,
    annotations: &[LooseAnnotation],
    covered: &BTreeSet<String>,
) -> (Option<Body>, Snippets) {
    if covered.contains(layer::BLOCK) {
        let blocks = annotations.iter().filter(|line| line.layer == layer::BLOCK);
        let is_main = |line: &&LooseAnnotation| {
            line.label
                .parse::<goldpress_model::Role>()
                .is_ok_and(goldpress_model::Role::is_main)
        };
        let mut spans: Vec<_> = blocks
            .filter(is_main)
            .flat_map(|line| &line.fragments)
            .filter_map(|range| index.span(*range).ok())
            .collect();
        spans.sort();
        let lines: Vec<&str> =
            spans.iter().map(|span| span.slice(article.text())).collect();
        return (Some(cut(&lines.join("\n\n"))), Snippets::default());
    }
    let whole = annotations.iter().find(|line| line.label == "articleBody");
    let Some(whole) = whole.filter(|_| covered.contains(layer::METADATA)) else {
        return (None, Snippets::default());
    };
    let snippets = |name: &str| match whole.attrs.get(name) {
        Some(AttrValue::List(texts)) => {
            texts.iter().map(|text| cut(text).tokens).collect()
        }
        _ => Vec::new(),
    };
    let text = whole.attrs.get("value").and_then(AttrValue::as_text).unwrap_or_default();
    (Some(cut(text)), Snippets { with: snippets("with"), without: snippets("without") })
}

/// A text with its words, both in NFC and without what the normaliser removes.
fn cut(text: &str) -> Body {
    let text: Vec<String> =
        text.lines().map(goldpress_text::normalise_fragment).collect();
    let text = text.join("\n");
    let tokens =
        goldpress_text::words(&text).map(|word| word.slice(&text).to_owned()).collect();
    Body { text, tokens }
}

/// One run, scored.
pub(crate) struct ScoredRun {
    pub(crate) system: SystemResult,
    /// What the run says of the system.
    pub(crate) about: SystemInfo,
    /// Layer → its primary metric, as rows name it.
    pub(crate) primary_metrics: BTreeMap<String, String>,
    /// Counts of the primary metrics: what a baseline holds.
    pub(crate) primary_rows: Vec<CountRow>,
    /// How each gold document went.
    pub(crate) outcomes: BTreeMap<Digest, RunOutcome>,
    pub(crate) scores: Vec<ScoreRow>,
    pub(crate) findings: Vec<FindingRow>,
    pub(crate) errors: Vec<ErrorRow>,
    /// Whether gold or predictions hold errors that make every number meaningless.
    pub(crate) stopped: bool,
    /// Scored documents without gold blocks.
    pub(crate) without_blocks: u64,
}

/// How runs are scored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct How {
    /// Which part of the text.
    pub(crate) lines: Lines,
    /// Whether a document without an answer counts as an empty one.
    pub(crate) missing_as_empty: bool,
}

/// Scores one run, and stores its counts in it.
///
/// # Errors
///
/// The run cannot be read or written, or the schema and the metrics do not fit.
pub(crate) fn score_run(
    gold: &Gold,
    run: &Run,
    system: &str,
    schema: &Schema,
    how: How,
) -> anyhow::Result<ScoredRun> {
    let lines = how.lines;
    let info = run.info();
    let about = info.systems.iter().find(|one| one.name == system);
    let about =
        about.with_context(|| format!("run `{}` holds no `{system}`", info.run_id))?;
    let layers: Vec<&str> = about.tasks.iter().map(|task| layer_of(task)).collect();
    let wanted: BTreeSet<Digest> = gold.documents.iter().map(|one| one.doc_id).collect();
    let mut predictions: Vec<Prediction> = Vec::new();
    for row in run.predictions() {
        let row = row?;
        if row.system == system && wanted.contains(&row.doc_id) {
            predictions.push(row);
        }
    }
    let options = Options {
        layers: layers.clone(),
        lines,
        mistakes: true,
        missing_as_empty: how.missing_as_empty,
        words: |text| cut(text).tokens,
        ..Options::default()
    };
    let views: Vec<GoldDocument<'_>> =
        gold.documents.iter().map(Document::view).collect();
    let answers: Vec<PredictedDocument<'_>> = predictions.iter().map(answer).collect();
    let scored = score(&views, &answers, schema, &options)?;
    let scope = if lines == Lines::Main { "main" } else { "all" };
    let rows = scored.table.to_rows(system);
    let primary_metrics: BTreeMap<String, String> = layers
        .iter()
        .map(|layer| ((*layer).to_owned(), primary_metric(schema, layer, scope)))
        .collect();
    let is_primary = |row: &&CountRow| {
        primary_metrics.get(&row.layer).is_some_and(|name| *name == row.metric)
    };
    let primary_rows = rows.iter().filter(is_primary).cloned().collect();
    run.set_counts(
        &rows,
        &CountsAbout {
            metrics: goldpress_eval::VERSION.to_owned(),
            gold: gold.hash.to_string(),
            schema: schema.id(),
            scope: scope.to_owned(),
            tokeniser: goldpress_text::TOKENISER.to_owned(),
        },
    )?;
    let outcomes =
        about.outcomes.iter().map(|(outcome, n)| (outcome.name().to_owned(), *n));
    Ok(ScoredRun {
        system: SystemResult {
            name: system.to_owned(),
            version: about.version.clone(),
            run: info.run_id.clone(),
            tasks: about.tasks.clone(),
            outcomes: outcomes.collect(),
            speed: speed(run, system)?,
        },
        about: about.clone(),
        outcomes: predictions.iter().map(|row| (row.doc_id, row.outcome)).collect(),
        scores: score_rows(&scored, &primary_metrics, system, schema),
        primary_metrics,
        primary_rows,
        findings: finding_rows(&scored, system),
        errors: error_rows(&scored, system),
        stopped: scored.findings.stops(),
        without_blocks: scored.n_without_blocks,
    })
}

fn answer(row: &Prediction) -> PredictedDocument<'_> {
    let fields = row.fields.iter().flatten();
    PredictedDocument {
        annotations: &row.annotations,
        rejected: &row.rejected,
        blocks: row.blocks.as_ref().map(|blocks| {
            blocks.iter().map(|(range, role)| (*range, role.name())).collect()
        }),
        fields: fields.map(|(label, claim)| (label.as_str(), claim)).collect(),
        body: row.body.as_deref().map(cut).unwrap_or_default(),
        ..PredictedDocument::empty(row.doc_id, row.outcome)
    }
}

/// The layer that a task fills: its own name, but for the two that have another.
fn layer_of(task: &str) -> &str {
    match task.parse() {
        Ok(Task::Content) => CONTENT,
        Ok(Task::Blocks) => layer::BLOCK,
        _ => task,
    }
}

/// The primary metric of a layer, as rows name it: over all lines it carries a suffix.
fn primary_metric(schema: &Schema, layer: &str, scope: &str) -> String {
    let (metric, _) = primary(schema.layer(layer));
    match scope == "all" && is_scoped(schema, layer) {
        true => format!("{metric}.all"),
        false => metric.to_owned(),
    }
}

fn score_rows(
    scored: &Scored,
    primary_metrics: &BTreeMap<String, String>,
    system: &str,
    schema: &Schema,
) -> Vec<ScoreRow> {
    let mut rows = Vec::new();
    for summary in summarise(&scored.table) {
        let (_, average) = primary(schema.layer(&summary.layer));
        let is_headline = primary_metrics.get(&summary.layer) == Some(&summary.metric);
        let averages = [
            ("micro", &summary.micro, Some(summary.total), average == Average::Micro),
            ("macro-label", &summary.by_label, None, average == Average::Labels),
            ("macro-document", &summary.by_document, None, average == Average::Documents),
        ];
        for (name, scores, counts, is_primary) in averages {
            rows.push(ScoreRow {
                average: name.to_owned(),
                label: "*".to_owned(),
                primary: is_headline && is_primary,
                counts,
                n: if name == "micro" {
                    scored.n_documents.get(&summary.layer).copied().unwrap_or_default()
                } else {
                    scores.n[2].max(scores.n[0])
                },
                precision: scores.precision.filter(|_| !summary.share),
                recall: scores.recall,
                f1: scores.f1,
                share: scores.precision.filter(|_| summary.share),
                ..blank(&summary, system)
            });
        }
        for (label, counts) in summary.labels.iter().filter(|(label, _)| *label != "*") {
            rows.push(label_row(&summary, system, label, *counts));
        }
    }
    rows
}

fn label_row(summary: &Summary, system: &str, label: &str, counts: Counts) -> ScoreRow {
    let precision = counts.precision();
    ScoreRow {
        average: "label".to_owned(),
        label: label.to_owned(),
        counts: Some(counts),
        n: counts.support(),
        precision: precision.filter(|_| !summary.share),
        recall: counts.recall().filter(|_| !summary.share),
        f1: counts.f1().filter(|_| !summary.share),
        share: precision.filter(|_| summary.share),
        ..blank(summary, system)
    }
}

fn blank(summary: &Summary, system: &str) -> ScoreRow {
    let bare = summary.metric.strip_suffix(".all").unwrap_or(&summary.metric);
    ScoreRow {
        system: system.to_owned(),
        layer: summary.layer.clone(),
        metric: summary.metric.clone(),
        average: String::new(),
        label: String::new(),
        primary: false,
        counts: None,
        scale: metric(bare).map_or(1, |metric| metric.scale),
        n: 0,
        precision: None,
        recall: None,
        f1: None,
        share: None,
    }
}

/// Whether a layer is scored by lines at all: fields, blocks and bodies are not.
fn is_scoped(schema: &Schema, layer: &str) -> bool {
    schema
        .layer(layer)
        .is_some_and(|spec| !matches!(spec.kind, LayerKind::Block | LayerKind::Field))
}

fn finding_rows(scored: &Scored, system: &str) -> Vec<FindingRow> {
    let row = |(code, side, severity, group): (
        &'static str,
        goldpress_eval::Side,
        goldpress_eval::Severity,
        &goldpress_eval::Group,
    )| {
        let side = match side {
            goldpress_eval::Side::Gold => "gold".to_owned(),
            goldpress_eval::Side::Prediction => system.to_owned(),
        };
        let places = group.first.iter().map(|finding| {
            let at = finding.range.map_or_else(String::new, |range| {
                format!(" {}..{}", range.start, range.end)
            });
            format!("{}{at} {}: {}", finding.doc_id, finding.label, finding.message)
        });
        FindingRow {
            code: code.to_owned(),
            side,
            severity: severity.name().to_owned(),
            count: group.count,
            places: places.collect(),
        }
    };
    scored.findings.iter().map(row).collect()
}

fn error_rows(scored: &Scored, system: &str) -> Vec<ErrorRow> {
    let mut kept: BTreeMap<&str, usize> = BTreeMap::new();
    let mut rows = Vec::new();
    for mistake in &scored.mistakes {
        let n = kept.entry(&mistake.layer).or_default();
        *n += 1;
        if *n > MAX_ERRORS {
            continue;
        }
        let place = mistake.gold.as_ref().or(mistake.predicted.as_ref());
        let at =
            place.map(|side| format!("{}..{}", side.place.start(), side.place.end()));
        rows.push(ErrorRow {
            system: system.to_owned(),
            doc_id: mistake.doc_id.to_string(),
            layer: mistake.layer.clone(),
            kind: mistake.kind.name().to_owned(),
            gold_label: mistake.gold.as_ref().map(|side| side.label.clone()),
            predicted_label: mistake.predicted.as_ref().map(|side| side.label.clone()),
            gold_text: mistake.gold.as_ref().map(|side| side.text.clone()),
            predicted_text: mistake.predicted.as_ref().map(|side| side.text.clone()),
            at: at.unwrap_or_default(),
        });
    }
    rows
}

/// Times of a run, over the documents that the system took on, once it is warm.
fn speed(run: &Run, system: &str) -> anyhow::Result<Option<Speed>> {
    let (mut walls, mut cpu_ns, mut has_cpu) = (Vec::new(), 0_u64, true);
    let mut mode = String::new();
    for timing in run.timings() {
        let timing = timing?;
        // What a system declines takes no time, and would make it look fast.
        let is_answer = timing.outcome != RunOutcome::Unsupported;
        if timing.system != system || timing.phase != Phase::Warm || !is_answer {
            continue;
        }
        walls.push(timing.clocks.wall_ns);
        match timing.clocks.cpu_ns {
            Some(ns) => cpu_ns += ns,
            None => has_cpu = false,
        }
        mode = timing.mode;
    }
    if walls.is_empty() {
        return Ok(None);
    }
    walls.sort_unstable();
    let n = walls.len();
    let total_s = walls.iter().sum::<u64>() as f64 / 1e9;
    // Nearest rank: the value at rank ⌈q·n⌉, counted from 1.
    let rank =
        |per_cent: usize| walls[(per_cent * n).div_ceil(100).max(1) - 1] as f64 / 1e6;
    Ok(Some(Speed {
        mode,
        documents: n as u64,
        docs_s: (total_s > 0.0).then(|| n as f64 / total_s),
        cpu_ms_doc: has_cpu.then(|| cpu_ns as f64 / 1e6 / n as f64),
        p50_ms: Some(rank(50)),
        p90_ms: (n >= 10).then(|| rank(90)),
    }))
}
