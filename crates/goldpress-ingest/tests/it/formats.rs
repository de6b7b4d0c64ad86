//! Formats beyond text, pages and archives: what each makes of its own traps.

use goldpress_ingest::{Item, Options, explain};
use goldpress_model::Field;

use crate::common::{HANDS, items, reader, told};

/// As the crawler of Fundus saves what it found.
#[test]
fn lists_of_an_object_are_lists_where_their_articles_say_so() {
    let article = |text: &str| {
        format!(
            r#"{{"title": "T", "body": {{"summary": [], "sections": [{{"paragraphs": ["{text}"]}}]}}}}"#
        )
    };
    let grouped = format!(
        "{{\n \"Sound: Bulletin [1]\": [\n  {},\n  {}\n ],\n \"Ledger\": [{}]\n}}",
        article("One."),
        article("Two."),
        article("Three.")
    );
    insta::assert_snapshot!(shown("json", grouped.as_bytes()), @r"
    1 @30: One. []
    2 @113: Two. []
    3 @209: Three. []
    ");
    let publisher = |item: &Item| match item {
        Item::Record(record) => record.stated.get(Field::Publisher).map(str::to_owned),
        _ => None,
    };
    let found = items(reader("json"), grouped.as_bytes(), &Options::default());
    let publishers: Vec<String> = found.iter().filter_map(publisher).collect();
    assert_eq!(publishers, ["Sound: Bulletin [1]", "Sound: Bulletin [1]", "Ledger"]);
    // A string that no list follows is no publisher.
    let stray = grouped.replace("],\n", ", \"see {below\", \"x\": 1],\n");
    let found = items(reader("json"), stray.as_bytes(), &Options::default());
    let publishers: Vec<String> = found.iter().filter_map(publisher).collect();
    assert_eq!(publishers[..2], ["Sound: Bulletin [1]", "Sound: Bulletin [1]"]);
    assert_eq!(found.len(), 3, "{found:?}");
    let unclosed = "\n{\"Ledger\":\n[\n{\"text\": \"One.\"\n";
    insta::assert_snapshot!(shown("json", unclosed.as_bytes()), @r"
    1 @1: broken_record (12 bytes): an object is never closed
    2 @14: truncated (16 bytes): the input ends in an object
    ");
    let own =
        r#"{"media": [{"title": "Boat", "text": "A boat."}], "text": "One article."}"#;
    insta::assert_snapshot!(shown("json", own.as_bytes()), @r"
    1 @0: One article. [no_headline]
    ");
}

#[test]
fn lists_of_json_are_read_object_by_object() {
    let list = "[\n  {\"text\": \"Brace } in text\"},\n  {\"text\": \"never closed\n  ,{\"x\":1},\n  {\"text\": \"Two\"}\n]\n[{\"text\":\"appended\"}][]\n{\"text\":\n  \"spread\"}";
    insta::assert_snapshot!(shown("json", list.as_bytes()), @r"
    1 @4: Brace } in text [no_headline]
    2 @35: broken_record (34 bytes): an object is never closed
    3 @72: Two [no_headline]
    4 @91: appended [no_headline]
    5 @114: spread [no_headline]
    ");
}

/// PowerShell and spreadsheets write such; the marks are `FF FE` and `FE FF`.
#[test]
fn records_in_utf16_are_those_of_the_same_text_in_utf8() {
    for (format, text) in [
        ("jsonl", "{\"text\": \"Žluťoučký kůň\"}\r\n{\"text\": \"Two 🐎\"}\n"),
        ("json", "[{\"text\": \"Žluťoučký kůň\"},\n {\"text\": \"Two 🐎\"}]"),
        ("csv", "text\ttitle\r\nŽluťoučký kůň\tOne\r\nTwo 🐎\tTwo\r\n"),
    ] {
        let marked = format!("\u{feff}{text}");
        for order in [u16::to_le_bytes, u16::to_be_bytes] {
            let wide: Vec<u8> = marked.encode_utf16().flat_map(order).collect();
            assert_eq!(shown(format, &wide), shown(format, text.as_bytes()), "{format}");
        }
    }
}

#[test]
fn an_object_that_nothing_closes_is_named() {
    insta::assert_snapshot!(shown("json", b"[{\"text\": \"A\"}, {\"text\": \"B"), @r"
    1 @1: A [no_headline]
    2 @16: truncated (11 bytes): the input ends in an object
    ");
}

#[test]
fn rows_and_objects_that_nothing_closes_cost_no_time() {
    // Every one of them would be a reason to look at all that follows.
    let rows = "title,text\n".to_owned() + &"\"x,y\nA,Text\n".repeat(20_001);
    assert!(items(reader("csv"), rows.as_bytes(), &Options::default()).len() > 10_000);
    let field = "title,text\nA,\"".to_owned() + &"one line\n".repeat(200_000) + "\"\n";
    assert_eq!(items(reader("csv"), field.as_bytes(), &Options::default()).len(), 1);
    let objects = "{\"a\n".repeat(20_000) + "{\"text\":\"A\"}\n";
    let found = items(reader("json"), objects.as_bytes(), &Options::default());
    assert_eq!(found.len(), 20_001);
    assert!(matches!(found.last(), Some(Item::Record(_))));
}

#[test]
fn items_of_rss_are_articles() {
    let rss = r#"<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="x">
<channel><title>Sound Bulletin</title><language>en-GB</language>
<item><title>Cod &amp; chips</title><link>https://a.example/1</link>
<description>Short &lt;b&gt;and&lt;/b&gt; sweet.</description>
<content:encoded><![CDATA[<p>Full text.</p><p>More &amp; more.</p>]]></content:encoded>
<pubDate>Fri, 22 Mar 2024 05:00:00 GMT</pubDate><dc:creator>Oda Brannic</dc:creator>
<category>Sea</category><category>Fish</category></item>
<item><title>Plain</title><description>Only a summary.</description><author>desk@a.example (Ilse Brandauer)</author></item>
<item><title>Nothing</title></item>
</channel></rss>"#;
    insta::assert_snapshot!(shown_fields("feed", rss), @r"
    1 @194: Full text.⏎⏎More & more. []
    2 @556: Only a summary. []
    3 @680: no_text (35 bytes): the item has no text
    1 headline: Cod & chips
    1 authors: Oda Brannic
    1 date_published: 2024-03-22T05:00:00Z
    1 keywords: Sea
    1 keywords: Fish
    1 description: Short and sweet.
    1 language: en-GB
    1 url: https://a.example/1
    2 headline: Plain
    2 authors: Ilse Brandauer
    2 language: en-GB
    ");
}

#[test]
fn entries_of_atom_are_articles() {
    let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Ledger</title>
<entry><title type="html">Salz &amp;amp; Stahl</title><link rel="alternate" href="https://a.example/1"/><link rel="self" href="x"/>
<author><name>Emeka Lund</name></author><published>2024-02-11T06:30:00+01:00</published><updated>2024-02-11</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Eins.</p><p>Zwei.</p></div></content></entry></feed>"#;
    insta::assert_snapshot!(shown_fields("feed", atom), @r"
    1 @78: Eins.⏎⏎Zwei. []
    1 headline: Salz & Stahl
    1 authors: Emeka Lund
    1 date_published: 2024-02-11T06:30:00+01:00
    1 date_modified: 2024-02-11
    1 url: https://a.example/1
    ");
}

#[test]
fn items_of_a_json_feed_are_articles() {
    let feed = r#"{"version":"https://jsonfeed.org/version/1.1","title":"Ledger","items":[
{"id":"1","url":"https://a.example/1","title":"T","content_html":"<p>Eins.</p>","authors":[{"name":"Emeka Lund"}],"date_published":"2024-02-11T06:30:00Z","tags":["x"]},
{"id":"2","content_text":"Zwei."},{"id":"3"}]}"#;
    insta::assert_snapshot!(shown_fields("feed", feed), @r"
    1 @0: Eins. []
    2 @0: Zwei. [no_headline]
    3 @0: no_text (10 bytes): no field holds the text; the record has `publisher`
    1 headline: T
    1 authors: Emeka Lund
    1 date_published: 2024-02-11T06:30:00Z
    1 keywords: x
    1 url: https://a.example/1
    ");
}

#[test]
fn a_feed_that_breaks_off_keeps_the_items_before() {
    let rss = "<rss><channel><item><description>One.</description></item><item><description>T <![CDATA[wo";
    insta::assert_snapshot!(shown("feed", rss.as_bytes()), @r"
    1 @14: One. [no_headline]
    2 @79: broken_record (11 bytes): the feed breaks off: syntax error: CDATA not closed: `]]>` not found before end of input
    ");
}

#[test]
fn a_page_saved_as_mhtml_is_its_first_page() {
    let mhtml = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://a.example/x\r\nSubject: T\r\nDate: Fri, 22 Mar 2024 05:00:00 -0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"----MultipartBoundary--x----\"\r\n\r\n\r\n------MultipartBoundary--x----\r\nContent-Type: text/html\r\nContent-ID: <frame>\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: https://a.example/x\r\n\r\n<html><head><meta charset=3D\"utf-8\"></head><body><p>D=C3=BCne br=\r\nicht</p></body></html>\r\n------MultipartBoundary--x----\r\nContent-Type: text/css\r\n\r\np{}\r\n------MultipartBoundary--x------\r\n";
    let found = items(reader("mhtml"), mhtml.as_bytes(), &Options::default());
    let [Item::Record(record)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(record.raw.url.as_deref(), Some("https://a.example/x"));
    assert_eq!(record.raw.fetched_at_us, Some(1_711_083_600_000_000));
    insta::assert_snapshot!(shown("mhtml", mhtml.as_bytes()), @"1 @0: Düne bricht [no_headline]");
    let none = mhtml.replace("Content-Type: text/html\r\n", "Content-Type: text/css\r\n");
    insta::assert_snapshot!(shown("mhtml", none.as_bytes()), @"1 @0: no_text (593 bytes): the message holds no page");
}

#[test]
fn what_would_be_read_can_be_asked() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("dump.jsonl");
    let lines = "{\"maintext\":\"A\",\"title\":\"T\",\"date_publish\":\"2024-03-22\"}\n"
        .repeat(10);
    std::io::Write::write_all(
        &mut std::fs::File::create(&path).expect("is new"),
        lines.as_bytes(),
    )
    .expect("has room");
    let explained =
        explain(&[path], &Options::default(), &HANDS, 3).expect("it is there");
    let [dump] = explained.as_slice() else { panic!("{explained:?}") };
    assert_eq!(dump.formats, ["jsonl"]);
    assert_eq!(dump.preset.as_deref(), Some("news-please"));
    assert_eq!(dump.outcomes.len(), 3);
    let pairs: Vec<String> =
        dump.fields.iter().map(|(ours, theirs)| format!("{ours} = {theirs}")).collect();
    assert_eq!(
        pairs,
        ["text = maintext", "headline = title", "date_published = date_publish"]
    );
}

fn shown(format: &str, bytes: &[u8]) -> String {
    let options = Options::default();
    told(items(reader(format), bytes, &options), &options)
}

pub(crate) fn shown_fields(format: &str, text: &str) -> String {
    let options = Options::default();
    let found = items(reader(format), text.as_bytes(), &options);
    let fields = found.iter().filter_map(|item| match item {
        Item::Record(record) => Some(record),
        _ => None,
    });
    let fields = fields.flat_map(|record| {
        let number = record.raw.origin.record;
        record
            .stated
            .iter()
            .filter(|value| value.field != Field::Publisher)
            .map(move |value| format!("{number} {}: {}", value.field, value.value))
    });
    let lines: Vec<String> = fields.collect();
    format!("{}\n{}", told(found, &options), lines.join("\n"))
}

#[test]
fn the_page_of_a_message_is_the_one_that_it_says() {
    let advert = ("f1", "https://ads.example/", "<p>Gull food");
    let story = ("f0", "https://m.example/story", "<p>Düne bricht");
    let relative = ("f0", "story", "<p>Düne bricht");
    for (head, kind, parts) in [
        ("", "; start=\"<f0>\"; boundary=\"a;b\"", [advert, story]),
        ("", "; boundary=\"a;b\"; type=\"text/html\"; start=f0", [advert, story]),
        (
            "Snapshot-Content-Location: https://m.example/story\r\n",
            "; boundary=\"a;b\"",
            [advert, story],
        ),
        ("", "; boundary=\"a;b\"", [story, advert]),
        (
            "Content-Location: https://m.example/\r\n",
            "; boundary=\"a;b\"; start=f0",
            [advert, relative],
        ),
    ] {
        let parts: String = parts
            .iter()
            .map(|(id, address, page)| {
                format!("--a;b\r\nContent-Type: text/html\r\nContent-ID: <{id}>\r\nContent-Location: {address}\r\n\r\n{page}\r\n")
            })
            .collect();
        let message = format!(
            "{head}MIME-Version: 1.0\r\nContent-Type: multipart/related{kind}\r\n\r\n{parts}--a;b--\r\n"
        );
        let found = items(reader("mhtml"), message.as_bytes(), &Options::default());
        let [Item::Record(record)] = &found[..] else { panic!("{found:?}") };
        assert_eq!(
            record.raw.url.as_deref(),
            Some("https://m.example/story"),
            "{message}"
        );
        assert_eq!(told(found, &Options::default()), "1 @0: Düne bricht [no_headline]");
    }
}

#[test]
fn a_page_may_stand_in_parts_of_a_part() {
    let message = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=o\r\n\r\n\
        --o\r\nContent-Type: multipart/alternative; boundary=i\r\n\r\n\
        --i\r\nContent-Type: text/plain\r\n\r\nplain\r\n\
        --i\r\nContent-Type: text/html\r\n\r\n<p>Eins\r\n--i--\r\n--o--\r\n";
    let found = items(reader("mhtml"), message.as_bytes(), &Options::default());
    assert_eq!(told(found, &Options::default()), "1 @0: Eins [no_headline]");
}
