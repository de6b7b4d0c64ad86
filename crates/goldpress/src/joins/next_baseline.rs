//! What an evaluation would make the next baseline, and whether the last one compares.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{Digest, RunOutcome};
use goldpress_store::{
    BASELINE_VERSION, Baseline, BaselineDocument, BaselineHeader, BaselineSystem,
    result::{CommonInfo, EvalResult},
};

use super::{gold::Gold, scoring::ScoredRun, sound_baseline::other_support};

/// Documents named where two golds differ.
const NAMED: usize = 20;

/// The results of an evaluation as a baseline that nobody has accepted.
pub(crate) fn baseline_of(
    gold: &Gold,
    result: &EvalResult,
    runs: &[ScoredRun],
) -> Baseline {
    let systems = runs.iter().map(|run| {
        let system = BaselineSystem {
            config: run.about.config_hash.clone(),
            predictions: run.about.predictions.clone(),
            version: run.about.version.clone(),
        };
        (run.system.name.clone(), system)
    });
    let documents = gold.documents().map(|(doc, hash, _)| BaselineDocument {
        doc,
        gold: hash,
        n: BTreeMap::new(),
        o: outcomes_of(doc, runs),
    });
    let mut baseline = Baseline {
        header: BaselineHeader {
            goldpress_baseline: BASELINE_VERSION,
            because: String::new(),
            documents: gold.len() as u64,
            gold: result.gold.hash.clone(),
            metrics: result.versions.metrics.clone(),
            norm: result.versions.norm.clone(),
            schema: result.gold.schema.clone(),
            scope: result.scope.clone(),
            split: result.split.clone(),
            systems: systems.collect(),
            tokeniser: result.versions.tokeniser.clone(),
        },
        documents: documents.collect(),
    };
    for run in runs {
        baseline.set_rows(&run.system.name, &run.primary_rows);
    }
    baseline
}

fn outcomes_of(doc: Digest, runs: &[ScoredRun]) -> BTreeMap<String, RunOutcome> {
    let other = runs.iter().filter_map(|run| {
        let outcome = *run.outcomes.get(&doc)?;
        (outcome != RunOutcome::Ok).then(|| (run.system.name.clone(), outcome))
    });
    other.collect()
}

/// What keeps two results from being compared, in words; empty when nothing does.
pub(crate) fn differences(old: &Baseline, new: &Baseline) -> Vec<String> {
    let (a, b) = (&old.header, &new.header);
    let mut found = Vec::new();
    for (what, old, new) in [
        ("metrics", &a.metrics, &b.metrics),
        ("normalisation of values", &a.norm, &b.norm),
        ("schema", &a.schema, &b.schema),
        ("scope", &a.scope, &b.scope),
        ("split", &a.split, &b.split),
        ("tokeniser", &a.tokeniser, &b.tokeniser),
    ] {
        if old != new {
            found.push(format!("{what}: `{old}` in the baseline, `{new}` here"));
        }
    }
    if a.gold != b.gold {
        found.push(format!(
            "gold: {} in the baseline, {} here",
            short(&a.gold),
            short(&b.gold)
        ));
        found.extend(changed_gold(old, new));
    } else {
        found.extend(other_support(old, new));
    }
    found
}

fn changed_gold(old: &Baseline, new: &Baseline) -> Vec<String> {
    let of = |baseline: &Baseline| -> BTreeMap<Digest, Digest> {
        baseline.documents.iter().map(|one| (one.doc, one.gold)).collect()
    };
    let (old, new) = (of(old), of(new));
    let all: BTreeSet<&Digest> = old.keys().chain(new.keys()).collect();
    let word = |doc: &&Digest| match (old.get(doc), new.get(doc)) {
        (Some(a), Some(b)) if a == b => None,
        (Some(_), Some(_)) => Some(format!("  {doc} changed")),
        (Some(_), None) => Some(format!("  {doc} is gone")),
        (None, _) => Some(format!("  {doc} is new")),
    };
    let words: Vec<String> = all.iter().filter_map(word).collect();
    let more = words.len().saturating_sub(NAMED);
    let named = words.into_iter().take(NAMED);
    named.chain((more > 0).then(|| format!("  and {more} more"))).collect()
}

/// Leaves documents out whose gold is not the same on both sides, on both sides.
pub(crate) fn keep_common(gold: &mut Gold, old: &mut Baseline) -> CommonInfo {
    let theirs: BTreeMap<Digest, Digest> =
        old.documents.iter().map(|one| (one.doc, one.gold)).collect();
    let ours: BTreeMap<Digest, Digest> =
        gold.documents().map(|(doc, hash, _)| (doc, hash)).collect();
    let all: BTreeSet<Digest> = theirs.keys().chain(ours.keys()).copied().collect();
    let is_same =
        |doc: &&Digest| ours.contains_key(doc) && ours.get(doc) == theirs.get(doc);
    let common: BTreeSet<Digest> = all.iter().filter(is_same).copied().collect();
    gold.keep(&common);
    old.documents.retain(|one| common.contains(&one.doc));
    old.header.documents = common.len() as u64;
    old.header.gold = gold.hash.to_string();
    CommonInfo { documents: common.len() as u64, of: all.len() as u64 }
}

fn short(hash: &str) -> &str {
    hash.get(..8).unwrap_or(hash)
}
