//! Laws: a change of the input whose effect on every metric of spans is known.

use std::collections::BTreeMap;

use goldpress_eval::{
    Body, CONTENT, Family, GoldDocument, METRICS, Metric, Options, PredictedDocument,
    Wanted,
    compat::{conlleval::conlleval, nervaluate, seqeval},
    metric, score, summarise,
    tags::Scheme,
};
use goldpress_model::{Counts, Digest, LooseAnnotation, RunOutcome};
use proptest::{collection::vec, prelude::*, sample::select};

use crate::common::{Doc, annotation, score_spans, span_schema};

/// Characters of a generated document; spans end before it does.
const LEN: u32 = 48;
const LABELS: [&str; 3] = ["GPE", "ORG", "PERSON"];

/// Label and fragments.
type Spans = Vec<(usize, Vec<(u32, u32)>)>;
type Rows = BTreeMap<(String, String), Counts>;

/// Spans that nest, cross and have gaps.
fn spans() -> impl Strategy<Value = Spans> {
    let fragment = (0..LEN - 17, 1_u32..9).prop_map(|(start, len)| (start, start + len));
    let place = (fragment, prop::option::weighted(0.2, (1_u32..3, 1_u32..4)));
    let fragments = place.prop_map(|((start, end), second)| match second {
        Some((gap, len)) => vec![(start, end), (end + gap, end + gap + len)],
        None => vec![(start, end)],
    });
    vec((0..LABELS.len(), fragments), 0..7)
}

fn text(seed: u32) -> String {
    let letters = "añ漢ü🚀bcdefg ".chars().collect::<Vec<char>>();
    (0..LEN).map(|at| letters[((at + seed) as usize * 7) % letters.len()]).collect()
}

fn lines(
    text: &str,
    spans: &Spans,
    shift: u32,
    labels: &[&str; 3],
) -> Vec<LooseAnnotation> {
    let moved = |fragments: &Vec<(u32, u32)>| -> Vec<(u32, u32)> {
        fragments.iter().map(|(start, end)| (start + shift, end + shift)).collect()
    };
    let line =
        |(label, f): &(usize, _)| annotation(text, "entity", labels[*label], &moved(f));
    spans.iter().map(line).collect()
}

fn rows(docs: &[Doc]) -> Rows {
    let labels = ["A", "B", "C", "GPE", "ORG", "PERSON"];
    let scored = score_spans(&span_schema(&labels), docs);
    assert!(!scored.findings.stops());
    let mut rows: Rows = BTreeMap::new();
    for row in scored.table.rows() {
        let key = &scored.table.keys()[row.key as usize];
        let key = (key.metric.clone(), key.label.clone());
        *rows.entry(key).or_default() += row.counts;
    }
    rows
}

fn doc(gold: &Spans, predicted: &Spans) -> Doc {
    let text = text(0);
    let side = |spans| lines(&text, spans, 0, &LABELS);
    let (gold, predicted) = (side(gold), side(predicted));
    Doc { text, gold, predicted }
}

fn pair(gold: &Spans, predicted: &Spans) -> Rows {
    rows(&[doc(gold, predicted)])
}

fn total(rows: &Rows, name: &str) -> Counts {
    rows.iter().filter(|(key, _)| key.0 == name).map(|(_, counts)| *counts).sum()
}

fn of_spans() -> impl Iterator<Item = &'static Metric> {
    METRICS.iter().filter(|metric| metric.family == Family::Span)
}

/// A row's name after the sides are swapped.
fn swapped((name, label): (String, String)) -> (String, String) {
    let name = match name.as_str() {
        "cover-gold@0.5" => "cover-pred@0.5".to_owned(),
        "cover-pred@0.5" => "cover-gold@0.5".to_owned(),
        _ => name,
    };
    match label.split_once('\u{1f}') {
        Some((gold, predicted)) => (name, format!("{predicted}\u{1f}{gold}")),
        None => (name, label),
    }
}

