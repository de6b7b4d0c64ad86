//! A table of counts: one row a document, layer, metric and label, held by number.

use std::collections::BTreeMap;

use goldpress_model::{CountRow, Counts, Digest};

use crate::{plan::Plan, sides::Label};

/// Counts of one system, in document order. Holds no rows of zeros, and sixteen bytes a row.
#[derive(Debug, Clone, Default)]
pub struct Table {
    // Invariant: `ends` holds, for each of `docs`, the number of the row behind its last one.
    docs: Vec<Digest>,
    ends: Vec<u32>,
    keys: Vec<Key>,
    rows: Vec<Packed>,
    /// Counts too large for [`Packed`], by the number of their row.
    large: BTreeMap<usize, Counts>,
    /// Key numbers by slot and label of the plan.
    planned: BTreeMap<(u32, Label), u32>,
    by_name: BTreeMap<Key, u32>,
}

/// What a row counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Layer; that of `body.*` is `content`.
    pub layer: String,
    /// Name of the metric, with its parameters.
    pub metric: String,
    /// Label; `*` for metrics that are blind to labels.
    pub label: String,
}

/// A row as it is held.
#[derive(Debug, Clone, Copy)]
struct Packed {
    key: u32,
    /// `found`, `spurious`, `missed`; all the greatest where they stand in `large`.
    counts: [u32; 3],
}

/// Counts of one document under one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Index into [`Table::docs`].
    pub doc: u32,
    /// Index into [`Table::keys`].
    pub key: u32,
    /// The integers.
    pub counts: Counts,
}

impl Table {
    /// Documents that were scored, those without a row too.
    pub fn docs(&self) -> &[Digest] {
        &self.docs
    }

    /// What rows count, in the order in which it first occurred.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// The rows by document.
    pub fn rows(&self) -> impl Iterator<Item = Row> {
        (0..self.docs.len()).flat_map(|doc| self.rows_of(doc))
    }

    /// The rows of one document, by its number.
    pub fn rows_of(&self, doc: usize) -> impl Iterator<Item = Row> {
        let start = doc.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        (start..self.ends[doc] as usize).map(move |at| {
            let Packed { key, counts: [found, spurious, missed] } = self.rows[at];
            let (found, spurious, missed) =
                (u64::from(found), u64::from(spurious), u64::from(missed));
            let packed = || Counts { found, spurious, missed };
            let counts = self.large.get(&at).copied().unwrap_or_else(packed);
            Row { doc: doc as u32, key, counts }
        })
    }

    /// Adds a row of the last document.
    fn push(&mut self, key: u32, counts: Counts) {
        let Counts { found, spurious, missed } = counts;
        let small = |n: u64| u32::try_from(n).ok();
        let packed = || Some([small(found)?, small(spurious)?, small(missed)?]);
        let packed = packed().unwrap_or_else(|| {
            self.large.insert(self.rows.len(), counts);
            [u32::MAX; 3]
        });
        self.rows.push(Packed { key, counts: packed });
        if let Some(end) = self.ends.last_mut() {
            *end = self.rows.len() as u32;
        }
    }

    /// Adds a document without rows, unless it is there.
    ///
    /// Documents that count but hold nothing must be named, so that n is known.
    pub fn add_document(&mut self, doc_id: Digest) {
        if self.docs.last() != Some(&doc_id) {
            self.docs.push(doc_id);
            self.ends.push(self.rows.len() as u32);
        }
    }

    pub(crate) fn push_document(
        &mut self,
        doc_id: Digest,
        plan: &Plan<'_>,
        rows: &[(u32, Label, Counts)],
    ) {
        self.add_document(doc_id);
        for &(slot, label, counts) in rows {
            let key = match self.planned.get(&(slot, label)) {
                Some(key) => *key,
                None => {
                    let (layer, metric) = plan.slots[slot as usize].clone();
                    let label_name = plan.name(label).into_owned();
                    let key = self.key(Key { layer, metric, label: label_name });
                    self.planned.insert((slot, label), key);
                    key
                }
            };
            self.push(key, counts);
        }
    }

