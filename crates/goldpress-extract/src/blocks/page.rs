//! Pages: what the lines of one document say about each other.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::RandomState;
use goldpress_model::{Block, Field, Fields, PageFacts, Role};
use goldpress_text::{is_alphanumeric, push_lowercase};

use super::boxes::{BoxKind, BoxReader};
use super::cues::CueKind;
use super::layout::{self, Group, Runs};
use super::line::{Layout, Line, within};
use crate::lexicon::fold;

/// Short lines in a row that make a menu of them.
pub(crate) const MENU_LINES: u8 = 5;

/// All lines of a document, and what only the whole tells.
pub(crate) struct Page<'a> {
    pub(crate) lines: Vec<Line<'a>>,
    /// Whether the blocks came from markup.
    pub(crate) is_markup: bool,
    /// Index of the line that is the headline, and how surely.
    pub(crate) title: Option<usize>,
    /// Number of the place in the layout that a line stands in.
    pub(crate) group: Vec<usize>,
    /// The places in the layout, by number.
    pub(crate) groups: Vec<Group>,
    /// How each line stands among short lines and running text.
    pub(crate) runs: Vec<Runs>,
    /// Whether it holds menus, as a rendered page does.
    pub(crate) has_menus: bool,
    /// Lines of running text.
    pub(crate) n_prose: usize,
    /// The stretch with most of it.
    pub(crate) core: Range<usize>,
    /// The box that each line stands in.
    pub(crate) boxes: Vec<Option<BoxKind>>,
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
        let mut box_reader = BoxReader::default();
        let (group, groups) = layout::groups(blocks, &lines, sum);
        let runs = layout::runs(&lines);
        let core = layout::core(&lines).unwrap_or(0..0);
        let has_menus = has_menus(&runs, &core);
        let title = match has_menus && !is_markup && stated_titles.is_empty() {
            true => super::title::above_core(&lines, &core),
            false => super::title::find_title(&lines, is_markup, &stated_titles, stated),
        };
        let is_main = |at: usize| is_markup && groups[group[at]].is_main;
        let boxes: Vec<Option<BoxKind>> =
            blocks.iter().map(|block| box_reader.of(&block.marks)).collect();
        let is_boxed = |at: usize| boxes[at].is_some();
        let section = sections(&lines, title, is_markup, is_main, is_boxed);
        Page {
            title,
            groups,
            group,
            runs,
            core,
            has_menus,
            boxes,
            n_prose: lines.iter().filter(|line| line.is_prose()).count(),
            section,
            repeated: repeated(&lines),
            in_stated_body: stated_body(facts).and_then(|body| held_lines(&body, &lines)),
            is_markup,
            words_before,
            lines,
        }
    }

    /// Running words of the whole document.
    pub(crate) fn n_good_words(&self) -> f32 {
        *self.words_before.last().expect("one more than lines")
    }

    /// How much of the running text stands before a line, in `0.0..=1.0`.
    pub(crate) fn share_before(&self, at: usize) -> f32 {
        let all = self.n_good_words();
        if all > 0.0 { self.words_before[at] / all } else { 0.0 }
    }

    /// Running words among the lines around `at`, itself left out.
    pub(crate) fn words_around(&self, at: usize, reach: usize) -> f32 {
        let from = at.saturating_sub(reach);
        let to = (at + reach + 1).min(self.lines.len());
        self.words_before[to] - self.words_before[from] - self.lines[at].good_words()
    }
}

/// Whether the lines hold what a rendered page does: a run of very short ones, or a shorter
/// run above the text.
fn has_menus(runs: &[Runs], core: &Range<usize>) -> bool {
    let is_long = |runs: &Runs| runs.short >= MENU_LINES;
    let is_above = |runs: &Runs| runs.short + 1 >= MENU_LINES;
    runs.iter().any(is_long) || runs[..core.start].iter().any(is_above)
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

/// Words of running text that stand before a heading of comments.
const WORDS_BEFORE_COMMENTS: f32 = 10.0;
/// Lines without running text after which a section of a plain text ends: a text has no
/// headings to end it.
const SECTION_LINES: usize = 8;

/// The role that the last heading with a cue gives to what follows it.
///
/// A heading without a cue, or a long run of text, ends such a section, and so does running
/// text where the page's main text stands; in a text any running text does, or a few lines. What follows a heading of comments are comments until
/// another cue comes; above the text it is a menu's.
fn sections(
    lines: &[Line<'_>],
    title: Option<usize>,
    is_markup: bool,
    is_main: impl Fn(usize) -> bool,
    is_boxed: impl Fn(usize) -> bool,
) -> Vec<Option<Role>> {
    let mut open: Option<Role> = None;
    let mut opened_at = 0;
    let mut n_words = 0.0;
    let mut found = Vec::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        if title == Some(at) {
            n_words = 0.0;
        }
        let opens = line.n_words <= 12
            && (line.heading > 0
                || line.link < 0.5
                || title.is_some_and(|title| at > title));
        let cue = line.cue_role(CueKind::Starts).filter(|role| match role {
            Role::Comment => {
                opens
                    && n_words >= WORDS_BEFORE_COMMENTS
                    && !is_boxed(at)
                    && !is_point(line)
            }
            Role::Related | Role::Form | Role::Promo => opens,
            _ => false,
        });
        if cue.is_some() {
            opened_at = at;
        }
        let is_long =
            line.is_prose() && (line.n_words >= 40 || !is_markup || is_main(at));
        let is_over = !is_markup && at > opened_at + SECTION_LINES;
        open = match (cue, open) {
            (Some(role), _) => Some(role),
            (None, Some(Role::Comment)) => Some(Role::Comment),
            (None, Some(Role::Related)) if is_card(&lines[opened_at..=at]) => open,
            (None, Some(_)) if line.heading > 0 || is_long || is_over => None,
            (None, open) => open,
        };
        n_words += line.good_words();
        found.push(open);
    }
    found
}

/// A sentence in a list is one of its points, and opens nothing.
fn is_point(line: &Line<'_>) -> bool {
    line.is_within(within::LIST) && line.ends && line.heading == 0
}

/// Whether the last of the lines that `Related` opens is the title of another article:
/// linked, or right below it and no higher.
fn is_card(lines: &[Line<'_>]) -> bool {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return false };
    let is_next = lines.len() == 2 && first.heading > 0 && last.heading >= first.heading;
    last.heading > 0 && (last.link > 0.75 || is_next)
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

/// Which lines the stated body holds; `None` where it is a summary, or of another article:
/// it then holds hardly anything that the page prints.
fn held_lines(body: &str, lines: &[Line<'_>]) -> Option<Vec<bool>> {
    const LEAST: f32 = 0.25;
    let held: Vec<bool> = lines.iter().map(|line| holds(body, line)).collect();
    let of_page: f32 = lines.iter().map(Line::good_words).sum();
    let of_body: f32 = lines
        .iter()
        .zip(&held)
        .filter(|(_, is)| **is)
        .map(|(line, _)| line.good_words())
        .sum();
    (of_body >= LEAST * of_page).then_some(held)
}

fn holds(body: &str, line: &Line<'_>) -> bool {
    let own = letters(line.text);
    // A long line is looked for by its beginning: bodies are cut and lines get credits.
    let cut = crate::dates::floor_boundary(&own, 80);
    own.len() >= 4 && body.contains(&own[..cut])
}
