//! Normalisation: the one shape in which goldpress knows a text.

use std::borrow::Cow;

use goldpress_model::Flaw;

use crate::{OffsetMap, clean, map::Rewrite, reflow, repair};

/// Rounds after which a text is taken as it is. One changes it, one finds nothing more to
/// do; a third is needed where removing a character joins an entity or a broken letter.
const MAX_ROUNDS: usize = 8;

/// What [`normalise`] may do beyond the rules on characters and white space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NormaliseOptions {
    /// Put wrongly decoded text right.
    pub repair: bool,
    /// Join hard-wrapped lines to paragraphs.
    pub reflow: bool,
}

impl Default for NormaliseOptions {
    fn default() -> Self {
        NormaliseOptions { repair: true, reflow: true }
    }
}

/// A normalised text, where it came from, and what was wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Normalised {
    /// The text; no blank line at either end, no final line end.
    pub text: String,
    /// The way back to the decoded text.
    pub map: OffsetMap,
    /// What was repaired, how often.
    pub flaws: Vec<(Flaw, u32)>,
}

/// One pass: a changed copy, and how many flaws it mended.
type Pass = for<'s> fn(&'s str) -> Option<(Rewrite<'s>, u32)>;

/// Brings a decoded text into the shape that is stored, hashed and annotated.
///
/// NFC; LF for every kind of line end; controls, soft hyphens, zero-width spaces and word
/// joiners removed; every kind of space a space, one at a time and none at the end of a
/// line; one blank line at the most; entities undone. Quotation marks, dashes and
/// directions stay. A normalised text stays as it is.
///
/// ```
/// use goldpress_text::{NormaliseOptions, normalise};
///
/// let text = normalise("Fenmoor’s  lib\u{ad}rary\u{a0}\r\n\r\n\r\nreopens\n", NormaliseOptions::default());
/// assert_eq!(text.text, "Fenmoor’s library\n\nreopens");
/// ```
pub fn normalise(decoded: &str, options: NormaliseOptions) -> Normalised {
    let mut passes: Vec<(Pass, Option<Flaw>)> = Vec::new();
    if options.repair {
        passes.extend(
            repair::REPAIRS.iter().map(|repair| (repair.pass, Some(repair.flaw))),
        );
    } else {
        passes.push((repair::entities::pass, Some(Flaw::EntitiesLeft)));
    }
    if options.reflow {
        passes.push((reflow::indent::pass, Some(Flaw::Reflowed)));
    }
    passes.push((clean::white_space, None));
    passes.push((clean::compose, None));
    if options.reflow {
        passes.push((reflow::pass, Some(Flaw::Reflowed)));
    }
    run(decoded, &passes)
}

fn run(decoded: &str, passes: &[(Pass, Option<Flaw>)]) -> Normalised {
    let mut text = Cow::Borrowed(decoded);
    let mut map = OffsetMap::default();
    let mut flaws: Vec<(Flaw, u32)> = Vec::new();
    for _ in 0..MAX_ROUNDS {
        let mut is_stable = true;
        for (pass, flaw) in passes {
            // White space waits for all layers of a repair: a soft hyphen may be a byte.
            let is_layered = *flaw == Some(Flaw::MojibakeRepaired);
            let n_layers = if is_layered { repair::MAX_LAYERS } else { 1 };
            for _ in 0..n_layers {
                let Some((rewrite, n)) = pass(&text) else { break };
                let out = map.push(rewrite);
                if let (Some(flaw), 1..) = (flaw, n) {
                    add(&mut flaws, *flaw, n);
                }
                text = Cow::Owned(out);
                is_stable = false;
            }
        }
        if is_stable {
            break;
        }
    }
    Normalised { text: text.into_owned(), map, flaws }
}

/// Adds to the count of a flaw.
fn add(flaws: &mut Vec<(Flaw, u32)>, flaw: Flaw, n: u32) {
    match flaws.iter_mut().find(|(known, _)| *known == flaw) {
        Some((_, count)) => *count = count.saturating_add(n),
        None => flaws.push((flaw, n)),
    }
}
