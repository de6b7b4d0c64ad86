//! `vectors/statistics.json`: every case, within its tolerance.

use std::{cmp::Ordering, collections::BTreeMap};

use goldpress_eval::{
    Average, Comparison, Evidence, Table, Task, Verdict, compare,
    gate::{Gate, GateExit, GateInput, GateOutcome, GatedTest, apply, noninferior},
    statistics::{
        adjust, bootstrap, distributions, fraction, interval, mcnemar, median,
        moved::{Moved, moved},
        permutation::{Resampling, family, family_at_random, sign_flip, swapped},
        power, proportion, random, ranks,
        ratio::{F1, Form, Ratio, Sample},
    },
    timing, verdict,
};
use goldpress_model::{CountRow, Counts, Digest};
use serde_json::{Value, json};

use crate::vectors_metrics::counts;

struct Vectors {
    datasets: Value,
    cases: Vec<Value>,
}

fn vectors() -> Vectors {
    let all: Value = serde_json::from_str(include_str!("../vectors/statistics.json"))
        .expect("the vectors are JSON");
    let cases = all["cases"].as_array().expect("cases are a list").clone();
    Vectors { datasets: all["datasets"].clone(), cases }
}

#[test]
fn every_case_holds() {
    let vectors = vectors();
    for case in &vectors.cases {
        let expected = &case["expect"];
        let found = answer(&vectors.datasets, case, expected);
        let tolerance = case["tolerance"].as_f64().expect("a tolerance");
        same(&found, expected, tolerance, case["id"].as_str().expect("an id"));
    }
    assert_eq!(vectors.cases.len(), 42);
}

/// Compares what is expected with what was found; what only was found is looked past.
#[track_caller]
fn same(found: &Value, expected: &Value, tolerance: f64, at: &str) {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            // Single step is given for comparison; goldpress only ever steps down.
            let offered = |key: &&String| *key != "adjusted_counts_single_step";
            for (key, value) in expected.iter().filter(|(key, _)| offered(key)) {
                same(&found[key], value, tolerance, &format!("{at}.{key}"));
            }
        }
        (Value::Array(found), Value::Array(expected)) => {
            assert_eq!(found.len(), expected.len(), "{at}");
            for (place, (found, expected)) in found.iter().zip(expected).enumerate() {
                same(found, expected, tolerance, &format!("{at}[{place}]"));
            }
        }
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().expect("a number"), b.as_f64().expect("a number"));
            assert!((a - b).abs() <= tolerance, "{at}: {a} is not {b}");
        }
        _ => assert_eq!(found, expected, "{at}"),
    }
}

fn rows(value: &Value) -> Vec<Counts> {
    value.as_array().expect("counts are a list").iter().map(counts).collect()
}

fn numbers(value: &Value) -> Vec<f64> {
    let number = |value: &Value| value.as_f64().expect("a number");
    value.as_array().expect("a list").iter().map(number).collect()
}

fn dataset(all: &Value, name: &str) -> (Vec<String>, Vec<Counts>, Vec<Counts>) {
    let data = &all[name];
    let text = |value: &Value| value.as_str().expect("a source").to_owned();
    let source = data["source"].as_array().map(|list| list.iter().map(text).collect());
    (source.unwrap_or_default(), rows(&data["A"]), rows(&data["B"]))
}

/// Counts summed by key, in key order.
fn clustered(keys: &[String], counts: &[Counts]) -> BTreeMap<String, Counts> {
    let mut sums: BTreeMap<String, Counts> = BTreeMap::new();
    for (key, counts) in keys.iter().zip(counts) {
        *sums.entry(key.clone()).or_default() += *counts;
    }
    sums
}

fn by_source(all: &Value) -> (Vec<Counts>, Vec<Counts>) {
    let (sources, a, b) = dataset(all, "D12");
    let sum = |counts: &[Counts]| clustered(&sources, counts).into_values().collect();
    (sum(&a), sum(&b))
}

const RATIOS: [(&str, Ratio); 3] =
    [("P", Ratio::Precision), ("R", Ratio::Recall), ("F1", F1)];

