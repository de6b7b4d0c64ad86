//! What every reader promises, looping over the list that registers it.

use goldpress_ingest::{Item, Options, READERS, Reader, ingest};
use goldpress_model::Outcome;

use crate::common::{HANDS, asked, items, items_by_byte, response, warc_record};

#[test]
fn every_record_is_an_article_or_a_reject() {
    for_each(|reader, bytes, options| {
        let found = items(reader, bytes, options);
        let n_records =
            found.iter().filter(|item| !matches!(item, Item::Apart(_))).count();
        let outcomes = found.into_iter().filter_map(|item| match item {
            Item::Record(record) => Some(ingest(Ok(*record), &HANDS, options)),
            Item::Reject(reject) => Some(Outcome::Reject(reject)),
            Item::Apart(_) => None,
        });
        assert_eq!(outcomes.count(), n_records, "{}", reader.name());
    });
}

#[test]
fn a_cut_anywhere_loses_nothing_that_came_before() {
    for_each(|reader, bytes, options| {
        // The directory of Parquet stands at its end: without it nothing is found.
        if reader.name() == "parquet" {
            return;
        }
        let whole = items(reader, bytes, options);
        for end in 0..bytes.len() {
            let cut = items(reader, &bytes[..end], options);
            let lasting = |item: &&Item| match item {
                Item::Record(record) => {
                    let at = record.raw.origin.byte_offset as usize;
                    // A row of Arrow is whole with the batch that holds it.
                    let slack = if reader.name() == "arrow" { 1500 } else { 600 };
                    at + record.raw.bytes.len() < end.saturating_sub(slack)
                }
                _ => false,
            };
            for item in whole.iter().filter(lasting) {
                assert!(cut.contains(item), "{} cut at {end}: {item:?}", reader.name());
            }
            assert!(cut.len() <= whole.len() + 1, "{} cut at {end}", reader.name());
        }
    });
}

#[test]
fn a_record_before_the_cut_one_is_whole() {
    for_each(|reader, bytes, options| {
        // Rows of a table share the offset of the rows they are stored with.
        if ["parquet", "arrow"].contains(&reader.name()) {
            return;
        }
        let whole = items(reader, bytes, options);
        let offsets: Vec<usize> = whole.iter().filter_map(offset).collect();
        for (n, start) in offsets.iter().enumerate().skip(1) {
            let cut = items(reader, &bytes[..start + 1], options);
            for item in &whole[..n] {
                assert!(cut.contains(item), "{} cut at {start}: {item:?}", reader.name());
            }
        }
    });
}

#[test]
fn a_byte_at_a_time_gives_the_same() {
    for_each(|reader, bytes, options| {
        let whole = items(reader, bytes, options);
        assert_eq!(items_by_byte(reader, bytes, options), whole, "{}", reader.name());
    });
}

#[test]
fn every_origin_leads_back_to_the_same_bytes() {
    for_each(|reader, bytes, options| {
        for item in items(reader, bytes, options) {
            let Item::Record(record) = item else { continue };
            let at = record.raw.origin.byte_offset as usize;
            let number = record.raw.origin.record as usize;
            let again = match reader.name() {
                // A row is found again by its number.
                "parquet" | "arrow" => {
                    items(reader, bytes, options).split_off(number - 1)
                }
                // A header has to stand before the row.
                "csv" => {
                    let header = bytes.split(|byte| *byte == b'\n').next().unwrap_or(b"");
                    items(reader, &[header, b"\n", &bytes[at..]].concat(), options)
                }
                _ => items(reader, &bytes[at..], options),
            };
            let Some(Item::Record(again)) = again.into_iter().next() else {
                panic!("{} has no record at {at}", reader.name())
            };
            assert_eq!(again.raw.bytes, record.raw.bytes, "{}", reader.name());
        }
    });
}

