//! Texts wrapped at every column, their paragraphs told in every way: a generator.

use goldpress_model::Flaw;
use goldpress_text::{NormaliseOptions, normalise};

use crate::reflowing::{ARTICLES, wrap};

/// Columns from a newspaper's to a wide terminal's.
const COLUMNS: [usize; 9] = [40, 45, 50, 56, 60, 72, 80, 100, 120];

/// How paragraphs are told: a name, what stands before the first line of each and before
/// the others, and what stands between two.
const MARKS: &[(&str, &str, &str, &str)] = &[
    ("blank lines", "", "", "\n\n"),
    ("blank lines of DOS", "", "", "\r\n\r\n"),
    ("blank lines and indents", "    ", "", "\n\n"),
    ("a block further in", "    ", "    ", "\n\n"),
    ("three spaces", "   ", "", "\n"),
    ("three spaces of DOS", "   ", "", "\r\n"),
    ("a tab", "\t", "", "\n"),
    ("an ideographic space", "\u{3000}", "", "\n"),
    ("no-break spaces", "\u{a0}\u{a0}\u{a0}\u{a0}", "", "\n"),
    ("indents in a block further in", "        ", "    ", "\n"),
    ("first lines further out", "", "    ", "\n"),
];

#[test]
fn a_wrapped_text_is_paragraphs_again_at_any_column() {
    let mut n_cases = 0;
    for (language, article) in ARTICLES {
        let article = format!("{article}\n\n{article}");
        for columns in COLUMNS {
            for (mark, first, rest, between) in MARKS {
                let wrapped = laid_out(&article, columns, first, rest, between);
                let done = normalise(&wrapped, NormaliseOptions::default());
                assert_eq!(done.text, article, "{language} at {columns}, {mark}");
                assert_eq!(done.flaws[0].0, Flaw::Reflowed);
                n_cases += 1;
            }
        }
    }
    assert_eq!(n_cases, 7 * 9 * 11);
}

#[test]
fn an_indent_may_count_as_columns() {
    // Japanese is indented by a character of its own.
    for (language, article) in ARTICLES.iter().filter(|(name, _)| *name != "Japanese") {
        let article = format!("{article}\n\n{article}");
        for columns in COLUMNS {
            for (indent, between) in [(2, "\n"), (4, "\n"), (4, "\n\n"), (8, "\n")] {
                let paragraphs = article.split("\n\n").map(|paragraph| {
                    let indented = format!("{}{paragraph}", "_".repeat(indent));
                    wrap(&indented, columns).replace('_', " ")
                });
                let wrapped = paragraphs.collect::<Vec<_>>().join(between);
                assert_eq!(text(&wrapped), article, "{language} at {columns}, {indent}");
            }
        }
    }
}

#[test]
fn a_headline_and_a_byline_above_the_text_stay_lines() {
    for (language, article) in ARTICLES {
        for columns in [50, 72, 100] {
            let wrapped = wrap(&format!("{article}\n\n{article}"), columns);
            let above = "Ferry vote put off\nBy Odile Varga\n";
            let whole = format!("{above}{article}\n\n{article}");
            let done = text(&format!("{above}{wrapped}"));
            assert_eq!(done, whole, "{language} at {columns}");
        }
    }
}

#[test]
fn a_short_last_line_ends_a_paragraph() {
    let (mut n_texts, mut n_paragraphs) = (0, 0);
    for (language, article) in ARTICLES {
        let article = format!("{article}\n\n{article}");
        for columns in [44, 50, 60, 72, 80] {
            let wrapped = wrap(&article, columns).replace("\n\n", "\n");
            let done = text(&wrapped);
            // A last line may be full by chance: then nothing tells that it is the last.
            assert!(done.lines().count() <= 4, "{language} at {columns}: {done}");
            n_texts += 1;
            n_paragraphs += done.lines().count();
        }
    }
    assert_eq!((n_texts, n_paragraphs), (35, 136));
}

#[test]
fn verse_and_tables_inside_a_wrapped_text_stay_lines() {
    let (_, article) = ARTICLES[0];
    for columns in [50, 72, 90] {
        for inner in [
            "O ferry of the grey\nwhere do you go\nwithout me in the morning,\nwhere do you go",
            "Port Aldery 06:00 07:10\nSandvörde 08:30 09:40\nSaint-Évrac 11:00 12:10",
            "- dogs are carried free of charge\n- bicycles cost two pounds",
        ] {
            let whole = format!("{article}\n\n{inner}\n\n{article}");
            let wrapped = format!(
                "{}\n\n{inner}\n\n{}",
                wrap(article, columns),
                wrap(article, columns)
            );
            assert_eq!(text(&wrapped), whole, "at {columns}");
        }
    }
}

#[test]
fn items_of_a_list_that_were_wrapped_are_lines_again() {
    let list = "The ferry company has told the islanders three things, and they like none of them:\n\
        - the ferry sails at six in the morning from the northern landing stage, and it waits for nobody;\n\
        - dogs are carried free of charge if they sit on the upper deck and keep their opinions to themselves;\n\
        - bicycles cost two pounds, and there is room for no more than eleven of them on any one crossing.";
    for columns in [44, 60, 72] {
        let items = list.lines().map(|item| wrap(item, columns)).collect::<Vec<_>>();
        assert_eq!(text(&items.join("\n")), list, "at {columns}");
        let hanging: Vec<String> = items
            .iter()
            .map(|item| match item.split_once('\n') {
                Some((first, rest)) if item.starts_with('-') => {
                    format!("{first}\n  {}", rest.replace('\n', "\n  "))
                }
                _ => item.clone(),
            })
            .collect();
        let lines = text(&hanging.join("\n"));
        let lines: Vec<&str> = lines.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(lines, list.lines().collect::<Vec<_>>(), "at {columns}, hanging");
    }
}

#[test]
fn a_line_that_sticks_out_hides_no_margin() {
    let (_, article) = ARTICLES[0];
    let article = format!("{article}\n\n{article}");
    let wide = "Photographs: the archive of the Port Aldery Gazette, which is open on Fridays and never in the rain\n\
                All rights reserved.";
    let whole = format!("{article}\n\n{wide}");
    assert_eq!(text(&format!("{}\n\n{wide}", wrap(&article, 60))), whole);
}

#[test]
fn two_or_three_lines_are_enough_where_they_break_a_sentence() {
    let article = "The harbour council voted on Tuesday evening to close the northern ferry \
                   ramp for eleven weeks while engineers replace its timber piles";
    assert_eq!(text(&wrap(article, 72)), article);
    assert_eq!(text(&wrap(article, 118)), article);
}

fn text(decoded: &str) -> String {
    normalise(decoded, NormaliseOptions::default()).text
}

/// An article with its paragraphs wrapped and told as one of [`MARKS`] says.
fn laid_out(
    article: &str,
    columns: usize,
    first: &str,
    rest: &str,
    between: &str,
) -> String {
    let line_end = if between.contains('\r') { "\r\n" } else { "\n" };
    let paragraphs = article.split("\n\n").map(|paragraph| {
        let wrapped = wrap(paragraph, columns);
        let glue = format!("{line_end}{rest}");
        format!("{first}{}", wrapped.split('\n').collect::<Vec<_>>().join(&glue))
    });
    paragraphs.collect::<Vec<_>>().join(between)
}
