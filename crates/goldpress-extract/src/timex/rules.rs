//! `timex-rules`: patterns over sentences, with values that count from `t0`.
//!
//! English in breadth; plain dates, weekdays and a few relative words of German, French
//! and Spanish; dates in digits in every language. A month that is also a verb counts only
//! where a preposition or a number stands beside it. It reads no tense beyond a future
//! verb before a weekday, and resolves nothing against other dates of the text. The
//! patterns are our own.

use goldpress_model::{Annotation, Extraction, Span, layer};

use super::basic;
use super::calendar::Calendar;
use super::english;
use crate::{Extractor, Task, View};

/// The competitor of the timex task.
#[derive(Debug)]
pub(crate) struct TimexRules;

/// A time expression in one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// First byte in the sentence.
    pub(crate) start: usize,
    /// One past the last byte.
    pub(crate) end: usize,
    /// DATE, TIME, DURATION or SET.
    pub(crate) label: &'static str,
    /// TIMEX3 value.
    pub(crate) value: String,
    /// TIMEX3 `mod`.
    pub(crate) modifier: Option<&'static str>,
}

impl Extractor for TimexRules {
    fn name(&self) -> &'static str {
        "timex-rules"
    }

    fn version(&self) -> &'static str {
        "1"
    }

    fn tasks(&self) -> &'static [Task] {
        &[Task::Timex]
    }

    fn extract(&self, view: View<'_>) -> Extraction {
        let calendar = Calendar::new(view.published_at);
        let lang = view.lang.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let mut annotations = Vec::new();
        for sentence in goldpress_text::sentences(view.text) {
            let text = sentence.slice(view.text);
            let found = match lang.as_str() {
                "en" | "und" | "" => english::find(text, calendar),
                other => basic::find(text, calendar, other),
            };
            annotations.extend(apart(found).into_iter().filter_map(|found| {
                let start = sentence.start() + found.start;
                let span =
                    Span::new(view.text, start, sentence.start() + found.end).ok()?;
                let mut claim =
                    Annotation::new(view.text, layer::TIMEX, found.label, span)
                        .with_attr("value", found.value.as_str());
                if let Some(modifier) = found.modifier {
                    claim = claim.with_attr("mod", modifier);
                }
                Some(claim)
            }));
        }
        Extraction { annotations, ..Extraction::default() }
    }
}

/// Of what overlaps, the one that starts first, then the longest.
fn apart(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by_key(|found| (found.start, std::cmp::Reverse(found.end)));
    let mut end = 0;
    found.retain(|found| {
        let is_free = found.start >= end;
        if is_free {
            end = found.end;
        }
        is_free
    });
    found
}