#[test]
fn a_head_is_recognised_by_one_reader_whatever_the_file_is_called() {
    for_each(|reader, bytes, _| {
        let head = &bytes[..bytes.len().min(goldpress_ingest::HEAD_BYTES)];
        let name = if reader.name() == "csv" { "dump.csv" } else { "dump" };
        let first = READERS.iter().find(|reader| reader.recognises(head, name.as_ref()));
        assert_eq!(first.expect("is recognised").name(), reader.name());
    });
}

#[test]
fn no_bytes_make_a_reader_panic_or_go_on_forever() {
    use proptest::{prelude::*, sample::Index, test_runner::TestRunner};

    let change = (any::<Index>(), any::<Index>(), any::<u8>(), 0..5_u8);
    let changes = proptest::collection::vec(change, 1..12);
    for_each(|reader, bytes, options| {
        let mut runner = TestRunner::deterministic();
        let holds = |changes: Vec<(Index, Index, u8, u8)>| {
            let broken = changed(bytes, &changes);
            let mut n_items = 0;
            for item in items(reader, &broken, options) {
                n_items += 1;
                prop_assert!(n_items <= broken.len() + 2, "{} goes on", reader.name());
                if let Item::Record(record) = item {
                    ingest(Ok(*record), &HANDS, options);
                }
            }
            Ok(())
        };
        if let Err(error) = runner.run(&changes, holds) {
            panic!("{}: {error}", reader.name());
        }
    });
}

/// The bytes with some flipped, cut out, doubled or swapped for what readers look for.
fn changed(
    bytes: &[u8],
    changes: &[(proptest::sample::Index, proptest::sample::Index, u8, u8)],
) -> Vec<u8> {
    const PIECES: &[&[u8]] = &[
        b"\r\n",
        b"\"",
        b"{",
        b"<",
        b"&#",
        b"WARC/1.0\r\n",
        b"\xff",
        b"]]>",
        b"-1",
        b"\0",
    ];
    let mut bytes = bytes.to_vec();
    for (from, to, byte, kind) in changes {
        let (a, b) = (from.index(bytes.len() + 1), to.index(bytes.len() + 1));
        let (a, b) = (a.min(b), a.max(b));
        match kind {
            0 if a < bytes.len() => bytes[a] = *byte,
            1 => drop(bytes.drain(a..b.min(a + 40))),
            2 => {
                let piece = bytes[a..b.min(a + 200)].to_vec();
                bytes.splice(a..a, piece);
            }
            3 => bytes.truncate(b),
            _ => {
                let piece = PIECES[usize::from(*byte) % PIECES.len()];
                bytes.splice(a..a, piece.iter().copied());
            }
        }
    }
    bytes
}

fn offset(item: &Item) -> Option<usize> {
    match item {
        Item::Record(record) => Some(record.raw.origin.byte_offset as usize),
        Item::Reject(reject) => reject.byte_offset.map(|at| at as usize),
        Item::Apart(_) => None,
    }
}

