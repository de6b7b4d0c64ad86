//! `density`: the longest stretch of blocks in which text outweighs links and short lines.
//!
//! Each block earns its running words and pays for links and for being short; the body is
//! the stretch with the largest sum. It knows no class words, no cue phrases and no
//! language, and takes one stretch only: a page with a gap in its text is cut in two.
//!
//! # Source
//!
//! The idea of CETR and of boilerpipe's shallow features (Kohlschütter, Fankhauser and
//! Nejdl, 2010), here as a maximum subarray; the costs are our own.

use goldpress_model::Extraction;

use crate::{Extractor, Task, View};

/// A rival without words.
#[derive(Debug)]
pub(crate) struct Density;

/// What a block costs for being there: about the words of a menu entry or two.
const BLOCK_COST: f32 = 6.0;
/// What a linked word costs; one that is not earns 1.
const LINK_COST: f32 = 2.0;

impl Extractor for Density {
    fn name(&self) -> &'static str {
        "density"
    }

    fn version(&self) -> &'static str {
        "1"
    }

    fn tasks(&self) -> &'static [Task] {
        &[Task::Content]
    }

    fn extract(&self, view: View<'_>) -> Extraction {
        let worth: Vec<f32> = view
            .blocks
            .iter()
            .map(|block| {
                let n_words =
                    goldpress_text::words(block.span.slice(view.text)).count() as f32;
                let linked = n_words * block.link_density;
                n_words - linked - LINK_COST * linked - BLOCK_COST
            })
            .collect();
        let stretch = best_stretch(&worth);
        let lines: Vec<&str> = view.blocks[stretch]
            .iter()
            .map(|block| block.span.slice(view.text))
            .collect();
        Extraction { body: Some(lines.join("\n\n")), ..Extraction::default() }
    }
}

/// The stretch with the largest sum; everything where no block is worth its cost.
fn best_stretch(worth: &[f32]) -> std::ops::Range<usize> {
    let mut best = (0.0, 0..worth.len());
    let (mut sum, mut start) = (0.0, 0);
    for (at, worth) in worth.iter().enumerate() {
        if sum <= 0.0 {
            (sum, start) = (0.0, at);
        }
        sum += worth;
        if sum > best.0 {
            best = (sum, start..at + 1);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stretch_bridges_a_short_line_and_stops_at_a_menu() {
        assert_eq!(best_stretch(&[-5.0, 20.0, -3.0, 30.0, -5.0, -5.0, 4.0]), 1..4);
        assert_eq!(best_stretch(&[-1.0, -1.0]), 0..2);
    }
}
