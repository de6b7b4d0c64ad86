//! Laws of every layer at once: a rich document, of whose annotations either side keeps,
//! relabels and moves some.

use std::collections::BTreeMap;

use goldpress_eval::{METRICS, PredictedDocument, Scored, metric, summarise};
use goldpress_model::{Counts, Digest, LooseAnnotation, RunOutcome};
use proptest::{collection::vec, prelude::*};

use crate::rich::{Rich, TEXT};

type Rows = BTreeMap<(String, String, String), Counts>;

/// What becomes of an annotation on one side: kept, dropped, relabelled or cut short.
fn changes() -> impl Strategy<Value = Vec<u8>> {
    vec(0..6_u8, 18)
}

/// One side's annotations. Blocks stay, since they decide what is scored; arguments that
/// would point nowhere go.
fn side(rich: &Rich, changes: &[u8]) -> Vec<LooseAnnotation> {
    let other = |line: &LooseAnnotation| match (&*line.layer, &*line.label) {
        ("entity", "GPE") => "PERSON",
        ("entity", _) => "GPE",
        ("timex", _) => "TIME",
        ("claim", "certain") => "possible",
        ("claim", _) => "certain",
        ("event", _) => "AID",
        ("attribution", "statement") => "belief",
        _ => "",
    };
    let mut lines = Vec::new();
    for (line, change) in rich.gold.iter().zip(changes) {
        let mut line = line.clone();
        let fixed = matches!(&*line.layer, "block" | "metadata");
        match change {
            0 if !fixed => continue,
            1 if !other(&line).is_empty() => line.label = other(&line).to_owned(),
            2 if !fixed && line.fragments[0].end - line.fragments[0].start > 3 => {
                line.fragments[0].end -= 2;
                let range = line.fragments[0];
                let len = (range.end - range.start) as usize;
                line.text = TEXT.chars().skip(range.start as usize).take(len).collect();
            }
            _ => {}
        }
        lines.push(line);
    }
    let ids: Vec<String> = lines.iter().map(|line| line.id.clone()).collect();
    for line in &mut lines {
        for targets in line.args.values_mut() {
            targets.retain(|id| ids.contains(id));
        }
        line.args.retain(|_, targets| !targets.is_empty());
    }
    // An attribution of nothing is none.
    let of_nothing = |line: &LooseAnnotation| {
        matches!(&*line.label, "statement" | "belief")
            && !line.args.contains_key("content")
    };
    let gone: Vec<String> = lines
        .iter()
        .filter(|line| of_nothing(line))
        .map(|line| line.id.clone())
        .collect();
    lines.retain(|line| !gone.contains(&line.id) || line.id.is_empty());
    for targets in lines.iter_mut().flat_map(|line| line.args.values_mut()) {
        targets.retain(|id| !gone.contains(id));
    }
    lines.iter_mut().for_each(|line| line.args.retain(|_, targets| !targets.is_empty()));
    lines
}

fn rows(scored: &Scored) -> Rows {
    assert!(!scored.findings.stops(), "{:?}", scored.findings);
    let row = |row: goldpress_eval::Row| {
        let key = &scored.table.keys()[row.key as usize];
        ((key.layer.clone(), key.metric.clone(), key.label.clone()), row.counts)
    };
    scored.table.rows().map(row).collect()
}

fn run(rich: &Rich, gold: &[LooseAnnotation], predicted: &[LooseAnnotation]) -> Rows {
    let id = Digest::of(TEXT.as_bytes());
    let answer = PredictedDocument {
        annotations: predicted,
        ..PredictedDocument::empty(id, RunOutcome::Ok)
    };
    rows(&rich.score(gold, &answer))
}

/// Every score that a result prints, by name.
fn printed(
    rich: &Rich,
    gold: &[LooseAnnotation],
    predicted: &[LooseAnnotation],
) -> BTreeMap<String, Option<f64>> {
    let id = Digest::of(TEXT.as_bytes());
    let answer = PredictedDocument {
        annotations: predicted,
        ..PredictedDocument::empty(id, RunOutcome::Ok)
    };
    let scored = rich.score(gold, &answer);
    let mut all = BTreeMap::new();
    for one in summarise(&scored.table) {
        let averages = [
            ("micro", one.micro),
            ("label", one.by_label),
            ("document", one.by_document),
            ("weighted", one.weighted),
        ];
        for (average, scores) in averages {
            let name =
                |figure: &str| format!("{}/{} {average} {figure}", one.layer, one.metric);
            all.insert(name("P"), scores.precision);
            all.insert(name("R"), scores.recall);
            all.insert(name("F1"), scores.f1);
        }
    }
    all
}

/// Metrics in which gold decides more than the prediction, with the reason.
const ONE_SIDED: [(&str, &str); 6] = [
    ("token.outside", "counts gold alone"),
    ("argument.coref", "any mention of the gold entity is right"),
    ("attr.found", "mentions of one gold chain agree"),
    ("attr.joint", "mentions of one gold chain agree"),
    ("attr.label", "is a share of the pairs of attr.joint"),
    ("attr.quote", "is a share of the pairs of attr.joint"),
];

fn is_one_sided(name: &str) -> bool {
    let stem = metric(name).map_or(name, |metric| metric.stem);
    // The body is given once; an event's attribute is judged where gold states it.
    ONE_SIDED.iter().any(|(one, _)| *one == stem)
        || stem.starts_with("body.")
        || stem.starts_with("event.") && stem != "event.triple"
}

