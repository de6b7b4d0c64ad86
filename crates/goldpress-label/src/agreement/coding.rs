//! Coefficients over units: several people give each unit a value.
//!
//! Sums are exact integers up to the last division, so that the order of documents, units
//! and annotators changes no bit.
//!
//! # Source
//!
//! Krippendorff (2011), "Computing Krippendorff's alpha-reliability"; Gwet (2008),
//! "Computing inter-rater reliability and its variance in the presence of high agreement";
//! Bennett, Alpert and Goldstein (1954); Cohen (1960, 1968); Scott (1955); Fleiss (1971).

use std::collections::{BTreeMap, BTreeSet};

use super::{Figure, Undefined};

/// Values that annotators gave to units; a gap is no value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coding {
    /// Annotators × units; the lists are equally long.
    values: Vec<Vec<Option<usize>>>,
    /// The values, in the order of the scale.
    labels: Vec<String>,
}

/// How far apart two values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distance {
    /// Equal or not.
    Nominal,
    /// By rank among all values given.
    Ordinal,
    /// By difference.
    Interval,
    /// By difference over sum.
    Ratio,
}

/// How much a disagreement weighs in Cohen's kappa.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weights {
    /// All the same.
    None,
    /// By steps of the scale.
    Linear,
    /// By squared steps.
    Quadratic,
}

impl Distance {
    /// The name that figures and options use.
    pub fn name(self) -> &'static str {
        match self {
            Distance::Nominal => "nominal",
            Distance::Ordinal => "ordinal",
            Distance::Interval => "interval",
            Distance::Ratio => "ratio",
        }
    }
}

impl Weights {
    /// The name that figures and options use.
    pub fn name(self) -> &'static str {
        match self {
            Weights::None => "none",
            Weights::Linear => "linear",
            Weights::Quadratic => "quadratic",
        }
    }
}

impl Coding {
    /// Takes values by annotator; units stand in the same places in every list, and a
    /// list that is too short has gaps at its end.
    ///
    /// `order` gives the scale; values that it lacks follow in their own order. Values of
    /// it that nobody gave do not count.
    pub fn new(values: &[Vec<Option<String>>], order: &[String]) -> Coding {
        let used: BTreeSet<&String> = values.iter().flatten().flatten().collect();
        let mut labels: Vec<String> =
            order.iter().filter(|label| used.contains(label)).cloned().collect();
        let rest: Vec<String> =
            used.into_iter().filter(|label| !labels.contains(label)).cloned().collect();
        labels.extend(rest);
        let places: BTreeMap<&String, usize> =
            labels.iter().enumerate().map(|(at, label)| (label, at)).collect();
        let n_units = values.iter().map(Vec::len).max().unwrap_or(0);
        let coded = values
            .iter()
            .map(|row| {
                let place = |at: usize| row.get(at)?.as_ref().map(|value| places[value]);
                (0..n_units).map(place).collect()
            })
            .collect();
        Coding { values: coded, labels }
    }

    /// Values that were given at all.
    pub fn n_labels(&self) -> usize {
        self.labels.len()
    }

    /// Units with at least two values.
    pub fn n_units(&self) -> usize {
        self.units(2).len()
    }

    /// Counts of each value, of the units with at least `least` values.
    fn units(&self, least: u64) -> Vec<Vec<u64>> {
        let n_units = self.values.first().map_or(0, Vec::len);
        (0..n_units)
            .map(|unit| {
                let mut counts = vec![0; self.labels.len()];
                for value in self.values.iter().filter_map(|row| row[unit]) {
                    counts[value] += 1;
                }
                counts
            })
            .filter(|counts: &Vec<u64>| counts.iter().sum::<u64>() >= least)
            .collect()
    }

