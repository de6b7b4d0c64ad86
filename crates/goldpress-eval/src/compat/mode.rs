//! Modes by name: spans and bodies of documents, as each program is given them.
//!
//! No scope is applied, since no program knows one: every annotation of a covered document
//! counts. Programs that read tags get one sentence a document, cut where any span begins
//! or ends, so that every span begins and ends at a tag.

use std::{collections::BTreeSet, fmt, str::FromStr};

use goldpress_model::LooseAnnotation;

use super::{CompatError, article, conlleval, muc4::muc4, nervaluate, seqeval};
use crate::{
    average::{Cell, Outcomes, Reading},
    tags::Scheme,
};

/// One version of one program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The script of the CoNLL shared tasks.
    Conlleval,
    /// seqeval 1.2.2 by its default rules.
    SeqevalDefault,
    /// seqeval 1.2.2 by the rules of a scheme.
    SeqevalStrict(Scheme),
    /// nervaluate 1.2.1.
    Nervaluate,
    /// The scorer of MUC-4, in 1992.
    Muc4,
    /// article-extraction-benchmark at commit 4a3bc97.
    Article,
}

/// A text that names no mode.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no compatibility mode: use conlleval, seqeval-default, seqeval-strict:IOB2 \
     (or IOB1, IOE1, IOE2, IOBES, BILOU), nervaluate-1.2.1, muc-4 or \
     article-extraction-benchmark"
)]
pub struct ModeError(String);

impl FromStr for Mode {
    type Err = ModeError;

    fn from_str(text: &str) -> Result<Mode, ModeError> {
        let error = || ModeError(text.to_owned());
        if let Some(scheme) = text.strip_prefix("seqeval-strict:") {
            let known = Scheme::ALL.into_iter().find(|known| known.name() == scheme);
            return known.map(Mode::SeqevalStrict).ok_or_else(error);
        }
        Ok(match text {
            "conlleval" => Mode::Conlleval,
            "seqeval-default" => Mode::SeqevalDefault,
            "nervaluate-1.2.1" => Mode::Nervaluate,
            "muc-4" => Mode::Muc4,
            "article-extraction-benchmark" => Mode::Article,
            _ => return Err(error()),
        })
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Mode::Conlleval => f.write_str("conlleval"),
            Mode::SeqevalDefault => f.write_str("seqeval-default"),
            Mode::SeqevalStrict(scheme) => write!(f, "seqeval-strict:{}", scheme.name()),
            Mode::Nervaluate => f.write_str("nervaluate-1.2.1"),
            Mode::Muc4 => f.write_str("muc-4"),
            Mode::Article => f.write_str("article-extraction-benchmark"),
        }
    }
}

/// What a mode scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// Annotations: [`score_spans`].
    Spans,
    /// Cells of the confusion: [`score_cells`].
    Cells,
    /// Bodies of articles: [`score_bodies`].
    Bodies,
}

impl Mode {
    /// What it scores.
    pub fn input(self) -> Input {
        match self {
            Mode::Article => Input::Bodies,
            Mode::Muc4 => Input::Cells,
            _ => Input::Spans,
        }
    }
}

/// Annotations of one layer and document, in the order of the file.
#[derive(Debug, Clone, Default)]
pub struct SpanDocument<'a> {
    /// Gold.
    pub gold: Vec<&'a LooseAnnotation>,
    /// What was answered.
    pub predicted: Vec<&'a LooseAnnotation>,
}

/// Three numbers of a program.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// How it reads or averages; empty where it has one way.
    pub reading: &'static str,
    /// Label; `*` for all.
    pub label: String,
    /// Precision, recall and F1; NaN where the program gives NaN.
    pub values: [f64; 3],
    /// The same as the program prints them.
    pub printed: [String; 3],
}

impl Line {
    fn new(reading: &'static str, label: &str, values: [f64; 3]) -> Line {
        let printed = values.map(|value| match value.is_nan() {
            true => "nan".to_owned(),
            false => format!("{value:.4}"),
        });
        Line { reading, label: label.to_owned(), values, printed }
    }
}

