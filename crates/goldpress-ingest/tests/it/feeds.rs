//! Feeds: addresses, authors and text as their elements and attributes say.

use crate::formats::shown_fields;

const ATOM: &str = r#"<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://o.example/ongoing/">
<title>Bulletin</title><author><name>Tim Quay</name></author>
<link rel="self" href="feed.atom"/>
<entry xml:base="when/2013/"><title type="html">&lt;b&gt;Düne&lt;/b&gt; &amp;amp; Watt</title>
  <link href="one"/><content type="html">&lt;p&gt;Eins.&lt;/p&gt;&lt;p&gt;Zwei.&lt;/p&gt;</content></entry>
<entry><title type="xhtml"><div xmlns="x">Some <b>bold</b> &amp; brave</div></title>
  <link href="../two"/><author><name>Odile Varga</name></author><author><name>Tom Askew</name></author>
  <content type="xhtml"><div xmlns="x"><p>Eins.</p><p>Zwei.</p></div></content></entry>
<entry><title type="text">The &lt;p&gt; tag</title><link xml:base="https://q.example/d/" href="three"/>
  <contributor><name>Nobody</name></contributor>
  <content type="text">A &lt;p&gt; parts, and a &lt; b.</content></entry>
<entry><title>Of another feed</title>
  <source><title>Other</title><link href="https://s.example/"/><author><name>Ilse Harm</name></author><updated>2001-01-01T00:00:00Z</updated></source>
  <link href="https://a.example/four"/><updated>2024-03-22T05:00:00Z</updated>
  <content>&lt;p&gt;Vier.&lt;/p&gt;</content></entry>
<entry><title>A picture</title><link href="five"/><content type="image/png">iVBORw0KGgo</content><summary>Fünf.</summary></entry>
</feed>"#;

