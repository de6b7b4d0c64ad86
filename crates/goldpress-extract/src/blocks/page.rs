//! Pages: what the lines of one document say about each other.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use goldpress_model::{Block, Field, Fields, PageFacts, Role};
use goldpress_text::{is_alphanumeric, push_lowercase};

use super::cues::CueKind;
use super::line::{Layout, Line};
use crate::lexicon::fold;

/// All lines of a document, and what only the whole tells.
pub(crate) struct Page<'a> {
    pub(crate) lines: Vec<Line<'a>>,
    /// Whether the blocks came from markup.
    pub(crate) is_markup: bool,
    /// Index of the line that is the headline, and how surely.
    pub(crate) title: Option<usize>,
    /// Number of the place in the layout that a line stands in.
    pub(crate) group: Vec<usize>,
    /// Share of the document's running text in the lines of the same place in the layout.
    pub(crate) group_share: Vec<f32>,
    /// What the nearest heading above says that its section is.
    pub(crate) section: Vec<Option<Role>>,
    /// Whether the same line stands elsewhere too.
    pub(crate) repeated: Vec<bool>,
    /// Whether the article text in JSON-LD holds the line; `None` where there is none.
    pub(crate) in_stated_body: Option<Vec<bool>>,
    /// Running words before each line; one more at the end.
    pub(crate) words_before: Vec<f32>,
}

impl<'a> Page<'a> {
    /// Looks at all blocks of a text. Linear in the text.
    pub(crate) fn of(
        text: &'a str,
        blocks: &[Block],
        facts: Option<&PageFacts>,
        stated: &Fields,
    ) -> Page<'a> {
        let mut layout = Layout::default();
        let lines: Vec<Line<'a>> =
            blocks.iter().map(|block| Line::of(text, block, &mut layout)).collect();
        let is_markup = blocks.iter().any(|block| block.path.is_some());
        let stated_titles = stated_titles(facts, stated);
        let mut words_before = Vec::with_capacity(lines.len() + 1);
        let mut sum = 0.0;
        for line in &lines {
            words_before.push(sum);
            sum += line.good_words();
        }
        words_before.push(sum);
        let (group, group_share) = groups(blocks, &lines, sum);
        let title = super::title::find_title(&lines, is_markup, &stated_titles, stated);
        Page {
            title,
            group_share,
            group,
            section: sections(&lines, title),
            repeated: repeated(&lines),
            in_stated_body: stated_body(facts)
                .map(|body| lines.iter().map(|line| holds(&body, line)).collect()),
            is_markup,
            words_before,
            lines,
        }
    }

    /// Running words of the whole document.
    pub(crate) fn n_good_words(&self) -> f32 {
        *self.words_before.last().expect("one more than lines")
    }

    /// Running words among the lines around `at`, itself left out.
    pub(crate) fn words_around(&self, at: usize, reach: usize) -> f32 {
        let from = at.saturating_sub(reach);
        let to = (at + reach + 1).min(self.lines.len());
        self.words_before[to] - self.words_before[from] - self.lines[at].good_words()
    }
}

/// Titles that the record, the head or the structured data state, folded.
fn stated_titles(facts: Option<&PageFacts>, stated: &Fields) -> Vec<String> {
    let mut titles: Vec<String> =
        stated.get(Field::Headline).map(fold).into_iter().collect();
    if let Some(facts) = facts {
        let metas = facts.metas.iter().filter(|(name, _)| {
            matches!(name.as_str(), "og:title" | "twitter:title" | "title" | "headline")
        });
        titles.extend(metas.map(|(_, content)| fold(content)));
        titles.extend(facts.title.as_deref().map(fold));
    }
    titles.retain(|title| !title.is_empty());
    titles.dedup();
    titles
}

