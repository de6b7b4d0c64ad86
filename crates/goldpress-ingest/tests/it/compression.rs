//! Compressed files as programs write them: many members, frames that are passed over,
//! members that hold nothing, bytes behind the end, and files that break off.

use std::io::Write;

use crate::common::{gzip, response, told_file};

/// Written by the programs in their names.
const WRITTEN: &[(&str, &[u8])] = &[
    ("a.lz4", include_bytes!("../fixtures/lz4_1.9.4_legacy_twice.jsonl.lz4")),
    ("b.lz4", include_bytes!("../fixtures/lz4_1.9.4_three_frames.jsonl.lz4")),
    ("c.lz4", include_bytes!("../fixtures/python_lz4_4.4_skippable_first.jsonl.lz4")),
    ("d.zst", include_bytes!("../fixtures/zstd_1.5.4_skippable_first.jsonl.zst")),
    ("e.zst", include_bytes!("../fixtures/zstandard_0.25_dictionary_first.jsonl.zst")),
    ("f.xz", include_bytes!("../fixtures/xz_5.4_two_streams_padded.jsonl.xz")),
    ("g.bz2", include_bytes!("../fixtures/bzip2_1.0.8_two_streams.jsonl.bz2")),
];

#[test]
fn every_member_of_files_of_other_programs_is_read() {
    for (name, bytes) in WRITTEN {
        let told = told_file(name, bytes).replace(&format!("{name} "), "");
        insta::allow_duplicates! {
            insta::assert_snapshot!(told, @r"
            1 @0: The ferry left Velmere. [no_headline]
            2 @35: The ramp was shut. [no_headline]
            3 @65: The piles were old. [no_headline]
            ");
        }
    }
}

#[test]
fn members_without_content_and_zeros_between_them_cost_nothing() {
    for (name, pack) in COMPRESSIONS {
        let zeros = vec![0; 512];
        let parts = [&[][..], b"A\n", b"", b"B\n", b""].map(|part| json(*pack, part));
        let file = [parts.concat(), zeros.clone(), json(*pack, b"C\n"), zeros].concat();
        assert_eq!(read(&file), "A|B|C", "{name}");
    }
}

#[test]
fn bytes_behind_the_end_are_one_reject_and_cost_no_record() {
    for (name, pack) in COMPRESSIONS {
        // The last line has no line end.
        let file = [json(*pack, b"A\n"), json(*pack, b"B"), b"rubbish".to_vec()].concat();
        let behind = "broken_record (0 bytes): 7 bytes behind the end of what is \
                      compressed belong to nothing";
        assert_eq!(read(&file), format!("A|B|{behind}"), "{name}");
        let page = [pack(b"<p>Eins"), b"rubbish".to_vec()].concat();
        assert_eq!(read(&page), format!("Eins|{behind}"), "{name}");
        let between = [json(*pack, b"A\n"), b"rubbish".to_vec(), json(*pack, b"B")];
        let told = "broken_record (0 bytes): a compressed member is broken: bytes that \
                    begin no member";
        assert_eq!(read(&between.concat()), format!("A|{told}|B"), "{name}");
    }
}

#[test]
fn a_member_that_breaks_off_is_told_and_the_next_one_is_read() {
    for (name, pack) in COMPRESSIONS {
        let whole = json(*pack, b"B\n");
        let cut = &whole[..whole.len() - 3];
        let told = read(&[json(*pack, b"A\n"), cut.to_vec()].concat());
        assert!(told.starts_with("A|"), "{name}: {told}");
        assert!(told.contains("truncated ("), "{name}: {told}");
        let told = read(&[&json(*pack, b"A\n"), cut, &json(*pack, b"C\n")].concat());
        assert!(told.starts_with("A|") && told.ends_with("|C"), "{name}: {told}");
        assert!(told.contains("a compressed member"), "{name}: {told}");
    }
}

/// The library takes an input that ends between two blocks for a whole frame.
#[test]
fn a_frame_of_lz4_cut_between_two_blocks_is_cut() {
    let lines: String =
        (0..9_000).map(|n| format!("{{\"text\":\"Line {n} {}\"}}\n", n * 7919)).collect();
    let packed = lz4(lines.as_bytes());
    let mut at = 7;
    for _ in 0..2 {
        let length = packed[at..at + 4].try_into().expect("are four");
        at += 4 + (u32::from_le_bytes(length) & 0x7fff_ffff) as usize;
    }
    let told = told_file("a.jsonl.lz4", &packed[..at]);
    assert!(told.lines().count() > 1000, "{told}");
    assert!(told.contains("truncated ("), "{}", told.lines().last().expect("is one"));
}

#[test]
fn archives_that_were_appended_to_one_another_are_read_to_the_end() {
    let tar = |name: &str| {
        let mut tar = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(4);
        header.set_cksum();
        tar.append_data(&mut header, name, &b"Eins"[..]).expect("memory takes it");
        tar.into_inner().expect("is done")
    };
    let both = [tar("a.txt"), tar("b.txt"), b"rubbish".repeat(100)].concat();
    let told = told_file("both.tar", &both);
    let told: Vec<&str> = told.lines().collect();
    let both = ["a.txt", "b.txt"]
        .map(|name| format!("both.tar!{name} 1 @0: Eins [no_headline]"));
    assert_eq!(told[..2], both);
    assert!(told[2].contains("the archive breaks off"), "{told:?}");
    assert_eq!(told.len(), 3);
}

#[test]
fn an_answer_that_ends_inside_its_coding_has_a_flaw() {
    let page = format!("<p>{}", "Eins und zwei, drei und vier. ".repeat(20));
    let packed = gzip(page.as_bytes());
    let http = "HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Encoding: gzip";
    let zstd = "HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Encoding: zstd";
    let chunked = "HTTP/1.1 200 OK\nContent-Type: text/html\nTransfer-Encoding: chunked";
    let whole = zstd::encode_all(page.as_bytes(), 3).expect("memory takes it");
    for (head, body, is_cut) in [
        (http, packed.clone(), false),
        (http, packed[..packed.len() - 9].to_vec(), true),
        (zstd, whole, false),
        (chunked, format!("{:x}\r\n{page}\r\n0\r\n\r\n", page.len()).into(), false),
        (chunked, format!("{:x}\r\n{page}", page.len() + 9).into(), true),
    ] {
        let told = told_file("a.warc", &response("https://a.example/1", head, &body));
        assert!(told.contains("Eins und zwei"), "{head}: {told}");
        assert_eq!(told.contains("truncated"), is_cut, "{head}: {told}");
    }
}

type Pack = fn(&[u8]) -> Vec<u8>;

const COMPRESSIONS: &[(&str, Pack)] =
    &[("gzip", gzip), ("zstd", zst), ("bzip2", bz2), ("xz", xz), ("lz4", lz4)];

fn zst(bytes: &[u8]) -> Vec<u8> {
    let mut packed = zstd::Encoder::new(Vec::new(), 3).expect("is a level");
    // As the program writes it: without, a cut frame is told from a whole one by chance.
    packed.include_checksum(true).expect("is a switch");
    packed.write_all(bytes).expect("memory takes it");
    packed.finish().expect("is done")
}

fn bz2(bytes: &[u8]) -> Vec<u8> {
    let mut packed = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    packed.write_all(bytes).expect("memory takes it");
    packed.finish().expect("is done")
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut packed = xz2::write::XzEncoder::new(Vec::new(), 1);
    packed.write_all(bytes).expect("memory takes it");
    packed.finish().expect("is done")
}

fn lz4(bytes: &[u8]) -> Vec<u8> {
    let block_size = lz4_flex::frame::BlockSize::Max64KB;
    let info = lz4_flex::frame::FrameInfo::new().block_size(block_size);
    let mut packed = lz4_flex::frame::FrameEncoder::with_frame_info(info, Vec::new());
    packed.write_all(bytes).expect("memory takes it");
    packed.finish().expect("is done")
}

/// A member that holds a line of JSON; a letter alone is its text.
fn json(pack: Pack, text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(text);
    let line_end = if text.ends_with('\n') { "\n" } else { "" };
    match text.trim_end() {
        "" => pack(b""),
        word => pack(format!("{{\"text\":\"{word}\"}}{line_end}").as_bytes()),
    }
}

/// Texts and rejects of a file, without their places.
fn read(file: &[u8]) -> String {
    let told = told_file("file", file);
    let told = told.lines().filter_map(|line| line.split_once(": "));
    let told = told.map(|(_, what)| what.replace(" [no_headline]", ""));
    told.collect::<Vec<_>>().join("|")
}
