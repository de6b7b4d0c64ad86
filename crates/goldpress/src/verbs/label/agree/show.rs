//! Agreement as people and programs read it.

use std::collections::BTreeMap;

use goldpress_eval::{Mistake, MistakeKind, Quoted};
use goldpress_label::agreement::divisor;
use serde_json::{Value, json};

use crate::{
    console::Console,
    joins::{Figure, Group},
};
use goldpress_report::counted;

/// Figures on a line.
const ON_A_LINE: usize = 3;

/// One group as a paragraph.
pub(super) fn text(
    group: &Group,
    list: bool,
    console: &mut Console,
) -> anyhow::Result<()> {
    let indent = " ".repeat(group.layer.len().max(12) + 2);
    writeln!(console.out, "{:<12}  {}", group.layer, head(group))?;
    for fault in &group.faults {
        writeln!(console.out, "{indent}fault: {fault}")?;
    }
    for line in group.figures.chunks(ON_A_LINE) {
        let shown: Vec<String> = line.iter().map(figure).collect();
        writeln!(console.out, "{indent}{}", shown.join("     "))?;
    }
    if !group.labels.is_empty() {
        let shown = group.labels.iter().map(|(label, f1)| match f1 {
            Some(f1) => format!("{label} {f1:.2}"),
            None => format!("{label} –"),
        });
        writeln!(
            console.out,
            "{indent}label  {}",
            shown.collect::<Vec<_>>().join("   ")
        )?;
    }
    if !group.confused.is_empty() {
        let shown = group.confused.iter().map(|((a, b), n)| format!("{a} ~ {b} {n}"));
        writeln!(
            console.out,
            "{indent}roles  {}",
            shown.collect::<Vec<_>>().join(" · ")
        )?;
    }
    if !group.disagreements.is_empty() {
        let kinds: Vec<String> =
            kinds(group).into_iter().map(|(kind, n)| format!("{kind} {n}")).collect();
        let n = group.disagreements.len();
        let hint = if list { "" } else { "     details: --list" };
        writeln!(console.out, "{indent}{n} disagree  {}{hint}", kinds.join(" · "))?;
    }
    for one in group.disagreements.iter().filter(|_| list) {
        writeln!(console.out, "{indent}{}", disagreement(one, group))?;
    }
    Ok(())
}

fn head(group: &Group) -> String {
    let documents = counted(group.n_documents as u64, "document");
    let mut parts = vec![format!("{documents} ({} empty in all)", group.n_empty)];
    let n_items: Vec<String> = group.n_items.iter().map(u64::to_string).collect();
    parts.push(format!("{} annotations", n_items.join(" and ")));
    if group.clusters.0 != group.n_documents {
        parts.push(format!("{} sources", group.clusters.0));
    }
    let guidelines: Vec<&str> = group.guidelines.iter().map(String::as_str).collect();
    if !guidelines.is_empty() {
        parts.push(guidelines.join(" and "));
    }
    parts.push(if group.is_blind { "blind" } else { "saw suggestions" }.to_owned());
    for (n, what) in [
        (group.n_left_out, "annotations in parts that somebody did not judge left out"),
        (group.n_overlapping, "overlapping spans of one label left out of alpha_u"),
        (group.n_mixed as u64, "documents of different guidelines"),
        (group.n_partly_done as u64, "left out, not done by all"),
    ] {
        if n > 0 {
            parts.push(format!("{n} {what}"));
        }
    }
    format!("{}   {}", group.sets.join(" ~ "), parts.join(" · "))
}

fn figure(figure: &Figure) -> String {
    let name = match figure.counts {
        Some(_) => format!("{} F1", figure.name),
        None => figure.name.clone(),
    };
    let is_shared = figure.name.ends_with(".shared");
    let links = figure.counts.filter(|_| is_shared);
    let units = figure
        .n_units
        .filter(|_| figure.name.ends_with("observed"))
        .map(|n| format!(" of {n} units"))
        .or_else(|| links.map(|[_, a, b]| format!(" of {a} and {b} with shared ends")))
        .unwrap_or_default();
    let value = match figure.value {
        Ok(value) => format!("{value:.4}"),
        Err(why) => format!("–  ({why})"),
    };
    let interval = figure
        .interval
        .map_or_else(String::new, |(low, high)| format!("   [{low:.4}, {high:.4}]"));
    let missing =
        figure.missing.map_or_else(String::new, |why| format!(" (no interval: {why})"));
    format!("{name} {value}{units}{interval}{missing}")
}

