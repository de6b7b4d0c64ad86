//! Ingest: one record to its one outcome.

use std::panic::{AssertUnwindSafe, catch_unwind};

use goldpress_model::{
    Article, ArticleParts, Block, Decoding, Digest, Field, FieldSource, Fields, Flaw,
    Outcome, PageFacts, RawDocument, Reject, RejectReason, Role,
};
use goldpress_text::{
    Declared, DecodeError, Decoded, decode, language, lines, measures, normalise,
    repair_mojibake, stop_word_share,
};

use crate::{
    CpuClock, Options, Record, RenderError,
    limits::Budget,
    markup::is_whole_page,
    page::render_in,
    publisher::source_of,
    record::{Content, NO_TEXT, Refusal},
};

/// Shortest block, in bytes, whose language is looked at by itself.
const BLOCK_LANG_BYTES: usize = 160;
/// How sure the detector must be that a block is in another language.
const BLOCK_LANG_SCORE: f32 = 0.4;
/// Share of stop words from which a block is in the article's language.
const OWN_STOP_WORDS: f32 = 0.28;
/// Microseconds of a day: a page may be dated by the clock of any zone.
const DAY_US: i64 = 86_400_000_000;

/// What siblings of this crate and the machine know: handed in by the command.
#[derive(Clone, Copy)]
pub struct Hands<'a> {
    /// Says each block's role: the default content system.
    pub label_blocks: &'a (dyn Fn(BlockView<'_>) -> Labels + Sync),
    /// Reads metadata, once the roles are known: of the authors that a record states it
    /// returns those who are people.
    pub read_fields: &'a (dyn Fn(FieldView<'_>) -> Fields + Sync),
    /// Holds each record to its limit of CPU time.
    pub cpu_time: CpuClock<'a>,
}

/// What a labeller of blocks says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    /// One role a block, in order.
    pub roles: Vec<Role>,
    /// Whether the body is a second reading: the flaw `body_fallback`.
    pub is_fallback: bool,
}

impl From<Vec<Role>> for Labels {
    fn from(roles: Vec<Role>) -> Labels {
        Labels { roles, is_fallback: false }
    }
}

/// How a text came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// As a whole document: the article has to be found in it.
    Document,
    /// In a field that the record, or its format, declares to be the article's text.
    Field,
}

/// What a labeller of blocks sees.
#[derive(Debug, Clone, Copy)]
pub struct BlockView<'a> {
    /// Normalised text.
    pub text: &'a str,
    /// Its lines, every role `paragraph`.
    pub blocks: &'a [Block],
    /// Facts of the page, if there is one.
    pub facts: Option<&'a PageFacts>,
    /// Metadata that the record states.
    pub stated: &'a Fields,
    /// How the text came.
    pub given: Given,
}

/// What a reader of fields sees.
#[derive(Debug, Clone, Copy)]
pub struct FieldView<'a> {
    /// Normalised text.
    pub text: &'a str,
    /// Its lines with their roles.
    pub blocks: &'a [Block],
    /// Facts of the page, if there is one.
    pub facts: Option<&'a PageFacts>,
    /// Metadata that the record states.
    pub stated: &'a Fields,
    /// Address that the document was fetched from.
    pub url: Option<&'a str>,
}

/// Turns one record into its outcome.
///
/// Total: there is no input for which it fails, so `articles + rejects = records` always
/// holds and [`crate::run`] checks it. Only the disk can stop an ingest.
pub fn ingest(
    record: Result<Record, Reject>,
    hands: &Hands<'_>,
    options: &Options,
) -> Outcome {
    let record = match record {
        Ok(record) => record,
        Err(reject) => return Outcome::Reject(reject),
    };
    match article(&record, hands, options) {
        Ok(article) => Outcome::Article(Box::new(article)),
        Err(why) => Outcome::Reject(record.reject(why)),
    }
}

