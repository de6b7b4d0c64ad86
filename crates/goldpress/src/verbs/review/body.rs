//! Bodies beside each other, paragraph by paragraph.

use std::collections::BTreeSet;

use super::{
    changes::{Change, MISSED, OK, Side},
    claims::Claim,
};

/// Label of a paragraph.
const PARAGRAPH: &str = "paragraph";

/// Paragraphs beyond which two bodies are compared as sets: order costs their product.
const MOST: usize = 3_000;

/// What was taken out of a body, what was put in, what is wrong both times, and what of
/// gold is in neither; in the order of the text.
pub(super) fn body_changes(gold: &str, old: &str, new: &str) -> Vec<Change> {
    let (gold, old, new) = (paragraphs(gold), paragraphs(old), paragraphs(new));
    let right: BTreeSet<&str> = gold.iter().copied().collect();
    let change = |side, text: &str| {
        let kind = kind_of(text, &right);
        Change { side, claim: Claim::placeless(PARAGRAPH, text), kind, gold: None }
    };
    let mut changes = Vec::new();
    for (side, text) in diff(&old, &new) {
        let change = change(side, text);
        if side != Side::Both || change.kind != OK {
            changes.push(change);
        }
    }
    let said: BTreeSet<&str> = old.iter().chain(&new).copied().collect();
    let missed = gold.iter().filter(|text| !said.contains(*text));
    changes.extend(missed.map(|text| Change {
        side: Side::Gold,
        claim: Claim::placeless(PARAGRAPH, text),
        kind: MISSED,
        gold: None,
    }));
    changes
}

fn paragraphs(body: &str) -> Vec<&str> {
    body.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
}

/// A paragraph of gold, a piece of one or more than one, or none.
fn kind_of(text: &str, gold: &BTreeSet<&str>) -> &'static str {
    if gold.contains(text) {
        return OK;
    }
    let is_part = |other: &&&str| other.contains(text) || text.contains(**other);
    if gold.iter().any(|other| is_part(&other)) { "boundary" } else { "spurious" }
}

/// The shortest way from one list to another.
fn diff<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<(Side, &'t str)> {
    if old.len() > MOST || new.len() > MOST {
        let (before, now): (BTreeSet<&str>, BTreeSet<&str>) =
            (old.iter().copied().collect(), new.iter().copied().collect());
        let gone = old.iter().filter(|text| !now.contains(*text));
        let come = new.iter().filter(|text| !before.contains(*text));
        let gone = gone.map(|text| (Side::Before, *text));
        return gone.chain(come.map(|text| (Side::Now, *text))).collect();
    }
    // Length of the longest common rest from each pair of places.
    let width = new.len() + 1;
    let mut rest = vec![0_u16; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            rest[i * width + j] = if old[i] == new[j] {
                rest[(i + 1) * width + j + 1] + 1
            } else {
                rest[(i + 1) * width + j].max(rest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut way = Vec::with_capacity(old.len().max(new.len()));
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            way.push((Side::Both, old[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len()
            || i < old.len() && rest[(i + 1) * width + j] >= rest[i * width + j + 1]
        {
            way.push((Side::Before, old[i]));
            i += 1;
        } else {
            way.push((Side::Now, new[j]));
            j += 1;
        }
    }
    way
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_told_by_its_paragraphs() {
        let told = |gold, old, new| -> Vec<String> {
            let line = |change: &Change| {
                format!("{} {} {}", change.side.sign(), change.kind, change.claim.text)
            };
            body_changes(gold, old, new).iter().map(line).collect()
        };
        let gold = "One.\n\nTwo and three.\n\nFour.";
        assert_eq!(
            told(gold, gold, "One.\nTwo\nShare\nFour.\nShare"),
            [
                "- ok Two and three.",
                "+ boundary Two",
                "+ spurious Share",
                "+ spurious Share"
            ]
        );
        assert_eq!(
            told(gold, "Share\nOne.", "Share\nOne."),
            ["= spurious Share", "gold missed Two and three.", "gold missed Four."]
        );
        // The same paragraphs in another order are another body.
        assert_eq!(told("A\nB", "A\nB", "B\nA"), ["- ok A", "+ ok A"]);
    }
}
