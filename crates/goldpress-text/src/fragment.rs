//! Fragments: one value or one block, normalised to a single line.

use std::borrow::Cow;

use crate::{clean, repair};

/// A value on one line, and what was wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fragment {
    /// The line; empty where nothing is left.
    pub text: String,
    /// Entities that were undone.
    pub n_entities: u32,
    /// Stretches of wrongly decoded text that were put right.
    pub n_mojibake: u32,
}

/// Normalises a value to one line: the rules of [`crate::normalise`] on characters, all
/// white space one space.
///
/// ```
/// use goldpress_text::normalise_fragment;
///
/// assert_eq!(normalise_fragment(" Salt &amp;\n steel:\u{a0}Varnholt "), "Salt & steel: Varnholt");
/// ```
pub fn normalise_fragment(value: &str) -> String {
    fragment(value).text
}

/// The same, with counts of what was mended.
pub fn fragment(value: &str) -> Fragment {
    let mut counts = Fragment::default();
    let mut text = Cow::Borrowed(value);
    // As many rounds as `normalise` takes, for the same reason.
    for _ in 0..8 {
        let mut is_stable = true;
        let mut apply = |text: &mut Cow<'_, str>, new: Option<(String, u32)>| {
            let Some((new, n)) = new else { return 0 };
            is_stable = false;
            *text = Cow::Owned(new);
            n
        };
        let new = repair::mojibake::pass(&text).map(|(done, n)| (done.out, n));
        counts.n_mojibake += apply(&mut text, new);
        let new =
            repair::entities::pass_after_parser(&text).map(|(done, n)| (done.out, n));
        counts.n_entities += apply(&mut text, new);
        let new = clean::white_space(&text).map(|(done, n)| (done.out, n));
        apply(&mut text, new);
        let new = text.contains('\n').then(|| (one_line(&text), 0));
        apply(&mut text, new);
        let new = clean::compose(&text).map(|(done, n)| (done.out, n));
        apply(&mut text, new);
        if is_stable {
            break;
        }
    }
    counts.text = text.into_owned();
    counts
}

fn one_line(text: &str) -> String {
    let parts: Vec<&str> = text.split('\n').filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}
