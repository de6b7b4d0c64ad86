//! Kinds of characters: what Unicode says of one, in one look.
//!
//! Every character of a corpus is asked whether it is a letter, several times over. The
//! standard library searches for the answer beyond ASCII; here the answers of a page of 256
//! characters are worked out once, by the standard library, and then looked up.

use std::sync::OnceLock;

/// What a character is, as [`char`]'s own methods tell.
///
/// ```
/// use goldpress_text::CharKind;
///
/// let kind = CharKind::of('Ö');
/// assert!(kind.is_alphabetic() && kind.is_uppercase() && !kind.is_numeric());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CharKind(u8);

const ALPHABETIC: u8 = 1;
const NUMERIC: u8 = 1 << 1;
const UPPERCASE: u8 = 1 << 2;
const LOWERCASE: u8 = 1 << 3;
const WHITESPACE: u8 = 1 << 4;
/// Has another spelling in lower case.
const LOWERS: u8 = 1 << 5;

/// Characters of one page.
const PAGE: usize = 256;
type Page = [u8; PAGE];

/// Pages of the planes that texts are written in, made when a text first needs them.
static PAGES: [OnceLock<Box<Page>>; 0x2_0000 / PAGE] = [const { OnceLock::new() }; _];

impl CharKind {
    /// Looks a character up. Costs a nanosecond or two.
    #[inline]
    pub fn of(c: char) -> CharKind {
        if c.is_ascii() {
            return CharKind(ASCII[c as usize]);
        }
        let at = c as usize;
        match PAGES.get(at / PAGE) {
            Some(page) => CharKind(page.get_or_init(|| page_of(at / PAGE))[at % PAGE]),
            None => CharKind(bits_of(c)),
        }
    }

    /// As [`char::is_alphabetic`].
    #[inline]
    pub fn is_alphabetic(self) -> bool {
        self.0 & ALPHABETIC != 0
    }

    /// As [`char::is_numeric`].
    #[inline]
    pub fn is_numeric(self) -> bool {
        self.0 & NUMERIC != 0
    }

    /// As [`char::is_alphanumeric`].
    #[inline]
    pub fn is_alphanumeric(self) -> bool {
        self.0 & (ALPHABETIC | NUMERIC) != 0
    }

    /// As [`char::is_uppercase`].
    #[inline]
    pub fn is_uppercase(self) -> bool {
        self.0 & UPPERCASE != 0
    }

    /// As [`char::is_lowercase`].
    #[inline]
    pub fn is_lowercase(self) -> bool {
        self.0 & LOWERCASE != 0
    }

    /// As [`char::is_whitespace`].
    #[inline]
    pub fn is_whitespace(self) -> bool {
        self.0 & WHITESPACE != 0
    }
}

/// Whether a character is a letter or a digit, as [`char::is_alphanumeric`].
#[inline]
pub fn is_alphanumeric(c: char) -> bool {
    CharKind::of(c).is_alphanumeric()
}

/// Appends a character in lower case, as [`char::to_lowercase`] spells it.
#[inline]
pub fn push_lowercase(text: &mut String, c: char) {
    match c {
        c if c.is_ascii() => text.push(c.to_ascii_lowercase()),
        c if CharKind::of(c).0 & LOWERS == 0 => text.push(c),
        c => text.extend(c.to_lowercase()),
    }
}

static ASCII: [u8; 128] = {
    let mut all = [0; 128];
    let mut at = 0;
    while at < all.len() {
        let c = at as u8;
        all[at] = match c {
            b'a'..=b'z' => ALPHABETIC | LOWERCASE,
            b'A'..=b'Z' => ALPHABETIC | UPPERCASE | LOWERS,
            b'0'..=b'9' => NUMERIC,
            b' ' | b'\t'..=b'\r' => WHITESPACE,
            _ => 0,
        };
        at += 1;
    }
    all
};

fn page_of(number: usize) -> Box<Page> {
    let mut page = Box::new([0; PAGE]);
    for (offset, bits) in page.iter_mut().enumerate() {
        let c = u32::try_from(number * PAGE + offset).ok().and_then(char::from_u32);
        *bits = c.map_or(0, bits_of);
    }
    page
}

fn bits_of(c: char) -> u8 {
    let lowers = !c.to_lowercase().eq([c]);
    [
        (c.is_alphabetic(), ALPHABETIC),
        (c.is_numeric(), NUMERIC),
        (c.is_uppercase(), UPPERCASE),
        (c.is_lowercase(), LOWERCASE),
        (c.is_whitespace(), WHITESPACE),
        (lowers, LOWERS),
    ]
    .into_iter()
    .fold(0, |bits, (is, bit)| if is { bits | bit } else { bits })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_what_the_standard_library_says() {
        for c in (0..0x3_0000).filter_map(char::from_u32) {
            assert_eq!(CharKind::of(c).0, bits_of(c), "{c:?}");
            let mut lower = String::new();
            push_lowercase(&mut lower, c);
            assert_eq!(lower, c.to_lowercase().to_string(), "{c:?}");
        }
    }
}
