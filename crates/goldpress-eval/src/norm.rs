//! Normalised field values, version `norm/1`: when two values say the same.
//!
//! No guessing: initials, nicknames and abbreviations are other values.

mod date;
mod url;

use icu_casemap::CaseMapper;
use icu_normalizer::ComposingNormalizerBorrowed;

pub use date::{agrees as date_agrees, day_distance};
pub use url::key as url_key;

/// Version of these rules; stands in every result.
pub const NORM: &str = "norm/1";

/// The text key: NFKC, full case folding, plain quotes and dashes, single spaces, neither
/// space nor punctuation at the ends.
///
/// ```
/// use goldpress_eval::norm::text_key;
///
/// assert_eq!(text_key(" “Straße—ﬁn” \n"), text_key("STRASSE-FIN."));
/// ```
pub fn text_key(value: &str) -> String {
    let compatible = ComposingNormalizerBorrowed::new_nfkc();
    let folded = CaseMapper::new().fold_string(&compatible.normalize(value)).into_owned();
    // Folding can undo composition: `ŉ` becomes two characters that compose with others.
    let plain: String = compatible.normalize(&folded).chars().map(plain).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let text = words.join(" ");
    let kept = text.trim_matches(|c: char| c.is_whitespace() || is_punctuation(c));
    // A value of punctuation alone is still a value.
    if kept.is_empty() { text } else { kept.to_owned() }
}

/// The key of a person's name: a text key without a leading `by `, and `b, a` as `a b`.
pub fn name_key(value: &str) -> String {
    let key = text_key(value);
    let key = key.strip_prefix("by ").unwrap_or(&key);
    match key.split_once(',') {
        Some((last, first)) if !first.contains(',') => {
            text_key(&format!("{} {}", first.trim(), last.trim()))
        }
        _ => text_key(key),
    }
}

/// The primary subtag of a language tag, in lower case.
pub fn language_key(value: &str) -> String {
    let primary = value.trim().split(['-', '_']).next().unwrap_or_default();
    primary.to_lowercase()
}

fn plain(c: char) -> char {
    match c {
        '‘' | '’' | '‚' | '‛' | '′' | '‹' | '›' | '`' | '´' => '\'',
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' | '〝' | '〞' | '〟' => {
            '"'
        }
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '﹘' | '﹣' => '-',
        c => c,
    }
}

/// Punctuation that may stand at an edge without being part of a name or value.
pub(crate) fn is_punctuation(c: char) -> bool {
    if c.is_ascii() {
        // `+`, `$` and their like are symbols.
        return c.is_ascii_punctuation() && !"$+<=>^`|~".contains(c);
    }
    matches!(u32::from(c),
        0xA1 | 0xA7 | 0xAB | 0xB6 | 0xB7 | 0xBB | 0xBF
        | 0x37E | 0x387 | 0x55A..=0x55F | 0x589 | 0x58A | 0x5BE | 0x5C0 | 0x5C3 | 0x5C6
        | 0x5F3 | 0x5F4 | 0x609 | 0x60A | 0x60C | 0x60D | 0x61B | 0x61D..=0x61F
        | 0x66A..=0x66D | 0x6D4 | 0x964 | 0x965 | 0x970 | 0xE4F | 0xE5A | 0xE5B
        | 0x1362..=0x1368 | 0x17D4..=0x17D6 | 0x1801..=0x180A
        | 0x2010..=0x2027 | 0x2030..=0x2043 | 0x2045..=0x2051 | 0x2053..=0x205E
        | 0x2308..=0x230B | 0x2329 | 0x232A | 0x2768..=0x2775 | 0x27E6..=0x27EF
        | 0x2983..=0x2998 | 0x2E00..=0x2E5D
        | 0x3001..=0x3003 | 0x3008..=0x3011 | 0x3014..=0x301F | 0x3030 | 0x303D | 0x30A0
        | 0x30FB | 0xFE10..=0xFE19 | 0xFE30..=0xFE61 | 0xFE63 | 0xFE68 | 0xFE6A | 0xFE6B
        | 0xFF01..=0xFF03 | 0xFF05..=0xFF0A | 0xFF0C..=0xFF0F | 0xFF1A | 0xFF1B | 0xFF1F
        | 0xFF20 | 0xFF3B..=0xFF3D | 0xFF3F | 0xFF5B | 0xFF5D | 0xFF5F..=0xFF65)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_case_quotes_and_end_marks_make_no_difference() {
        assert_eq!(text_key("ＡＢＣ  def…"), "abc def");
        assert_eq!(text_key("«Tully’s» – now!"), "tully's\" - now");
        assert_eq!(text_key("…"), "...");
    }

    #[test]
    fn a_name_is_read_forwards_and_without_its_by() {
        assert_eq!(name_key("By Deby T."), "deby t");
        assert_eq!(name_key("Doe, Jane"), name_key("Jane DOE"));
        assert_ne!(name_key("J. Doe"), name_key("Jane Doe"));
        assert_eq!(name_key("Doe, Jane, PhD"), "doe, jane, phd");
    }
}