/// Lines with the same path and the same marks of their ancestors stand in the same place
/// of the layout: the paragraphs of an article do.
fn groups(blocks: &[Block], lines: &[Line<'_>], sum: f32) -> (Vec<usize>, Vec<f32>) {
    let mut ids: HashMap<(&str, &[String]), usize, RandomState> = HashMap::default();
    let mut words: Vec<f32> = Vec::new();
    let mut group_of = Vec::with_capacity(blocks.len());
    for (block, line) in blocks.iter().zip(lines) {
        let path = block.path.as_deref().unwrap_or_default();
        let above = path.rsplit_once('>').map_or("", |(above, _)| above);
        let own = block.marks.iter().position(|word| word.starts_with('|'));
        let ancestors = own.map_or(&[][..], |at| &block.marks[at..]);
        let next = words.len();
        let id = *ids.entry((above, ancestors)).or_insert(next);
        if id == next {
            words.push(0.0);
        }
        words[id] += line.good_words();
        group_of.push(id);
    }
    let share = |id: &usize| if sum > 0.0 { words[*id] / sum } else { 0.0 };
    let shares = group_of.iter().map(share).collect();
    (group_of, shares)
}

/// The role that the last heading with a cue gives to what follows it.
///
/// A heading without a cue, or a long run of text, ends such a section. What follows a
/// heading of comments are comments until another cue comes.
fn sections(lines: &[Line<'_>], title: Option<usize>) -> Vec<Option<Role>> {
    let mut open: Option<Role> = None;
    let mut found = Vec::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        let opens = line.n_words <= 12
            && (line.heading > 0
                || line.link < 0.5
                || title.is_some_and(|title| at > title));
        let cue = line.cue_role(CueKind::Starts).filter(|role| {
            opens
                && matches!(
                    role,
                    Role::Related | Role::Comment | Role::Form | Role::Promo
                )
        });
        let is_long = line.is_prose() && line.n_words >= 40;
        open = match (cue, open) {
            (Some(role), _) => Some(role),
            (None, Some(Role::Comment)) => Some(Role::Comment),
            (None, Some(_)) if line.heading > 0 || is_long => None,
            (None, open) => open,
        };
        found.push(open);
    }
    found
}

fn repeated(lines: &[Line<'_>]) -> Vec<bool> {
    let mut counts: HashMap<&str, u32, RandomState> = HashMap::default();
    for line in lines {
        *counts.entry(line.text).or_default() += 1;
    }
    lines.iter().map(|line| counts[line.text] > 1).collect()
}

/// The words of the longest `articleBody` of the page's JSON-LD, folded.
///
/// Evidence, not truth: some pages put a summary there, so a short one is passed over.
fn stated_body(facts: Option<&PageFacts>) -> Option<String> {
    let mut longest = String::new();
    for block in &facts?.json_ld {
        for body in article_bodies(block) {
            if body.len() > longest.len() {
                longest = body;
            }
        }
    }
    (longest.len() > 600).then(|| letters(&longest))
}

/// Values of `articleBody` in a JSON text, found by scanning: broken JSON has them too.
fn article_bodies(json: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = json;
    while let Some(at) = rest.find("\"articleBody\"") {
        rest = rest[at + "\"articleBody\"".len()..].trim_start();
        let Some(value) = rest.strip_prefix(':').map(str::trim_start) else { continue };
        let mut values = serde_json::Deserializer::from_str(value).into_iter::<String>();
        if let Some(Ok(body)) = values.next() {
            rest = &value[values.byte_offset()..];
            found.push(body);
        }
    }
    found
}

/// Letters and digits in lower case: white space, quotes and entities fall away.
fn letters(text: &str) -> String {
    let mut letters = String::with_capacity(text.len());
    for c in text.chars().filter(|c| is_alphanumeric(*c)) {
        push_lowercase(&mut letters, c);
    }
    letters
}

fn holds(body: &str, line: &Line<'_>) -> bool {
    let own = letters(line.text);
    // A long line is looked for by its beginning: bodies are cut and lines get credits.
    let cut = crate::dates::floor_boundary(&own, 80);
    own.len() >= 4 && body.contains(&own[..cut])
}