    /// Share of pairs of values that are equal, by unit, in `0.0..=1.0`.
    pub fn observed(&self) -> Figure {
        let units = self.units(2);
        if units.is_empty() {
            return Err(Undefined::NoUnit);
        }
        let scale = common(units.iter().map(|unit| pairs(total(unit))));
        let sum: i128 = units
            .iter()
            .map(|unit| {
                let equal: u64 = unit.iter().map(|n| pairs(*n)).sum();
                i128::from(equal) * (scale / i128::from(pairs(total(unit))))
            })
            .sum();
        Ok(sum as f64 / (scale * units.len() as i128) as f64)
    }

    /// Krippendorff's alpha, for any number of annotators, with gaps.
    ///
    /// Interval and ratio take the values for numbers.
    pub fn alpha(&self, distance: Distance) -> Figure {
        let units = self.units(2);
        if units.is_empty() {
            return Err(Undefined::NoUnit);
        }
        let n_labels = self.labels.len();
        let given: Vec<u64> = (0..n_labels)
            .map(|label| units.iter().map(|unit| unit[label]).sum())
            .collect();
        let n: u64 = given.iter().sum();
        let scale = common(units.iter().map(|unit| total(unit) - 1));
        let distances = self.distances(distance, &given)?;
        let (mut observed, mut expected) = (0.0, 0.0);
        for (one, row) in distances.iter().enumerate() {
            for (other, square) in
                row.iter().enumerate().filter(|(other, _)| *other != one)
            {
                let together: i128 = units
                    .iter()
                    .map(|unit| {
                        let weight = scale / i128::from(total(unit) - 1);
                        i128::from(unit[one] * unit[other]) * weight
                    })
                    .sum();
                observed += together as f64 * square;
                expected += (given[one] * given[other]) as f64 * square;
            }
        }
        if expected == 0.0 {
            return Err(Undefined::OneLabel);
        }
        Ok(1.0 - (n - 1) as f64 * observed / (scale as f64 * expected))
    }

    /// Squared distances of the values.
    fn distances(
        &self,
        distance: Distance,
        given: &[u64],
    ) -> Result<Vec<Vec<f64>>, Undefined> {
        let numbers: Vec<Option<f64>> =
            self.labels.iter().map(|label| label.parse().ok()).collect();
        let number = |at: usize| numbers[at].ok_or(Undefined::Scale);
        let square = |one: usize, other: usize| -> Result<f64, Undefined> {
            let (low, high) = (one.min(other), one.max(other));
            Ok(match distance {
                Distance::Nominal => f64::from(u8::from(one != other)),
                Distance::Ordinal => {
                    let between: u64 = given[low..=high].iter().sum();
                    let steps = between as f64 - (given[low] + given[high]) as f64 / 2.0;
                    if low == high { 0.0 } else { steps * steps }
                }
                Distance::Interval => (number(one)? - number(other)?).powi(2),
                Distance::Ratio => {
                    let (a, b) = (number(one)?, number(other)?);
                    if a < 0.0 || b < 0.0 {
                        return Err(Undefined::Scale);
                    }
                    if a + b == 0.0 { 0.0 } else { ((a - b) / (a + b)).powi(2) }
                }
            })
        };
        let all = 0..self.labels.len();
        all.clone()
            .map(|one| all.clone().map(|other| square(one, other)).collect())
            .collect()
    }

    /// Gwet's AC1: chance from how evenly values are used.
    pub fn ac1(&self) -> Figure {
        let observed = self.observed()?;
        let n_labels = self.labels.len();
        if n_labels < 2 {
            return Err(Undefined::OneLabel);
        }
        let units = self.units(1);
        let scale = common(units.iter().map(|unit| total(unit)));
        let whole = scale * units.len() as i128;
        let sum: i128 = (0..n_labels)
            .map(|label| {
                let share: i128 = units
                    .iter()
                    .map(|unit| {
                        i128::from(unit[label]) * (scale / i128::from(total(unit)))
                    })
                    .sum();
                share * (whole - share)
            })
            .sum();
        let expected = sum as f64 / (whole as f64 * whole as f64) / (n_labels - 1) as f64;
        Ok((observed - expected) / (1.0 - expected))
    }

