//! Near-duplicates: what is a copy, what is none, and how well they are told apart.

use goldpress_dataset::{DedupOptions, clusters};
use goldpress_model::Digest;
use goldpress_store::BodyRow;

use crate::made::{self, Dice};

#[test]
fn copies_of_stories_are_found_and_standing_texts_join_nothing() {
    let mut dice = Dice(3);
    let mut original = |_| {
        let n_words = 200 + dice.below(600);
        dice.words(n_words)
    };
    let made = made::articles(150, &mut original);
    let quality = made::quality(&made, &made::found(&made, &DedupOptions::default()));
    let (precision, recall, ari) = (quality.precision, quality.recall, quality.ari);
    assert!(precision > 0.99, "precision {precision}");
    assert!(recall > 0.93, "recall {recall} {:?}", quality.by_kind);
    assert!(ari > 0.96, "ARI {ari}");
}

/// A counter of fixed size fills up: then every shingle looks like standing text, and the
/// articles that share only such a text are joined.
#[test]
fn many_other_articles_do_not_make_standing_texts_copies() {
    let mut dice = Dice(11);
    let standing = dice.words(160).join(" ");
    let other = |n: u32| (String::from("other.example"), spread(n, 2500));
    let brief = |n: u32| {
        (
            String::from("briefs.example"),
            format!("{} {standing}", spread(n + 1_000_000, 40)),
        )
    };
    let texts = (0..3000).map(other).chain((0..30).map(brief));
    let bodies = texts.enumerate().map(|(n, (source, body))| {
        let doc_id = Digest::of(&n.to_le_bytes());
        Ok(BodyRow { doc_id, dup_of: None, body, headline: None, source: Some(source) })
    });
    let found = clusters(bodies, &DedupOptions::default()).expect("memory can be read");
    assert_eq!(found.n_near, 0);
}

/// `n_words` words that no other number's text has.
fn spread(n: u32, n_words: u32) -> String {
    (0..n_words)
        .map(|word| format!("w{:x}", n * 4096 + word))
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn memory_changes_nothing() {
    let mut dice = Dice(5);
    let made = made::articles(30, &mut |_| dice.words(120));
    let options = DedupOptions::default();
    let small = DedupOptions { memory: 40_000, ..options };
    assert_eq!(made::found(&made, &small), made::found(&made, &options));
}

#[test]
fn rows_say_who_is_kept_and_how_near_the_others_are() {
    let long = "The ferry to Port Selwyn sails again after nine days in dock, the harbour \
                office said on Friday morning, and the captain thanked the town for waiting.";
    let found = shown(&[
        ("a", None, long),
        ("b", None, "Gale warning."),
        ("c", Some("a"), long),
        ("d", None, &format!("{long} Boats leave at seven.")),
        ("e", None, ""),
        ("f", None, ""),
        ("g", None, "gale WARNING!"),
    ]);
    assert_eq!(
        found,
        [
            "a a keep 1.00",
            "b b keep 1.00",
            "c a copy 1.00",
            "d a copy 0.85",
            "e e keep 1.00",
            "f f keep 1.00",
            "g b copy 1.00"
        ]
    );
}

#[test]
fn a_document_has_one_row() {
    let long = "The ferry to Port Selwyn sails again after nine days in dock, the harbour \
                office said on Friday morning, and the captain thanked the town for waiting.";
    let found = shown(&[
        ("a", None, long),
        ("a", Some("a"), long),
        ("b", Some("a"), long),
        ("e", None, ""),
        // As an earlier version wrote it: nobody said that it is a copy.
        ("e", None, ""),
    ]);
    assert_eq!(found, ["a a keep 1.00", "b a copy 1.00", "e e keep 1.00"]);
}

#[test]
fn a_chain_of_small_changes_does_not_join_its_ends() {
    let words: Vec<String> = (0..400).map(|n| format!("word{n}")).collect();
    let window = |from: usize| words[from..from + 200].join(" ");
    let texts: Vec<String> = (0..5).map(|n| window(30 * n)).collect();
    let names = ["a", "b", "c", "d", "e"];
    let rows: Vec<_> =
        names.iter().zip(&texts).map(|(n, text)| (*n, None, &**text)).collect();
    let found = shown(&rows);
    assert_eq!(
        found,
        [
            "a a keep 1.00",
            "b a copy 0.73",
            "c c keep 1.00",
            "d c copy 0.73",
            "e e keep 1.00"
        ]
    );
}

/// Each row with the name of its keeper.
fn shown(rows: &[(&str, Option<&str>, &str)]) -> Vec<String> {
    let id = |name: &str| Digest::of(name.as_bytes());
    let bodies = rows.iter().map(|(name, dup_of, body)| {
        Ok(BodyRow {
            doc_id: id(name),
            dup_of: dup_of.map(id),
            body: (*body).to_owned(),
            headline: None,
            source: None,
        })
    });
    let found = clusters(bodies, &DedupOptions::default()).expect("memory can be read");
    let name =
        |digest| rows.iter().find(|(name, ..)| id(name) == digest).expect("is one").0;
    let line = |row: &goldpress_store::DedupRow| {
        let kept = if row.keeper { "keep" } else { "copy" };
        format!(
            "{} {} {kept} {:.2}",
            name(row.doc_id),
            name(row.cluster_id),
            row.similarity
        )
    };
    found.rows.iter().map(line).collect()
}
