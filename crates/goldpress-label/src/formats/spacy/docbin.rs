//! DocBin: texts as numbered words, with entities on words and span groups beside them.
//!
//! # Source
//!
//! `spacy/tokens/_serialize.py`, `_dict_proxies.py` and `span_group.pyx` of spaCy 3.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
};

use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};

use super::{
    msgpack::{self, Value},
    strings::number,
};

/// A text as spaCy holds it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Doc {
    /// Words, and whether a space follows.
    pub(super) words: Vec<(String, bool)>,
    /// By word: its tag of IOB (1 inside, 2 outside, 3 beginning, 0 not told) and type.
    pub(super) entities: Vec<(u64, String)>,
    /// Span groups by name.
    pub(super) groups: BTreeMap<String, Vec<Span>>,
}

/// A span of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) label: String,
    /// In words.
    pub(super) words: (u32, u32),
    /// In code points.
    pub(super) chars: (u32, u32),
}

/// Numbers of the attributes that we write: text, IOB tag, entity type.
const ATTRS: [i128; 3] = [65, 77, 78];

/// A DocBin holds numbers of words: larger than this it is a bomb.
const MOST_BYTES: u64 = 1 << 30;

/// Reads the texts of a DocBin.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Doc>, String> {
    let mut raw = Vec::new();
    let mut unpacked = ZlibDecoder::new(bytes).take(MOST_BYTES);
    unpacked.read_to_end(&mut raw).map_err(|_| "no zlib stream".to_owned())?;
    let bin = msgpack::read(&raw).ok_or("no MessagePack in the zlib stream")?;
    Bin::of(&bin)?.docs()
}

/// A DocBin taken apart.
struct Bin<'a> {
    attrs: Vec<i128>,
    cells: Vec<u64>,
    spaces: &'a [u8],
    lengths: Vec<usize>,
    strings: BTreeMap<u64, &'a str>,
    groups: &'a [Value],
}