proptest! {
    #[test]
    fn the_order_of_annotations_changes_nothing(gold in spans(), predicted in spans(), by in 0..9_usize) {
        let turned = |spans: &Spans| {
            let mut spans = spans.clone();
            spans.reverse();
            let by = by.min(spans.len());
            spans.rotate_left(by);
            spans
        };
        prop_assert_eq!(pair(&gold, &predicted), pair(&turned(&gold), &turned(&predicted)));
    }

    #[test]
    fn swapping_sides_swaps_spurious_and_missed(gold in spans(), predicted in spans()) {
        // Gold alone decides what is outside of it.
        let kept = |rows: Rows| rows.into_iter().filter(|(key, _)| key.0 != "token.outside");
        let there: Rows = kept(pair(&gold, &predicted)).collect();
        let back: Rows = kept(pair(&predicted, &gold))
            .map(|(key, counts)| {
                let share = metric(&key.0).is_some_and(|metric| metric.share);
                let Counts { found, spurious, missed } = counts;
                let turned = Counts { found, spurious: missed, missed: spurious };
                (swapped(key), if share { counts } else { turned })
            })
            .collect();
        prop_assert_eq!(there, back);
    }

    #[test]
    fn a_document_of_two_counts_as_the_two(a in spans(), b in spans(), c in spans(), d in spans()) {
        let apart = rows(&[doc(&a, &b), doc(&c, &d)]);
        let joined_text = format!("{}{}", text(0), text(0));
        let side = |first: &Spans, second: &Spans| {
            let mut all = lines(&joined_text, first, 0, &LABELS);
            all.extend(lines(&joined_text, second, LEN, &LABELS));
            all
        };
        let joined = rows(&[Doc {
            gold: side(&a, &c),
            predicted: side(&b, &d),
            text: joined_text.clone(),
        }]);
        // Distinct strings of a document are not those of two.
        let kept = |rows: Rows| -> Rows {
            rows.into_iter().filter(|(key, _)| key.0 != "surface").collect()
        };
        prop_assert_eq!(kept(apart), kept(joined));
    }

    #[test]
    fn text_before_everything_changes_nothing(gold in spans(), predicted in spans()) {
        // As long as a few tokens, so that tokens fall as before.
        let plain = text(0);
        let longer = format!("🚀é漢{plain}");
        let moved = rows(&[Doc {
            gold: lines(&longer, &gold, 3, &LABELS),
            predicted: lines(&longer, &predicted, 3, &LABELS),
            text: longer.clone(),
        }]);
        // The new token is outside on both sides.
        let kept = |rows: Rows| -> Rows {
            let of_all_tokens = |name: &str| matches!(name, "token.acc" | "token.outside");
            rows.into_iter().filter(|(key, _)| !of_all_tokens(&key.0)).collect()
        };
        prop_assert_eq!(kept(pair(&gold, &predicted)), kept(moved));
    }

    #[test]
    fn gold_against_itself_has_no_mistake(gold in spans()) {
        for ((name, label), counts) in pair(&gold, &gold) {
            let is_cell = name.starts_with("cell.");
            let diagonal = label.split_once('\u{1f}').is_some_and(|(a, b)| a == b);
            prop_assert!(!is_cell || name == "cell.same" && diagonal, "{} {}", name, label);
            let outside = name == "token.outside";
            prop_assert!(outside || counts.spurious + counts.missed == 0, "{}", name);
        }
    }

    #[test]
    fn repeats_change_nothing(gold in spans(), predicted in spans(), which in 0..7_usize) {
        let again = |spans: &Spans| {
            let mut spans = spans.clone();
            if let Some(span) = spans.get(which).cloned() {
                spans.push(span);
            }
            spans
        };
        prop_assert_eq!(pair(&gold, &predicted), pair(&again(&gold), &again(&predicted)));
    }

    #[test]
    fn one_prediction_more_never_loses_a_find(gold in spans(), predicted in spans(), more in spans()) {
        let before = pair(&gold, &predicted);
        let mut longer = predicted.clone();
        longer.extend(more.into_iter().take(1));
        let after = pair(&gold, &longer);
        // Shares are of pairs or tokens, and a pair more may be a wrong one.
        for metric in of_spans().filter(|metric| !metric.share) {
            let name = metric.name();
            let (old, new) = (total(&before, &name).found, total(&after, &name).found);
            prop_assert!(new >= old, "{}: {} after {}", name, new, old);
        }
    }

    #[test]
    fn a_prediction_apart_from_all_adds_its_own_weight(gold in spans(), predicted in spans()) {
        let before = pair(&gold, &predicted);
        let mut longer = predicted.clone();
        // Spans end before character 45, and the token at 45 is no other's.
        longer.push((0, vec![(45, 48)]));
        let after = pair(&gold, &longer);
        for metric in of_spans().filter(|metric| !metric.share && metric.stem != "surface") {
            let name = metric.name();
            let (old, new) = (total(&before, &name), total(&after, &name));
            let weight = match metric.stem {
                "char" | "char.any" => 3,
                _ => metric.scale,
            };
            let expected = Counts { spurious: old.spurious + weight, ..old };
            prop_assert_eq!(new, expected, "{}", name);
        }
    }

    #[test]
    fn stricter_metrics_find_no_more(gold in spans(), predicted in spans()) {
        let schema = span_schema(&LABELS);
        let docs = [doc(&gold, &predicted)];
        let found = |name: &str| {
            let options = Options {
                layers: vec!["entity"],
                metrics: Wanted::Named(vec![name]),
                ..Options::default()
            };
            let id = Digest::of(b"doc");
            let gold = GoldDocument {
                covered: vec!["entity"],
                ..GoldDocument::reviewed(id, &docs[0].text, &docs[0].gold)
            };
            let predicted = PredictedDocument {
                annotations: &docs[0].predicted,
                ..PredictedDocument::empty(id, RunOutcome::Ok)
            };
            let scored = score(&[gold], &[predicted], &schema, &options).expect("known");
            scored.table.rows().map(|row| row.counts.found).sum::<u64>()
        };
        let [strict, exact, partial] = ["strict", "exact", "partial"].map(found);
        let [of_type, detect] = ["type", "detect"].map(found);
        let overlaps = ["overlap@1", "overlap@0.75", "overlap@0.5", "overlap@0.01"].map(found);
        prop_assert_eq!(overlaps[0], strict);
        prop_assert!(overlaps.is_sorted(), "{:?}", overlaps);
        prop_assert!(overlaps[3] <= of_type && of_type <= detect);
        for edge in ["left", "right"].map(found) {
            prop_assert!(strict <= edge && edge <= of_type);
        }
        prop_assert!(strict <= exact && 2 * exact <= partial && partial <= 2 * detect);
    }

    #[test]
    fn cells_sum_to_support_and_to_what_was_predicted(gold in spans(), predicted in spans()) {
        let rows = pair(&gold, &predicted);
        for label in LABELS {
            let strict = rows.get(&("strict".to_owned(), label.to_owned())).copied();
            let strict = strict.unwrap_or_default();
            let cells = |gold_side: bool| -> u64 {
                let of = |((name, pair), counts): (&(String, String), &Counts)| {
                    let (gold, predicted) = pair.split_once('\u{1f}')?;
                    let side = if gold_side { gold } else { predicted };
                    (name.starts_with("cell.") && side == label).then_some(counts.found)
                };
                rows.iter().filter_map(of).sum()
            };
            prop_assert_eq!(cells(true), strict.support());
            prop_assert_eq!(cells(false), strict.predicted());
        }
    }

    #[test]
    fn renaming_labels_renames_rows(gold in spans(), predicted in spans()) {
        let text = text(0);
        let named = |names: &[&str; 3]| {
            let side = |spans| lines(&text, spans, 0, names);
            let doc = Doc { text: text.clone(), gold: side(&gold), predicted: side(&predicted) };
            rows(&[doc])
        };
        let names = |label: &str| {
            let at = LABELS.iter().position(|name| *name == label);
            // In reverse order, so that no rule may lean on the order of names.
            at.map_or_else(|| label.to_owned(), |at| ["C", "B", "A"][at].to_owned())
        };
        // Cells may hang on the last tie-break, which is by name; so may shares of pairs.
        let settled = |name: &str| !name.starts_with("cell.") && name != "class";
        let renamed: Rows = named(&LABELS)
            .into_iter()
            .map(|((name, label), counts)| ((name, names(&label)), counts))
            .filter(|(key, _)| settled(&key.0))
            .collect();
        let other: Rows =
            named(&["C", "B", "A"]).into_iter().filter(|(key, _)| settled(&key.0)).collect();
        prop_assert_eq!(renamed, other);
    }

    #[test]
    fn an_empty_document_changes_n_alone(gold in spans(), predicted in spans()) {
        let empty = || Doc { text: String::new(), gold: Vec::new(), predicted: Vec::new() };
        let docs = [doc(&gold, &predicted), empty()];
        prop_assert_eq!(rows(&docs), pair(&gold, &predicted));
        let scored = score_spans(&span_schema(&LABELS), &docs);
        prop_assert_eq!(scored.n_documents["entity"], 2);
    }

    #[test]
    fn programs_agree_on_valid_flat_tags(gold in tags(), predicted in tags()) {
        let n = gold.len().min(predicted.len());
        let cut = |side: &[Vec<(usize, usize)>]| -> Vec<Vec<String>> {
            side[..n].iter().map(|chunks| spell(chunks)).collect()
        };
        let (mut gold, mut predicted) = (cut(&gold), cut(&predicted));
        for (a, b) in gold.iter_mut().zip(&mut predicted) {
            let len = a.len().max(b.len());
            a.resize(len, "O".into());
            b.resize(len, "O".into());
        }
        let strict = seqeval::strict(&gold, &predicted, Scheme::Iob2).expect("valid");
        let loose = seqeval::default(&gold, &predicted).expect("valid");
        let script = conlleval(&gold, &predicted).expect("valid");
        let documents = nervaluate::documents(&gold, &predicted).expect("valid");
        let greedy = nervaluate::nervaluate(&documents, &LABELS, 1.0).strict;
        let total = strict.total();
        prop_assert_eq!(loose.total(), total);
        prop_assert_eq!(script.total(), total);
        prop_assert_eq!(greedy.correct, total.found);
        prop_assert_eq!(greedy.possible(), total.support());
        prop_assert_eq!(greedy.actual(), total.predicted());
        let ours: Vec<Doc> = documents.iter().map(from_inclusive).collect();
        let found = pair_of(&ours, "strict");
        prop_assert_eq!(found, total);
    }

    #[test]
    fn a_text_emitted_twice_is_half_spurious(words in vec(select(vec!["the", "pact", "holds", "now"]), 1..30)) {
        let once: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let twice: Vec<String> = once.iter().chain(&once).cloned().collect();
        let same = body_rows(&once, &once, " ");
        for (name, counts) in &same {
            prop_assert_eq!(counts.spurious + counts.missed, 0, "{}", name);
        }
        let doubled = body_rows(&once, &twice, " ");
        prop_assert_eq!(doubled["body.bag"].precision(), Some(0.5));
        let wide = body_rows(&once, &twice, " \n\t ");
        prop_assert_eq!(doubled, wide);
    }
}

