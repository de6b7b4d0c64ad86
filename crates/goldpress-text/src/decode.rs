//! Decoding: bytes to characters, with a record of what decided.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use goldpress_model::{Decoding, Flaw};

use crate::{charset, repair_mojibake};

/// Share of characters replaced above which a text has the flaw `bytes_replaced`.
const FLAW_SHARE: f64 = 0.01;
/// Share of characters replaced above which nothing is left to read.
const UNDECODABLE_SHARE: f64 = 0.20;
/// Share of controls above which bytes are no text: windows-1252 decodes anything.
const BINARY_SHARE: f64 = 0.05;

/// What is known about the charset before the bytes are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Declared<'a> {
    /// Label that the container declares: a parameter of `Content-Type`.
    pub http: Option<&'a str>,
    /// Whether the bytes are markup, which may declare a charset itself.
    pub markup: bool,
}

/// Characters, and how they were read.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// What was declared, what was used, and why.
    pub decoding: Decoding,
    /// Flaws of decoding.
    pub flaws: Vec<(Flaw, u32)>,
}

/// Why bytes are no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// Too many control characters.
    #[error("{controls} of {chars} characters are controls")]
    Binary {
        /// C0 and C1 controls that are no white space.
        controls: usize,
        /// Characters in all.
        chars: usize,
    },
    /// Too many bytes fit no character.
    #[error("{replaced} of {chars} characters stand for bytes that `{charset}` lacks")]
    Undecodable {
        /// Replacement characters.
        replaced: usize,
        /// Characters in all.
        chars: usize,
        /// The encoding that fitted best.
        charset: String,
    },
}

/// How bytes are going to be read.
struct Choice {
    encoding: &'static Encoding,
    source: &'static str,
}

/// Reads bytes as characters.
///
/// In this order: a byte order mark; strict UTF-8; what is declared, in the container
/// before the markup; what the bytes look like; windows-1252. Valid multi-byte UTF-8
/// outweighs a declaration, and a text that is UTF-8 but for a few bytes stays so.
///
/// ```
/// use goldpress_text::{Declared, decode};
///
/// let page = b"<meta charset=shift_jis><p>\x93\x8c\x8b\x9e";
/// let decoded = decode(page, Declared { http: None, markup: true })?;
/// assert!(decoded.text.ends_with("東京"));
/// assert_eq!(decoded.decoding.charset_source, "meta");
/// # Ok::<(), goldpress_text::DecodeError>(())
/// ```
///
/// # Errors
///
/// Over a twentieth of the characters are controls, or over a fifth stand for bytes that
/// fit no character.
pub fn decode(bytes: &[u8], declared: Declared<'_>) -> Result<Decoded, DecodeError> {
    let mut flaws = Vec::new();
    let sniffed = if declared.markup { charset::sniff(bytes) } else { None };
    let labels = [(declared.http, "http"), (sniffed.as_deref(), "meta")];
    let mut stated: Option<Choice> = None;
    for (label, source) in labels {
        let Some(label) = label.filter(|label| !label.trim().is_empty()) else {
            continue;
        };
        match Encoding::for_label(label.as_bytes()) {
            Some(encoding) if stated.is_none() => {
                stated = Some(Choice { encoding, source });
            }
            Some(_) => {}
            None => flaws.push((Flaw::CharsetLabelUnknown, 1)),
        }
    }
    let charset_declared =
        labels.iter().find_map(|(label, _)| *label).map(|label| label.trim().to_owned());

    let (text, choice, n_replaced) = read(bytes, stated, &mut flaws);
    check(&text, choice.encoding, n_replaced)?;
    if n_replaced as f64 > FLAW_SHARE * text.chars().count() as f64 {
        flaws.push((Flaw::BytesReplaced, count(n_replaced)));
    }
    let decoding = Decoding {
        charset_declared: charset_declared.filter(|label| !label.is_empty()),
        charset_used: choice.encoding.name().to_lowercase(),
        charset_source: choice.source.to_owned(),
        n_replaced: count(n_replaced),
    };
    Ok(Decoded { text, decoding, flaws })
}

