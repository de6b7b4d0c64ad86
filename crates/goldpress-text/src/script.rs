//! Scripts that write no spaces between words.

/// Whether words of this character's script are found with a dictionary: Chinese and
/// Japanese, Thai, Lao, Khmer, Burmese. Korean writes spaces.
#[inline]
pub(crate) fn is_spaceless(c: char) -> bool {
    matches!(u32::from(c),
        0x0e00..=0x0eff          // Thai, Lao
        | 0x1000..=0x109f        // Myanmar
        | 0x1780..=0x17ff        // Khmer
        | 0x3005..=0x3007
        | 0x3040..=0x30ff        // Hiragana, Katakana
        | 0x31f0..=0x31ff
        | 0x3400..=0x4dbf
        | 0x4e00..=0x9fff        // Han
        | 0xf900..=0xfaff
        | 0xff66..=0xff9f        // half-width Katakana
        | 0x20000..=0x323af)
}
