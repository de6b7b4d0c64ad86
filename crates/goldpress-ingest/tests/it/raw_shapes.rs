//! The raw inputs that the project's specs speak of, where they are at hand.

use goldpress_ingest::{Options, Silent, run};
use goldpress_model::{Article, Field, Outcome, Reject};

use crate::common::HANDS;

#[test]
fn records_of_a_crawl_become_what_is_expected() {
    let Some(outcomes) = ingested("raw-shapes/14-records.jsonl") else { return };
    let [Outcome::Article(bees), Outcome::Reject(owl), Outcome::Article(tram)] =
        outcomes.as_slice()
    else {
        panic!("{outcomes:#?}")
    };
    assert_eq!(bees.parts().preset.as_deref(), Some("news-please"));
    assert_eq!(
        bees.body(),
        "The royal mint of Varnholt keeps 200,000 bees on its roof.\n\nThe honey may be sold in May, a spokeswoman said."
    );
    let get =
        |article: &Article, field| article.parts().fields.get(field).map(str::to_owned);
    assert_eq!(get(bees, Field::DatePublished).as_deref(), Some("2024-03-22T05:00:00"));
    assert_eq!(
        get(bees, Field::Headline).as_deref(),
        Some("Bees on the roof of the mint")
    );
    assert_eq!(get(bees, Field::Authors).as_deref(), Some("Dorrit Ashby"));
    assert_eq!(
        get(bees, Field::Url).as_deref(),
        Some("https://ledger.example/2024/03/bees")
    );
    assert_eq!(bees.parts().source.as_deref(), Some("ledger.example"));
    assert!(
        matches!(owl, Reject { record: Some(2), byte_offset: Some(334), .. }),
        "{owl:?}"
    );
    assert!(owl.detail.contains("EOF while parsing a string"), "{}", owl.detail);
    assert_eq!(get(tram, Field::DatePublished), None);
    assert_eq!(tram.parts().fields.all(Field::Authors).count(), 0);
    assert_eq!(tram.parts().origin.record, 3);
}

#[test]
fn charsets_are_recorded_as_declared_and_as_used() {
    for (name, declared, used) in [
        ("03-windows-1252.txt", None, "windows-1252"),
        ("04-mojibake.txt", None, "utf-8"),
        ("05-utf16-bom.txt", None, "utf-16le"),
        ("08-json-ld.html", Some("utf-8"), "utf-8"),
        ("10-wrong-charset.html", Some("iso-8859-1"), "utf-8"),
        ("15-japanese.html", Some("shift_jis"), "shift_jis"),
    ] {
        let Some(outcomes) = ingested(&format!("raw-shapes/{name}")) else { return };
        let [Outcome::Article(article)] = outcomes.as_slice() else { panic!("{name}") };
        let decoding = &article.parts().decoding;
        let found = decoding.charset_declared.as_ref().map(|label| label.to_lowercase());
        assert_eq!(
            (found.as_deref(), decoding.charset_used.as_str()),
            (declared, used),
            "{name}"
        );
    }
}

#[test]
fn languages_are_detected() {
    for (name, lang) in [
        ("01-saved-page.txt", "en"),
        ("02-hard-wrapped.txt", "en"),
        ("08-json-ld.html", "en"),
        ("13-comments.html", "en"),
        ("15-japanese.html", "ja"),
        ("16-arabic.html", "ar"),
    ] {
        let Some(outcomes) = ingested(&format!("raw-shapes/{name}")) else { return };
        let [Outcome::Article(article)] = outcomes.as_slice() else { panic!("{name}") };
        assert_eq!(article.parts().lang, lang, "{name}");
    }
}

#[test]
fn the_seed_keeps_its_address() {
    let Some(outcomes) = ingested("seed/000_30a5803eb0d39c5c.txt") else { return };
    let [Outcome::Article(article)] = outcomes.as_slice() else { panic!("one article") };
    assert_eq!(article.doc_id().to_string(), "9d2ed31bac74eef5753764df683fedc2");
    assert_eq!(article.blocks().len(), 15);
}

/// Development data lie beside the repository; a clone without them skips.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn ingested(name: &str) -> Option<Vec<Outcome>> {
    let path = std::env::current_dir().unwrap();
    let path = path.join("../../../shared/data").join(name);
    if !path.exists() {
        eprintln!("skipped: {} is not here", path.display());
        return None;
    }
    let mut outcomes = Vec::new();
    let mut sink = |outcome, _| {
        outcomes.push(outcome);
        Ok(())
    };
    run(&[path], &Options::default(), &HANDS, &mut sink, &Silent).expect("the run ends");
    Some(outcomes)
}
