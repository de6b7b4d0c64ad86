//! `goldpress ingest` on real input.

use super::{Scratch, shared};

#[test]
fn the_seed_is_one_article_with_seven_paragraphs() {
    let Some(seed) = shared("data/seed/000_30a5803eb0d39c5c.txt") else { return };
    let scratch = Scratch::new();
    let ran = scratch.ok(&["ingest", seed.to_str().unwrap(), "-o", "seed"]);
    assert!(ran.stderr.contains("1 record = 1 article + 0 rejects"), "{}", ran.stderr);
    let shown = scratch.ok(&["show", "seed", "--width", "10000"]).stdout;
    let n_blocks = |role: &str| {
        shown.lines().filter(|line| line.trim_start().starts_with(role)).count()
    };
    assert!(shown.starts_with("9d2ed31bac74eef5753764df683fedc2\n"), "{shown}");
    assert!(
        shown.contains("headline              Geopolitical Uncertainty: "),
        "{shown}"
    );
    assert!(shown.contains("authors               Deby T (text)"), "{shown}");
    assert!(shown.contains("language              en"), "{shown}");
    assert!(!shown.contains("date_published"), "{shown}");
    assert_eq!(n_blocks("paragraph "), 7, "{shown}");
    for role in ["title", "caption", "byline", "promo", "related", "comment"] {
        assert_eq!(n_blocks(&format!("{role} ")), 1, "{role}\n{shown}");
    }
    assert_eq!(n_blocks("form "), 2, "{shown}");
}

#[test]
fn the_same_command_again_does_nothing_and_another_is_refused() {
    let scratch = Scratch::new();
    scratch.write("a.txt", "Harbour opens\n\nThe harbour opened on Monday.\n");
    scratch.write("b.txt", "Harbour shuts\n\nThe harbour shut on Tuesday.\n");
    scratch.ok(&["ingest", "a.txt", "-o", "news"]);
    let manifest = scratch.read("news/manifest.json");
    let again = scratch.ok(&["ingest", "a.txt", "-o", "news"]);
    assert!(again.stderr.contains("nothing to do"), "{}", again.stderr);
    assert_eq!(scratch.read("news/manifest.json"), manifest);
    let other = scratch.run(&["ingest", "b.txt", "-o", "news"]);
    assert_eq!(other.code, Some(2), "{}", other.stderr);
    assert!(other.stderr.contains("--replace"), "{}", other.stderr);
    scratch.ok(&["ingest", "b.txt", "-o", "news", "--replace"]);
    assert!(scratch.ok(&["show", "news"]).stdout.contains("Harbour shuts"));
    let unknown = scratch.run(&["show", "news", "--layer", "mood"]);
    assert_eq!(unknown.code, Some(2), "{}", unknown.stderr);
    assert!(unknown.stderr.contains("has no layer `mood`"), "{}", unknown.stderr);
}

#[test]
fn an_exact_copy_is_a_row_with_a_mark_and_is_extracted_once() {
    let scratch = Scratch::new();
    let text = "Harbour opens\n\nThe harbour of Port Aldery opened on Monday.\n";
    scratch.write("in/a.txt", text);
    scratch.write("in/b.txt", text);
    let ran = scratch.ok(&["ingest", "in", "-o", "news"]);
    assert!(ran.stderr.contains("2 records = 2 articles + 0 rejects"), "{}", ran.stderr);
    assert!(ran.stderr.contains("1 duplicate"), "{}", ran.stderr);
    scratch.ok(&["extract", "news", "--system", "all-text"]);
    scratch.ok(&["verify", "news"]);
}

#[test]
fn every_page_of_a_crawl_has_an_outcome() {
    let Some(pages) = shared("data/wcxb-dev/html") else { return };
    let mut pages: Vec<_> =
        std::fs::read_dir(pages).unwrap().map(|e| e.unwrap().path()).collect();
    pages.sort();
    // Every 20th: a build without optimisation takes a minute for all.
    let pages: Vec<&str> =
        pages.iter().step_by(20).map(|page| page.to_str().unwrap()).collect();
    let scratch = Scratch::new();
    let ran = scratch.ok(&[&["ingest", "-o", "wcxb"], &pages[..]].concat());
    assert!(
        ran.stderr.contains(&format!("{} records = ", pages.len())),
        "{}",
        ran.stderr
    );
    scratch.ok(&["verify", "wcxb"]);
}

#[test]
fn explain_shows_how_a_tables_columns_are_mapped() {
    let scratch = Scratch::new();
    scratch.write("a.csv", "title,text\nHarbour opens,The ferry left on Monday.\n");
    let shown = scratch.ok(&["ingest", "--explain", "a.csv"]).stdout;
    assert!(shown.contains("headline              from title"), "{shown}");
    assert!(shown.contains("text                  from text"), "{shown}");
}

