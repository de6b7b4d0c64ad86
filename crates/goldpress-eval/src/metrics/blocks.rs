//! Block roles: does each line of the article do what the system says?

use std::collections::BTreeMap;

use goldpress_model::{CharRange, Counts};

use super::{Family, Metric, Unit, entry};
use crate::{Ranges, plan::Plan, scene::Scene, sides::Label, tally::Tally};

/// A block with the right role.
pub(super) const BLOCK: Metric =
    Metric { unit: Unit::Block, default: true, ..entry("block", Family::Block, block) };
/// A block with the right content class.
pub(super) const CLASS: Metric = Metric {
    unit: Unit::Block,
    default: true,
    ..entry("block.class", Family::Block, class)
};
/// Roles, each block weighing its characters that are not white space.
pub(super) const CHAR: Metric =
    Metric { unit: Unit::Character, ..entry("block.char", Family::Block, chars) };
/// Content classes, weighed the same way.
pub(super) const CLASS_CHAR: Metric = Metric {
    unit: Unit::Character,
    ..entry("block.class.char", Family::Block, class_chars)
};
/// The confusion of roles.
pub(super) const CELLS: Metric = Metric {
    unit: Unit::Block,
    share: true,
    default: true,
    cells: true,
    ..entry("cell.same", Family::Block, cells)
};

/// The blocks of an article that are not blank, with what each side says of them.
#[derive(Debug, Default)]
pub(crate) struct Blocks(Vec<Judged>);

#[derive(Debug)]
struct Judged {
    /// The gold block, as an index into the sides of the scene.
    at: usize,
    gold: Role,
    predicted: Option<Role>,
    /// Characters that are not white space.
    weight: u64,
}

/// A role with its rank in the schema, and its class.
#[derive(Debug, Clone, Copy)]
struct Role {
    rank: usize,
    label: Label,
    class: Label,
}

impl Blocks {
    fn of(scene: &Scene<'_>) -> Blocks {
        let roles: BTreeMap<Label, Role> = scene
            .spec
            .into_iter()
            .flat_map(|spec| spec.labels.iter().enumerate())
            .filter_map(|(rank, spec)| {
                let label = scene.plan.label(&spec.name)?;
                let class = spec.class.as_deref().and_then(|name| scene.plan.label(name));
                Some((label, Role { rank, label, class: class.unwrap_or(label) }))
            })
            .collect();
        // By character: how many before it are not white space.
        let mut dark: Vec<u64> = vec![0];
        for c in scene.gold.text.chars() {
            dark.push(dark[dark.len() - 1] + u64::from(!c.is_whitespace()));
        }
        let weight = |place: &Ranges| -> u64 {
            let run = |run: CharRange| dark[run.end as usize] - dark[run.start as usize];
            place.runs().map(run).sum()
        };
        let sides = &scene.sides;
        let judged = sides.gold.iter().enumerate().filter_map(|(at, item)| {
            let gold = *roles.get(&item.label)?;
            let mut covered: BTreeMap<Label, Ranges> = BTreeMap::new();
            let from = sides.edges.partition_point(|edge| (edge.gold as usize) < at);
            for edge in sides.edges[from..].iter().take_while(|e| e.gold as usize == at) {
                let claim = sides.predicted_of(edge);
                let both = claim.place.intersection(&item.place);
                let of_role = covered.entry(claim.label).or_default();
                *of_role = of_role.union(&both);
            }
            // The role that covers most; on a tie the one that the schema names first.
            let predicted = covered
                .iter()
                .filter_map(|(label, place)| Some((weight(place), roles.get(label)?)))
                .filter(|(weight, _)| *weight > 0)
                .max_by_key(|(weight, role)| (*weight, std::cmp::Reverse(role.rank)))
                .map(|(_, role)| *role);
            Some(Judged { at, gold, predicted, weight: weight(&item.place) })
        });
        Blocks(judged.filter(|block| block.weight > 0).collect())
    }
}

/// Gold blocks whose role is not the one that is projected onto them: the block, as an
/// index into the sides of the scene, and that role, where anything covers it.
pub(crate) fn wrong(scene: &Scene<'_>) -> Vec<(usize, Option<Label>)> {
    let blocks = &scene.blocks.get_or_init(|| Blocks::of(scene)).0;
    let predicted = |block: &Judged| block.predicted.map(|role| role.label);
    let is_wrong = |block: &&Judged| predicted(block) != Some(block.gold.label);
    blocks.iter().filter(is_wrong).map(|block| (block.at, predicted(block))).collect()
}

fn count(
    scene: &Scene<'_>,
    tally: &mut Tally,
    label: impl Fn(&Role) -> Label,
    weight: impl Fn(&Judged) -> u64,
) {
    for block in &scene.blocks.get_or_init(|| Blocks::of(scene)).0 {
        let gold = label(&block.gold);
        let weight = weight(block);
        tally.expect(gold, weight);
        if let Some(predicted) = block.predicted.as_ref().map(&label) {
            tally.claim(predicted, weight);
            if predicted == gold {
                tally.find(gold, weight);
            }
        }
    }
}

fn block(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    count(scene, tally, |role| role.label, |_| 1);
}

fn class(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    count(scene, tally, |role| role.class, |_| 1);
}

fn chars(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    count(scene, tally, |role| role.label, |block| block.weight);
}

fn class_chars(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    count(scene, tally, |role| role.class, |block| block.weight);
}

fn cells(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    for block in &scene.blocks.get_or_init(|| Blocks::of(scene)).0 {
        let predicted = block.predicted.map(|role| role.label);
        let one = Counts { found: 1, ..Counts::default() };
        tally.add(Plan::cell(Some(block.gold.label), predicted), one);
    }
}
