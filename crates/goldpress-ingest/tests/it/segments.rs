//! Drafts of WARC, and records in several segments.

use goldpress_ingest::Options;

use crate::common::{items, reader, response, told, warc_record};

const PAGE: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Düne bricht</p><p>Nachts</p>";

#[test]
fn drafts_have_the_heads_of_the_standard() {
    for version in ["0.12", "0.17", "0.18", "0.9", "1.0", "1.1"] {
        for (line_end, n_heads) in [("\r\n", 9), ("\n", 0)] {
            let pages: Vec<Vec<u8>> =
                (1..4).map(|n| page(n, &format!("<p>Page {n}"))).collect();
            let archive = pages.concat();
            let archive = String::from_utf8(archive).expect("is UTF-8");
            let archive = archive.replace("WARC/1.0", &format!("WARC/{version}"));
            // The heads alone: a length counts the line ends of a block.
            let archive = match n_heads {
                0 => archive
                    .replace("\r\nWARC-", "\nWARC-")
                    .replace("\r\n\r\nHTTP", "\n\nHTTP"),
                _ => archive,
            };
            let found = items(reader("warc"), archive.as_bytes(), &Options::default());
            assert_eq!(found.len(), 3, "WARC/{version} with {line_end:?}");
            let told = told(found, &Options::default());
            for (line, n) in told.lines().zip(1..) {
                assert!(line.ends_with(&format!(": Page {n} [no_headline]")), "{told}");
            }
        }
    }
}

