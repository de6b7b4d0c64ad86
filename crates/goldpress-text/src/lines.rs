//! Lines: one line of a normalised text is one block.

use goldpress_model::Span;

/// The lines of a text that are not blank, in order, without their line ends.
///
/// ```
/// use goldpress_text::lines;
///
/// let text = "Düne bricht\n\nDas Dorf wartet.";
/// let found: Vec<&str> = lines(text).map(|line| line.slice(text)).collect();
/// assert_eq!(found, ["Düne bricht", "Das Dorf wartet."]);
/// ```
pub fn lines(text: &str) -> impl Iterator<Item = Span> {
    let mut at = 0;
    text.split('\n').filter_map(move |line| {
        let start = at;
        at += line.len() + 1;
        let is_blank = line.trim().is_empty();
        (!is_blank).then(|| {
            Span::new(text, start, start + line.len()).expect("a line ends at a line end")
        })
    })
}