impl<'a> Bin<'a> {
    fn of(bin: &'a Value) -> Result<Bin<'a>, String> {
        let part = |key: &str| bin.get(key).ok_or_else(|| format!("there is no `{key}`"));
        let bytes = |key: &str| {
            part(key)?.as_bytes().ok_or_else(|| format!("`{key}` holds no bytes"))
        };
        let attrs = part("attrs")?.as_list().iter().map(|attr| match attr {
            Value::Whole(number) => *number,
            _ => 0,
        });
        let (cells, _) = bytes("tokens")?.as_chunks::<8>();
        let (lengths, _) = bytes("lengths")?.as_chunks::<4>();
        let strings = part("strings")?.as_list().iter().filter_map(Value::as_text);
        Ok(Bin {
            attrs: attrs.collect(),
            cells: cells.iter().map(|cell| u64::from_le_bytes(*cell)).collect(),
            spaces: bytes("spaces")?,
            lengths: lengths.iter().map(|n| u32::from_le_bytes(*n) as usize).collect(),
            strings: strings.map(|text| (number(text), text)).collect(),
            groups: bin.get("span_groups").map_or(&[], Value::as_list),
        })
    }

    fn string(&self, number: u64) -> Result<String, String> {
        match self.strings.get(&number) {
            _ if number == 0 => Ok(String::new()),
            Some(text) => Ok((*text).to_owned()),
            None => Err(format!("string {number} is not in the file")),
        }
    }

    fn docs(&self) -> Result<Vec<Doc>, String> {
        let column = |attr: i128| self.attrs.iter().position(|known| *known == attr);
        let [orth, iob, kind] = ATTRS.map(column);
        let orth = orth.ok_or("words have no text (ORTH)")?;
        let mut at = 0;
        let mut docs = Vec::with_capacity(self.lengths.len().min(1 << 16));
        for (n, length) in self.lengths.iter().enumerate() {
            let mut doc = Doc::default();
            for _ in 0..*length {
                let from = at * self.attrs.len();
                let cells = self.cells.get(from..from + self.attrs.len());
                let cells = cells.ok_or("there are fewer words than `lengths` says")?;
                let space =
                    self.spaces.get(at).ok_or("there are fewer spaces than words")?;
                doc.words.push((self.string(cells[orth])?, *space != 0));
                let tag = iob.map_or(0, |iob| cells[iob]);
                let kind =
                    kind.map_or(Ok(String::new()), |kind| self.string(cells[kind]))?;
                doc.entities.push((tag, kind));
                at += 1;
            }
            doc.groups = match self.groups.get(n).and_then(Value::as_bytes) {
                Some(bytes) if !bytes.is_empty() => self.groups_of(bytes)?,
                _ => BTreeMap::new(),
            };
            docs.push(doc);
        }
        Ok(docs)
    }

    /// Groups are a list, or a map from a group to all of its names.
    fn groups_of(&self, bytes: &[u8]) -> Result<BTreeMap<String, Vec<Span>>, String> {
        let groups = msgpack::read(bytes).ok_or("span groups are no MessagePack")?;
        let mut all = BTreeMap::new();
        match &groups {
            Value::Map(pairs) => {
                for (group, names) in pairs {
                    let (own, spans) = self.group(group)?;
                    let names = names.as_list().iter().filter_map(Value::as_text);
                    let names: Vec<String> = names.map(str::to_owned).collect();
                    for name in if names.is_empty() { vec![own] } else { names } {
                        all.insert(name, spans.clone());
                    }
                }
            }
            groups => {
                for group in groups.as_list() {
                    let (name, spans) = self.group(group)?;
                    all.insert(name, spans);
                }
            }
        }
        Ok(all)
    }

    fn group(&self, bytes: &Value) -> Result<(String, Vec<Span>), String> {
        let group = bytes.as_bytes().and_then(msgpack::read);
        let group = group.ok_or("a span group is no MessagePack")?;
        let name =
            group.get("name").and_then(Value::as_text).unwrap_or_default().to_owned();
        let mut spans = Vec::new();
        for span in group.get("spans").map_or(&[][..], Value::as_list) {
            let bytes = span.as_bytes().unwrap_or_default();
            let Some((numbers, places)) = bytes.split_at_checked(24) else {
                return Err("a span has fewer than 40 bytes".to_owned());
            };
            let label = u64::from_be_bytes(numbers[16..].try_into().unwrap_or_default());
            let (places, _) = places.as_chunks::<4>();
            let [start, end, from, to] = places else {
                return Err("a span has no four places".to_owned());
            };
            spans.push(Span {
                label: self.string(label)?,
                words: (u32::from_be_bytes(*start), u32::from_be_bytes(*end)),
                chars: (u32::from_be_bytes(*from), u32::from_be_bytes(*to)),
            });
        }
        Ok((name, spans))
    }
}

/// The DocBin of some texts.
pub(super) fn write(docs: &[Doc]) -> std::io::Result<Vec<u8>> {
    let mut strings: BTreeMap<&str, ()> = BTreeMap::from([("", ())]);
    let (mut tokens, mut spaces, mut lengths) = (Vec::new(), Vec::new(), Vec::new());
    for doc in docs {
        lengths.extend((doc.words.len() as u32).to_le_bytes());
        for ((word, space), (tag, kind)) in doc.words.iter().zip(&doc.entities) {
            strings.insert(word, ());
            strings.insert(kind, ());
            for cell in [number(word), *tag, number(kind)] {
                tokens.extend(cell.to_le_bytes());
            }
            spaces.push(u8::from(*space));
        }
        let labels = doc.groups.values().flatten().map(|span| (span.label.as_str(), ()));
        strings.extend(labels);
    }
    let no_cats = docs.iter().map(|_| Value::Map(Vec::new())).collect();
    let known = (Value::text("has_unknown_spaces"), Value::Bool(false));
    let flags = docs.iter().map(|_| Value::Map(vec![known.clone()])).collect();
    let groups = docs.iter().map(|doc| Value::Bytes(groups(doc))).collect();
    let parts = [
        ("version", Value::text("0.1")),
        ("attrs", Value::List(ATTRS.map(Value::Whole).to_vec())),
        ("tokens", Value::Bytes(tokens)),
        ("spaces", Value::Bytes(spaces)),
        ("lengths", Value::Bytes(lengths)),
        ("strings", Value::List(strings.keys().map(|text| Value::text(text)).collect())),
        ("cats", Value::List(no_cats)),
        ("flags", Value::List(flags)),
        ("span_groups", Value::List(groups)),
    ];
    let bin = parts.map(|(key, value)| (Value::text(key), value)).to_vec();
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    packed.write_all(&msgpack::write(&Value::Map(bin)))?;
    packed.finish()
}

fn groups(doc: &Doc) -> Vec<u8> {
    let pairs = doc.groups.iter().map(|(name, spans)| {
        let spans = spans.iter().map(|span| {
            let mut bytes = vec![0; 16];
            bytes.extend(number(&span.label).to_be_bytes());
            for place in [span.words.0, span.words.1, span.chars.0, span.chars.1] {
                bytes.extend(place.to_be_bytes());
            }
            Value::Bytes(bytes)
        });
        let group = Value::Map(vec![
            (Value::text("name"), Value::text(name)),
            (Value::text("attrs"), Value::Map(Vec::new())),
            (Value::text("spans"), Value::List(spans.collect())),
        ]);
        (Value::Bytes(msgpack::write(&group)), Value::List(vec![Value::text(name)]))
    });
    msgpack::write(&Value::Map(pairs.collect()))
}
