//! How well near-duplicates are found, on copies whose making is known.
//!
//! `cargo run --release -p goldpress-dataset --no-default-features --example dedup_quality
//! [DATASET]`: stories are invented, and those of the dataset's bodies if one is named.
#![expect(clippy::print_stdout, reason = "an example prints")]

use goldpress_dataset::DedupOptions;
use goldpress_store::Dataset;

#[path = "../tests/it/made.rs"]
mod made;

use made::{Dice, Quality};

/// Stories of invented words, and at most so many of a dataset.
const STORIES: usize = 1000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!(
        "| stories | threshold | precision | recall | ARI | headline | cut | inserted | edited |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let mut dice = Dice(11);
    let mut invented = |_| {
        let n_words = 100 + dice.below(900);
        dice.words(n_words)
    };
    measure("invented", STORIES, &mut invented);
    if let Some(folder) = std::env::args().nth(1) {
        let mut bodies = Vec::new();
        for row in Dataset::open(folder.as_ref())?.bodies() {
            let row = row?;
            let words: Vec<String> =
                row.body.split_whitespace().map(str::to_owned).collect();
            if row.dup_of.is_none() && words.len() >= 100 {
                bodies.push(words);
            }
        }
        bodies.truncate(STORIES);
        measure("of the dataset", bodies.len(), &mut |story| bodies[story].clone());
    }
    Ok(())
}

fn measure(
    name: &str,
    n_stories: usize,
    originals: &mut dyn FnMut(usize) -> Vec<String>,
) {
    let articles = made::articles(n_stories, originals);
    for threshold in [0.5, 0.6, 0.7, 0.8] {
        let options = DedupOptions { threshold, ..DedupOptions::default() };
        let Quality { precision, recall, ari, by_kind } =
            made::quality(&articles, &made::found(&articles, &options));
        let kinds: Vec<String> =
            by_kind.iter().map(|(_, share)| format!("{share:.3}")).collect();
        let kinds = kinds.join(" | ");
        println!(
            "| {n_stories} {name} | {threshold} | {precision:.4} | {recall:.4} | {ari:.4} | {kinds} |"
        );
    }
}
