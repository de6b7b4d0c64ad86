//! Fitting: weights of the body's region from pages whose body is known.
//!
//! Nothing here reads a page or a gold label: the caller says which block of which page is
//! body. Pages are held apart by whoever calls, by host and never by page.
//!
//! # Source
//!
//! Logistic regression with an L2 penalty, by stochastic gradient descent with AdaGrad's
//! step sizes (Duchi, Hazan and Singer, 2011). The order of examples comes from a fixed
//! seed, so the same examples give the same weights.

use std::fmt::Write as _;

use super::features::names;

/// One block of a page to learn from.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// Numbers and values of its features, from [`super::block_features`].
    pub features: Vec<(usize, f32)>,
    /// Whether it belongs to the body.
    pub is_body: bool,
    /// How much it counts; what a page's blocks count together should not hang on how
    /// many they are.
    pub weight: f32,
}

/// Passes over all examples; held-out scores stop rising after about ten.
const EPOCHS: u32 = 10;
/// First step size.
const STEP: f32 = 0.15;
/// Penalty, shared out over all examples of a pass.
const L2: f32 = 0.2;
/// Weights nearer to 0 than this change no decision and are left out of the file.
const MIN_WEIGHT: f32 = 0.004;

/// Fits the weights, in the order of [`super::feature_names`].
pub fn fit_region(pages: &[Vec<Example>]) -> Vec<f32> {
    let mut weights = vec![0.0f32; names().len()];
    let mut squares = vec![1e-6f32; weights.len()];
    let mut order: Vec<(usize, usize)> = pages
        .iter()
        .enumerate()
        .flat_map(|(page, examples)| (0..examples.len()).map(move |at| (page, at)))
        .collect();
    let penalty = L2 / order.len().max(1) as f32;
    let mut state = 12_345u64;
    for epoch in 0..EPOCHS {
        shuffle(&mut order, &mut state);
        let step = STEP / (1.0 + epoch as f32 * 0.3);
        for (page, at) in &order {
            let example = &pages[*page][*at];
            let features = &example.features;
            let sum: f32 = features.iter().map(|(at, value)| weights[*at] * value).sum();
            let told = if example.is_body { 1.0 } else { 0.0 };
            let error = (1.0 / (1.0 + (-sum).exp()) - told) * example.weight;
            for (at, value) in features {
                let slope = error * value + penalty * weights[*at];
                squares[*at] += slope * slope;
                weights[*at] -= step * slope / squares[*at].sqrt();
            }
        }
    }
    weights
}

/// Fisher and Yates's shuffle on a linear congruential generator (Knuth's MMIX).
fn shuffle(order: &mut [(usize, usize)], state: &mut u64) {
    for at in (1..order.len()).rev() {
        *state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let other = usize::try_from(*state >> 33).unwrap_or(0) % (at + 1);
        order.swap(at, other);
    }
}

/// The weights as `region.toml` holds them, below its head: a name and two decimals a
/// line.
pub fn render_weights(weights: &[f32]) -> String {
    let mut lines = String::from("[weights]\n");
    for (name, weight) in names().iter().zip(weights) {
        if weight.abs() > MIN_WEIGHT {
            writeln!(lines, "{name} = {weight:.2}").expect("a string takes everything");
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(feature: usize, is_body: bool) -> Example {
        Example { features: vec![(0, 1.0), (feature, 1.0)], is_body, weight: 1.0 }
    }

    #[test]
    fn what_stands_in_bodies_gets_a_positive_weight() {
        let page: Vec<Example> =
            (0..40).map(|n| example(1 + n % 2, n % 2 == 0)).collect();
        let weights = fit_region(&[page.clone(), page]);
        assert!(weights[1] > 0.5 && weights[2] < -0.5, "{:?}", &weights[..3]);
        assert!(render_weights(&weights).contains("ends = "));
    }

    #[test]
    fn the_same_pages_give_the_same_weights() {
        let page: Vec<Example> = (0..9).map(|n| example(n, n > 4)).collect();
        assert_eq!(
            fit_region(&[page.clone(), page.clone()]),
            fit_region(&[page.clone(), page])
        );
    }
}
