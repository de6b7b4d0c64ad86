//! Comparisons of two runs: what moves a verdict and what must not.

use std::collections::BTreeMap;

use goldpress_eval::{
    Average, Compared, Comparison, Table, Task, UnitChoice, Verdict, clusters, compare,
    compare_by,
    gate::{Gate, GateInput, GateOutcome, GatedTest, apply},
    statistics::{moved::Moved, permutation::Resampling, random::Draws},
};
use goldpress_model::{CountRow, Counts, Digest};
use proptest::{collection::vec, prelude::*};

const LABELS: [&str; 3] = ["GPE", "ORG", "PERSON"];

type Docs = Vec<[(u64, u64, u64); 3]>;

fn id(at: usize) -> Digest {
    let mut bytes = [0; 16];
    bytes[8..].copy_from_slice(&(at as u64).to_be_bytes());
    Digest::from(bytes)
}

fn table(docs: &Docs) -> Table {
    let ids: Vec<Digest> = (0..docs.len()).map(id).collect();
    let mut rows = Vec::new();
    for (at, doc) in docs.iter().enumerate() {
        for (label, &(found, spurious, missed)) in LABELS.iter().zip(doc) {
            rows.push(CountRow {
                system: "acme".into(),
                doc_id: id(at),
                layer: "entity".into(),
                metric: "strict".into(),
                label: (*label).to_owned(),
                counts: Counts { found, spurious, missed },
            });
        }
    }
    Table::from_rows(&ids, &rows)
}

fn how(average: Average) -> Comparison<'static> {
    Comparison {
        tasks: vec![Task { layer: "entity", metric: "strict", average }],
        resampling: Resampling { seed: 42, resamples: 199 },
        ..Comparison::default()
    }
}

/// Gold of a document is given: what a system finds of it and makes up may differ.
fn pairs() -> impl Strategy<Value = (Docs, Docs)> {
    let label = (0..5_u64).prop_flat_map(|gold| {
        let side = || (0..=gold, 0..3_u64);
        (side(), side())
            .prop_map(move |((a, x), (b, y))| ((a, x, gold - a), (b, y, gold - b)))
    });
    let doc = [label.clone(), label.clone(), label];
    vec(doc, 1..10).prop_map(|docs| {
        docs.into_iter()
            .map(|doc| (doc.map(|pair| pair.0), doc.map(|pair| pair.1)))
            .unzip()
    })
}

#[track_caller]
fn headline(compared: &Compared) -> &goldpress_eval::Test {
    compared.tests.first().expect("a headline")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn swapping_the_systems_flips_the_difference_and_leaves_p((a, b) in pairs()) {
        for average in [Average::Micro, Average::Documents, Average::Labels] {
            let there = compare(Some(&table(&a)), Some(&table(&b)), &how(average));
            let back = compare(Some(&table(&b)), Some(&table(&a)), &how(average));
            for (there, back) in there.tests.iter().zip(&back.tests) {
                prop_assert_eq!((there.p, there.p_adjusted), (back.p, back.p_adjusted));
                let (x, y) = (there.difference.expect("both"), back.difference.expect("both"));
                prop_assert_eq!(x.delta, y.delta.map(|delta| 0.0 - delta));
                let flipped = y.interval.map(|(low, high)| (0.0 - high, 0.0 - low));
                prop_assert_eq!(x.interval, flipped);
            }
        }
    }

    #[test]
    fn a_run_against_itself_is_identical_throughout((a, _) in pairs()) {
        for average in [Average::Micro, Average::Documents, Average::Labels] {
            let same = compare(Some(&table(&a)), Some(&table(&a)), &how(average));
            for test in &same.tests {
                prop_assert_eq!(test.verdict, Verdict::Identical);
                prop_assert!(test.p.is_none_or(|p| p == 1.0));
            }
            prop_assert!(same.documents[0].values().all(|moved| *moved == Moved::Same));
        }
    }

    #[test]
    fn documents_without_anything_change_no_test((a, b) in pairs(), more in 1..5_usize) {
        let longer = |docs: &Docs| {
            let mut docs = docs.clone();
            docs.extend((0..more).map(|_| [(0, 0, 0); 3]));
            docs
        };
        let plain = compare(Some(&table(&a)), Some(&table(&b)), &how(Average::Micro));
        let (a, b) = (longer(&a), longer(&b));
        let padded = compare(Some(&table(&a)), Some(&table(&b)), &how(Average::Micro));
        prop_assert_eq!(plain.tests, padded.tests);
    }

    #[test]
    fn a_relabelling_of_clusters_that_keeps_their_order_changes_no_bit((a, b) in pairs()) {
        let keyed = |name: fn(usize) -> String| {
            let clusters = (0..a.len()).map(|at| (id(at), name(at / 2))).collect();
            let how = Comparison { clusters, ..how(Average::Micro) };
            compare(Some(&table(&a)), Some(&table(&b)), &how).tests
        };
        prop_assert_eq!(keyed(|at| format!("{at:03}")), keyed(|at| format!("outlet-{at:05}")));
    }
}

