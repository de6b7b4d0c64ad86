//! XML and SGML of news: headline, byline, dateline and paragraphs of each format.

use goldpress_ingest::{Options, READERS};

use crate::{
    common::{items, reader, told},
    formats::shown_fields,
};

#[test]
fn an_article_of_nitf_has_its_parts() {
    insta::assert_snapshot!(shown_fields("nitf", include_str!("../fixtures/nitf_3.6_two_parts.xml")), @r"
    1 @77: The harbour wall held through the worst storm in nine years.⏎⏎Nobody hurt⏎⏎Engineers watched until four — then went home.⏎⏎The wall at dawn.⏎⏎Wind: force 11⏎⏎Waves: six metres⏎⏎The writer is our coast editor. []
    1 headline: Harbour wall holds & the town sleeps
    1 alternative_headline: Engineers watched all night
    1 authors: Oda Brannic
    1 date_published: 2024-03-22T05:00:00+01:00
    1 dateline: PORT SELWYN, March 22
    1 section: Coast
    1 keywords: storm
    1 keywords: harbour
    1 description: The wall held.
    1 language: en-GB
    1 url: https://courier.example/wall
    ");
}

#[test]
fn a_dateline_of_nitf_is_no_date_and_its_tagline_is_text() {
    let nitf = |dateline: &str| {
        let nitf = format!(
            "<nitf><body><body.head><dateline>{dateline}</dateline></body.head><body.content><p>Düne bricht.</p></body.content>\
             <body.end><tagline>Oda Brannic writes on <a href='x'>ports</a>.</tagline></body.end></body></nitf>"
        );
        shown_fields("nitf", &nitf).replace("1 date_published: 2024-01-01\n", "dated, ")
    };
    for (dateline, told) in [
        (
            "<location>VELMERE</location><story.date norm='20240101'>Jan 1</story.date>",
            "VELMERE",
        ),
        (
            "<location>VELMERE</location>, <story.date norm='20240101'>Jan 1</story.date> — ",
            "VELMERE",
        ),
        (
            "<location><city>Velmere</city>, <region>Sund</region></location>",
            "Velmere, Sund",
        ),
        ("VELMERE, Jan 1 —", "VELMERE, Jan 1"),
    ] {
        let shown = nitf(dateline);
        assert!(
            shown.starts_with("1 @0: Düne bricht.⏎⏎Oda Brannic writes on ports. ["),
            "{shown}"
        );
        assert!(shown.ends_with(&format!("dateline: {told}")), "{shown}");
    }
}

#[test]
fn items_of_newsml_are_articles_and_pictures_are_not() {
    insta::assert_snapshot!(shown_fields("newsml-g2", include_str!("../fixtures/newsml_g2_2.30_message.xml")), @r"
    1 @166: Die Fähre nach Hörnsand fährt seit Freitag wieder.⏎⏎Verletzt wurde niemand. []
    2 @986: no_text (291 bytes): the article has no text of its own
    3 @1282: Gales are expected tonight.⏎⏎Boats stay < in harbour. []
    1 headline: Fähre fährt wieder
    1 authors: Ilse Harm
    1 date_published: 2024-03-22T05:10:00+01:00
    1 date_modified: 2024-03-22T05:40:00+01:00
    1 dateline: HÖRNSAND
    1 keywords: Schifffahrt
    1 language: de
    3 headline: Storm warning
    3 date_published: 2024-03-22
    ");
}

#[test]
fn tei_of_trafilatura_has_its_parts() {
    insta::assert_snapshot!(shown_fields("tei", include_str!("../fixtures/trafilatura_2.3_article.tei.xml")), @r"
    1 @0: Ferry back in service⏎⏎The ferry to Port Selwyn sails again after nine days in dock, the harbour office said on Friday morning.⏎⏎Two crossings a day⏎⏎Passengers will find two crossings a day until Easter, and four from then on, weather permitting as always.⏎⏎Morning boat at seven⏎⏎Evening boat at six⏎⏎We have missed the sea, the captain said to the people on the quay.⏎⏎Fare 4.50⏎⏎At last, says a reader who waited nine days for this boat to come. []
    1 headline: Ferry back in service
    1 authors: Oda Brannic
    1 date_published: 2024-03-22
    1 keywords: Coast
    1 keywords: ferry
    1 description: After nine days the ferry sails again.
    1 url: https://courier.example/ferry
    ");
}

#[test]
fn xml_of_trafilatura_has_its_parts() {
    insta::assert_snapshot!(shown_fields("trafilatura-xml", include_str!("../fixtures/trafilatura_2.3_article.xml")), @r"
    1 @0: Ferry back in service⏎⏎The ferry to Port Selwyn sails again after nine days in dock, the harbour office said on Friday morning.⏎⏎Two crossings a day⏎⏎Passengers will find two crossings a day until Easter, and four from then on, weather permitting as always.⏎⏎Morning boat at seven⏎⏎Evening boat at six⏎⏎We have missed the sea, the captain said to the people on the quay.⏎⏎Fare 4.50⏎⏎At last, says a reader who waited nine days for this boat to come. []
    1 headline: Ferry back in service
    1 authors: Oda Brannic
    1 date_published: 2024-03-22
    1 section: Coast
    1 keywords: ferry
    1 description: After nine days the ferry sails again.
    1 url: https://courier.example/ferry
    ");
}

#[test]
fn addresses_of_a_sitemap_have_no_text() {
    insta::assert_snapshot!(shown_fields("sitemap", include_str!("../fixtures/sitemap_news_0.9.xml")), @r"
    1 @162: no_text (300 bytes): the article has no text of its own
    2 @465: no_text (79 bytes): the article has no text of its own
    1 headline: Ferry back in service
    1 date_published: 2024-03-22T05:00:00+01:00
    1 language: en
    1 url: https://courier.example/ferry
    2 date_modified: 2024-03-22
    2 url: https://courier.example/wall
    ");
}

#[test]
fn articles_of_reuters_have_paragraphs_and_no_signature() {
    insta::assert_snapshot!(shown_fields("reuters", include_str!("../fixtures/reuters_21578_three.sgm")), @r"
    1 @36: Skarn Fisheries <SKN> said it expects the herring catch to rise by a tenth this year, after three years of decline.⏎⏎Boats had landed 41,000 tonnes by Wednesday. [date_before_1990]
    2 @640: Nordagentur & Co pays 12 cents a share. [metadata_broken]
    3 @879: Qtly div 12 cts vs 10 cts prior Pay March 20 [no_headline date_before_1990]
    1 headline: SKARN <SKN> SEES HERRING CATCH UP
    1 authors: Oda Brannic
    1 date_published: 1987-02-26T15:01:01.79
    1 dateline: BERGEN, Feb 26
    1 keywords: herring
    1 keywords: norway
    2 headline: NORDAGENTUR RAISES DIVIDEND
    3 date_published: 1987-02-27T09:00:00
    ");
}

#[test]
fn what_breaks_off_is_told_and_what_came_before_is_kept() {
    let message = include_str!("../fixtures/newsml_g2_2.30_message.xml");
    let cut = &message[..message.find("ninat:picture").expect("is there")];
    insta::assert_snapshot!(shown("newsml-g2", cut), @r#"
    1 @166: Die Fähre nach Hörnsand fährt seit Freitag wieder.⏎⏎Verletzt wurde niemand. []
    2 @986: broken_record (90 bytes): the document breaks off: syntax error: attribute value not closed: `"` not found before end of input
    "#);
    let wire = include_str!("../fixtures/reuters_21578_three.sgm");
    insta::assert_snapshot!(shown("reuters", &wire[..wire.len() - 60]), @r"
    1 @36: Skarn Fisheries <SKN> said it expects the herring catch to rise by a tenth this year, after three years of decline.⏎⏎Boats had landed 41,000 tonnes by Wednesday. [date_before_1990]
    2 @640: Nordagentur & Co pays 12 cents a share. [metadata_broken]
    3 @879: truncated (151 bytes): the article is never closed
    ");
    insta::assert_snapshot!(shown("nitf", "<nitf><body><body.content><p>A"), @"1 @0: truncated (30 bytes): the document ends in an article");
    insta::assert_snapshot!(shown("nitf", "<nitf"), @"1 @0: broken_record (5 bytes): the document breaks off: syntax error: tag not closed: `>` not found before end of input");
}

#[test]
fn markup_that_nobody_closed_keeps_its_text() {
    let nitf = "<nitf><body><body.content><p>Düne &uuml;ber R&D <b>bricht<p>Nachts</body.content></body></nitf>";
    insta::assert_snapshot!(shown("nitf", nitf), @"1 @0: Düne über R&D bricht⏎⏎Nachts [no_headline]");
}

#[test]
fn a_root_tells_the_formats_apart() {
    for (head, expected) in [
        (
            "<?xml version='1.0'?><!-- made -->\n<!DOCTYPE nitf SYSTEM 'x.dtd'><nitf>",
            "nitf",
        ),
        ("<nar:newsItem xmlns:nar='x'>", "newsml-g2"),
        ("<TEI xmlns='http://www.tei-c.org/ns/1.0'>", "tei"),
        ("<doc sitename='A' title='B'><main><p>C", "trafilatura-xml"),
        ("<doc>other</doc>", "xml"),
        ("<urlset xmlns='x'>", "sitemap"),
        ("<rss version='2.0'>", "feed"),
        ("<html xmlns='x'><body><p>a", "html"),
    ] {
        let find = |reader: &&&dyn goldpress_ingest::Reader| {
            reader.recognises(head.as_bytes(), "a.xml".as_ref())
        };
        let found = READERS.iter().find(find).map(|reader| reader.name());
        assert_eq!(found, Some(expected), "{head}");
    }
}

fn shown(name: &str, text: &str) -> String {
    told(items(reader(name), text.as_bytes(), &Options::default()), &Options::default())
}