#[test]
fn a_head_of_one_line_is_refused() {
    let record = |n: u32| {
        format!(
            "warc/0.9 150 response http://a.example/{n} 20060101000000 message/http uuid:{n}\r\n\r\n{PAGE}\r\n\r\n"
        )
    };
    insta::assert_snapshot!(shown(&[record(1), record(2)].concat().into_bytes()), @r"
    1 @0: unsupported (158 bytes): `warc/0.9` with heads of one line is not read: rewrite the archive as WARC/1.0
    2 @159: unsupported (158 bytes): `warc/0.9` with heads of one line is not read: rewrite the archive as WARC/1.0
    ");
}

#[test]
fn segments_are_joined() {
    let (a, b, c) = (&PAGE[..55], &PAGE[55..64], &PAGE[64..]);
    let total = PAGE.len();
    let whole = [
        first(a),
        page(1, "<p>Between"),
        next(2, b, "<urn:1>", ""),
        next(3, c, "<urn:1>", &format!("WARC-Segment-Total-Length: {total}\r\n")),
        page(2, "<p>Behind"),
    ];
    insta::assert_snapshot!(shown(&whole.concat()), @r"
    2 @282: Between [no_headline]
    apart: continuation
    apart: continuation
    1 @0: Düne bricht⏎⏎Nachts [no_headline]
    5 @1007: Behind [no_headline]
    ");
    // The writer lost the id: the address tells.
    let whole = [
        first(a),
        next(
            2,
            &PAGE[55..],
            "<urn:other>",
            &format!("WARC-Segment-Total-Length: {total}\r\n"),
        ),
    ];
    insta::assert_snapshot!(shown(&whole.concat()), @r"
    apart: continuation
    1 @0: Düne bricht⏎⏎Nachts [no_headline]
    ");
}

#[test]
fn a_record_whose_segments_are_missing_is_cut_short() {
    let (a, b, c) = (&PAGE[..55], &PAGE[55..64], &PAGE[64..]);
    let last = format!("WARC-Segment-Total-Length: {}\r\n", PAGE.len());
    for (what, archive) in [
        ("all but the first", vec![first(a), page(1, "<p>Behind")]),
        ("the last", vec![first(a), next(2, b, "<urn:1>", "")]),
        ("one between", vec![first(a), next(3, c, "<urn:1>", &last)]),
        ("a length that is wrong", vec![first(a), next(2, b, "<urn:1>", &last)]),
    ] {
        let told = shown(&archive.concat());
        assert!(told.contains("[truncated no_headline]"), "{what}: {told}");
        assert!(told.contains("1 @0: Düne"), "{what}: {told}");
    }
    let orphan = [next(2, b, "<urn:1>", ""), page(1, "<p>Behind")];
    insta::assert_snapshot!(shown(&orphan.concat()), @r"
    1 @0: truncated (9 bytes): the record that it continues is not here
    2 @229: Behind [no_headline]
    ");
}

#[test]
fn records_are_held_within_bounds() {
    let archive: Vec<Vec<u8>> = (0..100)
        .map(|n| {
            let headers = format!("WARC-Record-ID: <urn:{n}>\r\nWARC-Segment-Number: 1\r\nContent-Type: text/plain\r\n");
            warc_record("resource", &headers, format!("Düne {n}").as_bytes())
        })
        .collect();
    let found = items(reader("warc"), &archive.concat(), &Options::default());
    assert_eq!(found.len(), 100);
}

#[test]
fn what_an_archive_holds_besides_documents_is_no_article() {
    let about = |url: &str, kind: &str, text: &str| {
        let headers = format!("WARC-Target-URI: {url}\r\nContent-Type: {kind}\r\n");
        warc_record("resource", &headers, text.as_bytes())
    };
    let answer = |path: &str, kind: &str, text: &str| {
        let http = format!("HTTP/1.1 200 OK\nContent-Type: {kind}");
        response(&format!("https://a.example/{path}"), &http, text.as_bytes())
    };
    let archive = [
        about(
            "metadata://gnu.org/software/wget/warc/MANIFEST.txt",
            "text/plain",
            "<urn:1>",
        ),
        about("metadata://gnu.org/software/wget/warc/wget.log", "text/plain", "--2024--"),
        about("dns:a.example", "text/dns", "a.example. IN A 192.0.2.1"),
        answer("robots.txt", "text/plain", "User-agent: *\nDisallow: /a"),
        answer("favicon.ico", "image/x-icon", "\0\0\u{1}\0"),
        answer("favicon.ico", "text/plain", "\0\0\u{1}\0"),
        answer("a.js?v=2", "text/plain", "var a;"),
        answer("a.md", "text/plain", "# Düne"),
        answer("places", "application/octet-stream", "<kml xmlns=\"x\"><a/></kml>"),
        answer("a.txt", "text/plain", "Düne bricht."),
    ];
    insta::assert_snapshot!(shown(&archive.concat()), @r"
    1 @0: unsupported (7 bytes): the record tells of the crawl and is no article
    2 @191: unsupported (8 bytes): the record tells of the crawl and is no article
    3 @379: unsupported (25 bytes): `text/dns` is no text that can be read
    4 @550: unsupported (26 bytes): the record is a note to programs and no article
    5 @808: unsupported (4 bytes): `image/x-icon` is no text that can be read
    6 @1047: unsupported (4 bytes): the record is `image/vnd.microsoft.icon` and no article
    7 @1284: unsupported (6 bytes): the record is a script and no article
    8 @1520: unsupported (7 bytes): the record is Markdown and no article
    9 @1753: unsupported (25 bytes): the record is XML of no known format, `kml` and no article
    10 @2020: Düne bricht. [no_headline]
    ");
}

fn page(n: u32, body: &str) -> Vec<u8> {
    response(
        &format!("https://a.example/{n}"),
        "HTTP/1.1 200 OK\nContent-Type: text/html",
        body.as_bytes(),
    )
}

/// The first segment of a page.
fn first(block: &str) -> Vec<u8> {
    let headers = "WARC-Record-ID: <urn:1>\r\nWARC-Target-URI: https://a.example/9\r\n\
        WARC-Segment-Number: 1\r\nContent-Type: application/http; msgtype=response\r\n";
    warc_record("response", headers, block.as_bytes())
}

fn next(n: u32, block: &str, origin: &str, more: &str) -> Vec<u8> {
    let headers = format!(
        "WARC-Target-URI: https://a.example/9\r\nWARC-Segment-Number: {n}\r\n\
         WARC-Segment-Origin-ID: {origin}\r\n{more}Content-Type: application/http\r\n"
    );
    warc_record("continuation", &headers, block.as_bytes())
}

fn shown(archive: &[u8]) -> String {
    let options = Options::default();
    told(items(reader("warc"), archive, &options), &options)
}
