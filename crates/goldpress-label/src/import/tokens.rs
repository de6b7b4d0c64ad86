//! Tokens of a file laid along the text of its article.

use goldpress_model::{CharRange, Digest};

use crate::formats::Token;

/// Hash of a text without its white space: what token formats keep of it.
pub(super) fn squashed(text: &str) -> Digest {
    let squashed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    Digest::of(squashed.as_bytes())
}

/// The same of the tokens of a file.
pub(super) fn squashed_tokens(tokens: &[Token]) -> Digest {
    let joined: String = tokens.iter().map(|token| token.text.as_str()).collect();
    squashed(&joined)
}

/// Tokens as the normaliser of texts makes them: `&amp;` in an address is `&`.
pub(super) fn normalised(tokens: &[Token]) -> Vec<Token> {
    let normal = |token: &Token| Token {
        text: goldpress_text::normalise_fragment(&token.text),
        ..token.clone()
    };
    tokens.iter().map(normal).collect()
}

/// [`align`] of the tokens as they are, else as the normaliser makes them.
///
/// # Errors
///
/// That of the tokens as they are.
pub(super) fn align_either(
    tokens: &[Token],
    text: &str,
) -> Result<Vec<CharRange>, (usize, String)> {
    align(tokens, text)
        .or_else(|first| align(&normalised(tokens), text).map_err(|_| first))
}

/// Where each token stands, in order, white space apart.
///
/// The text decides where words end, so a token may be any stretch of it.
///
/// # Errors
///
/// The line of the first token that does not come next, and what stands there.
fn align(tokens: &[Token], text: &str) -> Result<Vec<CharRange>, (usize, String)> {
    let mut rest =
        text.chars().enumerate().filter(|(_, c)| !c.is_whitespace()).peekable();
    let mut ranges = Vec::with_capacity(tokens.len());
    for token in tokens {
        let mut range: Option<(usize, usize)> = None;
        for expected in token.text.chars().filter(|c| !c.is_whitespace()) {
            match rest.next_if(|(_, found)| *found == expected) {
                Some((at, _)) => {
                    range = Some((range.map_or(at, |(from, _)| from), at + 1))
                }
                None => {
                    let found: String = rest.map(|(_, c)| c).take(20).collect();
                    let word = &token.text;
                    return Err((
                        token.line,
                        format!("`{word}` is not next: `{found}…`"),
                    ));
                }
            }
        }
        let Some((start, end)) = range else {
            return Err((token.line, "a token without characters".to_owned()));
        };
        let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        ranges.push(CharRange { start: narrow(start), end: narrow(end) });
    }
    Ok(ranges)
}
