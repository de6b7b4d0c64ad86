//! Where a draft stands in its article: by its offsets, else by its words.

use goldpress_model::{CharIndex, CharRange, Fragments, Span};

use super::{
    articles::Found,
    detect::{SHIFTS, slices},
};
use crate::{
    checks::range_fault,
    formats::Draft,
    quotes::{is_quoted, only_place},
    units::Ruler,
};

/// Where a draft stands in its article.
pub(super) struct Placed {
    pub(super) fragments: Fragments,
    /// Whether pieces were sorted or joined.
    pub(super) is_merged: bool,
}

/// Turns drafts of one article's file into places of the article.
pub(super) struct Placer<'a> {
    found: &'a Found<'a>,
    ruler: &'a Ruler,
    shift: i64,
    unified: CharIndex<'a>,
}

impl<'a> Placer<'a> {
    pub(super) fn new(found: &'a Found<'a>, ruler: &'a Ruler, shift: i64) -> Self {
        Placer { found, ruler, shift, unified: CharIndex::new(&found.unified) }
    }

    /// Turns a draft's ranges into spans, comparing the quote on the way.
    pub(super) fn place(&self, draft: &Draft) -> Result<Placed, (&'static str, String)> {
        let mut spans = Vec::with_capacity(draft.ranges.len());
        for (start, end) in &draft.ranges {
            spans.push(match self.found.tokens.is_empty() {
                true => span(*start, *end, self.ruler, &self.unified, self.shift)?,
                false => self.words(*start, *end)?,
            });
        }
        if let Some(quote) = &draft.quote {
            let quote = quote.replace("\r\n", "\n");
            if spans.is_empty() {
                return self.find(&quote);
            }
            self.compare(draft, &spans, &quote)?;
        }
        if let Some(map) = &self.found.map {
            let text = &self.found.article.text;
            let carried = |span: Span| {
                let range = map.to_normalised(span.start()..span.end())?;
                Span::new(text, range.start, range.end).ok()
            };
            let message = || "its words are not in the normalised text".to_owned();
            spans = spans
                .into_iter()
                .map(carried)
                .collect::<Option<Vec<Span>>>()
                .ok_or_else(|| ("text-differs", message()))?;
        }
        match Fragments::new(spans.clone()) {
            Ok(fragments) => Ok(Placed { fragments, is_merged: false }),
            Err(_) => Ok(Placed { fragments: Fragments::merged(spans), is_merged: true }),
        }
    }

    /// The one place where the words stand, for what is quoted and has no offsets.
    fn find(&self, quote: &str) -> Result<Placed, (&'static str, String)> {
        let span = only_place(&self.found.article.text, quote)?;
        Ok(Placed { fragments: Fragments::merged(vec![span]), is_merged: false })
    }

    /// From the first of some tokens to the last.
    fn words(&self, start: i64, end: i64) -> Result<Span, (&'static str, String)> {
        let tokens = &self.found.tokens;
        let at = |n: i64| usize::try_from(n).ok().and_then(|n| tokens.get(n));
        match (at(start), at(end.saturating_sub(1))) {
            (Some(first), Some(last)) if start < end => {
                let range = CharRange { start: first.start, end: last.end };
                self.unified.span(range).map_err(range_fault)
            }
            _ => {
                let n = tokens.len();
                Err(("out-of-range", format!("tokens {start}..{end} of {n}")))
            }
        }
    }

    fn compare(
        &self,
        draft: &Draft,
        spans: &[Span],
        quote: &str,
    ) -> Result<(), (&'static str, String)> {
        let text = self.unified.text();
        let slices: Vec<&str> = spans.iter().map(|span| span.slice(text)).collect();
        let stands = slices.join(" ");
        if is_quoted(&stands, quote) {
            return Ok(());
        }
        let near = nearest(draft, quote, self.ruler, &self.unified, self.shift);
        let message = format!("it quotes `{quote}`, the text has `{stands}`{near}");
        Err(("text-differs", message))
    }
}

fn span(
    start: i64,
    end: i64,
    ruler: &Ruler,
    index: &CharIndex<'_>,
    shift: i64,
) -> Result<Span, (&'static str, String)> {
    let [from, to] = [start, end].map(|at| at.saturating_add(shift));
    let len = i64::from(ruler.len());
    let (code, what) = match () {
        () if from > to => ("span-reversed", "is reversed".to_owned()),
        () if from < 0 || to > len => {
            ("out-of-range", format!("is out of range: the text has {len}"))
        }
        () if from == to => ("span-empty", "is empty".to_owned()),
        () => match (ruler.char_at(from), ruler.char_at(to)) {
            (Some(start), Some(end)) => {
                return index.span(CharRange { start, end }).map_err(range_fault);
            }
            _ => ("splits-character", "begins or ends inside a character".to_owned()),
        },
    };
    Err((code, format!("range {start}..{end} {what}")))
}

/// Where within two units the quote does stand.
fn nearest(
    draft: &Draft,
    quote: &str,
    ruler: &Ruler,
    index: &CharIndex<'_>,
    shift: i64,
) -> String {
    let stands = |by: &&i64| {
        slices(draft, ruler, index, shift + **by)
            .is_some_and(|found| is_quoted(&found, quote))
    };
    match SHIFTS.iter().find(stands) {
        Some(by) => format!("; it stands {by:+} from there"),
        None => String::new(),
    }
}

/// A place without the line ends in it: a piece a line. `None` where no line ends in it.
///
/// Other tools mark across line ends; here an annotation stands in pieces then.
pub(super) fn without_line_ends(text: &str, fragments: &Fragments) -> Option<Fragments> {
    let holds_end = |span: &Span| span.slice(text).contains('\n');
    if !fragments.spans().iter().any(holds_end) {
        return None;
    }
    let pieces = fragments.spans().iter().flat_map(|span| {
        let (slice, start) = (span.slice(text), span.start());
        let last = slice.matches('\n').count();
        slice.split('\n').enumerate().scan(start, move |at, (n, line)| {
            let from = *at;
            *at += line.len() + 1;
            // Spaces at the edges that the annotation came with are its own fault.
            let rest = if n > 0 { line.trim_start() } else { line };
            let from = from + (line.len() - rest.len());
            let rest = if n < last { rest.trim_end() } else { rest };
            Some(Span::new(text, from, from + rest.len()))
        })
    });
    let pieces: Vec<Span> = pieces.filter_map(Result::ok).collect();
    (!pieces.is_empty()).then(|| Fragments::merged(pieces))
}
