//! What every extractor promises, on texts that have broken extractors before.

use goldpress_extract::{EXTRACTORS, Extractor, LEXICONS, Task, View, runner};
use goldpress_model::{
    Annotation, Block, Extraction, FieldClaim, Fields, PageFacts, RunOutcome, Span, layer,
};

#[test]
fn claims_are_sorted_and_quote_the_text() {
    for_each(|extractor, view| {
        let claims = extractor.extract(view).annotations;
        let start =
            |claim: &Annotation| claim.span().map(|span| (span.start(), span.end()));
        assert!(claims.is_sorted_by_key(start), "{}: {claims:?}", extractor.name());
        for claim in &claims {
            assert_eq!(
                claim.fragments().quote(view.text),
                claim.text(),
                "{}",
                extractor.name()
            );
        }
    });
}

#[test]
fn the_same_text_gets_the_same_answer() {
    for_each(|extractor, view| {
        assert_eq!(
            extractor.extract(view),
            extractor.extract(view),
            "{}",
            extractor.name()
        );
    });
}

#[test]
fn block_claims_tile_the_blocks_of_the_article() {
    for_each(|extractor, view| {
        let Some(claims) = extractor.extract(view).blocks else { return };
        let claimed: Vec<Span> = claims.iter().map(|claim| claim.span).collect();
        let blocks: Vec<Span> = view.blocks.iter().map(|block| block.span).collect();
        assert_eq!(claimed, blocks, "{}", extractor.name());
    });
}

#[test]
fn field_values_are_never_blank_and_lists_are_lists() {
    for_each(|extractor, view| {
        let blank = |value: &String| value.trim().is_empty() || value.trim() != value;
        for (field, claim) in extractor.extract(view).fields.unwrap_or_default() {
            let (is_list, any_blank) = match &claim {
                FieldClaim::Null => (field.is_list(), false),
                FieldClaim::One(value) => (false, blank(value)),
                FieldClaim::Many(values) => {
                    (true, values.iter().any(blank) || values.is_empty())
                }
            };
            assert_eq!(
                is_list,
                field.is_list(),
                "{}: {field} {claim:?}",
                extractor.name()
            );
            assert!(!any_blank, "{}: {field} {claim:?}", extractor.name());
        }
    });
}

#[test]
fn annotations_belong_to_a_task_that_the_extractor_serves() {
    for_each(|extractor, view| {
        for claim in extractor.extract(view).annotations {
            let serves = extractor.tasks().iter().any(|task| task.name() == claim.layer);
            assert!(serves, "{}: {}", extractor.name(), claim.layer);
            let fits = match claim.layer.as_str() {
                layer::TIMEX => {
                    ["DATE", "TIME", "DURATION", "SET"].contains(&claim.label.as_str())
                }
                layer::HEDGE => {
                    ["modal", "adjective", "adverb", "verb", "noun", "phrase"]
                        .contains(&claim.label.as_str())
                }
                _ => true,
            };
            assert!(fits, "{}: {}/{}", extractor.name(), claim.layer, claim.label);
        }
    });
}

#[test]
fn time_expressions_have_a_value_and_no_year_is_made_up() {
    for_each(|extractor, view| {
        for claim in extractor.extract(view).annotations {
            if claim.layer != layer::TIMEX {
                continue;
            }
            let value = claim.attrs.get("value").and_then(|value| value.as_text());
            let value = value.unwrap_or_else(|| panic!("{}: no value", extractor.name()));
            let year =
                value.get(..4).filter(|year| year.bytes().all(|b| b.is_ascii_digit()));
            let told = year.is_none_or(|year| {
                claim.text().chars().any(char::is_numeric) && year.len() == 4
            });
            assert!(
                view.published_at.is_some() || told,
                "{}: {claim:?}",
                extractor.name()
            );
        }
    });
}

#[test]
fn nothing_panics_on_five_megabytes() {
    let text = "The council may meet in May. ".repeat(5 << 20 >> 5);
    let one_line = text[..1 << 20].replace(' ', "");
    let lines =
        "Short line\nA longer line that ends with a full stop, as running text does.\n"
            .repeat(5_000);
    let one_sentence = "On Monday he said that “this” may ".repeat(1 << 18 >> 5);
    for text in [text, one_line, lines, one_sentence] {
        let text = text.trim_end();
        let (blocks, stated) = (lines_of(text), Fields::new());
        for extractor in EXTRACTORS {
            let view = View {
                lang: "en",
                published_at: Some("2024-03-06"),
                ..View::of(text, &blocks, &stated)
            };
            let answer = runner::run_one(*extractor, view);
            let outcome = answer.outcome;
            assert!(
                matches!(outcome, RunOutcome::Ok | RunOutcome::Unsupported),
                "{}: {:?}",
                extractor.name(),
                answer.message
            );
        }
    }
}

#[test]
fn names_are_unique_and_every_lexicon_has_a_head() {
    for (at, extractor) in EXTRACTORS.iter().enumerate() {
        assert!(EXTRACTORS[..at].iter().all(|other| other.name() != extractor.name()));
        assert!(!extractor.tasks().is_empty() && !extractor.version().is_empty());
    }
    for lexicon in LEXICONS {
        let head = lexicon.head();
        assert!(head.version > 0 && !head.source.is_empty(), "{}", lexicon.name);
        assert!(!head.licence.is_empty() && head.date.len() == 10, "{}", lexicon.name);
    }
}

