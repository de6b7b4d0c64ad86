//! `webanno-tsv`: the token tables of WebAnno and INCEpTION, version 3.2; import only.
//!
//! Tokens are laid along the article's text, their own offsets are not used. The first
//! feature of a span layer is its label. Coreference links become chains (`coref`); other
//! links and features have no place here and are counted.

use std::collections::BTreeMap;

use goldpress_model::AttrValue;

use super::{
    Draft, Foreign, Format, Misread, ReadOptions, Source, Token, numbered, utf8,
};
use crate::units::Unit;

/// The format.
pub(super) struct WebannoTsv;

impl Format for WebannoTsv {
    fn name(&self) -> &'static str {
        "webanno-tsv"
    }

    fn unit(&self) -> Option<Unit> {
        Some(Unit::CodePoint)
    }

    fn recognises(&self, source: &Source) -> bool {
        source.bytes.starts_with(b"#FORMAT=WebAnno TSV 3")
    }

    fn read(
        &self,
        source: &Source,
        _options: &ReadOptions,
    ) -> Result<Vec<Foreign>, Misread> {
        let mut table = Table::default();
        for (number, line) in numbered(utf8(&source.bytes)?) {
            if let Some(layer) =
                line.strip_prefix("#T_SP=").or(line.strip_prefix("#T_CH="))
            {
                table.layers.push(Columns::of(layer, false));
            } else if let Some(layer) = line.strip_prefix("#T_RL=") {
                table.layers.push(Columns::of(layer, true));
            } else if let Some(sentence) = line.strip_prefix("#Text=") {
                table.sentences.push(sentence.to_owned());
            } else if !line.trim().is_empty() && !line.starts_with('#') {
                table.read_row(number, line)?;
            }
        }
        Ok(vec![table.into_foreign()])
    }
}

/// The columns of a layer.
struct Columns {
    name: String,
    n_columns: usize,
    is_relation: bool,
}

impl Columns {
    fn of(header: &str, is_relation: bool) -> Columns {
        let mut names = header.split('|');
        let name = names.next().unwrap_or_default();
        let name = name.rsplit('.').next().unwrap_or(name).to_owned();
        // A span layer without features has a column that marks it.
        Columns { name, n_columns: names.count().max(1), is_relation }
    }
}

#[derive(Default)]
struct Table {
    layers: Vec<Columns>,
    tokens: Vec<Token>,
    sentences: Vec<String>,
    /// Id of a token, as `1-2`, of the row before: a span goes on in the next row.
    spans: Vec<Span>,
    /// Layer and number, or token, → span.
    by_id: BTreeMap<(usize, String), usize>,
    /// Coreference: span numbers, or tokens, that name the same thing.
    pairs: Vec<(String, String)>,
    lost: BTreeMap<&'static str, u64>,
}

struct Span {
    layer: usize,
    id: String,
    label: String,
    line: usize,
    /// Tokens, in order.
    tokens: Vec<usize>,
}

impl Table {
    fn read_row(&mut self, line: usize, row: &str) -> Result<(), Misread> {
        let cells: Vec<&str> = row.split('\t').collect();
        let [id, _offsets, word, rest @ ..] = cells.as_slice() else {
            return Err(Misread::new(line, "a row has an id, offsets and a token"));
        };
        if id.contains('.') {
            // Parts of a token repeat it; what stands on them stands on no whole word.
            *self.lost.entry("misaligned").or_default() += 1;
            return Ok(());
        }
        let token = self.tokens.len();
        self.tokens.push(Token { line, text: (*word).to_owned() });
        let mut rest = rest;
        for layer in 0..self.layers.len() {
            let n = self.layers[layer].n_columns.min(rest.len());
            let (own, later) = rest.split_at(n);
            rest = later;
            match own.split_last() {
                // The last column of a relation holds where each begins.
                Some((ends, kinds)) if self.layers[layer].is_relation => {
                    self.read_links(kinds, ends, id);
                }
                _ => self.read_spans(layer, own, (token, id, line)),
            }
        }
        Ok(())
    }