fn gcd(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// `n/d` in lowest terms.
fn fraction_text(part: i128, whole: i128) -> String {
    let divisor = gcd(part.unsigned_abs(), whole.unsigned_abs()).max(1) as i128;
    format!("{}/{}", part / divisor, whole / divisor)
}

fn delta_text(ratio: Ratio, a: &[Counts], b: &[Counts]) -> String {
    let terms =
        |counts: &[Counts]| ratio.terms(counts.iter().copied().sum()).map(i128::from);
    let ([n0, d0], [n1, d1]) = (terms(a), terms(b));
    fraction_text(n1 * d0 - n0 * d1, d0 * d1)
}

fn triple(counts: Counts) -> Value {
    json!([counts.found, counts.spurious, counts.missed])
}

fn answer(data: &Value, case: &Value, expected: &Value) -> Value {
    let input = &case["input"];
    let (_, a, b) = dataset(data, "D12");
    match case["id"].as_str().expect("an id") {
        "d12-sums" => sums(data),
        "d12-micro" => micro(&a, &b),
        "zero-over-zero" => {
            let values = |counts: Counts| json!({"P": counts.precision(), "R": counts.recall(), "F1": counts.f1()});
            rows(&input["counts"]).into_iter().map(values).collect()
        }
        "d12-linearised" => {
            let (sa, sb) = by_source(data);
            json!({"document": linearised(&a, &b), "source": linearised(&sa, &sb)})
        }
        "d12-noninferiority" => {
            let found = interval::difference(&Sample::of_counts(F1, &b, &a));
            let ours = found.lower.expect("a bound");
            // The case was made with C − 1 degrees of freedom, from before bounds rested on
            // effective clusters; `d12-linearised` of the same file has those.
            let se = found.se[2].expect("an error");
            let whole = found.informative as f64 - 1.0;
            let bound = distributions::student_quantile(0.95, whole) * se;
            let lower = found.delta.expect("a difference") - bound;
            assert!(ours < lower, "fewer effective clusters give a wider bound");
            assert_eq!((ours > -0.10, ours > -0.12), (lower > -0.10, lower > -0.12));
            json!({
                "delta": found.delta, "lower_one_sided_95": lower,
                "noninferior_at": {"0.10": lower > -0.10, "0.12": lower > -0.12},
            })
        }
        "sparse-informative" => {
            let (a, b) = (rows(&input["A"]), rows(&input["B"]));
            let found = interval::difference(&Sample::of_counts(F1, &a, &b));
            json!({
                "informative_clusters": found.informative,
                "degrees_of_freedom": found.informative - 1,
            "effective_clusters": found.effective,
                "delta": delta_text(F1, &a, &b), "se_difference": found.se[2],
            })
        }
        "perfect-system" => perfect(input),
        "clustered-mean" => clustered_mean(input),
        "d12-permutation-exact" => {
            let (sa, sb) = by_source(data);
            json!({"document": exact(&a, &b), "source": exact(&sa, &sb)})
        }
        "identical-systems" => {
            let sample = Sample::of_counts(F1, &a, &a);
            let found = family(&[sample], Resampling::default());
            let evidence = Evidence {
                comparable: true,
                in_current: true,
                in_baseline: true,
                same_counts: true,
                informative_clusters: 12,
                delta: Some(0.0),
                p_adjusted: Some(1.0),
                is_blind: false,
                lower: None,
                margin: None,
            };
            let word = verdict(&evidence, 0.05).name();
            json!({"verdict": word, "p": found.p(0), "active_clusters": found.active.len()})
        }
        "splitmix64" => words(input),
        "d12-permutation-monte-carlo" => monte_carlo(&a, &b),
        "mask-words" => {
            let masks = (0..2).map(|at| swapped(70, at, 42)).collect::<Vec<_>>();
            json!({"words_per_mask": 2, "swapped_clusters": masks})
        }
        "d12-minp" => minp(&a, &b),
        "d12-minp-monte-carlo" => {
            let found = family_at_random(&three(&a, &b), Resampling::default());
            let named = |counts: &[u64]| named(counts);
            json!({
                "masks": found.n_masks, "raw_counts": named(&found.raw),
                "order": order(&found.order),
                "adjusted_counts_step_down": named(&found.adjusted),
            })
        }
        "labels-minp" => labels_minp(data),
        "attainable" => attainable(input),
        "holm-bh" => {
            let p = numbers(&input["p"]);
            let (holm, bh) = (adjust::holm(&p), adjust::benjamini_hochberg(&p));
            let rejected = |p: &[f64]| p.iter().filter(|p| **p <= 0.05).count();
            json!({
                "holm": holm, "bh": bh,
                "rejected_at_0.05": {"holm": rejected(&holm), "bh": rejected(&bh)},
            })
        }
        "mcnemar" => {
            let pair = |pair: &Value| {
                let (a, b) = (pair[0].as_u64().expect("n"), pair[1].as_u64().expect("n"));
                json!({
                    "only_A_right": a, "only_B_right": b,
                    "exact": mcnemar::mcnemar(a, b), "mid_p": mcnemar::mid_p(a, b),
                })
            };
            input["pairs"].as_array().expect("pairs").iter().map(pair).collect()
        }
        "proportions" => {
            let one = |pair: &Value| {
                let (k, n) = (pair[0].as_u64().expect("k"), pair[1].as_u64().expect("n"));
                json!({
                    "k": k, "n": n, "wilson": proportion::wilson(k, n),
                    "clopper_pearson": proportion::clopper_pearson(k, n),
                })
            };
            input["k_of_n"].as_array().expect("pairs").iter().map(one).collect()
        }
        "student-t" => {
            let one = |pair: &Value| {
                let (p, df) =
                    (pair[0].as_f64().expect("p"), pair[1].as_u64().expect("df"));
                json!({"p": p, "df": df, "t": distributions::student_quantile(p, df as f64)})
            };
            input["p_df"].as_array().expect("pairs").iter().map(one).collect()
        }
        "normal" => {
            numbers(&input["p"]).into_iter().map(distributions::normal_quantile).collect()
        }
        "mde-factor" => {
            let n = |row: &Value| row["clusters"].as_u64();
            let rows = expected.as_array().expect("rows").iter();
            rows.map(|row| json!({"clusters": n(row), "factor": power::factor(n(row))}))
                .collect()
        }
        "mde-planning" => {
            let mut rows = Vec::new();
            for sd in numbers(&input["sd"]) {
                for n in numbers(&input["documents"]) {
                    let mde = power::detectable(sd, n as u64);
                    rows.push(json!({"sd": sd, "documents": n as u64, "mde": mde}));
                }
            }
            Value::Array(rows)
        }
        "median-ranks" => {
            let one = |n: f64| {
                let found = median::ranks(n as u64);
                json!({
                    "n": n as u64, "ranks": found.map(|f| f.0), "coverage": found.map(|f| f.1),
                })
            };
            numbers(&input["n"]).into_iter().map(one).collect()
        }
        "d5-bootstrap-enumerated" => enumerated(&a, &b, input),
        "d12-bootstrap-seeded" => {
            let found =
                bootstrap::bootstrap(12, 1999, 42, |at| difference_of(&a, &b, at));
            let first = (0..2).map(|at| bootstrap::draws(12, at, 42)).collect::<Vec<_>>();
            json!({
                "stream_seed": format!("{:016x}", random::Stream::Bootstrap.seed(42)),
                "first_draws": first, "percentile95": found.expect("defined").percentile,
            })
        }
        "bounded-draw" => {
            let bound =
                input["bound"].as_str().expect("a bound").parse().expect("a number");
            let mut draws = random::Draws::new(7);
            (0..4).map(|_| draws.below(bound).to_string()).collect()
        }
        "macro-documents" => macro_documents(&a, &b),
        "sign-flip" => {
            let differences: Vec<i64> = numbers(&input["differences_in_hundredths"])
                .into_iter()
                .map(|value| value as i64)
                .collect();
            let found = sign_flip(&differences, Resampling::default());
            // The one difference of 0 is not swapped: each mask stands for two.
            let scale = 1 << (differences.len() - found.active.len());
            json!({"masks": found.n_masks * scale, "ge": found.raw[0] * scale})
        }
        "documents-moved" => documents_moved(&a, &b),
        "fraction-order" => {
            let one = |pair: &Value| {
                let at = |at: usize| -> u128 {
                    pair[at].as_str().expect("digits").parse().expect("a number")
                };
                match fraction::compare((at(0), at(1)), (at(2), at(3))) {
                    Ordering::Less => "less",
                    Ordering::Equal => "equal",
                    Ordering::Greater => "greater",
                }
            };
            input["pairs"].as_array().expect("pairs").iter().map(one).collect()
        }
        "two-sided-f" => two_sided(input),
        "ranks" => ranked(input),
        "verdicts" => verdicts(input),
        "gate-noninferior" => {
            let one = |test: &Value| outcome(noninferior(&gated(test, "*"), 0.005));
            input.as_array().expect("tests").iter().map(one).collect()
        }
        "gate-significant" => {
            let one = |tests: &Value| {
                let tests = tests.as_array().expect("tests");
                let tests: Vec<GatedTest<'_>> = tests
                    .iter()
                    .map(|test| gated(test, test["label"].as_str().expect("a label")))
                    .collect();
                let input = GateInput {
                    tests: &tests,
                    labels: &[],
                    n_worse: 0,
                    n_worse_outlets: 0,
                    n_new_errors: None,
                };
                outcome(apply(Gate::Significant, &input))
            };
            input.as_array().expect("families").iter().map(one).collect()
        }
        "exit-codes" => exit_codes(input),
        "timing-effect" => timing_effect(input),
        "timing-verdicts" => {
            let one = |row: &Value| {
                let at = |key: &str| row[key].as_f64().expect("a number");
                let effect = timing::Effect {
                    effect: at("effect"),
                    interval: Some((at("lower"), at("upper"))),
                };
                timing::verdict(&effect, at("noise_floor"), at("slower")).name()
            };
            input.as_array().expect("rows").iter().map(one).collect()
        }
        "latency-percentiles" | "latency-percentiles-few" => latencies(input),
        other => panic!("`{other}` is a case that nobody answers"),
    }
}

fn sums(data: &Value) -> Value {
    let (sources, a, b) = dataset(data, "D12");
    let by_source = |counts: &[Counts]| -> Value {
        let sums = clustered(&sources, counts).into_iter();
        sums.map(|(key, counts)| (key, triple(counts))).collect()
    };
    let all = |counts: &[Counts]| triple(counts.iter().copied().sum());
    json!({
        "A": all(&a), "B": all(&b),
        "clusters": {"A": by_source(&a), "B": by_source(&b)},
    })
}

fn micro(a: &[Counts], b: &[Counts]) -> Value {
    let of = |counts: &[Counts]| -> Value {
        let sum: Counts = counts.iter().copied().sum();
        RATIOS
            .iter()
            .map(|(name, ratio)| {
                let [part, whole] = ratio.terms(sum).map(i128::from);
                let text = fraction_text(part, whole);
                ((*name).to_owned(), json!({"fraction": text, "value": ratio.value(sum)}))
            })
            .collect()
    };
    let delta: Value = RATIOS
        .iter()
        .map(|(name, ratio)| {
            let value = Sample::of_counts(*ratio, a, b).delta();
            let text = delta_text(*ratio, a, b);
            ((*name).to_owned(), json!({"fraction": text, "value": value}))
        })
        .collect();
    json!({"A": of(a), "B": of(b), "delta_B_minus_A": delta})
}

fn linearised(a: &[Counts], b: &[Counts]) -> Value {
    let one = |(name, ratio): &(&str, Ratio)| {
        let found = interval::difference(&Sample::of_counts(*ratio, a, b));
        let value = json!({
            "informative_clusters": found.informative,
            "se_A": found.se[0], "se_B": found.se[1], "se_difference": found.se[2],
            "ci95": found.interval, "lower_one_sided_95": found.lower,
            "mde_95_80": found.detectable, "effective_clusters": found.effective,
        });
        ((*name).to_owned(), value)
    };
    RATIOS.iter().map(one).collect()
}

fn perfect(input: &Value) -> Value {
    let row = counts(&input["counts_of_every_cluster"]);
    let rows = vec![F1.terms(row).to_vec(); 40];
    let found = interval::score(Form::Ratio, &rows);
    json!({
        "value": found.value, "se": found.se, "ci95": found.interval,
        "degenerate": found.degenerate,
        "clusters_with_an_error": {"count": 0, "of": 40, "wilson95": proportion::wilson(0, 40)},
    })
}

fn clustered_mean(input: &Value) -> Value {
    let values = numbers(&input["values"]);
    let keys: Vec<&str> = input["clusters"]
        .as_array()
        .expect("keys")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let by_document: Vec<Vec<i64>> = values.iter().map(|v| vec![*v as i64, 1]).collect();
    let mut sums: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for (key, row) in keys.iter().zip(&by_document) {
        let sum = sums.entry(key).or_insert_with(|| vec![0, 0]);
        sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
    }
    let by_cluster: Vec<Vec<i64>> = sums.into_values().collect();
    let totals = Sample::totals(&by_document);
    json!({
        "mean": fraction_text(totals[0].into(), totals[1].into()),
        "se_by_document": interval::score(Form::Ratio, &by_document).se,
        "se_by_cluster": interval::score(Form::Ratio, &by_cluster).se,
    })
}

fn exact(a: &[Counts], b: &[Counts]) -> Value {
    let one = |(name, ratio): &(&str, Ratio)| {
        let sample = Sample::of_counts(*ratio, a, b);
        let found = family(std::slice::from_ref(&sample), Resampling::default());
        // Clusters that are not swapped double the masks and change no share of them.
        let scale = 1_u64 << (a.len() - found.active.len());
        let strict = strictly_more(&sample) * scale;
        let value = json!({
            "masks": found.n_masks * scale, "ge": found.raw[0] * scale, "gt": strict,
            "one_sided_ge": one_sided(&sample) * scale,
            "active_clusters": found.active.len(), "active_masks": found.n_masks,
            "ge_over_active": found.raw[0], "p": found.p(0),
        });
        ((*name).to_owned(), value)
    };
    RATIOS.iter().map(one).collect()
}

/// Signed difference under each mask of the active clusters, as exact fractions.
fn under_masks(sample: &Sample) -> Vec<(i128, i128)> {
    let active: Vec<usize> =
        (0..sample.differs.len()).filter(|&at| sample.differs[at]).collect();
    (0..1_u32 << active.len())
        .map(|mask| {
            let (mut a, mut b) =
                (Sample::totals(&sample.baseline), Sample::totals(&sample.current));
            for (k, &at) in active.iter().enumerate().filter(|(k, _)| mask >> k & 1 == 1)
            {
                let _ = k;
                for column in 0..2 {
                    let moved = sample.current[at][column] - sample.baseline[at][column];
                    a[column] += moved;
                    b[column] -= moved;
                }
            }
            let [n0, d0, n1, d1] = [a[0], a[1], b[0], b[1]].map(i128::from);
            (n1 * d0 - n0 * d1, d0 * d1)
        })
        .collect()
}

fn strictly_more(sample: &Sample) -> u64 {
    let all = under_masks(sample);
    let (n, d) = all[0];
    all.iter().filter(|(m, e)| m.abs() * d > n.abs() * e).count() as u64
}

fn one_sided(sample: &Sample) -> u64 {
    let all = under_masks(sample);
    let (n, d) = all[0];
    let side = n.signum();
    all.iter().filter(|(m, e)| side * m * d >= side * n * e).count() as u64
}

fn words(input: &Value) -> Value {
    let rows = input["words"].as_array().expect("words").iter();
    rows.map(|row| {
        let (seed, n) =
            (row["seed"].as_u64().expect("seed"), row["count"].as_u64().expect("n"));
        let word = |at| format!("{:016x}", random::word(seed, at));
        (0..n).map(word).collect::<Vec<String>>()
    })
    .collect()
}

fn three(a: &[Counts], b: &[Counts]) -> Vec<Sample> {
    RATIOS.iter().map(|(_, ratio)| Sample::of_counts(*ratio, a, b)).collect()
}

fn named(counts: &[u64]) -> Value {
    RATIOS
        .iter()
        .zip(counts)
        .map(|((name, _), n)| ((*name).to_owned(), json!(n)))
        .collect()
}

fn order(order: &[usize]) -> Value {
    order.iter().map(|&at| RATIOS[at].0).collect()
}

fn monte_carlo(a: &[Counts], b: &[Counts]) -> Value {
    let found = family_at_random(&three(a, b), Resampling::default());
    let seed = random::Stream::Permutation.seed(42);
    let first = |at: u64| format!("{:03x}", random::word(seed, at) & 0x7ff);
    let count = |at: usize| {
        let p = fraction_text(found.raw[at].into(), found.n_masks.into());
        json!({"ge": found.raw[at] - 1, "p": p})
    };
    json!({
        "stream_seed": format!("{seed:016x}"), "active_documents": found.active,
        "words_per_mask": 1, "first_masks": (0..8).map(first).collect::<Vec<_>>(),
        "counts": {"P": count(0), "R": count(1), "F1": count(2)},
    })
}

fn minp(a: &[Counts], b: &[Counts]) -> Value {
    let found = family(&three(a, b), Resampling::default());
    let p: Vec<f64> = (0..3).map(|test| found.p(test)).collect();
    let holm: Value = RATIOS
        .iter()
        .zip(adjust::holm(&p))
        .map(|((name, _), p)| {
            ((*name).to_owned(), json!(fraction_text((p * 4096.0) as i128, 4096)))
        })
        .collect();
    let scale = 1 << (a.len() - found.active.len());
    let scaled =
        |counts: &[u64]| -> Vec<u64> { counts.iter().map(|n| n * scale).collect() };
    json!({
        "masks": found.n_masks * scale, "raw_counts": named(&scaled(&found.raw)),
        "order": order(&found.order),
        "adjusted_counts_step_down": named(&scaled(&found.adjusted)),
        "holm_for_comparison": holm,
    })
}

fn labels_minp(data: &Value) -> Value {
    let table = |side: &str| {
        let mut rows = Vec::new();
        for (label, list) in data["L8"][side].as_object().expect("labels") {
            for (at, counts) in self::rows(list).into_iter().enumerate() {
                rows.push(CountRow {
                    system: "acme".into(),
                    doc_id: Digest::of(&[at as u8]),
                    layer: "entity".into(),
                    metric: "strict".into(),
                    label: label.clone(),
                    counts,
                });
            }
        }
        Table::from_rows(&[], &rows)
    };
    let how = Comparison {
        tasks: vec![Task { layer: "entity", metric: "strict", average: Average::Micro }],
        ..Comparison::default()
    };
    let found = compare(Some(&table("A")), Some(&table("B")), &how);
    let [headlines, labels] =
        found.families.each_ref().map(|f| f.as_ref().expect("a family"));
    let sums = |side: &str, label: &str| -> Vec<Counts> {
        let all = data["L8"][side].as_object().expect("labels");
        let wanted = all.iter().filter(|(name, _)| label == "*" || *name == label);
        let mut sums = vec![Counts::default(); 8];
        for (_, list) in wanted {
            sums.iter_mut().zip(self::rows(list)).for_each(|(sum, row)| *sum += row);
        }
        sums
    };
    let mut in_family: [Vec<String>; 2] = Default::default();
    let mut tests = serde_json::Map::new();
    for test in &found.tests {
        let difference = test.difference.as_ref().expect("both sides");
        let mut row = json!({
            "delta": delta_text(F1, &sums("A", &test.label), &sums("B", &test.label)),
            "informative_clusters": difference.informative, "verdict": test.verdict.name(),
        });
        // The case supposes, as `verdicts` says of its rows, that every test could have been
        // significant; `person` could not: at best its p would be 16 of 256.
        if test.is_blind() {
            assert_eq!(test.verdict, Verdict::Inconclusive, "{}", test.label);
            row["verdict"] = json!("changed");
        }
        if test.p.is_some() {
            let of_labels = usize::from(test.label != "*");
            let family = [headlines, labels][of_labels];
            let place = in_family[of_labels].len();
            in_family[of_labels].push(test.label.clone());
            row["raw_count"] = json!(family.raw[place]);
            row["adjusted_count"] = json!(family.adjusted[place]);
            row["p_adjusted"] = json!(test.p_adjusted);
        }
        tests.insert(test.label.clone(), row);
    }
    let order: Vec<&String> = [headlines, labels]
        .iter()
        .zip(&in_family)
        .flat_map(|(family, names)| family.order.iter().map(|&at| &names[at]))
        .collect();
    json!({"masks": headlines.n_masks, "order": order, "tests": tests})
}

/// What the tests of a family could have had at best, and the level that is left of α.
fn attainable(input: &Value) -> Value {
    let side = |one: &Value, key: &str| -> Vec<Vec<Counts>> {
        one[key].as_array().expect("labels").iter().map(rows).collect()
    };
    let of_family = |one: &Value| {
        let (a, b) = (side(one, "A"), side(one, "B"));
        let samples: Vec<Sample> =
            a.iter().zip(&b).map(|(a, b)| Sample::of_counts(F1, a, b)).collect();
        let found = family(&samples, Resampling::default());
        let share = |n: u64| fraction_text(i128::from(n), i128::from(found.n_masks));
        let shares = |counts: &[u64]| -> Vec<String> {
            counts.iter().map(|n| share(*n)).collect()
        };
        let critical = (found.critical(0.05) * found.n_masks as f64).round() as u64;
        json!({
            "p": shares(&found.raw), "p_adjusted": shares(&found.adjusted),
            "attainable": shares(&found.attainable), "critical_p": share(critical),
        })
    };
    input.as_array().expect("families").iter().map(of_family).collect()
}

fn difference_of(a: &[Counts], b: &[Counts], at: &[usize]) -> Option<f64> {
    let pick =
        |counts: &[Counts]| at.iter().map(|&at| counts[at]).collect::<Vec<Counts>>();
    Sample::of_counts(F1, &pick(a), &pick(b)).delta()
}

fn enumerated(a: &[Counts], b: &[Counts], input: &Value) -> Value {
    let places: Vec<usize> =
        numbers(&input["documents"]).into_iter().map(|at| at as usize).collect();
    let pick =
        |counts: &[Counts]| places.iter().map(|&at| counts[at]).collect::<Vec<_>>();
    let (a, b) = (pick(a), pick(b));
    let theta = difference_of(&a, &b, &[0, 1, 2, 3, 4]).expect("defined");
    let resample = |mut code: usize| {
        let at: Vec<usize> = (0..5)
            .map(|_| {
                let at = code % 5;
                code /= 5;
                at
            })
            .collect();
        difference_of(&a, &b, &at).expect("defined")
    };
    let values: Vec<f64> = (0..3125).map(resample).collect();
    let jackknife: Vec<f64> = (0..5)
        .map(|out| {
            let at: Vec<usize> = (0..5).filter(|at| *at != out).collect();
            difference_of(&a, &b, &at).expect("defined")
        })
        .collect();
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let below = values.iter().filter(|value| **value < theta - 1e-12).count();
    let up_to = values.iter().filter(|value| **value <= theta + 1e-12).count();
    let found = bootstrap::summarise(theta, values, &jackknife);
    let (low, high) = found.percentile.expect("varies");
    json!({
        "theta": delta_text(F1, &a, &b), "resamples": 3125, "mean": mean,
        "percentile95": [low, high], "basic95": [2.0 * theta - high, 2.0 * theta - low],
        "jackknife": jackknife, "count_below": below, "count_at_or_below": up_to,
        "acceleration": found.acceleration, "z0": found.z0, "alpha": found.alpha,
        "bca95": found.bca,
    })
}

fn macro_documents(a: &[Counts], b: &[Counts]) -> Value {
    let fixed = |counts: &[Counts]| -> Vec<Vec<i64>> {
        let row =
            |counts: &Counts| F1.of_document(*counts, counts.support() > 0).to_vec();
        counts.iter().map(row).collect()
    };
    let (fixed_a, fixed_b) = (fixed(a), fixed(b));
    let documents: Vec<usize> = (0..12).filter(|&at| fixed_a[at][1] == 1).collect();
    let kept = |rows: &[Vec<i64>]| -> Vec<i64> {
        documents.iter().map(|&at| rows[at][0]).collect()
    };
    let sample = Sample {
        form: Form::DocumentMean,
        // Document 10 has no gold: whatever was predicted there, nothing differs.
        differs: (0..12).map(|at| fixed_a[at] != fixed_b[at]).collect(),
        baseline: fixed_a.clone(),
        current: fixed_b.clone(),
    };
    let found = family(std::slice::from_ref(&sample), Resampling::default());
    // Of the eleven documents one has equal values; the vectors swap it all the same.
    let scale = 1 << (documents.len() - found.active.len());
    let (mean_a, mean_b) = sample.values();
    json!({
        "documents": documents, "fixed_A": kept(&fixed_a), "fixed_B": kept(&fixed_b),
        "sum_A": Sample::totals(&fixed_a)[0], "sum_B": Sample::totals(&fixed_b)[0],
        "mean_A": mean_a, "mean_B": mean_b,
        "permutation": {"masks": found.n_masks * scale, "ge": found.raw[0] * scale},
    })
}

fn documents_moved(a: &[Counts], b: &[Counts]) -> Value {
    let of = |wanted: &[Moved]| -> Vec<usize> {
        let at = |at: &usize| wanted.contains(&moved(F1, a[*at], b[*at]));
        (0..a.len()).filter(at).collect()
    };
    json!({
        "worse": of(&[Moved::Worse]), "better": of(&[Moved::Better]),
        "same": of(&[Moved::Same, Moved::SameScore]),
        "same_score_other_counts": of(&[Moved::SameScore]),
    })
}

fn two_sided(input: &Value) -> Value {
    let rows = |side: &str| -> Vec<Vec<i64>> {
        let n = |value: &Value| value.as_i64().expect("a count");
        let row = |row: &Value| {
            let (a, wrong) = (n(&row[0][0]), n(&row[0][1]));
            let (c, missed) = (n(&row[1][0]), n(&row[1][1]));
            vec![a, a + wrong, c, c + missed]
        };
        input[side].as_array().expect("rows").iter().map(row).collect()
    };
    let (baseline, current) = (rows("A"), rows("B"));
    let f = |rows: &[Vec<i64>]| {
        let sums = Sample::totals(rows);
        let [a, b, c, d] = [0, 1, 2, 3].map(|at| i128::from(sums[at]));
        fraction_text(2 * a * c, a * d + c * b)
    };
    let texts = (f(&baseline), f(&current));
    // The last row is equal on both sides; the vectors swap it all the same.
    let differs = baseline.iter().map(|_| true).collect();
    let sample = Sample { form: Form::TwoSided, baseline, current, differs };
    let found = family(std::slice::from_ref(&sample), Resampling::default());
    json!({"F_A": texts.0, "F_B": texts.1, "masks": found.n_masks, "ge": found.raw[0]})
}

fn ranked(input: &Value) -> Value {
    let names: Vec<&str> = input["systems_by_score"]
        .as_array()
        .expect("systems")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let at = |name: &Value| {
        names.iter().position(|other| Some(*other) == name.as_str()).expect("a system")
    };
    let separated: Vec<(usize, usize)> = input["separated"]
        .as_array()
        .expect("pairs")
        .iter()
        .map(|pair| (at(&pair["better"]), at(&pair["worse"])))
        .collect();
    let rows = names.iter().zip(ranks::ranks(names.len(), &separated));
    rows.map(|(name, rank)| {
        json!({"system": name, "rank": rank.rank, "rank_interval": rank.interval})
    })
    .collect()
}

fn verdicts(input: &Value) -> Value {
    let rows = input["each_changes"].as_array().expect("changes").iter();
    rows.map(|changes| {
        let at = |key: &str| changes.get(key).unwrap_or(&input["base"][key]);
        let is = |key: &str| at(key).as_bool().expect("yes or no");
        let evidence = Evidence {
            comparable: is("comparable"),
            in_current: is("in_current"),
            in_baseline: is("in_baseline"),
            same_counts: is("same_counts"),
            informative_clusters: at("informative_clusters").as_u64().expect("n")
                as usize,
            delta: at("delta").as_f64(),
            p_adjusted: at("p_adjusted").as_f64(),
            is_blind: false,
            lower: at("lower_one_sided_95").as_f64(),
            margin: at("margin").as_f64(),
        };
        verdict(&evidence, 0.05).name()
    })
    .collect()
}

fn gated<'t>(test: &Value, label: &'t str) -> GatedTest<'t> {
    const ALL: [Verdict; 9] = [
        Verdict::Incomparable,
        Verdict::Missing,
        Verdict::New,
        Verdict::Identical,
        Verdict::Regressed,
        Verdict::Improved,
        Verdict::BelowMargin,
        Verdict::Inconclusive,
        Verdict::Changed,
    ];
    let word = test["verdict"].as_str().expect("a verdict");
    let verdict = ALL.into_iter().find(|verdict| verdict.name() == word);
    GatedTest {
        label,
        verdict: verdict.expect("a known verdict"),
        delta: test["delta"].as_f64(),
        lower: test["lower_one_sided_95"].as_f64(),
        informative_clusters: test["informative_clusters"].as_u64().unwrap_or(0) as usize,
        is_blind: false,
    }
}