/// The article of a record.
pub(crate) fn article(
    record: &Record,
    hands: &Hands<'_>,
    options: &Options,
) -> Result<Article, Refusal> {
    if record.raw.bytes.is_empty() {
        return Err(Refusal::new(RejectReason::Empty, "the record has no bytes"));
    }
    let budget = Budget::of(options.limits.cpu, hands.cpu_time);
    let mut shaped = shape(record, options, &budget)?;
    budget.check()?;
    if shaped.blocks.is_empty() {
        return Err(Refusal::new(RejectReason::NoText, "the record has no text"));
    }
    let mut stated = record.stated.clone();
    let saved_from = shaped.facts.as_ref().and_then(|facts| facts.saved_from.as_deref());
    match (&record.raw.url, saved_from) {
        (Some(url), _) => stated.state(Field::Url, url, FieldSource::Record),
        (None, Some(url)) => stated.state(Field::Url, url, FieldSource::Html),
        (None, None) => false,
    };
    let text = shaped.text.as_str();
    let facts = shaped.facts.as_ref();
    let given = given(record);
    let view = BlockView { text, blocks: &shaped.blocks, facts, stated: &stated, given };
    let labels = (hands.label_blocks)(view);
    budget.check()?;
    shaped.is_fallback |= labels.is_fallback;
    for (block, role) in shaped.blocks.iter_mut().zip(labels.roles) {
        block.role = role;
    }
    if is_declared_text(&record.content) {
        keep_declared_text(text, &mut shaped.blocks);
    }
    let blocks = &shaped.blocks;
    let url = stated.get(Field::Url).map(str::to_owned);
    let view = FieldView { text, blocks, facts, stated: &stated, url: url.as_deref() };
    let found = fields_of(view, hands);
    budget.check()?;
    let is_unread = found.is_none();
    let found = found.unwrap_or_default();
    let mut fields = merged(merged_with_people(stated, &found), &record.hearsay);

    let lang = language(&sample(text, blocks));
    fields.state(Field::Language, &lang.tag, FieldSource::Document);
    let foreign = foreign_blocks(text, blocks, &lang.tag);
    for (at, tag) in foreign {
        shaped.blocks[at].lang = Some(tag);
    }
    let mut flaws = std::mem::take(&mut shaped.flaws);
    flaws.extend_from_slice(&record.flaws);
    flaws.extend(found_flaws(record, &shaped, &fields, u32::from(is_unread)));
    flaws.sort();
    let measures = measures(&shaped.text, &shaped.blocks, &lang.tag);
    budget.check()?;
    let parts = ArticleParts {
        text: shaped.text,
        blocks: shaped.blocks,
        raw_id: Digest::of(&record.raw.bytes),
        dup_of: None,
        origin: record.raw.origin.clone(),
        media_type: record.raw.media_type.clone(),
        preset: record.preset.clone(),
        fetched_at_us: record.raw.fetched_at_us,
        decoding: shaped.decoding,
        source: source_of(&fields),
        fields,
        lang: lang.tag,
        lang_score: lang.score,
        measures,
        flaws,
    };
    Article::new(parts).map_err(|error| {
        Refusal::new(RejectReason::BrokenRecord, format!("internal: {error}"))
    })
}

/// Whether a field of the record is declared to be the article's text, and no whole page.
fn is_declared_text(content: &Content) -> bool {
    match content {
        Content::TextField(_) => true,
        Content::MarkupField(markup) => !is_whole_page(markup),
        Content::Text | Content::Markup | Content::Elsewhere => false,
    }
}

/// Makes the prose of a text that is declared to be the article's its body, where nothing
/// of it looks like one: a paragraph alone in a feed has nothing beside it that would tell.
fn keep_declared_text(text: &str, blocks: &mut [Block]) {
    if blocks.iter().any(|block| block.role.is_main() && block.role != Role::Title) {
        return;
    }
    for block in blocks {
        let is_headline = block.role == Role::Title || block.heading > 0;
        if !is_headline && block.link_density < 0.5 && is_prose(block.span.slice(text)) {
            block.role = Role::Paragraph;
        }
    }
}

/// Whether a line ends as a sentence does, or is as long as one.
fn is_prose(line: &str) -> bool {
    const LONG: usize = 60;
    let end = line.trim_end_matches(['"', '”', '“', '’', '»', ')', '」']);
    let is_sentence =
        end.ends_with(['.', '!', '?', '…', '。', '！', '？', '।', '؟', '۔']);
    is_sentence && line.contains(' ') || line.chars().count() >= LONG
}

/// What the reader of fields finds; nothing where it panics, since the article is worth
/// more than its fields.
fn fields_of(view: FieldView<'_>, hands: &Hands<'_>) -> Option<Fields> {
    catch_unwind(AssertUnwindSafe(|| (hands.read_fields)(view))).ok()
}

/// Normalised text and its blocks, before anything is known of them.
struct Shaped {
    text: String,
    blocks: Vec<Block>,
    facts: Option<PageFacts>,
    decoding: Decoding,
    flaws: Vec<(Flaw, u32)>,
    /// Whether the text is none that the page shows.
    is_fallback: bool,
}