    /// Bennett's S: chance as if all values were as likely.
    pub fn bennett(&self) -> Figure {
        let observed = self.observed()?;
        match self.labels.len() {
            0 | 1 => Err(Undefined::OneLabel),
            n => Ok((observed * n as f64 - 1.0) / (n - 1) as f64),
        }
    }

    /// Cohen's kappa of exactly two annotators, over units with both values.
    pub fn cohen(&self, weights: Weights) -> Figure {
        let [first, second] = self.values.as_slice() else {
            return Err(Undefined::TwoOnly);
        };
        let n_labels = self.labels.len();
        let mut table = vec![vec![0_u64; n_labels]; n_labels];
        for (a, b) in first.iter().zip(second) {
            if let (Some(a), Some(b)) = (a, b) {
                table[*a][*b] += 1;
            }
        }
        let n: u64 = table.iter().flatten().sum();
        if n == 0 {
            return Err(Undefined::NoUnit);
        }
        let rows: Vec<u64> = table.iter().map(|row| row.iter().sum()).collect();
        let columns: Vec<u64> =
            (0..n_labels).map(|at| table.iter().map(|row| row[at]).sum()).collect();
        // Whole weights: the common divisor of a scale cancels.
        let weight = |a: usize, b: usize| -> i128 {
            let steps = a.abs_diff(b) as i128;
            match weights {
                Weights::None => i128::from(steps != 0),
                Weights::Linear => steps,
                Weights::Quadratic => steps * steps,
            }
        };
        let (mut observed, mut expected) = (0_i128, 0_i128);
        for a in 0..n_labels {
            for b in 0..n_labels {
                observed += weight(a, b) * i128::from(table[a][b]);
                expected += weight(a, b) * i128::from(rows[a]) * i128::from(columns[b]);
            }
        }
        match expected {
            0 => Err(Undefined::OneLabel),
            _ => Ok(1.0 - (observed * i128::from(n)) as f64 / expected as f64),
        }
    }

    /// Scott's pi of exactly two annotators.
    pub fn scott(&self) -> Figure {
        match self.values.len() {
            2 => self.fleiss(),
            _ => Err(Undefined::TwoOnly),
        }
    }

    /// Fleiss's kappa: chance from the shares of all values together.
    pub fn fleiss(&self) -> Figure {
        let observed = self.observed()?;
        let expected = self.expected_fleiss()?;
        match expected {
            1.0 => Err(Undefined::OneLabel),
            expected => Ok((observed - expected) / (1.0 - expected)),
        }
    }

    /// The chance term of [`Coding::fleiss`], in `0.0..=1.0`.
    pub fn expected_fleiss(&self) -> Figure {
        let units = self.units(2);
        let sizes: BTreeSet<u64> = units.iter().map(|unit| total(unit)).collect();
        match sizes.len() {
            0 => return Err(Undefined::NoUnit),
            1 => {}
            _ => return Err(Undefined::UnequalAnnotators),
        }
        let given = (0..self.labels.len())
            .map(|label| units.iter().map(|unit| unit[label]).sum::<u64>());
        let squares: u64 = given.map(|n| n * n).sum();
        let n: u64 = units.iter().map(|unit| total(unit)).sum();
        Ok(squares as f64 / (n * n) as f64)
    }
}

fn total(unit: &[u64]) -> u64 {
    unit.iter().sum()
}

/// Ordered pairs of `n` things.
fn pairs(n: u64) -> u64 {
    n * n.saturating_sub(1)
}

/// A number that all of these divide. They are numbers of annotators, so it stays small.
fn common(numbers: impl Iterator<Item = u64>) -> i128 {
    let numbers: BTreeSet<u64> = numbers.filter(|n| *n > 0).collect();
    numbers.into_iter().fold(1_i128, |common, n| {
        let n = i128::from(n);
        common / divisor(common, n) * n
    })
}

/// The greatest common divisor.
pub fn divisor(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { divisor(b, a % b) }
}