#[test]
fn a_label_that_fell_is_named_and_fails_the_gate() {
    // Twelve documents; the current run misses one GPE in each and nothing else moves.
    let a: Docs = (0..12).map(|_| [(3, 0, 0), (2, 1, 0), (4, 0, 1)]).collect();
    let b: Docs = (0..12).map(|_| [(2, 0, 1), (2, 1, 0), (4, 0, 1)]).collect();
    let found = compare(Some(&table(&a)), Some(&table(&b)), &how(Average::Micro));
    let words: Vec<(&str, &str)> =
        found.tests.iter().map(|test| (&*test.label, test.verdict.name())).collect();
    assert_eq!(
        words,
        [
            ("*", "regressed"),
            ("GPE", "regressed"),
            ("ORG", "identical"),
            ("PERSON", "identical")
        ]
    );
    assert!(found.documents[0].values().all(|moved| *moved == Moved::Worse));
    assert_eq!(gate(Gate::Significant, &found), GateOutcome::Fail);
    assert_eq!(gate(Gate::Any, &found), GateOutcome::Fail);
    assert_eq!(gate(Gate::NonInferior(0.5), &found), GateOutcome::Undecided);
    assert_eq!(gate(Gate::DocRegressions(12), &found), GateOutcome::Pass);
    assert_eq!(gate(Gate::DocRegressions(11), &found), GateOutcome::Fail);
}

fn gate(gate: Gate, found: &Compared) -> GateOutcome {
    let tests: Vec<GatedTest<'_>> =
        found.tests.iter().map(goldpress_eval::Test::gated).collect();
    let worse = found.documents[0].values().filter(|moved| **moved == Moved::Worse);
    let n_worse = worse.count() as u64;
    let (labels, n_worse_outlets) = (&[][..], 0);
    let n_new_errors = Some(0);
    apply(
        gate,
        &GateInput { tests: &tests, labels, n_worse_outlets, n_worse, n_new_errors },
    )
}

#[test]
fn a_run_without_a_baseline_is_new_and_nothing_passes_unseen() {
    let a: Docs = (0..8).map(|_| [(3, 0, 0), (0, 0, 0), (4, 0, 1)]).collect();
    let found = compare(None, Some(&table(&a)), &how(Average::Micro));
    assert_eq!(headline(&found).verdict, Verdict::New);
    assert_eq!(gate(Gate::Significant, &found), GateOutcome::Undecided);
    let found = compare(Some(&table(&a)), None, &how(Average::Micro));
    assert_eq!(headline(&found).verdict, Verdict::Missing);
    assert_eq!(gate(Gate::Significant, &found), GateOutcome::Fail);
}

#[test]
fn other_gold_is_never_compared() {
    let a: Docs = (0..8).map(|_| [(3, 0, 0), (0, 0, 0), (4, 0, 1)]).collect();
    let how = Comparison { comparable: false, ..how(Average::Micro) };
    let found = compare(Some(&table(&a)), Some(&table(&a)), &how);
    assert!(found.tests.iter().all(|test| test.verdict == Verdict::Incomparable));
    assert!(found.tests.iter().all(|test| test.p.is_none()));
    assert_eq!(gate(Gate::Significant, &found), GateOutcome::Undecided);
}

#[test]
fn five_clusters_say_nothing_however_large_the_fall() {
    let a: Docs = (0..5).map(|_| [(9, 0, 0), (0, 0, 0), (0, 0, 0)]).collect();
    let b: Docs = (0..5).map(|_| [(1, 0, 8), (0, 0, 0), (0, 0, 0)]).collect();
    let found = compare(Some(&table(&a)), Some(&table(&b)), &how(Average::Micro));
    assert_eq!(headline(&found).verdict, Verdict::Inconclusive);
    assert_eq!(headline(&found).p, None);
}

