//! Bad input is a row: ingest goes on, and says what became no article and why.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};

use super::Scratch;

#[test]
fn every_kind_of_bad_input_is_a_reject_with_file_record_and_reason() {
    let scratch = Scratch::new();
    scratch.write("in/empty.txt", "");
    scratch.write("in/random.bin", noise(1 << 20));
    scratch.write("in/cut.warc.gz", cut_warc());
    scratch.write("in/lines.jsonl", broken_lines());
    scratch.write("in/good.txt", "Harbour opens\n\nThe harbour opened on Monday.\n");
    let ran = scratch.ok(&["ingest", "in", "-o", "news"]);
    let account = ran.stderr.lines().find(|line| line.contains("records")).unwrap();
    assert!(account.contains("articles"), "{account}");
    let rejects = scratch.ok(&["show", "news", "--rejects", "--format", "csv"]).stdout;
    for (file, reason) in [
        ("in/cut.warc.gz", "truncated"),
        ("in/empty.txt", "empty"),
        ("in/lines.jsonl", "broken_record"),
        ("in/random.bin", "binary"),
    ] {
        let row = rejects.lines().find(|row| row.starts_with(file));
        let row = row.unwrap_or_else(|| panic!("no reject of {file} in\n{rejects}"));
        assert!(row.contains(reason), "{row}");
    }
    // What stood before and after the broken line came out.
    let titles = scratch.ok(&["show", "news", "lines.jsonl", "--all"]).stdout;
    for title in ["Bees on the roof", "Tram to the sea"] {
        assert!(titles.contains(title), "{titles}");
    }
    scratch.ok(&["verify", "news"]);
}

#[test]
fn a_missing_file_ends_with_2_before_anything_is_written() {
    let scratch = Scratch::new();
    let ran = scratch.run(&["ingest", "gone.warc.gz", "-o", "news"]);
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    for part in ["error: ", "  because: ", "hint: ", "gone.warc.gz"] {
        assert!(ran.stderr.contains(part), "{}", ran.stderr);
    }
    assert!(!scratch.path("news").exists());
}

/// A page that the server packed, to a tenth and less.
fn packed_warc() -> Vec<u8> {
    let page: String = (0..2000).map(|n| format!("<p>Boat {n} sailed")).collect();
    let body = member(page.as_bytes());
    let head =
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n";
    let n_bytes = head.len() + body.len();
    let warc = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://sound.example/a\r\n\
         Content-Type: application/http\r\nContent-Length: {n_bytes}\r\n\r\n{head}"
    );
    [warc.as_bytes(), &body, b"\r\n\r\n"].concat()
}

/// Bytes that are no text, the same every time (SplitMix64).
fn noise(n: usize) -> Vec<u8> {
    let mut state = 42_u64;
    let mut bytes = Vec::with_capacity(n);
    while bytes.len() < n {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = state;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bytes.extend_from_slice(&(word ^ (word >> 31)).to_le_bytes());
    }
    bytes.truncate(n);
    bytes
}

/// Two records in members of their own, the second cut in the middle.
fn cut_warc() -> Vec<u8> {
    let mut whole = member(&record("https://sound.example/a", "Ferry sails", "again"));
    let second =
        member(&record("https://sound.example/b", "Quota cut", &"fish ".repeat(400)));
    whole.extend_from_slice(&second[..second.len() / 2]);
    whole
}

fn record(url: &str, title: &str, text: &str) -> Vec<u8> {
    let page =
        format!("<html><body><h1>{title}</h1><p>The {text} of it.</p></body></html>");
    let http = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\r\n{page}",
        page.len()
    );
    format!(
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n\
         WARC-Date: 2024-03-05T09:30:00Z\r\nWARC-Record-ID: <urn:uuid:{title}>\r\n\
         Content-Type: application/http;msgtype=response\r\nContent-Length: {}\r\n\r\n{http}\r\n\r\n",
        http.len()
    )
    .into_bytes()
}

fn member(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn broken_lines() -> String {
    let line = |title: &str| {
        format!(
            "{{\"title\":\"{title}\",\"maintext\":\"The {title} is news.\\nIt may stay.\",\
             \"url\":\"https://ledger.example/\",\"date_publish\":\"None\"}}\n"
        )
    };
    let broken = "{\"title\":\"Owl delays opera\",\"maintext\":\"An owl that\n";
    format!("{}{broken}{}", line("Bees on the roof"), line("Tram to the sea"))
}

/// Every limit as an option: what is over it is a reject with its reason.
#[test]
fn every_limit_can_be_set() {
    let scratch = Scratch::new();
    let page = |inner: &str| format!("<html><body>{inner}</body></html>");
    scratch.write("long.txt", "harbour ".repeat(300));
    scratch.write(
        "deep.json",
        format!("{{\"text\":\"A\",\"x\":{}1{}}}", "[".repeat(9), "]".repeat(9)),
    );
    scratch.write("nested.html", page(&format!("{}Deep", "<div>".repeat(60))));
    scratch.write("wide.html", page(&"<p>Wide".repeat(200)));
    scratch.write("packed.warc", packed_warc());
    for (file, option, value, reason) in [
        ("long.txt", "--max-record", "1KiB", "too_large"),
        ("deep.json", "--max-json-depth", "5", "too_deep"),
        ("nested.html", "--max-depth", "50", "too_deep"),
        ("wide.html", "--max-nodes", "100", "too_many_nodes"),
        ("packed.warc", "--max-undone", "1KiB", "too_compressed"),
        ("long.txt", "--max-cpu", "0", "too_slow"),
    ] {
        let free = scratch.ok(&["ingest", file, "-o", "free", "--replace"]);
        assert!(
            free.stderr.contains("= 1 article + 0 rejects"),
            "{file}: {}",
            free.stderr
        );
        let held =
            scratch.ok(&["ingest", file, "-o", "held", "--replace", option, value]);
        assert!(
            held.stderr.contains(&format!("{reason} 1")),
            "{option}: {}",
            held.stderr
        );
        let names_machine = held.stderr.contains("depends on this machine: --max-cpu");
        assert_eq!(names_machine, reason == "too_slow", "{option}: {}", held.stderr);
    }
}