#[test]
fn a_mapping_that_meets_nothing_is_told() {
    let scratch = Scratch::new();
    scratch.write(
        "a.jsonl",
        "{\"text\":\"Harbour opens on Monday.\",\"head\":\"Harbour\"}\n",
    );
    let map = ["--map", "headline=titel", "--map", "description=head"];
    let ran = scratch.ok(&[&["ingest", "a.jsonl", "-o", "news"], &map[..]].concat());
    let told = "--map headline=titel: no record has anything there";
    assert!(ran.stderr.contains(told), "{}", ran.stderr);
    assert!(!ran.stderr.contains("--map description"), "{}", ran.stderr);
}

#[test]
fn a_dataset_inside_its_own_source_is_left_out_and_said() {
    let scratch = Scratch::new();
    scratch.write("a.txt", "Harbour opens\n\nThe harbour opened on Monday.\n");
    let first = scratch.ok(&["ingest", ".", "-o", "news"]);
    assert!(first.stderr.contains("1 record = 1 article"), "{}", first.stderr);
    let again = scratch.ok(&["ingest", ".", "-o", "news"]);
    assert!(again.stderr.contains("nothing to do"), "{}", again.stderr);
    let other = scratch.ok(&["ingest", ".", "-o", "sub/other"]);
    assert!(other.stderr.contains("1 record = 1 article"), "{}", other.stderr);
    assert!(other.stderr.contains("left out the dataset ./news"), "{}", other.stderr);
    // A manifest of another program is a file like others.
    scratch.write("site/manifest.json", "{\"name\": \"Ledger\"}\n");
    scratch.write("site/b.txt", "Harbour shuts\n\nThe harbour shut on Tuesday.\n");
    let third = scratch.ok(&["ingest", ".", "-o", "third"]);
    assert!(
        third.stderr.contains("3 records = 2 articles + 1 reject"),
        "{}",
        third.stderr
    );
    let shown = scratch.ok(&["ingest", ".", "--explain"]).stdout;
    assert!(shown.contains("./news: left out, a dataset of goldpress"), "{shown}");
}

#[test]
fn a_folder_that_becomes_a_dataset_itself_is_read_without_its_tables() {
    let scratch = Scratch::new();
    scratch.write("in/a.txt", "Harbour opens\n\nThe harbour opened on Monday.\n");
    scratch.ok(&["ingest", "in", "-o", "in"]);
    let again = scratch.ok(&["ingest", "in", "-o", "in"]);
    assert!(again.stderr.contains("nothing to do"), "{}", again.stderr);
}

#[test]
fn fields_that_nothing_maps_are_named_and_what_may_be_mapped_is_listed() {
    let scratch = Scratch::new();
    scratch.write("a.csv", "titel;text;datum\nHafen;Der Hafen ist auf.;2024-01-02\n");
    let ran = scratch.ok(&["ingest", "a.csv", "-o", "news"]);
    assert!(ran.stderr.contains("unmapped datum 1 · titel 1 · --map"), "{}", ran.stderr);
    let map = ["--map", "title=titel,date_published=datum"];
    let ran = scratch.ok(&[&["ingest", "a.csv", "-o", "mapped"], &map[..]].concat());
    assert!(!ran.stderr.contains("unmapped"), "{}", ran.stderr);
    let shown = scratch.ok(&["show", "mapped"]).stdout;
    assert!(shown.contains("date_published        2024-01-02"), "{shown}");
    let help = scratch.ok(&["ingest", "--map", "help"]).stdout;
    assert!(help.contains("  headline              headline, title"), "{help}");
    let wrong = scratch.run(&["ingest", "a.csv", "-o", "x", "--map", "kopf=titel"]);
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.stderr.contains("hint: ours are text, html,"), "{}", wrong.stderr);
}

#[test]
fn authors_of_records_are_read_as_bylines_are() {
    let both = "Odile Varga, Tom Askew";
    for (author, people) in [
        ("\"By Odile Varga and Tom Askew\"", both),
        ("\"Odile Varga; Tom Askew\"", both),
        ("\"Varga, Odile; Askew, Tom\"", both),
        ("\"['Odile Varga', 'Tom Askew']\"", both),
        ("[\"Odile Varga\", \"By Tom Askew\"]", both),
        ("[{\"name\": \"Odile Varga\"}, {\"name\": \"Tom Askew\"}]", both),
        ("\"Odile Varga, Staff Writer\"", "Odile Varga"),
        ("\"Reuters Staff\"", "–"),
        ("\"None\"", "–"),
    ] {
        let scratch = Scratch::new();
        let text = "The harbour council of Velmere voted to close the northern ramp.";
        let line =
            format!("{{\"title\":\"T\",\"text\":\"{text}\",\"author\":{author}}}\n");
        scratch.write("a.jsonl", &line);
        let shown = scratch.ok(&["ingest", "--explain", "a.jsonl"]).stdout;
        assert!(shown.contains(&format!("T · {people} · –")), "{author}: {shown}");
    }
}
