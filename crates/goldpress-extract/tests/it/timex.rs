//! What `timex-rules` finds in English, and what it must not.

use goldpress_extract::View;
use goldpress_model::Fields;

#[test]
fn the_modal_verb_is_no_month() {
    let t0 = Some("2024-03-06");
    for (text, expected) in [
        ("It may be signed in May 2024.", "May 2024=2024-05"),
        ("May I ask?", ""),
        ("The council may publish it in May.", "May=2024-05"),
        ("told us in May", "May=2024-05"),
        ("Theresa May resigned.", ""),
        ("They joined the March on the capital.", ""),
        ("Workers march to the hall in March.", "March=2024-03"),
    ] {
        assert_eq!(found(text, t0), expected, "{text}");
    }
}

#[test]
fn values_count_from_the_day_of_publication() {
    let t0 = Some("2024-03-06");
    for (text, expected) in [
        ("He left on Monday.", "Monday=2024-03-04"),
        ("It will open on Monday.", "Monday=2024-03-11"),
        ("It closed on Tuesday night.", "Tuesday night=2024-03-05TNI"),
        ("He came yesterday and last week.", "yesterday=2024-03-05 | last week=2024-W09"),
        ("It closed three years ago.", "three years ago=2021"),
        ("It was sold on 3 December.", "3 December=2023-12-03"),
        ("It was sold on Sunday, March 3, 2024.", "Sunday, March 3, 2024=2024-03-03"),
        ("He will go within the next month.", "the next month=P1M"),
        ("He will go next month.", "next month=2024-04"),
        ("It opens every Monday at 18:40.", "every Monday=XXXX-WXX-1 | 18:40=T18:40"),
        ("It ran for 140 years, until the 1990s.", "140 years=P140Y | the 1990s=199"),
        ("It grew in the first quarter of 2023.", "the first quarter of 2023=2023-Q1"),
        ("2000 people came in 2000.", "2000=2000"),
        ("It reopened in late May 2022.", "late May 2022=2022-05"),
    ] {
        assert_eq!(found(text, t0), expected, "{text}");
    }
}

#[test]
fn without_a_day_of_publication_no_date_is_made_up() {
    for (text, expected) in [
        (
            "He recently left; it was warned previously.",
            "recently=PAST_REF | previously=PAST_REF",
        ),
        ("It closed on Tuesday night.", "Tuesday night=XXXX-WXX-2TNI"),
        (
            "He left in May, last year and yesterday.",
            "May=XXXX-05 | last year=PAST_REF | yesterday=PAST_REF",
        ),
    ] {
        assert_eq!(found(text, None), expected, "{text}");
    }
}

#[test]
fn known_mistake_a_length_with_later_is_not_placed() {
    // The anchor is another date of the text, which is not looked for.
    assert_eq!(found("Two days later he left.", None), "Two days=P2D");
}

/// Sentences for the laws below.
const STORY: &str = "The council may meet on Monday. It left in May 2019, three days ago, yesterday and last week, for two years.";

#[test]
fn might_for_may_adds_no_time_expression() {
    let t0 = Some("2024-03-06");
    assert_eq!(found(&STORY.replace(" may ", " might "), t0), found(STORY, t0));
}

#[test]
fn a_later_day_of_publication_moves_only_what_counts_from_it() {
    let before = found(STORY, Some("2024-03-06"));
    assert_eq!(
        before,
        "Monday=2024-03-04 | May 2019=2019-05 | three days ago=2024-03-03 | yesterday=2024-03-05 | last week=2024-W09 | two years=P2Y"
    );
    let after = found(STORY, Some("2024-03-13"));
    assert_eq!(
        after,
        "Monday=2024-03-11 | May 2019=2019-05 | three days ago=2024-03-10 | yesterday=2024-03-12 | last week=2024-W10 | two years=P2Y"
    );
}

#[test]
fn a_neutral_sentence_in_front_changes_nothing() {
    let t0 = Some("2024-03-06");
    assert_eq!(found(&format!("The town is small. {STORY}"), t0), found(STORY, t0));
}

/// The one place that calls the API: `text=value` of each, published on a Wednesday.
fn found(text: &str, t0: Option<&str>) -> String {
    let stated = Fields::new();
    let extractor =
        goldpress_extract::extractor("timex-rules").expect("it is in the list");
    let view = View { lang: "en", published_at: t0, ..View::of(text, &[], &stated) };
    let claims = extractor.extract(view).annotations;
    let show = |claim: &goldpress_model::Annotation| {
        format!("{}={}", claim.text(), claim.attrs["value"].as_text().unwrap_or("?"))
    };
    claims.iter().map(show).collect::<Vec<_>>().join(" | ")
}
