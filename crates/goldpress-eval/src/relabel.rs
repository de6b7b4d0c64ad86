//! Relabelling: a system's own labels as ours, by an explicit table, counted.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{LooseAnnotation, Schema};

/// Which labels of a system become which of ours, and which are dropped.
///
/// Keys and values are `layer/label`; a bare label stands for every layer in a key, and in
/// a value for the only layer that has it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Relabel {
    /// Its labels → ours.
    pub map: BTreeMap<String, String>,
    /// Its labels that are dropped.
    pub ignore: BTreeSet<String>,
}

/// Annotations after relabelling, with what was done.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Relabelled {
    /// What is scored.
    pub annotations: Vec<LooseAnnotation>,
    /// Annotations by the label they had and got: `entity/PER → entity/PERSON`.
    pub mapped: BTreeMap<String, u64>,
    /// Annotations by the label for which they were dropped.
    pub ignored: BTreeMap<String, u64>,
}

/// A table that cannot be applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RelabelError {
    /// A value that no layer of the schema has.
    #[error("`{0}` is no label of the schema")]
    Unknown(String),
    /// A bare label of several layers.
    #[error("`{0}` is a label of several layers: write `layer/{0}`")]
    Ambiguous(String),
}

impl Relabel {
    /// Writes every value out as `layer/label`.
    ///
    /// # Errors
    ///
    /// A value is no label of the schema, or one of several layers.
    pub fn resolved(self, schema: &Schema) -> Result<Relabel, RelabelError> {
        let resolve = |name: String| -> Result<String, RelabelError> {
            if let Some((layer, label)) = name.split_once('/') {
                let known = schema.label(layer, label).is_some();
                return if known { Ok(name) } else { Err(RelabelError::Unknown(name)) };
            }
            let with = |layer: &&goldpress_model::LayerSpec| layer.has_label(&name);
            let mut layers = schema.layers.iter().filter(with);
            match (layers.next(), layers.next()) {
                (None, _) => Err(RelabelError::Unknown(name)),
                (Some(layer), None) => Ok(format!("{}/{name}", layer.name)),
                (Some(_), Some(_)) => Err(RelabelError::Ambiguous(name)),
            }
        };
        let map = self.map.into_iter().map(|(key, value)| Ok((key, resolve(value)?)));
        Ok(Relabel { map: map.collect::<Result<_, _>>()?, ignore: self.ignore })
    }

    /// Relabels annotations.
    ///
    /// ```
    /// use goldpress_eval::Relabel;
    /// use goldpress_model::LooseAnnotation;
    ///
    /// let line = |label: &str| LooseAnnotation {
    ///     layer: "entity".into(),
    ///     label: label.into(),
    ///     ..LooseAnnotation::default()
    /// };
    /// let table = Relabel {
    ///     map: [("PER".to_owned(), "entity/PERSON".to_owned())].into(),
    ///     ignore: ["entity/PERCENT".to_owned()].into(),
    /// };
    /// let done = table.apply(&[line("PER"), line("ORG"), line("PERCENT")]);
    /// let labels: Vec<&str> = done.annotations.iter().map(|line| &*line.label).collect();
    /// assert_eq!(labels, ["PERSON", "ORG"]);
    /// assert_eq!(done.mapped["entity/PER → entity/PERSON"], 1);
    /// assert_eq!(done.ignored["entity/PERCENT"], 1);
    /// ```
    pub fn apply(&self, annotations: &[LooseAnnotation]) -> Relabelled {
        let mut done = Relabelled::default();
        for line in annotations {
            let name = format!("{}/{}", line.layer, line.label);
            if self.ignore.contains(&name) || self.ignore.contains(&line.label) {
                *done.ignored.entry(name).or_default() += 1;
                continue;
            }
            let mut line = line.clone();
            let ours = self.map.get(&name).or_else(|| self.map.get(&line.label));
            if let Some((layer, label)) = ours.and_then(|ours| ours.split_once('/')) {
                (line.layer, line.label) = (layer.to_owned(), label.to_owned());
                *done.mapped.entry(format!("{name} → {layer}/{label}")).or_default() += 1;
            }
            done.annotations.push(line);
        }
        done
    }
}