/// Chunks of a sentence: label and length; label 3 is outside.
fn tags() -> impl Strategy<Value = Vec<Vec<(usize, usize)>>> {
    vec(vec((0..4_usize, 1..4_usize), 1..6), 1..5)
}

fn spell(chunks: &[(usize, usize)]) -> Vec<String> {
    let chunk = |&(label, len): &(usize, usize)| {
        let tag = move |at: usize| match LABELS.get(label) {
            None => "O".to_owned(),
            Some(label) if at == 0 => format!("B-{label}"),
            Some(label) => format!("I-{label}"),
        };
        (0..len).map(tag)
    };
    chunks.iter().flat_map(chunk).collect()
}

fn from_inclusive((gold, predicted): &nervaluate::Document) -> Doc {
    let text = text(0).repeat(2);
    let side = |spans: &[nervaluate::Inclusive]| {
        let range =
            |span: &nervaluate::Inclusive| (span.start as u32, span.end as u32 + 1);
        spans
            .iter()
            .map(|span| annotation(&text, "entity", &span.label, &[range(span)]))
            .collect()
    };
    Doc { gold: side(gold), predicted: side(predicted), text: text.clone() }
}

fn pair_of(docs: &[Doc], name: &str) -> Counts {
    total(&rows(docs), name)
}

fn body_rows(
    gold: &[String],
    predicted: &[String],
    space: &str,
) -> BTreeMap<String, Counts> {
    let body =
        |tokens: &[String]| Body { text: tokens.join(space), tokens: tokens.to_vec() };
    let id = Digest::of(b"body");
    let gold = GoldDocument {
        covered: vec![CONTENT],
        body: body(gold),
        ..GoldDocument::reviewed(id, "", &[])
    };
    let predicted = PredictedDocument {
        body: body(predicted),
        ..PredictedDocument::empty(id, RunOutcome::Ok)
    };
    let options =
        Options { layers: vec![CONTENT], metrics: Wanted::All, ..Options::default() };
    let scored = score(&[gold], &[predicted], &span_schema(&LABELS), &options);
    let summaries = summarise(&scored.expect("known metrics").table);
    summaries.into_iter().map(|summary| (summary.metric, summary.total)).collect()
}
