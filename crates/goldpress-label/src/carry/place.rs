//! Where annotations of the old text stand on the new one, and how surely.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{CharIndex, CharRange, LayerKind, LooseAnnotation, Schema};
use goldpress_store::labels::LabelFile;
use goldpress_text::tokens;
use icu_normalizer::ComposingNormalizerBorrowed;

use super::{
    How,
    align::{Alignment, folded},
};

/// What became of one annotation.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    pub(super) how: How,
    /// Its ranges on the new text; those of an annotation that is lost mean nothing.
    pub(super) ranges: Vec<CharRange>,
}

/// Places annotations of one text on another.
pub(super) struct Placer<'a> {
    schema: &'a Schema,
    /// The old text and how it lies along the new one, where it is known.
    old: Option<Old<'a>>,
    new: CharIndex<'a>,
    new_edges: Edges,
}

struct Old<'a> {
    index: CharIndex<'a>,
    alignment: Alignment,
    edges: Edges,
}

/// Where words of a text begin and end.
struct Edges {
    starts: BTreeSet<u32>,
    ends: BTreeSet<u32>,
}

impl Edges {
    fn of(index: &CharIndex<'_>) -> Edges {
        let ranges: Vec<CharRange> =
            tokens(index.text()).map(|token| index.chars(token)).collect();
        Edges {
            starts: ranges.iter().map(|range| range.start).collect(),
            ends: ranges.iter().map(|range| range.end).collect(),
        }
    }
}

impl<'a> Placer<'a> {
    pub(super) fn new(schema: &'a Schema, old: Option<&'a str>, new: &'a str) -> Self {
        let old = old.map(|old| {
            let index = CharIndex::new(old);
            let edges = Edges::of(&index);
            Old { index, alignment: Alignment::new(old, new), edges }
        });
        let new = CharIndex::new(new);
        Placer { schema, old, new_edges: Edges::of(&new), new }
    }

    /// Length of the new text.
    pub(super) fn n_chars(&self) -> u32 {
        self.new.n_chars()
    }

    /// What stands at some ranges of the new text.
    pub(super) fn quote(&self, ranges: &[CharRange]) -> String {
        let slices: Vec<&str> =
            ranges.iter().map(|range| slice(&self.new, *range)).collect();
        slices.join(" ")
    }

    /// Whether annotations of a layer stand in places.
    pub(super) fn has_places(&self, layer: &str) -> bool {
        self.schema.layer(layer).is_some_and(|layer| layer.kind != LayerKind::Field)
    }

    /// Every annotation's outcome: the worst of its own and its targets'.
    pub(super) fn outcomes(&self, file: &LabelFile) -> BTreeMap<String, Outcome> {
        let mut outcomes: BTreeMap<String, Outcome> = file
            .lines
            .iter()
            .map(|line| (line.annotation.id.clone(), self.outcome(&line.annotation)))
            .collect();
        // A chain of targets is as long as the file at the most.
        for _ in 0..file.lines.len() {
            let mut is_settled = true;
            for line in &file.lines {
                let targets = line.annotation.args.values().flatten();
                let worst = targets
                    .filter_map(|id| outcomes.get(id))
                    .map(|outcome| outcome.how)
                    .filter(|how| *how >= How::Unsure)
                    .max();
                if let (Some(worst), Some(own)) =
                    (worst, outcomes.get_mut(&line.annotation.id))
                    && own.how < worst
                {
                    own.how = worst;
                    is_settled = false;
                }
            }
            if is_settled {
                break;
            }
        }
        outcomes
    }