fn read(
    bytes: &[u8],
    stated: Option<Choice>,
    flaws: &mut Vec<(Flaw, u32)>,
) -> (String, Choice, usize) {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let bytes = whole_units(&bytes[mark..], encoding, flaws);
        return replaced(bytes, Choice { encoding, source: "bom" });
    }
    // Charsets whose bytes are valid UTF-8 and read as rubbish, declared or not.
    let seen = match &stated {
        Some(choice) if charset::shows(bytes, choice.encoding) => Some(choice.encoding),
        _ => charset::seen(bytes),
    };
    if let Some(encoding) = seen {
        let stated = stated.filter(|choice| choice.encoding == encoding);
        let source = stated.map_or("detector", |choice| choice.source);
        return replaced(
            whole_units(bytes, encoding, flaws),
            Choice { encoding, source },
        );
    }
    let utf8 = Choice { encoding: UTF_8, source: "utf-8" };
    let says_utf8 = stated.as_ref().is_some_and(|choice| choice.encoding == UTF_8);
    match str::from_utf8(bytes) {
        Ok(text) => return (text.to_owned(), utf8, 0),
        Err(error) => {
            let (sound, _) = bytes.split_at(error.valid_up_to());
            // A lone lead byte after nothing but ASCII is the last letter of a text in
            // some other charset rather than half a character.
            let is_cut = error.error_len().is_none() && (says_utf8 || !sound.is_ascii());
            if let (true, Ok(text)) = (is_cut, str::from_utf8(sound)) {
                flaws.push((Flaw::CharacterCut, 1));
                return (text.to_owned(), utf8, 0);
            }
        }
    }
    if mostly_utf8(bytes) {
        return replaced(bytes, utf8);
    }
    // What claims to be UTF-8 and mostly is not has lied.
    if let Some(choice) = stated.filter(|choice| choice.encoding != UTF_8) {
        return without_cut(replaced(bytes, choice), flaws);
    }
    let guess = Choice { encoding: charset::detect(bytes), source: "detector" };
    let read = replaced(bytes, guess);
    if is_undecodable(read.2, read.0.chars().count()) {
        return replaced(bytes, Choice { encoding: WINDOWS_1252, source: "fallback" });
    }
    without_cut(read, flaws)
}

/// Drops what stands for half a character at the end of a text in a charset of several
/// bytes a character, if all else fits that charset.
fn without_cut(
    (mut text, choice, n_replaced): (String, Choice, usize),
    flaws: &mut Vec<(Flaw, u32)>,
) -> (String, Choice, usize) {
    let is_cut = n_replaced == 1 && text.ends_with('\u{fffd}');
    if choice.encoding.is_single_byte() || !is_cut {
        return (text, choice, n_replaced);
    }
    text.pop();
    flaws.push((Flaw::CharacterCut, 1));
    (text, choice, 0)
}

/// Drops the half of a UTF-16 unit that a cut left behind.
fn whole_units<'b>(
    bytes: &'b [u8],
    encoding: &'static Encoding,
    flaws: &mut Vec<(Flaw, u32)>,
) -> &'b [u8] {
    let is_wide = encoding == UTF_16LE || encoding == UTF_16BE;
    if is_wide && bytes.len() % 2 == 1 {
        flaws.push((Flaw::CharacterCut, 1));
        return &bytes[..bytes.len() - 1];
    }
    bytes
}

fn replaced(bytes: &[u8], choice: Choice) -> (String, Choice, usize) {
    let (text, had_errors) = choice.encoding.decode_without_bom_handling(bytes);
    let n_replaced = if had_errors { text.matches('\u{fffd}').count() } else { 0 };
    (text.into_owned(), choice, n_replaced)
}

/// Whether multi-byte sequences that are UTF-8 outnumber bytes that are not. Chance makes
/// few of the former in any other charset.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut sound, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        // Every multi-byte character has exactly one lead byte.
        sound += chunk.valid().bytes().filter(|byte| *byte >= 0xc0).count();
        broken += chunk.invalid().len();
    }
    sound > broken
}

fn check(
    text: &str,
    encoding: &'static Encoding,
    replaced: usize,
) -> Result<(), DecodeError> {
    let chars = text.chars().count();
    let controls = count_controls(text);
    if is_undecodable(replaced, chars) {
        let charset = encoding.name().to_lowercase();
        return Err(DecodeError::Undecodable { replaced, chars, charset });
    }
    // Text that was decoded wrongly before may be a third controls, which are its bytes.
    if is_binary(controls, chars)
        && is_binary(count_controls(&repair_mojibake(text).0), chars)
    {
        return Err(DecodeError::Binary { controls, chars });
    }
    Ok(())
}

fn is_binary(controls: usize, chars: usize) -> bool {
    controls as f64 > BINARY_SHARE * chars as f64
}

fn is_undecodable(replaced: usize, chars: usize) -> bool {
    replaced as f64 > UNDECODABLE_SHARE * chars as f64
}

/// Counts C0, DEL and C1, white space and NEL apart.
fn count_controls(text: &str) -> usize {
    let bytes = text.as_bytes();
    // By bytes, which the compiler does many at a time: every text goes through here.
    let is_low = |byte: &&u8| **byte < b' ' && !(b'\t'..=b'\r').contains(*byte);
    let low = bytes.iter().filter(is_low).count();
    let delete = bytes.iter().filter(|byte| **byte == 0x7f).count();
    let high = memchr::memchr_iter(0xc2, bytes).filter(|at| {
        bytes
            .get(at + 1)
            .is_some_and(|byte| (0x80..=0x9f).contains(byte) && *byte != 0x85)
    });
    low + delete + high.count()
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
