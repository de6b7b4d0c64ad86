//! Archives as they are: coded, cut, and with lengths that are wrong.

use std::io::Write;

use goldpress_ingest::{Options, Silent, run};

use crate::common::{
    HANDS, asked, gzip, items, reader, response, told, told_outcome, warc_record,
    warc_record_of_length,
};

const HTML: &str = "HTTP/1.1 200 OK\nContent-Type: text/html; charset=utf-8";

fn page(n: usize) -> Vec<u8> {
    response(&format!("https://a.example/{n}"), HTML, format!("<p>Page {n}").as_bytes())
}

#[test]
fn a_record_in_chunks_and_in_gzip_ends_nothing() {
    let coded = gzip(b"<p>D\xc3\xbcne bricht");
    let (first, second) = coded.split_at(10);
    let mut body = Vec::new();
    for chunk in [first, second] {
        write!(body, "{:x};ext=1\r\n", chunk.len()).expect("memory takes it");
        body.extend_from_slice(chunk);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"0\r\n\r\n");
    let http = format!("{HTML}\nTransfer-Encoding: chunked\nContent-Encoding: gzip");
    let archive =
        [page(1), response("https://a.example/2", &http, &body), page(3)].concat();
    insta::assert_snapshot!(shown(&archive), @r"
    1 @0: Page 1 [no_headline]
    2 @246: Düne bricht [no_headline]
    3 @599: Page 3 [no_headline]
    ");
}

#[test]
fn a_body_that_the_crawler_decoded_is_taken_as_it_is() {
    let http = format!("{HTML}\nContent-Encoding: gzip\nTransfer-Encoding: chunked");
    let archive = response("https://a.example/1", &http, b"<p>Decoded already");
    insta::assert_snapshot!(shown(&archive), @"1 @0: Decoded already [no_headline]");
}

#[test]
fn deflate_comes_in_two_forms() {
    let http = format!("{HTML}\nContent-Encoding: deflate");
    let mut zlib =
        flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    zlib.write_all(b"<p>zlib").expect("memory takes it");
    let mut bare =
        flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    bare.write_all(b"<p>bare").expect("memory takes it");
    let archive = [
        response("https://a.example/1", &http, &zlib.finish().expect("is done")),
        response("https://a.example/2", &http, &bare.finish().expect("is done")),
    ]
    .concat();
    insta::assert_snapshot!(shown(&archive), @r"
    1 @0: zlib [no_headline]
    2 @280: bare [no_headline]
    ");
}

#[test]
fn a_revisit_is_the_page_that_it_points_to() {
    let visit = |kind: &str, url: &str, headers: &str, block: &[u8]| {
        let headers = format!(
            "WARC-Target-URI: {url}\r\nContent-Type: application/http\r\n{headers}"
        );
        warc_record(kind, &headers, block)
    };
    let answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>As before";
    let digest = "WARC-Payload-Digest: sha1:AAAA\r\n";
    let other = "WARC-Payload-Digest: sha1:BBBB\r\n";
    let refers = "WARC-Refers-To-Target-URI: https://a.example/1\r\n";
    let head = b"HTTP/1.1 304 Not Modified\r\n\r\n";
    let archive = [
        visit("response", "https://a.example/1", digest, answer),
        visit("revisit", "https://a.example/2", digest, head),
        visit("revisit", "https://a.example/1", refers, head),
        visit("revisit", "https://a.example/3", other, head),
        page(4),
    ];
    insta::assert_snapshot!(shown(&archive.concat()), @r"
    1 @0: As before [no_headline]
    2 @248: As before [no_headline]
    3 @468: As before [no_headline]
    4 @704: revisit (29 bytes): the record points to a page that is not here
    5 @924: Page 4 [no_headline]
    ");
    let found = items(reader("warc"), &archive.concat(), &Options::default());
    let urls = found.iter().filter_map(|item| match item {
        goldpress_ingest::Item::Record(record) => record.raw.url.as_deref(),
        _ => None,
    });
    let expected = [1, 2, 1, 4].map(|n| format!("https://a.example/{n}"));
    assert_eq!(urls.collect::<Vec<_>>(), expected);
}

#[test]
fn frames_of_zstandard_share_a_dictionary_in_front() {
    let dictionary = [page(1), page(2)].concat();
    let pack = |bytes: &[u8]| {
        let level = 3;
        zstd::bulk::Compressor::with_dictionary(level, &dictionary)
            .and_then(|mut packer| packer.compress(bytes))
            .expect("memory takes it")
    };
    let frame = |dictionary: &[u8]| {
        let n_bytes = u32::try_from(dictionary.len()).expect("is short");
        [&[0x5d, 0x2a, 0x4d, 0x18], &n_bytes.to_le_bytes()[..], dictionary].concat()
    };
    let records = [pack(&page(3)), pack(&page(4))].concat();
    let packed = zstd::bulk::compress(&dictionary, 3).expect("memory takes it");
    let plain = crate::common::told_file(
        "a.warc.zst",
        &[frame(&dictionary), records.clone()].concat(),
    );
    insta::assert_snapshot!(plain, @r"
    a.warc.zst 1 @0: Page 3 [no_headline]
    a.warc.zst 2 @246: Page 4 [no_headline]
    ");
    let both = [frame(&packed), records.clone()].concat();
    assert_eq!(crate::common::told_file("a.warc.zst", &both), plain);
    let cut = frame(&dictionary)[..40].to_vec();
    insta::assert_snapshot!(crate::common::told_file("a.warc.zst", &cut), @"a.warc.zst 0 @0: truncated (0 bytes): the input ends inside a compressed member");
}

#[test]
fn a_bomb_is_a_reject() {
    let http = format!("{HTML}\nContent-Encoding: gzip");
    let bomb = gzip(&vec![b' '; 8 << 20]);
    let archive = [response("https://a.example/1", &http, &bomb), page(2)].concat();
    insta::assert_snapshot!(shown(&archive), @r"
    1 @0: too_compressed (8259 bytes): a body of 8176 bytes grows to more than 1635200
    2 @8439: Page 2 [no_headline]
    ");
}

#[test]
fn a_wrong_length_costs_no_record() {
    let html = "WARC-Target-URI: https://a.example/x\r\nContent-Type: text/html\r\n";
    let of_length =
        |length| warc_record_of_length("resource", html, b"<p>Wrong length", length);
    let short = [page(1), of_length(7), page(3)].concat();
    insta::assert_snapshot!(shown(&short), @r"
    1 @0: Page 1 [no_headline]
    2 @246: Wrong length [no_headline]
    3 @413: Page 3 [no_headline]
    ");
    let long = [page(1), of_length(200), page(3)].concat();
    insta::assert_snapshot!(shown(&long), @r"
    1 @0: Page 1 [no_headline]
    2 @246: Wrong length [no_headline]
    3 @415: Page 3 [no_headline]
    ");
    let last = [page(1), of_length(200)].concat();
    insta::assert_snapshot!(shown(&last), @r"
    1 @0: Page 1 [no_headline]
    2 @246: truncated (19 bytes): the record states 200 bytes and has 19
    ");
    let missing = [
        page(1),
        b"WARC/1.0\r\nWARC-Type: resource\r\n\r\n<p>No length\r\n\r\n".to_vec(),
        page(3),
    ]
    .concat();
    insta::assert_snapshot!(shown(&missing), @r"
    1 @0: Page 1 [no_headline]
    2 @246: broken_record (16 bytes): the record states no `Content-Length`
    3 @295: Page 3 [no_headline]
    ");
}

#[test]
fn what_holds_no_article_says_why() {
    let archive = [
        response("https://a.example/1", "HTTP/1.1 301 Moved", b"moved"),
        response(
            "https://a.example/2",
            "HTTP/1.1 200 OK\nContent-Type: image/png",
            b"\x89PNG\r\n",
        ),
        response("https://a.example/3", "HTTP/1.1 200 OK", b"%PDF-1.4"),
        response("https://a.example/4", HTML, b""),
        response("https://a.example/5", "no status", b"x"),
        warc_record("revisit", "", b""),
        warc_record("metadata", "", b"outlink: x"),
        response("https://a.example/8", HTML, &[0, 1, 2, 3, 4, 5, 6, 7]),
    ]
    .concat();
    insta::assert_snapshot!(shown(&archive), @r"
    1 @0: http_status (5 bytes): the server answered 301
    2 @205: unsupported (6 bytes): `image/png` is no text that can be read
    3 @433: unsupported (8 bytes): the record is `application/pdf` and no article
    4 @638: empty (0 bytes): the record has no bytes
    5 @875: broken_record (14 bytes): the answer has no status line
    6 @1067: revisit (0 bytes): the record points to a page that is not here
    apart: metadata
    8 @1255: binary (8 bytes): 8 of 8 characters are controls
    ");
}

#[test]
fn a_record_over_the_limit_is_passed_over() {
    let options = asked(|asked| asked.limits.record_bytes = 300);
    let large = response("https://a.example/2", HTML, "<p>x".repeat(200).as_bytes());
    let archive = [page(1), large, page(3)].concat();
    let told = told(items(reader("warc"), &archive, &options), &options);
    insta::assert_snapshot!(told, @r"
    1 @0: Page 1 [no_headline]
    2 @246: too_large (859 bytes): the record has 859 bytes, the limit is 300
    3 @1284: Page 3 [no_headline]
    ");
}

#[test]
fn what_the_record_says_of_itself_is_kept() {
    let html = "WARC-Target-URI: <https://a.example/x>\r\nWARC-Truncated: length\r\nContent-Type: text/html; charset=\"ISO-8859-1\"\r\n";
    let archive = warc_record("resource", html, b"<p>caf\xe9");
    let Some(goldpress_ingest::Item::Record(record)) =
        items(reader("warc"), &archive, &Options::default()).into_iter().next()
    else {
        panic!("it is a record")
    };
    assert_eq!(record.raw.url.as_deref(), Some("https://a.example/x"));
    assert_eq!(record.raw.fetched_at_us, Some(1_711_083_600_000_000));
    assert_eq!(record.raw.charset_declared.as_deref(), Some("ISO-8859-1"));
    assert!(record.raw.truncated);
    insta::assert_snapshot!(shown(&archive), @"1 @0: café [truncated no_headline]");
}

#[test]
fn a_member_cut_in_the_middle_of_an_archive_costs_itself() {
    let mut cut = gzip(&page(2));
    cut.truncate(cut.len() / 2);
    let archive = [gzip(&page(1)), cut, gzip(&page(3)), gzip(&page(4))].concat();
    insta::assert_snapshot!(shown_file("middle.warc.gz", &archive), @r"
    1 @0: Page 1 [no_headline]
    2 @246: broken_record (0 bytes): a compressed member is broken: corrupt gzip stream does not have a matching checksum
    3 @388: Page 3 [no_headline]
    4 @634: Page 4 [no_headline]
    ");
}

#[test]
fn an_archive_that_ends_too_early_keeps_what_came_before() {
    let mut archive = [gzip(&page(1)), gzip(&page(2)), gzip(&page(3))].concat();
    archive.truncate(archive.len() - 20);
    insta::assert_snapshot!(shown_file("end.warc.gz", &archive), @r"
    1 @0: Page 1 [no_headline]
    2 @246: Page 2 [no_headline]
    3 @492: truncated (51 bytes): the input ends inside a compressed member
    ");
}

#[test]
fn an_archive_of_one_member_keeps_what_came_before_too() {
    let mut archive = gzip(&[page(1), page(2), page(3)].concat());
    // The checksum and little else.
    archive.truncate(archive.len() - 10);
    insta::assert_snapshot!(shown_file("one.warc.gz", &archive), @r"
    1 @0: Page 1 [no_headline]
    2 @246: Page 2 [no_headline]
    3 @492: Page 3 [no_headline]
    4 @734: truncated (0 bytes): the input ends inside a compressed member
    ");
}

/// Chunks and gzip in one record, a cut member, a wrong length and bytes that are no text.
#[test]
fn all_troubles_in_one_archive_cost_only_what_is_lost() {
    let coded = gzip(b"<p>Coded");
    let chunked =
        [format!("{:x}\r\n", coded.len()).as_bytes(), &coded, b"\r\n0\r\n\r\n"].concat();
    let http = format!("{HTML}\nTransfer-Encoding: chunked\nContent-Encoding: gzip");
    let mut cut = gzip(&page(4));
    cut.truncate(cut.len() / 2);
    let html = "WARC-Target-URI: https://a.example/6\r\nContent-Type: text/html\r\n";
    let binary = response("https://a.example/8", HTML, &[0, 1, 2, 3, 4, 5, 6, 7]);
    let picture = response(
        "https://a.example/9",
        "HTTP/1.1 200 OK\nContent-Type: image/png",
        b"\x89PNG\r\n",
    );
    let archive = [
        gzip(&page(1)),
        gzip(&response("https://a.example/2", &http, &chunked)),
        gzip(&page(3)),
        cut,
        gzip(&page(5)),
        gzip(&warc_record_of_length("resource", html, b"<p>Wrong length", 7)),
        gzip(&page(7)),
        gzip(&binary),
        gzip(&picture),
        gzip(&page(10)),
    ];
    insta::assert_snapshot!(shown_file("all.warc.gz", &archive.concat()), @r"
    1 @0: Page 1 [no_headline]
    2 @246: Coded [no_headline]
    3 @575: Page 3 [no_headline]
    4 @821: broken_record (0 bytes): a compressed member is broken: corrupt gzip stream does not have a matching checksum
    5 @963: Page 5 [no_headline]
    6 @1209: Wrong length [no_headline]
    7 @1376: Page 7 [no_headline]
    8 @1622: binary (8 bytes): 8 of 8 characters are controls
    9 @1867: unsupported (6 bytes): `image/png` is no text that can be read
    10 @2095: Page 10 [no_headline]
    ");
}

#[test]
fn rubbish_between_members_is_named_and_passed_over() {
    let archive = [
        gzip(&page(1)),
        b"rubbish".to_vec(),
        gzip(&page(2)),
        vec![0; 100],
        gzip(&page(3)),
    ];
    insta::assert_snapshot!(shown_file("rubbish.warc.gz", &archive.concat()), @r"
    1 @0: Page 1 [no_headline]
    2 @246: broken_record (0 bytes): a compressed member is broken: bytes that begin no member
    3 @246: Page 2 [no_headline]
    4 @492: Page 3 [no_headline]
    ");
}

fn shown(archive: &[u8]) -> String {
    let options = Options::default();
    told(items(reader("warc"), archive, &options), &options)
}

/// The outcomes of a file with these bytes.
fn shown_file(name: &str, bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join(name);
    std::fs::File::create(&path).expect("is new").write_all(bytes).expect("has room");
    let mut told = Vec::new();
    let mut sink = |outcome, _| {
        told.push(told_outcome(&outcome));
        Ok(())
    };
    let options = Options::default();
    run(&[path], &options, &HANDS, &mut sink, &Silent).expect("the run ends");
    told.join("\n")
}