fn kind(kind: MistakeKind, group: &Group) -> String {
    let only = |at: usize| match group.sets.as_slice() {
        [_, _] => format!("only {}", group.sets[at]),
        _ => "only one".to_owned(),
    };
    match kind {
        MistakeKind::Boundary => "boundary".to_owned(),
        MistakeKind::Label => "label".to_owned(),
        MistakeKind::Both => "boundary + label".to_owned(),
        MistakeKind::Missed => only(0),
        MistakeKind::Spurious => only(1),
        other => other.name().to_owned(),
    }
}

fn kinds(group: &Group) -> Vec<(String, u64)> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for one in &group.disagreements {
        *counts.entry(kind(one.kind, group)).or_default() += 1;
    }
    let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}

fn disagreement(one: &Mistake, group: &Group) -> String {
    let side = |side: &Option<Quoted>| match side {
        Some(said) => {
            let (start, end) = (said.place.start(), said.place.end());
            let text = said.text.replace('\n', " ");
            format!("{start}..{end} {} “{text}”", said.label)
        }
        None => "–".to_owned(),
    };
    let kind = kind(one.kind, group);
    format!("{} {kind}: {} | {}", one.doc_id, side(&one.gold), side(&one.predicted))
}

/// Everything at full precision.
pub(super) fn json(groups: &[Group]) -> String {
    let groups: Vec<Value> = groups.iter().map(group_json).collect();
    goldpress_store::json::canonical(&json!({"goldpress_agreement": 1, "groups": groups}))
}

/// F1 of whole counts as the fraction it is; `None` where nothing was counted.
fn exact([matched, first, second]: [u64; 3]) -> Option<String> {
    let (part, whole) = (i128::from(2 * matched), i128::from(first + second));
    let common = divisor(part, whole);
    (whole > 0).then(|| match whole / common {
        1 => (part / common).to_string(),
        rest => format!("{}/{rest}", part / common),
    })
}

fn group_json(group: &Group) -> Value {
    let figures = group.figures.iter().map(|figure| {
        let reason = figure.value.err().map(|why| why.name());
        let counts = figure.counts.map(
            |[both, one, other]| json!({"matched": both, "first": one, "second": other}),
        );
        json!({
            "counts": counts,
            "exact": figure.counts.and_then(exact),
            "interval": figure.interval.map(|(low, high)| [low, high]),
            "name": figure.name,
            "no_interval": figure.missing,
            "reason": reason,
            "units": figure.n_units,
            "value": figure.value.ok(),
        })
    });
    let confused = group.confused.iter().map(|((a, b), n)| json!([a, b, n]));
    let disagreements = group.disagreements.iter().map(|one| {
        let side = |side: &Option<Quoted>| {
            side.as_ref().map(|said| {
                let ranges: Vec<[u32; 2]> =
                    said.place.runs().map(|range| [range.start, range.end]).collect();
                json!({"fragments": ranges, "label": said.label, "text": said.text})
            })
        };
        json!({
            "doc_id": one.doc_id.to_string(),
            "first": side(&one.gold),
            "kind": one.kind.name(),
            "second": side(&one.predicted),
        })
    });
    let (clusters, by_source) = group.clusters;
    json!({
        "annotations": group.n_items,
        "blind": group.is_blind,
        "clusters": clusters,
        "clusters_are": if by_source { "sources" } else { "documents" },
        "confused": confused.collect::<Vec<_>>(),
        "disagreements": disagreements.collect::<Vec<_>>(),
        "documents": group.n_documents,
        "empty": group.n_empty,
        "faults": group.faults,
        "figures": figures.collect::<Vec<_>>(),
        "guidelines": group.guidelines,
        "labels": group.labels,
        "layer": group.layer,
        "left_out": group.n_left_out,
        "mixed_guidelines": group.n_mixed,
        "partly_done": group.n_partly_done,
        "overlapping": group.n_overlapping,
        "sets": group.sets,
    })
}
