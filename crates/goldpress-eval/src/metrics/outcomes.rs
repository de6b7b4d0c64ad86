//! Cells of the confusion: what became of each aligned pair and each item left over.

use goldpress_model::Counts;

use super::{Family, Labels, Metric, entry};
use crate::{plan::Plan, scene::Scene, sides::Label, tally::Tally};

/// Aligned pairs with equal fragments.
pub(super) const CELL_SAME: Metric = Metric {
    share: true,
    default: true,
    cells: true,
    ..entry("cell.same", Family::Span, cell_same)
};
/// Aligned pairs that only share characters.
pub(super) const CELL_OVER: Metric = Metric {
    share: true,
    default: true,
    cells: true,
    ..entry("cell.over", Family::Span, cell_over)
};
/// Items without a partner.
pub(super) const CELL_NONE: Metric = Metric {
    share: true,
    default: true,
    cells: true,
    ..entry("cell.none", Family::Span, cell_none)
};
/// Share of the aligned pairs that have one label.
pub(super) const CLASS: Metric =
    Metric { labels: Labels::Total, share: true, ..entry("class", Family::Span, class) };

fn cell(tally: &mut Tally, gold: Option<Label>, predicted: Option<Label>) {
    let one = Counts { found: 1, ..Counts::default() };
    tally.add(Plan::cell(gold, predicted), one);
}

fn cell_same(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    for (gold, predicted) in scene.pairs().filter(|(g, p)| g.place == p.place) {
        cell(tally, Some(gold.label), Some(predicted.label));
    }
}

fn cell_over(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    for (gold, predicted) in scene.pairs().filter(|(g, p)| g.place != p.place) {
        cell(tally, Some(gold.label), Some(predicted.label));
    }
}

fn cell_none(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let sides = &scene.sides;
    let mut gold_left = vec![true; sides.gold.len()];
    let mut predicted_left = vec![true; sides.predicted.len()];
    for &(g, p) in scene.alignment() {
        (gold_left[g as usize], predicted_left[p as usize]) = (false, false);
    }
    for (item, _) in sides.gold.iter().zip(&gold_left).filter(|pair| *pair.1) {
        cell(tally, Some(item.label), None);
    }
    for (item, _) in sides.predicted.iter().zip(&predicted_left).filter(|pair| *pair.1) {
        cell(tally, None, Some(item.label));
    }
    sides.malformed.iter().for_each(|&label| cell(tally, None, Some(label)));
}

fn class(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    for (gold, predicted) in scene.pairs() {
        tally.judge(scene.star(), gold.label == predicted.label);
    }
}