#[test]
fn a_panic_is_the_outcome_crash_with_its_words() {
    struct Broken;
    impl Extractor for Broken {
        fn name(&self) -> &'static str {
            "broken"
        }
        fn version(&self) -> &'static str {
            "1"
        }
        fn tasks(&self) -> &'static [Task] {
            &[Task::Entity]
        }
        fn extract(&self, view: View<'_>) -> Extraction {
            panic!("no idea what `{}` is", view.text)
        }
    }
    let stated = Fields::new();
    let answer = runner::run_one(&Broken, View::of("x", &[], &stated));
    assert_eq!(answer.outcome, RunOutcome::Crash);
    assert_eq!(answer.message.as_deref(), Some("no idea what `x` is"));
    assert_eq!(answer.extraction, Extraction::default());
}

#[test]
fn cpu_time_counts_work_and_not_waiting() {
    let text = "The council may meet on Monday, 4 March 2024. ".repeat(400);
    let text = text.trim_end();
    let stated = Fields::new();
    let extractor =
        goldpress_extract::extractor("timex-rules").expect("it is in the list");
    let answer =
        runner::run_one(extractor, View { lang: "en", ..View::of(text, &[], &stated) });
    let cpu_ns = answer.clocks.cpu_ns.expect("this machine can tell");
    assert!(cpu_ns > 0 && answer.clocks.wall_ns > 0);
}

/// Texts that have broken extractors before.
fn texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        " ",
        "\n",
        "a",
        "👩‍👩‍👧‍👦 🚢 𝟔𝟎 🇨🇭",
        "e\u{301}le\u{300}ve Zoe\u{308} n\u{303}andu\u{301} in May 2024",
        "ميناء مرسى الندى يستعد\n\nبقلم: سلمى الراوي\n\n١٢ مارس ٢٠٢٤",
        "瀬野浦の渡し船、五月に再開へ\n\n記者・佐久間 玲\n\n2024年3月5日 9時30分",
        "שלום עולם \u{200f}12:30\u{200e} ok",
        "\u{feff}\u{200b}\u{ad}",
        "İstanbul’da ı ß ẞ ŉ ǰ ﬁ 1/2 ½ ²",
        "By",
        "By ",
        "– | – | –",
        "©",
        "99999999999999999999 99/99/9999 0000-00-00 31 February 2024 25:61",
        "“”‘’«»「」",
        "...!!!???",
        "May May May may MAY\u{2028}March\u{85}march",
        "<p>&amp;&lt;script&gt;</p> {\"@type\": [",
        "Title\n\nBy Ada Vale\n\nThe first line of the text ends here, with a full stop.\n\nComments\n\nx",
    ]
    .map(str::to_owned)
    .to_vec();
    texts.push("x".repeat(100_000));
    texts.push("Ada ".repeat(30_000).trim_end().to_owned());
    texts.push("é, ".repeat(30_000).trim_end().to_owned());
    texts
}

/// Shows every extractor every text, as plain text, as a page, and with a date.
fn for_each(check: impl Fn(&dyn Extractor, View<'_>)) {
    let facts = PageFacts {
        title: Some("Title | Outlet".to_owned()),
        lang: Some("xx-".to_owned()),
        metas: vec![
            ("author".to_owned(), " , by ".to_owned()),
            ("date".to_owned(), "x".to_owned()),
        ],
        json_ld: vec![
            "{".to_owned(),
            "[[[]]]".to_owned(),
            r#"{"@type":"Article","headline":" ","author":[null,{}]}"#.to_owned(),
        ],
        ..PageFacts::default()
    };
    let stated = Fields::new();
    for text in texts() {
        let mut blocks = lines_of(&text);
        // Languages and dates matter to what is read, and long texts are slow to repeat.
        let is_long = text.len() > 1000;
        let langs: &[&str] = if is_long { &["en"] } else { &["und", "en", "de", "ja"] };
        let dates = [None, Some("2024-03-06"), Some("2024"), Some("é")];
        for lang in langs {
            for published_at in dates.into_iter().take(if is_long { 2 } else { 4 }) {
                let view =
                    View { lang, published_at, ..View::of(&text, &blocks, &stated) };
                for extractor in EXTRACTORS {
                    check(*extractor, view);
                }
            }
        }
        for block in &mut blocks {
            block.path = Some("body>div>p".to_owned());
            block.marks = vec!["byline".to_owned(), "|".to_owned(), "é-ß".to_owned()];
            block.link_density = 1.0;
        }
        let view = View {
            markup: Some(&text),
            facts: Some(&facts),
            ..View::of(&text, &blocks, &stated)
        };
        for extractor in EXTRACTORS {
            check(*extractor, view);
        }
    }
}

/// One block for each line that is not blank.
fn lines_of(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut at = 0;
    for line in text.split('\n') {
        if !line.trim().is_empty() {
            let span =
                Span::new(text, at, at + line.len()).expect("a line lies in its text");
            blocks.push(Block::plain(span));
        }
        at += line.len() + 1;
    }
    blocks
}
