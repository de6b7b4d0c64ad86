//! Mending: what whole boxes and runs of lines say about a region that was found line by
//! line.
//!
//! Takes out what a page holds for machines, for those who pay, or about itself: dialogs,
//! hidden texts, tables of contents, cards of other articles, notes on the author, lines
//! printed twice. Puts back what stands in the middle of the text: code, lists, a lead
//! between headline and text. What would leave next to nothing takes nothing out.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use goldpress_model::Role;

use super::boxes::BoxKind;
use super::cues::CueKind;
use super::line::{Element, within};
use super::page::Page;
use super::title::letters;
use crate::lexicon::fold;

/// Share of the region's words that must be left.
const LEAST_LEFT: f32 = 0.25;

/// Mends a region. Linear in the text.
pub(crate) fn mend(page: &Page<'_>, inside: &mut [bool]) {
    if page.is_markup {
        lead_in(page, inside);
        bridge(page, inside);
    }
    if page.is_markup {
        take_comments(page, inside);
    }
    let mut left = inside.to_vec();
    if page.is_markup {
        take_boxes(page, &mut left);
        take_contents(page, &mut left);
        take_cards(page, &mut left);
        take_related(page, &mut left);
        take_after_footer(page, &mut left);
    }
    take_notes_on_author(page, &mut left);
    take_repeats(page, &mut left);
    let words = |inside: &[bool]| -> f32 {
        let of_line = |at: usize| page.lines[at].n_words as f32;
        (0..inside.len()).filter(|at| inside[*at]).map(of_line).sum()
    };
    if words(&left) >= LEAST_LEFT * words(inside) {
        inside.copy_from_slice(&left);
    }
}

/// Sentences between the title and the first line of the body are its lead.
fn lead_in(page: &Page<'_>, inside: &mut [bool]) {
    let Some(title) = page.title else { return };
    let Some(first) = (title + 1..inside.len()).find(|at| inside[*at]) else { return };
    if first > title + 8 {
        return;
    }
    for at in title + 1..first {
        let line = &page.lines[at];
        // A sentence that carries on a line of the lead is one too, however short.
        let carries_on = at > title + 1
            && inside[at - 1]
            && page.group[at] == page.group[at - 1]
            && line.n_words >= 4;
        inside[at] = (line.is_prose() || carries_on)
            && line.ends
            && line.link < 0.2
            && line.cue.is_none()
            && page.section[at].is_none()
            && page.boxes[at].is_none()
            && !line.is_within(
                within::NAV
                    | within::ASIDE
                    | within::LIST
                    | within::FORM
                    | within::FIGURE,
            );
    }
}

/// Runs of code, list items and rows between lines of the body belong to it, where they
/// are no links and stand where the body stands.
fn bridge(page: &Page<'_>, inside: &mut [bool]) {
    const LONGEST: usize = 400;
    let mut at = 0;
    while let Some(start) = (at..inside.len()).find(|at| !inside[*at]) {
        let end = (start..inside.len()).find(|at| inside[*at]).unwrap_or(inside.len());
        at = end;
        if start == 0 || end - start > LONGEST {
            continue;
        }
        let belongs = |at: usize| {
            let line = &page.lines[at];
            let is_data = matches!(
                line.element,
                Element::Pre | Element::Item | Element::Cell | Element::Term
            );
            let group = &page.groups[page.group[at]];
            let is_near = line.element == Element::Pre || group.kin <= 1;
            is_data
                && is_near
                && line.link < 0.3
                && line.cue.is_none()
                && page.section[at].is_none()
                && page.boxes[at].is_none()
                && page.title != Some(at)
                && !line.is_within(within::NAV | within::ASIDE | within::FORM)
        };
        // At the end of the text only what is data without a doubt.
        let is_framed = end < inside.len();
        let stop = (start..end).find(|at| !belongs(*at)).unwrap_or(end);
        let is_table =
            |at: usize| matches!(page.lines[at].element, Element::Cell | Element::Pre);
        if is_framed && stop == end || (start..stop).all(is_table) {
            inside[start..stop].fill(true);
        }
    }
}

/// What follows a heading of comments, once the article has had its say: many readers write
/// more than the article does.
fn take_comments(page: &Page<'_>, inside: &mut [bool]) {
    let opens = |at: &usize| page.section[*at] == Some(Role::Comment);
    let Some(first) = (0..inside.len()).find(opens) else { return };
    let is_text = |at: usize| inside[at] && page.title != Some(at);
    if !(0..first).any(is_text) {
        return;
    }
    for (at, inside) in inside.iter_mut().enumerate().skip(first) {
        *inside &= page.section[at] != Some(Role::Comment);
    }
}

/// Lines in a box whose class words say that it is none of the article.
fn take_boxes(page: &Page<'_>, inside: &mut [bool]) {
    for (at, inside) in inside.iter_mut().enumerate() {
        let is_label = page.boxes[at] == Some(BoxKind::Label);
        *inside &= page.boxes[at].is_none() || is_label && page.lines[at].n_words > 12;
    }
}

