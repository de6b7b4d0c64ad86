//! Articles made for the measurement of near-duplicates: which are copies is known.
//!
//! Words are invented by a seeded generator, so every original is unlike every other, but
//! for the standing texts of outlets. Copies are made as newsrooms make them.

use goldpress_model::Digest;
use goldpress_store::BodyRow;

/// What was done to a copy, or that it is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// The first of its story.
    Original,
    /// Syndicated under another headline, which is the first line of the body.
    NewHeadline,
    /// A quarter of the text cut off at the end.
    CutEnding,
    /// Paragraphs of a tenth of the length put in at two places.
    InsertedParagraphs,
    /// One word in fifty replaced.
    Edited,
    /// Little text of its own before a long standing text of its outlet: no copy.
    Boilerplate,
}

/// Kinds of copies.
pub(crate) const COPIES: [Kind; 4] =
    [Kind::NewHeadline, Kind::CutEnding, Kind::InsertedParagraphs, Kind::Edited];

/// An article, the story it tells and what was done to it.
pub(crate) struct Made {
    pub(crate) row: BodyRow,
    pub(crate) story: usize,
    pub(crate) kind: Kind,
}

/// Numbers that look random and are the same every time (SplitMix64).
pub(crate) struct Dice(pub u64);

impl Dice {
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    /// Invented words, the short and the first of them often, as in a language.
    pub(crate) fn words(&mut self, n: usize) -> Vec<String> {
        const SYLLABLES: [&str; 16] = [
            "ka", "ren", "to", "mi", "sel", "va", "or", "lin", "de", "pu", "ster", "na",
            "wo", "ri", "gal", "ten",
        ];
        let word = |dice: &mut Dice| {
            let rank = dice.below(60) * dice.below(60);
            let n_syllables = 1 + usize::from(rank > 20) + usize::from(rank > 400);
            let at = |n: usize| SYLLABLES[(rank >> (2 * n)) % SYLLABLES.len()];
            (0..n_syllables).map(at).collect::<String>()
        };
        (0..n).map(|_| word(self)).collect()
    }
}

/// `n_stories` stories with copies of every kind, each at an outlet of its own, and as
/// many short articles of outlets with standing texts.
pub(crate) fn articles(
    n_stories: usize,
    originals: &mut dyn FnMut(usize) -> Vec<String>,
) -> Vec<Made> {
    let mut dice = Dice(7);
    let mut made = Vec::new();
    for story in 0..n_stories {
        let words = originals(story);
        let mut push = |kind: Kind, words: &[String], outlet: usize| {
            made.push(article(story, kind, words, &format!("outlet{outlet}.example")));
        };
        push(Kind::Original, &words, story % 40);
        for (n, kind) in COPIES.into_iter().enumerate() {
            push(kind, &copied(kind, &words, &mut dice), 40 + (story + 7 * n) % 40);
        }
    }
    let standing: Vec<Vec<String>> = (0..4).map(|_| dice.words(160)).collect();
    for n in 0..n_stories {
        let mut words = dice.words(40);
        words.extend(standing[n % standing.len()].iter().cloned());
        let outlet = format!("standing{}.example", n % standing.len());
        made.push(article(n_stories + n, Kind::Boilerplate, &words, &outlet));
    }
    // As a crawl meets them.
    for n in (1..made.len()).rev() {
        made.swap(n, dice.below(n + 1));
    }
    made
}

fn copied(kind: Kind, words: &[String], dice: &mut Dice) -> Vec<String> {
    let mut copy = words.to_vec();
    match kind {
        Kind::NewHeadline => {
            let headline = dice.words(8);
            copy.splice(0..0, headline);
        }
        Kind::CutEnding => copy.truncate(words.len() * 3 / 4),
        Kind::InsertedParagraphs => {
            for _ in 0..2 {
                let at = dice.below(copy.len());
                let paragraph = dice.words(words.len() / 10);
                copy.splice(at..at, paragraph);
            }
        }
        Kind::Edited => {
            for _ in 0..words.len() / 50 {
                let at = dice.below(copy.len());
                copy[at] = dice.words(1).remove(0) + "x";
            }
        }
        Kind::Original | Kind::Boilerplate => {}
    }
    copy
}

fn article(story: usize, kind: Kind, words: &[String], outlet: &str) -> Made {
    let body = words.join(" ");
    let id = format!("{story} {kind:?}");
    let row = BodyRow {
        doc_id: Digest::of(id.as_bytes()),
        dup_of: None,
        body,
        headline: None,
        source: Some(outlet.to_owned()),
    };
    Made { row, story, kind }
}

/// How well clusters fit stories, over all pairs of articles.
pub(crate) struct Quality {
    pub(crate) precision: f64,
    pub(crate) recall: f64,
    /// Adjusted Rand index (Hubert and Arabie, 1985).
    pub(crate) ari: f64,
    /// By kind of copy, the share that is in the cluster of its original.
    pub(crate) by_kind: Vec<(Kind, f64)>,
}

/// Compares clusters, by the number of each article's, with the stories.
pub(crate) fn quality(made: &[Made], clusters: &[usize]) -> Quality {
    let stories: Vec<usize> = made.iter().map(|made| made.story).collect();
    let both: Vec<(usize, usize)> =
        stories.iter().copied().zip(clusters.iter().copied()).collect();
    let (same_both, same_story, same_cluster) =
        (pairs(&both), pairs(&stories), pairs(clusters));
    let all = (made.len() * (made.len() - 1) / 2) as f64;
    let expected = same_story * same_cluster / all;
    let by_kind = COPIES.into_iter().map(|kind| {
        let of_kind = (0..made.len()).filter(|n| made[*n].kind == kind);
        let (mut n_found, mut n_all) = (0, 0);
        for n in of_kind {
            let is_original = |other: &Made| {
                other.story == made[n].story && other.kind == Kind::Original
            };
            let original =
                made.iter().position(is_original).expect("every story has one");
            n_found += usize::from(clusters[n] == clusters[original]);
            n_all += 1;
        }
        (kind, n_found as f64 / f64::from(n_all))
    });
    Quality {
        precision: same_both / same_cluster,
        recall: same_both / same_story,
        ari: (same_both - expected) / ((same_story + same_cluster) / 2.0 - expected),
        by_kind: by_kind.collect(),
    }
}

/// Pairs of equal items.
fn pairs<T: Ord + Clone>(items: &[T]) -> f64 {
    let mut sorted = items.to_vec();
    sorted.sort();
    let groups = sorted.chunk_by(|a, b| a == b);
    groups.map(|group| (group.len() * (group.len() - 1) / 2) as f64).sum()
}

/// The cluster of each article, by the number of its keeper's row.
pub(crate) fn found(
    made: &[Made],
    options: &goldpress_dataset::DedupOptions,
) -> Vec<usize> {
    let rows = made.iter().map(|made| Ok(made.row.clone()));
    let clusters =
        goldpress_dataset::clusters(rows, options).expect("memory can be read");
    let number = |id: Digest| made.iter().position(|made| made.row.doc_id == id);
    clusters
        .rows
        .iter()
        .map(|row| number(row.cluster_id).expect("is an article"))
        .collect()
}
