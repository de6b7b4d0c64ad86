//! Label formats: how other tools write annotations down.
//!
//! A format only reads and writes its notation. Which article a file speaks of, what its
//! offsets count and which layer a label belongs to is found for all formats alike, by
//! `import`.

mod brat;
mod carrier;
mod cas_json;
mod conll;
mod doccano;
mod gate;
mod hf;
mod jsonl;
mod label_studio;
mod prodigy;
mod scheme;
mod spacy;
mod tokens;
mod w3c;
mod wcxb;
mod webanno_tsv;

use std::collections::BTreeMap;

use goldpress_model::{AttrValue, LabelSpec, LayerSpec, LooseAnnotation, Schema};
use goldpress_store::{json::canonical, labels::parse_line};
use serde_json::Value;

use crate::{
    export::{Capacity, Page, WriteOptions},
    units::Unit,
};

/// All formats, most particular first: the first that recognises a file reads it.
pub const FORMATS: &[&dyn Format] = &[
    &hf::Hf,
    &wcxb::Wcxb,
    &w3c::W3c,
    &gate::Gate,
    &cas_json::CasJson,
    &label_studio::LabelStudio,
    &webanno_tsv::WebannoTsv,
    &spacy::Spacy,
    &doccano::Doccano,
    &prodigy::Prodigy,
    &brat::Brat,
    &jsonl::Jsonl,
    &conll::Conll,
];

/// The format whose keys projects rename.
pub(crate) const DOCCANO: &dyn Format = &doccano::Doccano;

/// One notation of annotations.
pub trait Format: Sync {
    /// The name that `--from` and the origin of a line use.
    fn name(&self) -> &'static str;

    /// What its offsets count; `None` where the format does not tell.
    fn unit(&self) -> Option<Unit>;

    /// Whether its ids are ids of label lines, to be kept.
    fn keeps_ids(&self) -> bool {
        false
    }

    /// Whether an annotation of it has room for the whole line that it was made of.
    fn carries_lines(&self) -> bool {
        false
    }

    /// Whether a text of it has room for whole lines that have no place of their own.
    fn carries_rest(&self) -> bool {
        self.carries_lines()
    }

    /// Extension of the file beside it that holds the text, if the format has one.
    fn text_beside(&self) -> Option<&'static str> {
        None
    }

    /// Keys that a project may call otherwise.
    fn columns(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether a file is of this format, by its content; the name settles ties.
    fn recognises(&self, source: &Source) -> bool;

    /// Reads a file as the articles it speaks of.
    ///
    /// A line that cannot be read is a [`Misread`], and reading goes on after it.
    ///
    /// # Errors
    ///
    /// The file as a whole is not of this format.
    fn read(
        &self,
        source: &Source,
        options: &ReadOptions,
    ) -> Result<Vec<Foreign>, Misread>;

    /// What it has room for; `None` where it can only be imported.
    fn capacity(&self, options: &WriteOptions) -> Option<Capacity> {
        let _ = options;
        None
    }

    /// Writes one article, of which it is only given what it has room for.
    fn write(
        &self,
        schema: &Schema,
        page: &Page<'_>,
        options: &WriteOptions,
        written: &mut Written,
    ) {
        let _ = (schema, page, options, written);
    }

    /// Writes what stands once for all articles, after the last.
    fn finish(&self, schema: &Schema, options: &WriteOptions, written: &mut Written) {
        let _ = (schema, options, written);
    }
}

/// Files of a format, as they grow.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// Name below the folder → bytes.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What turned out to be too much while writing, by feature.
    pub lost: BTreeMap<&'static str, u64>,
    /// Annotations that were handed in and are not among the files.
    pub n_left_out: u64,
    /// The layers that are exported.
    pub layers: Vec<String>,
}

impl Written {
    /// Counts a loss.
    fn lose(&mut self, feature: &'static str) {
        *self.lost.entry(feature).or_default() += 1;
    }

    /// Appends to a file.
    fn append(&mut self, name: &str, text: &str) {
        self.files.entry(name.to_owned()).or_default().extend_from_slice(text.as_bytes());
    }
}

/// The format of that name.
pub fn format(name: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|format| format.name() == name)
}

/// Why keys cannot be renamed in a format; `None` where they can.
pub(crate) fn column_fault(
    format: &dyn Format,
    columns: &BTreeMap<String, String>,
) -> Option<String> {
    let known = format.columns();
    let unknown = columns.keys().find(|name| !known.contains(&name.as_str()))?;
    Some(match known {
        [] => format!("`{}` has no keys that could be named", format.name()),
        known => format!("`{unknown}` is none of {}", known.join(", ")),
    })
}