/// Scores spans of documents; `labels` are those of the layer.
///
/// # Errors
///
/// An annotation has several fragments or covers nothing, or spans of one side overlap and
/// the program reads tags.
pub fn score_spans(
    mode: Mode,
    documents: &[SpanDocument<'_>],
    labels: &[&str],
) -> Result<Vec<Line>, CompatError> {
    match mode {
        Mode::Conlleval => {
            let (gold, predicted) = tagged(documents, Scheme::Iob2)?;
            let found = conlleval::conlleval(&gold, &predicted)?;
            let line = |label: Option<&str>| {
                let printed = found.printed(label);
                let printed = [printed.precision, printed.recall, printed.fb1];
                // Per cent as printed, moved by two places without another rounding.
                let value =
                    |text: &String| format!("{text}e-2").parse().unwrap_or(f64::NAN);
                let values = printed.each_ref().map(value);
                Line { printed, ..Line::new("", label.unwrap_or("*"), values) }
            };
            let labels = found.by_label.keys().map(|label| line(Some(label)));
            Ok(std::iter::once(line(None)).chain(labels).collect())
        }
        Mode::SeqevalDefault => {
            let (gold, predicted) = tagged(documents, Scheme::Iob2)?;
            Ok(seqeval_lines(&seqeval::default(&gold, &predicted)?))
        }
        Mode::SeqevalStrict(scheme) => {
            let (gold, predicted) = tagged(documents, scheme)?;
            Ok(seqeval_lines(&seqeval::strict(&gold, &predicted, scheme)?))
        }
        Mode::Nervaluate => {
            let side = |side: &[&LooseAnnotation]| -> Result<Vec<_>, CompatError> {
                let inclusive = |line: &&LooseAnnotation| {
                    let (start, end) = place(line)?;
                    let (start, end) = (i64::from(start), i64::from(end) - 1);
                    Ok(nervaluate::Inclusive { label: line.label.clone(), start, end })
                };
                side.iter().map(inclusive).collect()
            };
            let documents = documents
                .iter()
                .map(|document| Ok((side(&document.gold)?, side(&document.predicted)?)))
                .collect::<Result<Vec<_>, CompatError>>()?;
            let mut lines =
                readings("*", &nervaluate::nervaluate(&documents, labels, 1.0));
            for label in labels {
                let found = nervaluate::of_label(&documents, label, 1.0);
                lines.extend(readings(label, &found));
            }
            Ok(lines)
        }
        Mode::Muc4 | Mode::Article => Err(CompatError::NotOfSpans),
    }
}

/// Scores the cells of one layer as [`muc4()`] does, under each reading of outcomes.
///
/// Its rows of templates have no counterpart: every document counts, with or without an
/// answer, as in its row of all templates. F is P&R, with precision and recall alike.
pub fn score_cells(cells: &[Cell]) -> Vec<Line> {
    let readings = [
        ("strict", Reading::Strict),
        ("exact", Reading::Exact),
        ("partial", Reading::Partial),
        ("type", Reading::Type),
    ];
    let line = |(name, reading)| {
        let found = muc4(&Outcomes::read(cells, reading));
        let share = |value: Option<u64>, whole: u32| {
            value.map_or(f64::NAN, |value| value as f64 / f64::from(whole))
        };
        let percent = |value: Option<u64>| {
            value.map_or_else(|| "*".to_owned(), |value| value.to_string())
        };
        let f = found.p_and_r;
        let printed = f.map(|f| format!("{}.{:02}", f / 100, f % 100));
        let values = [share(found.pre, 100), share(found.rec, 100), share(f, 10_000)];
        let printed = [
            percent(found.pre),
            percent(found.rec),
            printed.unwrap_or_else(|| "*".to_owned()),
        ];
        Line { printed, ..Line::new(name, "*", values) }
    };
    readings.into_iter().map(line).collect()
}

/// Scores bodies, each as gold and predicted text; null is the empty text.
///
/// # Errors
///
/// As [`article::article`].
pub fn score_bodies(documents: &[(&str, &str)]) -> Result<Vec<Line>, CompatError> {
    let found = article::article(documents)?;
    Ok(vec![Line::new("", "*", [found.precision, found.recall, found.f1])])
}

fn seqeval_lines(found: &seqeval::Seqeval) -> Vec<Line> {
    let averages = [
        Line::new("micro", "*", found.micro()),
        Line::new("macro", "*", found.macro_average()),
        Line::new("weighted", "*", found.weighted()),
    ];
    let label = |(label, counts): (&String, &goldpress_model::Counts)| {
        Line::new("", label, seqeval::prf(*counts))
    };
    averages.into_iter().chain(found.by_label.iter().map(label)).collect()
}

fn readings(label: &str, found: &nervaluate::Nervaluate) -> Vec<Line> {
    let line = |reading, outcomes: &Outcomes| {
        Line::new(reading, label, nervaluate::prf(outcomes))
    };
    vec![
        line("strict", &found.strict),
        line("exact", &found.exact),
        line("partial", &found.partial),
        line("ent_type", &found.ent_type),
    ]
}

type Tags = Vec<Vec<String>>;

/// Both sides as tags, a sentence a document.
fn tagged(
    documents: &[SpanDocument<'_>],
    scheme: Scheme,
) -> Result<(Tags, Tags), CompatError> {
    let mut both = (Vec::new(), Vec::new());
    for document in documents {
        let (gold, predicted) = (flat(&document.gold)?, flat(&document.predicted)?);
        let spans = gold.iter().chain(&predicted);
        let edges: BTreeSet<u32> =
            spans.flat_map(|span| [span.start, span.end]).collect();
        let edges: Vec<u32> = edges.into_iter().collect();
        both.0.push(tags(&gold, &edges, scheme));
        both.1.push(tags(&predicted, &edges, scheme));
    }
    Ok(both)
}

struct Flat<'a> {
    start: u32,
    end: u32,
    label: &'a str,
}

/// Spans in the order of the text, none over another; a repeated one stands once.
fn flat<'a>(side: &[&'a LooseAnnotation]) -> Result<Vec<Flat<'a>>, CompatError> {
    let mut spans = Vec::with_capacity(side.len());
    for line in side {
        let (start, end) = place(line)?;
        spans.push(Flat { start, end, label: &line.label });
    }
    spans.sort_by_key(|span| (span.start, span.end, span.label));
    spans.dedup_by_key(|span| (span.start, span.end, span.label));
    let overlap = spans.windows(2).find(|pair| pair[1].start < pair[0].end);
    if let Some([_, Flat { start, end, label }]) = overlap {
        let (label, start, end) = ((*label).to_owned(), *start, *end);
        return Err(CompatError::Overlap { label, start, end });
    }
    Ok(spans)
}

