//! The title: which line of a document is its headline.

use std::collections::HashSet;
use std::ops::Range;

use foldhash::fast::RandomState;
use goldpress_model::{Field, FieldSource, Fields};
use goldpress_text::is_alphanumeric;

use super::cues::CueKind;
use super::line::{Line, within};
use super::marks::Mark;
use crate::dates::is_dateline;
use crate::lexicon::{fold, fold_into};

/// The line that is the headline, if one is.
///
/// Of a page: the heading or line that agrees best with what the head states. Of a text:
/// the line that the record calls the title, else the first line, if it looks like one.
pub(crate) fn find_title(
    lines: &[Line<'_>],
    is_markup: bool,
    stated_titles: &[String],
    stated: &Fields,
) -> Option<usize> {
    if is_markup {
        return of_page(lines, stated_titles);
    }
    let record = stated
        .all(Field::Headline)
        .any(|value| matches!(value.source, FieldSource::Record));
    if record {
        // A title in a field of its own is no line of the text, unless it is repeated.
        let titles: Vec<String> =
            stated_titles.iter().map(|title| letters(title)).collect();
        return lines
            .iter()
            .take(5)
            .position(|line| titles.iter().any(|title| has_letters(line.text, title)));
    }
    of_text(lines)
}

fn of_page(lines: &[Line<'_>], stated_titles: &[String]) -> Option<usize> {
    let titles: Vec<String> = stated_titles.iter().map(|title| letters(title)).collect();
    let parts = Parts::of(stated_titles);
    let mut best: Option<(usize, f32)> = None;
    for (at, line) in lines.iter().enumerate() {
        if line.n_words > 45 || line.n_words == 0 {
            continue;
        }
        let score = parts.correct(line, agreement(line, &titles)) + looks(line);
        if score >= 3.0 && best.is_none_or(|(_, old)| score > old) {
            best = Some((at, score));
        }
    }
    let best = best.map(|(at, _)| at)?;
    let is_all = titles.iter().all(|title| *title == letters(lines[best].text));
    let below = below_masthead(lines, best);
    Some(below.or_else(|| below_name(lines, best).filter(|_| is_all)).unwrap_or(best))
}

/// Where the heading that was found says all that the head states, and stands apart from
/// the text: it may be the site's name, if one heading alone is left for the post.
fn below_name(lines: &[Line<'_>], found: usize) -> Option<usize> {
    const REACH: usize = 8;
    let name = &lines[found];
    if name.heading != 1 || name.n_words > 4 || name.vote(Mark::Content) > 0.0 {
        return None;
    }
    let prose = (found + 1..lines.len()).take(REACH).find(|at| lines[*at].is_prose())?;
    let below = (found + 1..prose).rev().find(|at| lines[*at].heading > 0)?;
    let is_alone = lines[below + 1..].iter().all(|line| {
        line.heading == 0 || line.heading > lines[below].heading || line.link > 0.75
    });
    let is_post = lines[below].vote(Mark::Content) > 0.0 && lines[below].n_words >= 3;
    (is_alone && is_post).then_some(below)
}

/// Where the heading that was found is the name of the site, set above its posts: the
/// heading right above the text.
fn below_masthead(lines: &[Line<'_>], found: usize) -> Option<usize> {
    const REACH: usize = 8;
    let name = &lines[found];
    if name.heading != 1 || name.n_words > 4 {
        return None;
    }
    let is_apart = |line: &Line<'_>| {
        let of_head = name.is_within(within::HEADER) || name.vote(Mark::Nav) > 0.0;
        of_head && !line.is_within(within::HEADER) && line.vote(Mark::Content) > 0.0
    };
    let prose = (found + 1..lines.len()).take(REACH).find(|at| lines[*at].is_prose())?;
    let below = (found + 1..prose).rev().find(|at| lines[*at].heading > 0)?;
    (lines[below].n_words >= 3 && is_apart(&lines[below])).then_some(below)
}

/// The parts of a stated title that a bar, a dash or a colon divides: the headline and the
/// name of the outlet.
struct Parts {
    /// Letters of the longest part of each, and of the others.
    longest: Vec<String>,
    others: Vec<String>,
}

impl Parts {
    fn of(titles: &[String]) -> Parts {
        const MARKS: [&str; 9] =
            [" | ", " - ", " – ", " — ", "｜", " » ", " :: ", " · ", ": "];
        let mut parts = Parts { longest: Vec::new(), others: Vec::new() };
        for title in titles {
            let cut = MARKS.iter().find(|mark| title.contains(**mark));
            let Some(mark) = cut else { continue };
            let mut found: Vec<String> = title.split(mark).map(letters).collect();
            found.sort_by_key(|part| std::cmp::Reverse(part.chars().count()));
            found.retain(|part| !part.is_empty());
            if found.len() > 1 {
                parts.longest.push(found.remove(0));
                parts.others.extend(found);
            }
        }
        parts
    }

    /// The agreement, when parts are looked at one by one.
    fn correct(&self, line: &Line<'_>, agreement: f32) -> f32 {
        if self.longest.is_empty() || agreement >= 5.0 || line.n_words > 30 {
            return agreement;
        }
        let own = letters(line.text);
        if own.len() >= 10 && self.longest.contains(&own) {
            return agreement.max(4.2);
        }
        if self.others.contains(&own) { agreement.min(1.0) } else { agreement }
    }
}

/// How far the line is the stated title, in `0.0..=5.0`.
fn agreement(line: &Line<'_>, titles: &[String]) -> f32 {
    let own = letters(line.text);
    if own.chars().count() < 4 {
        return 0.0;
    }
    let mut best: f32 = 0.0;
    for title in titles {
        best = best.max(match () {
            () if *title == own => 5.0,
            // `Kicker` and headline set in one heading.
            () if title.len() >= 16 && own.ends_with(title) => 4.5,
            () if own.len() >= 10 && title.starts_with(&own) => 4.0,
            () if own.len() >= 10 && own.starts_with(title) && title.len() >= 10 => 3.5,
            () if own.len() >= 16 && title.contains(&own) => 2.5,
            () => 0.0,
        });
    }
    best
}

/// How far the line looks like a title by its markup alone.
fn looks(line: &Line<'_>) -> f32 {
    let mut score = match line.heading {
        1 => 3.0,
        2 => 1.0,
        _ => 0.0,
    };
    score += line.vote(Mark::Title) * 0.8;
    if line.link > 0.75 {
        score -= 1.5;
    }
    if line.is_within(within::FOOTER | within::ASIDE | within::NAV | within::LIST) {
        score -= 2.0;
    }
    if line.vote(Mark::Nav) >= 0.8 || line.vote(Mark::Related) >= 0.8 {
        score -= 0.7;
    }
    if line.n_words < 2 || line.cue_role(CueKind::Is).is_some() {
        score -= 1.5;
    }
    score
}

/// The first line, when it is short, does not end like a sentence, and is no other thing.
fn of_text(lines: &[Line<'_>]) -> Option<usize> {
    for (at, line) in lines.iter().take(4).enumerate() {
        if line.cue.is_some() || is_dateline(line.text) {
            continue;
        }
        let is_sentence = line.text.ends_with(['.', '。', '।']) && line.n_words > 3;
        let fits = (1..=35).contains(&line.n_words) && !is_sentence && lines.len() > 1;
        return fits.then_some(at);
    }
    None
}

/// Of a text with menus, the line that heads its core: near above it, no sentence, and of
/// words that the core uses. Without one, the first line that looks like a title.
pub(crate) fn above_core(lines: &[Line<'_>], core: &Range<usize>) -> Option<usize> {
    const REACH: usize = 15;
    const CORE_LINES: usize = 30;
    let told: HashSet<String, RandomState> = lines[core.clone()]
        .iter()
        .take(CORE_LINES)
        .flat_map(|line| long_words(line))
        .collect();
    let mut best: Option<(usize, f32)> = None;
    let from = core.start.saturating_sub(REACH);
    for (at, line) in lines.iter().enumerate().take(core.start).skip(from) {
        let is_sentence = line.text.ends_with(['.', '。', '।', ':', ',']);
        let is_other = line.cue_role(CueKind::Starts).is_some() || is_dateline(line.text);
        if !(3..=30).contains(&line.n_words) || is_sentence || is_other {
            continue;
        }
        let words: Vec<String> = long_words(line).collect();
        let n_told = words.iter().filter(|word| told.contains(*word)).count();
        let share = n_told as f32 / words.len().max(2) as f32;
        let far = (core.start - at) as f32 / REACH as f32;
        let score = 2.0 * share + line.n_words.min(8) as f32 / 8.0 - far;
        if score > 0.0 && best.is_none_or(|(_, old)| score > old) {
            best = Some((at, score));
        }
    }
    best.map(|(at, _)| at).or_else(|| of_text(lines))
}

/// Words of four letters and more, folded.
fn long_words(line: &Line<'_>) -> impl Iterator<Item = String> {
    let folded = fold(line.text);
    let words =
        folded.split(|c: char| !is_alphanumeric(c)).filter(|word| word.len() >= 4);
    words.map(str::to_owned).collect::<Vec<_>>().into_iter()
}

/// Whether the letters of a text are these; looks no further than they differ.
fn has_letters(text: &str, letters: &str) -> bool {
    let mut rest = letters;
    let mut own = String::new();
    for c in text.chars() {
        own.clear();
        fold_into(&mut own, c);
        own.retain(is_alphanumeric);
        match rest.strip_prefix(own.as_str()) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    rest.is_empty()
}

/// Letters and digits alone, so that quotes, dashes and blanks do not matter.
pub(crate) fn letters(text: &str) -> String {
    let mut letters = fold(text);
    letters.retain(is_alphanumeric);
    letters
}