    fn key(&mut self, key: Key) -> u32 {
        if let Some(number) = self.by_name.get(&key) {
            return *number;
        }
        let number = self.keys.len() as u32;
        self.keys.push(key.clone());
        self.by_name.insert(key, number);
        number
    }

    /// A table of rows as they are stored; documents without a row must be named.
    pub fn from_rows(docs: &[Digest], rows: &[CountRow]) -> Table {
        let mut table = Table::default();
        let mut all: Vec<Digest> = docs.to_vec();
        all.extend(rows.iter().map(|row| row.doc_id));
        all.sort_unstable();
        all.dedup();
        let mut rows: Vec<&CountRow> =
            rows.iter().filter(|row| !row.counts.is_empty()).collect();
        rows.sort_by_key(|row| row.doc_id);
        let mut rows = rows.into_iter().peekable();
        for doc_id in all {
            table.add_document(doc_id);
            while let Some(row) = rows.next_if(|row| row.doc_id == doc_id) {
                let key = table.key(Key {
                    layer: row.layer.clone(),
                    metric: row.metric.clone(),
                    label: row.label.clone(),
                });
                table.push(key, row.counts);
            }
        }
        table
    }

    /// The part of some documents; keys keep their numbers.
    pub fn only(&self, keep: impl Fn(&Digest) -> bool) -> Table {
        let mut part = Table {
            keys: self.keys.clone(),
            planned: self.planned.clone(),
            by_name: self.by_name.clone(),
            ..Table::default()
        };
        for (doc, doc_id) in self.docs.iter().enumerate().filter(|(_, doc)| keep(doc)) {
            part.add_document(*doc_id);
            self.rows_of(doc).for_each(|row| part.push(row.key, row.counts));
        }
        part
    }

    /// The rows as tables on disk hold them: by document, layer, metric and label.
    pub fn to_rows(&self, system: &str) -> impl Iterator<Item = CountRow> {
        let mut keys: Vec<usize> = (0..self.keys.len()).collect();
        keys.sort_unstable_by_key(|&key| &self.keys[key]);
        let mut rank = vec![0; keys.len()];
        keys.into_iter().enumerate().for_each(|(at, key)| rank[key] = at);
        let mut docs: Vec<usize> = (0..self.docs.len()).collect();
        docs.sort_unstable_by_key(|&doc| self.docs[doc]);
        docs.into_iter().flat_map(move |doc| {
            let mut rows: Vec<Row> = self.rows_of(doc).collect();
            rows.sort_unstable_by_key(|row| rank[row.key as usize]);
            rows.into_iter().map(move |row| {
                let key = &self.keys[row.key as usize];
                CountRow {
                    system: system.to_owned(),
                    doc_id: self.docs[doc],
                    layer: key.layer.clone(),
                    metric: key.metric.clone(),
                    label: key.label.clone(),
                    counts: row.counts,
                }
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_any_size_come_out_as_they_went_in() {
        let row = |doc: u8, label: &str, found| CountRow {
            system: "acme".into(),
            doc_id: Digest::of(&[doc]),
            layer: "content".into(),
            metric: "body.char".into(),
            label: label.into(),
            counts: Counts { found, spurious: 1, missed: 0 },
        };
        let mut rows =
            vec![row(2, "B", u64::MAX), row(1, "A", u64::from(u32::MAX)), row(1, "B", 3)];
        let table = Table::from_rows(&[Digest::of(&[3])], &rows);
        rows.sort();
        assert_eq!(table.to_rows("acme").collect::<Vec<_>>(), rows);
        let part = table.only(|doc| *doc == Digest::of(&[2]));
        assert_eq!(part.to_rows("acme").collect::<Vec<_>>(), [row(2, "B", u64::MAX)]);
        assert_eq!(table.docs().len(), 3);
    }
}
