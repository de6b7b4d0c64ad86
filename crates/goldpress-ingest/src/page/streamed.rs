//! Streamed pages: text that a script of the page puts in its place.
//!
//! React sends what is not ready at first at the end of the page, hidden, as
//! `<div hidden id="S:1">`, and a script moves it to `<template id="B:1">`. Without that,
//! the article would be missing from the page or stand below its footer.

use std::collections::BTreeMap;

use super::dom::{NodeId, Tree};

/// Pieces that are put in place; pages have a few dozen at the most.
const MAX_PIECES: usize = 1000;

/// Puts every streamed piece where its page wants it, and shows it.
pub(crate) fn put_in_place(tree: &mut Tree) {
    let mut places: BTreeMap<String, NodeId> = BTreeMap::new();
    let mut pieces: Vec<(String, NodeId)> = Vec::new();
    for id in 0..tree.len() {
        let Some(element) = tree[id].element() else { continue };
        let Some((kind, key)) = element.attr("id").and_then(|id| id.split_once(':'))
        else {
            continue;
        };
        let is_hidden = element.attr("hidden").is_some();
        match (kind, &**element.name()) {
            ("B", "template") => drop(places.insert(key.to_owned(), id)),
            ("S", _) if is_hidden && pieces.len() < MAX_PIECES => {
                pieces.push((key.to_owned(), id));
            }
            _ => {}
        }
    }
    for (key, piece) in pieces {
        tree.show(piece);
        if let Some(place) = places.get(&key).copied()
            && !is_inside(tree, place, piece)
        {
            tree.move_before(piece, place);
        }
    }
}

fn is_inside(tree: &Tree, id: NodeId, of: NodeId) -> bool {
    std::iter::successors(Some(id), |id| tree[*id].parent).any(|above| above == of)
}
