//! Sixteen inputs as crawlers leave them, against what each must become.
//!
//! Joins what the crates cannot join: ingest renders, extract labels. The fixtures are
//! fictional and live outside the repository; without them the tests say so and pass.

use goldpress_extract::{Given, Lines, RegionModel, label_lines};
use goldpress_ingest::{BlockView, Hands, Input, Item, Options, READERS, ingest};
use goldpress_model::{Article, Field, Outcome};
use serde_json::Value;

#[test]
fn every_line_gets_its_role() {
    for_each_article(|name, article, expected| {
        let found: Vec<(&str, String)> = article
            .blocks()
            .iter()
            .map(|block| (block.role.name(), collapsed(block.span.slice(article.text()))))
            .collect();
        let blocks = expected["blocks"].as_array().expect("expected blocks are a list");
        let blocks: Vec<(&str, String)> = blocks
            .iter()
            .map(|block| (text(&block["role"]), collapsed(text(&block["text"]))))
            .collect();
        assert_eq!(found, blocks, "{name}");
    });
}

#[test]
fn the_body_is_the_main_blocks_but_the_title() {
    for_each_article(|name, article, expected| {
        let mut body = collapsed(text(&expected["body"]));
        // These files were written when the title was part of the body.
        for block in expected["blocks"].as_array().into_iter().flatten() {
            if block["role"] == "title" {
                body = collapsed(&body.replacen(&collapsed(text(&block["text"])), "", 1));
            }
        }
        assert_eq!(collapsed(article.body()), body, "{name}");
    });
}

#[test]
fn fields_are_what_the_document_states() {
    const FIELDS: [(&str, Field); 10] = [
        ("title", Field::Headline),
        ("date", Field::DatePublished),
        ("date_modified", Field::DateModified),
        ("alternative_headline", Field::AlternativeHeadline),
        ("dateline", Field::Dateline),
        ("publisher", Field::Publisher),
        ("section", Field::Section),
        ("canonical_url", Field::CanonicalUrl),
        ("url", Field::Url),
        ("language", Field::Language),
    ];
    for_each_article(|name, article, expected| {
        let fields = &article.parts().fields;
        for (key, field) in FIELDS {
            let Some(stated) = expected.get(key) else { continue };
            let found = fields.get(field);
            // Of languages the primary subtag is compared.
            let primary =
                |tag: &str| tag.split('-').next().unwrap_or_default().to_owned();
            if field == Field::Language {
                assert_eq!(
                    found.map(primary),
                    stated.as_str().map(primary),
                    "{name}: {key}"
                );
            } else {
                assert_eq!(found, stated.as_str(), "{name}: {key}");
            }
        }
        let authors: Vec<&str> =
            fields.all(Field::Authors).map(|author| author.value.as_str()).collect();
        let stated: Vec<&str> =
            expected["authors"].as_array().into_iter().flatten().map(text).collect();
        assert_eq!(authors, stated, "{name}: authors");
    });
}

#[test]
fn fields_with_a_place_stand_there() {
    for_each_article(|name, article, _| {
        for value in article.parts().fields.iter() {
            let is_date =
                matches!(value.field, Field::DatePublished | Field::DateModified);
            if !value.fragments.is_empty() && !is_date {
                assert_eq!(value.fragments.quote(article.text()), value.value, "{name}");
            }
        }
    });
}

/// Ingests every fixture with the default systems and shows the articles beside what was
/// expected; a JSON Lines fixture has several.
fn for_each_article(check: impl Fn(&str, &Article, &Value)) {
    let folder = std::env::current_dir().unwrap().join("../../../shared/data/raw-shapes");
    let Ok(files) = std::fs::read_dir(&folder) else {
        let mut err = std::io::stderr().lock();
        std::io::Write::write_all(&mut err, b"skipped: no raw-shapes\n")
            .expect("stderr is open");
        return;
    };
    let mut names: Vec<String> = files
        .filter_map(|file| file.ok()?.file_name().into_string().ok())
        .filter(|name| !name.ends_with(".expected.json") && !name.starts_with('.'))
        .collect();
    names.sort();
    assert_eq!(names.len(), 16, "{names:?}");
    for name in names {
        let bytes = std::fs::read(folder.join(&name)).expect("the file was listed");
        let expected = std::fs::read(folder.join(format!("{name}.expected.json")));
        let expected: Value = serde_json::from_slice(&expected.expect("each has one"))
            .expect("expectations are JSON");
        let articles = articles(&name, bytes);
        let expected: Vec<&Value> =
            match expected.get("records").and_then(Value::as_array) {
                Some(records) => records
                    .iter()
                    .filter(|record| record["outcome"] == "article")
                    .collect(),
                None => vec![&expected],
            };
        assert_eq!(articles.len(), expected.len(), "{name}: articles");
        for (article, expected) in articles.iter().zip(expected) {
            check(&name, article, expected);
        }
    }
}

/// The articles of one file, by the reader that its name asks for.
fn articles(name: &str, bytes: Vec<u8>) -> Vec<Article> {
    let hands = Hands {
        label_blocks: &|view| {
            let given = match view.given {
                goldpress_ingest::Given::Document => Given::Document,
                goldpress_ingest::Given::Field => Given::Field,
            };
            let BlockView { text, blocks, facts, stated, .. } = view;
            let lines = Lines { text, blocks, facts, stated, given };
            label_lines(&lines, RegionModel::built_in()).roles.into()
        },
        cpu_time: &|| std::time::Duration::ZERO,
        read_fields: &|view| {
            goldpress_extract::read_fields(
                view.text,
                view.blocks,
                view.facts,
                view.stated,
                view.url,
            )
        },
    };
    let format = match name.rsplit('.').next() {
        Some("html") => "html",
        Some("jsonl") => "jsonl",
        _ => "text",
    };
    let options = Options::default();
    let reader =
        READERS.iter().find(|reader| reader.name() == format).expect("it is listed");
    let items = reader.records(Input::new(name, Box::new(bytes.as_slice())), &options);
    let mut found = Vec::new();
    for item in items {
        let record = match item {
            Item::Record(record) => Ok(*record),
            Item::Reject(reject) => Err(reject),
            _ => continue,
        };
        if let Outcome::Article(article) = ingest(record, &hands, &options) {
            found.push(*article);
        }
    }
    found
}

fn text(value: &Value) -> &str {
    value.as_str().expect("expectations are texts")
}

fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