/// Choices that single formats have in reading.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// A labelling configuration, as XML.
    pub config: Option<String>,
    /// The layer of a format that has one column of labels.
    pub layer: Option<String>,
    /// Tags of a token format; found by their prefixes without.
    pub scheme: Option<String>,
    /// Sentences to an article, where a token format marks none.
    pub sentences: Option<usize>,
    /// Whether a tag that its scheme does not allow becomes a beginning (`begin`) or is
    /// left out (`discard`).
    pub tags: Option<String>,
    /// Names of keys that a project calls otherwise: ours → theirs (`--column`).
    pub columns: BTreeMap<String, String>,
    /// Whose annotations are read, where a file holds those of several people.
    pub annotator: Option<String>,
    /// Who reads the tags of a token format, in the place of the rules of a scheme.
    pub reader: Option<TagReader>,
}

/// A run of words with a label, as a [`TagReader`] finds it.
pub type TaggedRun = (std::ops::Range<usize>, String);

type ReadTags =
    dyn Fn(&[Vec<String>]) -> Result<Vec<Vec<TaggedRun>>, String> + Send + Sync;

/// A reading of tags that is handed in: sentences of tags to runs of words, by sentence.
/// Programs that score such files find runs where a scheme sees none.
#[derive(Clone)]
pub struct TagReader(std::sync::Arc<ReadTags>);

impl TagReader {
    /// A reader by a function, which says in words why it cannot read.
    pub fn new(
        read: impl Fn(&[Vec<String>]) -> Result<Vec<Vec<TaggedRun>>, String>
        + Send
        + Sync
        + 'static,
    ) -> TagReader {
        TagReader(std::sync::Arc::new(read))
    }

    fn read(&self, tags: &[Vec<String>]) -> Result<Vec<Vec<TaggedRun>>, String> {
        (self.0)(tags)
    }
}

impl std::fmt::Debug for TagReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TagReader")
    }
}

/// A file as found, with the text beside it where the format has one.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// Path as the user gave it.
    pub name: String,
    /// The file's bytes.
    pub bytes: Vec<u8>,
    /// The bytes of the text beside it.
    pub text_beside: Option<Vec<u8>>,
}

impl Source {
    /// Whether nothing stands in it: it says of no format which it is.
    pub fn is_blank(&self) -> bool {
        self.bytes.trim_ascii().is_empty()
    }

    /// The file's name without folder and extensions of compression and kind.
    pub fn stem(&self) -> &str {
        stem(&self.name)
    }
}

/// The name of a file without its folder and extension; a `.gz` or the like goes too.
pub(crate) fn stem(name: &str) -> &str {
    let name = name.rsplit(['/', '\\', '!']).next().unwrap_or(name);
    let packed = [".gz", ".zst", ".bz2", ".xz"];
    let name = packed.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    }
}

/// One article as a foreign file speaks of it.
#[derive(Debug, Clone, Default)]
pub struct Foreign {
    /// What the file calls the article, if anything.
    pub doc: Option<String>,
    /// The text, with its line ends, if the file brings it.
    pub text: Option<String>,
    /// Tokens that ranges count, with their lines, for formats of tokens.
    pub tokens: Vec<Token>,
    /// Sentences as a text could be made of them, for formats of tokens: the file's own,
    /// else its tokens with a space between.
    pub sentences: Vec<String>,
    /// Annotations, in the order of the file.
    pub drafts: Vec<Draft>,
    /// Links between them, for formats of spans and links.
    pub links: Vec<Link>,
    /// Lines that could not be read.
    pub misread: Vec<Misread>,
    /// Lines that were put right to be read, or read as somebody else reads them.
    pub mended: Vec<Misread>,
    /// What the file says of the person's work.
    pub task: Task,
    /// The system that claims all this, where no person does.
    pub model: Option<String>,
    /// What its offsets count, where the file says so itself.
    pub unit: Option<Unit>,
    /// What has no place in a label line, by feature.
    pub lost: BTreeMap<&'static str, u64>,
}

/// What became of an article as a task of somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Task {
    /// The file does not say.
    #[default]
    Unknown,
    /// Submitted, for the layers whose labels occur.
    Submitted,
    /// Submitted, for controls or labels of a labelling configuration.
    Configured(Vec<String>),
    /// Refused or passed over: nothing of it is gold. Says how.
    Skipped(&'static str),
}

/// A token as a file writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Token {
    /// The line it stands in, counted from 1.
    pub line: usize,
    /// Its characters.
    pub text: String,
}

