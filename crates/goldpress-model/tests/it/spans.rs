//! Ranges: what is believed, what is refused, and that bytes and code points agree.

use goldpress_model::{
    CharIndex, CharRange, Fragments, LooseAnnotation, Span, SpanError,
};
use proptest::prelude::*;

#[test]
fn a_range_off_by_one_is_refused_not_rounded() {
    let text = "Zürich";
    assert_eq!(
        Span::new(text, 1, 2),
        Err(SpanError::SplitsCharacter { start: 1, end: 2, at: 2 })
    );
    assert_eq!(Span::new(text, 3, 3), Err(SpanError::Empty { start: 3, end: 3 }));
    assert_eq!(Span::new(text, 4, 3), Err(SpanError::Reversed { start: 4, end: 3 }));
    assert_eq!(
        Span::new(text, 0, 8),
        Err(SpanError::OutOfRange { start: 0, end: 8, len: 7 })
    );
    let wide = CharRange { start: 0, end: 7 };
    assert_eq!(
        wide.to_span(text),
        Err(SpanError::OutOfRange { start: 0, end: 7, len: 6 })
    );
}

#[test]
fn fragments_that_touch_are_refused_and_can_be_merged() {
    let text = "North Quays";
    let spans = vec![Span::new(text, 0, 5).unwrap(), Span::new(text, 5, 11).unwrap()];
    assert!(matches!(Fragments::new(spans.clone()), Err(SpanError::Fragments { .. })));
    assert_eq!(Fragments::merged(spans).quote(text), "North Quays");
}

#[test]
fn a_quote_that_differs_is_refused_with_what_stands_there() {
    let loose = LooseAnnotation {
        fragments: vec![CharRange { start: 0, end: 6 }],
        text: "Zurich".into(),
        ..LooseAnnotation::default()
    };
    let error = loose.check(&CharIndex::new("Zürich")).unwrap_err();
    assert_eq!(error.code(), "text-differs");
    assert_eq!(error.to_string(), "text is `Zurich`, but the article has `Zürich` there");
}

proptest! {
    #[test]
    fn bytes_and_code_points_lead_to_each_other(text in "\\PC{0,300}", a: usize, b: usize) {
        let index = CharIndex::new(&text);
        let n = index.n_chars() as usize;
        prop_assert_eq!(n, text.chars().count());
        let (a, b) = (a % (n + 1), b % (n + 1));
        let range = CharRange { start: a.min(b) as u32, end: a.max(b) as u32 };
        match index.span(range) {
            Ok(span) => {
                let slice: String = text.chars().skip(a.min(b)).take(a.abs_diff(b)).collect();
                prop_assert_eq!(span.slice(&text), slice);
                prop_assert_eq!(index.chars(span), range);
                prop_assert_eq!(span.to_chars(&text), range);
            }
            Err(error) => {
                let refused = matches!(error, SpanError::Empty { .. });
                prop_assert!(refused, "{}", error);
            }
        }
    }
}