#[test]
fn an_atom_feed_says_what_its_entries_do_not() {
    insta::assert_snapshot!(shown_fields("feed", ATOM), @r"
    1 @201: Eins.⏎⏎Zwei. []
    2 @405: Eins.⏎⏎Zwei. []
    3 @682: A <p> parts, and a < b. []
    4 @909: Vier. []
    5 @1231: Fünf. []
    1 headline: Düne & Watt
    1 authors: Tim Quay
    1 url: https://o.example/ongoing/when/2013/one
    2 headline: Some bold & brave
    2 authors: Odile Varga
    2 authors: Tom Askew
    2 url: https://o.example/two
    3 headline: The <p> tag
    3 authors: Tim Quay
    3 url: https://q.example/d/three
    4 headline: Of another feed
    4 authors: Ilse Harm
    4 date_modified: 2024-03-22T05:00:00Z
    4 url: https://a.example/four
    5 headline: A picture
    5 authors: Tim Quay
    5 url: https://o.example/ongoing/five
    ");
}

#[test]
fn atom_may_have_a_prefix() {
    let prefixed = ATOM.replace("xmlns=\"http", "xmlns:atom=\"http");
    let mut text = prefixed;
    for name in [
        "feed", "entry", "title", "link", "author", "name", "content", "summary",
        "source", "updated",
    ] {
        text = text.replace(&format!("<{name}"), &format!("<atom:{name}"));
        text = text.replace(&format!("</{name}"), &format!("</atom:{name}"));
    }
    assert_eq!(fields(&text), fields(ATOM));
}

#[test]
fn text_of_rss_is_read_as_often_as_it_was_escaped() {
    let items = [
        "<title>a</title><link>/one</link><description>&lt;p&gt;Eins.&lt;/p&gt;&lt;p&gt;Zwei.&lt;/p&gt;</description>",
        "<title>b</title><description><![CDATA[<p>Eins.</p><p>Zwei.</p>]]></description>",
        "<title>c</title><description><![CDATA[&lt;p&gt;Eins.&lt;/p&gt;&lt;p&gt;Zwei.&lt;/p&gt;]]></description>",
        "<title>d</title><description>&amp;amp;lt;p&amp;amp;gt;Eins.&amp;amp;lt;/p&amp;amp;gt;</description>",
        "<title>e</title><description><p>Eins.<br>Zwei.</p></description>",
        "<title>f</title><description>The &amp;lt;p&amp;gt; tag parts, and a &amp;lt; b.</description>",
        "<title>&lt;i&gt;It&lt;/i&gt; &amp;amp; I</title><description>Sieben.</description>",
        "<title>A &lt; B</title><guid>https://r.example/h</guid><description>Acht.</description>",
        "<title>i</title><description>Short.</description><content:encoded><![CDATA[<p>Lang.</p>]]></content:encoded>",
    ];
    let items: String = items.iter().map(|item| format!("<item>{item}</item>")).collect();
    let feed = format!(
        "<rss version=\"2.0\"><channel><title>R</title><link>https://r.example/</link>{items}</channel></rss>"
    );
    insta::assert_snapshot!(shown_fields("feed", &feed), @r"
    1 @75: Eins.⏎⏎Zwei. []
    2 @196: Eins.⏎⏎Zwei. []
    3 @288: Eins.⏎⏎Zwei. []
    4 @404: Eins. []
    5 @516: Eins.⏎⏎Zwei. []
    6 @593: The <p> tag parts, and a < b. []
    7 @699: Sieben. []
    8 @794: Acht. []
    9 @894: Lang. []
    1 headline: a
    1 url: https://r.example/one
    2 headline: b
    3 headline: c
    4 headline: d
    5 headline: e
    6 headline: f
    7 headline: It & I
    8 headline: A < B
    8 url: https://r.example/h
    9 headline: i
    9 description: Short.
    ");
}

#[test]
fn a_json_feed_speaks_for_its_items() {
    let feed = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "J",
        "home_page_url": "https://j.example/", "authors": [{"name": "Tim Quay"}], "items": [
        {"url": "/a", "title": "A", "content_html": "&lt;p&gt;Eins.&lt;/p&gt;"},
        {"url": "https://j.example/b", "title": "B", "content_text": "a < b", "authors": [{"name": "Oda Brannic"}]}]}"#;
    insta::assert_snapshot!(shown_fields("feed", feed), @r"
    1 @0: Eins. []
    2 @0: a < b []
    1 headline: A
    1 authors: Tim Quay
    1 url: https://j.example/a
    2 headline: B
    2 authors: Oda Brannic
    2 url: https://j.example/b
    ");
}

#[test]
fn a_charset_that_nobody_knows_is_a_flaw_of_every_item() {
    let feed = |label: &str| {
        let feed = "<rss version=\"2.0\"><channel><item><title>A</title><description>Düne.</description></item></channel></rss>";
        crate::common::told_file(
            "a.rss",
            format!("<?xml version=\"1.0\" encoding=\"{label}\"?>{feed}").as_bytes(),
        )
    };
    assert_eq!(feed("utf-8"), "a.rss 1 @66: Düne. []");
    assert_eq!(feed("IBM855"), "a.rss 1 @67: Düne. [charset_label_unknown]");
    let nitf = "<?xml version=\"1.0\" encoding=\"x-no\"?><nitf><body><body.content><p>Düne.</p></body.content></body></nitf>";
    assert_eq!(
        crate::common::told_file("a.xml", nitf.as_bytes()),
        "a.xml 1 @37: Düne. [charset_label_unknown no_headline]"
    );
}

/// What the items say, without their places in the file.
fn fields(feed: &str) -> Vec<String> {
    let shown = shown_fields("feed", feed);
    let lines = shown.lines().map(|line| match line.split_once(" @") {
        Some((number, rest)) => {
            format!("{number} {}", rest.split_once(':').map_or("", |(_, text)| text))
        }
        None => line.to_owned(),
    });
    lines.collect()
}
