//! Limits count what is made of a record, not only what is read.

use goldpress_ingest::{Asked, Limits, Options};

use crate::common::told_file_with;

#[test]
fn lines_are_counted_wherever_they_stand() {
    let limits = Limits { nodes: 1000, ..Limits::default() };
    let options = Options::new(Asked { limits, ..Asked::default() }).expect("are sound");
    let with = |n: usize, end: &str| format!("x{end}").repeat(n);
    let json = |text: &str| serde_json::json!({ "text": text }).to_string();
    for (name, text) in [
        ("a.txt", with(1001, "\n")),
        ("a.txt", with(1001, "\r")),
        ("a.txt", with(1001, "\u{2028}")),
        ("a.html", format!("<html><pre>{}</pre>", with(1001, "\n"))),
        ("a.html", format!("<html><pre>{}</pre>", with(501, "\n</b>\n"))),
        ("a.jsonl", json(&with(1001, "\n"))),
        ("a.csv", format!("title,text\nEins,\"{}\"\n", with(1001, "\n"))),
    ] {
        let told = told_file_with(name, text.as_bytes(), &options);
        assert!(told.contains("too_many_nodes"), "{name}: {told:.200}");
        assert!(told.contains("more than 1000 lines"), "{name}: {told:.200}");
        assert_eq!(told.lines().count(), 1, "{name}");
    }
    // What only looks like lines is none.
    let page = format!("<html><p>{}</p>", with(3000, "\n"));
    let told = told_file_with("a.html", page.as_bytes(), &options);
    assert!(!told.contains("too_many"), "{told:.200}");
}

/// A container: its name, what stands before, around and behind records, and how the text of
/// the n-th is told.
struct Container {
    name: &'static str,
    head: &'static str,
    record: fn(usize, &str) -> String,
    tail: &'static str,
}

const CONTAINERS: &[Container] = &[
    Container {
        name: "a.rss",
        head: "<?xml version='1.0'?><rss version='2.0'><channel><title>Kestrel Post</title><language>de</language>",
        record: |n, text| {
            format!(
                "<item><title>Nr {n}</title><description>{text}</description></item>\n"
            )
        },
        tail: "</channel></rss>",
    },
    Container {
        name: "a.atom",
        head: "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://e.example/'><title>Kestrel</title>",
        record: |n, text| {
            format!(
                "<entry><title>Nr {n}</title><link href='/{n}'/><content>{text}</content></entry>"
            )
        },
        tail: "</feed>",
    },
    Container {
        name: "sitemap.xml",
        head: "<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>",
        record: |n, text| format!("<url><loc>https://e.example/{n}?{text}</loc></url>"),
        tail: "</urlset>",
    },
    Container {
        name: "a.sgm",
        head: "<!DOCTYPE lewis SYSTEM \"lewis.dtd\">\n",
        record: |n, text| {
            format!(
                "<REUTERS NEWID=\"{n}\"><TEXT><TITLE>Nr {n}</TITLE><BODY>{text}</BODY></TEXT></REUTERS>\n"
            )
        },
        tail: "",
    },
    Container {
        name: "a.xml",
        head: "<?xml version='1.0'?><dump><about>of nothing</about>",
        record: |n, text| {
            format!("<story><title>Nr {n}</title><text>{text}</text></story>")
        },
        tail: "</dump>",
    },
    Container {
        name: "a.jsonl",
        head: "",
        record: |n, text| format!("{{\"title\":\"Nr {n}\",\"text\":\"{text}\"}}\n"),
        tail: "",
    },
    Container {
        name: "a.json",
        head: "[",
        record: |n, text| {
            let comma = if n > 1 { "," } else { "" };
            format!("{comma}{{\"title\":\"Nr {n}\",\"text\":\"{text}\"}}")
        },
        tail: "]",
    },
    Container {
        name: "a.csv",
        head: "title,text\n",
        record: |n, text| format!("Nr {n},{text}\n"),
        tail: "",
    },
];

#[test]
fn so_many_records_are_so_many_outcomes_wherever_one_is_too_large() {
    const N: usize = 40;
    let asked = Asked { xml_record: Some("story".to_owned()), ..Asked::default() };
    let free = Options::new(asked.clone()).expect("are sound");
    let limits = Limits { record_bytes: 2000, ..Limits::default() };
    let bound = Options::new(Asked { limits, ..asked }).expect("are sound");
    for Container { name, head, record, tail } in CONTAINERS {
        for large in [1, 2, 7, 20, N] {
            let text = |n: usize| match n == large {
                true => "Zu viel davon. ".repeat(400),
                false => format!("Der Text {n} handelt von nichts als sich."),
            };
            let records: String = (1..=N).map(|n| record(n, &text(n))).collect();
            let file = format!("{head}{records}{tail}");
            let all = told_file_with(name, file.as_bytes(), &free);
            let told = told_file_with(name, file.as_bytes(), &bound);
            let (all, told): (Vec<&str>, Vec<&str>) =
                (all.lines().collect(), told.lines().collect());
            assert_eq!((all.len(), told.len()), (N, N), "{name}, {large}: {told:#?}");
            for (n, (told, all)) in (1..).zip(told.iter().zip(&all)) {
                match n == large {
                    true => {
                        assert!(told.contains("too_large"), "{name}, {large}: {told}")
                    }
                    false => assert_eq!(told, all, "{name}, {large}"),
                }
            }
        }
    }
}
