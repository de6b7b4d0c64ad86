//! What other inputs say of a page: sitemaps and page lists, joined by address.

use std::io::Write;

use goldpress_ingest::{Hands, Item, Options, Silent, ingest, run};
use goldpress_model::{Field, Outcome};

use crate::common::{HANDS, gzip, items, reader, response, told_outcome};

const SITEMAP: &str = r#"<?xml version="1.0"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
  xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
 <url><loc>https://www.sound.example/ferry/</loc><news:news>
  <news:publication><news:name>Sound Bulletin</news:name></news:publication>
  <news:publication_date>2024-03-22</news:publication_date>
  <news:title>Ferry sails again</news:title></news:news></url>
 <url><loc>https://sound.example/gone</loc></url>
</urlset>"#;

const LINES: &str = r#"{"url":"http://sound.example/ferry","text":"The ferry sails."}
{"url":"http://sound.example/ferry?page=2","title":"Own","text":"It sails on."}
"#;

#[test]
fn an_entry_of_a_sitemap_goes_to_its_article_whatever_comes_first() {
    let files = [("a-sitemap.xml", SITEMAP.as_bytes()), ("b.jsonl", LINES.as_bytes())];
    insta::assert_snapshot!(told(&files), @r"
    1 @0: The ferry sails. []
      headline: Ferry sails again
      date_published: 2024-03-22
      publisher: Sound Bulletin
    2 @63: It sails on. []
      headline: Own
    2 @407: no_text (48 bytes): the article has no text of its own
    apart: sitemap 1
    ");
}

#[test]
fn what_an_article_says_of_itself_stands() {
    let own =
        r#"{"url":"https://sound.example/ferry","title":"Own","text":"The ferry."}"#;
    let files = [("a.jsonl", own.as_bytes()), ("news.xml", SITEMAP.as_bytes())];
    insta::assert_snapshot!(told(&files), @r"
    1 @0: The ferry. []
      headline: Own
      date_published: 2024-03-22
      publisher: Sound Bulletin
    2 @407: no_text (48 bytes): the article has no text of its own
    apart: sitemap 1
    ");
}

#[test]
fn a_list_of_pages_gives_titles_to_those_that_have_none() {
    let page = response(
        "https://sound.example/ferry",
        "HTTP/1.1 200 OK\nContent-Type: text/html",
        b"<p>The ferry sails.",
    );
    let list = concat!(
        r#"{"format":"json-pages-1.0","id":"pages"}"#,
        "\n",
        r#"{"id":"1","url":"https://sound.example/ferry","title":"Ferry sails again"}"#,
    );
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in [
        ("datapackage.json", b"{}".as_slice()),
        ("archive/data.warc.gz", &gzip(&page)),
        ("pages/pages.jsonl", list.as_bytes()),
    ] {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(name, options).expect("memory takes it");
        zip.write_all(bytes).expect("memory takes it");
    }
    let bytes = zip.finish().expect("memory takes it").into_inner();
    insta::assert_snapshot!(told(&[("a.wacz", &bytes)]), @r"
    1 @0: The ferry sails. []
      headline: Ferry sails again
    apart: wacz 2
    ");
}

/// Each outcome with its fields, then what held no document.
fn told(files: &[(&str, &[u8])]) -> String {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (name, bytes) in files {
        let file = std::fs::File::create(folder.path().join(name));
        file.expect("is new").write_all(bytes).expect("has room");
    }
    let mut told = Vec::new();
    let mut sink = |outcome: Outcome, _| {
        told.push(told_outcome(&outcome));
        if let Outcome::Article(article) = &outcome {
            let shown = [Field::Headline, Field::DatePublished, Field::Publisher];
            let fields = article.parts().fields.iter();
            let fields = fields.filter(|one| shown.contains(&one.field));
            told.extend(fields.map(|one| format!("  {}: {}", one.field, one.value)));
        }
        Ok(())
    };
    let sources = [folder.path().to_owned()];
    let summary =
        run(&sources, &Options::default(), &HANDS, &mut sink, &Silent).expect("ends");
    told.extend(summary.apart.iter().map(|(kind, n)| format!("apart: {kind} {n}")));
    told.join("\n")
}

#[test]
fn a_panic_in_the_fields_costs_the_fields_not_the_article() {
    let hands =
        Hands { read_fields: &|_| panic!("a reader of fields that fails"), ..HANDS };
    let line = br#"{"title":"Own","text":"The ferry sails."}"#;
    let options = Options::default();
    let told: Vec<String> = items(reader("jsonl"), line, &options)
        .into_iter()
        .filter_map(|item| match item {
            Item::Record(record) => {
                Some(told_outcome(&ingest(Ok(*record), &hands, &options)))
            }
            _ => None,
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"), @"1 @0: The ferry sails. [metadata_broken]");
}
