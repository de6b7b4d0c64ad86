//! A table of counts: one row a document, layer, metric and label, held by number.

use std::collections::BTreeMap;

use goldpress_model::{CountRow, Counts, Digest};

use crate::{plan::Plan, sides::Label};

/// Counts of one system, in document order. Holds no rows of zeros.
#[derive(Debug, Clone, Default)]
pub struct Table {
    docs: Vec<Digest>,
    keys: Vec<Key>,
    rows: Vec<Row>,
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
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Adds a document without rows, unless it is there.
    ///
    /// Documents that count but hold nothing must be named, so that n is known.
    pub fn add_document(&mut self, doc_id: Digest) -> u32 {
        if self.docs.last() != Some(&doc_id) {
            self.docs.push(doc_id);
        }
        self.docs.len() as u32 - 1
    }

    pub(crate) fn push_document(
        &mut self,
        doc_id: Digest,
        plan: &Plan<'_>,
        rows: &[(u32, Label, Counts)],
    ) {
        let doc = self.add_document(doc_id);
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
            self.rows.push(Row { doc, key, counts });
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
        table.docs = all;
        for row in rows.iter().filter(|row| !row.counts.is_empty()) {
            let key = table.key(Key {
                layer: row.layer.clone(),
                metric: row.metric.clone(),
                label: row.label.clone(),
            });
            let doc = table.docs.binary_search(&row.doc_id);
            let doc = doc.expect("every row's document was listed") as u32;
            table.rows.push(Row { doc, key, counts: row.counts });
        }
        table.rows.sort_by_key(|row| row.doc);
        table
    }

    /// The part of some documents; keys keep their numbers.
    pub fn only(&self, keep: impl Fn(&Digest) -> bool) -> Table {
        let kept: Vec<Option<u32>> = self
            .docs
            .iter()
            .scan(0, |next, doc| {
                let at = keep(doc).then_some(*next);
                *next += u32::from(at.is_some());
                Some(at)
            })
            .collect();
        let docs = self.docs.iter().zip(&kept).filter(|(_, at)| at.is_some());
        let row = |row: &Row| Some(Row { doc: kept[row.doc as usize]?, ..*row });
        Table {
            docs: docs.map(|(doc, _)| *doc).collect(),
            keys: self.keys.clone(),
            rows: self.rows.iter().filter_map(row).collect(),
            planned: self.planned.clone(),
            by_name: self.by_name.clone(),
        }
    }

    /// The rows as tables on disk hold them: by document, layer, metric and label.
    pub fn to_rows(&self, system: &str) -> impl Iterator<Item = CountRow> {
        let mut keys: Vec<usize> = (0..self.keys.len()).collect();
        keys.sort_unstable_by_key(|&key| &self.keys[key]);
        let mut rank = vec![0; keys.len()];
        keys.into_iter().enumerate().for_each(|(at, key)| rank[key] = at);
        let mut order: Vec<u32> = (0..self.rows.len() as u32).collect();
        order.sort_unstable_by_key(|&at| {
            let row = &self.rows[at as usize];
            (self.docs[row.doc as usize], rank[row.key as usize])
        });
        order.into_iter().map(move |at| {
            let row = &self.rows[at as usize];
            let key = &self.keys[row.key as usize];
            CountRow {
                system: system.to_owned(),
                doc_id: self.docs[row.doc as usize],
                layer: key.layer.clone(),
                metric: key.metric.clone(),
                label: key.label.clone(),
                counts: row.counts,
            }
        })
    }
}