    fn outcome(&self, annotation: &LooseAnnotation) -> Outcome {
        let mut how = How::Same;
        let mut ranges = Vec::with_capacity(annotation.fragments.len());
        for range in &annotation.fragments {
            match self.range(annotation, *range) {
                Some((of_range, new)) => {
                    how = how.max(of_range);
                    ranges.push(new);
                }
                None => return Outcome { how: How::Lost, ranges: Vec::new() },
            }
        }
        let is_sorted = ranges.windows(2).all(|pair| pair[0].end < pair[1].start);
        let is_block = self
            .schema
            .layer(&annotation.layer)
            .is_some_and(|layer| layer.kind == LayerKind::Block);
        if !is_sorted || is_block && !ranges.iter().all(|range| self.is_line(*range)) {
            how = how.max(How::Unsure);
        }
        Outcome { how, ranges }
    }

    fn range(
        &self,
        annotation: &LooseAnnotation,
        range: CharRange,
    ) -> Option<(How, CharRange)> {
        let Some(Old { index: old, alignment, edges }) = &self.old else {
            return self.only_place(annotation, range);
        };
        if range.end <= range.start {
            return None;
        }
        let start = alignment.place(range.start)?;
        let end = alignment.place(range.end - 1)? + 1;
        let new = CharRange { start, end };
        // A letter that two words happen to share is no edge of both.
        let cuts_start = edges.starts.contains(&range.start)
            && !self.new_edges.starts.contains(&start);
        let cuts_end =
            edges.ends.contains(&range.end) && !self.new_edges.ends.contains(&end);
        if start >= end || cuts_start || cuts_end {
            return None;
        }
        let (before, after) = (slice(old, range), slice(&self.new, new));
        let how = match () {
            () if before == after && range == new => How::Same,
            () if before == after => How::Moved,
            () if plain(before) == plain(after) => How::Changed,
            () => How::Unsure,
        };
        Some((how, new))
    }

    /// Without the old text, words are placed only where they stand exactly once.
    fn only_place(
        &self,
        annotation: &LooseAnnotation,
        range: CharRange,
    ) -> Option<(How, CharRange)> {
        let [_] = annotation.fragments.as_slice() else { return None };
        let text = self.new.text();
        let mut places = text.match_indices(&annotation.text);
        let (at, found) = places.next().filter(|(_, found)| !found.is_empty())?;
        if places.next().is_some() {
            return None;
        }
        let start = self.new.chars_before(at);
        let end = self.new.chars_before(at + found.len());
        let new = CharRange { start, end };
        Some((if range == new { How::Same } else { How::Moved }, new))
    }

    fn is_line(&self, range: CharRange) -> bool {
        let text = self.new.text();
        let (Some(start), Some(end)) =
            (self.new.byte(range.start), self.new.byte(range.end))
        else {
            return false;
        };
        let opens = start == 0 || text[..start].ends_with('\n');
        let closes = end == text.len() || text[end..].starts_with('\n');
        opens && closes && !text[start..end].contains('\n')
    }

    /// Stretches of whole words of which some letter or digit was not there before.
    pub(super) fn inserted(&self) -> Vec<CharRange> {
        let Some(Old { alignment, .. }) = &self.old else { return Vec::new() };
        let text = self.new.text();
        let mut stretches: Vec<CharRange> = Vec::new();
        let mut is_open = false;
        for token in tokens(text) {
            let range = self.new.chars(token);
            let is_kept = (range.start..range.end).all(|at| alignment.is_kept(at));
            match (is_kept, is_open, stretches.last_mut()) {
                (true, ..) => is_open = false,
                (false, true, Some(last)) => last.end = range.end,
                (false, ..) => {
                    stretches.push(range);
                    is_open = true;
                }
            }
        }
        stretches.retain(|range| {
            slice(&self.new, *range).contains(|c: char| c.is_alphanumeric())
        });
        stretches
    }
}

fn slice<'a>(index: &CharIndex<'a>, range: CharRange) -> &'a str {
    index.span(range).map_or("", |span| span.slice(index.text()))
}

/// A text in its plain form: NFKC, straight quotes and dashes, white space collapsed.
fn plain(text: &str) -> String {
    let normal = ComposingNormalizerBorrowed::new_nfkc().normalize(text);
    let folded: String = normal.chars().map(folded).collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}