#[test]
fn sources_are_the_unit_where_twelve_occur() {
    let docs: Vec<(Digest, Option<String>)> = (0..32)
        .map(|at| (id(at), (at > 1).then(|| format!("outlet-{}", at % 10))))
        .collect();
    let docs: Vec<(Digest, Option<&str>)> =
        docs.iter().map(|(id, source)| (*id, source.as_deref())).collect();
    // Ten outlets, and two documents without one that are sources of their own.
    let (found, by_source) = clusters(&docs, UnitChoice::Auto);
    assert!(by_source);
    assert_eq!(found.values().collect::<std::collections::BTreeSet<_>>().len(), 12);
    let (_, by_source) = clusters(&docs[2..], UnitChoice::Auto);
    assert!(!by_source);
}

/// Two equally good systems over 30 clusters, too many to try every mask; with `source` each system has its own luck
/// with every cluster.
fn null_pair(seed: u64, source: bool) -> (Docs, Docs) {
    let mut draws = Draws::new(seed);
    let mut share = |luck: [u64; 2]| {
        let gold = 4 + draws.below(8);
        luck.map(|luck| {
            let found = (0..gold).filter(|_| draws.below(100) < luck).count() as u64;
            (found, draws.below(3), gold - found)
        })
    };
    let mut luck = Draws::new(seed ^ 0x5eed);
    (0..30)
        .map(|_| {
            let of_cluster =
                [0, 1].map(|_| if source { 60 + luck.below(40) } else { 80 });
            let [a, b] = share(of_cluster);
            ([a, (0, 0, 0), (0, 0, 0)], [b, (0, 0, 0), (0, 0, 0)])
        })
        .unzip()
}

#[test]
fn equally_good_systems_are_told_apart_about_one_time_in_twenty() {
    for (source, from) in [(false, 1_000_000), (true, 2_000_000)] {
        let n = 600;
        let rejected = (0..n)
            .filter(|at| {
                let (a, b) = null_pair(from + at, source);
                let found =
                    compare(Some(&table(&a)), Some(&table(&b)), &how(Average::Micro));
                headline(&found).p.is_some_and(|p| p <= 0.05)
            })
            .count();
        let share = rejected as f64 / n as f64;
        assert!((0.03..=0.07).contains(&share), "source {source}: {share}");
    }
}

#[test]
fn slices_of_documents_sum_their_own_counts() {
    use goldpress_eval::{slices, summarise};

    let a: Docs = (0..6).map(|at| [(at, 0, 1), (0, 0, 0), (0, 1, 0)]).collect();
    let of = |at: usize| -> std::collections::BTreeSet<String> {
        [format!("s{}", at % 2), "both".to_owned()].into()
    };
    let named = (0..4).map(|at| (id(at), of(at))).collect();
    let cut = slices::cut(&table(&a), &named);
    let found = |slice: &str| summarise(&cut[slice])[0].total.found;
    assert_eq!(cut.keys().collect::<Vec<_>>(), ["-", "both", "s0", "s1"]);
    assert_eq!((found("s0"), found("s1"), found("both"), found("-")), (2, 4, 6, 9));
    assert_eq!((slices::length(499), slices::length(10_000)), ("0–499", "10000+"));
}

/// 200 documents of some outlets, five labels beside the one that loses all recall.
fn one_label_lost(n_outlets: usize) -> (Table, Table, Vec<(Digest, Option<String>)>) {
    let mut draws = Draws::new(7);
    let label = |at: usize, lost: bool, draws: &mut Draws| {
        let gold = 2 + draws.below(4);
        let found = gold.min(1 + draws.below(gold));
        let name = format!("L{at}");
        (name, [found, draws.below(2), gold - found], if lost { 0 } else { found })
    };
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for doc in 0..200 {
        for at in 0..6 {
            let (name, [found, spurious, missed], kept) = label(at, at == 0, &mut draws);
            let row = |found: u64, missed: u64| CountRow {
                system: "acme".into(),
                doc_id: id(doc),
                layer: "entity".into(),
                metric: "strict".into(),
                label: name.clone(),
                counts: Counts { found, spurious, missed },
            };
            old.push(row(found, missed));
            new.push(row(kept, missed + found - kept));
        }
    }
    let ids: Vec<Digest> = (0..200).map(id).collect();
    let sources = (0..200).map(|at| (id(at), Some(format!("outlet-{}", at % n_outlets))));
    (Table::from_rows(&ids, &old), Table::from_rows(&ids, &new), sources.collect())
}

fn named(sources: &[(Digest, Option<String>)]) -> Vec<(Digest, Option<&str>)> {
    sources.iter().map(|(id, source)| (*id, source.as_deref())).collect()
}