    fn read_spans(
        &mut self,
        layer: usize,
        cells: &[&str],
        (token, row, line): (usize, &str, usize),
    ) {
        let Some(labels) = cells.first().filter(|cell| **cell != "_") else { return };
        for value in split_values(labels) {
            let (label, number) = numbered_value(&value);
            let id = number.clone().unwrap_or_else(|| row.to_owned());
            if let Some(at) =
                self.by_id.get(&(layer, id.clone())).filter(|_| number.is_some())
            {
                self.spans[*at].tokens.push(token);
                continue;
            }
            self.by_id.insert((layer, id.clone()), self.spans.len());
            let n_features = cells[1..].iter().filter(|cell| **cell != "_").count();
            *self.lost.entry("attribute").or_default() += n_features as u64;
            let label = unescaped(&label);
            self.spans.push(Span { layer, id, label, line, tokens: vec![token] });
        }
    }

    /// `coref` in one column, `4-17[31_2]` in the next: from span 31 to span 2.
    fn read_links(&mut self, cells: &[&str], ends: &str, row: &str) {
        let Some(kinds) = cells.first().filter(|cell| **cell != "_") else { return };
        let ends = split_values(ends);
        for (kind, end) in split_values(kinds).iter().zip(ends) {
            if !["coref", "ana", "cata"].contains(&kind.as_str()) {
                *self.lost.entry("relation").or_default() += 1;
                continue;
            }
            let (other, numbers) = numbered_value(&end);
            let numbers = numbers.unwrap_or_default();
            let (from, to) = numbers.split_once('_').unwrap_or(("0", "0"));
            let name = |number: &str, token: &str| match number {
                "0" => token.to_owned(),
                number => number.to_owned(),
            };
            self.pairs.push((name(from, &other), name(to, row)));
        }
    }

    fn into_foreign(self) -> Foreign {
        let chains = chains(&self.pairs);
        let mut drafts = Vec::new();
        for span in self.spans {
            let mut attrs = BTreeMap::new();
            if let Some(chain) = chains.get(&span.id) {
                attrs.insert("coref".to_owned(), AttrValue::Text(chain.clone()));
            }
            drafts.push(Draft {
                line: span.line,
                id: format!("{}/{}", self.layers[span.layer].name, span.id),
                reference: Some(span.id),
                label: span.label,
                ranges: runs(&span.tokens),
                attrs,
                ..Draft::default()
            });
        }
        Foreign {
            tokens: self.tokens,
            sentences: self.sentences,
            drafts,
            lost: self.lost,
            ..Foreign::default()
        }
    }
}

/// Tokens side by side make one piece.
fn runs(tokens: &[usize]) -> Vec<(i64, i64)> {
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for token in tokens.iter().map(|token| *token as i64) {
        match runs.last_mut() {
            Some((_, end)) if *end == token => *end += 1,
            _ => runs.push((token, token + 1)),
        }
    }
    runs
}

/// Spans that coreference joins, named by the first of them.
fn chains(pairs: &[(String, String)]) -> BTreeMap<String, String> {
    let mut chains: BTreeMap<String, String> = BTreeMap::new();
    for (a, b) in pairs {
        let [one, two] = [a, b].map(|id| chains.get(id).cloned().unwrap_or(id.clone()));
        let first = one.clone().min(two.clone());
        for chain in chains.values_mut().filter(|chain| **chain == one || **chain == two)
        {
            chain.clone_from(&first);
        }
        for id in [a, b] {
            chains.insert(id.clone(), first.clone());
        }
    }
    chains
}

/// Values of a cell; a bar inside one is escaped.
fn split_values(cell: &str) -> Vec<String> {
    let mut values = vec![String::new()];
    let mut letters = cell.chars();
    while let Some(letter) = letters.next() {
        match (letter, values.last_mut()) {
            ('|', _) => values.push(String::new()),
            ('\\', Some(last)) => {
                last.push('\\');
                last.extend(letters.next());
            }
            (letter, Some(last)) => last.push(letter),
            (_, None) => {}
        }
    }
    values
}

/// `person[2]` is a value and the number of its span.
fn numbered_value(value: &str) -> (String, Option<String>) {
    let inner = value.strip_suffix(']').and_then(|value| value.rsplit_once('['));
    match inner.filter(|(head, _)| !head.ends_with('\\')) {
        Some((head, number)) => (head.to_owned(), Some(number.to_owned())),
        None => (value.to_owned(), None),
    }
}

fn unescaped(value: &str) -> String {
    let mut letters = value.chars();
    let mut out = String::new();
    while let Some(letter) = letters.next() {
        out.extend(if letter == '\\' { letters.next() } else { Some(letter) });
    }
    out
}