/// Links whose text is a heading further down: a table of contents.
fn take_contents(page: &Page<'_>, inside: &mut [bool]) {
    let key = |text: &str| -> String {
        letters(text).trim_start_matches(|c: char| c.is_numeric()).to_owned()
    };
    let is_linked =
        |at: &usize| page.lines[*at].link > 0.75 && page.lines[*at].n_words <= 25;
    if !(0..inside.len()).any(|at| is_linked(&at)) {
        return;
    }
    let headings: HashMap<String, usize> = (0..inside.len())
        .filter(|at| page.lines[*at].heading > 1 && page.lines[*at].link < 0.75)
        .map(|at| (key(page.lines[at].text), at))
        .filter(|(key, _)| !key.is_empty())
        .collect();
    if headings.len() < 2 {
        return;
    }
    let listed: Vec<usize> = (0..inside.len())
        .filter(is_linked)
        .filter(|at| headings.get(&key(page.lines[*at].text)).is_some_and(|to| to > at))
        .collect();
    if listed.len() < 2 {
        return;
    }
    for at in &listed {
        inside[*at] = false;
    }
    // The line above is its heading.
    if let Some(above) = listed[0].checked_sub(1)
        && page.lines[above].n_words <= 8
        && !page.lines[above].ends
        && page.title != Some(above)
    {
        inside[above] = false;
    }
}

/// A heading with nothing below it but a link to read on is a card of another article.
fn take_cards(page: &Page<'_>, inside: &mut [bool]) {
    for at in 1..inside.len() {
        let line = &page.lines[at];
        let leads_on = line.cue_role(CueKind::Is) == Some(Role::Related)
            && line.link > 0.5
            || line.cue_role(CueKind::Is) == Some(Role::Related) && line.n_words <= 4;
        if !leads_on {
            continue;
        }
        inside[at] = false;
        let above = &page.lines[at - 1];
        if line.link > 0.5 && above.heading > 0 && page.title != Some(at - 1) {
            inside[at - 1] = false;
        }
    }
}

/// What a heading such as "Related" opens, but for running text.
fn take_related(page: &Page<'_>, inside: &mut [bool]) {
    for (at, inside) in inside.iter_mut().enumerate() {
        let line = &page.lines[at];
        let is_short = line.n_words <= 6 && !line.ends;
        let is_of_card = line.link > 0.5 || line.heading > 0 || is_short;
        *inside &= !(is_of_card && page.section[at] == Some(Role::Related));
    }
}

/// What follows the foot of the page is a dialog.
fn take_after_footer(page: &Page<'_>, inside: &mut [bool]) {
    let is_foot = |at: &usize| {
        let line = &page.lines[*at];
        line.is_within(within::FOOTER) && !line.is_within(within::ARTICLE)
    };
    let Some(foot) = (0..inside.len()).rev().find(is_foot) else { return };
    let before = page.words_before[foot];
    if before < 0.5 * page.n_good_words() {
        return;
    }
    for (at, inside) in inside.iter_mut().enumerate().skip(foot) {
        *inside &= page.groups[page.group[at]].is_main;
    }
}

/// Lines of a note on who wrote the article.
const NOTE_LINES: usize = 8;

/// Whether a heading says that what follows is about who wrote the article.
fn speaks_of_author(heading: &str) -> bool {
    const WORDS: [&str; 24] = [
        "about the author",
        "about the writer",
        "about our author",
        "about our contributor",
        "about the contributor",
        "meet the author",
        "author bio",
        "über den autor",
        "über die autor",
        "zum autor",
        "zur autorin",
        "à propos de l'auteur",
        "sobre el autor",
        "sobre la autora",
        "acerca del autor",
        "sobre o autor",
        "sull'autore",
        "об авторе",
        "over de auteur",
        "om författaren",
        "o autorze",
        "关于作者",
        "作者简介",
        "عن الكاتب",
    ];
    let folded = fold(heading);
    WORDS.iter().any(|words| folded.starts_with(words))
}

/// What a heading such as "About the author" opens, until the next heading or the place
/// where the body stands.
fn take_notes_on_author(page: &Page<'_>, inside: &mut [bool]) {
    let mut left = 0;
    for (at, line) in page.lines.iter().enumerate() {
        let opens = line.n_words <= 8
            && page.share_before(at) > 0.4
            && speaks_of_author(line.text);
        if opens {
            inside[at] = false;
            left = NOTE_LINES;
            continue;
        }
        let is_over = line.heading > 0 && line.heading <= 2
            || page.is_markup && page.groups[page.group[at]].is_main;
        left = if is_over { 0 } else { left };
        if left > 0 {
            inside[at] = false;
            left -= 1;
        }
    }
}

/// Lines that say again what an earlier line said, the title among them.
fn take_repeats(page: &Page<'_>, inside: &mut [bool]) {
    const LONG: usize = 7;
    let mut seen: HashSet<&str, RandomState> = HashSet::default();
    let title = page.title.map(|at| letters(page.lines[at].text));
    let from = page.title.unwrap_or(0);
    for (at, line) in page.lines.iter().enumerate() {
        if !inside[at] || page.title == Some(at) {
            continue;
        }
        let says_title = || title.as_deref() == Some(letters(line.text).as_str());
        let is_title = line.n_words >= 3 && at < from + 12 && says_title();
        if is_title || line.n_words >= LONG && !seen.insert(line.text) {
            inside[at] = false;
        }
    }
}
