//! Words of sentences, for extractors that walk over them.

use goldpress_model::Span;

use crate::View;

/// A word of a text.
#[derive(Debug, Clone)]
pub(crate) struct Word<'a> {
    /// As it stands.
    pub(crate) text: &'a str,
    /// In lower case, with straight apostrophes.
    pub(crate) lower: String,
    /// First byte in the text.
    pub(crate) start: usize,
    /// One past its last byte.
    pub(crate) end: usize,
}

/// The words of one sentence.
pub(crate) fn words_of(text: &str, sentence: Span) -> Vec<Word<'_>> {
    let slice = sentence.slice(text);
    let of = |word: Span| {
        let (start, end) =
            (sentence.start() + word.start(), sentence.start() + word.end());
        let lower = text[start..end].to_lowercase().replace('’', "'");
        Word { text: &text[start..end], lower, start, end }
    };
    goldpress_text::words(slice).map(of).collect()
}

/// The sentences that lie in main blocks; all of them where there are no blocks.
pub(crate) fn main_sentences(view: View<'_>) -> Vec<Span> {
    let mut blocks = view.blocks.iter().peekable();
    let is_main = |sentence: &Span| {
        while blocks.next_if(|block| block.span.end() <= sentence.start()).is_some() {}
        view.blocks.is_empty()
            || blocks.peek().is_some_and(|block| {
                block.role.is_main() && block.span.overlaps(*sentence)
            })
    };
    goldpress_text::sentences(view.text).filter(is_main).collect()
}
