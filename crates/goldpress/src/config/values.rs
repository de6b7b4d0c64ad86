//! Values of `goldpress.toml` and of flags that are more than a text or a number.

use std::{fmt::Display, str::FromStr};

use goldpress_eval::gate::Gate;
use serde::{Deserialize, Deserializer, de::Error};

/// A difference of scores, in `0.0..=1.0`; written in points, `0.5pt`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Points(f64);

impl Points {
    /// On the scale of scores: 0.5 points are 0.005.
    pub(crate) fn get(self) -> f64 {
        self.0
    }
}

impl FromStr for Points {
    type Err = String;

    fn from_str(text: &str) -> Result<Points, String> {
        let number = text.trim().strip_suffix("pt").map(str::trim);
        let points = number.and_then(|number| number.parse::<f64>().ok());
        let points = points.filter(|points| (0.0..=100.0).contains(points));
        let points = points.map(|points| Points(points / 100.0));
        points.ok_or_else(|| format!("`{text}` is no margin: write 0.5pt"))
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Points, D::Error> {
        text(deserializer)
    }
}

/// A share, in `0.0..=1.0`; written as such or in per cent, `90%`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Share(f64);

impl Share {
    /// Nothing of it.
    pub(crate) const ZERO: Share = Share(0.0);

    /// The share.
    pub(crate) fn get(self) -> f64 {
        self.0
    }
}

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Share, String> {
        let trimmed = text.trim();
        let share = match trimmed.strip_suffix('%') {
            Some(per_cent) => per_cent.trim().parse::<f64>().map(|n| n / 100.0),
            None => trimmed.parse::<f64>(),
        };
        let share = share.ok().filter(|share| (0.0..=1.0).contains(share)).map(Share);
        share.ok_or_else(|| {
            format!("`{text}` is no share: use a number from 0 to 1, or 90%")
        })
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Share, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(f64),
            Text(String),
        }
        let text = match Written::deserialize(deserializer)? {
            Written::Number(number) => number.to_string(),
            Written::Text(text) => text,
        };
        text.parse().map_err(D::Error::custom)
    }
}

/// Reads a value that is a text by its own rule, whose error says what is valid.
pub(super) fn text<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

/// Reads gates, at least one of which `eval` can decide.
pub(super) fn gates<'de, D>(deserializer: D) -> Result<Vec<Gate>, D::Error>
where
    D: Deserializer<'de>,
{
    let texts = Vec::<String>::deserialize(deserializer)?;
    parse_gates(texts.iter().map(String::as_str)).map_err(D::Error::custom)
}

/// The gates of a list of words.
///
/// # Errors
///
/// A word that is no gate, a gate of times, which `eval` cannot decide, or no word at all.
pub(crate) fn parse_gates<'t>(
    texts: impl Iterator<Item = &'t str>,
) -> Result<Vec<Gate>, String> {
    let mut gates = Vec::new();
    for text in texts.map(str::trim).filter(|text| !text.is_empty()) {
        let gate: Gate = text.parse().map_err(|error| format!("{error}"))?;
        if matches!(gate, Gate::Slower(_)) {
            return Err(format!(
                "`{text}` would always pass: `goldpress eval` takes no times, and the gate \
                 comes with `goldpress bench`"
            ));
        }
        if matches!(gate, Gate::Margin(points) | Gate::NonInferior(points) if points >= 1.0)
        {
            return Err(format!("`{text}` could never fail: no score falls further"));
        }
        gates.push(gate);
    }
    if gates.is_empty() {
        return Err(
            "no gate is named: nothing could ever fail; name `none` to say so".into()
        );
    }
    Ok(gates)
}

pub(super) fn alpha<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let alpha = f64::deserialize(deserializer)?;
    match (0.001..=0.2).contains(&alpha) {
        true => Ok(alpha),
        false => Err(D::Error::custom(format!("alpha is {alpha}: use 0.001 to 0.2"))),
    }
}

pub(super) fn resamples<'de, D>(deserializer: D) -> Result<u32, D::Error>
where
    D: Deserializer<'de>,
{
    let n = u32::deserialize(deserializer)?;
    match (999..=1_000_000).contains(&n) {
        true => Ok(n),
        false => Err(D::Error::custom(format!("resamples is {n}: use 999 to 1000000"))),
    }
}
