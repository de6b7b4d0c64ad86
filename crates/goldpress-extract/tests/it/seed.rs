//! The article that the project began with: what the built-ins make of it.
//!
//! The text is not ours and lives outside the repository; without it the tests say so and
//! pass.

use goldpress_extract::{View, extractor, label_blocks, read_fields};
use goldpress_model::{Block, Field, Fields, Role, Span};

#[test]
fn every_line_gets_its_role() {
    use Role::{Byline, Caption, Comment, Form, Paragraph, Promo, Related, Title};
    let Some(text) = seed() else { return };
    let mut expected = vec![Title, Caption];
    expected.extend([Paragraph; 7]);
    expected.extend([Byline, Promo, Related, Comment, Form, Form]);
    assert_eq!(roles(&text, &blocks(&text)), expected);
    let straight = text.replace(['“', '”'], "\"").replace(['‘', '’'], "'");
    assert_eq!(roles(&straight, &blocks(&straight)), expected);
}

#[test]
fn fields_are_what_the_text_states() {
    let Some(text) = seed() else { return };
    let mut blocks = blocks(&text);
    let found = roles(&text, &blocks);
    for (block, role) in blocks.iter_mut().zip(found) {
        block.role = role;
    }
    let fields = read_fields(&text, &blocks, None, &Fields::new(), None);
    let place = |field| {
        let value = fields.all(field).next()?;
        let range = value.fragments.hull()?.to_chars(&text);
        Some((range.start, range.end))
    };
    assert_eq!(place(Field::Headline), Some((0, 111)));
    assert_eq!(place(Field::ImageCaption), Some((113, 143)));
    assert_eq!(place(Field::Authors), Some((2274, 2280)));
    assert_eq!(place(Field::AlternativeHeadline), Some((2422, 2539)));
    assert_eq!(fields.get(Field::Language), Some("en"));
    for field in [Field::DatePublished, Field::Publisher, Field::Dateline] {
        assert_eq!(fields.get(field), None, "{field}");
    }
}

#[test]
fn time_expressions_are_three_and_no_modal_is_among_them() {
    let Some(text) = seed() else { return };
    let stated = Fields::new();
    let system = extractor("timex-rules").expect("it is in the list");
    let claims =
        system.extract(View { lang: "en", ..View::of(&text, &[], &stated) }).annotations;
    let found: Vec<(u32, u32, &str, &str)> = claims
        .iter()
        .map(|claim| {
            let range = claim.span().expect("it stands somewhere").to_chars(&text);
            let value = claim.attrs["value"].as_text().expect("a value is text");
            (range.start, range.end, claim.label.as_str(), value)
        })
        .collect();
    let expected = [
        (508, 516, "DATE", "PAST_REF"),
        (778, 792, "DURATION", "P1M"),
        (961, 971, "DATE", "PAST_REF"),
    ];
    assert_eq!(found, expected);
}

fn seed() -> Option<String> {
    let folder = std::env::current_dir().unwrap().join("../../../shared/data/seed");
    let text = std::fs::read_to_string(folder.join("000_30a5803eb0d39c5c.txt")).ok();
    if text.is_none() {
        let mut err = std::io::stderr().lock();
        std::io::Write::write_all(&mut err, b"skipped: no seed\n")
            .expect("stderr is open");
    }
    text
}

fn roles(text: &str, blocks: &[Block]) -> Vec<Role> {
    label_blocks(text, blocks, None, &Fields::new())
}

fn blocks(text: &str) -> Vec<Block> {
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