fn place(line: &LooseAnnotation) -> Result<(u32, u32), CompatError> {
    match line.fragments.as_slice() {
        [range] if range.start < range.end => Ok((range.start, range.end)),
        _ => Err(CompatError::Fragments {
            label: line.label.clone(),
            n: line.fragments.len(),
        }),
    }
}

/// One tag a stretch between two edges.
fn tags(spans: &[Flat<'_>], edges: &[u32], scheme: Scheme) -> Vec<String> {
    let n = edges.len().saturating_sub(1);
    let mut tags = vec!["O".to_owned(); n];
    let at = |edge: u32| edges.partition_point(|known| *known < edge);
    for (nth, span) in spans.iter().enumerate() {
        let (first, last) = (at(span.start), at(span.end) - 1);
        let touches = |other: Option<&Flat<'_>>| {
            other.is_some_and(|other| {
                other.label == span.label
                    && (other.end == span.start || other.start == span.end)
            })
        };
        let before = touches(nth.checked_sub(1).and_then(|nth| spans.get(nth)));
        let after = touches(spans.get(nth + 1));
        for (unit, tag) in tags.iter_mut().enumerate().take(last + 1).skip(first) {
            let prefix = match (scheme, unit == first, unit == last) {
                (Scheme::Iob2, true, _) => 'B',
                (Scheme::Iob1, true, _) if before => 'B',
                (Scheme::Ioe2, _, true) => 'E',
                (Scheme::Ioe1, _, true) if after => 'E',
                (Scheme::Iobes, true, true) => 'S',
                (Scheme::Bilou, true, true) => 'U',
                (Scheme::Iobes | Scheme::Bilou, true, _) => 'B',
                (Scheme::Iobes, _, true) => 'E',
                (Scheme::Bilou, _, true) => 'L',
                _ => 'I',
            };
            *tag = format!("{prefix}-{}", span.label);
        }
    }
    tags
}

