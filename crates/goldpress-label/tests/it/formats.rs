//! What every label format must do, in a loop over the list.

use std::collections::BTreeSet;

use goldpress_label::{FORMATS, Format, ImportOptions, ReadOptions, Source, import};
use proptest::prelude::*;

use crate::{vectors, world::World};

#[test]
fn names_are_unique_and_plain() {
    let names: BTreeSet<&str> = FORMATS.iter().map(|format| format.name()).collect();
    assert_eq!(names.len(), FORMATS.len());
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    assert!(names.iter().all(|name| name.chars().all(plain)));
}

#[test]
fn a_file_cut_off_at_any_byte_is_read_or_refused() {
    for (format, source) in samples() {
        for cut in 0..source.bytes.len() {
            let bytes = source.bytes[..cut].to_vec();
            let source = Source { bytes, ..source.clone() };
            let _ = format.recognises(&source);
            let _ = format.read(&source, &ReadOptions::default());
        }
    }
}

#[test]
fn nothing_depends_on_the_order_of_lines() {
    for path in ["brat/article.ann", "jsonl/article.jsonl"] {
        let world = World::harbour();
        let mut lines: Vec<String> =
            vectors::read(path).lines().map(str::to_owned).collect();
        lines.reverse();
        let name = path.rsplit('/').next().unwrap();
        world.put(&format!("in/{name}"), &(lines.join("\n") + "\n"));
        world.put("in/article.txt", &vectors::read("article.txt"));
        let options = ImportOptions { set: "ada".to_owned(), ..ImportOptions::default() };
        import(&world.dataset, &[world.root().join("in").join(name)], &options).unwrap();
        let folder = path.split('/').next().unwrap();
        let expected = vectors::read(&format!("{folder}/expected.jsonl"));
        let written = world.get(&format!("labels/ada/{}.jsonl", vectors::DOC));
        assert_eq!(written, expected, "{path}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for format in FORMATS {
            let source = Source {
                name: "a.ann".to_owned(),
                bytes: bytes.clone(),
                text_beside: Some(bytes.clone()),
            };
            let _ = format.recognises(&source);
            let _ = format.read(&source, &ReadOptions::default());
        }
    }

    #[test]
    fn no_mangled_file_makes_an_import_panic(
        which in 0..4_usize,
        edits in prop::collection::vec((any::<prop::sample::Index>(), "[T0-9 ;:\\t\\n\"{}\\[\\],-]{0,3}"), 1..4),
    ) {
        let (format, source) = &samples()[which];
        let mut text = String::from_utf8_lossy(&source.bytes).into_owned();
        for (at, with) in edits {
            let at = at.index(text.len());
            let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let next = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
            text.replace_range(at..next, &with);
        }
        let world = World::harbour();
        let name = source.name.rsplit('/').next().unwrap();
        world.put(&format!("in/{name}"), &text);
        world.put("in/article.txt", &vectors::read("article.txt"));
        let options = ImportOptions {
            set: "ada".to_owned(),
            from: Some(format.name().to_owned()),
            doc: Some(vectors::DOC.to_owned()),
            ..ImportOptions::default()
        };
        let outcome = import(&world.dataset, &[world.root().join("in").join(name)], &options);
        if outcome.is_ok() {
            let findings = goldpress_label::check(&world.dataset, None).unwrap();
            let errors: Vec<_> = findings
                .iter()
                .filter(|f| f.severity == goldpress_label::Severity::Error)
                .collect();
            prop_assert!(errors.is_empty(), "{errors:?} after {text}");
        }
    }
}

/// A file of each kind, from the vectors.
fn samples() -> Vec<(&'static dyn Format, Source)> {
    let named = |name| goldpress_label::format(name).expect("a format");
    let source = |path: &str| Source {
        name: path.to_owned(),
        bytes: vectors::read(path).into_bytes(),
        text_beside: Some(vectors::read("article.txt").into_bytes()),
    };
    vec![
        (named("brat"), source("brat/article.ann")),
        (named("brat"), source("brat-bad/article.ann")),
        (named("jsonl"), source("jsonl/article.jsonl")),
        (named("jsonl"), source("jsonl/exported.jsonl")),
    ]
}
