//! The raw inputs that the project's specs speak of, where they are at hand.

use std::fs;

use goldpress_model::{Digest, Flaw};
use goldpress_text::{Declared, NormaliseOptions, decode, language, lines, normalise};

#[test]
fn texts_become_the_blocks_that_are_expected() {
    let cases = [
        ("01-saved-page.txt", 14),
        ("02-hard-wrapped.txt", 6),
        ("03-windows-1252.txt", 7),
        ("04-mojibake.txt", 5),
        ("05-utf16-bom.txt", 5),
        ("06-invisible.txt", 5),
        ("07-crlf.txt", 7),
    ];
    for (name, n_blocks) in cases {
        let Some((text, flaws)) = normalised(&format!("raw-shapes/{name}")) else {
            return;
        };
        let blocks: Vec<&str> = lines(&text).map(|line| line.slice(&text)).collect();
        assert_eq!(blocks.len(), n_blocks, "{name}: {blocks:#?}");
        let expected =
            read(&format!("raw-shapes/{name}.expected.json")).expect("is there");
        let expected = String::from_utf8(expected).expect("is UTF-8");
        for block in blocks {
            let quoted = format!("\"text\": \"{}\"", block.replace('"', "\\\""));
            assert!(expected.contains(&quoted), "{name}: {block}");
        }
        assert_eq!(language(&text).tag, "en", "{name}");
        let expected_flaws: &[(Flaw, u32)] = match name {
            "02-hard-wrapped.txt" => &[(Flaw::Reflowed, 10)],
            "04-mojibake.txt" => &[(Flaw::MojibakeRepaired, 15)],
            _ => &[],
        };
        assert_eq!(flaws, expected_flaws, "{name}");
    }
}

#[test]
fn the_seed_stays_as_it_is() {
    let Some((text, flaws)) = normalised("seed/000_30a5803eb0d39c5c.txt") else { return };
    assert_eq!(
        Digest::of(text.as_bytes()).to_string(),
        "9d2ed31bac74eef5753764df683fedc2"
    );
    assert_eq!(flaws, []);
    assert_eq!(lines(&text).count(), 15);
}

fn normalised(name: &str) -> Option<(String, Vec<(Flaw, u32)>)> {
    let bytes = read(name)?;
    let decoded = decode(&bytes, Declared::default()).expect("it is text");
    assert_eq!(decoded.flaws, [], "{name}");
    let done = normalise(&decoded.text, NormaliseOptions::default());
    Some((done.text, done.flaws))
}

/// Development data lie beside the repository; a clone without them skips.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn read(name: &str) -> Option<Vec<u8>> {
    let path = std::env::current_dir().unwrap();
    let path = path.join("../../../shared/data").join(name);
    let bytes = fs::read(&path).ok();
    if bytes.is_none() {
        eprintln!("skipped: {} is not here", path.display());
    }
    bytes
}
