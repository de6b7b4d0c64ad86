//! What `blocks-rules` makes of texts, and of texts that were changed a little.

use goldpress_extract::label_blocks;
use goldpress_model::{Block, Fields, Role, Span};

const STORY: &str = "Harbour Standoff: Ferry Talks Raise Hopes for Winter Service

Ferry terminal at Port Aldery

According to people close to the talks, Tarn Island and the Velmark Line are preparing a new contract for the crossing.

“We may sail again within two weeks,” said Oda Brannic, the line’s director, who asked for patience.

The council may publish the timetable in May.

Article By Runa K

You can also follow our channel for more island news.

You can also read about Tarn Island’s New Lighthouse at the Boat Fair.

One thought on “Tarn Island’s Talks with Velmark Fuel Hopes for a Year-Round Ferry”

Old Marten says:

I will believe it when the boat is in the harbour.

Leave a Reply

Your email address will not be published. Required fields are marked *";

const ROLES: [Role; 13] = [
    Role::Title,
    Role::Caption,
    Role::Paragraph,
    Role::Paragraph,
    Role::Paragraph,
    Role::Byline,
    Role::Promo,
    Role::Related,
    Role::Comment,
    Role::Comment,
    Role::Comment,
    Role::Form,
    Role::Form,
];

#[test]
fn a_saved_page_is_told_from_its_furniture() {
    assert_eq!(roles(STORY), ROLES);
}

#[test]
fn straight_quotes_change_no_role() {
    let straight = STORY.replace(['“', '”'], "\"").replace(['‘', '’'], "'");
    assert_eq!(roles(&straight), ROLES);
}

#[test]
fn a_missing_last_full_stop_changes_no_role() {
    let bare: Vec<&str> = STORY.lines().map(|line| line.trim_end_matches('.')).collect();
    assert_eq!(roles(&bare.join("\n")), ROLES);
}

#[test]
fn a_headline_in_capitals_is_still_the_headline() {
    let (title, rest) = STORY.split_once('\n').expect("it has lines");
    assert_eq!(roles(&format!("{}\n{rest}", title.to_uppercase())), ROLES);
}

#[test]
fn furniture_of_another_page_leaves_the_old_lines_alone() {
    let furniture = "Related articles\n\nBees on the roof of the mint\n\n© 2024 The Meridian Ledger. All rights reserved.\n\nSubscribe to our newsletter";
    let found = roles(&format!("{STORY}\n\n{furniture}"));
    assert_eq!(found[..ROLES.len()], ROLES);
    assert!(found[ROLES.len()..].iter().all(|role| !role.is_main()), "{found:?}");
}

#[test]
fn a_sentence_that_only_sounds_like_furniture_is_text() {
    let found = roles(
        "Crowds gather by the river\n\nBy the river, residents waited for news of the boat that had left at noon.\n\nThe comments drew anger. Send form 12-B by Friday, the office said in a letter to all.\n\nThe march is one that anyone can join, its organisers say, and thousands are expected.",
    );
    assert_eq!(found[1..], [Role::Paragraph; 3]);
}

#[test]
fn a_related_link_inside_the_text_does_not_end_it() {
    let found = roles(
        "Library reopens with a seed bank\n\nThe library reopened on Monday after a flood that closed it for a year.\n\nREAD MORE: The man who counts bees\n\n“A book is a seed too,” said librarian Olu Fennec.",
    );
    assert_eq!(found, [Role::Title, Role::Paragraph, Role::Related, Role::Paragraph]);
}

#[test]
fn a_line_that_closes_with_a_credit_is_a_caption_unless_it_names_the_writer() {
    let found = roles(
        "Library reopens with a seed bank\n\nWords: Hanne Oduya | Photo: C. Brisk\n\nThe library reopened on Monday after a flood that closed it for a year.\n\nOlu Fennec among her books on Monday. Photo: C. Brisk.\n\n“A book is a seed too,” said librarian Olu Fennec.",
    );
    let expected =
        [Role::Title, Role::Byline, Role::Paragraph, Role::Caption, Role::Paragraph];
    assert_eq!(found, expected);
}

#[test]
fn known_mistake_a_byline_without_by_below_the_text_is_a_heading_or_text() {
    // Nothing but the position of the line tells, and a last line may be anything.
    let found = roles(
        "Library reopens with a seed bank\n\nThe library reopened on Monday after a flood that closed it for a year.\n\nHanne Oduya",
    );
    assert_eq!(found[2], Role::Paragraph);
}

/// The one place that calls the API: the roles of a plain text's lines.
fn roles(text: &str) -> Vec<Role> {
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
    label_blocks(text, &blocks, None, &Fields::new())
}
