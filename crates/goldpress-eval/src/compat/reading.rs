//! Tags as each program reads them: runs of tokens, also where a scheme allows none.
//!
//! Real taggers leave orphans, an `I-` that continues nothing. A published number counts
//! them as its program does, so the program's own rules find the runs.

use std::{collections::BTreeSet, ops::Range};

use super::{Chunk, CompatError, Mode, Sentences, conlleval, nervaluate, seqeval};

/// Whether a program reads tags by rules of its own; others are given cells or bodies.
pub fn reads_tags(mode: Mode) -> bool {
    !matches!(mode, Mode::Muc4 | Mode::Article)
}

/// Tokens of a sentence that carry one label: `start..end`, and the label.
pub type LabelledRun = (Range<usize>, String);

/// The runs of tokens that a program finds in tags, by sentence.
///
/// # Errors
///
/// A tag that the program does not process, or one that reads no tags at all.
pub fn runs_of_tags(
    mode: Mode,
    sentences: &Sentences,
) -> Result<Vec<Vec<LabelledRun>>, CompatError> {
    let run = |chunk: Chunk| (chunk.start..chunk.end, chunk.label);
    let chunks = |found: BTreeSet<Chunk>| found.into_iter().map(run).collect();
    let each = sentences.iter().map(|tags| {
        let alone = std::slice::from_ref(tags);
        let mut runs: Vec<LabelledRun> = match mode {
            Mode::Conlleval => chunks(conlleval::chunks(alone)?),
            Mode::SeqevalDefault => chunks(seqeval::loose(alone)?),
            Mode::SeqevalStrict(scheme) => chunks(seqeval::chunks(alone, scheme)?),
            Mode::Nervaluate => {
                let spans = nervaluate::spans(tags)?.into_iter();
                let index = |at: i64| usize::try_from(at).unwrap_or_default();
                spans.map(|s| (index(s.start)..index(s.end) + 1, s.label)).collect()
            }
            Mode::Muc4 | Mode::Article => return Err(CompatError::NotOfSpans),
        };
        runs.sort_by_key(|(range, _)| (range.start, range.end));
        Ok(runs)
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tags::Scheme;

    /// An orphan at the beginning, and one behind another label.
    const TAGS: &str = "I-PER I-PER O B-GPE B-PER I-ORG";

    #[test]
    fn every_program_finds_its_own_runs_in_orphans() {
        let loose = "0..2 PER, 3..4 GPE, 4..5 PER, 5..6 ORG";
        for (mode, expected) in [
            (Mode::SeqevalDefault, loose),
            (Mode::Conlleval, loose),
            (Mode::Nervaluate, loose),
            (Mode::SeqevalStrict(Scheme::Iob2), "3..4 GPE, 4..5 PER"),
            (Mode::SeqevalStrict(Scheme::Iobes), ""),
        ] {
            assert_eq!(runs(mode, TAGS), expected, "{mode}");
        }
    }

    #[test]
    fn prefixes_of_other_schemes_are_read_as_the_program_reads_them() {
        let tags = "S-PER S-PER E-ORG";
        assert_eq!(runs(Mode::SeqevalDefault, tags), "0..1 PER, 1..2 PER, 2..3 ORG");
        assert_eq!(runs(Mode::Conlleval, tags), "0..2 PER, 2..3 ORG");
        assert_eq!(runs(Mode::Nervaluate, tags), "`S-PER` is no tag of this mode");
        assert_eq!(
            runs(Mode::SeqevalStrict(Scheme::Iob2), tags),
            "`S-PER` is no tag of this mode"
        );
        assert_eq!(runs(Mode::Muc4, tags), CompatError::NotOfSpans.to_string());
    }

    fn runs(mode: Mode, tags: &str) -> String {
        let sentence: Vec<String> = tags.split(' ').map(str::to_owned).collect();
        match runs_of_tags(mode, &[sentence]) {
            Ok(found) => {
                let words: Vec<String> = found[0]
                    .iter()
                    .map(|(range, label)| {
                        format!("{}..{} {label}", range.start, range.end)
                    })
                    .collect();
                words.join(", ")
            }
            Err(refused) => refused.to_string(),
        }
    }
}
