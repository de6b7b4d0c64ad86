//! Words that a file quotes, and where they stand in a text.

use goldpress_model::{CharIndex, Span};

/// Whether a file that quotes `quote` means the words `found`.
///
/// Tools that write an annotation on one line put a space for each line end in it, or one
/// for all white space around it.
pub(crate) fn is_quoted(found: &str, quote: &str) -> bool {
    if found == quote {
        return true;
    }
    let spaced = |text: &str| text.replace('\n', " ");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    // White space at an edge is no line end inside: an offset is wrong there.
    let has_edge = |text: &str| text.trim() != text;
    found.contains('\n')
        && (spaced(found) == spaced(quote)
            || !has_edge(found) && !has_edge(quote) && words(found) == words(quote))
}

/// The one place of a text where words stand, for a line that gives no offsets.
///
/// Where they stand inside of longer words too, whole words are meant.
///
/// # Errors
///
/// They stand nowhere, or in several places: the code and a message with the places.
pub(crate) fn only_place(
    text: &str,
    quote: &str,
) -> Result<Span, (&'static str, String)> {
    let all: Vec<Span> = text
        .match_indices(quote)
        .filter_map(|(at, _)| Span::new(text, at, at + quote.len()).ok())
        .collect();
    let whole: Vec<Span> =
        all.iter().copied().filter(|span| is_whole(text, *span)).collect();
    let places = if whole.is_empty() { all } else { whole };
    match places.as_slice() {
        [place] => Ok(*place),
        [] => Err(("text-differs", format!("`{quote}` stands nowhere in the article"))),
        places => {
            let index = CharIndex::new(text);
            let told = places.iter().take(N_PLACES).map(|span| {
                let range = index.chars(*span);
                format!("{}..{}", range.start, range.end)
            });
            let told = told.collect::<Vec<_>>().join(", ");
            let more = if places.len() > N_PLACES { ", …" } else { "" };
            Err((
                "quote-repeated",
                format!(
                    "`{quote}` stands in {} places, at {told}{more}: `start` and `end` \
                     say which",
                    places.len()
                ),
            ))
        }
    }
}

/// Places that a message names.
const N_PLACES: usize = 5;

/// Whether a span is no part of a longer word.
fn is_whole(text: &str, span: Span) -> bool {
    let is_free = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    is_free(text[..span.start()].chars().next_back())
        && is_free(text[span.end()..].chars().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_end_may_be_quoted_as_a_space() {
        for (found, quote) in [
            ("Kestrel\nFreight", "Kestrel Freight"),
            ("Kestrel\nFreight", "Kestrel\nFreight"),
            ("Kestrel  \n  Freight", "Kestrel Freight"),
            ("Kestrel \nFreight", "Kestrel  Freight"),
        ] {
            assert!(is_quoted(found, quote), "{found:?} {quote:?}");
        }
        for (found, quote) in
            [("Kestrel Freight", "Kestrel  Freight"), ("\nKestrel", "Kestrel")]
        {
            assert!(!is_quoted(found, quote), "{found:?} {quote:?}");
        }
    }

    #[test]
    fn words_are_placed_where_they_stand_once() {
        let text = "US ships left. A bus left Velmere, and Velmere’s mayor.";
        let at = |quote: &str| only_place(text, quote).map(|span| span.start());
        assert_eq!(at("US"), Ok(0));
        assert_eq!(at("bus"), Ok(17));
        assert_eq!(at("ayo"), Ok(52));
        assert_eq!(at("Rell").map_err(|(code, _)| code), Err("text-differs"));
        let (code, message) = at("Velmere").unwrap_err();
        assert_eq!(code, "quote-repeated");
        assert_eq!(
            message,
            "`Velmere` stands in 2 places, at 26..33, 39..46: `start` and `end` say which"
        );
    }
}