fn outcome(outcome: GateOutcome) -> &'static str {
    match outcome {
        GateOutcome::Pass => "pass",
        GateOutcome::Undecided => "undecided",
        GateOutcome::Fail => "fail",
    }
}

fn exit_codes(input: &Value) -> Value {
    let gate = |name: &Value| -> Gate {
        let name = name.as_str().expect("a gate");
        let with = match name {
            "slower" => "slower=5%".to_owned(),
            "margin" | "noninferior" => format!("{name}=0.5pt"),
            name => name.to_owned(),
        };
        with.parse().expect("a gate")
    };
    let rows = input.as_array().expect("rows").iter();
    rows.map(|row| {
        let list = |key: &str| row[key].as_array().expect("gates").iter().map(gate);
        let failed = list("failed").map(|gate| (gate, GateOutcome::Fail));
        let undecided = list("undecided").map(|gate| (gate, GateOutcome::Undecided));
        GateExit::of(failed.chain(undecided)).code()
    })
    .collect()
}

fn timing_effect(input: &Value) -> Value {
    let times = |key: &str| -> Vec<u64> {
        numbers(&input[key]).into_iter().map(|ns| ns as u64).collect()
    };
    let rounds: Vec<(u64, u64)> =
        times("baseline_cpu_ns").into_iter().zip(times("current_cpu_ns")).collect();
    let effect = timing::effect(&rounds).expect("rounds");
    let at = |key: &str| input[key].as_f64().expect("a number");
    json!({
        "effect_log": effect.effect, "effect_percent": 100.0 * effect.share(),
        "ci95_log": effect.interval, "ranks": median::ranks(10).map(|found| found.0),
        "verdict": timing::verdict(&effect, at("noise_floor"), at("slower")).name(),
    })
}

fn latencies(input: &Value) -> Value {
    let at = |key: &str| input[key].as_u64().expect("a number");
    let (from, to) = (at("milliseconds_from"), at("milliseconds_to"));
    let mut times: Vec<timing::Latency> = (from..=to).map(timing::Latency::Ns).collect();
    times.extend((0..at("timed_out")).map(|_| timing::Latency::TimedOut));
    let found = timing::latencies(&times);
    let shown = |latency: Option<timing::Latency>| match latency {
        None => Value::Null,
        Some(timing::Latency::Ns(ms)) => json!(ms),
        Some(timing::Latency::TimedOut) => json!(format!("> {} ms", at("limit_ms"))),
    };
    json!({
        "n": found.n, "p50": shown(found.p50), "p90": shown(found.p90),
        "p99": shown(found.p99), "max": shown(found.max),
    })
}