/// A link between two annotations: an argument of the first, or a relation of both.
#[derive(Debug, Clone, Default)]
pub struct Link {
    /// Its label, line and reference; where it stands is where its ends stand.
    pub draft: Draft,
    /// Id of the first end.
    pub from: String,
    /// Id of the second end.
    pub to: String,
}

/// An annotation in the words of a foreign file: believed by nobody yet.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// The line it stands in, counted from 1.
    pub line: usize,
    /// What other drafts of the file call it; empty where nothing can.
    pub id: String,
    /// The handle that the line keeps as a memory of the file.
    pub reference: Option<String>,
    /// Other names of the same thing: the trigger of an event.
    pub aliases: Vec<String>,
    /// The layer, where the format has a word for it.
    pub layer: Option<String>,
    /// The label.
    pub label: String,
    /// Ranges in whatever the file counts.
    pub ranges: Vec<(i64, i64)>,
    /// The words it says it covers, pieces joined by one space.
    pub quote: Option<String>,
    /// Roles and the ids they point to, in the order of the file.
    pub args: Vec<(String, String)>,
    /// Attributes; those of formats without types are texts.
    pub attrs: BTreeMap<String, AttrValue>,
    /// How sure whoever made it was.
    pub score: Option<f64>,
    /// The whole line that it was made of, where `export --lossless` laid it beside.
    pub whole: Option<Value>,
}

impl Draft {
    /// The same with its whole line, by whose id others may point to it.
    fn beside(mut self, whole: Option<&Value>) -> Draft {
        let Some(whole) = whole.filter(|whole| whole.is_object()) else { return self };
        self.aliases.extend(whole["id"].as_str().map(str::to_owned));
        self.whole = Some(whole.clone());
        self
    }
}

/// Whole lines that an export laid beside a text, since the format has no place for them.
fn rest(number: usize, lines: Option<&Value>, foreign: &mut Foreign) {
    for line in lines.and_then(Value::as_array).into_iter().flatten() {
        match parse_line(&canonical(line)) {
            Ok(own) => foreign
                .drafts
                .push(jsonl::draft(number, own.annotation).beside(Some(line))),
            Err(message) => foreign.misread.push(Misread::new(number, message)),
        }
    }
}

/// The key under which a whole line stands.
pub(crate) const WHOLE: &str = "goldpress";

/// A line or a file that is not of the format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct Misread {
    /// The line, counted from 1.
    pub line: usize,
    /// Name of the rule: `format` for what has another shape.
    pub code: &'static str,
    /// What is wrong with it.
    pub message: String,
}

impl Misread {
    fn of(code: &'static str, line: usize, message: impl Into<String>) -> Misread {
        Misread { line, code, message: message.into() }
    }

    fn new(line: usize, message: impl Into<String>) -> Misread {
        Misread { line, code: "format", message: message.into() }
    }
}

/// The lines of a file with their numbers, counted from 1; CR LF ends a line too.
fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split('\n')
        .enumerate()
        .map(|(n, line)| (n + 1, line.strip_suffix('\r').unwrap_or(line)))
}

/// The JSON value of a whole file.
fn json_of(source: &Source) -> Result<Value, Misread> {
    serde_json::from_str(utf8(&source.bytes)?)
        .map_err(|error| Misread::new(error.line().max(1), error.to_string()))
}

/// A JSON value as an attribute; what no attribute can be becomes its spelling.
fn attr_of(value: &Value) -> AttrValue {
    serde_json::from_value(value.clone())
        .unwrap_or_else(|_| AttrValue::Text(value.to_string()))
}

/// The text of a file, which every format here writes in UTF-8.
fn utf8(bytes: &[u8]) -> Result<&str, Misread> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
        Misread::new(line, format!("not UTF-8 from byte {}", error.valid_up_to()))
    })
}

/// A label as formats without layers write it: alone where one layer has it, else with
/// the layer before it, as `layer__label`.
fn written_label(schema: &Schema, annotation: &LooseAnnotation) -> String {
    spelt_label(schema, &annotation.layer, &annotation.label)
}

/// The same of a label of the schema.
fn label_of(schema: &Schema, layer: &LayerSpec, label: &LabelSpec) -> String {
    spelt_label(schema, &layer.name, &label.name)
}

fn spelt_label(schema: &Schema, layer: &str, label: &str) -> String {
    let n_layers = schema.layers.iter().filter(|layer| layer.has_label(label)).count();
    if n_layers > 1 { format!("{layer}__{label}") } else { label.to_owned() }
}
