//! `article-extraction-benchmark`, commit 4a3bc97: runs of four tokens of body texts.
//!
//! Precision is a mean over documents with a prediction and recall one over documents with
//! gold, so silence on hard pages keeps precision.

use std::sync::OnceLock;

use goldpress_model::Counts;
use regex::Regex;

use super::CompatError;
use crate::metrics::body::{multiset_common, shingles};

/// What the program prints.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Article {
    /// Mean over documents with a prediction.
    pub precision: f64,
    /// Mean over documents with gold.
    pub recall: f64,
    /// Harmonic mean of these two means.
    pub f1: f64,
    /// Share of documents with equal tokens.
    pub accuracy: f64,
}

/// Its tokens: runs of letters, digits and underscores of Unicode 14.0; a combining mark
/// splits one.
pub fn tokens(text: &str) -> Vec<&str> {
    static TOKEN: OnceLock<Regex> = OnceLock::new();
    let token = TOKEN.get_or_init(|| {
        Regex::new(r"[[\p{L}\p{N}_]&&\p{Age=14.0}]+").expect("the pattern is sound")
    });
    token.find_iter(text).map(|found| found.as_str()).collect()
}

/// Counts of one document's runs of four tokens.
pub fn counts(gold: &str, predicted: &str) -> Counts {
    let (gold, predicted) = (tokens(gold), tokens(predicted));
    let (gold, predicted) = (shingles(&gold), shingles(&predicted));
    let found = multiset_common(&gold, &predicted);
    let rest = |side: &[&[&str]]| side.len() as u64 - found;
    Counts { found, spurious: rest(&predicted), missed: rest(&gold) }
}

/// Scores documents, each as gold and predicted text; null is the empty text.
///
/// # Errors
///
/// No document has a prediction or none has gold, or nothing at all is right: the
/// reference divides by zero.
pub fn article(documents: &[(&str, &str)]) -> Result<Article, CompatError> {
    let rows: Vec<Counts> = documents.iter().map(|(g, p)| counts(g, p)).collect();
    let mean = |ratio: fn(Counts) -> Option<f64>| {
        let values: Vec<f64> = rows.iter().filter_map(|row| ratio(*row)).collect();
        let n = values.len() as f64;
        (n > 0.0).then(|| values.iter().sum::<f64>() / n)
    };
    let (Some(precision), Some(recall)) = (mean(Counts::precision), mean(Counts::recall))
    else {
        return Err(CompatError::NoDocument);
    };
    if precision + recall == 0.0 {
        return Err(CompatError::ZeroSum);
    }
    let equal =
        documents.iter().filter(|(gold, predicted)| tokens(gold) == tokens(predicted));
    Ok(Article {
        precision,
        recall,
        f1: 2.0 * precision * recall / (precision + recall),
        accuracy: equal.count() as f64 / documents.len() as f64,
    })
}
