//! The columns that say something of a text: shared by `annotations` and `predictions`.

use std::collections::BTreeMap;

use goldpress_model::LooseAnnotation;

use crate::{
    columns::{Columns, Layout},
    json,
    rows::{Reason, Row},
};

/// From `layer` to `attrs`.
pub(super) fn columns<'r, R>(
    columns: Columns<'r, R>,
    says: impl Fn(&'r R) -> &'r LooseAnnotation + Copy,
) -> Columns<'r, R> {
    columns
        .string("layer", Layout::Name, move |row| says(row).layer.as_str())
        .string("label", Layout::Name, move |row| says(row).label.as_str())
        .ranges("fragments", move |row| says(row).fragments.clone())
        .string("text", Layout::Text, move |row| says(row).text.as_str())
        .list(
            "args",
            move |row| args(says(row)),
            |args| {
                args.string("role", Layout::Name, |(role, _)| role.as_str()).string(
                    "target",
                    Layout::Text,
                    |(_, target)| target.as_str(),
                )
            },
        )
        .string("attrs", Layout::Text, move |row| json::canonical(&says(row).attrs))
}

/// One item a target; roles in order, targets in theirs.
fn args(says: &LooseAnnotation) -> Vec<(&String, &String)> {
    let mut pairs = Vec::new();
    for (role, targets) in &says.args {
        pairs.extend(targets.iter().map(|target| (role, target)));
    }
    pairs
}

/// Reads what [`columns`] writes; `score` has another place in each table.
pub(super) fn read(row: &Row<'_>) -> Result<LooseAnnotation, Reason> {
    let mut says = LooseAnnotation {
        id: row.owned_opt("id")?.unwrap_or_default(),
        layer: row.owned("layer")?,
        label: row.owned("label")?,
        fragments: row.ranges("fragments")?,
        text: row.owned("text")?,
        args: BTreeMap::new(),
        attrs: BTreeMap::new(),
        score: None,
    };
    let pair = |arg: &Row<'_>| Ok((arg.owned("role")?, arg.owned("target")?));
    for (role, target) in row.list("args", pair)? {
        says.args.entry(role).or_default().push(target);
    }
    says.attrs = row.json("attrs")?;
    says.score = row.number_opt("score")?;
    Ok(says)
}

/// Bytes of an annotation, roughly.
pub(super) fn weight(says: &LooseAnnotation) -> usize {
    128 + says.text.len()
        + says.fragments.len() * 8
        + (says.args.len() + says.attrs.len()) * 32
}