fn swapped(name: &str) -> String {
    match name.split_once('-') {
        Some(("cover", rest)) if rest.starts_with("gold") => name.replace("gold", "pred"),
        Some(("cover", _)) => name.replace("pred", "gold"),
        _ => name.to_owned(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]
    #[test]
    fn swapping_sides_swaps_spurious_and_missed_in_every_layer(a in changes(), b in changes()) {
        let rich = Rich::new();
        let (a, b) = (side(&rich, &a), side(&rich, &b));
        let kept = |rows: Rows| rows.into_iter().filter(|(key, _)| !is_one_sided(&key.1));
        let there: Rows = kept(run(&rich, &a, &b)).collect();
        let back: Rows = kept(run(&rich, &b, &a))
            .map(|((layer, name, label), counts)| {
                let share = metric(&name).is_some_and(|metric| metric.share);
                let Counts { found, spurious, missed } = counts;
                let turned = Counts { found, spurious: missed, missed: spurious };
                let label = match label.split_once('\u{1f}') {
                    Some((gold, predicted)) => format!("{predicted}\u{1f}{gold}"),
                    None => label,
                };
                ((layer, swapped(&name), label), if share { counts } else { turned })
            })
            .collect();
        prop_assert_eq!(there, back);
    }

    #[test]
    fn the_order_of_lines_changes_nothing_in_any_layer(a in changes(), b in changes(), by in 0..17_usize) {
        let rich = Rich::new();
        let (a, b) = (side(&rich, &a), side(&rich, &b));
        let turned = |lines: &[LooseAnnotation]| {
            let mut lines = lines.to_vec();
            lines.reverse();
            let by = by.min(lines.len());
            lines.rotate_left(by);
            lines
        };
        prop_assert_eq!(run(&rich, &a, &b), run(&rich, &turned(&a), &turned(&b)));
    }

    #[test]
    fn other_ids_change_nothing(a in changes(), b in changes()) {
        let rich = Rich::new();
        let (a, b) = (side(&rich, &a), side(&rich, &b));
        let renamed = |lines: &[LooseAnnotation]| {
            let mut lines = lines.to_vec();
            for line in lines.iter_mut().filter(|line| !line.id.is_empty()) {
                line.id = format!("z{}", line.id);
                for id in line.args.values_mut().flatten() {
                    *id = format!("z{id}");
                }
            }
            lines
        };
        prop_assert_eq!(run(&rich, &a, &b), run(&rich, &a, &renamed(&b)));
    }

    #[test]
    fn repeats_change_nothing_in_any_layer(a in changes(), b in changes(), which in 0..18_usize) {
        let rich = Rich::new();
        let (a, b) = (side(&rich, &a), side(&rich, &b));
        let again = |lines: &[LooseAnnotation]| {
            let mut lines = lines.to_vec();
            if let Some(line) = lines.get(which).cloned() {
                lines.push(LooseAnnotation { id: String::new(), ..line });
            }
            lines
        };
        prop_assert_eq!(run(&rich, &a, &b), run(&rich, &again(&a), &again(&b)));
    }

    #[test]
    fn a_malformed_answer_more_raises_no_score_of_any_layer(
        a in changes(),
        b in changes(),
        which in 0..18_usize,
        bare in 0..2_u8,
    ) {
        let rich = Rich::new();
        let (a, b) = (side(&rich, &a), side(&rich, &b));
        let mut more = b.clone();
        if let Some(line) = rich.gold.get(which).filter(|line| line.layer != "metadata") {
            let mut line = line.clone();
            line.id = "malformed".to_owned();
            line.text = "not what stands there".to_owned();
            if bare == 1 {
                line.attrs.clear();
                line.args.clear();
            }
            more.push(line);
        }
        let (before, after) = (printed(&rich, &a, &b), printed(&rich, &a, &more));
        for (name, value) in after {
            let was = before.get(&name).copied().flatten();
            let raised = was.zip(value).is_some_and(|(was, now)| now > was);
            prop_assert!(!raised, "{}: {:?} became {:?}", name, was, value);
        }
    }

    #[test]
    fn gold_against_itself_is_perfect_in_every_layer(a in changes()) {
        let rich = Rich::new();
        let a = side(&rich, &a);
        for ((layer, name, label), counts) in run(&rich, &a, &a) {
            let free = name.starts_with("token.outside") || layer == "content";
            prop_assert!(free || counts.spurious + counts.missed == 0, "{} {}", name, label);
        }
    }
}

#[test]
fn every_exception_is_a_metric() {
    for (name, reason) in ONE_SIDED {
        assert!(METRICS.iter().any(|metric| metric.stem == name), "{name}");
        assert!(!reason.is_empty());
    }
}

/// Five of six claims are set aside, and what is left is right: the mean over labels is no
/// perfect score, whether or not the malformed ones say which polarity they have.
#[test]
fn malformed_claims_weigh_in_the_mean_over_labels() {
    let rich = Rich::new();
    for bare in [false, true] {
        let mut predicted = rich.gold.clone();
        for n in 0..5 {
            let mut line = rich.gold.iter().find(|line| line.id == "m1").unwrap().clone();
            line.id = format!("malformed-{n}");
            line.text = format!("nothing like it, {n}");
            if bare {
                line.attrs.clear();
            }
            predicted.push(line);
        }
        let all = printed(&rich, &rich.gold, &predicted);
        // Of `certain positive` one of six is right, of `possible positive` one of one.
        let precision = all["claim/claim.joint label P"].unwrap();
        assert!((precision - (1.0 / 6.0 + 1.0) / 2.0).abs() < 1e-12, "{precision}");
    }
}
