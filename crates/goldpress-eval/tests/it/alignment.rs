//! The alignment and the largest matchings against plain enumeration of every choice.

use goldpress_eval::{Item, Plan, Ranges, Sides, align};
use goldpress_model::{CharRange, LooseAnnotation};
use proptest::{collection::vec, prelude::*};

use crate::common::span_schema;

type Spans = Vec<(usize, Vec<(u32, u32)>, u8)>;

const LABELS: [&str; 2] = ["A", "B"];

/// Few places, so that nesting, equal fragments and ties are common.
fn spans() -> impl Strategy<Value = Spans> {
    let fragments = prop_oneof![
        4 => (0..8_u32, 1..6_u32).prop_map(|(start, len)| vec![(start, start + len)]),
        1 => (0..4_u32, 1..3_u32)
            .prop_map(|(start, len)| vec![(start, start + len), (start + len + 1, start + len + 3)]),
    ];
    vec((0..2_usize, fragments, 0..2_u8), 0..5)
}

fn lines(spans: &Spans) -> Vec<LooseAnnotation> {
    let mut lines: Vec<LooseAnnotation> = spans
        .iter()
        .map(|(label, fragments, attr)| LooseAnnotation {
            label: LABELS[*label].to_owned(),
            fragments: fragments
                .iter()
                .map(|&(start, end)| CharRange { start, end })
                .collect(),
            attrs: [("x".to_owned(), attr.to_string().as_str().into())].into(),
            ..LooseAnnotation::default()
        })
        .collect();
    // Repeats are gone before anything is aligned.
    lines.sort_by(|a, b| {
        (&a.fragments, &a.label, &a.attrs).cmp(&(&b.fragments, &b.label, &b.attrs))
    });
    lines.dedup();
    lines
}

fn items<'a>(plan: &Plan<'_>, lines: &'a [LooseAnnotation]) -> Vec<Item<'a>> {
    let item = |line: &'a LooseAnnotation| Item {
        label: plan.label(&line.label).expect("a label of the schema"),
        place: Ranges::merged(line.fragments.iter().copied()),
        source: line,
    };
    lines.iter().map(item).collect()
}

/// What a choice of pairs is worth by the rule, and its sorted keys.
fn worth(sides: &Sides<'_>, pairs: &[(u32, u32)]) -> [i64; 6] {
    let mut sum = [0; 6];
    for &(g, p) in pairs {
        let (gold, predicted) = (&sides.gold[g as usize], &sides.predicted[p as usize]);
        let (place, label) =
            (gold.place == predicted.place, gold.label == predicted.label);
        let apart = gold.place.start().abs_diff(predicted.place.start())
            + gold.place.end().abs_diff(predicted.place.end());
        let of_pair = [
            i64::from(place && label),
            i64::from(place),
            1,
            i64::from(label),
            gold.place.shared(&predicted.place) as i64,
            -i64::from(apart),
        ];
        sum.iter_mut().zip(of_pair).for_each(|(sum, value)| *sum += value);
    }
    sum
}

type Key = (Vec<CharRange>, String, String);

fn keys(sides: &Sides<'_>, pairs: &[(u32, u32)]) -> Vec<(Key, Key)> {
    let key = |item: &Item<'_>| -> Key {
        let runs = item.place.runs().collect();
        (runs, item.source.label.clone(), format!("{:?}", item.source.attrs))
    };
    let mut keys: Vec<(Key, Key)> = pairs
        .iter()
        .map(|&(g, p)| {
            let (a, b) =
                (key(&sides.gold[g as usize]), key(&sides.predicted[p as usize]));
            if a <= b { (a, b) } else { (b, a) }
        })
        .collect();
    keys.sort();
    keys
}

/// Every one-to-one choice of pairs that share a character.
fn choices(
    sides: &Sides<'_>,
    from: usize,
    chosen: &mut Vec<(u32, u32)>,
    all: &mut Vec<Vec<(u32, u32)>>,
) {
    if from == sides.gold.len() {
        all.push(chosen.clone());
        return;
    }
    choices(sides, from + 1, chosen, all);
    for p in 0..sides.predicted.len() {
        let taken = chosen.iter().any(|pair| pair.1 as usize == p);
        let shared = sides.gold[from].place.shared(&sides.predicted[p].place);
        if !taken && shared > 0 {
            chosen.push((from as u32, p as u32));
            choices(sides, from + 1, chosen, all);
            chosen.pop();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]
    #[test]
    fn the_alignment_is_the_best_of_all_choices(gold in spans(), predicted in spans()) {
        let schema = span_schema(&LABELS);
        let plan = Plan::new(&schema, goldpress_eval::Options::default()).expect("a plan");
        let (gold, predicted) = (lines(&gold), lines(&predicted));
        let sides = Sides::new(items(&plan, &gold), items(&plan, &predicted), Vec::new());
        let found = align(&sides);
        let mut all = Vec::new();
        choices(&sides, 0, &mut Vec::new(), &mut all);
        let best = all.iter().map(|pairs| worth(&sides, pairs)).max().expect("one at least");
        prop_assert_eq!(worth(&sides, &found), best);
        let first = all.iter()
            .filter(|pairs| worth(&sides, pairs) == best)
            .map(|pairs| keys(&sides, pairs))
            .min();
        prop_assert_eq!(Some(keys(&sides, &found)), first);
    }
}