/// Calls a check with every reader and an input of its format that has broken records
/// among sound ones.
fn for_each(check: impl Fn(&dyn Reader, &[u8], &Options)) {
    for reader in READERS {
        let mut options = Options::default();
        let bytes = match reader.name() {
            "text" => {
                options = asked(|asked| asked.split_on = Some("^---$".to_owned()));
                "Düne bricht\n\nNachts.\n---\n---\nZweiter Text.\n---\n\u{1}\u{2}".into()
            }
            "html" => {
                b"<!doctype html><title>A</title><p>D\xfcne bricht<p>Nachts".to_vec()
            }
            "jsonl" => concat!(
                "\u{feff}{\"text\": \"Düne bricht\", \"title\": \"A\"}\r\n\n",
                "{\"text\": \"cut off\n[1, 2]\n{\"no\": \"text\"}\n",
                "{\"text\": \"<p>Nachts</p>\", \"n\": [[1]]}"
            )
            .into(),
            "csv" => concat!(
                "title,text,n\r\nA,\"Düne, die\n\"\"bricht\"\"\",1\n\n",
                "B,too few\nC,\"Nachts\",3\nD,5\" tall,4"
            )
            .into(),
            "warc" => [
                warc_record("warcinfo", "", b"software: x\r\n"),
                response(
                    "https://a.example/1",
                    "HTTP/1.1 200 OK\nContent-Type: text/html",
                    b"<p>D\xc3\xbcne",
                ),
                warc_record("request", "", b"GET / HTTP/1.0\r\n\r\n"),
                b"rubbish between\nrecords\n".to_vec(),
                response("https://a.example/2", "HTTP/1.1 404 Not Found", b"gone"),
                warc_record("conversion", "Content-Type: text/plain\r\n", b"Nachts"),
            ]
            .concat(),
            "json" => concat!(
                "[\n  {\"text\": \"Düne {bricht}\", \"title\": \"A\"},\n",
                "  {\"text\": \"never closed,\n  {\"no\": \"text\"},\n",
                "  {\"text\": \"Nachts\",\n   \"n\": [1, {\"a\": 2}]}\n]\n",
                "[{\"text\": \"Morgens\"}]"
            )
            .into(),
            "arc" => {
                let mut bytes = b"filedesc://x.arc 0.0.0.0 20010203040506 text/plain 11\n1 0 Archive\n\n".to_vec();
                for (n, body) in ["<p>Eins", "gone", "<p>Drei"].iter().enumerate() {
                    let status = if n == 1 { 404 } else { 200 };
                    let answer = format!("HTTP/1.0 {status} X\r\nContent-Type: text/html\r\n\r\n{body}");
                    let head = format!("http://a.example/{n} 192.0.2.1 20010203040506 text/html {}\n", answer.len());
                    bytes.extend_from_slice(format!("{head}{answer}\n").as_bytes());
                }
                bytes
            }
            "feed" => concat!(
                "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Bulletin</title>",
                "<item><title>A</title><description>Düne bricht</description></item>\n",
                "<item><title>No text</title></item>",
                "<item><title>B</title><description>Nachts</description></item></channel></rss>"
            )
            .into(),
            "parquet" => {
                options = asked(|asked| asked.map = crate::tables::map());
                include_bytes!("../fixtures/pyarrow_26_articles.parquet").to_vec()
            }
            "arrow" => {
                options = asked(|asked| asked.map = crate::tables::map());
                include_bytes!("../fixtures/pyarrow_26_articles.arrows").to_vec()
            }
            "nitf" => include_bytes!("../fixtures/nitf_3.6_two_parts.xml").to_vec(),
            "newsml-g2" => {
                include_bytes!("../fixtures/newsml_g2_2.30_message.xml").to_vec()
            }
            "tei" => {
                include_bytes!("../fixtures/trafilatura_2.3_article.tei.xml").to_vec()
            }
            "trafilatura-xml" => {
                include_bytes!("../fixtures/trafilatura_2.3_article.xml").to_vec()
            }
            "sitemap" => include_bytes!("../fixtures/sitemap_news_0.9.xml").to_vec(),
            "reuters" => include_bytes!("../fixtures/reuters_21578_three.sgm").to_vec(),
            "mhtml" => concat!(
                "From: <Saved by x>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n",
                "\tboundary=\"----b\"\r\n\r\n------b\r\nContent-Type: text/html; charset=utf-8\r\n",
                "Content-Transfer-Encoding: quoted-printable\r\nContent-Location: https://a.example/x\r\n\r\n",
                "<!doctype html><p>D=C3=BCne =\r\nbricht\r\n------b\r\nContent-Type: image/png\r\n\r\nx\r\n------b--\r\n"
            )
            .into(),
            "xml" => {
                options = asked(|asked| asked.xml_record = Some("article".to_owned()));
                concat!(
                    "<dump><article><title>A</title><text>Düne bricht</text></article>\n",
                    "<article><title>No text</title></article>\n",
                    "<article n=\"3\"><title>B</title><text><p>Nachts</p></text></article></dump>"
                )
                .into()
            }
            other => panic!("`{other}` needs an input here"),
        };
        check(*reader, &bytes, &options);
    }
}