/// How the text of a record came.
fn given(record: &Record) -> Given {
    if is_declared_text(&record.content) { Given::Field } else { Given::Document }
}

fn shape(
    record: &Record,
    options: &Options,
    budget: &Budget<'_>,
) -> Result<Shaped, Refusal> {
    match &record.content {
        Content::Text => Ok(text(decoded(record, false)?, options)?),
        Content::Markup => Ok(markup(decoded(record, true)?, options, budget)?),
        Content::Elsewhere => Err(Refusal::new(RejectReason::NoText, NO_TEXT)),
        Content::TextField(field) => Ok(text(of_field(record, field), options)?),
        Content::MarkupField(field) => {
            Ok(markup(of_field(record, field), options, budget)?)
        }
    }
}

impl From<RenderError> for Refusal {
    fn from(error: RenderError) -> Refusal {
        let reason = match error {
            RenderError::TooDeep { .. } => RejectReason::TooDeep,
            RenderError::TooSlow { .. } => RejectReason::TooSlow,
            RenderError::TooManyNodes { .. }
            | RenderError::TooManyLines { .. }
            | RenderError::TooManyAttributes { .. } => RejectReason::TooManyNodes,
        };
        Refusal::new(reason, error.to_string())
    }
}

fn decoded(record: &Record, markup: bool) -> Result<Decoded, Refusal> {
    let http = record.raw.charset_declared.as_deref();
    decode(&record.raw.bytes, Declared { http, markup }).map_err(|error| {
        let reason = match error {
            DecodeError::Binary { .. } => RejectReason::Binary,
            _ => RejectReason::Undecodable,
        };
        Refusal::new(reason, error.to_string())
    })
}

/// A field of a structured record, whose bytes its format decoded.
fn of_field(record: &Record, field: &str) -> Decoded {
    let decoding = Decoding {
        charset_declared: record.raw.charset_declared.clone(),
        charset_used: "utf-8".to_owned(),
        charset_source: "record".to_owned(),
        n_replaced: 0,
    };
    Decoded { text: field.to_owned(), decoding, flaws: Vec::new() }
}

fn text(decoded: Decoded, options: &Options) -> Result<Shaped, RenderError> {
    let limit = options.limits.nodes;
    let few_lines = |text: &str| {
        let n_ends = memchr::memchr2_iter(b'\n', b'\r', text.as_bytes()).count();
        if n_ends < limit { Ok(()) } else { Err(RenderError::TooManyLines { limit }) }
    };
    few_lines(&decoded.text)?;
    let done = normalise(&decoded.text, options.normalise);
    // Other characters end lines too.
    few_lines(&done.text)?;
    let mut flaws = decoded.flaws;
    flaws.extend(done.flaws);
    let blocks = lines(&done.text).map(Block::plain).collect();
    let decoding = decoded.decoding;
    let text = done.text;
    Ok(Shaped { text, blocks, facts: None, decoding, flaws, is_fallback: false })
}

fn markup(
    decoded: Decoded,
    options: &Options,
    budget: &Budget<'_>,
) -> Result<Shaped, RenderError> {
    let mut flaws = decoded.flaws;
    let (markup, n_mojibake) = match options.normalise.repair {
        true => repair_mojibake(&decoded.text),
        false => (decoded.text.as_str().into(), 0),
    };
    let page = render_in(&markup, &options.limits, budget)?;
    for (flaw, n) in
        [(Flaw::MojibakeRepaired, n_mojibake), (Flaw::EntitiesLeft, page.n_entities)]
    {
        if n > 0 {
            flaws.push((flaw, n));
        }
    }
    Ok(Shaped {
        text: page.text,
        blocks: page.blocks,
        facts: Some(page.facts),
        decoding: decoded.decoding,
        flaws,
        is_fallback: page.is_stored,
    })
}

/// The record's fields, and of the others what the record does not state. Its authors are
/// those that the reader of fields found in what it states: people, without what stands
/// around their names. A reader that says nothing of any field changes nothing.
fn merged_with_people(mut stated: Fields, found: &Fields) -> Fields {
    if found.iter().next().is_some() {
        stated.take(Field::Authors);
    }
    merged(stated, found)
}

