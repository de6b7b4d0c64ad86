//! Laws that hold for every text and every string of bytes.

use goldpress_text::{
    Declared, NormaliseOptions, decode, fragment, language, lines, measures, normalise,
    normalise_fragment, sentences, tokens, words,
};
use proptest::prelude::*;

proptest! {
    #[test]
    fn a_normalised_text_stays_as_it_is(text in nasty_text()) {
        for options in every_option() {
            let once = normalise(&text, options).text;
            let twice = normalise(&once, options);
            prop_assert_eq!(&twice.text, &once);
            prop_assert!(twice.map.is_identity());
            prop_assert!(twice.flaws.is_empty());
        }
    }

    #[test]
    fn every_range_maps_into_the_decoded_text_and_back_onto_itself(text in nasty_text()) {
        let done = normalise(&text, NormaliseOptions::default());
        let edges: Vec<usize> = (0..=done.text.len())
            .filter(|at| goldpress_text::is_grapheme_edge(&done.text, *at))
            .collect();
        for (n, start) in edges.iter().enumerate() {
            for end in &edges[n + 1..] {
                let source = done.map.to_source(*start..*end);
                prop_assert!(text.get(source.clone()).is_some(), "{source:?}");
                let back = done.map.to_normalised(source.clone());
                prop_assert_eq!(back, Some(*start..*end), "{:?} of {:?}", source, &done.text);
            }
        }
    }

    #[test]
    fn a_range_of_the_decoded_text_that_goes_anywhere_goes_to_whole_characters(
        text in nasty_text(), a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>(),
    ) {
        let done = normalise(&text, NormaliseOptions::default());
        let edges: Vec<usize> = (0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect();
        let (a, b) = (*a.get(&edges), *b.get(&edges));
        if let Some(range) = done.map.to_normalised(a.min(b)..a.max(b)) {
            prop_assert!(done.text.get(range).is_some());
        }
    }

    #[test]
    fn a_normalised_text_is_nfc_and_has_tidy_white_space(text in nasty_text()) {
        let text = normalise(&text, NormaliseOptions::default()).text;
        let nfc = icu_normalizer::ComposingNormalizerBorrowed::new_nfc();
        prop_assert!(nfc.is_normalized(&text), "{:?}", text);
        prop_assert_eq!(text.trim_matches([' ', '\n']), &text);
        for never in ["  ", " \n", "\n ", "\n\n\n", "\r", "\t", "\u{a0}", "\u{ad}", "\u{feff}"] {
            prop_assert!(!text.contains(never), "{:?} in {:?}", never, text);
        }
    }

    #[test]
    fn a_fragment_is_one_line_and_stays_as_it_is(text in nasty_text()) {
        let once = normalise_fragment(&text);
        prop_assert!(!once.contains('\n'));
        prop_assert_eq!(once.trim(), &once);
        let again = fragment(&once);
        prop_assert_eq!((again.n_entities, again.n_mojibake), (0, 0));
        prop_assert_eq!(again.text, once);
    }

    #[test]
    fn decoding_never_panics_and_never_yields_a_mark(
        bytes in prop::collection::vec(any::<u8>(), 0..200), markup: bool,
    ) {
        for http in [None, Some("utf-8"), Some("shift_jis"), Some("no such label")] {
            if let Ok(decoded) = decode(&bytes, Declared { http, markup }) {
                normalise(&decoded.text, NormaliseOptions::default());
            }
        }
    }

    #[test]
    fn utf8_decodes_to_itself(text in "[^\u{0}-\u{1f}\u{7f}-\u{9f}\u{feff}]{0,80}") {
        let decoded = decode(text.as_bytes(), Declared::default()).expect("it is text");
        prop_assert_eq!(decoded.text, text);
    }

    #[test]
    fn words_and_sentences_are_sorted_apart_and_inside_lines(text in nasty_text()) {
        let text = normalise(&text, NormaliseOptions::default()).text;
        let tokens: Vec<_> = tokens(&text).collect();
        prop_assert!(tokens.windows(2).all(|pair| pair[0].end() <= pair[1].start()));
        let words: Vec<_> = words(&text).collect();
        prop_assert!(words.iter().all(|word| tokens.contains(word)));
        let sentences: Vec<_> = sentences(&text).collect();
        prop_assert!(sentences.windows(2).all(|pair| pair[0].end() <= pair[1].start()));
        for sentence in &sentences {
            prop_assert!(!sentence.slice(&text).contains('\n'));
        }
        // Nothing that can be read is outside of a sentence.
        let inside: usize = sentences.iter().map(|span| visible(span.slice(&text))).sum();
        prop_assert_eq!(inside, visible(&text));
        let lines: usize = lines(&text).map(|span| visible(span.slice(&text))).sum();
        prop_assert_eq!(lines, visible(&text));
    }

    #[test]
    fn shares_are_shares(text in nasty_text()) {
        let found = measures(&text, &[], &language(&text).tag);
        for share in [
            found.main_share, found.link_share, found.upper_share, found.digit_share,
            found.repeated_line_share, found.symbol_share, found.stop_word_share,
        ] {
            prop_assert!((0.0..=1.0).contains(&share), "{:?}", found);
        }
    }
}

fn visible(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

fn every_option() -> impl Iterator<Item = NormaliseOptions> {
    [(true, true), (true, false), (false, true), (false, false)]
        .into_iter()
        .map(|(repair, reflow)| NormaliseOptions { repair, reflow })
}

/// Pieces that have broken normalisers before, in any order.
fn nasty_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("a".to_owned()),
        Just("the mill in the valley".to_owned()),
        Just(" ".to_owned()),
        Just("  ".to_owned()),
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("\r".to_owned()),
        Just("\t".to_owned()),
        Just("\u{85}".to_owned()),
        Just("\u{2028}".to_owned()),
        Just("\u{a0}".to_owned()),
        Just("\u{ad}".to_owned()),
        Just("\u{200b}".to_owned()),
        Just("\u{200d}".to_owned()),
        Just("\u{feff}".to_owned()),
        Just("\u{0}".to_owned()),
        Just("\u{9d}".to_owned()),
        Just("e\u{301}".to_owned()),
        Just("\u{301}".to_owned()),
        Just("\u{323}\u{302}".to_owned()),
        Just("\u{958}".to_owned()),
        Just("\u{1100}\u{1161}\u{11a8}".to_owned()),
        Just("\u{fb1d}".to_owned()),
        Just("\u{212b}".to_owned()),
        Just("👩‍👩‍👧".to_owned()),
        Just("𝟔𝟎".to_owned()),
        Just("Ã©".to_owned()),
        Just("â€™".to_owned()),
        Just("â€\u{9d}".to_owned()),
        Just("Ã¢â‚¬â„¢".to_owned()),
        Just("Ã".to_owned()),
        Just("Ã ".to_owned()),
        Just("ÂÂ©a".to_owned()),
        Just("Ãƒƒ".to_owned()),
        Just("\u{93}".to_owned()),
        Just("\u{92}t".to_owned()),
        Just("Ã¢â‚¬Â\u{9d}".to_owned()),
        Just("3Â²".to_owned()),
        Just("MENÜ“".to_owned()),
        Just("&amp;".to_owned()),
        Just("&amp;amp;lt;".to_owned()),
        Just("&".to_owned()),
        Just("amp;".to_owned()),
        Just("&#10;".to_owned()),
        Just("&#x301;".to_owned()),
        Just("&nbsp;".to_owned()),
        Just("三年前に止まった".to_owned()),
        Just("กรุงเทพ".to_owned()),
        Just("ميناء".to_owned()),
        Just("Dr. J. P. Halloran of the U.S. said".to_owned()),
        Just(".".to_owned()),
        Just("-\n".to_owned()),
        Just(
            "Energy took up more than half of its costs, and in October the mill lost\n"
                .to_owned()
        ),
        Just(
            "島にただ一つある店の主人は、届かなかった品物の一覧を店先に貼り出しており\n"
                .to_owned()
        ),
        Just("https://port-aldery.example/council/2024/02/11/the-ferry/report-of-the-treasurer.pdf\n".to_owned()),
        "\\PC{0,4}",
        any::<String>(),
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}
