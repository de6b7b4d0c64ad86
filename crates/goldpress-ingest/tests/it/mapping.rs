//! Structured records: whose fields they are, and what becomes of them.

use goldpress_ingest::{Item, Options};
use goldpress_model::{Field, Outcome};

use crate::common::{HANDS, asked, items, reader};

#[test]
fn every_preset_is_found_by_its_keys_and_maps_its_fields() {
    let cases = [
        (
            "news-please",
            r#"{"maintext":"Text.","title":"T","authors":["A B","C D"],"date_publish":"2024-03-22 05:00:00","date_modify":"None","language":"en","url":"https://www.a.example/x","source_domain":"www.a.example"}"#,
        ),
        (
            "fundus",
            r#"{"title":"T","authors":["A B","C D"],"publishing_date":"2024-03-22 05:00:00+01:00","body":{"summary":["Deck."],"sections":[{"headline":[],"paragraphs":["P1.","P2."]},{"headline":["H"],"paragraphs":["P3."]}]}}"#,
        ),
        (
            "trafilatura-json",
            r#"{"title":"T","author":"A B; C D","hostname":"a.example","date":"2024-03-22","fingerprint":"c91e","id":null,"license":null,"comments":"","image":null,"pagetype":"article","raw_text":"Text.","text":"Text.","source":"https://a.example/x","source-hostname":"A Example","excerpt":"S","categories":"","tags":"x;y"}"#,
        ),
        (
            "newspaper4k",
            r#"{"url":"https://a.example/x","text":"Text.","title":"T","authors":["A B"],"publish_date":"2024-03-22T05:00:00","canonical_link":"https://a.example/c","meta_lang":"de","language":"en","meta_keywords":[""]}"#,
        ),
        (
            "json-ld",
            r#"{"@type":"NewsArticle","headline":"Salt &amp; steel","articleBody":"<p>One.</p><p>Two.</p>","author":[{"@type":"Person","name":"A B"}],"datePublished":"2024-03-22T05:00+01:00","publisher":{"name":"Ledger"},"keywords":"x, y"}"#,
        ),
        (
            "wordpress",
            r#"{"id":7,"date":"2024-03-22T06:00:00","date_gmt":"2024-03-22T05:00:00","link":"https://a.example/x","title":{"rendered":"Salt &#038; <em>steel</em>"},"content":{"rendered":"<p>One.</p>\n<p>Two.</p>"},"excerpt":{"rendered":"<p>S&hellip;</p>\n"},"_embedded":{"author":[{"name":"A B"}]}}"#,
        ),
        (
            "guardian",
            r#"{"id":"x","sectionName":"World","webPublicationDate":"2024-03-22T05:00:00Z","webTitle":"T","webUrl":"https://a.example/x","fields":{"byline":"A B","bodyText":"Text.","trailText":"S"}}"#,
        ),
        (
            "newsapi",
            r#"{"source":{"id":null,"name":"Ledger"},"author":"A B","title":"T","description":"S","url":"https://a.example/x","urlToImage":"https://a.example/i.jpg","publishedAt":"2024-03-22T05:00:00Z","content":"Text."}"#,
        ),
        (
            "dolma",
            r#"{"id":"1","text":"Text.","source":"cc","created":"2024-03-22T05:00:00.000Z","metadata":"{\"url\":\"https://a.example/x\",\"language\":\"en\"}"}"#,
        ),
        (
            "datatrove",
            r#"{"id":"1","text":"Text.","media":[],"metadata":{"url":"https://a.example/x","date":"2024-03-22T05:00:00Z","language":"en"}}"#,
        ),
        (
            "archivebox",
            r#"{"url":"https://a.example/x","timestamp":"1711083600.0","title":"T | A","tags":"x,y","htmltotext":"Menu. Text.","dom":"<p>Menu.<p>Text.","readability":{"title":"T","byline":"A B","textContent":"Text.","siteName":"A","publishedTime":null}}"#,
        ),
        (
            "scrapy",
            r#"{"url":"https://a.example/x","title":"T","body":"Text.","author":"A B","published":"Fri, 22 Mar 2024 05:00:00 GMT"}"#,
        ),
    ];
    let told: Vec<String> = cases
        .iter()
        .map(|(preset, line)| {
            let (found, told) = told(line, &Options::default());
            assert_eq!(found.as_deref(), Some(*preset), "{told}");
            format!("{preset}\n{told}")
        })
        .collect();
    insta::assert_snapshot!(told.join("\n\n"), @r"
    news-please
    text: Text.
    headline: T
    authors: A B
    authors: C D
    date_published: 2024-03-22T05:00:00
    language: en
    url: https://www.a.example/x
    source: a.example

    fundus
    text: Deck.⏎⏎H⏎⏎P1.⏎⏎P2.⏎⏎P3.
    headline: T
    authors: A B
    authors: C D
    date_published: 2024-03-22T05:00:00+01:00

    trafilatura-json
    text: Text.
    headline: T
    authors: A B
    authors: C D
    date_published: 2024-03-22
    publisher: A Example
    keywords: x
    keywords: y
    description: S
    url: https://a.example/x
    source: a.example

    newspaper4k
    text: Text.
    headline: T
    authors: A B
    date_published: 2024-03-22T05:00:00
    language: de
    url: https://a.example/x
    canonical_url: https://a.example/c
    source: a.example

    json-ld
    text: One.⏎⏎Two.
    headline: Salt & steel
    authors: A B
    date_published: 2024-03-22T05:00+01:00
    publisher: Ledger
    keywords: x
    keywords: y
    source: Ledger

    wordpress
    text: One.⏎⏎Two.
    headline: Salt & steel
    authors: A B
    date_published: 2024-03-22T05:00:00
    description: S…
    url: https://a.example/x
    source: a.example

    guardian
    text: Text.
    headline: T
    authors: A B
    date_published: 2024-03-22T05:00:00Z
    section: World
    description: S
    url: https://a.example/x
    source: a.example

    newsapi
    text: Text.
    headline: T
    authors: A B
    date_published: 2024-03-22T05:00:00Z
    publisher: Ledger
    description: S
    url: https://a.example/x
    image: https://a.example/i.jpg
    source: a.example

    dolma
    text: Text.
    date_published: 2024-03-22T05:00:00.000Z
    language: en
    url: https://a.example/x
    source: a.example
    flaws: no_headline

    datatrove
    text: Text.
    language: en
    url: https://a.example/x
    source: a.example
    flaws: no_headline

    archivebox
    text: Text.
    headline: T
    authors: A B
    publisher: A
    keywords: x
    keywords: y
    url: https://a.example/x
    source: a.example

    scrapy
    text: Text.
    headline: T
    authors: A B
    date_published: 2024-03-22T05:00:00Z
    url: https://a.example/x
    source: a.example
    ");
}

#[test]
fn fields_can_be_mapped_by_hand() {
    let options = asked(|asked| {
        asked.map = vec![
            ("text".to_owned(), "story.lines[].t".to_owned()),
            ("headline".to_owned(), "story.hl".to_owned()),
        ];
    });
    let line = r#"{"story":{"hl":"H","lines":[{"t":"One."},{"t":"Two."}]}}"#;
    insta::assert_snapshot!(told(line, &options).1, @r"
    text: One.⏎⏎Two.
    headline: H
    ");
}

#[test]
fn a_date_that_is_none_is_a_flaw_and_no_value() {
    let line = r#"{"text":"Text.","title":"T","date":"some day in spring"}"#;
    insta::assert_snapshot!(told(line, &Options::default()).1, @r"
    text: Text.
    headline: T
    flaws: metadata_broken
    ");
}

#[test]
fn dates_after_the_fetch_and_before_the_web_are_flaws() {
    let line =
        r#"{"text":"T","title":"T","date":"2031-01-01","fetched_at":"2024-01-01"}"#;
    assert!(told(line, &Options::default()).1.contains("date_future"));
    let line = r#"{"text":"T","title":"T","date":"1970-01-01"}"#;
    assert!(told(line, &Options::default()).1.contains("date_before_1990"));
}

#[test]
fn a_record_without_text_says_which_fields_it_has() {
    let found = items(reader("jsonl"), br#"{"id":1,"title":"T"}"#, &Options::default());
    let [Item::Reject(reject)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(reject.detail, "no field holds the text; the record has `id`, `title`");
}

#[test]
fn a_table_written_by_columns_says_how_to_write_it() {
    let table = br#"{"title":{"0":"A","1":"B"},"text":{"0":"One.","1":null}}"#;
    let found = items(reader("json"), table, &Options::default());
    let [Item::Reject(reject)] = found.as_slice() else { panic!("{found:?}") };
    insta::assert_snapshot!(reject.detail, @r#"the record is a table, a column a key: write an object a row (pandas: orient="records"); it has `title`, `text`"#);
}

#[test]
fn a_table_without_a_header_is_named_by_its_preset_or_by_hand() {
    let options = Options::default();
    let trafilatura = include_bytes!("../fixtures/trafilatura_2.3_article.csv");
    insta::assert_snapshot!(shown_table(trafilatura, &options), @r"
    1 @0: Ferry back in service⏎The ferry to Port Selwyn sails again after nine days in dock, the harbour office said on Friday morning.⏎Two crossings a day⏎Passengers will find two crossings a day until Easter, and four from then on, weather permitting as always.⏎- Morning boat at seven⏎- Evening boat at six⏎We have missed the sea, the captain said to the people on the quay.⏎| Fare | 4.50 | []
    trafilatura-csv headline: Ferry back in service
    trafilatura-csv date_published: 2024-03-22
    trafilatura-csv publisher: courier.example
    trafilatura-csv url: https://courier.example/ferry
    ");
    let own = b"Eins;Erster Text.\nZwei;Zweiter Text.\n";
    let named =
        asked(|asked| asked.columns = ["title", "text"].map(str::to_owned).to_vec());
    insta::assert_snapshot!(shown_table(own, &named), @r"
    1 @0: Erster Text. []
    2 @18: Zweiter Text. []
    scrapy headline: Eins
    scrapy headline: Zwei
    ");
}

fn shown_table(bytes: &[u8], options: &Options) -> String {
    let found = items(reader("csv"), bytes, options);
    let fields = found.iter().filter_map(|item| match item {
        Item::Record(record) => Some(record),
        _ => None,
    });
    let fields = fields.flat_map(|record| {
        let preset = record.preset.clone().unwrap_or_default();
        record
            .stated
            .iter()
            .map(move |value| format!("{preset} {}: {}", value.field, value.value))
    });
    let fields: Vec<String> = fields.collect();
    format!("{}\n{}", crate::common::told(found, options), fields.join("\n"))
}

#[test]
fn rows_of_csv_are_records_with_the_names_of_the_header() {
    let csv =
        "url;title;text\nhttps://a.example/x;\"Salt; and steel\";\"One.\n\nTwo.\"\n";
    let found = items(reader("csv"), csv.as_bytes(), &Options::default());
    let told: Vec<String> =
        found.into_iter().map(|item| told_item(item, &Options::default()).1).collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    text: One.⏎⏎Two.
    headline: Salt; and steel
    url: https://a.example/x
    source: a.example
    ");
}

fn told(line: &str, options: &Options) -> (Option<String>, String) {
    let mut found = items(reader("jsonl"), line.as_bytes(), options);
    assert_eq!(found.len(), 1);
    told_item(found.remove(0), options)
}

fn told_item(item: Item, options: &Options) -> (Option<String>, String) {
    let Item::Record(record) = item else { panic!("{item:?}") };
    let outcome = goldpress_ingest::ingest(Ok(*record), &HANDS, options);
    let Outcome::Article(article) = outcome else { panic!("{outcome:?}") };
    let parts = article.parts();
    let mut lines = vec![format!("text: {}", article.text().replace('\n', "⏎"))];
    for value in parts
        .fields
        .iter()
        .filter(|value| value.field != Field::Language || value.source.name() == "record")
    {
        lines.push(format!("{}: {}", value.field, value.value));
    }
    if let Some(source) = &parts.source {
        lines.push(format!("source: {source}"));
    }
    let flaws: Vec<&str> = parts.flaws.iter().map(|(flaw, _)| flaw.name()).collect();
    if !flaws.is_empty() {
        lines.push(format!("flaws: {}", flaws.join(" ")));
    }
    (parts.preset.clone(), lines.join("\n"))
}

#[test]
fn markup_in_a_text_field_is_markup_however_often_it_was_escaped() {
    for (field, text) in [
        ("&lt;p&gt;Eins.&lt;/p&gt;&lt;p&gt;Zwei.&lt;/p&gt;", "Eins.⏎⏎Zwei."),
        (
            "&amp;lt;p&amp;gt;Eins.&amp;lt;/p&amp;gt;&amp;lt;p&amp;gt;Zwei.&amp;lt;/p&amp;gt;",
            "Eins.⏎⏎Zwei.",
        ),
        ("<p>Eins.</p><p>Zwei &amp; drei.</p>", "Eins.⏎⏎Zwei & drei."),
        ("<![CDATA[<p>Eins.</p><p>Zwei.</p>]]>", "Eins.⏎⏎Zwei."),
        ("Eins.&lt;br /&gt;Zwei.", "Eins.⏎⏎Zwei."),
        ("<b>Eins</b> und <a href=x>zwei</a>.", "Eins und zwei."),
        ("The &lt;p&gt; tag parts, and a &lt; b.", "The <p> tag parts, and a < b."),
        ("The <p> tag parts, and a < b.", "The <p> tag parts, and a < b."),
    ] {
        for key in ["text", "html"] {
            if key == "html" && !text.starts_with("Eins") {
                continue;
            }
            let line = serde_json::json!({ "title": "<i>T</i> &amp; U", key: field })
                .to_string();
            let (_, told) = told(&line, &Options::default());
            assert!(
                told.starts_with(&format!("text: {text}\nheadline: T & U")),
                "{key}: {told}"
            );
        }
    }
}