/// The record's fields, and of the others what the record does not state.
fn merged(stated: Fields, found: &Fields) -> Fields {
    let mut fields = stated.clone();
    for value in found.iter() {
        if stated.get(value.field).is_none() {
            fields.add(value.clone());
        }
    }
    fields
}

/// The text that tells the language: the article's own, or everything where no block is
/// the article's.
fn sample(text: &str, blocks: &[Block]) -> String {
    const ENOUGH: usize = 4096;
    let mut sample = String::new();
    for block in blocks.iter().filter(|block| block.role.is_main()) {
        sample.push_str(block.span.slice(text));
        sample.push('\n');
        if sample.len() > ENOUGH {
            return sample;
        }
    }
    if sample.trim().len() < 80 { text.to_owned() } else { sample }
}

/// Blocks that are surely in another language than the article.
fn foreign_blocks(text: &str, blocks: &[Block], lang: &str) -> Vec<(usize, String)> {
    // The detector is slow: text that is full of the article's own small words is not
    // shown to it.
    let is_own = |text: &str| stop_word_share(text, lang) > Some(OWN_STOP_WORDS);
    let is_doubtful = |block: &Block| {
        block.span.len() >= BLOCK_LANG_BYTES && !is_own(block.span.slice(text))
    };
    let doubtful = blocks.iter().enumerate().filter(|(_, block)| is_doubtful(block));
    doubtful
        .filter_map(|(at, block)| {
            let found = language(block.span.slice(text));
            let is_sure = found.score >= BLOCK_LANG_SCORE && found.tag != "und";
            (is_sure && found.tag != lang).then_some((at, found.tag))
        })
        .collect()
}

/// What is wrong or missing, besides what decoding and repair met.
fn found_flaws(
    record: &Record,
    shaped: &Shaped,
    fields: &Fields,
    n_unread: u32,
) -> Vec<(Flaw, u32)> {
    let facts = shaped.facts.as_ref();
    let broken = record.n_broken_fields + n_unread + facts.map_or(0, broken_json_ld);
    let has_body = shaped.blocks.iter().any(|block| block.role.is_body());
    let dated = fields.get(Field::DatePublished).and_then(crate::dates::micros);
    let is_future = |fetched: i64| dated.is_some_and(|date| date > fetched + DAY_US);
    let year =
        fields.get(Field::DatePublished).and_then(|date| date.get(..4)?.parse().ok());
    let count = |is: bool| u32::from(is);
    let all = [
        (Flaw::Truncated, count(record.raw.truncated)),
        (Flaw::MetadataBroken, broken),
        (Flaw::NoHeadline, count(fields.get(Field::Headline).is_none())),
        (Flaw::NoArticle, count(!has_body)),
        (Flaw::BodyFallback, count(has_body && shaped.is_fallback)),
        (Flaw::Paywalled, count(facts.is_some_and(is_paywalled))),
        (Flaw::DateFuture, count(record.raw.fetched_at_us.is_some_and(is_future))),
        (Flaw::DateBefore1990, count(year.is_some_and(|year: i32| year < 1990))),
    ];
    all.into_iter().filter(|(_, n)| *n > 0).collect()
}

fn broken_json_ld(facts: &PageFacts) -> u32 {
    let is_broken = |text: &&String| {
        serde_json::from_str::<serde::de::IgnoredAny>(text).is_err()
            && !text.trim().is_empty()
    };
    let n = facts.json_ld.iter().filter(is_broken).count();
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// `"isAccessibleForFree": false`, also as a string and with a capital.
fn is_paywalled(facts: &PageFacts) -> bool {
    facts.json_ld.iter().any(|text| {
        text.match_indices("\"isAccessibleForFree\"").any(|(at, key)| {
            let rest = text[at + key.len()..].trim_start();
            let rest = rest.strip_prefix(':').unwrap_or("").trim_start();
            let rest = rest.strip_prefix('"').unwrap_or(rest);
            rest.get(..5).is_some_and(|word| word.eq_ignore_ascii_case("false"))
        })
    })
}

/// The raw document of a record, without its bytes, for a row of `raw`.
pub(crate) fn raw_row(raw: RawDocument) -> goldpress_store::RawRow {
    goldpress_store::RawRow {
        raw_id: Digest::of(&raw.bytes),
        bytes: raw.bytes,
        media_type: raw.media_type,
        charset_declared: raw.charset_declared,
        url: raw.url,
        fetched_at_us: raw.fetched_at_us,
        http_status: raw.http_status,
        origin: raw.origin,
    }
}