#[cfg(test)]
mod tests {
    use goldpress_model::CharRange;

    use super::*;

    #[test]
    fn on_flat_spans_every_program_counts_exact_matches_alike() {
        let gold = [span("A", 0, 3), span("A", 3, 6), span("B", 8, 9), span("A", 12, 20)];
        let answer =
            [span("A", 0, 3), span("A", 3, 7), span("B", 8, 9), span("B", 9, 11)];
        let document = SpanDocument {
            gold: gold.iter().collect(),
            predicted: answer.iter().collect(),
        };
        let strict = Scheme::ALL.into_iter().map(Mode::SeqevalStrict);
        let others = [Mode::Conlleval, Mode::SeqevalDefault, Mode::Nervaluate];
        for mode in strict.chain(others) {
            let lines = score_spans(mode, std::slice::from_ref(&document), &["A", "B"]);
            // Its rules begin no chunk at an end behind `O`: one of a single unit before
            // another of its label is lost.
            let is_lossy = mode == Mode::SeqevalStrict(Scheme::Ioe1);
            let expected = if is_lossy { [0.0; 3] } else { [0.5; 3] };
            assert_eq!(lines.unwrap()[0].values, expected, "{mode}");
            assert_eq!(mode.to_string().parse(), Ok(mode));
        }
    }

    #[test]
    fn outcomes_are_printed_as_whole_per_cents() {
        let cell = |gold: &str, predicted: &str, bounds: &str, n| Cell {
            layer: "entity".into(),
            gold: gold.into(),
            predicted: predicted.into(),
            bounds: bounds.into(),
            n,
        };
        let cells = [
            cell("A", "A", "same", 4),
            cell("A", "A", "over", 1),
            cell("B", crate::NONE, "none", 2),
        ];
        let printed = |line: &Line| (line.reading, line.printed.join(" "));
        let lines = score_cells(&cells);
        let lines: Vec<_> = lines.iter().map(printed).collect();
        assert_eq!(
            lines,
            [
                ("strict", "80 57 66.57".to_owned()),
                ("exact", "80 57 66.57".to_owned()),
                ("partial", "90 64 74.81".to_owned()),
                ("type", "100 71 83.04".to_owned()),
            ]
        );
        assert_eq!(printed(&score_cells(&[])[0]).1, "* * *");
    }

    #[test]
    fn what_a_program_cannot_be_given_is_refused() {
        let gold = [span("A", 0, 3), span("A", 2, 6)];
        let document =
            [SpanDocument { gold: gold.iter().collect(), predicted: Vec::new() }];
        let refused = score_spans(Mode::Conlleval, &document, &["A"]);
        let (label, start, end) = ("A".to_owned(), 2, 6);
        assert_eq!(refused, Err(CompatError::Overlap { label, start, end }));
        assert!(score_spans(Mode::Nervaluate, &document, &["A"]).is_ok());
    }

    fn span(label: &str, start: u32, end: u32) -> LooseAnnotation {
        LooseAnnotation {
            layer: "entity".into(),
            label: label.into(),
            fragments: vec![CharRange { start, end }],
            ..LooseAnnotation::default()
        }
    }
}
