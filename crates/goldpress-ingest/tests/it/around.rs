//! What stands around an input: compression and archives.

use std::io::{Cursor, Write};

use crate::common::{gzip, response, told_file};

const LINES: &[u8] = b"{\"text\":\"A\"}\n{\"text\":\"B\"}\n";

#[test]
fn every_compression_is_undone() {
    let zst = zstd::encode_all(LINES, 3).expect("memory takes it");
    let mut bz2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    bz2.write_all(LINES).expect("memory takes it");
    let mut xz = xz2::write::XzEncoder::new(Vec::new(), 1);
    xz.write_all(LINES).expect("memory takes it");
    let mut lz4 = lz4_flex::frame::FrameEncoder::new(Vec::new());
    lz4.write_all(LINES).expect("memory takes it");
    let files = [
        ("a.jsonl.gz", gzip(LINES)),
        ("a.jsonl.zst", [zst.clone(), zst].concat()),
        ("a.jsonl.bz2", bz2.finish().expect("is done")),
        ("a.jsonl.xz", xz.finish().expect("is done")),
        ("a.jsonl.lz4", lz4.finish().expect("is done")),
        ("twice.gz", gzip(&gzip(LINES))),
    ];
    let told: Vec<String> =
        files.iter().map(|(name, bytes)| told_file(name, bytes)).collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    a.jsonl.gz 1 @0: A [no_headline]
    a.jsonl.gz 2 @13: B [no_headline]
    a.jsonl.zst 1 @0: A [no_headline]
    a.jsonl.zst 2 @13: B [no_headline]
    a.jsonl.zst 3 @26: A [no_headline]
    a.jsonl.zst 4 @39: B [no_headline]
    a.jsonl.bz2 1 @0: A [no_headline]
    a.jsonl.bz2 2 @13: B [no_headline]
    a.jsonl.xz 1 @0: A [no_headline]
    a.jsonl.xz 2 @13: B [no_headline]
    a.jsonl.lz4 1 @0: A [no_headline]
    a.jsonl.lz4 2 @13: B [no_headline]
    twice.gz 1 @0: A [no_headline]
    twice.gz 2 @13: B [no_headline]
    ");
}

#[test]
fn a_compressed_file_that_breaks_off_keeps_what_came_before() {
    let lines: String = (0..12_000)
        .map(|n| format!("{{\"text\":\"Line {n} {}\"}}\n", n * 7919 % 10_007))
        .collect();
    let zst = zstd::encode_all(lines.as_bytes(), 3).expect("memory takes it");
    let mut xz = xz2::write::XzEncoder::new(Vec::new(), 1);
    xz.write_all(lines.as_bytes()).expect("memory takes it");
    let xz = xz.finish().expect("is done");
    for (name, bytes) in
        [("a.jsonl.zst", zst), ("a.jsonl.xz", xz), ("a.jsonl.gz", gzip(lines.as_bytes()))]
    {
        let told = told_file(name, &bytes[..bytes.len() / 2]);
        let told: Vec<&str> = told.lines().collect();
        assert!(told.len() > 300, "{name}: {}", told.len());
        assert!(told[0].ends_with(": Line 0 0 [no_headline]"), "{}", told[0]);
        assert!(
            told[told.len() - 1].contains("truncated"),
            "{name}: {}",
            told[told.len() - 1]
        );
    }
}

#[test]
fn bombs_in_other_compressions_are_cut_off_too() {
    let zst =
        zstd::encode_all(vec![b'a'; 8 << 20].as_slice(), 3).expect("memory takes it");
    assert!(told_file("a.txt.zst", &zst).contains("too_compressed"));
}

#[test]
fn members_of_archives_are_files_of_a_folder() {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in [
        ("pages/b.html", b"<p>Eins".as_slice()),
        ("pages/a.jsonl.gz", &gzip(LINES)),
        ("empty.txt", b""),
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        tar.append_data(&mut header, name, bytes).expect("memory takes it");
    }
    let tar = tar.into_inner().expect("is done");
    insta::assert_snapshot!(told_file("pages.tar.gz", &gzip(&tar)), @r"
    pages.tar.gz!pages/b.html 1 @0: Eins [no_headline]
    pages.tar.gz!pages/a.jsonl.gz 1 @0: A [no_headline]
    pages.tar.gz!pages/a.jsonl.gz 2 @13: B [no_headline]
    pages.tar.gz!empty.txt 0 @0: empty (0 bytes): the file has no bytes
    ");
    insta::assert_snapshot!(told_file("cut.tar", &tar[..1000]), @r"
    cut.tar!pages/b.html 1 @0: Eins [no_headline]
    cut.tar 0 @0: broken_record (0 bytes): the archive breaks off: unexpected EOF during skip
    ");
    let zip = zipped(&[
        ("a.txt", b"Eins".as_slice()),
        ("inner.zip", &zipped(&[("b.txt", b"Zwei")])),
    ]);
    insta::assert_snapshot!(told_file("a.zip", &zip), @r"
    a.zip!a.txt 1 @0: Eins [no_headline]
    a.zip!inner.zip!b.txt 1 @0: Zwei [no_headline]
    ");
    insta::assert_snapshot!(told_file("cut.zip", &zip[..zip.len() - 30]), @"cut.zip 0 @0: broken_record (0 bytes): the archive breaks off: invalid Zip archive: Could not find EOCD");
}

#[test]
fn a_web_archive_collection_is_read_for_its_records() {
    let html = "HTTP/1.1 200 OK\nContent-Type: text/html";
    let warc = gzip(&response("https://a.example/1", html, b"<p>Eins"));
    let wacz = zipped(&[
        ("archive/data.warc.gz", &warc),
        ("pages/pages.jsonl", b"{\"format\":\"json-pages-1.0\"}\n"),
        ("datapackage.json", b"{}"),
    ]);
    insta::assert_snapshot!(told_file("a.wacz", &wacz), @"a.wacz!archive/data.warc.gz 1 @0: Eins [no_headline]");
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default())
            .expect("memory takes it");
        zip.write_all(bytes).expect("memory takes it");
    }
    zip.finish().expect("is done").into_inner()
}