#[test]
fn a_label_that_is_lost_is_found_at_any_number_of_outlets() {
    for n_outlets in [2, 4, 6, 8, 12, 50] {
        let (old, new, sources) = one_label_lost(n_outlets);
        let how = Comparison {
            resampling: Resampling { seed: 42, resamples: 999 },
            ..how(Average::Micro)
        };
        let (found, unit) =
            compare_by(Some(&old), Some(&new), &how, &named(&sources), UnitChoice::Auto);
        assert_eq!(unit.by_source, n_outlets >= 12, "{n_outlets}");
        assert_eq!(unit.because.is_some(), n_outlets < 12);
        assert_eq!(headline(&found).verdict, Verdict::Regressed, "{n_outlets} outlets");
        assert_eq!(found.tests[1].verdict, Verdict::Regressed, "{n_outlets} outlets");
        assert_eq!(gate(Gate::Significant, &found), GateOutcome::Fail);
    }
    // Asked for by outlet, six of them cannot show it among six labels, and that is said.
    let (old, new, sources) = one_label_lost(6);
    let (found, unit) = compare_by(
        Some(&old),
        Some(&new),
        &how(Average::Micro),
        &named(&sources),
        UnitChoice::Source,
    );
    assert!(unit.by_source);
    let label = &found.tests[1];
    assert_eq!((label.verdict, label.is_blind()), (Verdict::Inconclusive, true));
}

#[test]
fn an_outlet_that_breaks_is_found_by_itself() {
    let (old, _, sources) = one_label_lost(20);
    let outlets: BTreeMap<Digest, String> =
        sources.iter().filter_map(|(doc, name)| Some((*doc, name.clone()?))).collect();
    // Everything of one outlet in twenty is lost, and all others find a little more.
    let rows = old.to_rows("acme").map(|mut row| {
        let Counts { found, missed, .. } = row.counts;
        if outlets[&row.doc_id] == "outlet-3" {
            (row.counts.found, row.counts.missed) = (0, found + missed);
        } else if missed > 0 && row.label == "L1" {
            (row.counts.found, row.counts.missed) = (found + 1, missed - 1);
        }
        row
    });
    let ids: Vec<Digest> = (0..200).map(id).collect();
    let new = Table::from_rows(&ids, &rows.collect::<Vec<_>>());
    let how = Comparison {
        outlets,
        resampling: Resampling { seed: 42, resamples: 999 },
        ..how(Average::Micro)
    };
    let (found, _) =
        compare_by(Some(&old), Some(&new), &how, &named(&sources), UnitChoice::Auto);
    let worse: Vec<&str> = found
        .outlets
        .iter()
        .filter(|one| one.is_worse)
        .map(|one| one.outlet.as_str())
        .collect();
    assert_eq!(worse, ["outlet-3"]);
    assert_eq!((found.outlets.len(), found.n_small_outlets), (20, 0));
    let same = compare(Some(&old), Some(&old), &how);
    assert!(same.outlets.iter().all(|one| !one.is_worse && !one.is_blind));
}

#[test]
fn a_fall_that_could_not_have_been_seen_leaves_the_gate_undecided() {
    // One document of eight is worse: one mask in two is as extreme.
    let a: Docs = (0..8).map(|_| [(3, 0, 0), (2, 1, 0), (4, 0, 1)]).collect();
    let mut b = a.clone();
    b[3][0] = (1, 0, 2);
    let found = compare(Some(&table(&a)), Some(&table(&b)), &how(Average::Micro));
    let test = headline(&found);
    assert_eq!((test.verdict, test.is_blind()), (Verdict::Inconclusive, true));
    assert_eq!(gate(Gate::Significant, &found), GateOutcome::Undecided);
    let back = compare(Some(&table(&b)), Some(&table(&a)), &how(Average::Micro));
    assert_eq!(gate(Gate::Significant, &back), GateOutcome::Pass);
}

#[test]
fn one_headline_may_be_named_to_decide_alone() {
    let (old, new, _) = one_label_lost(200);
    let two = |primary| Comparison {
        tasks: vec![
            Task { layer: "entity", metric: "strict", average: Average::Micro },
            Task { layer: "timex", metric: "strict", average: Average::Micro },
        ],
        primary,
        ..how(Average::Micro)
    };
    let level = |primary| {
        let found = compare(Some(&old), Some(&new), &two(primary));
        headline(&found).alpha
    };
    assert_eq!(level(None), 0.05);
    assert_eq!(level(Some(("entity", "strict"))), 0.05);
    assert_eq!(level(Some(("timex", "strict"))), 0.025);
}
